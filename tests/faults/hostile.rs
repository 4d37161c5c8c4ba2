//! Programs made to harm whoever checks them: endless, huge, deep, or reading what is not theirs.

use crate::loyal::Folder;
use std::fmt::Write;
use std::time::{Duration, Instant};

/// Longer is a hang.
const HANG: Duration = Duration::from_secs(10);

const HEAD: &str = "loyal 1\nprogram p {\n  money RON\n  clock zone \"Europe/Bucharest\"\n  from 2026-01-01\n}\n\
    points star plural stars {\n  worth 0.05 RON each\n  expire 12 months after earning\n}\n\
    earn base {\n  on purchase\n  give 1 star per 2 RON\n}\n";

fn rules(count: usize) -> String {
    let mut text = HEAD.to_owned();
    for at in 0..count {
        let _ = writeln!(text, "earn b{at} {{\n  on purchase\n  when category in [c{at}]\n  give 1 star per 2 RON\n}}");
    }
    text
}

/// Bonuses whose conditions overlap in many ways and that share no stack.
fn bonuses(count: usize) -> String {
    let mut text = HEAD.to_owned();
    for rule in 0..count {
        let _ = write!(text, "bonus x{rule} {{\n  on purchase\n");
        for part in 0..20 {
            let (a, s, b) = (part * rule % 7, (part + rule) % 5, part % 3);
            let _ = writeln!(text, "  when (category in [a{a}] or store in [s{s}] or brand in [b{b}])");
        }
        text.push_str("  give +10% of base\n}\n");
    }
    text
}

/// How long `check` takes over a program.
fn checked(text: &str) -> Duration {
    let folder = Folder::new();
    folder.write("p.loyal", text);
    let begun = Instant::now();
    let came = folder.loyal(&["check", "p.loyal"]);
    assert!(came.code <= 1, "{came:?}");
    begun.elapsed()
}

#[test]
fn a_program_of_many_rules_is_checked() {
    assert!(checked(&rules(500)) < HANG);
    assert!(checked(&bonuses(20)) < HANG);
}

#[test]
#[ignore = "by hand: prints how the check grows"]
fn how_the_check_grows() {
    for count in [6_250, 12_500, 25_000, 50_000] {
        println!("{count} rules: {:?}", checked(&rules(count)));
    }
    for count in [40, 80, 160, 320] {
        println!("{count} bonuses that overlap: {:?}", checked(&bonuses(count)));
    }
}

#[test]
fn conditions_as_deep_as_may_be_are_told_apart_from_deeper_ones() {
    let folder = Folder::new();
    let with =
        |condition: String| format!("{HEAD}earn deep {{\n  on purchase\n  when {condition}\n  give 1 star\n}}\n");
    for (deep, code) in [(20, 0), (4_000, 1)] {
        for text in [
            with(format!("{}category in [a]{}", "(".repeat(deep), ")".repeat(deep))),
            with(format!("{}category in [a]", "not ".repeat(deep))),
        ] {
            folder.write("p.loyal", &text);
            folder.loyal(&["check", "p.loyal"]).code(code);
            // What means nothing may still be laid out.
            assert!(folder.loyal(&["fmt", "p.loyal"]).code <= 1);
        }
    }
}

#[test]
fn a_program_that_is_too_large_is_not_read_to_its_end() {
    let folder = Folder::new();
    let text = "# a comment\n".repeat(500_000);
    folder.write("p.loyal", &text);
    folder.write("q.loyal", format!("{HEAD}use \"p.loyal\"\n"));
    for (verb, name) in [("check", "p.loyal"), ("fmt", "p.loyal"), ("run", "p.loyal"), ("run", "q.loyal")] {
        let came = folder.loyal(&[verb, name]).code(1);
        assert!((came.out + &came.err).contains("more than 4194304 bytes"), "{verb} {name}");
    }
}

#[test]
fn a_columns_file_that_is_too_large_is_refused() {
    let folder = Folder::with("points", "en");
    folder.write("shop/columns.toml", "# a comment\n".repeat(500_000));
    folder.loyal(&["run", "shop"]).code(2).says(&["columns.toml", "more than 4194304 bytes"]);
}

#[cfg(unix)]
mod links {
    use super::*;
    use std::os::unix::fs::symlink;
    use std::process::Command;

    #[test]
    fn what_never_ends_is_no_program() {
        let folder = Folder::new();
        folder.loyal(&["check", "/dev/zero"]).code(1);
        folder.loyal(&["fmt", "/dev/zero"]).code(1);
    }

    /// A folder from elsewhere: a program, a pipe that nobody writes to, and a link to what lies outside.
    fn folder() -> Folder {
        let folder = Folder::with("points", "en");
        let piped = Command::new("mkfifo").arg(folder.path("shop/pipe")).status().expect("mkfifo runs");
        assert!(piped.success());
        folder.write("secret.txt", "id,time,type,member,amount\nsecret,2026-02-03,purchase,ana,1\n");
        symlink("../secret.txt", folder.path("shop/link")).expect("a link");
        folder
    }

    #[test]
    fn a_program_opens_no_pipe_and_follows_no_link_out() {
        let folder = folder();
        let program = folder.read("shop/program.loyal");
        for (name, why) in [("pipe", "pipe or a device"), ("link", "leads out")] {
            folder.write("shop/program.loyal", format!("{program}\nuse \"{name}\"\n"));
            let came = folder.loyal(&["check", "shop/program.loyal"]).code(1);
            assert!(came.out.contains(why) && !came.out.contains("secret,"), "{came:?}");
            let replaces = format!("  replaces \"{name}\" from 2026-02-01\n  money ");
            folder.write("shop/program.loyal", program.replacen("  money ", &replaces, 1));
            let came = folder.loyal(&["check", "shop/program.loyal"]).code(1);
            assert!(came.out.contains(why) && !came.out.contains("secret,"), "{came:?}");
            let list = format!("{program}\nlist few from \"{name}\" column id\n");
            folder.write("shop/program.loyal", list);
            let came = folder.loyal(&["run", "shop/program.loyal"]);
            assert!(came.code > 0 && !came.err.contains("secret,"), "{came:?}");
        }
    }

    #[test]
    fn a_column_map_names_plain_files_of_its_own_folder() {
        let folder = folder();
        for (name, why) in [("pipe", "pipe or a device"), ("link", "leads out")] {
            folder.write("shop/columns.toml", format!("[events]\nfile = \"{name}\"\n"));
            folder.loyal(&["run", "shop"]).code(2).says(&["columns.toml", why, "--events"]);
            // Who names it means it; a pipe that somebody writes to is as good as a file.
        }
        folder.loyal(&["run", "shop", "--events", "shop/link"]).code(0);
    }
}
