//! Limits, caps and budgets: after rounding, in their order, net of what returns took back.

use crate::build::*;
use loyal::mechanics::StackId;
use loyal::mechanics::budget::Budget;
use loyal::mechanics::rule::Trigger;
use loyal::mechanics::stack::{Stack, Take};
use loyal::mechanics::{BudgetId, GiftId};
use loyal::text::Span;
use loyal::value::clock::Window;

#[test]
fn a_limit_of_a_unit_is_per_member_and_calendar_day() {
    let mut program = program();
    program.rules = vec![base()];
    program.rules[0].limits = vec![units("50", true, DAY)];
    let rows = [
        "p1 | 2026-01-01 10:00 | purchase | ana | 40",
        "p2 | 2026-01-01 23:59 | purchase | ana | 40",
        "p3 | 2026-01-01 12:00 | purchase | bob | 70",
        "p4 | 2026-01-02 00:00 | purchase | ana | 40",
    ];
    run(&program, &rows, &["2026-01-01", "2026-01-02"]).expect(&[
        ["2026-01-01", "ana", "balance:star", "50"],
        ["2026-01-01", "bob", "balance:star", "50"],
        ["2026-01-02", "ana", "balance:star", "90"],
    ]);
}

#[test]
fn a_limit_of_times_counts_only_times_that_gave_something() {
    let mut program = program();
    program.rules = vec![base()];
    program.rules[0].limits = vec![times("2", true, MONTH)];
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 0.50",
        "p2 | 2026-01-02 | purchase | ana | 10",
        "p3 | 2026-01-03 | purchase | ana | 10",
        "p4 | 2026-01-04 | purchase | ana | 10",
    ];
    // p1 rounds to nothing and is no time; p2 and p3 are; p4 is over.
    run(&program, &rows, &["2026-01-04"]).expect(&[["2026-01-04", "ana", "balance:star", "20"]]);
}

#[test]
fn a_limit_in_all_is_shared_by_all_members() {
    let mut program = program();
    program.rules = vec![base()];
    program.rules[0].limits = vec![times("2", false, Window::Ever)];
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 10",
        "p2 | 2026-01-02 | purchase | bob | 10",
        "p3 | 2026-01-03 | purchase | cat | 10",
    ];
    run(&program, &rows, &["2026-01-03"])
        .expect(&[["2026-01-03", "bob", "balance:star", "10"], ["2026-01-03", "cat", "balance:star", "-"]]);
}

#[test]
fn what_a_return_took_back_makes_room_for_later_events_never_for_earlier_ones() {
    let mut program = program();
    program.rules = vec![base()];
    program.rules[0].limits = vec![units("100", true, MONTH)];
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 80",
        "p2 | 2026-01-02 | purchase | ana | 50",
        "x1 | 2026-01-03 | return | ana | | ref=p1",
        "p3 | 2026-01-04 | purchase | ana | 90",
        "x2 | 2026-01-05 | return | ana | 10 | ref=p2",
    ];
    // p2 is cut to 20; the return of p1 takes 80 and leaves p2 at 20; p3 has room for 80.
    // x2: p2 was 50 cut to 20; 40 would still be cut to 20 under the state of its own day: no change.
    run(&program, &rows, &["2026-01-02", "2026-01-03", "2026-01-04", "2026-01-05"]).expect(&[
        ["2026-01-02", "ana", "balance:star", "100"],
        ["2026-01-03", "ana", "balance:star", "20"],
        ["2026-01-04", "ana", "balance:star", "100"],
        ["2026-01-05", "ana", "balance:star", "100"],
        ["2026-01-05", "ana", "clawed:star", "80"],
    ]);
}

#[test]
fn a_limit_of_times_is_net_of_returns_too() {
    let mut program = program();
    program.rules = vec![rule("once", Trigger::Purchase, fixed("7"))];
    program.rules[0].limits = vec![times("1", true, Window::Ever)];
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 10",
        "p2 | 2026-01-02 | purchase | ana | 10",
        "x1 | 2026-01-03 | return | ana | | ref=p1",
        "p3 | 2026-01-04 | purchase | ana | 10",
    ];
    run(&program, &rows, &["2026-01-03", "2026-01-04"])
        .expect(&[["2026-01-03", "ana", "balance:star", "-"], ["2026-01-04", "ana", "balance:star", "7"]]);
}

