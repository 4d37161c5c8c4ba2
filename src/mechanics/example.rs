//! `example`: tests that are also documentation. How its lines are written (section 3):
//!
//! ```text
//! given    member ana joined 2026-01-05, birthday 1990-03-02, status gold until 2027-12-31
//! given    ana has 300 stars until 2026-12-31, 4 stamps on coffee, gift free_coffee, plan is executive
//! given    on 2026-02-01 purchase 20 RON by ana
//! on       2026-02-03 15:10 purchase 57.90 RON by ana
//! on       2026-02-03 purchase 2 x 12 RON of coffee sku A1, 8 RON of tea by ana at "Gara de Nord" via app as p1
//! on       2026-02-04 return of p1 by ana                    (all of it)
//! on       2026-02-04 return 12 RON of p1 by ana             (or `return 1 x sku A1 of p1 by ana`)
//! on       2026-02-05 redeem cake by ana                     (a reward, or a gift that she holds)
//! on       2026-02-05 visit by ana at Gara
//! on       2026-02-05 activity workout 35 minutes by ana     (or `activity workout with length 35`)
//! on       2026-02-05 join by ana
//! on       2026-02-05 referral of bob by ana
//! on       2026-02-05 transfer 50 stars by ana to bob
//! on       2026-02-05 grant 500 stars for 20 RON to ana      (points that are bought)
//! on       2026-02-05 subscribe plus by ana                  (`cancel plus by ana`)
//! on       2026-02-05 grant gold to ana                      (`revoke gold from ana`, `adjust -5 stars by ana`)
//! as of    2026-03-01
//! expect   ana earns 57 stars because 28.95 from base and 28.95 from gold_double
//! expect   ana earns nothing because "outside every rule"
//! expect   ana has 57 stars and owes 0 stars, has 20 stars pending, has 3 stamps on coffee
//! expect   ana has gift free_coffee and has no cake, bob has 2 gifts free_coffee
//! expect   ana is gold in status until 2027-12-31
//! expect   ana completes explorer, bob does not complete explorer
//! expect   ana has membership plus until 2027-02-04, has paid 50 RON for plus
//! expect   north pays 0.36 EUR and gets nothing              (a partner, since the example began)
//! expect   ana is rejected because not_enough                (the last `on` line)
//! ```
//!
//! The parts of an event stand in any order; `2 x 12 RON` is two for 24 RON. An expectation that names no member is of the one before, or of the last event.

mod column;
mod expect;
mod part;
mod read;
mod wrong;

pub use read::read;

use super::off::DiscountOf;
use super::table::{BlockSpec, Head, many};
use super::{
    CardId, ChallengeId, CouponId, DrawId, GiftId, MembershipId, PartnerId, PointsId, RewardId, RuleId, TiersId,
};
use crate::text::Span;
use crate::value::clock::{Date, Time};
use crate::value::exact::Exact;
use std::collections::BTreeMap;

/// `example` in the table of blocks.
pub static BLOCK: BlockSpec = BlockSpec {
    keyword: "example",
    head: Head::Title,
    clauses: &[
        many("given", "given member ana joined 2026-01-05"),
        many("on", "on 2026-02-03 15:10 purchase 57.90 EUR by ana"),
        many("as", "as of 2026-03-01"),
        many("expect", "expect ana earns 5 stars"),
    ],
    ordered: true,
    says: "a history and what must come of it: tested, and read by people",
};

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
    /// Memberships that were paid before, and their last day.
    pub memberships: Vec<(MembershipId, Option<Date>)>,
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
    /// `paid N stars` of a purchase: how many of [`Self::unit`] paid a part of it.
    pub paid_points: Option<Exact>,
    /// `coupon NAME` of a purchase.
    pub coupons: Vec<String>,
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
    /// The money of the whole line: 24 for `2 x 12 RON`.
    pub amount: Option<Exact>,
    /// `instead of 15 RON`, or `with regular 15`: its money before discounts.
    pub regular: Option<Exact>,
    /// `with tax 2.50`: the tax inside the amount.
    pub tax: Option<Exact>,
    /// Its category.
    pub category: Option<String>,
    /// Its sku.
    pub sku: Option<String>,
    /// `with brand acme`.
    pub brand: Option<String>,
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
    /// `completes CHALLENGE`, `does not complete CHALLENGE`: by the `on` lines right above.
    Completes(ChallengeId, bool),
    /// `has N entries in DRAW`: in draws that are not held yet.
    Entries(DrawId, i64),
    /// `has membership X [until DATE]`, `has no membership X`.
    Membership(MembershipId, bool, Option<Date>),
    /// `has paid 50 RON for X`: fees less what was given back.
    Paid(MembershipId, Exact),
    /// `gets 4 RON off [because 4 from lunch]`: by the `on` lines right above.
    Off(Exact, Vec<(Exact, DiscountOf)>),
    /// `pays 0.36 EUR`, of a partner: since the example began.
    Pays(PartnerId, Exact),
    /// `gets 0.10 EUR`, of a partner: likewise.
    Gets(PartnerId, Exact),
    /// `is rejected because WORD`: the last `on` line.
    Rejected(String),
    /// `is offered NAME [for CATEGORY]`: by the `on` lines right above, or as the clock moved.
    Offered(RuleId, Option<String>),
    /// `is held back from NAME`, an offer or a rule of a pilot: likewise.
    HeldBack(RuleId),
}

/// A thing that can be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Held {
    /// A gift.
    Gift(GiftId),
    /// A reward that was redeemed.
    Reward(RewardId),
    /// A coupon with a use left.
    Coupon(CouponId),
}
