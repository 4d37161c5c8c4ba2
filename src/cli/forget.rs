//! `loyal forget`: a member's name goes out of a kept state, and all figures stay (section 6.14, `docs/state.md`).
//!
//! The state without her is played beside the one with her before it takes its place: were one figure of anybody's
//! another, nothing is changed.

use super::failure::Failure;
use super::floors;
use super::program::{Ready, ready};
use super::scratch::OnDisk;
use super::screen::Screen;
use super::state::State;
use crate::engine::nightly::{Increment, List, Night, Swap, Trial, Wrong, tombstone};
use crate::engine::outcome::{AsOf, When};
use crate::engine::plan::Needs;
use crate::kept::{Fault, list};
use crate::mechanics::columns::asked;
use crate::report::facts::Fact;
use crate::report::harvest::rows::Format;
use crate::report::harvest::{Harvest, Wanted};
use clap::Args;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// The arguments of `forget`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The program of the state
    #[arg(value_name = "PROGRAM")]
    program: PathBuf,
    /// Whom to forget
    #[arg(long, value_name = "MEMBER")]
    member: String,
    /// The folder that `run --state` keeps
    #[arg(long, value_name = "DIR")]
    state: PathBuf,
}

/// Memory for the figures that are compared.
const MEMORY: usize = 128 << 20;

/// Forgets a member.
pub fn forget(screen: &Screen, arguments: &Arguments) -> Result<(), Failure> {
    let (place, member) = (arguments.state.display(), arguments.member.as_str());
    let ready = ready(screen, &arguments.program)?;
    if !arguments.state.join(list::NAME).is_file() {
        return Err(Failure::Command(format!(
            "--state {place}: there is no state here; `loyal run --state` makes one"
        )));
    }
    let state = State::hold(&arguments.state, &ready)?;
    let needs = Needs::of(&ready.program);
    let at_work = Forgetting { ready: &ready, needs: &needs, state: &state, threads: super::threads(None) };
    let (list, swap) = at_work.rewritten(member, &place.to_string())?;
    if at_work.figures(None, Some(&swap))? != at_work.figures(Some(&list), None)? {
        at_work.tidy(None);
        return Err(Failure::Command(
            "she cannot be forgotten without changing figures: something in this program hangs on her id itself. Nothing \
             was changed"
                .to_owned(),
        ));
    }
    let (folder, _) = state.parts(&ready, &needs);
    list::replace(folder, &list).map_err(|fault| state.failed(fault.into()))?;
    at_work.tidy(Some(&list));
    let renamed = match swap.events.len() {
        0 => String::new(),
        1 => " 1 event whose id held hers got another.".to_owned(),
        many => format!(" {many} events whose ids held hers got others."),
    };
    screen.say(&format!(
        "{member} is forgotten in {place}: what she did stands under {}.{renamed} All figures are what they were.\n\
         Outputs that were written before, copies of the folder and the files of events still name her.\n",
        swap.tombstone
    ))
}

/// What stands in one line of figures, whatever their order: the sum of hashes of all facts, how many there are, and the
/// totals.
type Figures = (u128, u64, String);

/// A state in which somebody is being forgotten.
struct Forgetting<'f> {
    ready: &'f Ready,
    needs: &'f Needs,
    state: &'f State,
    threads: usize,
}

