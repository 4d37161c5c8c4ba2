//! Points of one unit of one member: their lots, and what these hold together (section 6.8).

use crate::engine::outcome::PostingKind;
use crate::mechanics::ActivityId;
use crate::mechanics::points::Life;
use crate::value::clock::{Date, Moment};
use crate::value::exact::Exact;
use std::collections::BTreeMap;
use std::ops::Range;

/// Points of one unit.
#[derive(Debug, Clone, Default)]
pub struct Purse {
    /// Lots, open and spent, in the order they came.
    lots: Vec<Lot>,
    /// The lots before this place hold nothing: who earns for years is not asked about all of them each day.
    closed: usize,
    /// What the lots hold, by what lies before it: a balance, and the day on which something ends, are asked after each
    /// event, and lots are many.
    held: BTreeMap<Ahead, Exact>,
    /// Owed.
    pub debt: Exact,
    /// Totals since the start, signed as postings are.
    pub totals: BTreeMap<PostingKind, Exact>,
}

/// What lies before points that are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Ahead {
    last_day: Option<Date>,
    pending: bool,
    spendable_from: Option<Date>,
}

/// Points that came together and end together.
#[derive(Debug, Clone)]
pub struct Lot {
    /// The event (or the timer's words) that brought them.
    pub source: String,
    /// When they came.
    pub at: Moment,
    /// The day they came.
    pub earned: Date,
    /// How many came.
    pub granted: Exact,
    /// How many are left.
    pub left: Exact,
    /// How many have expired.
    pub expired: Exact,
    /// The last day they can be spent.
    pub last_day: Option<Date>,
    /// A life that differs from the unit's own.
    pub own_life: bool,
    /// Not spendable yet.
    pub pending: bool,
    /// The first day they can be spent.
    pub spendable_from: Option<Date>,
    /// The activity that makes them spendable.
    pub waits_for: Option<ActivityId>,
}

impl Purse {
    /// All lots, in the order they came.
    pub fn lots(&self) -> &[Lot] {
        &self.lots
    }

    /// The places from the first lot that holds something.
    fn open(&self) -> Range<usize> {
        self.closed.min(self.lots.len())..self.lots.len()
    }

    /// Adds a lot.
    pub fn add(&mut self, lot: Lot) {
        self.lots.push(lot);
        self.count(self.lots.len() - 1);
    }

    /// Adds a lot, to the one of the same event and life where there is one.
    pub fn put(&mut self, lot: Lot) {
        let same = |other: &Lot| {
            (&other.source, other.at, other.last_day, other.own_life)
                == (&lot.source, lot.at, lot.last_day, lot.own_life)
                && (other.pending, other.spendable_from) == (lot.pending, lot.spendable_from)
        };
        match self.lots.iter().enumerate().rev().take(8).find(|(_, other)| same(other)).map(|(place, _)| place) {
            Some(place) => {
                self.change(place, |other| {
                    other.granted += &lot.granted;
                    other.left += &lot.left;
                });
                self.closed = self.closed.min(place);
            }
            None => self.add(lot),
        }
    }

    /// Changes a lot; what the purse holds changes with it.
    pub fn change(&mut self, place: usize, how: impl FnOnce(&mut Lot)) {
        let lot = &self.lots[place];
        if let Some(held) = self.held.get_mut(&lot.ahead()) {
            *held -= &lot.left;
            if held.is_zero() {
                self.held.remove(&lot.ahead());
            }
        }
        how(&mut self.lots[place]);
        self.count(place);
    }

    /// Changes each open lot that `which` picks.
    pub fn change_each(&mut self, which: impl Fn(&Lot) -> bool, mut how: impl FnMut(&mut Lot)) {
        for place in self.open() {
            if which(&self.lots[place]) {
                self.change(place, &mut how);
            }
        }
    }

    fn count(&mut self, place: usize) {
        let lot = &self.lots[place];
        if !lot.left.is_zero() {
            *self.held.entry(lot.ahead()).or_default() += &lot.left;
        }
    }

    /// Takes all lots out.
    pub fn empty(&mut self) -> Vec<Lot> {
        (self.closed, self.held) = (0, BTreeMap::new());
        std::mem::take(&mut self.lots)
    }

