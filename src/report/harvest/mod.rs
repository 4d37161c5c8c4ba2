//! What a run says of members who are played one after the other, by several workers and in any order: finished
//! rows, sorted and merged, and totals that are folds. The same bytes whatever the parts, in bounded memory.
//!
//! ```text
//! Harvest ── take() ──► Basket, one a worker ── member, member, … ── give() ──► Harvest ── join() ──► Harvested
//!                         rows by table and moment                    sorted runs, in         facts, tables,
//!                         totals by moment                            memory or on disk       summary, totals
//! ```

pub mod facts;
pub mod journal;
pub mod rows;
mod runs;
mod split;
mod spool;
mod states;
mod whole;

use super::by::{self, By};
use super::chain::{self, Chain};
use super::facts::{COLUMNS, Fact};
use super::pseudonyms::Pseudonyms;
use super::tables::{Of, Sheet};
use super::terminal::Paint;
use super::totals::Totals;
use super::words::Book;
use super::{measures, summary, terminal};
use crate::engine::hers::Hers;
use crate::engine::outcome::{AsOf, MemberView, Outcome, Reason};
use crate::engine::parts::order::Order;
use crate::engine::parts::place::Until;
use crate::engine::parts::{Counts, Played, Take};
use crate::mechanics::Program;
use crate::source::scratch::{InMemory, Scratch};
use crate::value::exact::Exact;
use facts::{Finder, Names};
use journal::Standing;
use rows::{Format, Rows};
use runs::Gathered;
use spool::{Full, Spool};
use states::State;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

pub use split::feed;

/// Before the key of who has no name: she comes first, and her facts are records of their own.
const NAMELESS: &[u8] = &[0];
/// Before the key of a member.
const NAMED: &[u8] = &[1];

/// The bytes a basket gathers before it hands them on, at least and at most.
const BASKET: (usize, usize) = (64 << 10, 32 << 20);

/// Bytes that are written at once.
const PIECE: usize = 64 << 10;

/// What is wanted of a run beside its totals, which are always there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Facts, in this format.
    pub facts: Option<Format>,
    /// Tables.
    pub sheets: Vec<Sheet>,
    /// Their format.
    pub format: Format,
    /// A table by something.
    pub by: Option<By>,
    /// Other names for members and events.
    pub pseudonyms: Option<Pseudonyms>,
}

impl Default for Wanted {
    fn default() -> Self {
        Self { facts: None, sheets: Vec::new(), format: Format::Csv, by: None, pseudonyms: None }
    }
}

impl Wanted {
    /// Whether members have to be played with a journal.
    pub fn journal(&self, program: &Program) -> bool {
        self.by.is_some()
            || self.sheets.iter().any(|sheet| sheet.of_the_journal())
            || measures::needs_journal(program)
            || !program.partners.is_empty()
    }

    /// Whether a night has to play everybody: what is wanted tells all that happened.
    pub fn stories(&self, program: &Program) -> bool {
        self.journal(program) || self.deeds(program)
    }

    /// Whether it must be told what members did, event by event.
    pub fn deeds(&self, program: &Program) -> bool {
        self.by.is_some() || !program.settings.objectives.is_empty() || !program.partners.is_empty()
    }
}

/// Takes in what members come to.
pub struct Harvest<'h> {
    book: Book<'h>,
    moments: Vec<AsOf>,
    format: Format,
    facts: Option<FactRows>,
    sheets: Vec<(Sheet, usize)>,
    spool: Spool<'h>,
    /// The bytes of a basket.
    basket: usize,
    /// Whether it is told what members did, and where each moment ends in a journal.
    deeds: bool,
    ends: Vec<Order>,
    by: Option<By>,
    pseudonyms: Option<Pseudonyms>,
    totals: Mutex<Vec<Totals>>,
}

/// What is known of the rows of facts beforehand.
struct FactRows {
    names: Names,
    /// The cell of each moment.
    as_of: Vec<Vec<u8>>,
}

