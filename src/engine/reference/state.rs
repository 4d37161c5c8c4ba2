//! What the reference interpreter remembers.
//!
//! Nothing is summed up ahead of its use, but for what a purse holds: a member's history is kept whole, each happening at
//! its own position in the run, and every question ("what was spent before this event?") is answered
//! by reading it again up to a position. That is what lets a return value its purchase again
//! under the state of its own day (section 6.11). What was read and cannot have changed since is not read twice
//! (`known`); a debug build reads it nevertheless, and compares.

mod held;
mod seen;

use super::discounts::DiscountHad;
use super::draws::Entries;
use super::known::Known;
use super::log::Log;
use super::memberships::MembershipState;
use super::purse::Purse;
use super::tally::Tally;
use super::valuation::Valuation;
use crate::ledger::{Event, Named};
use crate::mechanics::example::Held;
use crate::mechanics::{MembershipId, PayoutId, PointsId};
use crate::value::clock::Date;
use crate::value::exact::Exact;
use std::collections::{BTreeMap, BTreeSet};

pub use held::{CardState, Completion, FullCard, GiftState, Grant, HeldGift, LevelState, Redemption, Rung, Stamp};
pub use seen::{Account, Accounts, Followed, FromOther, Further, Left, Seen, SeenKind, SeenLine, Shrunk};

/// A place in the run: each event and each timer that fires has one, ascending.
pub type Position = u64;

/// A purse: one unit of one member, and its pocket where `separate by` keeps several.
pub type PurseKey = (PointsId, Option<String>);

/// One member.
#[derive(Debug, Clone)]
pub struct Member<'a> {
    /// The id.
    pub id: String,
    /// Her columns in the members file.
    pub columns: Named,
    /// Whether she stands in the members file (or in an example's `given`).
    pub listed: bool,
    /// The day she joined; she is a member from its start.
    pub joined: Option<Date>,
    /// Whether an event or the file has made her a member.
    pub enrolled: bool,
    /// Whether she has left, and so is no member any more.
    pub left: bool,
    /// Her birthday.
    pub birthday: Option<Date>,
    /// The day on which her household's level is to be looked at for the first time.
    pub comes_home: Option<Date>,
    /// Who referred her.
    pub referrer: Option<String>,
    /// What a referral gives her and waits until she is a member.
    pub waiting: Option<Waiting<'a>>,
    /// Accepted events, in order. One that counts differently from now on is changed by [`Member::seen_at_mut`] or
    /// [`Member::seen_of_mut`].
    pub seen: Vec<Seen<'a>>,
    /// What was read of them.
    pub(super) known: Known,
    /// Which of them have shrunk by returns, in the order of the returns.
    pub shrunk: Vec<Shrunk>,
    /// What events of others brought her, in order.
    pub from_others: Vec<FromOther<'a>>,
    /// What rules have posted, in order.
    pub contributions: Log,
    /// Her points.
    pub purses: BTreeMap<PurseKey, Purse>,
    /// The last day that renewed each sliding unit.
    pub renewed: BTreeMap<PointsId, Date>,
    /// Her level in each tiers block.
    pub levels: Vec<LevelState>,
    /// Her cards.
    pub cards: Vec<CardState>,
    /// Every gift and reward she was ever given.
    pub gifts: Vec<HeldGift>,
    /// Memberships that she has or had.
    pub memberships: BTreeMap<MembershipId, MembershipState>,
    /// Accepted redemptions of rewards.
    pub redemptions: Vec<Redemption>,
    /// Her entries in draws, in the order they came.
    pub(super) entries: Vec<Entries>,
    /// Challenges she completed, in order.
    pub completions: Vec<Completion>,
    /// Payouts that pay each member once, and have paid her.
    pub paid_once: BTreeSet<PayoutId>,
    /// What she had of discounts, in order.
    pub discounted: Vec<DiscountHad>,
    /// What she sent to others, by unit.
    pub sent: BTreeMap<PointsId, Tally>,
    /// Rules' timers that stand at the start of a day have fired through this day.
    pub opened: Date,
    /// Rules' timers that stand at the end of a day have fired through this day.
    pub closed: Date,
    /// Her purchases, each with its day, less those returned whole: the last arms `no purchase in N days`.
    pub armed: BTreeMap<Position, Date>,
    /// Through which last purchase's day each of those timers has fired, by N.
    pub quiet: BTreeMap<u32, Date>,
    /// The day on which a purchase of hers was last returned whole: what that brings about begins a day later.
    pub disarmed: Option<Date>,
    /// The last day on which it was looked at whether other terms hold for her.
    pub changed: Date,
}

/// What a referral gives to a friend who is no member yet.
#[derive(Debug, Clone)]
pub struct Waiting<'a> {
    /// Who made the referral.
    pub from: String,
    /// The referral.
    pub event: &'a Event,
    /// The friend's part of what it is worth.
    pub valuation: Valuation,
}

/// The state that rules see: what stood before the event (section 6.3).
#[derive(Debug, Clone, Default)]
pub struct Opening {
    /// Levels in each tiers block.
    pub levels: Vec<usize>,
    /// Stamps on each card.
    pub stamps: Vec<i64>,
    /// Gifts and rewards held and valid.
    pub held: Vec<Held>,
    /// Memberships of which a term runs.
    pub memberships: Vec<MembershipId>,
    /// Spendable points.
    pub balances: BTreeMap<PointsId, Exact>,
    /// Her quintile in each ranking of all members, in the order of [`crate::mechanics::Program::rankings`].
    pub ranks: Vec<Option<i64>>,
    /// What went with what by the purchases seen, for each offer that asks: its place, of what, and what.
    pub learned: Vec<(usize, String, String)>,
}

