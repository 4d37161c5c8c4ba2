//! Files that a program names: lists, calendars, exchange rates. They lie in the program's folder and
//! are read before anything runs.

use super::failure::{self, Failure};
use super::program::leads_out;
use super::screen::Screen;
use crate::diag::{Finding, Message};
use crate::ledger::{Exchange, SHOWN};
use crate::mechanics::Program;
use crate::report::words::{counted, sentence};
use crate::text::{Sources, Span};
use crate::value::clock::{Date, parse_date};
use crate::value::exact::Exact;
use crate::value::nfc;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Exchange rates by currency pair and day.
#[derive(Debug, Clone, Default)]
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
            None => Err(format!("{} has no rate from {currency} to {} for {day}", self.file, self.money)),
        }
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
        screen.warn(&format!("{} {}", screen.paint_notes().bad("data:"), sentence(mistake)));
    }
    let named = "in a file that the program names";
    Err(Failure::Data(format!("{} {named}; nothing was written.", counted(count, "mistake", "mistakes"))))
}

/// A file that the program names and that is not there, as `check` says it.
#[derive(Debug)]
enum NotThere {
    /// No such file in the folder.
    Missing { file: String, kind: &'static str, place: Span },
    /// Outside the folder: it is never read.
    Outside { file: String, place: Span },
}

impl Message for NotThere {
    fn code(&self) -> &'static str {
        match self {
            NotThere::Missing { .. } => "no-such-file",
            NotThere::Outside { .. } => "outside-folder",
        }
    }

    fn says(&self) -> String {
        match self {
            NotThere::Missing { file, .. } => format!("there is no file `{file}` in the program's folder"),
            NotThere::Outside { file, .. } => format!("`{file}` lies outside the program's folder"),
        }
    }

    fn place(&self) -> Span {
        match self {
            NotThere::Missing { place, .. } | NotThere::Outside { place, .. } => *place,
        }
    }

    fn why(&self) -> String {
        match self {
            NotThere::Missing { kind, .. } => format!("Without its {kind} the program cannot run."),
            NotThere::Outside { .. } => {
                "A program reads only what lies in its own folder, so that it can be sent to others whole.".to_string()
            }
        }
    }

    fn mend(&self) -> String {
        match self {
            NotThere::Missing { file, .. } => format!("put `{file}` beside the program, or mend its name"),
            NotThere::Outside { .. } => "move the file into the folder of the program, and name it there".to_string(),
        }
    }
}

/// Lists, calendars and exchange rates whose files are not there; each under its name in the program.
pub fn not_there(program: &Program, sources: &Sources, folder: &Path) -> Vec<Finding> {
    let lists = program.lists.iter().filter_map(|list| Some((&list.file.as_ref()?.0, "list", list.span)));
    let calendars =
        program.calendars.iter().filter_map(|calendar| Some((calendar.file.as_ref()?, "calendar", calendar.span)));
    let rates = program.settings.exchange.iter().map(|(file, span)| (file, "rates", *span));
    let reading = Reading { folder, mistakes: Vec::new() };
    let wrong = lists.chain(calendars).chain(rates).filter_map(|(file, kind, span)| {
        let (file, place) = (file.clone(), named(sources, span, file));
        match reading.path(&file) {
            Ok(path) if path.is_file() => None,
            Ok(_) => Some(NotThere::Missing { file, kind, place }.into()),
            Err(_) => Some(NotThere::Outside { file, place }.into()),
        }
    });
    wrong.collect()
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
    mistakes: Vec<String>,
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

    fn try_rows(&self, file: &str, columns: &[&str]) -> Result<Vec<Row>, String> {
        let path = self.path(file)?;
        let bytes = fs::read(&path).map_err(|error| format!("{file}: cannot be read: {}", failure::plain(&error)))?;
        let text = String::from_utf8(bytes).map_err(|_| format!("{file}: is not text in UTF-8; save it as UTF-8"))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let delimiter = delimiter(text.lines().next().unwrap_or_default());
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
        let header = reader.headers().map_err(|error| format!("{file}: {error}"))?.clone();
        let mut places = Vec::new();
        for column in columns {
            let name = column.trim_start_matches('?');
            let place = header.iter().position(|cell| nfc(cell.trim()) == nfc(name));
            if place.is_none() && !column.starts_with('?') {
                return Err(format!("{file}, row 1: there is no column `{name}`"));
            }
            places.push(place);
        }
        let mut rows = Vec::new();
        for (at, row) in reader.records().enumerate() {
            let row = row.map_err(|error| format!("{file}: {error}"))?;
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
                    self.mistakes.push(format!("{file}, row {}, column `until`: {cell} is before {first}", row.number));
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
                self.mistakes
                    .push(format!("{file}, row {}, column `rate`: `{cell}` is no rate such as 4.9771", row.number));
                continue;
            };
            let before = rates.entry(row.cells[1].clone()).or_default().insert(day, rate.clone());
            if before.is_some_and(|before| before != rate) {
                let from = &row.cells[1];
                self.mistakes.push(format!("{file}, row {}: a second rate from {from} for {day}", row.number));
            }
        }
        Rates { money: money.to_string(), file: file.to_string(), rates }
    }

    fn day(&mut self, file: &str, row: &Row, at: usize, column: &str) -> Option<Date> {
        let cell = &row.cells[at];
        let day = parse_date(cell).ok();
        if day.is_none() {
            let place = format!("{file}, row {}, column `{column}`", row.number);
            self.mistakes.push(format!("{place}: `{cell}` is no date such as 2026-02-03"));
        }
        day
    }
}

/// What parts the cells: the sign the header has most of.
fn delimiter(header: &str) -> u8 {
    let count = |sign: u8| header.bytes().filter(|byte| *byte == sign).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|sign| count(*sign)).unwrap_or(b',')
}
