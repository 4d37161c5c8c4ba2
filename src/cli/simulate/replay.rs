//! A history through several programs.

use super::Over;
use crate::cli::data::{self, Means, Which};
use crate::cli::failure::Failure;
use crate::cli::floors;
use crate::cli::program::Ready;
use crate::cli::progress::Progress;
use crate::cli::run::set_aside;
use crate::cli::scratch::OnDisk;
use crate::cli::screen::Screen;
use crate::cli::write::Batch;
use crate::engine::outcome::AsOf;
use crate::engine::parts::{Job, Journal};
use crate::engine::reference::portrait::{self, Asked};
use crate::ledger::BadRows;
use crate::simulate::replay::{self, Named, Replayed};
use crate::simulate::study::Study;
use std::path::Path;

/// Bytes of memory for what is read, about; what is more waits beside it.
const MEMORY: usize = 256 << 20;

/// The study of all programs of a command over one history.
pub fn study(screen: &Screen, arguments: &Over, programs: &[Ready], names: &[String]) -> Result<Study, Failure> {
    let Some(first) = programs.first() else {
        return Err(Failure::Command("which program?".to_owned()));
    };
    let files = arguments.files(&first.path);
    let which = Which::of(screen, &files, first)?;
    let mut replayed = Vec::new();
    let mut batch = Batch::default();
    for (at, (ready, name)) in programs.iter().zip(names).enumerate() {
        let mut which = which.clone();
        which.ask_for(&ready.program);
        let named = Named { program: &ready.program, file: name, sources: &ready.sources };
        let aside = arguments.skip_bad.as_deref().filter(|_| at == 0);
        replayed.push(one(screen, arguments, (ready, named), &which, (&mut batch, aside))?);
    }
    batch.commit(screen)?;
    let empty = || Failure::Command("there are no events, so there is nothing to replay".to_owned());
    replay::study(&replayed).ok_or_else(empty)
}

/// The history under one program.
fn one<'p>(
    screen: &Screen,
    arguments: &Over,
    (ready, named): (&'p Ready, Named<'p>),
    which: &Which,
    (batch, aside): (&mut Batch, Option<&Path>),
) -> Result<Replayed<'p>, Failure> {
    let bad = if arguments.skip_bad.is_some() { BadRows::SetAside } else { BadRows::Refuse };
    let threads = crate::cli::threads(arguments.threads);
    let needs = replay::needs(&ready.program);
    let piled = data::piled(screen, ready, which, bad, &needs, Means { threads, memory: MEMORY, scratch: &OnDisk })?;
    let last = piled.whole.last.as_ref().map(|(at, _)| *at);
    let moments = replay::moments(piled.whole.first_day, last, &ready.program.settings.clock);
    let job = Job {
        program: &ready.program,
        needs: &needs,
        as_of: &moments,
        whole: piled.whole.clone(),
        journal: Journal::UptoLast,
        deeds: true,
        threads,
        shared: None,
    };
    let progress = Progress::running(screen, usize::try_from(piled.events).unwrap_or(usize::MAX));
    let played = replay::play(&job, &piled.store, &piled.members, named);
    progress.done();
    let mut replayed = played.map_err(|full| data::too_full(&full))?;
    set_aside(screen, batch, aside, &piled.set_aside)?;
    if let Some(end) = moments.last().filter(|_| !ready.program.segments.is_empty()) {
        replayed.segments = segments(screen, ready, which, bad, end)?;
    }
    Ok(replayed)
}

/// Who is in which segment at the end: only the plain interpreter looks at everybody there.
fn segments(
    screen: &Screen,
    ready: &Ready,
    which: &Which,
    bad: BadRows,
    end: &AsOf,
) -> Result<Vec<(String, Vec<String>)>, Failure> {
    let loaded = data::read(screen, ready, which, bad)?;
    let program = portrait::ranked(&ready.program);
    let asked = Asked { days: 1, column: "", ranked_at_end: ready.program.rankings.is_empty() };
    let gallery = floors::gallery(&program, &loaded.history, end, asked);
    let within = |at: usize| {
        let members = gallery.portraits.iter().filter(|one| one.within[at]);
        members.map(|one| one.member.clone()).collect()
    };
    let names = ready.program.segments.iter().map(|segment| segment.name.text.clone());
    Ok(names.enumerate().map(|(at, name)| (name, within(at))).collect())
}
