//! One run over a whole history, and the same history night after night from a kept state: the same bytes, whoever was
//! stopped in between, and corrections that say what came late.

use crate::draw::Draw;
use crate::history::Chronicle;
use crate::pair;
use crate::tree::Sound;
use loyal::engine::fast::player::Fast;
use loyal::engine::nightly::{self, Correction, Fit, Increment, Night, Play, Players, Ran, Wrong};
use loyal::engine::outcome::{AsOf, MemberView, Outcome, When};
use loyal::engine::parts::{self, Plain};
use loyal::engine::plan::{Needs, Plan};
use loyal::engine::reference;
use loyal::kept::Fault;
use loyal::kept::folder::Memory;
use loyal::ledger::{Event, History};
use loyal::report::corrections;
use loyal::report::harvest::rows::Format;
use loyal::report::harvest::{self, Harvest, Harvested, Wanted};
use loyal::report::tables::Sheet;
use loyal::report::words::Book;
use loyal::source::scratch::InMemory;
use std::collections::{BTreeMap, BTreeSet};

/// A history, to be run in one go and by night.
struct Told<'t> {
    seed: u64,
    sound: &'t Sound,
    needs: Needs,
    history: &'t History,
    as_of: &'t [AsOf],
    wanted: Wanted,
}

fn book(sound: &Sound) -> Book<'_> {
    Book { program: &sound.program, sources: &sound.sources }
}

/// The events of each night: by time, but some come a night late, no later than the program lets them; some are told
/// again the night after; and within a night they come in any order.
fn nights(told: &Told<'_>, number: usize) -> Vec<Vec<Event>> {
    let (seed, history) = (told.seed, told.history);
    let mut nights = vec![Vec::new(); number];
    let all = history.events.len().max(1);
    for (place, event) in history.events.iter().enumerate() {
        let night = place * number / all;
        let is_late = (seed + place as u64 * 7).is_multiple_of(5) && night + 1 < number;
        let days_late = |end: &Event| (end.day - event.day).get_days();
        let behind = history.events.get(((night + 1) * all).div_ceil(number).saturating_sub(1).min(all - 1));
        let days = i64::from(told.sound.program.settings.late_days);
        let late = is_late && behind.is_some_and(|end| i64::from(days_late(end)) <= days);
        let comes = night + usize::from(late);
        nights[comes].push(event.clone());
        if (seed + place as u64 * 3).is_multiple_of(7) && comes + 1 < number {
            nights[comes + 1].push(event.clone());
        }
    }
    let mut draw = Draw::new(seed, 23);
    for night in &mut nights {
        for at in (1..night.len()).rev() {
            night.swap(at, draw.below(at + 1));
        }
    }
    nights
}

/// Events, each once however often it is told.
fn once<'e>(events: impl Iterator<Item = &'e Event>) -> Vec<Event> {
    let mut told = BTreeSet::new();
    events.filter(|event| told.insert(event.id.clone())).cloned().collect()
}

/// Everything of a run as bytes.
fn bytes(harvested: &Harvested<'_>) -> String {
    let mut all = Vec::new();
    harvested.write_facts(&mut all).expect("memory takes it");
    for sheet in Sheet::ALL {
        all.extend(format!("-- {}\n", sheet.name()).bytes());
        harvested.write(sheet, &mut all).expect("memory takes it");
    }
    String::from_utf8(all).expect("text") + &harvested.summary()
}

