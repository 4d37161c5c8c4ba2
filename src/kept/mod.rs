//! What a run leaves for the next one: sorted tables of bytes in one folder, and a list of those that count.
//!
//! Knows nothing of loyalty. Each file is written once and never changed; the list of the files that
//! count ([`list`]) is replaced in one step, last of all. So whoever is stopped at any moment, by a full
//! disk or `kill -9`, leaves the state before it whole, and beside it at most files that nobody names,
//! which the next run removes. Every block has a checksum: a state that was damaged is refused, never
//! taken for another.

pub mod bytes;
pub mod folder;
pub mod list;
pub mod table;
#[cfg(test)]
mod tests;

use std::fmt;
use std::io;

/// Why a kept state cannot be read or written.
#[derive(Debug)]
pub enum Fault {
    /// The machine: a full disk, no permission.
    Machine {
        /// Which file of the folder.
        name: String,
        /// What the system says.
        error: io::Error,
    },
    /// The bytes are not those that were written.
    Damaged {
        /// Which file of the folder.
        name: String,
        /// What of it, for people.
        what: &'static str,
    },
    /// Written in a shape that this version does not know.
    Other {
        /// Which file of the folder.
        name: String,
        /// The shape's number, as found.
        found: u32,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Machine { name, error } => write!(f, "{name}: {error}"),
            Self::Damaged { name, what } => {
                write!(
                    f,
                    "{name} is damaged: {what}. Take the folder from a backup, or remove it and run the whole history"
                )
            }
            Self::Other { name, found } => {
                write!(f, "{name} was written in shape {found}, which this version does not read")
            }
        }
    }
}

impl std::error::Error for Fault {}

impl Fault {
    /// What the system says of a file.
    pub fn machine(name: &str) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Machine { name: name.to_owned(), error }
    }

    fn damaged(name: &str, what: &'static str) -> Self {
        Self::Damaged { name: name.to_owned(), what }
    }
}
