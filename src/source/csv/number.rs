//! Numbers: `-12.5`, scaled, eight digits at once.

use super::form::Written;
use super::tidy::{tidy, words};
use crate::source::batch::{NONE, SCALE};

/// What digits behind the point are still worth, by how many there are.
const WORTH: [i64; 5] = [SCALE, SCALE / 10, SCALE / 100, SCALE / 1000, 1];

const ZEROS: u64 = u64::from_le_bytes(*b"00000000");
const LOWEST: u64 = 0x0101_0101_0101_0101;
const HIGHEST: u64 = 0x8080_8080_8080_8080;

/// The number in `bytes[from..to]`, where at least eight bytes stand before and behind.
///
/// # Errors
/// Why it is not plainly one.
#[inline]
pub(in crate::source) fn read(bytes: &[u8], from: usize, to: usize) -> Result<i64, String> {
    match short(bytes, from, to, b'.') {
        Some(number) => Ok(number),
        None => long(tidy(&bytes[from..to])?),
    }
}

/// The same of a number in the form of its file.
pub(super) fn read_written(bytes: &[u8], from: usize, to: usize, form: &Written) -> Result<i64, String> {
    if form.has_our_numbers() {
        return read(bytes, from, to);
    }
    if let Some(number) = short(bytes, from, to, form.decimal) {
        return Ok(number);
    }
    let text = tidy(&bytes[from..to])?;
    match form.ours(text) {
        Some(number) => long(&number),
        None if text.is_empty() => Ok(NONE),
        None => Err(format!("`{text}` as a number")),
    }
}

/// A number of at most eight signs, and a minus; `point` stands before its decimals.
#[inline(always)]
pub(super) fn short(bytes: &[u8], from: usize, to: usize, point: u8) -> Option<i64> {
    if from == to {
        return Some(NONE);
    }
    let negative = bytes[from] == b'-';
    let length = to - from - usize::from(negative);
    if length.wrapping_sub(1) >= 8 {
        return None;
    }
    // The last sign is in the highest byte; what stands before the first becomes zeros.
    let before = u64::MAX << (8 * (8 - length));
    let [last] = words(bytes, to - 8);
    let signs = (last & before) | (ZEROS & !before);
    let other = signs ^ (u64::from(point) * LOWEST);
    let points = other.wrapping_sub(LOWEST) & !other & HIGHEST;
    let (digits, decimals) = if points == 0 {
        (signs, 0)
    } else {
        let place = points.trailing_zeros() as usize / 8;
        let decimals = 7 - place;
        if decimals.wrapping_sub(1) >= 4 || length == decimals + 1 {
            return None;
        }
        // What stands before the point moves up by one, over it.
        let below = (1_u64 << (8 * place)) - 1;
        let above = u64::MAX << (8 * place) << 8;
        ((signs & above) | ((signs & below) << 8) | u64::from(b'0'), decimals)
    };
    let number = eight(digits)? * WORTH[decimals];
    Some(if negative { -number } else { number })
}

/// Eight digits as a number, the first in the lowest byte.
#[inline(always)]
fn eight(digits: u64) -> Option<i64> {
    const HALVES: u64 = 0xF0F0_F0F0_F0F0_F0F0;
    if (digits & HALVES) | ((digits.wrapping_add(0x0606_0606_0606_0606) & HALVES) >> 4) != 0x3333_3333_3333_3333 {
        return None;
    }
    let pairs = (digits & 0x0F0F_0F0F_0F0F_0F0F).wrapping_mul(2561) >> 8;
    let fours = (pairs & 0x00FF_00FF_00FF_00FF).wrapping_mul(6_553_601) >> 16;
    let all = (fours & 0x0000_FFFF_0000_FFFF).wrapping_mul(42_949_672_960_001) >> 32;
    i64::try_from(all).ok()
}

/// Any other number.
#[cold]
fn long(text: &str) -> Result<i64, String> {
    if text.is_empty() {
        return Ok(NONE);
    }
    let strange = || format!("`{text}` as a number");
    let (negative, plain) = match text.strip_prefix('-') {
        Some(plain) => (true, plain),
        None => (false, text),
    };
    let (whole, part) = match plain.split_once('.') {
        Some((_, "")) => return Err(strange()),
        Some(halves) => halves,
        None => (plain, ""),
    };
    if whole.is_empty() || part.len() > 4 {
        return Err(strange());
    }
    let mut number = 0_i64;
    for digit in whole.bytes().chain(part.bytes()) {
        let digit = digit.checked_sub(b'0').filter(|digit| *digit < 10).ok_or_else(strange)?;
        number = number.checked_mul(10).and_then(|ten| ten.checked_add(i64::from(digit))).ok_or_else(strange)?;
    }
    let number = number.checked_mul(WORTH[part.len()]).ok_or_else(strange)?;
    Ok(if negative { -number } else { number })
}
