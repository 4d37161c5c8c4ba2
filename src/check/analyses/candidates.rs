//! Values worth trying for a measure: one from every stretch on which all its tests answer alike.
//!
//! So when none of them passes, no value does, and that is a proof.

use super::witness::{OTHER, of_list};
use crate::mechanics::Program;
use crate::mechanics::basis::Basis;
use crate::mechanics::condition::{How, Measure, Test, Value};
use crate::mechanics::habit::Habit;
use crate::value::clock::{Date, Time};
use crate::value::exact::Exact;
use std::collections::BTreeSet;

/// The values that the tests of one measure name.
fn named<'t>(tests: &'t [(Test, bool)]) -> impl Iterator<Item = &'t Value> + 't {
    tests.iter().flat_map(|(test, _)| match &test.how {
        How::Is(a) | How::IsNot(a) | How::AtLeast(a) | How::AtMost(a) | How::MoreThan(a) | How::LessThan(a) => vec![a],
        How::Between(a, b) => vec![a, b],
        How::In(all) | How::NotIn(all) => all.iter().collect(),
        How::InList(_) | How::NotInList(_) | How::InCalendar(_) | How::NotInCalendar(_) | How::Exists | How::Holds => {
            Vec::new()
        }
    })
}

/// What to try for a measure, the nicest to read first; none: no value at all.
pub fn of(program: &Program, measure: &Measure, tests: &[(Test, bool)]) -> Vec<Option<Value>> {
    match measure {
        Measure::Level(id) => (0..program.tiers[id.0].levels.len()).map(|level| Some(Value::Level(level))).collect(),
        Measure::FirstPurchase
        | Measure::ReducedPrice
        | Measure::HasGift(_)
        | Measure::HasReward(_)
        | Measure::HasCoupon(_)
        | Measure::HasMembership(_)
        | Measure::InSegment(_)
        | Measure::BirthdayWithin(_)
        | Measure::MemberFor(_) => [true, false].map(|yes| Some(Value::YesNo(yes))).to_vec(),
        Measure::Time => times(tests),
        Measure::Category
        | Measure::Sku
        | Measure::Brand
        | Measure::Store
        | Measure::Channel
        | Measure::Column(_)
        | Measure::MemberColumn(_) => texts(program, tests),
        Measure::Amount
        | Measure::TotalOf(_)
        | Measure::Price
        | Measure::Items
        | Measure::ItemsOf(_)
        | Measure::Quantity => some(figures(tests, false, true)),
        Measure::Consecutive(_) => some(figures(tests, true, false)),
        // An open card is never full.
        Measure::Stamps(id) => {
            let full = Exact::from_int(i64::from(program.cards[id.0].full));
            some(figures(tests, true, false).into_iter().filter(|figure| *figure < full).collect())
        }
        Measure::Balance(_) => some(figures(tests, false, false)),
        Measure::Aggregate { basis, .. } => some(figures(tests, is_count(basis), false)),
        Measure::Habit(habit) => of_habit(habit, tests),
        Measure::DaysSinceLastPurchase => {
            let mut all = some(figures(tests, true, false));
            all.push(None);
            all
        }
        Measure::Weekday | Measure::Date | Measure::DayOfMonth | Measure::Month => Vec::new(),
    }
}

/// The same of a ready-made measure; of who never bought most have no value.
fn of_habit(habit: &Habit, tests: &[(Test, bool)]) -> Vec<Option<Value>> {
    let mut all = match habit {
        Habit::Dormant | Habit::DateWithin(..) => return [true, false].map(|yes| Some(Value::YesNo(yes))).to_vec(),
        Habit::Quintile(_) => some((1..=5).map(Exact::from_int).collect()),
        Habit::ChurnRisk | Habit::ReducedShare(_) => {
            let hundred = Exact::from_int(100);
            some(figures(tests, false, false).into_iter().filter(|figure| *figure <= hundred).collect())
        }
        Habit::Margin(_) => return some(figures(tests, false, true)),
        Habit::ExpectedGap => some(figures(tests, false, false)),
        Habit::DaysSinceFirstPurchase => some(figures(tests, true, false)),
        Habit::FirstPurchaseDay => dates(tests),
    };
    all.push(None);
    all
}

/// The days named, and those beside them.
fn dates(tests: &[(Test, bool)]) -> Vec<Option<Value>> {
    let named = named(tests).filter_map(|value| if let Value::Date(date) = value { Some(*date) } else { None });
    let around = |date: Date| [Some(date), date.yesterday().ok(), date.tomorrow().ok()];
    let mut all: BTreeSet<Date> = named.flat_map(around).flatten().collect();
    // Where no day is named, as in `first purchase exists`, any will do.
    if all.is_empty() {
        all.insert(Date::constant(2026, 1, 5));
    }
    all.into_iter().map(|date| Some(Value::Date(date))).collect()
}

fn some(figures: Vec<Exact>) -> Vec<Option<Value>> {
    figures.into_iter().map(|figure| Some(Value::Number(figure))).collect()
}

fn is_count(basis: &Basis) -> bool {
    match basis {
        Basis::Purchases(_) | Basis::Visits(_) | Basis::Activity(_) | Basis::Distinct(..) | Basis::One => true,
        Basis::Total(_) | Basis::Items(_) | Basis::Field { .. } | Basis::Points(_) => false,
    }
}

