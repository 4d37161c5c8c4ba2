//! Timers: birthdays, anniversaries, periods, silence (sections 3 and 6.2, and the edges).

use crate::build::*;
use loyal::ledger::History;
use loyal::mechanics::Program;
use loyal::mechanics::basis::{Basis, Pick};
use loyal::mechanics::condition::{How, Measure, Value};
use loyal::mechanics::rule::{Rule, Trigger};
use loyal::value::clock::{Length, Period, Window};

const STAR_BALANCE: &str = "balance:star";

fn only(rule: Rule) -> Program {
    let mut program = program();
    program.rules = vec![rule];
    program
}

fn listed(program: &Program, rows: &[&str], day: &str, birthday: Option<&str>) -> History {
    let mut history = history(&program.settings.clock, rows);
    joined(&mut history, "ana", Some(day), birthday);
    history
}

#[test]
fn a_birthday_stands_at_the_start_of_its_day_and_29_february_on_the_28th() {
    let program = only(rule("birthday", Trigger::Birthday(0), fixed("10")));
    let history = listed(&program, &[], "2026-01-01", Some("1992-02-29"));
    let ran = play(&program, &history, &["2026-02-27", "2026-02-28 00:00", "2027-02-28", "2028-02-28", "2028-02-29"]);
    ran.expect(&[
        ["2026-02-27", "ana", STAR_BALANCE, "-"],
        ["2026-02-28 00:00", "ana", STAR_BALANCE, "10"],
        ["2027-02-28", "ana", STAR_BALANCE, "20"],
        ["2028-02-28", "ana", STAR_BALANCE, "20"],
        ["2028-02-29", "ana", STAR_BALANCE, "30"],
    ]);
}

#[test]
fn days_before_and_after_a_birthday_and_only_for_members() {
    let program = only(rule("soon", Trigger::Birthday(-7), fixed("10")));
    // Seven days before 3 January is 27 December.
    let history = listed(&program, &[], "2026-01-01", Some("1990-01-03"));
    play(&program, &history, &["2026-12-26", "2026-12-27"])
        .expect(&[["2026-12-26", "ana", STAR_BALANCE, "-"], ["2026-12-27", "ana", STAR_BALANCE, "10"]]);
    // A member from the 28th on: this year's has passed.
    let history = listed(&program, &[], "2026-12-28", Some("1990-01-03"));
    play(&program, &history, &["2027-12-26", "2027-12-27"])
        .expect(&[["2027-12-26", "ana", STAR_BALANCE, "-"], ["2027-12-27", "ana", STAR_BALANCE, "10"]]);
}

#[test]
fn a_birthday_on_the_day_of_joining_counts_where_the_file_says_the_day() {
    let program = only(rule("birthday", Trigger::Birthday(0), fixed("10")));
    let history = listed(&program, &[], "2026-03-05", Some("1990-03-05"));
    play(&program, &history, &["2026-03-05"]).expect(&[["2026-03-05", "ana", STAR_BALANCE, "10"]]);
}

#[test]
fn an_anniversary_is_of_later_years() {
    let program = only(rule("year", Trigger::Anniversary(0), fixed("10")));
    let rows = ["j | 2024-02-29 10:00 | join | bob"];
    let history = listed(&program, &rows, "2025-06-01", None);
    play(&program, &history, &["2025-02-27", "2025-02-28", "2025-06-01", "2026-06-01"]).expect(&[
        ["2025-02-27", "bob", STAR_BALANCE, "-"],
        ["2025-02-28", "bob", STAR_BALANCE, "10"],
        ["2025-06-01", "ana", STAR_BALANCE, "-"],
        ["2026-06-01", "ana", STAR_BALANCE, "10"],
    ]);
}

