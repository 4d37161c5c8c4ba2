//! Programs with histories and facts worked out by hand (`tests/corpus`), and the programs that
//! come with the project: all their examples and recorded facts hold.

use std::path::Path;
use std::process::Command;

/// What `loyal test FOLDER` prints; it has to succeed, and to have tested something in every folder.
fn tested(folder: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let run = Command::new(env!("CARGO_BIN_EXE_loyal"))
        .args(["test", folder])
        .current_dir(root)
        .output()
        .expect("the binary runs");
    let (said, complained) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{said}\n{complained}");
    let folders = std::fs::read_dir(root.join(folder)).expect("the folder");
    let folders = folders.filter(|entry| entry.as_ref().is_ok_and(|entry| entry.path().is_dir())).count();
    let programs = said.matches("program.loyal\n").count();
    assert!(programs >= folders, "{folders} folders, {programs} programs in:\n{said}");
    assert!(!said.contains(" 0 recorded facts"), "{said}");
}

#[test]
fn the_corpus_comes_out_as_worked_out_by_hand() {
    tested("tests/corpus");
}

#[test]
fn the_programs_keep_their_examples_and_recorded_facts() {
    tested("programs");
}
