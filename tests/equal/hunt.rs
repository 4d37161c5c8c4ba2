//! Many pairs on all cores: what differs, what came up, who played.

use crate::cover;
use crate::holds::Hold;
use crate::pair::{Compared, Engine, HISTORIES, Share, asked, compare, history, is_passed, program};
use crate::shrink::{Shrink, shrink};
use crate::tree::Sound;
use loyal::engine::outcome::{Happened, Outcome};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What a hunt is asked for.
#[derive(Clone)]
pub struct Wanted {
    pub from: u64,
    pub pairs: u64,
    pub threads: usize,
    /// How long one difference may be shrunk.
    pub shrink: Duration,
    /// After so many differences it ends.
    pub most: usize,
    /// Whether progress is printed.
    pub progress: bool,
    pub engine: Engine,
    /// What is measured on each pair besides.
    pub holds: Vec<&'static Hold>,
    /// Of what is dear, so many times fewer pairs are measured.
    pub sparing: u64,
}

/// A difference, made small.
pub struct Found {
    pub seed: u64,
    /// The promise that is broken; none where the engines differ.
    pub breaks: Option<&'static str>,
    pub small: Shrink,
}

/// What a hunt came to.
#[derive(Default)]
pub struct Hunt {
    pub found: Vec<Found>,
    pub pairs: u64,
    pub share: Share,
    /// Programs that could not be mended.
    pub refused: u64,
    /// Programs that were accepted as they were woven.
    pub accepted: u64,
    pub programs: u64,
    /// Histories that the ledger refuses, with the first reason.
    pub unread: BTreeMap<String, u64>,
    /// How often each clause came up, in programs.
    pub clauses: BTreeMap<String, u64>,
    /// How often each thing happened, in pairs.
    pub happened: BTreeMap<String, u64>,
    /// So many times fewer pairs were measured of what is dear.
    pub sparing: u64,
    /// How often each promise was measured.
    pub looked: BTreeMap<&'static str, u64>,
}

/// Tries the pairs of a stretch of seeds.
pub fn hunt(wanted: &Wanted) -> Hunt {
    let next = AtomicU64::new(wanted.from / HISTORIES);
    let last = (wanted.from + wanted.pairs).div_ceil(HISTORIES);
    let (all, over, began) = (Mutex::new(Hunt::default()), AtomicBool::new(false), Instant::now());
    std::thread::scope(|scope| {
        for _ in 0..wanted.threads.max(1) {
            scope.spawn(|| {
                loop {
                    let group = next.fetch_add(1, Ordering::Relaxed);
                    if group >= last || over.load(Ordering::Relaxed) {
                        return;
                    }
                    let part = of_program(group, wanted);
                    let Ok(mut all) = all.lock() else { return };
                    all.take_in(part);
                    if all.found.len() >= wanted.most {
                        over.store(true, Ordering::Relaxed);
                    }
                    if wanted.progress && (group + 1).is_multiple_of(2500) {
                        progress(&all, group + 1, began);
                    }
                }
            });
        }
    });
    Hunt { sparing: wanted.sparing, ..all.into_inner().unwrap_or_default() }
}

fn progress(all: &Hunt, group: u64, began: Instant) {
    let a_second = all.pairs as f64 / began.elapsed().as_secs_f64();
    eprintln!(
        "{} pairs, up to seed {}, {a_second:.0} a second; {} differences; fast machine {}",
        all.pairs,
        group * HISTORIES,
        all.found.len(),
        all.share.shown()
    );
}

/// The pairs of one program.
fn of_program(group: u64, wanted: &Wanted) -> Hunt {
    let mut part = Hunt { programs: 1, ..Hunt::default() };
    let first = group * HISTORIES;
    let Some(sound) = program(first) else {
        part.refused = 1;
        return part;
    };
    part.accepted = u64::from(sound.dropped == 0);
    part.clauses = cover::clauses(&sound.program).into_iter().map(|clause| (clause, 1)).collect();
    for seed in (first..first + HISTORIES).filter(|seed| (wanted.from..wanted.from + wanted.pairs).contains(seed)) {
        let chronicle = history(seed, &sound);
        match compare(&sound, &chronicle, wanted.engine) {
            Err(why) => {
                let why = why.lines().next().unwrap_or("").to_owned();
                *part.unread.entry(why).or_default() += 1;
            }
            Ok(compared) => {
                part.pairs += 1;
                part.share.add(compared.share);
                if let Some(outcome) = &compared.expected {
                    part.see(outcome);
                }
                let broken = part.holds(seed, &sound, &compared, wanted);
                let differs = compared.difference.map(|says| (None, says, wanted.engine));
                for (breaks, says, engine) in differs.into_iter().chain(broken) {
                    let Some(again) = program(seed).filter(|_| part.found.len() < wanted.most) else { continue };
                    let small = shrink(again, chronicle.clone(), says, engine, wanted.shrink);
                    let found = Found { seed, breaks, small };
                    if wanted.progress {
                        eprintln!("{}", story(&found));
                    }
                    part.found.push(found);
                }
            }
        }
    }
    part
}

impl Share {
    fn add(&mut self, other: Share) {
        self.members += other.members;
        self.fast += other.fast;
    }

