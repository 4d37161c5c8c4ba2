//! Draws: entries that come and are taken back, the seed that is given, and who wins by it.
//!
//! Who wins can be worked out again by anybody: see [`pick`] and the language page, under `draw`.

use super::Run;
use super::given::visit_stands;
use super::state::{GiftState, Member, Position, Seen};
use crate::engine::outcome::{EntriesView, EntryWhy, Happened, HeldDraw, Reason, Winner};
use crate::ledger::Event;
use crate::mechanics::DrawId;
use crate::mechanics::card::{MOST_STAMPS, StampPer};
use crate::mechanics::draw::{Draw, Held as When};
use crate::mechanics::example::Held;
use crate::mechanics::reading::Kind as Block;
use crate::value::clock::{Date, Moment};
use crate::value::exact::{Exact, Rounding};
use num_bigint::BigUint;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Entries that came together.
#[derive(Debug, Clone)]
pub(super) struct Entries {
    /// In which draw.
    pub draw: DrawId,
    /// The draw they belong to, by its date; of an instant draw the day.
    pub date: Date,
    /// The event that brought them, or the timer's words.
    pub event: String,
    /// Its moment.
    pub at: Moment,
    /// Its day.
    pub day: Date,
    /// Which `entry` clause; none: a rule, or a free entry.
    pub clause: Option<usize>,
    /// The visit, for an entry per visit.
    pub visit: Option<(Date, Option<String>)>,
    /// How many are left.
    pub number: i64,
    /// Of an instant draw: which of them won.
    pub won: Vec<Won>,
}

/// An entry that won at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Won {
    /// Which of those that came together, from 0.
    nth: i64,
    /// The place of the prize among the member's gifts.
    pub gift: usize,
    /// The place that it won, from 1.
    place: u32,
}

/// What a run knows of a draw.
#[derive(Debug, Clone, Default)]
pub(super) struct DrawState {
    /// The last seed that was given; its hash was published.
    seed: Option<String>,
    /// The draws that were held, by their dates.
    held: BTreeSet<Date>,
    /// Of an instant draw.
    at_once: AtOnce,
}

/// Which places of an instant draw are won.
#[derive(Debug, Clone, Default)]
struct AtOnce {
    /// The highest place that was given out.
    last: u32,
    /// Places whose prize was taken back.
    freed: BTreeSet<u32>,
    /// Wins that an earlier night has told, by their events: they stay, so their places are nobody else's (section 6.14).
    told: BTreeMap<String, Vec<Told>>,
    /// Their places.
    told_places: BTreeSet<u32>,
}

/// A win that an earlier night has told.
#[derive(Debug, Clone)]
struct Told {
    entry: u64,
    place: u32,
    /// Whether this run has come to it.
    seen: bool,
}

impl AtOnce {
    /// The entry and place of a win that was told before: by an event, of an entry or of any.
    fn told(&mut self, event: &str, entry: Option<u64>) -> Option<(u64, u32)> {
        let same = |one: &&mut Told| !one.seen && entry.is_none_or(|entry| one.entry == entry);
        let one = self.told.get_mut(event)?.iter_mut().find(same)?;
        one.seen = true;
        Some((one.entry, one.place))
    }

    /// Whether that win was told before, and has its prize.
    fn has(&self, event: &str, entry: u64) -> bool {
        self.told.get(event).is_some_and(|told| told.iter().any(|one| one.seen && one.entry == entry))
    }

    /// The next place: one that was taken back, else the next; none that somebody else was told of.
    fn next(&self) -> u32 {
        let waits = |place: u32| self.told.values().flatten().any(|one| !one.seen && one.place == place);
        if let Some(freed) = self.freed.iter().copied().find(|place| !waits(*place)) {
            return freed;
        }
        let free = |place: &u32| !self.told_places.contains(place);
        (self.last.saturating_add(1)..u32::MAX).find(free).unwrap_or(u32::MAX)
    }

    /// A place is given out.
    fn take(&mut self, place: u32) {
        if !self.freed.remove(&place) && !self.told_places.contains(&place) {
            self.last = self.last.max(place);
        }
    }
}

/// What brings entries.
struct Origin {
    clause: Option<usize>,
    visit: Option<(Date, Option<String>)>,
    why: EntryWhy,
}

