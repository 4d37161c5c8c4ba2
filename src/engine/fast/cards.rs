//! Punch cards: stamps that come, fill a card, lapse, and are taken back.
//!
//! How many stamps an event brings, and what a full card gives, is asked and done by who plays the member: she
//! stamps, and as long as the card is full she has it filled and gives.

use super::Beyond;
use super::days::{Days, Ending, EndingId, NEVER, Reach, next};
use super::gifts::Gifts;
use super::record::{Here, Record, Source};
use crate::engine::outcome::{GiftLife, StampWhy};
use crate::mechanics::card::{Card as Block, MOST_STAMPS};
use crate::mechanics::points::Life;
use crate::mechanics::{CardId, Program};
use crate::value::clock::Window;

/// A visit: its day, and what tells its store from others of the member.
pub type Visit = (i32, u32);

/// A `card` block, worked out once for a program.
#[derive(Debug, Clone)]
pub struct CardRules {
    /// Stamps that fill it; at least 1.
    pub full: i64,
    /// What each new card begins with; never a full card.
    pub head: i64,
    discard: bool,
    /// At most so many stamps in a window.
    limits: Vec<(i64, Window)>,
    /// How long an open card lasts, and whether from its first stamp.
    life: Option<(EndingId, bool)>,
}

impl CardRules {
    /// The cards of a program.
    pub fn of(program: &Program, days: &mut Days) -> Result<Vec<Self>, Beyond> {
        program.cards.iter().map(|card| Self::of_block(card, days)).collect()
    }

    fn of_block(card: &Block, days: &mut Days) -> Result<Self, Beyond> {
        // A limit of stamps is a number of them: what is over a whole one holds none.
        let limits = card.limits.iter().map(|cap| Some((cap.most.floor().to_i64()?, cap.window)));
        let life = card.expire.map(|life| {
            let plain = Ending::Life(Life { length: life.length, at_end_of: None });
            Ok((days.ending(plain)?, life.after_first))
        });
        if card.full == 0 {
            return Err(Beyond);
        }
        Ok(Self {
            full: i64::from(card.full),
            head: i64::from(card.start.min(card.full - 1)),
            discard: card.discard,
            limits: limits.collect::<Option<_>>().ok_or(Beyond)?,
            life: life.transpose()?,
        })
    }
}

/// One or more stamps that came together.
#[derive(Debug, Clone, Copy)]
pub struct Stamp {
    /// What brought them.
    pub source: Source,
    /// The day.
    pub day: i32,
    /// Which `stamp` clause; none: a rule, or another card.
    pub clause: Option<u32>,
    /// The visit, for a stamp per visit.
    pub visit: Option<Visit>,
    /// How many.
    pub number: i64,
}

/// A card that was filled, and may be opened again by a return.
#[derive(Debug, Clone)]
pub struct Full {
    /// Its gifts: their places.
    pub gifts: Vec<u32>,
    /// Whether it gave points.
    pub gave_points: bool,
    /// The day its last stamp came.
    pub day: i32,
    /// What filled it.
    pub source: Source,
    /// Where in the play it was filled.
    pub position: u64,
}

/// A member's card.
#[derive(Debug, Clone, Default)]
struct Card {
    /// Stamps on the open card; below zero where stamps are owed.
    open: i64,
    /// Every stamp still standing, of the open card and of full ones, in the order they came.
    stamps: Vec<Stamp>,
    full: Vec<Full>,
    /// What came and was taken by returns, by day, for limits: (day, moment, number).
    log: Vec<(i32, i64, i64)>,
}

/// All cards of a member.
#[derive(Debug, Clone, Default)]
pub struct Cards {
    cards: Vec<Card>,
}

impl Cards {
    /// So many cards.
    pub fn new(number: usize) -> Self {
        Self { cards: vec![Card::default(); number] }
    }

    /// The next member has no stamps yet.
    pub fn clear(&mut self) {
        for card in &mut self.cards {
            card.open = 0;
            card.stamps.clear();
            card.full.clear();
            card.log.clear();
        }
    }

    /// A new member's cards begin with their head start.
    pub fn begin(&mut self, rules: &[CardRules]) {
        for (card, rules) in self.cards.iter_mut().zip(rules) {
            card.open = rules.head;
        }
    }

    /// Stamps on the open card.
    pub fn open(&self, card: CardId) -> i64 {
        self.cards[card.0].open
    }

    /// Stamps on each card, as a view shows them.
    pub fn view(&self) -> Vec<i64> {
        self.cards.iter().map(|card| card.open).collect()
    }

    /// The same, into room that is there.
    pub fn stand(&self, stand: &mut Vec<i64>) {
        stand.clear();
        stand.extend(self.cards.iter().map(|card| card.open));
    }

    fn note(&self, card: CardId, change: i64, why: StampWhy, here: &Here, record: &mut impl Record) {
        record.stamped(here, card, change, self.cards[card.0].open, why);
    }

    /// How many stamps stand that a clause gave for an event.
    pub fn of_event(&self, card: CardId, clause: u32, source: Source) -> i64 {
        let own = |stamp: &&Stamp| stamp.clause == Some(clause) && stamp.source == source;
        self.cards[card.0].stamps.iter().filter(own).map(|stamp| stamp.number).sum()
    }

