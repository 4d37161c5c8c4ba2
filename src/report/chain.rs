//! The chain of postings: each row carries a link that stands on all rows before it, so that none can be changed,
//! taken out, put in or moved without breaking the links behind it (`docs/outputs.md`, "The chain").
//!
//! ```text
//! row    = blake3( for each cell between `number` and `link`: length as u32, little endian; UTF-8 bytes )
//! link   = blake3( link of the row before, 32 bytes, zeros before the first; number as u64, little endian; row )
//! ```
//! One chain over the whole table: its order is that of the run, whatever the threads, the files or the nights. What
//! a row says is hashed by whoever makes it; only the links wait for their turn.

use serde::{Deserialize, Serialize};

/// How many bytes a hash has.
pub const HASH: usize = 32;

/// What a row of postings says, in short: of its cells as [`super::harvest::rows::Format::Cells`] has them, all but
/// `number` and `link`.
pub fn digest(cells: &[u8]) -> [u8; HASH] {
    *blake3::hash(cells).as_bytes()
}

/// The same of a row of texts.
pub fn digest_of<'c>(cells: impl IntoIterator<Item = &'c str>) -> [u8; HASH] {
    let mut hasher = blake3::Hasher::new();
    for cell in cells {
        // No cell comes near 4 GiB.
        hasher.update(&u32::try_from(cell.len()).unwrap_or(u32::MAX).to_le_bytes());
        hasher.update(cell.as_bytes());
    }
    *hasher.finalize().as_bytes()
}

/// A chain up to some row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    rows: u64,
    last: blake3::Hash,
}

impl Default for Chain {
    /// Before the first row.
    fn default() -> Self {
        Self { rows: 0, last: blake3::Hash::from_bytes([0; HASH]) }
    }
}

impl Chain {
    /// Adds a row: the number of its posting, and what it says ([`digest`]).
    pub fn add(&mut self, number: u64, row: &[u8; HASH]) {
        let mut bytes = [0; HASH + 8 + HASH];
        bytes[..HASH].copy_from_slice(self.last.as_bytes());
        bytes[HASH..HASH + 8].copy_from_slice(&number.to_le_bytes());
        bytes[HASH + 8..].copy_from_slice(row);
        self.last = blake3::hash(&bytes);
        self.rows += 1;
    }

    /// The last link: 64 digits and letters.
    pub fn link(&self) -> String {
        self.last.to_hex().to_string()
    }

    /// Where it ends.
    pub fn end(&self) -> End {
        End { rows: self.rows, last: self.link() }
    }
}

/// Where a chain ends: what shows that no row is missing behind the last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// How many rows.
    pub rows: u64,
    /// The link of the last; of no rows, zeros.
    pub last: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_stands_on_the_number_the_row_and_all_before() {
        let linked = |rows: &[(u64, &str)]| {
            let mut chain = Chain::default();
            rows.iter().for_each(|(number, cell)| chain.add(*number, &digest_of([*cell])));
            chain.link()
        };
        let right = linked(&[(1, "a"), (2, "b")]);
        assert_eq!(right, linked(&[(1, "a"), (2, "b")]));
        for other in [&[(1, "a"), (1, "b")][..], &[(1, "b"), (2, "a")], &[(2, "b")], &[(1, "a"), (2, "c")]] {
            assert_ne!(right, linked(other));
        }
    }

    #[test]
    fn cells_cannot_be_parted_in_another_way() {
        assert_ne!(digest_of(["ab", "c"]), digest_of(["a", "bc"]));
        assert_ne!(digest_of(["ab", ""]), digest_of(["ab"]));
    }

    #[test]
    fn the_digest_is_that_of_the_cells_as_they_are_kept() {
        use crate::report::harvest::rows::{Format, Rows};
        let mut cells = Vec::new();
        let mut rows = Rows::new(&mut cells, Format::Cells, &["a", "b"]);
        rows.text("x");
        rows.text("סלע");
        rows.end();
        assert_eq!(digest(&cells), digest_of(["x", "סלע"]));
    }
}
