//! Lots: when they end, when they can be spent, in which order they go (sections 6.4, 6.5, 6.8, 6.9).

use crate::build::*;
use loyal::mechanics::activity::Activity;
use loyal::mechanics::points::{Expiry, Life, Pending, Renewal};
use loyal::mechanics::rule::Trigger;
use loyal::mechanics::{ActivityId, Program};
use loyal::text::Span;
use loyal::value::clock::{Length, Period, Window};

fn earning(expiry: Expiry) -> Program {
    let mut program = program();
    program.points[0].expiry = expiry;
    program.rules = vec![base()];
    program
}

#[test]
fn a_lot_is_spendable_through_the_whole_of_its_last_day() {
    let mut program = earning(after(Length::Days(10)));
    program.rewards = vec![reward("cake", "10")];
    let rows = [
        "p1 | 2026-01-01 10:00 | purchase | ana | 10",
        "r1 | 2026-01-11 23:59 | redeem | ana | | ref=cake",
        "p2 | 2026-01-01 10:00 | purchase | bob | 10",
        "r2 | 2026-01-12 | redeem | bob | | ref=cake",
    ];
    // 1 + 10 days = 11 January, the whole of it.
    run(&program, &rows, &["2026-01-11", "2026-01-12"]).expect(&[
        ["2026-01-11", "ana", "gift:cake", "1"],
        ["2026-01-11", "bob", "balance:star", "10"],
        ["2026-01-12", "bob", "balance:star", "-"],
        ["2026-01-12", "bob", "expired:star", "10"],
        ["2026-01-12", "bob", "rejected:r2", "not_enough"],
    ]);
}

#[test]
fn months_clamp_from_the_original_date() {
    let program = earning(after(Length::Months(1)));
    run(&program, &["p | 2026-01-31 | purchase | ana | 10"], &["2026-02-28", "2026-03-01"])
        .expect(&[["2026-02-28", "ana", "balance:star", "10"], ["2026-03-01", "ana", "balance:star", "-"]]);
    let program = earning(after(Length::Months(2)));
    run(&program, &["p | 2026-01-31 | purchase | ana | 10"], &["2026-03-31", "2026-04-01"])
        .expect(&[["2026-03-31", "ana", "balance:star", "10"], ["2026-04-01", "ana", "balance:star", "-"]]);
}

#[test]
fn at_end_of_month_is_through_the_last_day_of_the_month_it_falls_in() {
    let program = earning(Expiry::After(Life { length: Length::Months(12), at_end_of: Some(Period::Month) }));
    // 10 February 2027 + 12 months = 10 February 2028, a leap year: through the 29th.
    run(&program, &["p | 2027-02-10 | purchase | ana | 10"], &["2028-02-29", "2028-03-01"])
        .expect(&[["2028-02-29", "ana", "balance:star", "10"], ["2028-03-01", "ana", "balance:star", "-"]]);
}

#[test]
fn on_a_day_each_year_is_the_next_such_day_on_or_after_earning() {
    let program = earning(Expiry::Yearly(3, 31));
    let rows = ["p1 | 2026-03-31 | purchase | ana | 10", "p2 | 2026-04-01 | purchase | ana | 5"];
    run(&program, &rows, &["2026-03-31", "2026-04-01", "2027-03-31", "2027-04-01"]).expect(&[
        ["2026-03-31", "ana", "balance:star", "10"],
        ["2026-04-01", "ana", "balance:star", "5"],
        ["2027-03-31", "ana", "balance:star", "5"],
        ["2027-04-01", "ana", "balance:star", "-"],
    ]);
}

#[test]
fn a_purchase_renews_a_sliding_clock_though_it_earn_nothing_and_its_return_does_not_undo_that() {
    let program = earning(Expiry::Sliding { length: Length::Months(3), without: vec![Renewal::Purchase] });
    let rows = [
        "p1 | 2026-01-10 | purchase | ana | 10",
        "p2 | 2026-04-10 | purchase | ana | 0.20",
        "x2 | 2026-04-11 | return | ana | | ref=p2",
    ];
    // 10 January + 3 months = 10 April, renewed that day to 10 July.
    run(&program, &rows, &["2026-07-10", "2026-07-11"])
        .expect(&[["2026-07-10", "ana", "balance:star", "10"], ["2026-07-11", "ana", "balance:star", "-"]]);
}

