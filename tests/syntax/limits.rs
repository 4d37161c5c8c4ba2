//! What our own limits refuse, how bytes become text, which files are read: in time, and without a panic.

use crate::cases::told;
use loyal::diag::Finding;
use loyal::syntax::ast::Item;
use loyal::syntax::{Files, Parsed, parse, parse_text};
use loyal::text::Sources;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Files that stand in memory, and which of them were asked for.
#[derive(Default)]
struct Shelf {
    files: BTreeMap<String, Vec<u8>>,
    asked: RefCell<Vec<String>>,
}

impl Shelf {
    fn with(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
        Self { files, ..Self::default() }
    }
}

impl Files for Shelf {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.asked.borrow_mut().push(path.to_owned());
        self.files.get(path).cloned().ok_or_else(|| "there is no such file".to_owned())
    }
}

fn codes(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.code).collect()
}

fn of_text(text: &str) -> Vec<&'static str> {
    codes(&parse_text(&mut Sources::default(), "a.loyal", text).findings)
}

fn of_bytes(bytes: &[u8]) -> (Sources, Parsed) {
    let mut sources = Sources::default();
    let shelf = Shelf { files: BTreeMap::from([("a.loyal".to_owned(), bytes.to_vec())]), ..Shelf::default() };
    let parsed = parse(&mut sources, &shelf, "a.loyal");
    (sources, parsed)
}

#[test]
fn a_file_of_any_size_and_shape_takes_little_time_and_no_stack() {
    const MANY: usize = 100_000;
    let begin = "loyal 1\nearn base {\n";
    for (what, text, code) in [
        ("brackets on a line", format!("{begin}when {}", "(".repeat(MANY)), "line-too-long"),
        ("brackets below each other", format!("{begin}when {}", "(\n".repeat(MANY / 2)), "nested-too-deep"),
        (
            "brackets, not too many on a line",
            format!("{begin}{}", format!("when {}\n", "[".repeat(60_000)).repeat(16)),
            "nested-too-deep",
        ),
        ("braces", format!("{begin}{}", "{\n".repeat(MANY / 2)), "stray-open-brace"),
        ("blocks in blocks", format!("loyal 1\n{}", " earn x {\n".repeat(MANY / 10)), "missing-close-brace"),
        ("closing braces", format!("loyal 1\n{}", "}\n".repeat(MANY / 2)), "stray-close-brace"),
        ("semicolons", format!("{begin}when [{}]\n}}", ";".repeat(60_000)), "semicolon-in-brackets"),
        ("line ends", format!("{}loyal 1", "\n".repeat(4 * MANY)), ""),
        ("a name", format!("loyal 1\nearn {} {{\n}}", "a".repeat(60_000)), "name-too-long"),
        ("an unknown block", format!("loyal 1\n{} x {{\n}}", "a".repeat(60_000)), "name-too-long"),
        ("marks that combine", format!("loyal 1\nearn a{} {{\n}}", "\u{301}".repeat(20_000)), "name-too-long"),
        ("strange things", format!("{begin}{}", "@ ^ \n".repeat(MANY / 5)), "unknown-character"),
        ("a long list", format!("loyal 1\nlist hot [\n{}z]", "a, b, c,\n".repeat(MANY / 10)), ""),
        ("too large", " ".repeat(4 * 1024 * 1024 + 1), "file-too-large"),
    ] {
        let start = Instant::now();
        let found = of_text(&text);
        let took = start.elapsed();
        println!("{what}: {took:?}");
        assert!(if code.is_empty() { found.is_empty() } else { found.contains(&code) }, "{what}: {:?}", found.first());
        assert!(found.len() <= 501, "{what}: {} findings", found.len());
        assert!(took < Duration::from_secs(30), "{what}: {took:?}");
    }
}

#[test]
fn a_deep_bracket_or_a_long_line_is_one_mistake() {
    assert_eq!(
        of_text(&format!("loyal 1\nearn base {{\nwhen {}a{}\non visit\n}}", "(".repeat(40), ")".repeat(40))),
        ["nested-too-deep"]
    );
    assert_eq!(
        of_text(&format!("loyal 1\nearn base {{\nwhen {}\non visit\n}}", "(".repeat(70_000))),
        ["line-too-long"]
    );
}

#[test]
fn line_ends_and_marks_of_byte_order_change_nothing() {
    let text = std::fs::read_to_string("programs/coffee/program.loyal").expect("the sample");
    let (_, plain) = of_bytes(text.as_bytes());
    assert_eq!(codes(&plain.findings), [""; 0]);
    for other in [format!("\u{FEFF}{text}"), text.replace('\n', "\r\n"), text.trim_end().to_owned()] {
        let (_, parsed) = of_bytes(other.as_bytes());
        assert_eq!(codes(&parsed.findings), [""; 0]);
        let names = |parsed: &Parsed| {
            parsed.ast.blocks().map(|block| (block.keyword.text.clone(), block.clauses.len())).collect::<Vec<_>>()
        };
        assert_eq!(names(&parsed), names(&plain));
    }
    assert!(of_text("loyal 1\r\rearn base {\n}\n").contains(&"control-character"));
}

