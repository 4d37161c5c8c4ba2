//! Replay: a real history through one or more programs, as if each had been there. Nobody does anything differently
//! for it, so it tells what a program costs and gives, and to whom; not what it brings.
//!
//! ```text
//! play() ── members, in any order, on any thread ──► Sums, exact ── Played::arm() ──► Arm ─┐
//! play() ── the next program over the same history ──► Sums ── Played::arm() ──► Arm ──────┴─ study() ──► Study
//! ```
//!
//! Every figure's formula stands in `docs/numbers.md`, "What a replay shows".

mod arm;
mod first;
mod fold;
mod giver;
mod sums;

use super::study::{Beside, Caution, Study, StudyKind};
use super::tenths::tenth;
use crate::engine::fast::player::Fast;
use crate::engine::hers::Hers;
use crate::engine::measures::Measured;
use crate::engine::outcome::{AsOf, When};
use crate::engine::parts::order::Order;
use crate::engine::parts::place::Until;
use crate::engine::parts::{self, Ended, Job, Journal, Played, Store, Take, TooFull};
use crate::engine::plan::{Needs, Plan};
use crate::ledger::MemberRow;
use crate::mechanics::Program;
use crate::text::Sources;
use crate::value::clock::{Clock, Date, Length, Moment};
use crate::value::exact::Exact;
use crate::value::natural_cmp;
use arm::{Of, Tenths, known};
use fold::Frame;
use giver::Values;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use sums::{Person, Sums};

/// How many who win or lose most are named.
const MOST: usize = 10;

/// What a replay needs of a history beside what the program looks at: where things were bought, and at what price.
pub fn needs(program: &Program) -> Needs {
    Needs::of(program).with_event_text("store").with_regular()
}

/// The moments at which a replay looks at members: the end of each month, then the last event.
pub fn moments(first: Option<Date>, last: Option<Moment>, clock: &Clock) -> Vec<AsOf> {
    let (Some(first), Some(last)) = (first, last) else { return Vec::new() };
    let end = clock.day_of(last);
    let mut moments = Vec::new();
    let mut day = first.last_of_month();
    while (day.year(), day.month()) < (end.year(), end.month()) {
        moments.push(AsOf { label: day.to_string(), when: When::EndOf(day) });
        let Ok(next) = day.tomorrow() else { break };
        day = next.last_of_month();
    }
    moments.push(AsOf { label: clock.show(last), when: When::At(last) });
    moments
}

/// A program, how it is called, and the files it was read from.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// The program.
    pub program: &'a Program,
    /// Its file, as the user names it.
    pub file: &'a str,
    /// The files.
    pub sources: &'a Sources,
}

/// What a history came to under one program.
#[derive(Debug)]
pub struct Replayed<'p> {
    frame: Frame<'p>,
    named: Named<'p>,
    sums: Sums,
    /// Of each segment of the program, its name and the members in it at the end; empty where nobody looked.
    pub segments: Vec<(String, Vec<String>)>,
}

/// Plays all members of a history under a program; the job is of that program, with [`moments`] and [`needs`].
///
/// # Errors
/// When piles that were put beside memory cannot be read again.
pub fn play<'p>(
    job: &Job<'_>,
    store: &Store<'_>,
    members: &BTreeMap<String, MemberRow>,
    named: Named<'p>,
) -> Result<Replayed<'p>, TooFull> {
    let job = Job { journal: Journal::UptoLast, deeds: true, ..job.clone() };
    let gather = Gather::new(&job, named.program, members);
    if let Some(gather) = one_by_one(&job, store, members, gather)? {
        return Ok(gather.done(named));
    }
    let gather = Gather::new(&job, named.program, members);
    let mut basket = gather.take();
    parts::in_order_of_events(&job, store, members, &mut basket)?;
    gather.give(basket);
    Ok(gather.done(named))
}

