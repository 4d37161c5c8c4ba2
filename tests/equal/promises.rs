//! What holds of every history, whatever the program: how its rows stand in files changes nothing. (That balances are
//! what their postings add up to, and no part of them is below nothing, a run asks itself: `Outcome::verify`.)

use crate::compare::difference;
use crate::draw::Draw;
use crate::history::Chronicle;
use loyal::engine::outcome::{AsOf, Outcome};
use loyal::engine::reference;
use loyal::ledger::History;
use loyal::mechanics::Program;

/// The first promise that is broken: rows in another order, in two files, and in two files that say the same.
pub fn broken(
    program: &Program,
    chronicle: &Chronicle,
    (history, as_of): (&History, &[AsOf]),
    expected: &Outcome,
) -> Option<String> {
    let whole = chronicle.events_csv();
    let (head, rows) = whole.split_once('\n')?;
    let rows: Vec<&str> = rows.lines().collect();
    let file = |rows: &[&str]| format!("{head}\n{}\n", rows.join("\n"));
    let mut d = Draw::new(rows.len() as u64, 7);
    let mut mixed = rows.clone();
    for at in (1..mixed.len()).rev() {
        mixed.swap(at, d.below(at + 1));
    }
    // The rows of one event lie in one file; in another one they would tell of it again.
    let of_first = |row: &&str| row.bytes().take_while(|byte| *byte != b',').map(usize::from).sum::<usize>() % 2 == 0;
    let (first, second): (Vec<&str>, Vec<&str>) = rows.iter().partition(|row| of_first(row));
    let told = [
        ("rows in another order", vec![file(&mixed)]),
        ("rows in two files", [first, second].iter().filter(|rows| !rows.is_empty()).map(|rows| file(rows)).collect()),
        ("the file once more", vec![file(&rows), file(&rows)]),
    ];
    told.into_iter().find_map(|(what, files)| {
        let other = match chronicle.read_files(program, files) {
            Ok(other) => other,
            Err(why) => return Some(format!("{what}: {why}")),
        };
        if format!("{history:?}") == format!("{other:?}") {
            return None;
        }
        let got = reference::run(program, &other, as_of);
        difference(program, expected, &got).map(|differs| format!("{what}: {differs}"))
    })
}
