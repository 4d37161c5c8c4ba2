//! Where windows begin and end as seen on a day, in numbers of days.

use super::days::{NEVER, date, number};
use crate::value::clock::{Clock, Date, Length, Period, Window, membership_year};

/// Before every day.
pub const EVER: i32 = i32::MIN;

/// First days of windows, each worked out once for a day.
#[derive(Debug)]
pub struct Windows {
    clock: Clock,
    kept: Vec<(Window, Vec<i32>)>,
}

/// The days of the tables are counted from 1990-01-01.
const FIRST_KEPT: i32 = 7_305;
/// So many days are kept.
const MOST_KEPT: usize = 40_177;
/// Not worked out yet.
const UNKNOWN: i32 = i32::MIN + 1;

impl Windows {
    /// Nothing worked out yet.
    pub fn new(clock: &Clock) -> Self {
        Self { clock: clock.clone(), kept: Vec::new() }
    }

    /// The first day of a window; [`EVER`] where it has none. `campaign` is the rule's first day.
    pub fn first(&mut self, window: Window, day: i32, joined: Option<i32>, campaign: Option<Date>) -> i32 {
        match window {
            Window::Ever => EVER,
            Window::SinceJoining => joined.unwrap_or(EVER),
            Window::Campaign => campaign.map_or(EVER, number),
            Window::MembershipYear => self.membership(day, joined).0,
            Window::Last(Length::Days(days)) => back(day, i64::from(days)),
            Window::Last(Length::Weeks(weeks)) => back(day, 7 * i64::from(weeks)),
            Window::Calendar(Period::Day) => day,
            Window::Last(Length::Months(_) | Length::Years(_)) | Window::Calendar(_) | Window::LastHours(_) => {
                self.looked_up(window, day)
            }
        }
    }

    fn looked_up(&mut self, window: Window, day: i32) -> i32 {
        let place = usize::try_from(i64::from(day) - i64::from(FIRST_KEPT)).unwrap_or(MOST_KEPT);
        if place >= MOST_KEPT {
            return self.worked_out(window, day);
        }
        let at = self.kept.iter().position(|(known, _)| *known == window).unwrap_or_else(|| {
            self.kept.push((window, Vec::new()));
            self.kept.len() - 1
        });
        if self.kept[at].1.len() <= place {
            self.kept[at].1.resize(place + 1, UNKNOWN);
        }
        if self.kept[at].1[place] == UNKNOWN {
            self.kept[at].1[place] = self.worked_out(window, day);
        }
        self.kept[at].1[place]
    }

    fn worked_out(&self, window: Window, day: i32) -> i32 {
        let Some(day) = date(day) else { return EVER };
        window.days(&self.clock, day, None, (None, None)).0.map_or(EVER, number)
    }

    /// The last day of a window; [`NEVER`] where it has none.
    pub fn last(&self, window: Window, day: i32, joined: Option<i32>, campaign: Option<Date>) -> i32 {
        match window {
            Window::Ever | Window::SinceJoining => NEVER,
            Window::Campaign => campaign.map_or(NEVER, number),
            Window::MembershipYear => self.membership(day, joined).1,
            Window::Last(_) | Window::LastHours(_) => day,
            Window::Calendar(period) => self.span(period, day).1,
        }
    }

    /// The first and last day of a calendar span.
    pub fn span(&self, period: Period, day: i32) -> (i32, i32) {
        match date(day).map(|day| self.clock.span_of(period, day)) {
            Some((first, last)) => (number(first), number(last)),
            None => (day, day),
        }
    }

    /// The membership year that holds a day; without a day of joining, the calendar year.
    pub fn membership(&self, day: i32, joined: Option<i32>) -> (i32, i32) {
        let (Some(joined), Some(today)) = (joined.and_then(date), date(day)) else {
            return self.span(Period::Year, day);
        };
        let (first, last) = membership_year(joined, today);
        (number(first), number(last))
    }

    /// The program's clock.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }
}

/// The first of so many days that end with this one.
fn back(day: i32, days: i64) -> i32 {
    let first = i64::from(day) - days + 1;
    // The calendar begins in the year -9999: what lies before has no first day.
    i32::try_from(first).ok().filter(|first| *first > number(Date::MIN)).unwrap_or(EVER)
}
