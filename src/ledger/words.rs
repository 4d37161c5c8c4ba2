//! What each mistake says: kept apart from where it is found, so that the words can be read in one go.

use super::forms::NumberForm;
use super::mistake::{DataError, MapFault, NumberFault, Problem, TimeFault};
use crate::value::clock::YEARS_OF_EVENTS;

/// How long a value or a list of names may be in a message.
const LONG: usize = 60;

impl DataError {
    /// A stable name in kebab case, such as `bad-time`.
    pub fn code(&self) -> &'static str {
        match &self.problem {
            Problem::NoSuchFile => "no-such-file",
            Problem::Folder => "folder-not-file",
            Problem::NotAllowed => "not-allowed",
            Problem::Unreadable(_) => "unreadable",
            Problem::Empty => "empty-file",
            Problem::NotUtf8 { .. } => "not-utf8",
            Problem::Utf16 => "utf16",
            Problem::ZeroByte => "zero-byte",
            Problem::OtherKind(_) => "other-kind-of-file",
            Problem::Damaged(_) => "damaged",
            Problem::ColumnType { .. } => "column-type",
            Problem::Floats { .. } => "floating-point",
            Problem::InexactFloat { .. } => "inexact-floating-point",
            Problem::OpenQuote => "open-quote",
            Problem::LongRow => "long-row",
            Problem::OldLineEnds => "old-line-ends",
            Problem::MissingColumn { .. } => "missing-column",
            Problem::TwiceInHeader { .. } => "column-twice",
            Problem::MappedMissing { .. } => "mapped-column-missing",
            Problem::MappedTwice { .. } => "mapped-column-twice",
            Problem::Cells { .. } => "wrong-number-of-cells",
            Problem::EmptyCell { .. } => "empty-cell",
            Problem::Time { .. } => "bad-time",
            Problem::Number { .. } => "bad-number",
            Problem::UnknownType { .. } => "unknown-type",
            Problem::Negative { .. } => "negative",
            Problem::NegativeReceipt { .. } => "negative-receipt",
            Problem::Currency { .. } => "other-currency",
            Problem::Disagree { .. } => "rows-disagree",
            Problem::SameLine { .. } => "same-line-twice",
            Problem::SameId { .. } => "same-id-twice",
            Problem::Listed { .. } => "listed-twice",
            Problem::Companion { .. } => "companion",
            Problem::Map(_) => "column-map",
        }
    }

    /// What is wrong, one sentence without a full stop.
    pub fn says(&self) -> String {
        let value = quoted(self.value.as_deref().unwrap_or(""));
        let column = self.column.as_deref().unwrap_or("");
        match &self.problem {
            Problem::NoSuchFile => "there is no such file".into(),
            Problem::Folder => "this is a folder, not a file".into(),
            Problem::NotAllowed => "this computer does not let you read it".into(),
            Problem::Unreadable(words) => format!("it could not be read to its end ({words})"),
            Problem::Empty => "the file is empty".into(),
            Problem::NotUtf8 { byte, looks_like, .. } => {
                format!("byte {byte:02X} is no UTF-8 text; the file looks like {looks_like}")
            }
            Problem::Utf16 => "the file is UTF-16 (\"Unicode text\"), not UTF-8".into(),
            Problem::ZeroByte => "there is a zero byte: this is no text file, or a damaged one".into(),
            Problem::OtherKind(kind) => format!("this is {}, not a table (CSV, Parquet or Arrow)", kind.says()),
            Problem::Damaged(damaged) => {
                format!("this is {}, and it cannot be read ({})", damaged.shape.says(), damaged.words)
            }
            Problem::ColumnType { ours, what } => {
                format!("`{ours}` is read from the column `{column}`, which holds {what}")
            }
            Problem::Floats { .. } => format!("the column `{column}` holds floating point, which is not exact"),
            Problem::InexactFloat { decimals } => {
                format!("{value} is not a number of {decimals} decimal{}", if *decimals == 1 { "" } else { "s" })
            }
            Problem::OpenQuote => "a quote (\") opens in this row and is never closed".into(),
            Problem::LongRow => "this row is longer than a million bytes".into(),
            Problem::OldLineEnds => "rows end the way very old Macs ended them (a bare carriage return)".into(),
            Problem::MissingColumn { closest: Some(closest), .. } => {
                format!("the column `{column}` is missing; `{closest}` is the nearest that is there")
            }
            Problem::MissingColumn { closest: None, .. } => format!("the column `{column}` is missing"),
            Problem::TwiceInHeader { places: (a, b) } => {
                format!("two columns are called `{column}`: the {} and the {}", nth(*a), nth(*b))
            }
            Problem::MappedMissing { ours, .. } => {
                format!("columns.toml takes `{ours}` from the column `{column}`, which is not there")
            }
            Problem::MappedTwice { ours } => {
                format!("columns.toml says where `{ours}` comes from, but the file has a column `{ours}` of its own")
            }
            Problem::Cells { found, expected, lines } => cells_say(*found, *expected, *lines),
            Problem::EmptyCell { .. } => "the cell is empty".into(),
            Problem::Time { fault, .. } => match fault {
                TimeFault::Shape => format!("{value} is not written as a date or time"),
                TimeFault::NoSuchDay => format!("{value} is no day of the calendar"),
                TimeFault::NoSuchTime => format!("{value} is no time of day"),
                TimeFault::NoSuchOffset => format!("{value} has an offset from UTC that no clock has"),
                TimeFault::Year => format!("{value} lies outside the years 1 to 9999"),
                TimeFault::Far => format!("{value} lies outside {YEARS_OF_EVENTS}"),
            },
            Problem::Number { fault, .. } => number_says(*fault, &value),
            Problem::UnknownType { closest: Some(closest) } => {
                format!("{value} is no type of event; the nearest is `{closest}`")
            }
            Problem::UnknownType { closest: None } => format!("{value} is no type of event"),
            Problem::Negative { what, .. } => format!("{value} is below zero: {what} cannot be"),
            Problem::NegativeReceipt { id } => format!("the lines of purchase `{id}` come to {value}, below zero"),
            Problem::Currency { money, exchange } => match exchange {
                None => format!("the currency is {value}, and the program's money is {money}"),
                Some(reason) => format!("{value} cannot be turned into {money}: {reason}"),
            },
            Problem::Disagree { id, other, theirs } => {
                format!("{} here, but {} in {other}, a row of the same event `{id}`", say_cell(&value), shown(theirs))
            }
            Problem::SameLine { id, other } => {
                format!("line {value} of `{id}` is already in {other}, with other contents")
            }
            Problem::SameId { id, other, differs } => {
                format!("the event `{id}` is already in {other}, with other contents ({differs})")
            }
            Problem::Listed { what, other, differs } => {
                format!("the {what} {value} is already in {other}, with another `{differs}`")
            }
            Problem::Companion { other } => format!("set aside because of {other}, a row of the same event"),
            Problem::Map(fault) => match fault {
                MapFault::Toml(words) => words.clone(),
                MapFault::UnknownKey { closest: Some(closest), .. } => {
                    format!("`{column}` means nothing here; the nearest is `{closest}`")
                }
                MapFault::UnknownKey { closest: None, .. } => format!("`{column}` means nothing here"),
                MapFault::Shape { .. } => format!("{value} does not belong here"),
                MapFault::OneSign { decimal: true, .. } => format!("{value} stands for thousands and for decimals"),
                MapFault::OneSign { decimal: false, .. } => {
                    format!("{value} stands between thousands, and, without a `decimal`, before the decimals too")
                }
                MapFault::DateForm { .. } => format!("{value} does not say how dates are written"),
            },
        }
    }

    /// What was expected in its place, where that can be said.
    pub fn expected(&self) -> Option<String> {
        match &self.problem {
            Problem::NotUtf8 { .. } | Problem::Utf16 | Problem::ZeroByte => Some("text in UTF-8".into()),
            Problem::ColumnType { .. } => Some("one text, number or time in each row".into()),
            Problem::Floats { .. } => Some("decimals, integers or texts".into()),
            Problem::InexactFloat { decimals } => Some(format!(
                "{} or what differs from such a number by less than a millionth of its last digit",
                crate::value::exact::Exact::from(12_i64).fixed(*decimals)
            )),
            Problem::OtherKind(_) => Some("a file whose first row names the columns, parted by commas".into()),
            Problem::Empty => {
                Some("a header row, such as `id,time,type,member,amount`, and a row for each line".into())
            }
            Problem::MissingColumn { there, .. } | Problem::MappedMissing { there, .. } => {
                Some(format!("one of the columns that are there: {}", list(there)))
            }
            Problem::Cells { expected, .. } => Some(format!("{expected} cells, as in the header")),
            Problem::Time { expected, .. } => Some(expected.clone()),
            Problem::Number { form, .. } => Some(format!("a number such as {}", form.examples())),
            Problem::UnknownType { closest: Some(_) } => Some(super::Kind::ALL.map(super::Kind::word).join(", ")),
            Problem::UnknownType { closest: None } => Some(kinds()),
            Problem::Currency { money, .. } => Some(format!("{money}, or nothing (the program's own money)")),
            Problem::Map(MapFault::UnknownKey { known, .. }) => Some(format!("one of {}", known.join(", "))),
            Problem::Map(MapFault::Shape { expected }) => Some((*expected).into()),
            Problem::Map(MapFault::DateForm { .. }) => {
                Some("%Y year, %m month, %d day, %H hour, %M minute, %S second, with a year, a month and a day".into())
            }
            Problem::NoSuchFile
            | Problem::Folder
            | Problem::NotAllowed
            | Problem::Unreadable(_)
            | Problem::Damaged(_)
            | Problem::OpenQuote
            | Problem::LongRow
            | Problem::OldLineEnds
            | Problem::TwiceInHeader { .. }
            | Problem::MappedTwice { .. }
            | Problem::EmptyCell { .. }
            | Problem::Negative { .. }
            | Problem::NegativeReceipt { .. }
            | Problem::Disagree { .. }
            | Problem::SameLine { .. }
            | Problem::SameId { .. }
            | Problem::Listed { .. }
            | Problem::Companion { .. }
            | Problem::Map(MapFault::Toml(_) | MapFault::OneSign { .. }) => None,
        }
    }

    /// Why it matters.
    pub fn why(&self) -> &'static str {
        match &self.problem {
            Problem::NoSuchFile | Problem::Folder | Problem::NotAllowed | Problem::Empty => {
                "It is one of the files that this run was given: without it the balances would be wrong."
            }
            Problem::Unreadable(_) | Problem::Damaged(_) => "A history read in part would give wrong balances.",
            Problem::NotUtf8 { .. } | Problem::Utf16 => {
                "Names read in the wrong encoding match nothing: `Brașov` would be another store."
            }
            Problem::ZeroByte
            | Problem::OtherKind(_)
            | Problem::OpenQuote
            | Problem::LongRow
            | Problem::OldLineEnds => "Where rows begin and end cannot be told, so neither can who bought what.",
            Problem::MissingColumn { .. } => column_why(self.column.as_deref().unwrap_or("")),
            Problem::MappedMissing { ours, .. } => column_why(ours),
            Problem::TwiceInHeader { .. } | Problem::MappedTwice { .. } => {
                "Which of the two is meant would be a guess, and the balances would hang on it."
            }
            Problem::Cells { .. } => "A cell too many or too few moves all that follow it under the wrong names.",
            Problem::EmptyCell { because } => because,
            Problem::Time { because, .. } => because,
            Problem::ColumnType { .. } => "Which part of it is meant would be a guess.",
            Problem::Floats { .. } | Problem::InexactFloat { .. } => {
                "Amounts are exact, and floating point is not: 0.1 is kept as 0.1000000000000000055."
            }
            Problem::Number { .. } => "Amounts are exact: a guess here is a wrong balance.",
            Problem::UnknownType { .. } => "What this event does to a member would be a guess.",
            Problem::Negative { .. } | Problem::NegativeReceipt { .. } => {
                "It would take points back without saying which purchase they came from."
            }
            Problem::Currency { .. } => {
                "Points count the program's money: so much of another currency is not so much of it."
            }
            Problem::Disagree { .. } => "Rows of one id are one event, which has one time, one type and one member.",
            Problem::SameLine { .. } | Problem::SameId { .. } => {
                "An event counts once. Two versions of it cannot both be right."
            }
            Problem::Listed { .. } => "Which of the two rows holds would be a guess.",
            Problem::Companion { .. } => "An event without one of its lines is another event.",
            Problem::Map(_) => "Until the map is right, every column of the file may be misread.",
        }
    }

    /// The step that mends it.
    pub fn mend(&self) -> String {
        let value = self.value.as_deref().unwrap_or("");
        let column = self.column.as_deref().unwrap_or("");
        match &self.problem {
            Problem::NoSuchFile => "look at the path, or run `ls` in the folder it should be in".into(),
            Problem::Folder => format!("name the file in it, such as {}/events.csv", self.file.trim_end_matches('/')),
            Problem::NotAllowed => format!("ask for the right to read it, or `chmod u+r {}`", self.file),
            Problem::Unreadable(_) => "look at the disk or the connection, and run again".into(),
            Problem::Empty => "export it again, with its header row".into(),
            Problem::NotUtf8 { iconv, .. } => self.convert(iconv),
            Problem::Utf16 => self.convert("UTF-16"),
            Problem::ZeroByte => "export it again as CSV UTF-8".into(),
            Problem::OtherKind(kind) => kind.mend(&self.file),
            Problem::Damaged(_) => "copy it again, whole, or write it again where it was made".into(),
            Problem::ColumnType { .. } => "write it again with that value in a column of its own".into(),
            Problem::Floats { ours } => {
                let number = if ours == "qty" { "3 decimals" } else { "2 decimals" };
                format!(
                    "write the column as decimals, or say in columns.toml how many decimals its numbers have: \
                     floats = \"{number}\""
                )
            }
            Problem::InexactFloat { .. } => {
                "correct it where the file came from, or say more decimals in columns.toml under `floats`".into()
            }
            Problem::OpenQuote => "close it, or write a quote inside a cell as two (\"\")".into(),
            Problem::LongRow => "look for a quote that is not closed, or for another kind of file".into(),
            Problem::OldLineEnds => self.piped("tr '\\r' '\\n'"),
            Problem::MissingColumn { there, .. } if there.len() == 1 => {
                "if blanks part the columns, say so in columns.toml: delimiter = \"blank\"; else export it as CSV".into()
            }
            Problem::MissingColumn { closest, .. } => {
                let theirs = closest.as_deref().unwrap_or("your column");
                format!("add it to the file, or say in columns.toml: {column} = \"{theirs}\"")
            }
            Problem::TwiceInHeader { .. } => "rename one of them in the file".into(),
            Problem::MappedMissing { closest, ours, .. } => match closest {
                Some(closest) => format!("in columns.toml: {ours} = \"{closest}\""),
                None => format!("correct the line of `{ours}` in columns.toml"),
            },
            Problem::MappedTwice { ours } => {
                format!("give the file's own another name: under [events.extra] own_{ours} = \"{ours}\"")
            }
            Problem::Cells { lines: 2.., .. } => "look for a quote in this row that should not be there".into(),
            Problem::Cells { .. } => "put a cell that holds the separator, such as 1,50, in quotes (\"), and close every quote".into(),
            Problem::EmptyCell { .. } => format!("fill in `{column}`, or run with --skip-bad to set the event aside"),
            Problem::Time { fault, perhaps, .. } => time_mend(*fault, perhaps.as_deref(), value),
            Problem::Number { fault, form } => number_mend(*fault, *form, value, column),
            Problem::UnknownType { closest } => type_mend(*closest, value),
            Problem::Negative { instead, .. } => (*instead).into(),
            Problem::NegativeReceipt { .. } => {
                "write it as a `return` with the purchase in `ref`; a discount line may be below zero, a receipt may not"
                    .into()
            }
            Problem::Currency { money, exchange } => match exchange {
                None => format!("convert the amounts to {money}, or give the program an `exchange` table"),
                Some(_) => {
                    "add the rate of that day to the exchange table, or run with --skip-bad to set the event aside".into()
                }
            },
            Problem::Disagree { .. } => "give the two events different ids, or correct the row that is wrong".into(),
            Problem::SameLine { .. } => "number the lines of the event 1, 2, 3 …, or leave `line` out".into(),
            Problem::SameId { .. } => "keep the right version in one file; two different events need two ids".into(),
            Problem::Listed { .. } => "keep the right row and delete the other".into(),
            Problem::Companion { .. } => "mend that row; this one comes back with it".into(),
            Problem::Map(MapFault::Toml(_)) => "write it as TOML: key = \"value\", one a line".into(),
            Problem::Map(MapFault::UnknownKey { closest, .. }) => match closest {
                Some(closest) => format!("write `{closest}`; a column of your own is renamed under `extra`"),
                None => "delete it; a column of your own is renamed under `extra`".into(),
            },
            Problem::Map(MapFault::Shape { .. }) => format!("correct the line of `{column}`"),
            Problem::Map(MapFault::OneSign { other, decimal: false }) => {
                format!("add under it: decimal = \"{other}\"")
            }
            Problem::Map(MapFault::OneSign { other, decimal: true }) => {
                format!("decimal = \"{other}\", or another sign for `thousands`")
            }
            Problem::Map(MapFault::DateForm { perhaps: Some(form) }) => format!("dates = \"{form}\""),
            Problem::Map(MapFault::DateForm { perhaps: None }) => "dates = \"%d.%m.%Y\" for 31.12.2026".into(),
        }
    }

    fn convert(&self, from: &str) -> String {
        let command = self.piped(&format!("iconv -f {from} -t UTF-8"));
        format!("save it as \"CSV UTF-8\" in the spreadsheet, or: {command}")
    }

    fn piped(&self, command: &str) -> String {
        let stem = self.file.strip_suffix(".csv").unwrap_or(&self.file);
        format!("{command} < {} > {stem}-utf8.csv", self.file)
    }
}

