//! Examples of a program: met where they are right; where not, told as expected, got and why.

use crate::build::*;
use loyal::engine::examples::{ExampleResult, Failure, run as run_example};
use loyal::mechanics::example::{Example, ExampleLine, Expect, Expected, GivenMember, Happening, Held, Step};
use loyal::mechanics::points::Pending;
use loyal::mechanics::rule::Trigger;
use loyal::mechanics::{CardId, GiftId, PointsId, Program, RewardId, RuleId, TiersId};
use loyal::text::Span;
use loyal::value::clock::Time;
use std::collections::BTreeMap;

fn happening(date: &str, time: Option<(i8, i8)>, kind: &str, amount: Option<&str>) -> Happening {
    Happening {
        id: None,
        date: d(date),
        time: time.map(|(hour, minute)| Time::new(hour, minute, 0, 0).expect("a time")),
        kind: kind.to_owned(),
        member: Some("ana".to_owned()),
        reference: None,
        lines: amount
            .map(|amount| ExampleLine { amount: Some(n(amount)), ..ExampleLine::default() })
            .into_iter()
            .collect(),
        store: None,
        channel: None,
        qty: None,
        unit: None,
        paid_points: None,
        coupons: Vec::new(),
        fields: BTreeMap::new(),
        span: Span::default(),
    }
}

fn on(date: &str, amount: &str) -> Step {
    Step::On(happening(date, Some((15, 10)), "purchase", Some(amount)))
}

fn on_ref(date: &str, kind: &str, of: &str) -> Step {
    Step::On(Happening { reference: Some(of.to_owned()), ..happening(date, Some((16, 0)), kind, None) })
}

fn expect(what: Expected) -> Step {
    Step::Expect(Expect { member: "ana".to_owned(), what, span: Span::default() })
}

fn ana() -> GivenMember {
    GivenMember { id: "ana".to_owned(), joined: Some(d("2020-01-05")), ..GivenMember::default() }
}

fn check(program: &Program, member: GivenMember, steps: Vec<Step>) -> ExampleResult {
    let example = Example { title: "it".to_owned(), members: vec![member], steps, span: Span::default() };
    run_example(program, &example)
}

fn cafe() -> Program {
    let mut program = program();
    program.rules =
        vec![rule("base", Trigger::Purchase, per("1", "2", total())), bonus("gold_double", percent_of("100", 0))];
    program.rules[1].when = Some(level_is(0, 2));
    program.tiers = vec![tiers(visits(), YEAR, &["0", "10", "30"])];
    program
}

fn gold() -> GivenMember {
    GivenMember { levels: vec![(TiersId(0), 2, Some(d("2027-12-31")))], ..ana() }
}

#[test]
fn gold_earns_double_rounded_once() {
    let because = vec![(n("28.95"), RuleId(0)), (n("28.95"), RuleId(1))];
    let steps = vec![
        on("2026-02-03", "57.90"),
        expect(Expected::Earns(STAR, n("57"), because)),
        expect(Expected::Level(TiersId(0), 2, Some(d("2027-12-31")))),
    ];
    let result = check(&cafe(), gold(), steps);
    assert!(result.passed(), "{result:?}");
    assert_eq!(result.expectations, 2);
}

