//! Source files and places in them, names and the words they are near to: the lowest floor.

mod closest;
mod names;

pub use closest::closest;
pub use names::{Mixture, is_bidi_control, is_invisible, mixture};

/// A source file of a program: its path as the user gave it, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The path as messages show it.
    pub path: String,
    /// The whole text, UTF-8, in Normalization Form C, without a byte order mark.
    pub text: String,
}

/// All source files of one program; a [`Span`] names one of them by its place in the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Adds a file and returns its number.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> u32 {
        self.files.push(Source { path: path.into(), text: text.into() });
        u32::try_from(self.files.len() - 1).expect("fewer than 2^32 source files")
    }

    /// The file that `span` lies in.
    pub fn file(&self, span: Span) -> &Source {
        &self.files[span.file as usize]
    }

    /// All files, in the order they were added.
    pub fn all(&self) -> &[Source] {
        &self.files
    }

    /// The text under `span`.
    pub fn slice(&self, span: Span) -> &str {
        self.file(span).text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// The line `span` begins on, counted from 1.
    pub fn line(&self, span: Span) -> usize {
        let text = &self.file(span).text;
        let upto = (span.start as usize).min(text.len());
        text.as_bytes()[..upto].iter().filter(|b| **b == b'\n').count() + 1
    }

    /// The column `span` begins at, in characters, counted from 1.
    pub fn column(&self, span: Span) -> usize {
        let text = &self.file(span).text;
        let upto = (span.start as usize).min(text.len());
        let begin = text[..upto].rfind('\n').map_or(0, |at| at + 1);
        text[begin..upto].chars().count() + 1
    }
}

/// A stretch of a source file, in bytes: `start` inclusive, `end` exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The file's number in [`Sources`].
    pub file: u32,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span of `file` from byte `start` up to `end`.
    pub fn new(file: u32, start: usize, end: usize) -> Self {
        let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { file, start: small(start), end: small(end) }
    }

    /// Whether another lies inside it.
    pub fn holds(self, other: Self) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }

    /// The smallest span that covers both; both must lie in one file.
    pub fn to(self, other: Self) -> Self {
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}