/// The numbers named, those between and those beyond. Counts are whole and not negative; money and
/// quantities of this event may be negative (something brought back in the same receipt), and come last.
fn figures(tests: &[(Test, bool)], whole: bool, signed: bool) -> Vec<Exact> {
    let mut bounds: BTreeSet<Exact> = named(tests)
        .filter_map(|value| match value {
            Value::Number(figure) => Some(figure.clone()),
            Value::Text(text) => Exact::parse(text),
            Value::Time(_) | Value::Date(_) | Value::Weekday(_) | Value::Level(_) | Value::YesNo(_) => None,
        })
        .collect();
    bounds.insert(Exact::zero());
    let one = Exact::one();
    let half = Exact::ratio(1, 2);
    let bounds: Vec<Exact> = bounds.into_iter().collect();
    let mut all: BTreeSet<Exact> = BTreeSet::new();
    for (at, bound) in bounds.iter().enumerate() {
        all.extend([bound.clone(), bound + &one, bound - &one]);
        if let Some(next) = bounds.get(at + 1) {
            all.insert((bound + next) * &half);
        }
        if whole {
            all.extend([bound.floor(), bound.ceil(), bound.floor() + &one, bound.ceil() - &one]);
        }
    }
    let fits = |figure: &Exact| (signed || !figure.is_negative()) && (!whole || figure.is_integer());
    let (mut nice, last): (Vec<Exact>, Vec<Exact>) =
        all.into_iter().filter(fits).partition(|figure| !signed || figure.is_positive());
    // A bound itself reads better than a figure made up beside it.
    nice.sort_by_key(|figure| (!bounds.contains(figure), figure.clone()));
    nice.extend(last.into_iter().rev());
    nice
}

const NOON: i64 = 12 * 3600;
const DAY: i64 = 24 * 3600;

fn times(tests: &[(Test, bool)]) -> Vec<Option<Value>> {
    let nanos = |time: &Time| {
        let seconds = i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second());
        seconds * 1_000_000_000 + i64::from(time.subsec_nanosecond())
    };
    let bounds: BTreeSet<i64> =
        named(tests).filter_map(|value| if let Value::Time(time) = value { Some(nanos(time)) } else { None }).collect();
    let mut edges: Vec<i64> = bounds.iter().copied().chain([0, DAY * 1_000_000_000]).collect();
    edges.sort_unstable();
    let between = edges.windows(2).map(|pair| i64::midpoint(pair[0], pair[1]));
    let all = bounds.iter().copied().chain([NOON * 1_000_000_000]).chain(between);
    let mut times: Vec<Option<Value>> =
        all.filter_map(|nanos| time_of(nanos).map(|time| Some(Value::Time(time)))).collect();
    times.push(None);
    times
}

fn time_of(nanos: i64) -> Option<Time> {
    let (seconds, part) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
    let small = |n: i64| i8::try_from(n).ok();
    let part = i32::try_from(part).ok()?;
    Time::new(small(seconds / 3600)?, small(seconds / 60 % 60)?, small(seconds % 60)?, part).ok()
}

/// The texts named, numbers and days as texts with their neighbours, a value nobody names, and none.
fn texts(program: &Program, tests: &[(Test, bool)]) -> Vec<Option<Value>> {
    let text = |text: String| Some(Value::Text(text));
    let mut all = Vec::new();
    let mut numbers = false;
    for value in named(tests) {
        match value {
            Value::Text(one) => all.push(text(one.clone())),
            Value::Number(_) => numbers = true,
            Value::Date(date) => {
                let near = [Some(*date), date.yesterday().ok(), date.tomorrow().ok()];
                all.extend(near.into_iter().flatten().map(|date| text(date.to_string())));
            }
            Value::YesNo(_) => all.extend([text("yes".to_owned()), text("no".to_owned())]),
            Value::Time(_) | Value::Weekday(_) | Value::Level(_) => {}
        }
    }
    if numbers {
        all.extend(figures(tests, false, true).into_iter().map(|figure| text(figure.to_string())));
    }
    for (test, _) in tests {
        if matches!(test.how, How::Holds) {
            all.extend([text("yes".to_owned()), text("no".to_owned())]);
        }
        if let How::InList(id) | How::NotInList(id) = test.how {
            all.extend(program.lists[id.0].values.iter().take(1_000).map(|value| text(value.clone())));
            all.push(Some(of_list(id)));
        }
    }
    // Texts are also ordered: before all of them, and right after each.
    let order = |how: &How| {
        matches!(how, How::AtLeast(a) | How::AtMost(a) | How::MoreThan(a) | How::LessThan(a) | How::Between(a, _)
            if matches!(a, Value::Text(_)))
    };
    if tests.iter().any(|(test, _)| order(&test.how)) {
        let texts = || named(tests).filter_map(|value| if let Value::Text(one) = value { Some(one) } else { None });
        all.extend(texts().map(|one| text(format!("{one}~"))));
        all.extend(texts().map(|one| text(format!("{one}\u{0}"))));
        all.push(text(String::new()));
    }
    all.push(text(OTHER.to_owned()));
    all.push(None);
    all
}
