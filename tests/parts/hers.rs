//! A member who is asked about alone is played with all whom she touches, and comes to the same.

use loyal::engine::outcome::{AsOf, Entry, Happened, Outcome};
use loyal::engine::parts::{self, Job, Journal, Store};
use loyal::engine::plan::Needs;
use loyal::engine::reference::part::{Whole, run_part};
use loyal::ledger::{Event, History};
use loyal::mechanics::Program;
use std::collections::BTreeSet;

/// The first thing in which what is said of a member differs from what the run over everybody says of her.
pub fn difference(program: &Program, history: &History, as_of: &[AsOf], wanted: &Outcome) -> Option<String> {
    // What an explanation shows of an event beside what rules ask of it.
    let needs = Needs::of(program).with_event_text("store");
    let as_of = parts::in_order(as_of, &program.settings.clock);
    let job = Job {
        program,
        needs: &needs,
        as_of: &as_of,
        whole: Whole::of(history),
        journal: Journal::None,
        deeds: false,
        threads: 1,
        shared: None,
    };
    let store = Store::in_memory(parts::piles(history, &needs, 3));
    let named = history.events.iter().flat_map(|event| [event.member.clone(), event.reference.clone()]).flatten();
    let ids: BTreeSet<String> = named.chain(history.members.keys().cloned()).collect();
    let ids: Vec<String> = ids.into_iter().collect();
    let all = parts::hers(&job, &store, &history.members, &ids).expect("piles in memory");
    ids.iter().zip(&all).find_map(|(id, part)| {
        let got = run_part(program, part, &job.whole, &as_of).outcome;
        let differs = said(id, wanted, history) != said(id, &got, part);
        differs.then(|| format!("{id}:\nwanted {:#?}\ngot {:#?}", said(id, wanted, history), said(id, &got, part)))
    })
}

/// What is said of a member at each moment, with what is shown of the events.
fn said(id: &str, outcome: &Outcome, history: &History) -> Vec<String> {
    let event = |id: &str| history.events.iter().find(|event| event.id == id);
    let shown = |event: &Event| {
        let amounts: Vec<_> = event.lines.iter().map(|line| line.amount.clone()).collect();
        format!("{:?} {:?} {:?} {:?} {amounts:?}", event.kind, event.member, event.store, event.timed)
    };
    let hers = |entry: &&Entry| entry.member.as_deref() == Some(id);
    let entry = |entry: &Entry| {
        let mut entry = entry.clone();
        if let Happened::Posted(posting) = &mut entry.what {
            posting.number = 0;
        }
        let event = entry.event.as_deref().and_then(event).map(shown);
        format!("{entry:?} of {event:?}")
    };
    let of_moment = |snapshot: &loyal::engine::outcome::Snapshot| {
        let entries = outcome.journal[..snapshot.entries].iter().filter(hers).map(entry);
        entries.chain([format!("{:?}", snapshot.members.get(id))]).collect::<Vec<String>>()
    };
    outcome.snapshots.iter().flat_map(of_moment).collect()
}
