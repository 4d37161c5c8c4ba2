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

use hunt::{Wanted, hunt, story};
use loyal::engine::outcome::{AsOf, Outcome};
use loyal::engine::reference;
use loyal::ledger::History;
use loyal::mechanics::Program;
use pair::Share;
use std::time::Duration;

/// What the reference says; a panic with the difference where the machine says something else of a member.
fn machine(program: &Program, history: &History, as_of: &[AsOf]) -> (Outcome, Share) {
    let expected = reference::run(program, history, as_of);
    let (difference, count) = by_member::difference(program, history, as_of, &expected);
    assert!(difference.is_none(), "{}", difference.unwrap_or_default());
    (expected, Share { members: count.members, fast: count.fast })
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn whoever_the_machine_plays_stands_as_the_reference_says() {
    std::panic::set_hook(Box::new(|_| {}));
    let wanted = Wanted {
        from: number("LOYAL_FAST_FROM").unwrap_or(0),
        pairs: number("LOYAL_FAST").unwrap_or(400),
        threads: std::thread::available_parallelism().map_or(2, usize::from),
        shrink: Duration::from_secs(number("LOYAL_FAST_SHRINK").unwrap_or(5)),
        most: 3,
        progress: false,
        engine: machine,
    };
    let hunt = hunt(&wanted);
    let _ = std::panic::take_hook();
    println!("{}", hunt.table());
    let stories: Vec<String> = hunt.found.iter().map(story).collect();
    assert!(stories.is_empty(), "{}", stories.join("\n"));
}
