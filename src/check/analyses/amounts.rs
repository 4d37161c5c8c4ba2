//! Amounts and quantities of a purchase worth trying: round ones, and those at which a rule changes its mind.

use super::worth::is_at_the_till;
use crate::mechanics::basis::Basis;
use crate::mechanics::condition::{Condition, How, Measure, Value};
use crate::mechanics::give::What;
use crate::mechanics::rule::{Limit, LimitOf, Rule};
use crate::mechanics::stack::Take;
use crate::mechanics::{PointsId, Program, RuleId};
use crate::value::exact::{Exact, Rounding};
use std::collections::BTreeSet;

/// Amounts worth trying: round ones, and those at which a rule changes its mind.
pub fn amounts(program: &Program) -> Vec<Exact> {
    let round = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000, 1_000_000].map(Exact::from_int);
    let mut turns = BTreeSet::new();
    tips(program, &mut turns);
    for rule in program.rules.iter().filter(|rule| is_at_the_till(rule)) {
        turns_of(rule, &mut turns);
        let rates = rule.gives.iter().filter_map(|give| match &give.what {
            What::Rate { per, .. } => Some(per),
            _ => None,
        });
        turns.extend(rates.flat_map(|per| [per.clone(), per * &Exact::ratio(1, 2), per * &Exact::from_int(100)]));
    }
    around(program, round.into(), turns)
}

/// Little, a round hundred, much, and the amounts at which one of these rules changes its mind: in between each gives
/// in proportion, or the same.
pub fn changes<'r>(program: &Program, rules: impl Iterator<Item = &'r Rule>) -> Vec<Exact> {
    let mut turns = BTreeSet::new();
    for rule in rules {
        turns_of(rule, &mut turns);
        let steps = rule.gives.iter().filter_map(|give| match &give.what {
            What::Rate { per, full: true, .. } => Some(per),
            _ => None,
        });
        turns.extend(steps.flat_map(|per| [per.clone(), per * &Exact::from_int(2)]));
    }
    around(program, [100, 1_000_000].map(Exact::from_int).into(), turns)
}

/// These amounts, the least there is, and the turns with a cent on either side: all that are money.
fn around(program: &Program, mut all: BTreeSet<Exact>, turns: BTreeSet<Exact>) -> Vec<Exact> {
    let cent = Exact::from_scaled(1, program.settings.minor_units.min(6));
    for turn in turns.into_iter().chain([cent.clone()]) {
        all.extend([turn.clone(), &turn - &cent, &turn + &cent]);
    }
    all.into_iter()
        .filter(|amount| {
            *amount >= cent && amount.decimals().is_some_and(|needed| needed <= program.settings.minor_units)
        })
        .collect()
}

/// Amounts that a rule's conditions name, and at which its scale or steps turn.
fn turns_of(rule: &Rule, turns: &mut BTreeSet<Exact>) {
    rule.when.iter().chain(&rule.except).for_each(|condition| named(condition, turns));
    for give in &rule.gives {
        give.what.or().iter().for_each(|(condition, _)| named(condition, turns));
        match &give.what {
            What::Scale { bands, .. } => turns.extend(bands.iter().map(|band| band.from.clone())),
            What::Step { steps, .. } => turns.extend(steps.iter().map(|(from, _)| from.clone())),
            What::Rate { .. }
            | What::Back { .. }
            | What::Fixed { .. }
            | What::PercentOf { .. }
            | What::Gift(..)
            | What::Coupon(..)
            | What::Stamps(..)
            | What::Entries(..)
            | What::Level { .. } => {}
        }
    }
}

/// Amounts at which rounding tips over to one more point: those that bring a half of one, one and a few, each rule by
/// itself and all rates together.
fn tips(program: &Program, all: &mut BTreeSet<Exact>) {
    let minor = program.settings.minor_units;
    let halves = [1, 2, 3, 4, 6].map(|number| Exact::ratio(number, 2));
    for (at, points) in program.points.iter().enumerate() {
        let one = Exact::from_scaled(1, points.decimals.min(6));
        let rates: Vec<Exact> = program
            .rules
            .iter()
            .filter(|rule| is_at_the_till(rule))
            .flat_map(|rule| &rule.gives)
            .filter_map(|give| rate(program, &give.what, PointsId(at)))
            .filter(Exact::is_positive)
            .collect();
        let together: Exact = rates.iter().sum();
        for rate in rates.iter().chain([&together]) {
            let tip = |half: &Exact| Some((half * &one).checked_div(rate)?.round(Rounding::Up, minor));
            all.extend(halves.iter().filter_map(tip));
        }
    }
}

/// Points for one of the money.
fn rate(program: &Program, what: &What, unit: PointsId) -> Option<Exact> {
    match what {
        What::Rate { unit: of, number, per, basis: Basis::Total(_), .. } if *of == unit => number.checked_div(per),
        What::Back { unit: of, percent, .. } if *of == unit => {
            (percent * &Exact::ratio(1, 100)).checked_div(program.points[unit.0].worth.as_ref()?)
        }
        What::Rate { .. }
        | What::Back { .. }
        | What::Fixed { .. }
        | What::PercentOf { .. }
        | What::Scale { .. }
        | What::Step { .. }
        | What::Gift(..)
        | What::Coupon(..)
        | What::Stamps(..)
        | What::Entries(..)
        | What::Level { .. } => None,
    }
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
            all.extend(numbers(&test.how));
        }
    }
}