impl<'h> Harvest<'h> {
    /// An empty harvest. `moments` are in the order of [`Played::views`]; about `memory` bytes are used before rows
    /// go to `scratch`.
    pub fn new(book: Book<'h>, moments: &[AsOf], wanted: &Wanted, scratch: &'h dyn Scratch, memory: usize) -> Self {
        let facts = wanted.facts.map(|format| {
            let names = Names::new(book, format);
            let as_of = moments.iter().map(|moment| names.as_of(&moment.label)).collect();
            FactRows { names, as_of }
        });
        // Facts have a stream for each moment, then states have one for each, and tables of the journal have one.
        let mut streams = if facts.is_some() { moments.len() } else { 0 };
        let mut sheets = Vec::new();
        for sheet in &wanted.sheets {
            sheets.push((*sheet, streams));
            streams += streams_of(*sheet, moments.len());
        }
        Self {
            book,
            moments: moments.to_vec(),
            format: wanted.format,
            facts,
            sheets,
            spool: Spool::new(scratch, memory / 2, streams),
            basket: (memory / 8).clamp(BASKET.0, BASKET.1),
            deeds: wanted.deeds(book.program),
            ends: moments.iter().map(|moment| Until::of(moment.when, &book.program.settings.clock).end()).collect(),
            by: wanted.by.clone(),
            pseudonyms: wanted.pseudonyms.clone(),
            totals: Mutex::new(fresh(book, moments, wanted.by.as_ref())),
        }
    }

    /// A basket for one worker, to be given back with [`Self::give`].
    pub fn take(&self) -> Basket<'_, 'h> {
        let totals = fresh(self.book, &self.moments, self.by.as_ref());
        Basket { harvest: self, streams: self.empty(), finder: Finder::default(), totals, failed: None }
    }

    fn empty(&self) -> Vec<Gathered> {
        (0..self.spool.streams()).map(|_| Gathered::default()).collect()
    }

    /// Takes a basket in.
    ///
    /// # Errors
    /// What the system said when rows went to disk: a full disk, no permission.
    pub fn give(&self, mut basket: Basket<'_, 'h>) -> io::Result<()> {
        basket.hand_on();
        let Basket { totals, failed, .. } = basket;
        if let Some(error) = failed {
            return Err(error);
        }
        let mut all = self.totals.lock().unwrap_or_else(PoisonError::into_inner);
        for (sum, totals) in all.iter_mut().zip(totals) {
            sum.join(totals);
        }
        Ok(())
    }

    /// All members are there.
    pub fn join(self) -> Harvested<'h> {
        Harvested {
            book: self.book,
            moments: self.moments,
            format: self.format,
            facts: self.facts,
            sheets: self.sheets,
            full: self.spool.full(),
            totals: self.totals.into_inner().unwrap_or_else(PoisonError::into_inner),
            by: self.by,
        }
    }
}

/// Totals of nobody yet, one for each moment.
fn fresh(book: Book<'_>, moments: &[AsOf], by: Option<&By>) -> Vec<Totals> {
    let of = |moment| Totals { by: by.map(|by| by::Table::new(book.program, by)), ..Totals::new(book, moment) };
    moments.iter().map(of).collect()
}

/// What one worker gathers.
pub struct Basket<'b, 'h> {
    harvest: &'b Harvest<'h>,
    streams: Vec<Gathered>,
    finder: Finder,
    totals: Vec<Totals>,
    failed: Option<io::Error>,
}

impl Take for Basket<'_, '_> {
    fn member(&mut self, id: &str, played: &Played) {
        for moment in 0..self.totals.len() {
            self.did(id, played, moment);
        }
        let harvest = self.harvest;
        match &harvest.pseudonyms {
            None => self.say((id, id), played),
            Some(names) => self.say((id, &names.member(id)), &names.played(harvest.book.program, played)),
        }
        if self.streams.iter().map(Gathered::size).sum::<usize>() > harvest.basket {
            self.hand_on();
        }
    }
}

impl Basket<'_, '_> {
    /// Counts what a member did by a moment.
    fn did(&mut self, id: &str, played: &Played, moment: usize) {
        if self.harvest.deeds {
            let hers = Hers::at(id, played, moment, &self.harvest.ends);
            let rejected: Vec<&str> = rejected(played, moment).map(|(event, _)| event).collect();
            self.totals[moment].did(self.harvest.book.program, &hers, &rejected);
        }
    }