/// Plays them one by one; none where they are held back by one another.
fn one_by_one<'g, 'p>(
    job: &Job<'_>,
    store: &Store<'_>,
    members: &BTreeMap<String, MemberRow>,
    gather: Gather<'g, 'p>,
) -> Result<Option<Gather<'g, 'p>>, TooFull> {
    if !job.program.draws.is_empty() {
        return Ok(None);
    }
    let roomy = parts::roomy(job.program);
    let with_room = job.with_room(roomy.as_ref());
    let plan = Plan::over(with_room.program, job.needs.clone());
    let give = |basket: Basket<'_, '_, 'p>| {
        gather.give(basket);
        Ok(())
    };
    let player = || Fast::new(&plan, &with_room);
    match parts::play(&with_room, store, members, player, (|| gather.take(), give))? {
        Ended::Well(_) => Ok(Some(gather)),
        Ended::NoRoom => Ok(None),
    }
}

/// Gathers what members come to.
struct Gather<'g, 'p> {
    frame: Frame<'p>,
    members: &'g BTreeMap<String, MemberRow>,
    ends: Vec<Order>,
    empty: Sums,
    sums: Mutex<Sums>,
}

impl<'g, 'p> Gather<'g, 'p> {
    fn new(job: &Job<'_>, program: &'p Program, members: &'g BTreeMap<String, MemberRow>) -> Self {
        let clock = job.clock();
        let days: Vec<Date> = job.as_of.iter().map(|moment| moment.when.day(clock)).collect();
        let frame =
            Frame { values: Values::new(program), before: a_year_before(&days), days, first: job.whole.first_day };
        let last = job.as_of.last().cloned();
        let last = last.unwrap_or(AsOf { label: String::new(), when: When::EndOf(Date::MIN) });
        let measures = Measured::of(program, Arc::from(arm::measured(program)), &last);
        let empty = Sums::new(program.points.len(), job.as_of.len(), Measured::new(program, &last), measures);
        let ends = job.as_of.iter().map(|moment| Until::of(moment.when, clock).end()).collect();
        Self { frame, members, ends, sums: Mutex::new(empty.clone()), empty }
    }

    fn take(&self) -> Basket<'_, 'g, 'p> {
        Basket { gather: self, sums: self.empty.clone() }
    }

    fn give(&self, basket: Basket<'_, '_, 'p>) {
        self.sums.lock().unwrap_or_else(PoisonError::into_inner).join(basket.sums);
    }

    fn done(self, named: Named<'p>) -> Replayed<'p> {
        let sums = self.sums.into_inner().unwrap_or_else(PoisonError::into_inner);
        Replayed { frame: self.frame, named, sums, segments: Vec::new() }
    }
}

/// The place of the last moment at least a year before the end, else of the first; none where there is only one.
fn a_year_before(days: &[Date]) -> Option<usize> {
    let (last, before) = days.split_last()?;
    let year = Length::Years(1).before(*last)?;
    let places = before.partition_point(|day| *day <= year);
    (!before.is_empty()).then(|| places.saturating_sub(1))
}

/// What one worker gathers.
struct Basket<'b, 'g, 'p> {
    gather: &'b Gather<'g, 'p>,
    sums: Sums,
}

impl Take for Basket<'_, '_, '_> {
    fn member(&mut self, id: &str, played: &Played) {
        let gather = self.gather;
        let Some(last) = gather.ends.len().checked_sub(1) else { return };
        let hers = Hers::at(id, played, last, &gather.ends);
        fold::add(&gather.frame, &mut self.sums, &hers, (played, gather.members.get(id)));
        self.sums.objectives.member(gather.frame.values.program, &hers);
        self.sums.measures.member(gather.frame.values.program, &hers);
    }
}

