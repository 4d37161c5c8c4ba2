//! Members played one by one come to what the run over the whole history says of them, to the last entry of
//! the journal: whatever the number of piles and threads.
//!
//! `LOYAL_WOVEN=5000 cargo test --test parts` tries that many woven programs; `LOYAL_CORPUS=DIR` adds the
//! programs of a folder of your own.

#[path = "parts/hers.rs"]
mod hers;
#[path = "parts/intake.rs"]
mod intake;
#[path = "parts/live.rs"]
mod live;
#[path = "parts/load.rs"]
mod load;
#[path = "parts/mapped.rs"]
mod mapped;
#[path = "woven/text.rs"]
mod text;
#[path = "parts/written.rs"]
mod written;

use load::{asked, folders, load};
use loyal::engine::outcome::{AsOf, Outcome};
use loyal::engine::parts::{self, Knobs, Plain};
use loyal::engine::reference;
use loyal::ledger::History;
use loyal::mechanics::Program;
use proptest::prelude::*;
use std::path::Path;
use text::{Choices, HEADER, Row, Ties};

/// The first thing in which two outcomes differ.
fn difference(wanted: &Outcome, got: &Outcome) -> Option<String> {
    for (at, (a, b)) in wanted.journal.iter().zip(&got.journal).enumerate() {
        let (a, b) = (format!("{a:?}"), format!("{b:?}"));
        if a != b {
            return Some(format!("entry {at}:\nwanted {a}\ngot    {b}"));
        }
    }
    if wanted.journal.len() != got.journal.len() {
        return Some(format!("{} entries wanted, {} got", wanted.journal.len(), got.journal.len()));
    }
    for (a, b) in wanted.snapshots.iter().zip(&got.snapshots) {
        for (id, view) in &a.members {
            let other = b.members.get(id);
            if Some(format!("{view:?}")) != other.map(|other| format!("{other:?}")) {
                return Some(format!("{id} as of {}:\nwanted {view:?}\ngot    {other:?}", a.as_of.label));
            }
        }
        let heads =
            [a, b].map(|one| (&one.as_of, one.entries, one.members.len(), one.sales.to_string(), one.purchases));
        if heads[0] != heads[1] {
            return Some(format!("wanted {:?}\ngot    {:?}", heads[0], heads[1]));
        }
    }
    (wanted.snapshots.len() != got.snapshots.len()).then(|| "another number of moments".to_owned())
}

fn same(program: &Program, history: &History, as_of: &[AsOf]) -> Result<(), String> {
    let wanted = reference::run(program, history, as_of);
    for knobs in [Knobs { piles: 1, threads: 1 }, Knobs { piles: 3, threads: 2 }] {
        let got = parts::outcome(program, history, as_of, knobs, |_| Plain).map_err(|why| why.to_string())?;
        if let Some(difference) = difference(&wanted, &got) {
            return Err(format!("{knobs:?}\n{difference}"));
        }
    }
    match hers::difference(program, history, as_of, &wanted) {
        Some(difference) if !parts::joins_all(program) => Err(format!("asked about alone: {difference}")),
        Some(_) | None => Ok(()),
    }
}

#[test]
fn members_played_event_by_event_are_told_what_a_run_posts() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = folders(&root.join("programs"));
    all.extend(folders(&root.join("tests/corpus")));
    let (mut wrong, mut members, mut fast) = (Vec::new(), 0, 0);
    for folder in all {
        let Some((program, history)) = load(&folder) else { continue };
        let (difference, share) = live::differs(&program, &history);
        (members, fast) = (members + share.members, fast + share.fast);
        wrong.extend(difference.map(|says| format!("{}: {says}", folder.display())));
    }
    println!("{members} members, {fast} of them by the machine");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(members > 300 && fast > 50, "{members} members, {fast} of them by the machine");
}

