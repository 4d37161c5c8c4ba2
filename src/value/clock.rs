//! Days, moments, calendar spans and windows in a program's own zone (sections 4 and 6.4).

use std::fmt;

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{Span, Timestamp};

pub use jiff::civil::{Date, Time, Weekday};

/// The first day on which an event may lie, and on which somebody may have joined.
pub const FIRST_DAY: Date = jiff::civil::date(1900, 1, 1);
/// The last one.
pub const LAST_DAY: Date = jiff::civil::date(2199, 12, 31);

/// Their years, in words.
pub const YEARS_OF_EVENTS: &str = "the years 1900 to 2199";

/// Whether a day is so far from all that a program can mean that it stands for no day (`0001-01-01`, `9999-12-31`):
/// what happens every day would happen for thousands of years.
pub fn is_far(day: Date) -> bool {
    !(FIRST_DAY..=LAST_DAY).contains(&day)
}

/// An instant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub Timestamp);

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl Moment {
    /// Before every other.
    pub const MIN: Self = Self(Timestamp::MIN);
    /// After every other.
    pub const MAX: Self = Self(Timestamp::MAX);

    /// The moment so many hours of elapsed time earlier, never before [`Moment::MIN`].
    pub fn hours_before(self, hours: u32) -> Self {
        let elapsed = jiff::SignedDuration::from_secs(i64::from(hours) * 3600);
        Self(self.0.checked_sub(elapsed).unwrap_or(Timestamp::MIN))
    }
}

/// A span of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// A day, from `day starts`.
    Day,
    /// A week, from `week starts`.
    Week,
    /// A calendar month.
    Month,
    /// Three months, counted from `year starts`.
    Quarter,
    /// A year, from `year starts`.
    Year,
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        })
    }
}

/// A length of time in whole days or in months, which never compare with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Length {
    /// Days.
    Days(u32),
    /// Weeks of seven days.
    Weeks(u32),
    /// Months, clamped to the end of a shorter one.
    Months(u32),
    /// Years, clamped likewise.
    Years(u32),
}

impl Length {
    /// The day this long after `day`; 31 January + 1 month is 28 February. `None` past the end of
    /// the calendar (year 9999).
    pub fn after(self, day: Date) -> Option<Date> {
        day.checked_add(self.span()?).ok()
    }

    /// The day this long before `day`, clamped likewise.
    pub fn before(self, day: Date) -> Option<Date> {
        day.checked_sub(self.span()?).ok()
    }

    /// So many of it; `None` past what can be counted.
    pub fn times(self, count: u32) -> Option<Self> {
        Some(match self {
            Self::Days(n) => Self::Days(n.checked_mul(count)?),
            Self::Weeks(n) => Self::Weeks(n.checked_mul(count)?),
            Self::Months(n) => Self::Months(n.checked_mul(count)?),
            Self::Years(n) => Self::Years(n.checked_mul(count)?),
        })
    }

    /// The stretches of this length that follow one another from `first` on: the first and last day of the `nth`, from
    /// 0. Months clamp from the original date (section 6.5): from 31 January the one ends on 27 February, the next on
    /// 30 March. `None` past the end of the calendar.
    pub fn stretch(self, first: Date, nth: u32) -> Option<(Date, Date)> {
        let begins = self.times(nth)?.after(first)?;
        let next = self.times(nth.checked_add(1)?)?.after(first)?;
        Some((begins, next.yesterday().ok()?))
    }

    /// Of the stretches of this length from `first` on, the one that holds `day`; the first one where `day` lies
    /// before it. `None` past the end of the calendar, and for a length of nothing.
    pub fn stretch_of(self, first: Date, day: Date) -> Option<(Date, Date)> {
        let day = day.max(first);
        let days = i64::from((day - first).get_days());
        let months =
            (i64::from(day.year()) - i64::from(first.year())) * 12 + i64::from(day.month()) - i64::from(first.month());
        let (gone, each) = match self {
            Self::Days(n) => (days, i64::from(n)),
            Self::Weeks(n) => (days, i64::from(n) * 7),
            Self::Months(n) => (months, i64::from(n)),
            Self::Years(n) => (months, i64::from(n) * 12),
        };
        let nth = u32::try_from(gone.checked_div(each)?).ok()?;
        // In months the day of the month decides: it can be the one before.
        let stretch = self.stretch(first, nth)?;
        if day < stretch.0 { self.stretch(first, nth.checked_sub(1)?) } else { Some(stretch) }
    }

