//! How dates and numbers are written in a file, and reading them exactly.

use std::borrow::Cow;

use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime::BrokenDownTime;

use super::mistake::{NumberFault, TimeFault};
use crate::value::clock::{BadMoment, Clock, Moment};
use crate::value::exact::Exact;
use crate::value::ungrouped;

/// More digits than this are a damaged file, and slow to read.
const LONGEST_NUMBER: usize = 1000;

/// A form of dates, such as `%d.%m.%Y %H:%M`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateForm {
    text: String,
}

impl DateForm {
    /// Checks that the form gives a day.
    ///
    /// # Errors
    /// What was probably meant, when it can be told: `DD.MM.YYYY` is `%d.%m.%Y`.
    pub fn parse(text: &str) -> Result<Self, Option<String>> {
        // A form that can write this moment and read it back to the same day says all that is needed.
        let sample = DateTime::constant(1987, 11, 23, 21, 43, 56, 0);
        let reads = parts_of(sample)
            .to_string(text)
            .and_then(|written| BrokenDownTime::parse(text, &written))
            .and_then(|read| read.to_date());
        match reads {
            Ok(day) if day == sample.date() => Ok(Self { text: text.to_owned() }),
            _ => Err(translated(text)),
        }
    }

    /// The form as it was written.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    fn read(&self, clock: &Clock, text: &str) -> Result<(Moment, bool), TimeFault> {
        let read = BrokenDownTime::parse(&self.text, text).map_err(|_| self.why_not(text))?;
        let day = read.to_date().map_err(|_| TimeFault::NoSuchDay)?;
        if day.year() < 1 {
            return Err(TimeFault::Year);
        }
        if read.hour().is_none() {
            return Ok((clock.start_of(day), false));
        }
        let time = read.to_time().map_err(|_| TimeFault::NoSuchTime)?;
        match read.offset() {
            None => Ok((clock.moment(day, time), true)),
            Some(offset) => {
                let exact = offset.to_timestamp(DateTime::from_parts(day, time));
                Ok((Moment(exact.map_err(|_| TimeFault::NoSuchDay)?), true))
            }
        }
    }

    /// A text of the right outline with a part out of range is a day or time that does not exist.
    fn why_not(&self, text: &str) -> TimeFault {
        let outline = |text: &str| -> String {
            let mut last = None;
            let kinds = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c });
            kinds.filter(|kind| last.replace(*kind) != Some('0') || *kind != '0').collect()
        };
        let shown = self.example();
        if !text.is_empty() && outline(text) == outline(&shown) && text.len().abs_diff(shown.len()) <= 2 {
            TimeFault::NoSuchDay
        } else {
            TimeFault::Shape
        }
    }

    /// A date in this form: the last minute of 2026.
    fn example(&self) -> String {
        let last = DateTime::constant(2026, 12, 31, 23, 59, 0, 0);
        parts_of(last).to_string(&self.text).unwrap_or_default()
    }
}

/// A wall time of UTC, ready to be written in any form.
fn parts_of(wall: DateTime) -> BrokenDownTime {
    let mut parts = BrokenDownTime::from(wall);
    parts.set_offset(Some(jiff::tz::Offset::UTC));
    parts
}

/// `DD.MM.YYYY hh:mm` as a form, when that gives a day.
fn translated(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let (day, time) = match lower.find(['h', 'H']) {
        Some(at) => lower.split_at(at),
        None => (lower.as_str(), ""),
    };
    let day = day.replace("yyyy", "%Y").replace("yy", "%y").replace("mm", "%m").replace("dd", "%d");
    let time = time.replace("hh", "%H").replace("mm", "%M").replace("ss", "%S");
    let form = format!("{day}{time}");
    if form != text && form.contains('%') && DateForm::parse(&form).is_ok() { Some(form) } else { None }
}

