//! `loyal verify`: what an auditor asks of outputs, and what is answered when somebody has been at them.

use super::loyal::Folder;
use std::fs;

/// A shop with outputs that are right.
fn audited() -> Folder {
    let folder = Folder::with("points", "en");
    folder.loyal(&["run", "shop", "--out", "out"]).code(0);
    folder
}

/// Changes the rows of a table; the header stays.
fn rows(folder: &Folder, name: &str, change: impl FnOnce(&mut Vec<String>)) {
    let text = folder.read(name);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let header = lines.remove(0);
    change(&mut lines);
    folder.write(name, format!("{header}\n{}\n", lines.join("\n")));
}

/// What a letter says of a folder that somebody has been at.
fn letter(folder: &Folder, arguments: &[&str]) -> String {
    let came = folder.loyal(&[&["verify"], arguments].concat()).code(2);
    assert_eq!(came.err, "", "the letter is all that is said");
    came.out
}

const POSTINGS: &str = "out/postings.csv";

#[test]
fn right_outputs_are_said_to_be_right() {
    for format in ["csv", "json", "parquet"] {
        let folder = Folder::with("points", "en");
        let asked =
            ["--as-of", "2026-02-10 11:59", "--as-of", "2026-01-31", "--by", "month", "--tables", "lots,postings"];
        folder.loyal(&[&["run", "shop", "--out", "out", "--format", format], &asked[..]].concat()).code(0);
        let right = folder.loyal(&["verify", "out", "shop"]).code(0);
        assert_eq!(
            right.out, "out is what the program and the events give: 4 files, with 7 rows of postings.\n",
            "{format}"
        );
        let untouched = folder.loyal(&["verify", "out"]).code(0).out;
        assert!(untouched.starts_with("out is as it was written: 4 files, with 7 rows of postings."), "{untouched}");
    }
}