#[test]
fn the_corpus_comes_out_the_same_part_by_part() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = folders(&root.join("tests/corpus"));
    all.extend(std::env::var_os("LOYAL_CORPUS").iter().flat_map(|dir| folders(Path::new(dir))));
    assert!(all.len() > 30, "{all:?}");
    let mut wrong = Vec::new();
    for folder in all {
        let Some((program, history)) = load(&folder) else { continue };
        if let Err(why) = same(&program, &history, &asked(&program, &history)) {
            wrong.push(format!("{}: {why}", folder.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn files_of_the_corpus_are_read_fast_as_the_ledger_reads_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut read, mut plain) = (0, Vec::new());
    for folder in folders(&root.join("tests/corpus")) {
        let Some((program, history)) = load(&folder) else { continue };
        let text = std::fs::read(folder.join("events.csv")).expect("events");
        let articles = load::articles(&program, &folder);
        for (text, chunk) in [(text.clone(), 60), (scattered(&text), 300), (text, loyal::engine::parts::intake::CHUNK)]
        {
            match intake::read(&program, &[text], &articles, chunk) {
                Ok(taken) => {
                    assert_eq!(intake::difference(&program, &history, taken), None, "{}", folder.display());
                    read += 1;
                }
                Err(what) => plain.push(format!("{}: {what}", folder.display())),
            }
        }
    }
    assert!(read > 90, "{read} read, the plain way:\n{}", plain.join("\n"));
}

/// The same rows in an order in which those of an id stand apart.
fn scattered(text: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(text.to_vec()).expect("text");
    let mut lines: Vec<&str> = text.lines().collect();
    lines[1..].sort_by_key(|line| line.bytes().rev().collect::<Vec<u8>>());
    (lines.join("\n") + "\n").into_bytes()
}

fn cases() -> u32 {
    std::env::var("LOYAL_WOVEN").ok().and_then(|count| count.parse().ok()).unwrap_or(60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn woven_programs_come_out_the_same_part_by_part(
        choices in proptest::collection::vec(any::<u8>(), 64),
        rows in proptest::collection::vec(any::<Row>(), 1..40),
        tied in any::<bool>(),
    ) {
        let ties = || if tied { Ties::Among } else { Ties::None };
        let source = text::program(&mut Choices::new(&choices), ties());
        let Some(program) = load::checked(&source) else { return Ok(()) };
        let rows = text::rows(&rows, ties());
        let history = load::events(&program, &format!("{HEADER}{}", rows.concat()));
        let outcome = same(&program, &history, &asked(&program, &history));
        prop_assert!(outcome.is_ok(), "{source}\n{}\n{}", rows.concat(), outcome.unwrap_err());
    }

    #[test]
    fn woven_files_are_read_fast_as_the_ledger_reads_them(
        choices in proptest::collection::vec(any::<u8>(), 64),
        rows in proptest::collection::vec(any::<Row>(), 1..60),
        chunk in 40_usize..2000,
        cut in 0_usize..60,
        apart in any::<bool>(),
        damage in proptest::option::weighted(0.5, (any::<u16>(), prop::sample::select(&b",\n-x0 .;\"p"[..]))),
    ) {
        let source = text::program(&mut Choices::new(&choices), Ties::Among);
        let Some(program) = load::checked(&source) else { return Ok(()) };
        let rows = text::rows(&rows, Ties::Among);
        let mut rows = rows;
        if apart {
            rows.sort_by_key(|row| row.bytes().rev().collect::<Vec<u8>>());
        }
        let (first, second) = rows.split_at(cut.min(rows.len()));
        let mut files: Vec<Vec<u8>> =
            [first, second].iter().map(|part| format!("{HEADER}{}", part.concat()).into_bytes()).collect();
        if let Some((at, byte)) = damage {
            let at = HEADER.len() + usize::from(at) % files[0].len().saturating_sub(HEADER.len()).max(1);
            if let Some(there) = files[0].get_mut(at) {
                *there = byte;
            }
        }
        let plain = load::try_events(&program, &files);
        match (intake::read(&program, &files, &Default::default(), chunk), plain) {
            (Ok(taken), Some(history)) => {
                let difference = intake::difference(&program, &history, taken);
                prop_assert!(difference.is_none(), "{}\n{}", String::from_utf8_lossy(&files.concat()), difference.unwrap_or_default());
            }
            (Ok(_), None) => prop_assert!(false, "the ledger refuses {}", String::from_utf8_lossy(&files.concat())),
            (Err(_), _) => {}
        }
    }
}
