//! Where a finding stands, for people: lines and columns from 1, columns in characters.

use crate::text::{Sources, Span};

/// A stretch of a file in lines and columns; the end is the column after the last character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place<'s> {
    /// The path as the user gave it.
    pub path: &'s str,
    /// The first line.
    pub line: usize,
    /// The first character.
    pub column: usize,
    /// The last line.
    pub end_line: usize,
    /// One past the last character.
    pub end_column: usize,
}

/// The beginnings of all lines, so that a thousand findings do not count them a thousand times.
pub struct Places<'s> {
    sources: &'s Sources,
    starts: Vec<Vec<usize>>,
}

impl<'s> Places<'s> {
    /// Reads the lines of all sources once.
    pub fn new(sources: &'s Sources) -> Self {
        let starts = sources
            .all()
            .iter()
            .map(|source| std::iter::once(0).chain(source.text.match_indices('\n').map(|(at, _)| at + 1)).collect());
        Self { sources, starts: starts.collect() }
    }

    /// Where a span lies; nowhere when it names no file of these.
    pub fn of(&self, span: Span) -> Option<Place<'s>> {
        let file = span.file as usize;
        let source = self.sources.all().get(file)?;
        let (line, column) = self.at(file, &source.text, span.start as usize);
        let (end_line, end_column) = self.at(file, &source.text, (span.end as usize).max(span.start as usize));
        Some(Place { path: &source.path, line, column, end_line, end_column })
    }

    fn at(&self, file: usize, text: &str, offset: usize) -> (usize, usize) {
        let offset = floor_boundary(text, offset);
        let line = self.starts[file].partition_point(|start| *start <= offset);
        let begin = self.starts[file][line - 1];
        (line, text[begin..offset].chars().count() + 1)
    }
}

/// The last boundary between characters not after `offset`.
pub fn floor_boundary(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
