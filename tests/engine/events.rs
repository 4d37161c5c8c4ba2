//! Who is a member, what counts, what is rejected; activities, referrals, accounts that end or merge.

use crate::build::*;
use loyal::mechanics::activity::{Activity, Field, FieldKind};
use loyal::mechanics::condition::{How, Measure, Value};
use loyal::mechanics::give::Whom;
use loyal::mechanics::rule::Trigger;
use loyal::mechanics::settings::Membership;
use loyal::mechanics::{ActivityId, Program};
use loyal::text::Span;
use loyal::value::clock::{Time, Window};

fn earning() -> Program {
    let mut program = program();
    program.rules = vec![base()];
    program
}

#[test]
fn who_is_a_member() {
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 10",
        "j | 2026-01-02 | join | ana",
        "p2 | 2026-01-03 | purchase | ana | 10",
        "p3 | 2026-01-01 | purchase | eva | 10",
        "p4 | 2026-01-05 | purchase | eva | 10",
    ];
    for (membership, p1, total) in [
        (Membership::Any, "-", "20"),
        (Membership::ByEvent, "not_a_member", "10"),
        (Membership::ByFirstPurchase, "-", "20"),
    ] {
        let mut program = earning();
        program.settings.membership = membership;
        let mut history = history(&program.settings.clock, &rows);
        joined(&mut history, "eva", Some("2026-01-05"), None);
        // Who is in the file is a member from `joined`; before that, not.
        play(&program, &history, &["2026-01-05"]).expect(&[
            ["2026-01-05", "ana", "rejected:p1", p1],
            ["2026-01-05", "ana", "balance:star", total],
            ["2026-01-05", "eva", "rejected:p3", "not_a_member"],
            ["2026-01-05", "eva", "balance:star", "10"],
        ]);
    }
}

#[test]
fn the_first_purchase_joins_and_fires_the_welcome() {
    let mut program = earning();
    program.rules.push(rule("welcome", Trigger::Join, fixed("5")));
    run(&program, &["p | 2026-01-01 | purchase | ana | 10"], &["2026-01-01"]).expect(&[[
        "2026-01-01",
        "ana",
        "balance:star",
        "15",
    ]]);
}

#[test]
fn events_outside_the_program_earn_nothing_and_say_so() {
    let mut program = earning();
    program.settings.from = Some(d("2026-01-02"));
    program.settings.until = Some(d("2026-01-03"));
    let rows = [
        "p1 | 2026-01-01 23:59 | purchase | ana | 10",
        "p2 | 2026-01-02 00:00 | purchase | ana | 10",
        "p3 | 2026-01-03 23:59 | purchase | ana | 10",
        "p4 | 2026-01-04 00:00 | purchase | ana | 10",
        "x1 | 2026-01-03 | return | ana | | ref=p1",
    ];
    run(&program, &rows, &["2026-01-04"]).expect(&[
        ["2026-01-04", "ana", "rejected:p1", "outside_program"],
        ["2026-01-04", "ana", "rejected:p4", "outside_program"],
        ["2026-01-04", "ana", "rejected:x1", "unknown_purchase"],
        ["2026-01-04", "ana", "balance:star", "20"],
    ]);
}

#[test]
fn an_event_with_a_date_and_no_time_stands_at_the_start_and_its_time_is_false() {
    let mut program = earning();
    let time = |hour| Value::Time(Time::new(hour, 0, 0, 0).expect("a time"));
    program.rules[0].when = Some(test(Measure::Time, How::Between(time(0), time(14))));
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 1",
        "p2 | 2026-01-01 00:00 | purchase | ana | 2",
        "p3 | 2026-01-01 13:59 | purchase | ana | 4",
        "p4 | 2026-01-01 14:00 | purchase | ana | 8",
    ];
    // Times of day are half open.
    run(&program, &rows, &["2026-01-01"]).expect(&[["2026-01-01", "ana", "balance:star", "6"]]);
}

#[test]
fn a_day_begins_at_day_starts() {
    let mut program = earning();
    program.settings.clock.set_day_starts(Time::new(4, 0, 0, 0).expect("a time"));
    program.rules[0].limits = vec![times("1", true, DAY)];
    let rows = [
        "p1 | 2026-01-01 23:00 | purchase | ana | 1",
        "p2 | 2026-01-02 03:59 | purchase | ana | 2",
        "p3 | 2026-01-02 04:00 | purchase | ana | 4",
    ];
    run(&program, &rows, &["2026-01-01", "2026-01-02"])
        .expect(&[["2026-01-01", "ana", "balance:star", "1"], ["2026-01-02", "ana", "balance:star", "5"]]);
}

