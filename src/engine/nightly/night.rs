//! One night: new events in, the members they touch played again, the state after it written.

use super::list::{List, Reported, Unfit};
use super::receive::Received;
use super::sweep::Sweep;
use super::tables;
use super::{Increment, Play};
use crate::engine::outcome::{AsOf, MemberView, When};
use crate::engine::parts::{Take, TooFull};
use crate::engine::plan::Needs;
use crate::kept::folder::Folder;
use crate::kept::table::Table;
use crate::kept::{self, Fault};
use crate::ledger::MemberRow;
use crate::mechanics::Program;
use crate::value::clock::{Clock, Moment};
use std::collections::{BTreeMap, BTreeSet};

/// So many tables of events are let stand before they are put into one.
const TABLES: usize = 8;

/// What is wrong with a night.
#[derive(Debug)]
pub enum Wrong {
    /// The state cannot be read or written.
    Kept(Fault),
    /// There is no room beside memory.
    TooFull(TooFull),
    /// The state is of another program.
    Unfit(Unfit),
    /// An id that the state knows with other contents.
    Contradiction {
        /// The id.
        id: String,
        /// Whose it is in the state; empty: nobody's.
        owner: String,
    },
}

impl From<TooFull> for Wrong {
    fn from(full: TooFull) -> Self {
        Self::TooFull(full)
    }
}

impl From<Fault> for Wrong {
    fn from(fault: Fault) -> Self {
        Self::Kept(fault)
    }
}

/// What late events changed of what was reported before.
#[derive(Debug, Clone)]
pub struct Correction {
    /// Who.
    pub member: String,
    /// As it was reported.
    pub was: Option<MemberView>,
    /// As it is with what came late.
    pub is: Option<MemberView>,
}

/// What a night came to. Nothing of it counts before [`Ran::commit`].
#[derive(Debug)]
pub struct Ran {
    /// The list of the state after the night.
    pub(super) list: List,
    /// Events that were there already.
    pub repeated: u64,
    /// Events older than the state's clock that were taken in.
    pub late: u64,
    /// Events that were too old for that.
    pub too_late: u64,
    /// Members that were played.
    pub played: u64,
    /// The moment of the corrections.
    pub reported: Option<AsOf>,
    /// What late events changed of what was reported then.
    pub corrections: Vec<Correction>,
}

impl Ran {
    /// Makes the state after the night the state.
    ///
    /// # Errors
    /// What the system says; the state before then stands.
    pub fn commit(self, folder: &dyn Folder) -> Result<(), Fault> {
        kept::list::replace(folder, &self.list)?;
        kept::list::sweep(folder, self.list.names())
    }
}

/// A state, opened for one night.
pub struct Night<'n> {
    pub(super) folder: &'n dyn Folder,
    pub(super) program: &'n Program,
    pub(super) needs: &'n Needs,
    pub(super) player: &'n dyn Play,
    /// Shared budgets, stocks or limits: where one is touched, all are.
    pub(super) joined: bool,
    pub(super) list: List,
    pub(super) events: Vec<Table>,
    pub(super) owners: Vec<Table>,
    pub(super) results: Vec<Table>,
}

/// Which program a state is of.
#[derive(Debug, Clone, Copy)]
pub struct Fit<'f> {
    /// What it says ([`crate::syntax::said`]).
    pub said: &'f [String],
    /// How its columns are kept.
    pub needs: &'f Needs,
    /// Shared budgets, stocks or limits: where one member is touched, all are.
    pub joined: bool,
}

impl<'n> Night<'n> {
    /// Opens the state of a folder, or begins one.
    ///
    /// # Errors
    /// That it cannot be read, or is of another program.
    pub fn open(
        folder: &'n dyn Folder,
        program: &'n Program,
        fit: Fit<'n>,
        player: &'n dyn Play,
    ) -> Result<Self, Wrong> {
        let needs = format!("{:?}", fit.needs);
        let fresh = List { said: fit.said.to_vec(), needs: needs.clone(), ..List::default() };
        let list = kept::list::read::<List>(folder)?.unwrap_or(fresh);
        list.fits(fit.said, &needs).map_err(Wrong::Unfit)?;
        kept::list::sweep(folder, list.names())?;
        let events = tables::open(folder, &list.events)?;
        let owners = tables::open(folder, &list.owners)?;
        let results = tables::open(folder, list.results.as_slice())?;
        Ok(Self { folder, program, needs: fit.needs, player, joined: fit.joined, list, events, owners, results })
    }

