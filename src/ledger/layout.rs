//! From a header and the map to where each of our columns stands in a file.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::columns::{FileMap, Source};
use super::loaded::Note;
use super::mistake::{DataError, Problem};
use super::plain::Taken;
use super::rows::Cells;
use super::sheet::{Rows, kinds};
use crate::source::cells::CellKind;
use crate::value::nfc;

/// Stands between two columns that are shown as the place of one mistake, between back quotes.
pub(super) const BESIDE: &str = "` and `";

/// What a file writes, and what it means.
type Meanings = BTreeMap<String, String>;

/// Where each column of a file goes.
pub(super) struct Layout {
    /// The file's own names, in its order.
    pub(super) header: Vec<String>,
    /// Beside them what their cells are; nothing for a file of text.
    kinds: Vec<CellKind>,
    ours: &'static [&'static str],
    feeds: Vec<Feed>,
    /// By our column: what its values mean.
    meanings: Vec<Option<Meanings>>,
    /// Extra columns: place, name, what its values mean.
    extras: Vec<(usize, String, Option<Meanings>)>,
}

/// A cell that a number is read from.
pub(super) struct Part<'a> {
    /// The file's name of its column.
    pub(super) name: &'a str,
    pub(super) cell: &'a str,
    /// Whether its column holds exact numbers: no form of the map plays a part.
    pub(super) typed: bool,
    /// Whether it is a floating point that is not the number which it should stand for.
    pub(super) inexact: bool,
}

/// Our columns that are read as numbers.
const NUMBERS: [&str; 5] = ["amount", "regular", "tax", "qty", "paid_points"];

/// Where one of our columns comes from.
enum Feed {
    Absent,
    Cell(usize),
    Always(String),
    Joined(Vec<usize>, String),
    Sum(Vec<usize>),
}

