//! Facts: one long table of what holds for whom and when (`docs/formats.md`), for machines and tests.

use super::words::{ACCOUNT, Book, kind_word};
use crate::engine::outcome::{Happened, MemberView, Outcome, PointsView, PostingKind, Snapshot};
use crate::mechanics::example::Held;
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
    let mut facts: Vec<Fact> = outcome
        .snapshots
        .iter()
        .flat_map(|snapshot| of_snapshot(book, outcome, snapshot))
        .map(|((as_of, member, what), value)| Fact { as_of, member, what, value })
        .collect();
    facts.sort();
    facts.dedup();
    facts
}

/// What holds at one moment, each fact once.
type Found = BTreeMap<(String, String, String), String>;

fn of_snapshot(book: Book<'_>, outcome: &Outcome, snapshot: &Snapshot) -> Found {
    let mut found = Found::new();
    let label = &snapshot.as_of.label;
    for (member, view) in &snapshot.members {
        for (what, value) in of_member(book, view) {
            found.insert((label.clone(), member.clone(), what), value);
        }
    }
    for entry in outcome.journal.iter().take(snapshot.entries) {
        if let (Happened::Rejected { reason, .. }, Some(event)) = (&entry.what, &entry.event) {
            let member = entry.member.clone().unwrap_or_default();
            // The first reason is the one that stopped it.
            found
                .entry((label.clone(), member, format!("rejected:{event}")))
                .or_insert_with(|| reason.word().to_string());
        }
    }
    for (what, value) in totals(book, snapshot) {
        found.insert((label.clone(), String::new(), what), value);
    }
    found
}

/// What holds of one member, in no order.
fn of_member(book: Book<'_>, view: &MemberView) -> Vec<(String, String)> {
    let program = book.program;
    let mut found = Vec::new();
    // Totals without a pocket are over all pockets of the unit; what can be spent never is.
    let mut sums: BTreeMap<(PointsId, PostingKind), Exact> = BTreeMap::new();
    for ((unit, pocket), points) in &view.points {
        let name = named(book.unit(*unit), pocket.as_deref());
        for (word, number) in [("balance", &points.balance), ("pending", &points.pending), ("debt", &points.debt)] {
            push(&mut found, book, *unit, format!("{word}:{name}"), number);
        }
        for (kind, number) in &points.totals {
            let sum = sums.entry((*unit, *kind)).or_insert_with(Exact::zero);
            *sum = &*sum + number;
            if pocket.is_some() {
                push(&mut found, book, *unit, format!("{}:{name}", kind_word(*kind)), number);
            }
        }
    }
    for ((unit, kind), number) in &sums {
        push(&mut found, book, *unit, format!("{}:{}", kind_word(*kind), book.unit(*unit)), number);
    }
    for (tiers, (level, _)) in program.tiers.iter().zip(&view.levels).filter(|_| !view.left) {
        if let Some(level) = tiers.levels.get(*level) {
            found.push((format!("level:{}", tiers.name.text), level.name.text.clone()));
        }
    }
    for (card, stamps) in program.cards.iter().zip(&view.cards) {
        if *stamps != 0 {
            found.push((format!("card:{}", card.name.text), stamps.to_string()));
        }
    }
    found.extend(gifts(book, &view.gifts));
    found
}

/// Gifts held: a gift and a reward of one name are counted together.
fn gifts(book: Book<'_>, held: &BTreeMap<Held, u32>) -> Vec<(String, String)> {
    let mut by_name: BTreeMap<&str, u64> = BTreeMap::new();
    for (gift, number) in held {
        *by_name.entry(book.held(*gift)).or_default() += u64::from(*number);
    }
    by_name
        .into_iter()
        .filter(|(_, number)| *number > 0)
        .map(|(name, number)| (format!("gift:{name}"), number.to_string()))
        .collect()
}

/// `total:UNIT:WORD`: the whole program.
fn totals(book: Book<'_>, snapshot: &Snapshot) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (at, points) in book.program.points.iter().enumerate() {
        let unit = PointsId(at);
        let sum = of_unit(snapshot, unit);
        let of = |kind: PostingKind| sum.totals.get(&kind).cloned().unwrap_or_else(Exact::zero);
        let words = [
            ("outstanding", &sum.balance + &sum.pending),
            ("earned", of(PostingKind::Earned)),
            ("spent", of(PostingKind::Spent)),
            ("expired", of(PostingKind::Expired)),
            ("debt", sum.debt.clone()),
        ];
        for (word, number) in &words {
            push(&mut found, book, unit, format!("total:{}:{word}", points.name.text), number);
        }
    }
    found
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

fn push(found: &mut Vec<(String, String)>, book: Book<'_>, unit: PointsId, what: String, number: &Exact) {
    if !number.is_zero() {
        found.push((what, number.fixed(book.program.points[unit.0].decimals)));
    }
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
