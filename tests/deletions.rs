//! Delete any one line, or any one token, of each program in `programs/`: never a panic, and the
//! first message points within one line of the damage in at least 95% of the cases that have one. One deletion in
//! some is tried; `LOYAL_DELETIONS=all` tries them all.

use loyal::check::check;
use loyal::diag::{Finding, Severity};
use loyal::syntax::parse_text;
use loyal::text::Sources;
use std::fs;
use std::path::{Path, PathBuf};

/// The errors of a text, in the order of their places, each with its line.
fn errors(text: &str) -> Vec<(usize, Finding)> {
    let mut sources = Sources::default();
    let parsed = parse_text(&mut sources, "program.loyal", text);
    let mut findings = parsed.findings;
    findings.extend(check(&parsed.ast, &sources).findings);
    findings.retain(|finding| finding.severity == Severity::Error);
    findings.sort();
    findings.into_iter().map(|finding| (sources.line(finding.place), finding)).collect()
}

/// Byte ranges of the tokens of a text: words, numbers, texts in quotes, single marks; no comments.
fn tokens(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | ':' | '%' | '+');
        let mut end = start + c.len_utf8();
        if c == '#' {
            while chars.next_if(|(_, c)| *c != '\n').is_some() {}
            continue;
        } else if c == '"' {
            for (at, c) in chars.by_ref() {
                end = at + c.len_utf8();
                if c == '"' || c == '\n' {
                    break;
                }
            }
        } else if is_word(c) {
            while let Some((at, c)) = chars.next_if(|(_, c)| is_word(*c)) {
                end = at + c.len_utf8();
            }
        } else if c.is_whitespace() {
            continue;
        }
        found.push((start, end));
    }
    found
}

/// One deletion in so many is tried where not all are.
const ONE_IN: usize = 9;

#[derive(Default)]
struct Tally {
    met: usize,
    cases: usize,
    silent: usize,
    near: usize,
    far: Vec<String>,
}

impl Tally {
    fn look(&mut self, path: &Path, text: &str, range: (usize, usize), what: &str) {
        self.met += 1;
        if !self.met.is_multiple_of(ONE_IN) && std::env::var_os("LOYAL_DELETIONS").is_none() {
            return;
        }
        let damaged = format!("{}{}", &text[..range.0], &text[range.1..]);
        let line = text[..range.0].matches('\n').count() + 1;
        self.cases += 1;
        match errors(&damaged).first() {
            None => self.silent += 1,
            Some((at, _)) if at.abs_diff(line) <= 1 => self.near += 1,
            Some((at, finding)) => self.far.push(format!(
                "{}:{line}: without {what} {:?}: line {at}: {}",
                path.display(),
                text[range.0..range.1].trim(),
                finding.says
            )),
        }
    }
}

fn programs() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("programs");
    let mut found: Vec<PathBuf> = fs::read_dir(root)
        .expect("the programs folder")
        .map(|entry| entry.expect("an entry").path().join("program.loyal"))
        .filter(|path| path.is_file())
        .collect();
    found.sort();
    found
}

#[test]
fn damage_is_blamed_where_it_is() {
    let mut tally = Tally::default();
    for path in programs() {
        let text = fs::read_to_string(&path).expect("a program");
        assert!(errors(&text).is_empty(), "{} is right before it is damaged", path.display());
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let range = (start, start + line.len());
            start = range.1;
            if !line.trim().is_empty() && !line.trim_start().starts_with('#') {
                tally.look(&path, &text, range, "line");
            }
        }
        for range in tokens(&text) {
            tally.look(&path, &text, range, "token");
        }
    }
    let told = tally.near + tally.far.len();
    let share = 100.0 * tally.near as f64 / told as f64;
    println!(
        "{} deletions: {} leave a right program, {told} are reported, {} of them within one line ({share:.2}%)",
        tally.cases, tally.silent, tally.near
    );
    for far in &tally.far {
        println!("{far}");
    }
    assert!(told > 500, "the test damages programs: {told} cases");
    assert!(share >= 95.0, "{share:.2}% within one line");
}