#[test]
fn only_the_named_acts_renew_a_sliding_clock() {
    let mut program = earning(Expiry::Sliding { length: Length::Days(30), without: vec![Renewal::Redeem] });
    program.rewards = vec![reward("cake", "1")];
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 10",
        "p2 | 2026-01-20 | purchase | ana | 10",
        "r1 | 2026-01-31 | redeem | ana | | ref=cake",
    ];
    // Through 31 January; the redemption that day renews both lots through 2 March.
    run(&program, &rows, &["2026-03-02", "2026-03-03"])
        .expect(&[["2026-03-02", "ana", "balance:star", "19"], ["2026-03-03", "ana", "balance:star", "-"]]);
}

#[test]
fn pending_days_are_spendable_from_the_start_of_that_day() {
    let mut program = earning(Expiry::Never);
    program.points[0].pending = Pending::Days(14);
    let ran = run(&program, &["p | 2026-01-01 18:00 | purchase | ana | 10"], &["2026-01-14", "2026-01-15 00:00"]);
    ran.expect(&[
        ["2026-01-14", "ana", "pending:star", "10"],
        ["2026-01-14", "ana", "balance:star", "-"],
        ["2026-01-15 00:00", "ana", "balance:star", "10"],
        ["2026-01-15 00:00", "ana", "pending:star", "-"],
    ]);
}

#[test]
fn pending_until_an_activity_waits_for_it() {
    let mut program = earning(Expiry::Never);
    program.points[0].pending = Pending::Until(ActivityId(0));
    program.activities = vec![Activity {
        name: name("confirm"),
        fields: Vec::new(),
        verified_by: None,
        accept: None,
        at_most: Vec::new(),
        at_most_each: Vec::new(),
        gap_minutes: None,
        span: Span::default(),
    }];
    let rows = ["p | 2026-01-01 | purchase | ana | 10", "a | 2026-02-01 | activity | ana | | ref=confirm"];
    run(&program, &rows, &["2026-01-31", "2026-02-01"])
        .expect(&[["2026-01-31", "ana", "pending:star", "10"], ["2026-02-01", "ana", "balance:star", "10"]]);
}

#[test]
fn pending_points_pay_a_debt_when_they_become_spendable() {
    let mut program = earning(Expiry::Never);
    program.points[0].pending = Pending::Days(10);
    program.points[0].owe = n("100");
    program.rewards = vec![reward("cake", "50")];
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 50",
        "r1 | 2026-01-11 | redeem | ana | | ref=cake",
        "p2 | 2026-01-12 | purchase | ana | 80",
        "x1 | 2026-01-13 | return | ana | | ref=p1",
    ];
    // The 50 of p1 were spent: 50 owed while the 80 of p2 wait; on the 22nd they pay it: 30.
    run(&program, &rows, &["2026-01-13", "2026-01-21", "2026-01-22"]).expect(&[
        ["2026-01-13", "ana", "debt:star", "50"],
        ["2026-01-13", "ana", "pending:star", "80"],
        ["2026-01-21", "ana", "debt:star", "50"],
        ["2026-01-22", "ana", "debt:star", "-"],
        ["2026-01-22", "ana", "balance:star", "30"],
        ["2026-01-22", "ana", "earned:star", "130"],
    ]);
}

#[test]
fn lots_are_spent_soonest_to_expire_first_then_oldest() {
    let mut program = earning(Expiry::Yearly(12, 31));
    program.rules.push(rule("visit", Trigger::Visit, fixed("0")));
    let life = Some(Life { length: Length::Days(5), at_end_of: None });
    program.rules.push(rule("join", Trigger::Join, fixed("5")));
    program.rules[2].gives[0].life = life;
    program.rewards = vec![reward("cake", "8")];
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 10",
        "p2 | 2026-01-02 | purchase | ana | 20",
        "r1 | 2026-01-03 | redeem | ana | | ref=cake",
    ];
    let ran = run(&program, &rows, &["2026-01-03"]);
    let lots = &ran.member("2026-01-03", "ana").points[&(STAR, None)].lots;
    // 5 of the joining (end 6 January), then 3 of the 10 of p1, though p2 ends the same day.
    let left: Vec<String> = lots.iter().map(|lot| format!("{} {}", lot.source, lot.left)).collect();
    assert_eq!(left, ["p1 7", "p2 20"]);
}

