//! Files that a program names: lists, calendars, exchange rates. They lie in the program's folder and
//! are read before anything runs.

use super::failure::{self, Failure};
use super::program::{is_endless, leads_out};
use super::screen::Screen;
use crate::diag::{Finding, Message, Severity};
use crate::ledger::{Exchange, SHOWN};
use crate::mechanics::Program;
use crate::mechanics::reading::Kind;
use crate::report::words::{and, counted, sentence};
use crate::text::{Sources, Span, closest};
use crate::value::clock::{Date, parse_date};
use crate::value::exact::Exact;
use crate::value::nfc;
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Exchange rates by currency pair and day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rates {
    /// The program's money.
    money: String,
    /// The file, for messages.
    file: String,
    rates: BTreeMap<String, BTreeMap<Date, Exact>>,
}

impl Exchange for Rates {
    fn rate(&self, currency: &str, day: Date) -> Result<Exact, String> {
        let Some(days) = self.rates.get(currency) else {
            return Err(format!("{} has no rates from {currency} to {}", self.file, self.money));
        };
        match days.get(&day) {
            Some(rate) => Ok(rate.clone()),
            None => {
                let near = near(days, day);
                Err(format!("{} has no rate from {currency} to {} for {day}{near}", self.file, self.money))
            }
        }
    }
}

/// Which days a table has around one that it lacks, in words.
fn near(days: &BTreeMap<Date, Exact>, day: Date) -> String {
    let before = days.range(..day).next_back().map(|(day, _)| *day);
    match (before, days.range(day..).next().map(|(day, _)| *day)) {
        (Some(before), Some(after)) => format!(", only for {before} and then {after}"),
        (None, Some(first)) => format!("; its first is of {first}"),
        (Some(last), None) => format!("; its last is of {last}"),
        (None, None) => String::new(),
    }
}

/// Fills the lists and calendars that are files, and reads the exchange rates, if there are any.
pub fn load(screen: &Screen, program: &mut Program, folder: &Path) -> Result<Option<Rates>, Failure> {
    let mut reading = Reading { folder, mistakes: Vec::new() };
    for list in std::iter::once(&mut program.lists).chain(program.older.iter_mut().map(|old| &mut old.lists)).flatten()
    {
        if let Some((file, column)) = &list.file {
            let rows = reading.rows(file, &[column]);
            list.values
                .extend(rows.into_iter().map(|row| nfc(&row.cells[0]).into_owned()).filter(|cell| !cell.is_empty()));
        }
    }
    let older = program.older.iter_mut().map(|old| &mut old.calendars);
    for calendar in std::iter::once(&mut program.calendars).chain(older).flatten() {
        if let Some(file) = &calendar.file {
            calendar.days.extend(reading.days(file));
        }
    }
    let settings = &program.settings;
    let rates = settings.exchange.as_ref().map(|(file, _)| reading.rates(file, &settings.money));
    if reading.mistakes.is_empty() {
        return Ok(rates);
    }
    let count = u64::try_from(reading.mistakes.len()).unwrap_or(u64::MAX);
    for mistake in reading.mistakes.iter().take(SHOWN) {
        screen.warn(&format!("{} {}", screen.paint_notes().bad("data:"), sentence(&mistake.to_string())));
    }
    let named = "in a file that the program names";
    Err(Failure::Data(format!("{} {named}; nothing was written.", counted(count, "mistake", "mistakes"))))
}

/// The files that a program names: of its lists and calendars, those of the programs it replaces too, and its rates;
/// each once.
pub fn files(program: &Program, folder: &Path) -> Vec<PathBuf> {
    let lists = std::iter::once(&program.lists).chain(program.older.iter().map(|old| &old.lists)).flatten();
    let calendars = std::iter::once(&program.calendars).chain(program.older.iter().map(|old| &old.calendars)).flatten();
    let lists = lists.filter_map(|list| list.file.as_ref().map(|(file, _)| file));
    let calendars = calendars.filter_map(|calendar| calendar.file.as_ref());
    let rates = program.settings.exchange.iter().map(|(file, _)| file);
    let mut files: Vec<PathBuf> = Vec::new();
    for path in lists.chain(calendars).chain(rates).map(|file| folder.join(file)) {
        if !files.contains(&path) {
            files.push(path);
        }
    }
    files
}

/// What is wrong in a file that the program names.
#[derive(Debug)]
enum Mistake {
    /// A column that is needed is not in the header.
    NoColumn { file: String, wanted: String, found: Vec<String> },
    /// Anything else, in a sentence.
    Other(String),
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Mistake::NoColumn { file, wanted, found } => {
                write!(f, "{file}, row 1: there is no column `{wanted}`; {}", there_are(found))
            }
            Mistake::Other(says) => f.write_str(says),
        }
    }
}