impl<'a> Run<'a> {
    /// The entries that the event at hand brings by the draws' own clauses.
    pub(super) fn enter_event(&mut self, id: &str) {
        for (place, draw) in self.program.draws.iter().enumerate() {
            for (clause, entry) in draw.entries.iter().enumerate() {
                let Some(seen) = self.seen_now(id).cloned() else { return };
                let Some(member) = self.members.get(id) else { return };
                let number = self.entries_of(member, &seen, draw, clause);
                let visit = match entry.per {
                    StampPer::Visit => Some((seen.day, seen.event.store.clone())),
                    StampPer::Item | StampPer::Purchase | StampPer::Amount(..) => None,
                };
                let has = |one: &Entries| {
                    one.draw.0 == place && one.clause == Some(clause) && one.visit == visit && one.number > 0
                };
                if visit.is_some() && member.entries.iter().any(has) {
                    continue;
                }
                self.enter(id, DrawId(place), number, Origin { clause: Some(clause), visit, why: EntryWhy::Event });
            }
        }
    }

    /// Gives the prizes that the event at hand was told to have won, though its entry does not come any more: something
    /// late has used up a limit, or a condition does not hold now.
    pub(super) fn honour(&mut self, id: &str) {
        let Some(event) = self.here.event else { return };
        for draw in (0..self.draws.len()).map(DrawId) {
            let When::Instant { among, .. } = self.program.draws[draw.0].held else { continue };
            while let Some((entry, place)) = self.draws[draw.0].at_once.told(&event.id, None) {
                self.win(id, draw, (event.id.clone(), entry, u64::from(among)), place);
            }
        }
    }

    /// An entry wins at once; the place of its prize among the member's gifts.
    fn win(&mut self, id: &str, draw: DrawId, (key, entry, among): (String, u64, u64), place: u32) -> Option<usize> {
        let block = &self.program.draws[draw.0];
        let prize = block.prize(place)?;
        let date = self.here.day;
        self.draws[draw.0].at_once.take(place);
        let winner = Winner { member: id.to_owned(), entry, among };
        self.outcome.held.push(HeldDraw {
            draw: block.name.text.clone(),
            date: date.to_string(),
            event: key,
            seed: self.draws[draw.0].seed.clone().unwrap_or_default(),
            entries: 1,
            members: 1,
            winners: vec![winner],
            place,
        });
        self.note(Some(id), Happened::Won { draw, date, place, entry, among });
        self.hold(id, Held::Gift(prize), 1, None).first().copied()
    }

    /// Entries that a rule or a card gives: it has a `when` of its own.
    pub(super) fn enter_given(&mut self, id: &str, draw: DrawId, number: u32) {
        self.enter(id, draw, i64::from(number), Origin { clause: None, visit: None, why: EntryWhy::Event });
    }

    /// How many entries a clause brings for what is left of an event.
    fn entries_of(&self, member: &Member<'a>, seen: &Seen<'a>, draw: &Draw, clause: usize) -> i64 {
        let lines = super::given::views_now(seen);
        let scene = self.scene_of(member, seen, &lines);
        let open = draw.when.as_ref().is_none_or(|when| scene.holds(when));
        if open { self.times_of(member, seen, &draw.entries[clause]) } else { 0 }
    }

    /// Whether the draw's `when` holds here and now.
    fn may_enter(&self, id: &str, draw: &Draw) -> bool {
        let (Some(member), Some(when)) = (self.members.get(id), &draw.when) else { return true };
        let opening = member.opening(self.here.day);
        let lines = self.here.event.map(|event| self.lines_here(member, event)).unwrap_or_default();
        self.scene_now(member, &lines, &opening).holds(when)
    }

    /// Entries come, as far as the limits leave room; how many did.
    fn enter(&mut self, id: &str, draw: DrawId, number: i64, origin: Origin) -> i64 {
        let block = &self.program.draws[draw.0];
        let (here, source) = (self.here, self.source());
        let Some(date) = block.dated(self.clock(), here.day).filter(|_| number > 0) else { return 0 };
        let name = &block.name.text;
        if self.draws[draw.0].held.contains(&date) {
            self.nothing(Some(id), format!("the draw {name} of {date} was held already: no entries come any more"));
            return 0;
        }
        if block.is_instant() && self.draws[draw.0].seed.is_none() {
            self.nothing(Some(id), format!("the draw {name} is not open: its seed was not given yet"));
            return 0;
        }
        let room = self.entry_room(id, draw, date).max(0);
        let fits = number.min(room);
        if fits < number {
            self.note_entries(id, draw, date, fits - number, EntryWhy::Cut);
        }
        if fits == 0 {
            return 0;
        }
        let entries = Entries {
            draw,
            date,
            event: source,
            at: here.at,
            day: here.day,
            clause: origin.clause,
            visit: origin.visit,
            number: fits,
            won: Vec::new(),
        };
        self.member_mut(id).entries.push(entries);
        self.note_entries(id, draw, date, fits, origin.why);
        if let When::Instant { of, among } = block.held {
            self.decide(id, draw, (of, among));
        }
        fits
    }