#[test]
fn caps_apply_in_order_rule_stack_budget_program() {
    let mut program = program();
    program.rules = vec![base(), bonus("double", percent_of("100", 0))];
    program.rules[1].group = Some(StackId(0));
    program.rules[1].limits = vec![units("90", true, DAY)];
    program.rules[1].budget = Some(BudgetId(0));
    program.stacks = vec![Stack {
        name: name("s"),
        take: Take::All,
        caps: vec![(STAR, cap("80", DAY))],
        money_caps: Vec::new(),
        cap_percent: None,
        span: Span::default(),
    }];
    program.budgets = vec![budget("3.50", MONTH)];
    program.points[0].caps = vec![cap("165", DAY)];
    let ran = run(&program, &["p | 2026-01-01 | purchase | ana | 100"], &["2026-01-01"]);
    // 100 base + 100 bonus; rule 90, stack 80, budget 3.50 / 0.05 = 70, program 170 -> 165.
    ran.expect(&[["2026-01-01", "ana", "balance:star", "165"]]);
    let cuts: Vec<String> = ran
        .outcome
        .journal
        .iter()
        .filter_map(|entry| match &entry.what {
            loyal::engine::outcome::Happened::Posted(posting) => {
                Some(posting.cuts.iter().map(|cut| cut.off.to_string()))
            }
            _ => None,
        })
        .flatten()
        .collect();
    assert_eq!(cuts, ["10", "10", "10", "5"]);
}

fn budget(most: &str, window: Window) -> Budget {
    Budget { name: name("b"), most: n(most), window, at_cost: true, warn_only: false, span: Span::default() }
}

#[test]
fn a_budget_closes_after_the_event_that_empties_it_and_a_return_opens_it() {
    let mut program = program();
    program.rules = vec![base()];
    program.rules[0].budget = Some(BudgetId(0));
    program.budgets = vec![budget("5", MONTH)];
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 60",
        "p2 | 2026-01-02 | purchase | bob | 60",
        "p3 | 2026-01-03 | purchase | cat | 60",
        "x1 | 2026-01-04 | return | ana | | ref=p1",
        "p4 | 2026-01-05 | purchase | cat | 10",
        "p5 | 2026-02-01 | purchase | cat | 10",
    ];
    // 5 RON are 100 stars: 60, then 40, then none; 60 come back; February has its own.
    run(&program, &rows, &["2026-01-03", "2026-01-05", "2026-02-01"]).expect(&[
        ["2026-01-03", "ana", "balance:star", "60"],
        ["2026-01-03", "bob", "balance:star", "40"],
        ["2026-01-03", "cat", "balance:star", "-"],
        ["2026-01-05", "cat", "balance:star", "10"],
        ["2026-02-01", "cat", "balance:star", "20"],
    ]);
}

#[test]
fn a_budget_pays_for_gifts_at_cost_and_only_warns_when_it_says_so() {
    let mut program = program();
    program.gifts = vec![gift("mug", loyal::mechanics::gift::Valid::Forever)];
    program.rules = vec![rule("mug", Trigger::Purchase, loyal::mechanics::give::What::Gift(GiftId(0), 1))];
    program.rules[0].budget = Some(BudgetId(0));
    program.budgets = vec![budget("10", MONTH)];
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 1",
        "p2 | 2026-01-02 | purchase | ana | 1",
        "p3 | 2026-01-03 | purchase | ana | 1",
    ];
    // Mugs at 4: two for 8, a third would be 12.
    run(&program, &rows, &["2026-01-03"]).expect(&[["2026-01-03", "ana", "gift:mug", "2"]]);
    program.budgets[0].warn_only = true;
    run(&program, &rows, &["2026-01-03"]).expect(&[["2026-01-03", "ana", "gift:mug", "3"]]);
}

#[test]
fn last_days_are_whole_days_and_last_hours_exact() {
    let mut program = program();
    program.rules = vec![base()];
    program.rules[0].limits = vec![times("1", true, Window::LastHours(24))];
    let rows = [
        "p1 | 2026-01-01 10:00 | purchase | ana | 10",
        "p2 | 2026-01-02 09:59 | purchase | ana | 10",
        "p3 | 2026-01-02 10:00 | purchase | ana | 10",
    ];
    run(&program, &rows, &["2026-01-02 09:59", "2026-01-02"])
        .expect(&[["2026-01-02 09:59", "ana", "balance:star", "10"], ["2026-01-02", "ana", "balance:star", "20"]]);
    program.rules[0].limits = vec![times("1", true, Window::Last(loyal::value::clock::Length::Days(2)))];
    // Today and the day before: the second day is still inside, the third is not.
    let rows = [
        "p1 | 2026-01-01 | purchase | ana | 1",
        "p2 | 2026-01-02 | purchase | ana | 1",
        "p3 | 2026-01-03 | purchase | ana | 1",
    ];
    run(&program, &rows, &["2026-01-02", "2026-01-03"])
        .expect(&[["2026-01-02", "ana", "balance:star", "1"], ["2026-01-03", "ana", "balance:star", "2"]]);
}