    /// How many stamps stand that a clause gave for a visit.
    pub fn of_visit(&self, card: CardId, clause: u32, visit: Visit) -> i64 {
        self.visits(card, clause, visit).map(|stamp| stamp.number).sum()
    }

    /// Whether a clause gave stamps for a visit that still stand.
    pub fn has_visit(&self, card: CardId, clause: u32, visit: Visit) -> bool {
        self.visits(card, clause, visit).next().is_some()
    }

    fn visits(&self, card: CardId, clause: u32, visit: Visit) -> impl Iterator<Item = &Stamp> {
        // Stamps come as days go by, and a visit's on its day.
        let recent = self.cards[card.0].stamps.iter().rev().take_while(move |stamp| stamp.day >= visit.0);
        recent.filter(move |stamp| stamp.clause == Some(clause) && stamp.visit == Some(visit))
    }

    /// Stamps come, limits first, onto the open card, which may be full then: [`Cards::is_full`].
    pub fn stamp(
        &mut self,
        card: CardId,
        (rules, days, joined): (&CardRules, &mut Days, Option<i32>),
        here: &Here,
        (number, clause, visit): (i64, Option<u32>, Option<Visit>),
        record: &mut impl Record,
    ) -> Result<(), Beyond> {
        if number <= 0 {
            return Ok(());
        }
        let mut number = number;
        let room = self.room(card, rules, days, here, joined)?;
        if room < number {
            let room = room.max(0);
            self.note(card, room - number, StampWhy::Cut, here, record);
            number = room;
        }
        if number == 0 {
            return Ok(());
        }
        let state = &mut self.cards[card.0];
        // What `discard` loses never stands on a card, so that a return cannot take it back either.
        let room_left = rules.full.checked_sub(state.open).ok_or(Beyond)?;
        let fits = if rules.discard { room_left.clamp(0, number) } else { number };
        state.open = state.open.checked_add(fits).ok_or(Beyond)?;
        state.stamps.push(Stamp { source: here.source, day: here.day, clause, visit, number: fits });
        if !rules.limits.is_empty() {
            state.log(here.day, here.at, fits);
        }
        self.note(card, fits, StampWhy::Event, here, record);
        if fits < number {
            self.note(card, fits - number, StampWhy::Cut, here, record);
        }
        Ok(())
    }

    /// What the card's limits leave, and what one event may bring.
    fn room(
        &self,
        card: CardId,
        rules: &CardRules,
        days: &mut Days,
        here: &Here,
        joined: Option<i32>,
    ) -> Result<i64, Beyond> {
        let came = |stamp: &&Stamp| stamp.day == here.day && stamp.source == here.source;
        let came: i64 = self.cards[card.0].stamps.iter().rev().take_while(came).map(|stamp| stamp.number).sum();
        let mut least = MOST_STAMPS - came;
        for (most, window) in &rules.limits {
            let reach = days.reach(*window, here.at, here.day, joined)?;
            let used = self.cards[card.0].used(reach)?;
            least = least.min(most.checked_sub(used).ok_or(Beyond)?);
        }
        Ok(least)
    }

    /// Whether the open card is full: then it is [`Cards::fill`]ed and gives.
    pub fn is_full(&self, card: CardId, rules: &CardRules) -> bool {
        self.cards[card.0].open >= rules.full
    }

    /// A card is full, and the next one begins; the place of the full one, for what it gives.
    pub fn fill(
        &mut self,
        card: CardId,
        rules: &CardRules,
        here: &Here,
        position: u64,
        record: &mut impl Record,
    ) -> usize {
        let state = &mut self.cards[card.0];
        state.open += rules.head - rules.full;
        let gifts = Vec::new();
        state.full.push(Full { gifts, gave_points: false, day: here.day, source: here.source, position });
        let place = state.full.len() - 1;
        self.note(card, -rules.full, StampWhy::Full, here, record);
        if rules.head > 0 {
            self.note(card, rules.head, StampWhy::Start, here, record);
        }
        place
    }

    /// A full card, to write down what it gave.
    pub fn full_mut(&mut self, card: CardId, place: usize) -> &mut Full {
        &mut self.cards[card.0].full[place]
    }

    /// Takes stamps that `which` picks off, the last first, on the purchase's own day and moment; how many. Each
    /// is then [`Cards::take_one`].
    pub fn take(
        &mut self,
        card: CardId,
        rules: &CardRules,
        number: i64,
        (at, day): (i64, i32),
        which: impl Fn(&Stamp) -> bool,
    ) -> i64 {
        let mut taken = 0;
        let state = &mut self.cards[card.0];
        for stamp in state.stamps.iter_mut().rev() {
            if taken >= number {
                break;
            }
            if which(stamp) {
                let part = stamp.number.min(number - taken).max(0);
                stamp.number -= part;
                taken += part;
            }
        }
        if taken > 0 {
            state.stamps.retain(|stamp| stamp.number > 0);
            if !rules.limits.is_empty() {
                state.log(day, at, -taken);
            }
        }
        taken
    }

