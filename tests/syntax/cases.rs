//! A folder for each message: `bad.loyal` gets it, its good twin gets none.

use loyal::diag::Finding;
use loyal::syntax::{Files, Parsed, parse};
use loyal::text::Sources;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Files of a folder.
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        fs::read(path).map_err(|_| "there is no such file".to_owned())
    }
}

/// The folder of the cases.
pub fn folder() -> PathBuf {
    // As messages show it; tests run in the folder of the package.
    PathBuf::from("tests/syntax")
}

/// A text with what cannot be seen made visible.
fn seen(text: &str) -> String {
    let visible = |c: char| !c.is_control() && !loyal::text::is_bidi_control(c) && !loyal::text::is_invisible(c);
    text.chars().map(|c| if visible(c) { c.to_string() } else { c.escape_unicode().to_string() }).collect()
}

/// Findings as plain text, one below the other.
pub fn told(sources: &Sources, findings: &[Finding]) -> String {
    let mut out = String::new();
    for (at, finding) in findings.iter().enumerate() {
        if findings.len() > 50 && at > 0 && at + 1 < findings.len() {
            continue;
        }
        let place = finding.place;
        let path = &sources.file(place).path;
        let file = Path::new(path).file_name().unwrap_or_default().to_string_lossy();
        let _ = writeln!(
            out,
            "{file}:{}:{} {:?} {}",
            sources.line(place),
            sources.column(place),
            finding.severity,
            finding.code
        );
        let _ = writeln!(out, "  {}", seen(&finding.says));
        if !finding.label.is_empty() {
            let _ = writeln!(out, "  [{}] {}", seen(sources.slice(place)), finding.label);
        }
        for (place, label) in &finding.related {
            let path = &sources.file(*place).path;
            let file = Path::new(path).file_name().unwrap_or_default().to_string_lossy();
            let _ = writeln!(out, "  {file}:{} [{}] {label}", sources.line(*place), seen(sources.slice(*place)));
        }
        let _ = writeln!(out, "  why: {}\n  mend: {}", finding.why, finding.mend);
    }
    out
}

fn read(path: &Path) -> (Sources, Parsed) {
    let mut sources = Sources::default();
    let parsed = parse(&mut sources, &Disk, &path.to_string_lossy());
    (sources, parsed)
}

fn cases() -> Vec<PathBuf> {
    let entries = fs::read_dir(folder()).expect("the folder of the cases");
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    found.retain(|path| path.join("bad.loyal").is_file());
    found.sort();
    found
}

#[test]
fn every_mistake_is_told_and_its_good_twin_is_not() {
    let mut all = String::new();
    for case in cases() {
        let name = case.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let (sources, good) = read(&case.join("good.loyal"));
        assert_eq!(told(&sources, &good.findings), "", "{name}: the good twin");
        let (sources, bad) = read(&case.join("bad.loyal"));
        let said = told(&sources, &bad.findings);
        assert!(!said.is_empty(), "{name}: nothing was said");
        let _ = writeln!(all, "== {name}\n{said}");
    }
    insta::assert_snapshot!("mistakes", all);
}

/// The codes that `fn code` of the messages can give.
fn codes() -> Vec<String> {
    let mut found = Vec::new();
    for file in ["files", "letters", "shape"] {
        let text = fs::read_to_string(format!("src/syntax/mistake/{file}.rs")).expect("the messages");
        let code = text.split("fn code").nth(1).and_then(|rest| rest.split("\n    }\n").next()).unwrap_or("");
        found.extend(code.split('"').skip(1).step_by(2).map(str::to_owned));
    }
    found
}

#[test]
fn every_message_has_a_case() {
    let told = ["snapshots/syntax__cases__mistakes.snap", "snapshots/syntax__limits__large.snap", "limits.rs"]
        .map(|file| fs::read_to_string(folder().join(file)).expect("what was told"))
        .concat();
    let codes = codes();
    assert!(codes.len() > 50, "the codes are found: {}", codes.len());
    for code in codes {
        let told = [format!(" {code}\n"), format!("\"{code}\"")].iter().any(|one| told.contains(one));
        assert!(told, "no case tells `{code}`");
    }
}
