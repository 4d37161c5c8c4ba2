//! What may be asked together of a member's past.

use super::meet::{Asked, Ground};
use super::witness::{Witness, tested};
use crate::mechanics::basis::Basis;
use crate::mechanics::condition::{Measure, Test, Value};
use crate::mechanics::give::What;
use crate::mechanics::habit::Habit;
use crate::mechanics::{Program, TiersId};
use crate::value::clock::Window;
use crate::value::exact::Exact;

/// Whether what is asked of the member's past fits together: measures of one past are not
/// independent, so only a past that is empty, or large, or asked about once, is taken for possible.
pub fn history(program: &Program, by_measure: &Asked, witness: &mut Witness<'_>, ground: &mut Ground<'_>) {
    let of_past = |measure: &Measure| {
        matches!(
            measure,
            Measure::Aggregate { .. } | Measure::DaysSinceLastPurchase | Measure::Consecutive(_) | Measure::Habit(_)
        )
    };
    let asked: Vec<(&String, &Vec<(Test, bool)>)> =
        by_measure.iter().filter(|(_, tests)| of_past(&tests[0].0.measure)).collect();
    let holds = |tests: &[(Test, bool)], value: Option<&Value>| {
        tests.iter().all(|(test, wanted)| tested(program, test, value) == Some(*wanted))
    };
    let fresh = |tests: &[(Test, bool)]| holds(tests, of_nobody(&tests[0].0.measure).as_ref());
    let all_fresh = asked.iter().all(|(_, tests)| fresh(tests));
    let first = witness.values.get("first purchase").map(|(_, value)| value == &Some(Value::YesNo(true)));
    let grown = |tests: &[(Test, bool)]| {
        !matches!(tests[0].0.measure, Measure::DaysSinceLastPurchase | Measure::Habit(_))
            && holds(tests, Some(&Value::Number(Exact::from_int(1_000_000_000_000))))
    };
    if all_fresh && first != Some(false) {
        for (name, tests) in &asked {
            let value = of_nobody(&tests[0].0.measure);
            witness.values.insert((*name).clone(), (tests[0].0.measure.clone(), value));
        }
    } else {
        let large = asked.iter().all(|(_, tests)| grown(tests));
        let forgets = asked.iter().all(|(_, tests)| grown(tests) || windowed(&tests[0].0.measure));
        // What is not empty is no first purchase; more than one measure may only be large together; and
        // what never forgets cannot be small where there was a purchase before.
        ground.unsure |= first == Some(true) || (asked.len() > 1 && !large) || (first == Some(false) && !forgets);
    }
    levels_and_past(program, &asked, first == Some(true), witness, ground);
}

/// What a measure of the past is for who has none.
fn of_nobody(measure: &Measure) -> Option<Value> {
    match measure {
        Measure::Habit(habit) if habit.is_yes_or_no() => Some(Value::YesNo(false)),
        Measure::Habit(Habit::Margin(_)) => Some(Value::Number(Exact::zero())),
        Measure::DaysSinceLastPurchase | Measure::Habit(_) => None,
        _ => Some(Value::Number(Exact::zero())),
    }
}

/// Whether the measure forgets: then it can be nothing although there was a past.
fn windowed(measure: &Measure) -> bool {
    match measure {
        Measure::Aggregate { window, .. } => !matches!(window, Window::Ever | Window::SinceJoining),
        _ => true,
    }
}

/// A level is measured by the same past: a high one at a first purchase, or a low one beside a large
/// measure, is not taken for possible where the level can only be earned.
fn levels_and_past(
    program: &Program,
    asked: &[(&String, &Vec<(Test, bool)>)],
    first: bool,
    witness: &Witness<'_>,
    ground: &mut Ground<'_>,
) {
    for (measure, value) in witness.values.values() {
        let (Measure::Level(id), Some(Value::Level(level))) = (measure, value) else { continue };
        let tiers = &program.tiers[id.0];
        if *level > 0 && first && !is_given(program, *id) {
            ground.unsure = true;
        }
        // Two ladders climbed by the same acts are not independent.
        let other = |(measure, _): &(Measure, Option<Value>)| matches!(measure, Measure::Level(other) if other != id);
        ground.unsure |= witness.values.values().any(other);
        let same_past = asked.iter().any(|(name, _)| {
            let large =
                !matches!(witness.values.get(*name), Some((_, Some(Value::Number(figure)))) if figure.is_zero());
            large
                && tiers.measures.iter().any(
                    |of| matches!(&witness.values[*name].0, Measure::Aggregate { basis, .. } if akin(basis, &of.basis)),
                )
        });
        if same_past && *level + 1 < tiers.levels.len() {
            ground.unsure = true;
        }
    }
}

/// Whether levels of a tiers block come otherwise than by being earned.
fn is_given(program: &Program, id: TiersId) -> bool {
    let tiers = &program.tiers[id.0];
    let by_rule = |what: &What| matches!(what, What::Level { tiers, .. } if *tiers == id);
    !tiers.matches.is_empty()
        || program.memberships.iter().flat_map(|membership| &membership.levels).any(|(tiers, _)| *tiers == id)
        || program.rules.iter().flat_map(|rule| &rule.gives).any(|give| by_rule(&give.what))
}

/// Whether more of one tends to be more of the other.
fn akin(one: &Basis, other: &Basis) -> bool {
    let kind = |basis: &Basis| match basis {
        Basis::Total(_)
        | Basis::Items(_)
        | Basis::Purchases(_)
        | Basis::Visits(_)
        | Basis::Distinct(..)
        | Basis::Points(_) => 0,
        Basis::Activity(_) | Basis::Field { .. } => 1,
        Basis::One => 2,
    };
    kind(one) == kind(other) || matches!(one, Basis::Points(_)) || matches!(other, Basis::Points(_))
}