    /// Such as `812 of 1000 members (81%)`.
    pub fn shown(&self) -> String {
        format!("{} of {} members ({}%)", self.fast, self.members, self.fast * 100 / self.members.max(1))
    }
}

/// A promise that is broken, what is said of it, and what it is asked by.
type Broken = (Option<&'static str>, String, Engine);

impl Hunt {
    /// Measures on a pair what holds of every pair: what is broken.
    fn holds(&mut self, seed: u64, sound: &Sound, compared: &Compared, wanted: &Wanted) -> Vec<Broken> {
        let Some(expected) = &compared.expected else { return Vec::new() };
        let here = (&compared.history, &compared.as_of[..]);
        let asked_for = wanted.holds.iter().filter(|hold| seed.is_multiple_of(hold.of(wanted.sparing)));
        let broken = asked_for.filter_map(|hold| {
            let (says, looked) = match asked(sound, here, expected, hold.look) {
                Ok((says, share)) => (says, share.looked),
                Err(panics) => (Some(panics), 0),
            };
            *self.looked.entry(hold.name).or_default() += looked;
            Some((Some(hold.name), says.filter(|says| !is_passed(says))?, hold.look))
        });
        broken.collect()
    }

    fn take_in(&mut self, other: Hunt) {
        other.looked.into_iter().for_each(|(name, count)| *self.looked.entry(name).or_default() += count);
        self.found.extend(other.found);
        self.pairs += other.pairs;
        self.share.add(other.share);
        self.refused += other.refused;
        self.accepted += other.accepted;
        self.programs += other.programs;
        let maps = [
            (&mut self.unread, other.unread),
            (&mut self.clauses, other.clauses),
            (&mut self.happened, other.happened),
        ];
        for (own, others) in maps {
            others.into_iter().for_each(|(word, count)| *own.entry(word).or_default() += count);
        }
    }

    /// What happened in a run.
    fn see(&mut self, outcome: &Outcome) {
        let mut words = std::collections::BTreeSet::new();
        for entry in &outcome.journal {
            let timer = if entry.event.is_none() { "timer " } else { "" };
            let word = match &entry.what {
                Happened::Posted(posting) => {
                    for cut in &posting.cuts {
                        let by = format!("{:?}", cut.by);
                        words.insert(format!("cut by {}", by.split('(').next().unwrap_or("")));
                    }
                    if !posting.paid_debt.is_zero() {
                        words.insert("paid debt".to_owned());
                    }
                    if posting.taken.as_ref().is_some_and(|taken| !taken.debt.is_zero()) {
                        words.insert("clawback into debt".to_owned());
                    }
                    if posting.taken.as_ref().is_some_and(|taken| !taken.written_off.is_zero()) {
                        words.insert("clawback written off".to_owned());
                    }
                    format!("{timer}posted {:?}", posting.kind)
                }
                Happened::Rejected { reason, .. } => format!("rejected {}", reason.word()),
                Happened::Discount(off) => match off.before {
                    Some(_) => "discount worked out again".to_owned(),
                    None => "discount".to_owned(),
                },
                Happened::Stamped { why, .. } => format!("{timer}stamped {why:?}"),
                Happened::Gift { life, .. } => format!("{timer}gift {life:?}"),
                Happened::Level { why, .. } => {
                    let why = format!("{why:?}");
                    format!("{timer}level {}", why.split('(').next().unwrap_or(""))
                }
                Happened::Challenge { undone: false, .. } => "challenge completed".to_owned(),
                Happened::Challenge { undone: true, .. } => "challenge taken back".to_owned(),
                Happened::Entries { why, .. } => format!("entries {why:?}"),
                Happened::Drawn { .. } => "draw held".to_owned(),
                Happened::Won { .. } => "draw won".to_owned(),
                Happened::Membership { what, .. } => format!("membership {what:?}"),
                Happened::Offer { .. } => "offer".to_owned(),
                Happened::Limited { .. } => "limit of who brings friends reached".to_owned(),
                Happened::NewTerms(sentence) => sentence.clone(),
                Happened::Nothing(_) => "nothing".to_owned(),
            };
            words.insert(word);
        }
        words.into_iter().for_each(|word| *self.happened.entry(word).or_default() += 1);
    }

    /// A table of what came up and what happened.
    pub fn table(&self) -> String {
        let mut text = format!(
            "{} programs ({} accepted as woven, {} refused), {} pairs, fast machine {}\n",
            self.programs,
            self.accepted,
            self.refused,
            self.pairs,
            self.share.shown()
        );
        for (title, map) in [("clauses", &self.clauses), ("happened", &self.happened), ("unread", &self.unread)] {
            text += &format!("\n{title}\n");
            for (word, count) in map {
                text += &format!("{count:>8}  {word}\n");
            }
        }
        text
    }
}

/// A difference as a person reads it: what differs, the program, the files.
pub fn story(found: &Found) -> String {
    let small = &found.small;
    let files = small.chronicle().files().into_iter().map(|(name, text)| format!("--- {name}\n{text}"));
    let breaks = found.breaks.map_or(String::new(), |name| format!("{name}: "));
    format!(
        "seed {}: {breaks}{}\n--- program.loyal\n{}{}",
        found.seed,
        small.says,
        small.text(),
        files.collect::<String>()
    )
}
