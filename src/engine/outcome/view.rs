//! The state at one moment: every member, and what she has of each unit.

use super::{AsOf, PostingKind};
use crate::mechanics::example::Held;
use crate::mechanics::{DrawId, MembershipId, PointsId};
use crate::value::clock::Date;
use crate::value::exact::Exact;
use std::collections::BTreeMap;

/// The state at one moment.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Which moment.
    pub as_of: AsOf,
    /// How many entries of the journal lie before it.
    pub entries: usize,
    /// Every member the program knows by then.
    pub members: BTreeMap<String, MemberView>,
    /// Money of all accepted purchases less returns, anonymous ones too.
    pub sales: Exact,
    /// How many accepted purchases stand, anonymous ones too: one returned whole counts no more.
    pub purchases: u64,
}

/// The place of a level that is none.
pub const NO_LEVEL: usize = usize::MAX;

/// One member at one moment.
#[derive(Debug, Clone, Default)]
pub struct MemberView {
    /// For each unit and pocket.
    pub points: BTreeMap<(PointsId, Option<String>), PointsView>,
    /// The level in each tiers block and its last day; [`NO_LEVEL`] in one that only another version has.
    pub levels: Vec<(usize, Option<Date>)>,
    /// Stamps on each card.
    pub cards: Vec<i64>,
    /// Gifts and rewards held and valid: how many.
    pub gifts: BTreeMap<Held, u32>,
    /// Her entries in draws that are not held yet.
    pub entries: Vec<EntriesView>,
    /// How far she is with each challenge; empty where nobody asked.
    pub challenges: Vec<ChallengeView>,
    /// What the measures of each tiers block have come to; empty where nobody asked.
    pub measured: Vec<Vec<Exact>>,
    /// Memberships that she has or ever paid for.
    pub memberships: BTreeMap<MembershipId, MembershipView>,
    /// She left the program, or another account took hers in: no member any more, on no level.
    pub left: bool,
    /// The number of the version of the program that holds for her then.
    pub version: usize,
}

/// A member's entries in one draw that is not held yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntriesView {
    /// Which.
    pub draw: DrawId,
    /// Its date.
    pub date: Date,
    /// How many.
    pub number: i64,
    /// Whether it is the next of these draws to be held.
    pub next: bool,
}

/// How far a member is with a challenge.
#[derive(Debug, Clone, Default)]
pub struct ChallengeView {
    /// What is done of each step in the window at hand.
    pub figures: Vec<Exact>,
    /// How often it was completed, and still is.
    pub times: usize,
}

/// A paid membership of one member at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MembershipView {
    /// The last day it covers; none: she has it no more.
    pub until: Option<Date>,
    /// It costs nothing yet.
    pub trial: bool,
    /// Fees paid since the start.
    pub charged: Exact,
    /// Of those, what was given back.
    pub returned: Exact,
}

/// One unit of one member at one moment.
#[derive(Debug, Clone, Default)]
pub struct PointsView {
    /// Spendable.
    pub balance: Exact,
    /// Not yet spendable.
    pub pending: Exact,
    /// Owed.
    pub debt: Exact,
    /// Totals since the start, by kind, as positive figures (adjusted may be negative).
    pub totals: BTreeMap<PostingKind, Exact>,
    /// Open lots, soonest to end first.
    pub lots: Vec<LotView>,
}

/// An open lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotView {
    /// The event that brought it, or the timer's words.
    pub source: String,
    /// The day it was earned.
    pub earned: Date,
    /// What it was.
    pub granted: Exact,
    /// What is left.
    pub left: Exact,
    /// From this day it can be spent; none: already, or when its activity comes.
    pub spendable_from: Option<Date>,
    /// Not spendable yet.
    pub pending: bool,
    /// Its last day; none: it does not end.
    pub last_day: Option<Date>,
}

impl PointsView {
    /// Whether the balance is what the postings add up to, and what the totals say, and no part is
    /// below nothing.
    pub(super) fn adds_up(&self, posted: Option<&Exact>) -> Result<(), String> {
        let stands = &self.balance + &self.pending - &self.debt;
        let posted = posted.cloned().unwrap_or_default();
        if stands != posted {
            return Err(format!("stands at {stands}, postings add up to {posted}"));
        }
        let total = |kind: PostingKind| self.totals.get(&kind).cloned().unwrap_or_default();
        let came = total(PostingKind::Earned)
            + total(PostingKind::WrittenOff)
            + total(PostingKind::Bought)
            + total(PostingKind::Received)
            + total(PostingKind::Adjusted);
        let went = total(PostingKind::Spent)
            + total(PostingKind::Expired)
            + total(PostingKind::Clawed)
            + total(PostingKind::Sent);
        if came - went != stands {
            return Err(format!("stands at {stands}, which is not what its totals say"));
        }
        let lots: Exact = self.lots.iter().map(|lot| &lot.left).sum();
        if lots != &self.balance + &self.pending {
            return Err(format!("its lots hold {lots}"));
        }
        let below = self.lots.iter().any(|lot| lot.left.is_negative());
        if below || self.balance.is_negative() || self.pending.is_negative() || self.debt.is_negative() {
            return Err("below nothing".to_owned());
        }
        Ok(())
    }
}
