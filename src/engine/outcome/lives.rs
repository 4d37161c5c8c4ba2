//! Why what a member holds beside points came or went: memberships, stamps, entries, gifts, levels; and who won a draw.

use crate::mechanics::example::Held;
use crate::mechanics::{GiftId, MembershipId, Program, RuleId};
use crate::value::exact::Exact;
use serde::{Deserialize, Serialize};

/// What became of a paid membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// A trial began.
    Trial,
    /// The first term that is paid began.
    Begun,
    /// A term was added behind those that run.
    Ahead,
    /// It renewed itself.
    Renewed,
    /// Its last term ended.
    Ended,
    /// It was cancelled.
    Cancelled {
        /// Days of the running term for which the fee came back; 0: nothing did.
        left: i64,
        /// How many days that term has.
        of: i64,
    },
    /// Its member left the program.
    Left,
}
/// Why stamps came or went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StampWhy {
    /// The event brought them.
    Event,
    /// A new card's head start.
    Start,
    /// The card was filled.
    Full,
    /// A return took them back.
    Returned,
    /// The card lapsed.
    Lapsed,
    /// A limit or `discard` took them off.
    Cut,
    /// A full card was opened again.
    Reopened,
}

/// Why entries came or went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryWhy {
    /// The event brought them, or a rule gave them.
    Event,
    /// A free entry.
    Free,
    /// A return took them back.
    Returned,
    /// A limit took them off.
    Cut,
    /// The member left.
    Left,
}

/// A draw that was held: what a later night keeps as it was (section 6.14).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldDraw {
    /// The name of the draw.
    pub draw: String,
    /// Its date, `2026-01-31`.
    pub date: String,
    /// The event that brought the seed.
    pub event: String,
    /// The seed.
    pub seed: String,
    /// Entries in it.
    pub entries: u64,
    /// Of so many members.
    pub members: u64,
    /// Who won, the first first.
    pub winners: Vec<Winner>,
    /// Of an entry that won at once: the place of its prize, from 1. Else 0.
    #[serde(default, skip_serializing_if = "is_nought")]
    pub place: u32,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde asks so
fn is_nought(place: &u32) -> bool {
    *place == 0
}

/// Who won a draw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Winner {
    /// Who.
    pub member: String,
    /// The number of the entry, from 1, among those that were left.
    pub entry: u64,
    /// How many were left.
    pub among: u64,
}

/// What became of a gift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GiftLife {
    /// Given or redeemed.
    Issued,
    /// Used.
    Used,
    /// Its last day passed.
    Expired,
    /// Taken back.
    Revoked,
    /// Not given: there was none left.
    OutOfStock,
    /// A coupon whose purchase came back: not used after all.
    HeldAgain,
    /// Taken out of a choice that says nothing of its worth: it costs from here on.
    Taken,
    /// Taken out of a choice that said itself what it costs.
    Chosen,
}

impl GiftLife {
    /// What becomes of `gift` where it is taken out of `held`; none where that is no choice with it among others.
    pub fn taken_out_of(program: &Program, held: Held, gift: GiftId) -> Option<Self> {
        let Held::Gift(choice) = held else { return None };
        let choice = program.gifts.get(choice.0).filter(|choice| choice.choose.contains(&gift))?;
        Some(if choice.costs.is_none() && choice.value.is_none() { Self::Taken } else { Self::Chosen })
    }

    /// All of them, in their order.
    pub const ALL: [GiftLife; 8] = [
        GiftLife::Issued,
        GiftLife::Used,
        GiftLife::Expired,
        GiftLife::Revoked,
        GiftLife::OutOfStock,
        GiftLife::HeldAgain,
        GiftLife::Taken,
        GiftLife::Chosen,
    ];
}

/// Why a level changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LevelWhy {
    /// The measure reached what it takes: (measured, needed).
    Reached(Exact),
    /// Met again in a later window: a new term.
    Renewed(Exact),
    /// The term ended unrenewed: (measured).
    Missed(Exact),
    /// The measure fell, and the level with it.
    Fell(Exact),
    /// A refund took it back.
    Refunded(Exact),
    /// Given by a rule.
    Given(RuleId),
    /// Given by a `grant` event.
    Granted,
    /// Held while a membership runs.
    Membership(MembershipId),
    /// Taken by a `revoke` or `cancel` event, or its end came.
    Ended,
    /// What gave it came back.
    TakenBack,
}
