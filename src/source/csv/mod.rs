//! CSV read fast: many cells are parted at once, and only the columns asked for are read.
//!
//! A file is cut into chunks of whole rows ([`Csv::next`]); whoever is free reads one ([`Layout::parse`]). Whatever
//! is read has the values that the ledger's plain reader gives it; what is not plainly good is [`Unusual`].

mod careful;
mod chunk;
mod code;
mod fill;
mod form;
mod header;
pub(super) mod number;
mod parse;
mod split;
pub(super) mod tidy;
pub(super) mod time;

use std::io::{self, Read};

pub use chunk::{CHUNK, Chunk, Input, ReadAt};
pub use form::{TimeForm, Written};
pub use parse::{Layout, Room};

use crate::source::batch::{Asked, Unusual};
use chunk::Cutter;
use header::Header;

/// A header is looked for in so many bytes, as the ledger does.
const START: usize = 1 << 16;

/// A file of rows.
///
/// ```
/// use loyal::source::batch::{Asked, Column, Read};
/// use loyal::source::csv::{CHUNK, Chunk, Csv, Input, Room};
/// let file = b"id,amount\np1,57.90\np1,3\n".to_vec();
/// let csv = Csv::open(Input::File(Box::new(file)), 0, None).unwrap();
/// let amount = Asked { name: "amount".into(), read: Read::Number, optional: false };
/// let layout = csv.ask(&[amount]).unwrap();
/// let (mut chunk, mut room) = (Chunk::default(), Room::default());
/// while csv.next(&mut chunk, CHUNK).unwrap() {
///     let batch = layout.parse(&mut chunk, &mut room).unwrap();
///     let Column::Number(amounts) = &batch.columns[0] else { unreachable!() };
///     assert_eq!(amounts, &[579_000, 30_000]);
///     room.back(batch);
/// }
/// ```
pub struct Csv {
    file: u32,
    header: Header,
    cutter: Cutter,
}

impl Csv {
    /// Reads the header. `file` is the file's place in the list of inputs; the delimiter is found when none is said.
    ///
    /// # Errors
    /// What is unusual about the header, or what the system says when it cannot be read.
    pub fn open(mut input: Input, file: u32, delimiter: Option<u8>) -> Result<Self, Unusual> {
        let unusual = |what: String| Unusual { file, what };
        let system = |error: io::Error| unusual(error.to_string());
        let start = beginning(&mut input).map_err(system)?;
        let header = header::read(&start, start.len() < START, delimiter).map_err(unusual)?;
        let cutter = Cutter::new(input, start, header.length, header.delimiter).map_err(system)?;
        Ok(Self { file, header, cutter })
    }

    /// The names of its columns, in the order of the file.
    pub fn header(&self) -> &[String] {
        &self.header.names
    }

    /// Where the columns asked for stand. They are found by their very name.
    ///
    /// # Errors
    /// When one is missing that is not optional, or stands there in other capitals: whether that is the same
    /// column depends on whose it is, and who asks can look into [`Csv::header`] first.
    pub fn ask(&self, asked: &[Asked]) -> Result<Layout, Unusual> {
        self.ask_written(asked, &Written::default())
    }

    /// The same where times and numbers are written in the file's own way.
    ///
    /// # Errors
    /// As [`Csv::ask`].
    pub fn ask_written(&self, asked: &[Asked], written: &Written) -> Result<Layout, Unusual> {
        let layout = Layout::new((self.file, self.header.delimiter), &self.header.names, asked, written);
        layout.map_err(|what| Unusual { file: self.file, what })
    }

    /// Fills `chunk` with the next rows, some `length` bytes of them; false when there are no more.
    ///
    /// Any number of threads may call this side by side: [`Chunk::number`] says in which order chunks stand in the file.
    ///
    /// # Errors
    /// What the system says, or a row of a million bytes.
    pub fn next(&self, chunk: &mut Chunk, length: usize) -> Result<bool, Unusual> {
        let next = self.cutter.next(chunk, length.clamp(1, 1 << 28));
        next.map_err(|error| Unusual { file: self.file, what: error.to_string() })
    }
}

/// The first bytes of an input; of a stream they are taken from it.
fn beginning(input: &mut Input) -> io::Result<Vec<u8>> {
    let mut start = vec![0; START];
    let read = match input {
        Input::File(file) => chunk::fill(file.as_ref(), &mut start, 0)?,
        Input::Stream(reader) => {
            start.clear();
            reader.by_ref().take(START as u64).read_to_end(&mut start)?
        }
    };
    start.truncate(read);
    Ok(start)
}
