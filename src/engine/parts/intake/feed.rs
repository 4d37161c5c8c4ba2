//! Files of any format, as batches.

use crate::source::batch::{Asked, Batch, Column, NONE, Unusual};
use crate::source::columnar::{self, Columnar, Piece};
use crate::source::csv::{self, Chunk, Csv, Written};

/// A file whose header was read.
pub enum File {
    /// Rows of text.
    Csv(Csv),
    /// Typed columns.
    Columnar(Columnar),
}

impl From<Csv> for File {
    fn from(file: Csv) -> Self {
        Self::Csv(file)
    }
}

impl From<Columnar> for File {
    fn from(file: Columnar) -> Self {
        Self::Columnar(file)
    }
}

impl File {
    /// The names of its columns, in the order of the file.
    pub fn header(&self) -> &[String] {
        match self {
            Self::Csv(file) => file.header(),
            Self::Columnar(file) => file.header(),
        }
    }

    /// Gets ready to read the columns asked for, and the sums of some of them behind those: each is told by the
    /// places of what is added, which are columns of numbers.
    pub(super) fn ask(
        self,
        asked: &[Asked],
        sums: Vec<Vec<usize>>,
        (floats, written, place): (Option<u32>, &Written, u32),
    ) -> Result<Feed, Unusual> {
        let rows = match self {
            Self::Csv(file) => {
                let layout = file.ask_written(asked, written)?;
                Rows::Csv(Box::new((file, layout)))
            }
            // Whether a form is meant for a column hangs on its type there.
            Self::Columnar(_) if *written != Written::default() => {
                let what = "a form of dates or numbers for a file that has types".to_owned();
                return Err(Unusual { file: place, what });
            }
            Self::Columnar(file) => Rows::Columnar(Box::new(file.ask(asked, floats)?)),
        };
        Ok(Feed { rows, asked: asked.len(), sums })
    }
}

/// A file that is being read, by any number of threads.
pub(super) struct Feed {
    rows: Rows,
    /// How many columns are asked for.
    asked: usize,
    sums: Vec<Vec<usize>>,
}

enum Rows {
    Csv(Box<(Csv, csv::Layout)>),
    Columnar(Box<columnar::Layout>),
}

/// What a thread reads with, again and again.
#[derive(Default)]
pub(super) struct Hand {
    chunk: Chunk,
    room: csv::Room,
    piece: Piece,
    columns: columnar::Room,
    sums: Vec<Vec<i64>>,
}

impl Feed {
    /// Looks at the next rows, some `length` bytes of text; none at the end. Told are their place in the order of
    /// the file, and how many bytes they are, where that is known.
    pub fn next<R>(
        &self,
        hand: &mut Hand,
        length: usize,
        look: impl FnOnce(&Batch<'_>, u64, u64) -> R,
    ) -> Result<Option<R>, Unusual> {
        match &self.rows {
            Rows::Csv(read) => {
                let (file, layout) = &**read;
                if !file.next(&mut hand.chunk, length)? {
                    return Ok(None);
                }
                let (number, bytes) = (hand.chunk.number, hand.chunk.len() as u64);
                let mut batch = layout.parse(&mut hand.chunk, &mut hand.room)?;
                self.add_sums(&mut batch, &mut hand.sums)?;
                let looked = look(&batch, number, bytes);
                self.take_sums(&mut batch, &mut hand.sums);
                hand.room.back(batch);
                Ok(Some(looked))
            }
            Rows::Columnar(layout) => {
                if !layout.next(&mut hand.piece)? {
                    return Ok(None);
                }
                let number = hand.piece.number;
                let mut batch = layout.parse(&mut hand.piece, &mut hand.columns)?;
                self.add_sums(&mut batch, &mut hand.sums)?;
                let looked = look(&batch, number, 0);
                self.take_sums(&mut batch, &mut hand.sums);
                hand.columns.back(batch);
                Ok(Some(looked))
            }
        }
    }

    /// Puts the sums behind the columns of a batch, in memory used before.
    fn add_sums(&self, batch: &mut Batch<'_>, room: &mut Vec<Vec<i64>>) -> Result<(), Unusual> {
        for parts in &self.sums {
            let sum = added(batch, parts, room.pop().unwrap_or_default());
            let odd = || Unusual { file: batch.file, what: "a sum too large to count to".to_owned() };
            let sum = sum.ok_or_else(odd)?;
            batch.columns.push(Column::Number(sum));
        }
        Ok(())
    }

    /// Takes the sums of a batch back, whose memory is used again.
    fn take_sums(&self, batch: &mut Batch<'_>, room: &mut Vec<Vec<i64>>) {
        for column in batch.columns.drain(self.asked..) {
            if let Column::Number(sum) = column {
                room.push(sum);
            }
        }
    }
}

/// The numbers of some columns of a batch, added row by row: an empty cell adds nothing, and where all are empty, so
/// is the sum. None where it has no room.
fn added(batch: &Batch<'_>, parts: &[usize], mut sum: Vec<i64>) -> Option<Vec<i64>> {
    sum.clear();
    sum.resize(batch.rows, NONE);
    for part in parts {
        let Column::Number(numbers) = batch.columns.get(*part)? else { return None };
        for (sum, number) in sum.iter_mut().zip(numbers).filter(|(_, number)| **number != NONE) {
            *sum = if *sum == NONE { *number } else { sum.checked_add(*number).filter(|sum| *sum != NONE)? };
        }
    }
    Some(sum)
}
