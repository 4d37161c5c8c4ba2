//! The engines compared: programs woven from a seed, histories aimed at their edges, the first
//! difference shrunk to something a person reads.
//!
//! `cargo test --test equal` tries 2,000 pairs. By hand, on all cores, from any seed on:
//! `LOYAL_EQUAL=1000000 LOYAL_EQUAL_FROM=0 cargo test --release --test equal -- --nocapture`.
//! `LOYAL_EQUAL_HOLDS=none` leaves the promises out, which take half of the time.
//! `LOYAL_EQUAL_SAVE=DIR` writes each difference there as a case; `LOYAL_EQUAL_TABLE=1` prints what came up.

mod alive;
mod cases;
mod compare;
mod corpus;
mod cover;
mod draw;
mod engines;
mod forgotten;
mod history;
mod holds;
mod hunt;
mod joined;
#[path = "../parts/live.rs"]
mod live;
#[allow(dead_code)] // what `tests/parts` needs besides
#[path = "../parts/load.rs"]
mod load;
mod nights;
mod pair;
mod promises;
mod shrink;
mod tree;
mod versions;
mod weave;

use hunt::{Hunt, Wanted, hunt, story};
use pair::Engine;
use std::sync::OnceLock;
use std::time::Duration;

/// The engine that is held against the reference.
const ENGINE: Engine = engines::all;

/// Of a hundred members at least so many are played by the fast machine.
const FLOOR: u64 = 10;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn wanted() -> Wanted {
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let pairs = number("LOYAL_EQUAL");
    Wanted {
        from: number("LOYAL_EQUAL_FROM").unwrap_or(0),
        pairs: pairs.unwrap_or(2_000),
        threads: number("LOYAL_EQUAL_THREADS").and_then(|threads| usize::try_from(threads).ok()).unwrap_or(cores),
        shrink: Duration::from_secs(number("LOYAL_EQUAL_SHRINK").unwrap_or(5)),
        most: number("LOYAL_EQUAL_MOST").and_then(|most| usize::try_from(most).ok()).unwrap_or(3),
        progress: pairs.is_some(),
        engine: if holds::alone() { holds::nothing } else { ENGINE },
        holds: holds::wanted(),
        // By hand all that is dear is measured as often as it says.
        sparing: if pairs.is_some() { 1 } else { 5 },
    }
}

/// Saved pairs are equal, and what holds of all pairs holds of them.
#[test]
fn saved_pairs_are_equal() {
    for case in cases::all() {
        let tree = tree::Tree::parse(&case.program);
        let sound = tree.accepted().unwrap_or_else(|(findings, _)| panic!("{}: {findings:#?}", case.name));
        let compared = pair::compare(&sound, &case.chronicle, ENGINE);
        let compared = compared.unwrap_or_else(|why| panic!("{}: {why}", case.name));
        assert_eq!(compared.difference, None, "{}", case.name);
        let Some(expected) = &compared.expected else { continue };
        for hold in &holds::ALL {
            let said = pair::asked(&sound, (&compared.history, &compared.as_of), expected, hold.look);
            let (broken, _) = said.unwrap_or_else(|why| panic!("{}: {}: {why}", case.name, hold.name));
            assert_eq!(broken, None, "{}: {}", case.name, hold.name);
        }
    }
}

/// A lie that is planted is found, and told by a program and a history that fit a screen.
#[test]
fn a_planted_lie_is_made_small() {
    let lying = Wanted {
        from: 0,
        pairs: 400,
        threads: 1,
        shrink: Duration::from_secs(60),
        most: 1,
        progress: false,
        engine: engines::lying,
        holds: Vec::new(),
        sparing: 1,
    };
    let hunt = hunt(&lying);
    let found = hunt.found.first().expect("a return that takes points back");
    let story = story(found);
    println!("{} pairs tried\n{story}", found.small.tried);
    assert!(found.small.text().lines().filter(|line| !line.is_empty()).count() < 15, "{story}");
    assert!(found.small.chronicle().events.len() < 6, "{story}");
}

