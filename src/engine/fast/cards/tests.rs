//! Cards against stamps kept one by one, as the contract words it.

use super::{CardRules, Cards, Full, Stamp, Visit};
use crate::engine::fast::days::{Days, Ending, NEVER};
use crate::engine::fast::gifts::{Gifts, Things};
use crate::engine::fast::record::{Here, Record, Source};
use crate::engine::fast::told::Told;
use crate::engine::outcome::GiftLife;
use crate::mechanics::example::Held;
use crate::mechanics::points::Life;
use crate::mechanics::{CardId, GiftId};
use crate::value::clock::{Clock, Length, Period, Window};
use proptest::prelude::*;

const CARD: CardId = CardId(0);

/// One stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct One {
    event: u32,
    day: i32,
    clause: Option<u32>,
    visit: Option<Visit>,
}

/// A card, plainly: every stamp by itself, every gift by what became of it.
#[derive(Debug, Default)]
struct Model {
    open: i64,
    stamps: Vec<One>,
    /// Days of the full cards, and the place of the gift each gave.
    full: Vec<(i32, usize)>,
    gifts: Vec<(GiftLife, i32)>,
    /// Day and number of all that came or was taken.
    log: Vec<(i32, i64)>,
    notes: Vec<(i64, i64)>,
}

/// What a card says of itself.
#[derive(Debug, Clone)]
struct Says {
    full: i64,
    start: i64,
    discard: bool,
    limit: Option<i64>,
    life: Option<(u32, bool)>,
    gift_days: u32,
}

impl Model {
    fn note(&mut self, change: i64) {
        self.notes.push((change, self.open));
    }

    fn stamp(&mut self, says: &Says, one: One, number: i64) {
        let mut number = number;
        if let Some(limit) = says.limit {
            // `limit N stamps per member per day`.
            let used: i64 = self.log.iter().filter(|(day, _)| *day == one.day).map(|(_, number)| number).sum();
            if limit - used < number {
                let room = (limit - used).max(0);
                self.note(room - number);
                number = room;
            }
        }
        if number == 0 {
            return;
        }
        let fits = if says.discard { number.min(says.full - self.open) } else { number };
        self.open += fits;
        self.stamps.extend((0..fits).map(|_| one));
        self.log.push((one.day, fits));
        self.note(fits);
        if fits < number {
            self.note(fits - number);
        }
        while self.open >= says.full {
            self.open += says.start - says.full;
            self.note(-says.full);
            if says.start > 0 {
                self.note(says.start);
            }
            self.full.push((one.day, self.gifts.len()));
            self.gifts.push((GiftLife::Issued, one.day + says.gift_days as i32));
        }
    }

    fn take(&mut self, says: &Says, number: i64, day: i32, which: impl Fn(&One) -> bool) {
        let mut taken = 0;
        for place in (0..self.stamps.len()).rev() {
            if taken < number && which(&self.stamps[place]) {
                self.stamps.remove(place);
                taken += 1;
            }
        }
        self.log.push((day, -taken));
        for _ in 0..taken {
            let last = self.full.last().filter(|_| self.open <= says.start).map(|full| full.1);
            match last.map(|gift| self.gifts[gift].0) {
                Some(GiftLife::Expired) => continue,
                Some(GiftLife::Used) | None => {
                    self.open -= 1;
                    self.note(-1);
                }
                Some(_) => {
                    self.open -= 1;
                    self.note(-1);
                    let (_, gift) = self.full.pop().unwrap();
                    self.open += says.full - says.start;
                    self.note(says.full - says.start);
                    self.gifts[gift].0 = GiftLife::Revoked;
                }
            }
        }
    }

    fn last_day(&self, says: &Says) -> i32 {
        let Some((days, after_first)) = says.life.filter(|_| self.open != says.start) else { return NEVER };
        let stands = (self.open - says.start).max(0) as usize;
        let first = self.stamps.len().saturating_sub(stands);
        let last = self.stamps.last().map(|one| one.day).or(self.full.last().map(|full| full.0));
        let from = if after_first { self.stamps.get(first).map(|one| one.day).or(last) } else { last };
        from.map_or(NEVER, |from| from + days as i32)
    }

    fn end(&mut self, says: &Says, start: i64) {
        let stands = (self.open - says.start).max(0) as usize;
        self.stamps.truncate(self.stamps.len().saturating_sub(stands));
        let change = start - self.open;
        self.open = start;
        if change != 0 {
            self.note(change);
        }
    }
}

