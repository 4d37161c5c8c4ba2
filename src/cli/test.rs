//! `loyal test`: the examples of programs, and the histories recorded beside them.

use super::data::{self, Which};
use super::failure::Failure;
use super::program::{self, Opened, Ready, find_all, folder_of, open, shown};
use super::run::{outcome, write_facts};
use super::screen::Screen;
use super::write::{Batch, whole};
use super::{as_of, floors};
use crate::engine::outcome::AsOf;
use crate::ledger::BadRows;
use crate::report::facts::{self, COLUMNS, Fact};
use crate::report::harvest::Wanted;
use crate::report::results::{self, Case, Failure as Failed, Suite};
use crate::report::words::counted;
use clap::Args;
use std::path::{Path, PathBuf};

/// The arguments of `test`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Programs: .loyal files, or folders with programs in them
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Records what the histories come to now as what is expected
    #[arg(long)]
    accept: bool,
    /// Writes the results as JUnit XML
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
}

/// What the history of a folder is expected to come to.
const EXPECTED: &str = "expected.csv";

/// Runs all tests that the paths hold.
pub fn test(screen: &Screen, arguments: &Arguments) -> Result<(), Failure> {
    let mut suites = Vec::new();
    let mut batch = Batch::default();
    for path in find_all(&arguments.paths)? {
        suites.push(suite(screen, &path, arguments.accept.then_some(&mut batch))?);
    }
    if let Some(place) = &arguments.junit {
        let text = results::junit(&suites).map_err(|why| Failure::Machine(format!("the results: {why}")))?;
        whole(screen, place, &text)?;
    }
    batch.commit(screen)?;
    screen.say(&results::text(&suites, screen.paint(), screen.quiet()))?;
    if results::all_passed(&suites) { Ok(()) } else { Err(Failure::Program(String::new())) }
}

/// The tests of one program.
fn suite(screen: &Screen, path: &Path, accept: Option<&mut Batch>) -> Result<Suite, Failure> {
    let opened = open(path)?;
    let name = path.display().to_string();
    let Opened { sources, program, findings, path, .. } = opened;
    let Some(program) = program else {
        screen.warn(&shown(screen, &findings, &sources));
        let errors = findings.iter().filter(|finding| finding.severity == crate::diag::Severity::Error).count();
        let errors = u64::try_from(errors).unwrap_or(u64::MAX);
        let says = format!("{}: it cannot run", counted(errors, "error", "errors"));
        let failed = Failed { says, because: String::new() };
        return Ok(Suite {
            cases: vec![Case { name: "check".into(), place: name.clone(), failures: vec![failed] }],
            name,
        });
    };
    let ready = Ready::new(screen, sources, program, path)?;
    let mut cases = floors::examples(&ready);
    cases.extend(history(screen, &ready, accept)?);
    Ok(Suite { name, cases })
}

/// The recorded history of the program's folder, if there is one.
fn history(screen: &Screen, ready: &Ready, accept: Option<&mut Batch>) -> Result<Option<Case>, Failure> {
    let folder = folder_of(&ready.path);
    let which = Which::beside(screen, &folder, &ready.program)?;
    let expected = folder.join(EXPECTED);
    let alone = program::find(&folder).is_ok_and(|only| only == ready.path || same(&only, &ready.path));
    if which.events.is_empty() || !alone || (!expected.is_file() && accept.is_none()) {
        return Ok(None);
    }
    let loaded = data::read(screen, ready, &which, BadRows::Refuse)?;
    let recorded = if expected.is_file() { recorded(&expected)? } else { Vec::new() };
    let mut moments = moments(ready, &recorded, &expected)?;
    if moments.is_empty() {
        moments.extend(as_of::last(&ready.program.settings.clock, &loaded.history));
    }
    let outcome = outcome(screen, ready, &loaded.history, &moments, Wanted::default().deeds(&ready.program));
    let facts = facts::facts(ready.book(), &outcome);
    let place = expected.display().to_string();
    let mut failures = results::differences(&facts::differences(&recorded, &facts));
    let mut name = format!("history: {}", counted(number(recorded.len()), "recorded fact", "recorded facts"));
    if let Some(batch) = accept {
        name = format!("history: {} accepted", counted(number(facts.len()), "fact", "facts"));
        failures.clear();
        batch.file(&expected, Box::new(|out| write_facts(&facts, out)))?;
    }
    Ok(Some(Case { name, place, failures }))
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

fn same(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        (Err(_), _) | (_, Err(_)) => false,
    }
}

/// The facts of a file; a row that is none is a mistake in the data.
fn recorded(path: &Path) -> Result<Vec<Fact>, Failure> {
    let name = path.display();
    let bytes = program::bytes(path).map_err(|error| Failure::file("read", path, &error))?;
    let mut reader = csv::ReaderBuilder::new().from_reader(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes));
    let wrong = |error: csv::Error| Failure::Data(format!("{name}: {error}"));
    let header = reader.headers().map_err(wrong)?.clone();
    let mut places = [0; 4];
    for (place, column) in places.iter_mut().zip(COLUMNS) {
        let found = header.iter().position(|name| name.trim() == column);
        *place = found.ok_or_else(|| {
            Failure::Data(format!("{name}, row 1: no column `{column}`; facts have {}", COLUMNS.join(",")))
        })?;
    }
    let mut facts = Vec::new();
    for row in reader.records() {
        let row = row.map_err(wrong)?;
        let cell = |at: usize| row.get(places[at]).unwrap_or_default().to_string();
        facts.push(Fact { as_of: cell(0), member: cell(1), what: cell(2), value: cell(3) });
    }
    Ok(facts)
}

/// The moments of recorded facts, each once.
fn moments(ready: &Ready, recorded: &[Fact], path: &Path) -> Result<Vec<AsOf>, Failure> {
    let mut moments: Vec<AsOf> = Vec::new();
    for (at, fact) in recorded.iter().enumerate() {
        if moments.iter().any(|moment| moment.label == fact.as_of) {
            continue;
        }
        let moment = as_of::parse(&fact.as_of, &ready.program.settings.clock).map_err(|why| {
            Failure::Data(format!("{}, row {}, column `as_of`, {}: {why}", path.display(), at + 2, fact.as_of))
        })?;
        moments.push(moment);
    }
    Ok(moments)
}
