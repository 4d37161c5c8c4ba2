//! The reasoner against events made at random: what it rules out must never happen.

use super::formula::Formula;
use super::meet::{Answer, meet};
use super::steps::Steps;
use super::witness::{Item, OTHER, Witness};
use super::words;
use crate::mechanics::basis::{Basis, Pick, Total};
use crate::mechanics::condition::{Condition, How, Measure, Test, Value};
use crate::mechanics::settings::{Membership, Settings};
use crate::mechanics::tiers::{Lasts, Level, Miss, Need, Reach, TierMeasure, Tiers};
use crate::mechanics::{Name, Program, TiersId};
use crate::text::Span;
use crate::value::clock::{Clock, Date, Length, Time, Window};
use crate::value::exact::Exact;
use proptest::prelude::*;
use proptest::sample::select;

fn name(text: &str) -> Name {
    Name { text: text.to_owned(), span: Span::default() }
}

fn visits() -> Basis {
    Basis::Visits(Pick::default())
}

fn program() -> Program {
    let level = |(text, from): (&str, i64)| Level {
        name: name(text),
        need: Need::AtLeast(0, Exact::from_int(from)),
        for_life: false,
        benefits: Vec::new(),
    };
    let settings = Settings {
        name: name("tried"),
        money: "RON".to_owned(),
        minor_units: 2,
        clock: Clock::utc(),
        from: Some(Date::constant(2026, 1, 1)),
        until: None,
        late_days: 30,
        membership: Membership::Any,
        exchange: None,
        succession: Default::default(),
        objectives: Vec::new(),
    };
    let tiers = Tiers {
        name: name("status"),
        measures: vec![TierMeasure { name: None, basis: visits(), window: Window::Ever, span: Span::default() }],
        levels: [("basic", 0), ("silver", 5), ("gold", 9)].map(level).to_vec(),
        reach: Reach::NextEvent,
        lasts: Lasts::Forever,
        miss: Miss::Keep,
        recompute: false,
        carry_over: None,
        matches: Vec::new(),
        fees: Vec::new(),
        span: Span::default(),
    };
    Program { tiers: vec![tiers], ..Program::bare(settings) }
}

fn text(word: &str) -> Value {
    Value::Text(word.to_owned())
}

fn number(figure: i64) -> Value {
    Value::Number(Exact::from_int(figure))
}

/// Values of a kind, few enough that tests of one measure often touch.
fn value_of(measure: &Measure) -> BoxedStrategy<Value> {
    match measure {
        Measure::Category | Measure::Store => select(vec!["a", "b", "c"]).prop_map(text).boxed(),
        Measure::Time => (0_i8..24)
            .prop_map(|hour| Value::Time(Time::constant(0, 0, 0, 0).saturating_add(jiff::Span::new().hours(hour))))
            .boxed(),
        Measure::Weekday => (0_i8..7)
            .prop_map(|day| {
                Value::Weekday(jiff::civil::Weekday::from_monday_zero_offset(day).expect("a day of the week"))
            })
            .boxed(),
        Measure::Month => (1_i64..13).prop_map(number).boxed(),
        Measure::DayOfMonth => (28_i64..32).prop_map(number).boxed(),
        Measure::Level(_) => (0_usize..3).prop_map(Value::Level).boxed(),
        _ => (0_i64..5).prop_map(number).boxed(),
    }
}

fn measure() -> impl Strategy<Value = Measure> {
    let category = Condition::Test(Test { measure: Measure::Category, how: How::Is(text("a")), span: Span::default() });
    select(vec![
        Measure::Amount,
        Measure::Items,
        Measure::TotalOf(Box::new(category)),
        Measure::Category,
        Measure::Category,
        Measure::Price,
        Measure::Quantity,
        Measure::Store,
        Measure::Time,
        Measure::Weekday,
        Measure::Month,
        Measure::DayOfMonth,
        Measure::Level(TiersId(0)),
        Measure::FirstPurchase,
        Measure::BirthdayWithin(3),
        Measure::MemberFor(Length::Months(2)),
        Measure::DaysSinceLastPurchase,
        Measure::Aggregate { basis: visits(), window: Window::Last(Length::Days(30)) },
        Measure::Aggregate { basis: Basis::Total(Total::default()), window: Window::Ever },
    ])
}

fn leaf() -> impl Strategy<Value = Condition> {
    measure().prop_flat_map(|measure| {
        let yes = matches!(measure, Measure::FirstPurchase | Measure::BirthdayWithin(_) | Measure::MemberFor(_));
        let (a, b) = (value_of(&measure), value_of(&measure));
        (a, b, 0..8_u8).prop_map(move |(a, b, kind)| {
            let how = match kind {
                _ if yes => How::Holds,
                0 => How::Is(a),
                1 => How::IsNot(a),
                2 => How::AtLeast(a),
                3 => How::LessThan(a),
                4 => How::Between(a, b),
                5 => How::In(vec![a, b]),
                6 => How::NotIn(vec![a, b]),
                _ => How::MoreThan(a),
            };
            Condition::Test(Test { measure: measure.clone(), how, span: Span::default() })
        })
    })
}

