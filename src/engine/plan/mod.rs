//! What a program needs of its history: which columns, and what is kept of a member; and how the fast engine
//! runs it, with everything worked out that can be worked out before the first event.

mod activities;
pub mod among;
mod cards;
mod compile;
pub mod condition;
mod discounts;
mod later;
mod needs;
mod page;
pub mod ratios;
mod rules;
mod sums;
mod things;

use crate::mechanics::basis::Streak;
use crate::mechanics::condition::How;
use crate::mechanics::example::Held;
use crate::mechanics::points::Life;
use crate::mechanics::rule::Trigger;
use crate::mechanics::{ActivityId, CardId, DiscountId, PointsId, Program, RuleId};
use crate::text::Span;
use crate::value::clock::{Date, Window};
use crate::value::exact::{Exact, Rounding};
use condition::{Cond, LineCond};

pub use crate::mechanics::points::Scope;

/// Columns that a program can look at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// Texts of the event (`store`, `channel`, extra columns), each by its name.
    pub event: Vec<Wanted>,
    /// Texts of a line or of its item (`category`, `brand`, `sku`, extra columns), each by its name.
    pub line: Vec<Wanted>,
    /// Whether `regular` is looked at.
    pub regular: bool,
    /// Whether `tax` is looked at.
    pub tax: bool,
}

/// A column that is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its name, ours or the file's.
    pub name: String,
    /// How it is kept.
    pub keep: Keep,
}

/// How a column of text is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keep {
    /// It is only compared with these texts: [`NO_CODE`] for an empty cell, [`OTHER_CODE`] for any other
    /// text, `FIRST_CODE + place` for one of them.
    Code(Vec<String>),
    /// As it is.
    Text,
}

/// The code of an empty cell.
pub const NO_CODE: u32 = 0;
/// The code of a text that the program does not name.
pub const OTHER_CODE: u32 = 1;
/// The code of the first text that the program names.
pub const FIRST_CODE: u32 = 2;

/// How the fast engine runs a program.
#[derive(Debug)]
pub struct Plan<'p> {
    /// The program.
    pub program: &'p Program,
    /// The columns it can look at.
    pub needs: Needs,
    /// How many of an event's columns are codes, and how many texts.
    pub event_widths: (usize, usize),
    /// How many of a line's columns are codes, and how many texts.
    pub line_widths: (usize, usize),
    /// What of it the fast engine does not do: where, and why. Where there is anything, the plain engine plays
    /// everybody.
    pub beyond: Vec<(Span, String)>,
    /// Units, by [`PointsId`].
    pub units: Vec<Unit>,
    /// Rules, by [`RuleId`].
    pub rules: Vec<RulePlan>,
    /// The rules in the order they are valued: earns, then bonuses.
    pub order: Vec<usize>,
    /// The rules that a purchase, a visit, a joining, a redemption or an activity can fire, in that order.
    pub on_events: Vec<usize>,
    /// Stacks, by their place.
    pub stacks: Vec<StackPlan>,
    /// Sums that are kept of each member.
    pub slots: Vec<Slot>,
    /// Figures of the state that conditions, limits and caps look at.
    pub reads: Vec<Read>,
    /// How visits are told apart and counted; none where no rule looks at them.
    pub visits: Option<VisitPlan>,
    /// What rules fire on that days bring by themselves, each once, in the order of the program.
    pub timers: Vec<Trigger>,
    /// Streaks that conditions ask about.
    pub streaks: Vec<Streak>,
    /// Discounts, by their place.
    pub discounts: Vec<DiscountPlan>,
    /// For each stack, the figure that is used up of each of its caps of money.
    pub money_caps: Vec<Vec<usize>>,
    /// Activities, by their place.
    pub activities: Vec<ActivityPlan>,
    /// Tests of columns of the members file.
    pub member_tests: Vec<(String, How)>,
    /// Calendars, each in days since 1970-01-01, both ends inclusive.
    pub calendars: Vec<Vec<(i32, i32)>>,
    /// Cards, by their place.
    pub cards: Vec<CardPlan>,
    /// Tiers, by their place.
    pub tiers: Vec<TierPlan>,
    /// Lives of their own that lots can have, the units' own left out.
    pub lives: Vec<Life>,
    /// Gifts, by their place.
    pub gifts: Vec<GiftPlan>,
    /// Rewards, by their place.
    pub rewards: Vec<RewardPlan>,
}

