//! `promise`: what must hold for every history.

use super::SegmentId;
use crate::text::Span;
use crate::value::exact::Exact;

/// One clause of a `promise` block.
#[derive(Debug, Clone)]
pub struct Promise {
    /// What is promised.
    pub what: Promised,
    /// The clause.
    pub span: Span,
}

/// What is promised.
#[derive(Debug, Clone)]
pub enum Promised {
    /// `return on purchase at most N%[, with gifts]`.
    Return {
        /// 6 for 6%.
        percent: Exact,
        /// `with gifts`: gifts and cards at cost are counted too.
        with_gifts: bool,
    },
    /// `monthly cost at most X CUR`: looked at by simulations.
    MonthlyCost(Exact),
    /// `no free loop`.
    NoFreeLoop,
    /// `every level reachable`.
    LevelsReachable,
    /// `every reward reachable within N months [for segment S]`.
    RewardsReachable(u32, Option<SegmentId>),
    /// `no member below level gold earns more than gold`: (tiers, level).
    Monotone(super::TiersId, usize),
}
