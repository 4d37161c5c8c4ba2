//! How a file writes its times and numbers, where it is not our way.

use std::borrow::Cow;

use super::time::{DAY_SECONDS, day_of};
use crate::source::batch::Stamp;
use crate::value::ungrouped;

/// How a file writes its times and numbers; the default is our way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The form of its times; none: ours.
    pub times: Option<TimeForm>,
    /// What stands before the decimals.
    pub decimal: u8,
    /// What stands between thousands; a blank stands for no-break blanks too.
    pub thousands: Option<char>,
}

impl Default for Written {
    fn default() -> Self {
        Self { times: None, decimal: b'.', thousands: None }
    }
}

impl Written {
    /// Whether numbers are written our way.
    pub(super) fn has_our_numbers(&self) -> bool {
        self.decimal == b'.' && self.thousands.is_none()
    }

    /// A number of ours for one of this form, as the ledger reads it; none where it is not plainly one.
    pub(super) fn ours(&self, number: &str) -> Option<String> {
        let decimal = char::from(self.decimal);
        let (whole, part) = match number.split_once(decimal) {
            Some((whole, part)) => (whole, Some(part)),
            None => (number, None),
        };
        let whole = match self.thousands {
            Some(sign) => ungrouped(whole, sign)?,
            None => Cow::Borrowed(whole),
        };
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole.strip_prefix('-').unwrap_or(&whole)) || !part.is_none_or(digits) {
            return None;
        }
        Some(part.map_or_else(|| whole.clone().into_owned(), |part| format!("{whole}.{part}")))
    }
}

/// A form of times in which every part has its place, such as `%d/%m/%Y %H:%M:%S`: all parts with all their digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeForm {
    length: usize,
    /// Where the digits of the year, the month and the day begin.
    date: [usize; 3],
    /// Where those of the hour, the minute and the second do, as far as they are said.
    clock: [Option<usize>; 3],
    /// What stands between them.
    signs: Vec<(usize, u8)>,
}

impl TimeForm {
    /// The form that `text` says in the words of `strftime`; none where a part of it has no fixed place.
    ///
    /// ```
    /// use loyal::source::csv::TimeForm;
    /// assert!(TimeForm::new("%d.%m.%Y %H:%M").is_some());
    /// assert!(TimeForm::new("%d. %B %Y").is_none());
    /// ```
    pub fn new(text: &str) -> Option<Self> {
        let mut found: [Option<usize>; 6] = [None; 6];
        let (mut length, mut signs) = (0, Vec::new());
        let mut bytes = text.bytes();
        while let Some(byte) = bytes.next() {
            if byte != b'%' {
                if !(b' '..=b'~').contains(&byte) {
                    return None;
                }
                signs.push((length, byte));
                length += 1;
                continue;
            }
            let named = bytes.next()?;
            let part = b"YmdHMS".iter().position(|part| *part == named)?;
            if found[part].replace(length).is_some() {
                return None;
            }
            length += if part == 0 { 4 } else { 2 };
        }
        let [year, month, day, hour, minute, second] = found;
        let told = hour.is_some() == minute.is_some() && (second.is_none() || minute.is_some());
        let form = Self { length, date: [year?, month?, day?], clock: [hour, minute, second], signs };
        (told && length <= 32).then_some(form)
    }

    /// The time in `bytes[from..to]`; none where it is not plainly one of this form.
    pub(super) fn read(&self, bytes: &[u8], from: usize, to: usize, last: &mut LastDay) -> Option<Stamp> {
        let text = bytes.get(from..to).filter(|text| text.len() == self.length)?;
        if self.signs.iter().any(|(at, sign)| text[*at] != *sign) {
            return None;
        }
        let [year, month, day] = self.date;
        let written = (two(text, year)? * 100 + two(text, year + 2)?, two(text, month)?, two(text, day)?);
        if last.written != Some(written) {
            *last = LastDay { written: Some(written), day: day_of(written)? };
        }
        let [Some(hour), Some(minute), second] = self.clock else { return Some(Stamp::Day(last.day)) };
        let second = second.map_or(Some(0), |second| two(text, second))?;
        let (hour, minute) = (two(text, hour)?, two(text, minute)?);
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let seconds = i64::from((hour * 60 + minute) * 60 + second);
        Some(Stamp::Local(i64::from(last.day) * DAY_SECONDS + seconds))
    }
}

/// The last day that was read: year, month and day, and what it is in days since 1970-01-01.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct LastDay {
    written: Option<(u32, u32, u32)>,
    day: i32,
}

fn two(text: &[u8], at: usize) -> Option<u32> {
    let digit = |byte: u8| Some(u32::from(byte.checked_sub(b'0').filter(|digit| *digit < 10)?));
    Some(digit(text[at])? * 10 + digit(text[at + 1])?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: &str, text: &str) -> Option<Stamp> {
        TimeForm::new(form)?.read(text.as_bytes(), 0, text.len(), &mut LastDay::default())
    }

    #[test]
    fn a_time_in_another_form_is_the_one_in_ours() {
        let day = 17_167;
        assert_eq!(read("%m/%d/%Y", "01/01/2017"), Some(Stamp::Day(day)));
        assert_eq!(read("%Y%m%d", "20170101"), Some(Stamp::Day(day)));
        assert_eq!(read("%d.%m.%Y %H:%M", "01.01.2017 06:53"), Some(Stamp::Local(i64::from(day) * 86_400 + 24_780)));
        for (form, text) in [
            ("%m/%d/%Y", "13/01/2017"),
            ("%m/%d/%Y", "1/01/2017"),
            ("%m/%d/%Y", "02/29/2017"),
            ("%m/%d/%Y", "02-28-2017"),
            ("%m/%d/%Y", "02/28/0000"),
            ("%m/%d/%Y", ""),
            ("%m/%d/%Y %H:%M", "02/28/2017 24:00"),
            ("%m/%d/%Y %H:%M:%S", "02/28/2017 23:59:60"),
        ] {
            assert_eq!(read(form, text), None, "{form} {text}");
        }
    }

    #[test]
    fn a_form_whose_parts_have_no_places_is_left_to_the_ledger() {
        for form in ["%d. %B %Y", "%d/%m/%y", "%Y-%m", "%d/%m/%Y %H", "%d/%m/%Y %H:%M %p", "%d/%m/%Y%", "%d/%d/%m/%Y"] {
            assert_eq!(TimeForm::new(form), None, "{form}");
        }
    }

    #[test]
    fn a_number_in_another_form_is_the_one_in_ours() {
        let written = |decimal, thousands| Written { times: None, decimal, thousands };
        let ours = |written: &Written, text| written.ours(text);
        let comma = written(b',', Some('.'));
        assert_eq!(ours(&comma, "-1.234.567,8"), Some("-1234567.8".to_owned()));
        for odd in ["", "-", "1.23,4", "1234.567,8", "1,2,3", "5,", ",5", ".123", "1..234"] {
            assert_eq!(ours(&comma, odd), None, "{odd}");
        }
        assert_eq!(ours(&written(b',', Some(' ')), "1\u{a0}234,5"), Some("1234.5".to_owned()));
        assert_eq!(ours(&written(b',', None), "1.5"), None);
    }
}
