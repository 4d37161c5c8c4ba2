//! What the first stage says: about letters and tokens, about the shape of blocks, about files.

mod files;
mod letters;
mod shape;

pub use super::lex::{LINE_LIMIT, NAME_LIMIT};
pub use files::{ALL_LIMIT, FILE_LIMIT, FILES_LIMIT, Files, VERSIONS_LIMIT};
pub use letters::Letters;
pub(super) use shape::closing;
pub use shape::{EDITION, NESTING_LIMIT, Shape};

use crate::diag::{Finding, Message};

/// After so many findings about one program the rest is left unsaid.
const LIMIT: usize = 500;

/// Gathers findings, up to a limit: a file that is no program at all must not take the machine's memory.
#[derive(Debug, Default)]
pub(super) struct Tell {
    findings: Vec<Finding>,
}

impl Tell {
    /// Adds a message.
    pub fn say(&mut self, message: impl Message) {
        if self.findings.len() < LIMIT {
            self.findings.push(message.into());
        } else if self.findings.len() == LIMIT {
            self.findings.push(Shape::TooMany { place: message.place(), limit: LIMIT }.into());
        }
    }

    /// All findings, in the order of their places.
    pub fn done(self) -> Vec<Finding> {
        crate::diag::sorted(self.findings)
    }
}

/// What a character that cannot be seen is called.
fn character(c: char) -> String {
    let name = match c {
        '\0' => "a NUL",
        '\t' => "a tab",
        '\r' => "a carriage return",
        '\u{A0}' | '\u{202F}' => "a no-break blank",
        '\u{3000}' => "an ideographic blank",
        '\u{AD}' => "a soft hyphen",
        '\u{61C}' => "an Arabic letter mark",
        '\u{200B}' => "a zero-width blank",
        '\u{200C}' | '\u{200D}' => "a zero-width joiner",
        '\u{200E}' => "a left-to-right mark",
        '\u{200F}' => "a right-to-left mark",
        '\u{202A}' | '\u{202B}' => "the start of an embedding",
        '\u{202C}' | '\u{2069}' => "the end of an embedding",
        '\u{202D}' | '\u{202E}' => "an override of direction",
        '\u{2066}'..='\u{2068}' => "the start of an isolate",
        '\u{FEFF}' => "a byte order mark",
        c if c.is_whitespace() => "a blank that is not the space bar's",
        c if c.is_control() => "a control character",
        _ => "an invisible character",
    };
    format!("{name} (U+{:04X})", u32::from(c))
}
