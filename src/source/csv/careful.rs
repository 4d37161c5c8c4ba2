//! Rows cell by cell, as RFC 4180 and the ledger's plain reader see them: for what is not all alike.

use super::chunk::LONGEST_ROW;
use super::tidy::trimmed;

/// Cells of asked columns with their quotes taken off, row after row.
#[derive(Debug, Default)]
pub(super) struct Spans {
    /// Where each cell begins and ends; so many a row as there are columns asked for.
    pub(super) cells: Vec<(u32, u32)>,
    /// How many rows.
    pub(super) rows: usize,
    row: Vec<(u32, u32)>,
}

impl Spans {
    /// Reads whole rows; doubled quotes are made single where they stand.
    ///
    /// # Errors
    /// What the fast way does not take.
    pub(super) fn read(
        &mut self,
        bytes: &mut [u8],
        (from, to): (usize, usize),
        delimiter: u8,
        width: usize,
        places: &[usize],
    ) -> Result<(), String> {
        self.cells.clear();
        self.rows = 0;
        let mut start = from;
        while start < to {
            let (end, blank) = self.read_row(bytes, start, to, delimiter)?;
            if end - start > LONGEST_ROW {
                return Err("a row of a million bytes".into());
            }
            if !blank {
                if self.row.len() != width {
                    return Err(format!("a row of {} cells under a header of {width}", self.row.len()));
                }
                self.cells.extend(places.iter().map(|place| self.row[*place]));
                self.rows += 1;
            }
            start = end;
        }
        Ok(())
    }

    /// Takes the quotes off rows that are all alike, between `ends` (of which the first ends the row before).
    ///
    /// There are no doubled quotes. False when a row has a bare carriage return, or perhaps nothing in it at all.
    pub(super) fn unquote(&mut self, bytes: &[u8], ends: &[u32], width: usize, places: &[usize]) -> bool {
        self.cells.clear();
        let rows = &bytes[ends[0] as usize + 1..=ends[ends.len() - 1] as usize];
        if memchr::memchr_iter(b'\r', rows).any(|at| rows[at + 1] != b'\n') {
            return false;
        }
        self.rows = (ends.len() - 1) / width;
        for row in 0..self.rows {
            let ends = &ends[row * width..=(row + 1) * width];
            let start = ends[0] as usize + 1;
            let first = bytes[start + usize::from(bytes[start] == b'"')];
            if first <= b'"' || first >= 0x80 {
                return false;
            }
            for place in places {
                let (mut from, mut to) = (ends[*place] as usize + 1, ends[*place + 1] as usize);
                to -= usize::from(bytes[to - 1] == b'\r');
                if from < to && bytes[from] == b'"' {
                    (from, to) = (from + 1, to - 1);
                }
                self.cells.push((offset(from), offset(to)));
            }
        }
        true
    }

    /// Reads one row into `row`: where it ends, and whether all its cells are blank.
    fn read_row(&mut self, bytes: &mut [u8], start: usize, to: usize, delimiter: u8) -> Result<(usize, bool), String> {
        self.row.clear();
        let (mut quotes, mut returns, mut blank) = (false, false, true);
        let mut at = start;
        loop {
            let (cell, end) = if bytes[at] == b'"' {
                quotes = true;
                quoted(bytes, at, to, delimiter)?
            } else {
                let mut end = at;
                while bytes[end] != delimiter && bytes[end] != b'\n' {
                    returns |= bytes[end] == b'\r' && bytes[end + 1] != b'\n';
                    quotes |= bytes[end] == b'"';
                    end += 1;
                }
                ((at, end), end)
            };
            blank = blank && trimmed(&bytes[cell.0..cell.1])?.is_empty();
            self.row.push((offset(cell.0), offset(cell.1)));
            at = end + 1;
            if bytes[end] == b'\n' {
                break;
            }
        }
        if quotes && returns {
            return Err("a bare carriage return in a row with quotes".into());
        }
        if let Some((from, end)) = self.row.last_mut()
            && *from < *end
            && bytes[*end as usize] == b'\n'
            && bytes[*end as usize - 1] == b'\r'
        {
            *end -= 1;
        }
        Ok((at, blank))
    }
}

/// A cell that begins with a quote at `at`: what stands in it, and where the separator behind it is.
fn quoted(bytes: &mut [u8], at: usize, to: usize, delimiter: u8) -> Result<((usize, usize), usize), String> {
    let start = at + 1;
    let (mut read, mut write) = (start, start);
    loop {
        if read >= to {
            return Err("a quote that is still open where the rows end".into());
        }
        if bytes[read] == b'"' {
            if bytes[read + 1] != b'"' {
                break;
            }
            read += 1;
        }
        bytes[write] = bytes[read];
        (read, write) = (read + 1, write + 1);
    }
    bytes[write..read].fill(b' ');
    let end = match (bytes[read + 1], bytes[read + 2]) {
        (b'\r', b'\n') => read + 2,
        (byte, _) if byte == delimiter || byte == b'\n' => read + 1,
        _ => return Err("text behind a closing quote".into()),
    };
    Ok(((start, write), end))
}

/// Where the last whole row ends; 0 when there is none.
pub(super) fn last_row_end(rows: &[u8], delimiter: u8) -> usize {
    let (mut last, mut state) = (0, State::Start);
    for (at, byte) in rows.iter().enumerate() {
        state = match (state, *byte) {
            (State::Start | State::Closing, b'"') => State::Open,
            (State::Open, b'"') => State::Closing,
            (State::Open, _) => State::Open,
            (_, b'\n') => {
                last = at + 1;
                State::Start
            }
            (_, byte) if byte == delimiter => State::Start,
            (State::Start | State::Plain | State::Closing, _) => State::Plain,
        };
    }
    last
}

/// Where in a row one stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Where a cell begins.
    Start,
    Plain,
    /// In quotes.
    Open,
    /// Behind a quote inside quotes: the end, or the first half of a doubled one.
    Closing,
}

/// A place in a chunk: chunks are far below 4 GiB.
#[inline(always)]
pub(super) fn offset(at: usize) -> u32 {
    at as u32
}
