//! What a member's past events came to, read once.
//!
//! A question such as `spend ever` is answered by reading the history (see [`super::state`]). Asked at each of 20,000
//! purchases it would read 200 million. What the first events came to is kept here until one of them changes.

use crate::value::exact::Exact;
use std::collections::BTreeSet;
use std::ops::Range;

/// Of one member's events, in their order: what the first one, the first two, … came to.
#[derive(Debug, Clone, Default)]
pub struct Sum {
    /// Of the first `n + 1`, at place `n`.
    first: Vec<Exact>,
    /// Places of events that have changed since they were read.
    changed: BTreeSet<usize>,
}

impl Sum {
    /// What the first so many events came to; `brings` tells it of one, by its place.
    pub fn of_first(&mut self, count: usize, brings: impl Fn(usize) -> Exact) -> Exact {
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

    /// Events changed, by their places.
    pub fn change(&mut self, places: &Range<usize>) {
        self.changed.extend(places.start..places.end.min(self.first.len()));
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
        let mut sum = Sum::default();
        let of_first = |sum: &mut Sum, count| sum.of_first(count, brings);
        assert_eq!(of_first(&mut sum, 0), Exact::zero());
        assert_eq!(of_first(&mut sum, 3), Exact::from_int(6));
        assert_eq!(of_first(&mut sum, 2), Exact::from_int(3));
        assert_eq!(read.get(), 3);
        sum.change(&(1..9));
        assert_eq!(of_first(&mut sum, 2), Exact::from_int(3));
        assert_eq!(read.get(), 5, "two of them are known, and were read again");
    }
}