/// Visits: all purchases and visits of one day in one store.
#[derive(Debug, Clone)]
pub struct VisitPlan {
    /// The column `store`, among the event's columns kept as texts.
    pub store: usize,
    /// The slots that sum visits.
    pub slots: Vec<usize>,
    /// Whether a card is stamped by the visit.
    pub stamped: bool,
}

/// What is asked before a discount is given, and what it looks at.
#[derive(Debug, Clone)]
pub struct DiscountPlan {
    /// When it is given; none: always.
    pub when: Option<Cond>,
    /// Which lines it is for; none: all.
    pub items: Option<LineCond>,
    /// What each of its limits counts, as a figure.
    pub limits: Vec<usize>,
    /// Of a `scale`: the figure that is measured, and what one of it is in the figure.
    pub measured: Option<(usize, i64)>,
}

/// What is asked before an activity is accepted. Columns are places among the event's columns kept as texts.
#[derive(Debug, Clone)]
pub struct ActivityPlan {
    /// Fields that not every text is a value for: the column, and the field's place.
    pub fields: Vec<(usize, usize)>,
    /// `verified by WORD`: the columns `verified` and WORD.
    pub verified: Option<(usize, usize)>,
    /// `accept when`; none: all are accepted.
    pub accept: Option<Cond>,
    /// `at most N per WINDOW`: the figure used up, and the least number that is too many.
    pub at_most: Vec<(usize, i64)>,
    /// `at most N per FIELD per WINDOW`: the column of each.
    pub at_most_each: Vec<usize>,
}

/// What is asked before a gift is given or used.
#[derive(Debug, Clone)]
pub struct GiftPlan {
    /// Who may have it; none: everybody.
    pub when: Option<Cond>,
    /// Which items it is for, where a redemption says what was taken.
    pub item: Option<LineCond>,
}

/// What is asked before a reward is bought.
#[derive(Debug, Clone)]
pub struct RewardPlan {
    /// Who may have it; none: everybody.
    pub when: Option<Cond>,
    /// For whom each price is; none: everybody.
    pub prices: Vec<Option<Cond>>,
}

/// A card.
#[derive(Debug, Clone)]
pub struct CardPlan {
    /// What stamps it.
    pub stamps: Vec<StampPlan>,
    /// What a full one gives.
    pub gives: Vec<CardGives>,
}

/// What brings stamps.
#[derive(Debug, Clone)]
pub struct StampPlan {
    /// How many.
    pub number: i64,
    /// For each.
    pub per: StampsPer,
    /// Of which lines; none: of all.
    pub lines: Option<LineCond>,
}

/// For what stamps are given.
#[derive(Debug, Clone)]
pub enum StampsPer {
    /// Each item.
    Item,
    /// Each purchase.
    Purchase,
    /// Each visit: a day and a store.
    Visit,
    /// Each whole step of a figure: `figure × by / step`.
    Amount {
        /// Which events it is measured of.
        on: MeasuredOn,
        /// What is measured.
        of: Measured,
        /// A step.
        step: i64,
        /// See `step`.
        by: i64,
    },
}

/// Which events a figure is measured of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeasuredOn {
    /// Purchases.
    Purchase,
    /// Purchases and visits.
    Visit,
    /// An activity; none: any.
    Activity(Option<ActivityId>),
}

/// What a full card gives.
#[derive(Debug, Clone)]
pub enum CardGives {
    /// A gift.
    Thing(Thing),
    /// Points.
    Points {
        /// Which.
        unit: usize,
        /// Their own life: its place in [`Plan::lives`].
        life: Option<usize>,
        /// How many, rounded, in `1 / scale`.
        amount: i64,
        /// How many, exactly.
        exact: Exact,
    },
}

/// What a rule gives that is no points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// So many of a gift or coupon.
    Held(Held, u32),
    /// So many stamps on a card.
    Stamps(CardId, u32),
}

/// A unit as the fast engine counts it.
#[derive(Debug, Clone)]
pub struct Unit {
    /// Exact parts are whole numbers of `1 / denominator`.
    pub denominator: i64,
    /// How many of those make one of the unit's last decimal.
    pub step: i64,
    /// `10^decimals`: balances are whole numbers of `1 / scale`.
    pub scale: i64,
    /// How parts are rounded.
    pub round: Rounding,
    /// What is rounded together.
    pub scope: Scope,
    /// What one part is worth among the units of the program: to tell which bonus is worth more.
    pub weight: i64,
    /// `earn at most`: the figure used up, and the most, in `1 / scale`.
    pub caps: Vec<(usize, i64)>,
    /// For each life that its rules give (none of its own first): the figure of the month's exact parts.
    pub month: Vec<(Option<usize>, usize)>,
}