fn workout() -> Program {
    let mut program = program();
    let field = Field { name: name("minutes"), kind: FieldKind::Number(None) };
    let enough = test(Measure::Column("minutes".to_owned()), How::AtLeast(Value::Number(n("30"))));
    program.activities = vec![Activity {
        name: name("workout"),
        fields: vec![field],
        verified_by: Some("watch".to_owned()),
        accept: Some(enough),
        at_most: vec![cap("2", DAY)],
        at_most_each: Vec::new(),
        gap_minutes: Some(240),
        span: Span::default(),
    }];
    program.rules = vec![rule("sport", Trigger::Activity(Some(ActivityId(0))), fixed("10"))];
    program
}

#[test]
fn what_is_not_accepted_is_rejected_and_uses_up_no_limit() {
    let program = workout();
    let rows = [
        "j | 2026-01-01 | join | ana",
        "a1 | 2026-01-01 06:00 | activity | ana | | ref=workout minutes=29 verified=watch",
        "a2 | 2026-01-01 07:00 | activity | ana | | ref=workout minutes=30 watch=yes",
        "a3 | 2026-01-01 10:59 | activity | ana | | ref=workout minutes=60 verified=watch",
        "a4 | 2026-01-01 11:00 | activity | ana | | ref=workout minutes=60 verified=watch",
        "a5 | 2026-01-01 20:00 | activity | ana | | ref=workout minutes=60 verified=watch",
        "a6 | 2026-01-02 08:00 | activity | ana | | ref=workout minutes=60",
        "a7 | 2026-01-02 09:00 | activity | ana | | ref=sleep minutes=60",
        "a8 | 2026-01-02 09:00 | activity | ana | | ref=workout minutes=many verified=yes",
    ];
    // a3 comes 239 minutes after a2, a4 exactly four hours; a5 is a third that day.
    run(&program, &rows, &["2026-01-02"]).expect(&[
        ["2026-01-02", "ana", "rejected:a1", "not_eligible"],
        ["2026-01-02", "ana", "rejected:a2", "-"],
        ["2026-01-02", "ana", "rejected:a3", "limit"],
        ["2026-01-02", "ana", "rejected:a4", "-"],
        ["2026-01-02", "ana", "rejected:a5", "limit"],
        ["2026-01-02", "ana", "rejected:a6", "not_eligible"],
        ["2026-01-02", "ana", "rejected:a7", "not_eligible"],
        ["2026-01-02", "ana", "rejected:a8", "not_eligible"],
        ["2026-01-02", "ana", "balance:star", "20"],
    ]);
}

#[test]
fn a_referral_gives_when_it_is_made_and_when_the_friend_has_paid() {
    let mut program = program();
    program.points[0].owe = n("100");
    let mut made = rule("made", Trigger::Referral, fixed("1"));
    made.gives.push(to(Whom::Friend, fixed("3")));
    let mut paid = rule("paid", Trigger::FirstPurchaseOfFriend, fixed("100"));
    paid.gives.push(to(Whom::Friend, fixed("50")));
    paid.limits = vec![times("2", true, Window::Ever)];
    program.rules = vec![made, paid];
    let rows = [
        "j1 | 2026-01-01 | join | ana",
        "j2 | 2026-01-01 | join | dan",
        "f1 | 2026-01-02 | referral | ana | | ref=bob",
        "f2 | 2026-01-02 | referral | ana | | ref=dan",
        "f3 | 2026-01-03 | referral | dan | | ref=bob",
        "f4 | 2026-01-03 | referral | ana | | ref=ana",
        "f5 | 2026-01-03 | referral | ana | | ref=eva",
        "p1 | 2026-01-04 | purchase | bob | 10",
        "p2 | 2026-01-05 | purchase | bob | 10",
        "x1 | 2026-01-06 | return | bob | | ref=p1",
        "p3 | 2026-01-07 | purchase | dan | 10",
        "p4 | 2026-01-08 | purchase | eva | 10",
        "p5 | 2026-01-09 | purchase | zoe | 10",
    ];
    // Ana: 1 for each of three friends. Bob and eva join with their first purchases and have the 3 that waited for
    // them. Bob pays: 100 for her and 50 for him, both gone with the return (bob had a second purchase by then). Dan
    // and eva pay: 100 each, within her two times.
    run(&program, &rows, &["2026-01-03", "2026-01-05", "2026-01-06", "2026-01-09"]).expect(&[
        ["2026-01-03", "ana", "balance:star", "3"],
        ["2026-01-03", "dan", "balance:star", "3"],
        ["2026-01-03", "dan", "rejected:f3", "not_eligible"],
        ["2026-01-03", "ana", "rejected:f4", "not_eligible"],
        ["2026-01-05", "ana", "balance:star", "103"],
        ["2026-01-05", "bob", "balance:star", "53"],
        ["2026-01-06", "ana", "balance:star", "3"],
        ["2026-01-06", "bob", "balance:star", "3"],
        ["2026-01-09", "ana", "balance:star", "203"],
        ["2026-01-09", "eva", "balance:star", "53"],
        ["2026-01-09", "zoe", "balance:star", "-"],
    ]);
}

