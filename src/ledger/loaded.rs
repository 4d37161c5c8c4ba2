//! What goes into a reading, and what comes out of it besides the history.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{self, Read, Write};
use std::sync::Arc;

use super::columns::ColumnMap;
use super::{History, Kind};
use crate::source::raw::{Raw, ReadAt};
use crate::value::clock::{Clock, Date};
use crate::value::exact::Exact;

/// A file that the door opens when its turn comes: its path as messages show it (`-` is standard input).
pub struct Input {
    /// The path as the user gave it.
    pub path: String,
    open: Box<Open>,
}

/// What opens a file.
type Open = dyn FnOnce() -> io::Result<Raw> + Send;

impl Input {
    /// A stream under its name. A Parquet or Arrow file that comes this way is kept in memory while it is read.
    pub fn new(path: impl Into<String>, source: impl Read + Send + 'static) -> Self {
        Self::later(path, move || Ok(Raw::Stream(Box::new(source))))
    }

    /// A file under its name, read from wherever its rows stand.
    pub fn file(path: impl Into<String>, source: impl ReadAt + 'static) -> Self {
        Self::later(path, move || Ok(Raw::File(Arc::new(source))))
    }

    /// A file that is opened when its rows are read: of thousands of files, one is open at a time.
    pub fn later(path: impl Into<String>, open: impl FnOnce() -> io::Result<Raw> + Send + 'static) -> Self {
        Self { path: path.into(), open: Box::new(open) }
    }

    /// Opens it.
    pub(super) fn open(self) -> io::Result<Raw> {
        (self.open)()
    }
}

/// All files of one reading.
#[derive(Default)]
pub struct Inputs {
    /// Events; how they are split over files changes nothing.
    pub events: Vec<Input>,
    /// Members.
    pub members: Vec<Input>,
    /// Items.
    pub items: Vec<Input>,
}

/// Turns amounts of another currency into the program's money (`exchange` of the program block).
pub trait Exchange {
    /// How much of the program's money one of the currency is on that day.
    ///
    /// # Errors
    /// Why there is none, such as "the table has no rate for 2026-02-03".
    fn rate(&self, currency: &str, day: Date) -> Result<Exact, String>;
}

/// What is done with an event that has a mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BadRows {
    /// Nothing is read until none is left.
    #[default]
    Refuse,
    /// The whole event is set aside (`--skip-bad`).
    SetAside,
}

/// How files are read.
pub struct How<'a> {
    /// The program's clock.
    pub clock: &'a Clock,
    /// The program's money, ISO 4217.
    pub money: &'a str,
    /// The minor units of that money.
    pub minor_units: u32,
    /// The column map; [`ColumnMap::default`] for files in our own columns.
    pub map: &'a ColumnMap,
    /// The exchange table, if the program has one.
    pub exchange: Option<&'a dyn Exchange>,
    /// What is done with bad rows.
    pub bad: BadRows,
}

/// What was read.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// The history, in order.
    pub history: History,
    /// The paths that [`super::Event::place`] counts, in its order.
    pub files: Vec<String>,
    /// What the reader should know, though nothing is wrong.
    pub notes: Vec<Note>,
    /// How much there is.
    pub totals: Totals,
    /// Rows set aside, with [`BadRows::SetAside`] only, by file and row.
    pub set_aside: Vec<SetAside>,
}

/// How much there is in a history: what a person checks against the till's own figures.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Lines of events.
    pub lines: u64,
    /// Events by type.
    pub events: BTreeMap<Kind, u64>,
    /// All amounts added, as the file has them, whatever the type of event.
    pub amount: Exact,
    /// Those of purchases.
    pub purchases: Exact,
    /// Those of returns, each without its sign: files write them either way.
    pub returns: Exact,
    /// Different members in the events.
    pub members: u64,
}

