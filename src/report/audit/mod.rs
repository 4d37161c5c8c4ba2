//! Whether outputs are what a program and a history give (`loyal verify`): the first place where they are not, and
//! what is right there.
//!
//! Rows are compared by what they say; the number and the link of a posting follow from the rows before it, so that
//! one row that was taken out is told as that, and not as a change of every row behind it.

pub mod letter;
pub mod rows;

use super::chain::{Chain, End, HASH, digest_of};
use super::manifest::{File, Manifest, Program};
use crate::source::brought::Brought;
use rows::{Broken, Rows};
use serde::Serialize;
use std::collections::VecDeque;

/// So many rows are looked ahead for one that is missing on the other side.
const AHEAD: usize = 256;

/// The columns that follow from the rows before.
const FOLLOW: [&str; 2] = ["number", "link"];

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Audit {
    /// The folder of the outputs, as the user named it.
    pub folder: String,
    /// Whether everything is as it should be.
    pub holds: bool,
    /// Whether the outputs were worked out anew; else only what they say of themselves was looked at.
    pub worked_out: bool,
    /// The version that wrote them.
    pub version: String,
    /// The version that looks at them.
    pub by: String,
    /// How many files were looked at.
    pub files: usize,
    /// How many rows of postings the manifest speaks of.
    pub postings: Option<u64>,
    /// Files of the program that are not those that the outputs were made of.
    pub program: Vec<Other>,
    /// Files of the history that are not.
    pub inputs: Vec<Other>,
    /// The first difference.
    pub difference: Option<Difference>,
    /// What the chain of postings says.
    pub chain: Links,
    /// Other files that are not as they should be.
    pub others: Vec<String>,
    /// Files that only the run itself could write, so that no more than their hash was looked at.
    pub not_worked_out: Vec<String>,
}

/// A file that is not the one that the outputs were made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Other {
    /// `program`, `events`, `members`, `items` or `columns`.
    pub what: String,
    /// Its name.
    pub file: String,
    /// How it is another.
    pub how: How,
}

/// How a file is another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// It holds something else.
    Changed,
    /// The outputs were made of it, and it was not named now.
    NotNamed,
    /// It was named now, and the outputs were not made of it.
    NotOfThem,
    /// It came through a pipe, so that nobody can tell.
    Unknown,
}

/// The first difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The file.
    pub file: String,
    /// The row, as a spreadsheet counts them (the header is row 1); none: the file as a whole.
    pub row: Option<u64>,
    /// What is the matter.
    pub kind: Kind,
    /// Whose row it is and what brought it, as far as it says so.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "as_object")]
    pub of: Vec<(String, String)>,
    /// What is written and what is right, column by column.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<Cell>,
}

fn as_object<S: serde::Serializer>(of: &[(String, String)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(of.iter().map(|(name, value)| (name, value)))
}

/// One cell that is not right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// Its column.
    pub column: String,
    /// What is written.
    pub written: String,
    /// What is right.
    pub right: String,
}

/// What is the matter with a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A row says something else.
    Changed,
    /// Rows are missing: so many, as far as was looked.
    Lost(u64),
    /// Rows too many: so many, as far as was looked.
    Added(u64),
    /// Two rows stand in each other's place.
    Swapped,
    /// The file ends too early.
    CutShort,
    /// A row cannot be read: why.
    Unreadable(String),
    /// The columns are others.
    Columns,
    /// The file is not there.
    Gone,
    /// It is not as it was written; what is right was not worked out.
    NotAsWritten,
}

/// What the chain of postings says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Links {
    /// There are no postings.
    None,
    /// Every row is linked to the one before, up to the last.
    Hold,
    /// A row is not: it was changed, taken out, put in or moved after it was written, and the links were not made anew.
    Broken {
        /// The row, as a spreadsheet counts them.
        row: u64,
    },
    /// The rows end before the chain does, or behind.
    Ends {
        /// How many rows there are.
        rows: u64,
        /// How many there were.
        of: u64,
    },
    /// It holds, and ends otherwise than the manifest says: the links were made anew.
    Anew,
    /// Not looked at: amounts of Parquet have other decimals than the chain, or rows cannot be read.
    Unknown,
}

/// The files of a program that are others than a manifest says.
pub fn other_program(written: &Program, now: &Program) -> Vec<Other> {
    let told = |file: &File, how| Other { what: "program".to_owned(), file: file.file.clone(), how };
    let mut others = Vec::new();
    for file in &written.files {
        if now.files.iter().any(|one| one.says_the_same(file)) {
            continue;
        }
        let named = now.files.iter().any(|one| one.file == file.file);
        others.push(told(file, if named { How::Changed } else { How::NotNamed }));
    }
    let more = now
        .files
        .iter()
        .filter(|file| !written.files.iter().any(|one| one.says_the_same(file) || one.file == file.file));
    others.extend(more.map(|file| told(file, How::NotOfThem)));
    others
}

