//! Where a thing stands in the order of the run, when members are played one by one (section 6.2).

use super::order::{Order, Turn};
use super::{Job, Journal, Played};
use crate::engine::outcome::{Entry, When};
use crate::engine::pile::{Pile, moment};
use crate::engine::reference::part::{PartRun, Step};
use crate::ledger::{Class, Event, History, Kind};
use crate::value::clock::{Clock, Moment};
use crate::value::natural_cmp;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A place in the order of the run. Those of one part ascend; those of two parts are never equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// When.
    pub at: Moment,
    /// The place within the moment.
    pub rank: Rank,
    /// The place among what the same happening brought.
    pub within: u32,
}

/// A place within a moment: timers before events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rank {
    /// A timer of this member's that closes the day before.
    Closing(String),
    /// A timer of this member's that opens a day.
    Opening(String),
    /// An event.
    Event {
        /// The turn of its kind.
        turn: Turn,
        /// Its id.
        id: String,
        /// The purchase of this moment that it brings back, and so stands behind.
        after: Option<String>,
    },
}

impl Rank {
    /// The turn within the moment, and the ids by which it is settled.
    fn parts(&self) -> (Turn, &str, Option<&str>) {
        match self {
            Rank::Closing(member) => (Turn::Closing, member, None),
            Rank::Opening(member) => (Turn::Opening, member, None),
            Rank::Event { turn, id, after } => (*turn, id, after.as_deref()),
        }
    }
}

