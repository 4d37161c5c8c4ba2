//! `run --state DIR`: a history continued from what the runs before left (section 6.14, `docs/state.md`).
//!
//! Outputs are in their places before the state counts the night. So whoever is stopped in between and runs the same
//! command again gets the same outputs: either the night is played once more, or its events are there already.

use super::data::{Piled, too_full};
use super::failure::{Failure, plain};
use super::folder::KeptFolder;
use super::program::Ready;
use super::screen::Screen;
use super::write::Batch;
use crate::engine::nightly::{Fit, Increment, Night, Ran, Unfit, Wrong};
use crate::engine::outcome::AsOf;
use crate::engine::parts::{self, Store, TooFull};
use crate::engine::pile::Pile;
use crate::engine::plan::Needs;
use crate::kept::Fault;
use crate::ledger::MemberRow;
use crate::report::corrections;
use crate::report::harvest::Harvest;
use crate::report::pseudonyms::Pseudonyms;
use crate::report::tables::Row;
use crate::report::words::counted;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A state that a run continues.
pub struct State {
    folder: KeptFolder,
    place: PathBuf,
    said: Vec<String>,
    aside: String,
}

impl State {
    /// Takes hold of a state for this run alone.
    pub fn hold(place: &Path, ready: &Ready) -> Result<Self, Failure> {
        let folder = KeptFolder::hold(place)?;
        let mut said = super::floors::said(&ready.sources);
        for list in &ready.program.lists {
            if let Some((file, _)) = &list.file {
                let values: Vec<&str> = list.values.iter().map(String::as_str).collect();
                let words = counted(values.len() as u64, "value", "values");
                said.push(format!("list {}: {words} from {file}, {}", list.name.text, short(&values.join("\n"))));
            }
        }
        let days: Vec<_> = ready.program.calendars.iter().map(|calendar| &calendar.days).collect();
        Ok(Self { folder, place: place.to_path_buf(), said, aside: short(&format!("{days:?}")) })
    }

    /// Says that a state begins.
    pub fn begins(&self, screen: &Screen, night: &Night<'_>) {
        if night.nights() == 0 {
            screen.note(&format!("note: {} holds no state yet; this run begins one", self.place.display()));
        }
    }

    /// Opens the state; what `run` makes of it.
    pub fn open<T>(
        &self,
        ready: &Ready,
        (needs, threads): (&Needs, usize),
        run: impl FnOnce(Night<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let (folder, fit) = self.parts(ready, needs);
        super::floors::night(folder, (&ready.program, fit, threads), |night| {
            run(night.map_err(|wrong| self.failed(wrong))?)
        })
    }

    /// The folder, and the program as the state knows it.
    pub fn parts<'s>(&'s self, ready: &Ready, needs: &'s Needs) -> (&'s KeptFolder, Fit<'s>) {
        let joined = parts::joins_all(&ready.program);
        (&self.folder, Fit { said: &self.said, aside: &self.aside, needs, joined })
    }

    /// The members file as the night sees it: its own, else that of the nights before.
    pub fn members(&self, night: &Night<'_>, piled: &Piled<'_>) -> Result<BTreeMap<String, MemberRow>, Failure> {
        if piled.has_members { Ok(piled.members.clone()) } else { night.members().map_err(|wrong| self.failed(wrong)) }
    }

    /// Plays a night; everything of it goes into the harvest.
    pub fn night(
        &self,
        night: Night<'_>,
        piled: Piled<'_>,
        (moments, journal, memory, leave_out): (&[AsOf], bool, usize, bool),
        harvest: &Harvest<'_>,
    ) -> Result<Ran, Failure> {
        let mut events = together(&piled.store, memory / 8);
        // Without a members file that of the runs before stands.
        let members = piled.has_members.then_some(piled.members);
        let mut basket = harvest.take();
        let ran = night.run(Increment { events: &mut events, members, leave_out }, moments, journal, &mut basket);
        let ran = ran.map_err(|wrong| self.failed(wrong))?;
        harvest.give(basket).map_err(|error| too_full(&parts::TooFull(error)))?;
        Ok(ran)
    }

    /// Makes the state after the night the state.
    pub fn commit(&self, ran: Ran) -> Result<(), Failure> {
        ran.commit(&self.folder).map_err(|fault| {
            let what = match fault {
                Fault::Machine { name, error } => format!("{}: {}", self.place.join(name).display(), plain(&error)),
                Fault::Damaged { .. } | Fault::Other { .. } => fault.to_string(),
            };
            Failure::Machine(format!(
                "{what}. The outputs were written, but the state is that of the run before: run the same command again"
            ))
        })
    }

