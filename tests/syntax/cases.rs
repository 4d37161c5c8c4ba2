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
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/syntax")
}

/// Findings as plain text, one below the other.
pub fn told(sources: &Sources, findings: &[Finding]) -> String {
    let mut out = String::new();
    for finding in findings {
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
        let _ = writeln!(out, "  {}", finding.says);
        if !finding.label.is_empty() {
            let _ = writeln!(out, "  [{}] {}", sources.slice(place), finding.label);
        }
        for (place, label) in &finding.related {
            let path = &sources.file(*place).path;
            let file = Path::new(path).file_name().unwrap_or_default().to_string_lossy();
            let _ = writeln!(out, "  {file}:{} [{}] {label}", sources.line(*place), sources.slice(*place));
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
