//! What the reference interpreter remembers.
//!
//! Nothing is summed up ahead of its use, but for what a purse holds: a member's history is kept whole, each happening at
//! its own position in the run, and every question ("what was spent before this event?") is answered
//! by reading it again up to a position. That is what lets a return value its purchase again
//! under the state of its own day (section 6.11). What was read and cannot have changed since is not read twice
//! ([`super::sums`]); a debug build reads it nevertheless, and compares.

use super::discounts::DiscountHad;
use super::draws::Entries;
use super::households::Spent;
use super::log::{Contribution, Log};
use super::memberships::MembershipState;
use super::payment::Paid;
use super::purse::Purse;
use super::scene::View;
use super::sums::Sums;
use super::tally::Tally;
use super::valuation::Valuation;
use crate::engine::outcome::MoneyOff;
use crate::ledger::{Event, Line, Named};
use crate::mechanics::example::Held;
use crate::mechanics::give::Whom;
use crate::mechanics::points::Life;
use crate::mechanics::rule::Trigger;
use crate::mechanics::{
    ActivityId, CardId, ChallengeId, CouponId, DrawId, MembershipId, PayoutId, PointsId, RuleId, TiersId,
};
use crate::value::clock::{Date, Moment};
use crate::value::exact::Exact;
use std::collections::{BTreeMap, BTreeSet};

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
    /// What they came to.
    pub(super) sums: Sums,
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

/// An event that was accepted.
#[derive(Debug, Clone)]
pub struct Seen<'a> {
    /// Its place in the run.
    pub position: Position,
    /// When.
    pub at: Moment,
    /// The program's day.
    pub day: Date,
    /// The event.
    pub event: &'a Event,
    /// What it counts as.
    pub kind: SeenKind,
    /// The version of the program that it is valued by.
    pub version: usize,
    /// Its lines with what is left of them.
    pub lines: Vec<SeenLine<'a>>,
    /// From this position on it counts as neither purchase nor visit: it was returned whole.
    pub gone: Option<Position>,
    /// Whether it began its visit.
    pub began_visit: bool,
    /// Whether it was the member's first purchase.
    pub first_purchase: bool,
    /// Whether the member was enrolled by it.
    pub enrolled: bool,
    /// The state it was valued under.
    pub opening: Opening,
    /// Its value now, after the returns so far.
    pub valuation: Valuation,
    /// What is taken off it now.
    pub off: Vec<MoneyOff>,
    /// Whose it was when that was told first; another's since, where an account was taken in.
    pub off_of: Option<String>,
    /// The coupons it used, each with its place in [`Member::gifts`].
    pub coupons: Vec<(CouponId, usize)>,
    /// What points paid of it.
    pub paid: Option<Paid>,
    /// What followed from it: a level up, a full card.
    pub further: Vec<Further>,
    /// What each accrual of it has given and lost.
    pub accounts: Accounts,
}

/// A purchase of which something came back.
#[derive(Debug, Clone, Copy)]
pub struct Shrunk {
    /// The return's place in the run.
    pub at: Position,
    /// The purchase's.
    pub of: Position,
}

/// What each accrual of an event has given and lost: by recipient, unit and life.
pub type Accounts = BTreeMap<(Whom, PointsId, Option<Life>), Account>;

/// What followed for a member from what is no event of hers: a level that her household reached by another's, a card
/// that it filled, a level that began with a day.
#[derive(Debug, Clone)]
pub struct FromOther<'a> {
    /// Its place in the run.
    pub position: Position,
    /// When.
    pub at: Moment,
    /// The program's day.
    pub day: Date,
    /// The event; none where a day brought it.
    pub event: Option<&'a Event>,
    /// What its lots are named after.
    pub source: String,
    /// The version of the program that what followed is valued by.
    pub version: usize,
    /// What followed.
    pub further: Vec<Further>,
    /// What that has given and lost.
    pub accounts: Accounts,
}

/// What something was followed by: its place in the run, its moment and day, what it is named after, and what followed.
#[derive(Debug, Clone, Copy)]
pub struct Followed<'m> {
    /// Its place in the run.
    pub position: Position,
    /// When.
    pub at: Moment,
    /// The program's day.
    pub day: Date,
    /// What its lots are named after.
    pub source: &'m str,
    /// What followed.
    pub further: &'m [Further],
}

/// What followed from an event and was given by rules of its own.
#[derive(Debug, Clone)]
pub struct Further {
    /// What happened.
    pub trigger: Trigger,
    /// What it brought; nothing once it was undone.
    pub valuation: Valuation,
}

/// What a purchase has given in one unit, and what was taken back.
#[derive(Debug, Clone, Default)]
pub struct Account {
    /// Posted.
    pub given: Exact,
    /// Taken by returns.
    pub clawed: Exact,
}