/// Reads a date or time: in one of the forms, or in ours when there is none.
pub(super) fn read_time(forms: &[DateForm], clock: &Clock, text: &str) -> Result<(Moment, bool), TimeFault> {
    if forms.is_empty() {
        return clock.parse_moment(text).map_err(|bad| match bad {
            BadMoment::Shape if far_year(text) => TimeFault::Year,
            BadMoment::Shape => TimeFault::Shape,
            BadMoment::NoSuchDay if text.starts_with("0000") => TimeFault::Year,
            BadMoment::NoSuchDay => TimeFault::NoSuchDay,
            BadMoment::NoSuchTime => TimeFault::NoSuchTime,
            BadMoment::NoSuchOffset => TimeFault::NoSuchOffset,
        });
    }
    let mut fault = TimeFault::Shape;
    for form in forms {
        match form.read(clock, text) {
            Ok(read) => return Ok(read),
            Err(TimeFault::Shape) => {}
            Err(other) => fault = other,
        }
    }
    Err(fault)
}

/// The form that a date is probably written in: `03/02/2026` is `%d/%m/%Y`.
pub(super) fn guessed_form(text: &str) -> Option<String> {
    let (day, time) = match text.split_once([' ', 'T']) {
        Some((day, time)) => (day, Some(time)),
        None => (text, None),
    };
    let sign = day.chars().find(|c| !c.is_ascii_digit());
    let mut form = match sign {
        None => "%Y%m%d".to_owned(),
        Some(sign) => {
            let parts: Vec<&str> = day.split(sign).collect();
            let first: u8 = parts.first()?.parse().unwrap_or(0);
            let second: u8 = parts.get(1)?.parse().unwrap_or(0);
            match (parts.first()?.len(), parts.get(2)?.len()) {
                (4, _) => format!("%Y{sign}%m{sign}%d"),
                (_, years @ (2 | 4)) => {
                    let year = if years == 4 { "%Y" } else { "%y" };
                    // A month is at most 12; where both could be one, the day comes first in most of the world.
                    let (a, b) = if second > 12 && first <= 12 { ("%m", "%d") } else { ("%d", "%m") };
                    format!("{a}{sign}{b}{sign}{year}")
                }
                _ => return None,
            }
        }
    };
    if let Some(time) = time {
        let clock = ["%H:%M", "%H:%M:%S", "%H.%M", "%I:%M %p", "%I:%M:%S %p"];
        let clock = clock.into_iter().find(|form| BrokenDownTime::parse(form, time).is_ok())?;
        form = format!("{form} {clock}");
    }
    BrokenDownTime::parse(&form, text).ok().and_then(|read| read.to_date().ok()).map(|_| form)
}

/// Reads a day alone (a birthday, the day of joining); of a time, the day it lies in.
pub(super) fn read_day(forms: &[DateForm], clock: &Clock, text: &str) -> Result<Date, TimeFault> {
    let (at, timed) = read_time(forms, clock, text)?;
    Ok(if timed { clock.local(at).0 } else { clock.day_of(at) })
}

/// The forms as a person writes them.
pub(super) fn shown_forms(forms: &[DateForm]) -> String {
    if forms.is_empty() {
        return "2026-02-03, 2026-02-03 15:10 or 2026-02-03T15:10:07+02:00".to_owned();
    }
    forms.iter().map(DateForm::example).collect::<Vec<_>>().join(" or ")
}

/// `12026-01-01` or `-0044-03-15`: a date well written, but of a year that is not read.
fn far_year(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    match digits.split_once('-') {
        Some((year, rest)) => {
            let far = year.len() > 4 || digits.len() < text.len();
            far && year.bytes().all(|b| b.is_ascii_digit())
                && !year.is_empty()
                && rest.len() >= 5
                && rest.as_bytes()[2] == b'-'
        }
        None => false,
    }
}

/// How numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberForm {
    /// What stands before the decimals.
    pub decimal: char,
    /// What stands between thousands.
    pub thousands: Option<char>,
}

impl Default for NumberForm {
    fn default() -> Self {
        Self { decimal: '.', thousands: None }
    }
}