    /// Says what a member came to, under the name that is to be shown.
    fn say(&mut self, (id, shown): (&str, &str), played: &Played) {
        for (moment, totals) in self.totals.iter_mut().enumerate() {
            if let Some(view) = view(played, moment) {
                totals.member(shown, view);
            }
            if let Some(counts) = played.counts.get(moment) {
                totals.counts(counts);
            }
            for (_, reason) in rejected(played, moment) {
                totals.rejected(reason);
            }
        }
        self.facts(shown, played);
        self.states((id, shown), played);
        if !played.journal.is_empty() {
            self.journal(played);
        }
    }
}

fn view(played: &Played, moment: usize) -> Option<&MemberView> {
    played.views.get(moment).and_then(Option::as_ref)
}

/// What of a member's was rejected by a moment.
fn rejected(played: &Played, moment: usize) -> impl Iterator<Item = (&str, Reason)> {
    let by_then = played.rejected.iter().filter(move |(_, _, first)| *first <= moment);
    by_then.map(|(event, reason, _)| (event.as_str(), *reason))
}

/// What was taken off each of a member's purchases by a moment.
fn discounts(played: &Played, moment: usize) -> BTreeMap<&str, Exact> {
    let mut off: BTreeMap<&str, Exact> = BTreeMap::new();
    for (purchase, change, _) in played.discounts.iter().filter(|(_, _, first)| *first <= moment) {
        *off.entry(purchase).or_default() += change;
    }
    off
}

impl Basket<'_, '_> {
    fn facts(&mut self, id: &str, played: &Played) {
        let harvest = self.harvest;
        let Some(FactRows { names, as_of }) = &harvest.facts else { return };
        self.finder.begin(names, id);
        for (moment, as_of) in as_of.iter().enumerate() {
            // A fact of an action names its event.
            let mut rejected = rejected(played, moment).filter(|(event, _)| !event.is_empty());
            let member = (id, view(played, moment));
            let off = discounts(played, moment);
            self.finder.write(names, as_of, member, (&mut rejected, &off), &mut self.streams[moment]);
        }
    }

    fn states(&mut self, (id, shown): (&str, &str), played: &Played) {
        let key = if id.is_empty() { NAMELESS } else { NAMED };
        let harvest = self.harvest;
        for (sheet, stream) in harvest.sheets.iter().filter(|(sheet, _)| sheet.rows_of() == Of::Member) {
            for (moment, as_of) in self.harvest.moments.iter().enumerate() {
                let day = as_of.when.day(&harvest.book.program.settings.clock);
                let gathered = &mut self.streams[stream + moment];
                let open = gathered.begin(&[key, shown.as_bytes()]);
                let mut rows = Rows::new(gathered.value(), self.harvest.format, sheet.columns());
                let state = State { book: self.harvest.book, as_of: &as_of.label, id, member: shown, day };
                let (view, counts) = (view(played, moment), played.counts.get(moment));
                self::states(&state, *sheet, view, counts, &mut rows);
                gathered.end(open);
            }
        }
    }

    fn journal(&mut self, played: &Played) {
        let (book, format) = (self.harvest.book, self.harvest.format);
        let harvest = self.harvest;
        for (sheet, stream) in harvest.sheets.iter().filter(|(sheet, _)| sheet.of_the_journal()) {
            let mut standing = Standing::new();
            for (order, entry) in &played.journal {
                let book = book.of_version(entry.version);
                let gathered = &mut self.streams[*stream];
                let place = harvest.pseudonyms.as_ref().map(|_| Pseudonyms::place(entry.at, entry.member.as_deref()));
                let open = gathered.begin(&[place.as_deref().unwrap_or_default(), order.bytes()]);
                let out = gathered.value();
                match sheet {
                    Sheet::Postings => {
                        if let Some(posting) = entry.what.posting() {
                            let shape = (format, sheet.columns());
                            journal::postings(book, shape, (entry, posting), &mut standing, out);
                        }
                    }
                    Sheet::Changes => journal::changes(book, entry, &mut Rows::new(out, format, sheet.columns())),
                    Sheet::Fees => journal::fees(book, entry, &mut Rows::new(out, format, sheet.columns())),
                    Sheet::Discounts => journal::discounts(book, entry, &mut Rows::new(out, format, sheet.columns())),
                    Sheet::Rejections => journal::rejections(book, entry, &mut Rows::new(out, format, sheet.columns())),
                    Sheet::Balances
                    | Sheet::Lots
                    | Sheet::Levels
                    | Sheet::Cards
                    | Sheet::Gifts
                    | Sheet::Arms
                    | Sheet::Statement
                    | Sheet::Objectives
                    | Sheet::Settlements
                    | Sheet::By => {}
                }
                gathered.end(open);
            }
        }
    }

