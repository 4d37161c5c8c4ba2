//! The members and the items file.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::MemberRow;
use super::columns::{EVENTS, FileMap, ITEMS, MEMBERS};
use super::forms::{guessed_form, read_day, shown_forms};
use super::layout::Layout;
use super::loaded::{BadRows, Input, Note, SetAside};
use super::mistake::{DataError, Place, Problem, TimeFault, all_of};
use super::named::{Named, Names};
use super::read::Reading;
use super::sheet::Rows;
use crate::value::clock::{Date, is_far};
use crate::value::exact::Exact;

/// The items file, by `sku`.
pub(super) type Items = FxHashMap<String, Item>;

/// What the items file says of an article.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) category: Option<String>,
    pub(super) brand: Option<String>,
    pub(super) fields: BTreeMap<String, String>,
}

/// Both lists.
pub(super) struct Lists {
    pub(super) members: BTreeMap<String, MemberRow>,
    pub(super) items: Items,
}

impl Lists {
    pub(super) fn read(reading: &mut Reading<'_>, members: Vec<Input>, items: Vec<Input>) -> Self {
        let map = reading.how.map;
        let members = listed(reading, members, &MEMBERS, &map.members, member);
        let items = listed(reading, items, &ITEMS, &map.items, item);
        Self {
            members: members.into_iter().map(|(id, (row, _))| (id, row)).collect(),
            items: items.into_iter().map(|(sku, (row, _))| (sku, article(&row.columns))).collect(),
        }
    }
}

fn article(columns: &Named) -> Item {
    let text = |name: &str| columns.get(name).map(str::to_owned);
    // An item's column never stands in for one of the event's own.
    let fields = columns.iter().filter(|(name, _)| !EVENTS.contains(name));
    let fields = fields.map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    Item { category: text("category"), brand: text("brand"), fields }
}

/// Reads a row of either list; an article has no days.
type ReadRow = fn(&mut Reading<'_>, &Rows, &Layout, (&str, &mut Hand)) -> Result<MemberRow, Vec<DataError>>;

/// What is remembered from row to row of a file.
#[derive(Default)]
struct Hand {
    days: Days,
    names: Names,
}

/// Days by how they are written: members share few of them, and a zone is slow to ask. There is a table for each
/// column of days, for each may be read in a way of its own.
type Days = [FxHashMap<String, Date>; 2];

/// So many days are remembered.
const MOST_DAYS: usize = 1 << 16;

/// All rows of a list by key, each with its file's place among the inputs and its row there.
type All = BTreeMap<String, (MemberRow, (usize, u64))>;

/// Reads the files of one list; the first of our columns is the key.
fn listed(
    reading: &mut Reading<'_>,
    inputs: Vec<Input>,
    ours: &'static [&'static str],
    map: &FileMap,
    read_row: ReadRow,
) -> All {
    let mut all = All::new();
    let paths: Vec<String> = inputs.iter().map(|input| input.path.clone()).collect();
    for (nth, input) in inputs.into_iter().enumerate() {
        let Some((mut rows, layout)) = reading.open(input, ours, &ours[..1], map) else { continue };
        let (mut any, mut hand) = (false, Hand::default());
        loop {
            match rows.advance() {
                Ok(true) => any = true,
                Ok(false) => break,
                Err(error) => {
                    reading.fail(*error);
                    break;
                }
            }
            if let Err(errors) = one(reading, (&rows, &layout), (&paths, nth), &mut all, (read_row, &mut hand)) {
                set_aside(reading, &rows, &layout, errors);
            }
        }
        if !any {
            reading.notes.push(Note::NoRows { file: paths[nth].clone() });
        }
    }
    all
}

fn one(
    reading: &mut Reading<'_>,
    (rows, layout): (&Rows, &Layout),
    (paths, nth): (&[String], usize),
    all: &mut All,
    (read_row, hand): (ReadRow, &mut Hand),
) -> Result<(), Vec<DataError>> {
    let path = paths[nth].as_str();
    let wrong = |column: Option<String>, value: Option<String>, problem: Problem| {
        vec![DataError { file: path.to_owned(), row: Some(rows.row()), column, value, problem }]
    };
    let (found, expected) = (rows.cells().len(), layout.header.len());
    if found != expected {
        return Err(wrong(None, None, Problem::Cells { found, expected, lines: rows.lines() }));
    }
    let key = layout.text(0, rows.cells()).into_owned();
    if key.is_empty() {
        let because = "Without it the row belongs to nobody and nothing.";
        return Err(wrong(Some(layout.shown(0)), None, Problem::EmptyCell { because }));
    }
    let row = read_row(reading, rows, layout, (path, hand))?;
    match all.get(&key) {
        None => {
            all.insert(key, (row, (nth, rows.row())));
            Ok(())
        }
        Some((first, _)) if *first == row => {
            reading.repeated_rows += 1;
            Ok(())
        }
        Some((first, other)) => {
            let mut names = first.columns.names().chain(row.columns.names());
            let differs = names.find(|name| first.columns.get(name) != row.columns.get(name));
            let differs = differs.unwrap_or("day").to_owned();
            let what = if layout.shown_ours(0) == "sku" { "article" } else { "member" };
            Err(wrong(
                Some(layout.shown(0)),
                Some(key),
                Problem::Listed { what, other: Place { file: paths[other.0].clone(), row: other.1 }, differs },
            ))
        }
    }
}

