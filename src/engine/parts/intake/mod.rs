//! Rows of files, read fast, become events in piles.
//!
//! Nothing here tells of a mistake: what is not plainly good is [`Unusual`], and the ledger reads the files the
//! plain way, which says all that is wrong, or copes. What is taken in is what the ledger makes of the same files.

mod columns;
mod items;
mod kept;
mod moments;
mod rows;
mod tally;
mod unique;

use super::store::{Room, Store, TooFull};
use crate::engine::plan::Needs;
use crate::engine::reference::part::Whole;
use crate::ledger::{Articles, FileMap, Note, event_columns};
use crate::source::batch::{Batch, Unusual};
pub use crate::source::csv::CHUNK;
use crate::source::csv::{Chunk, Csv, Layout, Room as Memory};
use crate::value::clock::Clock;
use crate::value::natural_cmp;
use columns::Columns;
use items::Items;
use kept::Kept;
use moments::Moments;
use rows::{Found, Rows, Shared, Stop};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
pub use tally::Tally;
use unique::Ids;

/// What a history is read by.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// The program's clock.
    pub clock: &'a Clock,
    /// Its money, ISO 4217.
    pub money: &'a str,
    /// The minor units of that money.
    pub minor_units: u32,
    /// What it can look at.
    pub needs: &'a Needs,
    /// The events section of the column map.
    pub map: &'a FileMap,
    /// The items file.
    pub articles: &'a Articles,
    /// How many threads read.
    pub threads: usize,
    /// How many bytes of a file they read at a time ([`CHUNK`]).
    pub chunk: usize,
}

/// What was read.
#[derive(Debug)]
pub struct Taken<'r> {
    /// The events.
    pub store: Store<'r>,
    /// What a part is told of them.
    pub whole: Whole,
    /// What the reader should know.
    pub notes: Vec<Note>,
    /// What was counted.
    pub tally: Tally,
}

/// Why nothing was read.
#[derive(Debug)]
pub enum Not {
    /// The files hold something that is read the plain way.
    Unusual(Unusual),
    /// There is no room beside memory.
    Full(TooFull),
}

impl From<TooFull> for Not {
    fn from(full: TooFull) -> Self {
        Self::Full(full)
    }
}

impl From<Unusual> for Not {
    fn from(unusual: Unusual) -> Self {
        Self::Unusual(unusual)
    }
}

/// Reads files of events: `open` opens the file at a place of the list of inputs, perhaps several times, and `path`
/// is what it is called. `progress` hears of bytes read.
///
/// # Errors
/// What is unusual about them, and when there is no room.
pub fn read<'r>(
    reading: &Reading<'_>,
    paths: &[String],
    open: &dyn Fn(usize) -> Result<Csv, Unusual>,
    room: &Room<'r>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Taken<'r>, Not> {
    match attempt(reading, paths, open, room, false, progress) {
        Err(Failed::NamesLines) => match attempt(reading, paths, open, room, true, progress) {
            Err(Failed::NamesLines) => Err(Not::Unusual(Unusual { file: 0, what: "lines that are named".to_owned() })),
            Err(Failed::Not(not)) => Err(not),
            Ok(taken) => Ok(taken),
        },
        Err(Failed::Not(not)) => Err(not),
        Ok(taken) => Ok(taken),
    }
}

enum Failed {
    Not(Not),
    /// Return lines are named, and the piles were made without.
    NamesLines,
}

impl<E: Into<Not>> From<E> for Failed {
    fn from(not: E) -> Self {
        Self::Not(not.into())
    }
}

impl Failed {
    fn of(stop: Stop, file: u32) -> Self {
        match stop {
            Stop::Unusual(what) => Self::Not(Not::Unusual(Unusual { file, what })),
            Stop::NamesLines => Self::NamesLines,
        }
    }
}

