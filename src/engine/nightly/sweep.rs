//! Through all members in order: those a night touches are played again, the others stand as they stood.

use super::Hers;
use super::codec::{Kept, Nameless, same};
use super::home;
use super::list::Reported;
use super::night::{Correction, Night, Ran, Rows, Wrong};
use super::receive::Received;
use super::tables::{self, Finder};
use crate::engine::outcome::{AsOf, Entry, Happened, HeldDraw, Reason, When};
use crate::engine::parts::order::{self, Order};
use crate::engine::parts::place::Until;
use crate::engine::parts::{Counts, Played, Take};
use crate::engine::pile::Pile;
use crate::engine::reference::households::households;
use crate::kept::table::{Cursor, Table, Writer};
use crate::mechanics::Program;
use crate::value::clock::{Date, Moment};
use crate::value::exact::Exact;
use std::collections::{BTreeMap, BTreeSet};

/// So many members are looked at before those among them that have to be are played, side by side.
const STRETCH: usize = 4096;

/// One sweep.
pub(super) struct Sweep<'s> {
    night: &'s Night<'s>,
    received: &'s Received,
    rows: &'s Rows,
    /// The moments asked for, and behind them the one that the results are to be of.
    asked: Vec<AsOf>,
    /// How many of them were asked for.
    wanted: usize,
    /// The moment of the corrections.
    reported: Option<AsOf>,
    begin: Date,
    /// Nobody's results of the night before can be used.
    everyone: bool,
    /// Whether the journal is wanted.
    journal: bool,
    /// Members who are played together, each under every one of them.
    kin: BTreeMap<String, BTreeSet<String>>,
    /// Kin that were played with one before them.
    ready: BTreeMap<String, Next>,
}

/// A member's turn.
struct Turn {
    id: String,
    old: Option<Kept>,
    /// Her events; none: she stands as she stood.
    events: Option<Events>,
}

/// A member's events.
struct Events {
    before: Pile,
    new: Pile,
}

/// Finds members' events, asked for in the order of their names.
struct Gathering<'t> {
    before: Finder<'t>,
    new: Finder<'t>,
}

/// Members to be played together: their events, and what they were.
#[derive(Default)]
struct Group(BTreeMap<String, (Events, Option<Kept>)>);

/// What a member came to.
struct Next {
    kept: Kept,
    played: Played,
    /// What is nobody's of all that was played with her.
    nameless: Option<Played>,
    correction: Option<Correction>,
    again: bool,
}

impl<'s> Sweep<'s> {
    pub fn new(
        night: &'s Night<'s>,
        received: &'s Received,
        rows: &'s Rows,
        (as_of, journal): (&[AsOf], bool),
        ran: &Ran,
    ) -> Result<Self, Wrong> {
        let clock = &night.program.settings.clock;
        let until = |wanted: &AsOf| Until::of(wanted.when, clock);
        let mut asked = as_of.to_vec();
        let end = ran.list.clock().map(|end| AsOf { label: String::new(), when: When::At(end) });
        asked.extend(end.filter(|end| as_of.last().is_none_or(|last| until(last) < until(end))));
        let viewed = night.list.viewed.as_ref().and_then(Reported::as_of);
        let back = |viewed: &AsOf| asked.iter().any(|asked| until(asked) < until(viewed));
        let begin_moved = night.program.settings.from.is_none() && night.list.begin != ran.list.begin;
        let joined = night.joined && !(received.touched.is_empty() && rows.changed.is_empty());
        let begin = night.program.settings.from.or_else(|| ran.list.begin.as_ref()?.parse().ok());
        let begin = begin.or_else(|| asked.iter().map(|asked| asked.when.day(clock)).min());
        Ok(Self {
            night,
            received,
            rows,
            wanted: as_of.len(),
            reported: ran.reported.clone(),
            begin: begin.unwrap_or(Date::MIN),
            everyone: viewed.as_ref().is_none_or(back) || begin_moved || joined || journal || night.anew,
            journal,
            kin: kin(night, received, rows)?,
            ready: BTreeMap::new(),
            asked,
        })
    }