/// Something the reader should know, though nothing is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Note {
    /// A column that is nearly one of ours.
    CloseColumn {
        /// The file.
        file: String,
        /// What it has.
        column: String,
        /// What we know.
        closest: String,
    },
    /// Columns without a name, left out.
    NamelessColumns {
        /// The file.
        file: String,
        /// How many.
        count: usize,
    },
    /// A file with a header and no rows.
    NoRows {
        /// The file.
        file: String,
    },
    /// Rows equal to another row of their id: each counts as a line of its own.
    EqualRows {
        /// How many, beyond the first of each.
        rows: u64,
        /// In how many events.
        events: u64,
    },
    /// Events found again with the same contents: counted once.
    Repeated {
        /// How many.
        events: u64,
    },
    /// Numbered lines, or rows of an event that has no lines, found again with the same contents:
    /// counted once.
    RepeatedRows {
        /// How many.
        rows: u64,
    },
    /// Events of numbered ids that stand equal in more than one file: each counts.
    EqualAcrossFiles {
        /// How many.
        events: u64,
    },
    /// Lines of purchases without an amount: they count as nothing.
    NoAmount {
        /// How many.
        lines: u64,
    },
    /// Amounts with more decimals than the money has: they are kept exactly.
    ManyDecimals {
        /// How many.
        lines: u64,
        /// The decimals of the money.
        minor_units: u32,
    },
    /// Lines whose `sku` is not in the items file.
    UnknownItems {
        /// How many lines.
        lines: u64,
        /// Of how many articles.
        skus: u64,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = |count: u64| if count == 1 { "" } else { "s" };
        match self {
            Self::CloseColumn { file, column, closest } => {
                write!(f, "{file}: the column `{column}` is kept under its own name; was `{closest}` meant?")
            }
            Self::NamelessColumns { file, count: 1 } => write!(f, "{file}: a column without a name is left out"),
            Self::NamelessColumns { file, count } => write!(f, "{file}: {count} columns without a name are left out"),
            Self::NoRows { file } => write!(f, "{file}: a header and no rows"),
            Self::EqualRows { rows, events } => write!(
                f,
                "rows equal to another row of their id, each counted as a line of its own: {rows}, in {events} event{} \
                 (a column `line` would tell a repeated row from a second coffee)",
                s(*events)
            ),
            Self::Repeated { events } => {
                write!(f, "{events} event{} found again with the same contents: counted once", s(*events))
            }
            Self::RepeatedRows { rows } => {
                write!(f, "{rows} row{} found again with the same contents: counted once", s(*rows))
            }
            Self::EqualAcrossFiles { events } => write!(
                f,
                "rows without an id of their own that are equal in two files, counted in each: {events} \
                 (were the same days exported twice?)"
            ),
            Self::NoAmount { lines } => write!(f, "lines of purchases without an amount, counted as nothing: {lines}"),
            Self::ManyDecimals { lines, minor_units } => write!(
                f,
                "amounts with more than {minor_units} decimals, which no till takes, kept exactly as written: {lines}"
            ),
            Self::UnknownItems { lines, skus } => {
                write!(f, "{lines} line{} of {skus} article{} that the items file does not have", s(*lines), s(*skus))
            }
        }
    }
}

/// A row set aside, as it stands in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// The file.
    pub file: String,
    /// Its row.
    pub row: u64,
    /// What is wrong with it.
    pub reason: String,
    /// The column of the mistake, if it has one.
    pub column: Option<String>,
    /// The columns of its file and its cells.
    pub cells: Vec<(String, String)>,
}

/// Writes rows set aside as CSV: file, row, column and reason, then the columns of their own
/// files. What was mended there can be read back with the other columns left out.
///
/// # Errors
/// What the machine says.
pub fn write_set_aside(rows: &[SetAside], out: impl Write) -> Result<(), csv::Error> {
    const OURS: [&str; 4] = ["bad_file", "bad_row", "bad_column", "bad_reason"];
    let mut names: Vec<&str> = Vec::new();
    let mut seen = BTreeSet::new();
    for (name, _) in rows.iter().flat_map(|row| &row.cells) {
        if seen.insert(name.as_str()) {
            names.push(name);
        }
    }
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(OURS.iter().copied().chain(names.iter().copied()))?;
    for row in rows {
        let cells: BTreeMap<&str, &str> = row.cells.iter().map(|(name, cell)| (name.as_str(), cell.as_str())).collect();
        let number = row.row.to_string();
        let own = [&row.file, &number, row.column.as_deref().unwrap_or(""), &row.reason];
        writer.write_record(own.into_iter().chain(names.iter().map(|name| cells.get(name).copied().unwrap_or(""))))?;
    }
    writer.flush()?;
    Ok(())
}
