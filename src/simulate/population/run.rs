//! Plays populations on threads. Who plays whom, and when, shows in nothing.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::engine::live::Live;

use super::Seat;
use super::desk::Desk;
use super::living::{self, Cast};
use super::log::Log;
use super::member::{self, Life, Person};
use super::shop::Shop;
use super::stage::Stage;
use super::tally::{Counter, Hers, Rows, Tally};

/// Members that are played in one go.
const BLOCK: u64 = 64;

/// One population to play.
pub(super) struct Run<'s> {
    /// Where.
    pub(super) stage: Stage<'s>,
    /// How many of its members.
    pub(super) members: u64,
    /// Whether each member is written down.
    pub(super) cuts: bool,
}

/// Members of one run, from this one on.
#[derive(Debug, Clone, Copy)]
struct Job {
    run: usize,
    from: u64,
}

/// What is still being put together of a run.
struct Gathered {
    tally: Tally,
    /// Cuts, by the first member of their block.
    blocks: BTreeMap<u64, Vec<Vec<Hers>>>,
}

/// Plays all of them.
pub(super) fn play(seats: &[Seat<'_>], shops: &[Shop<'_>], runs: &[Run<'_>], threads: usize) -> Vec<Tally> {
    let months = |run: &Run<'_>| run.stage.calendar.months.len();
    let gathered = runs.iter().map(|run| Gathered { tally: Tally::new(shops, months(run)), blocks: BTreeMap::new() });
    let gathered: Vec<Mutex<Gathered>> = gathered.map(Mutex::new).collect();
    let jobs: Vec<Job> = runs
        .iter()
        .enumerate()
        .flat_map(|(run, one)| (0..one.members.div_ceil(BLOCK)).map(move |block| Job { run, from: block * BLOCK }))
        .collect();
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, jobs.len().max(1)) {
            scope.spawn(|| {
                let mut worker = Worker::new(seats, shops);
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(job) = jobs.get(at) else { break };
                    let tally = worker.block(&runs[job.run], job.from);
                    // A lock is poisoned where another thread fell, and then this whole run falls with it.
                    let mut gathered = gathered[job.run].lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                    gathered.tally.add(&tally);
                    if runs[job.run].cuts {
                        gathered.blocks.insert(job.from, tally.hers);
                    }
                }
            });
        }
    });
    gathered
        .into_iter()
        .map(|gathered| whole(gathered.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)))
        .collect()
}

/// The cuts of all blocks, in the order of their members.
fn whole(gathered: Gathered) -> Tally {
    let mut tally = gathered.tally;
    for block in gathered.blocks.into_values() {
        tally.hers.iter_mut().zip(block).for_each(|(all, part)| all.extend(part));
    }
    tally
}

/// A thread's own players.
struct Worker<'p, 's> {
    shops: &'s [Shop<'s>],
    seats: Vec<Players<'p>>,
    person: Person,
    life: Life,
}

/// Who plays a program's members, and where they are met.
struct Players<'p> {
    player: Box<dyn Live + 'p>,
    desk: Desk,
}

impl<'p, 's> Worker<'p, 's> {
    fn new(seats: &[Seat<'p>], shops: &'s [Shop<'s>]) -> Self {
        let seats =
            seats.iter().map(|seat| Players { player: (seat.player)(), desk: Desk::new(&seat.program.settings.clock) });
        Self { shops, seats: seats.collect(), person: Person::new(), life: Life::default() }
    }

    /// Plays a block of members from this one on.
    fn block(&mut self, run: &Run<'_>, from: u64) -> Tally {
        let (stage, shops) = (&run.stage, self.shops);
        let mut tally = Tally::new(shops, stage.calendar.months.len());
        let counters: Vec<Counter<'_>> = shops.iter().map(|shop| Counter { shop, rows: Rows::of(shop) }).collect();
        let mut log = Log::new(stage.calendar);
        for number in from..run.members.min(from + BLOCK) {
            self.person.begin(stage, number);
            member::without(stage, &mut self.person, &mut self.life);
            tally.members += 1;
            let without = tally.without.member(&self.life, stage.calendar, stage.days);
            tally.without.spread(&self.life, stage.spans);
            for (place, counter) in counters.iter().enumerate() {
                let played = self.play(place, stage, &mut log);
                let (trade, given) = &mut tally.with[place];
                let sales = trade.member(&self.life, stage.calendar, stage.days);
                let mut hers = Hers::default();
                if played {
                    hers = counter.member(given, &self.life, &log, (stage.calendar, stage.days));
                    if stage.lately {
                        counter.lately(given, &self.life, stage.calendar);
                    }
                    if stage.ages || stage.end > stage.days {
                        counter.behind(given, &self.life, stage.ages);
                    }
                } else {
                    given.unplayed += 1;
                }
                if run.cuts {
                    let kind = u16::try_from(self.person.kind).unwrap_or(u16::MAX);
                    tally.hers[place].push(Hers { without, sales, kind, ..hers });
                }
            }
        }
        tally
    }

    /// Plays the member at hand with a program; where she cannot be played, she lives without it.
    fn play(&mut self, place: usize, stage: &Stage<'_>, log: &mut Log<'_>) -> bool {
        let Players { player, desk } = &mut self.seats[place];
        let (person, life) = (&mut self.person, &mut self.life);
        let cast = Cast { shop: &self.shops[place], player: player.as_mut(), desk, person, life, log };
        let done = living::with(stage, cast).is_ok();
        if !done {
            member::without(stage, person, life);
        }
        done
    }
}