#[test]
fn every_month_fires_as_it_ends_sees_it_whole_and_is_dated_its_last_day() {
    let mut program = only(rule("loyal", Trigger::Every { period: Period::Month, at_start: false }, fixed("10")));
    let spend = Measure::Aggregate { basis: total(), window: MONTH };
    program.rules[0].when = Some(test(spend, How::AtLeast(Value::Number(n("100")))));
    program.points[0].expiry = after(Length::Days(1));
    let rows = ["p1 | 2026-01-05 | purchase | ana | 60", "p2 | 2026-01-31 23:59 | purchase | ana | 40"];
    let ran = run(&program, &rows, &["2026-01-31 23:59", "2026-01-31", "2026-02-01", "2026-02-02"]);
    // Dated 31 January: in that day's end, and through 1 February with a life of one day.
    ran.expect(&[
        ["2026-01-31 23:59", "ana", STAR_BALANCE, "-"],
        ["2026-01-31", "ana", STAR_BALANCE, "10"],
        ["2026-02-01", "ana", STAR_BALANCE, "10"],
        ["2026-02-02", "ana", STAR_BALANCE, "-"],
    ]);
    let lot = &ran.member("2026-01-31", "ana").points[&(STAR, None)].lots[0];
    assert_eq!(lot.earned, d("2026-01-31"));
}

#[test]
fn at_start_of_every_week_fires_on_its_first_day() {
    let program = only(rule("week", Trigger::Every { period: Period::Week, at_start: true }, fixed("1")));
    let history = listed(&program, &[], "2026-01-05", None);
    // Mondays: the 5th (her first day), the 12th, the 19th.
    play(&program, &history, &["2026-01-05 00:00", "2026-01-11", "2026-01-12"]).expect(&[
        ["2026-01-05 00:00", "ana", STAR_BALANCE, "1"],
        ["2026-01-11", "ana", STAR_BALANCE, "1"],
        ["2026-01-12", "ana", STAR_BALANCE, "2"],
    ]);
}

#[test]
fn no_purchase_fires_once_and_is_armed_again_by_the_next_purchase() {
    let program = only(rule("miss_you", Trigger::NoPurchaseIn(30), fixed("10")));
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 5",
        "p2 | 2026-01-31 23:59 | purchase | ana | 5",
        "p3 | 2026-06-01 | purchase | ana | 5",
        "p1b | 2026-01-01 | purchase | bob | 5",
        "x1b | 2026-01-02 | visit | bob",
    ];
    // Within 30 days is through 31 January: ana just makes it; the next ends on 2 March.
    run(&program, &rows, &["2026-01-31", "2026-02-01", "2026-03-02", "2026-03-03", "2026-05-31", "2026-07-02"]).expect(
        &[
            ["2026-01-31", "bob", STAR_BALANCE, "-"],
            ["2026-02-01", "bob", STAR_BALANCE, "10"],
            ["2026-02-01", "ana", STAR_BALANCE, "-"],
            ["2026-03-02", "ana", STAR_BALANCE, "-"],
            ["2026-03-03", "ana", STAR_BALANCE, "10"],
            ["2026-05-31", "ana", STAR_BALANCE, "10"],
            ["2026-07-02", "ana", STAR_BALANCE, "20"],
            ["2026-07-02", "bob", STAR_BALANCE, "10"],
        ],
    );
}

#[test]
fn timers_of_a_moment_stand_before_its_events() {
    let mut program = only(base());
    program.points[0].expiry = after(Length::Days(9));
    program.rewards = vec![reward("cake", "10")];
    let rows = ["p1 | 2026-01-01 | purchase | ana | 10", "r1 | 2026-01-11 | redeem | ana | | ref=cake"];
    run(&program, &rows, &["2026-01-11"]).expect(&[["2026-01-11", "ana", "rejected:r1", "not_enough"]]);
}

#[test]
fn timers_keep_to_the_programs_days_and_to_its_day_start() {
    let mut program = only(rule("birthday", Trigger::Birthday(0), fixed("10")));
    program.settings.from = Some(d("2026-01-01"));
    program.settings.until = Some(d("2026-12-31"));
    program.settings.clock.set_day_starts(loyal::value::clock::Time::new(4, 0, 0, 0).expect("a time"));
    let history = listed(&program, &[], "2020-01-01", Some("1990-03-05"));
    play(&program, &history, &["2026-03-05 03:59", "2026-03-05 04:00", "2030-01-01"]).expect(&[
        ["2026-03-05 03:59", "ana", STAR_BALANCE, "-"],
        ["2026-03-05 04:00", "ana", STAR_BALANCE, "10"],
        ["2030-01-01", "ana", STAR_BALANCE, "10"],
    ]);
}