#[test]
fn separate_by_store_keeps_a_balance_each() {
    let mut program = earning(Expiry::Never);
    program.points[0].separate_by = Some("store".to_owned());
    program.rewards = vec![reward("cake", "10")];
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 12 | store=Gara",
        "p2 | 2026-01-01 | purchase | ana | 9 | store=Centru",
        "r1 | 2026-01-02 | redeem | ana | | ref=cake store=Centru",
        "r2 | 2026-01-02 | redeem | ana | | ref=cake store=Gara",
        "x2 | 2026-01-03 | return | ana | | ref=p2 store=Gara",
    ];
    run(&program, &rows, &["2026-01-02", "2026-01-03"]).expect(&[
        ["2026-01-02", "ana", "rejected:r1", "not_enough"],
        ["2026-01-02", "ana", "balance:star@Gara", "2"],
        ["2026-01-02", "ana", "balance:star@Centru", "9"],
        ["2026-01-03", "ana", "balance:star@Gara", "2"],
        ["2026-01-03", "ana", "balance:star@Centru", "-"],
    ]);
}

#[test]
fn transfers_keep_the_expiry_of_their_lots() {
    let mut program = earning(after(Length::Days(30)));
    program.points[0].transfer = vec![cap("15", MONTH)];
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 20",
        "p2 | 2026-01-20 | purchase | bob | 1",
        "t1 | 2026-01-21 | transfer | ana | | ref=bob qty=15",
        "t2 | 2026-01-22 | transfer | ana | | ref=bob qty=1",
        "t3 | 2026-02-01 | transfer | bob | | ref=bob qty=1",
        "t4 | 2026-01-22 | transfer | ana | | ref=zoe qty=1",
        "t5 | 2026-01-22 | transfer | bob | | ref=ana qty=16.5",
    ];
    run(&program, &rows, &["2026-01-22", "2026-01-31", "2026-02-01"]).expect(&[
        ["2026-01-22", "ana", "balance:star", "5"],
        ["2026-01-22", "ana", "sent:star", "15"],
        ["2026-01-22", "bob", "received:star", "15"],
        ["2026-01-22", "ana", "rejected:t2", "limit"],
        ["2026-01-22", "ana", "rejected:t4", "not_a_member"],
        ["2026-01-22", "bob", "rejected:t5", "not_eligible"],
        ["2026-01-31", "bob", "balance:star", "16"],
        ["2026-02-01", "bob", "balance:star", "1"],
        ["2026-02-01", "bob", "rejected:t3", "not_eligible"],
    ]);
    program.points[0].transfer.clear();
    run(&program, &rows, &["2026-01-22"]).expect(&[["2026-01-22", "ana", "rejected:t1", "not_eligible"]]);
}

#[test]
fn adjustments_move_points_both_ways_but_take_only_what_is_there() {
    let program = earning(Expiry::Never);
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 20",
        "a1 | 2026-01-02 | adjust | ana | | qty=-5 unit=stars",
        "a2 | 2026-01-03 | adjust | ana | | qty=100 unit=star",
        "a3 | 2026-01-04 | adjust | ana | | qty=-116",
    ];
    run(&program, &rows, &["2026-01-04"]).expect(&[
        ["2026-01-04", "ana", "balance:star", "115"],
        ["2026-01-04", "ana", "adjusted:star", "95"],
        ["2026-01-04", "ana", "rejected:a3", "not_enough"],
    ]);
}

#[test]
fn earn_at_most_is_over_all_rules_and_calendar_windows() {
    let mut program = earning(Expiry::Never);
    program.rules.push(rule("birthday", Trigger::Visit, fixed("30")));
    program.points[0].caps = vec![cap("50", Window::Calendar(Period::Week))];
    let rows = ["p1 | 2026-01-04 | purchase | ana | 40", "p2 | 2026-01-05 | purchase | ana | 10"];
    // Sunday the 4th: 40 + 30 cut to 50. Monday begins a new week: 10 + 30.
    run(&program, &rows, &["2026-01-04", "2026-01-05"])
        .expect(&[["2026-01-04", "ana", "balance:star", "50"], ["2026-01-05", "ana", "balance:star", "90"]]);
}
