//! Refunds: the purchase valued again without what came back, the difference posted (section 6.11).

use crate::build::*;
use loyal::mechanics::GiftId;
use loyal::mechanics::Program;
use loyal::mechanics::condition::{How, Measure};
use loyal::mechanics::gift::Valid;
use loyal::mechanics::give::What;
use loyal::mechanics::points::Expiry;
use loyal::mechanics::rule::Trigger;
use loyal::value::clock::Length;

fn earning(owe: &str) -> Program {
    let mut program = program();
    program.points[0].owe = n(owe);
    program.rules = vec![base()];
    program.rewards = vec![reward("cake", "50")];
    program
}

#[test]
fn a_return_names_lines_by_line_by_sku_and_qty_or_by_amount() {
    let lines = [
        "p | 2026-01-01 | purchase | ana | 30 | line=1 sku=A qty=3",
        "p | 2026-01-01 | purchase | ana | 20 | line=2 sku=B",
        "p | 2026-01-01 | purchase | ana | 50 | line=3 sku=C",
    ];
    for (back, wanted) in [
        ("x | 2026-01-02 | return | ana | | ref=p line=2", "80"),
        ("x | 2026-01-02 | return | ana | | ref=p sku=A qty=2", "80"),
        ("x | 2026-01-02 | return | ana | | ref=p sku=A", "70"),
        ("x | 2026-01-02 | return | ana | 25 | ref=p", "75"),
        ("x | 2026-01-02 | return | ana | -25 | ref=p", "75"),
        ("x | 2026-01-02 | return | ana | | ref=p", "-"),
        // The money that comes back, whatever the qty.
        ("x | 2026-01-02 | return | ana | 15 | ref=p sku=A qty=1", "85"),
        // No card shown: the purchase knows whose it is.
        ("x | 2026-01-02 | return | | | ref=p sku=C", "50"),
    ] {
        let rows = [lines[0], lines[1], lines[2], back];
        run(&earning("0"), &rows, &["2026-01-02"]).expect(&[["2026-01-02", "ana", "balance:star", wanted]]);
    }
}

#[test]
fn several_rows_of_one_return_are_all_or_nothing() {
    let rows = [
        "p | 2026-01-01 | purchase | ana | 30 | sku=A",
        "p | 2026-01-01 | purchase | ana | 20 | sku=B",
        "x | 2026-01-02 | return | ana | | ref=p sku=A",
        "x | 2026-01-02 | return | ana | 21 | ref=p sku=B",
        "y | 2026-01-03 | return | ana | | ref=p sku=A",
        "y | 2026-01-03 | return | ana | 5 | ref=p sku=B",
    ];
    run(&earning("0"), &rows, &["2026-01-02", "2026-01-03"]).expect(&[
        ["2026-01-02", "ana", "rejected:x", "over_returned"],
        ["2026-01-02", "ana", "balance:star", "50"],
        ["2026-01-03", "ana", "balance:star", "15"],
    ]);
}

#[test]
fn an_amount_shrinks_all_lines_in_proportion() {
    let mut program = earning("0");
    program.rules = vec![rule("base", Trigger::Purchase, per("1", "1", total_with(category("coffee"))))];
    let rows = [
        "p | 2026-01-01 | purchase | ana | 60 | category=coffee",
        "p | 2026-01-01 | purchase | ana | 40 | category=cake",
        "x | 2026-01-02 | return | ana | 50 | ref=p",
    ];
    // Half of everything: coffee 30.
    run(&program, &rows, &["2026-01-02"]).expect(&[["2026-01-02", "ana", "balance:star", "30"]]);
}

#[test]
fn a_refund_of_an_unknown_purchase_or_of_more_than_it_had_left_is_rejected() {
    let rows = [
        "p | 2026-01-01 | purchase | ana | 30",
        "x1 | 2026-01-02 | return | ana | 10 | ref=q",
        "x2 | 2026-01-02 | return | ana | 30.01 | ref=p",
        "x3 | 2026-01-02 | return | bob | 10 | ref=p",
        "x4 | 2026-01-03 | return | ana | 20 | ref=p",
        "x5 | 2026-01-04 | return | ana | 10.01 | ref=p",
        "x6 | 2026-01-05 | return | ana | 10 | ref=p",
        "x7 | 2026-01-06 | return | ana | | ref=p",
    ];
    run(&earning("0"), &rows, &["2026-01-06"]).expect(&[
        ["2026-01-06", "ana", "rejected:x1", "unknown_purchase"],
        ["2026-01-06", "ana", "rejected:x2", "over_returned"],
        ["2026-01-06", "bob", "rejected:x3", "unknown_purchase"],
        ["2026-01-06", "ana", "rejected:x5", "over_returned"],
        ["2026-01-06", "ana", "rejected:x7", "over_returned"],
        ["2026-01-06", "ana", "balance:star", "-"],
        ["2026-01-06", "ana", "clawed:star", "30"],
    ]);
}

