//! The fast machine against the reference, member by member: woven programs with histories aimed at their edges.
//!
//! `LOYAL_FAST=100000 cargo test --release --test fast -- --nocapture` tries that many pairs.

#[path = "../equal/cases.rs"]
mod cases;
#[path = "../equal/compare.rs"]
mod compare;
#[path = "../equal/cover.rs"]
mod cover;
#[path = "../equal/draw.rs"]
mod draw;
#[path = "../equal/engines.rs"]
mod engines;
#[path = "../equal/history/mod.rs"]
mod history;
#[path = "../equal/hunt.rs"]
mod hunt;
#[path = "../equal/pair.rs"]
mod pair;
#[path = "../equal/shrink.rs"]
mod shrink;
#[path = "../equal/tree.rs"]
mod tree;
#[path = "../equal/weave/mod.rs"]
mod weave;

mod by_member;

use loyal::engine::outcome::{AsOf, Outcome};
use loyal::engine::plan::Plan;
use loyal::ledger::History;
use loyal::mechanics::Program;
use pair::Share;
use std::time::Duration;
use tree::{Sound, Tree};

/// Holds the machine, member by member, against what the reference says.
fn machine(program: &Program, history: &History, as_of: &[AsOf], expected: &Outcome) -> (Option<String>, Share) {
    let (difference, count) = by_member::difference(program, history, as_of, expected);
    (difference, Share { members: count.members, fast: count.fast })
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// The program of a seed without what the fast machine leaves to the reference.
fn plain(seed: u64) -> Option<Sound> {
    let mut sound = weave::program(seed).mended().ok()?;
    for _ in 0..200 {
        let place = Plan::of(&sound.program).beyond.first().map(|(place, _)| sound.sources.line(*place));
        let Some(line) = place else { return Some(sound) };
        let mut tree = sound.tree.clone();
        take_out(&mut tree, line);
        sound = tree.mended().ok()?;
    }
    None
}

/// Takes the line of a program's text out; a block when it is its head.
fn take_out(tree: &mut Tree, line: usize) {
    let mut at = 1;
    for place in 0..tree.blocks.len() {
        at += 2;
        let clauses = tree.blocks[place].clauses.as_ref().map_or(0, Vec::len);
        if line == at {
            tree.blocks.remove(place);
            return;
        }
        if line <= at + clauses {
            if let Some(clauses) = &mut tree.blocks[place].clauses {
                clauses.remove(line - at - 1);
            }
            return;
        }
        at += clauses + usize::from(tree.blocks[place].clauses.is_some());
    }
}

#[test]
fn whoever_the_machine_plays_stands_as_the_reference_says() {
    std::panic::set_hook(Box::new(|_| {}));
    let from = number("LOYAL_FAST_FROM").unwrap_or(0);
    let (mut share, mut found, mut programs) = (Share::default(), Vec::new(), 0);
    for seed in from..from + number("LOYAL_FAST").unwrap_or(100) {
        let Some(sound) = plain(seed) else { continue };
        programs += 1;
        for seed in seed * pair::HISTORIES..(seed + 1) * pair::HISTORIES {
            let chronicle = pair::history(seed, &sound);
            let Ok(compared) = pair::compare(&sound.program, &chronicle, machine) else { continue };
            share.members += compared.share.members;
            share.fast += compared.share.fast;
            if let Some(says) = compared.difference {
                let again = plain(seed / pair::HISTORIES).expect("it was there");
                let small = shrink::shrink(again, chronicle, says, machine, Duration::from_secs(10));
                found.push(hunt::story(&hunt::Found { seed, small }));
            }
        }
        if found.len() >= 3 {
            break;
        }
    }
    let _ = std::panic::take_hook();
    println!("{programs} programs, {}", share.shown());
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The text of a program of this repository.
fn text(path: &str) -> String {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_workloads_leave_nothing_to_the_plain_engine() {
    for name in ["w1", "w2", "w3"] {
        let sound = Tree::parse(&text(&format!("benches/{name}.loyal"))).accepted();
        let sound = sound.unwrap_or_else(|(findings, _)| panic!("{name}: {findings:#?}"));
        let page = Plan::of(&sound.program).page(&|place| sound.sources.line(place)).to_string();
        assert!(page.contains("left to the plain engine"), "{page}");
        if number("LOYAL_FAST_PAGE").is_some() {
            println!("{page}");
        }
    }
}

#[test]
fn the_corpus_says_what_it_leaves_to_the_plain_engine() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["programs", "tests/corpus"] {
        let mut names: Vec<_> = std::fs::read_dir(root.join(folder)).expect("a folder").flatten().collect();
        names.sort_by_key(std::fs::DirEntry::file_name);
        for name in names {
            let path = name.path().join("program.loyal");
            let mut sources = loyal::text::Sources::default();
            let text = std::fs::read_to_string(&path).expect("a program");
            let parsed = loyal::syntax::parse_text(&mut sources, "program.loyal", &text);
            let Some(program) = loyal::check::check(&parsed.ast, &sources).program else { continue };
            let plan = Plan::of(&program);
            let why: Vec<&str> = plan.beyond.iter().map(|(_, why)| why.as_str()).collect();
            println!("{}: {}", name.file_name().display(), why.join("; "));
        }
    }
}

#[test]
fn the_workloads_stand_as_the_reference_says() {
    let mut share = Share::default();
    for name in ["w1", "w2", "w3"] {
        let sound = Tree::parse(&text(&format!("benches/{name}.loyal"))).accepted();
        let sound = sound.unwrap_or_else(|(findings, _)| panic!("{name}: {findings:#?}"));
        for seed in 0..number("LOYAL_FAST").unwrap_or(60) {
            let Ok(compared) = pair::compare(&sound.program, &pair::history(seed, &sound), machine) else { continue };
            share.members += compared.share.members;
            share.fast += compared.share.fast;
            assert_eq!(compared.difference, None, "{name}, seed {seed}");
        }
    }
    println!("{}", share.shown());
}
