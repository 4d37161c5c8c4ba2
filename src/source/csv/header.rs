//! The header: what parts the cells, and how the columns are called. The ledger's reader finds both the same way.

use super::careful::Spans;
use super::chunk::Chunk;
use super::tidy::trimmed;
use crate::value::nfc;

/// The header of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// The names of the columns, composed.
    pub(super) names: Vec<String>,
    pub(super) delimiter: u8,
    /// How many bytes of the file it takes, byte order mark and line end too.
    pub(super) length: usize,
}

/// Reads the header from the first bytes of a file; `whole` when there are no more.
///
/// # Errors
/// What the fast way does not take.
pub(super) fn read(start: &[u8], whole: bool, delimiter: Option<u8>) -> Result<Header, String> {
    let rows = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start);
    let line = match memchr::memchr(b'\n', rows) {
        Some(end) => &rows[..=end],
        None if whole && !rows.is_empty() => rows,
        None => return Err("no line end in the header".into()),
    };
    let body = line.strip_suffix(b"\n").unwrap_or(line);
    let body = body.strip_suffix(b"\r").unwrap_or(body);
    let first = body.first().copied().unwrap_or(b' ');
    let packed = [&b"PAR1"[..], b"ARROW1", b"BZh", b"sep="].iter().any(|magic| body.starts_with(magic));
    if first <= b' ' || matches!(first, b'<' | b'{' | b'[' | b'%') || packed {
        return Err("a first line that is no plain header".into());
    }
    if body.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t') {
        return Err("control characters in the header".into());
    }
    let delimiter = delimiter.unwrap_or_else(|| found(body));
    let mut chunk = Chunk::of(line);
    let width = cells_of(body, delimiter);
    let places: Vec<usize> = (0..width).collect();
    let mut spans = Spans::default();
    let around = (chunk.from, chunk.to);
    spans.read(&mut chunk.bytes, around, delimiter, width, &places)?;
    let cells = spans.cells.iter().map(|(from, to)| &chunk.bytes[*from as usize..*to as usize]);
    let names: Result<Vec<String>, String> = cells.map(|cell| Ok(nfc(trimmed(cell)?).into_owned())).collect();
    let names = names?;
    if names.is_empty() {
        return Err("a blank header".into());
    }
    for (at, name) in names.iter().enumerate() {
        if !name.is_empty() && names[..at].contains(name) {
            return Err(format!("two columns called `{name}`"));
        }
    }
    Ok(Header { names, delimiter, length: start.len() - rows.len() + line.len() })
}

/// How many cells a line has.
fn cells_of(line: &[u8], delimiter: u8) -> usize {
    let mut quoted = false;
    let mut cells = 1;
    for byte in line {
        quoted ^= *byte == b'"';
        cells += usize::from(*byte == delimiter && !quoted);
    }
    cells
}

/// What parts a header into most cells.
fn found(line: &[u8]) -> u8 {
    let counts = [b',', b';', b'\t'].map(|byte| (cells_of(line, byte), byte));
    let most = counts.iter().map(|(count, _)| *count).max().unwrap_or(0);
    counts.iter().find(|(count, _)| *count == most).map_or(b',', |(_, byte)| *byte)
}