fn attempt<'r>(
    reading: &Reading<'_>,
    paths: &[String],
    open: &dyn Fn(usize) -> Result<Csv, Unusual>,
    room: &Room<'r>,
    names_lines: bool,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Taken<'r>, Failed> {
    let items = Items::new(reading.articles, reading.needs);
    let store = Store::new(room, names_lines);
    let shared = Shared { needs: reading.needs, money: reading.money, items: &items, names_lines, piles: store.len() };
    let (mut tally, mut notes, mut ids) = (Tally::new(reading.minor_units), Vec::new(), Vec::new());
    for (nth, path) in paths.iter().enumerate() {
        let csv = open(nth)?;
        let file = u32::try_from(nth).unwrap_or(u32::MAX);
        let unusual = || Unusual { file, what: "columns that are put together as the column map says".to_owned() };
        let found = event_columns(path, csv.header(), reading.map).ok_or_else(unusual)?;
        let columns =
            Columns::new(csv.header(), &found, reading.needs, !reading.articles.is_empty()).ok_or_else(unusual)?;
        notes.extend(found.notes);
        let layout = csv.ask(&columns.asked)?;
        let scan =
            Scan { reading, shared, columns: &columns, layout: &layout, csv: &csv, file, store: &store, progress };
        let (counted, of_file) = scan.run()?;
        match of_file {
            Some(of_file) => ids.push(of_file),
            None => notes.push(Note::NoRows { file: path.clone() }),
        }
        tally.add(counted);
    }
    if !unique::shown(&ids) && !unique::looked_up(&store, tally.events(), reading.threads)? {
        return Err(Failed::from(Unusual { file: 0, what: "an id that comes back later".to_owned() }));
    }
    if tally.events() > 0 {
        items.columns().iter().for_each(|name| tally.column(name));
    }
    notes.extend(tally.notes());
    Ok(Taken { store, whole: tally.whole(), notes, tally })
}

/// The reading of one file.
struct Scan<'s, 'a> {
    reading: &'s Reading<'a>,
    shared: Shared<'s>,
    columns: &'s Columns,
    layout: &'s Layout,
    csv: &'s Csv,
    file: u32,
    store: &'s Store<'s>,
    progress: &'s (dyn Fn(u64) + Sync),
}

/// What is left of a chunk when its inner events are in their piles.
struct Edges {
    number: u64,
    /// The rows of its first and last id.
    rows: Kept,
    ids: Ids,
}

/// What a worker has of a file.
struct Worker<'c> {
    moments: Moments<'c>,
    tally: Tally,
    memory: Memory,
    chunk: Chunk,
}

