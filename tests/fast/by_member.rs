//! A history played member by member by the fast machine, held against one run of the reference.

use loyal::engine::fast::machine::{Asked, Machine};
use loyal::engine::outcome::{AsOf, Happened, MemberView, Outcome};
use loyal::engine::parts::Played;
use loyal::engine::pile::Pile;
use loyal::engine::plan::Plan;
use loyal::ledger::{History, Kind};
use loyal::mechanics::Program;
use std::collections::{BTreeMap, BTreeSet};

/// How many members there were, and how many of them the machine played.
#[derive(Debug, Clone, Copy, Default)]
pub struct Count {
    pub members: u64,
    pub fast: u64,
}

/// Whose events are whose, and who touches somebody else.
fn split(history: &History) -> (BTreeMap<&str, Vec<usize>>, BTreeSet<String>) {
    let (mut events, mut kin): (BTreeMap<&str, Vec<usize>>, BTreeSet<String>) = Default::default();
    let owner: BTreeMap<&str, Option<&str>> =
        history.events.iter().map(|event| (event.id.as_str(), event.member.as_deref())).collect();
    for id in history.members.keys() {
        events.entry(id).or_default();
    }
    for (place, event) in history.events.iter().enumerate() {
        let named = event.reference.as_deref().and_then(|named| owner.get(named).copied().flatten());
        let member = event.member.as_deref().filter(|id| !id.is_empty());
        let whose = match (member, event.kind) {
            (None, Kind::Return) => named,
            (member, _) => member,
        };
        if matches!(event.kind, Kind::Referral | Kind::Transfer | Kind::Merge) {
            kin.extend([&event.member, &event.reference].into_iter().flatten().cloned());
        }
        let twice = event.kind == Kind::Return && member.is_some() && named.is_some() && named != member;
        if twice {
            kin.extend([member, named].into_iter().flatten().map(str::to_owned));
        }
        if event.kind == Kind::Return && member.is_some() && named.is_none() {
            // It may name a purchase of nobody's.
            kin.extend(member.map(str::to_owned));
        }
        if let Some(whose) = whose {
            events.entry(whose).or_default().push(place);
        }
    }
    (events, kin)
}

/// Plays every member that the machine plays; the first difference from the reference, in words.
pub fn difference(program: &Program, history: &History, as_of: &[AsOf], expected: &Outcome) -> (Option<String>, Count) {
    let plan = Plan::of(program);
    let mut pile = Pile::new(true);
    history.events.iter().for_each(|event| pile.push_event(event, &plan.needs));
    let (members, kin) = split(history);
    let mut count = Count { members: members.len() as u64, fast: 0 };
    let Ok(mut machine) = Machine::new(&plan) else { return (None, count) };
    let asked = Asked::of(as_of, &plan);
    for (id, events) in members.iter().filter(|(id, _)| !kin.contains(**id)) {
        let events: Vec<u32> = events.iter().map(|place| *place as u32).collect();
        let mut played = Played::default();
        if machine.play(&pile, &events, history.members.get(*id), &asked, &mut played).is_err() {
            continue;
        }
        count.fast += 1;
        assert_eq!(played.views.len(), expected.snapshots.len(), "a state for each moment");
        for (snapshot, got) in expected.snapshots.iter().zip(&played.views) {
            let wanted = snapshot.members.get(*id);
            if let Some(differs) = differs(wanted, got.as_ref()) {
                return (Some(format!("{id} as of {}: {differs}", snapshot.as_of.label)), count);
            }
        }
        if let Some(differs) = counts(id, expected, &played) {
            return (Some(format!("{id}: {differs}")), count);
        }
    }
    (None, count)
}

fn differs(wanted: Option<&MemberView>, got: Option<&MemberView>) -> Option<String> {
    let (wanted, got) = match (wanted, got) {
        (None, None) => return None,
        (Some(wanted), Some(got)) => (wanted, got),
        (wanted, got) => return Some(format!("known {} to the reference, {}", wanted.is_some(), got.is_some())),
    };
    let (wanted, got) = (format!("{wanted:#?}"), format!("{got:#?}"));
    if wanted == got {
        return None;
    }
    let lines = wanted.lines().zip(got.lines());
    let first = lines.enumerate().find(|(_, (a, b))| a != b);
    let (line, _) = first.unwrap_or((wanted.lines().count().min(got.lines().count()), ("", "")));
    let around = |text: &str| text.lines().skip(line.saturating_sub(12)).take(20).collect::<Vec<_>>().join("\n");
    Some(format!("\n--- reference\n{}\n--- machine\n{}", around(&wanted), around(&got)))
}

/// Rejections and postings up to the last moment.
fn counts(id: &str, expected: &Outcome, played: &Played) -> Option<String> {
    for (moment, snapshot) in expected.snapshots.iter().enumerate() {
        let hers = expected.journal[..snapshot.entries].iter().filter(|entry| entry.member.as_deref() == Some(id));
        let rejected: Vec<_> = hers
            .clone()
            .filter_map(|entry| match (&entry.what, &entry.event) {
                (Happened::Rejected { reason, .. }, Some(event)) => Some((event.clone(), *reason)),
                _ => None,
            })
            .collect();
        let got: Vec<_> =
            played.rejected.iter().filter(|one| one.2 <= moment).map(|one| (one.0.clone(), one.1)).collect();
        if rejected != got {
            return Some(format!("rejected {rejected:?}, the machine {got:?}"));
        }
        let postings = hers.filter(|entry| matches!(entry.what, Happened::Posted(_))).count() as u64;
        let got = played.counts.get(moment).map_or(0, |counts| counts.postings);
        if postings != got {
            return Some(format!("{postings} postings, the machine {got}"));
        }
    }
    None
}