#[test]
fn at_equal_times_a_return_stands_right_after_the_purchase_it_names() {
    let rows = ["a | 2026-01-01 10:00 | return | ana | | ref=p", "p | 2026-01-01 10:00 | purchase | ana | 30"];
    run(&earning("0"), &rows, &["2026-01-01"])
        .expect(&[["2026-01-01", "ana", "earned:star", "30"], ["2026-01-01", "ana", "clawed:star", "30"]]);
}

#[test]
fn a_clawback_takes_own_lots_then_the_soonest_to_expire_then_debt_up_to_owe_then_writes_off() {
    let mut program = earning("10");
    program.points[0].expiry = after(Length::Months(12));
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 80",
        "p2 | 2026-01-02 | purchase | ana | 15",
        "r1 | 2026-01-03 | redeem | ana | | ref=cake",
        "x1 | 2026-01-04 | return | ana | | ref=p1",
        "p3 | 2026-01-05 | purchase | ana | 25",
    ];
    // The cake took 50 of p1's 80. Clawed 80: own 30, p2's 15, debt 10, written off 25.
    // p3's 25 pay the 10 first and are earned all the same.
    let ran = run(&program, &rows, &["2026-01-04", "2026-01-05"]);
    ran.expect(&[
        ["2026-01-04", "ana", "balance:star", "-"],
        ["2026-01-04", "ana", "debt:star", "10"],
        ["2026-01-04", "ana", "clawed:star", "80"],
        ["2026-01-04", "ana", "writtenoff:star", "25"],
        ["2026-01-05", "ana", "debt:star", "-"],
        ["2026-01-05", "ana", "balance:star", "15"],
        ["2026-01-05", "ana", "earned:star", "120"],
    ]);
    let taken = ran.outcome.journal.iter().find_map(|entry| match &entry.what {
        loyal::engine::outcome::Happened::Posted(posting) => posting.taken.clone(),
        _ => None,
    });
    let taken = taken.expect("a clawback");
    assert_eq!([taken.own, taken.others, taken.debt, taken.written_off], [n("30"), n("15"), n("10"), n("25")]);
}

#[test]
fn what_of_the_own_lots_has_expired_is_not_taken_again() {
    let mut program = earning("100");
    program.points[0].expiry = after(Length::Days(10));
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 80",
        "r1 | 2026-01-03 | redeem | ana | | ref=cake",
        "p2 | 2026-01-20 | purchase | ana | 100",
        "x1 | 2026-01-21 | return | ana | 40 | ref=p1",
        "x2 | 2026-01-22 | return | ana | 40 | ref=p1",
    ];
    // 80 given, 50 spent, 30 expired on the 12th: all clawbacks together at most 50, so 40 and then 10.
    run(&program, &rows, &["2026-01-21", "2026-01-22"]).expect(&[
        ["2026-01-21", "ana", "balance:star", "60"],
        ["2026-01-22", "ana", "balance:star", "50"],
        ["2026-01-22", "ana", "clawed:star", "50"],
        ["2026-01-22", "ana", "expired:star", "30"],
        ["2026-01-22", "ana", "debt:star", "-"],
    ]);
}

#[test]
fn a_purchase_is_valued_again_under_the_rules_and_state_of_its_own_day() {
    let mut program = earning("100");
    program.tiers = vec![tiers(total(), loyal::value::clock::Window::Ever, &["0", "100"])];
    program.rules.push(bonus("silver", percent_of("100", 0)));
    program.rules[1].when = Some(level_is(0, 1));
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 100",
        "p2 | 2026-01-02 | purchase | ana | 10",
        "x1 | 2026-01-03 | return | ana | 50 | ref=p1",
        "x2 | 2026-01-04 | return | ana | 5 | ref=p2",
    ];
    // p1 was valued as basic: 100. p2 as silver: 20. p1 again as basic: -50. p2 again as silver: -10.
    run(&program, &rows, &["2026-01-02", "2026-01-03", "2026-01-04"]).expect(&[
        ["2026-01-02", "ana", "balance:star", "120"],
        ["2026-01-03", "ana", "balance:star", "70"],
        ["2026-01-04", "ana", "balance:star", "60"],
    ]);
}

#[test]
fn rounding_is_of_the_new_whole_not_of_the_difference() {
    let mut program = earning("100");
    program.rules = vec![rule("base", Trigger::Purchase, per("1", "10", total()))];
    let rows = ["p | 2026-01-01 | purchase | ana | 29", "x | 2026-01-02 | return | ana | 9 | ref=p"];
    // 2.9 -> 2; 2.0 -> 2: nothing to take back.
    run(&program, &rows, &["2026-01-02"])
        .expect(&[["2026-01-02", "ana", "balance:star", "2"], ["2026-01-02", "ana", "clawed:star", "-"]]);
}

