//! Running totals by day, for what all members share: budgets, limits in all, stock.
//!
//! Each day keeps its entries in the order of the run, so that "what was used before this event"
//! has an answer that no later event changes (section 6.11 and 6.13).

use super::scene::Span;
use super::state::Position;
use crate::value::clock::{Date, Moment};
use crate::value::exact::Exact;
use std::collections::BTreeMap;

/// Amounts by the day they belong to, each with the position in the run at which it came.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    days: BTreeMap<Date, Vec<Noted>>,
}

/// One amount, and the day's sum up to it.
#[derive(Debug, Clone)]
struct Noted {
    position: Position,
    at: Moment,
    amount: Exact,
    upto: Exact,
}

impl Tally {
    /// Adds an amount; `position` is not below that of any earlier one.
    pub fn add(&mut self, position: Position, at: Moment, day: Date, amount: Exact) {
        let entries = self.days.entry(day).or_default();
        let upto = entries.last().map_or_else(Exact::zero, |last| last.upto.clone()) + &amount;
        entries.push(Noted { position, at, amount, upto });
    }

    /// What came before `before` and belongs to the stretch of time.
    pub fn before(&self, before: Position, span: &Span) -> Exact {
        let days = span.days().map(|days| self.days.range(days)).into_iter().flatten();
        match span {
            Span::Days(..) => days.map(|(_, entries)| upto(entries, before)).sum(),
            Span::Moments(..) => days
                .flat_map(|(day, entries)| entries.iter().map(move |entry| (*day, entry)))
                .filter(|(day, entry)| entry.position < before && span.holds(entry.at, *day))
                .map(|(_, entry)| &entry.amount)
                .sum(),
        }
    }

    /// What was added each day, whatever was taken back.
    pub fn added(&self) -> impl Iterator<Item = (Date, Exact)> + '_ {
        self.days.iter().map(|(day, entries)| {
            let added = entries.iter().map(|entry| &entry.amount).filter(|amount| amount.is_positive());
            (*day, added.sum())
        })
    }

    /// Takes the entries of another in, each at its own position.
    pub fn absorb(&mut self, other: Tally) {
        for (day, theirs) in other.days {
            let ours = self.days.remove(&day).unwrap_or_default();
            let mut all: Vec<Noted> = ours.into_iter().chain(theirs).collect();
            all.sort_by_key(|entry| entry.position);
            for entry in all {
                self.add(entry.position, entry.at, day, entry.amount);
            }
        }
    }
}

/// The day's sum of what came before `before`.
fn upto(entries: &[Noted], before: Position) -> Exact {
    let count = entries.partition_point(|entry| entry.position < before);
    count.checked_sub(1).map_or_else(Exact::zero, |last| entries[last].upto.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn what_a_return_takes_back_makes_room_for_later_events_only() {
        let (day, at) = (date(2026, 1, 1), Moment::MIN);
        let mut tally = Tally::default();
        tally.add(1, at, day, Exact::from_int(10));
        tally.add(5, at, day, Exact::from_int(-4));
        let span = Span::Days(Some(day), Some(day));
        assert_eq!(tally.before(1, &span), Exact::zero());
        assert_eq!(tally.before(5, &span), Exact::from_int(10));
        assert_eq!(tally.before(6, &span), Exact::from_int(6));
        assert_eq!(tally.before(6, &Span::Days(Some(date(2026, 1, 2)), None)), Exact::zero());
    }
}