/// What happens to a card.
#[derive(Debug, Clone)]
enum Act {
    Stamp { clause: Option<u32>, visit: bool, number: i64 },
    Back { ago: u32, clause: u32, number: i64 },
    Use(usize),
    Days(i32),
    Leave,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        8 => (prop::option::of(0..2_u32), any::<bool>(), 1..5_i64)
            .prop_map(|(clause, visit, number)| Act::Stamp { clause, visit, number }),
        5 => (0..8_u32, 0..2_u32, 1..5_i64).prop_map(|(ago, clause, number)| Act::Back { ago, clause, number }),
        2 => (0..4_usize).prop_map(Act::Use),
        3 => (1..9_i32).prop_map(Act::Days),
        1 => Just(Act::Leave),
    ]
}

fn says() -> impl Strategy<Value = Says> {
    let life = prop::option::of((1..20_u32, any::<bool>()));
    (2..7_i64, 0..3_i64, any::<bool>(), prop::option::of(1..6_i64), life, 1..20_u32).prop_map(
        |(full, start, discard, limit, life, gift_days)| Says {
            full,
            start: start.min(full - 1),
            discard,
            limit,
            life,
            gift_days,
        },
    )
}

/// Keeps what stamps did.
#[derive(Default)]
struct Stamped(Vec<(i64, i64)>, Told);

impl Record for Stamped {
    fn posted(
        &mut self,
        _: &Here,
        _: crate::mechanics::PointsId,
        _: Option<&str>,
        _: crate::engine::fast::record::Moved,
        _: impl FnOnce() -> crate::engine::fast::record::More,
    ) {
    }
    fn stamped(&mut self, _: &Here, _: CardId, change: i64, stands: i64, _: crate::engine::outcome::StampWhy) {
        self.0.push((change, stands));
    }
    fn gift(&mut self, _: &Here, _: Held, _: GiftLife, _: Option<crate::mechanics::RuleId>, _: i32) {}
    fn level(
        &mut self,
        _: &Here,
        _: crate::mechanics::TiersId,
        _: (usize, usize),
        _: i32,
        _: impl FnOnce() -> crate::engine::outcome::LevelWhy,
    ) {
    }
    fn rejected(&mut self, here: &Here, reason: crate::engine::outcome::Reason, why: impl FnOnce() -> String) {
        self.1.rejected(here, reason, why);
    }
    fn nothing(&mut self, _: &Here, _: impl FnOnce() -> String) {}
    fn off(&mut self, _: &Here, _: i64, _: &crate::engine::outcome::MoneyOff) {}
    fn entries(&self) -> usize {
        self.0.len()
    }
}

/// The card, its gifts, and the plain one.
struct Pair {
    says: Says,
    rules: Vec<CardRules>,
    days: Days,
    things: Things,
    cards: Cards,
    gifts: Gifts,
    record: Stamped,
    model: Model,
    day: i32,
    event: u32,
}

impl Pair {
    fn new(says: Says) -> Self {
        let mut days = Days::new(&Clock::utc());
        let plain = |days: &mut Days, number: u32| {
            days.ending(Ending::Life(Life { length: Length::Days(number), at_end_of: None })).unwrap()
        };
        let rules = CardRules {
            full: says.full,
            head: says.start,
            discard: says.discard,
            limits: says.limit.map(|limit| (limit, Window::Calendar(Period::Day))).into_iter().collect(),
            life: says.life.map(|(number, after_first)| (plain(&mut days, number), after_first)),
        };
        let things = Things::of_one_gift(says.gift_days, &mut days);
        let rules = vec![rules];
        let mut cards = Cards::new(1);
        cards.begin(&rules);
        let model = Model { open: says.start, ..Model::default() };
        let (gifts, record) = (Gifts::default(), Stamped::default());
        Self { says, rules, days, things, cards, gifts, record, model, day: 20_000, event: 0 }
    }

    fn here(&self) -> Here {
        Here { at: i64::from(self.day) * 86_400, day: self.day, source: Source::Event(self.event) }
    }

