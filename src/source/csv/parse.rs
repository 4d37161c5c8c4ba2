//! A chunk of rows made a batch of columns.

use super::careful::Spans;
use super::chunk::{Chunk, LONGEST_ROW};
use super::code::Words;
use super::fill::{Asking, Between, Careful, Filled, Last, Reading};
use super::form::Written;
use super::split::{BLOCK, Splitter};
use super::time::Times;
use crate::source::batch::{Asked, Batch, Cells, Column, Read, Unusual};

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

/// Memory that is used again from chunk to chunk: one for each thread.
#[derive(Debug, Default)]
pub struct Room {
    splitter: Splitter,
    spans: Spans,
    times: Times,
    columns: Vec<Vec<Filled>>,
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

impl Layout {
    pub(super) fn new(
        (file, delimiter): (u32, u8),
        header: &[String],
        asked: &[Asked],
        written: &Written,
    ) -> Result<Self, String> {
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
                Read::Number => Reading::Number(written.clone()),
                Read::Time => Reading::Time(written.times.clone()),
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
        let (mut quoted, mut doubled, mut wide, mut any_wide) = (false, false, false, false);
        splitter.restart(start);
        while at < chunk.to {
            splitter.next_piece();
            let to = at + PIECE.min((chunk.to - at).next_multiple_of(BLOCK));
            splitter.run(&chunk.bytes, at, to, self.delimiter);
            at = to;
            (quoted, doubled) = (quoted || splitter.quoted, doubled || splitter.doubled);
            wide |= splitter.wide;
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
                && (!quoted || !doubled && spans.unquote(bytes, &places[..=found], self.width, &self.places))
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
            (quoted, doubled, wide) = (splitter.quoted, splitter.doubled, splitter.wide);
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
            (Some(_), Reading::Number(_)) => Filled::Number(Vec::new()),
            (Some(_), Reading::Time(_)) => Filled::Time(Vec::new()),
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
