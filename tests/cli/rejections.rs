//! Every rejection has a reason word of `docs/formats.md` and a sentence: for each word there is an event here that is
//! refused for it.

use super::loyal::Folder;
use loyal::engine::outcome::Reason;
use std::collections::{BTreeMap, BTreeSet};

const PROGRAM: &str = include_str!("rejections/program.loyal");
/// Its column `reason` says why each event is refused; empty: it is not.
const EVENTS: &str = include_str!("rejections/events.csv");

/// The rows of a table, by column.
fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(|row| row.expect("a row")).collect()
}

/// What a rejection says to a person: words, and nothing of how the program is written.
fn is_a_sentence(text: &str) -> bool {
    let inside = ["Some(", "None", "::", "{", "}", "Err("].iter().any(|mark| text.contains(mark));
    text.split(' ').count() >= 3 && !inside
}

#[test]
fn every_word_of_the_contract_has_an_event_that_is_refused_for_it_with_a_sentence() {
    let folder = Folder::new();
    folder.write("program.loyal", PROGRAM);
    folder.write("events.csv", EVENTS);
    folder.loyal(&["run", "program.loyal", "--events", "events.csv", "--out", "out", "--quiet"]).code(0);
    let mut got: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for row in rows(&folder.read("out/rejections.csv")) {
        got.entry(row["event"].clone()).or_default().push((row["reason"].clone(), row["sentence"].clone()));
    }
    let mut seen = BTreeSet::new();
    for row in rows(EVENTS) {
        let told = got.remove(&row["id"]).unwrap_or_default();
        let words: Vec<&str> = told.iter().map(|(word, _)| word.as_str()).collect();
        let wanted: Vec<&str> = Some(row["reason"].as_str()).into_iter().filter(|word| !word.is_empty()).collect();
        assert_eq!(words, wanted, "{}: {told:?}", row["id"]);
        for (word, sentence) in &told {
            assert!(is_a_sentence(sentence), "{}: {sentence}", row["id"]);
            seen.insert(word.clone());
        }
    }
    assert_eq!(got, BTreeMap::new());
    seen.insert(too_late(&folder));
    let all: BTreeSet<String> = Reason::ALL.iter().map(|reason| reason.word().to_owned()).collect();
    assert_eq!(seen, all, "words without an event, or events for words that are none");
}

/// What comes after the days for late events is refused where a run goes on from a kept state.
fn too_late(folder: &Folder) -> String {
    let rows_of = |rows: &str| format!("id,time,type,member,amount\n{rows}\n");
    folder.write("n1.csv", rows_of("e1,2026-05-01 10:00,purchase,ana,20.00"));
    folder.write("n2.csv", rows_of("e2,2026-03-01 10:00,purchase,ana,20.00"));
    for night in ["n1.csv", "n2.csv"] {
        let arguments = ["run", "program.loyal", "--events", night, "--state", "st", "--out", "late", "--quiet"];
        folder.loyal(&arguments).code(0);
    }
    let told = rows(&folder.read("late/rejections.csv"));
    let [row] = told.as_slice() else { panic!("{told:?}") };
    assert!(row["event"] == "e2" && is_a_sentence(&row["sentence"]), "{row:?}");
    row["reason"].clone()
}

#[test]
fn the_words_are_those_of_the_page() {
    let page = include_str!("../../docs/formats.md");
    let (_, reasons) = page.split_once("\nReasons: ").expect("the reasons");
    let (reasons, _) = reasons.split_once("\n\n").expect("they end");
    let words: BTreeSet<&str> = reasons.split('`').skip(1).step_by(2).filter(|word| !word.starts_with("--")).collect();
    let all: BTreeSet<&str> = Reason::ALL.iter().map(|reason| reason.word()).collect();
    assert_eq!(words, all);
    assert_eq!(all.len(), Reason::ALL.len());
}
