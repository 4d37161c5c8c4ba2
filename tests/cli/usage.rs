//! A wrong command is 3, whatever is wrong with it; help and version are not wrong.

use super::loyal::Folder;

#[test]
fn help_and_version_are_what_was_asked_for() {
    let folder = Folder::new();
    for arguments in [&["--help"][..], &["--version"], &["run", "--help"], &["help", "explain"]] {
        let came = folder.loyal(arguments).code(0);
        assert!(came.err.is_empty() && !came.out.is_empty());
    }
}

#[test]
fn a_wrong_command_is_three() {
    let folder = Folder::with("points", "en");
    for arguments in [
        &[][..],
        &["frobnicate"],
        &["run"],
        &["run", "shop", "--frob"],
        &["check"],
        &["check", "shop", "--format", "xml"],
        &["explain", "shop"],
        &["run", "nosuch"],
        &["run", "nosuch/program.loyal"],
        &["check", "nosuch.loyal"],
        &["test", "nosuch"],
        &["run", "shop", "--as-of", "yesterday"],
        &["run", "shop", "--as-of", "2026-02-30"],
        &["run", "shop", "--events", "-", "-"],
        &["run", "shop", "--out", "shop/events.csv"],
        &["run", "shop", "--facts", "shop"],
        &["explain", "shop", "--member", "nobody"],
        &["explain", "shop", "--member", "ana", "--event", "p99"],
        &["new", "shop"],
        &["new", "another", "--like", "casino"],
    ] {
        let came = folder.loyal(arguments).code(3);
        assert!(!came.err.is_empty(), "{arguments:?} says why");
    }
    assert_eq!(folder.files("").len(), 3, "nothing was written beside the three files of the new folder");
}

#[test]
fn a_folder_without_a_program_says_what_is_missing() {
    let folder = Folder::new();
    folder.write("empty/readme.txt", "");
    for verb in ["run", "check", "test", "explain"] {
        let arguments = [verb, "empty", "--member", "ana"];
        let arguments = if verb == "explain" { &arguments[..] } else { &arguments[..2] };
        folder.loyal(arguments).code(3).says(&["empty"]);
    }
    folder.write("two/a.loyal", "loyal 1\n");
    folder.write("two/b.loyal", "loyal 1\n");
    folder.loyal(&["run", "two"]).code(3).says(&["which program is meant", "a.loyal", "b.loyal"]);
}

#[test]
fn names_near_the_one_meant_are_offered() {
    let folder = Folder::with("points", "en");
    folder.loyal(&["explain", "shop", "--member", "anna"]).code(3).says(&["is ana meant?"]);
    folder.loyal(&["explain", "shop", "--member", "ana", "--event", "P1"]).code(3).says(&["is p1 meant?"]);
}

#[test]
fn without_events_the_command_asks_for_them() {
    let folder = Folder::with("points", "en");
    std::fs::remove_file(folder.path("shop/events.csv")).expect("it is there");
    folder.loyal(&["run", "shop"]).code(3).says(&["which events?", "--events"]);
}

#[test]
fn colours_come_when_asked_and_never_into_a_pipe() {
    let folder = Folder::with("points", "en");
    assert!(!folder.loyal(&["run", "shop"]).code(0).out.contains('\u{1b}'));
    assert!(folder.loyal(&["run", "shop", "--color", "always"]).code(0).out.contains('\u{1b}'));
    assert!(!folder.loyal(&["run", "shop", "--color", "never"]).code(0).out.contains('\u{1b}'));
}