/// `the file's columns are `day` and `name``.
fn there_are(found: &[String]) -> String {
    let quoted: Vec<String> = found.iter().take(COLUMNS_TOLD).map(|name| format!("`{name}`")).collect();
    match (quoted.as_slice(), found.len().saturating_sub(COLUMNS_TOLD)) {
        ([], _) => "the file's first row is empty".to_owned(),
        ([one], 0) => format!("the file's only column is {one}"),
        (_, 0) => format!("the file's columns are {}", and(&quoted)),
        (_, more) => format!("the file's columns are {} and {more} more", quoted.join(", ")),
    }
}

/// So many columns of a header are told.
const COLUMNS_TOLD: usize = 12;

/// A file that the program names, as `check` finds it wrong.
#[derive(Debug)]
enum Wrong {
    /// No such file in the folder.
    Missing { file: String, kind: FileOf, place: Span },
    /// Outside the folder: it is never read.
    Outside { file: String, place: Span },
    /// A column that is needed is not in the header.
    NoColumn { file: String, wanted: String, found: Vec<String>, kind: FileOf, place: Span },
    /// It cannot be read, or a row says what it cannot say.
    Unread { says: String, kind: FileOf, place: Span },
}

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FileOf {
    List,
    Calendar,
    Rates,
}

impl FileOf {
    fn word(self) -> &'static str {
        match self {
            FileOf::List => "list",
            FileOf::Calendar => "calendar",
            FileOf::Rates => "table of rates",
        }
    }
}

impl Message for Wrong {
    fn code(&self) -> &'static str {
        match self {
            Wrong::Missing { .. } => "no-such-file",
            Wrong::Outside { .. } => "outside-folder",
            Wrong::NoColumn { .. } => "no-such-column",
            Wrong::Unread { .. } => "unreadable-file",
        }
    }

    fn says(&self) -> String {
        match self {
            Wrong::Missing { file, .. } => format!("there is no file `{file}` in the program's folder"),
            Wrong::Outside { file, .. } => format!("`{file}` lies outside the program's folder"),
            Wrong::NoColumn { file, wanted, .. } => format!("`{file}` has no column `{wanted}`"),
            Wrong::Unread { says, .. } => says.clone(),
        }
    }

    fn place(&self) -> Span {
        match self {
            Wrong::Missing { place, .. }
            | Wrong::Outside { place, .. }
            | Wrong::NoColumn { place, .. }
            | Wrong::Unread { place, .. } => *place,
        }
    }

    fn why(&self) -> String {
        match self {
            Wrong::Missing { kind, .. } | Wrong::Unread { kind, .. } => {
                format!("Without its {} the program cannot run.", kind.word())
            }
            Wrong::Outside { .. } => {
                "A program reads only what lies in its own folder, so that it can be sent to others whole.".to_string()
            }
            Wrong::NoColumn { found, kind, .. } => {
                format!("Without it there is no {}; {}.", kind.word(), there_are(found))
            }
        }
    }

    fn mend(&self) -> String {
        match self {
            Wrong::Missing { file, .. } => format!("put `{file}` beside the program, or mend its name"),
            Wrong::Outside { .. } => "move the file into the folder of the program, and name it there".to_string(),
            Wrong::NoColumn { file, wanted, found, kind: FileOf::List, .. } => {
                let names: Vec<&str> = found.iter().map(String::as_str).collect();
                let name = closest(wanted, &names).or(names.first().copied());
                let column = name.map_or_else(|| wanted.clone(), quoted);
                format!("name a column that the file has, such as `from \"{file}\" column {column}`, or add `{wanted}`")
            }
            Wrong::NoColumn { wanted, kind: FileOf::Calendar, .. } => {
                format!("call the column with the days `{wanted}`, and where a stretch of days ends `until`")
            }
            Wrong::NoColumn { kind: FileOf::Rates, .. } => {
                "call the columns `date`, `from`, `to` and `rate`".to_string()
            }
            Wrong::Unread { .. } => "mend the file".to_string(),
        }
    }
}

/// Rates that begin after the program does, as `check` says it.
#[derive(Debug)]
struct LateRates {
    file: String,
    currency: String,
    money: String,
    first: Date,
    from: Date,
    place: Span,
}

impl Message for LateRates {
    fn code(&self) -> &'static str {
        "rates-begin-late"
    }

    fn severity(&self) -> Severity {
        Severity::Warning
    }

    fn says(&self) -> String {
        let Self { file, currency, money, first, from, .. } = self;
        format!("`{file}` has rates from {currency} to {money} since {first}, and the program begins on {from}")
    }

    fn place(&self) -> Span {
        self.place
    }

    fn why(&self) -> String {
        let Self { currency, first, .. } = self;
        format!(
            "A purchase is exchanged at the rate of its own day. One in {currency} before {first} has none, and a history \
             that holds one is not run."
        )
    }

    fn mend(&self) -> String {
        format!("put the rates from {} on into `{}`", self.from, self.file)
    }
}

