//! Pieces of a file: whole rows, some hundred kilobytes of them, read by whoever is free.

use std::io::{self, Read};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::careful;
use super::split::BLOCK;
pub use crate::source::raw::ReadAt;

/// A row longer than this is a quote that never closes, or no table: the ledger refuses it.
pub(super) const LONGEST_ROW: usize = 1_000_000;

/// How many bytes of rows a chunk has, if nothing else is said: text and columns stay in a core's cache.
pub const CHUNK: usize = 512 << 10;

/// Blanks before the rows: cells are looked at eight bytes at a time, also backwards.
const MARGIN: usize = BLOCK;

/// What a row that is too long is called.
const LONG: &str = "a row of a million bytes";

/// Where bytes come from.
pub enum Input {
    /// A file: chunks are read side by side.
    File(Box<dyn ReadAt>),
    /// A stream: chunks are read one after the other, and parsed side by side.
    Stream(Box<dyn Read + Send>),
}

/// Whole rows, and where they stand in the file. Reused from one to the next.
#[derive(Debug, Default)]
pub struct Chunk {
    /// Its place among the file's chunks, from 0, in the order of the file. Places may be missing.
    pub number: u64,
    /// The rows, with [`MARGIN`] before and behind them.
    pub(super) bytes: Vec<u8>,
    /// Where the first row begins.
    pub(super) from: usize,
    /// Where the last row ends, behind its line end.
    pub(super) to: usize,
}

impl Chunk {
    /// Rows in memory.
    pub fn of(rows: &[u8]) -> Self {
        let mut chunk = Self::default();
        chunk.room(rows.len());
        chunk.bytes[MARGIN..MARGIN + rows.len()].copy_from_slice(rows);
        chunk.set(MARGIN, MARGIN + rows.len());
        chunk
    }

    /// How many bytes of rows it holds.
    pub fn len(&self) -> usize {
        self.to - self.from
    }

    /// Whether it holds no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its rows as they stand.
    pub fn rows(&self) -> &[u8] {
        &self.bytes[self.from..self.to]
    }

    /// Room for so many bytes behind the margin.
    fn room(&mut self, bytes: usize) {
        let wanted = MARGIN + bytes + 1 + 2 * BLOCK;
        if self.bytes.len() < wanted {
            self.bytes.resize(wanted, b' ');
        }
    }

    /// Says where the rows stand. The last gets a line end if it has none; blanks stand around them.
    fn set(&mut self, from: usize, to: usize) {
        (self.from, self.to) = (from, to);
        if to > from && self.bytes[to - 1] != b'\n' {
            self.bytes[to] = b'\n';
            self.to += 1;
        }
        self.bytes[..from].fill(b' ');
        self.bytes[from - 1] = b'\n';
        self.bytes[self.to..].fill(b' ');
    }
}

/// Cuts an input into chunks.
pub(super) enum Cutter {
    /// A file, from where its rows begin.
    File { file: Box<dyn ReadAt>, from: u64, size: u64, next: AtomicU64 },
    /// A stream, and what was read of it beyond the last chunk.
    Stream(Mutex<Stream>),
}

pub(super) struct Stream {
    reader: Box<dyn Read + Send>,
    rest: Vec<u8>,
    delimiter: u8,
    next: u64,
    ended: bool,
}

impl Cutter {
    /// What is left of an input whose first bytes are `start`, of which `header` are taken.
    pub(super) fn new(input: Input, start: Vec<u8>, header: usize, delimiter: u8) -> io::Result<Self> {
        match input {
            Input::File(file) => {
                let size = file.size()?;
                Ok(Self::File { file, from: header as u64, size, next: AtomicU64::new(0) })
            }
            Input::Stream(reader) => {
                let rest = start[header..].to_vec();
                Ok(Self::Stream(Mutex::new(Stream { reader, rest, delimiter, next: 0, ended: false })))
            }
        }
    }