#[test]
fn leaving_forfeits_what_remains_and_shows_it() {
    let mut program = earning();
    program.gifts = vec![gift("mug", loyal::mechanics::gift::Valid::Forever)];
    program.tiers = vec![tiers(total(), YEAR, &["0", "100"])];
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 100",
        "g1 | 2026-01-02 | grant | ana | | ref=mug qty=2",
        "l1 | 2026-01-03 | leave | ana",
        "p2 | 2026-01-04 | purchase | ana | 10",
        "x1 | 2026-01-05 | return | ana | | ref=p1",
        "j1 | 2026-01-06 | join | ana",
        "p3 | 2026-01-07 | purchase | ana | 10",
    ];
    run(&program, &rows, &["2026-01-02", "2026-01-03", "2026-01-07"]).expect(&[
        ["2026-01-02", "ana", "gift:mug", "2"],
        ["2026-01-02", "ana", "level:status", "silver"],
        ["2026-01-03", "ana", "balance:star", "-"],
        ["2026-01-03", "ana", "expired:star", "100"],
        ["2026-01-03", "ana", "gift:mug", "-"],
        ["2026-01-07", "ana", "rejected:p2", "not_a_member"],
        ["2026-01-07", "ana", "rejected:x1", "-"],
        ["2026-01-07", "ana", "level:status", "basic"],
        ["2026-01-07", "ana", "balance:star", "10"],
    ]);
}

#[test]
fn a_merge_moves_lots_levels_cards_gifts_and_history() {
    let mut program = earning();
    program.points[0].owe = n("100");
    program.gifts = vec![gift("mug", loyal::mechanics::gift::Valid::Forever)];
    program.tiers = vec![tiers(total(), YEAR, &["0", "100", "150"])];
    program.cards =
        vec![card(10, loyal::mechanics::card::StampPer::Purchase, loyal::mechanics::basis::Pick::default())];
    program.rewards = vec![reward("cake", "60")];
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 60",
        "p2 | 2026-01-02 | purchase | old | 100",
        "r2 | 2026-01-03 | redeem | old | | ref=cake",
        "g2 | 2026-01-03 | grant | old | | ref=mug",
        "m1 | 2026-01-04 | merge | ana | | ref=old",
        "x2 | 2026-01-05 | return | old | 20 | ref=p2",
        "p3 | 2026-01-06 | purchase | old | 10",
    ];
    // 60 + (100 - 60) = 100, both purchases together 160 make gold; 20 come back; 10 more.
    run(&program, &rows, &["2026-01-04", "2026-01-05", "2026-01-06"]).expect(&[
        ["2026-01-04", "ana", "balance:star", "100"],
        ["2026-01-04", "ana", "received:star", "40"],
        ["2026-01-04", "old", "sent:star", "40"],
        ["2026-01-04", "ana", "level:status", "gold"],
        ["2026-01-04", "ana", "card:coffee", "2"],
        ["2026-01-04", "ana", "gift:mug", "1"],
        ["2026-01-05", "ana", "balance:star", "80"],
        ["2026-01-06", "ana", "balance:star", "90"],
        ["2026-01-06", "ana", "card:coffee", "3"],
    ]);
}

#[test]
fn a_shuffled_history_gives_the_same_journal() {
    let program = workout();
    let rows = [
        "j | 2026-01-01 | join | ana",
        "a2 | 2026-01-01 07:00 | activity | ana | | ref=workout minutes=30 watch=yes",
        "a10 | 2026-01-01 07:00 | activity | ana | | ref=workout minutes=31 watch=yes",
    ];
    let reversed: Vec<&str> = rows.iter().rev().copied().collect();
    let (one, other) = (run(&program, &rows, &["2026-01-01"]), run(&program, &reversed, &["2026-01-01"]));
    assert_eq!(one.journal(), other.journal());
    // Ids in natural order: a2 before a10.
    one.expect(&[["2026-01-01", "ana", "rejected:a10", "limit"]]);
}

#[test]
fn what_the_program_does_not_do_yet_is_said_never_silent() {
    let ran = run(
        &earning(),
        &["j | 2026-01-01 | join | ana", "s | 2026-01-01 | subscribe | ana | | ref=plus"],
        &["2026-01-01"],
    );
    assert!(ran.journal().contains("does nothing on subscribe"), "{}", ran.journal());
}
