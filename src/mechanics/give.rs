//! What can be given (section 5).

use super::basis::{Basis, Pick};
use super::condition::Condition;
use super::points::Life;
use super::{CardId, CouponId, DrawId, GiftId, PointsId, RuleId, TiersId};
use crate::text::Span;
use crate::value::clock::{Date, Length};
use crate::value::exact::{Exact, Rounding};

/// One line of `give`.
#[derive(Debug, Clone)]
pub struct Give {
    /// What.
    pub what: What,
    /// To whom.
    pub to: Whom,
    /// Of points: a life of their own, `expiring 30 days after`.
    pub life: Option<Life>,
    /// Where it is written.
    pub span: Span,
}

/// Who receives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whom {
    /// The member of the event (on referral and on first purchase of friend: the referrer).
    Member,
    /// `to referrer`.
    Referrer,
    /// `to friend`.
    Friend,
}

/// What `number per so much` brings of a figure; of whole steps alone where it says `full`.
pub fn at_rate(figure: &Exact, number: &Exact, per: &Exact, full: bool) -> Option<Exact> {
    let steps = figure.checked_div(per)?;
    Some(if full { steps.round(Rounding::Down, 0) } else { steps } * number)
}

/// What `percent back` of money brings in points of that worth.
pub fn back_of(money: &Exact, percent: &Exact, worth: &Exact) -> Option<Exact> {
    (money * percent * Exact::ratio(1, 100)).checked_div(worth)
}

/// What is given.
#[derive(Debug, Clone)]
pub enum What {
    /// `1 star per 2 RON`, `6 miles per 1 GBP, or 7 when …`.
    Rate {
        /// Which points.
        unit: PointsId,
        /// How many: the first `or` whose condition holds, else this.
        number: Exact,
        /// `or N when CONDITION`, in order.
        or: Vec<(Condition, Exact)>,
        /// For how much of the basis.
        per: Exact,
        /// `per full`: whole steps only.
        full: bool,
        /// What is measured.
        basis: Basis,
    },
    /// `5% back as cash`: points whose worth is that share of the money measured.
    Back {
        /// Which points.
        unit: PointsId,
        /// 5 for 5%.
        percent: Exact,
        /// `or N% when CONDITION`, in order.
        or: Vec<(Condition, Exact)>,
        /// The money.
        basis: Basis,
    },
    /// `50 stars`.
    Fixed {
        /// Which points.
        unit: PointsId,
        /// How many.
        number: Exact,
        /// `or N when CONDITION`, in order.
        or: Vec<(Condition, Exact)>,
    },
    /// `+100% of base[, with …]`.
    PercentOf {
        /// 100 for 100%.
        percent: Exact,
        /// The base.
        rule: RuleId,
        /// For the part of the base that these lines brought.
        lines: Pick,
    },
    /// `by scale: from 0 RON 1 star per 10 RON, …`.
    Scale {
        /// Which points.
        unit: PointsId,
        /// Ascending; the first from 0.
        bands: Vec<Band>,
        /// `whole`: the whole amount at the rate of the band it reaches; else marginal.
        whole: bool,
        /// What is measured.
        basis: Basis,
    },
    /// `by step: from 7000 steps 3 stars, …`: the sum of the highest step reached.
    Step {
        /// Which points.
        unit: PointsId,
        /// (from, how many), ascending.
        steps: Vec<(Exact, Exact)>,
        /// What is measured.
        basis: Basis,
    },
    /// `gift X`, `N gift X`.
    Gift(GiftId, u32),
    /// `coupon X`, `N coupon X`.
    Coupon(CouponId, u32),
    /// `N stamps on CARD`.
    Stamps(CardId, u32),
    /// `1 entry in DRAW`.
    Entries(DrawId, u32),
    /// `level gold of status until … / for …`.
    Level {
        /// Which tiers.
        tiers: TiersId,
        /// Which level.
        level: usize,
        /// Until when; neither: the block's own `lasts`.
        until: Option<Until>,
    },
}

impl What {
    /// The points it names; none where it gives no points, or a share of what a rule brings.
    pub fn unit(&self) -> Option<PointsId> {
        match self {
            What::Rate { unit, .. }
            | What::Back { unit, .. }
            | What::Fixed { unit, .. }
            | What::Scale { unit, .. }
            | What::Step { unit, .. } => Some(*unit),
            What::PercentOf { .. }
            | What::Gift(..)
            | What::Coupon(..)
            | What::Stamps(..)
            | What::Entries(..)
            | What::Level { .. } => None,
        }
    }

    /// The figures that take the place of its own where a condition holds, the first that does.
    pub fn or(&self) -> &[(Condition, Exact)] {
        match self {
            What::Rate { or, .. } | What::Back { or, .. } | What::Fixed { or, .. } => or,
            What::PercentOf { .. }
            | What::Scale { .. }
            | What::Step { .. }
            | What::Gift(..)
            | What::Coupon(..)
            | What::Stamps(..)
            | What::Entries(..)
            | What::Level { .. } => &[],
        }
    }

    /// What it measures; none where how much it gives hangs on nothing measured, or on what a rule brings.
    pub fn basis(&self) -> Option<&Basis> {
        match self {
            What::Rate { basis, .. }
            | What::Back { basis, .. }
            | What::Scale { basis, .. }
            | What::Step { basis, .. } => Some(basis),
            What::Fixed { .. }
            | What::PercentOf { .. }
            | What::Gift(..)
            | What::Coupon(..)
            | What::Stamps(..)
            | What::Entries(..)
            | What::Level { .. } => None,
        }
    }
}

/// One band of a scale.
#[derive(Debug, Clone)]
pub struct Band {
    /// Where it begins.
    pub from: Exact,
    /// How many points.
    pub number: Exact,
    /// For how much of the basis.
    pub per: Exact,
}

/// The end of a level that is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// Through this day.
    Date(Date),
    /// Through the end of day D + length.
    For(Length),
}