/// Why a column of ours must be there.
fn column_why(ours: &str) -> &'static str {
    match ours {
        "id" | "time" | "type" => "Every event needs it: without it nobody can be given anything.",
        "member" => "Without it nobody can tell whose a row is.",
        _ => "Read without it, what the program asks of it would be left undone without a word.",
    }
}

fn cells_say(found: usize, expected: usize, lines: u64) -> String {
    let cells = if found == 1 { "1 cell".to_owned() } else { format!("{found} cells") };
    if lines > 1 {
        return format!("the row has {cells} instead of {expected}, and a quote in it runs over {lines} lines");
    }
    format!("the row has {cells} instead of {expected}")
}

fn number_says(fault: NumberFault, value: &str) -> String {
    match fault {
        NumberFault::Comma => format!("{value} has a comma for a point"),
        NumberFault::Grouped => format!("{value} has separators between thousands"),
        NumberFault::Scientific => format!("{value} is written with an exponent"),
        NumberFault::NotFinite => format!("{value} is no number one can count with"),
        NumberFault::WithText => format!("{value} has letters or signs beside the number"),
        NumberFault::Point => format!("{value} has a point, and columns.toml says that decimals follow a comma"),
        NumberFault::Sign => format!("{value} has a sign that is no plain minus"),
        NumberFault::Digits => format!("{value} is written in digits of another script"),
        NumberFault::Long => "the number has more than a thousand digits".to_owned(),
        NumberFault::Other => format!("{value} is no number"),
    }
}