    /// What the draw's limits leave, and what one event may bring. A limit without a window is of one draw.
    fn entry_room(&self, id: &str, draw: DrawId, date: Date) -> i64 {
        let Some(member) = self.members.get(id) else { return MOST_STAMPS };
        let block = &self.program.draws[draw.0];
        let (here, source) = (self.here, self.source());
        let of_draw = member.entries.iter().filter(|one| one.draw == draw && (block.is_instant() || one.date == date));
        let came: i64 = of_draw.clone().filter(|one| one.event == source).map(|one| one.number).sum();
        let room = |cap: &crate::mechanics::points::EarnCap| {
            let campaign = (block.from, block.until);
            let span = super::scene::span(&cap.window, self.clock(), here.at, here.day, member.joined, campaign);
            let used: i64 = of_draw.clone().filter(|one| span.holds(one.at, one.day)).map(|one| one.number).sum();
            (&cap.most - Exact::from_int(used)).round(Rounding::Down, 0).to_i64().unwrap_or(i64::MAX)
        };
        block.limits.iter().map(room).fold(MOST_STAMPS - came, i64::min)
    }

    /// Decides the entries that just came at once, by the seed and the event's id.
    fn decide(&mut self, id: &str, draw: DrawId, (of, among): (u32, u32)) {
        let block = &self.program.draws[draw.0];
        let Some(seed) = self.draws[draw.0].seed.clone() else { return };
        let Some(member) = self.members.get(id) else { return };
        let Some(last) = member.entries.last() else { return };
        let key = match self.here.event {
            Some(event) => event.id.clone(),
            None => format!("{id} {}", self.here.day),
        };
        let same = |one: &&Entries| one.draw == draw && one.event == last.event && one.day == last.day;
        let all: i64 = member.entries.iter().filter(same).map(|one| one.number).sum();
        let (number, before) = (last.number, all - last.number);
        for nth in 0..number {
            let place = u64::try_from(before + nth + 1).unwrap_or(u64::MAX);
            if pick(&seed, &block.name.text, &key, place, u64::from(among)) >= u64::from(of) {
                continue;
            }
            let at_once = &mut self.draws[draw.0].at_once;
            if at_once.has(&key, place) {
                continue;
            }
            let wins = at_once.told(&key, Some(place)).map_or_else(|| at_once.next(), |(_, told)| told);
            if block.prize(wins).is_none() {
                self.nothing(Some(id), format!("an entry in {} wins, and there are no prizes left", block.name.text));
                continue;
            }
            let gift = self.win(id, draw, (key.clone(), place, u64::from(among)), wins);
            if let (Some(gift), Some(entries)) = (gift, self.member_mut(id).entries.last_mut()) {
                entries.won.push(Won { nth, gift, place: wins });
            }
        }
    }

    /// After a return: entries that what is left of the event no longer brings are taken back, while the draw is
    /// not held.
    pub(super) fn unenter_event(&mut self, id: &str, position: Position) {
        for (place, draw) in self.program.draws.iter().enumerate() {
            for clause in 0..draw.entries.len() {
                let Some(member) = self.members.get(id) else { return };
                let Some(seen) = member.seen_at(position) else { return };
                let per_visit = matches!(draw.entries[clause].per, StampPer::Visit);
                let visit = Some((seen.day, seen.event.store.clone()));
                let event = seen.event.id.clone();
                let kept = match per_visit {
                    true if self.visit_still_enters(member, seen, draw, clause) => continue,
                    true => 0,
                    false => self.entries_of(member, seen, draw, clause),
                };
                let which = |one: &Entries| {
                    one.clause == Some(clause) && if per_visit { one.visit == visit } else { one.event == event }
                };
                self.keep_entries(id, DrawId(place), kept, which);
            }
        }
    }