    /// Fills a chunk with the next rows; false when there are no more.
    pub(super) fn next(&self, chunk: &mut Chunk, length: usize) -> io::Result<bool> {
        match self {
            Self::File { file, from, size, next } => {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let begin = from + number * length as u64;
                if begin >= *size {
                    return Ok(false);
                }
                chunk.number = number;
                read_rows(file.as_ref(), (*from, begin, (begin + length as u64).min(*size)), chunk)?;
                Ok(true)
            }
            Self::Stream(stream) => stream.lock().unwrap_or_else(PoisonError::into_inner).next(chunk, length),
        }
    }
}

/// Reads the rows that begin in `begin..end` of a file whose rows begin at `first`.
///
/// A row that begins before `begin` is its neighbour's, also when it ends in here.
fn read_rows(file: &dyn ReadAt, (first, begin, end): (u64, u64, u64), chunk: &mut Chunk) -> io::Result<()> {
    // The byte before says whether a row begins right here.
    let before = begin - u64::from(begin > first);
    let wanted = usize::try_from(end - before).unwrap_or(usize::MAX);
    chunk.room(wanted);
    let mut to = MARGIN + fill(file, &mut chunk.bytes[MARGIN..MARGIN + wanted], before)?;
    let mut from = MARGIN;
    if begin > first {
        match memchr::memchr(b'\n', &chunk.bytes[MARGIN..to]) {
            Some(at) if MARGIN + at + 1 < to => from = MARGIN + at + 1,
            // No row begins in here.
            Some(_) | None => {
                chunk.set(MARGIN, MARGIN);
                return Ok(());
            }
        }
    }
    // The last row that begins in here may end further on.
    let mut more = 512;
    while chunk.bytes[to - 1] != b'\n' {
        more = (more * 2).min(1 << 16);
        chunk.room(to - MARGIN + more);
        let read = fill(file, &mut chunk.bytes[to..to + more], before + (to - MARGIN) as u64)?;
        if read == 0 {
            break;
        }
        match memchr::memchr(b'\n', &chunk.bytes[to..to + read]) {
            Some(at) => {
                to += at + 1;
                break;
            }
            None => to += read,
        }
        if to - from > wanted + LONGEST_ROW {
            return Err(io::Error::other(LONG));
        }
    }
    chunk.set(from, to);
    Ok(())
}

/// Fills a buffer as far as the file goes.
pub(super) fn fill(file: &dyn ReadAt, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut read = 0;
    while read < buffer.len() {
        match file.read_at(&mut buffer[read..], offset + read as u64) {
            Ok(0) => break,
            Ok(more) => read += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}

impl Stream {
    fn next(&mut self, chunk: &mut Chunk, length: usize) -> io::Result<bool> {
        if self.ended && self.rest.is_empty() {
            return Ok(false);
        }
        let mut wanted = length.max(self.rest.len());
        chunk.room(wanted);
        let mut to = MARGIN + self.rest.len();
        chunk.bytes[MARGIN..to].copy_from_slice(&self.rest);
        self.rest.clear();
        loop {
            while to < MARGIN + wanted && !self.ended {
                match self.reader.read(&mut chunk.bytes[to..MARGIN + wanted]) {
                    Ok(0) => self.ended = true,
                    Ok(more) => to += more,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(error),
                }
            }
            let cut = if self.ended { Some(to) } else { self.cut(&chunk.bytes[MARGIN..to]).map(|at| MARGIN + at) };
            if let Some(cut) = cut {
                self.rest.extend_from_slice(&chunk.bytes[cut..to]);
                chunk.set(MARGIN, cut);
                chunk.number = self.next;
                self.next += 1;
                return Ok(!chunk.is_empty());
            }
            if wanted > length + LONGEST_ROW {
                return Err(io::Error::other(LONG));
            }
            wanted += length;
            chunk.room(wanted);
        }
    }

    /// Where the last whole row ends.
    fn cut(&self, rows: &[u8]) -> Option<usize> {
        match memchr::memchr(b'"', rows) {
            None => memchr::memrchr(b'\n', rows).map(|at| at + 1),
            Some(_) => Some(careful::last_row_end(rows, self.delimiter)).filter(|end| *end > 0),
        }
    }
}
