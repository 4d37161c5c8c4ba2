//! Redemption is all or nothing; a rejection is an outcome with a reason (section 6.12).

use crate::build::*;
use loyal::mechanics::GiftId;
use loyal::mechanics::Program;
use loyal::mechanics::gift::Valid;
use loyal::mechanics::give::What;
use loyal::mechanics::reward::Price;
use loyal::mechanics::rule::Trigger;
use loyal::text::Span;
use loyal::value::clock::{Length, Window};

fn shop() -> Program {
    let mut program = program();
    program.rules = vec![base()];
    program.rewards = vec![reward("cake", "30")];
    program
}

#[test]
fn a_reward_redeemed_is_a_gift_held_until_it_ends() {
    let mut program = shop();
    program.rewards[0].valid = Valid::For(Length::Days(30));
    let rows = ["p | 2026-01-01 | purchase | ana | 100", "r | 2026-01-02 | redeem | ana | | ref=cake qty=2"];
    run(&program, &rows, &["2026-01-02", "2026-02-01", "2026-02-02"]).expect(&[
        ["2026-01-02", "ana", "balance:star", "40"],
        ["2026-01-02", "ana", "spent:star", "60"],
        ["2026-02-01", "ana", "gift:cake", "2"],
        ["2026-02-02", "ana", "gift:cake", "-"],
    ]);
}

#[test]
fn every_rejection_has_its_reason_and_takes_nothing() {
    let mut program = shop();
    let mut limited = reward("mug", "1");
    limited.limits = vec![times("1", true, MONTH)];
    let mut rare = reward("bike", "1");
    rare.stock = Some(1);
    let mut gold = reward("spa", "1");
    gold.when = Some(level_is(0, 1));
    let mut ended = reward("xmas", "1");
    ended.from = Some(d("2025-12-01"));
    ended.until = Some(d("2025-12-31"));
    program.rewards.extend([limited, rare, gold, ended]);
    program.tiers = vec![tiers(total(), YEAR, &["0", "1000"])];
    let rows = [
        "p | 2026-01-01 | purchase | ana | 40",
        "r1 | 2026-01-02 | redeem | ana | | ref=cake qty=2",
        "r2 | 2026-01-02 | redeem | ana | | ref=cate",
        "r3 | 2026-01-02 | redeem | ana | | ref=mug",
        "r4 | 2026-01-03 | redeem | ana | | ref=mug",
        "r5 | 2026-01-03 | redeem | ana | | ref=bike qty=2",
        "r6 | 2026-01-04 | redeem | ana | | ref=bike",
        "r7 | 2026-01-05 | redeem | ana | | ref=bike",
        "r8 | 2026-01-05 | redeem | ana | | ref=spa",
        "r9 | 2026-01-05 | redeem | ana | | ref=xmas",
        "s1 | 2026-01-05 | redeem | zoe | | ref=cake",
        "s2 | 2026-02-01 | redeem | ana | | ref=mug",
        "s3 | 2026-02-01 | redeem | ana | | ref=cake qty=0",
    ];
    run(&program, &rows, &["2026-02-01"]).expect(&[
        ["2026-02-01", "ana", "rejected:r1", "not_enough"],
        ["2026-02-01", "ana", "rejected:r2", "unknown_reward"],
        ["2026-02-01", "ana", "rejected:r3", "-"],
        ["2026-02-01", "ana", "rejected:r4", "limit"],
        ["2026-02-01", "ana", "rejected:r5", "out_of_stock"],
        ["2026-02-01", "ana", "rejected:r6", "-"],
        ["2026-02-01", "ana", "rejected:r7", "out_of_stock"],
        ["2026-02-01", "ana", "rejected:r8", "not_eligible"],
        ["2026-02-01", "ana", "rejected:r9", "expired"],
        ["2026-02-01", "zoe", "rejected:s1", "not_a_member"],
        ["2026-02-01", "ana", "rejected:s2", "-"],
        ["2026-02-01", "ana", "rejected:s3", "not_eligible"],
        ["2026-02-01", "ana", "balance:star", "37"],
    ]);
}

#[test]
fn the_price_is_the_first_whose_condition_holds() {
    let mut program = shop();
    let price = |number: &str, when| Price { unit: STAR, number: n(number), money: None, when, span: Span::default() };
    program.rewards[0].prices = vec![price("20", Some(level_is(0, 1))), price("30", None)];
    program.tiers = vec![tiers(total(), YEAR, &["0", "100"])];
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 50",
        "r1 | 2026-01-02 | redeem | ana | | ref=cake",
        "p2 | 2026-01-03 | purchase | ana | 50",
        "r2 | 2026-01-04 | redeem | ana | | ref=cake",
    ];
    // 50 - 30 = 20; + 50 = 70, silver; - 20 = 50.
    run(&program, &rows, &["2026-01-02", "2026-01-04"])
        .expect(&[["2026-01-02", "ana", "balance:star", "20"], ["2026-01-04", "ana", "balance:star", "50"]]);
}

#[test]
fn refunds_stand_before_redemptions_and_these_before_the_rest() {
    let program = shop();
    let rows = [
        "p1 | 2026-01-01 10:00 | purchase | ana | 30",
        "a | 2026-01-02 10:00 | purchase | ana | 30",
        "b | 2026-01-02 10:00 | redeem | ana | | ref=cake",
        "c | 2026-01-02 10:00 | return | ana | 10 | ref=p1",
    ];
    // The return first: 20, then the redemption fails, then the purchase: 50.
    run(&program, &rows, &["2026-01-02"])
        .expect(&[["2026-01-02", "ana", "rejected:b", "not_enough"], ["2026-01-02", "ana", "balance:star", "50"]]);
}

