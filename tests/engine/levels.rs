//! Levels: reached, kept, renewed, reviewed and missed (section 6.10 and the edges).

use crate::build::*;
use loyal::engine::outcome::{Happened, LevelWhy};
use loyal::mechanics::Program;
use loyal::mechanics::basis::Basis;
use loyal::mechanics::give::{Until, What};
use loyal::mechanics::rule::Trigger;
use loyal::mechanics::tiers::{Lasts, Miss, Need, Reach, TierMeasure};
use loyal::mechanics::{GiftId, TiersId};
use loyal::text::Span;
use loyal::value::clock::{Length, Period, Window};

const STATUS: &str = "level:status";

/// Silver from 100, gold from 300, by spend in `window`.
fn spending(window: Window) -> Program {
    let mut program = program();
    program.rules = vec![base()];
    program.tiers = vec![tiers(total(), window, &["0", "100", "300"])];
    program
}

fn levels(ran: &Ran, expected: &[(&str, &str)]) {
    for (moment, level) in expected {
        ran.expect(&[[moment, "ana", STATUS, level]]);
    }
}

#[test]
fn the_measure_includes_the_event_and_the_new_level_counts_from_the_next() {
    let mut program = spending(YEAR);
    program.rules.push(bonus("silver", percent_of("100", 0)));
    program.rules[1].when = Some(level_is(0, 1));
    let rows = ["p1 | 2026-01-01 10:00 | purchase | ana | 100", "p2 | 2026-01-01 10:01 | purchase | ana | 10"];
    // 100 as basic, 10 twice as silver.
    let ran = run(&program, &rows, &["2026-01-01 10:00", "2026-01-01"]);
    ran.expect(&[["2026-01-01 10:00", "ana", STATUS, "silver"], ["2026-01-01", "ana", "balance:star", "120"]]);
    program.tiers[0].reach = Reach::NextDay;
    let ran = run(&program, &rows, &["2026-01-01", "2026-01-02"]);
    ran.expect(&[
        ["2026-01-01", "ana", "balance:star", "110"],
        ["2026-01-01", "ana", STATUS, "basic"],
        ["2026-01-02", "ana", STATUS, "silver"],
    ]);
}

#[test]
fn reach_at_once_values_the_lifting_event_itself_at_the_new_level() {
    let mut program = spending(YEAR);
    program.tiers[0].reach = Reach::AtOnce;
    program.rules.push(bonus("silver", percent_of("100", 0)));
    program.rules[1].when = Some(level_is(0, 1));
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 60",
        "p2 | 2026-01-02 | purchase | ana | 50",
        "x2 | 2026-01-03 | return | ana | 20 | ref=p2",
    ];
    // 60, then 110 in all lifts: 50 × 2. Without 20 of it, 90 does not lift: 30; 70 come back.
    run(&program, &rows, &["2026-01-02", "2026-01-03"]).expect(&[
        ["2026-01-02", "ana", "balance:star", "160"],
        ["2026-01-03", "ana", "balance:star", "90"],
        ["2026-01-03", "ana", STATUS, "silver"],
    ]);
}

#[test]
fn until_the_end_of_the_next_calendar_year_through_its_last_day() {
    let program = spending(YEAR);
    let ran = run(&program, &["p | 2026-03-01 | purchase | ana | 300"], &["2027-12-31", "2028-01-01"]);
    // Gold through 2027, then one level down for a new term through 2028.
    levels(&ran, &[("2027-12-31", "gold"), ("2028-01-01", "silver")]);
    assert_eq!(ran.member("2028-01-01", "ana").levels[0].1, Some(d("2028-12-31")));
}

#[test]
fn a_term_is_renewed_as_soon_as_the_need_is_met_again_in_a_later_window() {
    let program = spending(YEAR);
    let rows = [
        "p1 | 2026-03-01 | purchase | ana | 300",
        "p2 | 2026-06-01 | purchase | ana | 300",
        "p3 | 2027-02-01 | purchase | ana | 299",
        "p4 | 2027-03-01 | purchase | ana | 1",
    ];
    let ran = run(&program, &rows, &["2026-12-31", "2027-02-28", "2027-03-01", "2028-12-31", "2029-01-01"]);
    // Twice the need within 2026 does not renew; the 300th of 2027 does, at once.
    let until = |moment: &str| ran.member(moment, "ana").levels[0].1;
    assert_eq!(until("2026-12-31"), Some(d("2027-12-31")));
    assert_eq!(until("2027-02-28"), Some(d("2027-12-31")));
    assert_eq!(until("2027-03-01"), Some(d("2028-12-31")));
    levels(&ran, &[("2028-12-31", "gold"), ("2029-01-01", "silver")]);
}

