//! A history split by member, each part played by whichever interpreter can.
//!
//! Members are played one by one, each from her first event to her last, in any order and on any thread. Those
//! that touch one another (a transfer, a referral, a merge, a return of somebody else's purchase) are *kin* and
//! are played together by the reference. Where a program joins everybody (a budget that closes, a stock, a
//! limit in all), see [`joined`].

mod drive;
mod group;
mod joined;
mod kin;
mod merge;
pub mod order;
pub mod place;
mod store;
mod threads;

use crate::engine::outcome::{AsOf, Entry, GiftLife, Happened, MemberView, Reason, StampWhy};
use crate::engine::pile::Pile;
use crate::engine::plan::Needs;
use crate::engine::reference::part::Whole;
use crate::ledger::MemberRow;
use crate::mechanics::Program;
use crate::mechanics::example::Held;
use crate::value::clock::Clock;
use crate::value::exact::Exact;
use place::{Place, Until};
use std::collections::BTreeMap;

pub use drive::{Driven, play};
pub use joined::joins_all;
pub use merge::{Knobs, outcome};
pub use store::{Store, TooFull};

/// What a member may hold at once in her hands: everything about one run that is the same for all.
#[derive(Debug, Clone)]
pub struct Job<'a> {
    /// The program.
    pub program: &'a Program,
    /// Which columns the piles have.
    pub needs: &'a Needs,
    /// The moments asked for, in time order ([`in_order`]).
    pub as_of: &'a [AsOf],
    /// What a part is told of the whole history.
    pub whole: Whole,
    /// Whether the journal is wanted.
    pub journal: bool,
    /// How many members may be played at a time.
    pub threads: usize,
}

impl Job<'_> {
    /// The program's clock.
    pub fn clock(&self) -> &Clock {
        &self.program.settings.clock
    }

    /// What each moment asked for has in.
    pub fn until(&self) -> Vec<Until> {
        self.as_of.iter().map(|wanted| Until::of(wanted.when, self.clock())).collect()
    }
}

/// The moments asked for in time order: the end of a day before what happens as the next begins.
pub fn in_order(as_of: &[AsOf], clock: &Clock) -> Vec<AsOf> {
    let mut sorted = as_of.to_vec();
    sorted.sort_by_key(|wanted| Until::of(wanted.when, clock));
    sorted
}

/// What playing one member came to. Each member is told of once, up to the last moment asked for; what nobody has
/// (anonymous purchases) is told of the member without a name, as often as need be.
#[derive(Debug, Default)]
pub struct Played {
    /// Her state at each moment asked for, in time order; none where the program does not know her by then.
    pub views: Vec<Option<MemberView>>,
    /// What her state does not show, at each moment asked for; empty: nothing at any. Kin have their purchases
    /// together, with the first of them.
    pub counts: Vec<Counts>,
    /// What of hers was rejected: the event, the reason, and the first of the moments that has it in; of an event
    /// that was rejected for several reasons, the first of them first.
    pub rejected: Vec<(String, Reason, usize)>,
    /// What happened to her up to the last moment, in order, when the journal is wanted. Postings are not numbered yet.
    pub journal: Vec<Entry>,
    /// The place of each entry of the journal in the order of the run; whoever plays leaves it empty.
    pub places: Vec<Place>,
}

/// What has come of one member since the start that her state does not show; of all members and of nobody it adds
/// up to the figures of a snapshot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Accepted purchases, less those returned whole.
    pub purchases: u64,
    /// Money of accepted purchases, less returns.
    pub sales: Exact,
    /// Postings.
    pub postings: u64,
    /// How many of each card she filled; no places: none of any.
    pub filled: Vec<u64>,
    /// How often each thing became of each gift and reward.
    pub lives: BTreeMap<(Held, GiftLife), u64>,
}

impl Counts {
    /// Adds what has come of others, or later.
    pub fn add(&mut self, more: &Counts) {
        self.purchases += more.purchases;
        self.sales += &more.sales;
        self.postings += more.postings;
        if self.filled.len() < more.filled.len() {
            self.filled.resize(more.filled.len(), 0);
        }
        for (sum, more) in self.filled.iter_mut().zip(&more.filled) {
            *sum += more;
        }
        for (thing, more) in &more.lives {
            *self.lives.entry(*thing).or_default() += more;
        }
    }

    /// Counts one thing that happened.
    pub fn count(&mut self, what: &Happened) {
        match what {
            Happened::Posted(_) => self.postings += 1,
            Happened::Stamped { card, why: StampWhy::Full, .. } => {
                if self.filled.len() <= card.0 {
                    self.filled.resize(card.0 + 1, 0);
                }
                self.filled[card.0] += 1;
            }
            Happened::Gift { held, life, .. } => *self.lives.entry((*held, *life)).or_default() += 1,
            Happened::Stamped { .. } | Happened::Rejected { .. } | Happened::Level { .. } | Happened::Nothing(_) => {}
        }
    }
}

/// Takes in what members come to: one for each part, filled by one worker.
pub trait Take: Send {
    /// One member, and what playing her came to; members come in the order of their ids. Nobody's (an empty
    /// id, before all others) has no views, and is only there when something of nobody's happened.
    fn member(&mut self, id: &str, played: &Played);
}

/// A member who is played.
#[derive(Debug, Clone, Copy)]
pub struct Who<'a> {
    /// Her id.
    pub id: &'a str,
    /// Her row of the members file.
    pub row: Option<&'a MemberRow>,
}

/// What an interpreter cannot do for a member; the reference then plays her.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beyond(
    /// Why, in a few words, for those who ask why a run was slow.
    pub &'static str,
);

/// Plays members one after the other; each worker has its own.
pub trait Player {
    /// Plays a member over her events: places in the pile, in the order of section 6.2. Besides her own there may
    /// be returns among them that show no card. `played` comes empty and is filled but for [`Played::places`].
    ///
    /// # Errors
    /// When it cannot say for sure what the reference would; what it left in `played` is thrown away.
    fn play(&mut self, who: &Who<'_>, pile: &Pile, events: &[u32], played: &mut Played) -> Result<(), Beyond>;
}

/// Plays nobody: everyone is left to the reference.
#[derive(Debug, Clone, Copy, Default)]
pub struct Plain;

impl Player for Plain {
    fn play(&mut self, _: &Who<'_>, _: &Pile, _: &[u32], _: &mut Played) -> Result<(), Beyond> {
        Err(Beyond("the reference is asked for"))
    }
}
