//! Events of many members in columns: what a program can look at, and nothing more.
//!
//! Numbers are scaled integers ([`SCALE`]); texts that are only compared with words of the program are
//! codes ([`super::plan::Keep::Code`]). What does not fit (a number with too many decimals, a kind of event that
//! is rare) is kept whole beside the columns, and whoever reads it is told ([`Pile::whole`]).

use crate::ledger::{Event, Kind};
use crate::source::texts::Texts;
use std::collections::BTreeMap;

pub use crate::source::batch::{NONE, SCALE};

/// Events in columns, one place an event; lines in columns of their own.
#[derive(Debug, Clone, Default)]
pub struct Pile {
    /// Whose; empty: anonymous.
    pub member: Texts,
    /// The ids.
    pub id: Texts,
    /// When: seconds of Unix time.
    pub at: Vec<i64>,
    /// The program's day: days since 1970-01-01.
    pub day: Vec<i32>,
    /// What happened.
    pub kind: Vec<Kind>,
    /// Whether a time of day was given.
    pub timed: Vec<bool>,
    /// `ref`; empty: none.
    pub reference: Texts,
    /// The event's columns kept as codes ([`super::plan::Needs::event`]), so many an event.
    pub codes: Vec<u32>,
    /// The event's columns kept as texts, so many an event; empty: none.
    pub texts: Texts,
    /// For each event, the place behind its last line.
    pub lines_end: Vec<u32>,
    /// `amount` of each line, scaled; [`NONE`] where the cell is empty.
    pub amount: Vec<i64>,
    /// `qty` of each line, scaled; [`NONE`] where the cell is empty.
    pub quantity: Vec<i64>,
    /// `regular` of each line; no places at all when the program does not look at it.
    pub regular: Vec<i64>,
    /// `tax` of each line; no places at all when the program does not look at it.
    pub tax: Vec<i64>,
    /// The lines' columns kept as codes, so many a line.
    pub line_codes: Vec<u32>,
    /// The lines' columns kept as texts, so many a line; empty: none.
    pub line_texts: Texts,
    /// `sku` of each line; no places at all while no return names lines.
    pub sku: Texts,
    /// `line` of each line; no places at all while no return names lines.
    pub number: Texts,
    /// Events that the columns do not hold whole, by their place: with all that the program can look at.
    pub whole: BTreeMap<u32, Box<Event>>,
}

impl Pile {
    /// How many events.
    pub fn len(&self) -> usize {
        self.at.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    /// The places of an event's lines.
    pub fn lines(&self, event: usize) -> std::ops::Range<usize> {
        let from = if event == 0 { 0 } else { self.lines_end[event - 1] as usize };
        from..self.lines_end[event] as usize
    }
}
