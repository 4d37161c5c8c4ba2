//! A file of keys and values in the order of the keys, written once.
//!
//! ```text
//! block*  index  trailer
//! block   = raw length u32, packed length u32, crc32 of the packed bytes u32, packed bytes (zstd)
//! entries = (key length varint, key, value length varint, value)*, of a block or of the index
//! trailer = magic 8 bytes, shape u32, entries u64, index offset u64, index length u32, crc32 of the rest u32
//! ```
//! Numbers are little-endian. The index is a block whose values are the offsets of the blocks (u64) and whose
//! keys are the first keys in them.

use super::Fault;
use super::bytes::{pull, push};
use super::folder::New;
use crate::source::raw::{ReadAt, bytes_at};
use std::cmp::Ordering;
use std::io::{self, Write};
use std::sync::Arc;

const MAGIC: &[u8; 8] = b"loyaltab";
/// The shape of the file, told apart from later ones.
const SHAPE: u32 = 1;
const HEAD: usize = 12;
const TRAILER: usize = 8 + 4 + 8 + 8 + 4 + 4;
/// A block is closed when it holds this much.
const BLOCK: usize = 32 << 10;
/// No block is larger than this; a length beyond it is damage.
const LARGEST: usize = 1 << 30;

/// Writes a table.
pub struct Writer {
    name: String,
    out: io::BufWriter<Box<dyn New>>,
    block: Vec<u8>,
    first: Vec<u8>,
    last: Option<Vec<u8>>,
    index: Vec<u8>,
    offset: u64,
    entries: u64,
}

impl Writer {
    /// Begins a table in a new file.
    pub fn new(name: &str, out: Box<dyn New>) -> Self {
        Self {
            name: name.to_owned(),
            out: io::BufWriter::with_capacity(1 << 18, out),
            block: Vec::with_capacity(BLOCK + (BLOCK >> 1)),
            first: Vec::new(),
            last: None,
            index: Vec::new(),
            offset: 0,
            entries: 0,
        }
    }

    /// Adds an entry; keys ascend.
    ///
    /// # Errors
    /// What the system says.
    ///
    /// # Panics
    /// In a debug build, when the keys do not ascend.
    pub fn add(&mut self, key: &[u8], value: &[u8]) -> Result<(), Fault> {
        debug_assert!(self.last.as_deref().is_none_or(|last| last < key), "keys ascend");
        if self.block.is_empty() {
            self.first = key.to_vec();
        }
        if cfg!(debug_assertions) {
            self.last = Some(key.to_vec());
        }
        push(&mut self.block, key);
        push(&mut self.block, value);
        self.entries += 1;
        if self.block.len() >= BLOCK { self.close() } else { Ok(()) }
    }

    fn close(&mut self) -> Result<(), Fault> {
        if self.block.is_empty() {
            return Ok(());
        }
        push(&mut self.index, &self.first);
        push(&mut self.index, &self.offset.to_le_bytes());
        self.offset += write_block(&mut self.out, &self.block).map_err(Fault::machine(&self.name))?;
        self.block.clear();
        Ok(())
    }

    /// Writes what is left, the index and the trailer, and puts all of it on the disk; how many entries there are.
    ///
    /// # Errors
    /// What the system says.
    pub fn finish(mut self) -> Result<u64, Fault> {
        self.close()?;
        let (offset, entries) = (self.offset, self.entries);
        let mut write = || -> io::Result<()> {
            let length = write_block(&mut self.out, &self.index)?;
            let mut trailer = Vec::with_capacity(TRAILER);
            trailer.extend_from_slice(MAGIC);
            trailer.extend_from_slice(&SHAPE.to_le_bytes());
            trailer.extend_from_slice(&entries.to_le_bytes());
            trailer.extend_from_slice(&offset.to_le_bytes());
            trailer.extend_from_slice(&u32::try_from(length).map_err(io::Error::other)?.to_le_bytes());
            let sum = crc32fast::hash(&trailer);
            trailer.extend_from_slice(&sum.to_le_bytes());
            self.out.write_all(&trailer)?;
            self.out.flush()?;
            self.out.get_mut().sync()
        };
        write().map_err(Fault::machine(&self.name))?;
        Ok(entries)
    }
}

/// Writes a block; how many bytes it took.
fn write_block(out: &mut impl Write, raw: &[u8]) -> io::Result<u64> {
    let packed = zstd::bulk::compress(raw, 1)?;
    let size = |bytes: &[u8]| u32::try_from(bytes.len()).map_err(io::Error::other);
    out.write_all(&size(raw)?.to_le_bytes())?;
    out.write_all(&size(&packed)?.to_le_bytes())?;
    out.write_all(&crc32fast::hash(&packed).to_le_bytes())?;
    out.write_all(&packed)?;
    Ok((HEAD + packed.len()) as u64)
}

/// Reads a table.
pub struct Table {
    name: String,
    file: Arc<dyn ReadAt>,
    /// First keys of the blocks, and where they begin.
    index: Vec<(Vec<u8>, u64)>,
    entries: u64,
}

