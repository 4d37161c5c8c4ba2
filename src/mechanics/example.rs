//! `example`: tests that are also documentation.

use super::{CardId, GiftId, PointsId, RewardId, RuleId, TiersId};
use crate::text::Span;
use crate::value::clock::{Date, Time};
use crate::value::exact::Exact;
use std::collections::BTreeMap;

/// An `example` block (section 3).
#[derive(Debug, Clone)]
pub struct Example {
    /// Its title.
    pub title: String,
    /// What holds before: members.
    pub members: Vec<GivenMember>,
    /// `given on …`, then `on …`, `as of …` and `expect …`, in the order written.
    pub steps: Vec<Step>,
    /// The whole block.
    pub span: Span,
}

/// `given member ana joined …, status gold until …, 300 stars`.
#[derive(Debug, Clone, Default)]
pub struct GivenMember {
    /// Her id.
    pub id: String,
    /// The day she joined.
    pub joined: Option<Date>,
    /// Her birthday.
    pub birthday: Option<Date>,
    /// Levels held: until a day, or for good.
    pub levels: Vec<(TiersId, usize, Option<Date>)>,
    /// Points held: unit, how many, last day.
    pub balances: Vec<(PointsId, Exact, Option<Date>)>,
    /// Stamps on open cards.
    pub stamps: Vec<(CardId, u32)>,
    /// Gifts held.
    pub gifts: Vec<(Held, u32)>,
    /// Other columns of the members file.
    pub columns: BTreeMap<String, String>,
}

/// A line of an example.
#[derive(Debug, Clone)]
pub enum Step {
    /// `given on …`: a prior event, not counted by `earns`.
    Given(Happening),
    /// `on …`: an event.
    On(Happening),
    /// `as of DATE`: the end of that day.
    AsOf(Date, Span),
    /// `expect …`.
    Expect(Expect),
}

/// An event of an example.
#[derive(Debug, Clone)]
pub struct Happening {
    /// Its id: `as p1`, else made from its place.
    pub id: Option<String>,
    /// The day.
    pub date: Date,
    /// The time of day, if one is said.
    pub time: Option<Time>,
    /// The event's type, as the events file names it.
    pub kind: String,
    /// Whose.
    pub member: Option<String>,
    /// The `ref` column.
    pub reference: Option<String>,
    /// Lines of a purchase or return.
    pub lines: Vec<ExampleLine>,
    /// `at STORE`.
    pub store: Option<String>,
    /// `via CHANNEL`.
    pub channel: Option<String>,
    /// The `qty` column of a redeem, transfer or adjust.
    pub qty: Option<Exact>,
    /// The `unit` column.
    pub unit: Option<String>,
    /// Fields of an activity, extra columns.
    pub fields: BTreeMap<String, String>,
    /// The line.
    pub span: Span,
}

/// `[2 x] 12 RON [of coffee] [sku A1]`.
#[derive(Debug, Clone, Default)]
pub struct ExampleLine {
    /// How many.
    pub qty: Option<Exact>,
    /// The money of the line.
    pub amount: Option<Exact>,
    /// Its category.
    pub category: Option<String>,
    /// Its sku.
    pub sku: Option<String>,
}

/// `expect …`.
#[derive(Debug, Clone)]
pub struct Expect {
    /// Of whom.
    pub member: String,
    /// What.
    pub what: Expected,
    /// The line.
    pub span: Span,
}

/// What is expected.
#[derive(Debug, Clone)]
pub enum Expected {
    /// `earns N stars [because …]`: by the `on` lines right above.
    Earns(PointsId, Exact, Vec<(Exact, RuleId)>),
    /// `earns nothing [because WORD or "text"]`.
    EarnsNothing(Option<String>),
    /// `has N stars`: spendable.
    Has(PointsId, Exact),
    /// `has N stars pending`.
    Pending(PointsId, Exact),
    /// `owes N stars`.
    Owes(PointsId, Exact),
    /// `has N stamps on CARD`.
    Stamps(CardId, i64),
    /// `has [N] gift X`, `has no gift X`.
    Gifts(Held, u32),
    /// `is gold in status [until DATE]`.
    Level(TiersId, usize, Option<Date>),
    /// `is rejected because WORD`: the last `on` line.
    Rejected(String),
}

/// A thing that can be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Held {
    /// A gift.
    Gift(GiftId),
    /// A reward that was redeemed.
    Reward(RewardId),
}
