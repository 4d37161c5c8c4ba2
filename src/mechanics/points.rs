//! `points`: a unit that accrues, how it rounds, when it ends.

use super::{ActivityId, Name, TiersId};
use crate::text::Span;
use crate::value::clock::{Length, Period, Window};
use crate::value::exact::{Exact, Rounding};

/// A `points` block (section 3).
#[derive(Debug, Clone)]
pub struct Points {
    /// Its singular name: the unit.
    pub name: Name,
    /// Its plural, when it has one of its own.
    pub plural: Option<String>,
    /// Face value of one, in the program's money.
    pub worth: Option<Exact>,
    /// How a posting is rounded.
    pub round: Rounding,
    /// What is rounded together.
    pub scope: Scope,
    /// Digits after the point.
    pub decimals: u32,
    /// When they end.
    pub expiry: Expiry,
    /// From when they can be spent.
    pub pending: Pending,
    /// A balance for each value of this column.
    pub separate_by: Option<String>,
    /// How far clawback may drive the balance below zero.
    pub owe: Exact,
    /// `earn at most N per member per WINDOW`.
    pub caps: Vec<EarnCap>,
    /// The tiers measured in points that these feed; empty: all.
    pub counts_for: Vec<TiersId>,
    /// `does not count`: feeds no tier measured in points.
    pub does_not_count: bool,
    /// `transfer at most N per member per WINDOW`; none: no transfers.
    pub transfer: Vec<EarnCap>,
    /// The whole block.
    pub span: Span,
}

/// What is rounded together: one posting is rounded once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All rules of one event together (the default).
    Receipt,
    /// Each line by itself.
    Line,
    /// Each rule by itself.
    Rule,
    /// All of a calendar month together: the fraction is carried within the month.
    Month,
}

/// When a lot ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expiry {
    /// `never`, or nothing said.
    Never,
    /// `N months after earning[, at end of month]`.
    After(Life),
    /// `after N months without …`: all lots renew at each renewing act.
    Sliding {
        /// How long without.
        length: Length,
        /// What renews.
        without: Vec<Renewal>,
    },
    /// `on MM-DD each year`: the next such day on or after earning.
    Yearly(i8, i8),
}

/// A length after a day, and the end it is stretched to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Life {
    /// How long after.
    pub length: Length,
    /// `at end of month`: through the last day of the period that day falls in.
    pub at_end_of: Option<Period>,
}

/// An act that renews a sliding expiry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renewal {
    /// `any activity`.
    Any,
    /// `purchase`.
    Purchase,
    /// `redeem`.
    Redeem,
    /// `visit`.
    Visit,
    /// `activity NAME`, or any activity when none is named.
    Activity(Option<ActivityId>),
}

/// From when a lot can be spent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pending {
    /// At once.
    No,
    /// `pending N days`: from the start of day D + N.
    Days(u32),
    /// `pending until ACTIVITY`.
    Until(ActivityId),
}

/// `at most N per member per WINDOW`.
#[derive(Debug, Clone)]
pub struct EarnCap {
    /// The most.
    pub most: Exact,
    /// In which window.
    pub window: Window,
    /// The clause.
    pub span: Span,
}