impl Table {
    /// Opens a table: its trailer and index are read and checked.
    ///
    /// # Errors
    /// What the system says, or that the file is damaged.
    pub fn open(name: &str, file: Arc<dyn ReadAt>) -> Result<Self, Fault> {
        let length = file.size().map_err(Fault::machine(name))?;
        let short = || Fault::damaged(name, "it is cut short");
        let begin = length.checked_sub(TRAILER as u64).ok_or_else(short)?;
        let trailer = bytes_at(&file, begin, TRAILER as u64).map_err(Fault::machine(name))?;
        let u32_at = |at: usize| u32::from_le_bytes([trailer[at], trailer[at + 1], trailer[at + 2], trailer[at + 3]]);
        let u64_at = |at: usize| u64::from(u32_at(at)) | u64::from(u32_at(at + 4)) << 32;
        if &trailer[..8] != MAGIC {
            return Err(short());
        }
        if u32_at(TRAILER - 4) != crc32fast::hash(&trailer[..TRAILER - 4]) {
            return Err(Fault::damaged(name, "its end does not fit its checksum"));
        }
        if u32_at(8) != SHAPE {
            return Err(Fault::Other { name: name.to_owned(), found: u32_at(8) });
        }
        let mut table = Self { name: name.to_owned(), file, index: Vec::new(), entries: u64_at(12) };
        let raw = table.block(u64_at(20))?;
        let mut rest = raw.as_slice();
        while !rest.is_empty() {
            let (key, offset) = table.entry(&mut rest)?;
            let offset = <[u8; 8]>::try_from(offset).map_err(|_| table.wrong())?;
            table.index.push((key.to_vec(), u64::from_le_bytes(offset)));
        }
        Ok(table)
    }

    /// How many entries.
    pub fn len(&self) -> u64 {
        self.entries
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries == 0
    }

    /// Reads from the first entry on.
    pub fn cursor(&self) -> Cursor<'_> {
        Cursor { table: self, next_block: 0, block: Vec::new(), at: 0 }
    }

    fn wrong(&self) -> Fault {
        Fault::damaged(&self.name, "an entry does not end where it should")
    }

    /// The bytes of a block.
    fn block(&self, offset: u64) -> Result<Vec<u8>, Fault> {
        let read = |at: u64, length: usize| match bytes_at(&self.file, at, length as u64) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                Err(Fault::damaged(&self.name, "it is cut short"))
            }
            other => other.map_err(Fault::machine(&self.name)),
        };
        let head = read(offset, HEAD)?;
        let number = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let (raw, packed) = (number(0) as usize, number(4) as usize);
        let room = self.file.size().map_err(Fault::machine(&self.name))?.saturating_sub(offset);
        if raw > LARGEST || packed as u64 > room {
            return Err(Fault::damaged(&self.name, "a length in it cannot be right"));
        }
        let bytes = read(offset + HEAD as u64, packed)?;
        if crc32fast::hash(&bytes) != number(8) {
            return Err(Fault::damaged(&self.name, "a part does not fit its checksum"));
        }
        let block = zstd::bulk::decompress(&bytes, raw);
        block
            .ok()
            .filter(|block| block.len() == raw)
            .ok_or_else(|| Fault::damaged(&self.name, "a part cannot be unpacked"))
    }

    /// Splits off one entry.
    fn entry<'r>(&self, rest: &mut &'r [u8]) -> Result<Entry<'r>, Fault> {
        let key = pull(rest).ok_or_else(|| self.wrong())?;
        let value = pull(rest).ok_or_else(|| self.wrong())?;
        Ok((key, value))
    }
}

/// A key and its value.
pub type Entry<'e> = (&'e [u8], &'e [u8]);

/// Reads a table forward: entry after entry, or from key to key.
pub struct Cursor<'t> {
    table: &'t Table,
    next_block: usize,
    block: Vec<u8>,
    at: usize,
}

impl Cursor<'_> {
    /// The next entry; none at the end.
    ///
    /// # Errors
    /// What the system says, or that the file is damaged.
    #[allow(clippy::should_implement_trait, reason = "it lends what it reads, which an iterator cannot")]
    pub fn next(&mut self) -> Result<Option<Entry<'_>>, Fault> {
        while self.at >= self.block.len() {
            let Some((_, offset)) = self.table.index.get(self.next_block) else { return Ok(None) };
            self.block = self.table.block(*offset)?;
            self.next_block += 1;
            self.at = 0;
        }
        let mut rest = &self.block[self.at..];
        let entry = self.table.entry(&mut rest)?;
        self.at = self.block.len() - rest.len();
        Ok(Some(entry))
    }

    /// The value of a key; keys are asked for in ascending order, and what lies between is passed over.
    ///
    /// # Errors
    /// What the system says, or that the file is damaged.
    pub fn find(&mut self, key: &[u8]) -> Result<Option<&[u8]>, Fault> {
        let index = &self.table.index;
        let holds = index.partition_point(|(first, _)| first.as_slice() <= key);
        if holds > self.next_block {
            self.block = self.table.block(index[holds - 1].1)?;
            self.next_block = holds;
            self.at = 0;
        }
        while self.at < self.block.len() {
            let mut rest = &self.block[self.at..];
            let (found, value) = self.table.entry(&mut rest)?;
            match found.cmp(key) {
                Ordering::Less => self.at = self.block.len() - rest.len(),
                Ordering::Equal => {
                    let (from, length) = (self.block.len() - rest.len() - value.len(), value.len());
                    return Ok(Some(&self.block[from..from + length]));
                }
                Ordering::Greater => return Ok(None),
            }
        }
        Ok(None)
    }
}