impl Replayed<'_> {
    fn of(&self) -> Of<'_> {
        Of { frame: &self.frame, sums: &self.sums, named: &self.named, segments: &self.segments }
    }

    /// How many of her people win, lose and stay the same by another program in place of this one, and who most.
    fn beside(&self, other: &Replayed<'_>, arm: usize) -> Beside {
        let nothing = Person::default();
        let ids = self.sums.people.keys().chain(other.sums.people.keys());
        let ids: BTreeSet<&str> = ids.map(String::as_str).collect();
        let given = |sums: &'_ Sums, id: &str| sums.people.get(id).unwrap_or(&nothing).given.clone();
        let tenths = deciles(&self.sums.people);
        let mut tenth_sums = vec![(0_i64, Exact::zero()); 10];
        let mut moved: Vec<(&str, Exact, Exact)> = Vec::new();
        let mut same = 0;
        for id in ids {
            let (before, after) = (given(&self.sums, id), given(&other.sums, id));
            if let Some((members, sum)) = tenths.get(id).and_then(|tenth| tenth_sums.get_mut(*tenth)) {
                *members += 1;
                *sum += &after - &before;
            }
            if before == after { same += 1 } else { moved.push((id, before, after)) }
        }
        let change = |one: &(&str, Exact, Exact)| &one.2 - &one.1;
        moved.sort_by(|a, b| change(b).cmp(&change(a)).then_with(|| natural_cmp(a.0, b.0)));
        let winners = moved.partition_point(|one| change(one).is_positive());
        let shown = |one: &(&str, Exact, Exact)| (one.0.to_owned(), one.1.to_f64_lossy(), one.2.to_f64_lossy());
        let mut losers: Vec<_> = moved[winners..].iter().collect();
        losers.sort_by(|a, b| change(a).cmp(&change(b)).then_with(|| natural_cmp(a.0, b.0)));
        let most = moved[..winners].iter().take(MOST).chain(losers.iter().copied().take(MOST)).map(shown).collect();
        let mean = |(members, sum): &(i64, Exact)| {
            sum.checked_div(&Exact::from_int(*members)).map_or(0.0, |mean| mean.to_f64_lossy())
        };
        let cost = |sums: &Sums| -> Exact { sums.months.values().map(|month| &month.cost).sum() };
        Beside {
            arm,
            winners: winners as u64,
            losers: (moved.len() - winners) as u64,
            same,
            most,
            deciles: tenth_sums.iter().map(mean).collect(),
            gain: known(&(cost(&self.sums) - cost(&other.sums))),
        }
    }
}

/// People in tenths by what they spent, the best first; who spent the same goes by name.
fn deciles(people: &BTreeMap<String, Person>) -> Tenths<'_> {
    let mut ranked: Vec<(&str, &Exact)> = people.iter().map(|(id, one)| (id.as_str(), &one.spend)).collect();
    ranked.sort_by(|a, b| b.1.cmp(a.1).then_with(|| natural_cmp(a.0, b.0)).then_with(|| a.0.cmp(b.0)));
    let all = ranked.len();
    ranked.into_iter().enumerate().map(|(at, (id, _))| (id, tenth(at, all))).collect()
}

/// One study of several programs over the same history: the first is what the others are compared with. None without
/// a program, or where the history has no event.
pub fn study(replayed: &[Replayed<'_>]) -> Option<Study> {
    let first = replayed.first()?;
    let settings = &first.frame.values.program.settings;
    let (from, until) = (first.frame.first?, *first.frame.days.last()?);
    let mut cautions = vec![Caution::NoBehaviourChange];
    cautions.extend(replayed.iter().enumerate().flat_map(|(at, one)| one.of().cautions(at)));
    Some(Study {
        kind: StudyKind::Replay,
        money: settings.money.clone(),
        decimals: u8::try_from(settings.minor_units).unwrap_or(u8::MAX),
        from,
        until,
        members: first.sums.members,
        worlds: 0,
        seed: 0,
        arms: replayed.iter().map(|one| one.of().arm()).collect(),
        beside: replayed.iter().enumerate().skip(1).map(|(at, one)| first.beside(one, at)).collect(),
        assumptions: Vec::new(),
        cautions,
    })
}
