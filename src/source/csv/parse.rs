//! A chunk of rows made a batch of columns.

use super::careful::{Spans, offset};
use super::chunk::{Chunk, LONGEST_ROW};
use super::code::Words;
use super::split::{BLOCK, Splitter};
use super::tidy::{blank_edge, tidy};
use super::time::Times;
use super::{number, tidy::trimmed};
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

/// Where the cells of some rows stand.
trait Grid {
    fn rows(&self) -> usize;
    fn cell(&self, bytes: &[u8], row: usize) -> (usize, usize);
}

/// One column of rows that are all alike: between separators.
struct Between<'p> {
    places: &'p [u32],
    width: usize,
    column: usize,
    /// Where the first row begins.
    start: usize,
}

impl Grid for Between<'_> {
    #[inline]
    fn rows(&self) -> usize {
        self.places.len() / self.width
    }

    #[inline]
    fn cell(&self, bytes: &[u8], row: usize) -> (usize, usize) {
        let at = row * self.width + self.column;
        let from = if at == 0 { self.start } else { self.places[at - 1] as usize + 1 };
        let to = self.places[at] as usize;
        let returned = self.column + 1 == self.width && to > from && bytes[to - 1] == b'\r';
        (from, to - usize::from(returned))
    }
}

/// One column of rows read with care.
struct Careful<'p> {
    cells: &'p [(u32, u32)],
    width: usize,
    column: usize,
}