#[test]
fn a_higher_level_begins_its_term_anew() {
    let mut program = spending(Window::Ever);
    program.tiers[0].lasts = Lasts::For(Length::Months(6));
    let rows = ["p1 | 2026-01-31 | purchase | ana | 100", "p2 | 2026-03-31 | purchase | ana | 200"];
    let ran = run(&program, &rows, &["2026-01-31", "2026-03-31"]);
    assert_eq!(ran.member("2026-01-31", "ana").levels[0].1, Some(d("2026-07-31")));
    assert_eq!(ran.member("2026-03-31", "ana").levels[0].1, Some(d("2026-09-30")));
}

#[test]
fn a_rolling_window_is_reviewed_at_the_end_and_measures_the_window_that_ends_there() {
    let mut program = spending(Window::Last(Length::Days(365)));
    program.tiers[0].lasts = Lasts::For(Length::Months(12));
    let rows = [
        "p1 | 2026-01-10 | purchase | ana | 300",
        "p2 | 2027-01-10 | purchase | ana | 299",
        "q1 | 2026-01-10 | purchase | bob | 300",
        "q2 | 2027-01-10 | purchase | bob | 300",
    ];
    // Through 10 January 2027; on that day the window begins on 11 January 2026: ana's 299 are
    // short, bob's 300 renew through 10 January 2028.
    let ran = run(&program, &rows, &["2027-01-10", "2027-01-11"]);
    ran.expect(&[
        ["2027-01-10", "ana", STATUS, "gold"],
        ["2027-01-11", "ana", STATUS, "silver"],
        ["2027-01-11", "bob", STATUS, "gold"],
    ]);
    assert_eq!(ran.member("2027-01-11", "bob").levels[0].1, Some(d("2028-01-10")));
    // The level dropped to has a term counted from the last day of the one that ended.
    assert_eq!(ran.member("2027-01-11", "ana").levels[0].1, Some(d("2028-01-10")));
}

#[test]
fn what_a_miss_does() {
    for (miss, next, later) in [
        (Miss::DropOne, "silver", "basic"),
        (Miss::DropToEarned, "basic", "basic"),
        (Miss::StartOver, "basic", "basic"),
        (Miss::Keep, "gold", "gold"),
    ] {
        let mut program = spending(YEAR);
        program.tiers[0].miss = miss;
        let rows = ["p1 | 2026-03-01 | purchase | ana | 300", "p2 | 2027-03-01 | purchase | ana | 99"];
        let ran = run(&program, &rows, &["2027-12-31", "2028-01-01", "2029-01-01"]);
        levels(&ran, &[("2027-12-31", "gold"), ("2028-01-01", next), ("2029-01-01", later)]);
    }
}

#[test]
fn drop_to_earned_is_what_the_window_that_ends_there_has_earned() {
    let mut program = spending(YEAR);
    program.tiers[0].miss = Miss::DropToEarned;
    let rows = ["p1 | 2026-03-01 | purchase | ana | 300", "p2 | 2027-03-01 | purchase | ana | 150"];
    levels(&run(&program, &rows, &["2028-01-01", "2029-01-01"]), &[("2028-01-01", "silver"), ("2029-01-01", "basic")]);
}

#[test]
fn start_over_begins_the_measure_anew() {
    let mut program = spending(Window::Last(Length::Months(24)));
    program.tiers[0].lasts = Lasts::For(Length::Months(12));
    program.tiers[0].miss = Miss::StartOver;
    program.tiers[0].levels[1].need = Need::AtLeast(0, n("1000"));
    program.tiers[0].levels[2].need = Need::AtLeast(0, n("2000"));
    let rows = [
        "p0 | 2026-01-01 | purchase | ana | 900",
        "p1 | 2026-02-01 | purchase | ana | 100",
        "x1 | 2026-03-01 | return | ana | 50 | ref=p1",
        "p2 | 2027-03-01 | purchase | ana | 999",
    ];
    // Silver at 1000; at the review on 1 February 2027 the last 24 months hold 950: all begins anew.
    // Then 999 of the new measure, though the last 24 months hold 1949.
    levels(
        &run(&program, &rows, &["2027-02-01", "2027-02-02", "2027-03-01"]),
        &[("2027-02-01", "silver"), ("2027-02-02", "basic"), ("2027-03-01", "basic")],
    );
}

#[test]
fn more_than_one_review_is_done_in_order_each_seeing_the_one_before() {
    let mut program = spending(YEAR);
    program.tiers[0].lasts = Lasts::EndOf(Period::Year, 0);
    let ran = run(&program, &["p | 2026-03-01 | purchase | ana | 300"], &["2026-12-31", "2027-01-01", "2028-01-01"]);
    // A level dropped to at the end of a year is kept for the next one, not for no time at all.
    levels(&ran, &[("2026-12-31", "gold"), ("2027-01-01", "silver"), ("2028-01-01", "basic")]);
    let missed = ran
        .outcome
        .journal
        .iter()
        .filter(|entry| matches!(&entry.what, Happened::Level { why: LevelWhy::Missed(_), .. }));
    assert_eq!(missed.count(), 2);
}

