//! What a run yields: the journal of everything that happened, and the state at each moment asked for.
//!
//! For each member and unit: the signed amounts of her postings add up to
//! balance + pending − debt (section 6, Edges).

mod lives;
mod off;
mod posting;
mod view;

use super::deeds::Deeds;
use crate::mechanics::example::Held;
use crate::mechanics::{CardId, ChallengeId, DrawId, MembershipId, PointsId, RuleId, TiersId};
use crate::value::clock::{Clock, Date, Moment};
use crate::value::exact::Exact;
use std::collections::BTreeMap;

pub use lives::{EntryWhy, GiftLife, HeldDraw, LevelWhy, StampWhy, Term, Winner};
pub use off::{DiscountOf, MoneyOff, OffCut, OffCutBy, OffPart, OffWhat};
pub use posting::{Cut, CutBy, How, Part, Posting, PostingKind, Taken};
pub use view::{ChallengeView, EntriesView, LotView, MemberView, MembershipView, NO_LEVEL, PointsView, Snapshot};

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
