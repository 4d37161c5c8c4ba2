//! Days of a simulation: time is in days since its first, and a day's shop hours are twelve.

use crate::value::clock::{Clock, Date, Moment};
use jiff::Timestamp;

/// Shops are open half of the day; what is bought is spread over it evenly.
const OPEN: f64 = 12.0 * 3600.0;
/// They open so many hours after midnight; where the program's day starts later than that, as it starts.
const OPENS: i64 = 8 * 3600;
/// Nobody looks farther than this: a slip in a figure must not make days without end.
const LONGEST: u32 = 1200;

/// One day.
#[derive(Debug, Clone, Copy)]
struct Day {
    date: Date,
    /// When shops open, in seconds.
    opens: i64,
    /// Which month of the simulation it lies in.
    month: u16,
}

/// The days of a simulation.
#[derive(Debug, Clone)]
pub(super) struct Calendar {
    days: Vec<Day>,
    /// The first day of each month.
    pub(super) months: Vec<Date>,
    first: Date,
}

impl Calendar {
    /// So many months from a day on; fewer where the calendar ends.
    pub(super) fn new(clock: &Clock, first: Date, months: u32) -> Self {
        let months = i64::from(months.min(LONGEST));
        let end = first.saturating_add(jiff::Span::new().months(months));
        let (mut days, mut starts) = (Vec::new(), Vec::new());
        let mut date = first;
        while date < end {
            if date == first || date.day() == 1 {
                starts.push(date);
            }
            let start = clock.start_of(date).0.as_second();
            let into = i64::from(clock.day_starts().hour()) * 3600;
            let opens = start + (OPENS - into).max(0);
            let month = u16::try_from(starts.len() - 1).unwrap_or(u16::MAX);
            days.push(Day { date, opens, month });
            let Ok(next) = date.tomorrow() else { break };
            date = next;
        }
        Self { days, months: starts, first }
    }

    /// How many days.
    pub(super) fn len(&self) -> usize {
        self.days.len()
    }

    /// The first day.
    pub(super) fn first(&self) -> Date {
        self.first
    }

    /// The last day.
    pub(super) fn last(&self) -> Date {
        self.days.last().map_or(self.first, |day| day.date)
    }

    /// The day of a time, and the moment.
    pub(super) fn at(&self, time: f64) -> (Date, Moment) {
        let number = (time as usize).min(self.days.len().saturating_sub(1));
        let day = &self.days[number];
        let second = day.opens + (time.fract() * OPEN) as i64;
        (day.date, Moment(Timestamp::from_second(second).unwrap_or(Timestamp::MAX)))
    }

    /// The month of a time, from 0.
    pub(super) fn month_at(&self, time: f64) -> usize {
        let number = (time as usize).min(self.days.len().saturating_sub(1));
        usize::from(self.days[number].month)
    }

    /// The month of a date, from 0; of one outside, the nearest.
    pub(super) fn month_of(&self, date: Date) -> usize {
        let number = |date: Date| i32::from(date.year()) * 12 + i32::from(date.month());
        let month = (number(date) - number(self.first)).max(0) as usize;
        month.min(self.months.len().saturating_sub(1))
    }

    /// Days since the first; negative before it.
    pub(super) fn number(&self, date: Date) -> f64 {
        f64::from((date - self.first).get_days())
    }
}