/// Currencies whose rates begin only after the program: a purchase before that has none. A table that cannot be read is
/// told by [`wrong_files`].
pub fn late_rates(program: &Program, sources: &Sources, folder: &Path) -> Vec<Finding> {
    let settings = &program.settings;
    let (Some((file, span)), Some(from)) = (&settings.exchange, settings.from) else { return Vec::new() };
    let table = Reading { folder, mistakes: Vec::new() }.rates(file, &settings.money);
    let firsts = table.rates.iter().filter_map(|(currency, days)| Some((currency, *days.keys().next()?)));
    let late = firsts.filter(|(_, first)| from < *first).map(|(currency, first)| LateRates {
        file: file.clone(),
        currency: currency.clone(),
        money: settings.money.to_string(),
        first,
        from,
        place: named(sources, *span, file),
    });
    late.map(Finding::from).collect()
}

/// The name of a column as a program writes it.
fn quoted(name: &str) -> String {
    let is_word = name.chars().all(|sign| sign.is_alphanumeric() || sign == '_');
    if is_word { name.to_owned() } else { format!("\"{name}\"") }
}

/// Lists, calendars and exchange rates whose files are not there or cannot be used; each under its name in the program.
pub fn wrong_files(program: &Program, sources: &Sources, folder: &Path) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut reading = Reading { folder, mistakes: Vec::new() };
    for version in program.versions() {
        let lists = version.lists.iter().enumerate().filter(|(at, _)| version.has(Kind::List, *at));
        for (list, (file, column)) in lists.filter_map(|(_, list)| Some((list, list.file.as_ref()?))) {
            let read = |reading: &mut Reading<'_>| drop(reading.rows(file, &[column]));
            wrong_file(&mut reading, (sources, list.span), (file, FileOf::List), read, &mut found);
        }
        let calendars = version.calendars.iter().enumerate().filter(|(at, _)| version.has(Kind::Calendar, *at));
        for (calendar, file) in calendars.filter_map(|(_, calendar)| Some((calendar, calendar.file.as_ref()?))) {
            let read = |reading: &mut Reading<'_>| drop(reading.days(file));
            wrong_file(&mut reading, (sources, calendar.span), (file, FileOf::Calendar), read, &mut found);
        }
    }
    if let Some((file, span)) = &program.settings.exchange {
        let read = |reading: &mut Reading<'_>| drop(reading.rates(file, &program.settings.money));
        wrong_file(&mut reading, (sources, *span), (file, FileOf::Rates), read, &mut found);
    }
    found.into_iter().map(Finding::from).collect()
}

/// What is wrong with one file; `read` reads all of it.
fn wrong_file(
    reading: &mut Reading<'_>,
    (sources, span): (&Sources, Span),
    (file, kind): (&str, FileOf),
    read: impl FnOnce(&mut Reading<'_>),
    found: &mut Vec<Wrong>,
) {
    let (file, place) = (file.to_owned(), named(sources, span, file));
    match reading.path(&file) {
        Err(_) => found.push(Wrong::Outside { file, place }),
        Ok(path) if !path.is_file() => found.push(Wrong::Missing { file, kind, place }),
        Ok(_) => {
            read(reading);
            found.extend(reading.mistakes.drain(..).take(SHOWN).map(|mistake| match mistake {
                Mistake::NoColumn { file, wanted, found } => Wrong::NoColumn { file, wanted, found, kind, place },
                Mistake::Other(says) => Wrong::Unread { says, kind, place },
            }));
        }
    }
}

/// Where the file's name stands in its block; the whole block when it is not found as written.
fn named(sources: &Sources, block: Span, file: &str) -> Span {
    let Some(at) = sources.slice(block).find(file) else { return block };
    let start = block.start + u32::try_from(at).unwrap_or(0);
    Span { start, end: start + u32::try_from(file.len()).unwrap_or(0), ..block }
}

/// A row: its number (the header is row 1) and the cells asked for.
struct Row {
    number: u64,
    cells: Vec<String>,
}

/// The files of one program being read.
struct Reading<'a> {
    folder: &'a Path,
    mistakes: Vec<Mistake>,
}

