//! The passes over all piles: who touches whom, then everyone played.

use super::aside::Aside;
use super::group::{self, Groups};
use super::heap::Heap;
use super::joined::{Drawn, in_order, limits_in_all};
use super::kin;
use super::order::Order;
use super::place;
use super::store::{Store, TooFull};
use super::threads::share;
use super::ties::{Ties, ties};
use super::{Beyond, Counts, Job, Journal, Played, Player, Take, Who};
use crate::engine::deeds::Deeds;
use crate::engine::outcome::{Entry, Happened, Reason};
use crate::engine::pile::{Pile, unscaled};
use crate::ledger::{History, Kind, MemberRow};
use crate::mechanics::discount::Discount;
use crate::value::exact::Exact;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// Why members were played by the reference, for those who ask why a run was slow: how many times, by why.
pub type Slow = BTreeMap<&'static str, u64>;

/// How playing all members ended.
#[derive(Debug)]
pub enum Ended {
    /// What was taken in stands.
    Well(Slow),
    /// Somebody was held back by what others had: what was taken in is thrown away, and the history is played
    /// [`in_order_of_events`].
    NoRoom,
}

/// Plays all members, each once. Each worker fills what `take` makes, pile by pile, and hands it to `give`.
///
/// # Errors
/// When piles that were put beside memory cannot be read again, and what `give` says.
pub fn play<P: Player, T: Take>(
    job: &Job<'_>,
    store: &Store<'_>,
    members: &BTreeMap<String, MemberRow>,
    player: impl Fn() -> P + Sync,
    (take, give): (impl Fn() -> T + Sync, impl Fn(T) -> Result<(), TooFull> + Sync),
) -> Result<Ended, TooFull> {
    if in_order(job.program) {
        return Ok(Ended::NoRoom);
    }
    let ties = ties(job, store, members)?;
    let listed_kin = listed_kin(&ties, members);
    let run = Run { job, store, members, ties, listed: listed(store.len(), members), listed_kin };
    let kin = store.beside(Aside::new(store.names_lines()), 2);
    let start = || (player(), Played::default());
    let sum = Sum::default();
    share(store.len(), job.threads, start, |(player, played), at| {
        if sum.is_over() {
            return Ok(());
        }
        let (mut take, mut told) = (take(), Told::default());
        run.pile(at, (player, played), &mut take, &kin, &mut told)?;
        sum.add(told, job);
        give(take)
    })?;
    share(
        kin.len(),
        job.threads,
        || (),
        |(), at| {
            if sum.is_over() {
                return Ok(());
            }
            let aside = kin.take(at)?;
            let mut groups = aside.groups();
            // Who lives together is played though nothing happens to any of them: she has birthdays.
            let here = run.listed_kin.keys().filter(|group| **group as usize % kin.len() == at);
            for group in here {
                groups.entry(*group).or_default();
            }
            if groups.is_empty() {
                return Ok(());
            }
            let (mut take, mut told) = (take(), Told::default());
            run.kin(&aside.pile, groups, &mut take, &mut told);
            sum.add(told, job);
            give(take)
        },
    )?;
    Ok(if sum.is_over() { Ended::NoRoom } else { Ended::Well(sum.told().slow) })
}

/// Plays a whole history by the reference, event by event: for programs whose members are held back by one another.
///
/// # Errors
/// When piles that were put beside memory cannot be read again.
pub fn in_order_of_events<T: Take>(
    job: &Job<'_>,
    store: &Store<'_>,
    members: &BTreeMap<String, MemberRow>,
    take: &mut T,
) -> Result<Slow, TooFull> {
    let history = whole_history(job, store, members)?;
    for (id, played) in group::by_reference(job, &history, &mut Drawn::default()) {
        take.member(&id, &played);
    }
    Ok(Slow::from([("members are held back by one another", 1)]))
}

/// All events of the piles, which are taken, as far as the program can look at them.
///
/// # Errors
/// When piles that were put beside memory cannot be read again.
pub fn whole_history(
    job: &Job<'_>,
    store: &Store<'_>,
    members: &BTreeMap<String, MemberRow>,
) -> Result<History, TooFull> {
    let mut history = History { events: Vec::new(), members: members.clone() };
    for at in 0..store.len() {
        let pile = store.take(at)?;
        let event = |place| pile.event(place, job.needs, job.clock());
        history.events.extend((0..pile.len()).map(event));
    }
    history.order();
    Ok(history)
}

/// What is told of playing a pile.
#[derive(Debug, Default)]
struct Told {
    slow: Slow,
    drawn: Drawn,
}

/// What is told of all piles so far.
#[derive(Debug, Default)]
struct Sum {
    told: Mutex<Told>,
    /// Whether more was drawn than there is: it never gets less, so nobody has to go on.
    over: AtomicBool,
}

