//! `gift`: what the program gives.

use super::condition::Condition;
use super::{GiftId, Name};
use crate::text::Span;
use crate::value::clock::{Date, Length};
use crate::value::exact::Exact;

/// A `gift` block (section 3).
#[derive(Debug, Clone)]
pub struct Gift {
    /// Its name.
    pub name: Name,
    /// What it is, in words: the text of `experience`, `service`, or none for an item.
    pub words: Option<String>,
    /// Which items it may be, for `item CONDITION`.
    pub item: Option<Condition>,
    /// `at most 18 RON`: the most the item may cost.
    pub at_most: Option<Exact>,
    /// What it costs the shop.
    pub costs: Option<Exact>,
    /// What it is worth to the member.
    pub value: Option<Exact>,
    /// How long it is valid.
    pub valid: Valid,
    /// How many there are in all.
    pub stock: Option<u32>,
    /// `choose 1 of [..]`.
    pub choose: Vec<GiftId>,
    /// Who may have it.
    pub when: Option<Condition>,
    /// The whole block.
    pub span: Span,
}

/// How long a gift, reward or coupon is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Valid {
    /// For good.
    Forever,
    /// `30 days`: through the end of day D + N.
    For(Length),
    /// `until end of month/week/quarter/year`.
    UntilEndOf(crate::value::clock::Period),
    /// `until DATE`.
    Until(Date),
}
