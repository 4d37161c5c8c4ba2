//! Delete any one line or token of a right program: what the first stage says points to the damage.

use loyal::syntax::parse_text;
use loyal::text::Sources;
use std::fs;
use std::path::Path;

/// The right programs.
pub fn programs() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("programs");
    let mut found: Vec<(String, String)> = fs::read_dir(root)
        .expect("the programs")
        .map(|entry| entry.expect("an entry").path().join("program.loyal"))
        .filter_map(|path| fs::read_to_string(&path).ok().map(|text| (path.to_string_lossy().into_owned(), text)))
        .collect();
    found.sort();
    found
}

/// Byte ranges of the tokens of a text, and of its marks.
fn tokens(text: &str) -> Vec<(usize, usize)> {
    let mut sources = Sources::default();
    let parsed = parse_text(&mut sources, "a.loyal", text);
    let mut found: Vec<(usize, usize)> = Vec::new();
    for block in parsed.ast.blocks() {
        let spans = block.clauses.iter().flat_map(|clause| clause.tokens.iter().map(|token| token.span));
        let header = [Some(&block.keyword), block.name.as_ref(), block.plural.as_ref(), block.title.as_ref()];
        let header = header.into_iter().flatten().map(|word| word.span).filter(|span| span.start < span.end);
        found.extend(spans.chain(header).map(|span| (span.start as usize, span.end as usize)));
    }
    found.extend(text.match_indices(['{', '}', '"', '[', ']']).map(|(at, mark)| (at, at + mark.len())));
    found.extend(text.match_indices("loyal 1").flat_map(|(at, _)| [(at, at + 5), (at + 6, at + 7)]));
    found.extend(text.match_indices("plural").map(|(at, word)| (at, at + word.len())));
    found
}

#[test]
fn damage_is_blamed_on_its_line() {
    let (mut near, mut silent, mut far) = (0, 0, Vec::new());
    // One sample in each script; `tests/deletions.rs` damages all programs, and checks them too.
    let scripts = ["coffee", "hebrew-cafe", "arabic-pharmacy", "romanian-bakery"];
    for (path, text) in programs().into_iter().filter(|(path, _)| scripts.iter().any(|one| path.contains(one))) {
        let mut start = 0;
        let lines = text.split_inclusive('\n').map(|line| {
            start += line.len();
            (start - line.len(), start)
        });
        let ranges: Vec<(usize, usize)> = lines.collect();
        for (from, to) in ranges.into_iter().chain(tokens(&text)) {
            let damaged = format!("{}{}", &text[..from], &text[to..]);
            let line = text[..from].matches('\n').count() + 1;
            let mut sources = Sources::default();
            let findings = parse_text(&mut sources, "a.loyal", &damaged).findings;
            match findings.first().map(|finding| sources.line(finding.place)) {
                None => silent += 1,
                Some(at) if at.abs_diff(line) <= 1 && findings.len() == 1 => near += 1,
                Some(at) => far.push(format!(
                    "{path}:{line} without {:?}: line {at}: {:?}",
                    &text[from..to],
                    findings.iter().map(|finding| &finding.says).collect::<Vec<_>>()
                )),
            }
        }
    }
    println!("{silent} silent, {near} near\n{}", far.join("\n"));
    assert!(far.len() * 50 < near, "{} of {near} are told once, where they are", far.len());
}