    /// Sorts what is there and hands it on.
    fn hand_on(&mut self) {
        let chunk: Vec<Vec<u8>> = self.streams.iter_mut().map(Gathered::sorted).collect();
        if let (Err(error), None) = (self.harvest.spool.rest(chunk), &self.failed) {
            self.failed = Some(error);
        }
    }
}

fn states(state: &State<'_>, sheet: Sheet, view: Option<&MemberView>, counts: Option<&Counts>, rows: &mut Rows<'_>) {
    match (sheet, view) {
        (Sheet::Gifts, view) => state.gifts(view, counts, rows),
        (Sheet::Balances, Some(view)) => state.balances(view, rows),
        (Sheet::Lots, Some(view)) => state.lots(view, rows),
        (Sheet::Levels, Some(view)) => state.levels(view, rows),
        (Sheet::Cards, Some(view)) => state.cards(view, rows),
        (Sheet::Arms, Some(view)) => state.arms(view, rows),
        (Sheet::Statement, Some(view)) => state.statement(view, rows),
        (Sheet::Balances | Sheet::Lots | Sheet::Levels | Sheet::Cards | Sheet::Arms | Sheet::Statement, None) => {}
        (
            Sheet::Objectives
            | Sheet::Settlements
            | Sheet::By
            | Sheet::Postings
            | Sheet::Changes
            | Sheet::Discounts
            | Sheet::Fees
            | Sheet::Rejections,
            _,
        ) => {}
    }
}

/// Everything of a run that was wanted, ready to be written, as often as need be.
pub struct Harvested<'h> {
    book: Book<'h>,
    moments: Vec<AsOf>,
    format: Format,
    facts: Option<FactRows>,
    sheets: Vec<(Sheet, usize)>,
    full: Full,
    totals: Vec<Totals>,
    by: Option<By>,
}

