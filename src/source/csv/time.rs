//! Days and times of day, as they are written; the last day is remembered.

use jiff::civil::Date;

use super::tidy::{tidy, words};
use crate::source::batch::Stamp;

/// Bytes of `____-__-`, and what they must be.
const DASHES: (u64, u64) = (0xFF00_00FF_0000_0000, u64::from_le_bytes([0, 0, 0, 0, b'-', 0, 0, b'-']));
pub(super) const DAY_SECONDS: i64 = 86_400;

/// Reads times; remembers the last day.
#[derive(Debug, Default)]
pub(in crate::source) struct Times {
    /// The last day as it was written.
    written: (u64, u16),
    /// Days since 1970-01-01.
    day: i32,
}

impl Times {
    /// The time in `bytes[from..to]`, where 24 bytes stand behind `from`.
    ///
    /// # Errors
    /// Why it is not plainly one.
    #[inline]
    pub(in crate::source) fn read(&mut self, bytes: &[u8], from: usize, to: usize) -> Result<Stamp, String> {
        match self.plain(bytes, from, to - from) {
            Some(stamp) => Ok(stamp),
            None => self.other(&bytes[from..to]),
        }
    }

    /// A day, or a day with a time of day; none for anything else.
    #[inline(always)]
    pub(super) fn plain(&mut self, bytes: &[u8], from: usize, length: usize) -> Option<Stamp> {
        let [first, second, third] = words(bytes, from);
        let written = (first, second as u16);
        if written != self.written {
            self.day = day(first, second)?;
            self.written = written;
        }
        let behind = match length {
            19 => third,
            16 => NO_SECONDS,
            10 => return Some(Stamp::Day(self.day)),
            _ => return None,
        };
        let seconds = clock(second, behind)?;
        Some(Stamp::Local(i64::from(self.day) * DAY_SECONDS + seconds))
    }

    /// A time with an offset from UTC, or with blanks around it.
    #[cold]
    fn other(&mut self, cell: &[u8]) -> Result<Stamp, String> {
        let text = tidy(cell)?;
        let strange = || format!("`{text}` as a time");
        let (wall, zone) = match text.as_bytes().get(10..).and_then(|rest| rest.iter().position(is_zone)) {
            Some(at) => text.split_at(10 + at),
            None => (text, ""),
        };
        let mut room = [b' '; 32];
        room[..wall.len().min(32)].copy_from_slice(&wall.as_bytes()[..wall.len().min(32)]);
        let stamp = self.plain(&room, 0, wall.len()).ok_or_else(strange)?;
        match (stamp, zone) {
            (stamp, "") => Ok(stamp),
            // The last day of the calendar may lie behind it elsewhere.
            (Stamp::Local(seconds), zone) if !wall.starts_with("9999") && !wall.starts_with("0001") => {
                Ok(Stamp::Exact(seconds - offset(zone.as_bytes()).ok_or_else(strange)?))
            }
            (Stamp::Day(_) | Stamp::Local(_) | Stamp::Exact(_), _) => Err(strange()),
        }
    }
}

fn is_zone(byte: &u8) -> bool {
    matches!(byte, b'Z' | b'+' | b'-')
}

/// `:00`, for a time without seconds.
const NO_SECONDS: u64 = u64::from_le_bytes([b':', b'0', b'0', 0, 0, 0, 0, 0]);

/// A byte of a word.
#[inline(always)]
fn byte(word: u64, at: u32) -> u8 {
    (word >> (8 * at)) as u8
}

/// Two digits of a word; above 99 when they are none.
#[inline(always)]
fn two(word: u64, at: u32) -> u32 {
    let (tens, ones) = (byte(word, at).wrapping_sub(b'0'), byte(word, at + 1).wrapping_sub(b'0'));
    if tens > 9 || ones > 9 { 100 } else { u32::from(tens) * 10 + u32::from(ones) }
}

/// Days since 1970-01-01 of `2026-02-` and `03`.
#[inline(never)]
fn day(first: u64, second: u64) -> Option<i32> {
    let (century, year, month, day) = (two(first, 0), two(first, 2), two(first, 5), two(second, 0));
    if first & DASHES.0 != DASHES.1 || century > 99 || year > 99 {
        return None;
    }
    day_of((century * 100 + year, month, day))
}

/// Days since 1970-01-01 of a year from 1 on, a month and a day of it.
pub(super) fn day_of((year, month, day): (u32, u32, u32)) -> Option<i32> {
    let year = i16::try_from(year).ok().filter(|year| *year > 0)?;
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    days_from(date)
}

/// Days since 1970-01-01.
fn days_from(date: Date) -> Option<i32> {
    // Years run from March, so that a leap day is the last of its year.
    let (month, day) = (i32::from(date.month()), i32::from(date.day()));
    let year = i32::from(date.year()) - i32::from(month <= 2);
    let in_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + in_year - 719_468)
}

/// Seconds of the day of `__ 15:10` (a blank or a `T` before it) and `:07`.
#[inline(always)]
fn clock(second: u64, third: u64) -> Option<i64> {
    const SHAPE: u64 = u64::from_le_bytes(*b"00:00:00");
    const COLONS: u64 = u64::from_le_bytes([0, 0, 0xFF, 0, 0, 0xFF, 0, 0]);
    const HIGH: u64 = 0xF0F0_F0F0_F0F0_F0F0;
    // Each digit of `15:10:07` as its number; what is no digit is above 9.
    let digits = ((second >> 24) | (third << 40)) ^ SHAPE;
    let strange = (digits | digits.wrapping_add(0x0606_0606_0606_0606)) & HIGH | digits & COLONS;
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8);
    let [hour, minute, seconds] = [pairs & 0xFF, (pairs >> 24) & 0xFF, (pairs >> 48) & 0xFF];
    let well = (strange == 0) & matches!(byte(second, 2), b' ' | b'T') & (hour < 24) & (minute < 60) & (seconds < 60);
    if well { Some(((hour * 60 + minute) * 60 + seconds) as i64) } else { None }
}

/// Seconds that `Z`, `+02:00` or `+0200` is before UTC.
fn offset(text: &[u8]) -> Option<i64> {
    let (sign, digits) = match text {
        b"Z" => return Some(0),
        [sign, a, b, b':', c, d] | [sign, a, b, c, d] => (*sign, [*a, *b, *c, *d]),
        _ => return None,
    };
    let word = u64::from_le_bytes([digits[0], digits[1], digits[2], digits[3], 0, 0, 0, 0]);
    let (hours, minutes) = (two(word, 0), two(word, 2));
    if hours > 23 || minutes > 59 {
        return None;
    }
    let seconds = i64::from((hours * 60 + minutes) * 60);
    Some(if sign == b'-' { -seconds } else { seconds })
}
