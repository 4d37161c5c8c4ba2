//! Programs and histories that people wrote (`tests/corpus`, `programs`), through both engines: what a case says of one
//! it then says of the other.

use crate::engines;
use crate::load::{at, load, moments};
use loyal::engine::outcome::AsOf;
use loyal::engine::reference;
use loyal::ledger::History;
use loyal::mechanics::Program;
use std::path::{Path, PathBuf};

/// Of histories with more events the reference takes too long in a debug build.
const MOST_EVENTS: usize = 3_000;

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let of = |name: &str| std::fs::read_dir(root.join(name)).unwrap_or_else(|why| panic!("{name}: {why}"));
    let mut folders: Vec<PathBuf> =
        ["tests/corpus", "programs"].into_iter().flat_map(of).map(|entry| entry.expect("an entry").path()).collect();
    folders.retain(|path| path.join("program.loyal").is_file());
    folders.sort();
    folders
}

/// Moments upon the first, the middle and the last event, and beyond.
fn asked(program: &Program, history: &History) -> Vec<AsOf> {
    let (Some(first), Some(last)) = (history.events.first(), history.events.last()) else { return Vec::new() };
    let middle = &history.events[history.events.len() / 2];
    let beyond = last.day.saturating_add(jiff::Span::new().days(40));
    let days = [first.day, middle.day, last.day, beyond].map(|day| moments(program, &day.to_string()));
    days.into_iter().chain([first.at, middle.at, last.at].map(at)).collect()
}

#[test]
fn what_people_wrote_is_played_alike() {
    let (mut wrong, mut played, mut members, mut fast) = (Vec::new(), 0, 0, 0);
    for folder in folders() {
        let Some((program, history)) = load(&folder) else { continue };
        if history.events.len() > MOST_EVENTS {
            continue;
        }
        let as_of = asked(&program, &history);
        let expected = reference::run(&program, &history, &as_of);
        let (differs, share) = engines::both(&program, &history, &as_of, &expected);
        (played, members, fast) = (played + 1, members + share.members, fast + share.fast);
        wrong.extend(differs.map(|says| format!("{}: {says}", folder.display())));
    }
    println!("{played} histories, {members} members, {fast} of them by the machine");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(
        played > 140 && members > 600 && fast > 180,
        "{played} histories, {members} members, {fast} by the machine"
    );
}