    /// Every member in order, to `take` and into the new table of results.
    pub fn all(mut self, ran: &mut Ran, take: &mut dyn Take) -> Result<(), Wrong> {
        let night = self.night;
        let name = format!("results-{}.table", ran.list.nights);
        let mut writer = tables::begin(night.folder, &name)?;
        let mut old = night.results.first().map(Table::cursor);
        let mut head = next_result(night.program, &mut old, &name)?;
        let (received, rows) = (self.received, self.rows);
        let linked: Vec<String> = self.kin.keys().cloned().collect();
        let new: BTreeSet<&String> = received.touched().chain(rows.all.keys()).chain(&linked).collect();
        let mut new = new.into_iter().peekable();
        let mut events = self.gathering();
        let mut turns = Vec::new();
        loop {
            let id = match (head.as_ref().map(|(id, _)| id), new.peek()) {
                (Some(one), Some(other)) => one.min(*other).clone(),
                (Some(one), None) => one.clone(),
                (None, Some(other)) => (*other).clone(),
                (None, None) => break,
            };
            new.next_if(|other| **other == id);
            let kept = match head.take_if(|(one, _)| *one == id) {
                Some((_, kept)) => {
                    head = next_result(night.program, &mut old, &name)?;
                    Some(kept)
                }
                None => None,
            };
            turns.push(self.turn(id, kept, &mut events)?);
            if turns.len() >= STRETCH {
                self.stretch(std::mem::take(&mut turns), &mut writer, ran, take)?;
            }
        }
        self.stretch(turns, &mut writer, ran, take)?;
        writer.finish()?;
        ran.list.results = Some(name);
        ran.list.viewed = self.asked.last().map(Reported::of);
        Ok(())
    }

    /// Whether she has to be played, and with which events.
    fn turn(&self, id: String, old: Option<Kept>, events: &mut Gathering<'_>) -> Result<Turn, Wrong> {
        let due =
            old.as_ref().and_then(|old| old.due).is_some_and(|due| self.last_day().is_some_and(|last| due <= last));
        let touched = self.received.touched.contains(&id)
            || self.received.too_late.contains_key(&id)
            || self.rows.changed.contains(&id)
            || self.kin.contains_key(&id);
        let again = old.is_none() || touched || due || self.everyone;
        let events = if again { Some(self.gather(events, &id)?) } else { None };
        Ok(Turn { id, old, events })
    }

    /// Plays those of a stretch of members that have to be, and takes all of them in, in order.
    fn stretch(
        &mut self,
        mut turns: Vec<Turn>,
        writer: &mut Writer,
        ran: &mut Ran,
        take: &mut dyn Take,
    ) -> Result<(), Wrong> {
        let mut group = Group::default();
        for turn in &mut turns {
            let Some(events) = turn.events.take().filter(|_| !self.ready.contains_key(&turn.id)) else { continue };
            // Kin of a member whose time has come, whom no new event has brought together.
            for other in turn.old.iter().flat_map(|old| &old.kin) {
                join(&mut self.kin, &turn.id, other);
            }
            let kin = match self.night.joined {
                true => self.everybody()?,
                false => self.kin.get(&turn.id).cloned().unwrap_or_default(),
            };
            group.0.insert(turn.id.clone(), (events, turn.old.take()));
            for other in kin.iter().filter(|other| !self.ready.contains_key(*other)) {
                self.bring(&mut group, other)?;
            }
            if self.night.joined {
                break;
            }
        }
        let played = self.play(group)?;
        self.ready.extend(played);
        for turn in turns {
            let next = match self.ready.remove(&turn.id) {
                Some(next) => next,
                None => self.stands(turn.old.unwrap_or_default()),
            };
            self.take_in(&turn.id, next, writer, ran, take)?;
        }
        Ok(())
    }

