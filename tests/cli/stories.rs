//! Folders with a story: a program with ten mistakes, a member with everything.

use super::loyal::{Came, Folder};
use std::fs;
use std::path::Path;

/// A folder with a copy of `tests/cli/NAME` in it, under its name.
fn story(name: &str) -> Folder {
    let folder = Folder::new();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli").join(name);
    for entry in fs::read_dir(from).expect("the story's folder") {
        let path = entry.expect("an entry").path();
        let file = path.file_name().expect("a name").to_string_lossy().into_owned();
        folder.write(&format!("{name}/{file}"), fs::read(&path).expect("a file"));
    }
    folder
}

fn checked(folder: &Folder, format: &str) -> Came {
    folder.loyal(&["check", "ten-mistakes", "--format", format]).code(1)
}

#[test]
fn ten_mistakes_are_ten_messages_in_every_format() {
    let folder = story("ten-mistakes");
    let text = checked(&folder, "text").out;
    assert_eq!(text.matches("\n  × ").count(), 10, "{text}");
    let mut places: Vec<&str> = text.lines().filter(|line| line.contains("─[")).collect();
    let all = places.len();
    places.dedup();
    assert_eq!((all, places.len()), (10, 10), "each under its own line");
    insta::assert_snapshot!("ten_mistakes_text", text);
    let json = checked(&folder, "json").out;
    insta::assert_snapshot!("ten_mistakes_json", json);
    let sarif: serde_json::Value = serde_json::from_str(&checked(&folder, "sarif").out).expect("JSON");
    assert_eq!(sarif["runs"][0]["results"].as_array().map(Vec::len), Some(10));
    insta::assert_snapshot!("ten_mistakes_sarif", checked(&folder, "sarif").out);
    let github = checked(&folder, "github").out;
    assert_eq!(github.lines().count(), 10);
    insta::assert_snapshot!("ten_mistakes_github", github);
}

#[test]
fn a_member_with_everything_is_explained_to_the_last_point() {
    let folder = story("explain-all");
    let explain = ["explain", "explain-all", "--member", "ana", "--as-of", "2026-06-30", "--quiet"];
    let came = folder.loyal(&explain).code(0);
    assert!(came.err.is_empty(), "{}", came.err);
    insta::assert_snapshot!("explain_all", came.out);
    // What it says is what the facts say.
    let facts = folder.loyal(&["run", "explain-all", "--as-of", "2026-06-30", "--facts", "-"]).code(0).out;
    for fact in ["balance:leaf,92", "earned:leaf,202", "spent:leaf,60", "expired:leaf,14", "clawed:leaf,36"] {
        assert!(facts.contains(&format!("ana,{fact}\n")), "{fact}: {facts}");
    }
    let run = ["run", "explain-all", "--as-of", "2026-06-30", "--explain", "ana"];
    assert!(folder.loyal(&run).code(0).out.ends_with(&came.out), "`run --explain` says the same under the totals");
}

#[test]
fn real_purchases_shuffled_or_split_or_run_twice_give_the_same_bytes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("programs/cdnow");
    let folder = Folder::new();
    for name in ["program.loyal", "columns.toml"] {
        folder.write(&format!("cdnow/{name}"), fs::read(root.join(name)).expect("a file of the program"));
    }
    let text = fs::read_to_string(root.join("CDNOW_master.txt")).expect("the history");
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let header = lines.next().expect("a header");
    let rows: Vec<&str> = lines.take(3000).collect();
    // Every seventh row, then every seventh from the next on: far from the order of the file.
    let shuffled: Vec<&str> = (0..7).flat_map(|first| rows.iter().skip(first).step_by(7).copied()).collect();
    assert_eq!(shuffled.len(), rows.len());
    let write = |name: &str, rows: &[&str]| folder.write(name, format!("{header}\n{}\n", rows.join("\n")));
    write("cdnow/CDNOW_master.txt", &rows);
    write("shuffled.txt", &shuffled);
    for (at, part) in shuffled.chunks(1000).enumerate() {
        write(&format!("part{at}.txt"), part);
    }
    let run = |out: &str, events: &[&str]| {
        let mut arguments =
            vec!["run", "cdnow", "--quiet", "--out", out, "--as-of", "1997-09-30", "--as-of", "1998-06-30"];
        arguments.extend(events);
        folder.loyal(&arguments).code(0);
        folder.files(out)
    };
    let first = run("a", &[]);
    assert_eq!(first.len(), 15);
    assert_eq!(run("b", &[]), first, "run twice");
    assert_eq!(run("c", &["--events", "shuffled.txt"]), first, "shuffled");
    assert_eq!(run("d", &["--events", "part2.txt", "part0.txt", "part1.txt"]), first, "split");
}
