//! What the fast interpreter tells of what happens, to whoever takes it down.

use super::days::{self, date};
use crate::engine::outcome::{
    self, Cut, Entry, GiftLife, Happened, LevelWhy, MoneyOff, Part, Posting, PostingKind, Reason, StampWhy,
};
use crate::mechanics::example::Held;
use crate::mechanics::{CardId, PointsId, RuleId, TiersId};
use crate::value::clock::{Date, Moment};
use crate::value::exact::Exact;

/// When and where a member's play stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Here {
    /// The moment: seconds of Unix time.
    pub at: i64,
    /// The program's day.
    pub day: i32,
    /// What brings what happens here.
    pub source: Source,
}

/// What brought something: it names lots, and stamps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The member's event of this place; places ascend in the order of play.
    Event(u32),
    /// A timer, and its day.
    Timer(Words, i32),
}

impl Source {
    /// The event, if it is one.
    pub fn event(self) -> Option<u32> {
        match self {
            Source::Event(place) => Some(place),
            Source::Timer(..) => None,
        }
    }
}

/// What a timer is called where it brings something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Words {
    /// What stands at the start of a day.
    StartOf,
    /// A birthday.
    Birthday,
    /// The anniversary of joining.
    Anniversary,
    /// A period begins or ends.
    EveryPeriod,
    /// A membership year ends.
    EveryMembershipYear,
    /// There was no purchase.
    NoPurchaseBy,
    /// She stands in the members file.
    Joined,
}

impl Words {
    /// The words, before the day.
    pub fn text(self) -> &'static str {
        match self {
            Words::StartOf => "the start of",
            Words::Birthday => "birthday",
            Words::Anniversary => "anniversary",
            Words::EveryPeriod => "every period",
            Words::EveryMembershipYear => "every membership year",
            Words::NoPurchaseBy => "no purchase by",
            Words::Joined => "joined",
        }
    }
}

/// The name of what brought something; `event` gives the id of an event.
pub fn source_name(source: Source, event: impl Fn(u32) -> String) -> String {
    match source {
        Source::Event(place) => event(place),
        Source::Timer(words, day) => format!("{} {}", words.text(), date(day).unwrap_or(Date::MAX)),
    }
}

/// Points that moved: what of a posting the purse knows. Figures are steps of the unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// What kind of movement.
    pub kind: PostingKind,
    /// Signed.
    pub amount: i64,
    /// Of an accrual or an expiry: the last day; [`days::NEVER`] for none.
    pub last_day: i32,
    /// Of an accrual: the first day it can be spent, when not at once, else [`days::NEVER`].
    pub spendable_from: i32,
    /// What of an accrual paid a debt.
    pub paid_debt: i64,
    /// Of a clawback: where it was taken from.
    pub taken: Option<Taken>,
}

impl Moved {
    /// A movement with nothing but its kind and amount.
    pub fn plain(kind: PostingKind, amount: i64) -> Self {
        Self { kind, amount, last_day: days::NEVER, spendable_from: days::NEVER, paid_debt: 0, taken: None }
    }
}

/// Where a clawback was taken from; all positive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    /// From the purchase's own lots.
    pub own: i64,
    /// From other lots.
    pub others: i64,
    /// Became debt.
    pub debt: i64,
    /// Written off.
    pub written_off: i64,
}

/// What else a posting says.
#[derive(Debug, Default)]
pub struct More {
    /// Each rule's part.
    pub parts: Vec<Part>,
    /// What was taken off.
    pub cuts: Vec<Cut>,
    /// A sentence more.
    pub note: String,
}

impl More {
    /// A note, and nothing else.
    pub fn note(note: impl Into<String>) -> Self {
        Self { note: note.into(), ..Self::default() }
    }
}

