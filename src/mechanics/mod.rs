//! The mechanics: what each block of the language means, one file a block.
//!
//! These types are the typed tree: names are resolved to numbers, units agree, sugar is gone.
//! `check` makes it from the syntax tree, the engine runs it, the reports read it.

pub mod activity;
pub mod arm;
pub mod basis;
pub mod budget;
pub mod card;
pub mod challenge;
pub mod columns;
pub mod condition;
pub mod coupon;
pub mod discount;
pub mod draw;
pub mod example;
pub mod gift;
pub mod give;
pub mod habit;
pub mod household;
mod lines;
pub mod list;
pub mod membership;
pub mod objective;
pub mod off;
pub mod offer;
pub mod partner;
pub mod payout;
pub mod pilot;
pub mod points;
pub mod promise;
pub mod reading;
pub mod reward;
pub mod rule;
pub mod scenario;
pub mod segment;
pub mod settings;
#[cfg(test)]
mod specimen;
pub mod stack;
pub mod table;
pub mod tiers;
pub mod version;

use crate::text::Span;
use std::collections::BTreeSet;

/// Makes a number type for the things of one kind: their place in the program's list of them.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub usize);
    )*};
}

ids! {
    /// A points unit: its place in [`Program::points`].
    PointsId,
    /// An earn, a bonus, or what an offer gives: its place in [`Program::rules`].
    RuleId,
    /// A stack: its place in [`Program::stacks`].
    StackId,
    /// A tiers block: its place in [`Program::tiers`].
    TiersId,
    /// A punch card: its place in [`Program::cards`].
    CardId,
    /// A gift: its place in [`Program::gifts`].
    GiftId,
    /// A reward: its place in [`Program::rewards`].
    RewardId,
    /// A coupon: its place in [`Program::coupons`].
    CouponId,
    /// A discount: its place in [`Program::discounts`].
    DiscountId,
    /// A budget: its place in [`Program::budgets`].
    BudgetId,
    /// An activity: its place in [`Program::activities`].
    ActivityId,
    /// A list of values: its place in [`Program::lists`].
    ListId,
    /// A calendar of days: its place in [`Program::calendars`].
    CalendarId,
    /// A segment: its place in [`Program::segments`].
    SegmentId,
    /// A challenge: its place in [`Program::challenges`].
    ChallengeId,
    /// A payout: its place in [`Program::payouts`].
    PayoutId,
    /// A draw: its place in [`Program::draws`].
    DrawId,
    /// A paid membership: its place in [`Program::memberships`].
    MembershipId,
    /// A pilot: its place in [`Program::pilots`].
    PilotId,
    /// An offer: its place in [`Program::offers`].
    OfferId,
    /// A partner: its place in [`Program::partners`].
    PartnerId,
}

/// A whole program, checked: what runs.
#[derive(Debug, Clone)]
pub struct Program {
    /// The `program` block.
    pub settings: settings::Settings,
    /// The units that accrue, in file order.
    pub points: Vec<points::Points>,
    /// `earn` and `bonus` blocks, and what `challenge`, `payout` and `offer` blocks give, in file order.
    pub rules: Vec<rule::Rule>,
    /// `stack` blocks.
    pub stacks: Vec<stack::Stack>,
    /// `tiers` blocks.
    pub tiers: Vec<tiers::Tiers>,
    /// `card` blocks.
    pub cards: Vec<card::Card>,
    /// `gift` blocks.
    pub gifts: Vec<gift::Gift>,
    /// `reward` blocks.
    pub rewards: Vec<reward::Reward>,
    /// `discount` blocks.
    pub discounts: Vec<discount::Discount>,
    /// `coupon` blocks.
    pub coupons: Vec<coupon::Coupon>,
    /// `membership` blocks, then the `fee` lines of tiers, in file order.
    pub memberships: Vec<membership::Membership>,
    /// The `household` block, if there is one.
    pub household: Option<household::Household>,
    /// `budget` blocks.
    pub budgets: Vec<budget::Budget>,
    /// `activity` blocks.
    pub activities: Vec<activity::Activity>,
    /// `list` blocks.
    pub lists: Vec<list::List>,
    /// `calendar` blocks.
    pub calendars: Vec<list::Calendar>,
    /// `segment` blocks.
    pub segments: Vec<segment::Segment>,
    /// `challenge` blocks.
    pub challenges: Vec<challenge::Challenge>,
    /// `payout` blocks.
    pub payouts: Vec<payout::Payout>,
    /// `draw` blocks.
    pub draws: Vec<draw::Draw>,
    /// By what all members are ranked where a rule asks who stands where.
    pub rankings: Vec<habit::Ranking>,
    /// `pilot` blocks.
    pub pilots: Vec<pilot::Pilot>,
    /// `offer` blocks, in file order.
    pub offers: Vec<offer::Offer>,
    /// `partner` blocks.
    pub partners: Vec<partner::Partner>,
    /// `scenario` blocks.
    pub scenarios: Vec<scenario::Scenario>,
    /// Clauses of all `promise` blocks.
    pub promises: Vec<promise::Promise>,
    /// `example` blocks.
    pub examples: Vec<example::Example>,
    /// The programs that this one replaces, the youngest first; their blocks are numbered as these are.
    pub older: Vec<Program>,
    /// Blocks that only another version has, by kind and number: their places are kept, and they do nothing.
    pub absent: BTreeSet<(reading::Kind, usize)>,
}

impl Program {
    /// A program of its settings alone, for those who put one together by hand.
    pub fn bare(settings: settings::Settings) -> Self {
        Self {
            settings,
            points: Vec::new(),
            rules: Vec::new(),
            stacks: Vec::new(),
            tiers: Vec::new(),
            cards: Vec::new(),
            gifts: Vec::new(),
            rewards: Vec::new(),
            discounts: Vec::new(),
            coupons: Vec::new(),
            memberships: Vec::new(),
            household: None,
            budgets: Vec::new(),
            activities: Vec::new(),
            lists: Vec::new(),
            calendars: Vec::new(),
            segments: Vec::new(),
            challenges: Vec::new(),
            payouts: Vec::new(),
            draws: Vec::new(),
            rankings: Vec::new(),
            pilots: Vec::new(),
            offers: Vec::new(),
            partners: Vec::new(),
            scenarios: Vec::new(),
            promises: Vec::new(),
            examples: Vec::new(),
            older: Vec::new(),
            absent: BTreeSet::new(),
        }
    }
}

/// A name as the program wrote it, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The name, NFC.
    pub text: String,
    /// Where it was declared.
    pub span: Span,
}
