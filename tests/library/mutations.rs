//! Change any number of a program by one in its last place: an example or the recorded history must notice. A part of
//! the numbers is tried each time, all of them with `LOYAL_MUTATIONS=all`.

use super::{Listed, library};
use loyal::syntax::ast::TokenKind;
use loyal::text::Span;
use loyal::value::clock::{Length, parse_date};
use std::path::Path;
use std::process::{Command, Stdio};

/// Programs over whole real histories: too slow to be run some hundred times.
const LARGE: [&str; 2] = ["cdnow", "grocer"];
/// One number in so many is tried where not all are.
const ONE_IN: usize = 7;

/// The numbers of a program, but for those of its examples, which say what they expect themselves, and of its scenarios,
/// which assume and grant nobody anything.
fn numbers(program: &Listed) -> Vec<Span> {
    let blocks = program.ast.blocks().filter(|block| !matches!(block.keyword.text.as_str(), "example" | "scenario"));
    let tokens =
        blocks.flat_map(|block| block.tail.iter().chain(block.clauses.iter().flat_map(|clause| &clause.tokens)));
    tokens.filter(|token| token.kind == TokenKind::Number).map(|token| token.span).collect()
}

/// A number changed: a day or a time by one, a figure by one in its last place.
fn changed(number: &str) -> String {
    if let Some(next) = parse_date(number).ok().and_then(|date| Length::Days(1).after(date)) {
        return next.to_string();
    }
    let end = number.rfind(|c: char| c.is_ascii_digit()).map_or(0, |at| at + 1);
    let mut digits: Vec<u8> = number[..end].bytes().collect();
    // Of a time, the minutes; of a day of the year, the day: neither carries over its mark.
    let begin = number[..end].rfind([':', '-', '+']).map_or(0, |at| at + 1);
    let mut carry = true;
    for digit in digits[begin..].iter_mut().rev().filter(|digit| digit.is_ascii_digit()) {
        *digit = if *digit == b'9' { b'0' } else { *digit + 1 };
        carry = *digit == b'0';
        if !carry {
            break;
        }
    }
    if carry && number.contains(':') {
        return number.replace(":59", ":58");
    }
    if carry {
        digits.insert(begin, b'1');
    }
    String::from_utf8(digits).expect("digits and marks") + &number[end..]
}

/// Whether `loyal test` fails a folder.
fn noticed(folder: &Path) -> bool {
    let mut run = Command::new(env!("CARGO_BIN_EXE_loyal"));
    run.arg("test").arg(folder).stdout(Stdio::null()).stderr(Stdio::null());
    !run.status().expect("the binary runs").success()
}

/// The folder again, so that its program can be changed.
fn copied(folder: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            std::fs::copy(&path, to.join(path.file_name().expect("a name"))).expect("a copy");
        }
    }
}

/// The changes of one program that nothing noticed, and how many were tried.
fn survivors(program: &Listed, one_in: usize) -> (usize, Vec<String>) {
    let scratch = tempfile::tempdir().expect("a folder for what is changed");
    copied(&program.folder, scratch.path());
    let (mut tried, mut left) = (0, Vec::new());
    for span in numbers(program).into_iter().step_by(one_in) {
        let number = program.sources.slice(span);
        let changed = changed(number);
        let (start, end) = (span.start as usize, span.end as usize);
        let text = format!("{}{changed}{}", &program.text[..start], &program.text[end..]);
        std::fs::write(scratch.path().join("program.loyal"), text).expect("the program");
        tried += 1;
        if !noticed(scratch.path()) {
            let line = program.text[..start].matches('\n').count() + 1;
            let said = program.text.lines().nth(line - 1).unwrap_or_default().trim();
            left.push(format!("programs/{}/program.loyal:{line}: {number} → {changed} in `{said}`", program.name));
        }
    }
    (tried, left)
}

#[test]
fn a_number_changed_in_a_program_fails_an_example_or_its_history() {
    let only = std::env::var("LOYAL_MUTATIONS").ok();
    let all = only.is_some();
    let programs: Vec<Listed> = library()
        .into_iter()
        .filter(|program| !LARGE.contains(&program.name.as_str()))
        .filter(|program| only.as_deref().is_none_or(|only| only == "all" || only == program.name))
        .collect();
    let (mut tried, mut left) = (0, Vec::new());
    let half = programs.len().div_ceil(2).max(1);
    std::thread::scope(|scope| {
        let parts = programs.chunks(half).map(|part| {
            scope.spawn(move || {
                part.iter().map(|program| survivors(program, if all { 1 } else { ONE_IN })).collect::<Vec<_>>()
            })
        });
        for part in parts.collect::<Vec<_>>() {
            for (some, survived) in part.join().expect("no panic") {
                tried += some;
                left.extend(survived);
            }
        }
    });
    println!("{tried} numbers changed, {} went unnoticed:\n{}", left.len(), left.join("\n"));
    assert!(left.len() * 20 <= tried, "{} of {tried} went unnoticed:\n{}", left.len(), left.join("\n"));
}
