//! One night: new events in, the members they touch played again, the state after it written.

use super::codec::{changed_from_bytes, changed_to_bytes};
use super::list::{List, Reported, Unfit};
use super::sweep::Sweep;
use super::tables;
use super::{Increment, Play};
use crate::engine::outcome::{AsOf, MemberView};
use crate::engine::parts::{Take, TooFull};
use crate::engine::plan::Needs;
use crate::kept::folder::Folder;
use crate::kept::table::Table;
use crate::kept::{self, Fault};
use crate::ledger::MemberRow;
use crate::mechanics::Program;
use crate::source::brought::{self, Brought};
use crate::value::clock::Moment;
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
    /// Something comes for a member who was forgotten: the event, empty where its id names her; none: a row of the members
    /// file.
    Forgotten(Option<String>),
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
    /// Events and rows that were left out, for they are of members who were forgotten.
    pub left_out: u64,
    /// Members that were played.
    pub played: u64,
    /// The moment of the corrections.
    pub reported: Option<AsOf>,
    /// What late events changed of what was reported then, by member. A night that brings nothing new has the
    /// corrections of the night before: whoever is stopped and comes again with the same events is told the same.
    pub corrections: Vec<Correction>,
}

impl Ran {
    /// Notes the files of the night; those of all nights.
    pub fn brought(&mut self, files: Vec<Brought>) -> &[Brought] {
        brought::add(&mut self.list.inputs, files);
        &self.list.inputs
    }

    /// Makes the state after the night the state.
    ///
    /// # Errors
    /// What the system says; the state before then stands.
    pub fn commit(self, folder: &dyn Folder) -> Result<(), Fault> {
        kept::list::replace(folder, &self.list)?;
        // What cannot be removed now the next night removes, or says why not.
        let _ = kept::list::sweep(folder, self.list.names());
        Ok(())
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
    /// Nothing that was worked out before holds: another version did, or a calendar has other days.
    pub(super) anew: bool,
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
    /// What it stands on beside its text that may change: where it does, everybody is played again.
    pub aside: &'f str,
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
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let (said, aside) = (fit.said.to_vec(), fit.aside.to_owned());
        let fresh = List { version, said, needs: needs.clone(), aside, ..List::default() };
        // A list that has seen no night is of a first one that was stopped: nothing stands on it.
        let list = match kept::list::read::<List>(folder)? {
            Some(list) if list.nights > 0 => list,
            Some(_) => fresh,
            None => {
                no_tables(folder)?;
                fresh
            }
        };
        list.fits(fit.said, &needs).map_err(Wrong::Unfit)?;
        kept::list::sweep(folder, list.names())?;
        let events = tables::open(folder, &list.events)?;
        let owners = tables::open(folder, &list.owners)?;
        let results = tables::open(folder, list.results.as_slice())?;
        let anew = list.version != env!("CARGO_PKG_VERSION") || list.aside != fit.aside;
        let list = List { aside: fit.aside.to_owned(), ..list };
        let (needs, joined) = (fit.needs, fit.joined);
        Ok(Self { folder, program, needs, player, joined, anew, list, events, owners, results })
    }

    /// The moment of the last event of the state.
    pub fn clock(&self) -> Option<Moment> {
        self.list.clock()
    }

    /// What the state is.
    pub fn list(&self) -> &List {
        &self.list
    }

    /// How many nights the state has seen.
    pub fn nights(&self) -> u64 {
        self.list.nights
    }

    /// The members file of the nights before.
    ///
    /// # Errors
    /// That the state cannot be read.
    pub fn members(&self) -> Result<BTreeMap<String, MemberRow>, Wrong> {
        let mut rows = BTreeMap::new();
        for (name, table) in self.list.members.iter().zip(&tables::open(self.folder, self.list.members.as_slice())?) {
            let mut cursor = table.cursor();
            while let Some((key, value)) = cursor.next()? {
                let row = tables::row_from_bytes(value).ok_or_else(|| tables::wrong(name))?;
                rows.insert(tables::member(key, name)?, row);
            }
        }
        Ok(rows)
    }

    /// Plays a night: each member goes to `take`, in the order of their names. `as_of` is in the order of time. Where
    /// the journal is wanted everybody is played.
    ///
    /// # Errors
    /// That the state cannot be read or written, or that an id comes again with other contents.
    pub fn run(
        self,
        increment: Increment<'_>,
        as_of: &[AsOf],
        journal: bool,
        take: &mut dyn Take,
    ) -> Result<Ran, Wrong> {
        let ran = self.begin().and_then(|()| self.play(increment, (as_of, journal), take));
        if ran.is_err() {
            // What cannot be removed now the next night removes.
            let _ = kept::list::sweep(self.folder, self.list.names());
        }
        ran
    }

    /// The first night puts a list there before any table, for which see [`no_tables`].
    fn begin(&self) -> Result<(), Wrong> {
        if self.list.nights == 0 { Ok(kept::list::replace(self.folder, &self.list)?) } else { Ok(()) }
    }

