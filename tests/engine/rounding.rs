//! Numbers are exact inside an event and rounded once per posting (section 6.6), then capped (6.13).

use crate::build::*;
use loyal::engine::outcome::{Happened, Posting, PostingKind};
use loyal::mechanics::StackId;
use loyal::mechanics::give::{Band, What};
use loyal::mechanics::points::{Life, Scope};
use loyal::mechanics::rule::Trigger;
use loyal::mechanics::stack::{Stack, Take};
use loyal::text::Span;
use loyal::value::clock::Length;
use loyal::value::exact::Rounding;

fn earned(ran: &Ran) -> Vec<Posting> {
    let postings = ran.outcome.journal.iter().filter_map(|entry| match &entry.what {
        Happened::Posted(posting) => Some(posting.clone()),
        _ => None,
    });
    postings.filter(|posting| posting.kind == PostingKind::Earned).collect()
}

#[test]
fn gold_earns_double_rounded_once() {
    let mut program = program();
    program.rules =
        vec![rule("base", Trigger::Purchase, per("1", "2", total())), bonus("double", percent_of("100", 0))];
    let ran = run(&program, &["p | 2026-02-03 15:10 | purchase | ana | 57.90"], &["2026-02-03"]);
    // 57.90 / 2 = 28.95, twice = 57.90, down: 57; each rule's exact part is 28.95.
    ran.expect(&[["2026-02-03", "ana", "balance:star", "57"]]);
    let postings = earned(&ran);
    assert_eq!(postings.len(), 1);
    assert!(postings[0].parts.iter().all(|part| part.exact == n("28.95")), "{:?}", postings[0].parts);
    assert_eq!(postings[0].parts.iter().map(|part| &part.posted).sum::<loyal::value::Exact>(), n("57"));
}

#[test]
fn every_mode_rounds_once_per_receipt() {
    // 2.50 and 3.50 at 1 per 1: 2.5 and 3.5.
    for (mode, first, second) in [
        (Rounding::Down, "2", "3"),
        (Rounding::Up, "3", "4"),
        (Rounding::Nearest, "3", "4"),
        (Rounding::HalfEven, "2", "4"),
    ] {
        let mut program = program();
        program.points[0].round = mode;
        program.rules = vec![base()];
        let rows = ["p1 | 2026-01-01 | purchase | ana | 2.50", "p2 | 2026-01-01 | purchase | bob | 3.50"];
        run(&program, &rows, &["2026-01-01"])
            .expect(&[["2026-01-01", "ana", "balance:star", first], ["2026-01-01", "bob", "balance:star", second]]);
    }
}

#[test]
fn per_line_rounds_each_line_and_per_rule_each_rule() {
    let rows = ["p | 2026-01-01 | purchase | ana | 1.60", "p | 2026-01-01 | purchase | ana | 1.60"];
    // Receipt: 3.20 + 3.20 = 6.40 -> 6. Line: (1.6 + 1.6) twice, each line 3.2 -> 3 + 3 = 6, but up: 4 + 4 = 8.
    // Rule, up: 4 + 4 = 8; receipt, up: 7.
    for (scope, mode, wanted) in [
        (Scope::Receipt, Rounding::Up, "7"),
        (Scope::Line, Rounding::Up, "8"),
        (Scope::Rule, Rounding::Up, "8"),
        (Scope::Line, Rounding::Down, "6"),
        (Scope::Rule, Rounding::Down, "6"),
    ] {
        let mut program = program();
        program.points[0].scope = scope;
        program.points[0].round = mode;
        program.rules = vec![base(), bonus("double", percent_of("100", 0))];
        run(&program, &rows, &["2026-01-01"]).expect(&[["2026-01-01", "ana", "balance:star", wanted]]);
    }
}

#[test]
fn per_month_carries_the_fraction_within_the_month_only() {
    let mut program = program();
    program.points[0].scope = Scope::Month;
    program.rules = vec![base()];
    let rows = [
        "p1 | 2026-01-05 | purchase | ana | 0.60",
        "p2 | 2026-01-31 23:59 | purchase | ana | 0.60",
        "p3 | 2026-02-01 00:00 | purchase | ana | 0.90",
        "p4 | 2026-02-02 | purchase | ana | 0.10",
    ];
    // January 0.6 -> 0, 1.2 -> 1. February 0.9 -> 0 (0.2 of January is lost), 1.0 -> 1.
    run(&program, &rows, &["2026-01-05", "2026-01-31", "2026-02-01", "2026-02-02"]).expect(&[
        ["2026-01-05", "ana", "balance:star", "-"],
        ["2026-01-31", "ana", "balance:star", "1"],
        ["2026-02-01", "ana", "balance:star", "1"],
        ["2026-02-02", "ana", "balance:star", "2"],
    ]);
}

#[test]
fn a_cap_with_a_fraction_cuts_to_the_units_decimals_downward() {
    let mut program = program();
    program.points[0].caps = vec![cap("10.9", DAY)];
    program.rules = vec![base()];
    run(&program, &["p | 2026-01-01 | purchase | ana | 11.50"], &["2026-01-01"]).expect(&[[
        "2026-01-01",
        "ana",
        "balance:star",
        "10",
    ]]);
}

