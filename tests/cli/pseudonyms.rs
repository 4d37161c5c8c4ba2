//! `--pseudonymise`: outputs without names, from which who has the key finds back.

use super::loyal::Folder;
use std::collections::BTreeSet;

const KEY: &str = "a key of more than sixteen bytes\n";

/// A history in which people name one another in every way there is.
const EVENTS: &str = "\
id,time,type,member,amount,currency,ref,qty,unit,note
rcpt1,2026-01-05 10:15,purchase,anastasia,24.60,GBP,,,,call Anastasia
rcpt2,2026-01-07 17:40,purchase,benedikt,61.30,GBP,,,,
rcpt3,2026-01-25 09:00,transfer,benedikt,,,anastasia,5,,
rcpt4,2026-01-26 09:00,transfer,benedikt,,,zacharias,5,,
rcpt5,2026-01-27 09:00,return,anastasia,4.60,GBP,rcpt1,,,
rcpt6,2026-01-28 09:00,return,anastasia,4.60,GBP,rcpt2,,,
rcpt7,2026-01-29 09:00,redeem,anastasia,,,tell Benedikt,1,,
rcpt8,2026-02-01 09:00,merge,anastasia,,,benedikt,,,
";

fn shop() -> Folder {
    let folder = Folder::with("points", "en");
    folder.write("key", KEY);
    folder.write("events.csv", EVENTS);
    folder
}

fn run(folder: &Folder, out: &str, more: &[&str]) {
    let place = format!("{out}/facts.csv");
    std::fs::create_dir_all(folder.path(out)).expect("a folder");
    let run = ["run", "shop", "--events", "events.csv", "--out", out, "--facts", &place, "--as-of", "2027-12-31"];
    folder.loyal(&[&run[..], more].concat()).code(0);
}

/// The names that must not be found, in small letters.
const NAMES: [&str; 5] = ["anastasia", "benedikt", "zacharias", "rcpt", "call "];

#[test]
fn no_output_holds_a_name() {
    let folder = shop();
    for (out, more) in [
        ("csv", &["--pseudonymise", "key"][..]),
        ("json", &["--pseudonymise", "key", "--format", "json"]),
        ("parquet", &["--pseudonymise", "key", "--format", "parquet"]),
        ("plain", &["--pseudonymise", "key", "--engine", "reference"]),
        ("nights", &["--pseudonymise", "key", "--state", "st"]),
        ("by", &["--pseudonymise", "key", "--by", "month"]),
    ] {
        run(&folder, out, more);
        for (name, bytes) in folder.files(out) {
            let text = String::from_utf8_lossy(&bytes).to_lowercase();
            for person in NAMES {
                assert!(!text.contains(person), "{person} is in {out}/{name}");
            }
        }
    }
    let terminal = folder.loyal(&["run", "shop", "--events", "events.csv", "--pseudonymise", "key"]).code(0);
    for person in NAMES {
        assert!(!terminal.out.contains(person), "{}", terminal.out);
    }
    assert_eq!(folder.files("csv"), folder.files("plain"), "the engines agree");
    let mut nights = folder.files("nights");
    nights.remove("corrections.csv");
    assert_eq!(folder.files("csv"), nights, "a night is as one run");
}

#[test]
fn the_figures_are_those_of_the_plain_outputs() {
    let folder = shop();
    run(&folder, "csv", &["--pseudonymise", "key"]);
    run(&folder, "named", &[]);
    assert_eq!(folder.read("csv/summary.json"), folder.read("named/summary.json"));
    let amounts = |name: &str| -> BTreeSet<String> {
        let text = folder.read(name);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let rows = reader.records().map(|row| row.expect("a row"));
        rows.map(|row| [&row[1], &row[6], &row[8], &row[11], &row[12]].join(",")).collect()
    };
    assert_eq!(amounts("csv/postings.csv"), amounts("named/postings.csv"));
}

#[test]
fn the_same_key_gives_the_same_names_and_another_others() {
    let folder = shop();
    run(&folder, "one", &["--pseudonymise", "key"]);
    run(&folder, "again", &["--pseudonymise", "key"]);
    assert_eq!(folder.files("one"), folder.files("again"));
    folder.write("other", "another key of more than sixteen bytes");
    run(&folder, "other-names", &["--pseudonymise", "other"]);
    assert_ne!(folder.read("one/balances.csv"), folder.read("other-names/balances.csv"));
}

#[test]
fn who_has_the_key_verifies_and_explains() {
    let folder = shop();
    run(&folder, "out", &["--pseudonymise", "key"]);
    let verify = |more: &[&str]| folder.loyal(&[&["verify", "out", "shop", "--events", "events.csv"], more].concat());
    let right = verify(&["--pseudonymise", "key"]).code(0).out;
    assert!(right.starts_with("out is what the program and the events give"), "{right}");
    folder.write("other", "another key of more than sixteen bytes");
    verify(&[]).code(3).says(&["name the key"]);
    verify(&["--pseudonymise", "other"]).code(3).says(&["by another key"]);
    let balances = folder.read("out/balances.csv");
    let name = balances.lines().nth(1).and_then(|row| row.split(',').nth(1)).expect("a name");
    for format in ["text", "json"] {
        let explain = ["explain", "shop", "--events", "events.csv", "--format", format, "--member", name];
        let told = folder.loyal(&[&explain[..], &["--pseudonymise", "key"]].concat()).code(0).out;
        assert!(told.contains("anastasia") || told.contains("benedikt"), "{told}");
        folder.loyal(&explain).code(3).says(&["no member"]);
    }
}

#[test]
fn what_could_give_names_away_is_refused() {
    let folder = shop();
    folder.write("short", "abc\n");
    let run = |more: &[&str]| folder.loyal(&[&["run", "shop", "--events", "events.csv"], more].concat()).code(3);
    run(&["--pseudonymise", "short"]).says(&["at least 16 bytes"]);
    run(&["--pseudonymise", "nowhere"]).says(&["no such file"]);
    run(&["--pseudonymise", "key", "--by", "note"]).says(&["may name people"]);
    run(&["--pseudonymise", "key", "--by", "member.city"]).says(&["may name people"]);
    run(&["--pseudonymise", "key", "--explain", "anastasia"]).says(&["cannot be used with"]);
}