impl Layout {
    /// Reads the header, and finds our columns in it.
    pub(super) fn read(
        rows: &mut Rows,
        path: &str,
        ours: &'static [&'static str],
        required: &[&str],
        map: &FileMap,
        notes: &mut Vec<Note>,
    ) -> Result<Self, Vec<DataError>> {
        let kinds = kinds(rows.columns());
        let header: Vec<String> = match (rows.columns(), &map.header) {
            (Some(columns), _) => columns.iter().map(|column| nfc(column.name.trim()).into_owned()).collect(),
            (None, Some(names)) => names.iter().map(|name| nfc(name).into_owned()).collect(),
            (None, None) => {
                if !rows.advance().map_err(|error| vec![*error])? {
                    return Err(vec![DataError::of_file(path, Problem::Empty)]);
                }
                rows.cells().iter().map(|name| nfc(name).into_owned()).collect()
            }
        };
        let row = if map.header.is_some() || rows.columns().is_some() { None } else { Some(1) };
        let mut finding = Finding { path, header: &header, kinds: &kinds, ours, map, row, errors: Vec::new() };
        finding.twice();
        let feeds: Vec<Feed> = ours.iter().map(|name| finding.feed(name, required)).collect();
        finding.renames();
        let floats = finding.typed(&feeds);
        let errors = finding.errors;
        if !errors.is_empty() {
            return Err(errors);
        }
        rows.floats(&floats, map);
        let mut extras = extras(&header, ours, &feeds, map);
        extras.retain(|(at, _, _)| !matches!(kinds.get(*at), Some(CellKind::Odd(_))));
        let nameless = header.iter().filter(|name| name.is_empty()).count();
        if nameless > 0 {
            notes.push(Note::NamelessColumns { file: path.to_owned(), count: nameless });
        }
        let free = ours.iter().zip(&feeds).filter(|(_, feed)| matches!(feed, Feed::Absent)).map(|(name, _)| *name);
        let free: Vec<&str> = free.collect();
        for (_, name, _) in &extras {
            if let Some(closest) = super::closest(name, free.iter().copied()) {
                let (file, column) = (path.to_owned(), name.clone());
                notes.push(Note::CloseColumn { file, column, closest: closest.to_owned() });
            }
        }
        let meanings = ours.iter().map(|name| map.values.get(*name).cloned()).collect();
        Ok(Self { header, kinds, ours, feeds, meanings, extras })
    }

    /// Whether the file says anything of our column.
    pub(super) fn has(&self, column: usize) -> bool {
        !matches!(self.feeds[column], Feed::Absent)
    }

    /// What a row says of our column, composed, its value as the map means it; empty for nothing.
    pub(super) fn text<'a>(&'a self, column: usize, cells: &'a Cells) -> Cow<'a, str> {
        let said = match &self.feeds[column] {
            Feed::Absent => return Cow::Borrowed(""),
            Feed::Cell(at) => nfc(cells.get(*at)),
            Feed::Always(value) => Cow::Borrowed(value.as_str()),
            Feed::Joined(columns, join) => {
                let parts: Vec<&str> = columns.iter().map(|at| cells.get(*at)).collect();
                match parts.iter().all(|part| part.is_empty()) {
                    true => Cow::Borrowed(""),
                    false => Cow::Owned(nfc(&parts.join(join)).into_owned()),
                }
            }
            Feed::Sum(columns) => Cow::Borrowed(columns.first().map_or("", |at| cells.get(*at))),
        };
        meant(said, self.meanings[column].as_ref())
    }

    /// The cells that our column of numbers is read from: one, or for `sum` those to add.
    pub(super) fn parts<'a>(&'a self, column: usize, cells: &'a Cells) -> impl Iterator<Item = Part<'a>> {
        let columns: &[usize] = match &self.feeds[column] {
            Feed::Sum(columns) => columns,
            Feed::Cell(at) => std::slice::from_ref(at),
            Feed::Absent | Feed::Always(_) | Feed::Joined(..) => &[],
        };
        columns.iter().map(|at| Part {
            name: &self.header[*at],
            cell: cells.get(*at),
            typed: self.is_typed_cell(*at),
            inexact: cells.inexact.contains(at),
        })
    }

    /// Whether our column is a sum of the file's.
    pub(super) fn is_sum(&self, column: usize) -> bool {
        matches!(self.feeds[column], Feed::Sum(_))
    }

    /// Whether the types of the file, and no form of the map, say how our column is read.
    pub(super) fn is_typed(&self, column: usize) -> bool {
        match &self.feeds[column] {
            Feed::Cell(at) => self.is_typed_cell(*at),
            Feed::Joined(columns, _) => columns.iter().all(|at| self.is_typed_cell(*at)),
            Feed::Absent | Feed::Always(_) | Feed::Sum(_) => false,
        }
    }

    fn is_typed_cell(&self, at: usize) -> bool {
        self.kinds.get(at).is_some_and(CellKind::is_typed)
    }

    /// The column as a person finds it in the file.
    pub(super) fn shown(&self, column: usize) -> String {
        match &self.feeds[column] {
            Feed::Cell(at) => self.header[*at].clone(),
            Feed::Joined(columns, _) => {
                columns.iter().map(|at| self.header[*at].as_str()).collect::<Vec<_>>().join(BESIDE)
            }
            Feed::Absent | Feed::Always(_) | Feed::Sum(_) => self.ours[column].to_owned(),
        }
    }

    /// Our own name of a column.
    pub(super) fn shown_ours(&self, column: usize) -> &'static str {
        self.ours[column]
    }

    /// The extra columns of a row that say something.
    pub(super) fn extras<'a>(&'a self, cells: &'a Cells) -> impl Iterator<Item = (&'a str, Cow<'a, str>)> {
        let said = self.extras.iter().filter_map(|(at, name, meanings)| {
            let cell = cells.get(*at);
            (!cell.is_empty()).then(|| (name.as_str(), meant(nfc(cell), meanings.as_ref())))
        });
        said.filter(|(_, value)| !value.is_empty())
    }

    /// Where our column comes from; none for texts that are put together of several.
    pub(super) fn taken(&self, column: usize) -> Option<Taken> {
        match &self.feeds[column] {
            Feed::Absent => Some(Taken::Absent),
            Feed::Cell(at) => Some(Taken::Cell(*at)),
            Feed::Always(value) => Some(Taken::Always(value.clone())),
            Feed::Sum(columns) => Some(Taken::Sum(columns.clone())),
            Feed::Joined(..) => None,
        }
    }

    /// The places and names of the extra columns.
    pub(super) fn plain_extras(&self) -> Vec<(usize, String)> {
        self.extras.iter().map(|(at, name, _)| (*at, name.clone())).collect()
    }

    /// The row as it stands, under the file's own names.
    pub(super) fn original(&self, cells: &Cells) -> Vec<(String, String)> {
        let width = self.header.len().max(cells.len());
        let name = |at: usize| match self.header.get(at) {
            Some(name) if !name.is_empty() => name.clone(),
            _ => format!("column_{}", at + 1),
        };
        (0..width).map(|at| (name(at), cells.get(at).to_owned())).collect()
    }
}