#[test]
fn one_event_gives_one_lot_for_each_unit_and_life() {
    let mut program = program();
    program.points[0].expiry = after(Length::Months(12));
    let life = Some(Life { length: Length::Days(30), at_end_of: None });
    program.rules = vec![base(), bonus("more", fixed("3")), bonus("short", fixed("5"))];
    program.rules[2].gives[0].life = life;
    let ran = run(&program, &["p | 2026-01-31 | purchase | ana | 10"], &["2026-01-31", "2026-03-02", "2026-03-03"]);
    let lots = &ran.member("2026-01-31", "ana").points[&(STAR, None)].lots;
    // 10 + 3 to 31 January 2027; 5 to 31 January + 30 days = 2 March.
    assert_eq!(lots.iter().map(|lot| lot.left.to_string()).collect::<Vec<_>>(), ["5", "13"]);
    assert_eq!(lots[0].last_day, Some(d("2026-03-02")));
    assert_eq!(lots[1].last_day, Some(d("2027-01-31")));
    ran.expect(&[["2026-03-02", "ana", "balance:star", "18"], ["2026-03-03", "ana", "balance:star", "13"]]);
}

#[test]
fn whole_steps_only_when_the_unit_says_per_full() {
    let mut program = program();
    program.points[0].decimals = 2;
    let full = What::Rate { unit: STAR, number: n("3"), or: Vec::new(), per: n("10"), full: true, basis: total() };
    program.rules =
        vec![rule("full", Trigger::Purchase, full), rule("any", Trigger::Purchase, per("1", "10", total()))];
    // 29.90: two full tens give 6, and 2.99 without full: 8.99.
    run(&program, &["p | 2026-01-01 | purchase | ana | 29.90"], &["2026-01-01"]).expect(&[[
        "2026-01-01",
        "ana",
        "balance:star",
        "8.99",
    ]]);
}

#[test]
fn a_scale_is_marginal_or_whole_and_a_step_a_fixed_sum() {
    let band = |from: &str, number: &str| Band { from: n(from), number: n(number), per: n("10") };
    let scale =
        |whole| What::Scale { unit: STAR, bands: vec![band("0", "1"), band("100", "2")], whole, basis: total() };
    let step = What::Step { unit: STAR, steps: vec![(n("50"), n("3")), (n("100"), n("5"))], basis: total() };
    // 150: marginal 100/10 + 50/10 × 2 = 20; whole 150/10 × 2 = 30; step 5.
    for (what, wanted) in [(scale(false), "20"), (scale(true), "30"), (step, "5")] {
        let mut program = program();
        program.rules = vec![rule("r", Trigger::Purchase, what)];
        run(&program, &["p | 2026-01-01 | purchase | ana | 150"], &["2026-01-01"]).expect(&[[
            "2026-01-01",
            "ana",
            "balance:star",
            wanted,
        ]]);
    }
}

#[test]
fn bonuses_are_added_never_compounded_unless_the_stack_says_so() {
    let stack = |take, cap_percent: Option<&str>| Stack {
        name: name("s"),
        take,
        caps: Vec::new(),
        money_caps: Vec::new(),
        cap_percent: cap_percent.map(|percent| (n(percent), Span::default())),
        span: Span::default(),
    };
    // 100 base, +100% and +50%: all 250; best 200; compound 100 × 2 × 1.5 = 300; first of [second] 150.
    // Cap 6% of the receipt: 6.00 RON at 0.05 each = 120 of the bonuses' 150: 220.
    let second = Take::First(vec![loyal::mechanics::RuleId(2), loyal::mechanics::RuleId(1)]);
    for (stack, wanted) in [
        (stack(Take::All, None), "250"),
        (stack(Take::Best(1), None), "200"),
        (stack(Take::Best(2), None), "250"),
        (stack(Take::Compound, None), "300"),
        (stack(second, None), "150"),
        (stack(Take::All, Some("6")), "220"),
    ] {
        let mut program = program();
        program.rules = vec![base(), bonus("double", percent_of("100", 0)), bonus("half", percent_of("50", 0))];
        program.rules[1].group = Some(StackId(0));
        program.rules[2].group = Some(StackId(0));
        program.stacks = vec![stack];
        run(&program, &["p | 2026-01-01 | purchase | ana | 100"], &["2026-01-01"]).expect(&[[
            "2026-01-01",
            "ana",
            "balance:star",
            wanted,
        ]]);
    }
}

#[test]
fn a_bonus_can_be_of_the_part_of_the_base_that_some_lines_brought() {
    let mut program = program();
    let coffee =
        What::PercentOf { percent: n("50"), rule: loyal::mechanics::RuleId(0), lines: pick(category("coffee")) };
    program.rules = vec![base(), bonus("coffee", coffee)];
    let rows = [
        "p | 2026-01-01 | purchase | ana | 30 | category=coffee",
        "p | 2026-01-01 | purchase | ana | 70 | category=cake",
    ];
    // 100 + 50% of 30 = 115.
    run(&program, &rows, &["2026-01-01"]).expect(&[["2026-01-01", "ana", "balance:star", "115"]]);
}

#[test]
fn a_purchase_below_nothing_gives_nothing_and_uses_up_no_limit() {
    let mut program = program();
    program.rules = vec![base()];
    program.rules[0].limits = vec![units("10", true, DAY)];
    let rows = ["p1 | 2026-01-01 | purchase | ana | -8", "p2 | 2026-01-01 | purchase | ana | 15"];
    run(&program, &rows, &["2026-01-01"])
        .expect(&[["2026-01-01", "ana", "balance:star", "10"], ["2026-01-01", "ana", "earned:star", "10"]]);
}
