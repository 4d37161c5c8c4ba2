//! From the bytes of a file to its text.

use super::mistake::Files;
use crate::text::Span;
use std::borrow::Cow;

/// The text of `bytes`, or as much of it as there is to show, and what is wrong. A byte order mark is left out.
pub(super) fn decode(bytes: &[u8], file: u32) -> (Cow<'_, str>, Option<Files>) {
    let start = Span::new(file, 0, 0);
    if is_utf16(bytes) {
        return ("".into(), Some(Files::Utf16 { place: start }));
    }
    let whole = bytes.len();
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mark = whole - bytes.len();
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.into(), None),
        Err(error) => {
            let good = error.valid_up_to();
            let line = bytes[..good].iter().filter(|byte| **byte == b'\n').count() + 1;
            let place = Span::new(file, good, good + '\u{FFFD}'.len_utf8());
            let byte = bytes.get(good).copied().unwrap_or_default();
            (String::from_utf8_lossy(bytes), Some(Files::NotUtf8 { place, byte, offset: mark + good, line }))
        }
    }
}

/// By its byte order mark, or because every other byte at its beginning is zero.
fn is_utf16(bytes: &[u8]) -> bool {
    let zeros = |from: usize| bytes.iter().skip(from).step_by(2).take(8).filter(|byte| **byte == 0).count();
    let marked = bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF");
    marked || (bytes.len() >= 8 && (zeros(0) >= 4 || zeros(1) >= 4) && zeros(0).min(zeros(1)) == 0)
}
