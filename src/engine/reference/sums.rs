//! What a member's past events came to, read once.
//!
//! A question such as `spend ever` is answered by reading the history (see [`super::state`]). Asked at each of 20,000
//! purchases it would read 200 million. What the first events came to is kept here until one of them changes.

use crate::mechanics::basis::Basis;
use crate::value::exact::Exact;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;

/// Of one member's events, in their order: what the first one, the first two, … came to, of each measure asked for.
#[derive(Debug, Clone, Default)]
pub struct Sums(RefCell<Vec<Sum>>);

/// One measure under one version of the program.
#[derive(Debug, Clone)]
struct Sum {
    program: usize,
    basis: Basis,
    /// Of the first `n + 1`, at place `n`.
    first: Vec<Exact>,
    /// Places of events that have changed since they were read.
    changed: BTreeSet<usize>,
}

impl Sums {
    /// What the first so many events came to, as `program`, an address, has it; `brings` tells it of one, by its place.
    pub fn of_first(&self, count: usize, program: usize, basis: &Basis, brings: impl Fn(usize) -> Exact) -> Exact {
        let mut sums = self.0.borrow_mut();
        let place = sums.iter().position(|sum| sum.program == program && sum.basis == *basis).unwrap_or_else(|| {
            sums.push(Sum { program, basis: basis.clone(), first: Vec::new(), changed: BTreeSet::new() });
            sums.len() - 1
        });
        sums[place].of_first(count, brings)
    }

    /// Events changed, by their places.
    pub fn change(&mut self, places: Range<usize>) {
        for sum in self.0.get_mut() {
            sum.changed.extend(places.start..places.end.min(sum.first.len()));
        }
    }
}

impl Sum {
    fn of_first(&mut self, count: usize, brings: impl Fn(usize) -> Exact) -> Exact {
        for place in std::mem::take(&mut self.changed) {
            let more = brings(place) - (self.upto(place + 1) - self.upto(place));
            if !more.is_zero() {
                self.first[place..].iter_mut().for_each(|sum| *sum += &more);
            }
        }
        for next in self.first.len()..count {
            self.first.push(self.upto(next) + brings(next));
        }
        self.upto(count)
    }

    fn upto(&self, count: usize) -> Exact {
        count.checked_sub(1).map(|last| self.first[last].clone()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn an_event_is_read_once_until_it_changes() {
        let read = Cell::new(0);
        let brings = |place: usize| {
            read.set(read.get() + 1);
            Exact::from_int(i64::try_from(place).unwrap() + 1)
        };
        let mut sums = Sums::default();
        let of_first = |sums: &Sums, count| sums.of_first(count, 0, &Basis::One, brings);
        assert_eq!(of_first(&sums, 0), Exact::zero());
        assert_eq!(of_first(&sums, 3), Exact::from_int(6));
        assert_eq!(of_first(&sums, 2), Exact::from_int(3));
        assert_eq!(read.get(), 3);
        sums.change(1..9);
        assert_eq!(of_first(&sums, 2), Exact::from_int(3));
        assert_eq!(read.get(), 5, "two of them are known, and were read again");
    }
}
