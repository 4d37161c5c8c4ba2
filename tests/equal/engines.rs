//! What is held against the reference: a history split by member with everyone played by the reference, and the
//! same with everyone played by the fast machine who can be, without the journal and with it.

use crate::compare::{deeds, difference, journals, played};
use crate::pair::Share;
use crate::tree::Sound;
use loyal::engine::deeds::Deeds;
use loyal::engine::fast::player::Fast;
use loyal::engine::outcome::{AsOf, Outcome, PostingKind};
use loyal::engine::parts::{self, Beyond, Ended, Job, Journal, Knobs, Plain, Played, Player, Store, Take, Who};
use loyal::engine::pile::Pile;
use loyal::engine::plan::{Needs, Plan};
use loyal::engine::reference::part::Whole;
use loyal::ledger::History;
use loyal::mechanics::Program;
use loyal::text::Span;
use loyal::value::exact::Exact;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

/// Both engines and ways of splitting, as the hunt asks for it.
pub fn all(sound: &Sound, history: &History, as_of: &[AsOf], expected: &Outcome) -> (Option<String>, Share) {
    both(&sound.program, history, as_of, expected)
}

/// All of them; the first difference of any.
pub fn both(program: &Program, history: &History, as_of: &[AsOf], expected: &Outcome) -> (Option<String>, Share) {
    if let Some(differs) = split(program, history, as_of, expected) {
        return (Some(format!("split by member: {differs}")), Share::default());
    }
    let (differs, share) = fast(program, history, as_of, expected);
    let told = || told(program, history, as_of, expected, share).map(|differs| format!("with the journal: {differs}"));
    (differs.or_else(told), share)
}

/// The history split by member, with the whole journal.
fn split(program: &Program, history: &History, as_of: &[AsOf], expected: &Outcome) -> Option<String> {
    // Any split gives the same; small programs and large ones get different ones.
    let knobs = Knobs { piles: 1 + history.events.len() % 4, threads: 1 + program.rules.len() % 2 };
    let got = parts::outcome(program, history, as_of, knobs, |_: &Job<'_>| Plain).expect("piles in memory");
    difference(program, expected, &got)
}

/// Members played by the fast machine where it does not give up on them, with the whole journal: every field of
/// every entry.
fn told(program: &Program, history: &History, as_of: &[AsOf], expected: &Outcome, share: Share) -> Option<String> {
    let plan = Plan::of(program);
    let knobs = Knobs { piles: 1 + history.events.len() % 3, threads: 1 };
    let by_machine = Mutex::new(BTreeSet::new());
    let player = |job: &Job<'_>| Watched { fast: Fast::new(&plan, job), by_machine: &by_machine };
    let got = parts::outcome(program, history, as_of, knobs, player).expect("piles in memory");
    let fast = by_machine.into_inner().expect("no other has panicked").len() as u64;
    let fewer = || {
        (!parts::joins_all(program) && fast != share.fast)
            .then(|| format!("the machine plays {fast} members, else {}", share.fast))
    };
    difference(program, expected, &got).or_else(fewer)
}

/// Members played by the fast machine where it does not give up on them.
fn fast(program: &Program, history: &History, as_of: &[AsOf], expected: &Outcome) -> (Option<String>, Share) {
    // Now and then with the journal of what the moments have in, and with what members did.
    let with_journal = history.events.len().is_multiple_of(3);
    let needs = Needs::of(program);
    let needs = if with_journal { needs.with_event_text("store").with_regular() } else { needs };
    let as_of = parts::in_order(as_of, &program.settings.clock);
    // Where all draw from one thing, first as if there were room for everybody.
    let roomy = parts::roomy(program);
    let job = Job {
        program,
        needs: &needs,
        as_of: &as_of,
        whole: Whole::of(history),
        journal: if with_journal { Journal::UptoLast } else { Journal::None },
        deeds: with_journal,
        threads: 1 + history.events.len() % 2,
        shared: None,
    };
    let with_room = job.with_room(roomy.as_ref());
    let plan = Plan::over(with_room.program, needs.clone());
    let store = Store::in_memory(parts::piles(history, &needs, 1 + program.rules.len() % 3));
    let by_machine = Mutex::new(BTreeSet::new());
    let player = || Watched { fast: Fast::new(&plan, &with_room), by_machine: &by_machine };
    let all = Mutex::new(All::default());
    let give = |take: All| {
        let mut all = all.lock().expect("no other has panicked");
        // What nobody did is told more than once.
        take.members.into_iter().for_each(|(id, played)| all.members.entry(id).or_default().extend(played));
        Ok(())
    };
    let ended =
        parts::play(&with_room, &store, &history.members, player, (All::default, give)).expect("piles in memory");
    let mut all = all.into_inner().expect("no other has panicked");
    let mut by_machine: BTreeSet<String> = by_machine.into_inner().expect("no other has panicked");
    let no_room = matches!(ended, Ended::NoRoom);
    if no_room {
        (all, by_machine) = (All::default(), BTreeSet::new());
        parts::in_order_of_events(&job, &store, &history.members, &mut all).expect("piles in memory");
    }
    let share = Share { members: all.members.len() as u64, fast: by_machine.len() as u64, no_room, looked: 0 };
    let differs = played(program, expected, &all.members, &by_machine);
    let journals = || journals(expected, &all.members, &by_machine);
    let done = || {
        let wanted = Deeds::of_history(&history.events, &expected.journal, &as_of, &program.settings.clock);
        deeds(&wanted, &all.members, &by_machine)
    };
    (differs.or_else(|| with_journal.then(|| journals().or_else(done)).flatten()), share)
}

/// An engine that lies: whoever gave points back stands at one point more.
pub fn lying(sound: &Sound, _: &History, _: &[AsOf], expected: &Outcome) -> (Option<String>, Share) {
    let mut got = expected.clone();
    let members = got.snapshots.iter_mut().flat_map(|snapshot| snapshot.members.values_mut());
    for points in members.flat_map(|member| member.points.values_mut()) {
        if points.totals.contains_key(&PostingKind::Clawed) {
            points.balance += &Exact::one();
        }
    }
    (difference(&sound.program, expected, &got), Share::default())
}

/// The places of a program that the fast machine leaves to the reference.
pub fn beyond(program: &Program) -> Vec<Span> {
    Plan::of(program).beyond.into_iter().map(|(span, _)| span).collect()
}

/// What all members came to.
#[derive(Default)]
struct All {
    members: BTreeMap<String, Vec<Played>>,
}

impl Take for All {
    fn member(&mut self, id: &str, played: &Played) {
        let kept = Played {
            held: Vec::new(),
            drawn: Vec::new(),
            views: played.views.clone(),
            counts: played.counts.clone(),
            rejected: played.rejected.clone(),
            discounts: played.discounts.clone(),
            due: played.due,
            journal: played.journal.clone(),
            ends: played.ends.clone(),
            deeds: played.deeds.clone(),
        };
        self.members.entry(id.to_owned()).or_default().push(kept);
    }
}

/// The fast machine, and whom it played.
struct Watched<'p> {
    fast: Fast<'p>,
    by_machine: &'p Mutex<BTreeSet<String>>,
}

impl Player for Watched<'_> {
    fn play(&mut self, who: &Who<'_>, pile: &Pile, events: &[u32], played: &mut Played) -> Result<(), Beyond> {
        self.fast.play(who, pile, events, played)?;
        self.by_machine.lock().expect("no other has panicked").insert(who.id.to_owned());
        Ok(())
    }
}