fn condition() -> impl Strategy<Value = Condition> {
    leaf().prop_recursive(3, 10, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Condition::All),
            prop::collection::vec(inner.clone(), 1..3).prop_map(Condition::Any),
            inner.clone().prop_map(|part| Condition::Not(Box::new(part))),
            inner.prop_map(|part| Condition::EveryLine(Box::new(part))),
        ]
    })
}

fn item() -> impl Strategy<Value = Item> {
    (select(vec![Some("a"), Some("b"), Some("c"), Some(OTHER), None]), 0_i64..6, 1_i64..4).prop_map(
        |(category, amount, quantity)| {
            let mut item =
                Item { amount: Exact::from_int(amount), quantity: Exact::from_int(quantity), ..Item::default() };
            item.values.insert("category".to_owned(), (Measure::Category, category.map(text)));
            item
        },
    )
}

type Event = (i32, Option<i8>, Vec<Item>, [i64; 4], Option<&'static str>, usize, bool);

fn event() -> impl Strategy<Value = Event> {
    (
        0..800_i32,
        prop::option::of(0_i8..24),
        prop::collection::vec(item(), 1..4),
        [0_i64..6, 0_i64..6, 0_i64..5, 0_i64..90],
        select(vec![Some("a"), Some("b"), None]),
        0_usize..3,
        any::<bool>(),
    )
}

fn witness<'p>(program: &'p Program, (day, hour, lines, figures, store, level, first): Event) -> Witness<'p> {
    let day = Date::constant(2026, 1, 1).saturating_add(jiff::Span::new().days(day));
    let mut witness = Witness::on(program, day);
    witness.time = hour.map(|hour| Time::constant(0, 0, 0, 0).saturating_add(jiff::Span::new().hours(hour)));
    witness.lines = lines;
    witness.birthday_in = u32::try_from(figures[2]).ok();
    witness.joined = Length::Days(u32::try_from(figures[3]).unwrap_or(0)).before(day);
    let mut say = |measure: Measure, value: Option<Value>| {
        witness.values.insert(words::measure(program, &measure), (measure, value));
    };
    say(Measure::Store, store.map(text));
    say(Measure::Level(TiersId(0)), Some(Value::Level(level)));
    say(Measure::FirstPurchase, Some(Value::YesNo(first)));
    say(Measure::DaysSinceLastPurchase, if first { None } else { Some(number(figures[3])) });
    let past = |basis, window| Measure::Aggregate { basis, window };
    say(past(visits(), Window::Last(Length::Days(30))), Some(number(figures[0])));
    say(past(Basis::Total(Total::default()), Window::Ever), Some(number(figures[1])));
    witness
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn what_is_ruled_out_never_happens(condition in condition(), events in prop::collection::vec(event(), 40)) {
        let program = program();
        for wanted in [true, false] {
            let ruled_out = meet(&program, &Formula::of(&program, &condition, wanted), &Steps::of(&program)).is_no();
            for event in events.clone().into_iter().filter(|_| ruled_out) {
                let held = witness(&program, event).holds(&condition);
                prop_assert_ne!(held, Some(wanted), "{}", words::condition(&program, &condition));
            }
        }
    }

    #[test]
    fn an_event_that_is_shown_is_one_in_which_it_holds(condition in condition()) {
        let program = program();
        for wanted in [true, false] {
            if let Answer::Yes(witness) = meet(&program, &Formula::of(&program, &condition, wanted), &Steps::of(&program)) {
                prop_assert_eq!(witness.holds(&condition), Some(wanted), "{}", words::condition(&program, &condition));
            }
        }
    }
}

#[test]
fn most_questions_get_an_answer() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
    let program = program();
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let unsure = (0..500)
        .filter(|_| {
            let condition = condition().new_tree(&mut runner).expect("a condition").current();
            matches!(meet(&program, &Formula::of(&program, &condition, true), &Steps::of(&program)), Answer::Unsure)
        })
        .count();
    assert!(unsure < 125, "unsure of {unsure} in 500");
}

#[test]
fn texts_are_ordered_too() {
    let program = program();
    let test = |how| Condition::Test(Test { measure: Measure::Category, how, span: Span::default() });
    let after = Condition::All(vec![test(How::AtLeast(text("a"))), test(How::NotIn(vec![text("a")]))]);
    assert!(matches!(meet(&program, &Formula::of(&program, &after, true), &Steps::of(&program)), Answer::Yes(_)));
}