impl<'a> Member<'a> {
    /// What followed from each of her own events, then from what another's event brought her, a level of the household, or
    /// a day.
    pub fn followed(&self) -> impl Iterator<Item = Followed<'_>> {
        let own = self.seen.iter().map(|seen| Followed {
            position: seen.position,
            at: seen.at,
            day: seen.day,
            source: &seen.event.id,
            further: &seen.further,
        });
        let others = self.from_others.iter().map(|one| Followed {
            position: one.position,
            at: one.at,
            day: one.day,
            source: &one.source,
            further: &one.further,
        });
        own.chain(others)
    }

    /// What happened at a position.
    pub fn seen_at(&self, position: Position) -> Option<&Seen<'a>> {
        self.seen.get(self.place_at(position)?)
    }

    /// The same, to be changed.
    pub fn seen_at_mut(&mut self, position: Position) -> Option<&mut Seen<'a>> {
        let place = self.place_at(position)?;
        self.change(place)
    }

    /// What an event of hers was taken in as.
    pub fn seen_of(&self, event: &Event) -> Option<&Seen<'a>> {
        self.seen.get(self.place_of(event)?)
    }

    /// The same, to be changed.
    pub fn seen_of_mut(&mut self, event: &Event) -> Option<&mut Seen<'a>> {
        let place = self.place_of(event)?;
        self.change(place)
    }

    fn change(&mut self, place: usize) -> Option<&mut Seen<'a>> {
        // Another event of the day may be the one that makes a visit now.
        let day = self.seen.get(place)?.day;
        let end = place + self.seen[place..].iter().take_while(|seen| seen.day == day).count();
        self.known.change(&(place..end));
        self.seen.get_mut(place)
    }

    /// Of what happened at a position, its place among all that did.
    pub fn place_at(&self, position: Position) -> Option<usize> {
        self.seen.binary_search_by_key(&position, |seen| seen.position).ok()
    }

    /// Of an event of hers, the same.
    pub fn place_of(&self, event: &Event) -> Option<usize> {
        let end = self.seen.partition_point(|seen| seen.at <= event.at);
        let mut at_once = self.seen[..end].iter().enumerate().rev().take_while(|(_, seen)| seen.at == event.at);
        at_once.find(|(_, seen)| std::ptr::eq(seen.event, event)).map(|(place, _)| place)
    }

    /// What happened from a day on: events come in the order of time.
    pub fn seen_from(&self, day: Date) -> &[Seen<'a>] {
        &self.seen[self.seen.partition_point(|seen| seen.day < day)..]
    }

    /// Purchases and visits of one visit: a day and a store.
    pub fn of_visit<'m>(&'m self, visit: (Date, Option<&'m str>)) -> impl Iterator<Item = &'m Seen<'a>> {
        let of_day = self.seen_from(visit.0).iter().take_while(move |seen| seen.day == visit.0);
        of_day.filter(move |seen| matches!(seen.kind, SeenKind::Purchase | SeenKind::Visit) && seen.visit() == visit)
    }

    /// A stranger: no member yet.
    pub fn stranger(id: &str, tiers: usize, cards: usize) -> Self {
        Self {
            id: id.to_owned(),
            columns: Named::default(),
            listed: false,
            joined: None,
            enrolled: false,
            left: false,
            birthday: None,
            comes_home: None,
            referrer: None,
            waiting: None,
            seen: Vec::new(),
            known: Known::default(),
            shrunk: Vec::new(),
            from_others: Vec::new(),
            contributions: Log::default(),
            purses: BTreeMap::new(),
            renewed: BTreeMap::new(),
            levels: vec![LevelState::default(); tiers],
            cards: vec![CardState::default(); cards],
            gifts: Vec::new(),
            memberships: BTreeMap::new(),
            redemptions: Vec::new(),
            entries: Vec::new(),
            completions: Vec::new(),
            paid_once: BTreeSet::new(),
            discounted: Vec::new(),
            sent: BTreeMap::new(),
            opened: Date::MIN,
            closed: Date::MIN,
            armed: BTreeMap::new(),
            quiet: BTreeMap::new(),
            disarmed: None,
            changed: Date::MIN,
        }
    }

    /// The day of her last purchase that was not returned whole, since she last left.
    pub fn last_purchase(&self) -> Option<Date> {
        self.armed.last_key_value().map(|(_, day)| *day)
    }

    /// Whether she is a member on `day`.
    pub fn is_member(&self, day: Date) -> bool {
        self.enrolled && !self.left && self.joined.is_none_or(|joined| joined <= day)
    }

    /// The state that rules see on `day`.
    pub fn opening(&self, day: Date) -> Opening {
        let mut balances = BTreeMap::new();
        for ((unit, _), purse) in &self.purses {
            *balances.entry(*unit).or_insert_with(Exact::zero) += purse.balance();
        }
        Opening {
            levels: self.levels.iter().map(|level| level.on(day)).collect(),
            stamps: self.cards.iter().map(|card| card.open).collect(),
            held: self.gifts.iter().filter(|gift| gift.valid(day)).map(|gift| gift.held).collect(),
            memberships: self.memberships.iter().filter(|(_, state)| state.runs(day)).map(|(id, _)| *id).collect(),
            balances,
            ranks: Vec::new(),
            learned: Vec::new(),
        }
    }
}
