//! Texts as the program compares them: composed (NFC), and in an order people expect.

use std::borrow::Cow;
use std::cmp::Ordering;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The text in Normalization Form C; borrowed when it already is.
///
/// ```
/// assert_eq!(loyal::value::nfc("e\u{301}"), "é");
/// ```
pub fn nfc(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.nfc().collect())
}

/// The digits before the decimal sign, where `sign` stands between thousands: without it, and none where it stands
/// elsewhere. A blank stands for the no-break blanks that spreadsheets write, too.
///
/// ```
/// use loyal::value::ungrouped;
/// assert_eq!(ungrouped("-1.234.567", '.').as_deref(), Some("-1234567"));
/// assert_eq!(ungrouped("1.23", '.'), None);
/// ```
pub fn ungrouped(whole: &str, sign: char) -> Option<Cow<'_, str>> {
    let is_sign = |c: char| c == sign || (sign == ' ' && matches!(c, '\u{a0}' | '\u{202f}'));
    if !whole.contains(is_sign) {
        return Some(Cow::Borrowed(whole));
    }
    let mut groups = whole.split(is_sign);
    let first = groups.next()?;
    let first_digits = first.strip_prefix('-').unwrap_or(first).len();
    let well = (1..=3).contains(&first_digits) && groups.all(|group| group.len() == 3);
    well.then(|| Cow::Owned(whole.replace(is_sign, "")))
}

/// Natural order: runs of digits compare by value, everything else by bytes; texts that differ
/// only in leading zeros fall back to plain bytes, so the order is total.
///
/// ```
/// use std::cmp::Ordering;
/// assert_eq!(loyal::value::natural_cmp("p9", "p10"), Ordering::Less);
/// ```
pub fn natural_cmp(left: &str, right: &str) -> Ordering {
    let (mut a, mut b) = (left.as_bytes(), right.as_bytes());
    loop {
        match (a.first(), b.first()) {
            (None, None) => return left.as_bytes().cmp(right.as_bytes()),
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => {
                let (run_a, rest_a) = digits(a);
                let (run_b, rest_b) = digits(b);
                let order = run_a.len().cmp(&run_b.len()).then_with(|| run_a.cmp(run_b));
                if order.is_ne() {
                    return order;
                }
                (a, b) = (rest_a, rest_b);
            }
            (Some(x), Some(y)) if x != y => return x.cmp(y),
            (Some(_), Some(_)) => (a, b) = (&a[1..], &b[1..]),
        }
    }
}

/// The leading run of digits without its leading zeros, and what follows it.
fn digits(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|b| !b.is_ascii_digit()).unwrap_or(text.len());
    let (run, rest) = text.split_at(end);
    let zeros = run.iter().position(|b| *b != b'0').unwrap_or(run.len());
    (&run[zeros..], rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digit_runs_compare_by_value_and_ties_by_bytes() {
        for (a, b) in [
            ("p9", "p10"),
            ("", "a"),
            ("a", "a1"),
            ("a1b2", "a1b10"),
            ("p009", "p09"),
            ("p09", "p9"),
            ("p9", "p010"),
            ("9", "123456789012345678901234567890"),
            ("2", "a"),
        ] {
            assert_eq!(natural_cmp(a, b), Ordering::Less, "{a} {b}");
            assert_eq!(natural_cmp(b, a), Ordering::Greater, "{b} {a}");
        }
        assert_eq!(natural_cmp("x7", "x7"), Ordering::Equal);
    }

    #[test]
    fn composes() {
        assert_eq!(nfc("s\u{326}"), "ș");
        assert!(matches!(nfc("ș"), Cow::Borrowed(_)));
    }
}