/// Every clause that the language runs comes up in the programs of 2,000 pairs; `LOYAL_EQUAL_ACCEPT=1` writes the
/// list anew when the language or the weaver has grown.
#[test]
fn every_clause_comes_up() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/equal/clauses.txt");
    let mut seen = std::collections::BTreeSet::new();
    let (mut accepted, programs) = (0, 2_000 / pair::HISTORIES);
    for group in 0..programs {
        let Some(sound) = pair::woven(group) else { continue };
        accepted += 1;
        seen.extend(cover::clauses(&sound.program));
    }
    assert!(accepted * 10 >= programs * 9, "check accepts {accepted} of {programs} woven programs");
    if std::env::var_os("LOYAL_EQUAL_ACCEPT").is_some() {
        let text: String = seen.iter().map(|word| format!("{word}\n")).collect();
        std::fs::write(&path, text).expect("the list can be written");
    }
    let wanted = std::fs::read_to_string(&path).expect("tests/equal/clauses.txt");
    let missing: Vec<&str> = wanted.lines().filter(|word| !seen.contains(*word)).collect();
    assert!(missing.is_empty(), "these clauses never come up: {missing:#?}");
}

/// The pairs of this run: woven and played once, for the comparison and for every promise that is measured on them.
fn hunted() -> &'static Hunt {
    static HUNTED: OnceLock<Hunt> = OnceLock::new();
    HUNTED.get_or_init(|| {
        std::panic::set_hook(Box::new(|_| {}));
        let hunt = hunt(&wanted());
        let _ = std::panic::take_hook();
        hunt
    })
}

#[test]
fn woven_pairs_are_equal() {
    let hunt = hunted();
    if std::env::var_os("LOYAL_EQUAL_TABLE").is_some() {
        println!("{}", hunt.table());
    }
    println!("{} pairs, fast machine {}", hunt.pairs, hunt.share.shown());
    if let Some(folder) = std::env::var_os("LOYAL_EQUAL_SAVE") {
        for found in &hunt.found {
            let folder = std::path::Path::new(&folder).join(found.seed.to_string());
            let small = &found.small;
            let saved = cases::save(&folder, small.text(), small.chronicle());
            saved.and_then(|()| std::fs::write(folder.join("what.md"), &small.says)).expect("a folder to write to");
        }
    }
    let stories: Vec<String> = hunt.found.iter().filter(|found| found.breaks.is_none()).map(story).collect();
    assert!(stories.is_empty(), "{}", stories.join("\n\n"));
    // Without the machine at work the comparison would say nothing of it.
    assert!(hunt.share.fast * 100 >= hunt.share.members * FLOOR, "fast machine {}", hunt.share.shown());
}

#[test]
#[ignore = "by hand: where the time goes"]
fn slow_pairs() {
    let wanted = wanted();
    for seed in wanted.from..wanted.from + wanted.pairs {
        let began = std::time::Instant::now();
        let Some(sound) = pair::program(seed) else { continue };
        let checked = began.elapsed();
        if checked > Duration::from_millis(500) {
            println!("{seed}: checked in {checked:?}");
        }
        if std::env::var_os("LOYAL_EQUAL_EACH").is_some() {
            println!("{seed}");
        }
        let chronicle = pair::history(seed, &sound);
        let compared = pair::compare(&sound, &chronicle, ENGINE);
        if began.elapsed() > Duration::from_millis(500) {
            let entries = compared.map(|compared| compared.expected.map_or(0, |outcome| outcome.journal.len()));
            println!("{seed}: played in {:?}, {entries:?} entries", began.elapsed() - checked);
        }
    }
}

#[test]
#[ignore = "by hand: the pair of the seed LOYAL_EQUAL_FROM"]
fn show_pair() {
    let seed = number("LOYAL_EQUAL_FROM").unwrap_or(0);
    let sound = pair::program(seed).expect("a program");
    println!("{}", sound.text);
    for (name, text) in pair::history(seed, &sound).files() {
        println!("--- {name}\n{text}");
    }
}

#[test]
#[ignore = "by hand: how often each clause comes up in so many programs, and what the fast machine leaves"]
fn what_comes_up() {
    let (mut clauses, mut why) = (std::collections::BTreeMap::new(), std::collections::BTreeMap::new());
    let programs = number("LOYAL_EQUAL").unwrap_or(500);
    for group in 0..programs {
        let Some(sound) = pair::program(group * pair::HISTORIES) else { continue };
        cover::clauses(&sound.program).into_iter().for_each(|word| *clauses.entry(word).or_insert(0) += 1);
        let plan = loyal::engine::plan::Plan::of(&sound.program);
        let words: std::collections::BTreeSet<String> = plan.beyond.iter().map(|(_, why)| why.clone()).collect();
        words.into_iter().for_each(|word| *why.entry(word).or_insert(0) += 1);
    }
    for (title, counts) in [("clauses", clauses), ("beyond the machine", why)] {
        println!("{title}");
        counts.iter().for_each(|(word, count): (&String, &i32)| println!("{count:>6} {word}"));
    }
}