fn number_mend(fault: NumberFault, form: NumberForm, value: &str, column: &str) -> String {
    match fault {
        NumberFault::Comma | NumberFault::Grouped | NumberFault::Point => match form.missing(value) {
            // One number with a point does not make a file of them.
            Some(lines) if fault != NumberFault::Point || !lines.contains("decimal") => {
                format!("say in columns.toml under [events]: {lines}")
            }
            _ if form.decimal == ',' => "write it with a comma, or correct `decimal` in columns.toml".into(),
            _ => "write it in that form, or correct `decimal` and `thousands` in columns.toml".into(),
        },
        NumberFault::Scientific => {
            "export it as plain digits: in the spreadsheet, format the column as a number".into()
        }
        NumberFault::NotFinite => "leave the cell empty when there is no amount".into(),
        NumberFault::WithText => "keep the number alone; the currency has a column of its own, `currency`".into(),
        NumberFault::Sign => "write `-` before what is below zero, and nothing before the rest".into(),
        NumberFault::Digits => "write it with the digits 0 to 9".into(),
        NumberFault::Long => "look for a quote or a separator that is missing".into(),
        NumberFault::Other => format!("correct `{column}`, or leave it empty when there is no amount"),
    }
}

fn time_mend(fault: TimeFault, perhaps: Option<&str>, value: &str) -> String {
    let serial = value.len() == 5 && value.bytes().all(|byte| byte.is_ascii_digit());
    match (fault, perhaps) {
        (TimeFault::Shape, Some(form)) => format!(
            "say in columns.toml how dates are written: dates = \"{form}\" (a list in [ ] when forms are mixed)"
        ),
        // It is a day when day and month change places: the days up to 12 were then read the wrong way round.
        (TimeFault::NoSuchDay, Some(form)) => format!(
            "if the whole file is written so, correct columns.toml: dates = \"{form}\" (the days up to 12 were read \
             with day and month swapped); else correct the date"
        ),
        (TimeFault::Shape, None) if serial => {
            "this is a spreadsheet's own number for a day: format the column as a date, and export it again".into()
        }
        (TimeFault::Shape, None) => {
            "write it in that form, or say in columns.toml how dates are written: dates = …".into()
        }
        (TimeFault::Far, _) => {
            "many systems write such a day where there is none: look the row up where the file came \
                                from, and correct the date"
                .into()
        }
        (TimeFault::NoSuchDay, None) | (TimeFault::NoSuchTime | TimeFault::NoSuchOffset | TimeFault::Year, _) => {
            "look the row up where the file came from, and correct the date".into()
        }
    }
}

