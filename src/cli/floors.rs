//! The floors below, as the verbs call them: one small function for each.
//!
//! Every call into parser, checker, formatter and engine stands here, so that what they need (files
//! on disk, the order of clauses) is said once.

use super::program::{Ready, bytes, folder_of, is_endless, leads_out};
use crate::diag::{self, Finding};
use crate::engine::examples;
use crate::engine::fast::player::Fast;
use crate::engine::nightly::{Fit, Night, Players, Wrong};
use crate::engine::outcome::{AsOf, Outcome};
use crate::engine::parts::{self, Ended, Job, Slow, Store, TooFull};
use crate::engine::plan::Plan;
use crate::engine::reference::portrait;
use crate::kept::folder::Folder;
use crate::ledger::{History, MemberRow};
use crate::mechanics::Program;
use crate::report::harvest::Harvest;
use crate::report::results::{self, Case};
use crate::syntax;
use crate::text::{Source, Sources};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A program as the floors below see it.
pub struct Seen {
    /// Its files.
    pub sources: Sources,
    /// The program; none when something stops it from running.
    pub program: Option<Program>,
    /// All that was found.
    pub findings: Vec<Finding>,
}

/// Files as the parser asks for them, beside the first of them; `-` is standard input.
struct Disk<'p> {
    first: &'p Path,
}

impl syntax::Files for Disk<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        if Path::new(path) != self.first && leads_out(&folder_of(self.first), Path::new(path)) {
            return Err("a link in its path leads out of the program's folder".to_string());
        }
        if Path::new(path) != self.first && is_endless(Path::new(path)) {
            return Err("this is a pipe or a device, a file is needed".to_string());
        }
        bytes(Path::new(path)).map_err(|error| super::failure::plain(&error))
    }
}

/// Reads and checks a program and the files it uses; `-` is standard input.
pub fn seen(path: &Path) -> Seen {
    let mut sources = Sources::default();
    let parsed = syntax::parse(&mut sources, &Disk { first: path }, &path.to_string_lossy());
    let checked = crate::check::check(&parsed.ast, &sources);
    let findings = diag::sorted(parsed.findings.into_iter().chain(checked.findings).collect());
    Seen { sources, program: checked.program, findings }
}

/// The files that a program uses, itself among them, as far as they can be read. One that it replaces is a program of
/// its own.
pub fn parts(path: &Path) -> Vec<PathBuf> {
    let mut sources = Sources::default();
    syntax::parse_alone(&mut sources, &Disk { first: path }, &path.to_string_lossy());
    sources.all().iter().map(|source| PathBuf::from(&source.path)).collect()
}

/// A file in its standard shape, or why it cannot be read as the language.
pub fn shaped(name: &str, text: &str) -> Result<String, (Sources, Vec<Finding>)> {
    let mut sources = Sources::default();
    let parsed = syntax::parse_text(&mut sources, name, text);
    match parsed.ast.files.first() {
        Some(file) if !diag::has_error(&parsed.findings) => {
            Ok(crate::fmt::format(file, &sources, &crate::fmt::table_order))
        }
        Some(_) | None => Err((sources, parsed.findings)),
    }
}

/// Runs a history; whether it is asked what happened event by event.
pub fn run(program: &Program, history: &History, moments: &[AsOf], deeds: bool) -> Outcome {
    let run = if deeds { crate::engine::reference::run } else { crate::engine::reference::run_without_deeds };
    run(program, history, moments)
}

/// Plays all members of a history in piles into a harvest; none where members are held back by one another.
pub fn play<'h>(
    job: &Job<'_>,
    store: &Store<'_>,
    members: &BTreeMap<String, MemberRow>,
    harvest: Harvest<'h>,
) -> Result<Option<(Harvest<'h>, Slow)>, TooFull> {
    if !job.program.draws.is_empty() {
        return Ok(None);
    }
    let roomy = parts::roomy(job.program);
    let with_room = job.with_room(roomy.as_ref());
    let plan = Plan::over(with_room.program, job.needs.clone());
    let give = |basket| harvest.give(basket).map_err(TooFull);
    let ended = parts::play(&with_room, store, members, || Fast::new(&plan, &with_room), (|| harvest.take(), give))?;
    Ok(match ended {
        Ended::Well(slow) => Some((harvest, slow)),
        Ended::NoRoom => None,
    })
}

/// Plays members who are held back by one another, in the order of events.
pub fn play_in_order<'h>(
    job: &Job<'_>,
    store: &Store<'_>,
    members: &BTreeMap<String, MemberRow>,
    harvest: Harvest<'h>,
) -> Result<(Harvest<'h>, Slow), TooFull> {
    let mut basket = harvest.take();
    let slow = parts::in_order_of_events(job, store, members, &mut basket)?;
    harvest.give(basket)?;
    Ok((harvest, slow))
}

/// The program with the segments that come with the tool behind its own, and how many are its own.
pub fn with_ready_made(program: &Program, days: u32) -> (Program, usize) {
    let mut program = program.clone();
    let own = program.segments.len();
    program.segments.extend(crate::check::ready_made::segments(days));
    (portrait::ranked(&program), own)
}

/// Looks at the members of a history at a moment.
pub fn gallery(program: &Program, history: &History, wanted: &AsOf, asked: portrait::Asked<'_>) -> portrait::Gallery {
    portrait::gallery(program, history, wanted, asked)
}

/// Runs the history of some members who are held back by no others.
pub fn run_part(job: &Job<'_>, part: &History) -> Outcome {
    crate::engine::reference::part::run_part(job.program, part, &job.whole, job.as_of).outcome
}

/// What a program says that bears on a run, line by line.
pub fn said(sources: &Sources) -> Vec<String> {
    let of_file = |source: &Source| {
        let parsed = syntax::parse_text(&mut Sources::default(), &source.path, &source.text);
        syntax::said(&parsed.ast)
    };
    sources.all().iter().flat_map(of_file).collect()
}

/// Opens a kept state and hands it on, with whoever plays its members.
pub fn night<T>(
    folder: &dyn Folder,
    (program, fit, threads): (&Program, Fit<'_>, usize),
    run: impl FnOnce(Result<Night<'_>, Wrong>) -> T,
) -> T {
    let plan = Plan::of(program);
    let players = Players { program, needs: fit.needs, threads, player: |job: &Job<'_>| Fast::new(&plan, job) };
    run(Night::open(folder, program, fit, &players))
}

/// Runs the examples of a program.
pub fn examples(ready: &Ready) -> Vec<Case> {
    let of_each = ready.program.examples.iter();
    of_each.map(|example| results::example(ready.book(), &examples::run(&ready.program, example))).collect()
}
