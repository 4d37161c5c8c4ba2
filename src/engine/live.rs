//! One member, played event by event while somebody looks at how she stands: what a simulated customer needs, who buys
//! sooner when a reward is near.
//!
//! Whoever plays her, what is told has to be what a run over the same events posts. She is played as if she were the
//! only member: a budget, a stock or a limit in all has all its room for her ([`super::parts::roomy`] gives the program
//! as if there were room for everybody), and nobody else's events touch her.

use super::fast::Beyond;
use super::fast::live::FastLive;
use super::outcome::{GiftLife, PostingKind, Reason};
use super::pile::{NONE, Pile, SCALE};
use super::plan::Plan;
use super::reference::live::PlainLive;
use crate::ledger::{Event, Kind, MemberRow};
use crate::mechanics::example::Held;
use crate::mechanics::off::DiscountOf;
use crate::mechanics::{CardId, MembershipId, PointsId, RuleId, TiersId};
use crate::value::clock::{Date, Moment};
use crate::value::exact::Exact;

/// A player of the members of a program with this plan: the fast machine where it leaves nothing to the reference. A
/// member who turns out to be beyond it goes on with the reference, which first plays what she did so far and tells
/// nothing of it; so all is told once.
pub fn player<'p>(plan: &'p Plan<'p>) -> Box<dyn Live + 'p> {
    let plain = PlainLive::new(plan.program);
    match FastLive::new(plan) {
        Ok(fast) => Box::new(Quick { fast, plain, first: Date::MIN, plainly: false }),
        Err(Beyond) => Box::new(plain),
    }
}

/// The fast machine, and the reference for whom it does not play.
struct Quick<'p> {
    fast: FastLive<'p>,
    plain: PlainLive<'p>,
    first: Date,
    /// Whether the reference plays the member at hand.
    plainly: bool,
}

impl Quick<'_> {
    /// The reference takes over.
    fn go_plain(&mut self) -> Result<(), Beyond> {
        self.plainly = true;
        match self.fast.who() {
            (id, Some(row)) => self.plain.begin(id, row, self.first)?,
            (id, None) => self.plain.begin_unlisted(id, self.first)?,
        }
        let (events, day) = self.fast.so_far();
        for event in events {
            self.plain.play(&event, &mut Silence)?;
        }
        day.map_or(Ok(()), |day| self.plain.upto(day, &mut Silence))
    }
}

impl Live for Quick<'_> {
    fn begin(&mut self, id: &str, row: &MemberRow, first: Date) -> Result<(), Beyond> {
        (self.first, self.plainly) = (first, false);
        self.fast.begin(id, row, first).or_else(|Beyond| self.go_plain())
    }

    fn begin_unlisted(&mut self, id: &str, first: Date) -> Result<(), Beyond> {
        (self.first, self.plainly) = (first, false);
        self.fast.begin_unlisted(id, first).or_else(|Beyond| self.go_plain())
    }

    fn upto(&mut self, day: Date, told: &mut dyn Told) -> Result<(), Beyond> {
        if !self.plainly {
            match self.fast.upto(day, told) {
                Ok(()) => return Ok(()),
                Err(Beyond) => self.go_plain()?,
            }
        }
        self.plain.upto(day, told)
    }

    fn play(&mut self, event: &Event, told: &mut dyn Told) -> Result<(), Beyond> {
        if !self.plainly {
            match self.fast.play(event, told) {
                Ok(()) => return Ok(()),
                Err(Beyond) => self.go_plain()?,
            }
        }
        self.plain.play(event, told)
    }

    fn buy(&mut self, like: &Like, bought: &Bought<'_>, told: &mut dyn Told) -> Result<(), Beyond> {
        if !self.plainly {
            match self.fast.buy(like, bought, told) {
                Ok(()) => return Ok(()),
                Err(Beyond) => self.go_plain()?,
            }
        }
        self.plain.buy(like, bought, told)
    }

    fn stands(&self) -> &Stands {
        if self.plainly { self.plain.stands() } else { self.fast.stands() }
    }
}

/// Plays members one after the other.
pub trait Live {
    /// Forgets who was played, and begins with a member of this id; her row is the members file's. The program begins on
    /// `first`, where it does not say when it begins.
    ///
    /// # Errors
    /// When this player cannot play her.
    fn begin(&mut self, id: &str, row: &MemberRow, first: Date) -> Result<(), Beyond>;

    /// The same of who stands in no members file: what she does makes her a member, where the program says so.
    ///
    /// # Errors
    /// As [`Live::begin`].
    fn begin_unlisted(&mut self, id: &str, first: Date) -> Result<(), Beyond>;

    /// Fires what is due up to the start of a day, then her state is that of the day's first moment.
    ///
    /// # Errors
    /// As [`Live::begin`].
    fn upto(&mut self, day: Date, told: &mut dyn Told) -> Result<(), Beyond>;

