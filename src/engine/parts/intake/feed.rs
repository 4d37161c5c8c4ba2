//! Files of any format, as batches.

use crate::source::batch::{Asked, Batch, Unusual};
use crate::source::columnar::{self, Columnar, Piece};
use crate::source::csv::{self, Chunk, Csv};

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

    /// Gets ready to read the columns asked for.
    pub(super) fn ask(self, asked: &[Asked], floats: Option<u32>) -> Result<Feed, Unusual> {
        match self {
            Self::Csv(file) => {
                let layout = file.ask(asked)?;
                Ok(Feed::Csv(Box::new((file, layout))))
            }
            Self::Columnar(file) => Ok(Feed::Columnar(Box::new(file.ask(asked, floats)?))),
        }
    }
}

/// A file that is being read, by any number of threads.
pub(super) enum Feed {
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
        match self {
            Self::Csv(read) => {
                let (file, layout) = &**read;
                if !file.next(&mut hand.chunk, length)? {
                    return Ok(None);
                }
                let (number, bytes) = (hand.chunk.number, hand.chunk.len() as u64);
                let batch = layout.parse(&mut hand.chunk, &mut hand.room)?;
                let looked = look(&batch, number, bytes);
                hand.room.back(batch);
                Ok(Some(looked))
            }
            Self::Columnar(layout) => {
                if !layout.next(&mut hand.piece)? {
                    return Ok(None);
                }
                let number = hand.piece.number;
                let batch = layout.parse(&mut hand.piece, &mut hand.columns)?;
                let looked = look(&batch, number, 0);
                hand.columns.back(batch);
                Ok(Some(looked))
            }
        }
    }
}