/// What an accepted event counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeenKind {
    /// A purchase.
    Purchase,
    /// A visit without a purchase.
    Visit,
    /// An accepted activity.
    Activity(ActivityId),
    /// An accepted redemption.
    Redeem,
    /// A joining.
    Join,
    /// A referral.
    Referral,
}

/// A line of a purchase through its returns.
#[derive(Debug, Clone)]
pub struct SeenLine<'a> {
    /// As it was written.
    pub line: &'a Line,
    /// What was left of it from each position on; the first is the purchase itself.
    pub left: Vec<(Position, Left)>,
}

/// What is left of a line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Left {
    /// Money.
    pub amount: Exact,
    /// Money before discounts.
    pub regular: Exact,
    /// Tax inside the amount.
    pub tax: Exact,
    /// How many.
    pub quantity: Exact,
}

impl Left {
    /// Whether nothing of the line is left.
    pub fn is_gone(&self) -> bool {
        self.amount.is_zero() && self.quantity.is_zero()
    }

    /// Whether what is left of a line was sold below its regular price.
    pub fn is_reduced(&self, line: &Line) -> bool {
        line.regular.is_some() && self.amount < self.regular
    }
}

impl<'a> SeenLine<'a> {
    /// The line with what is left of it now.
    pub fn into_view(mut self) -> View<'a> {
        View { line: self.line, left: self.left.pop().map(|(_, left)| left).unwrap_or_default() }
    }

    /// What was left before `position`.
    pub fn before(&self, position: Position) -> &Left {
        let mut view = &self.left[0].1;
        for (from, left) in &self.left {
            if *from < position {
                view = left;
            }
        }
        view
    }

    /// What is left now.
    pub fn now(&self) -> &Left {
        &self.left[self.left.len() - 1].1
    }
}

impl Seen<'_> {
    /// Whether it still counted before `position`.
    pub fn counted(&self, before: Position) -> bool {
        self.position < before && self.gone.is_none_or(|gone| gone >= before)
    }

    /// The visit it belongs to: a day and a store.
    pub fn visit(&self) -> (Date, Option<&str>) {
        (self.day, self.event.store.as_deref())
    }
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

/// A member's level in one tiers block.
#[derive(Debug, Clone, Default)]
pub struct LevelState {
    /// What she has earned: its place in the list of levels.
    pub level: usize,
    /// The last day of its term; none: no end.
    pub until: Option<Date>,
    /// First day of the window that earned or last renewed it.
    pub window: Option<Date>,
    /// The day it was reached or last renewed.
    pub reached: Option<Date>,
    /// Happenings before this day no longer count (`miss start over`).
    pub counts_from: Option<Date>,
    /// What she held before she reached or renewed it, the last on top: for `refund recompute`.
    pub before: Vec<Rung>,
    /// Reached, and counts from the start of this day (`reach next day`).
    pub coming: Option<(usize, Date)>,
    /// Levels given by rules, fees and grants.
    pub grants: Vec<Grant>,
}

/// A level that was given.
#[derive(Debug, Clone)]
pub struct Grant {
    /// Its place in the list of levels.
    pub level: usize,
    /// Its last day; none: no end.
    pub last: Option<Date>,
    /// What gave it.
    pub source: String,
    /// The rise whose fruits (`on level up`) stand and fall with it, by what that is named after.
    pub lifted: Option<String>,
}

/// A level as it was held: what `refund recompute` goes back to.
#[derive(Debug, Clone, Copy)]
pub struct Rung {
    /// Its place in the list of levels.
    pub level: usize,
    /// The last day of its term.
    pub until: Option<Date>,
    /// First day of the window that earned or last renewed it.
    pub window: Option<Date>,
    /// The day it was reached or last renewed.
    pub reached: Option<Date>,
    /// Whether what the rise from here brought (`on level up`) still stands. A renewal brings nothing, nor does a rise
    /// to what was held already because it was given.
    pub lifted: bool,
}

impl LevelState {
    /// The level as it is held now; `lifted`: she rises from it.
    pub fn rung(&self, lifted: bool) -> Rung {
        Rung { level: self.level, until: self.until, window: self.window, reached: self.reached, lifted }
    }

    /// The level that counts on `day`.
    pub fn on(&self, day: Date) -> usize {
        self.best(day).0
    }

    /// The same without some of the levels that were given.
    pub fn without(&self, day: Date, given: &[(usize, &str)]) -> usize {
        self.best_of(day, |grant| !given.contains(&(grant.level, grant.source.as_str()))).0
    }

    /// The level that counts on `day`, with its last day: of one that is held in several ways, the latest.
    pub fn best(&self, day: Date) -> (usize, Option<Date>) {
        self.best_of(day, |_| true)
    }

