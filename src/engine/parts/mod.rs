//! A history split by member, each part played by whichever interpreter can.

pub mod order;

use crate::engine::outcome::{Entry, GiftLife, MemberView, Reason};
use crate::mechanics::example::Held;
use crate::value::exact::Exact;
use order::Order;
use std::collections::BTreeMap;

/// What playing one member came to. Each member is told of once, up to the last moment asked for; what nobody has
/// (anonymous purchases) is told of the member without a name, as often as need be.
#[derive(Debug, Default)]
pub struct Played {
    /// Her state at each moment asked for, in time order; none where the program does not know her by then.
    pub views: Vec<Option<MemberView>>,
    /// What her state does not show, at each moment asked for; empty: nothing at any.
    pub counts: Vec<Counts>,
    /// What of hers was rejected: the event, the reason, and the first of the moments that has it in; of an event
    /// that was rejected for several reasons, the first of them first.
    pub rejected: Vec<(String, Reason, usize)>,
    /// What happened to her up to the last moment, in order, when the journal is wanted.
    pub journal: Vec<(Order, Entry)>,
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
}

/// Takes in what members come to: one for each part, filled by one worker.
pub trait Take: Send {
    /// One member, and what playing her came to.
    fn member(&mut self, id: &str, played: &Played);
}