impl Reading<'_> {
    /// The rows of a file, with these columns; a column after `?` may be absent, its cells are empty.
    fn rows(&mut self, file: &str, columns: &[&str]) -> Vec<Row> {
        match self.try_rows(file, columns) {
            Ok(rows) => rows,
            Err(mistake) => {
                self.mistakes.push(mistake);
                Vec::new()
            }
        }
    }

    fn try_rows(&self, file: &str, columns: &[&str]) -> Result<Vec<Row>, Mistake> {
        let path = self.path(file).map_err(Mistake::Other)?;
        if is_endless(&path) {
            return Err(Mistake::Other(format!("{file}: this is a pipe or a device, a file is needed")));
        }
        let bytes = fs::read(&path)
            .map_err(|error| Mistake::Other(format!("{file}: cannot be read: {}", failure::plain(&error))))?;
        let text = String::from_utf8(bytes)
            .map_err(|_| Mistake::Other(format!("{file}: is not text in UTF-8; save it as UTF-8")))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let delimiter = delimiter(text.lines().next().unwrap_or_default());
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
        let header = reader.headers().map_err(|error| Mistake::Other(format!("{file}: {error}")))?.clone();
        let mut places = Vec::new();
        for column in columns {
            let name = column.trim_start_matches('?');
            let place = header.iter().position(|cell| nfc(cell.trim()) == nfc(name));
            if place.is_none() && !column.starts_with('?') {
                let found = header.iter().map(|cell| cell.trim().to_owned()).filter(|cell| !cell.is_empty()).collect();
                return Err(Mistake::NoColumn { file: file.to_owned(), wanted: name.to_owned(), found });
            }
            places.push(place);
        }
        let mut rows = Vec::new();
        for (at, row) in reader.records().enumerate() {
            let row = row.map_err(|error| Mistake::Other(format!("{file}: {error}")))?;
            let cell = |place: &Option<usize>| place.and_then(|at| row.get(at)).unwrap_or_default().trim().to_string();
            let number = row.position().map_or(u64::try_from(at).unwrap_or(u64::MAX) + 2, csv::Position::line);
            rows.push(Row { number, cells: places.iter().map(cell).collect() });
        }
        Ok(rows)
    }

    /// Paths stay inside the program's folder, as those of `use` do.
    fn path(&self, file: &str) -> Result<PathBuf, String> {
        let inside = Path::new(file).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        let path = self.folder.join(file);
        if inside && !leads_out(self.folder, &path) {
            Ok(path)
        } else {
            Err(format!("{file}: lies outside the program's folder"))
        }
    }

    /// Days of a calendar: `date`, and `until` where a stretch of days is meant.
    fn days(&mut self, file: &str) -> Vec<(Date, Date)> {
        let mut days = Vec::new();
        for row in self.rows(file, &["date", "?until"]) {
            let Some(first) = self.day(file, &row, 0, "date") else { continue };
            let last = if row.cells[1].is_empty() { Some(first) } else { self.day(file, &row, 1, "until") };
            match last {
                Some(last) if last < first => {
                    let cell = &row.cells[1];
                    let says = format!("{file}, row {}, column `until`: {cell} is before {first}", row.number);
                    self.mistakes.push(Mistake::Other(says));
                }
                Some(last) => days.push((first, last)),
                None => {}
            }
        }
        days
    }

    /// Rates to the program's money: `date,from,to,rate`.
    fn rates(&mut self, file: &str, money: &str) -> Rates {
        let mut rates: BTreeMap<String, BTreeMap<Date, Exact>> = BTreeMap::new();
        for row in self.rows(file, &["date", "from", "to", "rate"]) {
            if row.cells[2] != money {
                continue;
            }
            let Some(day) = self.day(file, &row, 0, "date") else { continue };
            let Some(rate) = Exact::parse(&row.cells[3]).filter(Exact::is_positive) else {
                let cell = &row.cells[3];
                let says = format!("{file}, row {}, column `rate`: `{cell}` is no rate such as 4.9771", row.number);
                self.mistakes.push(Mistake::Other(says));
                continue;
            };
            let before = rates.entry(row.cells[1].clone()).or_default().insert(day, rate.clone());
            if before.is_some_and(|before| before != rate) {
                let from = &row.cells[1];
                let says = format!("{file}, row {}: a second rate from {from} for {day}", row.number);
                self.mistakes.push(Mistake::Other(says));
            }
        }
        Rates { money: money.to_string(), file: file.to_string(), rates }
    }

    fn day(&mut self, file: &str, row: &Row, at: usize, column: &str) -> Option<Date> {
        let cell = &row.cells[at];
        let day = parse_date(cell).ok();
        if day.is_none() {
            let place = format!("{file}, row {}, column `{column}`", row.number);
            self.mistakes.push(Mistake::Other(format!("{place}: `{cell}` is no date such as 2026-02-03")));
        }
        day
    }
}

/// What parts the cells: the sign the header has most of.
fn delimiter(header: &str) -> u8 {
    let count = |sign: u8| header.bytes().filter(|byte| *byte == sign).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|sign| count(*sign)).unwrap_or(b',')
}
