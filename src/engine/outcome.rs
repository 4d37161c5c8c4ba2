//! What a run yields: the journal of everything that happened, and the state at each moment asked for.
//!
//! For each member and unit: the signed amounts of her postings add up to
//! balance + pending − debt (section 6, Edges).

use super::deeds::Deeds;
use crate::mechanics::example::Held;
use crate::mechanics::off::Off;
use crate::mechanics::{
    BudgetId, CardId, ChallengeId, DrawId, GiftId, MembershipId, PointsId, Program, RuleId, StackId, TiersId,
};
use crate::value::clock::{Clock, Date, Moment};
use crate::value::exact::Exact;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub use crate::mechanics::off::DiscountOf;

/// A moment at which the state is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AsOf {
    /// As the user wrote it: the `as_of` column of facts.
    pub label: String,
    /// When.
    pub when: When,
}

/// The end of a day, or a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// The end of this day as the program's clock has it.
    EndOf(Date),
    /// This moment; its own events and timers are in.
    At(Moment),
}

impl When {
    /// The program's day it belongs to.
    pub fn day(self, clock: &Clock) -> Date {
        match self {
            When::EndOf(day) => day,
            When::At(moment) => clock.day_of(moment),
        }
    }
}

/// The result of one run.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Everything that happened, in order.
    pub journal: Vec<Entry>,
    /// The state at each moment asked for, in time order.
    pub snapshots: Vec<Snapshot>,
    /// The draws that were held, in order.
    pub held: Vec<HeldDraw>,
    /// What happened, event by event, up to the last of those moments.
    pub deeds: Deeds,
}