impl<'a> Scan<'_, 'a> {
    /// Reads all chunks; counts, and what the file says of its ids: none when it has no rows.
    fn run(&self) -> Result<(Tally, Option<Ids>), Failed> {
        let failed: Mutex<Option<Failed>> = Mutex::new(None);
        let edges: Mutex<Vec<Edges>> = Mutex::new(Vec::new());
        let tallies: Mutex<Vec<Tally>> = Mutex::new(Vec::new());
        let stopped = AtomicUsize::new(0);
        let work = || {
            let mut worker = self.worker();
            while stopped.load(Ordering::Relaxed) == 0 {
                match self.chunk(&mut worker) {
                    Ok(Some(found)) => edges.lock().unwrap_or_else(PoisonError::into_inner).push(found),
                    Ok(None) => break,
                    Err(failure) => {
                        stopped.store(1, Ordering::Relaxed);
                        failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(failure);
                    }
                }
            }
            tallies.lock().unwrap_or_else(PoisonError::into_inner).push(worker.tally);
        };
        std::thread::scope(|scope| {
            for _ in 1..self.reading.threads.max(1) {
                scope.spawn(work);
            }
            work();
        });
        if let Some(failure) = failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
            return Err(failure);
        }
        let mut edges = edges.into_inner().unwrap_or_else(PoisonError::into_inner);
        edges.sort_by_key(|edges| edges.number);
        let mut tally = self.worker().tally;
        tallies.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().for_each(|other| tally.add(other));
        let ids = self.stitch(edges, &mut tally)?;
        Ok((tally, ids))
    }

    fn worker(&self) -> Worker<'a> {
        Worker {
            moments: Moments::new(self.reading.clock),
            tally: Tally::new(self.reading.minor_units),
            memory: Memory::default(),
            chunk: Chunk::default(),
        }
    }

    /// Reads a chunk and puts its inner events into their piles; none at the end.
    fn chunk(&self, worker: &mut Worker<'_>) -> Result<Option<Edges>, Failed> {
        let Worker { moments, tally, memory, chunk } = worker;
        loop {
            if !self.csv.next(chunk, self.reading.chunk)? {
                return Ok(None);
            }
            let (number, bytes) = (chunk.number, chunk.len() as u64);
            let batch = self.layout.parse(chunk, memory)?;
            let edges = if batch.rows == 0 { None } else { Some(self.batch(&batch, number, moments, tally)?) };
            memory.back(batch);
            (self.progress)(bytes);
            if let Some(edges) = edges {
                return Ok(Some(edges));
            }
        }
    }

    fn batch(
        &self,
        batch: &Batch<'_>,
        number: u64,
        moments: &mut Moments<'_>,
        tally: &mut Tally,
    ) -> Result<Edges, Failed> {
        self.seen(batch, tally);
        let mut rows = Rows::new(self.shared, self.columns, batch);
        let last = (0..batch.rows).rev().take_while(|row| rows.id(*row) == rows.id(batch.rows - 1)).last().unwrap_or(0);
        let first = rows.run(0);
        let mut edges = Edges { number, rows: Kept::default(), ids: Ids::default() };
        edges.rows.add(batch, 0..first);
        if first <= last {
            edges.rows.add(batch, last..batch.rows);
        }
        let mut ascend = true;
        let mut found: Vec<Found> = Vec::new();
        let (mut before, mut from) = (0, first);
        while from < last {
            let upto = rows.run(from);
            ascend = ascend && natural_cmp(rows.id(before), rows.id(from)) == std::cmp::Ordering::Less;
            found.push(rows.event(from..upto, moments, tally).map_err(|stop| Failed::of(stop, self.file))?);
            (before, from) = (from, upto);
        }
        if first <= last {
            ascend = ascend && natural_cmp(rows.id(before), rows.id(last)) == std::cmp::Ordering::Less;
        }
        edges.ids = Ids { ascend, first: rows.id(0).to_owned(), last: rows.id(last).to_owned() };
        self.deliver(&rows, found, tally)?;
        Ok(edges)
    }

    /// Puts events into their piles.
    fn deliver(&self, rows: &Rows<'_, '_>, mut found: Vec<Found>, tally: &mut Tally) -> Result<(), Failed> {
        rows.last(&found, tally);
        found.sort_by_key(|event| event.pile);
        for together in found.chunk_by(|a, b| a.pile == b.pile) {
            self.store.fill(together[0].pile, |pile| together.iter().for_each(|event| rows.push(event, pile)))?;
        }
        Ok(())
    }

    /// Joins the edges of chunks, in the order of the file.
    fn stitch(&self, edges: Vec<Edges>, tally: &mut Tally) -> Result<Option<Ids>, Failed> {
        let mut all = Kept::default();
        edges.iter().for_each(|edges| all.append(&edges.rows));
        let ids = Ids::of(edges.into_iter().map(|edges| edges.ids));
        if ids.is_some() {
            all.with(self.file, |batch| {
                let (mut moments, mut found) = (Moments::new(self.reading.clock), Vec::new());
                let mut rows = Rows::new(self.shared, self.columns, batch);
                let mut from = 0;
                while from < batch.rows {
                    let upto = rows.run(from);
                    let event = rows.event(from..upto, &mut moments, tally);
                    found.push(event.map_err(|stop| Failed::of(stop, self.file))?);
                    from = upto;
                }
                self.deliver(&rows, found, tally)
            })?;
        }
        Ok(ids)
    }

    /// Notes which columns have something in them.
    fn seen(&self, batch: &Batch<'_>, tally: &mut Tally) {
        for (at, name) in &self.columns.extras {
            if !tally.has_column(name) && (0..batch.rows).any(|row| !columns::cell(batch, *at, row).is_empty()) {
                tally.column(name);
            }
        }
    }
}
