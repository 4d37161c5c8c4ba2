//! `activity`: what members do that nobody pays for.

use super::Name;
use super::condition::Condition;
use super::points::EarnCap;
use crate::text::Span;

/// An `activity` block (section 3).
#[derive(Debug, Clone)]
pub struct Activity {
    /// Its name.
    pub name: Name,
    /// Its fields.
    pub fields: Vec<Field>,
    /// `verified by WORD`: the event's `verified` column says so, or its column WORD says yes.
    pub verified_by: Option<String>,
    /// What is accepted.
    pub accept: Option<Condition>,
    /// `at most N per WINDOW`: of accepted ones.
    pub at_most: Vec<EarnCap>,
    /// `gap at least N hours`: elapsed since the last accepted one, in minutes.
    pub gap_minutes: Option<u64>,
    /// The whole block.
    pub span: Span,
}

/// A field of an activity: a column of the events file.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name.
    pub name: Name,
    /// What it holds.
    pub kind: FieldKind,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// A number, with a unit when one is declared (`field length number minutes`).
    Number(Option<String>),
    /// Text.
    Text,
    /// One of these words.
    OneOf(Vec<String>),
}