    /// Why a state cannot be continued, for people.
    pub fn failed(&self, wrong: Wrong) -> Failure {
        let place = self.place.display();
        match wrong {
            Wrong::TooFull(full) => too_full(&full),
            Wrong::Kept(Fault::Machine { name, error }) => Failure::Machine(format!(
                "{}: cannot be read or written: {}. Nothing was written: the state is that of the run before, and the \
                 same command can be run again",
                self.place.join(name).display(),
                plain(&error)
            )),
            Wrong::Kept(Fault::Damaged { name, what }) => Failure::Machine(format!(
                "--state {place}: {name} is damaged: {what}. Nothing was written, for what a damaged state says is not \
                 to be trusted. Take the folder from a backup, or name a new one and run the whole history into it"
            )),
            Wrong::Kept(Fault::Other { name, found }) => Failure::Command(format!(
                "--state {place}: {name} was written by another version of loyal (shape {found}), which this one does \
                 not read. Name a new folder and run the whole history into it"
            )),
            Wrong::Unfit(why) => Failure::Command(unfit(&self.place, &why)),
            Wrong::Forgotten(event) => {
                let what = match event {
                    Some(event) if event.is_empty() => "an event is of a member who was forgotten".to_owned(),
                    Some(event) => format!("event {event} is of a member who was forgotten, or names one"),
                    None => "the members file has a row of a member who was forgotten".to_owned(),
                };
                Failure::Data(format!(
                    "{what}. Nothing more may be kept of her in {place}: take it out of the file (what she buys without a \
                     card has no member), or leave out all such rows with --skip-bad FILE. Nothing was written"
                ))
            }
            // Whose it is, is nobody's business who reads a log.
            Wrong::Contradiction { id, .. } => Failure::Data(format!(
                "event {id} is in the state {place} already, and says something else there. What was run \
                     cannot be changed under the same id: write what changed as an event of its own (a return, an \
                     adjust), or name a new folder and run the whole history into it. Nothing was written"
            )),
        }
    }
}

fn unfit(place: &Path, why: &Unfit) -> String {
    format!(
        "--state {}: this state is of another program: {why}. What members have was worked out by what the program \
         said then. Run with that program, or name a new folder and run the whole history into it. Nothing was written",
        place.display()
    )
}

/// The piles of a store, small ones put together up to about so many bytes.
fn together<'s>(store: &'s Store<'_>, bytes: usize) -> impl Iterator<Item = Result<Pile, TooFull>> + 's {
    let mut rest = 0..store.len();
    std::iter::from_fn(move || {
        let mut pile = store.take(rest.next()?);
        while let Ok(taken) = &mut pile
            && taken.size() < bytes
            && let Some(at) = rest.next()
        {
            match store.take(at) {
                Ok(more) => taken.append(&more),
                Err(full) => pile = Err(full),
            }
        }
        Some(pile)
    })
}

/// A text in a few letters: another text has others.
fn short(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex()[..12].to_owned()
}

/// Says what a night found.
fn told(screen: &Screen, ran: &Ran, corrected: &[Row]) {
    let note = |text: String| screen.note(&format!("note: {text}"));
    if std::env::var_os("LOYAL_WHY_SLOW").is_some() {
        screen.warn(&format!("{} played again", counted(ran.played, "member was", "members were")));
    }
    if ran.left_out > 0 {
        let rows = counted(ran.left_out, "event or row", "events and rows");
        note(format!("{rows} left out: of members who were forgotten. Nothing of them was set aside either"));
    }
    if ran.repeated > 0 {
        note(format!("{} in the state already", counted(ran.repeated, "event was", "events were")));
    }
    if ran.late > 0 {
        note(format!("{} late and taken in", counted(ran.late, "event came", "events came")));
    }
    if ran.too_late > 0 {
        note(format!("{} too late: rejected as too_late", counted(ran.too_late, "event came", "events came")));
    }
    if let (Some(reported), false) = (&ran.reported, corrected.is_empty()) {
        let facts = counted(corrected.len() as u64, "fact", "facts");
        note(format!("what came late corrects {facts} as of {}; --out DIR lists them in corrections", reported.label));
    }
}

/// What a kept state adds to what a run writes.
pub struct Kept<'k> {
    state: &'k State,
    ran: Ran,
    /// The rows of `corrections`.
    pub corrected: Vec<Row>,
}

impl<'k> Kept<'k> {
    /// Of a night that was played.
    pub fn new(state: &'k State, ready: &Ready, ran: Ran, names: Option<&Pseudonyms>) -> Self {
        let corrected = corrections::rows(ready.book(), ran.reported.as_ref(), &ran.corrections, names);
        Self { state, ran, corrected }
    }

    /// Moves the outputs to their places, then makes the state after the night the state.
    pub fn commit(self, screen: &Screen, batch: Batch) -> Result<(), Failure> {
        batch.commit(screen)?;
        told(screen, &self.ran, &self.corrected);
        self.state.commit(self.ran)
    }
}

/// The moments that a night is asked for: those given, else the last event of all nights.
pub fn moments(given: &[String], ready: &Ready, night: &Night<'_>, piled: &Piled<'_>) -> Result<Vec<AsOf>, Failure> {
    let clock = &ready.program.settings.clock;
    let last = night.clock().into_iter().chain(piled.whole.last.as_ref().map(|(at, _)| *at)).max();
    super::as_of::all_upto(given, clock, last).map(|moments| parts::in_order(&moments, clock))
}
