//! One column of some rows, read cell after cell.
//!
//! Each column is read without looking back at first; what does not go that way is read again with care.

use super::careful::offset;
use super::code::{OTHER, Words};
use super::form::{LastDay, TimeForm, Written};
use super::number;
use super::tidy::{blank_edge, tidy};
use super::time::Times;
use crate::source::batch::Stamp;

/// One column asked for.
#[derive(Debug, Clone)]
pub(super) struct Asking {
    pub(super) name: String,
    pub(super) read: Reading,
    /// Its place in the file, and among the columns that the file has; none when it has it not.
    pub(super) place: Option<(usize, usize)>,
}

#[derive(Debug, Clone)]
pub(super) enum Reading {
    Text,
    Code(Words),
    /// With how they are written.
    Number(Written),
    /// With their form, where it is not ours.
    Time(Option<TimeForm>),
}

/// A column while it is being filled.
#[derive(Debug)]
pub(super) enum Filled {
    Text(Vec<(u32, u32)>),
    Code(Vec<u32>),
    Number(Vec<i64>),
    Time(Vec<Stamp>),
    Absent,
}

impl Filled {
    pub(super) fn clear(&mut self) {
        match self {
            Self::Text(spans) => spans.clear(),
            Self::Code(codes) => codes.clear(),
            Self::Number(numbers) => numbers.clear(),
            Self::Time(times) => times.clear(),
            Self::Absent => {}
        }
    }

    pub(super) fn fits(&self, asking: &Asking) -> bool {
        match (self, &asking.place, &asking.read) {
            (Self::Absent, place, _) => place.is_none(),
            (_, None, _) => false,
            (Self::Text(_), _, read) => matches!(read, Reading::Text),
            (Self::Code(_), _, read) => matches!(read, Reading::Code(_)),
            (Self::Number(_), _, read) => matches!(read, Reading::Number(_)),
            (Self::Time(_), _, read) => matches!(read, Reading::Time(_)),
        }
    }
}

/// Where the cells of one column stand in some rows.
pub(super) trait Grid {
    fn rows(&self) -> usize;
    fn cell(&self, row: usize) -> (usize, usize);
}

/// Rows that are all alike: cells stand between separators, of which the first ends the row before.
pub(super) struct Between<'p> {
    pub(super) places: &'p [u32],
    pub(super) width: usize,
    pub(super) column: usize,
}

impl Grid for Between<'_> {
    #[inline(always)]
    fn rows(&self) -> usize {
        (self.places.len() - 1) / self.width
    }

    #[inline(always)]
    fn cell(&self, row: usize) -> (usize, usize) {
        let at = row * self.width + self.column;
        (self.places[at] as usize + 1, self.places[at + 1] as usize)
    }
}

/// The last column of such rows, where a carriage return may stand before the line end.
pub(super) struct Last<'p, 'b>(pub(super) Between<'p>, pub(super) &'b [u8]);

impl Grid for Last<'_, '_> {
    #[inline(always)]
    fn rows(&self) -> usize {
        self.0.rows()
    }

    #[inline(always)]
    fn cell(&self, row: usize) -> (usize, usize) {
        let (from, to) = self.0.cell(row);
        (from, to - usize::from(to > from && self.1[to - 1] == b'\r'))
    }
}

/// Rows read with care.
pub(super) struct Careful<'p> {
    pub(super) cells: &'p [(u32, u32)],
    pub(super) width: usize,
    pub(super) column: usize,
}

impl Grid for Careful<'_> {
    #[inline(always)]
    fn rows(&self) -> usize {
        self.cells.len() / self.width
    }

    #[inline(always)]
    fn cell(&self, row: usize) -> (usize, usize) {
        let (from, to) = self.cells[row * self.width + self.column];
        (from as usize, to as usize)
    }
}

impl Asking {
    /// Reads one column of some rows.
    pub(super) fn fill<G: Grid>(
        &self,
        grid: &G,
        bytes: &[u8],
        wide: bool,
        times: &mut Times,
        filled: &mut Filled,
    ) -> Result<(), String> {
        let read = match (filled, &self.read) {
            (Filled::Text(spans), _) => texts(grid, bytes, wide, spans),
            (Filled::Code(codes), Reading::Code(words)) => self::codes(grid, bytes, wide, words, codes),
            (Filled::Number(numbers), Reading::Number(form)) => self::numbers(grid, bytes, form, numbers),
            (Filled::Time(stamps), Reading::Time(None)) => self::stamps(grid, bytes, times, stamps),
            (Filled::Time(stamps), Reading::Time(Some(form))) => self::stamps_in(grid, bytes, form, stamps),
            (Filled::Code(_) | Filled::Number(_) | Filled::Time(_) | Filled::Absent, _) => Ok(()),
        };
        read.map_err(|what| format!("in column `{}`: {what}", self.name))
    }
}

