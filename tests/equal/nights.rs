//! One run over a whole history, and the same history night after night from a kept state.

use crate::pair;
use loyal::engine::nightly::{self, Fit, Increment, Night, Players};
use loyal::engine::outcome::{AsOf, Happened, MemberView, Outcome, When};
use loyal::engine::parts::{self, Plain, Played, Take};
use loyal::engine::plan::Needs;
use loyal::engine::reference;
use loyal::kept::folder::Memory;
use loyal::ledger::{Event, History};
use loyal::mechanics::Program;
use std::collections::BTreeMap;

/// What the last night told of.
#[derive(Default)]
struct All {
    views: BTreeMap<(usize, String), MemberView>,
    rejected: BTreeMap<(String, String), String>,
}

impl Take for All {
    fn member(&mut self, id: &str, played: &Played) {
        for (nth, view) in played.views.iter().enumerate() {
            if let Some(view) = view {
                self.views.insert((nth, id.to_owned()), view.clone());
            }
        }
        for (event, reason, _) in &played.rejected {
            self.rejected.entry((id.to_owned(), event.clone())).or_insert_with(|| reason.word().to_owned());
        }
    }
}

/// The events of each night: by time, but some come a night late, no later than the program lets them.
fn nights(seed: u64, program: &Program, history: &History, number: usize) -> Vec<Vec<Event>> {
    let mut nights = vec![Vec::new(); number];
    let all = history.events.len().max(1);
    for (place, event) in history.events.iter().enumerate() {
        let night = place * number / all;
        let is_late = (seed + place as u64 * 7).is_multiple_of(5) && night + 1 < number;
        let days_late = |end: &Event| (end.day - event.day).get_days();
        let behind = history.events.get(((night + 1) * all).div_ceil(number).saturating_sub(1).min(all - 1));
        let late =
            is_late && behind.is_some_and(|end| i64::from(days_late(end)) <= i64::from(program.settings.late_days));
        nights[night + usize::from(late)].push(event.clone());
    }
    nights
}

fn increment(needs: &Needs, events: &[Event], history: &History) -> Increment {
    Increment { events: nightly::piles(events, needs), members: Some(history.members.clone()) }
}

/// The history night after night; what the last night said of the moments asked for.
fn by_night(seed: u64, program: &Program, history: &History, as_of: &[AsOf]) -> All {
    let needs = Needs::of(program);
    let folder = Memory::breaks_after(i64::MAX);
    let players = Players { program, needs: &needs, threads: 1, player: |_: &parts::Job<'_>| Plain };
    let fit = Fit { said: &[], aside: "", needs: &needs, joined: parts::joins_all(program) };
    let nights = nights(seed, program, history, 1 + usize::try_from(seed % 4).unwrap());
    let last = nights.len() - 1;
    for (nth, events) in nights.iter().enumerate() {
        let night = Night::open(&folder, program, fit, &players).expect("a state");
        let here: Vec<AsOf> = events
            .iter()
            .map(|event| event.at)
            .chain(night.clock())
            .max()
            .map(|at| AsOf { label: "here".to_owned(), when: When::At(at) })
            .into_iter()
            .collect();
        let asked = if nth == last { as_of } else { &here };
        let mut all = All::default();
        let ran = night.run(increment(&needs, events, history), asked, false, &mut all).expect("a night");
        assert_eq!(ran.too_late, 0, "seed {seed}: nothing comes that late");
        ran.commit(&folder).expect("a folder in memory");
        if nth == last {
            return all;
        }
    }
    All::default()
}

fn first_difference(expected: &Outcome, got: &All) -> Option<String> {
    for (nth, snapshot) in expected.snapshots.iter().enumerate() {
        for (id, view) in &snapshot.members {
            let found = got.views.get(&(nth, id.clone()));
            let (expected, found) = (format!("{view:?}"), format!("{found:?}"));
            if found != format!("Some({expected})") {
                return Some(format!("{id} as of {}:\n  expected {expected}\n  got {found}", snapshot.as_of.label));
            }
        }
        let more = got.views.keys().find(|(at, id)| *at == nth && !snapshot.members.contains_key(id));
        if let Some((_, id)) = more {
            return Some(format!("{id} is nobody as of {}", snapshot.as_of.label));
        }
    }
    let entries = expected.snapshots.last().map_or(0, |snapshot| snapshot.entries);
    let mut rejected = BTreeMap::new();
    for entry in &expected.journal[..entries] {
        if let Happened::Rejected { reason, .. } = &entry.what {
            let key = (entry.member.clone().unwrap_or_default(), entry.event.clone().unwrap_or_default());
            rejected.entry(key).or_insert_with(|| reason.word().to_owned());
        }
    }
    (rejected != got.rejected).then(|| format!("rejected: expected {rejected:?}, got {:?}", got.rejected))
}

#[test]
fn night_after_night_comes_to_what_one_run_says() {
    let pairs = std::env::var("LOYAL_NIGHTS").ok().and_then(|pairs| pairs.parse().ok()).unwrap_or(100);
    let from = std::env::var("LOYAL_NIGHTS_FROM").ok().and_then(|from| from.parse().ok()).unwrap_or(0);
    let mut wrong = Vec::new();
    for seed in from..from + pairs {
        let Some(sound) = pair::program(seed) else { continue };
        let chronicle = pair::history(seed, &sound);
        let Ok(history) = chronicle.read(&sound.program) else { continue };
        let clock = &sound.program.settings.clock;
        let as_of = parts::in_order(&chronicle.moments(&sound.program), clock);
        // Every other time only what lies behind all events: then most members stand as they stood.
        let as_of = if seed.is_multiple_of(2) { &as_of[as_of.len().saturating_sub(1)..] } else { &as_of[..] };
        let expected = reference::run(&sound.program, &history, as_of);
        let got = by_night(seed, &sound.program, &history, as_of);
        if let Some(difference) = first_difference(&expected, &got) {
            wrong.push(format!("seed {seed}: {difference}"));
        }
        if wrong.len() >= 3 {
            break;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