impl Told<'_> {
    /// Plays one night to its end, or as far as the folder lets it.
    fn night(
        &self,
        folder: &Memory,
        player: &dyn Play,
        (events, as_of): (&[Event], &[AsOf]),
    ) -> Result<(String, u64, Vec<Correction>, Option<AsOf>), Wrong> {
        let program = &self.sound.program;
        let fit = Fit { said: &[], aside: "", needs: &self.needs, joined: parts::joins_all(program) };
        let night = Night::open(folder, program, fit, player)?;
        let members = Some(self.history.members.clone());
        // Some nights come in several piles.
        let piles = events.chunks(if self.seed.is_multiple_of(5) { 3 } else { usize::MAX });
        let mut piles = piles.flat_map(|events| nightly::piles(events, &self.needs)).map(Ok);
        let increment = Increment { events: &mut piles, members, leave_out: false };
        let harvest = Harvest::new(book(self.sound), as_of, &self.wanted, &InMemory, usize::MAX);
        let mut basket = harvest.take();
        let ran = night.run(increment, as_of, self.wanted.stories(program), &mut basket)?;
        harvest.give(basket).expect("memory takes it");
        let Ran { too_late, corrections, reported, .. } = &ran;
        let (too_late, corrections, reported) = (*too_late, corrections.clone(), reported.clone());
        ran.commit(folder)?;
        Ok((bytes(&harvest.join()), too_late, corrections, reported))
    }

    /// The history night after night, each first stopped somewhere and then run again; what the last of them said.
    fn by_night(&self) -> Result<String, String> {
        let program = &self.sound.program;
        let (plan, needs) = (Plan::of(program), &self.needs);
        let fast = Players { program, needs, threads: 1, player: |job: &parts::Job<'_>| Fast::new(&plan, job) };
        let plain = Players { program, needs, threads: 2, player: |_: &parts::Job<'_>| Plain };
        let folder = Memory::breaks_after(i64::MAX);
        // Sometimes so many that old tables are put together.
        let number = if self.seed % 16 == 7 { 21 } else { 1 + self.seed % 4 };
        let nights = nights(self, usize::try_from(number).unwrap());
        let (mut before, mut said) = (Vec::new(), String::new());
        for (nth, events) in nights.iter().enumerate() {
            let last = events.iter().chain(&before).map(|event: &Event| event.at).max();
            let here: Vec<AsOf> =
                last.map(|at| AsOf { label: "here".to_owned(), when: When::At(at) }).into_iter().collect();
            let asked = if nth + 1 == nights.len() { self.as_of } else { &here };
            let player: &dyn Play = if self.seed.is_multiple_of(3) { &plain } else { &fast };
            folder.let_steps(i64::try_from((self.seed * 31 + nth as u64 * 17) % 37).unwrap());
            match self.night(&folder, player, (events, asked)) {
                Ok(_) | Err(Wrong::Kept(Fault::Machine { .. })) => {}
                Err(wrong) => return Err(format!("night {nth}, stopped: {wrong:?}")),
            }
            folder.let_steps(i64::MAX);
            let ran =
                self.night(&folder, player, (events, asked)).map_err(|wrong| format!("night {nth}: {wrong:?}"))?;
            let (bytes, too_late, corrections, reported) = ran;
            if too_late > 0 {
                return Err(format!("night {nth}: nothing comes that late"));
            }
            self.corrected((&before, events), reported.as_ref(), &corrections)
                .map_err(|why| format!("night {nth}: {why}"))?;
            before = once(before.iter().chain(events));
            said = bytes;
        }
        Ok(said)
    }

    /// Whether the corrections of a night are what changed of what was reported before it.
    fn corrected(
        &self,
        (before, events): (&[Event], &[Event]),
        reported: Option<&AsOf>,
        corrections: &[Correction],
    ) -> Result<(), String> {
        let clock = before.iter().map(|event| event.at).max();
        let begins = |events: &[Event]| events.iter().map(|event| event.day).min();
        let with = once(before.iter().chain(events));
        let events: Vec<&Event> = with.iter().filter(|event| before.iter().all(|other| other.id != event.id)).collect();
        let late = events.iter().any(|event| clock.is_some_and(|clock| event.at < clock));
        let on_time = |event: &&Event| clock == Some(event.at);
        // What comes at the very moment reported changes it too, and is not late.
        if !late || events.iter().any(on_time) || begins(&with) != begins(before) {
            return Ok(());
        }
        let Some(as_of) = reported else { return Ok(()) };
        let views = |events: Vec<Event>| -> BTreeMap<String, MemberView> {
            let mut history = History { events, members: self.history.members.clone() };
            history.order();
            let outcome = reference::run(&self.sound.program, &history, std::slice::from_ref(as_of));
            outcome.snapshots.into_iter().next().map(|snapshot| snapshot.members).unwrap_or_default()
        };
        let (was, is) = (views(before.to_vec()), views(with));
        let all: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
        let of = |id: &String| Correction { member: id.clone(), was: was.get(id).cloned(), is: is.get(id).cloned() };
        let expected =
            corrections::rows(book(self.sound), reported, &all.into_iter().map(of).collect::<Vec<_>>(), None);
        let got = corrections::rows(book(self.sound), reported, corrections, None);
        if expected == got { Ok(()) } else { Err(format!("corrections: expected {expected:#?}, got {got:#?}")) }
    }
}

fn first_difference(expected: &str, got: &str) -> Option<String> {
    if expected == got {
        return None;
    }
    let lines = expected.lines().zip(got.lines()).find(|(expected, got)| expected != got);
    let (expected, got) = lines.unwrap_or(("one ends", "before the other"));
    Some(format!("expected {expected}\n     got {got}"))
}

/// What is looked at: now and then the journal too.
fn wanted(seed: u64) -> Wanted {
    let of_state = |sheet: &Sheet| seed.is_multiple_of(4) || !sheet.of_the_journal();
    let sheets = Sheet::ALL.into_iter().filter(of_state).collect();
    Wanted { facts: Some(Format::Csv), sheets, format: Format::Csv, ..Wanted::default() }
}

fn whole(told: &Told<'_>, outcome: &Outcome) -> String {
    bytes(&harvest::of(book(told.sound), outcome, &told.wanted).expect("memory takes it"))
}

/// The first difference between a history in one run and night after night; none too where it cannot be read.
pub fn night_by_night(seed: u64, sound: &Sound, chronicle: &Chronicle) -> Option<String> {
    let history = chronicle.read(&sound.program).ok()?;
    let as_of = parts::in_order(&chronicle.moments(&sound.program), &sound.program.settings.clock);
    // Every other time only what lies behind all events: then most members stand as they stood.
    let as_of = if seed.is_multiple_of(2) { &as_of[as_of.len().saturating_sub(1)..] } else { &as_of[..] };
    let (needs, wanted) = (Needs::of(&sound.program), wanted(seed));
    let told = Told { seed, sound, needs, history: &history, as_of, wanted };
    let expected = whole(&told, &reference::run(&sound.program, &history, as_of));
    match told.by_night() {
        Ok(got) => first_difference(&expected, &got),
        Err(why) => Some(why),
    }
}

#[test]
fn night_after_night_comes_to_the_bytes_of_one_run() {
    let pairs = std::env::var("LOYAL_NIGHTS").ok().and_then(|pairs| pairs.parse().ok()).unwrap_or(100);
    let from = std::env::var("LOYAL_NIGHTS_FROM").ok().and_then(|from| from.parse().ok()).unwrap_or(0);
    let mut wrong = Vec::new();
    for seed in from..from + pairs {
        let Some(sound) = pair::program(seed) else { continue };
        let chronicle = pair::history(seed, &sound);
        let difference = night_by_night(seed, &sound, &chronicle);
        wrong.extend(difference.map(|difference| format!("seed {seed}: {difference}")));
        if wrong.len() >= 3 {
            break;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