impl Outcome {
    /// Whether every balance is the sum of its postings, at every snapshot and for every member and
    /// unit; the first that is not, in words. A run that breaks this is a mistake of the engine's.
    ///
    /// ```
    /// assert_eq!(loyal::engine::outcome::Outcome::default().verify(), Ok(()));
    /// ```
    pub fn verify(&self) -> Result<(), String> {
        type Key<'k> = (&'k str, PointsId, Option<&'k str>);
        let mut sums: BTreeMap<Key<'_>, Exact> = BTreeMap::new();
        let mut kinds: BTreeMap<(Key<'_>, PostingKind), Exact> = BTreeMap::new();
        let mut read = 0;
        for snapshot in &self.snapshots {
            for entry in &self.journal[read..snapshot.entries] {
                let (Happened::Posted(posting), Some(member)) = (&entry.what, &entry.member) else { continue };
                let key = (member.as_str(), posting.unit, posting.pocket.as_deref());
                *sums.entry(key).or_default() += &posting.amount;
                *kinds.entry((key, posting.kind)).or_default() += &posting.amount;
            }
            read = snapshot.entries;
            for (id, view) in &snapshot.members {
                for ((unit, pocket), points) in &view.points {
                    let key = (id.as_str(), *unit, pocket.as_deref());
                    points.adds_up(sums.get(&key)).map_err(|why| {
                        format!("{id}, unit {}, {pocket:?} as of {}: {why}", unit.0, snapshot.as_of.label)
                    })?;
                    for (kind, total) in &points.totals {
                        let posted = kinds.get(&(key, *kind)).cloned().unwrap_or_default();
                        if posted.abs() != total.abs() {
                            return Err(format!(
                                "{id} as of {}: {kind:?} {total}, posted {posted}",
                                snapshot.as_of.label
                            ));
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

impl PointsView {
    /// Whether the balance is what the postings add up to, and what the totals say, and no part is
    /// below nothing.
    fn adds_up(&self, posted: Option<&Exact>) -> Result<(), String> {
        let stands = &self.balance + &self.pending - &self.debt;
        let posted = posted.cloned().unwrap_or_default();
        if stands != posted {
            return Err(format!("stands at {stands}, postings add up to {posted}"));
        }
        let total = |kind: PostingKind| self.totals.get(&kind).cloned().unwrap_or_default();
        let came = total(PostingKind::Earned)
            + total(PostingKind::WrittenOff)
            + total(PostingKind::Bought)
            + total(PostingKind::Received)
            + total(PostingKind::Adjusted);
        let went = total(PostingKind::Spent)
            + total(PostingKind::Expired)
            + total(PostingKind::Clawed)
            + total(PostingKind::Sent);
        if came - went != stands {
            return Err(format!("stands at {stands}, which is not what its totals say"));
        }
        let lots: Exact = self.lots.iter().map(|lot| &lot.left).sum();
        if lots != &self.balance + &self.pending {
            return Err(format!("its lots hold {lots}"));
        }
        let below = self.lots.iter().any(|lot| lot.left.is_negative());
        if below || self.balance.is_negative() || self.pending.is_negative() || self.debt.is_negative() {
            return Err("below nothing".to_owned());
        }
        Ok(())
    }
}

/// One thing that happened.
#[derive(Debug, Clone)]
pub struct Entry {
    /// When.
    pub at: Moment,
    /// The program's day.
    pub day: Date,
    /// The number of the version of the program whose blocks and lines it names.
    pub version: usize,
    /// To whom; none: to the program.
    pub member: Option<String>,
    /// The event that brought it; none: a timer (expiry, review, birthday).
    pub event: Option<String>,
    /// What.
    pub what: Happened,
}

/// What happened.
#[derive(Debug, Clone)]
pub enum Happened {
    /// Points moved.
    Posted(Posting),
    /// An action was rejected.
    Rejected {
        /// The reason.
        reason: Reason,
        /// A sentence with the figures, for people.
        sentence: String,
    },
    /// Stamps came or went.
    Stamped {
        /// Which card.
        card: CardId,
        /// How many; negative: taken back or lapsed.
        change: i64,
        /// On the open card after it.
        stands_at: i64,
        /// Why.
        why: StampWhy,
    },
    /// A gift or reward came to life or ended.
    Gift {
        /// Which.
        held: Held,
        /// What became of it.
        life: GiftLife,
        /// The rule that gave it, if one did.
        rule: Option<RuleId>,
        /// Its last day, none for good.
        last_day: Option<Date>,
    },
    /// A level changed.
    Level {
        /// Which tiers.
        tiers: TiersId,
        /// From level.
        from: usize,
        /// To level (the same: the term was renewed).
        to: usize,
        /// Its last day, none for good.
        until: Option<Date>,
        /// Why.
        why: LevelWhy,
    },
    /// A challenge was completed, or is none any more.
    Challenge {
        /// Which.
        challenge: ChallengeId,
        /// What was done of each step.
        figures: Vec<Exact>,
        /// A return left less than it takes.
        undone: bool,
    },
    /// Entries in a draw came or went.
    Entries {
        /// Which draw.
        draw: DrawId,
        /// The draw they belong to, by its date.
        date: Date,
        /// How many; negative: taken back, or not given.
        change: i64,
        /// What she has in that draw after it.
        stands_at: i64,
        /// Why.
        why: EntryWhy,
    },
    /// A draw was held.
    Drawn {
        /// Which draw.
        draw: DrawId,
        /// Its date.
        date: Date,
        /// The seed that was given.
        seed: String,
        /// Entries in it.
        entries: u64,
        /// Of so many members.
        members: u64,
        /// So many won.
        winners: usize,
    },
    /// A member won.
    Won {
        /// Which draw.
        draw: DrawId,
        /// Its date; of an instant draw the day.
        date: Date,
        /// The first, second, … winner.
        place: u32,
        /// The number of the entry that won, from 1; of an instant draw, which of the event's.
        entry: u64,
        /// Among so many entries; of an instant draw, the chance is of so many.
        among: u64,
    },
    /// A paid membership began, went on or ended; money was paid for it or given back.
    Membership {
        /// Which.
        membership: MembershipId,
        /// What became of it.
        what: Term,
        /// What was paid; below zero: given back.
        fee: Exact,
        /// The last day that it covers now; none: it is over.
        until: Option<Date>,
    },
    /// Money was taken off a purchase.
    Discount(Box<MoneyOff>),
    /// An offer was made, or kept back from who serves to measure it; a rule of a pilot kept back likewise.
    Offer {
        /// The rule.
        rule: RuleId,
        /// Whether she was kept back.
        held_back: bool,
        /// The category it is for, where it goes with what was bought.
        category: Option<String>,
    },
    /// A rule for who brings friends would have given something, and one of its limits of times was reached: its place.
    Limited {
        /// The rule.
        rule: RuleId,
        /// Which of its limits.
        place: usize,
    },
    /// Another version of the program holds from here, and moves this of what she has, in a sentence.
    NewTerms(String),
    /// An event that the program took in and gives nothing for (with a sentence), such as a
    /// purchase outside every rule.
    Nothing(String),
}

impl Happened {
    /// The points that moved, if that is what happened.
    pub fn posting(&self) -> Option<&Posting> {
        if let Happened::Posted(posting) = self { Some(posting) } else { None }
    }

    /// Why an action was rejected, and the sentence for people, if that is what happened.
    pub fn rejection(&self) -> Option<(Reason, &str)> {
        if let Happened::Rejected { reason, sentence } = self { Some((*reason, sentence)) } else { None }
    }

    /// The money taken off a purchase, if that is what happened.
    pub fn discount(&self) -> Option<&MoneyOff> {
        if let Happened::Discount(off) = self { Some(off) } else { None }
    }
}

/// What became of a paid membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// A trial began.
    Trial,
    /// The first term that is paid began.
    Begun,
    /// A term was added behind those that run.
    Ahead,
    /// It renewed itself.
    Renewed,
    /// Its last term ended.
    Ended,
    /// It was cancelled.
    Cancelled {
        /// Days of the running term for which the fee came back; 0: nothing did.
        left: i64,
        /// How many days that term has.
        of: i64,
    },
    /// Its member left the program.
    Left,
}
/// What one discount or coupon takes off a purchase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoneyOff {
    /// The purchase: its event.
    pub purchase: String,
    /// What takes it off.
    pub of: DiscountOf,
    /// How many items it is for.
    pub items: Exact,
    /// What they cost before it.
    pub price: Exact,
    /// What each of its lines takes off, exactly.
    pub takes: Vec<OffPart>,
    /// What caps, stacks and the price of the items took off that.
    pub cuts: Vec<OffCut>,
    /// What is taken off, rounded.
    pub off: Exact,
    /// Of each line of the purchase of which there is something, before it is rounded.
    pub by_line: Vec<Exact>,
    /// Of a purchase worked out again after a return: what was taken off before.
    pub before: Option<Exact>,
    /// Of a coupon that takes nothing off any more: what becomes of it, where nothing else that happens says so.
    pub note: String,
}

impl MoneyOff {
    /// Nothing taken off a purchase.
    pub fn nothing(purchase: &str, of: DiscountOf) -> Self {
        Self {
            purchase: purchase.to_owned(),
            of,
            items: Exact::zero(),
            price: Exact::zero(),
            takes: Vec::new(),
            cuts: Vec::new(),
            off: Exact::zero(),
            by_line: Vec::new(),
            before: None,
            note: String::new(),
        }
    }

    /// By how much it changes what is taken off the purchase.
    pub fn change(&self) -> Exact {
        match &self.before {
            Some(before) => &self.off - before,
            None => self.off.clone(),
        }
    }

    /// By how much it changes how often it was given.
    pub fn times(&self) -> i64 {
        let before = self.before.as_ref().is_some_and(Exact::is_positive);
        i64::from(self.off.is_positive()) - i64::from(before)
    }
}

/// What one line of a discount or coupon takes off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OffPart {
    /// What it says.
    pub what: OffWhat,
    /// How much, exactly.
    pub exact: Exact,
}

/// What a line of a discount or coupon says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OffWhat {
    /// `take …`, `price …`.
    Off(Off),
    /// `scale …`: the share of the band that was reached.
    Scale {
        /// 5 for 5%.
        percent: Exact,
        /// What was measured.
        measured: Exact,
    },
    /// `worth taken`: money that the coupon itself is worth.
    Worth(Exact),
}

/// What was not taken off after all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OffCut {
    /// Why.
    pub by: OffCutBy,
    /// How much.
    pub off: Exact,
}

/// Why money was not taken off after all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OffCutBy {
    /// The discount's own cap.
    Cap,
    /// A limit of the discount, by its place.
    Limit(usize),
    /// The stack did not take it.
    Stack(StackId),
    /// The stack's cap.
    StackCap(StackId),
    /// The stack's cap in money, by its place.
    StackMoney(StackId, usize),
    /// Never more than the items cost.
    Price,
}

/// Why stamps came or went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StampWhy {
    /// The event brought them.
    Event,
    /// A new card's head start.
    Start,
    /// The card was filled.
    Full,
    /// A return took them back.
    Returned,
    /// The card lapsed.
    Lapsed,
    /// A limit or `discard` took them off.
    Cut,
    /// A full card was opened again.
    Reopened,
}

/// Why entries came or went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryWhy {
    /// The event brought them, or a rule gave them.
    Event,
    /// A free entry.
    Free,
    /// A return took them back.
    Returned,
    /// A limit took them off.
    Cut,
    /// The member left.
    Left,
}

