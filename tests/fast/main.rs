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
