//! One member played event by event ([`crate::engine::live`]) by the machine: a pile of her own that grows.

use super::Beyond;
use super::days::{date, number};
use super::machine::Machine;
use super::record::{Here, More, Moved, Record};
use super::timers::Due;
use crate::engine::live::{Bought, Like, Live, Stands, Told};
use crate::engine::outcome::{DiscountOf, GiftLife, LevelWhy, MoneyOff, PostingKind, Reason, StampWhy};
use crate::engine::pile::Pile;
use crate::engine::plan::Plan;
use crate::ledger::{Event, Kind, MemberRow};
use crate::mechanics::example::Held;
use crate::mechanics::{CardId, PointsId, RuleId, TiersId};
use crate::value::clock::Date;

/// Plays members live by the machine. Who turns out to be beyond it has to begin again with another player
/// ([`crate::engine::live::player`] does it); of the step that was beyond it, nothing was told.
pub struct FastLive<'p> {
    machine: Machine<'p>,
    plan: &'p Plan<'p>,
    id: String,
    row: Option<MemberRow>,
    /// Her events so far.
    pile: Pile,
    places: Vec<u32>,
    /// The day on which the program's history begins.
    first: i32,
    /// The day up to which she was played.
    day: i32,
    /// What a step told so far: handed on when it is done.
    heard: Heard,
    stands: Stands,
}

impl<'p> FastLive<'p> {
    /// A player of the members of a program with this plan.
    ///
    /// # Errors
    /// When the plan has something beyond the machine.
    pub fn new(plan: &'p Plan<'p>) -> Result<Self, Beyond> {
        Ok(Self {
            machine: Machine::new(plan)?,
            plan,
            id: String::new(),
            row: None,
            pile: Pile::new(true),
            places: Vec::new(),
            first: i32::MIN,
            day: i32::MIN,
            heard: Heard::default(),
            stands: Stands::default(),
        })
    }

    /// Her id and her row.
    pub fn who(&self) -> (&str, Option<&MemberRow>) {
        (&self.id, self.row.as_ref())
    }

    /// Her events that were played, as far as the program can look at them, and the day up to which she was played.
    pub fn so_far(&self) -> (impl Iterator<Item = Event> + '_, Option<Date>) {
        let clock = &self.plan.program.settings.clock;
        let event = move |place: &u32| self.pile.event(*place as usize, &self.plan.needs, clock);
        (self.places.iter().map(event), date(self.day))
    }

    fn start(&mut self, id: &str, row: Option<&MemberRow>, first: Date) -> Result<(), Beyond> {
        id.clone_into(&mut self.id);
        self.row = row.cloned();
        self.pile.clear();
        self.places.clear();
        self.day = i32::MIN;
        self.machine.state.any_named = false;
        self.first = number(first);
        self.machine.begin(row, self.first)?;
        self.machine.find_due();
        self.look(self.first)
    }

    /// From here on a return may name any of her purchases: what they were worth has to be known line by line, so they
    /// are played again, with nothing told.
    fn keep_all(&mut self) -> Result<(), Beyond> {
        if self.machine.state.any_named {
            return Ok(());
        }
        self.machine.begin(self.row.as_ref(), self.first)?;
        self.machine.find_due();
        self.machine.state.any_named = true;
        for nth in 0..self.places.len() {
            self.machine.advance(&self.pile, nth, &self.places, &mut self.heard)?;
        }
        self.machine.timers(Due::opening(self.day), &mut self.heard)?;
        self.heard.all.clear();
        Ok(())
    }

    fn step(&mut self, event: &Event) -> Result<(), Beyond> {
        self.heard.all.clear();
        if event.kind == Kind::Return {
            self.keep_all()?;
        }
        if event.kind == Kind::Join && self.machine.state.waits_to_join(self.plan) {
            // Her rules on joining would have waited for it, had it been known that it comes.
            return Err(Beyond);
        }
        self.pile.push_event_of(&self.id, event, &self.plan.needs);
        self.advance()
    }

    /// Plays the event that the pile ends with.
    fn advance(&mut self) -> Result<(), Beyond> {
        let place = self.pile.len().checked_sub(1).and_then(|place| u32::try_from(place).ok()).ok_or(Beyond)?;
        self.places.push(place);
        let day = self.pile.day[place as usize];
        let done = self.machine.advance(&self.pile, self.places.len() - 1, &self.places, &mut self.heard);
        if done.is_err() {
            self.places.pop();
        }
        done?;
        self.day = self.day.max(day);
        self.look(day)
    }

    /// Sees how she stands.
    fn look(&mut self, day: i32) -> Result<(), Beyond> {
        let (state, stands) = (&self.machine.state, &mut self.stands);
        state.purses.stand(&mut stands.spendable, &mut stands.outstanding)?;
        stands.levels.clear();
        stands.level_ends.clear();
        for (level, last) in state.levels.iter().map(|level| level.best(day)) {
            stands.levels.push(level);
            stands.level_ends.push(date(last));
        }
        state.cards.stand(&mut stands.stamps);
        state.hers.gifts.stand(day, &mut stands.held);
        Ok(())
    }
}