    /// An entry for a visit stays while one purchase of the visit stays.
    fn visit_still_enters(&self, member: &Member<'a>, seen: &Seen<'a>, draw: &Draw, clause: usize) -> bool {
        visit_stands(member, seen)
            && member.of_visit(seen.visit()).any(|other| self.entries_of(member, other, draw, clause) > 0)
    }

    /// Of the entries that rules gave for an event, takes so many back.
    pub(super) fn take_entries(&mut self, id: &str, draw: DrawId, over: u32, event: &str) {
        let given = |one: &Entries| one.clause.is_none() && one.event == event;
        let Some(member) = self.members.get(id) else { return };
        let of_event = member.entries.iter().filter(|one| one.draw == draw && given(one));
        let has: i64 = of_event.map(|one| one.number).sum();
        self.keep_entries(id, draw, (has - i64::from(over)).max(0), given);
    }

    /// Leaves so many of the entries that `which` picks, the first of them; those of a draw that was held stay.
    fn keep_entries(&mut self, id: &str, draw: DrawId, kept: i64, which: impl Fn(&Entries) -> bool) {
        let mut room = kept;
        let count = self.members.get(id).map_or(0, |member| member.entries.len());
        for at in 0..count {
            let one = &self.members[id].entries[at];
            let gone = self.draws[draw.0].held.contains(&one.date);
            if one.draw != draw || !which(one) || gone {
                continue;
            }
            let (date, left) = (one.date, one.number.min(room));
            room -= left;
            let over = one.number - left;
            if over <= 0 {
                continue;
            }
            let entries = &mut self.member_mut(id).entries[at];
            entries.number = left;
            let lost: Vec<Won> = entries.won.iter().copied().filter(|one| one.nth >= left).collect();
            entries.won.retain(|one| one.nth < left);
            self.note_entries(id, draw, date, -over, EntryWhy::Returned);
            for Won { gift, place, .. } in lost {
                if self.members[id].gifts[gift].state != GiftState::Held {
                    continue;
                }
                self.set_gift(id, gift, GiftState::Revoked);
                self.draws[draw.0].at_once.freed.insert(place);
            }
        }
    }

    /// Who leaves has no entries any more in draws that are still to be held.
    pub(super) fn forfeit_entries(&mut self, id: &str) {
        for draw in (0..self.program.draws.len()).map(DrawId) {
            if self.program.draws[draw.0].is_instant() {
                continue;
            }
            for (date, number) in self.waiting(&self.members[id], draw) {
                for one in self.member_mut(id).entries.iter_mut() {
                    if one.draw == draw && one.date == date {
                        one.number = 0;
                    }
                }
                self.note_entries(id, draw, date, -number, EntryWhy::Left);
            }
        }
    }

