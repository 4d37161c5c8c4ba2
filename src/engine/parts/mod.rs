//! A history split by member, each part played by whichever interpreter can.
//!
//! Members are played one by one, each from her first event to her last, in any order and on any thread. Those
//! that touch one another (a transfer, a referral, a merge, a return of somebody else's purchase) are *kin* and
//! are played together by the reference. Where a program joins everybody (a budget that closes, a stock, a
//! limit in all), see [`roomy`].

mod aside;
mod drive;
mod group;
mod heap;
mod hers;
pub mod intake;
mod joined;
mod kin;
mod merge;
pub mod order;
pub mod place;
mod store;
mod threads;
mod ties;

use crate::engine::deeds::Told;
use crate::engine::outcome::{AsOf, DiscountOf, Entry, GiftLife, Happened, HeldDraw, MemberView, Reason, StampWhy};
use crate::engine::pile::Pile;
use crate::engine::plan::Needs;
use crate::engine::reference::part::{Shared, Whole};
use crate::ledger::MemberRow;
use crate::mechanics::Program;
use crate::mechanics::example::Held;
use crate::value::clock::{Clock, Date};
use crate::value::exact::Exact;
use order::Order;
use place::Until;
use std::collections::BTreeMap;

pub use drive::{Ended, Slow, in_order_of_events, pile_of, play, whole_history};
pub use hers::{each_member, hers, whose};
pub use joined::{joins_all, roomy};
pub use merge::{Knobs, filled, outcome, piles};
pub use store::{Room, Store, TooFull};

/// What is the same for all members of a run.
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
    /// How much of the journal is wanted.
    pub journal: Journal,
    /// Whether it is wanted what members did, event by event.
    pub deeds: bool,
    /// How many members may be played at a time.
    pub threads: usize,
    /// Where all members draw from one thing: the program itself, and [`Self::program`] is the one in which there is
    /// room for everybody ([`roomy`]).
    pub shared: Option<&'a Program>,
}

/// How much of the journal is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Journal {
    /// Nothing.
    None,
    /// What happens up to the last moment asked for.
    UptoLast,
    /// All, to the last event of the history.
    Whole,
}

impl<'a> Job<'a> {
    /// The same where there is room for everybody: in what [`roomy`] makes of the program, if anything.
    #[must_use]
    pub fn with_room(&self, roomy: Option<&'a Program>) -> Self {
        match roomy {
            Some(roomy) => Self { program: roomy, shared: Some(self.program), ..self.clone() },
            None => self.clone(),
        }
    }

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
#[derive(Debug, Clone, Default)]
pub struct Played {
    /// Her state at each moment asked for, in time order; none where the program does not know her by then.
    pub views: Vec<Option<MemberView>>,
    /// What her state does not show, at each moment asked for; empty: nothing at any. What kin bought and sold
    /// stands with one of them.
    pub counts: Vec<Counts>,
    /// What of hers was rejected: the event, the reason, and the first of the moments that has it in; of an event
    /// that was rejected for several reasons, the first of them first.
    pub rejected: Vec<(String, Reason, usize)>,
    /// What was taken off her purchases: the purchase, the change, and the first of the moments that has it in.
    pub discounts: Vec<(String, Exact, usize)>,
    /// What happened to her up to the last moment, in order, when the journal is wanted. Postings have no number
    /// yet. A [`Player`] leaves the orders empty.
    pub journal: Vec<(Order, Entry)>,
    /// Where each moment asked for ends in the journal, where that is not [`Until::end`] of it.
    pub ends: Vec<Order>,
    /// What she did, and what others did that brought her something, up to the last moment, where it is wanted.
    pub deeds: Vec<Told>,
    /// The day at whose start her state can next change without an event, behind the last moment asked for and her
    /// last event; none: never.
    pub due: Option<Date>,
    /// The draws that were held, with nobody.
    pub held: Vec<HeldDraw>,
    /// What rules drew for her of things that all members share, as far as nothing else here tells it; what was taken
    /// back again counts too.
    pub drawn: Vec<(Shared, Date, Exact)>,
}

/// What has come of one member since the start that her state does not show.
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
    /// What each discount and coupon took off.
    pub discounts: BTreeMap<DiscountOf, Given>,
}

/// What a discount or coupon took off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// How often.
    pub times: i64,
    /// How much.
    pub off: Exact,
}

impl Played {
    /// Nothing, at so many moments.
    pub fn of_nothing(moments: usize) -> Self {
        Self { views: vec![None; moments], counts: vec![Counts::default(); moments], ..Self::default() }
    }

    /// Adds more of what nobody has, whose state is none.
    pub fn add(&mut self, more: Played) {
        for (sum, more) in self.counts.iter_mut().zip(&more.counts) {
            sum.sales += &more.sales;
            sum.purchases += more.purchases;
            for (of, given) in &more.discounts {
                let all = sum.discounts.entry(*of).or_default();
                all.times += given.times;
                all.off += &given.off;
            }
        }
        if self.counts.is_empty() {
            self.counts = more.counts;
        }
        self.held.extend(more.held);
        self.rejected.extend(more.rejected);
        self.discounts.extend(more.discounts);
        self.journal.extend(more.journal);
        self.deeds.extend(more.deeds);
    }
}

impl Counts {
    /// Counts what an entry tells; what was bought is counted elsewhere.
    pub fn count(&mut self, entry: &Entry) {
        match &entry.what {
            Happened::Posted(_) => self.postings += 1,
            Happened::Stamped { card, why: StampWhy::Full, .. } => {
                if self.filled.len() <= card.0 {
                    self.filled.resize(card.0 + 1, 0);
                }
                self.filled[card.0] += 1;
            }
            // It was used, and is not.
            Happened::Gift { held, life: GiftLife::HeldAgain, .. } => {
                let used = self.lives.entry((*held, GiftLife::Used)).or_default();
                *used = used.saturating_sub(1);
            }
            Happened::Gift { held, life, .. } => *self.lives.entry((*held, *life)).or_default() += 1,
            Happened::Discount(off) => {
                let given = self.discounts.entry(off.of).or_default();
                given.times += off.times();
                given.off += off.change();
            }
            Happened::Stamped { .. }
            | Happened::Rejected { .. }
            | Happened::Level { .. }
            | Happened::Challenge { .. }
            | Happened::Entries { .. }
            | Happened::Drawn { .. }
            | Happened::Won { .. }
            | Happened::Membership { .. }
            | Happened::Offer { .. }
            | Happened::Limited { .. }
            | Happened::NewTerms(_)
            | Happened::Nothing(_) => {}
        }
    }
}

/// Takes in what members come to: one for each part, filled by one worker.
pub trait Take {
    /// One member, and what playing her came to.
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
    /// be returns among them that show no card. `played` comes empty.
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