impl Harvested<'_> {
    /// The totals, one for each moment.
    pub fn totals(&self) -> &[Totals] {
        &self.totals
    }

    /// The name of a table's file, without an ending: `by_channel` where that was asked for.
    pub fn file_name(&self, sheet: Sheet) -> String {
        match (sheet, &self.by) {
            (Sheet::By, Some(by)) => {
                let safe = |c: char| if c.is_alphanumeric() || matches!(c, '_' | '.' | '-') { c } else { '_' };
                format!("by_{}", by.name(self.book.program).chars().map(safe).collect::<String>())
            }
            (sheet, _) => sheet.name().to_owned(),
        }
    }

    /// The decimals of a table's amounts: those of money for fees, else the most that any unit has.
    pub fn decimals(&self, sheet: Sheet) -> u32 {
        match sheet {
            Sheet::Fees | Sheet::Discounts | Sheet::Settlements => self.book.program.settings.minor_units,
            Sheet::Balances
            | Sheet::Lots
            | Sheet::Levels
            | Sheet::Cards
            | Sheet::Gifts
            | Sheet::Arms
            | Sheet::Statement
            | Sheet::Objectives
            | Sheet::By
            | Sheet::Postings
            | Sheet::Changes
            | Sheet::Rejections => self.book.program.points.iter().map(|unit| unit.decimals).max().unwrap_or(0),
        }
    }

    /// The text of `summary.json`.
    pub fn summary(&self) -> String {
        summary::of_totals(self.book, &self.totals)
    }

    /// The totals and a short list of members, for a terminal.
    pub fn terminal(&self, paint: Paint) -> String {
        terminal::of_totals(self.book, &self.totals, paint)
    }

    /// Writes the facts, if they were wanted: sorted by moment, member and what, as bytes.
    ///
    /// # Errors
    /// What the system says where rows cannot be read again or written.
    pub fn write_facts(&self, out: &mut dyn Write) -> io::Result<()> {
        let Some(FactRows { names, .. }) = &self.facts else { return Ok(()) };
        let mut writer = Writer::new(names.format(), &COLUMNS, out)?;
        self.fact_records(&mut |value| writer.write(value))?;
        writer.end()
    }

    /// Tells of each fact; they were wanted as [`Format::Cells`].
    ///
    /// # Errors
    /// What the system says where rows cannot be read again; what `tell` says.
    pub fn each_fact(&self, tell: &mut dyn FnMut(Fact) -> io::Result<()>) -> io::Result<()> {
        self.fact_records(&mut |value| {
            each(value, COLUMNS.len(), &mut |row| {
                let [as_of, member, what, value] = [0, 1, 2, 3].map(|at| row[at].to_string());
                tell(Fact { as_of, member, what, value })
            })
        })
    }

    fn fact_records(&self, each: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        let Some(FactRows { names, as_of }) = &self.facts else { return Ok(()) };
        let mut streams: Vec<usize> = (0..self.moments.len()).collect();
        streams.sort_by_key(|stream| &self.moments[*stream].label);
        // A moment that was asked for twice is told of once.
        streams.dedup_by_key(|stream| &self.moments[*stream].label);
        for stream in streams {
            let totals = names.totals(self.book, &as_of[stream], &self.totals[stream]);
            let mut merged = self.full.merged(stream, &totals)?;
            let mut before = Vec::new();
            while let Some((key, value)) = merged.next()? {
                // Who has no name is told of in several parts, each fact once.
                let again = key.starts_with(NAMELESS) && key == before.as_slice();
                if key.starts_with(NAMELESS) && !again {
                    before.clear();
                    before.extend_from_slice(key);
                }
                if !again {
                    each(value)?;
                }
            }
        }
        Ok(())
    }

    /// Writes a table, if it was wanted; of postings, where their chain ends.
    ///
    /// # Errors
    /// What the system says where rows cannot be read again or written.
    pub fn write(&self, sheet: Sheet, out: &mut dyn Write) -> io::Result<Option<chain::End>> {
        let mut writer = Writer::new(self.format, sheet.columns(), out)?;
        let end = self.records(sheet, &mut |value| writer.write(value))?;
        writer.end().map(|()| end)
    }

    /// Tells of each row of a table; it was wanted as [`Format::Cells`]. Of postings, where their chain ends.
    ///
    /// # Errors
    /// What the system says where rows cannot be read again; what `tell` says.
    pub fn each_row(
        &self,
        sheet: Sheet,
        tell: &mut dyn FnMut(&[&str]) -> io::Result<()>,
    ) -> io::Result<Option<chain::End>> {
        self.records(sheet, &mut |value| each(value, sheet.columns().len(), tell))
    }

    /// The rows of a table that is of all members together.
    fn of_program(&self, sheet: Sheet, each: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        let mut out = Vec::new();
        for totals in &self.totals {
            for row in whole::rows(self.book, sheet, totals) {
                out.clear();
                let mut rows = Rows::new(&mut out, self.format, sheet.columns());
                row.iter().for_each(|cell| rows.text(cell));
                rows.end();
                each(&out)?;
            }
        }
        Ok(())
    }

    fn records(&self, sheet: Sheet, each: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<Option<chain::End>> {
        let Some((_, from)) = self.sheets.iter().find(|(other, _)| *other == sheet) else { return Ok(None) };
        match sheet.rows_of() {
            Of::Program => self.of_program(sheet, each)?,
            Of::Journal if sheet == Sheet::Postings => return self.postings(*from, each).map(Some),
            Of::Journal | Of::Member => {
                for stream in *from..from + streams_of(sheet, self.moments.len()) {
                    let mut merged = self.full.merged(stream, &[])?;
                    while let Some((_, value)) = merged.next()? {
                        each(value)?;
                    }
                }
            }
        }
        Ok(None)
    }

    /// The rows of postings, numbered and linked; where their chain ends.
    fn postings(&self, stream: usize, each: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<chain::End> {
        let shape = (self.format, Sheet::Postings.columns());
        let (mut number, mut row, mut chain) = (0, Vec::new(), Chain::default());
        let mut merged = self.full.merged(stream, &[])?;
        while let Some((_, value)) = merged.next()? {
            number += 1;
            row.clear();
            journal::with_number(shape, number, value, &mut chain, &mut row);
            each(&row)?;
        }
        Ok(chain.end())
    }
}

/// How many streams of rows a table has.
fn streams_of(sheet: Sheet, moments: usize) -> usize {
    match sheet.rows_of() {
        Of::Journal => 1,
        Of::Member => moments,
        Of::Program => 0,
    }
}

/// Tells of each row of a value in [`Format::Cells`].
fn each(mut value: &[u8], columns: usize, tell: &mut dyn FnMut(&[&str]) -> io::Result<()>) -> io::Result<()> {
    let mut row = Vec::with_capacity(columns);
    while let Some((cell, rest)) = rows::cell(value) {
        value = rest;
        row.push(std::str::from_utf8(cell).map_err(io::Error::other)?);
        if row.len() == columns {
            tell(&row)?;
            row.clear();
        }
    }
    Ok(())
}

/// Writes rows with what stands around them.
struct Writer<'w> {
    out: &'w mut dyn Write,
    piece: Vec<u8>,
    list: Option<List>,
}