    /// What happens next; not before what was played. Its member is who was begun with.
    ///
    /// # Errors
    /// As [`Live::begin`].
    fn play(&mut self, event: &Event, told: &mut dyn Told) -> Result<(), Beyond>;

    /// A purchase that is like one that was prepared: the same as playing [`Like::event`], and quicker.
    ///
    /// # Errors
    /// As [`Live::begin`].
    fn buy(&mut self, like: &Like, bought: &Bought<'_>, told: &mut dyn Told) -> Result<(), Beyond> {
        self.play(&like.event(bought), told)
    }

    /// How she stands.
    fn stands(&self) -> &Stands;
}

/// An event that others are like: put into columns once.
#[derive(Debug, Clone)]
pub struct Like {
    event: Event,
    pile: Pile,
}

/// What of an event differs from the one that it is like.
#[derive(Debug, Clone, Copy)]
pub struct Bought<'b> {
    /// Its id: another for each event of a member, since points that one event brought make one lot.
    pub id: &'b str,
    /// When.
    pub at: Moment,
    /// The program's day of that moment.
    pub day: Date,
    /// The amounts of its first lines, in ten-thousandths of the money.
    pub amounts: &'b [i64],
}

impl Like {
    /// What other events of a program with this plan are like. Its id, moment, day and member are not looked at.
    pub fn new(event: Event, plan: &Plan<'_>) -> Self {
        let mut pile = Pile::new(true);
        pile.push_event_of("", &event, &plan.needs);
        Self { event, pile }
    }

    /// The event in columns, where they hold all that this one is; a return has more to it than columns.
    pub(super) fn pile(&self, bought: &Bought<'_>) -> Option<&Pile> {
        let held = self.pile.whole.is_empty() && self.event.kind != Kind::Return;
        let fits = bought.at.0.subsec_nanosecond() == 0 && !bought.amounts.contains(&NONE);
        Some(&self.pile).filter(|_| held && fits)
    }

    /// The event that is like it.
    pub fn event(&self, bought: &Bought<'_>) -> Event {
        let mut event = Event { id: bought.id.to_owned(), at: bought.at, day: bought.day, ..self.event.clone() };
        for (line, amount) in event.lines.iter_mut().zip(bought.amounts) {
            line.amount = Some(Exact::ratio(*amount, SCALE));
        }
        event
    }
}

/// How a member stands, for who decides what she does next. Points are whole steps of their unit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stands {
    /// Of each unit, what she can spend; all pockets together.
    pub spendable: Vec<i64>,
    /// Of each unit, what is outstanding: spendable and pending, less debt.
    pub outstanding: Vec<i64>,
    /// Of each tiers block, her level.
    pub levels: Vec<usize>,
    /// Of each tiers block, the last day of her level; none: for good.
    pub level_ends: Vec<Option<Date>>,
    /// Stamps on each card.
    pub stamps: Vec<i64>,
    /// Gifts, rewards and coupons that she holds, and how many of each.
    pub held: Vec<(Held, u32)>,
}

/// Is told what happens to her, as it happens.
pub trait Told {
    /// Points moved, for a rule where one brought it; of several rules, each is told of its part as it was rounded,
    /// the parts together being what was posted.
    fn posted(&mut self, day: Date, unit: PointsId, kind: PostingKind, rule: Option<RuleId>, amount: i64);
    /// A gift, reward or coupon came to life or ended.
    fn gift(&mut self, day: Date, held: Held, life: GiftLife, rule: Option<RuleId>);
    /// Money off a purchase, in ten-thousandths of the money; negative where a return takes some back.
    fn off(&mut self, day: Date, of: DiscountOf, amount: i64);
    /// A level changed.
    fn level(&mut self, day: Date, tiers: TiersId, from: usize, to: usize);
    /// A card was filled.
    fn filled(&mut self, day: Date, card: CardId);
    /// Money was paid for a membership, which covers the days through `until`, or given back (below zero), in
    /// ten-thousandths of the money. Where it covers none any more it was cancelled.
    fn fee(&mut self, day: Date, membership: MembershipId, amount: i64, until: Option<Date>);
    /// What she did was rejected.
    fn rejected(&mut self, day: Date, reason: Reason);
}

/// Is told, and keeps nothing: for who only looks at how she stands.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silence;

impl Told for Silence {
    fn posted(&mut self, _: Date, _: PointsId, _: PostingKind, _: Option<RuleId>, _: i64) {}
    fn gift(&mut self, _: Date, _: Held, _: GiftLife, _: Option<RuleId>) {}
    fn off(&mut self, _: Date, _: DiscountOf, _: i64) {}
    fn level(&mut self, _: Date, _: TiersId, _: usize, _: usize) {}
    fn filled(&mut self, _: Date, _: CardId) {}
    fn fee(&mut self, _: Date, _: MembershipId, _: i64, _: Option<Date>) {}
    fn rejected(&mut self, _: Date, _: Reason) {}
}
