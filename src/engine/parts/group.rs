//! The events of a pile by member, and what members come to when the reference plays them.

use super::joined::Drawn;
use super::place::{self, Until};
use super::{Job, Played};
use crate::engine::deeds::{Deeds, Rejected};
use crate::engine::outcome::{Happened, Reason};
use crate::engine::pile::Pile;
use crate::engine::reference::part::run_part;
use crate::ledger::History;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Places in a pile, by owner.
#[derive(Debug, Default)]
pub(super) struct Groups<'p> {
    /// Owners in the order of their ids, each with where her events begin and end; nobody is the empty id.
    pub owners: Vec<(&'p str, std::ops::Range<usize>)>,
    /// The events, owner by owner, in the order of the pile.
    pub events: Vec<u32>,
}

/// Whose an event is; `owners` has those that are not their own member's.
pub(super) fn owner<'p>(pile: &'p Pile, owners: &'p FxHashMap<u32, String>, place: usize) -> &'p str {
    let other = if owners.is_empty() { None } else { u32::try_from(place).ok().and_then(|at| owners.get(&at)) };
    other.map_or_else(|| pile.member.get(place), String::as_str)
}

/// Groups the events of a pile; `owners` has those that are not their own member's. `more` are members who
/// are to be there even without an event.
pub(super) fn groups<'p>(pile: &'p Pile, owners: &'p FxHashMap<u32, String>, more: &[&'p str]) -> Groups<'p> {
    let mut numbers: FxHashMap<&str, u32> = FxHashMap::default();
    let mut names: Vec<&str> = Vec::new();
    let mut number = |name: &'p str, counts: &mut Vec<usize>| {
        *numbers.entry(name).or_insert_with(|| {
            names.push(name);
            counts.push(0);
            u32::try_from(names.len() - 1).unwrap_or(u32::MAX)
        })
    };
    let mut counts = Vec::new();
    let mut whose = Vec::with_capacity(pile.len());
    for place in 0..pile.len() {
        let owner = number(owner(pile, owners, place), &mut counts);
        counts[owner as usize] += 1;
        whose.push(owner);
    }
    for member in more {
        number(member, &mut counts);
    }
    let mut order: Vec<u32> = (0..u32::try_from(names.len()).unwrap_or(u32::MAX)).collect();
    order.sort_unstable_by_key(|owner| names[*owner as usize]);
    let mut starts = vec![0; names.len()];
    let mut grouped = Groups::default();
    let mut next = 0;
    for owner in order {
        let at = owner as usize;
        starts[at] = next;
        grouped.owners.push((names[at], next..next + counts[at]));
        next += counts[at];
    }
    grouped.events = vec![0; pile.len()];
    for (place, owner) in whose.into_iter().enumerate() {
        let at = &mut starts[owner as usize];
        grouped.events[*at] = u32::try_from(place).unwrap_or(u32::MAX);
        *at += 1;
    }
    grouped
}

/// Lets the reference play a part, and says what each of its members came to; nobody is the empty id. One of
/// them has what all of them bought.
pub(super) fn by_reference(job: &Job<'_>, part: &History, drawn: &mut Drawn) -> BTreeMap<String, Played> {
    let ran = run_part(job.program, part, &job.whole, job.as_of);
    let places = place::of_part(part, &ran);
    if job.shared.is_some() {
        drawn.part(ran.drawn);
    }
    let until = job.until();
    let mut all: BTreeMap<String, Played> = BTreeMap::new();
    let empty = || Played::of_nothing(until.len());
    for (id, due) in ran.due {
        all.entry(id).or_insert_with(empty).due = Some(job.clock().day_of(due));
    }
    let mut bought = Vec::new();
    for (nth, snapshot) in ran.outcome.snapshots.into_iter().enumerate() {
        bought.push((snapshot.sales, snapshot.purchases));
        for (id, view) in snapshot.members {
            all.entry(id).or_insert_with(empty).views[nth] = Some(view);
        }
    }
    if !ran.outcome.held.is_empty() {
        all.entry(String::new()).or_insert_with(empty).held = ran.outcome.held;
    }
    for (entry, place) in ran.outcome.journal.into_iter().zip(places) {
        let played = all.entry(entry.member.clone().unwrap_or_default()).or_insert_with(empty);
        let first = until.iter().position(|until| until.has(&place)).unwrap_or(until.len());
        played.counts[first..].iter_mut().for_each(|counts| counts.count(&entry));
        if let Happened::Rejected { reason, .. } = &entry.what
            && first < until.len()
        {
            played.rejected.push((entry.event.clone().unwrap_or_default(), *reason, first));
        }
        if let Happened::Discount(off) = &entry.what
            && first < until.len()
        {
            played.discounts.push((off.purchase.clone(), off.change(), first));
        }
        if place::is_wanted(job.journal, &until, &place) {
            played.journal.push((place.order(), entry));
        }
    }
    if job.deeds {
        tell_deeds(part, &until, &mut all);
    }
    if bought.iter().any(|(_, purchases)| *purchases > 0) {
        let first = all.keys().next().cloned().unwrap_or_default();
        let first = all.entry(first).or_insert_with(empty);
        for (counts, (sales, purchases)) in first.counts.iter_mut().zip(bought) {
            (counts.sales, counts.purchases) = (sales, purchases);
        }
    }
    all
}

/// What members were rejected for, by its event.
pub(super) fn reasons<'p>(rejected: impl IntoIterator<Item = &'p (String, Reason, usize)>) -> Rejected<'p> {
    let mut all = Rejected::new();
    for (event, reason, _) in rejected {
        all.entry(event).or_default().push(*reason);
    }
    all
}

/// Tells of each member what she did.
fn tell_deeds(part: &History, until: &[Until], all: &mut BTreeMap<String, Played>) {
    let rejected = reasons(all.values().flat_map(|played| &played.rejected));
    let deeds = Deeds::of(part.events.iter().cloned(), &rejected, until);
    for owner in deeds.owners() {
        all.entry(owner.to_owned()).or_insert_with(|| Played::of_nothing(until.len()));
    }
    for (id, played) in all {
        let named = played.journal.iter().filter_map(|(_, entry)| entry.event.as_deref());
        played.deeds = deeds.told(id, named);
    }
}