impl Grid for Careful<'_> {
    #[inline]
    fn rows(&self) -> usize {
        self.cells.len() / self.width
    }

    #[inline]
    fn cell(&self, _: &[u8], row: usize) -> (usize, usize) {
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
        Ok(Self { file, delimiter, width: header.len(), columns, places })
    }

    /// Reads the rows of a chunk. Doubled quotes in it are made single where they stand.
    ///
    /// # Errors
    /// What the fast way does not take.
    pub fn parse<'b>(&self, chunk: &'b mut Chunk, room: &mut Room) -> Result<Batch<'b>, Unusual> {
        let (mut filled, rows) = self.columns(chunk, room).map_err(|what| Unusual { file: self.file, what })?;
        let text = std::str::from_utf8(&chunk.bytes)
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

    fn columns(&self, chunk: &mut Chunk, room: &mut Room) -> Result<(Vec<Filled>, usize), String> {
        let mut filled = self.empty(room);
        let Room { splitter, spans, times, .. } = room;
        let (mut rows, mut start) = (0, chunk.from);
        let mut at = start;
        // What the last piece had in it may belong to the row that goes on in this one.
        let (mut quoted, mut wide) = (false, false);
        splitter.restart();
        while at < chunk.to {
            splitter.next_piece();
            let to = at + PIECE.min((chunk.to - at).next_multiple_of(BLOCK));
            splitter.run(&chunk.bytes, at, to, self.delimiter);
            at = to;
            (quoted, wide) = (quoted || splitter.quoted, wide || splitter.wide);
            if splitter.zero {
                return Err("a NUL".into());
            }
            let bytes = &mut chunk.bytes;
            if splitter.odd {
                // From here on quotes are not what the masks take them for.
                spans.read(bytes, (start, chunk.to), self.delimiter, self.width, &self.places)?;
                rows += spans.rows;
                self.careful(bytes, spans, times, &mut filled)?;
                return Ok((filled, rows));
            }
            if splitter.newlines == 0 {
                if at - start > LONGEST_ROW {
                    return Err("a row of a million bytes".into());
                }
                continue;
            }
            let found = splitter.newlines * self.width;
            let plain = !quoted && self.regular(bytes, splitter.places(), splitter.newlines, start);
            if plain {
                let places = &splitter.places()[..found];
                rows += splitter.newlines;
                self.plain(bytes, (places, start), wide, times, &mut filled)?;
                start = places[found - 1] as usize + 1;
                splitter.take(found);
            } else {
                let ends = splitter.places().iter().rposition(|place| bytes[*place as usize] == b'\n');
                let last = ends.map_or(0, |end| end + 1);
                let end = splitter.places()[..last].last().map_or(start, |place| *place as usize + 1);
                spans.read(bytes, (start, end), self.delimiter, self.width, &self.places)?;
                rows += spans.rows;
                self.careful(bytes, spans, times, &mut filled)?;
                start = end;
                splitter.take(last);
            }
            (quoted, wide) = (splitter.quoted, splitter.wide);
        }
        if start < chunk.to {
            return Err("a quote that is still open where the rows end".into());
        }
        Ok((filled, rows))
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
    fn regular(&self, bytes: &[u8], places: &[u32], rows: usize, mut start: usize) -> bool {
        if places.len() < rows * self.width {
            return false;
        }
        let first_end = places[self.width - 1] as usize;
        let mut well = first_end - start < LONGEST_ROW;
        for row in places[..rows * self.width].chunks_exact(self.width) {
            let end = row[self.width - 1] as usize;
            well &= bytes[end] == b'\n';
            let first = bytes[start];
            if first == self.delimiter || first <= b' ' || first >= 0x80 {
                well &= !self.may_be_blank(&bytes[start..end]);
            }
            start = end + 1;
        }
        well
    }

    /// Whether a row without quotes has nothing in it, perhaps.
    fn may_be_blank(&self, row: &[u8]) -> bool {
        let is_blank = |byte: &u8| *byte == self.delimiter || *byte <= b' ' || *byte >= 0x80;
        row.iter().all(is_blank)
            && trimmed(row).is_ok_and(|row| row.chars().all(|c| c.is_whitespace() || c == char::from(self.delimiter)))
    }

    fn plain(
        &self,
        bytes: &[u8],
        (places, start): (&[u32], usize),
        wide: bool,
        times: &mut Times,
        filled: &mut [Filled],
    ) -> Result<(), String> {
        for (asking, filled) in self.columns.iter().zip(filled) {
            if let Some((column, _)) = asking.place {
                let grid = Between { places, width: self.width, column, start };
                asking.fill(&grid, bytes, wide, times, filled)?;
            }
        }
        Ok(())
    }

    fn careful(&self, bytes: &[u8], spans: &Spans, times: &mut Times, filled: &mut [Filled]) -> Result<(), String> {
        for (asking, filled) in self.columns.iter().zip(filled) {
            if let Some((_, column)) = asking.place {
                let grid = Careful { cells: &spans.cells, width: self.places.len(), column };
                asking.fill(&grid, bytes, true, times, filled)?;
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
        let rows = 0..grid.rows();
        let read = match (filled, &self.read) {
            (Filled::Text(spans), _) => self::texts(grid, bytes, wide, spans),
            (Filled::Code(codes), Reading::Code(words)) => {
                codes.reserve(rows.len());
                rows.into_iter().try_for_each(|row| {
                    let (from, to) = tidied(bytes, grid.cell(bytes, row), wide)?;
                    codes.push(words.code(bytes, from, to));
                    Ok(())
                })
            }
            (Filled::Number(numbers), _) => {
                numbers.reserve(rows.len());
                rows.into_iter().try_for_each(|row| {
                    let (from, to) = grid.cell(bytes, row);
                    numbers.push(number::read(bytes, from, to)?);
                    Ok(())
                })
            }
            (Filled::Time(stamps), _) => {
                stamps.reserve(rows.len());
                rows.into_iter().try_for_each(|row| {
                    let (from, to) = grid.cell(bytes, row);
                    stamps.push(times.read(bytes, from, to)?);
                    Ok(())
                })
            }
            (Filled::Code(_) | Filled::Absent, _) => Ok(()),
        };
        read.map_err(|what: String| format!("in column `{}`: {what}", self.name))
    }
}

fn texts<G: Grid>(grid: &G, bytes: &[u8], wide: bool, spans: &mut Vec<(u32, u32)>) -> Result<(), String> {
    spans.reserve(grid.rows());
    for row in 0..grid.rows() {
        let (from, to) = tidied(bytes, grid.cell(bytes, row), wide)?;
        spans.push((offset(from), offset(to)));
    }
    Ok(())
}

/// Where a cell stands without the blanks around it; of wide text, it must be composed.
#[inline]
fn tidied(bytes: &[u8], (from, to): (usize, usize), wide: bool) -> Result<(usize, usize), String> {
    if from < to && (wide || blank_edge(bytes[from], bytes[to - 1])) { cut(bytes, from, to) } else { Ok((from, to)) }
}

#[inline(never)]
fn cut(bytes: &[u8], from: usize, to: usize) -> Result<(usize, usize), String> {
    let cell = &bytes[from..to];
    if cell.is_ascii() && !blank_edge(cell[0], cell[cell.len() - 1]) {
        return Ok((from, to));
    }
    let kept = tidy(cell)?;
    let start = from + (kept.as_ptr() as usize - cell.as_ptr() as usize);
    Ok((start, start + kept.len()))
}
