//! An outcome in memory, told member by member.

use crate::engine::outcome::{Happened, Outcome};
use crate::engine::parts::order::Order;
use crate::engine::parts::{Counts, Played, Take};
use std::collections::{BTreeMap, BTreeSet};

/// Tells of every member of an outcome up to its last snapshot.
pub fn feed(outcome: &Outcome, take: &mut dyn Take) {
    let upto = outcome.snapshots.last().map_or(0, |snapshot| snapshot.entries);
    let mut entries: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, entry) in outcome.journal.iter().take(upto).enumerate() {
        entries.entry(entry.member.as_deref().unwrap_or_default()).or_default().push(at);
    }
    let in_snapshots = outcome.snapshots.iter().flat_map(|snapshot| snapshot.members.keys().map(String::as_str));
    // The program's sales are told of the member without a name.
    let all = in_snapshots.chain(entries.keys().copied()).chain([""]).chain(outcome.deeds.owners());
    for id in all.collect::<BTreeSet<_>>() {
        let own = entries.get(id).map_or(&[][..], Vec::as_slice);
        take.member(id, &played(outcome, id, own));
    }
}

/// What one member came to: her entries stand at these places.
fn played(outcome: &Outcome, id: &str, entries: &[usize]) -> Played {
    let snapshots = &outcome.snapshots;
    let mut played = Played {
        views: snapshots.iter().map(|snapshot| snapshot.members.get(id).cloned()).collect(),
        ..Played::default()
    };
    let mut counts = Counts::default();
    let mut entries = entries.iter().copied().peekable();
    for (moment, snapshot) in snapshots.iter().enumerate() {
        while let Some(at) = entries.next_if(|at| *at < snapshot.entries) {
            let entry = &outcome.journal[at];
            counts.count(entry);
            if let Happened::Rejected { reason, .. } = &entry.what {
                played.rejected.push((entry.event.clone().unwrap_or_default(), *reason, moment));
            }
            if let Happened::Discount(off) = &entry.what {
                played.discounts.push((off.purchase.clone(), off.change(), moment));
            }
            let number = u64::try_from(at).unwrap_or(u64::MAX);
            played.journal.push((Order::nth(number), entry.clone()));
        }
        if id.is_empty() {
            (counts.purchases, counts.sales) = (snapshot.purchases, snapshot.sales.clone());
        }
        played.counts.push(counts.clone());
        played.ends.push(Order::nth(u64::try_from(snapshot.entries).unwrap_or(u64::MAX)));
    }
    let named = played.journal.iter().filter_map(|(_, entry)| entry.event.as_deref());
    played.deeds = outcome.deeds.told(id, named);
    played
}
