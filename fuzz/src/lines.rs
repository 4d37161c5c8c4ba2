//! Changes to an input line by line and word by word: what a person does to a program or a file of events, and what
//! changes of single bytes seldom come to.

use crate::draw::Draw;
use loyal::mechanics::table::{BLOCKS, BlockSpec};

/// Numbers, days and words that something ends at.
#[rustfmt::skip]
const EDGES: [&str; 48] = [
    "0", "1", "2", "3", "7", "10", "99", "100", "101", "0.5", "0.01", "0.001", "33.33", "365", "999999", "-1", "-0.01",
    "1.005", "0.00", "12", "2024-02-29", "2026-02-28", "2026-03-01", "2026-03-29", "2026-10-25", "2025-12-31", "2026-01-01",
    "23:59", "00:00", "04:00", "03:30", "100%", "50%", "33%", "day", "month", "ever", "member", "receipt", "star",
    "99999999999999999999", "4294967296", "2147483648", "0.000000000001", "9999-12-31", "0001-01-01", "24:00", "1000%",
];

/// Changes an input of `size` bytes that lies in `data`, which has room for `most`; its new size, none where it is to be
/// changed some other way.
pub fn change(data: &mut [u8], size: usize, most: usize, seed: u32) -> Option<usize> {
    let mut draw = Draw::new(u64::from(seed), 99);
    if draw.chance(40) {
        return None;
    }
    let text = std::str::from_utf8(data.get(..size)?).ok()?;
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for _ in 0..=draw.below(3) {
        one(&mut lines, &mut draw);
    }
    let changed = lines.join("\n") + "\n";
    let room = most.min(data.len());
    let into = data.get_mut(..changed.len()).filter(|into| into.len() <= room)?;
    into.copy_from_slice(changed.as_bytes());
    Some(changed.len())
}

fn one(lines: &mut Vec<String>, draw: &mut Draw) {
    if lines.is_empty() {
        lines.push("loyal 1".to_owned());
    }
    let (at, other) = (draw.below(lines.len()), draw.below(lines.len()));
    match draw.below(10) {
        0 => {
            lines.remove(at);
        }
        1 => {
            let again = lines[at].clone();
            lines.insert(other, again);
        }
        2 => lines.swap(at, other),
        3 | 4 => clause_into(lines, at, draw),
        5 => block_into(lines, at, draw),
        6 | 7 => word_for_word(lines, at, other, draw),
        _ => lines[at] = with_an_edge(&lines[at], draw),
    }
}

/// A clause that its block may have, as the messages of the language write it, below a line.
fn clause_into(lines: &mut Vec<String>, at: usize, draw: &mut Draw) {
    let keyword = |line: &String| BLOCKS.iter().find(|spec| line.split(' ').next() == Some(spec.keyword));
    let around = lines[..=at].iter().rev().find_map(keyword);
    let spec: &BlockSpec = match around {
        Some(spec) if draw.chance(85) => spec,
        Some(_) | None => BLOCKS[draw.below(BLOCKS.len())],
    };
    if !spec.clauses.is_empty() {
        let clause = &spec.clauses[draw.below(spec.clauses.len())];
        lines.insert(at + 1, format!("  {}", clause.like));
    }
}

/// A block with some of its clauses, between two others.
fn block_into(lines: &mut Vec<String>, at: usize, draw: &mut Draw) {
    let spec = BLOCKS[draw.below(BLOCKS.len())];
    let mut block = vec![format!("{} new_{} {{", spec.keyword, draw.below(3))];
    let some = |draw: &mut Draw| draw.chance(50);
    block.extend(spec.clauses.iter().filter(|_| some(draw)).map(|clause| format!("  {}", clause.like)));
    block.push("}".to_owned());
    let place = lines[at..].iter().position(|line| line == "}").map_or(at, |end| at + end + 1);
    lines.splice(place..place, block);
}

/// A word of one line in the place of one of another.
fn word_for_word(lines: &mut [String], at: usize, other: usize, draw: &mut Draw) {
    let parted = |line: &str| -> Vec<(usize, usize)> {
        let mut words = Vec::new();
        let mut start = None;
        for (place, c) in line.char_indices().chain([(line.len(), ' ')]) {
            match (start, c == ' ' || c == ',') {
                (None, false) => start = Some(place),
                (Some(from), true) => {
                    words.push((from, place));
                    start = None;
                }
                (Some(_), false) | (None, true) => {}
            }
        }
        words
    };
    let (into, from) = (parted(&lines[at]), parted(&lines[other]));
    if into.is_empty() || from.is_empty() {
        return;
    }
    let ((start, end), (first, last)) = (into[draw.below(into.len())], from[draw.below(from.len())]);
    let word = lines[other][first..last].to_owned();
    lines[at].replace_range(start..end, &word);
}

/// A line with one of its numbers, or else some word, in the place of which an edge stands.
fn with_an_edge(line: &str, draw: &mut Draw) -> String {
    let words: Vec<&str> = line.split_inclusive([' ', ',']).collect();
    let numbers: Vec<usize> =
        (0..words.len()).filter(|at| words[*at].starts_with(|c: char| c.is_ascii_digit() || c == '-')).collect();
    let at = match numbers.as_slice() {
        [] if words.is_empty() => return EDGES[draw.below(EDGES.len())].to_owned(),
        [] => draw.below(words.len()),
        [..] => numbers[draw.below(numbers.len())],
    };
    let edge = EDGES[draw.below(EDGES.len())];
    let end = words[at].chars().last().filter(|c| [' ', ','].contains(c)).map(String::from).unwrap_or_default();
    let put = format!("{edge}{end}");
    words.iter().enumerate().map(|(nth, word)| if nth == at { put.as_str() } else { word }).collect()
}
