//! `earn` and `bonus`: what an event gives.

mod read;

pub use read::{every, limit, read};

use super::condition::Condition;
use super::give::Give;
use super::table::{BlockSpec, ClauseSpec, Head, many, once};
use super::{
    ActivityId, BudgetId, CalendarId, CardId, ChallengeId, Name, OfferId, PayoutId, PilotId, PointsId, StackId, TiersId,
};
use crate::text::Span;
use crate::value::clock::{Date, Window};
use crate::value::exact::Exact;

/// The clauses of `earn` and `bonus`, in the formatter's order.
static CLAUSES: &[ClauseSpec] = &[
    many("on", "on purchase"),
    many("when", "when category in [coffee]"),
    once("count", "count total after discounts with tax"),
    many("give", "give 1 star per 2 EUR"),
    many("limit", "limit 2 times per member per week"),
    many("except", "except in holidays"),
    once("group", "group promo"),
    once("from", "from 2026-01-01"),
    once("until", "until 2026-12-31"),
    once("budget", "budget spring"),
    once("pilot", "pilot north"),
];

/// `earn` in the table of blocks.
pub static EARN: BlockSpec =
    BlockSpec { keyword: "earn", head: Head::Name, clauses: CLAUSES, ordered: false, says: "what an event gives" };

/// `bonus` in the table of blocks.
pub static BONUS: BlockSpec = BlockSpec {
    keyword: "bonus",
    head: Head::Name,
    clauses: CLAUSES,
    ordered: false,
    says: "what an event gives more",
};

/// An `earn` or `bonus` block (section 3), or what an `offer` gives.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its name.
    pub name: Name,
    /// `bonus` or `offer` rather than `earn`.
    pub bonus: bool,
    /// When it fires.
    pub on: Vec<Trigger>,
    /// All `when` lines, joined by `and`.
    pub when: Option<Condition>,
    /// All `except CONDITION` lines: none may hold.
    pub except: Vec<Condition>,
    /// All `except in CALENDAR` lines: the event's day lies in none.
    pub except_in: Vec<CalendarId>,
    /// The window that `count` measures rather than the event: what it says, or a timer's own.
    pub count_in: Option<Window>,
    /// What it gives; all lines apply.
    pub gives: Vec<Give>,
    /// How often or how much.
    pub limits: Vec<Limit>,
    /// The stack it belongs to.
    pub group: Option<StackId>,
    /// First day, inclusive.
    pub from: Option<Date>,
    /// Last day, inclusive.
    pub until: Option<Date>,
    /// Drawn from this budget.
    pub budget: Option<BudgetId>,
    /// Only inside this pilot.
    pub pilot: Option<PilotId>,
    /// The offer it values.
    pub offer: Option<OfferId>,
    /// The whole block.
    pub span: Span,
    /// The line a reader looks for when she asks why: the first `give`.
    pub give_span: Span,
}

/// What makes a rule fire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    /// A purchase.
    Purchase,
    /// The first purchase of a member who was referred.
    FirstPurchaseOfFriend,
    /// The first purchase or visit of a day and store.
    Visit,
    /// An accepted activity; none named: any.
    Activity(Option<ActivityId>),
    /// A referral is made.
    Referral,
    /// A member joins.
    Join,
    /// The member's birthday, moved by so many days (negative: before).
    Birthday(i32),
    /// The day of joining, in later years, moved by so many days.
    Anniversary(i32),
    /// A level is reached that is higher than the one before.
    LevelUp(TiersId),
    /// A card is filled.
    Full(CardId),
    /// A redemption is accepted.
    Redeem,
    /// `every WINDOW`: as the period ends, dated its last day; or as it begins.
    Every {
        /// Which period.
        period: crate::value::clock::Period,
        /// `at start of every …`.
        at_start: bool,
    },
    /// `every membership year`: as the member's own year ends, dated its last day.
    EveryMembershipYear,
    /// `every 3 months`: the same, in stretches that follow one another from the program's first day, else from the
    /// day of joining ([`Length::stretch`](crate::value::clock::Length::stretch)).
    EveryLength {
        /// How long one is.
        length: crate::value::clock::Length,
        /// `at start of every …`.
        at_start: bool,
    },
    /// `no purchase in N days`: once, re-armed by the next purchase.
    NoPurchaseIn(u32),
    /// A challenge is completed: no `on` line says it, the block itself does.
    Completed(ChallengeId),
    /// A payout has taken its points: the same.
    PaidOut(PayoutId),
}

impl Trigger {
    /// Whether days alone make it come, with no event.
    pub fn is_timer(&self) -> bool {
        match self {
            Trigger::Birthday(_)
            | Trigger::Anniversary(_)
            | Trigger::Every { .. }
            | Trigger::EveryMembershipYear
            | Trigger::EveryLength { .. }
            | Trigger::NoPurchaseIn(_) => true,
            Trigger::Purchase
            | Trigger::FirstPurchaseOfFriend
            | Trigger::Visit
            | Trigger::Activity(_)
            | Trigger::Referral
            | Trigger::Join
            | Trigger::LevelUp(_)
            | Trigger::Full(_)
            | Trigger::Redeem
            | Trigger::Completed(_)
            | Trigger::PaidOut(_) => false,
        }
    }
}

impl Rule {
    /// What a block of another kind gives, as the rule that it is: it fires on what the block waits for.
    pub fn of_block(name: Name, on: Trigger, gives: Vec<Give>, (from, until): Days, span: Span) -> Self {
        Self {
            name,
            bonus: false,
            on: vec![on],
            when: None,
            except: Vec::new(),
            except_in: Vec::new(),
            count_in: None,
            give_span: gives.first().map_or(span, |give| give.span),
            gives,
            limits: Vec::new(),
            group: None,
            from,
            until,
            budget: None,
            pilot: None,
            offer: None,
            span,
        }
    }
}

/// A first and a last day, where they are said.
pub type Days = (Option<Date>, Option<Date>);

/// `limit N … per member per WINDOW`.
#[derive(Debug, Clone)]
pub struct Limit {
    /// The most.
    pub most: Exact,
    /// Of what.
    pub of: LimitOf,
    /// `per member`; else over all members together.
    pub per_member: bool,
    /// In which window.
    pub window: Window,
    /// The clause.
    pub span: Span,
}

/// What a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitOf {
    /// Times the rule gave something.
    Times,
    /// A unit it posted.
    Points(PointsId),
}