#[test]
fn until_a_day_after_the_end_and_membership_years() {
    let mut program = spending(YEAR);
    program.tiers[0].lasts = Lasts::DayAfterEndOf { month: 3, day: 31, period: Period::Year, next: 0 };
    let ran = run(&program, &["p | 2026-05-01 | purchase | ana | 100"], &["2027-03-31", "2027-04-01"]);
    levels(&ran, &[("2027-03-31", "silver"), ("2027-04-01", "basic")]);
    program.tiers[0] = tiers(total(), Window::MembershipYear, &["0", "100"]);
    program.tiers[0].lasts = Lasts::EndOfMembershipYear(0);
    let rows = [
        "j | 2024-02-29 | join | ana",
        "p1 | 2026-02-27 | purchase | ana | 60",
        "p2 | 2026-02-28 | purchase | ana | 60",
        "p3 | 2027-02-27 | purchase | ana | 40",
    ];
    // Joined on 29 February: in 2026 the year begins on the 28th. 60 and 60 are of two years; 60 + 40
    // of one, which ends on 27 February 2027: the level is kept through that day.
    levels(
        &run(&program, &rows, &["2026-02-28", "2027-02-27", "2027-02-28"]),
        &[("2026-02-28", "basic"), ("2027-02-27", "silver"), ("2027-02-28", "basic")],
    );
}

#[test]
fn while_measured_falls_as_soon_as_the_measure_does() {
    let mut program = spending(Window::Last(Length::Days(30)));
    program.tiers[0].lasts = Lasts::WhileMeasured;
    let rows = ["p1 | 2026-01-01 | purchase | ana | 200", "p2 | 2026-01-20 | purchase | ana | 100"];
    // 300 until 30 January (its window begins on the 1st); 100 until 18 February; then none.
    levels(
        &run(&program, &rows, &["2026-01-30", "2026-01-31", "2026-02-18", "2026-02-19"]),
        &[("2026-01-30", "gold"), ("2026-01-31", "silver"), ("2026-02-18", "silver"), ("2026-02-19", "basic")],
    );
}

#[test]
fn for_life_is_never_reviewed_and_recompute_lets_a_refund_take_a_level_back() {
    let mut program = spending(YEAR);
    program.tiers[0].levels[2].for_life = true;
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 100",
        "p2 | 2026-01-02 | purchase | ana | 200",
        "x2 | 2026-01-03 | return | ana | | ref=p2",
    ];
    levels(&run(&program, &rows, &["2026-01-03", "2036-01-01"]), &[("2026-01-03", "gold"), ("2036-01-01", "gold")]);
    program.tiers[0].levels[2].for_life = false;
    levels(&run(&program, &rows, &["2026-01-03"]), &[("2026-01-03", "gold")]);
    program.tiers[0].recompute = true;
    let ran = run(&program, &rows, &["2026-01-03"]);
    levels(&ran, &[("2026-01-03", "silver")]);
    // The term of silver from before.
    assert_eq!(ran.member("2026-01-03", "ana").levels[0].1, Some(d("2027-12-31")));
}

#[test]
fn a_level_up_fires_its_rules_once_and_recompute_takes_them_back() {
    let mut program = spending(YEAR);
    program.points[0].owe = n("1000");
    program.tiers[0].recompute = true;
    program.rules.push(rule("up", Trigger::LevelUp(TiersId(0)), fixed("25")));
    program.gifts = vec![gift("mug", loyal::mechanics::gift::Valid::Forever)];
    program.rules.push(rule("mug", Trigger::LevelUp(TiersId(0)), What::Gift(GiftId(0), 1)));
    program.rules[2].when = Some(level_is(0, 2));
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 100",
        "p2 | 2026-01-02 | purchase | ana | 200",
        "p3 | 2026-01-03 | purchase | ana | 1",
        "x2 | 2026-01-04 | return | ana | 200 | ref=p2",
    ];
    // 100 + 25, 200 + 25 and a mug for gold; the refund takes 200, 25 and the mug.
    run(&program, &rows, &["2026-01-01", "2026-01-03", "2026-01-04"]).expect(&[
        ["2026-01-01", "ana", "balance:star", "125"],
        ["2026-01-01", "ana", "gift:mug", "-"],
        ["2026-01-03", "ana", "balance:star", "351"],
        ["2026-01-03", "ana", "gift:mug", "1"],
        ["2026-01-04", "ana", "balance:star", "126"],
        ["2026-01-04", "ana", "gift:mug", "-"],
        ["2026-01-04", "ana", STATUS, "silver"],
    ]);
}

