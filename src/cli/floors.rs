//! The floors below, as the verbs call them: one small function for each.
//!
//! TO BE JOINED AT MERGE: checker, formatter, engine and examples are being built on their own
//! branches; each function here becomes one call.

use super::program::{Ready, bytes};
use crate::diag::{self, Finding};
use crate::engine::outcome::{AsOf, Outcome};
use crate::engine::reference;
use crate::ledger::History;
use crate::mechanics::Program;
use crate::report::results::Case;
use crate::syntax;
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

/// Files as the parser asks for them; `-` is standard input.
struct Disk;

impl syntax::Files for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        bytes(Path::new(path)).map_err(|error| super::failure::plain(&error))
    }
}

/// Reads and checks a program and the files it uses; `-` is standard input.
pub fn seen(path: &Path) -> Seen {
    let mut sources = Sources::default();
    let parsed = syntax::parse(&mut sources, &Disk, &path.to_string_lossy());
    let checked = crate::check::check(&parsed.ast, &sources);
    let findings = diag::sorted(parsed.findings.into_iter().chain(checked.findings).collect());
    Seen { sources, program: checked.program, findings }
}

/// A file in its standard shape; none when it cannot be read as the language.
pub fn shaped(name: &str, text: &str) -> (Sources, Vec<Finding>, Option<String>) {
    let mut sources = Sources::default();
    let parsed = syntax::parse_text(&mut sources, name, text);
    (sources, parsed.findings, None)
}

/// Runs a history.
pub fn run(program: &Program, history: &History, moments: &[AsOf]) -> Outcome {
    reference::run(program, history, moments)
}

/// Runs the examples of a program.
pub fn examples(_ready: &Ready) -> Vec<Case> {
    Vec::new()
}
