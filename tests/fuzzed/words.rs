//! The words of the language, from its grammar and its table of clauses.

use loyal::mechanics::table::BLOCKS;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Texts that make edges in files of events, column maps and states.
#[rustfmt::skip]
const OF_FILES: [&str; 28] = [
    "id,time,type,member", "purchase", "return", "redeem", "2024-02-29", " 23:59:59", "T12:00:00Z", "+02:00", "=== ", "\"\"",
    "[events]", "[members]", "[items]", "always", "from", "join", "number", "sum", "values", "leave_out", "delimiter",
    "decimal", "thousands", "floats", "\u{FEFF}", "\u{202E}", "PAR1", "ARROW1",
];

/// The dictionary as a fuzzer reads it: a word in quotes a line, in the order of letters.
pub fn dictionary(root: &Path) -> String {
    let mut words: BTreeSet<String> = OF_FILES.iter().map(|word| (*word).to_owned()).collect();
    for name in ["blocks", "clause", "loyal", "rules", "till"] {
        let path = root.join(format!("grammar/{name}.pest"));
        let grammar = fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        words.extend(literals(&grammar));
    }
    for block in BLOCKS {
        words.insert(block.keyword.to_owned());
        words.extend(block.clauses.iter().map(|clause| clause.like.to_owned()));
    }
    let lines: String =
        words.iter().filter(|word| !word.is_empty()).map(|word| format!("\"{}\"\n", escaped(word))).collect();
    format!(
        "# Words of the language, for the fuzzer; tests/fuzzed.rs writes it and sees that it does not get old.\n{lines}"
    )
}

/// What stands in quotes in a grammar, behind no comment.
fn literals(grammar: &str) -> Vec<String> {
    let lines = grammar.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines
        .flat_map(|line| {
            line.replace("\\\"", "\u{1}").split('"').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>()
        })
        .map(|word| word.replace('\u{1}', "\""))
        .filter(|word| !word.contains('\\'))
        .collect()
}

/// As a dictionary writes it: quotes, backslashes and what is not plain ASCII by their numbers.
fn escaped(word: &str) -> String {
    let plain = |byte: u8| (0x20..0x7f).contains(&byte) && byte != b'"' && byte != b'\\';
    word.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("\\x{byte:02X}") }).collect()
}
