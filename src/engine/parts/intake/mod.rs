//! Rows of files, read fast, become events in piles.
//!
//! Nothing here tells of a mistake: what is not plainly good is [`Unusual`], and the ledger reads the files the
//! plain way, which says all that is wrong, or copes. What is taken in is what the ledger makes of the same files.

mod columns;
mod feed;
mod glance;
mod items;
mod kept;
mod moments;
mod rows;
mod tally;
mod unique;

use super::drive::pile_of;
use super::heap::{Heap, Held};
use super::kin::hash;
use super::store::{Room, Store, TooFull};
use super::threads::share;
use crate::engine::plan::Needs;
use crate::engine::reference::part::Whole;
use crate::ledger::{Articles, FileMap, Note, event_columns};
use crate::source::batch::{Batch, Unusual};
pub use crate::source::csv::CHUNK;
use crate::value::clock::Clock;
use crate::value::natural_cmp;
use columns::{Columns, Our};
pub use feed::File;
use feed::{Feed, Hand};
use glance::Glance;
use items::Items;
use kept::Kept;
use moments::Moments;
use rows::{Found, Rows, Shared, Stop};
use rustc_hash::FxHashSet;
use std::ops::Range;
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
    /// Whether `sku` and `line` are kept even where no return here names lines: one of a later night may.
    pub names_lines: bool,
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
    open: &dyn Fn(usize) -> Result<File, Unusual>,
    room: &Room<'r>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Taken<'r>, Not> {
    let mut way = Way { names_lines: reading.names_lines, ..Way::default() };
    loop {
        // Each of the two can happen once.
        match attempt(reading, paths, open, room, way, progress) {
            Err(Failed::Other(other)) => way = other,
            Err(Failed::Not(not)) => return Err(not),
            Ok(taken) => return Ok(taken),
        }
    }
}

/// How rows are read: the usual way first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Way {
    /// Returns name lines: `sku` and `line` are kept in the piles.
    names_lines: bool,
    /// The rows of an id stand apart in a file: all rows are brought together by id before they become events.
    scattered: bool,
}

enum Failed {
    Not(Not),
    /// The files have to be read again, another way.
    Other(Way),
}

impl<E: Into<Not>> From<E> for Failed {
    fn from(not: E) -> Self {
        Self::Not(not.into())
    }
}

impl Failed {
    fn of(stop: Stop, file: u32, way: Way) -> Self {
        match stop {
            Stop::NamesLines if !way.names_lines => Self::Other(Way { names_lines: true, ..way }),
            Stop::Scattered if !way.scattered => Self::Other(Way { scattered: true, ..way }),
            Stop::Unusual(what) => Self::Not(Not::Unusual(Unusual { file, what })),
            Stop::NamesLines | Stop::Scattered => {
                Self::Not(Not::Unusual(Unusual { file, what: "an id that comes back later".to_owned() }))
            }
        }
    }
}