#[test]
fn unspent_gifts_go_and_used_ones_stay() {
    let mut program = earning("0");
    program.gifts = vec![gift("mug", Valid::Forever)];
    program.gifts[0].stock = Some(2);
    program.rules = vec![rule("mug", Trigger::Purchase, What::Gift(GiftId(0), 1))];
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 10",
        "p2 | 2026-01-02 | purchase | bob | 10",
        "u2 | 2026-01-03 | redeem | bob | | ref=mug",
        "x1 | 2026-01-04 | return | ana | | ref=p1",
        "x2 | 2026-01-04 | return | bob | | ref=p2",
        "p3 | 2026-01-05 | purchase | cat | 10",
        "p4 | 2026-01-06 | purchase | cat | 10",
    ];
    // Ana's goes back into stock, Bob's is gone; of two, cat gets one.
    run(&program, &rows, &["2026-01-03", "2026-01-04", "2026-01-06"]).expect(&[
        ["2026-01-03", "ana", "gift:mug", "1"],
        ["2026-01-04", "ana", "gift:mug", "-"],
        ["2026-01-06", "cat", "gift:mug", "1"],
    ]);
}

#[test]
fn a_purchase_returned_whole_counts_neither_as_purchase_nor_as_visit() {
    let mut program = earning("0");
    program.rules.push(bonus("welcome", fixed("100")));
    program.rules[1].when = Some(test(Measure::FirstPurchase, How::Holds));
    program.tiers = vec![tiers(visits(), YEAR, &["0", "2"])];
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 10",
        "x1 | 2026-01-02 | return | ana | | ref=p1",
        "p2 | 2026-01-03 | purchase | ana | 10",
        "p3 | 2026-01-04 | purchase | ana | 10",
    ];
    // The welcome of p1 goes; p2 is the first. Visits are the 3rd and the 4th.
    run(&program, &rows, &["2026-01-02", "2026-01-03", "2026-01-04"]).expect(&[
        ["2026-01-02", "ana", "balance:star", "-"],
        ["2026-01-03", "ana", "balance:star", "110"],
        ["2026-01-03", "ana", "level:status", "basic"],
        ["2026-01-04", "ana", "balance:star", "120"],
        ["2026-01-04", "ana", "level:status", "silver"],
    ]);
}

#[test]
fn the_points_of_a_visit_stay_while_one_purchase_of_it_stays() {
    let mut program = earning("0");
    program.rules = vec![rule("visit", Trigger::Visit, fixed("5"))];
    let rows = [
        "p1 | 2026-01-01 10:00 | purchase | ana | 10 | store=Gara",
        "p2 | 2026-01-01 18:00 | purchase | ana | 10 | store=Gara",
        "v1 | 2026-01-01 19:00 | visit | ana | | store=Centru",
        "x1 | 2026-01-02 | return | ana | | ref=p1",
        "x2 | 2026-01-03 | return | ana | | ref=p2",
    ];
    run(&program, &rows, &["2026-01-01", "2026-01-02", "2026-01-03"]).expect(&[
        ["2026-01-01", "ana", "balance:star", "10"],
        ["2026-01-02", "ana", "balance:star", "10"],
        ["2026-01-03", "ana", "balance:star", "5"],
    ]);
}

#[test]
fn own_tax_comes_back_with_a_line_else_in_proportion() {
    let mut program = earning("0");
    let net = loyal::mechanics::basis::Total { without_tax: true, ..Default::default() };
    program.rules = vec![rule("net", Trigger::Purchase, per("1", "1", loyal::mechanics::basis::Basis::Total(net)))];
    let buy = "p | 2026-01-01 | purchase | ana | 120 | tax=20";
    // 100 net. Half back in proportion: 60 less 10. With a tax of 5: 60 less 15.
    for (back, wanted) in [
        ("x | 2026-01-02 | return | ana | 60 | ref=p", "50"),
        ("x | 2026-01-02 | return | ana | 60 | ref=p tax=5", "45"),
    ] {
        run(&program, &[buy, back], &["2026-01-02"]).expect(&[["2026-01-02", "ana", "balance:star", wanted]]);
    }
}

#[test]
fn sales_are_net_of_returns_and_count_anonymous_purchases() {
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 30",
        "p2 | 2026-01-01 | purchase | | 20",
        "x1 | 2026-01-02 | return | ana | 10 | ref=p1",
        "x2 | 2026-01-02 | return | | 5 | ref=p2",
        "x3 | 2026-01-02 | return | | 16 | ref=p2",
    ];
    let ran = run(&earning("0"), &rows, &["2026-01-02"]);
    let snapshot = ran.at("2026-01-02");
    assert_eq!((snapshot.sales.clone(), snapshot.purchases), (n("35"), 2));
    ran.expect(&[["2026-01-02", "", "rejected:x3", "over_returned"]]);
}

#[test]
fn a_return_of_pending_points_takes_them_before_they_can_be_spent() {
    let mut program = earning("0");
    program.points[0].pending = loyal::mechanics::points::Pending::Days(14);
    program.points[0].expiry = Expiry::Never;
    let rows = ["p | 2026-01-01 | purchase | ana | 30", "x | 2026-01-05 | return | ana | 10 | ref=p"];
    run(&program, &rows, &["2026-01-05", "2026-01-15"])
        .expect(&[["2026-01-05", "ana", "pending:star", "20"], ["2026-01-15", "ana", "balance:star", "20"]]);
}
