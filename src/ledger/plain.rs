//! What those need who read rows of events by other ways than [`super::read`]: where our columns stand in a file,
//! and the lists beside the events. What such a way does not take is read here after all, so that each mistake is
//! worded in one place.

use std::collections::BTreeMap;

use super::columns::{EVENTS, FileMap};
use super::layout::Layout;
use super::lists::{Items, Lists};
use super::loaded::{How, Input, Note};
use super::mistakes::Mistakes;
use super::read::Reading;
use super::{Kind, MemberRow};
use crate::source::csv::{TimeForm, Written};

/// Our columns of an events file, in the order of `docs/formats.md`.
pub const EVENT_COLUMNS: [&str; 20] = EVENTS;

/// Where the columns of an events file go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventColumns {
    /// Beside [`EVENT_COLUMNS`]: where each comes from.
    pub ours: Vec<Taken>,
    /// Other columns: place in the file, and the name that conditions use; by name.
    pub extras: Vec<(usize, String)>,
    /// How the file writes its times and numbers.
    pub written: Written,
    /// What its words for the types of events mean, where the map says it: `SALE` is `purchase`.
    pub types: BTreeMap<String, String>,
    /// What the reader should know.
    pub notes: Vec<Note>,
}

/// Where one of our columns comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// The file says nothing of it.
    Absent,
    /// The column at this place.
    Cell(usize),
    /// This, in every row.
    Always(String),
    /// The numbers of the columns at these places, added.
    Sum(Vec<usize>),
}

/// Where our columns stand in a file with this header; none where the map asks for more than columns under
/// other names, their sums, a zone, one form of dates with places, forms of numbers and words for types, and where
/// something is wrong.
pub fn event_columns(path: &str, header: &[String], map: &FileMap) -> Option<EventColumns> {
    if map.header.is_some() || map.values.keys().any(|column| column != "type") {
        return None;
    }
    let written = written(map)?;
    let types = map.values.get("type").cloned().unwrap_or_default();
    let mut line = csv::WriterBuilder::new().from_writer(Vec::new());
    line.write_record(header).ok()?;
    let input = Input::new(path, std::io::Cursor::new(line.into_inner().ok()?));
    let map = FileMap { delimiter: Some(super::Delimiter::Byte(b',')), ..map.clone() };
    let mut rows = super::sheet::Rows::new(path, input.open().ok()?, map.delimiter).ok()?;
    let mut notes = Vec::new();
    let layout = Layout::read(&mut rows, path, &EVENTS, &super::read::REQUIRED, &map, &mut notes).ok()?;
    let ours = (0..EVENTS.len()).map(|column| layout.taken(column)).collect::<Option<Vec<_>>>()?;
    let mut extras = layout.plain_extras();
    extras.sort_by(|(_, a), (_, b)| a.cmp(b));
    // A column that stands under two names would be one column of an event twice.
    let twice = extras.windows(2).any(|pair| pair[0].1 == pair[1].1);
    (!twice).then_some(EventColumns { ours, extras, written, types, notes })
}

/// How files with this map write times and numbers; none where it takes more to read them.
fn written(map: &FileMap) -> Option<Written> {
    let times = match map.dates.as_slice() {
        [] => None,
        [form] => Some(TimeForm::new(form.text())?),
        // What one form does not read another may, and only the ledger knows what each reads.
        [_, _, ..] => return None,
    };
    let decimal = u8::try_from(map.numbers.decimal).ok().filter(u8::is_ascii)?;
    if map.numbers.thousands == Some('-') {
        // Whether it is a sign or stands between thousands, only the ledger knows.
        return None;
    }
    Some(Written { times, decimal, thousands: map.numbers.thousands })
}

/// The members and items files.
#[derive(Debug, Default)]
pub struct Listed {
    /// The members file, by member.
    pub members: BTreeMap<String, MemberRow>,
    /// The items file.
    pub items: Articles,
    /// What the reader should know.
    pub notes: Vec<Note>,
}

/// The items file, by `sku`.
#[derive(Debug, Default)]
pub struct Articles(Items);

impl Articles {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The `sku` of each.
    pub fn skus(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// What it says of an article in a column of lines: `category`, `brand`, or one of its own.
    pub fn says(&self, sku: &str, column: &str) -> Option<&str> {
        let item = self.0.get(sku)?;
        match column {
            "category" => item.category.as_deref(),
            "brand" => item.brand.as_deref(),
            _ => item.fields.get(column).map(String::as_str),
        }
    }

    /// The names of its own columns that say something of some article.
    pub fn columns(&self) -> std::collections::BTreeSet<&str> {
        self.0.values().flat_map(|item| item.fields.keys()).map(String::as_str).collect()
    }
}

/// Reads the members and items files alone.
///
/// # Errors
/// Every mistake found in them.
pub fn lists(members: Vec<Input>, items: Vec<Input>, how: &How<'_>) -> Result<Listed, Mistakes> {
    let mut progress = |_| {};
    let mut reading = Reading::new(how, &mut progress);
    let Lists { members, items } = Lists::read(&mut reading, members, items);
    let notes = reading.notes_of_lists()?;
    Ok(Listed { members, items: Articles(items), notes })
}

impl Kind {
    /// Whether an event of this type must say whose it is.
    pub fn is_of_a_member(self) -> bool {
        self.needs_member()
    }

    /// Whether an event of this type must have a `ref`.
    pub fn must_refer(self) -> bool {
        self.needs_reference().is_some()
    }

    /// Whether its rows are lines; other events are one row.
    pub fn is_in_lines(self) -> bool {
        self.has_lines()
    }
}