#[test]
fn names_are_composed() {
    let mut sources = Sources::default();
    let parsed = parse_text(&mut sources, "a.loyal", "loyal 1\ngift cafe\u{301} {\n  item     \"cre\u{300}me\"\n}\n");
    let block = parsed.ast.blocks().next().expect("a block");
    let name = block.name.as_ref().expect("a name");
    assert_eq!((name.text.as_str(), sources.slice(name.span)), ("café", "café"));
    assert_eq!(block.clauses[0].tokens[1].text, "\"crème\"");
}

#[test]
fn other_encodings_are_named() {
    let text = "loyal 1\n\nearn base {\n  on       purchase\n}\n";
    let wide = |big: bool| -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    for bytes in
        [wide(true), wide(false), [&[0xFF, 0xFE][..], &wide(false)].concat(), [&[0xFE, 0xFF][..], &wide(true)].concat()]
    {
        assert_eq!(codes(&of_bytes(&bytes).1.findings), ["utf-16"]);
    }
    let (sources, parsed) = of_bytes(b"\xEF\xBB\xBFloyal 1\n# caf\xE9\n");
    assert_eq!(sources.line(parsed.findings[0].place), 2);
    assert_eq!(parsed.findings[0].says, "the file is not UTF-8: byte 16, on line 2, is 0xE9");
    assert!(parsed.ast.lost);
}

#[test]
fn a_file_used_twice_is_read_once_and_files_stand_in_the_order_of_use() {
    let shelf = Shelf::with(&[
        ("p/main.loyal", "loyal 1\nuse \"a/one.loyal\"\nuse \"two.loyal\"\nuse \"./a/../two.loyal\"\nearn base {\n}\n"),
        ("p/a/one.loyal", "loyal 1\nuse \"three.loyal\"\nuse \"../two.loyal\"\n"),
        ("p/a/three.loyal", "loyal 1\n"),
        ("p/two.loyal", "loyal 1\ngift cake {\n}\n"),
    ]);
    let mut sources = Sources::default();
    let parsed = parse(&mut sources, &shelf, "p/main.loyal");
    assert_eq!(codes(&parsed.findings), [""; 0]);
    assert_eq!(*shelf.asked.borrow(), ["p/main.loyal", "p/a/one.loyal", "p/a/three.loyal", "p/two.loyal"]);
    let paths: Vec<&str> =
        parsed.ast.files.iter().map(|file| sources.all()[file.file as usize].path.as_str()).collect();
    assert_eq!(paths, *shelf.asked.borrow());
    assert!(matches!(parsed.ast.files[0].items[0], Item::Use(_)));
    assert!(!parsed.ast.lost);
}

#[test]
fn files_that_are_too_many_too_large_or_missing_are_told_once() {
    let name = |at: usize| format!("f{at}.loyal");
    let chain = |at: usize| format!("loyal 1\nuse \"{}\"\n", name(at + 1));
    let mut shelf = Shelf::default();
    shelf.files.extend((0..300).map(|at| (name(at), chain(at).into_bytes())));
    let mut sources = Sources::default();
    let parsed = parse(&mut sources, &shelf, "f0.loyal");
    assert_eq!(codes(&parsed.findings), ["too-many-files"]);
    assert_eq!(parsed.ast.files.len(), 256);

    let mut shelf = Shelf::with(&[("a.loyal", "loyal 1\nuse \"big.loyal\"\n")]);
    shelf.files.insert("big.loyal".to_owned(), vec![b' '; 4 * 1024 * 1024 + 1]);
    let mut sources = Sources::default();
    let parsed = parse(&mut sources, &shelf, "a.loyal");
    insta::assert_snapshot!("large", told(&sources, &parsed.findings));

    // Each of its files is as large as a file may be, and there are more than make a program.
    let mut shelf = Shelf::with(&[(
        "a.loyal",
        "loyal 1\nuse \"b0.loyal\"\nuse \"b1.loyal\"\nuse \"b2.loyal\"\nuse \"b3.loyal\"\n",
    )]);
    let full = format!("loyal 1\n{}", "\n".repeat(4 * 1024 * 1024 - 8));
    shelf.files.extend((0..4).map(|at| (format!("b{at}.loyal"), full.clone().into_bytes())));
    let mut sources = Sources::default();
    let parsed = parse(&mut sources, &shelf, "a.loyal");
    assert_eq!(codes(&parsed.findings), ["program-too-large"]);
    assert!(parsed.findings[0].says.contains("more than 16777216 bytes"), "{}", parsed.findings[0].says);

    let mut sources = Sources::default();
    let parsed = parse(&mut sources, &Shelf::default(), "nowhere.loyal");
    insta::assert_snapshot!("nowhere", told(&sources, &parsed.findings));
}

#[test]
fn programs_that_replace_one_another_are_read_up_to_a_limit() {
    let name = |at: usize| format!("v{at}.loyal");
    let version = |at: usize| format!("loyal 1\nprogram p {{\n  replaces \"{}\" from 2026-01-01\n}}\n", name(at + 1));
    let mut shelf = Shelf::default();
    shelf.files.extend((0..70).map(|at| (name(at), version(at).into_bytes())));
    let mut sources = Sources::default();
    let parsed = parse(&mut sources, &shelf, "v0.loyal");
    assert_eq!(codes(&parsed.findings), ["too-many-versions"]);
    let older = std::iter::successors(Some(&parsed.ast), |ast| ast.replaced.as_deref());
    assert_eq!(older.count(), 64);
}