fn attempt<'r>(
    reading: &Reading<'_>,
    paths: &[String],
    open: &dyn Fn(usize) -> Result<File, Unusual>,
    room: &Room<'r>,
    way: Way,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Taken<'r>, Failed> {
    let items = Items::new(reading.articles, reading.needs);
    // Rows that are brought together take memory beside the piles.
    let room = Room { memory: if way.scattered { room.memory / 2 } else { room.memory }, ..*room };
    let store = Store::new(&room, way.names_lines);
    let shared = Shared {
        needs: reading.needs,
        money: reading.money,
        items: &items,
        names_lines: way.names_lines,
        piles: store.len(),
    };
    let (mut tally, mut notes, mut ids) = (Tally::new(reading.minor_units), Vec::new(), Vec::new());
    for (nth, path) in paths.iter().enumerate() {
        let opened = open(nth)?;
        let file = u32::try_from(nth).unwrap_or(u32::MAX);
        let unusual = || Unusual { file, what: "columns that are put together as the column map says".to_owned() };
        let found = event_columns(path, opened.header(), reading.map).ok_or_else(unusual)?;
        let columns = Columns::new(opened.header(), &found, reading.needs, !reading.articles.is_empty());
        let columns = columns.ok_or_else(unusual)?;
        notes.extend(found.notes);
        let how = (reading.map.floats, &found.written, file);
        let feed = opened.ask(&columns.asked, columns.sums.clone(), how)?;
        let heap = way.scattered.then(|| Heap::new(&room, Kept::default()));
        let heap = heap.as_ref();
        let scan = Scan { reading, shared, columns: &columns, feed: &feed, file, store: &store, heap, way, progress };
        let (counted, of_file) = scan.run()?;
        match of_file {
            Some(of_file) => ids.push(of_file),
            None => notes.push(Note::NoRows { file: path.clone() }),
        }
        tally.add(counted);
    }
    if !unique::shown(&ids) && !unique::looked_up(&store, tally.events(), reading.threads)? {
        return Err(Failed::of(Stop::Scattered, 0, way));
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
    feed: &'s Feed,
    file: u32,
    store: &'s Store<'s>,
    /// Where rows are brought together by their ids, if they are.
    heap: Option<&'s Heap<'s, Kept>>,
    way: Way,
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
    hand: Hand,
    glance: Glance,
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
        let ids = match self.heap {
            Some(heap) => {
                self.together(heap, &mut tally)?;
                // What order they stood in shows nothing.
                (!edges.is_empty()).then(Ids::default)
            }
            None => self.stitch(edges, &mut tally)?,
        };
        Ok((tally, ids))
    }

    fn worker(&self) -> Worker<'a> {
        Worker {
            moments: self.moments(),
            tally: Tally::new(self.reading.minor_units),
            hand: Hand::default(),
            glance: Glance::default(),
        }
    }

    fn moments(&self) -> Moments<'a> {
        Moments::new(self.reading.clock, self.reading.map.zone.as_ref())
    }

    /// Reads a chunk and puts its inner events into their piles; none at the end.
    fn chunk(&self, worker: &mut Worker<'_>) -> Result<Option<Edges>, Failed> {
        let Worker { moments, tally, hand, glance } = worker;
        loop {
            let read = self.feed.next(hand, self.reading.chunk, |batch, number, bytes| {
                (self.progress)(bytes);
                (batch.rows > 0).then(|| self.batch(batch, number, (moments, glance), tally)).transpose()
            })?;
            match read {
                None => return Ok(None),
                Some(Ok(None)) => {}
                Some(Ok(Some(edges))) => return Ok(Some(edges)),
                Some(Err(failed)) => return Err(failed),
            }
        }
    }

    fn batch(
        &self,
        batch: &Batch<'_>,
        number: u64,
        (moments, glance): (&mut Moments<'_>, &mut Glance),
        tally: &mut Tally,
    ) -> Result<Edges, Failed> {
        self.seen(batch, tally);
        if let Some(heap) = self.heap {
            self.scatter(batch, heap)?;
            return Ok(Edges { number, rows: Kept::default(), ids: Ids::default() });
        }
        glance.look(self.columns, batch, self.shared.money);
        let mut rows = Rows::new(self.shared, self.columns, batch, glance);
        let runs: Vec<Range<usize>> = rows.runs().collect();
        let mut edges = Edges { number, rows: Kept::default(), ids: Ids::default() };
        let (Some(first), Some(last)) = (runs.first(), runs.last()) else { return Ok(edges) };
        edges.rows.add(batch, first.clone());
        if runs.len() > 1 {
            edges.rows.add(batch, last.clone());
        }
        let last = last.start;
        let below = |pair: &[Range<usize>]| natural_cmp(rows.id(pair[0].start), rows.id(pair[1].start)).is_lt();
        let ascend = runs.windows(2).all(below);
        let inner = runs.get(1..runs.len() - 1).unwrap_or_default();
        let mut found: Vec<Found> = Vec::with_capacity(inner.len());
        for run in inner {
            found.push(rows.event(run.clone(), moments, tally).map_err(|stop| Failed::of(stop, self.file, self.way))?);
        }
        if !ascend && comes_back(&rows) {
            return Err(Failed::of(Stop::Scattered, self.file, self.way));
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

    /// Puts rows where those of their ids go.
    fn scatter(&self, batch: &Batch<'_>, heap: &Heap<'_, Kept>) -> Result<(), TooFull> {
        let place = |row| pile_of(self.columns.text(Our::Id, batch, row), heap.len());
        let mut places: Vec<(usize, usize)> = (0..batch.rows).map(|row| (place(row), row)).collect();
        places.sort_unstable();
        for together in places.chunk_by(|a, b| a.0 == b.0) {
            heap.fill(together[0].0, |kept| together.iter().for_each(|(_, row)| kept.add(batch, *row..row + 1)))?;
        }
        Ok(())
    }

    /// Joins the edges of chunks, in the order of the file.
    fn stitch(&self, edges: Vec<Edges>, tally: &mut Tally) -> Result<Option<Ids>, Failed> {
        let mut all = Kept::default();
        edges.iter().for_each(|edges| all.append(&edges.rows));
        let ids = Ids::of(edges.into_iter().map(|edges| edges.ids));
        if ids.is_some() {
            self.all(&all, tally)?;
        }
        Ok(ids)
    }

    /// Makes events of rows in which those of an id stand together.
    fn all(&self, kept: &Kept, tally: &mut Tally) -> Result<(), Failed> {
        kept.with(self.file, |batch| {
            let (mut moments, mut found, mut glance) = (self.moments(), Vec::new(), Glance::default());
            glance.look(self.columns, batch, self.shared.money);
            let mut rows = Rows::new(self.shared, self.columns, batch, &glance);
            for run in rows.runs().collect::<Vec<_>>() {
                let event = rows.event(run, &mut moments, tally);
                found.push(event.map_err(|stop| Failed::of(stop, self.file, self.way))?);
            }
            self.deliver(&rows, found, tally)
        })
    }

    /// Makes events of rows that were brought together.
    fn together(&self, heap: &Heap<'_, Kept>, tally: &mut Tally) -> Result<(), Failed> {
        let counted = share(
            heap.len(),
            self.reading.threads,
            || (),
            |(), at| {
                let kept = heap.take(at)?;
                let mut tally = self.worker().tally;
                let order = kept.with(self.file, |batch| {
                    let id = |row: u32| self.columns.text(Our::Id, batch, row as usize);
                    let mut order: Vec<u32> = (0..u32::try_from(batch.rows).unwrap_or(u32::MAX)).collect();
                    order.sort_by(|a, b| id(*a).cmp(id(*b)));
                    order
                });
                if !order.is_empty() {
                    self.all(&kept.sorted(&order), &mut tally)?;
                }
                Ok::<_, Failed>(tally)
            },
        )?;
        counted.into_iter().for_each(|other| tally.add(other));
        Ok(())
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

/// Whether an id of a batch comes back behind others.
fn comes_back(rows: &Rows<'_, '_>) -> bool {
    let mut seen = FxHashSet::default();
    rows.runs().any(|run| !seen.insert(hash(rows.id(run.start))))
}
