//! A history as data: rows of cells, printed as the CSV files that anyone can read, and read by the ledger.

mod buying;
pub mod edges;
mod files;
pub mod make;
pub mod newer;

use loyal::engine::outcome::{AsOf, When};
use loyal::ledger::{self, BadRows, ColumnMap, History, How, Input, Inputs};
use loyal::mechanics::Program;
use loyal::value::clock::parse_date;
use std::collections::{BTreeMap, BTreeSet};

/// A row of a file: its cells that are not empty, by column.
pub type Row = BTreeMap<String, String>;

/// Files of a history, and the moments at which its state is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chronicle {
    /// Events, each the rows of one id.
    pub events: Vec<Vec<Row>>,
    /// The members file; none when it has no row.
    pub members: Vec<Row>,
    /// The items file; none when it has no row.
    pub items: Vec<Row>,
    /// As the command line takes them.
    pub as_of: Vec<String>,
}

/// The columns that stand first, in the order people read them.
const FIRST: [&str; 16] = [
    "id", "line", "time", "type", "member", "amount", "regular", "tax", "ref", "qty", "unit", "sku", "category",
    "brand", "store", "channel",
];

impl Chronicle {
    /// `events.csv`.
    pub fn events_csv(&self) -> String {
        let rows: Vec<&Row> = self.events.iter().flatten().collect();
        csv(&rows, &["id", "time", "type", "member"])
    }

    /// `members.csv`.
    pub fn members_csv(&self) -> String {
        csv(&self.members.iter().collect::<Vec<_>>(), &["member"])
    }

    /// `items.csv`.
    pub fn items_csv(&self) -> String {
        csv(&self.items.iter().collect::<Vec<_>>(), &["sku"])
    }

    /// The files of a case folder: name and contents.
    pub fn files(&self) -> Vec<(&'static str, String)> {
        let mut files = vec![("events.csv", self.events_csv()), ("as_of.txt", self.as_of.join("\n") + "\n")];
        if !self.members.is_empty() {
            files.push(("members.csv", self.members_csv()));
        }
        if !self.items.is_empty() {
            files.push(("items.csv", self.items_csv()));
        }
        files
    }

    /// The same from the files of a case folder.
    pub fn parse(file: &dyn Fn(&str) -> Option<String>) -> Self {
        let mut chronicle = Self::default();
        let mut by_id: BTreeMap<String, usize> = BTreeMap::new();
        for row in rows_of(&file("events.csv").unwrap_or_default()) {
            let id = row.get("id").cloned().unwrap_or_default();
            match by_id.get(&id) {
                Some(at) => chronicle.events[*at].push(row),
                None => {
                    by_id.insert(id, chronicle.events.len());
                    chronicle.events.push(vec![row]);
                }
            }
        }
        chronicle.members = rows_of(&file("members.csv").unwrap_or_default());
        chronicle.items = rows_of(&file("items.csv").unwrap_or_default());
        let as_of = file("as_of.txt").unwrap_or_default();
        chronicle.as_of = as_of.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
        chronicle
    }

    /// The history as the ledger reads it; the reason where it refuses it.
    pub fn read(&self, program: &Program) -> Result<History, String> {
        self.read_files(program, vec![self.events_csv()])
    }

    /// The same with its events told by these files.
    pub fn read_files(&self, program: &Program, events: Vec<String>) -> Result<History, String> {
        let map = ColumnMap::default();
        let settings = &program.settings;
        let how = How {
            clock: &settings.clock,
            money: &settings.money,
            minor_units: settings.minor_units,
            map: &map,
            exchange: None,
            bad: BadRows::Refuse,
        };
        let input = |name: &str, text: String| Input::new(name, std::io::Cursor::new(text));
        let optional = |rows: &[Row], name: &str, text: String| match rows {
            [] => Vec::new(),
            [..] => vec![input(name, text)],
        };
        let inputs = Inputs {
            events: events.into_iter().map(|text| input("events.csv", text)).collect(),
            members: optional(&self.members, "members.csv", self.members_csv()),
            items: optional(&self.items, "items.csv", self.items_csv()),
        };
        match ledger::read(inputs, &how, &mut |_| {}) {
            Ok(loaded) => Ok(loaded.history),
            Err(wrong) => Err(wrong.to_string()),
        }
    }

    /// The moments asked for, those that can be read.
    pub fn moments(&self, program: &Program) -> Vec<AsOf> {
        let clock = &program.settings.clock;
        let of = |label: &String| {
            let when = match parse_date(label) {
                Ok(day) => When::EndOf(day),
                Err(_) => When::At(clock.parse_moment(label).ok()?.0),
            };
            Some(AsOf { label: label.clone(), when })
        };
        self.as_of.iter().filter_map(of).collect()
    }
}

fn csv(rows: &[&Row], always: &[&str]) -> String {
    let used: BTreeSet<&str> =
        rows.iter().flat_map(|row| row.keys().map(String::as_str)).chain(always.iter().copied()).collect();
    let first = FIRST.iter().copied().filter(|column| used.contains(column));
    let columns: Vec<&str> = first.chain(used.iter().copied().filter(|column| !FIRST.contains(column))).collect();
    let mut text = columns.join(",") + "\n";
    for row in rows {
        let cells: Vec<&str> = columns.iter().map(|column| row.get(*column).map_or("", String::as_str)).collect();
        text += &(cells.join(",") + "\n");
    }
    text
}

fn rows_of(text: &str) -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    let rows = reader.records().filter_map(Result::ok);
    rows.map(|record| {
        let cells = header.iter().zip(record.iter()).filter(|(_, cell)| !cell.is_empty());
        cells.map(|(column, cell)| (column.to_owned(), cell.to_owned())).collect()
    })
    .collect()
}
