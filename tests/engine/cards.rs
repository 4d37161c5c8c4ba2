//! Punch cards.

use crate::build::*;
use loyal::mechanics::basis::Pick;
use loyal::mechanics::card::{CardLife, StampPer};
use loyal::mechanics::gift::Valid;
use loyal::mechanics::give::What;
use loyal::mechanics::rule::Trigger;
use loyal::mechanics::{CardId, Program};
use loyal::value::clock::Length;

const CARD: &str = "card:coffee";

fn coffee(full: u32, per: StampPer) -> Program {
    let mut program = program();
    program.points.clear();
    program.cards = vec![card(full, per, pick(category("coffee")))];
    program.gifts = vec![gift("free", Valid::For(Length::Days(30)))];
    program
}

fn buy(id: &str, day: &str, qty: u32) -> String {
    format!("{id} | 2026-{day} | purchase | ana | {} | category=coffee qty={qty}", qty * 10)
}

fn go(program: &Program, rows: &[String], moments: &[&str]) -> Ran {
    run(program, &rows.iter().map(String::as_str).collect::<Vec<_>>(), moments)
}

#[test]
fn stamps_per_item_purchase_and_amount() {
    let rows = [
        "p | 2026-01-01 | purchase | ana | 25 | category=coffee qty=2",
        "p | 2026-01-01 | purchase | ana | 9 | category=coffee",
        "p | 2026-01-01 | purchase | ana | 99 | category=cake",
    ];
    // Three coffees; one purchase; 34 of coffee are three whole tens.
    for (per, wanted) in [(StampPer::Item, "3"), (StampPer::Purchase, "1"), (StampPer::Amount(n("10"), total()), "3")] {
        run(&coffee(10, per), &rows, &["2026-01-01"]).expect(&[["2026-01-01", "ana", CARD, wanted]]);
    }
}

#[test]
fn stamps_beyond_full_carry_over_or_are_discarded() {
    let mut program = coffee(10, StampPer::Item);
    let rows = [buy("p1", "01-01", 8), buy("p2", "01-02", 14)];
    // 22: two full cards and two stamps.
    go(&program, &rows, &["2026-01-02"])
        .expect(&[["2026-01-02", "ana", CARD, "2"], ["2026-01-02", "ana", "gift:free", "2"]]);
    program.cards[0].discard = true;
    go(&program, &rows, &["2026-01-02"])
        .expect(&[["2026-01-02", "ana", CARD, "-"], ["2026-01-02", "ana", "gift:free", "1"]]);
}

#[test]
fn each_new_card_begins_with_its_head_start() {
    let mut program = coffee(5, StampPer::Item);
    program.cards[0].start = 2;
    let rows = ["j | 2026-01-01 | join | ana".to_owned(), buy("p1", "01-02", 3)];
    go(&program, &rows, &["2026-01-01", "2026-01-02"]).expect(&[
        ["2026-01-01", "ana", CARD, "2"],
        ["2026-01-02", "ana", CARD, "2"],
        ["2026-01-02", "ana", "gift:free", "1"],
    ]);
}

#[test]
fn a_limit_of_stamps_is_net_of_returns() {
    let mut program = coffee(10, StampPer::Item);
    program.cards[0].limits = vec![cap("3", DAY)];
    let rows = [
        buy("p1", "01-01 10:00", 2),
        buy("p2", "01-01 11:00", 2),
        "x1 | 2026-01-01 12:00 | return | ana | | ref=p1".to_owned(),
        buy("p3", "01-01 13:00", 5),
    ];
    // 2, then 1 of 2; the return takes 2; room for 2.
    go(&program, &rows, &["2026-01-01 11:00", "2026-01-01 12:00", "2026-01-01"]).expect(&[
        ["2026-01-01 11:00", "ana", CARD, "3"],
        ["2026-01-01 12:00", "ana", CARD, "1"],
        ["2026-01-01", "ana", CARD, "3"],
    ]);
}

#[test]
fn a_card_lapses_after_its_first_or_its_last_stamp() {
    for (after_first, lapses) in [(true, "2026-02-11"), (false, "2026-03-06")] {
        let mut program = coffee(10, StampPer::Item);
        program.cards[0].expire = Some(CardLife { length: Length::Days(31), after_first });
        let rows = [buy("p1", "01-10", 1), buy("p2", "02-02", 1)];
        // 10 January + 31 = 10 February; 2 February + 31 = 5 March.
        let day_before = d(lapses).yesterday().expect("a day").to_string();
        go(&program, &rows, &[&day_before, lapses])
            .expect(&[[&day_before, "ana", CARD, "2"], [lapses, "ana", CARD, "-"]]);
    }
}

#[test]
fn a_stamp_taken_back_reopens_the_last_full_card_and_revokes_its_gift() {
    let program = coffee(3, StampPer::Item);
    let rows = [buy("p1", "01-01", 1), buy("p2", "01-02", 2), "x1 | 2026-01-03 | return | ana | | ref=p1".to_owned()];
    go(&program, &rows, &["2026-01-02", "2026-01-03"]).expect(&[
        ["2026-01-02", "ana", "gift:free", "1"],
        ["2026-01-03", "ana", "gift:free", "-"],
        ["2026-01-03", "ana", CARD, "2"],
    ]);
}