impl Forgetting<'_> {
    /// Opens the state, or as it would be with another list.
    fn open<T>(&self, list: Option<&List>, then: impl FnOnce(Night<'_>) -> Result<T, Wrong>) -> Result<T, Failure> {
        let (folder, fit) = self.state.parts(self.ready, self.needs);
        let program = &self.ready.program;
        // The figures before are played beside the state too: no file of it is touched.
        let trial = match list {
            Some(list) => Some(Trial::of(folder, list)),
            None => list::read(folder).transpose().map(|list| list.and_then(|list| Trial::of(folder, &list))),
        };
        let trial = trial.transpose().map_err(|fault| self.state.failed(fault.into()))?;
        let Some(trial) = trial else {
            return Err(Failure::Command("there is no state here".to_owned()));
        };
        floors::night(&trial, (program, fit, self.threads), |night| night.and_then(then))
            .map_err(|wrong| self.state.failed(wrong))
    }

    /// Writes her tables under another name.
    fn rewritten(&self, member: &str, place: &str) -> Result<(List, Swap), Failure> {
        let (folder, fit) = self.state.parts(self.ready, self.needs);
        let program = &self.ready.program;
        let versions = std::iter::once(program).chain(&program.older);
        let of_members = versions.flat_map(|program| asked(program).into_iter().map(|one| one.name));
        let of_events = self.needs.event.iter().chain(&self.needs.line).map(|wanted| wanted.name.clone());
        let looked_at: BTreeSet<String> = of_members.chain(of_events).collect();
        let random = random_key()?;
        floors::night(folder, (program, fit, self.threads), |night| {
            let night = night.map_err(|wrong| self.state.failed(wrong))?;
            if night.list().forgot(member) {
                return Err(Failure::Command(format!("--member {member}: she is forgotten in {place} already")));
            }
            if member.is_empty() || !night.knows(member).map_err(|wrong| self.state.failed(wrong))? {
                return Err(Failure::Command(format!("no member {member} in the state {place}")));
            }
            let key = match night.list().key() {
                Some(key) => key,
                None => random_key()?,
            };
            let mut nth = 0_u32;
            let mut name = || {
                nth += 1;
                blake3::keyed_hash(&random, &nth.to_le_bytes()).to_hex()[..16].to_owned()
            };
            let tombstone = tombstone(program, member, &mut name).ok_or_else(|| {
                Failure::Command("no name was found that stands on her side of every pilot and offer".to_owned())
            })?;
            let forgot = night.forget((member, tombstone), key, &|name| looked_at.contains(name));
            forgot.map_err(|wrong| self.state.failed(wrong))
        })
    }

    /// All facts and totals as of the last event, with names swapped where that is asked.
    fn figures(&self, list: Option<&List>, swap: Option<&Swap>) -> Result<Figures, Failure> {
        let ready = self.ready;
        let mut figures = (0_u128, 0);
        let mut text = String::new();
        self.open(list, |night| {
            let last = night.clock().map(|at| AsOf { label: "the last event".to_owned(), when: When::At(at) });
            let moments: Vec<AsOf> = last.into_iter().collect();
            let wanted = Wanted { facts: Some(Format::Cells), ..Wanted::default() };
            let harvest = Harvest::new(ready.book(), &moments, &wanted, &OnDisk, MEMORY);
            let mut basket = harvest.take();
            let nothing = Increment { events: &mut std::iter::empty(), members: None, leave_out: false };
            night.run(nothing, &moments, true, &mut basket)?;
            let machine = |error| Wrong::Kept(Fault::machine(list::NAME)(error));
            harvest.give(basket).map_err(machine)?;
            let harvested = harvest.join();
            let mut add = |fact: Fact| {
                figures.0 = figures.0.wrapping_add(sum(&fact, swap));
                figures.1 += 1;
                Ok(())
            };
            harvested.each_fact(&mut add).map_err(machine)?;
            text = harvested.summary();
            Ok(())
        })?;
        Ok((figures.0, figures.1, text))
    }

    /// Removes the tables that no list names.
    fn tidy(&self, list: Option<&List>) {
        let (folder, _) = self.state.parts(self.ready, self.needs);
        let read = || list::read::<List>(folder).ok().flatten();
        if let Some(list) = list.cloned().or_else(read) {
            // What cannot be removed now the next night removes.
            let _ = list::sweep(folder, list.names());
        }
    }
}

/// A fact in short.
fn sum(fact: &Fact, swap: Option<&Swap>) -> u128 {
    let Fact { member, what, value, .. } = fact;
    let (member, what) = match swap {
        None => (member.clone(), what.clone()),
        Some(swap) => {
            let what = ["rejected:", "discount:"].into_iter().find_map(|word| {
                let event = what.strip_prefix(word)?;
                Some(format!("{word}{}", swap.event(event)))
            });
            (swap.member(member).to_owned(), what.unwrap_or_else(|| fact.what.clone()))
        }
    };
    let mut first = [0; 16];
    let hash = blake3::hash(format!("{}:{member}{}:{what}{value}", member.len(), what.len()).as_bytes());
    first.copy_from_slice(&hash.as_bytes()[..16]);
    u128::from_le_bytes(first)
}

fn random_key() -> Result<[u8; 32], Failure> {
    let mut key = [0; 32];
    let failed = |error| Failure::Machine(format!("the system gives no random bytes: {error}"));
    getrandom::fill(&mut key).map_err(failed)?;
    Ok(key)
}