/// Only a slip of the keyboard has an answer: to take a till's `R` for a purchase would turn every return into one.
fn type_mend(closest: Option<&str>, value: &str) -> String {
    let key = toml_key(value);
    match closest {
        Some(ours) => {
            format!("write `{ours}`, or say in columns.toml under [events.values.type]: {key} = \"{ours}\"")
        }
        None => {
            format!(
                "say in columns.toml which of these it is in your till:\n[events.values.type]\n\
                 {key} = \"…\"   # in place of the dots, the type that {key} means"
            )
        }
    }
}

/// The types of event, each on a line with what it is.
fn kinds() -> String {
    let line = |kind: super::Kind| format!("{:<10} {}", kind.word(), kind.says());
    format!("one of\n{}", super::Kind::ALL.map(line).join("\n"))
}

/// A value between back quotes, cut when it is long; line ends are shown.
fn quoted(value: &str) -> String {
    let one_line = value.replace('\n', "\\n").replace('\r', "\\r");
    match one_line.char_indices().nth(LONG) {
        Some((at, _)) => format!("`{}…`", &one_line[..at]),
        None => format!("`{one_line}`"),
    }
}

fn shown(value: &str) -> String {
    if value.is_empty() { "nothing".into() } else { quoted(value) }
}

fn say_cell(quoted: &str) -> String {
    if quoted == "``" { "nothing".into() } else { quoted.into() }
}

/// Names with back quotes, not more than fit in a message.
fn list(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(12).map(|name| quoted(name)).collect();
    let more = names.len().saturating_sub(12);
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}

/// A value as a key of TOML.
fn toml_key(value: &str) -> String {
    let bare = !value.is_empty() && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if bare { value.to_owned() } else { format!("{value:?}") }
}

fn nth(number: usize) -> String {
    let ending = match (number % 10, number % 100) {
        (1, tens) if tens != 11 => "st",
        (2, tens) if tens != 12 => "nd",
        (3, tens) if tens != 13 => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}