impl<'w> Writer<'w> {
    fn new(format: Format, columns: &[&str], out: &'w mut dyn Write) -> io::Result<Self> {
        let mut piece = Vec::with_capacity(PIECE);
        if format == Format::Csv {
            piece.extend_from_slice(columns.join(",").as_bytes());
            piece.push(b'\n');
        }
        Ok(Self { out, piece, list: (format == Format::Json).then(List::default) })
    }

    fn write(&mut self, rows: &[u8]) -> io::Result<()> {
        match &mut self.list {
            Some(list) => list.write(rows, &mut self.piece)?,
            None => self.piece.extend_from_slice(rows),
        }
        if self.piece.len() >= PIECE {
            self.out.write_all(&self.piece)?;
            self.piece.clear();
        }
        Ok(())
    }

    fn end(mut self) -> io::Result<()> {
        if let Some(list) = &mut self.list {
            list.end(&mut self.piece)?;
        }
        self.out.write_all(&self.piece)
    }
}

/// A JSON list, one object a line: what stands between the rows.
#[derive(Debug, Default)]
pub struct List {
    begun: bool,
}

impl List {
    /// Writes rows of [`Format::Json`].
    ///
    /// # Errors
    /// What `out` says.
    pub fn write(&mut self, rows: &[u8], out: &mut dyn Write) -> io::Result<()> {
        // Whether another row follows the last one is not known yet.
        let rows = rows.strip_suffix(b",\n").unwrap_or(rows);
        out.write_all(if std::mem::replace(&mut self.begun, true) { b",\n" } else { b"[\n" })?;
        out.write_all(rows)
    }

    /// Ends the list.
    ///
    /// # Errors
    /// What `out` says.
    pub fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if self.begun { b"\n]\n" } else { b"[]\n" })
    }
}

/// The harvest of an outcome that is in memory.
///
/// # Errors
/// None: nothing goes to disk.
pub fn of<'h>(book: Book<'h>, outcome: &Outcome, wanted: &Wanted) -> io::Result<Harvested<'h>> {
    let moments: Vec<AsOf> = outcome.snapshots.iter().map(|snapshot| snapshot.as_of.clone()).collect();
    let harvest = Harvest::new(book, &moments, wanted, &InMemory, usize::MAX);
    let mut basket = harvest.take();
    split::feed(outcome, &mut basket);
    harvest.give(basket)?;
    Ok(harvest.join())
}

/// The totals of an outcome that is in memory, one for each snapshot.
pub fn totals(book: Book<'_>, outcome: &Outcome) -> Vec<Totals> {
    of(book, outcome, &Wanted::default()).expect("memory takes it").totals
}