/// The files of a history that are others than a manifest says, under whatever name.
pub fn other_inputs(written: &[Brought], now: &[Brought]) -> Vec<Other> {
    let told = |file: &Brought, how| Other { what: file.what.clone(), file: file.file.clone(), how };
    let same_name = |one: &Brought, other: &Brought| one.what == other.what && one.file == other.file;
    let mut others = Vec::new();
    for file in written {
        if file.held.is_none() {
            others.push(told(file, How::Unknown));
        } else if !now.iter().any(|one| one.is(file)) {
            let named = now.iter().any(|one| same_name(one, file));
            others.push(told(file, if named { How::Changed } else { How::NotNamed }));
        }
    }
    let more = now.iter().filter(|file| !written.iter().any(|one| one.is(file) || same_name(one, file)));
    others.extend(more.map(|file| told(file, How::NotOfThem)));
    others
}

/// The first row of a table that is not the one that is right; none where all are.
pub fn compare(file: &str, written: &mut Rows<'_>, right: &mut Rows<'_>) -> Option<Difference> {
    let columns = right.columns().to_vec();
    if written.columns() != columns {
        let cells = vec![cell("", &written.columns().join(","), &columns.join(","))];
        return Some(Difference { file: file.to_owned(), row: Some(1), kind: Kind::Columns, of: Vec::new(), cells });
    }
    let (mut written, mut right) = (Side::new(written), Side::new(right));
    // The header is row 1.
    let mut row = 1;
    loop {
        row += 1;
        match (written.at(0), right.at(0)) {
            (None, None) => return None,
            (Some(Ok(one)), Some(Ok(other))) if one == other => {
                written.pass();
                right.pass();
            }
            _ => return Some(told(file, row, &columns, &mut written, &mut right)),
        }
    }
}

/// Rows of one side, with those that were looked at ahead.
struct Side<'s, 'r> {
    rows: &'s mut Rows<'r>,
    ahead: VecDeque<Result<Vec<String>, Broken>>,
}

impl<'s, 'r> Side<'s, 'r> {
    fn new(rows: &'s mut Rows<'r>) -> Self {
        Self { rows, ahead: VecDeque::new() }
    }

    /// The row that comes so many behind the next one.
    fn at(&mut self, place: usize) -> Option<&Result<Vec<String>, Broken>> {
        while self.ahead.len() <= place {
            let next = self.rows.next()?;
            self.ahead.push_back(next);
        }
        self.ahead.get(place)
    }

    fn row(&mut self, place: usize) -> Option<Vec<String>> {
        self.at(place).and_then(|row| row.as_ref().ok()).cloned()
    }

    fn pass(&mut self) {
        self.ahead.pop_front();
    }

    /// How many rows from the next one on until one says the same; none within reach.
    fn until(&mut self, same: impl Fn(&[String]) -> bool) -> Option<usize> {
        (0..AHEAD).find(|place| self.at(*place).is_some_and(|row| row.as_ref().is_ok_and(|row| same(row))))
    }

    /// How many rows are left.
    fn left(&mut self) -> u64 {
        let mut left = 0;
        while self.at(0).is_some() {
            self.pass();
            left += 1;
        }
        left
    }
}

fn cell(column: &str, written: &str, right: &str) -> Cell {
    Cell { column: column.to_owned(), written: written.to_owned(), right: right.to_owned() }
}

