//! What was read of a member's past events, so that it is not read again while they stay as they are.
//!
//! A sum is kept in [`Sum`]. What is told apart, the stores of `distinct stores` or the weeks of a streak, is kept as in
//! which events each of them came up.

use super::sums::Sum;
use crate::mechanics::basis::{Basis, Streak};
use crate::value::clock::Date;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Of one member's events.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// What they came to.
    pub sums: Answers<Basis, Sum>,
    /// What `distinct …` tells apart.
    pub distinct: Answers<Basis, Values<String>>,
    /// The first days of the periods of streaks.
    pub periods: Answers<Streak, Values<Date>>,
}

impl Known {
    /// Events changed, by their places.
    pub fn change(&mut self, places: &Range<usize>) {
        self.sums.each(|sum| sum.change(places));
        self.distinct.each(|values| values.change(places));
        self.periods.each(|values| values.change(places));
    }

    /// Others came in between.
    pub fn forget(&mut self) {
        *self = Self::default();
    }
}

/// What was read for each question, under each version of the program.
#[derive(Debug, Clone)]
pub struct Answers<Q, R>(RefCell<Vec<(usize, Q, R)>>);

impl<Q, R> Default for Answers<Q, R> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<Q: Clone + PartialEq, R: Default> Answers<Q, R> {
    /// Goes on from what was read for a question, as `program`, an address, has it.
    pub fn to<T>(&self, program: usize, question: &Q, go_on: impl FnOnce(&mut R) -> T) -> T {
        let mut all = self.0.borrow_mut();
        let place = all.iter().position(|(of, asked, _)| *of == program && asked == question);
        let place = place.unwrap_or_else(|| {
            all.push((program, question.clone(), R::default()));
            all.len() - 1
        });
        go_on(&mut all[place].2)
    }

    fn each(&mut self, change: impl Fn(&mut R)) {
        self.0.get_mut().iter_mut().for_each(|(_, _, read)| change(read));
    }
}

/// Of each value, the places of the events that bring it; those that none brings any more have none.
pub type Came<V> = BTreeMap<V, BTreeSet<usize>>;

/// Whether one of these places lies within others.
pub fn any_within(places: &BTreeSet<usize>, within: &Range<usize>) -> bool {
    places.range(within.clone()).next().is_some()
}

/// Which values the first events bring, in their order.
#[derive(Debug, Clone)]
pub struct Values<V> {
    /// What each event brings, of those that were read.
    of: Vec<BTreeSet<V>>,
    came: Came<V>,
    /// Places of events that have changed since they were read.
    changed: BTreeSet<usize>,
}

impl<V> Default for Values<V> {
    fn default() -> Self {
        Self { of: Vec::new(), came: Came::new(), changed: BTreeSet::new() }
    }
}

impl<V: Clone + Ord> Values<V> {
    /// What the first so many events bring, and may be others; `brings` tells it of one, by its place.
    pub fn of_first(&mut self, count: usize, brings: impl Fn(usize) -> BTreeSet<V>) -> &Came<V> {
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
        &self.came
    }

    fn change(&mut self, places: &Range<usize>) {
        self.changed.extend(places.start..places.end.min(self.of.len()));
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
    use crate::value::exact::Exact;
    use std::cell::Cell;

    #[test]
    fn what_an_event_brings_is_read_once_until_it_changes() {
        let read = Cell::new(0);
        let stores = Cell::new(["north", "south", "north"]);
        let brings = |place: usize| {
            read.set(read.get() + 1);
            BTreeSet::from([stores.get()[place]])
        };
        let mut values = Values::default();
        let within = |values: &mut Values<&'static str>, within: Range<usize>| -> Vec<&'static str> {
            let came = values.of_first(within.end, brings);
            came.iter().filter(|(_, places)| any_within(places, &within)).map(|(value, _)| *value).collect()
        };
        assert!(within(&mut values, 0..0).is_empty());
        assert_eq!(within(&mut values, 0..3), ["north", "south"]);
        assert_eq!(within(&mut values, 1..2), ["south"]);
        assert_eq!(read.get(), 3);
        stores.set(["north", "north", "north"]);
        values.change(&(1..9));
        assert_eq!(within(&mut values, 0..3), ["north"]);
        assert_eq!(within(&mut values, 1..1), [""; 0]);
        assert_eq!(read.get(), 5, "two of them are known, and were read again");
    }
    #[test]
    fn each_question_of_each_version_is_read_by_itself_until_others_come_between() {
        let mut known = Known::default();
        let of_first = |known: &Known, program: usize, basis: &Basis| {
            known.sums.to(program, basis, |sum| sum.of_first(2, |_| Exact::from_int(program as i64)))
        };
        assert_eq!(of_first(&known, 1, &Basis::One), Exact::from_int(2));
        assert_eq!(of_first(&known, 3, &Basis::One), Exact::from_int(6));
        assert_eq!(known.sums.to(1, &Basis::One, |sum| sum.of_first(2, |_| unreachable!())), Exact::from_int(2));
        known.forget();
        assert_eq!(known.sums.to(1, &Basis::One, |sum| sum.of_first(2, |_| Exact::one())), Exact::from_int(2));
        assert_eq!(known.sums.to(3, &Basis::One, |sum| sum.of_first(2, |_| Exact::one())), Exact::from_int(2));
    }
}
