//! `reward`: what a member chooses and pays for with points.

use super::condition::Condition;
use super::gift::Valid;
use super::rule::Limit;
use super::{Name, PointsId};
use crate::text::Span;
use crate::value::clock::Date;
use crate::value::exact::Exact;

/// A `reward` block (section 3).
#[derive(Debug, Clone)]
pub struct Reward {
    /// Its name.
    pub name: Name,
    /// Prices: the first whose condition holds.
    pub prices: Vec<Price>,
    /// What it is, in words.
    pub words: Option<String>,
    /// What it costs the shop.
    pub costs: Option<Exact>,
    /// What it is worth to the member.
    pub value: Option<Exact>,
    /// Who may redeem it.
    pub when: Option<Condition>,
    /// How often: only times.
    pub limits: Vec<Limit>,
    /// How many there are in all.
    pub stock: Option<u32>,
    /// How long it is valid once redeemed.
    pub valid: Valid,
    /// First day, inclusive.
    pub from: Option<Date>,
    /// Last day, inclusive.
    pub until: Option<Date>,
    /// The whole block.
    pub span: Span,
}

/// `price N UNIT [and X CUR] [when …]`.
#[derive(Debug, Clone)]
pub struct Price {
    /// Which points.
    pub unit: PointsId,
    /// How many.
    pub number: Exact,
    /// And money.
    pub money: Option<Exact>,
    /// For whom.
    pub when: Option<Condition>,
    /// The clause.
    pub span: Span,
}
