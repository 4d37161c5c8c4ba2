//! `stack`: how bonuses that meet combine.

use super::points::EarnCap;
use super::{Name, PointsId, RuleId};
use crate::text::Span;
use crate::value::exact::Exact;

/// A `stack` block (section 3).
#[derive(Debug, Clone)]
pub struct Stack {
    /// Its name, used by `group`.
    pub name: Name,
    /// Which of the bonuses that meet are kept.
    pub take: Take,
    /// `cap N UNIT per member per WINDOW`.
    pub caps: Vec<(PointsId, EarnCap)>,
    /// `cap N% of receipt`: the worth given is at most this share of the receipt.
    pub cap_percent: Option<(Exact, Span)>,
    /// The whole block.
    pub span: Span,
}

/// Which of the bonuses that meet are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Take {
    /// `take all`.
    All,
    /// `take best N`: the N worth most; `take best` is 1.
    Best(u32),
    /// `take first of [..]`: the first in this order that gives something.
    First(Vec<RuleId>),
    /// `compound`: percentages multiply, in file order.
    Compound,
}
