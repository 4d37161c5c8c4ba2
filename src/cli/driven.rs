//! A history through the engine, member by member, into whatever is wanted of it.

use super::failure::Failure;
use super::program::Ready;
use super::progress::Progress;
use super::scratch::OnDisk;
use super::screen::Screen;
use crate::engine::fast::player::Fast;
use crate::engine::outcome::AsOf;
use crate::engine::parts::{Job, Journal, Plain, Player, Slow, Store, TooFull, piles, play};
use crate::engine::plan::{Needs, Plan};
use crate::engine::reference::part::Whole;
use crate::ledger::History;
use crate::report::harvest::{Harvest, Harvested, Wanted};
use clap::{Args, ValueEnum};
use std::path::Path;
use std::str::FromStr;

/// How a run is played; nothing of it changes what comes out.
#[derive(Debug, Clone, Args)]
pub struct Knobs {
    /// How many members are played side by side [default: as many as there are cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// How much memory rows may take before they go to disk: 256MiB, 2GiB
    #[arg(long, value_name = "SIZE", default_value = "512MiB")]
    memory: Size,
    /// Which engine plays: both say the same, the plain one slowly
    #[arg(long, value_enum, default_value_t = Engine::Fast, hide = true)]
    engine: Engine,
}

/// The interpreters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Engine {
    /// What the fast one does by it, the rest by the reference
    Fast,
    /// Everybody by the reference, member by member
    Parts,
}

/// So many bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Size(usize);

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}MiB", self.0 >> 20)
    }
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const SIZES: [(&str, u32); 6] = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40), ("B", 0), ("", 0)];
        let least = 16 << 20;
        let bytes = SIZES.iter().find_map(|(word, shift)| {
            let number: usize = text.strip_suffix(word)?.trim().parse().ok()?;
            number.checked_mul(1_usize.checked_shl(*shift)?)
        });
        match bytes {
            Some(bytes) if bytes >= least => Ok(Self(bytes)),
            Some(_) => Err("a run needs at least 16MiB".to_owned()),
            None => Err("a size such as 256MiB or 2GiB is needed".to_owned()),
        }
    }
}

impl Knobs {
    /// How many threads.
    pub fn threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        self.threads.map_or_else(cores, usize::from)
    }
}

/// Plays a history; `moments` are in the order of time. What was slow, and why, is noted.
pub fn harvest<'h>(
    screen: &Screen,
    knobs: &Knobs,
    ready: &'h Ready,
    history: &History,
    moments: &[AsOf],
    wanted: &Wanted,
) -> Result<Harvested<'h>, Failure> {
    let plan = Plan::of(&ready.program);
    let needs = Needs::of(&ready.program);
    let journal = if wanted.journal() { Journal::UptoLast } else { Journal::None };
    let (threads, whole) = (knobs.threads(), Whole::of(history));
    let job = Job { program: &ready.program, needs: &needs, as_of: moments, whole, journal, threads };
    let store = Store::in_memory(piles(history, &needs, count(history.events.len(), threads)));
    let harvest = Harvest::new(ready.book(), moments, wanted, &OnDisk, knobs.memory.0);
    let progress = Progress::running(screen, history.events.len());
    let slow = match knobs.engine {
        Engine::Fast => playing(&job, &store, history, || Fast::new(&plan, &job), &harvest),
        Engine::Parts => playing(&job, &store, history, || Plain, &harvest),
    };
    progress.done();
    slow.map_err(|full| Failure::writing(Path::new("the room for rows on disk"), &full.0))?;
    Ok(harvest.join())
}

/// Piles small enough to be shared out well, and not so small that each is hardly worth its while.
fn count(events: usize, threads: usize) -> usize {
    (events / 4096).clamp(1, 256).max(threads.min(events / 64 + 1))
}

fn playing<P: Player>(
    job: &Job<'_>,
    store: &Store<'_>,
    history: &History,
    player: impl Fn() -> P + Sync,
    harvest: &Harvest<'_>,
) -> Result<Slow, TooFull> {
    play(job, store, &history.members, player, (|| harvest.take(), |basket| Ok(harvest.give(basket)?)))
}