/// Takes down what happens. What takes time to put together is asked for only by who keeps it.
pub trait Record {
    /// Points moved.
    fn posted(&mut self, here: &Here, unit: PointsId, pocket: Option<&str>, moved: Moved, more: impl FnOnce() -> More);
    /// Stamps came or went.
    fn stamped(&mut self, here: &Here, card: CardId, change: i64, stands_at: i64, why: StampWhy);
    /// A gift or reward came to life or ended.
    fn gift(&mut self, here: &Here, held: Held, life: GiftLife, rule: Option<RuleId>, last_day: i32);
    /// A level changed.
    fn level(
        &mut self,
        here: &Here,
        tiers: TiersId,
        levels: (usize, usize),
        until: i32,
        why: impl FnOnce() -> LevelWhy,
    );
    /// An action was rejected.
    fn rejected(&mut self, here: &Here, reason: Reason, sentence: impl FnOnce() -> String);
    /// Something happened and nothing came of it.
    fn nothing(&mut self, here: &Here, sentence: impl FnOnce() -> String);
    /// Money is taken off a purchase, or a return changes how much; `change` is by how much, in ten-thousandths.
    fn off(&mut self, here: &Here, change: i64, off: &MoneyOff);
    /// How many entries there are; always the same for who keeps none.
    fn entries(&self) -> usize;
    /// What of the points that are posted next each rule brought.
    fn shares<I: Iterator<Item = (RuleId, i64)>>(&mut self, _shares: impl FnOnce() -> I) {}
}

/// Keeps everything, as the reference writes it.
pub struct Journal<'n> {
    /// What happened.
    pub entries: Vec<Entry>,
    /// Whose events they are.
    pub member: String,
    /// The id of an event.
    pub event: &'n dyn Fn(u32) -> String,
    /// The decimals of each unit.
    pub decimals: Vec<u32>,
    /// Postings so far: they are numbered from 1.
    pub postings: u64,
}

impl Journal<'_> {
    fn note(&mut self, here: &Here, what: Happened) {
        self.entries.push(Entry {
            at: moment(here.at),
            day: date(here.day).unwrap_or(Date::MAX),
            version: 0,
            member: Some(self.member.clone()),
            event: here.source.event().map(self.event),
            what,
        });
    }
}

impl Record for Journal<'_> {
    fn posted(&mut self, here: &Here, unit: PointsId, pocket: Option<&str>, moved: Moved, more: impl FnOnce() -> More) {
        self.postings += 1;
        let decimals = self.decimals.get(unit.0).copied().unwrap_or(0);
        let figure = |steps: i64| exact(steps, decimals);
        let taken = moved.taken.map(|taken| outcome::Taken {
            own: figure(taken.own),
            others: figure(taken.others),
            debt: figure(taken.debt),
            written_off: figure(taken.written_off),
        });
        let more = more();
        let posting = Posting {
            number: self.postings,
            unit,
            pocket: pocket.map(str::to_owned),
            kind: moved.kind,
            amount: figure(moved.amount),
            last_day: date(moved.last_day),
            spendable_from: date(moved.spendable_from),
            parts: more.parts,
            cuts: more.cuts,
            taken,
            paid_debt: figure(moved.paid_debt),
            note: more.note,
        };
        self.note(here, Happened::Posted(posting));
    }

    fn stamped(&mut self, here: &Here, card: CardId, change: i64, stands_at: i64, why: StampWhy) {
        self.note(here, Happened::Stamped { card, change, stands_at, why });
    }

    fn gift(&mut self, here: &Here, held: Held, life: GiftLife, rule: Option<RuleId>, last_day: i32) {
        self.note(here, Happened::Gift { held, life, rule, last_day: date(last_day) });
    }

    fn level(
        &mut self,
        here: &Here,
        tiers: TiersId,
        (from, to): (usize, usize),
        until: i32,
        why: impl FnOnce() -> LevelWhy,
    ) {
        self.note(here, Happened::Level { tiers, from, to, until: date(until), why: why() });
    }

    fn rejected(&mut self, here: &Here, reason: Reason, sentence: impl FnOnce() -> String) {
        self.note(here, Happened::Rejected { reason, sentence: sentence() });
    }

    fn nothing(&mut self, here: &Here, sentence: impl FnOnce() -> String) {
        self.note(here, Happened::Nothing(sentence()));
    }

    fn off(&mut self, here: &Here, _: i64, off: &MoneyOff) {
        self.note(here, Happened::Discount(Box::new(off.clone())));
    }

    fn entries(&self) -> usize {
        self.entries.len()
    }
}

/// A number of steps as an exact number; a step is 10^-`decimals`.
pub fn exact(steps: i64, decimals: u32) -> Exact {
    if decimals == 0 { Exact::from_int(steps) } else { Exact::ratio(steps, 10_i64.saturating_pow(decimals)) }
}

/// The moment of a second.
pub fn moment(at: i64) -> Moment {
    jiff::Timestamp::from_second(at).map_or(Moment::MAX, Moment)
}
