//! The second stage: for every message a bad program and its good twin. A case is a folder under
//! `tests/check` with `bad.loyal`, `good.loyal`, and what is said of the bad one.

use loyal::check::check;
use loyal::diag::{Finding, Severity};
use loyal::syntax::{Files, parse, parse_text};
use loyal::text::{Sources, Span};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What is said of a program, and whether it would run.
fn findings(path: &Path) -> (Sources, Vec<Finding>, bool) {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut sources = Sources::default();
    let parsed = match path.with_file_name("old.loyal").exists() {
        true => parse(&mut sources, &Disk, &path.to_string_lossy()),
        false => parse_text(&mut sources, "bad.loyal", &text),
    };
    let checked = check(&parsed.ast, &sources);
    let mut all = parsed.findings;
    all.extend(checked.findings);
    all.sort();
    (sources, all, checked.program.is_some())
}

/// The files of a case that stand beside it.
struct Disk;

impl Files for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        fs::read(path).map_err(|_| "there is no such file".to_owned())
    }
}

/// Where a place is: of another file than the first, with its name.
fn place(sources: &Sources, span: Span) -> String {
    let file = Path::new(&sources.file(span).path).file_name().unwrap_or_default().to_string_lossy().into_owned();
    let file = if span.file == 0 { String::new() } else { format!("{file}:") };
    format!("{file}{}:{}", sources.line(span), sources.column(span))
}

/// The messages as text: line and column, code, the words underlined, what, why and what mends it.
fn shown(sources: &Sources, findings: &[Finding]) -> String {
    let mut out = String::new();
    for finding in findings {
        let at = place(sources, finding.place);
        out += &format!("{at} {} `{}`\n", finding.code, sources.slice(finding.place));
        out += &format!("  {}\n", finding.says);
        for (span, label) in &finding.related {
            out += &format!("  see {} {label}\n", place(sources, *span));
        }
        out += &format!("  why: {}\n  mend: {}\n", finding.why, finding.mend);
    }
    out
}

fn folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = fs::read_dir("tests/check")
        .expect("the folder of cases")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.join("good.loyal").exists())
        .collect();
    folders.sort();
    folders
}

#[test]
fn every_bad_case_says_what_mends_it_and_its_good_twin_says_nothing() {
    let mut wrong = Vec::new();
    for folder in folders() {
        let (sources, mut good, runs) = findings(&folder.join("good.loyal"));
        // Of a message of the reading, warnings of the analyses are not the matter.
        let of_analysis = folder.display().to_string().contains("analysis_");
        good.retain(|finding| of_analysis || finding.severity == Severity::Error);
        if !good.is_empty() || !runs {
            wrong.push(format!("{}:\n{}", folder.join("good.loyal").display(), shown(&sources, &good)));
        }
        let bad = folder.join("bad.loyal");
        if !bad.exists() {
            continue;
        }
        let (sources, found, runs) = findings(&bad);
        let errors = found.iter().any(|finding| finding.severity == Severity::Error);
        assert!(!found.is_empty() && errors != runs, "{}: nothing is found wrong", folder.display());
        insta::with_settings!({
            snapshot_path => fs::canonicalize(&folder).expect("the folder"),
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!("said", shown(&sources, &found));
        });
    }
    assert!(wrong.is_empty(), "good twins that are not:\n{}", wrong.join("\n"));
}

/// The codes that a file's messages can have.
fn codes_of(path: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let from = text.find("fn code(&self)").expect("a list of codes");
    let upto = text[from..].find("\n    }\n").expect("its end") + from;
    let body = &text[from..upto];
    body.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Messages of analyses (of programs that are no text), and what the reading of a text says instead.
const SAID_BY_THE_READING: &[(&str, &str)] = &[
    ("bands-gap", "gap-in-bands"),
    ("bands-not-ascending", "bands-do-not-rise"),
    ("card-starts-full", "born-full"),
    ("dates-turned", "ends-before-it-begins"),
    ("levels-the-same", "levels-not-ascending"),
];

#[test]
fn a_mistake_that_an_analysis_finds_is_told_once() {
    for folder in folders() {
        let name = folder.file_name().map(|name| name.to_string_lossy().replace('_', "-")).unwrap_or_default();
        let Some(name) = name.strip_prefix("analysis-") else { continue };
        // `analysis_free_loop__by_rounding` is one more case of `free-loop`.
        let code = name.split_once("--").map_or(name, |(code, _)| code);
        let (sources, found, _) = findings(&folder.join("bad.loyal"));
        let codes: Vec<&str> = found.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, [code], "{}", shown(&sources, &found));
    }
}

#[test]
fn every_message_has_a_case() {
    let mut said = BTreeSet::new();
    for folder in folders() {
        let bad = folder.join("bad.loyal");
        if bad.exists() {
            said.extend(findings(&bad).1.into_iter().map(|finding| finding.code.to_owned()));
        }
    }
    let files = [
        "src/mechanics/reading/clash.rs",
        "src/mechanics/reading/mistake.rs",
        "src/mechanics/rule/read.rs",
        "src/mechanics/example/wrong.rs",
        "src/check/wrong.rs",
        "src/check/versions/missing.rs",
        "src/check/versions/worse.rs",
    ];
    let analyses = fs::read_dir("src/check/analyses").expect("the analyses").map(|entry| entry.expect("a file").path());
    let analyses = analyses
        .map(|path| path.display().to_string())
        .filter(|path| fs::read_to_string(path).is_ok_and(|text| text.contains("fn code(&self)")));
    // Said only where a block's own file has forgotten to say why it could not be read; and of programs so large
    // that a case of them would be no text to read (tests beside `steps.rs` show it).
    let mut unreachable = BTreeSet::from(["unread-block".to_owned(), "not-all-looked-at".to_owned()]);
    // Of these the reading of a text says the same first, and then no analysis runs: so each is told once.
    for (analysis, reading) in SAID_BY_THE_READING {
        assert!(said.contains(*reading), "{reading} has no case");
        unreachable.insert((*analysis).to_owned());
    }
    let known: BTreeSet<String> =
        files.iter().map(|file| (*file).to_owned()).chain(analyses).flat_map(|file| codes_of(&file)).collect();
    let missing: Vec<&String> = known.difference(&said).filter(|code| !unreachable.contains(*code)).collect();
    assert!(missing.is_empty(), "messages without a case: {missing:?}");
}

#[test]
fn ten_mistakes_are_ten_messages_each_under_its_own_line() {
    let (sources, found, _) = findings(Path::new("tests/check/ten_mistakes/bad.loyal"));
    let lines: Vec<usize> = found.iter().map(|finding| sources.line(finding.place)).collect();
    let marked: Vec<usize> = sources.all()[0]
        .text
        .lines()
        .enumerate()
        .filter(|(_, line)| line.contains("# wrong"))
        .map(|(at, _)| at + 1)
        .collect();
    assert_eq!(marked.len(), 10);
    assert_eq!(lines, marked, "{}", shown(&sources, &found));
}

#[test]
fn a_broken_line_makes_no_innocent_one_complain() {
    let innocents = folders().into_iter().filter(|folder| folder.display().to_string().contains("innocent_"));
    for folder in innocents {
        let (sources, found, _) = findings(&folder.join("bad.loyal"));
        assert_eq!(found.len(), 1, "{}:\n{}", folder.display(), shown(&sources, &found));
    }
}
