//! A member forgotten in a kept state: every figure stays, whoever stops the forgetting, and wherever.

use crate::pair;
use crate::tree::Sound;
use loyal::engine::nightly::{Fit, Increment, Night, Players, Swap, Wrong, piles, tombstone};
use loyal::engine::outcome::{AsOf, When};
use loyal::engine::parts::{self, Plain};
use loyal::engine::plan::Needs;
use loyal::kept::folder::Memory;
use loyal::kept::{Fault, list};
use loyal::ledger::History;
use loyal::report::facts::Fact;
use loyal::report::harvest::rows::Format;
use loyal::report::harvest::{Harvest, Wanted};
use loyal::report::words::Book;
use loyal::source::scratch::InMemory;

/// A program and the state of its history.
struct Shop<'s> {
    sound: &'s Sound,
    needs: Needs,
    folder: Memory,
}

impl Shop<'_> {
    fn open<T>(&self, then: impl FnOnce(Night<'_>) -> Result<T, Wrong>) -> Result<T, Wrong> {
        let program = &self.sound.program;
        let fit = Fit { said: &[], aside: "", needs: &self.needs, joined: parts::joins_all(program) };
        let player = |_: &parts::Job<'_>| Plain;
        let players = Players { program, needs: &self.needs, threads: 1, player };
        then(Night::open(&self.folder, program, fit, &players)?)
    }

    /// Takes a history in as one night.
    fn takes(&self, history: &History) -> Result<(), Wrong> {
        self.open(|night| {
            let members = Some(history.members.clone());
            let mut events = piles(&history.events, &self.needs).into_iter().map(Ok);
            let increment = Increment { events: &mut events, members, leave_out: false };
            let book = Book { program: &self.sound.program, sources: &self.sound.sources };
            let harvest = Harvest::new(book, &[], &Wanted::default(), &InMemory, usize::MAX);
            night.run(increment, &[], false, &mut harvest.take())?.commit(&self.folder)?;
            Ok(())
        })
    }

    /// All facts and totals of the state, everybody played again; the rows sorted.
    fn figures(&self) -> Result<Vec<[String; 3]>, Wrong> {
        self.open(|night| {
            let last = night.clock().map(|at| AsOf { label: "last".to_owned(), when: When::At(at) });
            let moments: Vec<AsOf> = last.into_iter().collect();
            let wanted = Wanted { facts: Some(Format::Cells), ..Wanted::default() };
            let book = Book { program: &self.sound.program, sources: &self.sound.sources };
            let harvest = Harvest::new(book, &moments, &wanted, &InMemory, usize::MAX);
            let mut basket = harvest.take();
            let nothing = Increment { events: &mut std::iter::empty(), members: None, leave_out: false };
            night.run(nothing, &moments, true, &mut basket)?;
            harvest.give(basket).expect("memory takes it");
            let harvested = harvest.join();
            let mut rows = vec![[String::new(), "summary".to_owned(), harvested.summary()]];
            let mut tell = |fact: Fact| {
                rows.push([fact.member, fact.what, fact.value]);
                Ok(())
            };
            harvested.each_fact(&mut tell).expect("memory takes it");
            rows.sort();
            Ok(rows)
        })
    }

    /// Forgets a member, as far as the folder lets it.
    fn forget(&self, member: &str) -> Result<Swap, Wrong> {
        let mut nth = 0;
        let mut name = || {
            nth += 1;
            format!("{nth:016x}")
        };
        let tombstone = tombstone(&self.sound.program, member, &mut name).expect("a name on her side");
        let (list, swap) = self.open(|night| {
            assert!(night.knows(member)?, "{member} is in the state");
            night.forget((member, tombstone), [7; 32], &|_| true)
        })?;
        list::replace(&self.folder, &list)?;
        Ok(swap)
    }
}

/// A state with its history, and somebody who is in it.
fn shop(seed: u64, sound: &Sound) -> Option<(Shop<'_>, String)> {
    let history = pair::history(seed, sound).read(&sound.program).ok()?;
    let member = history.events.iter().filter_map(|event| event.member.clone()).nth(2)?;
    let shop = Shop { sound, needs: Needs::of(&sound.program), folder: Memory::breaks_after(i64::MAX) };
    shop.takes(&history).expect("the history is taken in");
    Some((shop, member))
}

#[test]
fn every_figure_of_woven_programs_stays() {
    let (mut tried, mut other) = (0, Vec::new());
    for seed in 0..60 {
        let Some(sound) = pair::program(seed) else { continue };
        let Some((shop, member)) = shop(seed, &sound) else { continue };
        let mut before = shop.figures().expect("it is played");
        let swap = shop.forget(&member).expect("she is forgotten");
        let after = shop.figures().expect("it is played");
        assert!(after.iter().all(|[of, ..]| *of != member), "seed {seed}: {member} is named");
        for [of, what, _] in &mut before {
            *of = swap.member(of).to_owned();
            if let Some((word @ ("rejected" | "discount"), event)) = what.split_once(':') {
                *what = format!("{word}:{}", swap.event(event));
            }
        }
        before.sort();
        tried += 1;
        // Where a draw or a ranking goes by ids themselves, the command says so and changes nothing.
        if before != after {
            other.push(seed);
        }
    }
    assert!(tried > 20, "only {tried} histories");
    assert!(other.len() * 10 <= tried, "of {tried}, other figures in seeds {other:?}");
}

#[test]
fn a_forgetting_that_is_stopped_leaves_one_state_or_the_other() {
    let mut stopped = 0;
    for seed in 0..8 {
        let Some(sound) = pair::program(seed) else { continue };
        let Some((shop, member)) = shop(seed, &sound) else { continue };
        let before = shop.figures().expect("it is played");
        for steps in 0.. {
            shop.folder.let_steps(steps);
            let came = shop.forget(&member);
            shop.folder.let_steps(i64::MAX);
            match came {
                Ok(_) => break,
                Err(Wrong::Kept(Fault::Machine { .. })) => {
                    stopped += 1;
                    assert_eq!(shop.figures().expect("it is played"), before, "seed {seed}, stopped at {steps}");
                }
                Err(wrong) => panic!("seed {seed}, stopped at {steps}: {wrong:?}"),
            }
        }
        let after = shop.figures().expect("it is played");
        assert!(after.iter().all(|[of, ..]| *of != member), "seed {seed}: {member} is named");
    }
    assert!(stopped > 50, "only {stopped} were stopped");
}
