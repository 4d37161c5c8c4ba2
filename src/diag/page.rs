//! A source file as a message shows it: safe to print, over-long lines cut, places moved along.

use super::place::floor_boundary;
use super::plain::{one_line, push_plain};
use crate::text::Source;
use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

/// The most characters of a line that are shown.
const LONGEST_LINE: usize = 240;

/// A file made ready for pictures.
pub struct Page {
    path: String,
    text: String,
    /// Where shown text and source part ways: after `source` bytes of the source, `shown` bytes are shown.
    steps: Vec<Step>,
    /// The first byte of each line as shown.
    lines: Vec<usize>,
}

#[derive(Clone, Copy)]
struct Step {
    source: usize,
    shown: usize,
    /// Source bytes from here on that show nothing of their own.
    hidden: bool,
}

impl Page {
    /// Makes the page of a file.
    pub fn new(source: &Source) -> Self {
        let mut page = Self { path: one_line(&source.path), text: String::new(), steps: Vec::new(), lines: vec![0] };
        page.step(0, false);
        let mut at = 0;
        for line in source.text.split_inclusive('\n') {
            page.line(line, at);
            at += line.len();
        }
        page
    }

    fn line(&mut self, line: &str, begin: usize) {
        let body = line.strip_suffix('\n').unwrap_or(line);
        let body = body.strip_suffix('\r').unwrap_or(body);
        for (shown, (at, c)) in body.char_indices().enumerate() {
            if shown == LONGEST_LINE {
                self.step(begin + at, true);
                self.text.push('…');
                break;
            }
            let before = self.text.len();
            push_plain(&mut self.text, c);
            if self.text.len() - before != c.len_utf8() {
                self.step_to(begin + at + c.len_utf8());
            }
        }
        if line.len() > body.len() {
            self.step(begin + body.len(), true);
            self.text.push('\n');
            self.step_to(begin + line.len());
            self.lines.push(self.text.len());
        }
    }

    fn step(&mut self, source: usize, hidden: bool) {
        self.steps.push(Step { source, shown: self.text.len(), hidden });
    }

    fn step_to(&mut self, source: usize) {
        self.step(source, false);
    }

    /// The place, as shown, of a byte of the source.
    fn shown(&self, offset: usize) -> usize {
        let step = self.steps[self.steps.partition_point(|step| step.source <= offset).max(1) - 1];
        let further = if step.hidden { 0 } else { offset - step.source };
        floor_boundary(&self.text, step.shown + further)
    }

    /// The stretch, as shown, of a stretch of the source: of its first line only, for a block's
    /// mistake is read at its head.
    pub fn stretch(&self, start: u32, end: u32) -> SourceSpan {
        let from = self.shown(start as usize);
        let line_end = self.text[from..].find('\n').map_or(self.text.len(), |at| from + at);
        let upto = self.shown(end.max(start) as usize).clamp(from, line_end);
        let upto = from + self.text[from..upto].trim_end().len();
        if from < upto || from < line_end {
            return (from, upto - from).into();
        }
        // Nothing to underline at the end of a line, or of the file: the last thing before it.
        let before = if line_end == self.text.len() { self.text.trim_end() } else { &self.text[..from] };
        match before.chars().next_back() {
            Some(c) if c != '\n' => (before.len() - c.len_utf8(), c.len_utf8()).into(),
            Some(_) | None => (from, 0).into(),
        }
    }

    /// The line, from 0, of a byte of the source.
    pub fn line_at(&self, offset: u32) -> usize {
        self.line_of(self.shown(offset as usize))
    }

    fn line_of(&self, offset: usize) -> usize {
        self.lines.partition_point(|start| *start <= offset) - 1
    }
}

impl SourceCode for Page {
    /// As miette reads it, but with columns in characters and only its own lines counted, so that
    /// labels far apart stay two pictures.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let end = span.offset() + span.len();
        if end > self.text.len() {
            return Err(MietteError::OutOfBounds);
        }
        let (head, tail) = (self.line_of(span.offset()), self.line_of(end));
        let (first, last) = (head.saturating_sub(before), (tail + after).min(self.lines.len() - 1));
        let (from, column) = if before == 0 {
            (span.offset(), self.text[self.lines[head]..span.offset()].chars().count())
        } else {
            (self.lines[first], 0)
        };
        let upto = self.lines.get(last + 1).map_or(self.text.len(), |next| next - 1).max(from);
        Ok(Box::new(MietteSpanContents::new_named(
            self.path.clone(),
            &self.text.as_bytes()[from..upto],
            (from, upto - from).into(),
            first,
            column,
            last - first,
        )))
    }
}
