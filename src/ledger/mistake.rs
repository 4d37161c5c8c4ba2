//! Mistakes in data: what is wrong, where, what was expected, why it matters and how to mend it.

use super::kind::FileKind;
use std::fmt;
use std::io;

use super::forms::NumberForm;
use crate::source::shape::Damaged;

/// How many mistakes are kept and shown; the rest are counted.
pub const SHOWN: usize = 20;

/// A cell of a file, as a person finds it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The path as the user gave it.
    pub file: String,
    /// The row, as a spreadsheet counts them: the header is row 1.
    pub row: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, row {}", self.file, self.row)
    }
}

/// One mistake in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataError {
    /// The path as the user gave it.
    pub file: String,
    /// The row (the header is row 1); for `columns.toml` the line; none: the whole file.
    pub row: Option<u64>,
    /// The column, by the name it has in the file.
    pub column: Option<String>,
    /// What stands there.
    pub value: Option<String>,
    /// What is the matter.
    pub problem: Problem,
}

/// Whose fault a mistake is: it decides the exit code of the command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The data (or the column map) is wrong.
    Data,
    /// The machine is: disk, permission.
    Machine,
}

/// The kinds of mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// No file has that name.
    NoSuchFile,
    /// A folder, not a file.
    Folder,
    /// The machine does not let us read it.
    NotAllowed,
    /// Reading broke off; the machine's own words.
    Unreadable(String),
    /// Nothing in it.
    Empty,
    /// Bytes that are no UTF-8: the first of them, and what it looks like.
    NotUtf8 {
        /// The byte.
        byte: u8,
        /// The encoding it looks like.
        looks_like: &'static str,
        /// That encoding's name for `iconv`.
        iconv: &'static str,
    },
    /// UTF-16, the "Unicode text" of older spreadsheets.
    Utf16,
    /// A zero byte: no text file.
    ZeroByte,
    /// Another kind of file, known by its first bytes.
    OtherKind(FileKind),
    /// Bytes that are not what the file says it is: cut short, or changed.
    Damaged(Damaged),
    /// A column of lists or records, where a cell is needed.
    ColumnType {
        /// Our column.
        ours: String,
        /// What it holds.
        what: String,
    },
    /// Floating point for our column of numbers, and the map does not say what it stands for.
    Floats {
        /// Our column.
        ours: String,
    },
    /// A floating point that is not near a number of so many decimals.
    InexactFloat {
        /// How many the map says.
        decimals: u32,
    },
    /// A quote that opens here and never closes.
    OpenQuote,
    /// A row longer than a row can sensibly be.
    LongRow,
    /// Rows end in a bare carriage return.
    OldLineEnds,
    /// A column that must be there is not.
    MissingColumn {
        /// Those that are.
        there: Vec<String>,
        /// The nearest of them.
        closest: Option<String>,
    },
    /// Two columns of one name.
    TwiceInHeader {
        /// Their places, counted from 1.
        places: (usize, usize),
    },
    /// `columns.toml` names a column that the file does not have.
    MappedMissing {
        /// Our column.
        ours: String,
        /// Those that are there.
        there: Vec<String>,
        /// The nearest of them.
        closest: Option<String>,
    },
    /// `columns.toml` gives our column, and the file has one of that name too.
    MappedTwice {
        /// Our column.
        ours: String,
    },
    /// Too many or too few cells.
    Cells {
        /// How many the row has.
        found: usize,
        /// How many the header has.
        expected: usize,
        /// How many lines of the file the row spans, when a quote runs over more than one.
        lines: u64,
    },
    /// A cell that must say something is empty.
    EmptyCell {
        /// Why it is needed.
        because: &'static str,
    },
    /// No date or time as the file writes them.
    Time {
        /// What is wrong with it.
        fault: TimeFault,
        /// The forms that are read, as a person writes them.
        expected: String,
        /// The form that this one is probably written in.
        perhaps: Option<String>,
        /// What hangs on it.
        because: &'static str,
    },
    /// No exact number.
    Number {
        /// What is wrong with it.
        fault: NumberFault,
        /// How the map says that numbers are written.
        form: NumberForm,
    },
    /// A type of event that does not exist.
    UnknownType {
        /// The nearest that does.
        closest: Option<&'static str>,
    },
    /// A number that cannot be below zero.
    Negative {
        /// What it says of what, such as "the quantity of a purchase".
        what: &'static str,
        /// How to write what was probably meant.
        instead: &'static str,
    },
    /// A purchase whose lines come to less than zero.
    NegativeReceipt {
        /// The event.
        id: String,
    },
    /// Another currency than the program's.
    Currency {
        /// The program's money.
        money: String,
        /// Why a given exchange table does not help; none: no table was given.
        exchange: Option<String>,
    },
    /// Rows of one id disagree.
    Disagree {
        /// The event.
        id: String,
        /// The row that says otherwise.
        other: Place,
        /// What it says.
        theirs: String,
    },
    /// The same line number of the same id twice, with other contents.
    SameLine {
        /// The event.
        id: String,
        /// The other row.
        other: Place,
    },
    /// The same id in another file, with other contents.
    SameId {
        /// The event.
        id: String,
        /// The other place.
        other: Place,
        /// What differs.
        differs: String,
    },
    /// A member or an article listed twice, with other contents.
    Listed {
        /// "member" or "sku".
        what: &'static str,
        /// The other row.
        other: Place,
        /// The first column that differs.
        differs: String,
    },
    /// A row set aside only because another row of its event is bad.
    Companion {
        /// The bad one.
        other: Place,
    },
    /// `columns.toml` itself.
    Map(MapFault),
}