/// The numbers that a test names.
pub fn numbers(how: &How) -> Vec<Exact> {
    let values: Vec<&Value> = match how {
        How::Is(a) | How::IsNot(a) | How::AtLeast(a) | How::AtMost(a) | How::MoreThan(a) | How::LessThan(a) => vec![a],
        How::Between(a, b) => vec![a, b],
        How::In(all) | How::NotIn(all) => all.iter().collect(),
        How::InList(_) | How::NotInList(_) | How::InCalendar(_) | How::NotInCalendar(_) | How::Exists | How::Holds => {
            Vec::new()
        }
    };
    let number = |value: &Value| if let Value::Number(number) = value { Some(number.clone()) } else { None };
    values.into_iter().filter_map(number).collect()
}

/// Quantities worth trying beside one item: those at which what a rule counts makes its next step. So few of them that
/// each amount can be tried with each.
pub fn quantities(program: &Program) -> Vec<Exact> {
    let mut all = BTreeSet::new();
    let counts = program.rules.iter().filter(|rule| is_at_the_till(rule)).flat_map(|rule| &rule.gives);
    for give in counts.filter(|give| matches!(give.what.basis(), Some(Basis::Items(_)))) {
        match &give.what {
            What::Rate { per, full: true, .. } => all.extend([per.ceil(), per.ceil() * Exact::from_int(MANY)]),
            What::Rate { per, .. } => all.extend([per * &Exact::from_int(MANY)]),
            What::Scale { bands, .. } => all.extend(bands.iter().map(|band| band.from.ceil())),
            What::Step { steps, .. } => all.extend(steps.iter().map(|(from, _)| from.ceil())),
            What::Back { .. }
            | What::Fixed { .. }
            | What::PercentOf { .. }
            | What::Gift(..)
            | What::Coupon(..)
            | What::Stamps(..)
            | What::Entries(..)
            | What::Level { .. } => {}
        }
    }
    all.into_iter().filter(|quantity| *quantity > Exact::one()).take(MOST_QUANTITIES).collect()
}

/// Where each item counts, so many are tried too: the program does not say how little one costs.
pub const MANY: i64 = 100;

/// So many quantities are tried at most.
const MOST_QUANTITIES: usize = 12;

/// Whether something holds down what purchases bring: a cap of a unit or a stack, a limit of points, a budget.
pub fn is_capped(program: &Program) -> bool {
    let of_points = |limit: &Limit| matches!(limit.of, LimitOf::Points(_));
    program.points.iter().any(|points| !points.caps.is_empty())
        || program.stacks.iter().any(|stack| !stack.caps.is_empty() || stack.cap_percent.is_some())
        || program.rules.iter().any(|rule| rule.budget.is_some() || rule.limits.iter().any(of_points))
}

/// Between neighbours of these amounts, where what they are worth turns once: as it grows from the one, and as it comes
/// to the other, meet there. Where even the larger worth of the smaller amount keeps the promise, nothing in between
/// can break it.
pub fn turns(amounts: &[Exact], cent: &Exact, promised: &Exact, worth: &dyn Fn(&Exact) -> Option<Exact>) -> Vec<Exact> {
    let mut all = Vec::new();
    let mut before: Option<(&Exact, Exact)> = None;
    for amount in amounts {
        let Some(here) = worth(amount) else { continue };
        if let Some((low, was)) = before.filter(|(low, _)| here > *low * promised && amount - *low > cent + cent) {
            let slopes = worth(&(low + cent)).zip(worth(&(amount - cent)));
            let slopes = slopes.map(|(after, upto)| (after - &was, &here - upto));
            all.extend(
                slopes.and_then(|slopes| meeting((low, &was), (amount, &here), slopes, cent)).into_iter().flatten(),
            );
        }
        before = Some((amount, here));
    }
    all
}

/// The whole cents around the place at which two lines meet, given a point and the slope a cent of each; none where they
/// do not meet between the points.
fn meeting(
    (low, was): (&Exact, &Exact),
    (high, is): (&Exact, &Exact),
    (grows, comes): (Exact, Exact),
    cent: &Exact,
) -> Option<[Exact; 2]> {
    let all = (high - low).checked_div(cent)?;
    let cents = (is - &comes * &all - was).checked_div(&(grows - comes))?;
    let inside = cents.is_positive() && cents < all;
    inside.then(|| [low + cents.floor() * cent, low + cents.ceil() * cent])
}

/// A stack that takes the first that gives something, with a rule that can be used up: one of those before the last, or
/// what such a one is a share of. What comes in its place may give more; said as the reason why nothing is
/// proved.
pub fn passed_over(program: &Program) -> Option<String> {
    let ends = |id: &RuleId| {
        let rule = &program.rules[id.0];
        !rule.limits.is_empty() || rule.budget.is_some()
    };
    program.stacks.iter().find_map(|stack| {
        let Take::First(order) = &stack.take else { return None };
        let before_last = order.split_last().map_or(&[][..], |(_, first)| first);
        let bases = before_last.iter().flat_map(|id| &program.rules[id.0].gives).filter_map(|give| match &give.what {
            What::PercentOf { rule, .. } => Some(rule),
            _ => None,
        });
        let spent = before_last.iter().chain(bases).find(|id| ends(id))?;
        let (first, spent) = (&stack.name.text, &program.rules[spent.0].name.text);
        Some(format!("stack `{first}` passes over what `{spent}` cannot give any more, so another gives in its place"))
    })
}