impl NumberForm {
    /// Reads a number exactly.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(&self, text: &str) -> Result<Exact, NumberFault> {
        if text.len() > LONGEST_NUMBER {
            return Err(NumberFault::Long);
        }
        if self.decimal == '.' && self.thousands.is_none() {
            return Exact::parse(text).ok_or_else(|| fault(text));
        }
        let (whole, part) = match text.split_once(self.decimal) {
            Some((whole, part)) => (whole, Some(part)),
            None => (text, None),
        };
        let whole = match self.thousands {
            Some(sign) => ungrouped(whole, sign).ok_or_else(|| fault(text))?,
            None => Cow::Borrowed(whole),
        };
        let plain = match part {
            Some(part) => Cow::Owned(format!("{whole}.{part}")),
            None => whole,
        };
        // What is left may hold no other sign: `1.5` where the decimal sign is a comma is 15 to
        // one reader and 1.5 to another.
        if part.is_none() && plain.contains('.') {
            return Err(NumberFault::Point);
        }
        Exact::parse(&plain).ok_or_else(|| fault(text))
    }

    /// Two numbers in this form.
    pub(super) fn examples(&self) -> String {
        let thousands = self.thousands.map(String::from).unwrap_or_default();
        format!("1{thousands}234{}50 or -3", self.decimal)
    }

    /// The lines of the map that a number like `text` lacks; none when they cannot be told.
    ///
    /// What the map says already is not asked again: where decimals follow a comma, the point of
    /// `1.045,90` stands between thousands.
    pub(super) fn missing(&self, text: &str) -> Option<String> {
        let signs: Vec<char> = text.chars().filter(|c| !c.is_ascii_digit() && !matches!(c, '-' | '+')).collect();
        let (first, last) = (*signs.first()?, *signs.last()?);
        let tail = text.rsplit(last).next().map_or(0, str::len);
        let between = |sign: char| Some(if matches!(sign, '\u{a0}' | '\u{202f}') { ' ' } else { sign });
        let thousands_only = signs.len() > 1 || (tail == 3 && self.decimal == ',' && last != ',');
        let (decimal, thousands) = match first == last {
            true if thousands_only => (if last == self.decimal { None } else { Some(self.decimal) }, between(last)),
            // `1,234` is a thousand to one reader and one and a bit to another.
            true if tail == 3 && last == ',' => {
                return Some("thousands = \",\" if it is above a thousand, else decimal = \",\"".into());
            }
            true => (Some(last), self.thousands),
            false => (Some(last), between(first)),
        };
        let decimal = decimal.unwrap_or(if last == ',' { '.' } else { ',' });
        let read = Self { decimal, thousands };
        if !matches!(decimal, '.' | ',' | '٫') || read.read(text).is_err() {
            return None;
        }
        let mut lines = Vec::new();
        if decimal != self.decimal {
            lines.push(format!("decimal = \"{decimal}\""));
        }
        if let Some(sign) = thousands.filter(|_| thousands != self.thousands) {
            lines.push(format!("thousands = \"{sign}\""));
        }
        (!lines.is_empty()).then(|| lines.join(" and "))
    }
}

/// Says what is wrong with a number that is none.
fn fault(text: &str) -> NumberFault {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let plain = text.strip_prefix(['-', '+']).unwrap_or(text);
    if let Some((whole, part)) = plain.split_once(',')
        && is_digits(whole)
        && is_digits(part)
        && (part.len() != 3 || whole == "0")
    {
        return NumberFault::Comma;
    }
    let separators = [',', '.', ' ', '\'', '\u{a0}', '\u{202f}'];
    let parts: Vec<&str> = plain.split(separators).collect();
    if parts.len() > 1 && parts.iter().all(|part| is_digits(part)) && parts[1..].iter().any(|part| part.len() == 3) {
        return NumberFault::Grouped;
    }
    if let Some((mantissa, exponent)) = plain.split_once(['e', 'E'])
        && Exact::parse(mantissa).is_some()
        && is_digits(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))
    {
        return NumberFault::Scientific;
    }
    if ["nan", "inf", "infinity", "#n/a", "null", "none"].contains(&plain.to_lowercase().as_str()) {
        return NumberFault::NotFinite;
    }
    if text.starts_with(['+', '−', '–']) && Exact::parse(text.trim_start_matches(['+', '−', '–'])).is_some() {
        return NumberFault::Sign;
    }
    if plain.chars().any(|c| c.is_numeric() && !c.is_ascii()) {
        return NumberFault::Digits;
    }
    if plain.bytes().any(|b| b.is_ascii_digit())
        && plain.chars().any(|c| !c.is_ascii_digit() && !separators.contains(&c))
    {
        return NumberFault::WithText;
    }
    NumberFault::Other
}
