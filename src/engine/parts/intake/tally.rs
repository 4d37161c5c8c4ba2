//! What is counted while rows are read: for the notes, and for what a part is told of the whole.

use super::moments::When;
use crate::engine::parts::place::{self, Rank};
use crate::engine::pile;
use crate::engine::reference::part::Whole;
use crate::ledger::{Kind, Note};
use crate::source::batch::{NONE, SCALE};
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

/// Counts of one worker; those of all add up.
#[derive(Debug, Default)]
pub struct Tally {
    /// Events.
    events: u64,
    /// Ten-thousandths in the money's smallest unit.
    minor: i64,
    equal: (u64, u64),
    no_amount: u64,
    many_decimals: u64,
    minor_units: u32,
    unknown_lines: u64,
    unknown: FxHashSet<String>,
    first_day: Option<i32>,
    /// The last second of an event, and the events of it.
    last: Option<i64>,
    lasts: Vec<(Kind, String, String)>,
    /// The activities that were done.
    activities: BTreeSet<String>,
    /// The last activity, which is mostly the next.
    activity: String,
    /// The names of columns that say something somewhere.
    columns: BTreeSet<String>,
}

impl Tally {
    pub(super) fn new(minor_units: u32) -> Self {
        let minor = SCALE / 10_i64.pow(minor_units.min(4));
        Self { minor, minor_units, ..Self::default() }
    }

    pub(super) fn line(&mut self, amount: i64) {
        self.many_decimals += u64::from(amount != NONE && amount % self.minor != 0);
    }

    pub(super) fn no_amount(&mut self) {
        self.no_amount += 1;
    }

    pub(super) fn unknown_item(&mut self, sku: &str) {
        self.unknown_lines += 1;
        if !self.unknown.contains(sku) {
            self.unknown.insert(sku.to_owned());
        }
    }

    /// Counts equal rows among the lines of an event, which are in order.
    pub(super) fn equal(&mut self, lines: &[u32], equal: impl Fn(u32, u32) -> bool) {
        let rows = lines.windows(2).filter(|pair| equal(pair[0], pair[1])).count() as u64;
        self.equal.0 += rows;
        self.equal.1 += u64::from(rows > 0);
    }

    /// Counts an event.
    pub(super) fn event(&mut self, kind: Kind, when: When, named: &str) {
        self.events += 1;
        self.first_day = Some(self.first_day.map_or(when.day, |day| day.min(when.day)));
        if kind == Kind::Activity && self.activity != named {
            named.clone_into(&mut self.activity);
            self.activities.insert(named.to_owned());
        }
    }

    /// Takes in the last events of some rows: their second, and what they are.
    pub(super) fn last<'e>(&mut self, at: i64, events: impl Iterator<Item = (Kind, &'e str, &'e str)>) {
        if self.last.is_some_and(|last| last > at) {
            return;
        }
        if self.last != Some(at) {
            self.last = Some(at);
            self.lasts.clear();
        }
        self.lasts.extend(events.map(|(kind, id, named)| (kind, id.to_owned(), named.to_owned())));
    }

    /// Says that a column has something in it.
    pub(super) fn column(&mut self, name: &str) {
        self.columns.insert(name.to_owned());
    }

    pub(super) fn has_column(&self, name: &str) -> bool {
        self.columns.contains(name)
    }

    pub(super) fn add(&mut self, other: Tally) {
        self.events += other.events;
        self.equal = (self.equal.0 + other.equal.0, self.equal.1 + other.equal.1);
        self.no_amount += other.no_amount;
        self.many_decimals += other.many_decimals;
        self.unknown_lines += other.unknown_lines;
        self.unknown.extend(other.unknown);
        self.first_day = self.first_day.into_iter().chain(other.first_day).min();
        if self.last < other.last {
            (self.last, self.lasts) = (other.last, other.lasts);
        } else if self.last == other.last {
            self.lasts.extend(other.lasts);
        }
        self.activities.extend(other.activities);
        self.columns.extend(other.columns);
    }

    /// How many events there are.
    pub fn events(&self) -> u64 {
        self.events
    }

    /// The names of columns that say something somewhere, beside our own.
    pub fn columns(&self) -> &BTreeSet<String> {
        &self.columns
    }

    /// The activities that were done.
    pub fn activities(&self) -> &BTreeSet<String> {
        &self.activities
    }

    /// What a part is told of the whole.
    pub(super) fn whole(&self) -> Whole {
        let bought = self.lasts.iter().filter(|(kind, _, _)| *kind == Kind::Purchase).map(|(_, id, _)| id.as_str());
        let bought: FxHashSet<&str> = bought.collect();
        let rank = |(kind, id, named): &(Kind, String, String)| -> (Rank, String) {
            (place::rank(*kind, id, named, bought.contains(named.as_str())), id.clone())
        };
        let last = self.lasts.iter().map(rank).max_by(|(a, _), (b, _)| a.cmp(b));
        Whole {
            first_day: self.first_day.map(pile::day),
            last: self.last.zip(last).map(|(at, (_, id))| (pile::moment(at), id)),
            held: Vec::new(),
        }
    }

    /// What the reader should know.
    pub(super) fn notes(&self) -> Vec<Note> {
        let (rows, events) = self.equal;
        let counted = [
            (rows, Note::EqualRows { rows, events }),
            (self.no_amount, Note::NoAmount { lines: self.no_amount }),
            (self.many_decimals, Note::ManyDecimals { lines: self.many_decimals, minor_units: self.minor_units }),
            (self.unknown_lines, Note::UnknownItems { lines: self.unknown_lines, skus: self.unknown.len() as u64 }),
        ];
        counted.into_iter().filter(|(count, _)| *count > 0).map(|(_, note)| note).collect()
    }
}