    fn span(self) -> Option<Span> {
        let span = Span::new();
        match self {
            Self::Days(n) => span.try_days(n),
            Self::Weeks(n) => span.try_weeks(n),
            Self::Months(n) => span.try_months(n),
            Self::Years(n) => span.try_years(n),
        }
        .ok()
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, word) = match self {
            Self::Days(n) => (n, "day"),
            Self::Weeks(n) => (n, "week"),
            Self::Months(n) => (n, "month"),
            Self::Years(n) => (n, "year"),
        };
        write!(f, "{count} {word}{}", if *count == 1 { "" } else { "s" })
    }
}

/// A stretch of a member's history that something is measured over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Window {
    /// `last 365 days`: whole days, today and those before.
    Last(Length),
    /// `last 24 hours`: exact.
    LastHours(u32),
    /// `calendar month`.
    Calendar(Period),
    /// `membership year`.
    MembershipYear,
    /// `since joining`.
    SinceJoining,
    /// `campaign`: the rule's own dates.
    Campaign,
    /// `ever`.
    Ever,
}

impl Window {
    /// The first and the last day (inclusive) of the window as seen on `day`; `None` is open.
    /// `last 1 month` on 15 March is 16 February up to 15 March. [`Window::LastHours`] gives the
    /// days it can touch; [`Window::hours`] is exact.
    pub fn days(
        &self,
        clock: &Clock,
        day: Date,
        joined: Option<Date>,
        campaign: (Option<Date>, Option<Date>),
    ) -> (Option<Date>, Option<Date>) {
        match self {
            Self::Last(length) => (length.before(day).map(next), Some(day)),
            Self::LastHours(hours) => (Length::Days(hours / 24 + 2).before(day), Some(day)),
            Self::Calendar(period) => {
                let (first, last) = clock.span_of(*period, day);
                (Some(first), Some(last))
            }
            Self::MembershipYear => match joined {
                Some(joined) => {
                    let (first, last) = membership_year(joined, day);
                    (Some(first), Some(last))
                }
                None => (None, None),
            },
            Self::SinceJoining => (joined, None),
            Self::Campaign => campaign,
            Self::Ever => (None, None),
        }
    }

    /// For `last N hours` seen at `at`: the moment it begins after (exclusive) and `at` itself
    /// (inclusive); nothing for other windows.
    pub fn hours(&self, at: Moment) -> Option<(Moment, Moment)> {
        match self {
            Self::LastHours(hours) => Some((at.hours_before(*hours), at)),
            Self::Last(_)
            | Self::Calendar(_)
            | Self::MembershipYear
            | Self::SinceJoining
            | Self::Campaign
            | Self::Ever => None,
        }
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Last(length) => write!(f, "last {length}"),
            Self::LastHours(1) => f.write_str("last 1 hour"),
            Self::LastHours(hours) => write!(f, "last {hours} hours"),
            Self::Calendar(period) => write!(f, "calendar {period}"),
            Self::MembershipYear => f.write_str("membership year"),
            Self::SinceJoining => f.write_str("since joining"),
            Self::Campaign => f.write_str("campaign"),
            Self::Ever => f.write_str("ever"),
        }
    }
}

/// No zone of that name exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownZone {
    /// The name as given.
    pub name: String,
}

impl fmt::Display for UnknownZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no time zone is called {}", self.name)
    }
}

impl std::error::Error for UnknownZone {}

/// Why a text is no date or time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BadMoment {
    /// Not written as a date or time of this language.
    Shape,
    /// Written well, but the calendar has no such day.
    NoSuchDay,
    /// Written well, but the clock has no such time.
    NoSuchTime,
    /// Written well, but no such offset from UTC exists.
    NoSuchOffset,
}

impl fmt::Display for BadMoment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shape => "not a date or time",
            Self::NoSuchDay => "no such day in the calendar",
            Self::NoSuchTime => "no such time of day",
            Self::NoSuchOffset => "no such offset from UTC",
        })
    }
}

