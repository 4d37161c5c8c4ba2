//! Programs made to harm whoever checks them: endless, huge, deep, or reading what is not theirs.

use crate::loyal::{Came, Folder};
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
fn conditions_inside_of_conditions_are_read_once() {
    // Each of these was read as one thing, and when that failed as another, and so was all that stood inside of it.
    let parts = [
        "items of ",
        "pus of items items of items items of items ",
        "total of items total of items ",
        "items with items without ",
        "spend of items total of items purchases of items ",
        "not every line items of ",
        "items, items with total, ",
        "distinct sku with items of ",
    ];
    for part in parts {
        for end in ["", "category in [coffee]", "category in [coffee] ever is at least 1", "is 1"] {
            let text = format!("{HEAD}earn b {{\n  on purchase\n  when {}{end}\n  give 1 star\n}}\n", part.repeat(20));
            let took = checked(&text);
            assert!(took < Duration::from_secs(2), "{part:?} {end:?}: {took:?}");
        }
    }
}

const DAILY: &str = "loyal 1\nprogram p {\n  money RON\n  clock zone \"Europe/Bucharest\"\n}\n\
    points star plural stars {\n}\nbonus daily {\n  on every day\n  give 1 star\n}\n";

const HEADER: &str = "id,time,type,member,amount\n";

/// What `run` comes to, and that it takes no longer than it may.
fn played(program: &str, events: &str, more: &[&str]) -> Came {
    let folder = Folder::new();
    folder.write("p.loyal", program);
    folder.write("events.csv", format!("{HEADER}{events}"));
    let begun = Instant::now();
    let came = folder.loyal(&[&["run", "p.loyal"], more].concat());
    assert!(begun.elapsed() < HANG, "{:?}", begun.elapsed());
    came
}

#[test]
fn days_that_are_none_are_no_days_of_events() {
    let joined = "a,2026-01-01,join,ana,\n";
    for day in ["0001-01-01", "1899-12-31 23:59", "2200-01-01", "9999-12-31"] {
        let came = played(DAILY, &format!("{joined}b,{day},purchase,ana,5\n"), &[]);
        assert_eq!(came.code, 2, "{came:?}");
        assert!(came.err.contains("lies outside the years 1900 to 2199"), "{came:?}");
        let came = played(DAILY, joined, &["--as-of", day]);
        assert_eq!(came.code, 3, "{came:?}");
        assert!(came.err.contains("it lies outside the years 1900 to 2199"), "{came:?}");
    }
}

#[test]
fn a_lot_for_each_day_of_a_century_is_no_hang() {
    for engine in ["fast", "reference"] {
        let came = played(DAILY, "a,2026-01-01,join,ana,\n", &["--as-of", "2099-12-31", "--engine", engine]);
        assert_eq!(came.code, 0, "{came:?}");
        assert!(came.out.contains("27,028"), "{came:?}");
    }
}

#[test]
fn a_till_that_books_all_on_one_member_is_no_hang() {
    let mut events = String::new();
    for at in 0..10_000 {
        let (day, minute, amount) = (at / 400 + 1, at % 400, at % 90 + 10);
        let (hour, minute) = (8 + minute / 40, minute % 40);
        let _ = writeln!(events, "p{at},2026-01-{day:02} {hour:02}:{minute:02},purchase,till,{amount}");
    }
    for engine in ["fast", "reference"] {
        let came = played(HEAD, &events, &["--engine", engine]);
        assert_eq!(came.code, 0, "{came:?}");
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