    /// Passes over the first lots that hold nothing any more.
    pub fn close(&mut self) {
        self.closed += self.lots[self.open()].iter().take_while(|lot| lot.left.is_zero()).count();
    }

    /// Puts back into a lot what was taken from it.
    pub fn restore(&mut self, place: usize, part: &Exact) {
        if place < self.lots.len() {
            self.change(place, |lot| lot.left += part);
            self.closed = self.closed.min(place);
        }
    }

    /// Spendable now.
    pub fn balance(&self) -> Exact {
        self.held.iter().filter(|(ahead, _)| !ahead.pending).map(|(_, held)| held).sum()
    }

    /// Not spendable yet.
    pub fn pending(&self) -> Exact {
        self.held.iter().filter(|(ahead, _)| ahead.pending).map(|(_, held)| held).sum()
    }

    /// Whether something is held that is not spendable yet.
    pub fn waits(&self) -> bool {
        self.held.keys().any(|ahead| ahead.pending)
    }

    /// Whether something is held whose last day lies before `day`.
    pub fn ends_before(&self, day: Date) -> bool {
        self.held.keys().any(|ahead| ahead.last_day.is_some_and(|last| last < day))
    }

    /// The first day on which something ends, or can be spent.
    pub fn due(&self) -> Option<Date> {
        let days = self.held.keys().flat_map(|ahead| {
            let ends = ahead.last_day.and_then(|last| last.tomorrow().ok());
            [ends, ahead.spendable_from.filter(|_| ahead.pending)]
        });
        days.flatten().min()
    }

    /// Pays what is owed out of what can be spent (new earnings pay a debt first, section 6.11);
    /// what was paid.
    pub fn settle(&mut self) -> Exact {
        if self.debt.is_zero() {
            return Exact::zero();
        }
        let taken = self.take(&self.spending_order(), &self.debt.clone());
        let paid: Exact = taken.into_iter().map(|(_, part)| part).sum();
        self.debt -= &paid;
        paid
    }

    /// Places of the spendable lots that hold something, soonest to expire first, then oldest
    /// (section 6.8).
    pub fn spending_order(&self) -> Vec<usize> {
        let mut order: Vec<usize> =
            self.open().filter(|at| !self.lots[*at].pending && self.lots[*at].left.is_positive()).collect();
        order.sort_by_key(|at| self.lots[*at].ending(*at));
        order
    }

    /// Takes up to `amount` from the lots named, in their order; what was taken from which.
    pub fn take(&mut self, order: &[usize], amount: &Exact) -> Vec<(usize, Exact)> {
        let mut rest = amount.clone();
        let mut taken = Vec::new();
        for at in order {
            let part = rest.clone().min(self.lots[*at].left.clone());
            if part.is_positive() {
                self.change(*at, |lot| lot.left -= &part);
                rest -= &part;
                taken.push((*at, part));
            }
        }
        taken
    }

    /// The lots an event brought, spendable or not, soonest to expire first.
    pub fn own_lots(&self, source: &str, life: Option<Life>) -> Vec<usize> {
        let own = |at: &usize| self.lots[*at].source == source && self.lots[*at].own_life == life.is_some();
        let mut order: Vec<usize> = (0..self.lots.len()).filter(own).collect();
        order.sort_by_key(|at| self.lots[*at].ending(*at));
        order
    }

    /// What of an event's lots has expired.
    pub fn expired_of(&self, source: &str, life: Option<Life>) -> Exact {
        let own = self.lots.iter().filter(|lot| lot.source == source && lot.own_life == life.is_some());
        own.map(|lot| &lot.expired).sum()
    }
}

impl Lot {
    /// The order in which lots are spent: last day (never is last), day earned, order of coming.
    pub fn ending(&self, place: usize) -> (bool, Option<Date>, Moment, usize) {
        (self.last_day.is_none(), self.last_day, self.at, place)
    }

    fn ahead(&self) -> Ahead {
        Ahead { last_day: self.last_day, pending: self.pending, spendable_from: self.spendable_from }
    }
}
