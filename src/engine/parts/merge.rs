//! What all members come to, put together as the reference would say it: for comparing the two.

use super::drive::{Ended, in_order_of_events, pile_of, play};
use super::order::Order;
use super::store::{Room, Store, TooFull};
use super::{Counts, Job, Journal, Played, Player, Take, in_order, roomy};
use crate::engine::deeds::Deeds;
use crate::engine::outcome::{AsOf, Entry, Happened, MemberView, Outcome, Snapshot};
use crate::engine::pile::Pile;
use crate::engine::plan::Needs;
use crate::engine::reference::part::Whole;
use crate::ledger::{Event, History, Kind, Line};
use crate::mechanics::Program;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// How a history is split and played; nothing of it changes what comes out.
#[derive(Debug, Clone, Copy)]
pub struct Knobs {
    /// How many piles.
    pub piles: usize,
    /// How many threads.
    pub threads: usize,
}

impl Default for Knobs {
    fn default() -> Self {
        Self { piles: 4, threads: 2 }
    }
}

/// Everything, kept.
#[derive(Debug, Default)]
struct All {
    views: Vec<BTreeMap<String, MemberView>>,
    counts: Vec<Counts>,
    journal: Vec<(Order, Entry)>,
}

impl All {
    fn empty(moments: usize) -> Self {
        let (views, counts) = (vec![BTreeMap::new(); moments], vec![Counts::default(); moments]);
        Self { views, counts, journal: Vec::new() }
    }

    fn join(&mut self, other: All) {
        for (views, more) in self.views.iter_mut().zip(other.views) {
            views.extend(more);
        }
        for (sum, counts) in self.counts.iter_mut().zip(other.counts) {
            sum.sales += counts.sales;
            sum.purchases += counts.purchases;
        }
        self.journal.extend(other.journal);
    }
}

impl Take for All {
    fn member(&mut self, id: &str, played: &Played) {
        for (nth, view) in played.views.iter().enumerate() {
            if let (Some(view), Some(views)) = (view, self.views.get_mut(nth)) {
                views.insert(id.to_owned(), view.clone());
            }
        }
        for (sum, counts) in self.counts.iter_mut().zip(&played.counts) {
            sum.sales += &counts.sales;
            sum.purchases += counts.purchases;
        }
        self.journal.extend(played.journal.iter().cloned());
    }
}

/// Runs a history part by part: the outcome is that of [`crate::engine::reference::run`].
///
/// # Errors
/// Never, for all piles are in memory.
pub fn outcome<P: Player>(
    program: &Program,
    history: &History,
    as_of: &[AsOf],
    knobs: Knobs,
    player: impl Fn(&Job<'_>) -> P + Sync,
) -> Result<Outcome, TooFull> {
    let needs = Needs::of(program);
    let as_of = in_order(as_of, &program.settings.clock);
    let whole = Whole::of(history);
    let store = Store::in_memory(piles(history, &needs, knobs.piles));
    let (journal, threads) = (Journal::Whole, knobs.threads);
    let deeds = false;
    let job = Job { program, needs: &needs, as_of: &as_of, whole, journal, deeds, threads, shared: None };
    let roomy = roomy(program);
    let with_room = job.with_room(roomy.as_ref());
    let all = Mutex::new(All::empty(as_of.len()));
    let give = |take: All| {
        all.lock().unwrap_or_else(PoisonError::into_inner).join(take);
        Ok(())
    };
    let take = || All::empty(as_of.len());
    let ended = play(&with_room, &store, &history.members, || player(&with_room), (take, give))?;
    let mut all = all.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Ended::NoRoom = ended {
        all = All::empty(as_of.len());
        in_order_of_events(&job, &store, &history.members, &mut all)?;
    }
    let All { views, counts, mut journal } = all;
    journal.sort_by(|(a, _), (b, _)| a.cmp(b));
    let until = job.until();
    let mut outcome = Outcome::default();
    for (((wanted, until), members), counts) in as_of.iter().zip(until).zip(views).zip(counts) {
        let end = until.end();
        outcome.snapshots.push(Snapshot {
            as_of: wanted.clone(),
            entries: journal.partition_point(|(order, _)| *order < end),
            members,
            sales: counts.sales,
            purchases: counts.purchases,
        });
    }
    let mut number = 0;
    outcome.journal = journal.into_iter().map(|(_, entry)| numbered(entry, &mut number)).collect();
    outcome.deeds = Deeds::of_history(&history.events, &outcome.journal, &as_of, &program.settings.clock);
    Ok(outcome)
}

fn numbered(mut entry: Entry, number: &mut u64) -> Entry {
    if let Happened::Posted(posting) = &mut entry.what {
        *number += 1;
        posting.number = *number;
    }
    entry
}

/// A history as piles in memory.
pub fn piles(history: &History, needs: &Needs, count: usize) -> Vec<Pile> {
    let mut piles = vec![Pile::new(names_lines(history)); count.max(1)];
    for event in &history.events {
        piles[pile_of(key(event), count.max(1))].push_event(event, needs);
    }
    piles
}

/// A history as piles, written beside memory where they take too much.
///
/// # Errors
/// When there is no room.
pub fn filled<'r>(history: &History, needs: &Needs, room: &Room<'r>) -> Result<Store<'r>, TooFull> {
    let store = Store::new(room, names_lines(history));
    for event in &history.events {
        store.fill(pile_of(key(event), store.len()), |pile| pile.push_event(event, needs))?;
    }
    Ok(store)
}

/// What says to which pile an event goes.
fn key(event: &Event) -> &str {
    event.member.as_deref().filter(|member| !member.is_empty()).unwrap_or(&event.id)
}

/// Whether some return names lines by `line` or `sku`.
fn names_lines(history: &History) -> bool {
    let named = |line: &Line| line.number.is_some() || line.sku.is_some();
    history.events.iter().any(|event| event.kind == Kind::Return && event.lines.iter().any(named))
}