/// Tells of the first difference, which lies at the next row of both.
fn told(file: &str, row: u64, columns: &[String], written: &mut Side<'_, '_>, right: &mut Side<'_, '_>) -> Difference {
    let of_row = |kind, of: &[String], cells| Difference {
        file: file.to_owned(),
        row: Some(row),
        kind,
        of: named(columns, of),
        cells,
    };
    if let Some(Err(broken)) = written.at(0) {
        return of_row(Kind::Unreadable(broken.0.clone()), &[], Vec::new());
    }
    let (one, other) = match (written.row(0), right.row(0)) {
        (Some(one), Some(other)) => (one, other),
        (Some(one), None) => {
            let kind = Kind::Added(written.left());
            return of_row(kind, &one, Vec::new());
        }
        (None, Some(other)) => {
            let kind = Kind::Lost(right.left());
            return of_row(kind, &other, Vec::new());
        }
        (None, None) => return of_row(Kind::NotAsWritten, &[], Vec::new()),
    };
    let same = |one: &[String], other: &[String]| {
        columns
            .iter()
            .zip(one.iter().zip(other))
            .all(|(column, (one, other))| FOLLOW.contains(&column.as_str()) || one == other)
    };
    if !same(&one, &other) {
        let next_is = |side: Option<Vec<String>>, row: &[String]| side.is_some_and(|next| same(&next, row));
        if next_is(written.row(1), &other) && next_is(right.row(1), &one) {
            return of_row(Kind::Swapped, &other, Vec::new());
        }
        let lost = right.until(|row| same(row, &one));
        let added = written.until(|row| same(row, &other));
        match (lost, added) {
            (Some(lost), None) => return of_row(Kind::Lost(lost as u64), &other, Vec::new()),
            (None, Some(added)) => return of_row(Kind::Added(added as u64), &one, Vec::new()),
            (Some(lost), Some(added)) if lost < added => return of_row(Kind::Lost(lost as u64), &other, Vec::new()),
            (Some(_), Some(added)) => return of_row(Kind::Added(added as u64), &one, Vec::new()),
            (None, None) => {}
        }
    }
    let differ = columns.iter().zip(one.iter().zip(&other)).filter(|(_, (one, other))| one != other);
    let mut cells: Vec<Cell> = differ.map(|(column, (one, other))| cell(column, one, other)).collect();
    if cells.iter().any(|cell| !FOLLOW.contains(&cell.column.as_str())) {
        cells.retain(|cell| !FOLLOW.contains(&cell.column.as_str()));
    }
    of_row(Kind::Changed, &other, cells)
}

/// What tells people which row it is.
fn named(columns: &[String], row: &[String]) -> Vec<(String, String)> {
    const TELLING: [&str; 14] = [
        "member", "number", "time", "kind", "event", "purchase", "rule", "program", "unit", "amount", "as_of", "what",
        "name", "why",
    ];
    let of = |name: &&str| {
        let at = columns.iter().position(|column| column == *name)?;
        row.get(at).filter(|cell| !cell.is_empty()).map(|cell| ((*name).to_owned(), cell.clone()))
    };
    TELLING.iter().filter_map(of).collect()
}

/// The first line of a text that is not the one that is right, within one that is no table.
pub fn compare_lines(file: &str, written: &str, right: &str) -> Option<Difference> {
    let (mut ours, mut theirs) = (written.lines(), right.lines());
    for row in 1.. {
        match (ours.next(), theirs.next()) {
            (None, None) => break,
            (one, other) if one == other => {}
            (one, other) => {
                let cells = vec![cell("", one.unwrap_or_default().trim(), other.unwrap_or_default().trim())];
                return Some(Difference {
                    file: file.to_owned(),
                    row: Some(row),
                    kind: Kind::Changed,
                    of: Vec::new(),
                    cells,
                });
            }
        }
    }
    None
}

/// Follows the chain of a table of postings: whether every row is linked to the one before, and where it ends.
pub fn links(rows: &mut Rows<'_>, end: Option<&End>) -> Links {
    let place = |name: &str| rows.columns().iter().position(|column| column == name);
    let (Some(number), Some(link)) = (place("number"), place("link")) else { return Links::Unknown };
    let mut chain = Chain::default();
    // The header is row 1.
    for (row, cells) in (2..).zip(rows.by_ref()) {
        let Ok(cells) = cells else { return Links::Unknown };
        let says = cells.iter().enumerate().filter(|(at, _)| *at != number && *at != link);
        let digest: [u8; HASH] = digest_of(says.map(|(_, cell)| cell.as_str()));
        let Ok(number) = cells[number].parse() else { return Links::Broken { row } };
        chain.add(number, &digest);
        if chain.link() != cells[link] {
            return Links::Broken { row };
        }
    }
    let ours = chain.end();
    match end {
        Some(end) if *end == ours => Links::Hold,
        Some(end) if end.rows == ours.rows => Links::Anew,
        Some(end) => Links::Ends { rows: ours.rows, of: end.rows },
        None => Links::Unknown,
    }
}

/// The names of a manifest's outputs that are names of files in a folder, and nothing else: a manifest is read from
/// where anybody may have written.
pub fn strange_name(manifest: &Manifest) -> Option<&str> {
    let plain = |name: &str| !name.is_empty() && name != "." && name != ".." && !name.contains(['/', '\\', '\0']);
    manifest.outputs.iter().map(|file| file.file.as_str()).find(|name| !plain(name))
}