#[test]
fn who_stands_in_the_members_file_joins_as_her_day_begins_unless_an_event_says_when() {
    let program = only(rule("welcome", Trigger::Join, fixed("10")));
    let history = listed(&program, &[], "2026-01-05", None);
    play(&program, &history, &["2026-01-04", "2026-01-05 00:00"])
        .expect(&[["2026-01-04", "ana", STAR_BALANCE, "-"], ["2026-01-05 00:00", "ana", STAR_BALANCE, "10"]]);
    let rows = ["j | 2026-01-05 12:00 | join | ana", "j2 | 2026-01-06 12:00 | join | ana"];
    let history = listed(&program, &rows, "2026-01-05", None);
    play(&program, &history, &["2026-01-05 11:00", "2026-01-06"])
        .expect(&[["2026-01-05 11:00", "ana", STAR_BALANCE, "-"], ["2026-01-06", "ana", STAR_BALANCE, "10"]]);
}

#[test]
fn a_streak_ends_with_this_week_when_it_already_has_one_else_with_last_week() {
    let streak = |weeks: &str| {
        let with = loyal::mechanics::basis::StreakAct::Purchase;
        let of = loyal::mechanics::basis::Streak { of: Period::Week, with };
        test(Measure::Consecutive(of), How::Is(Value::Number(n(weeks))))
    };
    let rows = [
        "p1 | 2026-01-05 | purchase | ana | 1",
        "p2 | 2026-01-14 | purchase | ana | 1",
        "p3 | 2026-01-20 10:00 | purchase | ana | 1",
        "p4 | 2026-01-20 11:00 | purchase | ana | 1",
    ];
    // Weeks of the 5th, 12th and 19th: before p3 it is 2 (ending last week), before p4 3 (this week).
    for (weeks, wanted) in [("2", "10"), ("3", "10"), ("4", "-")] {
        let mut program = only(rule("streak", Trigger::Purchase, fixed("10")));
        program.rules[0].when = Some(streak(weeks));
        run(&program, &rows, &["2026-01-20"]).expect(&[["2026-01-20", "ana", STAR_BALANCE, wanted]]);
    }
}

#[test]
fn aggregates_see_what_lay_before_this_event_in_whole_days() {
    let window = Window::Last(Length::Days(365));
    let visited = |least: &str| {
        let measure = Measure::Aggregate { basis: Basis::Visits(Pick::default()), window };
        test(measure, How::AtLeast(Value::Number(n(least))))
    };
    let rows = [
        "p0 | 2025-12-31 | purchase | ana | 1",
        "p1 | 2026-01-01 | purchase | ana | 1",
        "p2 | 2026-01-01 | purchase | ana | 1",
        "p3 | 2026-12-31 | purchase | ana | 1",
    ];
    // On 31 December the last 365 days begin on 1 January: one visit lies before p3.
    let mut program = only(rule("again", Trigger::Purchase, fixed("10")));
    program.rules[0].when = Some(visited("2"));
    run(&program, &rows, &["2026-12-30", "2026-12-31"])
        .expect(&[["2026-12-30", "ana", STAR_BALANCE, "10"], ["2026-12-31", "ana", STAR_BALANCE, "10"]]);
}

#[test]
fn without_events_timers_begin_with_the_first_moment_asked_for() {
    let every_day = Trigger::Every { period: Period::Day, at_start: false };
    let program = only(rule("daily", every_day, fixed("1")));
    let mut history = History::default();
    joined(&mut history, "ana", None, None);
    play(&program, &history, &["2026-01-03", "2026-01-01"])
        .expect(&[["2026-01-01", "ana", STAR_BALANCE, "1"], ["2026-01-03", "ana", STAR_BALANCE, "3"]]);
}
