//! Which columns of a file are asked for, and where what the program looks at is among them.

use crate::engine::plan::{Keep, Needs, Wanted};
use crate::ledger::{EVENT_COLUMNS, EventColumns, Kind, Taken};
use crate::source::batch::{Asked, Batch, Cells, Column, Read, Stamp};
use std::collections::BTreeMap;

/// One of our columns: its place in [`EVENT_COLUMNS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Our {
    Id = 0,
    Line = 1,
    Time = 2,
    Type = 3,
    Member = 4,
    Amount = 5,
    Currency = 6,
    Regular = 7,
    Tax = 8,
    Ref = 9,
    Qty = 10,
    Unit = 11,
    Sku = 12,
    Category = 13,
    Brand = 14,
    PaidPoints = 15,
    Coupon = 16,
    Store = 17,
    Channel = 18,
    Note = 19,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum From {
    /// Nowhere: it is empty.
    Nowhere,
    /// The column at this place of a batch: those asked for, then the sums of them.
    Asked(usize),
    /// This, in every row.
    Always(String),
}

/// A column that the program looks at.
#[derive(Debug, Clone)]
pub(super) struct Looked {
    /// Its text.
    pub text: From,
    /// The column asked for that has its codes, if it is kept as a code and stands in the file.
    pub code: Option<usize>,
    /// Whether an article may say it where the line does not, and under which name.
    pub of_item: Option<String>,
    /// How it is kept.
    pub keep: Keep,
}

/// The columns of one file.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    /// What is asked for.
    pub asked: Vec<Asked>,
    /// Sums of columns asked for: the places of those that are added.
    pub sums: Vec<Vec<usize>>,
    /// Beside [`EVENT_COLUMNS`].
    ours: Vec<From>,
    /// Columns that lines keep under names of their own, `note` too: by name.
    pub extras: Vec<(usize, String)>,
    /// What the program looks at of an event.
    pub event: Vec<Looked>,
    /// What the program looks at of a line.
    pub line: Vec<Looked>,
    /// The kind of every row, where the map says it.
    pub kind: Option<Kind>,
    /// What each word for a type means, in the order of their codes; none: a type that is none of ours.
    kinds: Vec<Option<Kind>>,
}

/// The words for types of events, ours and those that the map gives a meaning, and what each means.
fn types(meanings: &BTreeMap<String, String>) -> (Vec<String>, Vec<Option<Kind>>) {
    let ours = Kind::ALL.iter().map(|kind| (kind.word().to_owned(), Some(*kind)));
    let ours = ours.filter(|(word, _)| !meanings.contains_key(word));
    let theirs = meanings.iter().map(|(word, meaning)| (word.clone(), Kind::of(meaning)));
    ours.chain(theirs).unzip()
}

/// What a column of ours is read as; `types` are the words for types of events.
fn read_as(our: usize, types: &[String]) -> Read {
    const NUMBERS: [usize; 5] =
        [Our::Amount as usize, Our::Regular as usize, Our::Tax as usize, Our::Qty as usize, Our::PaidPoints as usize];
    if NUMBERS.contains(&our) {
        Read::Number
    } else if our == Our::Time as usize {
        Read::Time
    } else if our == Our::Type as usize {
        Read::Code(types.to_vec())
    } else {
        Read::Text
    }
}

/// What is asked of a file.
struct Asking<'h> {
    header: &'h [String],
    asked: Vec<Asked>,
    /// Beside it, places in the file.
    places: Vec<usize>,
}

