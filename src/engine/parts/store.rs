//! Piles while they wait: in memory, or in scratch files when there are too many for it.

use crate::engine::pile::Pile;
use crate::source::scratch::{InMemory, Scratch, ScratchFile};
use std::fmt;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How much memory piles may take, and where they go when there are more.
#[derive(Clone, Copy)]
pub struct Room<'r> {
    /// How many piles.
    pub piles: usize,
    /// Bytes of memory that all of them may take together.
    pub memory: usize,
    /// Room beside memory.
    pub scratch: &'r dyn Scratch,
}

impl fmt::Debug for Room<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Room").field("piles", &self.piles).field("memory", &self.memory).finish_non_exhaustive()
    }
}

/// Piles are written when they are so large, if memory is short: small pieces would make the disk slow.
const PIECE: usize = 64 << 10;
/// Into so many files: several threads write and read at a time.
const FILES: usize = 8;

/// The piles of a history: members are spread over them by a hash of their ids.
pub struct Store<'r> {
    piles: Vec<Mutex<Slot>>,
    names_lines: bool,
    /// Bytes of memory that all piles take now, and may take.
    taken: AtomicUsize,
    memory: usize,
    scratch: &'r dyn Scratch,
    files: Vec<Mutex<Option<Box<dyn ScratchFile>>>>,
    written: AtomicU64,
}

impl fmt::Debug for Store<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("piles", &self.piles.len()).finish_non_exhaustive()
    }
}

/// A pile: a part in memory, and parts of it that were written.
#[derive(Debug, Default)]
struct Slot {
    pile: Pile,
    size: usize,
    /// Where in the scratch file of the pile its parts stand: from where, and how long.
    parts: Vec<(u64, usize)>,
}

/// The room beside memory is full, or cannot be used.
#[derive(Debug)]
pub struct TooFull(
    /// What the system says.
    pub io::Error,
);

impl fmt::Display for TooFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no room beside memory: {}", self.0)
    }
}

impl std::error::Error for TooFull {}

impl From<io::Error> for TooFull {
    fn from(error: io::Error) -> Self {
        Self(error)
    }
}

impl<'r> Store<'r> {
    /// Empty piles; `names_lines`: whether some return names lines by `line` or `sku`.
    pub fn new(room: &Room<'r>, names_lines: bool) -> Self {
        let slot = || Mutex::new(Slot { pile: Pile::new(names_lines), ..Slot::default() });
        Self {
            piles: std::iter::repeat_with(slot).take(room.piles.max(1)).collect(),
            names_lines,
            taken: AtomicUsize::new(0),
            memory: room.memory,
            scratch: room.scratch,
            files: (0..FILES).map(|_| Mutex::new(None)).collect(),
            written: AtomicU64::new(0),
        }
    }

    /// How many piles.
    pub fn len(&self) -> usize {
        self.piles.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.piles.is_empty()
    }

    /// Whether `sku` and `line` are kept in its piles.
    pub fn names_lines(&self) -> bool {
        self.names_lines
    }

    /// How many bytes were written beside memory.
    pub fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }

    /// Fills a pile; it is written beside memory when all together take too much.
    ///
    /// # Errors
    /// When there is no room.
    pub fn fill(&self, at: usize, fill: impl FnOnce(&mut Pile)) -> Result<(), TooFull> {
        let mut slot = locked(&self.piles[at]);
        fill(&mut slot.pile);
        let size = slot.pile.size();
        let before = std::mem::replace(&mut slot.size, size);
        let taken = self.taken.fetch_add(size.saturating_sub(before), Ordering::Relaxed) + size.saturating_sub(before);
        let piece = PIECE.min(self.memory / self.piles.len());
        if taken > self.memory && size >= piece { self.spill(at, &mut slot) } else { Ok(()) }
    }

    /// Writes what of a pile is in memory.
    fn spill(&self, at: usize, slot: &mut Slot) -> Result<(), TooFull> {
        let mut bytes = Vec::with_capacity(slot.size);
        slot.pile.write(&mut bytes);
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
        (slot.pile, slot.size) = (Pile::new(self.names_lines), 0);
        Ok(())
    }

    /// The parts of a pile that were written.
    fn read(&self, at: usize, slot: &Slot) -> Result<Pile, TooFull> {
        let mut pile = Pile::new(self.names_lines);
        let mut bytes = Vec::new();
        for (from, length) in &slot.parts {
            bytes.resize(*length, 0);
            let mut file = locked(&self.files[at % FILES]);
            let Some(file) = &mut *file else { continue };
            file.seek(SeekFrom::Start(*from))?;
            file.read_exact(&mut bytes)?;
            let part = Pile::read(&bytes).map_err(|damaged| io::Error::new(io::ErrorKind::InvalidData, damaged))?;
            pile.append(&part);
        }
        Ok(pile)
    }

    /// Looks at a pile.
    ///
    /// # Errors
    /// When it cannot be read again.
    pub fn look<R>(&self, at: usize, look: impl FnOnce(&Pile) -> R) -> Result<R, TooFull> {
        let slot = locked(&self.piles[at]);
        if slot.parts.is_empty() {
            return Ok(look(&slot.pile));
        }
        let mut pile = self.read(at, &slot)?;
        pile.append(&slot.pile);
        Ok(look(&pile))
    }

    /// Takes a pile out for good.
    ///
    /// # Errors
    /// When it cannot be read again.
    pub fn take(&self, at: usize) -> Result<Pile, TooFull> {
        let mut slot = locked(&self.piles[at]);
        self.taken.fetch_sub(slot.size, Ordering::Relaxed);
        let slot = std::mem::take(&mut *slot);
        if slot.parts.is_empty() {
            return Ok(slot.pile);
        }
        let mut pile = self.read(at, &slot)?;
        pile.append(&slot.pile);
        Ok(pile)
    }
}

impl Store<'static> {
    /// Piles in memory.
    pub fn in_memory(piles: Vec<Pile>) -> Self {
        let names_lines = piles.iter().any(|pile| pile.names_lines);
        let room = Room { piles: piles.len(), memory: usize::MAX, scratch: &InMemory };
        let store = Self::new(&room, names_lines);
        for (slot, pile) in store.piles.iter().zip(piles) {
            locked(slot).pile = pile;
        }
        store
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
