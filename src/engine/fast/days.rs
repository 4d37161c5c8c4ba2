//! Days as numbers, and the last days of lives: each worked out once for a day.

use super::Beyond;
use crate::mechanics::points::Life;
use crate::value::clock::{Clock, Date, Period, Window, membership_year};

/// No day: what never ends, or was not said.
pub const NEVER: i32 = i32::MAX;

/// 9999-12-31, after which the calendar has no day.
pub const LAST: i32 = 2_932_896;

/// The days of the tables are counted from 1990-01-01.
const FIRST_KEPT: i32 = 7_305;

/// So many days are kept: up to the year 2099.
const MOST_KEPT: usize = 40_177;

/// Not worked out yet.
const UNKNOWN: i32 = i32::MIN;

/// A day as a number: days since 1970-01-01.
///
/// ```
/// use loyal::engine::fast::days::number;
/// assert_eq!(number(jiff::civil::date(1970, 1, 2)), 1);
/// assert_eq!(number(jiff::civil::date(1969, 12, 31)), -1);
/// ```
pub fn number(day: Date) -> i32 {
    // Years begin in March here, so that the leap day is the last of one (Hinnant, days_from_civil).
    let (month, of_month) = (i32::from(day.month()), i32::from(day.day()));
    let year = i32::from(day.year()) - i32::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + of_month - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The day of a number; none for [`NEVER`] and for what lies outside the calendar.
///
/// ```
/// use loyal::engine::fast::days::{NEVER, date};
/// assert_eq!(date(1), Some(jiff::civil::date(1970, 1, 2)));
/// assert_eq!(date(NEVER), None);
/// ```
pub fn date(number: i32) -> Option<Date> {
    let from_march = number.checked_add(719_468)?;
    let era = from_march.div_euclid(146_097);
    let of_era = from_march.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * march + 2) / 5 + 1;
    let month = if march < 10 { march + 3 } else { march - 9 };
    let year = year_of_era + era * 400 + i32::from(month <= 2);
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(of_month).ok()?).ok()
}

/// The day as a number, [`NEVER`] for none.
pub fn number_or_never(day: Option<Date>) -> i32 {
    day.map_or(NEVER, number)
}

/// The day after, [`NEVER`] past the end of the calendar.
pub fn next(day: i32) -> i32 {
    if day >= LAST { NEVER } else { day + 1 }
}

/// How a last day follows from a first one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// A length after it, perhaps stretched to the end of a period.
    Life(Life),
    /// The next such day on or after it: month and day.
    Yearly(i8, i8),
    /// The last day of the period it falls in.
    EndOf(Period),
}

/// A stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Days, both inclusive.
    Days(i32, i32),
    /// Moments in seconds, the first exclusive.
    Moments(i64, i64),
}

impl Reach {
    /// Whether something at `at`, on `day`, lies inside.
    pub fn holds(self, at: i64, day: i32) -> bool {
        match self {
            Reach::Days(first, last) => first <= day && day <= last,
            Reach::Moments(after, upto) => after < at && at <= upto,
        }
    }
}

/// The place of an [`Ending`] in [`Days`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndingId(u16);

/// Last days, each worked out once.
#[derive(Debug, Clone)]
pub struct Days {
    clock: Clock,
    endings: Vec<(Ending, Vec<i32>)>,
    /// The last stretch asked for of each window: from which day, joined when.
    reaches: Vec<(Window, i32, Option<i32>, Reach)>,
}

impl Days {
    /// No ending yet.
    pub fn new(clock: &Clock) -> Self {
        Self { clock: clock.clone(), endings: Vec::new(), reaches: Vec::new() }
    }

    /// The place of an ending, for [`Days::end`].
    pub fn ending(&mut self, ending: Ending) -> Result<EndingId, Beyond> {
        let known = self.endings.iter().position(|(other, _)| *other == ending);
        let place = known.unwrap_or_else(|| {
            self.endings.push((ending, Vec::new()));
            self.endings.len() - 1
        });
        u16::try_from(place).map(EndingId).map_err(|_| Beyond)
    }

    /// The last day of what begins on `day`; [`NEVER`] past the end of the calendar.
    pub fn end(&mut self, id: EndingId, day: i32) -> i32 {
        let Some((ending, kept)) = self.endings.get_mut(usize::from(id.0)) else { return NEVER };
        let place = usize::try_from(i64::from(day) - i64::from(FIRST_KEPT)).unwrap_or(MOST_KEPT);
        if place >= MOST_KEPT {
            return worked_out(*ending, &self.clock, day);
        }
        if kept.len() <= place {
            kept.resize(place + 1, UNKNOWN);
        }
        if kept[place] == UNKNOWN {
            kept[place] = worked_out(*ending, &self.clock, day);
        }
        kept[place]
    }

    /// The stretch that a window covers as seen from a moment; `joined` is the member's day of joining, if any.
    /// The window `campaign`, which has dates of its own, is not asked for here.
    pub fn reach(&mut self, window: Window, at: i64, day: i32, joined: Option<i32>) -> Result<Reach, Beyond> {
        if let Window::LastHours(hours) = window {
            return Ok(Reach::Moments(at.checked_sub(i64::from(hours) * 3_600).ok_or(Beyond)?, at));
        }
        let place = self.reaches.iter().position(|one| one.0 == window);
        if let Some(known) = place.map(|place| self.reaches[place]).filter(|one| (one.1, one.2) == (day, joined)) {
            return Ok(known.3);
        }
        let today = date(day).ok_or(Beyond)?;
        let since = joined.map(|joined| date(joined).ok_or(Beyond)).transpose()?;
        let (first, last) = match window {
            Window::MembershipYear => {
                let (first, last) = match since {
                    Some(since) => membership_year(since, today),
                    None => self.clock.span_of(Period::Year, today),
                };
                (Some(first), Some(last))
            }
            Window::Campaign => return Err(Beyond),
            Window::Last(_) | Window::Calendar(_) | Window::SinceJoining | Window::Ever | Window::LastHours(_) => {
                window.days(&self.clock, today, since, (None, None))
            }
        };
        let reach = Reach::Days(first.map_or(i32::MIN, number), last.map_or(i32::MAX, number));
        let known = (window, day, joined, reach);
        match place {
            Some(place) => self.reaches[place] = known,
            None => self.reaches.push(known),
        }
        Ok(reach)
    }

    /// The program's clock.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }
}

/// The last day of what begins on `day`, by the calendar.
fn worked_out(ending: Ending, clock: &Clock, day: i32) -> i32 {
    let Some(first) = date(day) else { return NEVER };
    let last = match ending {
        Ending::Life(life) => life.length.after(first).map(|last| match life.at_end_of {
            Some(period) => clock.span_of(period, last).1,
            None => last,
        }),
        Ending::Yearly(month, of_month) => {
            let this = |year: i16| Date::new(year, month, of_month).or_else(|_| Date::new(year, month, 28)).ok();
            this(first.year()).filter(|last| first <= *last).or_else(|| this(first.year().checked_add(1)?))
        }
        Ending::EndOf(period) => Some(clock.span_of(period, first).1),
    };
    number_or_never(last)
}

#[cfg(test)]
mod tests;