    fn note_entries(&mut self, id: &str, draw: DrawId, date: Date, change: i64, why: EntryWhy) {
        let of_draw = |member: &Member<'a>| {
            let of_date = member.entries.iter().filter(|one| one.draw == draw && one.date == date);
            of_date.map(|one| one.number).sum()
        };
        let stands_at = self.members.get(id).map_or(0, of_draw);
        self.note(Some(id), Happened::Entries { draw, date, change, stands_at, why });
    }

    // ---- the draw -----------------------------------------------------------------------------

    /// A `draw` event of a member: a free entry.
    pub(super) fn free_entry(&mut self, event: &'a Event, id: &str) {
        let Some(draw) = self.draw_named(event, Some(id)) else { return };
        let block = &self.program.draws[draw.0];
        let name = &block.name.text;
        if block.free.is_none() {
            return self.reject(Some(id), Reason::NotEligible, format!("{name} has no free entries"));
        }
        if block.dated(self.clock(), event.day).is_none() {
            return self.reject(Some(id), Reason::NotEligible, format!("{name} takes no entries on this day"));
        }
        if !self.may_enter(id, block) {
            self.honour(id);
            return self.reject(Some(id), Reason::NotEligible, format!("{name} is not for this member"));
        }
        let before = self.outcome.journal.len();
        let came = self.enter(id, draw, 1, Origin { clause: None, visit: None, why: EntryWhy::Free });
        self.honour(id);
        if came == 0 {
            let cut = self.outcome.journal[before..].iter().any(|entry| matches!(entry.what, Happened::Entries { .. }));
            let reason = if cut { Reason::Limit } else { Reason::NotEligible };
            self.reject(Some(id), reason, format!("no more entries in {name} for this member"));
        }
    }

    fn draw_named(&mut self, event: &'a Event, id: Option<&str>) -> Option<DrawId> {
        let name = event.reference.as_deref().unwrap_or("");
        let names = self.program.draws.iter().map(|draw| draw.name.text.as_str());
        let found = self.program.named(Block::Draw, names, name).map(DrawId);
        if found.is_none() {
            self.reject(id, Reason::UnknownReward, format!("the program has no draw called {name:?}"));
        }
        found
    }

    /// A `draw` event of nobody's: the seed is given, and the oldest draw that waits for it is held.
    pub(super) fn hold_draw(&mut self, event: &'a Event) {
        let Some(draw) = self.draw_named(event, None) else { return };
        if let Err(sentence) = self.try_to_hold(event, draw) {
            self.reject(None, Reason::NotEligible, sentence);
        }
    }

    fn try_to_hold(&mut self, event: &'a Event, draw: DrawId) -> Result<(), String> {
        let block = &self.program.draws[draw.0];
        let name = &block.name.text;
        let Some(seed) = event.field("seed").map(str::to_owned) else {
            return Err(format!("a draw of {name} gives its seed in the column `seed`"));
        };
        let state = &self.draws[draw.0];
        if block.is_instant() && state.seed.is_some() {
            return Err(format!("the seed of {name} was given already"));
        }
        let before = self.held_before(draw, event, &seed).cloned();
        let date = before.as_ref().map_or_else(|| self.due_draw(draw, event.day), |held| held.date.parse().ok());
        if date.is_none() && !block.is_instant() {
            return Err(format!("no draw of {name} that has entries is to be held by this day"));
        }
        // The first seed has the published hash; the hash of each later one is the seed before it.
        let (hash, published) = (hash(&seed), state.seed.as_ref().unwrap_or(&block.seed));
        if hash != published.to_ascii_lowercase() {
            let chain = match &state.seed {
                Some(_) => "; after the first draw, each seed must be a text whose SHA-256 is the seed before it",
                None => "",
            };
            return Err(format!("the seed does not fit: its SHA-256 is {hash}, and {published} was published{chain}"));
        }
        self.draws[draw.0].seed = Some(seed.clone());
        let Some(date) = date else {
            self.nothing(None, format!("the draw {name} is open: its seed fits the hash"));
            return Ok(());
        };
        let held = match before {
            Some(held) => held,
            None => {
                let entries: Vec<(String, u64)> = self.entries_for(draw, date);
                let (members, all) = (entries.len() as u64, entries.iter().map(|(_, number)| number).sum());
                let winners = winners(block, date, &seed, entries);
                let (draw, event) = (name.clone(), event.id.clone());
                HeldDraw { draw, date: date.to_string(), event, seed, entries: all, members, winners, place: 0 }
            }
        };
        self.draws[draw.0].held.insert(date);
        let HeldDraw { seed, entries, members, winners, .. } = held.clone();
        self.outcome.held.push(held);
        self.note(None, Happened::Drawn { draw, date, seed, entries, members, winners: winners.len() });
        for (place, winner) in (1..).zip(winners) {
            let id = self.account(&winner.member);
            let won = Happened::Won { draw, date, place, entry: winner.entry, among: winner.among };
            self.note(Some(&id), won);
            if let Some(prize) = block.prize(place) {
                self.hold(&id, Held::Gift(prize), 1, None);
            }
        }
        Ok(())
    }

    /// What earlier nights have told: the wins of instant draws stay with their events.
    pub(super) fn keep_told(&mut self, held: &[HeldDraw]) {
        self.held_before = held.to_vec();
        for (block, state) in self.program.draws.iter().zip(&mut self.draws) {
            let of_block = held.iter().filter(|one| one.place > 0 && one.draw == block.name.text);
            for one in of_block {
                let told = state.at_once.told.entry(one.event.clone()).or_default();
                told.extend(one.winners.iter().map(|won| Told { entry: won.entry, place: one.place, seen: false }));
                state.at_once.told_places.insert(one.place);
            }
        }
    }

    /// What an earlier night has held by this event and its seed: it stays as it was held (section 6.14).
    fn held_before(&self, draw: DrawId, event: &Event, seed: &str) -> Option<&HeldDraw> {
        let name = &self.program.draws[draw.0].name.text;
        self.held_before
            .iter()
            .find(|held| held.place == 0 && held.draw == *name && held.event == event.id && held.seed == seed)
    }

    /// The oldest draw with entries that is not held and can be, on a day.
    fn due_draw(&self, draw: DrawId, day: Date) -> Option<Date> {
        let block = &self.program.draws[draw.0];
        let dates = self.members.values().flat_map(|member| self.waiting(member, draw).into_keys());
        dates.filter(|date| block.is_closed(*date, day)).min()
    }

    /// The entries of a draw, by member in the order of the bytes of their ids.
    fn entries_for(&self, draw: DrawId, date: Date) -> Vec<(String, u64)> {
        let number = |member: &Member<'a>| self.waiting(member, draw).get(&date).copied().unwrap_or(0);
        let all = self.members.iter().map(|(id, member)| (id.clone(), u64::try_from(number(member)).unwrap_or(0)));
        all.filter(|(_, number)| *number > 0).collect()
    }

    /// A member's entries in draws that are not held, by their dates.
    fn waiting(&self, member: &Member<'a>, draw: DrawId) -> BTreeMap<Date, i64> {
        let mut waiting: BTreeMap<Date, i64> = BTreeMap::new();
        let held = &self.draws[draw.0].held;
        for one in member.entries.iter().filter(|one| one.draw == draw && !held.contains(&one.date)) {
            if one.number > 0 {
                *waiting.entry(one.date).or_default() += one.number;
            }
        }
        waiting
    }

    /// The date of the next draw of each block: the oldest with entries that is not held.
    pub(super) fn next_draws(&self) -> Vec<Option<Date>> {
        let next = |draw: DrawId| {
            self.members.values().filter_map(|member| self.waiting(member, draw).into_keys().min()).min()
        };
        (0..self.program.draws.len()).map(DrawId).map(next).collect()
    }

    /// A member's entries in draws that are not held.
    pub(super) fn entries_view(&self, member: &Member<'a>, next: &[Option<Date>]) -> Vec<EntriesView> {
        let mut views = Vec::new();
        for (draw, next) in (0..self.program.draws.len()).map(DrawId).zip(next) {
            if self.program.draws[draw.0].is_instant() {
                continue;
            }
            let waiting = self.waiting(member, draw).into_iter();
            views.extend(waiting.map(|(date, number)| EntriesView { draw, date, number, next: Some(date) == *next }));
        }
        views
    }
}

