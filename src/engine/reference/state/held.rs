//! What a member holds beside points: levels, cards, gifts, what she redeemed and completed.

use super::{Position, PurseKey};
use crate::engine::reference::households::Spent;
use crate::engine::reference::log::Contribution;
use crate::engine::reference::tally::Tally;
use crate::mechanics::example::Held;
use crate::mechanics::{CardId, ChallengeId, DrawId, RuleId, TiersId};
use crate::value::clock::{Date, Moment};
use crate::value::exact::Exact;

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
    /// Its gifts: places in [`super::Member::gifts`].
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
    /// The things it brought: places in [`super::Member::gifts`].
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
