//! Amounts of a purchase worth trying: round ones, and those at which a rule changes its mind.

use super::worth::is_of_purchase;
use crate::mechanics::Program;
use crate::mechanics::condition::{Condition, How, Measure, Value};
use crate::mechanics::give::What;
use crate::value::exact::Exact;
use std::collections::BTreeSet;

/// Amounts worth trying: round ones, and those at which a rule changes its mind.
pub fn amounts(program: &Program) -> Vec<Exact> {
    let cent = Exact::ratio(1, 10_i64.pow(program.settings.minor_units.min(6)));
    let mut all: BTreeSet<Exact> =
        [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000, 1_000_000].map(Exact::from_int).into();
    let mut turns: BTreeSet<Exact> = BTreeSet::new();
    for rule in program.rules.iter().filter(|rule| is_of_purchase(rule)) {
        rule.when.iter().chain(&rule.except).for_each(|condition| named(condition, &mut turns));
        for give in &rule.gives {
            match &give.what {
                What::Rate { or, per, .. } => {
                    turns.extend([per.clone(), per * &Exact::ratio(1, 2), per * &Exact::from_int(100)]);
                    or.iter().for_each(|(condition, _)| named(condition, &mut turns));
                }
                What::Back { or, .. } | What::Fixed { or, .. } => {
                    or.iter().for_each(|(condition, _)| named(condition, &mut turns));
                }
                What::Scale { bands, .. } => turns.extend(bands.iter().map(|band| band.from.clone())),
                What::Step { steps, .. } => turns.extend(steps.iter().map(|(from, _)| from.clone())),
                What::PercentOf { .. }
                | What::Gift(..)
                | What::Coupon(..)
                | What::Stamps(..)
                | What::Entries(..)
                | What::Level { .. } => {}
            }
        }
    }
    for turn in turns {
        all.extend([turn.clone(), &turn - &cent, &turn + &cent]);
    }
    all.into_iter()
        .filter(|amount| {
            *amount >= cent && amount.decimals().is_some_and(|needed| needed <= program.settings.minor_units)
        })
        .collect()
}

/// The amounts that a condition names.
fn named(condition: &Condition, all: &mut BTreeSet<Exact>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| named(part, all)),
        Condition::Not(part) | Condition::EveryLine(part) => named(part, all),
        Condition::Test(test) => {
            if !matches!(test.measure, Measure::Amount | Measure::TotalOf(_) | Measure::Price) {
                return;
            }
            match &test.how {
                How::Is(Value::Number(a))
                | How::AtLeast(Value::Number(a))
                | How::AtMost(Value::Number(a))
                | How::MoreThan(Value::Number(a))
                | How::LessThan(Value::Number(a)) => {
                    all.insert(a.clone());
                }
                How::Between(Value::Number(a), Value::Number(b)) => all.extend([a.clone(), b.clone()]),
                _ => {}
            }
        }
    }
}
