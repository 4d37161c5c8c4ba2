//! Facts: one long table of what holds for whom and when (`docs/formats.md`), for machines and tests.

use super::harvest::rows::Format;
use super::harvest::{self, Wanted};
use super::words::{ACCOUNT, Book};
use crate::engine::outcome::{Outcome, PointsView, Snapshot};
use crate::mechanics::{PointsId, Program};
use crate::value::exact::Exact;
use std::collections::BTreeMap;

/// The columns of the table.
pub const COLUMNS: [&str; 4] = ["as_of", "member", "what", "value"];

/// One fact; facts are ordered by (`as_of`, `member`, `what`) as bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fact {
    /// The moment, as the user wrote it.
    pub as_of: String,
    /// Of whom; empty: of the whole program.
    pub member: String,
    /// What, such as `balance:star`.
    pub what: String,
    /// The value.
    pub value: String,
}

/// All facts of a run, sorted; what is zero or none is left out.
pub fn facts(book: Book<'_>, outcome: &Outcome) -> Vec<Fact> {
    let wanted = Wanted { facts: Some(Format::Cells), ..Wanted::default() };
    let mut facts = Vec::new();
    harvest::of(book, outcome, &wanted)
        .and_then(|harvested| {
            harvested.each_fact(&mut |fact| {
                facts.push(fact);
                Ok(())
            })
        })
        .expect("memory takes it");
    facts
}

/// The sums of one unit over all members and pockets of a snapshot; the lots are left out.
pub fn of_unit(snapshot: &Snapshot, unit: PointsId) -> PointsView {
    let mut sum = PointsView::default();
    for view in snapshot.members.values() {
        for ((_, _), points) in view.points.range((unit, None)..).take_while(|((of, _), _)| *of == unit) {
            sum.balance = &sum.balance + &points.balance;
            sum.pending = &sum.pending + &points.pending;
            sum.debt = &sum.debt + &points.debt;
            for (kind, number) in &points.totals {
                let total = sum.totals.entry(*kind).or_insert_with(Exact::zero);
                *total = &*total + number;
            }
        }
    }
    sum
}

/// Whether balance + pending − debt is what the totals make it (section 6, Edges).
pub fn adds_up(points: &PointsView) -> bool {
    let zero = Exact::zero();
    let total = ACCOUNT.iter().fold(Exact::zero(), |sum, (kind, adds)| {
        let number = points.totals.get(kind).unwrap_or(&zero);
        if *adds { sum + number } else { sum - number }
    });
    total == &points.balance + &points.pending - &points.debt
}

/// `star`, or `star@Gara` for a balance of its own.
pub fn named(unit: &str, pocket: Option<&str>) -> String {
    match pocket {
        Some(pocket) => format!("{unit}@{pocket}"),
        None => unit.to_string(),
    }
}

/// A recorded fact that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The recorded fact.
    pub recorded: Fact,
    /// What the run says; none: nothing.
    pub got: Option<String>,
}

/// The recorded facts that do not hold, in their order. A recorded zero is met by absence, and
/// what is not recorded is not asked.
pub fn differences(recorded: &[Fact], got: &[Fact]) -> Vec<Difference> {
    let got: BTreeMap<(&str, &str, &str), &str> = got
        .iter()
        .map(|fact| ((fact.as_of.as_str(), fact.member.as_str(), fact.what.as_str()), fact.value.as_str()))
        .collect();
    recorded
        .iter()
        .filter_map(|fact| {
            let value = got.get(&(fact.as_of.as_str(), fact.member.as_str(), fact.what.as_str())).copied();
            let holds = match value {
                Some(value) => value == fact.value,
                None => is_zero(&fact.value),
            };
            (!holds).then(|| Difference { recorded: fact.clone(), got: value.map(str::to_string) })
        })
        .collect()
}

/// `0`, `0.00` or nothing.
fn is_zero(value: &str) -> bool {
    value.bytes().all(|byte| byte == b'0' || byte == b'.')
}

/// Whether every unit of the program that the snapshot knows of adds up; for tests.
pub fn all_add_up(program: &Program, snapshot: &Snapshot) -> bool {
    let each = snapshot.members.values().flat_map(|view| view.points.values()).all(adds_up);
    each && (0..program.points.len()).all(|unit| adds_up(&of_unit(snapshot, PointsId(unit))))
}
