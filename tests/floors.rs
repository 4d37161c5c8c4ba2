//! A floor uses only the floors below it (`docs/architecture.md`).

use std::fs;
use std::path::{Path, PathBuf};

/// The floors, lowest first; those in one row may use each other only where said below.
const FLOORS: &[&[&str]] = &[
    &["text"],
    &["value", "diag"],
    &["syntax", "ledger"],
    &["mechanics"],
    &["fmt"],
    &["check"],
    &["engine"],
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
                // Tests inside a file may look up: they show the floor at work.
                let text = text.split("#[cfg(test)]").next().unwrap_or("");
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
            let text = text.split("#[cfg(test)]").next().unwrap_or("").to_owned();
            let code: String =
                text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
            wrong.extend(
                forbidden.iter().filter(|word| code.contains(**word)).map(|word| format!("{}: {word}", file.display())),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
