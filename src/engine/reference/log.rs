//! What rules have posted, for limits, caps, aggregates of points and fractions carried in a month.

use super::scene::Span;
use super::state::Position;
use crate::mechanics::points::Life;
use crate::mechanics::{PointsId, RuleId};
use crate::value::clock::{Date, Moment};
use crate::value::exact::Exact;
use std::collections::BTreeMap;

/// What a rule posted. What a return takes back stands here too, negative, at the return's own position but on the
/// purchase's own day: so it makes room for later events, never for earlier ones.
#[derive(Debug, Clone)]
pub struct Contribution {
    /// When it was posted.
    pub position: Position,
    /// The moment of the event it belongs to.
    pub at: Moment,
    /// The day of the event it belongs to.
    pub day: Date,
    /// The rule; none: a card.
    pub rule: Option<RuleId>,
    /// The points, if it posted points.
    pub unit: Option<PointsId>,
    /// Their own life, if they have one.
    pub life: Option<Life>,
    /// How many.
    pub posted: Exact,
    /// Before rounding and caps.
    pub exact: Exact,
    /// Once, for `limit N times`; minus one where a return undid it.
    pub times: i64,
}

/// What rules have posted, by the day it belongs to: a question about a stretch of time reads that stretch alone.
#[derive(Debug, Clone, Default)]
pub struct Log {
    days: BTreeMap<Date, Day>,
}

/// What belongs to one day.
#[derive(Debug, Clone, Default)]
struct Day {
    /// In the order it came.
    entries: Vec<Contribution>,
    /// The same, with what is of one rule, unit and life added up.
    together: Vec<Contribution>,
}

impl Log {
    /// Adds one; its position is not below that of any earlier one.
    pub fn add(&mut self, one: Contribution) {
        self.days.entry(one.day).or_default().add(one);
    }

    /// All that was posted before a position for what lies in a stretch of time, to be summed: what is of one day and of
    /// one rule, unit and life may come added up.
    pub fn within(&self, before: Position, span: Span) -> impl Iterator<Item = &Contribution> {
        let days = span.days().map(|days| self.days.range(days)).into_iter().flatten();
        days.flat_map(move |(_, day)| {
            let whole = matches!(span, Span::Days(..)) && day.entries.last().is_some_and(|last| last.position < before);
            let of_day = if whole { &day.together } else { &day.entries };
            of_day.iter().filter(move |one| whole || one.position < before && span.holds(one.at, one.day))
        })
    }

    /// What belongs to a day.
    pub fn on(&self, day: Date) -> &[Contribution] {
        self.days.get(&day).map_or(&[], |day| &day.entries)
    }

    /// The first day with something, from a day on.
    pub fn first_day(&self, from: Option<Date>) -> Option<Date> {
        self.days.range(from.unwrap_or(Date::MIN)..).next().map(|(day, _)| *day)
    }

    /// Takes in what was posted to another, in the order in which all of it came.
    pub fn absorb(&mut self, other: Log) {
        for (day, theirs) in other.days {
            let ours = self.days.entry(day).or_default();
            let mut all = std::mem::take(ours).entries;
            all.extend(theirs.entries);
            all.sort_by_key(|one| one.position);
            all.into_iter().for_each(|one| ours.add(one));
        }
    }
}

impl Day {
    fn add(&mut self, one: Contribution) {
        let of = |one: &Contribution| (one.rule, one.unit, one.life);
        match self.together.iter_mut().find(|other| of(other) == of(&one)) {
            Some(other) => {
                other.posted += &one.posted;
                other.exact += &one.exact;
                other.times += one.times;
            }
            None => self.together.push(one.clone()),
        }
        self.entries.push(one);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_day_is_summed_once_it_is_over_and_read_one_by_one_before() {
        let day = date(2026, 1, 1);
        let one = |position, rule, posted| Contribution {
            position,
            at: Moment::MIN,
            day,
            rule: Some(RuleId(rule)),
            unit: Some(PointsId(0)),
            life: None,
            posted: Exact::from_int(posted),
            exact: Exact::from_int(posted),
            times: 1,
        };
        let mut log = Log::default();
        for (position, rule, posted) in [(1, 0, 5), (2, 1, 7), (4, 0, -2)] {
            log.add(one(position, rule, posted));
        }
        let span = Span::Days(Some(day), None);
        let of_rule = |before| {
            let of_it = log.within(before, span).filter(|one| one.rule == Some(RuleId(0)));
            of_it.map(|one| (one.posted.clone(), one.times)).collect::<Vec<_>>()
        };
        assert_eq!(of_rule(4), [(Exact::from_int(5), 1)]);
        assert_eq!(of_rule(5), [(Exact::from_int(3), 2)]);
        assert_eq!(log.within(5, Span::Moments(Moment::MIN, Moment::MAX)).count(), 0, "the first moment is exclusive");
    }
}
