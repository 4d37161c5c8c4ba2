//! A chunk of rows made a batch of columns.

use super::careful::{Spans, offset};
use super::chunk::{Chunk, LONGEST_ROW};
use super::code::{OTHER, Words};
use super::number;
use super::split::{BLOCK, Splitter};
use super::tidy::{blank_edge, tidy};
use super::time::Times;
use crate::source::batch::{Asked, Batch, Cells, Column, Read, Stamp, Unusual};

/// So many bytes are parted, then read, while they are in the innermost cache.
const PIECE: usize = 256 * BLOCK;

/// Where the columns asked for stand in a file, and what they are read as.
#[derive(Debug, Clone)]
pub struct Layout {
    file: u32,
    delimiter: u8,
    /// How many cells a row has.
    width: usize,
    /// Which bytes a blank row may have in it.
    may_be_blank: [bool; 256],
    columns: Vec<Asking>,
    /// Places of the columns that the file has.
    places: Vec<usize>,
}

/// One column asked for.
#[derive(Debug, Clone)]
struct Asking {
    name: String,
    read: Reading,
    /// Its place in the file, and among the columns that the file has; none when it has it not.
    place: Option<(usize, usize)>,
}

#[derive(Debug, Clone)]
enum Reading {
    Text,
    Code(Words),
    Number,
    Time,
}

/// Memory that is used again from chunk to chunk: one for each thread.
#[derive(Debug, Default)]
pub struct Room {
    splitter: Splitter,
    spans: Spans,
    times: Times,
    columns: Vec<Vec<Filled>>,
}

/// A column while it is being filled.
#[derive(Debug)]
enum Filled {
    Text(Vec<(u32, u32)>),
    Code(Vec<u32>),
    Number(Vec<i64>),
    Time(Vec<Stamp>),
    Absent,
}

impl Room {
    /// Takes back the memory of a batch that is no longer needed.
    pub fn back(&mut self, batch: Batch<'_>) {
        let filled = batch.columns.into_iter().map(|column| match column {
            Column::Text(Cells { spans, .. }) => Filled::Text(spans),
            Column::Code(codes) => Filled::Code(codes),
            Column::Number(numbers) => Filled::Number(numbers),
            Column::Time(times) => Filled::Time(times),
            Column::Absent => Filled::Absent,
        });
        self.columns.push(filled.collect());
    }
}

impl Filled {
    fn clear(&mut self) {
        match self {
            Self::Text(spans) => spans.clear(),
            Self::Code(codes) => codes.clear(),
            Self::Number(numbers) => numbers.clear(),
            Self::Time(times) => times.clear(),
            Self::Absent => {}
        }
    }

    fn fits(&self, asking: &Asking) -> bool {
        match (self, &asking.place, &asking.read) {
            (Self::Absent, place, _) => place.is_none(),
            (_, None, _) => false,
            (Self::Text(_), _, read) => matches!(read, Reading::Text),
            (Self::Code(_), _, read) => matches!(read, Reading::Code(_)),
            (Self::Number(_), _, read) => matches!(read, Reading::Number),
            (Self::Time(_), _, read) => matches!(read, Reading::Time),
        }
    }
}

/// Where the cells of one column stand in some rows.
trait Grid {
    fn rows(&self) -> usize;
    fn cell(&self, row: usize) -> (usize, usize);
}

/// Rows that are all alike: cells stand between separators, of which the first ends the row before.
struct Between<'p> {
    places: &'p [u32],
    width: usize,
    column: usize,
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
struct Last<'p, 'b>(Between<'p>, &'b [u8]);

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
struct Careful<'p> {
    cells: &'p [(u32, u32)],
    width: usize,
    column: usize,
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