#[test]
fn a_redemption_that_is_undone_restores_the_same_lots_with_their_own_expiry() {
    let mut program = shop();
    program.points[0].expiry = after(Length::Days(10));
    program.rewards[0].limits = vec![times("1", true, MONTH)];
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 20",
        "p2 | 2026-01-05 | purchase | ana | 20",
        "r1 | 2026-01-06 | redeem | ana | | ref=cake",
        "x1 | 2026-01-12 | return | ana | | ref=r1",
        "r2 | 2026-01-13 | redeem | ana | | ref=cake",
    ];
    // 20 of p1 (to the 11th) and 10 of p2 (to the 15th) come back on the 12th: p1's end at once.
    run(&program, &rows, &["2026-01-06", "2026-01-12", "2026-01-13"]).expect(&[
        ["2026-01-06", "ana", "balance:star", "10"],
        ["2026-01-12", "ana", "balance:star", "20"],
        ["2026-01-12", "ana", "expired:star", "20"],
        ["2026-01-12", "ana", "gift:cake", "-"],
        ["2026-01-13", "ana", "rejected:r2", "not_enough"],
    ]);
}

#[test]
fn a_held_gift_is_used_soonest_to_end_first_and_held_to_its_limits() {
    let mut program = shop();
    let mut coffee = gift("free_coffee", Valid::For(Length::Days(30)));
    coffee.item = Some(category("coffee"));
    coffee.at_most = Some(n("18"));
    program.gifts = vec![coffee];
    program.rules = vec![rule("coffee", Trigger::Purchase, What::Gift(GiftId(0), 1))];
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 10",
        "p2 | 2026-01-20 | purchase | ana | 10",
        "u1 | 2026-01-21 | redeem | ana | 18.01 | ref=free_coffee category=coffee",
        "u2 | 2026-01-21 | redeem | ana | 10 | ref=free_coffee category=cake",
        "u3 | 2026-01-22 | redeem | ana | -18 | ref=free_coffee category=coffee",
        "u4 | 2026-01-23 | redeem | ana | | ref=free_coffee qty=2",
        "u5 | 2026-02-19 23:00 | redeem | ana | | ref=free_coffee",
        "u6 | 2026-02-19 23:30 | redeem | ana | | ref=free_coffee",
        "p3 | 2026-03-01 | purchase | bob | 10",
        "u7 | 2026-04-01 | redeem | bob | | ref=free_coffee",
        "v1 | 2026-04-01 | visit | bob",
        "u8 | 2026-04-02 | redeem | ana | | ref=free_coffee",
    ];
    // u3 uses the one of p1 (to 31 January); the one of p2 lasts through 20 January + 30 = 19 February.
    run(&program, &rows, &["2026-01-22", "2026-01-31", "2026-02-19", "2026-04-02"]).expect(&[
        ["2026-01-22", "ana", "rejected:u1", "not_eligible"],
        ["2026-01-22", "ana", "rejected:u2", "not_eligible"],
        ["2026-01-22", "ana", "gift:free_coffee", "1"],
        ["2026-02-19", "ana", "rejected:u4", "not_held"],
        ["2026-02-19", "ana", "rejected:u5", "-"],
        ["2026-02-19", "ana", "rejected:u6", "not_held"],
        ["2026-04-02", "bob", "rejected:u7", "expired"],
        ["2026-04-02", "ana", "rejected:u8", "not_held"],
    ]);
}

#[test]
fn a_gift_that_is_a_choice_is_used_by_the_name_of_the_one_chosen() {
    let mut program = shop();
    let mut choice = gift("treat", Valid::Forever);
    choice.choose = vec![GiftId(1), GiftId(2)];
    program.gifts = vec![choice, gift("tea", Valid::Forever), gift("juice", Valid::Forever)];
    program.rules = vec![rule("treat", Trigger::Purchase, What::Gift(GiftId(0), 1))];
    let rows = [
        "p | 2026-01-01 | purchase | ana | 10",
        "u1 | 2026-01-02 | redeem | ana | | ref=juice",
        "u2 | 2026-01-03 | redeem | ana | | ref=tea",
    ];
    run(&program, &rows, &["2026-01-03"])
        .expect(&[["2026-01-03", "ana", "rejected:u1", "-"], ["2026-01-03", "ana", "rejected:u2", "not_held"]]);
}

#[test]
fn a_redemption_fires_its_rules_and_gifts_ask_who_may_have_them() {
    let mut program = shop();
    program.gifts = vec![gift("mug", Valid::UntilEndOf(loyal::value::clock::Period::Month))];
    program.gifts[0].when = Some(level_is(0, 1));
    program.tiers = vec![tiers(total(), Window::Ever, &["0", "60"])];
    program.rules.push(rule("thanks", Trigger::Redeem, What::Gift(GiftId(0), 1)));
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 59",
        "r1 | 2026-01-02 | redeem | ana | | ref=cake",
        "p2 | 2026-01-03 | purchase | ana | 1",
        "r2 | 2026-01-04 | redeem | ana | | ref=cake",
    ];
    run(&program, &rows, &["2026-01-02", "2026-01-31", "2026-02-01"]).expect(&[
        ["2026-01-02", "ana", "gift:mug", "-"],
        ["2026-01-31", "ana", "gift:mug", "1"],
        ["2026-02-01", "ana", "gift:mug", "-"],
    ]);
}
