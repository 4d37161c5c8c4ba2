//! `tiers`: levels, how they are reached, how long they last, what happens then.

use super::Name;
use super::basis::Basis;
use crate::text::Span;
use crate::value::clock::{Date, Length, Period, Window};
use crate::value::exact::Exact;

/// A `tiers` block (section 3).
#[derive(Debug, Clone)]
pub struct Tiers {
    /// Its name: the word conditions use.
    pub name: Name,
    /// What is measured; `measure NAME is …` gives more than one.
    pub measures: Vec<TierMeasure>,
    /// Ascending; the first from 0.
    pub levels: Vec<Level>,
    /// From when a new level counts.
    pub reach: Reach,
    /// How long it is kept.
    pub lasts: Lasts,
    /// What happens at the end of that time.
    pub miss: Miss,
    /// `refund recompute`: a refund may take a granted level back.
    pub recompute: bool,
    /// `carry over surplus[ up to N]`: (whether, the most).
    pub carry_over: Option<Option<Exact>>,
    /// `match LEVEL until DATE`.
    pub matches: Vec<(usize, Option<Date>)>,
    /// `fee X CUR per year gives LEVEL`: (level, fee, period).
    pub fees: Vec<(usize, Exact, Length)>,
    /// The whole block.
    pub span: Span,
}

/// One measure of a tiers block.
#[derive(Debug, Clone)]
pub struct TierMeasure {
    /// Its name, when it has one.
    pub name: Option<String>,
    /// What is measured.
    pub basis: Basis,
    /// In which window.
    pub window: Window,
    /// The clause.
    pub span: Span,
}

/// One level.
#[derive(Debug, Clone)]
pub struct Level {
    /// Its name.
    pub name: Name,
    /// What it takes.
    pub need: Need,
    /// `for life`: never reviewed.
    pub for_life: bool,
    /// `benefit "text"` lines.
    pub benefits: Vec<String>,
}

/// What a level takes.
#[derive(Debug, Clone)]
pub enum Need {
    /// At least this much of the measure (its place in `measures`).
    AtLeast(usize, Exact),
    /// All of them.
    All(Vec<Need>),
    /// Any of them.
    Any(Vec<Need>),
    /// Cannot be earned: bought, given or matched only.
    NotEarned,
}

/// From when a new level counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// From the next event (the default).
    NextEvent,
    /// The event that lifts is itself valued at the new level.
    AtOnce,
    /// From the start of the next day.
    NextDay,
}

/// How long a level is kept from the day it is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lasts {
    /// Nothing said: for good.
    Forever,
    /// `N months`: through the end of day D + N.
    For(Length),
    /// `until end of [next] calendar year`: 0 this one, 1 the next.
    EndOf(Period, u32),
    /// `until end of [next] membership year`.
    EndOfMembershipYear(u32),
    /// `until MM-DD after end of [next] calendar PERIOD`.
    DayAfterEndOf {
        /// Month.
        month: i8,
        /// Day.
        day: i8,
        /// The period that ends first.
        period: Period,
        /// 0 this one, 1 the next.
        next: u32,
    },
    /// `while measured`: falls as soon as the measure does.
    WhileMeasured,
}

/// What happens when a term ends unrenewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Miss {
    /// To the level below (the default).
    DropOne,
    /// To what the window that ends there has earned.
    DropToEarned,
    /// To the lowest, and the measure begins anew.
    StartOver,
    /// Keeps it.
    Keep,
}
