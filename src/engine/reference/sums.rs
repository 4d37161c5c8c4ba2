//! What a member's past events came to, read once.
//!
//! A question such as `spend ever` is answered by reading the history (see [`super::state`]). Asked at each of 20,000
//! purchases it would read 200 million. What the first events came to is kept here until one of them changes.

use crate::mechanics::basis::Basis;
use crate::value::exact::Exact;
use std::cell::RefCell;

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
}

impl Sums {
    /// What the first so many events came to, as `program`, an address, has it; `brings` tells it of one, by its place.
    pub fn of_first(&self, count: usize, program: usize, basis: &Basis, brings: impl Fn(usize) -> Exact) -> Exact {
        let mut sums = self.0.borrow_mut();
        let place = sums.iter().position(|sum| sum.program == program && sum.basis == *basis).unwrap_or_else(|| {
            sums.push(Sum { program, basis: basis.clone(), first: Vec::new() });
            sums.len() - 1
        });
        let first = &mut sums[place].first;
        for next in first.len()..count {
            let upto = first.last().cloned().unwrap_or_default();
            first.push(upto + brings(next));
        }
        count.checked_sub(1).map(|last| first[last].clone()).unwrap_or_default()
    }

    /// An event changed, by its place: what lies before it still came to the same.
    pub fn forget_from(&mut self, place: usize) {
        for sum in self.0.get_mut() {
            sum.first.truncate(place);
        }
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
        sums.forget_from(1);
        assert_eq!(of_first(&sums, 3), Exact::from_int(6));
        assert_eq!(read.get(), 5);
    }
}
