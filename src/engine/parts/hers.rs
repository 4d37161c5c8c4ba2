//! The history of one member, and of all whom she touches: what is played when only she is asked about.

use super::Job;
use super::drive::pile_of;
use super::group::owner;
use super::store::{Store, TooFull};
use super::ties::{Ties, ties};
use crate::engine::pile::Pile;
use crate::ledger::{Event, History, MemberRow};
use std::collections::{BTreeMap, BTreeSet};

/// The history of each of these members with all whom she touches, as far as the program can look at it; the piles
/// stay as they are. Of one whom the history does not know it is empty.
///
/// # Errors
/// When piles that were put beside memory cannot be read again.
pub fn hers(
    job: &Job<'_>,
    store: &Store<'_>,
    members: &BTreeMap<String, MemberRow>,
    ids: &[String],
) -> Result<Vec<History>, TooFull> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ties = ties(job, store, members)?;
    ids.iter().map(|id| of_one(job, store, members, &ties, id)).collect()
}

fn of_one(
    job: &Job<'_>,
    store: &Store<'_>,
    members: &BTreeMap<String, MemberRow>,
    ties: &Ties,
    id: &str,
) -> Result<History, TooFull> {
    let kin: BTreeSet<&str> = match ties.groups.get(id) {
        Some(group) => ties.groups.iter().filter(|(_, other)| *other == group).map(|(id, _)| id.as_str()).collect(),
        None => BTreeSet::from([id]),
    };
    let own = kin.iter().map(|id| pile_of(id, store.len()));
    // A purchase of nobody's that one of them brought back lies where its id sent it.
    let others = (0..store.len()).filter(|at| ties.owners[*at].values().any(|owner| kin.contains(owner.as_str())));
    let piles: BTreeSet<usize> = own.chain(others).collect();
    let mut history = History::default();
    for at in piles {
        history.events.extend(store.look(at, |pile| theirs(job, pile, at, ties, &kin))?);
        let moved = ties.moved[at].iter().filter(|(_, owner)| kin.contains(owner.as_str()));
        history.events.extend(moved.map(|(event, _)| event.clone()));
    }
    let rows = kin.iter().filter_map(|id| members.get_key_value(*id));
    history.members = rows.map(|(id, row)| (id.clone(), row.clone())).collect();
    history.order();
    Ok(history)
}

/// The events of a pile that are theirs.
fn theirs(job: &Job<'_>, pile: &Pile, at: usize, ties: &Ties, kin: &BTreeSet<&str>) -> Vec<Event> {
    let places = (0..pile.len()).filter(|place| kin.contains(owner(pile, &ties.owners[at], *place)));
    places.map(|place| pile.event(place, job.needs, job.clock())).collect()
}

/// Looks at the members that events name as their own, pile by pile; the same one perhaps more than once.
///
/// # Errors
/// When piles that were put beside memory cannot be read again.
pub fn each_member(store: &Store<'_>, mut look: impl FnMut(&str)) -> Result<(), TooFull> {
    for at in 0..store.len() {
        store.look(at, |pile| {
            let mut last = "";
            for place in 0..pile.len() {
                let member = pile.member.get(place);
                if member != last && !member.is_empty() {
                    look(member);
                }
                last = member;
            }
        })?;
    }
    Ok(())
}

/// Whose an event is: nobody's is none. None at all where no event has that id.
///
/// # Errors
/// When piles that were put beside memory cannot be read again.
pub fn whose(store: &Store<'_>, event: &str) -> Result<Option<Option<String>>, TooFull> {
    for at in 0..store.len() {
        let found = store.look(at, |pile| {
            let place = (0..pile.len()).find(|place| pile.id.get(*place) == event)?;
            Some(Some(pile.member.get(place)).filter(|member| !member.is_empty()).map(str::to_owned))
        })?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}
