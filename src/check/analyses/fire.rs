//! When a rule fires, as a formula; and which triggers one event can pull together.

use super::formula::{Fact, Formula, OfLine};
use crate::mechanics::Program;
use crate::mechanics::basis::{Basis, Pick};
use crate::mechanics::condition::Condition;
use crate::mechanics::rule::{Rule, Trigger};

/// The rule's days, conditions and exceptions; its trigger and limits aside.
pub fn fires(program: &Program, rule: &Rule) -> Formula {
    fires_when(rule, &|condition, wanted| Formula::of(program, condition, wanted))
}

/// The same, with conditions that hold as `holds` has it.
pub fn fires_when(rule: &Rule, holds: &dyn Fn(&Condition, bool) -> Formula) -> Formula {
    let mut all = Vec::new();
    if rule.from.is_some() || rule.until.is_some() {
        all.push(Formula::Fact(Fact::Within(rule.from, rule.until)));
    }
    all.extend(rule.when.iter().map(|when| holds(when, true)));
    all.extend(rule.except.iter().map(|except| holds(except, false)));
    all.extend(rule.except_in.iter().map(|calendar| Formula::Fact(Fact::Outside(*calendar))));
    Formula::All(all)
}

/// A pair of triggers, one of each rule, that one event pulls.
pub fn together(one: &[Trigger], other: &[Trigger]) -> Vec<Trigger> {
    one.iter().filter(|a| other.iter().any(|b| meets(a, b))).copied().collect()
}

fn meets(a: &Trigger, b: &Trigger) -> bool {
    let at_the_till = |on: &Trigger| matches!(on, Trigger::Purchase | Trigger::Visit | Trigger::FirstPurchaseOfFriend);
    match (a, b) {
        (Trigger::Activity(None), Trigger::Activity(_)) | (Trigger::Activity(_), Trigger::Activity(None)) => true,
        _ => a == b || (at_the_till(a) && at_the_till(b)),
    }
}

/// A line that a pick picks.
pub fn picked(pick: &Pick) -> OfLine {
    picked_so(pick, OfLine::of)
}

/// The same, by exactly one of the parts of each `or` of what it says.
pub fn picked_by_one_part(pick: &Pick) -> OfLine {
    picked_so(pick, OfLine::by_one_part)
}

fn picked_so(pick: &Pick, holds: impl Fn(&Condition, bool) -> OfLine) -> OfLine {
    OfLine::All(asked_of_lines(pick).map(|(condition, wanted)| holds(condition, wanted)).collect())
}

/// What has to hold, or not, of a line that a pick picks.
pub fn asked_of_lines(pick: &Pick) -> impl Iterator<Item = (&Condition, bool)> {
    let with = pick.with.iter().map(|with| (with.as_ref(), true));
    with.chain(pick.without.iter().map(|without| (without.as_ref(), false)))
}

/// A line that a pick does not pick.
pub fn passed_over(pick: &Pick) -> OfLine {
    let with = pick.with.iter().map(|with| OfLine::of(with, false));
    let without = pick.without.iter().map(|without| OfLine::of(without, true));
    OfLine::Any(with.chain(without).collect())
}

/// Which lines a basis measures, where it measures lines.
pub fn lines_of(basis: &Basis) -> Option<&Pick> {
    match basis {
        Basis::Total(total) => Some(&total.pick),
        Basis::Items(pick) => Some(pick),
        Basis::Purchases(_)
        | Basis::Visits(_)
        | Basis::Activity(_)
        | Basis::Field { .. }
        | Basis::Points(_)
        | Basis::Distinct(..)
        | Basis::One => None,
    }
}

/// Whether a pick picks every line.
pub fn picks_all(pick: &Pick) -> bool {
    pick.with.is_none() && pick.without.is_none()
}
