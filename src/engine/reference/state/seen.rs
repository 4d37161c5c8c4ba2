//! An event as it was seen: its lines and what is left of them, what it gave and what followed.

use super::{Opening, Position};
use crate::engine::outcome::MoneyOff;
use crate::engine::reference::payment::Paid;
use crate::engine::reference::scene::View;
use crate::engine::reference::valuation::Valuation;
use crate::ledger::{Event, Line};
use crate::mechanics::give::Whom;
use crate::mechanics::points::Life;
use crate::mechanics::rule::Trigger;
use crate::mechanics::{ActivityId, CouponId, PointsId};
use crate::value::clock::{Date, Moment};
use crate::value::exact::Exact;
use std::collections::BTreeMap;

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
    /// The coupons it used, each with its place in [`super::Member::gifts`].
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