#[test]
fn of_a_used_gift_the_card_owes_stamps_until_its_own_expiry() {
    let mut program = coffee(3, StampPer::Item);
    program.cards[0].expire = Some(CardLife { length: Length::Months(1), after_first: false });
    let rows = [
        buy("p1", "01-01", 1),
        buy("p2", "01-02", 2),
        "u1 | 2026-01-03 | redeem | ana | | ref=free".to_owned(),
        "x1 | 2026-01-04 | return | ana | | ref=p1".to_owned(),
        "x2 | 2026-01-05 | return | ana | 10 | ref=p2".to_owned(),
    ];
    // x2 gives money back, not an item: the line still has both coffees... by amount alone it keeps its items.
    go(&program, &rows, &["2026-01-04", "2026-01-05", "2026-02-02", "2026-02-03"]).expect(&[
        ["2026-01-04", "ana", CARD, "-1"],
        ["2026-01-05", "ana", CARD, "-1"],
        ["2026-02-02", "ana", CARD, "-1"],
        ["2026-02-03", "ana", CARD, "-"],
    ]);
}

#[test]
fn of_a_lapsed_gift_nothing_is_owed() {
    let program = coffee(3, StampPer::Item);
    let rows = [buy("p1", "01-01", 3), "x1 | 2026-03-01 | return | ana | | ref=p1".to_owned()];
    go(&program, &rows, &["2026-03-01"])
        .expect(&[["2026-03-01", "ana", CARD, "-"], ["2026-03-01", "ana", "gift:free", "-"]]);
}

#[test]
fn items_come_back_by_sku_and_qty_and_take_their_stamps() {
    let program = coffee(10, StampPer::Item);
    let rows = [
        "p | 2026-01-01 | purchase | ana | 30 | category=coffee sku=C qty=3",
        "x | 2026-01-02 | return | ana | 10 | ref=p sku=C qty=1",
    ];
    run(&program, &rows, &["2026-01-02"]).expect(&[["2026-01-02", "ana", CARD, "2"]]);
}

#[test]
fn equal_lines_are_coffees_of_their_own() {
    let program = coffee(10, StampPer::Item);
    let rows = [
        "p | 2026-01-01 | purchase | ana | 10 | category=coffee sku=C",
        "p | 2026-01-01 | purchase | ana | 10 | category=coffee sku=C",
        "x | 2026-01-02 | return | ana | 10 | ref=p sku=C qty=1",
    ];
    run(&program, &rows, &["2026-01-01", "2026-01-02"])
        .expect(&[["2026-01-01", "ana", CARD, "2"], ["2026-01-02", "ana", CARD, "1"]]);
}

#[test]
fn a_full_card_gives_points_and_fires_its_rules_and_a_reopened_one_takes_them_back() {
    let mut program = coffee(3, StampPer::Item);
    program.points = vec![points("star")];
    program.cards[0].gives = vec![give(fixed("20"))];
    program.rules = vec![
        rule("full", Trigger::Full(CardId(0)), fixed("5")),
        rule("stamp", Trigger::Join, What::Stamps(CardId(0), 1)),
    ];
    let rows = [
        "j | 2026-01-01 | join | ana".to_owned(),
        buy("p1", "01-02", 2),
        "x1 | 2026-01-03 | return | ana | | ref=p1".to_owned(),
    ];
    go(&program, &rows, &["2026-01-01", "2026-01-02", "2026-01-03"]).expect(&[
        ["2026-01-01", "ana", CARD, "1"],
        ["2026-01-02", "ana", CARD, "-"],
        ["2026-01-02", "ana", "balance:star", "25"],
        ["2026-01-03", "ana", CARD, "1"],
        ["2026-01-03", "ana", "balance:star", "-"],
    ]);
}

#[test]
fn a_visit_event_stamps_where_no_items_are_asked_for() {
    let mut program = coffee(10, StampPer::Visit);
    program.cards[0].stamps[0].pick = Pick::default();
    let rows = [
        "v1 | 2026-01-01 10:00 | visit | ana | | store=Gara".to_owned(),
        buy("j", "01-01 11:00", 1),
        "v2 | 2026-01-01 12:00 | visit | ana | | store=Gara".to_owned(),
        "v3 | 2026-01-02 10:00 | visit | ana | | store=Gara".to_owned(),
    ];
    // A visit makes no member: the first one is rejected. Then no store, Gara, Gara on the next day.
    go(&program, &rows, &["2026-01-02"])
        .expect(&[["2026-01-02", "ana", "rejected:v1", "not_a_member"], ["2026-01-02", "ana", CARD, "3"]]);
}

#[test]
fn a_slip_at_a_till_fills_no_billion_cards() {
    let program = coffee(10, StampPer::Amount(n("10"), total()));
    let rows = ["p1 | 2026-01-01 | purchase | ana | 99999999999.99 | category=coffee"];
    let ran = run(&program, &rows, &["2026-01-01"]);
    ran.expect(&[["2026-01-01", "ana", CARD, "-"], ["2026-01-01", "ana", "gift:free", "10000"]]);
}