    /// One stamp that was taken back leaves the open card, or opens the last full one again: then it is told, for
    /// its gifts to be revoked, its points taken back and what followed from it undone.
    pub fn take_one(
        &mut self,
        card: CardId,
        rules: &CardRules,
        gifts: &Gifts,
        here: &Here,
        record: &mut impl Record,
    ) -> Option<Full> {
        let state = &mut self.cards[card.0];
        let last_full = state.full.last().filter(|_| state.open <= rules.head);
        let any = |full: &Full, life: GiftLife| full.gifts.iter().any(|place| gifts.get(*place).life == life);
        let used = last_full.is_some_and(|full| any(full, GiftLife::Used));
        if !used && last_full.is_some_and(|full| any(full, GiftLife::Expired)) {
            // Lapsed: nothing is owed.
            return None;
        }
        let reopens = last_full.is_some() && !used;
        state.open -= 1;
        self.note(card, -1, StampWhy::Returned, here, record);
        if !reopens {
            return None;
        }
        let full = self.cards[card.0].full.pop()?;
        self.cards[card.0].open += rules.full - rules.head;
        self.note(card, rules.full - rules.head, StampWhy::Reopened, here, record);
        Some(full)
    }

    /// Cards whose last day has passed lapse here; stamps owed are cleared with them.
    pub fn lapse(&mut self, rules: &[CardRules], days: &mut Days, here: &Here, record: &mut impl Record) {
        for (place, rules) in rules.iter().enumerate() {
            let last = self.cards[place].last_day(rules, days);
            if last < here.day {
                self.end(CardId(place), rules, (StampWhy::Lapsed, rules.head), here, record);
            }
        }
    }

    /// She leaves: her cards lapse, and none begins.
    pub fn leave(&mut self, rules: &[CardRules], here: &Here, record: &mut impl Record) {
        for (place, rules) in rules.iter().enumerate() {
            self.end(CardId(place), rules, (StampWhy::Lapsed, 0), here, record);
        }
    }

    /// Ends an open card; the next one begins with `start` stamps.
    fn end(
        &mut self,
        card: CardId,
        rules: &CardRules,
        (why, start): (StampWhy, i64),
        here: &Here,
        record: &mut impl Record,
    ) {
        let state = &mut self.cards[card.0];
        let change = start - state.open;
        let mut rest = state.open - rules.head;
        if rest > 0 {
            for stamp in state.stamps.iter_mut().rev() {
                let part = stamp.number.min(rest).max(0);
                stamp.number -= part;
                rest -= part;
                if rest == 0 {
                    break;
                }
            }
            state.stamps.retain(|stamp| stamp.number > 0);
        }
        state.open = start;
        if change != 0 {
            self.note(card, change, why, here, record);
        }
    }

    /// The next day on which a card lapses; [`NEVER`] for none.
    pub fn next_due(&self, rules: &[CardRules], days: &mut Days) -> i32 {
        let due = self.cards.iter().zip(rules).map(|(card, rules)| next(card.last_day(rules, days)));
        due.min().unwrap_or(NEVER)
    }
}

impl Card {
    /// Remembers what came or was taken, among what is of the same day.
    fn log(&mut self, day: i32, at: i64, number: i64) {
        match self.log.last() {
            Some(last) if last.0 > day => {
                let place = self.log.partition_point(|one| one.0 <= day);
                self.log.insert(place, (day, at, number));
            }
            Some(_) | None => self.log.push((day, at, number)),
        }
    }

    /// How many came in a stretch of time, net of what returns took.
    fn used(&self, reach: Reach) -> Result<i64, Beyond> {
        let all: Box<dyn Iterator<Item = &(i32, i64, i64)>> = match reach {
            Reach::Days(first, last) => {
                let from = self.log.partition_point(|one| one.0 < first);
                Box::new(self.log[from..].iter().take_while(move |one| one.0 <= last))
            }
            Reach::Moments(..) => Box::new(self.log.iter().filter(move |one| reach.holds(one.1, one.0))),
        };
        all.map(|one| one.2).try_fold(0_i64, i64::checked_add).ok_or(Beyond)
    }

    /// The last day of the open card: its clock runs from its first or its last remaining stamp; [`NEVER`] for
    /// none.
    fn last_day(&self, rules: &CardRules, days: &mut Days) -> i32 {
        let Some((ending, after_first)) = rules.life.filter(|_| self.open != rules.head) else { return NEVER };
        let full = || self.full.last().map(|full| full.day);
        let last = || self.stamps.last().map(|stamp| stamp.day).or_else(full);
        let from = if after_first {
            self.stamps.get(self.first(rules.head)).map(|stamp| stamp.day).or_else(last)
        } else {
            last()
        };
        from.map_or(NEVER, |from| days.end(ending, from))
    }

    /// The place of the first stamp that stands on the open card.
    fn first(&self, head: i64) -> usize {
        let mut need = self.open - head;
        let mut first = self.stamps.len();
        while need > 0 && first > 0 {
            first -= 1;
            need -= self.stamps[first].number;
        }
        first
    }
}

#[cfg(test)]
mod tests;