impl std::error::Error for BadMoment {}

/// A program's clock: one zone for all calendar words, and where days, weeks and years begin.
///
/// ```
/// use loyal::value::{Clock, Period};
/// use jiff::civil::date;
/// let clock = Clock::new("Europe/Bucharest").unwrap();
/// let (first, last) = clock.span_of(Period::Week, date(2026, 2, 4));
/// assert_eq!((first, last), (date(2026, 2, 2), date(2026, 2, 8)));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    zone: TimeZone,
    day_starts: Time,
    week_starts: Weekday,
    year_starts: (i8, i8),
}

impl Clock {
    /// Whether another clock tells the same moments and days: where weeks and years begin is not asked.
    pub fn tells_as(&self, other: &Clock) -> bool {
        (&self.zone, self.day_starts) == (&other.zone, other.day_starts)
    }

    /// A clock of that zone (`Area/City`, or `UTC`): days from midnight, weeks from Monday, years from 1 January.
    pub fn new(zone: &str) -> Result<Self, UnknownZone> {
        let zone = if zone == "UTC" {
            TimeZone::UTC
        } else {
            TimeZone::get(zone).map_err(|_| UnknownZone { name: zone.to_owned() })?
        };
        Ok(Self { zone, day_starts: Time::midnight(), week_starts: Weekday::Monday, year_starts: (1, 1) })
    }

    /// UTC with all defaults.
    pub fn utc() -> Self {
        Self { zone: TimeZone::UTC, day_starts: Time::midnight(), week_starts: Weekday::Monday, year_starts: (1, 1) }
    }

    /// Sets the time at which a day starts.
    pub fn set_day_starts(&mut self, time: Time) -> &mut Self {
        self.day_starts = time;
        self
    }

    /// Sets the day on which a week starts.
    pub fn set_week_starts(&mut self, weekday: Weekday) -> &mut Self {
        self.week_starts = weekday;
        self
    }

    /// Sets the month and day on which a year starts; false, and no change, when no year has it.
    pub fn set_year_starts(&mut self, month: i8, day: i8) -> bool {
        // 2000 is a leap year: 29 February is a day, and 28 February in other years.
        let exists = Date::new(2000, month, day).is_ok();
        if exists {
            self.year_starts = (month, day);
        }
        exists
    }

    /// The zone.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The zone's name.
    pub fn zone_name(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }

    /// When a day starts.
    pub fn day_starts(&self) -> Time {
        self.day_starts
    }

    /// On which day a week starts.
    pub fn week_starts(&self) -> Weekday {
        self.week_starts
    }

    /// The month and day on which a year starts.
    pub fn year_starts(&self) -> (i8, i8) {
        self.year_starts
    }

    /// The moment of a wall time: one that the clock skips moves forward, one that comes twice is
    /// the first.
    pub fn moment(&self, date: Date, time: Time) -> Moment {
        let wall = DateTime::from_parts(date, time);
        let edge = if date.year() < 0 { Timestamp::MIN } else { Timestamp::MAX };
        Moment(self.zone.to_ambiguous_timestamp(wall).compatible().unwrap_or(edge))
    }

    /// The moment at which a day starts.
    pub fn start_of(&self, day: Date) -> Moment {
        self.moment(day, self.day_starts)
    }

    /// The moment at which a day has ended: the start of the next.
    pub fn end_of(&self, day: Date) -> Moment {
        match day.tomorrow() {
            Ok(next) => self.start_of(next),
            Err(_) => Moment::MAX,
        }
    }

    /// The day a moment belongs to; before `day starts` it is still the day before.
    pub fn day_of(&self, moment: Moment) -> Date {
        let (date, time) = self.local(moment);
        let mut day = if time < self.day_starts { previous(date) } else { date };
        // A clock change across the start of the day can leave the wall time on the wrong side.
        if self.start_of(day) > moment {
            day = previous(day);
        } else if self.end_of(day) <= moment {
            day = next(day);
        }
        day
    }

    /// The wall date and time of a moment.
    pub fn local(&self, moment: Moment) -> (Date, Time) {
        let wall = self.zone.to_datetime(moment.0);
        (wall.date(), wall.time())
    }

