//! Members as a marketer looks at them: in which segments they are at a moment, and what they bought before it.

use super::Run;
use super::scene::{Scene, Span};
use super::state::{Member, SeenKind};
use crate::engine::outcome::{AsOf, Outcome, When};
use crate::ledger::History;
use crate::mechanics::condition::{Condition, Measure, Value};
use crate::mechanics::habit::{COST, Habit};
use crate::mechanics::reading::Kind;
use crate::mechanics::{OfferId, PilotId, Program};
use crate::value::clock::{Date, Length, Window};
use crate::value::exact::Exact;
use std::collections::BTreeSet;

/// One member at a moment.
#[derive(Debug, Clone)]
pub struct Portrait {
    /// Who.
    pub member: String,
    /// Whether she is in each of the program's segments.
    pub within: Vec<bool>,
    /// Purchases in the days asked about, but for those returned whole.
    pub purchases: u64,
    /// Money spent in them, net of returns.
    pub spend: Exact,
    /// Money of the lines whose cost is known, less their tax and cost; none where no cost is.
    pub margin: Option<Exact>,
    /// What she bought in them, told apart by a column.
    pub bought: BTreeSet<String>,
    /// What she spent in each of [`Gallery::trials`].
    pub tried: Vec<Tried>,
}

/// A pilot or an offer that some are kept from by chance, and the days on which its sides can be held against each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trial {
    /// Which.
    pub of: TrialOf,
    /// The first of as many days before it as it has had.
    pub before: Date,
    /// Its first day.
    pub since: Date,
    /// Its last day, or the last one that the history is looked at.
    pub until: Date,
}

/// What is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrialOf {
    /// A pilot.
    Pilot(PilotId),
    /// An offer.
    Offer(OfferId),
}

/// What a member spent in a trial, net of returns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// In the days before it; none: she was no member through all of them.
    pub before: Option<Exact>,
    /// In its days.
    pub after: Exact,
}

/// What is asked of members.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'q> {
    /// The last so many days, today's included.
    pub days: u32,
    /// The column that tells apart what they bought.
    pub column: &'q str,
    /// Whether only the question asks for rankings, and no rule of the program does.
    pub ranked_at_end: bool,
}

/// What a history comes to at a moment.
#[derive(Debug)]
pub struct Gallery {
    /// All who are members then, by name.
    pub portraits: Vec<Portrait>,
    /// The journal up to then.
    pub outcome: Outcome,
    /// The first and the last day asked about.
    pub days: (Date, Date),
    /// Pilots and offers that have begun and keep some back by chance.
    pub trials: Vec<Trial>,
}

/// The trials of a program that have begun by a day.
fn trials(program: &Program, day: Date) -> Vec<Trial> {
    let pilots =
        program.pilots.iter().enumerate().filter(|(at, pilot)| {
            program.has(Kind::Pilot, *at) && (pilot.control.is_some() || pilot.members.is_some())
        });
    let pilots = pilots.map(|(at, pilot)| (TrialOf::Pilot(PilotId(at)), pilot.from, pilot.until));
    let offers = program
        .offers
        .iter()
        .enumerate()
        .filter(|(_, offer)| program.has(Kind::Rule, offer.rule.0) && offer.holdout.is_some());
    let offers = offers.map(|(at, offer)| {
        let rule = &program.rules[offer.rule.0];
        (TrialOf::Offer(OfferId(at)), rule.from, rule.until)
    });
    let of = |(of, from, until): (TrialOf, Option<Date>, Option<Date>)| {
        let since = from.or(program.settings.from)?;
        let until = until.map_or(day, |until| until.min(day));
        let days = u32::try_from((until - since).get_days() + 1).ok().filter(|days| *days > 0)?;
        Some(Trial { of, before: Length::Days(days).before(since)?, since, until })
    };
    pilots.chain(offers).filter_map(of).collect()
}

/// The program with the rankings of all its segments, also of those that no rule asks about.
pub fn ranked(program: &Program) -> Program {
    let mut program = program.clone();
    let mut rankings = std::mem::take(&mut program.rankings);
    for segment in &program.segments {
        each_ranking(&segment.when, &mut |ranking| rankings.push(ranking));
    }
    rankings.sort_unstable();
    rankings.dedup();
    program.older.iter_mut().for_each(|version| version.rankings.clone_from(&rankings));
    program.rankings = rankings;
    program
}

