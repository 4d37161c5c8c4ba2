//! Piles while they wait: in memory, or in scratch files when there are too many for it.

use crate::engine::pile::Pile;
use std::fmt;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The piles of a history: members are spread over them by a hash of their ids.
#[derive(Debug, Default)]
pub struct Store {
    piles: Vec<Mutex<Pile>>,
    names_lines: bool,
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

impl Store {
    /// Piles in memory.
    pub fn in_memory(piles: Vec<Pile>) -> Self {
        let names_lines = piles.iter().any(|pile| pile.names_lines);
        Self { piles: piles.into_iter().map(Mutex::new).collect(), names_lines }
    }

    /// Whether `sku` and `line` are kept in its piles.
    pub fn names_lines(&self) -> bool {
        self.names_lines
    }

    /// How many piles.
    pub fn len(&self) -> usize {
        self.piles.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.piles.is_empty()
    }

    /// Looks at a pile.
    ///
    /// # Errors
    /// When it cannot be read again.
    pub fn look<R>(&self, at: usize, look: impl FnOnce(&Pile) -> R) -> Result<R, TooFull> {
        Ok(look(&self.pile(at)))
    }

    /// Takes a pile out for good.
    ///
    /// # Errors
    /// When it cannot be read again.
    pub fn take(&self, at: usize) -> Result<Pile, TooFull> {
        Ok(std::mem::take(&mut *self.pile(at)))
    }

    fn pile(&self, at: usize) -> MutexGuard<'_, Pile> {
        self.piles[at].lock().unwrap_or_else(PoisonError::into_inner)
    }
}