impl Sum {
    fn add(&self, told: Told, job: &Job<'_>) {
        let mut all = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        all.add(told);
        if job.shared.is_some_and(|program| !all.drawn.fits(program)) {
            self.over.store(true, Ordering::Relaxed);
        }
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    fn told(self) -> Told {
        self.told.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Told {
    fn add(&mut self, other: Told) {
        for (why, count) in other.slow {
            *self.slow.entry(why).or_default() += count;
        }
        self.drawn.add(other.drawn);
    }
}

/// The pile of a member, or of an event of nobody's by its own id.
pub fn pile_of(key: &str, piles: usize) -> usize {
    let part = (u128::from(kin::hash(key)) * piles as u128) >> 64;
    usize::try_from(part).unwrap_or_default()
}

/// The members of the members file, by their piles.
fn listed(piles: usize, members: &BTreeMap<String, MemberRow>) -> Vec<Vec<&str>> {
    let mut listed = vec![Vec::new(); piles];
    for id in members.keys() {
        if let Some(pile) = listed.get_mut(pile_of(id, piles)) {
            pile.push(id.as_str());
        }
    }
    listed
}

/// The members of the members file who are kin, by their groups.
fn listed_kin<'m>(ties: &Ties, members: &'m BTreeMap<String, MemberRow>) -> FxHashMap<u32, Vec<&'m str>> {
    let mut listed: FxHashMap<u32, Vec<&str>> = FxHashMap::default();
    if !ties.groups.is_empty() {
        for id in members.keys() {
            if let Some(group) = ties.groups.get(id) {
                listed.entry(*group).or_default().push(id.as_str());
            }
        }
    }
    listed
}

/// A run under way.
struct Run<'a> {
    job: &'a Job<'a>,
    store: &'a Store<'a>,
    members: &'a BTreeMap<String, MemberRow>,
    ties: Ties,
    /// The members of the members file, by their piles.
    listed: Vec<Vec<&'a str>>,
    /// The members of the members file who are kin, by their groups.
    listed_kin: FxHashMap<u32, Vec<&'a str>>,
}