    /// The first and last day of the calendar span that holds `day`.
    pub fn span_of(&self, period: Period, day: Date) -> (Date, Date) {
        match period {
            Period::Day => (day, day),
            Period::Week => {
                let since = u32::from(day.weekday().since(self.week_starts).unsigned_abs());
                let first = Length::Days(since).before(day).unwrap_or(Date::MIN);
                (first, Length::Days(6).after(first).unwrap_or(Date::MAX))
            }
            Period::Month => (day.first_of_month(), day.last_of_month()),
            Period::Quarter => {
                let (first, last) = self.span_of(Period::Year, day);
                let starts = [3, 6, 9].map(|months| Length::Months(months).after(first).unwrap_or(Date::MAX));
                let begun = starts.iter().filter(|start| **start <= day).count();
                let from = if begun == 0 { first } else { starts[begun - 1] };
                (from, starts.get(begun).map_or(last, |start| previous(*start)))
            }
            Period::Year => {
                let this = self.year_start(day.year());
                if day < this {
                    (self.year_start(day.year() - 1), previous(this))
                } else if day.year() == 9999 {
                    (this, Date::MAX)
                } else {
                    (this, previous(self.year_start(day.year() + 1)))
                }
            }
        }
    }

    /// The first day of the calendar span after the one that holds `day`.
    pub fn next_start(&self, period: Period, day: Date) -> Date {
        next(self.span_of(period, day).1)
    }

    /// Reads `2026-02-03` (the start of that day; the second value is false), `2026-02-03 15:10[:07]`
    /// in this clock's zone, or `2026-02-03T15:10:07+02:00` / `Z` exactly.
    pub fn parse_moment(&self, text: &str) -> Result<(Moment, bool), BadMoment> {
        match parse_wall(text)? {
            Wall { date, time: None, .. } => Ok((self.start_of(date), false)),
            Wall { date, time: Some(time), offset: None } => Ok((self.moment(date, time), true)),
            Wall { date, time: Some(time), offset: Some(offset) } => {
                let exact = offset.to_timestamp(DateTime::from_parts(date, time));
                Ok((Moment(exact.map_err(|_| BadMoment::NoSuchDay)?), true))
            }
        }
    }

    /// The moment as wall time text, `2026-02-03 15:10:07`; seconds only when there are any.
    pub fn show(&self, moment: Moment) -> String {
        let (date, time) = self.local(moment);
        let clock = format!("{date} {:02}:{:02}", time.hour(), time.minute());
        if time.second() == 0 { clock } else { format!("{clock}:{:02}", time.second()) }
    }

    /// 29 February begins on 28 February in other years; the calendar's edge stands for years past it.
    fn year_start(&self, year: i16) -> Date {
        let (month, day) = self.year_starts;
        day_in_year(year, month, day)
    }
}

/// Reads `2026-02-03`.
pub fn parse_date(text: &str) -> Result<Date, BadMoment> {
    match parse_wall(text)? {
        Wall { date, time: None, .. } => Ok(date),
        Wall { .. } => Err(BadMoment::Shape),
    }
}

/// What a text says before a zone gives it meaning.
struct Wall {
    date: Date,
    time: Option<Time>,
    offset: Option<Offset>,
}

fn parse_wall(text: &str) -> Result<Wall, BadMoment> {
    let bytes = text.as_bytes();
    let (day, rest) = bytes.split_at_checked(10).ok_or(BadMoment::Shape)?;
    if day[4] != b'-' || day[7] != b'-' {
        return Err(BadMoment::Shape);
    }
    let (year, month, date) = (number(&day[..4])?, number(&day[5..7])?, number(&day[8..])?);
    let small = |n: i16| i8::try_from(n).map_err(|_| BadMoment::NoSuchDay);
    if year == 0 {
        return Err(BadMoment::NoSuchDay);
    }
    let date = Date::new(year, small(month)?, small(date)?).map_err(|_| BadMoment::NoSuchDay)?;
    match rest.split_first() {
        None => Ok(Wall { date, time: None, offset: None }),
        Some((b' ' | b'T', clock)) => {
            let at = clock.iter().position(|b| matches!(b, b'Z' | b'+' | b'-')).unwrap_or(clock.len());
            let (clock, zone) = clock.split_at(at);
            Ok(Wall { date, time: Some(parse_clock(clock)?), offset: parse_offset(zone)? })
        }
        Some(_) => Err(BadMoment::Shape),
    }
}

