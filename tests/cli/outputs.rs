//! Outputs: the same bytes for the same history, whole or not at all.

use super::loyal::Folder;
use std::process::Stdio;

const TABLES: [&str; 15] = [
    "arms.csv",
    "balances.csv",
    "cards.csv",
    "changes.csv",
    "discounts.csv",
    "fees.csv",
    "gifts.csv",
    "levels.csv",
    "lots.csv",
    "objectives.csv",
    "postings.csv",
    "rejections.csv",
    "settlements.csv",
    "statement.csv",
    "summary.json",
];

#[test]
fn a_history_shuffled_or_split_or_run_twice_gives_the_same_bytes() {
    for like in ["points", "coffee", "tiers", "cashback"] {
        let folder = Folder::with(like, "en");
        let events = folder.read("shop/events.csv");
        let (header, rows) = events.split_once('\n').expect("a header");
        let rows: Vec<&str> = rows.lines().collect();
        let file = |rows: &mut dyn Iterator<Item = &&str>| {
            rows.fold(format!("{header}\n"), |text, row| format!("{text}{row}\n"))
        };
        folder.write("shuffled.csv", file(&mut rows.iter().rev()));
        let last = rows.iter().rev().position(|row| !row.starts_with("p11")).unwrap_or(0);
        let half = rows.len() - last.max(3);
        folder.write("one.csv", file(&mut rows[..half].iter()));
        folder.write("two.csv", file(&mut rows[half..].iter()));
        let run = |out: &str, events: &[&str]| {
            let mut arguments = vec!["run", "shop", "--out", out, "--as-of", "2026-02-28", "--as-of", "2026-12-31"];
            arguments.push("--events");
            arguments.extend(events);
            folder.loyal(&arguments).code(0);
            folder.files(out)
        };
        let first = run("a", &["shop/events.csv"]);
        assert_eq!(first.keys().collect::<Vec<_>>(), TABLES);
        assert_eq!(run("b", &["shop/events.csv"]), first, "{like}: run twice");
        assert_eq!(run("c", &["shuffled.csv"]), first, "{like}: shuffled");
        assert_eq!(run("d", &["two.csv", "one.csv"]), first, "{like}: split");
        assert_eq!(run("a", &["shop/events.csv"]), first, "{like}: over the same folder");
    }
}

#[test]
fn what_else_is_in_the_folder_stays_and_nothing_is_left_over() {
    let folder = Folder::with("points", "en");
    folder.write("out/mine.txt", "mine");
    folder.loyal(&["run", "shop", "--out", "out"]).code(0);
    assert_eq!(folder.read("out/mine.txt"), "mine");
    assert_eq!(folder.files("out").len(), TABLES.len() + 1);
    folder.loyal(&["run", "shop", "--out", "deep/er/out", "--format", "json"]).code(0);
    assert!(folder.files("deep").keys().all(|name| name.ends_with(".json")));
    for name in folder.files("").keys() {
        assert!(!name.contains(".loyal-"), "{name} is left over");
    }
}

#[test]
fn postings_add_up_to_the_balances() {
    use std::collections::BTreeMap;
    let folder = Folder::with("points", "en");
    folder.loyal(&["run", "shop", "--out", "out"]).code(0);
    let table = |name: &str| -> Vec<BTreeMap<String, String>> {
        let text = folder.read(&format!("out/{name}.csv"));
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        reader.deserialize().map(|row| row.expect("a row")).collect()
    };
    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    for row in table("postings") {
        *sums.entry(row["member"].clone()).or_default() += row["amount"].parse::<i64>().expect("whole stars");
        assert_eq!(sums[&row["member"]].to_string(), row["stands_at"]);
    }
    for row in table("balances") {
        let number = |column: &str| row[column].parse::<i64>().expect("whole stars");
        assert_eq!(sums[&row["member"]], number("balance") + number("pending") - number("debt"));
    }
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let folder = Folder::with("points", "en");
    for arguments in [&["run", "shop"][..], &["run", "shop", "--facts", "-"], &["check", "shop"], &["--help"]] {
        let mut command = folder.command();
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary runs");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("the binary ends");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"), "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_the_machines_fault() {
    let folder = Folder::with("points", "en");
    folder.loyal(&["run", "shop", "--facts", "/dev/full"]).code(4).says(&["/dev/full"]);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("the device");
    let output = folder.command().args(["run", "shop"]).stdout(full).output().expect("the binary runs");
    assert_eq!(output.status.code(), Some(4));
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_is_the_machines_fault() {
    let folder = Folder::with("points", "en");
    // /proc refuses new files even to an administrator.
    folder.loyal(&["run", "shop", "--out", "/proc/out"]).code(4).says(&["/proc/out", "cannot be written"]);
    folder.loyal(&["run", "shop", "--facts", "/proc/facts.csv"]).code(4);
}

#[cfg(unix)]
#[test]
fn files_get_the_usual_permissions_and_links_are_followed() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::with("points", "en");
    folder.write("real.csv", "");
    folder.write("plain.csv", "");
    symlink("real.csv", folder.path("link.csv")).expect("a link");
    folder.loyal(&["run", "shop", "--facts", "link.csv", "--out", "out"]).code(0);
    assert!(folder.read("real.csv").starts_with("as_of"));
    assert!(folder.path("link.csv").is_symlink());
    let mode = |name: &str| folder.path(name).metadata().expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode("out/balances.csv"), mode("plain.csv"));
    assert_eq!(mode("real.csv"), mode("plain.csv"));
}

#[test]
fn standard_output_shows_what_is_asked_for() {
    let folder = Folder::with("points", "en");
    let facts = folder.loyal(&["run", "shop", "--format", "csv"]).code(0).out;
    assert_eq!(facts, folder.loyal(&["run", "shop", "--facts", "-"]).code(0).out);
    let json = folder.loyal(&["run", "shop", "--format", "json"]).code(0).out;
    let summary: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(summary["money"], "GBP");
    assert_eq!(folder.loyal(&["run", "shop", "--quiet"]).code(0).out, "");
    insta::assert_snapshot!("run_table", folder.loyal(&["run", "shop"]).code(0).out);
}