    /// The moment of the last event of the state.
    pub fn clock(&self) -> Option<Moment> {
        self.list.clock.and_then(|at| jiff::Timestamp::from_second(at).ok()).map(Moment)
    }

    /// How many nights the state has seen.
    pub fn nights(&self) -> u64 {
        self.list.nights
    }

    /// Plays a night: each member goes to `take`, in the order of their names. `as_of` is in the order of time. Where
    /// the journal is wanted everybody is played.
    ///
    /// # Errors
    /// That the state cannot be read or written, or that an id comes again with other contents.
    pub fn run(self, increment: Increment, as_of: &[AsOf], journal: bool, take: &mut dyn Take) -> Result<Ran, Wrong> {
        let mut list = self.list.clone();
        list.version = env!("CARGO_PKG_VERSION").to_owned();
        list.nights += 1;
        let mut ran = Ran {
            list,
            repeated: 0,
            late: 0,
            too_late: 0,
            played: 0,
            reported: self.list.reported.as_ref().and_then(Reported::as_of),
            corrections: Vec::new(),
        };
        let received = self.receive(increment.events, &mut ran)?;
        let rows = self.rows(increment.members, &mut ran)?;
        self.write(&received, &mut ran)?;
        Sweep::new(&self, &received, &rows, (as_of, journal), &ran)?.all(&mut ran, take)?;
        ran.list.reported = as_of.last().map(Reported::of).or(ran.list.reported.take());
        self.compact(&mut ran)?;
        Ok(ran)
    }

    /// The members file: the night's, else the one before.
    fn rows(&self, new: Option<BTreeMap<String, MemberRow>>, ran: &mut Ran) -> Result<Rows, Wrong> {
        let mut old = BTreeMap::new();
        for (name, table) in self.list.members.iter().zip(&tables::open(self.folder, self.list.members.as_slice())?) {
            let mut cursor = table.cursor();
            while let Some((key, value)) = cursor.next()? {
                let row = tables::row_from_bytes(value).ok_or_else(|| tables::wrong(name))?;
                old.insert(String::from_utf8_lossy(key).into_owned(), row);
            }
        }
        let Some(new) = new else { return Ok(Rows { all: old, changed: BTreeSet::new() }) };
        let names = old.keys().chain(new.keys());
        let changed: BTreeSet<String> = names.filter(|id| old.get(*id) != new.get(*id)).cloned().collect();
        if !changed.is_empty() {
            let name = format!("members-{}.table", ran.list.nights);
            let mut writer = tables::begin(self.folder, &name)?;
            for (id, row) in &new {
                writer.add(id.as_bytes(), &tables::row_to_bytes(row))?;
            }
            writer.finish()?;
            ran.list.members = Some(name);
        }
        Ok(Rows { all: new, changed })
    }

    /// Writes the night's events, and whose they are.
    fn write(&self, received: &Received, ran: &mut Ran) -> Result<(), Wrong> {
        let night = ran.list.nights;
        if !received.owners.is_empty() {
            let name = format!("owners-{night}.table");
            let mut writer = tables::begin(self.folder, &name)?;
            for (id, owner) in &received.owners {
                writer.add(id.as_bytes(), &owner.to_bytes())?;
            }
            writer.finish()?;
            ran.list.owners.push(name);
        }
        if !received.events.is_empty() {
            let name = format!("events-{night}.table");
            let mut writer = tables::begin(self.folder, &name)?;
            for (id, pile) in &received.events {
                let mut value = Vec::new();
                tables::put_pile(&mut value, pile);
                writer.add(id.as_bytes(), &value)?;
            }
            writer.finish()?;
            ran.list.events.push(name);
        }
        Ok(())
    }

    /// Puts tables together before there are too many of them.
    fn compact(&self, ran: &mut Ran) -> Result<(), Wrong> {
        let night = ran.list.nights;
        for (names, word) in [(&mut ran.list.events, "events"), (&mut ran.list.owners, "owners")] {
            if names.len() > TABLES {
                let name = format!("{word}-to-{night}.table");
                tables::merge(self.folder, &tables::open(self.folder, names)?, &name)?;
                *names = vec![name];
            }
        }
        Ok(())
    }
}

/// The members file.
pub(super) struct Rows {
    /// Every row.
    pub all: BTreeMap<String, MemberRow>,
    /// Whose row is not what it was.
    pub changed: BTreeSet<String>,
}

/// A moment's place in the order of the run: the end of a day stands before the events of the next.
pub(super) fn place(as_of: &AsOf, clock: &Clock) -> (Moment, bool) {
    match as_of.when {
        When::EndOf(day) => (clock.end_of(day), false),
        When::At(moment) => (moment, true),
    }
}