    fn best_of(&self, day: Date, counts: impl Fn(&Grant) -> bool) -> (usize, Option<Date>) {
        // Without a last day it is held for good; the lowest level says of no day that it ends with it.
        let later =
            |last: Option<Date>, best: Option<Date>| last.is_none_or(|last| best.is_some_and(|best| best < last));
        let mut best = (self.level, self.until);
        for grant in self.grants.iter().filter(|grant| counts(grant)) {
            let more = grant.level > best.0 || grant.level == best.0 && best.0 > 0 && later(grant.last, best.1);
            if grant.holds_on(day) && more {
                best = (grant.level, grant.last);
            }
        }
        best
    }
}

/// A punch card.
#[derive(Debug, Clone, Default)]
pub struct CardState {
    /// Stamps on the open card; below zero where stamps are owed.
    pub open: i64,
    /// Every stamp still standing, of the open card and of full ones, in the order they came.
    pub stamps: Vec<Stamp>,
    /// Full cards that a return may open again, the last one last.
    pub full: Vec<FullCard>,
    /// Stamps received, net of those that returns took, for limits.
    pub log: Tally,
}

/// One or more stamps that came together.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// The event that brought them.
    pub event: String,
    /// The day of that event.
    pub day: Date,
    /// Which `stamp` clause; none: a rule or a head start.
    pub clause: Option<usize>,
    /// The visit, for a stamp per visit.
    pub visit: Option<(Date, Option<String>)>,
    /// How many.
    pub number: i64,
}

/// A card that was filled.
#[derive(Debug, Clone)]
pub struct FullCard {
    /// Its gifts: places in [`Member::gifts`].
    pub gifts: Vec<usize>,
    /// Points it gave: their purse, and what it contributed.
    pub points: Vec<(PurseKey, Contribution)>,
    /// Stamps it gave on other cards.
    pub stamps: Vec<(CardId, u32)>,
    /// Entries it gave.
    pub entries: Vec<(DrawId, u32)>,
    /// Levels it gave.
    pub levels: Vec<(TiersId, usize)>,
    /// The moment its last stamp came.
    pub at: Moment,
    /// The day its last stamp came.
    pub day: Date,
    /// The event that filled it, or the timer's words.
    pub source: String,
    /// Where in the run it was filled.
    pub position: Position,
    /// How many stamps it took beyond what a card begins with.
    pub took: i64,
}

/// A gift or reward that was given.
#[derive(Debug, Clone)]
pub struct HeldGift {
    /// Which.
    pub held: Held,
    /// When.
    pub position: Position,
    /// The day on which it came.
    pub day: Date,
    /// The event that brought it; none where a day did.
    pub event: Option<String>,
    /// The rule that gave it.
    pub rule: Option<RuleId>,
    /// The last day it is valid.
    pub last_day: Option<Date>,
    /// How many times it can still be used; more than once only for a coupon.
    pub uses: u32,
    /// Of a coupon that an offer gave for a category: that category alone.
    pub only: Option<String>,
    /// Money that it is worth by itself: of a coupon that says `worth taken`.
    pub worth: Option<Exact>,
    /// Of a coupon that was used: what had given it came back since, so it is not held again.
    pub withdrawn: bool,
    /// Whether limits and a budget count it though its purchase came back, for it could not be taken back.
    pub counts: bool,
    /// What became of it.
    pub state: GiftState,
}

/// What became of a gift.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GiftState {
    /// Held: valid until its last day has passed.
    Held,
    /// Used.
    Used,
    /// Its last day passed.
    Expired,
    /// Taken back.
    Revoked,
}

impl HeldGift {
    /// Whether it can be used on `day`.
    pub fn valid(&self, day: Date) -> bool {
        self.state == GiftState::Held && self.last_day.is_none_or(|last| day <= last)
    }
}

/// A redemption of a reward that was accepted.
#[derive(Debug, Clone)]
pub struct Redemption {
    /// The event.
    pub event: String,
    /// When.
    pub position: Position,
    /// Its moment.
    pub at: Moment,
    /// Its day.
    pub day: Date,
    /// Which reward, by its place.
    pub reward: usize,
    /// How many.
    pub quantity: Exact,
    /// What was spent.
    pub spent: Vec<Spent>,
    /// The things it brought: places in [`Member::gifts`].
    pub gifts: Vec<usize>,
    /// Undone from this position on.
    pub undone: Option<Position>,
}

/// A challenge that was completed.
#[derive(Debug, Clone, Copy)]
pub struct Completion {
    /// Which.
    pub challenge: ChallengeId,
    /// The place in the run of the event that completed it.
    pub position: Position,
    /// The moment of that event.
    pub at: Moment,
    /// Its day.
    pub day: Date,
    /// The version of the program by which it is complete.
    pub version: usize,
    /// A return left less than the challenge takes.
    pub undone: bool,
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
        self.sums.change(place..end);
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
            sums: Sums::default(),
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
