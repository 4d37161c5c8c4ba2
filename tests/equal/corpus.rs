//! Programs and histories that people wrote (`tests/corpus`, `programs`), through both engines: what a case says of one
//! it then says of the other.

use crate::engines;
use crate::load::{asked, folders, load};
use loyal::engine::reference;
use std::path::Path;

/// Of histories with more events the reference takes too long in a debug build.
const MOST_EVENTS: usize = 3_000;

#[test]
fn what_people_wrote_is_played_alike() {
    let (mut wrong, mut played, mut members, mut fast) = (Vec::new(), 0, 0, 0);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let of = ["tests/corpus", "programs"].map(|name| folders(&root.join(name)));
    for folder in of.into_iter().flatten() {
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