    /// Brings a member into a group, with her events and what she was.
    fn bring(&self, group: &mut Group, id: &str) -> Result<(), Wrong> {
        if group.0.contains_key(id) {
            return Ok(());
        }
        let events = self.gather(&mut self.gathering(), id)?;
        let old = match self.night.results.first().map(Table::cursor) {
            Some(mut cursor) => {
                let found = cursor.find(id.as_bytes())?;
                found.map(|bytes| Kept::of_program(self.night.program, bytes, "results")).transpose()?
            }
            None => None,
        };
        group.0.insert(id.to_owned(), (events, old));
        Ok(())
    }

    fn take_in(
        &self,
        id: &str,
        next: Next,
        writer: &mut Writer,
        ran: &mut Ran,
        take: &mut dyn Take,
    ) -> Result<(), Wrong> {
        ran.played += u64::from(next.again && !home::is_nobody(id));
        ran.corrections.extend(next.correction);
        if let Some(nameless) = &next.nameless {
            let known = |held: &HeldDraw, list: &[HeldDraw]| {
                // Of an instant draw each win is one of its own.
                let key = |one: &HeldDraw| match one.place {
                    0 => None,
                    place => Some((place, one.event.clone(), one.winners.first().map(|won| won.entry))),
                };
                list.iter().any(|one| (&one.draw, &one.date, key(one)) == (&held.draw, &held.date, key(held)))
            };
            for held in &nameless.held {
                if !known(held, &ran.list.draws) {
                    ran.list.draws.push(held.clone());
                }
            }
            take.member("", nameless);
        }
        take.member(home::member(id), &next.played);
        writer.add(id.as_bytes(), &next.kept.to_bytes())?;
        Ok(())
    }

    /// Nothing has happened to her: at every moment she is what she was.
    fn stands(&self, kept: Kept) -> Next {
        let first = |(event, reason): &(String, Reason)| (event.clone(), *reason, 0);
        let from_first = |(purchase, off): &(String, Exact)| (purchase.clone(), off.clone(), 0);
        let too_late = kept.too_late.iter().map(|(event, _)| (event.clone(), Reason::TooLate, 0));
        let played = Played {
            views: vec![kept.view.clone(); self.wanted],
            counts: vec![kept.counts.clone(); self.wanted],
            rejected: kept.rejected.iter().map(first).chain(too_late).collect(),
            discounts: kept.discounts.iter().map(from_first).collect(),
            ..Played::default()
        };
        let nameless = kept.nameless.as_ref().map(|nameless| Played {
            views: vec![None; self.wanted],
            counts: vec![nameless.counts.clone(); self.wanted],
            rejected: nameless.rejected.iter().map(first).collect(),
            discounts: nameless.discounts.iter().map(from_first).collect(),
            ..Played::default()
        });
        Next { kept, played, nameless, correction: None, again: false }
    }

    fn everybody(&self) -> Result<BTreeSet<String>, Wrong> {
        let received = self.received;
        let mut all: BTreeSet<String> = received.touched().chain(self.rows.all.keys()).cloned().collect();
        if let Some(mut cursor) = self.night.results.first().map(Table::cursor) {
            while let Some((key, _)) = cursor.next()? {
                all.insert(tables::member(key, "results")?);
            }
        }
        Ok(all)
    }

    /// Plays members over their events before this night and those of this night.
    fn play(&self, group: Group) -> Result<BTreeMap<String, Next>, Wrong> {
        let members: BTreeMap<&str, Hers> = group.0.iter().map(|one| (one.0.as_str(), self.hers(one, true))).collect();
        let parts = self.parts(&group);
        // What is nobody's is told of without a name: who may have some is played by herself, with her kin.
        let nameless = |part: &&Vec<&str>| part.iter().any(|id| has_nameless(&members[id].events));
        let (mut apart, together): (Vec<&Vec<&str>>, Vec<_>) = parts.iter().partition(nameless);
        let mut next = BTreeMap::new();
        if !self.call(&group, &members, &together.iter().copied().flatten().copied().collect(), (false, &mut next))? {
            apart.extend(together);
        }
        for part in apart {
            self.call(&group, &members, part, (true, &mut next))?;
        }
        // What changes one of kin by itself may change all of them.
        for part in parts.iter().filter(|part| part.len() > 1) {
            let due = part.iter().filter_map(|id| next.get(*id)?.kept.due).min();
            for id in part {
                if let Some(next) = next.get_mut(*id) {
                    next.kept.due = due;
                }
            }
        }
        Ok(next)
    }