/// A sum that is kept of each member over a window.
#[derive(Debug, Clone)]
pub struct Slot {
    /// What is summed.
    pub sum: Summed,
    /// Over which days.
    pub window: Window,
    /// The dates of the rule, for the window `campaign`.
    pub campaign: (Option<Date>, Option<Date>),
    /// What one of it is in the sum.
    pub scale: i64,
}

/// What a slot sums.
#[derive(Debug, Clone)]
pub enum Summed {
    /// Money of the lines picked.
    Money(Money),
    /// Items of the lines picked.
    Items(LineCond),
    /// Purchases, with a line that is picked where there is a condition.
    Purchases(Option<LineCond>),
    /// Visits, with an event that has a line that is picked where there is a condition.
    Visits(Option<LineCond>),
    /// Accepted activities.
    Activities(Option<ActivityId>),
    /// The numbers in a column of what an activity says, or anything: the column is a place among the event's
    /// columns kept as texts.
    Field(Option<ActivityId>, usize),
    /// Everything that was taken in.
    Everything,
    /// Purchases that had a discount.
    HadDiscount(DiscountId),
    /// Money that a discount took off.
    MoneyOff(DiscountId),
    /// Money that the discounts of a stack took off.
    MoneyOffIn(usize),
    /// What rules and cards posted of a unit.
    Points(PointsId),
    /// How often a rule gave something.
    Times(RuleId),
    /// What a rule posted of a unit.
    Posted(RuleId, PointsId),
    /// What the rules of a stack posted of a unit.
    InStack(usize, PointsId),
    /// The exact parts of a unit and life.
    Exact(PointsId, Option<usize>),
}

/// Money of lines.
#[derive(Debug, Clone)]
pub struct Money {
    /// Which lines.
    pub pick: LineCond,
    /// Before discounts.
    pub regular: bool,
    /// Without the tax.
    pub without_tax: bool,
}

/// A figure of the state, as it stands before an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    /// The level in a tiers block.
    Level(usize),
    /// A sum over its window.
    Slot(usize),
    /// 1 at the first purchase, else 0.
    FirstPurchase,
    /// 1 where the visit of the event at hand is in the sum of this slot already, else 0.
    Visited(usize),
    /// How long a streak ([`Plan::streaks`]) is.
    Streak(usize),
    /// Days since the last purchase.
    SinceLast,
    /// Stamps on a card.
    Stamps(usize),
    /// 1 where it is held, else 0.
    Held(Held),
    /// Spendable points, in `1 / scale`.
    Balance(PointsId),
}

/// Happenings that can fire rules together: of one event.
pub mod on {
    /// A purchase.
    pub const PURCHASE: u8 = 1;
    /// The first purchase or visit of a day and store.
    pub const VISIT: u8 = 2;
    /// A joining.
    pub const JOIN: u8 = 4;
    /// A redemption.
    pub const REDEEM: u8 = 8;
    /// An activity, of those that the rule names among its triggers.
    pub const ACTIVITY: u8 = 16;
}

/// A rule.
#[derive(Debug, Clone)]
pub struct RulePlan {
    /// Which of [`on`] fires it.
    pub on: u8,
    /// What else fires it.
    pub triggers: Vec<Trigger>,
    /// First day.
    pub from: i32,
    /// Last day.
    pub until: i32,
    /// When it holds: `when`, and none of `except`.
    pub when: Cond,
    /// `limit N times`: the figure used up, and the least number that is too many.
    pub times: Vec<(usize, i64)>,
    /// `limit N UNIT`: the unit, the figure used up, and the most in `1 / scale`.
    pub limits: Vec<(usize, usize, i64)>,
    /// What it gives in points.
    pub gives: Vec<GivePlan>,
    /// What it gives beside, in order.
    pub things: Vec<Thing>,
    /// The stack it belongs to.
    pub group: Option<usize>,
    /// The budget that it draws from.
    pub budget: Option<usize>,
    /// Slots that count how often it gives.
    pub times_slots: Vec<usize>,
}

