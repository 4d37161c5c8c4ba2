//! From a time as it is written to a moment and the program's day, without asking the zone each time.

use crate::engine::pile;
use crate::source::batch::Stamp;
use crate::value::clock::{Clock, FIRST_DAY, LAST_DAY, Moment};
use jiff::civil::Time;
use rustc_hash::FxHashMap;
use std::ops::RangeInclusive;

/// Seconds of a day without a clock change.
const DAY: i64 = 86_400;

/// When an event was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct When {
    /// Seconds of Unix time.
    pub at: i64,
    /// The program's day, in days since 1970-01-01.
    pub day: i32,
    /// Whether a time of day was given.
    pub timed: bool,
}

/// What a day of the calendar is in the program's zone.
#[derive(Debug, Clone, Copy)]
struct Known {
    /// The second of Unix time at its 00:00 by the clock that tells times, where all its hours are on one clock.
    midnight: Option<i64>,
    /// The start of the program's day of that date, and the day that this moment lies in.
    start: (i64, i32),
}

/// Moments of one program, asked for again and again.
#[derive(Debug)]
pub(super) struct Moments<'c> {
    clock: &'c Clock,
    /// The clock that times are told by, where it is another.
    told_by: Option<&'c Clock>,
    /// Seconds of the day at which a day starts.
    day_starts: i64,
    days: FxHashMap<i32, Known>,
    last: (i32, Known),
    /// The days on which events may lie.
    days_of_events: RangeInclusive<i32>,
    /// The program's day that an exact moment last fell in: its first second, the second behind its last, and it.
    within: (i64, i64, i32),
}

impl<'c> Moments<'c> {
    /// Moments of a program with this clock; `told_by`: the clock that tells times without an offset, where it is
    /// another.
    pub fn new(clock: &'c Clock, told_by: Option<&'c Clock>) -> Self {
        let starts = clock.day_starts();
        let day_starts = i64::from(starts.hour()) * 3600 + i64::from(starts.minute()) * 60 + i64::from(starts.second());
        let nothing = Known { midnight: None, start: (0, 0) };
        let (last, within) = ((i32::MIN, nothing), (0, 0, 0));
        let days_of_events = pile::days(FIRST_DAY)..=pile::days(LAST_DAY);
        Self { clock, told_by, day_starts, days: FxHashMap::default(), last, days_of_events, within }
    }

    /// Whether an event may lie on a day ([`crate::value::clock::is_far`]).
    pub fn may_be(&self, day: i32) -> bool {
        self.days_of_events.contains(&day)
    }

    /// The moment of a time.
    pub fn of(&mut self, stamp: Stamp) -> When {
        match stamp {
            Stamp::Day(day) => {
                let (at, day) = self.known(day).start;
                When { at, day, timed: false }
            }
            Stamp::Local(local) => {
                let (date, second) = (local.div_euclid(DAY), local.rem_euclid(DAY));
                let date = i32::try_from(date).unwrap_or(i32::MAX);
                match self.known(date).midnight {
                    Some(midnight) if self.told_by.is_some() => {
                        let at = midnight + second;
                        When { at, day: self.day_of(at), timed: true }
                    }
                    Some(midnight) => {
                        let day = if second < self.day_starts { date - 1 } else { date };
                        When { at: midnight + second, day, timed: true }
                    }
                    None => self.asked(date, second),
                }
            }
            Stamp::Exact(at) => When { at, day: self.day_of(at), timed: true },
        }
    }

    fn asked(&mut self, date: i32, second: i64) -> When {
        let part = |seconds: i64| i8::try_from(seconds).unwrap_or_default();
        let time = Time::constant(part(second / 3600), part(second / 60 % 60), part(second % 60), 0);
        let moment = self.told_by.unwrap_or(self.clock).moment(pile::day(date), time);
        When { at: moment.0.as_second(), day: pile::days(self.clock.day_of(moment)), timed: true }
    }