    /// The members of a group, those together whose histories touch.
    fn parts<'g>(&self, group: &'g Group) -> Vec<Vec<&'g str>> {
        let ids = group.0.keys().map(String::as_str);
        if self.night.joined {
            return vec![ids.collect()];
        }
        let (mut parts, mut seen) = (Vec::new(), BTreeSet::new());
        for id in ids {
            if seen.contains(id) {
                continue;
            }
            let kin = self.kin.get(id).into_iter().flatten();
            let part: BTreeSet<&str> = kin
                .filter_map(|other| group.0.get_key_value(other))
                .map(|(other, _)| other.as_str())
                .chain([id])
                .collect();
            seen.extend(part.iter().copied());
            parts.push(part.into_iter().collect());
        }
        parts
    }

    fn hers(&self, (id, (events, _)): (&String, &(Events, Option<Kept>)), with_new: bool) -> Hers {
        let Events { before, new } = events;
        let mut events = before.clone();
        if with_new {
            events.append(new);
        }
        Hers { id: id.clone(), row: self.rows.all.get(id).cloned(), events }
    }

    /// Plays some members of a group side by side. Where something is nobody's and they are not `alone`, nothing is
    /// taken in, and the answer is no.
    fn call(
        &self,
        group: &Group,
        members: &BTreeMap<&str, Hers>,
        ids: &Vec<&str>,
        (alone, next): (bool, &mut BTreeMap<String, Next>),
    ) -> Result<bool, Wrong> {
        let hers: Vec<Hers> = ids.iter().map(|id| members[id].clone()).collect();
        let mut came =
            self.night.player.play(&hers, self.begin, (&self.asked, &self.night.list.draws), self.journal)?;
        let mut nameless = came.remove("");
        if nameless.is_some() && !alone {
            return Ok(false);
        }
        let mut corrections = self.corrections(group, &hers)?;
        for id in ids {
            let played = came.remove(*id).unwrap_or_else(|| self.unknown());
            let old = group.0.get(*id).and_then(|(_, old)| old.as_ref());
            let came = self.came(id, (played, nameless.take()), old, corrections.remove(*id));
            next.insert((*id).to_owned(), came);
        }
        Ok(true)
    }

    /// What late events changed of what was reported of members before.
    fn corrections(&self, group: &Group, members: &[Hers]) -> Result<BTreeMap<String, Correction>, Wrong> {
        let mut corrections = BTreeMap::new();
        let mut late: BTreeSet<&String> = BTreeSet::new();
        for id in &self.received.late {
            late.extend(self.kin.get(id).into_iter().flatten().chain([id]));
        }
        // Where all draw from one thing, a late event of one may change what any other got.
        let is_late = |hers: &&Hers| late.contains(&hers.id) || self.night.joined && !late.is_empty();
        let is: Vec<Hers> = members.iter().filter(is_late).cloned().collect();
        let Some(reported) = self.reported.as_ref().filter(|_| !is.is_empty()) else { return Ok(corrections) };
        let asked = std::slice::from_ref(reported);
        let before = |hers: &Hers| Some(self.hers(group.0.get_key_value(&hers.id)?, false));
        let was: Vec<Hers> = is.iter().filter_map(before).collect();
        let view = |played: Option<Played>| played.and_then(|played| played.views.into_iter().next().flatten());
        let mut was = self.night.player.play(&was, self.begin, (asked, &self.night.list.draws), false)?;
        let mut now = self.night.player.play(&is, self.begin, (asked, &self.night.list.draws), false)?;
        for Hers { id, .. } in is {
            let (was, is) = (view(was.remove(&id)), view(now.remove(&id)));
            if !same(was.as_ref(), is.as_ref()) {
                corrections.insert(id.clone(), Correction { member: id, was, is });
            }
        }
        Ok(corrections)
    }

    /// Of whom the program knows nothing.
    fn unknown(&self) -> Played {
        let counts = vec![Counts::default(); self.asked.len()];
        Played { views: vec![None; self.asked.len()], counts, ..Played::default() }
    }

    /// The last day that has begun by the last moment asked for.
    fn last_day(&self) -> Option<Date> {
        let clock = &self.night.program.settings.clock;
        self.asked.last().map(|asked| clock.day_of(Until::of(asked.when, clock).moment))
    }

    /// When her state can next change by itself: at her next timer, or on the day from which she is a member.
    fn next_change(&self, id: &str, timer: Option<Date>) -> Option<Date> {
        let joins = self.rows.all.get(id).and_then(|row| row.joined);
        let joins = joins.filter(|joins| self.last_day().is_none_or(|last| last <= *joins));
        timer.into_iter().chain(joins).min()
    }

    fn came(
        &self,
        id: &str,
        (mut played, mut nameless): (Played, Option<Played>),
        old: Option<&Kept>,
        correction: Option<Correction>,
    ) -> Next {
        // What once came too late stays rejected.
        let before = old.into_iter().flat_map(|old| &old.too_late);
        let too_late: Vec<_> = before.chain(self.received.too_late.get(id).into_iter().flatten()).cloned().collect();
        let last = |played: &Played| played.counts.last().cloned().unwrap_or_default();
        let kin = self.kin.get(id).into_iter().flatten().filter(|other| *other != id).cloned().collect();
        let kept = Kept {
            view: played.views.last().cloned().flatten(),
            rejected: rejected(&played),
            discounts: discounts(&played),
            nameless: nameless.as_ref().map(|more| Nameless {
                rejected: rejected(more),
                discounts: discounts(more),
                counts: last(more),
            }),
            due: self.next_change(id, played.due),
            counts: last(&played),
            kin,
            too_late: too_late.clone(),
        };
        for (event, at) in too_late {
            self.reject(id, event, at, &mut played);
        }
        for played in [&mut played].into_iter().chain(&mut nameless) {
            played.views.truncate(self.wanted);
            played.counts.truncate(self.wanted);
            played.rejected.retain(|(_, _, from)| *from < self.wanted);
            played.discounts.retain(|(_, _, from)| *from < self.wanted);
        }
        Next { kept, played, nameless, correction, again: true }
    }

    /// Tells of an event that came too late.
    fn reject(&self, id: &str, event: String, at: Moment, played: &mut Played) {
        let settings = &self.night.program.settings;
        let has = |asked: &AsOf| Until::of(asked.when, &settings.clock).has_event(at);
        let Some(first) = self.asked.iter().position(has).filter(|first| *first < self.wanted) else { return };
        if self.journal {
            let sentence = format!(
                "it came when the history had gone on by more than the {} days within which late events are taken in",
                settings.late_days
            );
            let entry = Entry {
                at,
                day: settings.clock.day_of(at),
                version: 0,
                member: Some(home::member(id).to_owned()).filter(|member| !member.is_empty()),
                event: Some(event.clone()),
                what: Happened::Rejected { reason: Reason::TooLate, sentence },
            };
            played.journal.push((Order::event(at, order::Turn::Event, &event, None, 0), entry));
            played.journal.sort_by(|(one, _), (other, _)| one.cmp(other));
        }
        played.rejected.push((event, Reason::TooLate, first));
    }

    fn gathering(&self) -> Gathering<'s> {
        let (night, received) = (self.night, self.received);
        Gathering { before: Finder::new(&night.events), new: Finder::new(received.events.as_slice()) }
    }

    /// A member's events.
    fn gather(&self, events: &mut Gathering<'_>, id: &str) -> Result<Events, Wrong> {
        let taken = |finder: &mut Finder<'_>| {
            let mut pile = Pile::new(true);
            for value in finder.all(id.as_bytes())? {
                tables::take_piles(&value, &mut pile, self.night.needs).ok_or_else(|| tables::wrong("events"))?;
            }
            Ok::<_, Wrong>(pile)
        };
        Ok(Events { before: taken(&mut events.before)?, new: taken(&mut events.new)? })
    }
}