#[test]
fn a_failed_one_shows_expected_got_and_why() {
    let steps = vec![
        on("2026-02-03", "57.90"),
        expect(Expected::Earns(STAR, n("58"), vec![(n("29"), RuleId(0))])),
        expect(Expected::Has(STAR, n("56"))),
        expect(Expected::EarnsNothing(None)),
        expect(Expected::Level(TiersId(0), 1, None)),
        expect(Expected::Rejected("not_enough".to_owned())),
    ];
    let result = check(&cafe(), gold(), steps);
    let told: Vec<String> = result
        .failures
        .iter()
        .map(|failure| {
            let entries = match failure.because.len() {
                1 => "1 entry".to_owned(),
                more => format!("{more} entries"),
            };
            let Failure { expected, got, .. } = failure;
            format!("expected {expected}\n     got {got}\n     why {entries} of the journal")
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    expected ana earns 58 stars because 29 from base
         got ana earns 57 stars because 28.95 from base and 28.95 from gold_double
         why 1 entry of the journal
    expected ana has 56 stars
         got ana has 57 stars
         why 1 entry of the journal
    expected ana earns nothing
         got ana earns 57 stars because 28.95 from base and 28.95 from gold_double
         why 1 entry of the journal
    expected ana is silver in status
         got ana is gold in status until 2027-12-31
         why 0 entries of the journal
    expected ana is rejected because not_enough
         got ana is not rejected
         why 1 entry of the journal
    ");
}

#[test]
fn each_expect_says_what_holds_after_the_lines_above_it() {
    let given = GivenMember { balances: vec![(STAR, n("300"), Some(d("2026-03-31")))], ..ana() };
    let steps = vec![
        Step::Given(happening("2026-02-01", None, "purchase", Some("10"))),
        on("2026-02-03", "20"),
        expect(Expected::Earns(STAR, n("10"), Vec::new())),
        expect(Expected::Has(STAR, n("315"))),
        on("2026-02-04", "2"),
        on("2026-02-05", "4"),
        expect(Expected::Earns(STAR, n("3"), Vec::new())),
        Step::AsOf(d("2026-04-01"), Span::default()),
        expect(Expected::Has(STAR, n("18"))),
        expect(Expected::EarnsNothing(None)),
    ];
    let result = check(&cafe(), given, steps);
    assert!(result.passed(), "{result:?}");
}

#[test]
fn timers_of_the_years_before_an_example_do_not_count_but_those_it_waits_for_do() {
    let mut program = cafe();
    program.rules.push(rule("birthday", Trigger::Birthday(0), fixed("50")));
    program.points[0].pending = Pending::Days(14);
    let given = GivenMember { birthday: Some(d("1990-03-15")), ..ana() };
    let steps = vec![
        on("2026-03-01", "20"),
        expect(Expected::Pending(STAR, n("10"))),
        Step::AsOf(d("2026-03-15"), Span::default()),
        expect(Expected::Earns(STAR, n("50"), vec![(n("50"), RuleId(2))])),
        expect(Expected::Has(STAR, n("10"))),
        expect(Expected::Pending(STAR, n("50"))),
        expect(Expected::Owes(STAR, n("0"))),
    ];
    let result = check(&program, given, steps);
    assert!(result.passed(), "{result:?}");
}

#[test]
fn stamps_gifts_and_rejections() {
    let mut program = cafe();
    program.cards = vec![card(3, loyal::mechanics::card::StampPer::Purchase, Default::default())];
    program.gifts = vec![gift("free", loyal::mechanics::gift::Valid::Forever)];
    program.rewards = vec![reward("cake", "30")];
    let given = GivenMember {
        stamps: vec![(CardId(0), 1)],
        gifts: vec![(Held::Gift(GiftId(0)), 1)],
        balances: vec![(STAR, n("29"), None)],
        ..ana()
    };
    let steps = vec![
        on_ref("2026-01-01", "redeem", "cake"),
        expect(Expected::Rejected("not_enough".to_owned())),
        expect(Expected::EarnsNothing(Some("not_enough".to_owned()))),
        on("2026-01-02", "2"),
        expect(Expected::Stamps(CardId(0), 2)),
        on_ref("2026-01-03", "redeem", "cake"),
        expect(Expected::Gifts(Held::Reward(RewardId(0)), 1)),
        on("2026-01-04", "2"),
        expect(Expected::Gifts(Held::Gift(GiftId(0)), 2)),
        expect(Expected::Stamps(CardId(0), 0)),
    ];
    let result = check(&program, given, steps);
    assert!(result.passed(), "{result:?}");
}

#[test]
fn days_pass_in_an_example_where_nothing_happens() {
    let mut program = program();
    program.rules = vec![rule("treat", Trigger::Birthday(0), fixed("5"))];
    let born = GivenMember { birthday: Some(d("1990-02-10")), joined: Some(d("2026-01-05")), ..ana() };
    for (day, stars) in [("2026-02-09", "0"), ("2026-02-17", "5")] {
        let steps = vec![Step::AsOf(d(day), Span::default()), expect(Expected::Has(PointsId(0), n(stars)))];
        let result = check(&program, born.clone(), steps);
        assert!(result.passed(), "{day}: {result:?}");
    }
}
