//! A run continued night after night from a kept state (section 6.14).
//!
//! What is kept is what happened, not what was worked out: every member's events, and beside them what she came to
//! and when that can change by itself. A night plays again, each from her first event, only the members
//! whom new events touch, or whose time has come; the others stand as they stood. So a night gives the very
//! figures of one run over the whole history, late events included, and costs what its members cost.
//!
//! | table | key | value |
//! |---|---|---|
//! | `events-N` | member | her events of some nights, one [`Pile`] a night |
//! | `owners-N` | event id | whose it is, and a hash of what it says: an id that comes again is told apart |
//! | `results-N` | member | [`Kept`] |
//! | `members-N` | member | her row in the members file |
//! | `corrections-N` | member | what late events changed of what had been reported of her |
//!
//! What nobody put a name to is kept by its day, under names that no member has (`home`): so a night that brings
//! anonymous purchases looks at those of its own days alone. A return that shows no card is kept with its purchase.

mod codec;
mod forget;
mod home;
mod list;
mod night;
mod players;
mod receive;
mod sound;
mod sweep;
mod tables;

pub use codec::Kept;
pub use forget::{Swap, TOMBSTONE, Trial, tombstone};
pub use list::{List, Unfit};
pub use night::{Correction, Fit, Night, Ran, Wrong};
pub use players::Players;

use super::outcome::{AsOf, HeldDraw};
use super::parts::{Played, TooFull};
use super::pile::Pile;
use super::plan::Needs;
use crate::ledger::{Event, MemberRow};
use crate::value::clock::Date;
use std::collections::BTreeMap;

/// What a night brings.
pub struct Increment<'i> {
    /// Its events, each id once, in any order; the piles keep what names lines ([`piles`]), and are taken one after the
    /// other.
    pub events: &'i mut dyn Iterator<Item = Result<Pile, TooFull>>,
    /// The members file, when the night brought one.
    pub members: Option<BTreeMap<String, MemberRow>>,
    /// Whether rows with mistakes are left out: what comes for a member who was forgotten then is.
    pub leave_out: bool,
}

/// So many events are put into a pile.
const PILE: usize = 1 << 18;

/// Events as a night takes them in.
pub fn piles(events: &[Event], needs: &Needs) -> Vec<Pile> {
    let pile = |events: &[Event]| {
        let mut pile = Pile::new(true);
        events.iter().for_each(|event| pile.push_event(event, needs));
        pile
    };
    events.chunks(PILE).map(pile).collect()
}

/// A member with all she did.
#[derive(Debug, Clone)]
pub struct Hers {
    /// Who, or a name that stands for nobody.
    pub id: String,
    /// Her row in the members file.
    pub row: Option<MemberRow>,
    /// Her events, in no order.
    pub events: Pile,
}

/// Plays members from their first event to their last.
pub trait Play: Sync {
    /// Members, with all whose histories touch theirs; `begin` is the first day of the whole history. What each of
    /// them came to, by id, and under the empty name what of theirs is nobody's; with a journal where it is wanted. Draws that
    /// were held before stay as they were held.
    ///
    /// # Errors
    /// When there is no room beside memory.
    fn play(
        &self,
        members: &[Hers],
        begin: Date,
        asked: (&[AsOf], &[HeldDraw]),
        journal: bool,
    ) -> Result<BTreeMap<String, Played>, TooFull>;
}