/// A draw that was held: what a later night keeps as it was (section 6.14).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldDraw {
    /// The name of the draw.
    pub draw: String,
    /// Its date, `2026-01-31`.
    pub date: String,
    /// The event that brought the seed.
    pub event: String,
    /// The seed.
    pub seed: String,
    /// Entries in it.
    pub entries: u64,
    /// Of so many members.
    pub members: u64,
    /// Who won, the first first.
    pub winners: Vec<Winner>,
    /// Of an entry that won at once: the place of its prize, from 1. Else 0.
    #[serde(default, skip_serializing_if = "is_nought")]
    pub place: u32,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde asks so
fn is_nought(place: &u32) -> bool {
    *place == 0
}

/// Who won a draw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Winner {
    /// Who.
    pub member: String,
    /// The number of the entry, from 1, among those that were left.
    pub entry: u64,
    /// How many were left.
    pub among: u64,
}

/// What became of a gift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GiftLife {
    /// Given or redeemed.
    Issued,
    /// Used.
    Used,
    /// Its last day passed.
    Expired,
    /// Taken back.
    Revoked,
    /// Not given: there was none left.
    OutOfStock,
    /// A coupon whose purchase came back: not used after all.
    HeldAgain,
    /// Taken out of a choice that says nothing of its worth: it costs from here on.
    Taken,
    /// Taken out of a choice that said itself what it costs.
    Chosen,
}

