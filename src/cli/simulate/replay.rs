//! A history through several programs.

use super::Over;
use crate::cli::data::{self, Means, Piled, Which};
use crate::cli::failure::Failure;
use crate::cli::floors;
use crate::cli::program::{Reads, Ready};
use crate::cli::progress::Progress;
use crate::cli::run::set_aside;
use crate::cli::scratch::OnDisk;
use crate::cli::screen::Screen;
use crate::cli::write::Batch;
use crate::engine::outcome::AsOf;
use crate::engine::parts::{self, Job, Journal};
use crate::engine::plan::Needs;
use crate::engine::reference::portrait::{self, Asked};
use crate::ledger::{BadRows, History};
use crate::simulate::replay::{self, Named, Replayed};
use crate::simulate::study::Study;
use std::cell::OnceCell;

/// Bytes of memory for what is read, about; what is more waits beside it.
const MEMORY: usize = 256 << 20;

/// Histories that were read, for programs that play them again. All are of the same files.
#[derive(Default)]
pub struct Histories {
    read: Vec<Read>,
}

/// A history that was read for some programs.
struct Read {
    by: Reads,
    which: Which,
    needs: Needs,
    piled: Piled<'static>,
    /// All of it in memory, once somebody has asked for that.
    whole: OnceCell<History>,
}

impl Histories {
    /// The study of all programs of a command over one history. Its files are read once for all programs that read them
    /// alike, and not at all where they were read for such programs before.
    ///
    /// # Errors
    /// What is wrong with the files, or the machine's room.
    pub fn study(
        &mut self,
        screen: &Screen,
        arguments: &Over,
        programs: &[Ready],
        names: &[String],
    ) -> Result<Study, Failure> {
        let Some(first) = programs.first() else {
            return Err(Failure::Command("which program?".to_owned()));
        };
        let which = Which::of(screen, &arguments.files(&first.path), first)?;
        let means = Means { threads: crate::cli::threads(arguments.threads), memory: MEMORY, scratch: &OnDisk };
        let bad = if arguments.skip_bad.is_some() { BadRows::SetAside } else { BadRows::Refuse };
        let mut batch = Batch::default();
        let mut replayed = Vec::new();
        for (at, (ready, name)) in programs.iter().zip(names).enumerate() {
            let read = match self.of(ready) {
                Some(read) => read,
                None => {
                    let alike: Vec<&Ready> = programs[at..].iter().filter(|one| one.reads() == ready.reads()).collect();
                    self.read(screen, &alike, (&which, bad), means)?
                }
            };
            if let Some(place) = arguments.skip_bad.as_deref().filter(|_| at == 0) {
                set_aside(screen, &mut batch, Some(place), &read.piled.set_aside)?;
            }
            let named = Named { program: &ready.program, file: name, sources: &ready.sources };
            replayed.push(read.play(screen, named, means.threads)?);
        }
        batch.commit(screen)?;
        let empty = || Failure::Command("there are no events, so there is nothing to replay".to_owned());
        replay::study(&replayed).ok_or_else(empty)
    }

    /// A history that was read so that it serves a program.
    fn of(&self, ready: &Ready) -> Option<&Read> {
        let (by, needs) = (ready.reads(), replay::needs(&ready.program));
        let serves = |read: &&Read| read.by == by && read.needs.serve(&needs) && read.which.asks_for(&ready.program);
        self.read.iter().find(serves)
    }

    /// Reads the history for programs that read files alike.
    fn read(
        &mut self,
        screen: &Screen,
        programs: &[&Ready],
        (which, bad): (&Which, BadRows),
        means: Means<'static>,
    ) -> Result<&Read, Failure> {
        let (mut which, mut needs) = (which.clone(), Needs::default());
        for ready in programs {
            which.ask_for(&ready.program);
            needs = needs.with(&replay::needs(&ready.program));
        }
        let piled = data::piled_for_all(screen, (programs, &needs), (&which, bad), means)?;
        self.read.push(Read { by: programs[0].reads(), which, needs, piled, whole: OnceCell::new() });
        Ok(&self.read[self.read.len() - 1])
    }
}

impl Read {
    /// The history under one program.
    fn play<'p>(&self, screen: &Screen, named: Named<'p>, threads: usize) -> Result<Replayed<'p>, Failure> {
        let (program, piled) = (named.program, &self.piled);
        let last = piled.whole.last.as_ref().map(|(at, _)| *at);
        let moments = replay::moments(piled.whole.first_day, last, &program.settings.clock);
        let job = Job {
            program,
            needs: &self.needs,
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
        if let Some(end) = moments.last().filter(|_| !program.segments.is_empty()) {
            replayed.segments = self.segments(&job, end)?;
        }
        Ok(replayed)
    }

    /// Who is in which segment at the end: only the plain interpreter looks at everybody there.
    fn segments(&self, job: &Job<'_>, end: &AsOf) -> Result<Vec<(String, Vec<String>)>, Failure> {
        let history = match self.whole.get() {
            Some(history) => history,
            None => {
                let history = parts::whole_history(job, &self.piled.store, &self.piled.members);
                let history = history.map_err(|full| data::too_full(&full))?;
                self.whole.get_or_init(|| history)
            }
        };
        let program = portrait::ranked(job.program);
        let asked = Asked { days: 1, column: "", ranked_at_end: job.program.rankings.is_empty() };
        let gallery = floors::gallery(&program, history, end, asked);
        let within = |at: usize| {
            let members = gallery.portraits.iter().filter(|one| one.within[at]);
            members.map(|one| one.member.clone()).collect()
        };
        let names = job.program.segments.iter().map(|segment| segment.name.text.clone());
        Ok(names.enumerate().map(|(at, name)| (name, within(at))).collect())
    }
}