fn meant<'a>(said: Cow<'a, str>, meanings: Option<&'a Meanings>) -> Cow<'a, str> {
    match meanings.and_then(|meanings| meanings.get(said.as_ref())) {
        Some(meaning) => Cow::Borrowed(meaning.as_str()),
        None => said,
    }
}

/// The columns that are not ours, under the names that conditions use.
fn extras(header: &[String], ours: &[&str], feeds: &[Feed], map: &FileMap) -> Vec<(usize, String, Option<Meanings>)> {
    let taken: BTreeSet<usize> =
        feeds.iter().filter_map(|feed| if let Feed::Cell(at) = feed { Some(*at) } else { None }).collect();
    let mut extras = Vec::new();
    for (at, theirs) in header.iter().enumerate() {
        let renamed = map.extra.iter().find(|(_, old)| *old == theirs).map(|(new, _)| new.clone());
        let dropped = theirs.is_empty() || map.leave_out.contains(theirs);
        if renamed.is_none() && (dropped || taken.contains(&at)) {
            continue;
        }
        let name = renamed.unwrap_or_else(|| theirs.clone());
        // A part of `id = { from = ["id", …] }` is no extra column called `id`.
        if !ours.contains(&name.as_str()) {
            let meanings = map.values.get(&name).cloned();
            extras.push((at, name, meanings));
        }
    }
    extras
}

struct Finding<'a> {
    path: &'a str,
    header: &'a [String],
    kinds: &'a [CellKind],
    ours: &'static [&'static str],
    map: &'a FileMap,
    /// Where the names stand; none where no row holds them.
    row: Option<u64>,
    errors: Vec<DataError>,
}