    fn play(&mut self, act: &Act) -> Result<(), TestCaseError> {
        self.event += 1;
        let here = self.here();
        match act {
            Act::Stamp { clause, visit, number } => {
                let visit = Some((self.day, 0)).filter(|_| *visit && clause.is_some());
                if let Some((clause, visit)) = clause.zip(visit) {
                    let has =
                        self.model.stamps.iter().any(|one| (one.clause, one.visit) == (Some(clause), Some(visit)));
                    prop_assert_eq!(self.cards.has_visit(CARD, clause, visit), has);
                }
                let how = (&self.rules[0], &mut self.days, None);
                self.cards.stamp(CARD, how, &here, (*number, *clause, visit), &mut self.record).unwrap();
                while self.cards.is_full(CARD, &self.rules[0]) {
                    let place = self.cards.fill(CARD, &self.rules[0], &here, 0, &mut self.record);
                    let held = (Held::Gift(GiftId(0)), 1, None);
                    let (from, upto) =
                        self.gifts.hold((&self.things, &mut self.days), &here, held, &mut self.record).unwrap();
                    self.cards.full_mut(CARD, place).gifts.extend(from..upto);
                }
                let one = One { event: self.event, day: self.day, clause: *clause, visit };
                self.model.stamp(&self.says, one, *number);
            }
            Act::Back { ago, clause, number } => {
                let event = self.event.saturating_sub(*ago);
                let mine = |one: &One| (one.event, one.clause) == (event, Some(*clause));
                let had = self.model.stamps.iter().filter(|one| mine(one)).count() as i64;
                prop_assert_eq!(self.cards.of_event(CARD, *clause, Source::Event(event)), had);
                let of = |stamp: &Stamp| (stamp.source, stamp.clause) == (Source::Event(event), Some(*clause));
                let taken = self.cards.take(CARD, &self.rules[0], *number, (here.at, here.day), of);
                for _ in 0..taken {
                    let full = self.cards.take_one(CARD, &self.rules[0], &self.gifts, &here, &mut self.record);
                    for place in full.into_iter().flat_map(|full: Full| full.gifts) {
                        self.gifts.set(place, GiftLife::Revoked, &here, &mut self.record);
                    }
                }
                self.model.take(&self.says, *number, here.day, mine);
            }
            Act::Use(number) => {
                let done = self.gifts.change((*number, GiftLife::Used), |_| true, &here, &mut self.record);
                let mut usable: Vec<usize> = (0..self.model.gifts.len()).collect();
                usable.retain(|at| self.model.gifts[*at].0 == GiftLife::Issued);
                prop_assert_eq!(done, usable.len() >= *number);
                usable
                    .into_iter()
                    .take(*number)
                    .filter(|_| done)
                    .for_each(|at| self.model.gifts[at].0 = GiftLife::Used);
            }
            Act::Days(more) => {
                for _ in 0..*more {
                    self.next_day()?;
                }
            }
            Act::Leave => {
                self.gifts.leave(&here, &mut self.record);
                self.cards.leave(&self.rules, &here, &mut self.record);
                for gift in self.model.gifts.iter_mut().filter(|gift| gift.0 == GiftLife::Issued) {
                    gift.0 = GiftLife::Expired;
                }
                self.model.end(&self.says, 0);
            }
        }
        Ok(())
    }

    fn next_day(&mut self) -> Result<(), TestCaseError> {
        self.day += 1;
        let due = self.cards.next_due(&self.rules, &mut self.days);
        let (last, here) = (self.model.last_day(&self.says), self.here());
        prop_assert_eq!(due, crate::engine::fast::days::next(last));
        for gift in self.model.gifts.iter_mut().filter(|gift| gift.0 == GiftLife::Issued && gift.1 < here.day) {
            gift.0 = GiftLife::Expired;
        }
        self.gifts.expire(&here, &mut self.record);
        self.cards.lapse(&self.rules, &mut self.days, &here, &mut self.record);
        if last < self.day {
            self.model.end(&self.says, self.says.start);
        }
        Ok(())
    }

    fn same(&self) -> Result<(), TestCaseError> {
        prop_assert_eq!(self.cards.open(CARD), self.model.open);
        prop_assert_eq!(&self.record.0, &self.model.notes);
        let held = self.model.gifts.iter().filter(|gift| gift.0 == GiftLife::Issued);
        let shown = self.gifts.view(self.day).get(&Held::Gift(GiftId(0))).copied().unwrap_or(0);
        prop_assert_eq!(shown as usize, held.clone().count());
        let due = held.map(|gift| gift.1 + 1).min().unwrap_or(NEVER);
        prop_assert_eq!(self.gifts.next_due(), due);
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn a_card_is_its_stamps_one_by_one(says in says(), acts in prop::collection::vec(act(), 1..60)) {
        let mut pair = Pair::new(says);
        for act in &acts {
            pair.play(act)?;
            pair.same()?;
        }
    }
}