impl Asking<'_> {
    fn ask(&mut self, place: usize, read: Read) -> usize {
        let mut asked = self.asked.iter().zip(&self.places);
        if let Some(at) = asked.position(|(one, other)| *other == place && one.read == read) {
            return at;
        }
        self.asked.push(Asked { name: self.header[place].clone(), read, optional: false });
        self.places.push(place);
        self.asked.len() - 1
    }

    /// A text, and its codes beside it where that is how it is kept.
    fn look(&mut self, wanted: &Wanted, text: From, of_item: Option<String>) -> Looked {
        let code = match (&wanted.keep, &text) {
            (Keep::Code(words), From::Asked(at)) => {
                let place = self.places[*at];
                Some(self.ask(place, Read::Code(words.clone())))
            }
            (Keep::Code(_) | Keep::Text, _) => None,
        };
        Looked { text, code, of_item, keep: wanted.keep.clone() }
    }
}

/// Where a column stands that the program looks at in an event.
fn event_text(name: &str, ours: &[From], extras: &[(usize, String)]) -> From {
    match name {
        "store" => ours[Our::Store as usize].clone(),
        "channel" => ours[Our::Channel as usize].clone(),
        "unit" => ours[Our::Unit as usize].clone(),
        "ref" => ours[Our::Ref as usize].clone(),
        name => extra(name, extras),
    }
}

/// Where a column stands that the program looks at in a line, and whether an article may say it.
fn line_text(name: &str, ours: &[From], extras: &[(usize, String)]) -> (From, bool) {
    match name {
        "sku" => (ours[Our::Sku as usize].clone(), false),
        "category" => (ours[Our::Category as usize].clone(), true),
        "brand" => (ours[Our::Brand as usize].clone(), true),
        name => (extra(name, extras), !EVENT_COLUMNS.contains(&name)),
    }
}

fn extra(name: &str, extras: &[(usize, String)]) -> From {
    extras.iter().find(|(_, other)| other == name).map_or(From::Nowhere, |(at, _)| From::Asked(*at))
}

impl Columns {
    /// The columns of a file with this header; none where the map says in every row what is read as a number or a
    /// time, or a type that is none, and where it adds what is no number.
    pub fn new(header: &[String], found: &EventColumns, needs: &Needs, has_items: bool) -> Option<Self> {
        let mut asking = Asking { header, asked: Vec::new(), places: Vec::new() };
        let (mut kind, mut sums) = (None, Vec::new());
        let (words, kinds) = types(&found.types);
        let mut ours = Vec::new();
        for (our, taken) in found.ours.iter().enumerate() {
            ours.push(match (taken, read_as(our, &words)) {
                (Taken::Absent, _) => From::Nowhere,
                (Taken::Cell(at), read) => From::Asked(asking.ask(*at, read)),
                (Taken::Sum(columns), Read::Number) => {
                    sums.push((our, columns.iter().map(|at| asking.ask(*at, Read::Number)).collect::<Vec<_>>()));
                    From::Nowhere
                }
                (Taken::Sum(_), Read::Text | Read::Code(_) | Read::Time) => return None,
                (Taken::Always(word), Read::Code(_)) => {
                    kind = Some(Kind::of(found.types.get(word).unwrap_or(word))?);
                    From::Nowhere
                }
                (Taken::Always(word), Read::Text) => From::Always(word.clone()),
                (Taken::Always(_), Read::Number | Read::Time) => return None,
            });
        }
        let mut extras: Vec<(usize, String)> =
            found.extras.iter().map(|(at, name)| (asking.ask(*at, Read::Text), name.clone())).collect();
        match &ours[Our::Note as usize] {
            From::Nowhere => {}
            From::Asked(at) => extras.push((*at, "note".to_owned())),
            // It would be a field of every line: the plain way makes it so.
            From::Always(_) => return None,
        }
        extras.sort_by(|(_, a), (_, b)| a.cmp(b));
        let event =
            needs.event.iter().map(|wanted| asking.look(wanted, event_text(&wanted.name, &ours, &extras), None));
        let event: Vec<Looked> = event.collect();
        let line = needs.line.iter().map(|wanted| {
            let (text, of_item) = line_text(&wanted.name, &ours, &extras);
            asking.look(wanted, text, (of_item && has_items).then(|| wanted.name.clone()))
        });
        let line: Vec<Looked> = line.collect();
        // Sums stand behind all that is asked for.
        let sums = sums.into_iter().enumerate().map(|(nth, (our, parts))| {
            ours[our] = From::Asked(asking.asked.len() + nth);
            parts
        });
        let sums = sums.collect();
        Some(Self { asked: asking.asked, sums, ours, extras, event, line, kind, kinds })
    }