/// Whether something in a pile may be nobody's.
fn has_nameless(pile: &Pile) -> bool {
    (0..pile.len()).any(|place| pile.member.get(place).is_empty())
}

/// What was taken off by the last moment: of each purchase once.
fn discounts(played: &Played) -> Vec<(String, Exact)> {
    let mut off: BTreeMap<&str, Exact> = BTreeMap::new();
    for (purchase, change, _) in &played.discounts {
        *off.entry(purchase).or_default() += change;
    }
    off.retain(|_, off| !off.is_zero());
    off.into_iter().map(|(purchase, off)| (purchase.to_owned(), off)).collect()
}

/// What was rejected by the last moment.
fn rejected(played: &Played) -> Vec<(String, Reason)> {
    played.rejected.iter().map(|(event, reason, _)| (event.clone(), *reason)).collect()
}

/// The next row of a table of results.
fn next_result(
    program: &Program,
    cursor: &mut Option<Cursor<'_>>,
    name: &str,
) -> Result<Option<(String, Kept)>, Wrong> {
    let Some(cursor) = cursor else { return Ok(None) };
    let Some((key, value)) = cursor.next()? else { return Ok(None) };
    let kept = Kept::of_program(program, value, name)?;
    Ok(Some((tables::member(key, name)?, kept)))
}

