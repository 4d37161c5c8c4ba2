//! One reading: files in, a history out, or all that is wrong with them.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::columns::EVENTS;
use super::events::{Draft, Original, read_rows};
use super::layout::Layout;
use super::lists::{Items, Lists};
use super::loaded::{BadRows, How, Input, Inputs, Loaded, Note, SetAside, Totals};
use super::mistake::{DataError, Place, Problem};
use super::mistakes::Mistakes;
use super::settle::Settling;
use super::sheet::Rows;
use super::{Event, History, Kind};
use crate::value::exact::{Exact, Rounding};

/// Reads all files of a history. `progress` hears how many rows of events have been read.
///
/// ```
/// use loyal::ledger::{self, BadRows, ColumnMap, How, Input, Inputs};
/// use loyal::value::Clock;
/// let (clock, map) = (Clock::utc(), ColumnMap::default());
/// let how = How { clock: &clock, money: "RON", minor_units: 2, map: &map, exchange: None, bad: BadRows::Refuse };
/// let till = "id,time,type,member,amount\np1,2026-02-03,purchase,ana,57.90\n";
/// let inputs = Inputs { events: vec![Input::new("till.csv", till.as_bytes())], ..Inputs::default() };
/// let loaded = ledger::read(inputs, &how, &mut |_| {}).unwrap();
/// assert_eq!(loaded.totals.amount.to_string(), "57.9");
/// ```
///
/// # Errors
/// Every mistake found (the first are kept, the rest counted), from all files. With
/// [`BadRows::SetAside`] only those that make a file unreadable as a whole.
pub fn read(inputs: Inputs, how: &How<'_>, progress: &mut dyn FnMut(u64)) -> Result<Loaded, Mistakes> {
    let mut reading = Reading::new(how, progress);
    let lists = Lists::read(&mut reading, inputs.members, inputs.items);
    let mut settling = Settling::default();
    for input in inputs.events {
        reading.events_file(input, &mut settling);
    }
    settling.number(&mut reading);
    let drafts = std::mem::take(&mut settling.drafts);
    drop(settling);
    reading.finish(drafts, lists)
}

/// Our columns that every events file has.
pub(super) const REQUIRED: [&str; 4] = ["id", "time", "type", "member"];

/// What all files of one reading share.
pub(super) struct Reading<'a> {
    pub(super) how: &'a How<'a>,
    /// Paths of the events files.
    pub(super) files: Vec<String>,
    pub(super) notes: Vec<Note>,
    pub(super) set_aside: Vec<SetAside>,
    pub(super) equal_rows: (u64, u64),
    pub(super) repeated_events: u64,
    pub(super) repeated_rows: u64,
    mistakes: Mistakes,
    rows: u64,
    progress: &'a mut dyn FnMut(u64),
}

impl<'a> Reading<'a> {
    pub(super) fn new(how: &'a How<'a>, progress: &'a mut dyn FnMut(u64)) -> Self {
        Self {
            how,
            files: Vec::new(),
            notes: Vec::new(),
            set_aside: Vec::new(),
            equal_rows: (0, 0),
            repeated_events: 0,
            repeated_rows: 0,
            mistakes: Mistakes::default(),
            rows: 0,
            progress,
        }
    }

    /// A mistake that no setting aside helps against.
    pub(super) fn fail(&mut self, error: DataError) {
        self.mistakes.add(error);
    }

    /// A mistake of a row; when bad rows are set aside, the row carries it instead.
    pub(super) fn wrong(&mut self, error: DataError) {
        if self.how.bad == BadRows::Refuse {
            self.mistakes.add(error);
        }
    }

    pub(super) fn count_row(&mut self) {
        self.rows += 1;
        if self.rows.is_multiple_of(1024) {
            (self.progress)(self.rows);
        }
    }

    pub(super) fn no_rows(&mut self, file: usize) {
        self.notes.push(Note::NoRows { file: self.files[file].clone() });
    }

    /// Where an event begins.
    pub(super) fn place(&self, event: &Event) -> Place {
        Place { file: self.files[event.place.0].clone(), row: event.place.1 }
    }