fn each_ranking(condition: &Condition, see: &mut dyn FnMut(crate::mechanics::habit::Ranking)) {
    condition.each_test(&mut |test| {
        if let Measure::Habit(Habit::Quintile(ranking)) = &test.measure {
            see(*ranking);
        }
    });
}

/// Runs a history up to a moment, and looks at its members there. The program is one of [`ranked`].
pub fn gallery(program: &Program, history: &History, wanted: &AsOf, asked: Asked<'_>) -> Gallery {
    let clock = &program.settings.clock;
    let upto = |at| match wanted.when {
        When::EndOf(day) => at < clock.end_of(day),
        When::At(moment) => at <= moment,
    };
    let events = history.events.iter().filter(|event| upto(event.at)).cloned().collect();
    let history = History { events, members: history.members.clone() };
    let as_of = std::slice::from_ref(wanted);
    let mut run = Run::new(program, &history, None, super::first_day(&history), as_of);
    // Where no rule asks who stands where, it is worked out once, at the end.
    run.boards.get_mut().paused = asked.ranked_at_end;
    let mut run = run.play(&history, as_of, None);
    run.boards.get_mut().paused = false;
    let (at, day) = match wanted.when {
        When::EndOf(day) => (clock.end_of(day), day),
        When::At(moment) => (moment, clock.day_of(moment)),
    };
    run.step(at, day, None, "as of");
    // Which segments there are is what the program says that was asked, not one before it.
    run.under(0);
    let first = Length::Days(asked.days.saturating_sub(1)).before(day).unwrap_or(Date::MIN);
    let members = run.members.values().filter(|member| member.is_member(day));
    let trials = trials(run.program, day);
    let portraits = members.map(|member| run.portrait(member, asked, &trials)).collect();
    Gallery { portraits, outcome: run.outcome, days: (first, day), trials }
}

impl<'a> Run<'a> {
    fn portrait(&self, member: &Member<'a>, asked: Asked<'_>, trials: &[Trial]) -> Portrait {
        let opening = self.opening_of(member);
        let scene = Scene { event: None, ..self.scene_now(member, &[], &opening) };
        let window = Window::Last(Length::Days(asked.days));
        let span = scene.span(&window);
        let mut portrait = Portrait {
            member: member.id.clone(),
            within: self.program.segments.iter().map(|segment| scene.holds(&segment.when)).collect(),
            purchases: 0,
            spend: Exact::zero(),
            margin: None,
            bought: BTreeSet::new(),
            tried: trials.iter().map(|trial| self.tried(member, trial)).collect(),
        };
        self.bought(member, span, asked.column, &mut portrait);
        if portrait.margin.is_some() {
            portrait.margin = match scene.habit(&Habit::Margin(window)) {
                Some(Value::Number(margin)) => Some(margin),
                Some(_) | None => None,
            };
        }
        portrait
    }

    fn tried(&self, member: &Member<'a>, trial: &Trial) -> Tried {
        let position = self.here.position;
        let spent = |first: Date, last: Date| -> Exact {
            let bought = member.seen.iter().filter(|seen| seen.kind == SeenKind::Purchase && seen.counted(position));
            let within = bought.filter(|seen| first <= seen.day && seen.day <= last);
            within.flat_map(|seen| &seen.lines).map(|line| line.before(position).amount.clone()).sum()
        };
        let eve = Length::Days(1).before(trial.since).unwrap_or(Date::MIN);
        let was_there = member.is_member(trial.before);
        Tried { before: was_there.then(|| spent(trial.before, eve)), after: spent(trial.since, trial.until) }
    }

    /// Looks through what she bought in a stretch of days.
    fn bought(&self, member: &Member<'a>, span: Span, column: &str, portrait: &mut Portrait) {
        let before = self.here.position;
        let bought = member.seen.iter().filter(|seen| seen.kind == SeenKind::Purchase && seen.counted(before));
        for seen in bought.filter(|seen| span.holds(seen.at, seen.day)) {
            portrait.purchases += 1;
            for line in &seen.lines {
                let left = line.before(before);
                portrait.spend += &left.amount;
                let named = |name: &str| line.line.field(name).or_else(|| seen.event.field(name));
                if named(COST).and_then(Exact::parse).is_some() {
                    portrait.margin.get_or_insert_with(Exact::zero);
                }
                if let Some(value) = named(column).filter(|_| !left.is_gone()) {
                    portrait.bought.insert(value.to_owned());
                }
            }
        }
    }
}