impl GiftLife {
    /// What becomes of `gift` where it is taken out of `held`; none where that is no choice with it among others.
    pub fn taken_out_of(program: &Program, held: Held, gift: GiftId) -> Option<Self> {
        let Held::Gift(choice) = held else { return None };
        let choice = program.gifts.get(choice.0).filter(|choice| choice.choose.contains(&gift))?;
        Some(if choice.costs.is_none() && choice.value.is_none() { Self::Taken } else { Self::Chosen })
    }

    /// All of them, in their order.
    pub const ALL: [GiftLife; 8] = [
        GiftLife::Issued,
        GiftLife::Used,
        GiftLife::Expired,
        GiftLife::Revoked,
        GiftLife::OutOfStock,
        GiftLife::HeldAgain,
        GiftLife::Taken,
        GiftLife::Chosen,
    ];
}

/// Why a level changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LevelWhy {
    /// The measure reached what it takes: (measured, needed).
    Reached(Exact),
    /// Met again in a later window: a new term.
    Renewed(Exact),
    /// The term ended unrenewed: (measured).
    Missed(Exact),
    /// The measure fell, and the level with it.
    Fell(Exact),
    /// A refund took it back.
    Refunded(Exact),
    /// Given by a rule.
    Given(RuleId),
    /// Given by a `grant` event.
    Granted,
    /// Held while a membership runs.
    Membership(MembershipId),
    /// Taken by a `revoke` or `cancel` event, or its end came.
    Ended,
    /// What gave it came back.
    TakenBack,
}

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

/// Why an action was rejected: the reason words of `docs/formats.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// `not_enough`.
    NotEnough,
    /// `unknown_reward`.
    UnknownReward,
    /// `out_of_stock`.
    OutOfStock,
    /// `limit`.
    Limit,
    /// `not_eligible`.
    NotEligible,
    /// `unknown_purchase`.
    UnknownPurchase,
    /// `over_returned`.
    OverReturned,
    /// `too_late`.
    TooLate,
    /// `expired`.
    Expired,
    /// `not_held`.
    NotHeld,
    /// `not_a_member`.
    NotAMember,
    /// `outside_program`.
    OutsideProgram,
}

impl Reason {
    /// All of them.
    pub const ALL: [Reason; 12] = [
        Reason::NotEnough,
        Reason::UnknownReward,
        Reason::OutOfStock,
        Reason::Limit,
        Reason::NotEligible,
        Reason::UnknownPurchase,
        Reason::OverReturned,
        Reason::TooLate,
        Reason::Expired,
        Reason::NotHeld,
        Reason::NotAMember,
        Reason::OutsideProgram,
    ];

