//! What a file is, told by its first bytes and never by its name.

use std::fmt;
use std::io;

/// The shapes of file that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// CSV, or whatever else begins like nothing below.
    Text,
    /// Packed with gzip.
    Gzip,
    /// Packed with Zstandard.
    Zstd,
    /// Parquet.
    Parquet,
    /// Arrow IPC as a file (Feather version 2).
    ArrowFile,
    /// Arrow IPC as a stream.
    ArrowStream,
}

impl Shape {
    /// How many bytes tell it.
    pub const TOLD_BY: usize = 8;

    /// What a file is that begins so.
    pub fn of(start: &[u8]) -> Self {
        match start {
            [0x1F, 0x8B, ..] => Self::Gzip,
            [0x28, 0xB5, 0x2F, 0xFD, ..] => Self::Zstd,
            // A frame that readers skip, which some packers begin with.
            [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Self::Zstd,
            [b'P', b'A', b'R', b'1' | b'E', ..] => Self::Parquet,
            [b'A', b'R', b'R', b'O', b'W', b'1', 0, ..] => Self::ArrowFile,
            [0xFF, 0xFF, 0xFF, 0xFF, ..] => Self::ArrowStream,
            _ => Self::Text,
        }
    }

    /// What it is, for people.
    pub fn says(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Gzip => "packed with gzip",
            Self::Zstd => "packed with Zstandard",
            Self::Parquet => "a Parquet file",
            Self::ArrowFile => "an Arrow file",
            Self::ArrowStream => "an Arrow stream",
        }
    }
}

/// A file whose bytes are not what they should be: cut short, changed, or meant for more memory than there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damaged {
    /// What it is.
    pub shape: Shape,
    /// What is the matter, in the words of who read it.
    pub words: String,
}

impl Damaged {
    /// As an error of reading.
    pub fn error(shape: Shape, words: impl fmt::Display) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, Self { shape, words: words.to_string() })
    }

    /// The damage that an error of reading tells of; none when the machine failed.
    pub fn of(error: &io::Error) -> Option<&Self> {
        error.get_ref().and_then(|inner| inner.downcast_ref())
    }
}

impl fmt::Display for Damaged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl std::error::Error for Damaged {}
