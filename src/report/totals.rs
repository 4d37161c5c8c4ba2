//! The program's totals at one moment: what finance and marketing ask first.

use super::facts::of_unit;
use super::words::Book;
use crate::engine::outcome::{GiftLife, Happened, Outcome, PointsView, Reason, Snapshot};
use crate::mechanics::PointsId;
use crate::mechanics::example::Held;
use crate::value::clock::Date;
use crate::value::exact::Exact;
use std::collections::BTreeMap;

/// The totals of one snapshot.
#[derive(Debug, Clone)]
pub struct Totals {
    /// The moment, as the user wrote it.
    pub as_of: String,
    /// Members by then, less those who left or were merged into another.
    pub members: u64,
    /// Accepted purchases, less those returned whole.
    pub purchases: u64,
    /// Money of all accepted purchases less returns.
    pub sales: Exact,
    /// For each unit, in file order.
    pub units: Vec<UnitTotals>,
    /// For each tiers block: members on each level.
    pub levels: Vec<Vec<u64>>,
    /// For each card.
    pub cards: Vec<CardTotals>,
    /// For each gift and reward that ever came to life.
    pub gifts: BTreeMap<Held, GiftTotals>,
    /// Rejected actions by reason.
    pub rejected: BTreeMap<Reason, u64>,
}

/// The totals of one unit.
#[derive(Debug, Clone)]
pub struct UnitTotals {
    /// Balance, pending, debt and the totals by kind; no lots.
    pub sums: PointsView,
    /// Outstanding points by the month they end in; the month none: they do not end.
    pub ends: BTreeMap<Ends, Exact>,
}

/// The month in which points end; those without an end stand last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ends {
    /// Year and month of the last day.
    In(i16, i8),
    /// They do not end.
    Never,
}

impl Ends {
    fn of(day: Option<Date>) -> Self {
        day.map_or(Ends::Never, |day| Ends::In(day.year(), day.month()))
    }

    /// `2027-02`, or `never`.
    pub fn word(self) -> String {
        match self {
            Ends::In(year, month) => format!("{year:04}-{month:02}"),
            Ends::Never => "never".to_string(),
        }
    }
}

/// The totals of one card.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CardTotals {
    /// Members with stamps on an open card.
    pub open: u64,
    /// Stamps on open cards.
    pub stamps: i64,
    /// Cards filled so far.
    pub filled: u64,
}

/// The totals of one gift or reward: how often each thing became of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GiftTotals {
    /// By what became of it.
    pub lives: BTreeMap<GiftLife, u64>,
    /// Held and valid now.
    pub held: u64,
}

/// The totals of a snapshot.
pub fn totals(book: Book<'_>, outcome: &Outcome, snapshot: &Snapshot) -> Totals {
    let program = book.program;
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let mut totals = Totals {
        as_of: snapshot.as_of.label.clone(),
        members: count(snapshot.members.values().filter(|view| !view.left).count()),
        purchases: snapshot.purchases,
        sales: snapshot.sales.clone(),
        units: (0..program.points.len()).map(|unit| unit_totals(snapshot, PointsId(unit))).collect(),
        levels: program.tiers.iter().map(|tiers| vec![0; tiers.levels.len()]).collect(),
        cards: vec![CardTotals::default(); program.cards.len()],
        gifts: BTreeMap::new(),
        rejected: BTreeMap::new(),
    };
    for view in snapshot.members.values() {
        for (counts, (level, _)) in totals.levels.iter_mut().zip(&view.levels).filter(|_| !view.left) {
            if let Some(members) = counts.get_mut(*level) {
                *members += 1;
            }
        }
        for (card, stamps) in totals.cards.iter_mut().zip(&view.cards) {
            card.open += u64::from(*stamps != 0);
            card.stamps += stamps;
        }
        for (held, number) in &view.gifts {
            totals.gifts.entry(*held).or_default().held += u64::from(*number);
        }
    }
    add_journal(&mut totals, outcome, snapshot);
    totals
}

fn unit_totals(snapshot: &Snapshot, unit: PointsId) -> UnitTotals {
    let mut ends: BTreeMap<Ends, Exact> = BTreeMap::new();
    for view in snapshot.members.values() {
        for (_, points) in view.points.range((unit, None)..).take_while(|((of, _), _)| *of == unit) {
            for lot in &points.lots {
                let sum = ends.entry(Ends::of(lot.last_day)).or_insert_with(Exact::zero);
                *sum = &*sum + &lot.left;
            }
        }
    }
    UnitTotals { sums: of_unit(snapshot, unit), ends }
}

/// What only the journal knows: cards filled, lives of gifts, rejections.
fn add_journal(totals: &mut Totals, outcome: &Outcome, snapshot: &Snapshot) {
    for entry in outcome.journal.iter().take(snapshot.entries) {
        match &entry.what {
            Happened::Stamped { card, why, .. } => {
                if let (Some(card), crate::engine::outcome::StampWhy::Full) = (totals.cards.get_mut(card.0), why) {
                    card.filled += 1;
                }
            }
            Happened::Gift { held, life, .. } => {
                *totals.gifts.entry(*held).or_default().lives.entry(*life).or_default() += 1;
            }
            Happened::Rejected { reason, .. } => *totals.rejected.entry(*reason).or_default() += 1,
            Happened::Posted(_) | Happened::Level { .. } | Happened::Nothing(_) => {}
        }
    }
}