/// Who wins: each place is drawn among the entries of those who have not won yet.
fn winners(block: &Draw, date: Date, seed: &str, mut left: Vec<(String, u64)>) -> Vec<Winner> {
    let mut winners = Vec::new();
    for place in 1..=block.most_winners() {
        let among: u64 = left.iter().map(|(_, number)| number).sum();
        if among == 0 || block.prize(place).is_none() {
            break;
        }
        let entry = pick(seed, &block.name.text, &date.to_string(), u64::from(place), among);
        let mut upto = 0;
        let at = left.iter().position(|(_, number)| {
            upto += number;
            entry < upto
        });
        // The entry picked is below their sum, so it is somebody's.
        let Some(at) = at else { break };
        let (member, _) = left.remove(at);
        winners.push(Winner { member, entry: entry + 1, among });
    }
    winners
}

/// A number from 0 to below `among`, by the seed: the SHA-256 of the lines seed, draw, what, place, try, read as one
/// number, and its rest by `among`. Each rest is as likely as any other: where the number lies behind the last whole
/// round of `among`, the next try counts.
fn pick(seed: &str, draw: &str, what: &str, place: u64, among: u64) -> u64 {
    let among = BigUint::from(among.max(1));
    let all = BigUint::from(1_u8) << 256_u32;
    let rounds = &all - &all % &among;
    let mut tried: u64 = 0;
    loop {
        let text = format!("{seed}\n{draw}\n{what}\n{place}\n{tried}");
        let number = BigUint::from_bytes_be(&Sha256::digest(text.as_bytes()));
        if number < rounds {
            return u64::try_from(number % &among).unwrap_or_default();
        }
        tried += 1;
    }
}

/// The SHA-256 of a seed, in small hexadecimal letters.
fn hash(seed: &str) -> String {
    Sha256::digest(seed.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
