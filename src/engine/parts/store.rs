//! The piles of a history while they wait.

use super::heap::{Heap, Held};
use crate::engine::pile::Pile;
use crate::source::scratch::{InMemory, Scratch};
use std::fmt;
use std::io;

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

/// The piles of a history: members are spread over them by a hash of their ids.
#[derive(Debug)]
pub struct Store<'r> {
    piles: Heap<'r, Pile>,
    names_lines: bool,
    /// Whether who takes a pile leaves it there for others.
    stays: bool,
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

impl Held for Pile {
    fn size(&self) -> usize {
        self.size()
    }

    fn write(&self, out: &mut Vec<u8>) {
        self.write(out);
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        Pile::read(bytes).ok()
    }

    fn append(&mut self, other: &Self) {
        self.append(other);
    }
}

impl<'r> Store<'r> {
    /// Empty piles; `names_lines`: whether some return names lines by `line` or `sku`.
    pub fn new(room: &Room<'r>, names_lines: bool) -> Self {
        Self { piles: Heap::new(room, Pile::new(names_lines)), names_lines, stays: false }
    }

    /// The same piles, for several runs over one history: who takes one leaves it there.
    #[must_use]
    pub fn staying(self) -> Self {
        Self { stays: true, ..self }
    }

    /// How many piles.
    pub fn len(&self) -> usize {
        self.piles.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.piles.len() == 0
    }

    /// As many places for something else, with such a part of the memory.
    pub(super) fn beside<U: Held>(&self, empty: U, part: usize) -> Heap<'r, U> {
        self.piles.beside(empty, part)
    }

    /// Whether `sku` and `line` are kept in its piles.
    pub fn names_lines(&self) -> bool {
        self.names_lines
    }

    /// How many bytes were written beside memory.
    pub fn written(&self) -> u64 {
        self.piles.written()
    }

    /// Fills a pile; it is written beside memory when all together take too much.
    ///
    /// # Errors
    /// When there is no room.
    pub fn fill(&self, at: usize, fill: impl FnOnce(&mut Pile)) -> Result<(), TooFull> {
        self.piles.fill(at, fill)
    }

    /// Looks at a pile.
    ///
    /// # Errors
    /// When it cannot be read again.
    pub fn look<R>(&self, at: usize, look: impl FnOnce(&Pile) -> R) -> Result<R, TooFull> {
        self.piles.look(at, look)
    }

    /// Takes a pile out, for good where they do not stay.
    ///
    /// # Errors
    /// When it cannot be read again.
    pub fn take(&self, at: usize) -> Result<Pile, TooFull> {
        if self.stays { self.piles.look(at, Pile::clone) } else { self.piles.take(at) }
    }
}

impl Store<'static> {
    /// Piles in memory.
    pub fn in_memory(piles: Vec<Pile>) -> Self {
        let names_lines = piles.iter().any(|pile| pile.names_lines);
        let store = Self::new(&Room { piles: piles.len(), memory: usize::MAX, scratch: &InMemory }, names_lines);
        for (at, pile) in piles.into_iter().enumerate() {
            // There is memory for all of them: nothing is written.
            let filled = store.fill(at, |place| *place = pile);
            debug_assert!(filled.is_ok());
        }
        store
    }
}