impl Layout {
    pub(super) fn new(file: u32, delimiter: u8, header: &[String], asked: &[Asked]) -> Result<Self, String> {
        let mut places = Vec::new();
        let mut columns = Vec::new();
        for Asked { name, read, optional } in asked {
            let at = header.iter().position(|column| column == name);
            if at.is_none() {
                if let Some(alike) = header.iter().find(|column| column.eq_ignore_ascii_case(name)) {
                    return Err(format!("a column `{alike}` where `{name}` is looked for"));
                }
                if !optional {
                    return Err(format!("no column `{name}`"));
                }
            }
            let place = at.map(|at| {
                places.push(at);
                (at, places.len() - 1)
            });
            let read = match read {
                Read::Text => Reading::Text,
                Read::Code(list) => Reading::Code(Words::new(list)),
                Read::Number => Reading::Number,
                Read::Time => Reading::Time,
            };
            columns.push(Asking { name: name.clone(), read, place });
        }
        let may_be_blank = std::array::from_fn(|byte| byte <= 32 || byte >= 128 || byte == usize::from(delimiter));
        Ok(Self { file, delimiter, width: header.len(), may_be_blank, columns, places })
    }

    /// Reads the rows of a chunk. Doubled quotes in it are made single where they stand.
    ///
    /// # Errors
    /// What the fast way does not take.
    pub fn parse<'b>(&self, chunk: &'b mut Chunk, room: &mut Room) -> Result<Batch<'b>, Unusual> {
        let (mut filled, rows, wide) = self.columns(chunk, room).map_err(|what| Unusual { file: self.file, what })?;
        let texts = filled.iter().any(|column| matches!(column, Filled::Text(_)));
        // Without texts, ASCII need not be looked at again.
        let looked_at: &[u8] = if texts || wide { &chunk.bytes } else { b"" };
        let text = std::str::from_utf8(looked_at)
            .map_err(|_| Unusual { file: self.file, what: "text that is no UTF-8".into() })?;
        let columns = filled.drain(..).map(|column| match column {
            Filled::Text(spans) => Column::Text(Cells { text, spans }),
            Filled::Code(codes) => Column::Code(codes),
            Filled::Number(numbers) => Column::Number(numbers),
            Filled::Time(times) => Column::Time(times),
            Filled::Absent => Column::Absent,
        });
        Ok(Batch { file: self.file, rows, columns: columns.collect() })
    }

    fn columns(&self, chunk: &mut Chunk, room: &mut Room) -> Result<(Vec<Filled>, usize, bool), String> {
        let mut filled = self.empty(room);
        let Room { splitter, spans, times, .. } = room;
        let (mut rows, mut start) = (0, chunk.from);
        let mut at = start;
        // What the last piece had in it may belong to the row that goes on in this one.
        let (mut quoted, mut wide, mut any_wide) = (false, false, false);
        splitter.restart(start);
        while at < chunk.to {
            splitter.next_piece();
            let to = at + PIECE.min((chunk.to - at).next_multiple_of(BLOCK));
            splitter.run(&chunk.bytes, at, to, self.delimiter);
            at = to;
            (quoted, wide) = (quoted || splitter.quoted, wide || splitter.wide);
            any_wide |= wide;
            if splitter.zero {
                return Err("a NUL".into());
            }
            let bytes = &mut chunk.bytes;
            if splitter.odd {
                // From here on quotes are not what the masks take them for.
                spans.read(bytes, (start, chunk.to), self.delimiter, self.width, &self.places)?;
                rows += spans.rows;
                self.careful(bytes, spans, true, times, &mut filled)?;
                return Ok((filled, rows, true));
            }
            if splitter.newlines == 0 {
                if at - start > LONGEST_ROW {
                    return Err("a row of a million bytes".into());
                }
                continue;
            }
            let found = splitter.newlines * self.width;
            let places = splitter.places();
            if self.regular(bytes, places, splitter.newlines)
                && (!quoted || spans.unquote(bytes, &places[..=found], self.width, &self.places))
            {
                rows += splitter.newlines;
                if quoted {
                    self.careful(bytes, spans, wide, times, &mut filled)?;
                } else {
                    self.plain(bytes, &places[..=found], wide, times, &mut filled)?;
                }
                start = places[found] as usize + 1;
                splitter.take(found);
            } else {
                let last = places[1..].iter().rposition(|place| bytes[*place as usize] == b'\n').map_or(0, |at| at + 1);
                let end = places[last] as usize + 1;
                spans.read(bytes, (start, end), self.delimiter, self.width, &self.places)?;
                rows += spans.rows;
                self.careful(bytes, spans, true, times, &mut filled)?;
                start = end;
                splitter.take(last);
            }
            (quoted, wide) = (splitter.quoted, splitter.wide);
        }
        if start < chunk.to {
            return Err("a quote that is still open where the rows end".into());
        }
        Ok((filled, rows, any_wide))
    }

    /// Empty columns, of memory used before where there is some.
    fn empty(&self, room: &mut Room) -> Vec<Filled> {
        if let Some(mut used) = room.columns.pop()
            && used.len() == self.columns.len()
            && used.iter().zip(&self.columns).all(|(used, asking)| used.fits(asking))
        {
            used.iter_mut().for_each(Filled::clear);
            return used;
        }
        let new = self.columns.iter().map(|asking| match (&asking.place, &asking.read) {
            (None, _) => Filled::Absent,
            (Some(_), Reading::Text) => Filled::Text(Vec::new()),
            (Some(_), Reading::Code(_)) => Filled::Code(Vec::new()),
            (Some(_), Reading::Number) => Filled::Number(Vec::new()),
            (Some(_), Reading::Time) => Filled::Time(Vec::new()),
        });
        new.collect()
    }

    /// Whether all rows have as many cells as the header, and none may be blank.
    fn regular(&self, bytes: &[u8], places: &[u32], rows: usize) -> bool {
        if places.len() <= rows * self.width {
            return false;
        }
        let mut start = places[0] as usize + 1;
        let mut well = places[self.width] as usize - start < LONGEST_ROW;
        for row in places[1..=rows * self.width].chunks_exact(self.width) {
            let end = row[self.width - 1] as usize;
            well &= bytes[end] == b'\n';
            if self.may_be_blank[usize::from(bytes[start])] {
                well &= !self.blank(&bytes[start..end.max(start)]);
            }
            start = end + 1;
        }
        well
    }

    /// Whether a row without quotes has nothing in it.
    fn blank(&self, row: &[u8]) -> bool {
        let nothing = |c: char| c.is_whitespace() || c == char::from(self.delimiter);
        row.iter().all(|byte| self.may_be_blank[usize::from(*byte)])
            && std::str::from_utf8(row).is_ok_and(|row| row.chars().all(nothing))
    }

    fn plain(
        &self,
        bytes: &[u8],
        places: &[u32],
        wide: bool,
        times: &mut Times,
        filled: &mut [Filled],
    ) -> Result<(), String> {
        for (asking, filled) in self.columns.iter().zip(filled) {
            let Some((column, _)) = asking.place else { continue };
            let grid = Between { places, width: self.width, column };
            if column + 1 == self.width {
                asking.fill(&Last(grid, bytes), bytes, wide, times, filled)?;
            } else {
                asking.fill(&grid, bytes, wide, times, filled)?;
            }
        }
        Ok(())
    }

    fn careful(
        &self,
        bytes: &[u8],
        spans: &Spans,
        wide: bool,
        times: &mut Times,
        filled: &mut [Filled],
    ) -> Result<(), String> {
        for (asking, filled) in self.columns.iter().zip(filled) {
            if let Some((_, column)) = asking.place {
                let grid = Careful { cells: &spans.cells, width: self.places.len(), column };
                asking.fill(&grid, bytes, wide, times, filled)?;
            }
        }
        Ok(())
    }
}

impl Asking {
    /// Reads one column of some rows.
    fn fill<G: Grid>(
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
            (Filled::Number(numbers), _) => self::numbers(grid, bytes, numbers),
            (Filled::Time(stamps), _) => self::stamps(grid, bytes, times, stamps),
            (Filled::Code(_) | Filled::Absent, _) => Ok(()),
        };
        read.map_err(|what| format!("in column `{}`: {what}", self.name))
    }
}

// Each column is read without looking back at first; what does not go that way is read again with care.

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

fn numbers<G: Grid>(grid: &G, bytes: &[u8], numbers: &mut Vec<i64>) -> Result<(), String> {
    let before = numbers.len();
    let mut odd = false;
    numbers.extend((0..grid.rows()).map(|row| {
        let (from, to) = grid.cell(row);
        let number = number::short(bytes, from, to);
        odd |= number.is_none();
        number.unwrap_or(0)
    }));
    if odd {
        numbers.truncate(before);
        for row in 0..grid.rows() {
            let (from, to) = grid.cell(row);
            numbers.push(number::read(bytes, from, to)?);
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
