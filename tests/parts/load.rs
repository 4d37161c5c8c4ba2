//! Programs and histories of folders, for tests that run them without the command line.

use loyal::check::check;
use loyal::diag;
use loyal::engine::outcome::{AsOf, When};
use loyal::ledger::{self, Articles, BadRows, ColumnMap, History, How, Input, Inputs};
use loyal::mechanics::Program;
use loyal::syntax::{self, Files, parse_text};
use loyal::text::Sources;
use loyal::value::clock::{Moment, parse_date};
use std::io::Cursor;
use std::path::{Path, PathBuf};

struct Disk;

impl Files for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        std::fs::read(path).map_err(|why| why.to_string())
    }
}

/// A program from its text; none when the check refuses it.
pub fn checked(text: &str) -> Option<Program> {
    let mut sources = Sources::default();
    let parsed = parse_text(&mut sources, "woven.loyal", text);
    assert!(!diag::has_error(&parsed.findings), "{text}\n{:#?}", parsed.findings);
    check(&parsed.ast, &sources).program
}

/// The program and the history of a folder; none when it has no history, or its amounts need a table of rates.
pub fn load(folder: &Path) -> Option<(Program, History)> {
    let path = folder.join("program.loyal");
    let mut sources = Sources::default();
    let parsed = syntax::parse(&mut sources, &Disk, &path.to_string_lossy());
    let program = check(&parsed.ast, &sources).program?;
    let there = |name: &str| Some(folder.join(name)).filter(|path| path.is_file());
    let map = match there("columns.toml") {
        Some(path) => {
            let text = std::fs::read_to_string(&path).expect("a column map");
            ColumnMap::parse("columns.toml", &text).expect("a column map")
        }
        None => ColumnMap::default(),
    };
    let paths = |named: &[String], usual: &str| -> Vec<PathBuf> {
        if named.is_empty() {
            there(usual).into_iter().collect()
        } else {
            named.iter().map(|name| folder.join(name)).collect()
        }
    };
    let open = |paths: Vec<PathBuf>| -> Vec<Input> {
        let input =
            |path: &PathBuf| Input::new(path.to_string_lossy(), Cursor::new(std::fs::read(path).expect("a file")));
        paths.iter().map(input).collect()
    };
    let events = open(paths(&map.events.files, "events.csv"));
    if events.is_empty() || program.settings.exchange.is_some() {
        return None;
    }
    let members = open(paths(&map.members.files, "members.csv"));
    let items = open(paths(&map.items.files, "items.csv"));
    let history = read(&program, &map, Inputs { events, members, items });
    Some((program, history))
}

/// The history of one file of events.
pub fn events(program: &Program, text: &str) -> History {
    let events = vec![Input::new("events.csv", Cursor::new(text.to_owned()))];
    read(program, &ColumnMap::default(), Inputs { events, ..Inputs::default() })
}

/// The history of several files of events; none when the ledger refuses them.
pub fn try_events(program: &Program, files: &[Vec<u8>]) -> Option<History> {
    let input = |(at, file): (usize, &Vec<u8>)| Input::new(format!("{at}.csv"), Cursor::new(file.clone()));
    let events = files.iter().enumerate().map(input).collect();
    let map = ColumnMap::default();
    ledger::read(Inputs { events, ..Inputs::default() }, &how(program, &map), &mut |_| {}).ok().map(|read| read.history)
}

/// The history of one file of events in other columns; none when the ledger refuses it.
pub fn mapped_events(program: &Program, map: &ColumnMap, bytes: Vec<u8>) -> Option<History> {
    let events = vec![Input::new("till", Cursor::new(bytes))];
    ledger::read(Inputs { events, ..Inputs::default() }, &how(program, map), &mut |_| {}).ok().map(|read| read.history)
}

/// The items file of a folder in our own columns.
pub fn articles(program: &Program, folder: &Path) -> Articles {
    let items = std::fs::read(folder.join("items.csv")).ok();
    let items = items.map(|text| Input::new("items.csv", Cursor::new(text)));
    let map = ColumnMap::default();
    ledger::lists(Vec::new(), items.into_iter().collect(), &how(program, &map)).expect("an items file").items
}

fn how<'a>(program: &'a Program, map: &'a ColumnMap) -> How<'a> {
    let settings = &program.settings;
    How {
        clock: &settings.clock,
        money: &settings.money,
        minor_units: settings.minor_units,
        map,
        exchange: None,
        bad: BadRows::Refuse,
    }
}

fn read(program: &Program, map: &ColumnMap, inputs: Inputs) -> History {
    ledger::read(inputs, &how(program, map), &mut |_| {}).unwrap_or_else(|wrong| panic!("{wrong}")).history
}

/// A moment as the command line takes it.
pub fn moments(program: &Program, said: &str) -> AsOf {
    let when = match parse_date(said) {
        Ok(day) => When::EndOf(day),
        Err(_) => When::At(program.settings.clock.parse_moment(said).expect("a moment").0),
    };
    AsOf { label: said.to_owned(), when }
}

/// A moment.
pub fn at(moment: Moment) -> AsOf {
    AsOf { label: format!("{moment:?}"), when: When::At(moment) }
}

/// Moments that fall between, upon and beyond the events of a history.
pub fn asked(program: &Program, history: &History) -> Vec<AsOf> {
    let Some((first, last)) = history.events.first().zip(history.events.last()) else { return Vec::new() };
    let middle = &history.events[history.events.len() / 2];
    let days = [first.day, middle.day, last.day, last.day.saturating_add(jiff::Span::new().days(40))];
    let mut all: Vec<AsOf> = days.iter().map(|day| moments(program, &day.to_string())).collect();
    all.extend([first.at, middle.at, last.at].map(at));
    all
}

/// The folders of programs in a folder, by name.
pub fn folders(of: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(of).unwrap_or_else(|why| panic!("{}: {why}", of.display()));
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    folders.retain(|path| path.join("program.loyal").is_file());
    folders.sort();
    folders
}