    fn day_of(&mut self, at: i64) -> i32 {
        let (first, behind, day) = self.within;
        if first <= at && at < behind {
            return day;
        }
        let day = self.clock.day_of(pile::moment(at));
        let second = |moment: Moment| moment.0.as_second();
        self.within = (second(self.clock.start_of(day)), second(self.clock.end_of(day)), pile::days(day));
        self.within.2
    }

    fn known(&mut self, date: i32) -> Known {
        if self.last.0 != date {
            let (clock, told_by) = (self.clock, self.told_by.unwrap_or(self.clock));
            let known = *self.days.entry(date).or_insert_with(|| Known::of(clock, told_by, date));
            self.last = (date, known);
        }
        self.last.1
    }
}

impl Known {
    fn of(clock: &Clock, told_by: &Clock, date: i32) -> Self {
        let midnight = |date: i32| told_by.moment(pile::day(date), Time::midnight()).0.as_second();
        let (this, next) = (midnight(date), midnight(date.saturating_add(1)));
        let start = clock.start_of(pile::day(date));
        // Both ends a day apart: no clock was changed between them.
        let whole = next - this == DAY && start.0.subsec_nanosecond() == 0;
        Self { midnight: whole.then_some(this), start: (start.0.as_second(), pile::days(clock.day_of(start))) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// Every half hour of days around clock changes is the moment that the clock says.
    #[test]
    fn moments_are_those_of_the_clock() {
        for zone in ["UTC", "Europe/Bucharest", "America/Sao_Paulo", "Asia/Jerusalem", "Australia/Lord_Howe"] {
            for starts in [0, 4] {
                let mut clock = Clock::new(zone).expect("a zone");
                clock.set_day_starts(Time::constant(starts, 0, 0, 0));
                let mut moments = Moments::new(&clock, None);
                for first in [date(2018, 11, 2), date(2018, 2, 16), date(2026, 3, 27), date(2026, 10, 23)] {
                    let first = i64::from(pile::days(first)) * DAY;
                    for local in (first..first + 5 * DAY).step_by(1800) {
                        let got = moments.of(Stamp::Local(local));
                        let day = i32::try_from(local.div_euclid(DAY)).expect("a day");
                        let wanted = Moments::new(&clock, None).asked(day, local.rem_euclid(DAY));
                        assert_eq!(got, wanted, "{zone} {local}");
                        let exact = moments.of(Stamp::Exact(wanted.at));
                        assert_eq!(exact, wanted, "{zone} {local}");
                    }
                }
            }
        }
    }

    /// The same where another clock tells the times, whose days and clock changes are others.
    #[test]
    fn moments_told_by_another_clock_are_those_of_both() {
        for (zone, told) in
            [("America/New_York", "UTC"), ("UTC", "America/Sao_Paulo"), ("Asia/Jerusalem", "Asia/Tokyo")]
        {
            let (mut clock, told_by) = (Clock::new(zone).expect("a zone"), Clock::new(told).expect("a zone"));
            clock.set_day_starts(Time::constant(4, 0, 0, 0));
            let mut moments = Moments::new(&clock, Some(&told_by));
            for first in [date(2017, 11, 4), date(2018, 11, 2), date(2017, 3, 10), date(2026, 3, 26)] {
                let first = i64::from(pile::days(first)) * DAY;
                for local in (first..first + 4 * DAY).step_by(1800) {
                    let day = i32::try_from(local.div_euclid(DAY)).expect("a day");
                    let time = i8::try_from(local.rem_euclid(DAY) / 1800).expect("a half hour");
                    let at = told_by.moment(pile::day(day), Time::constant(time / 2, time % 2 * 30, 0, 0));
                    let wanted = When { at: at.0.as_second(), day: pile::days(clock.day_of(at)), timed: true };
                    assert_eq!(moments.of(Stamp::Local(local)), wanted, "{zone} {told} {local}");
                }
                // A day without a time is the program's own.
                let day = i32::try_from(first / DAY).expect("a day");
                let start = clock.start_of(pile::day(day)).0.as_second();
                assert_eq!(moments.of(Stamp::Day(day)).at, start, "{zone} {told}");
            }
        }
    }
}