/// Points that a rule gives.
#[derive(Debug, Clone)]
pub struct GivePlan {
    /// Its place among what the rule gives.
    pub place: usize,
    /// What one of what is measured is in its figure.
    pub scale: i64,
    /// Which points.
    pub unit: usize,
    /// Their own life: its place in [`Plan::lives`].
    pub life: Option<usize>,
    /// How many.
    pub what: Given,
    /// Whether each line's part is asked for: by a bonus on some lines, or by rounding per line.
    pub by_line: bool,
    /// Slots that sum what it posts.
    pub posted_slots: Vec<usize>,
    /// The slot of the month's exact parts.
    pub exact_slot: Option<usize>,
}

/// How many points are given. All factors are over the unit's denominator.
#[derive(Debug, Clone)]
pub enum Given {
    /// So many for each of the figure measured.
    Rate {
        /// What is measured.
        of: Measured,
        /// For each.
        each: i64,
        /// The first whose condition holds, instead.
        or: Vec<(Cond, i64)>,
    },
    /// So many for each whole step.
    Steps {
        /// What is measured.
        of: Measured,
        /// A step, as `figure × by / step`.
        step: i64,
        /// See `step`.
        by: i64,
        /// For each step.
        each: i64,
        /// The first whose condition holds, instead.
        or: Vec<(Cond, i64)>,
    },
    /// A number.
    Fixed {
        /// So many.
        number: i64,
        /// The first whose condition holds, instead.
        or: Vec<(Cond, i64)>,
    },
    /// A share of what a rule brought, `numer / denom`.
    Share {
        /// The rule.
        rule: usize,
        /// Numerator.
        numer: i64,
        /// Denominator.
        denom: i64,
        /// Of what these lines brought; none: of all.
        lines: Option<LineCond>,
        /// What the base measures of these lines, where it gives so many for each: then no part of a single line
        /// need be known.
        of_lines: Option<Measured>,
    },
    /// Marginal bands, or the whole at the rate of the band it reaches: (from, for each).
    Scale {
        /// What is measured.
        of: Measured,
        /// Ascending.
        bands: Vec<(i64, i64)>,
        /// The whole.
        whole: bool,
    },
    /// The number of the highest step reached: (from, number).
    Reached {
        /// What is measured.
        of: Measured,
        /// Ascending.
        steps: Vec<(i64, i64)>,
    },
}

/// What a rule measures.
#[derive(Debug, Clone)]
pub enum Measured {
    /// Money of the event's lines.
    Money(Money),
    /// Items of the event's lines.
    Items(LineCond),
    /// 1 where the event has a line that is picked, else 0.
    Has(Option<LineCond>),
    /// 1.
    One,
    /// 1 where the event has a line that is picked, and its visit is not yet counted, else 0.
    Visit {
        /// Which lines; none: all events have one.
        lines: Option<LineCond>,
        /// The figure that is 1 where the visit is counted already.
        again: usize,
    },
    /// The number in a column of the event kept as a text; nothing where it is none.
    Field(usize),
    /// A figure of the state.
    Read(usize),
}

/// A stack.
#[derive(Debug, Clone)]
pub struct StackPlan {
    /// Which are kept.
    pub take: TakePlan,
    /// Caps: the unit, the figure used up, and the most in `1 / scale`.
    pub caps: Vec<(usize, usize, i64)>,
    /// `cap N% of receipt`: for each unit, `1 / scale` of it for each of the money, as a fraction.
    pub share: Option<Vec<(i64, i64)>>,
}

/// Which rules of a stack are kept.
#[derive(Debug, Clone)]
pub enum TakePlan {
    /// All.
    All,
    /// So many, those worth most.
    Best(usize),
    /// The first in this order that gives something.
    First(Vec<usize>),
    /// Percentages multiply.
    Compound,
}

/// A tiers block.
#[derive(Debug, Clone)]
pub struct TierPlan {
    /// The figure of each measure; none where it is always nothing.
    pub measures: Vec<Option<usize>>,
    /// What each level takes.
    pub needs: Vec<NeedPlan>,
}

/// What a level takes.
#[derive(Debug, Clone)]
pub enum NeedPlan {
    /// The measure, and the least.
    AtLeast(usize, i64),
    /// All of them.
    All(Vec<NeedPlan>),
    /// Any of them.
    Any(Vec<NeedPlan>),
    /// Never.
    Never,
}

/// Days since 1970-01-01.
pub fn day_number(date: Date) -> i32 {
    (date - Date::constant(1970, 1, 1)).get_days()
}