#[test]
fn a_changed_row_is_named_with_what_is_right() {
    let folder = audited();
    folder.edit(POSTINGS, ",40,111,", ",400,471,");
    insta::assert_snapshot!("verify_changed", letter(&folder, &["out", "shop"]));
    insta::assert_snapshot!("verify_changed_alone", letter(&folder, &["out"]));
    let json = letter(&folder, &["out", "shop", "--format", "json"]);
    insta::assert_snapshot!("verify_changed_json", json.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
}

#[test]
fn a_lost_row_is_named() {
    let folder = audited();
    rows(&folder, POSTINGS, |rows| drop(rows.remove(3)));
    insta::assert_snapshot!("verify_lost", letter(&folder, &["out", "shop"]));
}

#[test]
fn rows_that_were_taken_off_the_end_are_missed() {
    let folder = audited();
    rows(&folder, POSTINGS, |rows| rows.truncate(8));
    insta::assert_snapshot!("verify_lost_at_the_end", letter(&folder, &["out", "shop"]));
    let alone = letter(&folder, &["out"]);
    assert!(alone.contains("The chain of postings holds for 8 rows, and had 11"), "{alone}");
}

#[test]
fn an_added_row_is_named() {
    let folder = audited();
    rows(&folder, POSTINGS, |rows| {
        let more = rows[4].replace(",p3,", ",p99,");
        rows.insert(5, more);
    });
    insta::assert_snapshot!("verify_added", letter(&folder, &["out", "shop"]));
}

#[test]
fn swapped_rows_are_named() {
    let folder = audited();
    rows(&folder, POSTINGS, |rows| rows.swap(6, 7));
    insta::assert_snapshot!("verify_swapped", letter(&folder, &["out", "shop"]));
}

#[test]
fn a_file_that_was_cut_short_is_told_as_that() {
    let folder = audited();
    let text = folder.read(POSTINGS);
    folder.write(POSTINGS, &text[..text.len() * 2 / 3]);
    insta::assert_snapshot!("verify_cut_short", letter(&folder, &["out", "shop"]));
}

#[test]
fn a_file_that_is_gone_is_missed() {
    let folder = audited();
    fs::remove_file(folder.path("out/lots.csv")).expect("it was there");
    insta::assert_snapshot!("verify_gone", letter(&folder, &["out", "shop"]));
}

#[test]
fn another_table_and_the_summary_are_looked_at_too() {
    let folder = audited();
    folder.edit("out/summary.json", "\"money\": \"GBP\"", "\"money\": \"EUR\"");
    folder.edit("out/balances.csv", "ana,star", "anna,star");
    insta::assert_snapshot!("verify_balances", letter(&folder, &["out", "shop"]));
}

#[test]
fn another_program_is_told_before_its_figures() {
    let folder = audited();
    folder.edit("shop/program.loyal", "limit    40 stars", "limit    50 stars");
    insta::assert_snapshot!("verify_other_program", letter(&folder, &["out", "shop"]));
    // One that says the same in other words is right all the same.
    let folder = audited();
    folder.write("shop/program.loyal", format!("{}\n", folder.read("shop/program.loyal")));
    insta::assert_snapshot!("verify_same_program", folder.loyal(&["verify", "out", "shop"]).code(0).out);
}

#[test]
fn another_input_is_told_beside_the_difference() {
    let folder = audited();
    folder.edit("shop/events.csv", "95.00", "96.00");
    insta::assert_snapshot!("verify_other_input", letter(&folder, &["out", "shop"]));
}

#[test]
fn the_same_history_in_other_files_is_right() {
    let folder = audited();
    let events = folder.read("shop/events.csv");
    let (header, rest) = events.split_once('\n').expect("a header");
    let (one, two) = rest.split_at(rest[..rest.len() / 2].rfind("\np").expect("a purchase") + 1);
    folder.write("one.csv", format!("{header}\n{one}"));
    folder.write("two.csv", format!("{header}\n{two}"));
    let came = folder.loyal(&["verify", "out", "shop", "--events", "two.csv", "one.csv"]).code(0);
    insta::assert_snapshot!("verify_same_history", came.out);
}

#[test]
fn json_and_parquet_are_read_row_by_row_too() {
    let folder = Folder::with("points", "en");
    folder.loyal(&["run", "shop", "--out", "out", "--format", "json"]).code(0);
    folder.edit("out/postings.json", "\"amount\":\"40\"", "\"amount\":\"400\"");
    let told = letter(&folder, &["out", "shop"]);
    assert!(told.contains("400 is written, 40 is right") && told.contains("breaks at row 6"), "{told}");
    let folder = Folder::with("points", "en");
    folder.loyal(&["run", "shop", "--out", "out", "--format", "parquet"]).code(0);
    folder.loyal(&["run", "shop", "--out", "early", "--format", "parquet", "--as-of", "2026-02-02 09:05"]).code(0);
    fs::copy(folder.path("early/postings.parquet"), folder.path("out/postings.parquet")).expect("a copy");
    let told = letter(&folder, &["out", "shop"]);
    assert!(told.contains("missing here"), "{told}");
    folder.write("out/postings.parquet", "PAR1");
    let told = letter(&folder, &["out", "shop"]);
    assert!(told.contains("the file ends too early"), "{told}");
    folder.write("out/postings.parquet", "no such file");
    let told = letter(&folder, &["out", "shop"]);
    assert!(told.contains("it cannot be read"), "{told}");
}

#[test]
fn every_night_of_a_state_is_what_one_run_gives() {
    let folder = Folder::with("points", "en");
    let events = folder.read("shop/events.csv");
    let (header, rest) = events.split_once('\n').expect("a header");
    let (one, two) = rest.split_at(rest[..rest.len() / 2].rfind("\np").expect("a purchase") + 1);
    folder.write("one.csv", format!("{header}\n{one}"));
    folder.write("two.csv", format!("{header}\n{two}"));
    for night in ["one.csv", "two.csv", "two.csv"] {
        folder.loyal(&["run", "shop", "--events", night, "--state", "st", "--out", "out"]).code(0);
    }
    let came = folder.loyal(&["verify", "out", "shop", "--events", "one.csv", "two.csv"]).code(0);
    insta::assert_snapshot!("verify_nights", came.out);
    folder.loyal(&["verify", "out", "shop", "--events", "two.csv"]).code(2);
    // The links of nights are those of one run.
    folder.loyal(&["run", "shop", "--out", "whole"]).code(0);
    assert_eq!(folder.read("out/postings.csv"), folder.read("whole/postings.csv"));
}

#[test]
fn threads_change_no_link_and_no_manifest() {
    let folder = audited();
    folder.loyal(&["run", "shop", "--out", "one", "--threads", "1"]).code(0);
    folder.loyal(&["run", "shop", "--out", "plain", "--engine", "reference"]).code(0);
    for file in ["postings.csv", "manifest.json"] {
        assert_eq!(folder.read(&format!("one/{file}")), folder.read(&format!("out/{file}")), "{file}");
        assert_eq!(folder.read(&format!("plain/{file}")), folder.read(&format!("out/{file}")), "{file}");
    }
}

#[test]
fn a_folder_that_says_nothing_of_itself_cannot_be_verified() {
    let folder = audited();
    folder.loyal(&["verify", "nowhere", "shop"]).code(3).says(&["nowhere is not there"]);
    folder.loyal(&["verify", "shop/events.csv"]).code(3).says(&["is a file"]);
    folder.loyal(&["verify", "out", "--events", "shop/events.csv"]).code(3).says(&["PROGRAM"]);
    folder.edit("out/manifest.json", "\"file\": \"lots.csv\"", "\"file\": \"../shop/events.csv\"");
    folder.loyal(&["verify", "out"]).code(2).says(&["no name of a file in the folder"]);
    folder.edit("out/manifest.json", "\"shape\": 1", "\"shape\": 9");
    folder.loyal(&["verify", "out"]).code(2).says(&["another version of loyal wrote it (shape 9)"]);
    folder.write("out/manifest.json", "{");
    folder.loyal(&["verify", "out"]).code(2).says(&["this is no manifest of loyal"]);
    fs::remove_file(folder.path("out/manifest.json")).expect("it was there");
    folder.loyal(&["verify", "out", "shop"]).code(2).says(&["holds no manifest.json"]);
}

#[test]
fn the_manifest_names_no_folder_of_the_machine() {
    let folder = audited();
    let place = folder.path("shop/events.csv");
    folder.loyal(&["run", "shop", "--out", "far", "--events", &place.to_string_lossy()]).code(0);
    assert_eq!(folder.read("far/manifest.json"), folder.read("out/manifest.json"));
    let piped =
        folder.loyal_reading(&folder.read("shop/events.csv"), &["run", "shop", "--events", "-", "--out", "pipe"]);
    piped.code(0);
    let manifest: serde_json::Value = serde_json::from_str(&folder.read("pipe/manifest.json")).expect("JSON");
    assert_eq!(manifest["inputs"], serde_json::json!([{"what": "events", "file": "-"}]));
    let told = folder.loyal(&["verify", "pipe", "shop"]).code(0).out;
    assert!(told.contains("came through a pipe"), "{told}");
}