    /// The word as facts and examples write it.
    pub fn word(self) -> &'static str {
        match self {
            Reason::NotEnough => "not_enough",
            Reason::UnknownReward => "unknown_reward",
            Reason::OutOfStock => "out_of_stock",
            Reason::Limit => "limit",
            Reason::NotEligible => "not_eligible",
            Reason::UnknownPurchase => "unknown_purchase",
            Reason::OverReturned => "over_returned",
            Reason::TooLate => "too_late",
            Reason::Expired => "expired",
            Reason::NotHeld => "not_held",
            Reason::NotAMember => "not_a_member",
            Reason::OutsideProgram => "outside_program",
        }
    }
}

/// The state at one moment.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Which moment.
    pub as_of: AsOf,
    /// How many entries of the journal lie before it.
    pub entries: usize,
    /// Every member the program knows by then.
    pub members: BTreeMap<String, MemberView>,
    /// Money of all accepted purchases less returns, anonymous ones too.
    pub sales: Exact,
    /// How many accepted purchases stand, anonymous ones too: one returned whole counts no more.
    pub purchases: u64,
}

/// The place of a level that is none.
pub const NO_LEVEL: usize = usize::MAX;

/// One member at one moment.
#[derive(Debug, Clone, Default)]
pub struct MemberView {
    /// For each unit and pocket.
    pub points: BTreeMap<(PointsId, Option<String>), PointsView>,
    /// The level in each tiers block and its last day; [`NO_LEVEL`] in one that only another version has.
    pub levels: Vec<(usize, Option<Date>)>,
    /// Stamps on each card.
    pub cards: Vec<i64>,
    /// Gifts and rewards held and valid: how many.
    pub gifts: BTreeMap<Held, u32>,
    /// Her entries in draws that are not held yet.
    pub entries: Vec<EntriesView>,
    /// How far she is with each challenge; empty where nobody asked.
    pub challenges: Vec<ChallengeView>,
    /// What the measures of each tiers block have come to; empty where nobody asked.
    pub measured: Vec<Vec<Exact>>,
    /// Memberships that she has or ever paid for.
    pub memberships: BTreeMap<MembershipId, MembershipView>,
    /// She left the program, or another account took hers in: no member any more, on no level.
    pub left: bool,
    /// The number of the version of the program that holds for her then.
    pub version: usize,
}

/// A member's entries in one draw that is not held yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntriesView {
    /// Which.
    pub draw: DrawId,
    /// Its date.
    pub date: Date,
    /// How many.
    pub number: i64,
    /// Whether it is the next of these draws to be held.
    pub next: bool,
}

/// How far a member is with a challenge.
#[derive(Debug, Clone, Default)]
pub struct ChallengeView {
    /// What is done of each step in the window at hand.
    pub figures: Vec<Exact>,
    /// How often it was completed, and still is.
    pub times: usize,
}

/// A paid membership of one member at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MembershipView {
    /// The last day it covers; none: she has it no more.
    pub until: Option<Date>,
    /// It costs nothing yet.
    pub trial: bool,
    /// Fees paid since the start.
    pub charged: Exact,
    /// Of those, what was given back.
    pub returned: Exact,
}

/// One unit of one member at one moment.
#[derive(Debug, Clone, Default)]
pub struct PointsView {
    /// Spendable.
    pub balance: Exact,
    /// Not yet spendable.
    pub pending: Exact,
    /// Owed.
    pub debt: Exact,
    /// Totals since the start, by kind, as positive figures (adjusted may be negative).
    pub totals: BTreeMap<PostingKind, Exact>,
    /// Open lots, soonest to end first.
    pub lots: Vec<LotView>,
}

/// An open lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotView {
    /// The event that brought it, or the timer's words.
    pub source: String,
    /// The day it was earned.
    pub earned: Date,
    /// What it was.
    pub granted: Exact,
    /// What is left.
    pub left: Exact,
    /// From this day it can be spent; none: already, or when its activity comes.
    pub spendable_from: Option<Date>,
    /// Not spendable yet.
    pub pending: bool,
    /// Its last day; none: it does not end.
    pub last_day: Option<Date>,
}