fn member(
    reading: &mut Reading<'_>,
    rows: &Rows,
    layout: &Layout,
    (path, Hand { days, names }): (&str, &mut Hand),
) -> Result<MemberRow, Vec<DataError>> {
    let mut row = MemberRow::default();
    let mut columns = extras(layout, rows, names);
    columns.push((names.of("member"), layout.text(0, rows.cells()).into()));
    let mut wrong = Vec::new();
    let map = &reading.how.map.members;
    let clock = map.zone.as_ref().unwrap_or(reading.how.clock);
    for (column, name, because) in [
        (1, "joined", "How long someone has been a member is counted from it."),
        (2, "birthday", "What the program gives on a birthday would come on the wrong day, or never."),
    ] {
        let text = layout.text(column, rows.cells());
        if text.is_empty() {
            continue;
        }
        let forms = if layout.is_typed(column) { &[] } else { map.dates.as_slice() };
        let days = &mut days[column - 1];
        let known = days.get(text.as_ref()).copied();
        let day = known.map_or_else(|| read_day(forms, clock, &text), Ok);
        let day = match (day, name) {
            (Err(fault), "birthday") => yearless(&text).ok_or(fault),
            (Err(TimeFault::Year), _) => Err(TimeFault::Far),
            (Ok(day), "joined") if is_far(day) => Err(TimeFault::Far),
            (day, _) => day,
        };
        let day = match day {
            Ok(day) => day,
            Err(fault) => {
                let perhaps = guessed_form(&text);
                wrong.push(DataError {
                    file: path.to_owned(),
                    row: Some(rows.row()),
                    column: Some(layout.shown(column)),
                    value: Some(text.into_owned()),
                    problem: Problem::Time { fault, expected: shown_forms(forms), perhaps, because },
                });
                continue;
            }
        };
        // A birthday without a year stays without one where it is shown.
        let written = if text.len() == 5 { text.clone().into_owned() } else { day.to_string() };
        columns.push((names.of(name), written.into()));
        if known.is_none() && text.len() > 5 && days.len() < MOST_DAYS {
            days.insert(text.into_owned(), day);
        }
        match name {
            "joined" => row.joined = Some(day),
            _ => row.birthday = Some(day),
        }
    }
    for (name, text) in columns.iter_mut().filter(|(name, text)| is_asked(&map.days, name) && !text.is_empty()) {
        match read_day(&map.dates, clock, text).or_else(|fault| yearless(text).ok_or(fault)) {
            // A day without a year stays without one.
            Ok(_) if text.len() == 5 => {}
            Ok(day) => *text = day.to_string().into(),
            Err(fault) => wrong.push(DataError {
                file: path.to_owned(),
                row: Some(rows.row()),
                column: Some(name.to_string()),
                value: Some(text.to_string()),
                problem: Problem::Time {
                    fault,
                    expected: shown_forms(&map.dates),
                    perhaps: guessed_form(text),
                    because: "The program asks how near that day is; without one it would never be.",
                },
            }),
        }
    }
    row.columns = Named::of(columns);
    if wrong.is_empty() { Ok(row) } else { Err(wrong) }
}

fn is_asked(asked: &[String], name: &str) -> bool {
    asked.iter().any(|one| one == name)
}

/// The columns of a row that are not ours.
fn extras(layout: &Layout, rows: &Rows, names: &mut Names) -> Vec<(Arc<str>, Box<str>)> {
    layout.extras(rows.cells()).map(|(name, text)| (names.of(name), text.into())).collect()
}

/// `02-29`: many shops ask for the day of a birthday and not for the year. 2000 has every day.
fn yearless(text: &str) -> Option<Date> {
    if text.len() == 5 { read_day(&[], &crate::value::Clock::utc(), &format!("2000-{text}")).ok() } else { None }
}

fn item(
    reading: &mut Reading<'_>,
    rows: &Rows,
    layout: &Layout,
    (path, hand): (&str, &mut Hand),
) -> Result<MemberRow, Vec<DataError>> {
    let mut columns = extras(layout, rows, &mut hand.names);
    let mut wrong = Vec::new();
    let map = &reading.how.map.items;
    for (name, text) in columns.iter_mut().filter(|(name, text)| is_asked(&map.figures, name) && !text.is_empty()) {
        // Of a file with types a number is written our way, whatever the map says.
        match map.numbers.read(text).or_else(|fault| Exact::parse(text).ok_or(fault)) {
            Ok(figure) => *text = figure.to_string().into(),
            Err(fault) => wrong.push(DataError {
                file: path.to_owned(),
                row: Some(rows.row()),
                column: Some(name.to_string()),
                value: Some(text.to_string()),
                problem: Problem::Number { fault, form: map.numbers },
            }),
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    for (column, name) in [(1, "category"), (2, "brand")] {
        let text = layout.text(column, rows.cells());
        if !text.is_empty() {
            columns.push((hand.names.of(name), text.into()));
        }
    }
    Ok(MemberRow { columns: Named::of(columns), ..MemberRow::default() })
}

fn set_aside(reading: &mut Reading<'_>, rows: &Rows, layout: &Layout, errors: Vec<DataError>) {
    match reading.how.bad {
        BadRows::Refuse => errors.into_iter().for_each(|error| reading.wrong(error)),
        BadRows::SetAside => {
            let file = errors.first().map(|error| error.file.clone());
            if let (Some((column, reason)), Some(file)) = (all_of(&errors), file) {
                let cells = layout.original(rows.cells());
                reading.set_aside.push(SetAside { file, row: rows.row(), reason, column, cells });
            }
        }
    }
}
