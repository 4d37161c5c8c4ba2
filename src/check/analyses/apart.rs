//! Rules that cannot meet, told apart at a glance: by their days and by the values they name. What is not
//! told apart here is left to a search (see `meet`).

use super::words;
use crate::mechanics::Program;
use crate::mechanics::condition::{Condition, How, Test, Value, is_of_line};
use crate::mechanics::rule::Rule;
use crate::value::clock::Date;
use std::collections::{BTreeMap, BTreeSet};

/// What can be seen of a rule at a glance.
pub struct Glance {
    from: Option<Date>,
    until: Option<Date>,
    /// The values, one of which the event must have, by the words of the measure.
    values: BTreeMap<String, BTreeSet<String>>,
}

impl Glance {
    /// Looks at a rule.
    pub fn at(program: &Program, rule: &Rule) -> Self {
        let mut values = BTreeMap::new();
        rule.when.iter().for_each(|when| gather(program, when, &mut values));
        Self { from: rule.from, until: rule.until, values }
    }

    /// Whether no event lets both rules fire; false where that cannot be seen.
    pub fn is_apart_from(&self, other: &Self) -> bool {
        let ends_before =
            |one: &Self, other: &Self| one.until.zip(other.from).is_some_and(|(until, from)| until < from);
        let differs = |(measure, values): (&String, &BTreeSet<String>)| {
            other.values.get(measure).is_some_and(|others| values.is_disjoint(others))
        };
        ends_before(self, other) || ends_before(other, self) || self.values.iter().any(differs)
    }
}

/// The tests that must hold and name texts or levels.
fn gather(program: &Program, condition: &Condition, values: &mut BTreeMap<String, BTreeSet<String>>) {
    match condition {
        Condition::All(parts) => parts.iter().for_each(|part| gather(program, part, values)),
        Condition::Test(test) if !is_of_line(&test.measure) => {
            if let Some(named) = named(test) {
                let kept = values.entry(words::measure(program, &test.measure)).or_insert_with(|| named.clone());
                kept.retain(|value| named.contains(value));
            }
        }
        Condition::Any(_) | Condition::Not(_) | Condition::EveryLine(_) | Condition::Test(_) => {}
    }
}

/// The values of a test that only they pass.
fn named(test: &Test) -> Option<BTreeSet<String>> {
    let word = |value: &Value| match value {
        Value::Text(text) => Some(text.clone()),
        Value::Level(level) => Some(level.to_string()),
        Value::Number(_) | Value::Time(_) | Value::Date(_) | Value::Weekday(_) | Value::YesNo(_) => None,
    };
    match &test.how {
        How::Is(value) => word(value).map(|word| [word].into()),
        How::In(all) => all.iter().map(word).collect(),
        How::IsNot(_)
        | How::AtLeast(_)
        | How::AtMost(_)
        | How::MoreThan(_)
        | How::LessThan(_)
        | How::Between(..)
        | How::NotIn(_)
        | How::InList(_)
        | How::NotInList(_)
        | How::InCalendar(_)
        | How::NotInCalendar(_)
        | How::Exists
        | How::Holds => None,
    }
}
