//! Points that moved: each rule's part, and what was taken off.

use crate::mechanics::{BudgetId, PointsId, RuleId, StackId};
use crate::value::clock::Date;
use crate::value::exact::Exact;

/// Points that moved.
#[derive(Debug, Clone)]
pub struct Posting {
    /// Its number, from 1, in the order of the run.
    pub number: u64,
    /// Which points.
    pub unit: PointsId,
    /// The balance of its own, where `separate by` keeps one.
    pub pocket: Option<String>,
    /// What kind of movement.
    pub kind: PostingKind,
    /// Signed: what it adds to balance + pending − debt.
    pub amount: Exact,
    /// Of an accrual: the last day of its lot.
    pub last_day: Option<Date>,
    /// Of an accrual: the first day it can be spent, when not at once.
    pub spendable_from: Option<Date>,
    /// The rules that brought it, each with its exact part. Of a clawback: what the purchase gave
    /// and what it gives without what came back.
    pub parts: Vec<Part>,
    /// What caps, limits, stacks and budgets took off.
    pub cuts: Vec<Cut>,
    /// Of a clawback: where it was taken from.
    pub taken: Option<Taken>,
    /// What of an accrual paid a debt.
    pub paid_debt: Exact,
    /// A sentence more, when the figures do not say it all.
    pub note: String,
}

/// What kind of movement a posting is (the words of the facts).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PostingKind {
    /// `earned`.
    Earned,
    /// `spent`; positive where a redemption was undone.
    Spent,
    /// `expired`.
    Expired,
    /// `clawed`: all that returns take.
    Clawed,
    /// `writtenoff`: what could not be taken.
    WrittenOff,
    /// `bought`.
    Bought,
    /// `received`.
    Received,
    /// `sent`.
    Sent,
    /// `adjusted`.
    Adjusted,
}

impl PostingKind {
    /// All of them, in their order.
    pub const ALL: [PostingKind; 9] = [
        PostingKind::Earned,
        PostingKind::Spent,
        PostingKind::Expired,
        PostingKind::Clawed,
        PostingKind::WrittenOff,
        PostingKind::Bought,
        PostingKind::Received,
        PostingKind::Sent,
        PostingKind::Adjusted,
    ];
}

/// One rule's part of a posting.
#[derive(Debug, Clone)]
pub struct Part {
    /// The rule; none: a card's or a given balance.
    pub rule: Option<RuleId>,
    /// Exactly, before rounding and caps.
    pub exact: Exact,
    /// What of it was posted.
    pub posted: Exact,
    /// The arithmetic.
    pub how: How,
}

/// The arithmetic of a part.
#[derive(Debug, Clone)]
pub enum How {
    /// `measured ÷ per × number`.
    Rate {
        /// What was measured.
        measured: Exact,
        /// How many.
        number: Exact,
        /// For how much.
        per: Exact,
        /// Whole steps only.
        full: bool,
    },
    /// `percent% of measured money, at the unit's worth`.
    Back {
        /// Money.
        measured: Exact,
        /// 5 for 5%.
        percent: Exact,
    },
    /// `percent% of what another rule brought`.
    PercentOf {
        /// The base.
        rule: RuleId,
        /// What the base brought.
        base: Exact,
        /// 100 for 100%.
        percent: Exact,
    },
    /// A fixed number.
    Fixed,
    /// By scale, of what was measured.
    Scale(Exact),
    /// By step, of what was measured.
    Step(Exact),
    /// A purchase valued again: what it gave before.
    Revalued {
        /// What was posted before.
        before: Exact,
        /// What it gives now: each rule's part.
        now: Vec<Part>,
        /// What was taken off that.
        cuts: Vec<Cut>,
    },
}

/// What took points off.
#[derive(Debug, Clone)]
pub struct Cut {
    /// Which rule's points; none: those of a full card.
    pub rule: Option<RuleId>,
    /// What took them.
    pub by: CutBy,
    /// How many.
    pub off: Exact,
}

/// What takes points off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CutBy {
    /// The rule's own limit: its place among the limits.
    Limit(usize),
    /// The stack did not take it.
    Stack(StackId),
    /// A cap of the stack: its place among the caps.
    StackCap(StackId, usize),
    /// `cap N% of receipt` of the stack.
    StackShare(StackId),
    /// A budget.
    Budget(BudgetId),
    /// `earn at most` of the points block: its place among the caps.
    EarnAtMost(usize),
}

/// Where a clawback was taken from; all positive.
#[derive(Debug, Clone, Default)]
pub struct Taken {
    /// From the purchase's own lots.
    pub own: Exact,
    /// From other lots.
    pub others: Exact,
    /// Became debt.
    pub debt: Exact,
    /// Written off.
    pub written_off: Exact,
}