fn texts<G: Grid>(grid: &G, bytes: &[u8], wide: bool, spans: &mut Vec<(u32, u32)>) -> Result<(), String> {
    let before = spans.len();
    let mut odd = wide;
    spans.extend((0..grid.rows()).map(|row| {
        let (from, to) = grid.cell(row);
        odd |= (from < to) & blank_edge(bytes[from], bytes[to - 1]);
        (offset(from), offset(to))
    }));
    if odd {
        for (from, to) in &mut spans[before..] {
            let (start, end) = tidied(bytes, (*from as usize, *to as usize), wide)?;
            (*from, *to) = (offset(start), offset(end));
        }
    }
    Ok(())
}

fn codes<G: Grid>(grid: &G, bytes: &[u8], wide: bool, words: &Words, codes: &mut Vec<u32>) -> Result<(), String> {
    let before = codes.len();
    // By code, whether a cell of it may need tidying: bits, for nothing here should be guessed.
    let mut edges = 0_u32;
    codes.extend((0..grid.rows()).map(|row| {
        let (from, to) = grid.cell(row);
        let code = words.code(bytes, from, to);
        edges |= u32::from(blank_edge(bytes[from], bytes[to - 1])) << (code % 32);
        code
    }));
    // What is a word is tidy.
    if wide || edges & (1 << OTHER) != 0 {
        for (row, code) in codes[before..].iter_mut().enumerate().filter(|(_, code)| **code == OTHER) {
            let (from, to) = tidied(bytes, grid.cell(row), wide)?;
            *code = words.code(bytes, from, to);
        }
    }
    Ok(())
}

fn numbers<G: Grid>(grid: &G, bytes: &[u8], form: &Written, numbers: &mut Vec<i64>) -> Result<(), String> {
    let before = numbers.len();
    let mut odd = false;
    numbers.extend((0..grid.rows()).map(|row| {
        let (from, to) = grid.cell(row);
        let number = number::short(bytes, from, to, form.decimal);
        odd |= number.is_none();
        number.unwrap_or(0)
    }));
    if odd {
        numbers.truncate(before);
        for row in 0..grid.rows() {
            let (from, to) = grid.cell(row);
            numbers.push(number::read_written(bytes, from, to, form)?);
        }
    }
    Ok(())
}

fn stamps<G: Grid>(grid: &G, bytes: &[u8], times: &mut Times, stamps: &mut Vec<Stamp>) -> Result<(), String> {
    let before = stamps.len();
    let mut odd = false;
    stamps.extend((0..grid.rows()).map(|row| {
        let (from, to) = grid.cell(row);
        let stamp = times.plain(bytes, from, to - from);
        odd |= stamp.is_none();
        stamp.unwrap_or(Stamp::Day(0))
    }));
    if odd {
        stamps.truncate(before);
        for row in 0..grid.rows() {
            let (from, to) = grid.cell(row);
            stamps.push(times.read(bytes, from, to)?);
        }
    }
    Ok(())
}

fn stamps_in<G: Grid>(grid: &G, bytes: &[u8], form: &TimeForm, stamps: &mut Vec<Stamp>) -> Result<(), String> {
    let mut last = LastDay::default();
    for row in 0..grid.rows() {
        let (from, to) = grid.cell(row);
        let (from, to) = tidied(bytes, (from, to), false)?;
        let strange = || format!("`{}` as a time", String::from_utf8_lossy(&bytes[from..to]));
        stamps.push(form.read(bytes, from, to, &mut last).ok_or_else(strange)?);
    }
    Ok(())
}

/// Where a cell stands without the blanks around it; of wide text, it must be composed.
fn tidied(bytes: &[u8], (from, to): (usize, usize), wide: bool) -> Result<(usize, usize), String> {
    let cell = &bytes[from..to.max(from)];
    let plain = |cell: &[u8]| !wide || cell.is_ascii();
    if cell.is_empty() || plain(cell) && !blank_edge(cell[0], cell[cell.len() - 1]) {
        return Ok((from, to));
    }
    let kept = tidy(cell)?;
    let start = from + (kept.as_ptr() as usize - cell.as_ptr() as usize);
    Ok((start, start + kept.len()))
}