/// What is wrong with a date or time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeFault {
    /// Not written in the form expected.
    Shape,
    /// The calendar has no such day.
    NoSuchDay,
    /// The clock has no such time.
    NoSuchTime,
    /// There is no such offset.
    NoSuchOffset,
    /// Before year 1 or after year 9999.
    Year,
    /// Before 1900 or after 2199, where it says when something happened.
    Far,
}

/// What is wrong with a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberFault {
    /// `12,50`.
    Comma,
    /// `1,234.50`, `1.234,50`, `1 234.50`.
    Grouped,
    /// `1e5`.
    Scientific,
    /// `NaN`, `inf`.
    NotFinite,
    /// `12.50 RON`, `$5`.
    WithText,
    /// A point where the map says that decimals follow a comma.
    Point,
    /// A plus, or a typographic minus.
    Sign,
    /// Digits of another script.
    Digits,
    /// More digits than any amount has.
    Long,
    /// Anything else.
    Other,
}

/// What is wrong in `columns.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MapFault {
    /// Not TOML; the reader's own words.
    Toml(String),
    /// A key that means nothing.
    UnknownKey {
        /// The nearest that does.
        closest: Option<String>,
        /// All that may stand there.
        known: Vec<&'static str>,
    },
    /// A value of the wrong shape.
    Shape {
        /// What belongs there, with an example.
        expected: &'static str,
    },
    /// The sign between thousands is the one before decimals, too.
    OneSign {
        /// The sign that the decimals would have.
        other: char,
        /// Whether the map says `decimal` at all.
        decimal: bool,
    },
    /// A form of dates that cannot be read.
    DateForm {
        /// What it probably means.
        perhaps: Option<String>,
    },
}

impl DataError {
    /// A mistake about a file as a whole.
    pub fn of_file(file: &str, problem: Problem) -> Self {
        Self { file: file.to_owned(), row: None, column: None, value: None, problem }
    }

    /// What the machine said when the file was opened or read.
    pub fn from_io(file: &str, error: &io::Error) -> Self {
        if let Some(damaged) = Damaged::of(error) {
            return Self::of_file(file, Problem::Damaged(damaged.clone()));
        }
        let problem = match error.kind() {
            io::ErrorKind::NotFound => Problem::NoSuchFile,
            io::ErrorKind::IsADirectory => Problem::Folder,
            io::ErrorKind::PermissionDenied => Problem::NotAllowed,
            _ => Problem::Unreadable(error.to_string()),
        };
        Self::of_file(file, problem)
    }

    /// Whose fault it is.
    pub fn fault(&self) -> Fault {
        let machine = matches!(self.problem, Problem::NotAllowed | Problem::Unreadable(_));
        if machine { Fault::Machine } else { Fault::Data }
    }

    /// Where it stands: `till.csv, row 7, column amount`.
    pub fn place(&self) -> String {
        let mut place = self.file.clone();
        let is_map = matches!(self.problem, Problem::Map(_));
        let (rows, columns) = if is_map { ("line", "key") } else { ("row", "column") };
        if let Some(row) = self.row {
            place.push_str(&format!(", {rows} {row}"));
        }
        if let Some(column) = &self.column {
            let many = if column.contains(super::layout::BESIDE) { "s" } else { "" };
            place.push_str(&format!(", {columns}{many} `{column}`"));
        }
        place
    }
}

/// What a row set aside says of itself: all its mistakes, and their columns.
pub(super) fn all_of(errors: &[DataError]) -> Option<(Option<String>, String)> {
    let bare = |column: &String| column.replace(super::layout::BESIDE, " and ");
    let mut columns: Vec<String> = Vec::new();
    for column in errors.iter().filter_map(|error| error.column.as_ref()).map(bare) {
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    let says: Vec<String> = match errors {
        [] => return None,
        [one] => vec![one.says()],
        [_, _, ..] => errors
            .iter()
            .map(|error| match &error.column {
                Some(column) => format!("{}: {}", bare(column), error.says()),
                None => error.says(),
            })
            .collect(),
    };
    Some(((!columns.is_empty()).then(|| columns.join(", ")), says.join("; ")))
}

/// As the terminal shows it: the place and what is wrong, then what was expected, why, and what mends it.
impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_map = matches!(self.problem, Problem::Map(_));
        let says = if is_map { self.says() } else { visible(&self.says()) };
        writeln!(f, "{}: {says}", visible(&self.place()))?;
        // Further lines of a part stand under its first.
        let aligned = |part: &str| part.split('\n').map(visible).collect::<Vec<_>>().join("\n            ");
        if let Some(expected) = self.expected() {
            writeln!(f, "  expected  {}", aligned(&expected))?;
        }
        writeln!(f, "  why       {}", self.why())?;
        write!(f, "  to mend   {}", aligned(&self.mend()))
    }
}

impl std::error::Error for DataError {}

/// So many letters of a line are shown: a cell may have a million.
const SHOWN_LETTERS: usize = 1000;

/// What stands in a file reaches a terminal as letters, never as its commands, and never fills it.
fn visible(text: &str) -> String {
    if let Some((end, _)) = text.char_indices().nth(SHOWN_LETTERS) {
        return format!("{}… and {} bytes more", visible(&text[..end]), text.len() - end);
    }
    crate::diag::plain(&text.replace('\n', "␊").replace('\t', "␉")).into_owned()
}
