//! Cells as the ledger sees them: without the blanks around them, and composed.

use std::borrow::Cow;

use crate::value::nfc;

/// A cell without the blanks around it, which must be composed (Unicode NFC) already.
///
/// # Errors
/// When it is not, or is no UTF-8.
pub(in crate::source) fn tidy(cell: &[u8]) -> Result<&str, String> {
    let text = trimmed(cell)?;
    match nfc(text) {
        Cow::Borrowed(text) => Ok(text),
        Cow::Owned(_) => Err("letters and their marks written apart".into()),
    }
}

/// A cell without the blanks around it.
///
/// # Errors
/// When it is no UTF-8.
pub(super) fn trimmed(cell: &[u8]) -> Result<&str, String> {
    Ok(std::str::from_utf8(cell).map_err(|_| "text that is no UTF-8".to_string())?.trim())
}

/// Whether a cell may need tidying, told by its first and last byte; not of wide text.
#[inline(always)]
pub(super) fn blank_edge(first: u8, last: u8) -> bool {
    (first <= b' ') | (last <= b' ')
}

/// So many words of eight bytes from a place on, the first byte lowest.
#[inline(always)]
pub(super) fn words<const N: usize>(bytes: &[u8], at: usize) -> [u64; N] {
    let bytes = &bytes[at..at + 8 * N];
    std::array::from_fn(|word| bytes[8 * word..].first_chunk::<8>().map_or(0, |eight| u64::from_le_bytes(*eight)))
}