    fn play(&self, increment: Increment<'_>, asked: (&[AsOf], bool), take: &mut dyn Take) -> Result<Ran, Wrong> {
        let as_of = asked.0;
        let mut list = self.list.clone();
        list.version = env!("CARGO_PKG_VERSION").to_owned();
        list.nights += 1;
        let mut ran = Ran {
            list,
            repeated: 0,
            late: 0,
            too_late: 0,
            left_out: 0,
            played: 0,
            reported: self.list.reported.as_ref().and_then(Reported::as_of),
            corrections: Vec::new(),
        };
        let received = self.receive(increment.events, &mut ran, increment.leave_out)?;
        let rows = self.rows(increment.members, &mut ran, increment.leave_out)?;
        Sweep::new(self, &received, &rows, asked, &ran)?.all(&mut ran, take)?;
        if !received.any && rows.changed.is_empty() {
            self.corrected_before(&mut ran)?;
        } else {
            self.write_corrections(&mut ran)?;
        }
        ran.list.reported = as_of.last().map(Reported::of).or(ran.list.reported.take());
        self.compact(&mut ran)?;
        Ok(ran)
    }

    /// Writes what late events corrected.
    fn write_corrections(&self, ran: &mut Ran) -> Result<(), Wrong> {
        ran.list.corrected = ran.reported.as_ref().map(Reported::of);
        ran.list.corrections = None;
        if ran.corrections.is_empty() {
            return Ok(());
        }
        let name = format!("corrections-{}.table", ran.list.nights);
        let mut writer = tables::begin(self.folder, &name)?;
        for Correction { member, was, is } in &ran.corrections {
            writer.add(member.as_bytes(), &changed_to_bytes(was.as_ref(), is.as_ref()))?;
        }
        writer.finish()?;
        ran.list.corrections = Some(name);
        Ok(())
    }

    /// Reads what the last night that brought something corrected.
    fn corrected_before(&self, ran: &mut Ran) -> Result<(), Wrong> {
        ran.reported = self.list.corrected.as_ref().and_then(Reported::as_of);
        let tables = tables::open(self.folder, self.list.corrections.as_slice())?;
        let Some(mut cursor) = tables.first().map(Table::cursor) else { return Ok(()) };
        while let Some((key, value)) = cursor.next()? {
            let (was, is) = changed_from_bytes(self.program, value).ok_or_else(|| tables::wrong("corrections"))?;
            ran.corrections.push(Correction { member: tables::member(key, "corrections")?, was, is });
        }
        Ok(())
    }

    /// The members file: the night's, else the one before.
    fn rows(&self, new: Option<BTreeMap<String, MemberRow>>, ran: &mut Ran, leave_out: bool) -> Result<Rows, Wrong> {
        let old = self.members()?;
        let Some(mut new) = new else { return Ok(Rows { all: old, changed: BTreeSet::new() }) };
        let rows = new.len();
        new.retain(|id, _| !self.list.forgot(id));
        match (rows - new.len(), leave_out) {
            (0, _) => {}
            (left_out, true) => ran.left_out += left_out as u64,
            (_, false) => return Err(Wrong::Forgotten(None)),
        }
        // No file brings those rows again.
        let of_forgotten = |id: &&String| old.get_key_value(*id).map(|(id, row)| (id.clone(), row.clone()));
        new.extend(self.list.tombstones.iter().filter_map(|id| of_forgotten(&id)));
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

    /// Puts the youngest tables together when there are too many; an older one with them only where they have come to
    /// its size. So an event is written again a few times in all, and not each time.
    fn compact(&self, ran: &mut Ran) -> Result<(), Wrong> {
        let night = ran.list.nights;
        for (names, word) in [(&mut ran.list.events, "events"), (&mut ran.list.owners, "owners")] {
            if names.len() <= TABLES {
                continue;
            }
            let mut tables = tables::open(self.folder, names)?;
            let mut from = TABLES - 1;
            let mut young: u64 = tables[from..].iter().map(Table::len).sum();
            while let Some(older) = from.checked_sub(1).filter(|older| tables[*older].len() <= young) {
                young += tables[older].len();
                from = older;
            }
            let name = format!("{word}-to-{night}.table");
            tables::merge(self.folder, &tables.split_off(from), &name)?;
            names.truncate(from);
            names.push(name);
        }
        Ok(())
    }
}

/// A folder with tables and no list is a state that was damaged.
fn no_tables(folder: &dyn Folder) -> Result<(), Fault> {
    let names = folder.names().map_err(Fault::machine(kept::list::NAME))?;
    if names.iter().any(|name| name.ends_with(".table")) {
        let what = "it is no longer there, yet the tables of a state are";
        return Err(Fault::Damaged { name: kept::list::NAME.to_owned(), what });
    }
    Ok(())
}

/// The members file.
pub(super) struct Rows {
    /// Every row.
    pub all: BTreeMap<String, MemberRow>,
    /// Whose row is not what it was.
    pub changed: BTreeSet<String>,
}