impl Finding<'_> {
    fn at(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
    }

    /// Our own name in the header; written otherwise (`Time`) only when no column has it exactly.
    fn own(&self, name: &str) -> Option<usize> {
        self.at(name).or_else(|| {
            let mut alike = self.header.iter().enumerate().filter(|(_, column)| column.eq_ignore_ascii_case(name));
            let (at, _) = alike.next()?;
            alike.next().is_none().then_some(at)
        })
    }

    fn twice(&mut self) {
        for (at, name) in self.header.iter().enumerate() {
            if let Some(first) = self.at(name).filter(|first| *first < at && !name.is_empty()) {
                let problem = Problem::TwiceInHeader { places: (first + 1, at + 1) };
                self.error(name, problem);
            }
        }
    }

    fn feed(&mut self, ours: &'static str, required: &[&str]) -> Feed {
        let Some(source) = self.map.columns.get(ours) else {
            let own = self.own(ours).filter(|at| !self.spoken_for(&self.header[*at]));
            return match own {
                Some(at) => Feed::Cell(at),
                None => {
                    if required.contains(&ours) {
                        self.missing(ours);
                    }
                    Feed::Absent
                }
            };
        };
        let missing: Vec<&String> = source.reads().iter().filter(|theirs| self.at(theirs).is_none()).collect();
        if let Some(theirs) = missing.first() {
            // One map serves files of both kinds: a history in our own columns is read as it is.
            if let Some(at) = self.at(ours) {
                return Feed::Cell(at);
            }
            let closest = super::closest(theirs, self.header.iter().map(String::as_str)).map(str::to_owned);
            let problem = Problem::MappedMissing { ours: ours.to_owned(), there: self.there(), closest };
            self.error(theirs, problem);
            return Feed::Absent;
        }
        if self.at(ours).is_some() && !self.spoken_for(ours) {
            self.error(ours, Problem::MappedTwice { ours: ours.to_owned() });
            return Feed::Absent;
        }
        let places = |columns: &[String]| columns.iter().filter_map(|column| self.at(column)).collect::<Vec<_>>();
        match source {
            Source::Column(theirs) => self.at(theirs).map_or(Feed::Absent, Feed::Cell),
            Source::Always(value) => Feed::Always(value.clone()),
            Source::Joined { from, join, .. } => Feed::Joined(places(from), join.clone()),
            Source::Sum(columns) => Feed::Sum(places(columns)),
        }
    }

    /// Renamed columns must be there, too.
    fn renames(&mut self) {
        for (new, theirs) in &self.map.extra {
            if self.at(theirs).is_none() && self.at(new).is_none() {
                let closest = super::closest(theirs, self.header.iter().map(String::as_str)).map(str::to_owned);
                let problem = Problem::MappedMissing { ours: new.clone(), there: self.there(), closest };
                self.error(theirs, problem);
            }
        }
    }

    /// Whether the map already says what a column of the file is for.
    fn spoken_for(&self, theirs: &str) -> bool {
        let read = self.map.columns.values().any(|source| source.reads().iter().any(|column| column == theirs));
        read || self.map.extra.values().any(|old| old == theirs) || self.map.leave_out.iter().any(|old| old == theirs)
    }

    /// Our columns cannot be read from lists and records, nor numbers from floating point unless the map says
    /// what it stands for. Returns the columns of floating point that are numbers.
    fn typed(&mut self, feeds: &[Feed]) -> Vec<usize> {
        let mut floats = Vec::new();
        for (ours, feed) in self.ours.iter().zip(feeds) {
            let columns: &[usize] = match feed {
                Feed::Cell(at) => std::slice::from_ref(at),
                Feed::Joined(columns, _) | Feed::Sum(columns) => columns,
                Feed::Absent | Feed::Always(_) => &[],
            };
            for at in columns {
                match self.kinds.get(*at) {
                    Some(CellKind::Odd(what)) => {
                        let problem = Problem::ColumnType { ours: (*ours).to_owned(), what: what.clone() };
                        self.error(&self.header[*at], problem);
                    }
                    Some(CellKind::Float) if NUMBERS.contains(ours) => {
                        floats.push(*at);
                        if self.map.floats.is_none() {
                            self.error(&self.header[*at], Problem::Floats { ours: (*ours).to_owned() });
                        }
                    }
                    Some(CellKind::Text | CellKind::Number | CellKind::Float | CellKind::Time | CellKind::Clock)
                    | None => {}
                }
            }
        }
        for (new, theirs) in &self.map.extra {
            if let Some(at) = self.at(theirs)
                && let Some(CellKind::Odd(what)) = self.kinds.get(at)
            {
                self.error(theirs, Problem::ColumnType { ours: new.clone(), what: what.clone() });
            }
        }
        floats
    }

    fn missing(&mut self, ours: &str) {
        let free = self.header.iter().map(String::as_str).filter(|name| !self.ours.contains(name));
        let closest = super::closest(ours, free).map(str::to_owned);
        let there = self.there();
        self.error(ours, Problem::MissingColumn { there, closest });
    }

    fn there(&self) -> Vec<String> {
        self.header.iter().filter(|name| !name.is_empty()).cloned().collect()
    }

    fn error(&mut self, column: &str, problem: Problem) {
        let row = self.row;
        let (file, column) = (self.path.to_owned(), Some(column.to_owned()));
        self.errors.push(DataError { file, row, column, value: None, problem });
    }
}
