//! The tutorial is followed to the letter: each command is run, each edit made, in a folder of its own.
//!
//! In a `console` fence a line with `$ loyal …` is run, and what stands below it is what must come, on
//! either output; a line `…` stands for any lines. An `edit FILE` fence has lines to take out (`-`) and
//! to put in their place (`+`); with no line taken out they go to the end of the file.
//!
//! What the README shows is looked at too: its run, and what is said of its program with two slips in it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Stands for lines that the page leaves out.
const LEFT_OUT: &str = "…";

/// The fences of the page: the line they begin at, their info string, their lines.
fn fences(page: &str) -> Vec<(usize, &str, Vec<&str>)> {
    let (mut fences, mut open) = (Vec::new(), None);
    for (at, line) in page.lines().enumerate() {
        open = match (open, line.strip_prefix("```")) {
            (None, Some(info)) => Some((at + 1, info, Vec::new())),
            (Some(fence), Some("")) => {
                fences.push(fence);
                None
            }
            (Some((at, info, mut lines)), _) => {
                lines.push(line);
                Some((at, info, lines))
            }
            (None, None) => None,
        };
    }
    fences
}

/// What a command says, its notes first, without blanks at the ends of lines.
fn said(folder: &Path, arguments: &str) -> Vec<String> {
    let output = output(folder, arguments);
    let text = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    lines(&text)
}

/// The lines of an output, without blanks at their ends.
fn lines(text: &str) -> Vec<String> {
    text.trim_matches('\n').lines().map(|line| line.trim_end().to_owned()).collect()
}

fn output(folder: &Path, arguments: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_loyal"));
    command.args(arguments.split_whitespace()).current_dir(folder).output().expect("the command runs")
}

/// Whether the lines are those of the page, where `…` stands for any.
fn agree(page: &[&str], said: &[String]) -> bool {
    match page.split_first() {
        None => said.is_empty(),
        Some((first, rest)) if first.trim() == LEFT_OUT => (0..=said.len()).any(|skip| agree(rest, &said[skip..])),
        Some((first, rest)) => said.first().is_some_and(|line| line == first) && agree(rest, &said[1..]),
    }
}

/// Makes the changes of an `edit` fence.
fn edit(place: &Path, lines: &[&str]) {
    let mut text = fs::read_to_string(place).expect("the file to edit");
    let mut gone: Option<&str> = None;
    for line in lines {
        let (sign, words) = line.split_at(1);
        match (sign, gone.take()) {
            ("-", None) => gone = Some(words),
            ("+", Some(old)) => {
                let old = format!("{old}\n");
                assert!(text.contains(&old), "{} has no line `{old}`", place.display());
                text = text.replacen(&old, &format!("{words}\n"), 1);
            }
            ("+", None) => text += &format!("{words}\n"),
            (_, _) => panic!("an edit of `{line}`"),
        }
    }
    fs::write(place, text).expect("the file is written");
}

#[test]
fn the_tutorial_says_what_happens() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/tutorial.md");
    let page = fs::read_to_string(page).expect("the page");
    let folder = tempfile::tempdir().expect("a folder");
    let mut commands = 0;
    for (at, info, lines) in fences(&page) {
        if let Some(file) = info.strip_prefix("edit ") {
            edit(&folder.path().join(file), &lines);
            continue;
        }
        assert_eq!(info, "console", "line {at} of the page");
        let (command, expected) = lines.split_first().expect("a command");
        let arguments = command.strip_prefix("$ loyal ").expect("a command of loyal");
        let said = said(folder.path(), arguments);
        assert!(agree(expected, &said), "line {at} of the page, `loyal {arguments}` says:\n{}", said.join("\n"));
        commands += 1;
    }
    assert!(commands >= 8, "only {commands} commands");
}

/// The README.
fn front_door() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("the front door")
}

#[test]
fn the_run_that_the_readme_shows_is_a_real_one() {
    let page = front_door();
    let command = page.lines().find_map(|line| line.strip_prefix("    cargo run --release --locked -- "));
    let shown = fences(&page).into_iter().find(|(_, info, _)| *info == "text").expect("a picture of the run");
    let output = output(Path::new(env!("CARGO_MANIFEST_DIR")), command.expect("the command"));
    let said = lines(&String::from_utf8_lossy(&output.stdout));
    assert!(agree(&shown.2, &said), "the run says:\n{}", said.join("\n"));
}

#[test]
fn the_slips_that_the_readme_shows_are_told_so() {
    let page = front_door();
    let fences = fences(&page);
    let program = &fences.iter().find(|(_, info, _)| *info == "loyal").expect("a program").2;
    let shown = &fences.iter().filter(|(_, info, _)| *info == "text").nth(1).expect("the messages").2;
    let slips = program.join("\n").replace("without category", "without catgory").replace("60 stars", "60 starts");
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("shop.loyal"), slips + "\n").expect("the file is written");
    let said = said(folder.path(), "check shop.loyal");
    assert!(agree(shown, &said), "check says:\n{}", said.join("\n"));
}