/// `15:10`, `15:10:07` or `15:10:07.123`.
fn parse_clock(text: &[u8]) -> Result<Time, BadMoment> {
    let (hour, minute, second, part) = match text {
        [_, _, b':', _, _] => (&text[..2], &text[3..5], &b"00"[..], &b""[..]),
        [_, _, b':', _, _, b':', _, _] => (&text[..2], &text[3..5], &text[6..8], &b""[..]),
        [_, _, b':', _, _, b':', _, _, b'.', part @ ..] if (1..=9).contains(&part.len()) => {
            (&text[..2], &text[3..5], &text[6..8], part)
        }
        _ => return Err(BadMoment::Shape),
    };
    let small = |text: &[u8]| number(text).map(|n| i8::try_from(n).unwrap_or(i8::MAX));
    let mut nanoseconds = 0_i32;
    for place in 0..9 {
        let digit = part.get(place).copied().unwrap_or(b'0');
        if !digit.is_ascii_digit() {
            return Err(BadMoment::Shape);
        }
        nanoseconds = nanoseconds * 10 + i32::from(digit - b'0');
    }
    Time::new(small(hour)?, small(minute)?, small(second)?, nanoseconds).map_err(|_| BadMoment::NoSuchTime)
}

/// Nothing, `Z`, `+02:00` or `+0200`.
fn parse_offset(text: &[u8]) -> Result<Option<Offset>, BadMoment> {
    let (sign, hours, minutes) = match text {
        [] => return Ok(None),
        [b'Z'] => return Ok(Some(Offset::UTC)),
        [sign @ (b'+' | b'-'), hours @ .., b':', m, n] if hours.len() == 2 => (*sign, hours, [*m, *n]),
        [sign @ (b'+' | b'-'), hours @ .., m, n] if hours.len() == 2 => (*sign, hours, [*m, *n]),
        _ => return Err(BadMoment::Shape),
    };
    let (hours, minutes) = (i32::from(number(hours)?), i32::from(number(&minutes)?));
    if minutes > 59 || hours > 23 {
        return Err(BadMoment::NoSuchOffset);
    }
    let seconds = (hours * 60 + minutes) * 60;
    let signed = if sign == b'-' { -seconds } else { seconds };
    Offset::from_seconds(signed).map(Some).map_err(|_| BadMoment::NoSuchOffset)
}

/// At most four ASCII digits as a number.
fn number(digits: &[u8]) -> Result<i16, BadMoment> {
    digits.iter().try_fold(0_i16, |sum, b| {
        if b.is_ascii_digit() { Ok(sum * 10 + i16::from(b - b'0')) } else { Err(BadMoment::Shape) }
    })
}

/// The day after, or the calendar's last.
fn next(day: Date) -> Date {
    day.tomorrow().unwrap_or(Date::MAX)
}

/// The day before, or the calendar's first.
fn previous(day: Date) -> Date {
    day.yesterday().unwrap_or(Date::MIN)
}

fn day_in_year(year: i16, month: i8, day: i8) -> Date {
    let edge = if year < 0 { Date::MIN } else { Date::MAX };
    Date::new(year, month, day).or_else(|_| Date::new(year, month, day.min(28))).unwrap_or(edge)
}

/// A birthday's or anniversary's day in `year`; 29 February falls on 28 February in other years.
pub fn yearly(day: Date, year: i16) -> Date {
    day_in_year(year, day.month(), day.day())
}

/// The first and last day of the membership year that holds `day`.
pub fn membership_year(joined: Date, day: Date) -> (Date, Date) {
    let this = yearly(joined, day.year());
    let first = if day < this { yearly(joined, day.year().saturating_sub(1)) } else { this };
    let following = yearly(joined, first.year().saturating_add(1));
    (first, if following == Date::MAX { Date::MAX } else { previous(following) })
}

#[cfg(test)]
mod tests;
