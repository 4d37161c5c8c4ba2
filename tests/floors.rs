//! A floor uses only the floors below it (`docs/architecture.md`).

use std::fs;
use std::path::{Path, PathBuf};

/// The floors, lowest first. Those in one row stand side by side.
const FLOORS: &[&[&str]] = &[
    &["text"],
    &["value", "diag"],
    &["syntax", "source"],
    &["ledger", "kept"],
    &["mechanics"],
    &["fmt"],
    &["check"],
    &["engine"],
    &["simulate"],
    &["report"],
    &["cli"],
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).expect("a source folder");
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            found.push(path);
        }
    }
}

fn floor_of(name: &str) -> Option<usize> {
    FLOORS.iter().position(|row| row.contains(&name))
}

/// The text of a file without the tests at its end: they may look up, for they show the floor at work.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests {").next().unwrap_or("")
}

#[test]
fn every_folder_is_a_floor() {
    let entries = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).expect("the source folder");
    let folders = entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir());
    let names = folders.map(|path| path.file_name().unwrap_or_default().to_string_lossy().into_owned());
    let strangers: Vec<String> = names.filter(|name| floor_of(name).is_none()).collect();
    assert!(strangers.is_empty(), "no floor of its own: {strangers:?}");
}

#[test]
fn no_floor_uses_one_above_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    let mut looked_at = 0;
    for row in FLOORS {
        for floor in *row {
            let mut files = Vec::new();
            sources(&root.join(floor), &mut files);
            for file in files {
                let text = fs::read_to_string(&file).expect("a source file");
                let text = without_tests(&text);
                let here = floor_of(floor).expect("a floor");
                for (at, _) in text.match_indices("crate::") {
                    let used: String =
                        text[at + 7..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                    looked_at += 1;
                    if floor_of(&used).is_some_and(|other| other > here) {
                        wrong.push(format!("{} uses {used}", file.display()));
                    }
                }
            }
        }
    }
    assert!(looked_at > 100, "the test reads the sources: {looked_at} uses seen");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_door_touches_the_machine() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let forbidden = ["std::fs", "std::env", "println!", "eprintln!", "Timestamp::now", "Zoned::now", "std::process"];
    let mut wrong = Vec::new();
    for floor in FLOORS.iter().flat_map(|row| row.iter()).filter(|floor| **floor != "cli") {
        let mut files = Vec::new();
        sources(&root.join(floor), &mut files);
        for file in files {
            let text = fs::read_to_string(&file).expect("a source file");
            let code: String = without_tests(&text)
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"))
                .collect::<Vec<_>>()
                .join("\n");
            wrong.extend(
                forbidden.iter().filter(|word| code.contains(**word)).map(|word| format!("{}: {word}", file.display())),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