    /// Opens a file's rows and finds its columns; what is wrong with it as a whole is a mistake.
    pub(super) fn open(
        &mut self,
        input: Input,
        ours: &'static [&'static str],
        required: &[&str],
        map: &super::FileMap,
    ) -> Option<(Rows, Layout)> {
        let path = input.path.clone();
        let opened = input.open().map_err(|error| Box::new(DataError::from_io(&path, &error)));
        let mut rows = match opened.and_then(|source| Rows::new(&path, source, map.delimiter)) {
            Ok(rows) => rows,
            Err(error) => {
                self.fail(*error);
                return None;
            }
        };
        match Layout::read(&mut rows, &path, ours, required, map, &mut self.notes) {
            Ok(layout) => Some((rows, layout)),
            Err(errors) => {
                errors.into_iter().for_each(|error| self.fail(error));
                None
            }
        }
    }

    fn events_file(&mut self, input: Input, settling: &mut Settling) {
        let file = self.files.len();
        self.files.push(input.path.clone());
        let how = self.how;
        let Some((mut rows, layout)) = self.open(input, &EVENTS, &REQUIRED, &how.map.events) else {
            return;
        };
        let sheet = read_rows(self, &mut rows, &layout, file);
        settling.take(self, sheet, &layout, how.map.events.numbers_ids());
    }

    /// Sets the rows of an event aside, each with its reason.
    pub(super) fn put_aside(&mut self, file: usize, bad: u64, originals: Vec<Original>) {
        let file = self.files[file].clone();
        let companion = Problem::Companion { other: Place { file: file.clone(), row: bad } };
        let companion = DataError::of_file(&file, companion).says();
        for Original { row, cells, wrong } in originals {
            let (column, reason) = wrong.unwrap_or_else(|| (None, companion.clone()));
            self.set_aside.push(SetAside { file: file.clone(), row, reason, column, cells });
        }
    }

    /// The notes of a reading of lists alone.
    pub(super) fn notes_of_lists(mut self) -> Result<Vec<Note>, Mistakes> {
        if self.mistakes.is_empty() { Ok(self.all_notes(&[])) } else { Err(self.mistakes) }
    }

    fn finish(mut self, drafts: Vec<Draft>, lists: Lists) -> Result<Loaded, Mistakes> {
        (self.progress)(self.rows);
        if !self.mistakes.is_empty() {
            return Err(self.mistakes);
        }
        let mut events = Vec::with_capacity(drafts.len());
        for draft in drafts {
            match draft.bad {
                Some(row) => self.put_aside(draft.event.place.0, row, draft.originals),
                None => {
                    self.repeated_rows += draft.repeated_rows;
                    events.push(draft.event);
                }
            }
        }
        let totals = totals(&events);
        self.join_items(&mut events, &lists.items);
        let mut history = History { events, members: lists.members };
        history.order();
        self.set_aside.sort_by(|a, b| (&a.file, a.row).cmp(&(&b.file, b.row)));
        let notes = self.all_notes(&history.events);
        Ok(Loaded { history, files: self.files, notes, totals, set_aside: self.set_aside })
    }

    /// Category, brand and extra columns of the item, where the line does not say them itself.
    fn join_items(&mut self, events: &mut [Event], items: &Items) {
        if items.is_empty() {
            return;
        }
        let (mut lines, mut unknown) = (0, BTreeSet::new());
        for line in events.iter_mut().flat_map(|event| &mut event.lines) {
            let Some(sku) = &line.sku else { continue };
            let Some(item) = items.get(sku) else {
                lines += 1;
                unknown.insert(sku.clone());
                continue;
            };
            for (ours, theirs) in [(&mut line.category, &item.category), (&mut line.brand, &item.brand)] {
                if ours.is_none() {
                    ours.clone_from(theirs);
                }
            }
            for (name, value) in &item.fields {
                if !line.fields.contains_key(name) {
                    line.fields.insert(name.clone(), value.clone());
                }
            }
        }
        if lines > 0 {
            self.notes.push(Note::UnknownItems { lines, skus: unknown.len() as u64 });
        }
    }

    fn all_notes(&mut self, history: &[Event]) -> Vec<Note> {
        let mut notes = std::mem::take(&mut self.notes);
        let (rows, events) = self.equal_rows;
        let minor_units = self.how.minor_units;
        let lines = || history.iter().flat_map(|event| event.lines.iter().map(move |line| (event.kind, line)));
        let none = lines().filter(|(kind, line)| *kind == Kind::Purchase && line.amount.is_none()).count() as u64;
        let too_fine = |amount: &Exact| amount.round(Rounding::Down, minor_units) != *amount;
        let many = lines().filter(|(_, line)| line.amount.as_ref().is_some_and(too_fine)).count() as u64;
        let counted = [
            (rows, Note::EqualRows { rows, events }),
            (self.repeated_events, Note::Repeated { events: self.repeated_events }),
            (self.repeated_rows, Note::RepeatedRows { rows: self.repeated_rows }),
            (none, Note::NoAmount { lines: none }),
            (many, Note::ManyDecimals { lines: many, minor_units }),
        ];
        notes.extend(counted.into_iter().filter(|(count, _)| *count > 0).map(|(_, note)| note));
        notes.sort();
        notes
    }
}

fn totals(events: &[Event]) -> Totals {
    let mut totals = Totals::default();
    let mut members = HashSet::new();
    let mut counts: BTreeMap<Kind, u64> = BTreeMap::new();
    for event in events {
        *counts.entry(event.kind).or_default() += 1;
        if let Some(member) = &event.member {
            members.insert(member.as_str());
        }
        totals.lines += event.lines.len() as u64;
        for amount in event.lines.iter().filter_map(|line| line.amount.as_ref()) {
            totals.amount += amount;
            match event.kind {
                Kind::Purchase => totals.purchases += amount,
                Kind::Return => totals.returns += amount.abs(),
                Kind::Redeem
                | Kind::Visit
                | Kind::Activity
                | Kind::Join
                | Kind::Leave
                | Kind::Merge
                | Kind::Referral
                | Kind::Subscribe
                | Kind::Cancel
                | Kind::Transfer
                | Kind::Grant
                | Kind::Revoke
                | Kind::Adjust
                | Kind::Draw => {}
            }
        }
    }
    totals.events = counts;
    totals.members = members.len() as u64;
    totals
}
