//! A program with other numbers in it: its text changed, read and checked anew.

use super::Candidate;
use super::vary::Dial;
use crate::check::check;
use crate::diag::{Finding, has_error, sorted};
use crate::syntax::{self, Ast};
use crate::text::Sources;
use serde::Serialize;
use std::collections::BTreeMap;

/// A line that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Its file.
    pub file: String,
    /// Its number, counted from 1.
    pub line: usize,
    /// As it is written.
    pub before: String,
    /// As it would be.
    pub after: String,
}

/// The program as it is written.
pub(super) struct Base<'s> {
    /// Its files as they were read.
    read: &'s Sources,
    /// The same, read again.
    pub sources: Sources,
    /// Its tree.
    pub ast: Ast,
}

/// Files that were read before, some with another text.
struct Kept<'s> {
    read: &'s Sources,
    changed: &'s BTreeMap<&'s str, String>,
}

impl syntax::Files for Kept<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        if let Some(text) = self.changed.get(path) {
            return Ok(text.clone().into_bytes());
        }
        let file = self.read.all().iter().find(|file| file.path == path);
        file.map(|file| file.text.clone().into_bytes()).ok_or_else(|| "there is no such file".to_owned())
    }
}

impl<'s> Base<'s> {
    /// Reads a program again from the files it was read from, the first of them first.
    pub fn of(read: &'s Sources) -> Self {
        let mut sources = Sources::default();
        let parsed = parse(read, &BTreeMap::new(), &mut sources);
        Self { read, sources, ast: parsed.ast }
    }

    /// The program as it is written; none where something stops it from running.
    pub fn candidate(&self) -> Option<Candidate> {
        let program = check(&self.ast, &self.sources).program?;
        Some(Candidate { sources: self.sources.clone(), program })
    }

    /// The program with these values, checked anew, or what is wrong with it.
    pub fn with(&self, dials: &[Dial], values: &[String]) -> Result<Candidate, Vec<Finding>> {
        let changed = self.changed(dials, values);
        let mut sources = Sources::default();
        let parsed = parse(self.read, &changed, &mut sources);
        let checked = check(&parsed.ast, &sources);
        let findings = sorted(parsed.findings.into_iter().chain(checked.findings).collect());
        match checked.program.filter(|_| !has_error(&findings)) {
            Some(program) => Ok(Candidate { sources, program }),
            None => Err(findings),
        }
    }

    /// The files that these values change, by path.
    fn changed(&self, dials: &[Dial], values: &[String]) -> BTreeMap<&str, String> {
        let mut edits: Vec<(&Dial, &String)> = dials.iter().zip(values).collect();
        // From the end of a file to its beginning, so that places before a change stay.
        edits.sort_by_key(|(dial, _)| std::cmp::Reverse((dial.span.file, dial.span.start)));
        let mut changed: BTreeMap<&str, String> = BTreeMap::new();
        for (dial, value) in edits {
            let file = self.sources.file(dial.span);
            let text = changed.entry(&file.path).or_insert_with(|| file.text.clone());
            text.replace_range(dial.span.start as usize..dial.span.end as usize, value);
        }
        changed
    }

    /// The lines that these values change, by file and line.
    pub fn changes(&self, dials: &[Dial], values: &[String]) -> Vec<Change> {
        let mut changes = Vec::new();
        for (path, text) in self.changed(dials, values) {
            let Some(file) = self.sources.all().iter().find(|file| file.path == path) else { continue };
            let lines = file.text.lines().zip(text.lines()).enumerate().filter(|(_, (before, after))| before != after);
            changes.extend(lines.map(|(at, (before, after))| Change {
                file: path.to_owned(),
                line: at + 1,
                before: before.to_owned(),
                after: after.to_owned(),
            }));
        }
        changes
    }
}

fn parse(read: &Sources, changed: &BTreeMap<&str, String>, sources: &mut Sources) -> syntax::Parsed {
    let first = read.all().first().map_or("", |file| file.path.as_str());
    syntax::parse(sources, &Kept { read, changed }, first)
}
