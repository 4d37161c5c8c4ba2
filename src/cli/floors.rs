//! The floors below, as the verbs call them: one small function for each.
//!
//! TO BE JOINED AT MERGE: parser, checker, formatter, engine and examples are being built on their
//! own branches; each function here becomes one call.

use super::program::Ready;
use crate::diag::Finding;
use crate::engine::outcome::{AsOf, Outcome};
use crate::ledger::History;
use crate::mechanics::Program;
use crate::report::results::Case;
use crate::text::Sources;
use std::path::Path;

/// A program as the floors below see it.
pub struct Seen {
    /// Its files.
    pub sources: Sources,
    /// The program; none when something stops it from running.
    pub program: Option<Program>,
    /// All that was found.
    pub findings: Vec<Finding>,
}

/// Reads and checks a program and the files it uses; `-` is standard input.
pub fn seen(_path: &Path) -> Seen {
    Seen { sources: Sources::default(), program: None, findings: Vec::new() }
}

/// A file in its standard shape; none when it cannot be read as the language.
pub fn shaped(_name: &str, _bytes: &[u8]) -> (Sources, Vec<Finding>, Option<String>) {
    (Sources::default(), Vec::new(), None)
}

/// Runs a history.
pub fn run(_program: &Program, _history: &History, _moments: &[AsOf]) -> Outcome {
    Outcome::default()
}

/// Runs the examples of a program.
pub fn examples(_ready: &Ready) -> Vec<Case> {
    Vec::new()
}
