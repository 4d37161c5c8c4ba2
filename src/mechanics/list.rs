//! `list` and `calendar`: values and days that have no place in the rules.

use super::Name;
use crate::text::Span;
use crate::value::clock::Date;
use std::collections::BTreeSet;

/// A `list` block.
#[derive(Debug, Clone)]
pub struct List {
    /// Its name.
    pub name: Name,
    /// The values, from the program or from `file` (see [`List::file`]).
    pub values: BTreeSet<String>,
    /// `from "file.csv" column sku`, relative to the program's folder; loaded before the run.
    pub file: Option<(String, String)>,
    /// The whole block.
    pub span: Span,
}

/// A `calendar` block.
#[derive(Debug, Clone)]
pub struct Calendar {
    /// Its name.
    pub name: Name,
    /// Stretches of days, both ends inclusive.
    pub days: Vec<(Date, Date)>,
    /// `from "file.csv"`, relative to the program's folder; loaded before the run.
    pub file: Option<String>,
    /// The whole block.
    pub span: Span,
}

impl Calendar {
    /// Whether `day` is one of its days.
    pub fn holds(&self, day: Date) -> bool {
        self.days.iter().any(|(first, last)| *first <= day && day <= *last)
    }
}