impl Live for FastLive<'_> {
    fn begin(&mut self, id: &str, row: &MemberRow, first: Date) -> Result<(), Beyond> {
        self.start(id, Some(row), first)
    }

    fn begin_unlisted(&mut self, id: &str, first: Date) -> Result<(), Beyond> {
        self.start(id, None, first)
    }

    fn upto(&mut self, day: Date, told: &mut dyn Told) -> Result<(), Beyond> {
        self.heard.all.clear();
        let day = number(day);
        self.machine.timers(Due::opening(day), &mut self.heard)?;
        self.day = self.day.max(day);
        self.look(day)?;
        self.heard.tell(told);
        Ok(())
    }

    fn play(&mut self, event: &Event, told: &mut dyn Told) -> Result<(), Beyond> {
        self.step(event)?;
        self.heard.tell(told);
        Ok(())
    }

    fn buy(&mut self, like: &Like, bought: &Bought<'_>, told: &mut dyn Told) -> Result<(), Beyond> {
        let at = (bought.at.0.as_second(), number(bought.day));
        let Some(pile) = like.pile(bought) else {
            return self.play(&like.event(bought), told);
        };
        self.heard.all.clear();
        self.pile.push_like(pile, (&self.id, bought.id), at, bought.amounts, &self.plan.needs);
        self.advance()?;
        self.heard.tell(told);
        Ok(())
    }

    fn stands(&self) -> &Stands {
        &self.stands
    }
}

/// Something that happened, and its day.
#[derive(Debug, Clone, Copy)]
enum Said {
    Posted(PointsId, PostingKind, Option<RuleId>, i64),
    Gift(Held, GiftLife, Option<RuleId>),
    Level(TiersId, usize, usize),
    Filled(CardId),
    Off(DiscountOf, i64),
    Rejected(Reason),
}

/// What is heard of a step.
#[derive(Debug, Default)]
struct Heard {
    all: Vec<(i32, Said)>,
    /// What of the posting that comes next each rule brought.
    shares: Vec<(RuleId, i64)>,
}

impl Heard {
    /// Hands it all on.
    fn tell(&mut self, told: &mut dyn Told) {
        for (day, said) in self.all.drain(..) {
            let day = date(day).unwrap_or(Date::MAX);
            match said {
                Said::Posted(unit, kind, rule, amount) => told.posted(day, unit, kind, rule, amount),
                Said::Gift(held, life, rule) => told.gift(day, held, life, rule),
                Said::Level(tiers, from, to) => told.level(day, tiers, from, to),
                Said::Filled(card) => told.filled(day, card),
                Said::Off(of, change) => told.off(day, of, change),
                Said::Rejected(reason) => told.rejected(day, reason),
            }
        }
    }
}

impl Record for Heard {
    fn shares<I: Iterator<Item = (RuleId, i64)>>(&mut self, shares: impl FnOnce() -> I) {
        self.shares.clear();
        self.shares.extend(shares());
    }

    fn posted(&mut self, here: &Here, unit: PointsId, _: Option<&str>, moved: Moved, _: impl FnOnce() -> More) {
        let mut rest = moved.amount;
        let mut part = |rule, amount| {
            if amount != 0 {
                self.all.push((here.day, Said::Posted(unit, moved.kind, rule, amount)));
            }
        };
        for (rule, amount) in self.shares.drain(..) {
            rest -= amount;
            part(Some(rule), amount);
        }
        part(None, rest);
    }

    fn stamped(&mut self, here: &Here, card: CardId, _: i64, _: i64, why: StampWhy) {
        if why == StampWhy::Full {
            self.all.push((here.day, Said::Filled(card)));
        }
    }

    fn gift(&mut self, here: &Here, held: Held, life: GiftLife, rule: Option<RuleId>, _: i32) {
        self.all.push((here.day, Said::Gift(held, life, rule)));
    }

    fn level(&mut self, here: &Here, tiers: TiersId, (from, to): (usize, usize), _: i32, _: impl FnOnce() -> LevelWhy) {
        if from != to {
            self.all.push((here.day, Said::Level(tiers, from, to)));
        }
    }

    fn rejected(&mut self, here: &Here, reason: Reason, _: impl FnOnce() -> String) {
        self.all.push((here.day, Said::Rejected(reason)));
    }

    fn nothing(&mut self, _: &Here, _: impl FnOnce() -> String) {}

    fn off(&mut self, here: &Here, change: i64, off: &MoneyOff) {
        if change != 0 {
            self.all.push((here.day, Said::Off(off.of, change)));
        }
    }

    fn entries(&self) -> usize {
        0
    }
}