impl Ord for Rank {
    fn cmp(&self, other: &Self) -> Ordering {
        let ((turn, id, after), (turn_b, id_b, after_b)) = (self.parts(), other.parts());
        let natural = |a: &str, b: &str| match turn {
            Turn::Closing | Turn::Opening => a.cmp(b),
            Turn::Return | Turn::Redeem | Turn::Event => natural_cmp(a, b),
        };
        turn.cmp(&turn_b)
            .then_with(|| natural(after.unwrap_or(id), after_b.unwrap_or(id_b)))
            .then_with(|| after.is_some().cmp(&after_b.is_some()))
            .then_with(|| natural(id, id_b))
    }
}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Place {
    /// The same as bytes.
    pub fn order(&self) -> Order {
        match self.rank.parts() {
            (turn @ (Turn::Closing | Turn::Opening), member, _) => Order::timer(self.at, turn, member, self.within),
            (turn @ (Turn::Return | Turn::Redeem | Turn::Event), id, after) => {
                Order::event(self.at, turn, id, after, self.within)
            }
        }
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> Ordering {
        self.at.cmp(&other.at).then_with(|| self.rank.cmp(&other.rank)).then(self.within.cmp(&other.within))
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// What a moment asked for has in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Until {
    /// The moment.
    pub moment: Moment,
    /// Whether its own events are in; else it is the end of a day, and they belong to the next.
    pub through: bool,
}

impl Until {
    /// Of a moment asked for.
    pub fn of(when: When, clock: &Clock) -> Self {
        match when {
            When::EndOf(day) => Self { moment: clock.end_of(day), through: false },
            When::At(moment) => Self { moment, through: true },
        }
    }

    /// Whether an event of a moment is in.
    pub fn has_event(self, at: Moment) -> bool {
        if self.through { at <= self.moment } else { at < self.moment }
    }

    /// Behind all that is in.
    pub fn end(self) -> Order {
        Order::end(self.moment, self.through)
    }

    /// Whether what stands at a place is in.
    pub fn has(self, place: &Place) -> bool {
        let closing = matches!(place.rank, Rank::Closing(_));
        self.has_event(place.at) || closing && place.at == self.moment
    }
}

/// Gives each entry of a part its place. What falls due late, in the middle of other things, stands right
/// behind what made it so.
struct Placing {
    last: Option<Place>,
}

impl Placing {
    fn next(&mut self, at: Moment, rank: Rank) -> Place {
        let place = match self.last.take() {
            Some(last) if (last.at, &last.rank) >= (at, &rank) => Place { within: last.within + 1, ..last },
            Some(_) | None => Place { at, rank, within: 0 },
        };
        self.last = Some(place.clone());
        place
    }
}

/// The places of a part's journal.
pub(super) fn of_part(part: &History, ran: &PartRun) -> Vec<Place> {
    let ranks = ranks(&part.events);
    let mut placing = Placing { last: None };
    let mut places = Vec::with_capacity(ran.outcome.journal.len());
    for (nth, (from, step)) in ran.steps.iter().enumerate() {
        let upto = ran.steps.get(nth + 1).map_or(ran.outcome.journal.len(), |next| next.0);
        let (at, rank) = match step {
            Step::Event(place) => (part.events[*place].at, ranks[*place].clone()),
            Step::Timer { at, closing: true, member } => (*at, Rank::Closing(member.clone())),
            Step::Timer { at, closing: false, member } => (*at, Rank::Opening(member.clone())),
        };
        // A happening without entries has its place too: others may fall due by it.
        if *from == upto {
            placing.next(at, rank);
            continue;
        }
        places.extend((*from..upto).map(|_| placing.next(at, rank.clone())));
    }
    places
}

/// The ranks of events, all of which may name each other.
fn ranks(events: &[Event]) -> Vec<Rank> {
    let purchases = events.iter().filter(|event| event.kind == Kind::Purchase);
    let bought: BTreeMap<&str, Moment> = purchases.map(|event| (event.id.as_str(), event.at)).collect();
    let rank = |event: &Event| {
        let named = event.reference.as_deref().unwrap_or("");
        rank(event.kind, &event.id, named, bought.get(named) == Some(&event.at))
    };
    events.iter().map(rank).collect()
}

/// The rank of an event; `behind`: it names a purchase of its own moment.
pub(super) fn rank(kind: Kind, id: &str, named: &str, behind: bool) -> Rank {
    let turn = match kind.class(behind) {
        Class::Return => Turn::Return,
        Class::Redeem => Turn::Redeem,
        Class::Rest => Turn::Event,
    };
    let after = (kind == Kind::Return && behind).then(|| named.to_owned());
    Rank::Event { turn, id: id.to_owned(), after }
}

/// Gives the journal of a member who was played by herself its order, and cuts it where it is not wanted:
/// `events` are hers, in order.
pub(super) fn of_member(job: &Job<'_>, id: &str, pile: &Pile, events: &[u32], played: &mut Played) {
    let (clock, until) = (job.clock(), job.until());
    let mut placing = Placing { last: None };
    let mut next = 0;
    let mut place = |entry: &Entry| {
        let Some(event) = &entry.event else {
            // What closes a day is dated that day and stands at its end.
            let closing = entry.day < clock.day_of(entry.at);
            let rank = if closing { Rank::Closing(id.to_owned()) } else { Rank::Opening(id.to_owned()) };
            return placing.next(entry.at, rank);
        };
        while events.get(next).is_some_and(|at| pile.id.get(*at as usize) != event) {
            next += 1;
        }
        let rank = match events.get(next) {
            Some(_) => rank_in(pile, events, next),
            None => rank(Kind::Visit, event, "", false),
        };
        placing.next(entry.at, rank)
    };
    let mut wanted = 0;
    for (order, entry) in &mut played.journal {
        let place = place(entry);
        if !is_wanted(job.journal, &until, &place) {
            break;
        }
        *order = place.order();
        wanted += 1;
    }
    played.journal.truncate(wanted);
}

/// Whether what stands at a place is wanted in the journal.
pub(super) fn is_wanted(journal: Journal, until: &[Until], place: &Place) -> bool {
    match journal {
        Journal::None => false,
        Journal::UptoLast => until.last().is_some_and(|last| last.has(place)),
        Journal::Whole => true,
    }
}

/// The rank of one of a member's events.
fn rank_in(pile: &Pile, events: &[u32], nth: usize) -> Rank {
    let at = events[nth] as usize;
    let (kind, named) = (pile.kind[at], pile.reference.get(at));
    let same_moment = |other: &&u32| pile.at[**other as usize] == pile.at[at];
    let mut near =
        events[..nth].iter().rev().take_while(same_moment).chain(events[nth..].iter().take_while(same_moment));
    let is_it = |other: &u32| {
        let other = *other as usize;
        pile.kind[other] == Kind::Purchase
            && pile.id.get(other) == named
            && exact_moment(pile, other) == exact_moment(pile, at)
    };
    let behind = kind == Kind::Return && near.any(is_it);
    rank(kind, pile.id.get(at), named, behind)
}

/// When an event was, to the last digit.
pub(super) fn exact_moment(pile: &Pile, place: usize) -> Moment {
    let whole = u32::try_from(place).ok().and_then(|place| pile.whole.get(&place));
    whole.map_or_else(|| moment(pile.at[place]), |event| event.at)
}

/// Puts events into the order of section 6.2; a purchase and the return that names it must both be there.
pub(super) fn order(pile: &Pile, events: &mut [u32]) {
    let at = |event: &u32| exact_moment(pile, *event as usize);
    if !events.is_sorted_by_key(|event| pile.at[*event as usize]) || !pile.whole.is_empty() {
        events.sort_by_key(at);
    }
    let mut from = 0;
    while from < events.len() {
        let moment = at(&events[from]);
        let upto = from + events[from..].iter().take_while(|event| at(event) == moment).count();
        if upto - from > 1 {
            let together = events[from..upto].to_vec();
            events[from..upto].sort_by_cached_key(|event| {
                let nth = together.iter().position(|other| other == event).unwrap_or_default();
                rank_in(pile, &together, nth)
            });
        }
        from = upto;
    }
}