/// Members whose histories touch, each under every one of them: those a night touches, with the kin they had.
fn kin(night: &Night<'_>, received: &Received, rows: &Rows) -> Result<BTreeMap<String, BTreeSet<String>>, Wrong> {
    let mut groups: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let linked = received.links.iter().flat_map(|(one, other)| [one, other]);
    let touched: BTreeSet<&String> = received.touched().chain(&rows.changed).chain(linked).collect();
    if let Some(mut cursor) = night.results.first().map(Table::cursor) {
        for id in touched {
            let Some(bytes) = cursor.find(id.as_bytes())? else { continue };
            let kept = Kept::of_program(night.program, bytes, "results")?;
            for other in &kept.kin {
                join(&mut groups, id, other);
            }
        }
    }
    for (one, other) in &received.links {
        join(&mut groups, one, other);
    }
    // Who lives with one who is touched is played with her.
    if night.program.shares_homes() {
        let linked: BTreeSet<String> = groups.keys().cloned().collect();
        for home in households(&rows.all).into_values() {
            let mut hers = home.iter();
            let is_touched = |id: &String| {
                received.touched.contains(id)
                    || received.too_late.contains_key(id)
                    || rows.changed.contains(id)
                    || linked.contains(id)
            };
            if home.len() > 1
                && home.iter().any(is_touched)
                && let Some(first) = hers.next()
            {
                hers.for_each(|other| join(&mut groups, first, other));
            }
        }
    }
    Ok(groups)
}

/// Puts the groups of two members together.
fn join(groups: &mut BTreeMap<String, BTreeSet<String>>, one: &str, other: &str) {
    if one == other {
        return;
    }
    let mut group = BTreeSet::from([one.to_owned(), other.to_owned()]);
    for id in [one, other] {
        group.extend(groups.get(id).into_iter().flatten().cloned());
    }
    for id in &group {
        groups.insert(id.clone(), group.clone());
    }
}
