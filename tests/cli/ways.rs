//! How a run is done shows in nothing that it writes: engine, threads, memory.

use super::loyal::Folder;
use std::fmt::Write;

/// Some thousands of purchases and returns, many more than fit into the least memory at once.
fn events() -> String {
    let mut text = "id,time,type,member,amount,ref,category\n".to_owned();
    for at in 0..60_000_u32 {
        let (day, member) = (1 + at / 2200, at.wrapping_mul(2_654_435_761) >> 20);
        let cents = at.wrapping_mul(40_503) % 9000 + 100;
        let money = format!("{}.{:02}", cents / 100, cents % 100);
        let category = ["bread", "coffee", ""][(at % 3) as usize];
        let _ = writeln!(text, "p{at},2026-01-{day:02} 10:{:02},purchase,m{member},{money},,{category}", at % 60);
        if at % 40 == 0 {
            let _ = writeln!(text, "r{at},2026-02-03,return,,,p{at},");
        }
    }
    text
}

#[test]
fn engine_threads_and_memory_change_no_byte() {
    let folder = Folder::with("points", "en");
    folder.write("events.csv", events());
    let run = |out: &str, more: &[&str]| {
        let mut arguments =
            vec!["run", "shop", "--events", "events.csv", "--as-of", "2026-01-15", "--as-of", "2026-03-01"];
        arguments.extend(["--facts", out]);
        arguments.extend(more);
        let came = folder.loyal(&arguments).code(0);
        (came.out, came.err, folder.read(out))
    };
    let first = run("a", &[]);
    assert!(first.2.lines().count() > 5000, "{}", first.2.len());
    for more in [&["--threads", "1"][..], &["--threads", "7", "--memory", "16MiB"], &["--engine", "reference"]] {
        assert!(run("b", more) == first, "{more:?}");
    }
}

#[test]
fn tables_are_the_same_by_both_engines() {
    for like in ["points", "coffee", "tiers", "cashback"] {
        let folder = Folder::with(like, "en");
        for (out, engine) in [("a", "fast"), ("b", "reference")] {
            folder.loyal(&["run", "shop", "--out", out, "--engine", engine]).code(0);
        }
        assert!(folder.files("a") == folder.files("b"), "{like}");
    }
}

#[test]
fn a_member_is_explained_alike_by_both_engines() {
    for like in ["points", "coffee", "tiers", "cashback"] {
        let folder = Folder::with(like, "en");
        let events = folder.read("shop/events.csv");
        let joined = folder.read("shop/program.loyal") + JOINING;
        folder.write("shop/little.loyal", joined.replace("MOST", "0.01"));
        folder.write("shop/much.loyal", joined.replace("MOST", "900"));
        let mut members: Vec<&str> = events.lines().skip(1).filter_map(|row| row.split(',').nth(3)).collect();
        members.sort_unstable();
        members.dedup();
        for program in ["shop", "shop/little.loyal", "shop/much.loyal"] {
            for member in members.iter().copied().chain(["nobody", "anna", "members"]) {
                let said = |engine: &str| folder.loyal(&["run", program, "--explain", member, "--engine", engine]);
                let (fast, reference) = (said("fast"), said("reference"));
                assert_eq!((fast.code, fast.out, fast.err), (reference.code, reference.out, reference.err), "{member}");
            }
        }
    }
}

/// A rule that all members share, with so much of money in all.
const JOINING: &str = "
budget joined {
  MOST RON per month
  counts worth
}

gift mug_of_the_month {
  service  \"a mug\"
  costs    0.02 RON
}

earn from_the_budget {
  on       purchase
  give     gift mug_of_the_month
  budget   joined
}
";

#[test]
fn too_little_memory_is_a_mistake_of_the_command() {
    let folder = Folder::with("points", "en");
    folder.loyal(&["run", "shop", "--memory", "1MiB"]).code(3).says(&["at least 16MiB"]);
    folder.loyal(&["run", "shop", "--memory", "plenty"]).code(3).says(&["512MiB"]);
    folder.loyal(&["run", "shop", "--threads", "0"]).code(3);
}

#[test]
fn no_room_beside_memory_is_said_and_nothing_is_written() {
    let folder = Folder::with("points", "en");
    let text = events();
    let (header, rows) = text.split_once('\n').expect("a header");
    let mut all = format!("{header}\n");
    for year in ["2023", "2024", "2025", "2026"] {
        all.push_str(&rows.replace(",2026-", &format!("y{year},{year}-")));
    }
    folder.write("events.csv", all);
    let mut command = folder.command();
    command.env("TMPDIR", folder.path("no-such-folder"));
    command.args(["run", "shop", "--events", "events.csv", "--memory", "16MiB", "--facts", "facts.csv"]);
    let output = command.output().expect("the binary runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(said.contains("no room beside memory") && said.contains("nothing was written"), "{said}");
    assert!(!folder.path("facts.csv").exists());
}