#[test]
fn several_measures_meet_with_and_or() {
    let mut program = spending(YEAR);
    let nights = TierMeasure { name: Some("nights".to_owned()), basis: visits(), window: YEAR, span: Span::default() };
    program.tiers[0].measures.push(nights);
    program.tiers[0].levels[1].need = Need::Any(vec![Need::AtLeast(1, n("2")), Need::AtLeast(0, n("500"))]);
    program.tiers[0].levels[2].need = Need::All(vec![Need::AtLeast(1, n("3")), Need::AtLeast(0, n("500"))]);
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 10",
        "p2 | 2026-01-02 | purchase | ana | 10",
        "p3 | 2026-01-03 | purchase | ana | 10",
        "p4 | 2026-01-04 | purchase | ana | 470",
        "q1 | 2026-01-01 | purchase | bob | 600",
    ];
    run(&program, &rows, &["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04"]).expect(&[
        ["2026-01-01", "bob", STATUS, "silver"],
        ["2026-01-02", "ana", STATUS, "silver"],
        ["2026-01-03", "ana", STATUS, "silver"],
        ["2026-01-04", "ana", STATUS, "gold"],
    ]);
}

#[test]
fn surplus_is_carried_over_to_the_next_window() {
    let mut program = spending(YEAR);
    program.tiers[0].carry_over = Some(Some(n("60")));
    let rows = [
        "p1 | 2026-06-01 | purchase | ana | 180",
        "p2 | 2027-01-01 | purchase | ana | 39",
        "p3 | 2027-02-01 | purchase | ana | 1",
    ];
    // 80 over silver's 100, at most 60 of it: 60 + 39 is short, 60 + 40 renews.
    let ran = run(&program, &rows, &["2027-01-31", "2027-02-01"]);
    assert_eq!(ran.member("2027-01-31", "ana").levels[0].1, Some(d("2027-12-31")));
    assert_eq!(ran.member("2027-02-01", "ana").levels[0].1, Some(d("2028-12-31")));
}

#[test]
fn granted_levels_last_their_own_time_beside_the_earned_one() {
    let mut program = spending(YEAR);
    program.tiers[0].matches = vec![(1, Some(d("2026-06-30")))];
    program.rules.push(rule(
        "join",
        Trigger::Join,
        What::Level { tiers: TiersId(0), level: 1, until: Some(Until::For(Length::Days(30))) },
    ));
    let rows = [
        "j1 | 2026-01-01 | join | ana",
        "j2 | 2026-01-01 | join | bob",
        "g1 | 2026-03-01 | grant | ana | | ref=gold until=2026-03-31",
        "g2 | 2026-03-01 | grant | bob | | ref=silver",
        "p1 | 2026-03-02 | purchase | ana | 100",
        "v1 | 2026-07-01 | revoke | bob | | ref=silver",
        "v2 | 2026-07-01 | revoke | ana | | ref=silver",
    ];
    // Ana: silver from joining through 31 January; gold by hand through March; silver earned meanwhile.
    run(&program, &rows, &["2026-01-31", "2026-02-01", "2026-03-31", "2026-04-01", "2026-06-30", "2026-07-01"]).expect(
        &[
            ["2026-01-31", "ana", STATUS, "silver"],
            ["2026-02-01", "ana", STATUS, "basic"],
            ["2026-03-31", "ana", STATUS, "gold"],
            ["2026-04-01", "ana", STATUS, "silver"],
            ["2026-06-30", "bob", STATUS, "silver"],
            ["2026-07-01", "bob", "rejected:v1", "not_held"],
            ["2026-07-01", "ana", STATUS, "basic"],
        ],
    );
}

#[test]
fn points_measure_what_was_earned_less_clawed_back() {
    let mut program = spending(YEAR);
    program.tiers[0] = tiers(Basis::Points(STAR), YEAR, &["0", "100"]);
    program.tiers[0].recompute = true;
    program.rewards = vec![reward("cake", "90")];
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 90",
        "r1 | 2026-01-02 | redeem | ana | | ref=cake",
        "x1 | 2026-01-03 | return | ana | 10 | ref=p1",
        "p2 | 2026-01-04 | purchase | ana | 19",
        "p3 | 2026-01-05 | purchase | ana | 1",
    ];
    // Spending does not count against it; 90 - 10 + 19 = 99, then 100.
    levels(&run(&program, &rows, &["2026-01-04", "2026-01-05"]), &[("2026-01-04", "basic"), ("2026-01-05", "silver")]);
    program.points[0].does_not_count = true;
    levels(&run(&program, &rows, &["2026-01-05"]), &[("2026-01-05", "basic")]);
}