impl Run<'_> {
    /// Plays the members of one pile; puts the events of kin aside.
    fn pile<P: Player, T: Take>(
        &self,
        at: usize,
        (player, played): (&mut P, &mut Played),
        take: &mut T,
        kin: &Heap<'_, Aside>,
        told: &mut Told,
    ) -> Result<(), TooFull> {
        // Where it may turn out that there is no room, the pile is needed again.
        let again = self.job.shared.is_some();
        let mut pile = if again { self.store.look(at, Pile::clone)? } else { self.store.take(at)? };
        let by_rules = self.job.shared.is_some_and(limits_in_all);
        if again {
            told.drawn.asked(self.job.program, &pile);
        }
        let mut owners = self.ties.owners[at].clone();
        for (event, owner) in &self.ties.moved[at] {
            owners.insert(u32::try_from(pile.len()).unwrap_or(u32::MAX), owner.clone());
            pile.push_event(event, self.job.needs);
        }
        let mut grouped: Groups<'_> = group::groups(&pile, &owners, &self.listed[at]);
        for (owner, range) in std::mem::take(&mut grouped.owners) {
            let events = &mut grouped.events[range];
            if let Some(group) = self.ties.groups.get(owner) {
                self.put_aside(*group, (&pile, events), kin)?;
                continue;
            }
            if owner.is_empty() {
                let gone = &self.ties.gone[at];
                let events: Vec<u32> = events.iter().copied().filter(|event| !gone.contains(event)).collect();
                if self.job.program.versions().flat_map(|version| &version.discounts).any(Discount::is_for_anybody) {
                    self.by_reference(&self.history(&pile, &events, std::iter::empty()), take, told);
                } else {
                    self.nobody(&pile, events.into_iter(), take);
                }
                continue;
            }
            place::order(&pile, events);
            *played = Played::default();
            let who = Who { id: owner, row: self.members.get(owner) };
            let done = match by_rules {
                true => Err(Beyond("rules have limits over all members together")),
                false => player.play(&who, &pile, events, played),
            };
            match done {
                Ok(()) => {
                    if again {
                        told.drawn.member(played, self.job.journal);
                    }
                    if self.job.journal != Journal::None {
                        place::of_member(self.job, owner, &pile, events, played);
                    }
                    if self.job.deeds {
                        self.tell_deeds(owner, &pile, events.iter().copied(), played);
                    }
                    take.member(owner, played);
                }
                Err(beyond) => {
                    *told.slow.entry(beyond.0).or_default() += 1;
                    self.by_reference(&self.history(&pile, events, std::iter::once(owner)), take, told);
                }
            }
        }
        Ok(())
    }

    /// Tells what one did over events that nobody else touches, in order.
    fn tell_deeds(&self, id: &str, pile: &Pile, events: impl Iterator<Item = u32>, played: &mut Played) {
        let rejected = group::reasons(&played.rejected);
        let events: Vec<usize> = events.map(|event| event as usize).collect();
        let returns = events.iter().filter(|event| pile.kind[**event] == Kind::Return);
        let returned: FxHashSet<&str> = returns.map(|event| pile.reference.get(*event)).collect();
        let (needs, clock) = (self.job.needs, self.job.clock());
        let by_lines = self.job.program.versions().any(|version| !version.partners.is_empty());
        let known = events.into_iter().map(|event| {
            // Of what comes back, in whole or in part, it is asked which lines; and a partner may be told by them.
            let whole = by_lines || pile.is_whole(event) || returned.contains(pile.id.get(event));
            match pile.kind[event] {
                Kind::Purchase if !whole => (pile.head(event, needs, clock), Some(pile.bought(event))),
                _ => (pile.event(event, needs, clock), None),
            }
        });
        played.deeds = Deeds::of_known(known, &rejected, &self.job.until()).told(id, std::iter::empty());
    }

    /// Lets the reference play a part.
    fn by_reference<T: Take>(&self, part: &History, take: &mut T, told: &mut Told) {
        for (id, played) in group::by_reference(self.job, part, &mut told.drawn) {
            take.member(&id, &played);
        }
    }

    fn put_aside(&self, group: u32, (pile, events): (&Pile, &[u32]), kin: &Heap<'_, Aside>) -> Result<(), TooFull> {
        kin.fill(group as usize % kin.len(), |aside| {
            for event in events {
                aside.pile.copy_from(pile, *event as usize, self.job.needs);
                aside.whose.push(group);
            }
        })
    }

    /// A history of some events and members.
    fn history<'m>(&self, pile: &Pile, events: &[u32], members: impl Iterator<Item = &'m str>) -> History {
        let event = |place: &u32| pile.event(*place as usize, self.job.needs, self.job.clock());
        let row = |id: &'m str| Some((id.to_owned(), self.members.get(id)?.clone()));
        let mut history =
            History { events: events.iter().map(event).collect(), members: members.filter_map(row).collect() };
        history.order();
        history
    }

    /// Plays the groups of a pile of kin.
    fn kin<T: Take>(&self, pile: &Pile, groups: BTreeMap<u32, Vec<u32>>, take: &mut T, told: &mut Told) {
        for (group, events) in groups {
            let members = self.listed_kin.get(&group).into_iter().flatten().copied();
            *told.slow.entry("touched by others").or_default() += 1;
            self.by_reference(&self.history(pile, &events, members), take, told);
        }
    }

    /// What nobody put a name to: counted in the economics, and earns nothing.
    fn nobody<T: Take>(&self, pile: &Pile, events: impl Iterator<Item = u32>, take: &mut T) {
        let until = self.job.until();
        let mut played = Played { counts: vec![Counts::default(); until.len()], ..Played::default() };
        let events: Vec<u32> = events.collect();
        for event in events.iter().copied().map(|event| event as usize) {
            let at = place::exact_moment(pile, event);
            let day = crate::engine::pile::day(pile.day[event]);
            let first = until.iter().position(|until| until.has_event(at)).unwrap_or(until.len());
            let what = self.of_nobody(pile, event, day);
            if let Happened::Rejected { reason, .. } = &what {
                if first < until.len() {
                    played.rejected.push((pile.id.get(event).to_owned(), *reason, first));
                }
            } else if pile.kind[event] == Kind::Purchase {
                let money = money(pile, event);
                for counts in &mut played.counts[first..] {
                    counts.sales += &money;
                    counts.purchases += 1;
                }
            }
            let id = pile.id.get(event);
            let rank = place::rank(pile.kind[event], id, "", false);
            let place = place::Place { at, rank, within: 0 };
            if place::is_wanted(self.job.journal, &until, &place) {
                let version = self.job.program.version_on(day, Some(day));
                let entry = Entry { at, day, version, member: None, event: Some(id.to_owned()), what };
                played.journal.push((place.order(), entry));
            }
        }
        played.journal.sort_by(|(a, _): &(Order, Entry), (b, _)| a.cmp(b));
        if self.job.deeds {
            self.tell_deeds("", pile, events.into_iter(), &mut played);
        }
        take.member("", &played);
    }

    /// What becomes of an event of nobody's that nothing else names.
    fn of_nobody(&self, pile: &Pile, event: usize, day: crate::value::clock::Date) -> Happened {
        let settings = &self.job.program.settings;
        let reject = |reason, sentence: String| Happened::Rejected { reason, sentence };
        if settings.from.is_some_and(|from| day < from) || settings.until.is_some_and(|until| until < day) {
            return reject(Reason::OutsideProgram, "the program does not run on this day".to_owned());
        }
        if pile.kind[event] == Kind::Return {
            let named = pile.reference.get(event);
            return reject(Reason::UnknownPurchase, format!("no purchase {named:?} was taken in before this"));
        }
        Happened::Nothing("nobody's: counted, earns nothing".to_owned())
    }
}

/// The money of a purchase.
fn money(pile: &Pile, event: usize) -> Exact {
    match u32::try_from(event).ok().and_then(|place| pile.whole.get(&place)) {
        Some(whole) => whole.lines.iter().filter_map(|line| line.amount.as_ref()).sum(),
        None => pile.lines(event).filter_map(|line| unscaled(pile.amount[line])).sum(),
    }
}