    /// Where one of our columns comes from.
    pub fn our(&self, our: Our) -> &From {
        &self.ours[our as usize]
    }

    /// The text of one of our columns in a row.
    pub fn text<'b>(&'b self, our: Our, batch: &'b Batch<'_>, row: usize) -> &'b str {
        text(self.our(our), batch, row)
    }

    /// The scaled number of one of our columns in a row.
    pub fn number(&self, our: Our, batch: &Batch<'_>, row: usize) -> i64 {
        self.numbers(our, batch).map_or(crate::source::batch::NONE, |numbers| numbers[row])
    }

    /// One of our columns as it stands in a batch; none where the file has it not.
    pub fn column<'b, 't>(&self, our: Our, batch: &'b Batch<'t>) -> Option<&'b Column<'t>> {
        match self.our(our) {
            From::Asked(at) => Some(&batch.columns[*at]),
            From::Nowhere | From::Always(_) => None,
        }
    }

    /// The scaled numbers of one of our columns; none where all cells are empty.
    pub fn numbers<'b>(&self, our: Our, batch: &'b Batch<'_>) -> Option<&'b [i64]> {
        match self.column(our, batch)? {
            Column::Number(numbers) => Some(numbers),
            Column::Text(_) | Column::Code(_) | Column::Time(_) | Column::Absent => None,
        }
    }

    /// The texts of one of our columns; none where the file has it not.
    pub fn cells<'b, 't>(&self, our: Our, batch: &'b Batch<'t>) -> Option<&'b Cells<'t>> {
        match self.column(our, batch)? {
            Column::Text(cells) => Some(cells),
            Column::Number(_) | Column::Code(_) | Column::Time(_) | Column::Absent => None,
        }
    }

    /// The time of a row.
    pub fn time(&self, batch: &Batch<'_>, row: usize) -> Option<Stamp> {
        match self.column(Our::Time, batch)? {
            Column::Time(times) => Some(times[row]),
            Column::Text(_) | Column::Code(_) | Column::Number(_) | Column::Absent => None,
        }
    }

    /// The type of a row; none when it is none of ours.
    pub fn kind(&self, batch: &Batch<'_>, row: usize) -> Option<Kind> {
        if self.kind.is_some() {
            return self.kind;
        }
        match self.column(Our::Type, batch)? {
            Column::Code(codes) => *self.kinds.get((codes[row] as usize).checked_sub(2)?)?,
            Column::Text(_) | Column::Number(_) | Column::Time(_) | Column::Absent => None,
        }
    }
}

/// A text of a row.
pub(super) fn text<'b>(from: &'b From, batch: &'b Batch<'_>, row: usize) -> &'b str {
    match from {
        From::Nowhere => "",
        From::Always(word) => word,
        From::Asked(at) => cell(batch, *at, row),
    }
}

/// The cell of a column of texts.
pub(super) fn cell<'b>(batch: &'b Batch<'_>, column: usize, row: usize) -> &'b str {
    match &batch.columns[column] {
        Column::Text(cells) => cells.get(row),
        Column::Code(_) | Column::Number(_) | Column::Time(_) | Column::Absent => "",
    }
}

/// The code of a row.
pub(super) fn coded(batch: &Batch<'_>, column: usize, row: usize) -> u32 {
    match &batch.columns[column] {
        Column::Code(codes) => codes[row],
        Column::Text(_) | Column::Number(_) | Column::Time(_) | Column::Absent => crate::engine::plan::NO_CODE,
    }
}
