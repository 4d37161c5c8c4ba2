//! Things in many places while they wait: in memory, or in scratch files when they take too much of it.

use super::store::{Room, TooFull};
use crate::source::scratch::{Scratch, ScratchFile};
use std::fmt;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What waits in a place: it grows, and can be written and read again in parts.
pub(super) trait Held: Clone + Send {
    /// About how many bytes of memory it takes.
    fn size(&self) -> usize;
    /// Writes it behind what stands in `out`.
    fn write(&self, out: &mut Vec<u8>);
    /// Reads what was written; none where the bytes are damaged.
    fn read(bytes: &[u8]) -> Option<Self>;
    /// Adds what another has.
    fn append(&mut self, other: &Self);
}

/// Parts are written when they are so large, if memory is short: small pieces would make the disk slow.
const PIECE: usize = 64 << 10;
/// Into so many files: several threads write and read at a time.
const FILES: usize = 8;

/// Places, each with something in it.
pub(super) struct Heap<'r, T> {
    places: Vec<Mutex<Slot<T>>>,
    /// What is in a place at first.
    empty: T,
    /// Bytes of memory that all take now, and may take.
    taken: AtomicUsize,
    memory: usize,
    scratch: &'r dyn Scratch,
    files: Vec<Mutex<Option<Box<dyn ScratchFile>>>>,
    written: AtomicU64,
}

impl<T> fmt::Debug for Heap<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Heap").field("places", &self.places.len()).finish_non_exhaustive()
    }
}

/// A place: a part in memory, and parts that were written.
#[derive(Debug)]
struct Slot<T> {
    held: T,
    size: usize,
    /// Where in the scratch file of the place its parts stand: from where, and how long.
    parts: Vec<(u64, usize)>,
}

impl<'r, T: Held> Heap<'r, T> {
    /// Places with nothing but `empty` in them.
    pub fn new(room: &Room<'r>, empty: T) -> Self {
        let slot = || Mutex::new(Slot { held: empty.clone(), size: 0, parts: Vec::new() });
        Self {
            places: std::iter::repeat_with(slot).take(room.piles.max(1)).collect(),
            empty,
            taken: AtomicUsize::new(0),
            memory: room.memory,
            scratch: room.scratch,
            files: (0..FILES).map(|_| Mutex::new(None)).collect(),
            written: AtomicU64::new(0),
        }
    }

    /// As many places for something else, with such a part of the memory and the same room beside it.
    pub fn beside<U: Held>(&self, empty: U, part: usize) -> Heap<'r, U> {
        let room = Room { piles: self.len(), memory: self.memory / part, scratch: self.scratch };
        Heap::new(&room, empty)
    }

    /// How many places.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// How many bytes were written beside memory.
    pub fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }

    /// Fills a place; what is in it is written beside memory when all together take too much.
    ///
    /// # Errors
    /// When there is no room.
    pub fn fill(&self, at: usize, fill: impl FnOnce(&mut T)) -> Result<(), TooFull> {
        let mut slot = locked(&self.places[at]);
        fill(&mut slot.held);
        let size = slot.held.size();
        let more = size.saturating_sub(std::mem::replace(&mut slot.size, size));
        let taken = self.taken.fetch_add(more, Ordering::Relaxed) + more;
        let piece = PIECE.min(self.memory / self.places.len());
        if taken > self.memory && size >= piece { self.spill(at, &mut slot) } else { Ok(()) }
    }

    /// Writes what of a place is in memory.
    fn spill(&self, at: usize, slot: &mut Slot<T>) -> Result<(), TooFull> {
        let mut bytes = Vec::with_capacity(slot.size);
        slot.held.write(&mut bytes);
        let mut file = locked(&self.files[at % FILES]);
        if file.is_none() {
            *file = Some(self.scratch.file()?);
        }
        let Some(file) = &mut *file else { return Ok(()) };
        let from = file.seek(SeekFrom::End(0))?;
        file.write_all(&bytes)?;
        slot.parts.push((from, bytes.len()));
        self.written.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        self.taken.fetch_sub(slot.size, Ordering::Relaxed);
        (slot.held, slot.size) = (self.empty.clone(), 0);
        Ok(())
    }

    /// All of a place: the parts that were written, then what is in memory.
    fn read(&self, at: usize, slot: &Slot<T>) -> Result<T, TooFull> {
        let mut all = self.empty.clone();
        let mut bytes = Vec::new();
        for (from, length) in &slot.parts {
            bytes.resize(*length, 0);
            let mut file = locked(&self.files[at % FILES]);
            let Some(file) = &mut *file else { continue };
            file.seek(SeekFrom::Start(*from))?;
            file.read_exact(&mut bytes)?;
            let damaged = || io::Error::new(io::ErrorKind::InvalidData, "a scratch file is not as it was written");
            all.append(&T::read(&bytes).ok_or_else(damaged)?);
        }
        all.append(&slot.held);
        Ok(all)
    }

    /// Looks at what is in a place.
    ///
    /// # Errors
    /// When it cannot be read again.
    pub fn look<R>(&self, at: usize, look: impl FnOnce(&T) -> R) -> Result<R, TooFull> {
        let slot = locked(&self.places[at]);
        if slot.parts.is_empty() { Ok(look(&slot.held)) } else { Ok(look(&self.read(at, &slot)?)) }
    }

    /// Takes out what is in a place.
    ///
    /// # Errors
    /// When it cannot be read again.
    pub fn take(&self, at: usize) -> Result<T, TooFull> {
        let mut slot = locked(&self.places[at]);
        self.taken.fetch_sub(slot.size, Ordering::Relaxed);
        let empty = Slot { held: self.empty.clone(), size: 0, parts: Vec::new() };
        let slot = std::mem::replace(&mut *slot, empty);
        if slot.parts.is_empty() { Ok(slot.held) } else { self.read(at, &slot) }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
