//! What a fuzzer tried, again: every input under `fuzz/corpus` goes through its target (`fuzz/README.md`). An input that
//! once broke a promise stays there, under a name that says what it was.

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

#[path = "../fuzz/src/bundle.rs"]
mod bundle;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "equal/compare.rs"]
mod compare;
#[path = "../fuzz/src/data.rs"]
mod data;
#[path = "equal/draw.rs"]
mod draw;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "equal/engines.rs"]
mod engines;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "equal/history/mod.rs"]
mod history;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "parts/intake.rs"]
mod intake;
#[path = "../fuzz/src/kept.rs"]
mod kept;
#[path = "../fuzz/src/lines.rs"]
mod lines;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "equal/pair.rs"]
mod pair;
#[path = "../fuzz/src/play.rs"]
mod play;
#[path = "equal/promises.rs"]
mod promises;
#[path = "fuzzed/seeds.rs"]
mod seeds;
#[path = "../fuzz/src/targets.rs"]
mod targets;
#[path = "../fuzz/src/text.rs"]
mod text;
#[path = "syntax/told.rs"]
mod told;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "equal/tree.rs"]
mod tree;
#[path = "equal/weave/mod.rs"]
mod weave;
#[path = "fuzzed/words.rs"]
mod words;

use targets::{Body, TARGETS};

/// No input takes longer: what does is a hang. A debug build is slow, and the machine may be busy.
const LONGEST: Duration = Duration::from_secs(10);

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of a folder, by name.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|why| panic!("{}: {why}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

/// Plays the inputs of one target; those that break its promise, or take too long.
fn play_all(name: &str, body: Body) -> Vec<String> {
    let mut wrong = Vec::new();
    let (all, began) = (files(&root().join("fuzz/corpus").join(name)), Instant::now());
    for file in &all {
        let input = fs::read(file).expect("an input");
        let began = Instant::now();
        if let Err(why) = catch_unwind(AssertUnwindSafe(|| body(&input))) {
            let words = why.downcast_ref::<String>().map(String::as_str).or_else(|| why.downcast_ref().copied());
            wrong.push(format!("{}: {}", file.display(), words.unwrap_or("a panic")));
        }
        let took = began.elapsed();
        if took > LONGEST {
            wrong.push(format!("{}: it takes {took:?}", file.display()));
        }
    }
    println!("{name}: {} inputs in {:?}", all.len(), began.elapsed());
    assert!(!all.is_empty(), "{name} has no inputs");
    wrong
}

#[test]
fn every_input_keeps_the_promise_of_its_target() {
    let wrong: Vec<String> = TARGETS.iter().flat_map(|(name, body)| play_all(name, *body)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_folder_of_inputs_is_of_a_target_that_is_built() {
    let names = |path: &str| -> BTreeSet<String> {
        let stem = |path: &PathBuf| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        files(&root().join(path)).iter().map(stem).collect()
    };
    let wanted: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names("fuzz/corpus"), wanted);
    assert_eq!(names("fuzz/targets"), wanted);
    let built = fs::read_to_string(root().join("fuzz/Cargo.toml")).expect("the package");
    assert!(wanted.iter().all(|name| built.contains(&format!("path = \"targets/{name}.rs\""))), "{built}");
}

/// `fuzz/loyal.dict` has every word of the grammar and of the clauses; `LOYAL_WRITE=1` writes it.
#[test]
fn the_dictionary_has_every_word_of_the_language() {
    let (path, wanted) = (root().join("fuzz/loyal.dict"), words::dictionary(root()));
    if std::env::var_os("LOYAL_WRITE").is_some() {
        fs::write(&path, &wanted).expect("the dictionary can be written");
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "fuzz/loyal.dict is old: LOYAL_WRITE=1 cargo test --locked --test fuzzed");
}

/// Changes of lines keep to the room there is, and say how much they took.
#[test]
fn changed_lines_fit() {
    let text = fs::read(root().join("programs/coffee/program.loyal")).expect("a program");
    for seed in 0..2_000 {
        let mut room = text.clone();
        room.resize(text.len() + 60, 0);
        let most = room.len();
        if let Some(size) = lines::change(&mut room, text.len(), most, seed) {
            assert!(size <= most && std::str::from_utf8(&room[..size]).is_ok(), "seed {seed}");
        }
    }
}

/// Inputs of these targets are lines, and are changed line by line.
const OF_LINES: [&str; 5] = ["check", "engines", "format", "history", "columns"];

/// So many changes of each input, from this seed on.
fn asked(name: &str, usual: u32) -> u32 {
    std::env::var(name).ok().and_then(|number| number.parse().ok()).unwrap_or(usual)
}

/// Fuzzing without the fuzzer: blind to what an input reaches, but on any machine and with the stable compiler. What
/// breaks a promise is written to `fuzz/artifacts`.
#[test]
#[ignore = "by hand: LOYAL_FUZZED=50 changes of each input, from LOYAL_FUZZED_FROM on"]
fn changed_inputs_keep_the_promises() {
    let (changes, from) = (asked("LOYAL_FUZZED", 2), asked("LOYAL_FUZZED_FROM", 0));
    let only = std::env::var("LOYAL_FUZZED_ONLY").unwrap_or_default();
    let (mut tried, mut wrong) = (0, Vec::new());
    std::panic::set_hook(Box::new(|_| {}));
    for (name, body) in TARGETS.iter().filter(|(name, _)| OF_LINES.contains(name) && name.contains(&only)) {
        let folders = ["fuzz/corpus", "fuzz/seeds"].map(|folder| root().join(folder).join(name));
        for file in folders.iter().filter(|folder| folder.is_dir()).flat_map(|folder| files(folder)) {
            let input = fs::read(&file).expect("an input");
            for seed in from..from + changes {
                let mut room = input.clone();
                room.resize(input.len() + 600, 0);
                let most = room.len();
                let Some(size) = lines::change(&mut room, input.len(), most, seed) else { continue };
                let began = Instant::now();
                let kept = catch_unwind(AssertUnwindSafe(|| body(&room[..size])));
                tried += 1;
                if kept.is_ok() && began.elapsed() < LONGEST {
                    continue;
                }
                let path = root().join(format!("fuzz/artifacts/{name}/changed-{:08x}", crc32fast::hash(&room[..size])));
                fs::create_dir_all(path.parent().expect("a folder")).expect("a folder to write to");
                fs::write(&path, &room[..size]).expect("a folder to write to");
                let words = kept.err().and_then(|why| why.downcast_ref::<String>().cloned());
                wrong.push(format!("{}: {:?} {:?}", path.display(), began.elapsed(), words));
            }
        }
    }
    let _ = std::panic::take_hook();
    println!("{tried} tried");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
#[ignore = "by hand, before a long run: writes the first inputs to fuzz/seeds"]
fn seeds_are_written() {
    seeds::write(root()).expect("a folder to write to");
}
