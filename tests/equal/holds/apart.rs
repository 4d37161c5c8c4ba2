//! Members whom nothing joins know nothing of one another.

use super::{Said, said};
use crate::draw::Draw;
use crate::tree::Sound;
use loyal::engine::outcome::{AsOf, Entry, Happened, Outcome, When};
use loyal::engine::parts;
use loyal::engine::reference;
use loyal::ledger::{Event, History, Kind};
use std::collections::{BTreeMap, BTreeSet};

/// Who comes to something else when another's events are left out; how many were compared.
pub fn look(sound: &Sound, history: &History, as_of: &[AsOf], expected: &Outcome) -> Said {
    let program = &sound.program;
    // Budgets, stocks, limits in all, draws, ranks: they join everybody.
    if parts::joins_all(program) {
        return said(None, 0);
    }
    let joined = joined(history, program.household.is_some());
    let alone: Vec<&str> =
        expected.snapshots.iter().flat_map(|snapshot| snapshot.members.keys()).map(String::as_str).collect();
    let alone: BTreeSet<&str> = alone.into_iter().filter(|id| !joined.contains(*id)).collect();
    let alone: Vec<&str> = alone.into_iter().collect();
    if alone.is_empty() {
        return said(None, 0);
    }
    let gone = alone[Draw::new(history.events.len() as u64, 22).below(alone.len())];
    let mut fewer = history.clone();
    fewer.events.retain(|event| event.member.as_deref() != Some(gone));
    // A program that does not say when it begins begins with the first event of all.
    let begins = |history: &History| history.events.first().map(|event| event.day);
    if program.settings.from.is_none() && begins(&fewer) != begins(history) {
        return said(None, 0);
    }
    let got = reference::run(program, &fewer, as_of);
    let mut looked = 0;
    for (was, is) in expected.snapshots.iter().zip(&got.snapshots) {
        for (id, was) in was.members.iter().filter(|(id, _)| *id != gone) {
            looked += 1;
            let (was, is) = (format!("{was:?}"), is.members.get(id).map(|is| format!("{is:?}")));
            if Some(&was) != is.as_ref() {
                return said(Some(format!("without {gone}, {id} comes to {is:?}, else {was}")), looked);
            }
        }
    }
    // Days go on until the last event of all: what they bring behind all that is left is nobody's doing.
    let last = fewer.events.iter().map(|event| event.at).max();
    let looked_at = |entry: &Entry| {
        let asked = as_of.iter().any(|asked| match asked.when {
            When::EndOf(day) => entry.day <= day,
            When::At(moment) => entry.at <= moment,
        });
        asked || last.is_some_and(|last| entry.at <= last)
    };
    let (with, without) = (by_member(expected, &looked_at), by_member(&got, &looked_at));
    let other = with.keys().filter(|id| id.as_deref() != Some(gone)).find(|id| with.get(*id) != without.get(*id));
    said(other.map(|id| format!("without {gone}, other things happen to {id:?}")), looked)
}

/// Members whom events, or one household, join with others.
fn joined(history: &History, households: bool) -> BTreeSet<String> {
    let owners: BTreeMap<&str, Option<&str>> = (history.events.iter())
        .filter(|event| event.kind == Kind::Purchase)
        .map(|event| (event.id.as_str(), event.member.as_deref()))
        .collect();
    let mut joined = BTreeSet::new();
    let mut join = |ids: [Option<&str>; 2]| joined.extend(ids.into_iter().flatten().map(str::to_owned));
    for event in &history.events {
        match event.kind {
            Kind::Return => {
                let owner = event.reference.as_deref().and_then(|id| owners.get(id).copied().flatten());
                if owner != event.member.as_deref() {
                    join([owner, event.member.as_deref()]);
                }
            }
            // A purchase, a redemption or a member may be named.
            _ => join_named(event, &mut join),
        }
    }
    if households {
        let shared = history.members.iter().filter(|(_, member)| member.columns.get("household").is_some());
        joined.extend(shared.map(|(id, _)| id.clone()));
    }
    joined
}

fn join_named(event: &Event, join: &mut dyn FnMut([Option<&str>; 2])) {
    if event.kind.is_of_two() {
        join([event.member.as_deref(), event.reference.as_deref()]);
    }
}

/// What happened to each, without the numbers that count everybody's postings.
fn by_member(outcome: &Outcome, counts: &dyn Fn(&Entry) -> bool) -> BTreeMap<Option<String>, Vec<String>> {
    let mut all: BTreeMap<Option<String>, Vec<String>> = BTreeMap::new();
    for entry in outcome.journal.iter().filter(|entry| counts(entry)) {
        let mut entry: Entry = entry.clone();
        if let Happened::Posted(posting) = &mut entry.what {
            posting.number = 0;
        }
        all.entry(entry.member.clone()).or_default().push(format!("{entry:?}"));
    }
    all
}
