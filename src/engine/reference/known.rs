//! What was read of a member's past events, so that it is not read again while they stay as they are.
//!
//! A sum is kept in [`Sums`]. What is told apart, the stores of `distinct stores` or the weeks of a streak, is kept as in
//! which events each of them came up.

use super::sums::Sums;
use crate::mechanics::basis::{Basis, Streak};
use crate::value::clock::Date;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Of one member's events.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// What they came to.
    pub sums: Sums,
    /// What `distinct …` tells apart.
    pub distinct: Values<Basis, String>,
    /// The first days of the periods of streaks.
    pub periods: Values<Streak, Date>,
}

impl Known {
    /// Events changed, by their places.
    pub fn change(&mut self, places: &Range<usize>) {
        self.sums.change(places.clone());
        self.distinct.change(places);
        self.periods.change(places);
    }

    /// Others came in between.
    pub fn forget(&mut self) {
        *self = Self::default();
    }
}

/// Of each value, the places of the events that bring it; those that none brings any more have none.
pub type Came<V> = BTreeMap<V, BTreeSet<usize>>;

/// Whether one of these places lies within others.
pub fn any_within(places: &BTreeSet<usize>, within: &Range<usize>) -> bool {
    places.range(within.clone()).next().is_some()
}

/// Which values events bring, for each question asked.
#[derive(Debug, Clone)]
pub struct Values<Q, V>(RefCell<Vec<Brought<Q, V>>>);

/// To one question under one version of the program.
#[derive(Debug, Clone)]
struct Brought<Q, V> {
    program: usize,
    question: Q,
    /// What each event brings, of those that were read.
    of: Vec<BTreeSet<V>>,
    came: Came<V>,
    /// Places of events that have changed since they were read.
    changed: BTreeSet<usize>,
}

impl<Q, V> Default for Values<Q, V> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<Q: Clone + PartialEq, V: Clone + Ord> Values<Q, V> {
    /// Looks at what the first so many events bring, and may be others, as `program`, an address, has it; `brings` tells it
    /// of one, by its place.
    pub fn look<T>(
        &self,
        count: usize,
        program: usize,
        question: &Q,
        brings: impl Fn(usize) -> BTreeSet<V>,
        look: impl FnOnce(&Came<V>) -> T,
    ) -> T {
        let mut all = self.0.borrow_mut();
        let place = all.iter().position(|one| one.program == program && one.question == *question);
        let place = place.unwrap_or_else(|| {
            let (question, of, came, changed) = (question.clone(), Vec::new(), Came::new(), BTreeSet::new());
            all.push(Brought { program, question, of, came, changed });
            all.len() - 1
        });
        all[place].read(count, brings);
        look(&all[place].came)
    }

    fn change(&mut self, places: &Range<usize>) {
        for one in self.0.get_mut() {
            one.changed.extend(places.start..places.end.min(one.of.len()));
        }
    }
}

impl<Q, V: Clone + Ord> Brought<Q, V> {
    fn read(&mut self, count: usize, brings: impl Fn(usize) -> BTreeSet<V>) {
        for place in std::mem::take(&mut self.changed) {
            for value in std::mem::replace(&mut self.of[place], brings(place)) {
                self.came.entry(value).or_default().remove(&place);
            }
            self.note(place);
        }
        for place in self.of.len()..count {
            self.of.push(brings(place));
            self.note(place);
        }
    }

    fn note(&mut self, place: usize) {
        for value in &self.of[place] {
            self.came.entry(value.clone()).or_default().insert(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn what_an_event_brings_is_read_once_until_it_changes() {
        let read = Cell::new(0);
        let stores = Cell::new(["north", "south", "north"]);
        let brings = |place: usize| {
            read.set(read.get() + 1);
            BTreeSet::from([stores.get()[place]])
        };
        let mut values: Values<(), &'static str> = Values::default();
        let within = |values: &Values<(), &'static str>, within: Range<usize>| {
            let held = |came: &Came<&'static str>| -> Vec<&'static str> {
                came.iter().filter(|(_, places)| any_within(places, &within)).map(|(value, _)| *value).collect()
            };
            values.look(within.end, 0, &(), brings, held)
        };
        assert!(within(&values, 0..0).is_empty());
        assert_eq!(within(&values, 0..3), ["north", "south"]);
        assert_eq!(within(&values, 1..2), ["south"]);
        assert_eq!(read.get(), 3);
        stores.set(["north", "north", "north"]);
        values.change(&(1..9));
        assert_eq!(within(&values, 0..3), ["north"]);
        assert_eq!(within(&values, 1..1), [""; 0]);
        assert_eq!(read.get(), 5, "two of them are known, and were read again");
    }
}
