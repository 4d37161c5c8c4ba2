//! Which earn rate, threshold, cap or expiry does best: numbers of a program are varied, each combination is checked
//! anew and simulated over the same people, and what no other one beats stays.
//!
//! ```text
//! --vary ── vary::dial() ──► dials ── every combination ── change::Base::with() ──► text ── parse, check ──► Candidate
//!                                                                                                │ left out, why
//! Tuned ◄── front::of() ◄── Tried ◄── a closure simulates it ◄──────────────────────────────────┘
//! ```

mod amiss;
mod change;
pub mod front;
pub mod vary;

pub use amiss::Amiss;
pub use change::Change;

use super::study::{Arm, Estimate, Measure, ObjectiveRow, Study, StudyKind};
use crate::diag::Severity;
use crate::mechanics::Program;
use crate::text::{Sources, closest};
use amiss::MOST;
use change::Base;
use serde::Serialize;
use vary::Dial;

/// In this share of the worlds an objective has to be met to count as met.
pub const SURE: f64 = 0.9;

/// What is searched for.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Each `--vary`, as it was given.
    pub vary: Vec<String>,
    /// The word of an objective of the program; none: the net gain, of a replay the share that is ever rewarded.
    pub objective: Option<String>,
}

/// A program that is to be simulated, with its files.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Its files.
    pub sources: Sources,
    /// The program, without what it reads from other files than its own.
    pub program: Program,
}

/// Why a search ends without an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop<E> {
    /// What was asked for is wrong.
    Amiss(Box<Amiss>),
    /// A simulation failed.
    Simulation(E),
}

impl<E> From<Amiss> for Stop<E> {
    fn from(amiss: Amiss) -> Self {
        Stop::Amiss(Box::new(amiss))
    }
}

/// What is wanted for the cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aim {
    /// A high net gain.
    NetGain,
    /// That an objective is met, in as many worlds as can be.
    Objective,
    /// That many members ever have a reward.
    EverRewarded,
}

/// All that a search found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tuned {
    /// What is wanted.
    pub aim: Aim,
    /// Which objective, by its place in [`Tried::objectives`].
    pub objective: Option<usize>,
    /// What is varied.
    pub varied: Vec<Varied>,
    /// How many combinations there are.
    pub combinations: u64,
    /// Those that are no program that may run, by reason, the commonest first.
    pub left_out: Vec<LeftOut>,
    /// The program as it is written.
    pub as_written: Tried,
    /// All others that were simulated, in the order of their values.
    pub tried: Vec<Tried>,
    /// Places in [`Tuned::tried`] of those that none beats in both cost and what is wanted, the cheapest first.
    pub front: Vec<usize>,
    /// The place of the one to take; none where a replay has no objective, or nothing meets it.
    pub recommended: Option<usize>,
    /// Its lines that differ from the program as it is written.
    pub changes: Vec<Change>,
    /// Its net gain less that of the program as it is written, over the same draws; none in a replay.
    pub over_written: Option<Estimate>,
    /// The next best on the front.
    pub next: Option<Next>,
    /// The program as it is written, simulated; the people, worlds and seed are those of each combination.
    pub study: Study,
}

/// One number that is varied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Varied {
    /// Its clause: `earn base give`.
    pub clause: String,
    /// Its file.
    pub file: String,
    /// Its line, counted from 1.
    pub line: usize,
    /// As it is written.
    pub was: String,
    /// What it may be.
    pub values: Vec<String>,
}

/// Combinations that are no program that may run, for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// The stable name of what is wrong.
    pub code: &'static str,
    /// What is wrong with the first of them.
    pub says: String,
    /// Values of the first of them.
    pub first: Vec<String>,
    /// How many.
    pub combinations: u64,
}

/// One combination and what it came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tried {
    /// One value for each number that is varied.
    pub values: Vec<String>,
    /// Cost at cost of what was given, and of running it.
    pub cost: Estimate,
    /// Net gain; none in a replay.
    pub gain: Option<Estimate>,
    /// Members who ever had a reward, in percent.
    pub ever_rewarded: Option<Estimate>,
    /// The program's objectives.
    pub objectives: Vec<ObjectiveRow>,
}

/// The next best on the front.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Next {
    /// Its place in [`Tuned::tried`].
    pub at: usize,
    /// Net gain of the recommended one less that of this one, over the same draws; none in a replay.
    pub gain: Option<Estimate>,
    /// Whether that interval leaves out 0; a replay knows.
    pub told_apart: bool,
}

/// Searches: the program is read from its files as they were read before, and each combination of values is simulated by
/// `simulate`, which is given candidates and makes one arm of each, all over the same people and draws.
///
/// # Errors
/// When what was asked for is wrong, no combination is left, or a simulation fails.
pub fn tune<E>(
    sources: &Sources,
    asked: &Asked,
    mut simulate: impl FnMut(Vec<Candidate>, Round) -> Result<Study, E>,
) -> Result<Tuned, Stop<E>> {
    let base = Base::of(sources);
    let dials = dials(asked, &base)?;
    let combinations = combinations(&dials)?;
    let written = base.candidate().ok_or(Amiss::NoFigure { of: "anything" })?;
    let objective = asked.objective.as_deref().map(|word| objective(&written.program, word)).transpose()?;
    let round = |done| Round { done, of: combinations };
    let study = simulate(vec![written.clone()], round(0)).map_err(Stop::Simulation)?;
    let was = dials.iter().map(|dial| dial.was.clone()).collect();
    let as_written = study.arms.first().and_then(|arm| Tried::of(arm, was));
    let as_written = as_written.ok_or(Amiss::NoFigure { of: "what a program costs" })?;
    let aim = match (objective, study.kind) {
        (Some(_), _) => Aim::Objective,
        (None, StudyKind::Population) => Aim::NetGain,
        (None, StudyKind::Replay) => Aim::EverRewarded,
    };
    known(&as_written, aim, objective)?;

    let mut left_out: Vec<LeftOut> = Vec::new();
    let mut tried: Vec<Tried> = Vec::new();
    for number in 0..combinations {
        let values = combination(&dials, number);
        let candidate = match base.with(&dials, &values) {
            Ok(candidate) => candidate,
            Err(wrong) => {
                leave_out(&mut left_out, wrong, values);
                continue;
            }
        };
        let study = simulate(vec![candidate], round(number + 1)).map_err(Stop::Simulation)?;
        tried.extend(study.arms.first().and_then(|arm| Tried::of(arm, values)));
    }
    left_out.sort_by_key(|reason| std::cmp::Reverse(reason.combinations));
    if tried.is_empty() {
        let reasons = left_out.iter().map(|reason| format!("{}: {}", reason.combinations, reason.says)).collect();
        return Err(Amiss::NoneLeft { combinations, reasons }.into());
    }

    let wanted = |one: &Tried| one.wanted(aim, objective);
    let front = front::of(&tried, |one| wanted(one).map(|wanted| (one.cost.mid, wanted)));
    let best = front::order(&tried, &front, aim, wanted);
    let recommended = best.first().copied().filter(|at| match aim {
        Aim::NetGain => true,
        Aim::Objective => wanted(&tried[*at]).is_some_and(|met| met > 0.0),
        Aim::EverRewarded => false,
    });
    let next = best.get(1).copied().filter(|_| recommended.is_some());
    let mut tuned = Tuned {
        aim,
        objective,
        varied: dials.iter().map(|dial| varied(dial, sources)).collect(),
        combinations,
        left_out,
        as_written,
        tried,
        front,
        recommended,
        changes: Vec::new(),
        over_written: None,
        next: next.map(|at| Next { at, gain: None, told_apart: true }),
        study,
    };
    if let Some(at) = recommended {
        tuned.changes = base.changes(&dials, &tuned.tried[at].values);
        if tuned.study.kind == StudyKind::Population {
            tuned.put_beside(&base, &dials, written, |candidates| simulate(candidates, round(combinations)))?;
        }
    }
    Ok(tuned)
}

/// How far a search is, for whoever waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Round {
    /// The number of the combination that is simulated now; 0: the program as it is written.
    pub done: u64,
    /// How many there are.
    pub of: u64,
}

impl Tuned {
    /// Plays the recommended one, the next and the program as it is written over the same draws.
    fn put_beside<E>(
        &mut self,
        base: &Base<'_>,
        dials: &[Dial],
        written: Candidate,
        simulate: impl FnOnce(Vec<Candidate>) -> Result<Study, E>,
    ) -> Result<(), Stop<E>> {
        let Some(at) = self.recommended else { return Ok(()) };
        let again = |at: usize| base.with(dials, &self.tried[at].values).ok();
        let Some(best) = again(at) else { return Ok(()) };
        let next = self.next.as_ref().and_then(|next| again(next.at));
        let mut candidates = vec![best, written];
        candidates.extend(next);
        let study = simulate(candidates).map_err(Stop::Simulation)?;
        // What the first has over the other, where `beside` tells what the other has over the first.
        let over = |arm: usize| {
            let beside = study.beside.iter().find(|beside| beside.arm == arm);
            beside.map(|beside| Estimate { low: -beside.gain.high, mid: -beside.gain.mid, high: -beside.gain.low })
        };
        self.over_written = over(1);
        if let Some(next) = &mut self.next {
            next.gain = over(2);
            next.told_apart = next.gain.is_none_or(|gain| gain.low > 0.0 || gain.high < 0.0);
        }
        Ok(())
    }

    /// Whether the objective that is wanted is met by this one: in a replay or not, in a population in nine worlds of ten.
    pub fn is_met(&self, one: &Tried) -> bool {
        one.wanted(Aim::Objective, self.objective).is_some_and(|met| met >= SURE)
    }

    /// The one to take.
    pub fn recommended(&self) -> Option<&Tried> {
        self.recommended.and_then(|at| self.tried.get(at))
    }
}

impl Tried {
    /// What an arm came to; none where it does not say what it costs.
    fn of(arm: &Arm, values: Vec<String>) -> Option<Self> {
        let measure = |wanted: Measure| arm.measures.iter().find(|(one, _)| *one == wanted).map(|(_, figure)| *figure);
        let cost = measure(Measure::CostAtCost)?;
        let running = measure(Measure::RunningCost).unwrap_or(Estimate::known(0.0));
        let cost =
            Estimate { low: cost.low + running.low, mid: cost.mid + running.mid, high: cost.high + running.high };
        let (gain, ever_rewarded) = (measure(Measure::NetGain), measure(Measure::EverRewarded));
        Some(Self { values, cost, gain, ever_rewarded, objectives: arm.objectives.clone() })
    }

    /// How much there is of what is wanted: the more the better.
    fn wanted(&self, aim: Aim, objective: Option<usize>) -> Option<f64> {
        match aim {
            Aim::NetGain => self.gain.map(|gain| gain.mid),
            Aim::EverRewarded => self.ever_rewarded.map(|share| share.mid),
            Aim::Objective => objective.and_then(|at| self.objectives.get(at)).and_then(|row| row.met),
        }
    }
}

/// Says before a long search that its end would tell nothing.
fn known(as_written: &Tried, aim: Aim, objective: Option<usize>) -> Result<(), Amiss> {
    if as_written.wanted(aim, objective).is_some() {
        return Ok(());
    }
    Err(match objective.and_then(|at| as_written.objectives.get(at)) {
        Some(row) => Amiss::ObjectiveUnknown { text: row.text.clone() },
        None => Amiss::NoFigure { of: "what a program brings" },
    })
}

fn dials(asked: &Asked, base: &Base<'_>) -> Result<Vec<Dial>, Amiss> {
    let mut dials: Vec<Dial> = Vec::new();
    for (at, said) in asked.vary.iter().enumerate() {
        let dial = vary::dial(said, &base.ast, &base.sources)?;
        if let Some(first) = dials.iter().position(|other| other.span == dial.span) {
            return Err(Amiss::SameNumber { said: asked.vary[at].clone(), first: asked.vary[first].clone() });
        }
        dials.push(dial);
    }
    Ok(dials)
}

/// How many combinations there are.
fn combinations(dials: &[Dial]) -> Result<u64, Amiss> {
    let counts: Vec<usize> = dials.iter().map(|dial| dial.values.len()).collect();
    let all = counts.iter().try_fold(1_u64, |all, count| all.checked_mul(u64::try_from(*count).ok()?));
    let few = all.filter(|all| *all <= MOST.unsigned_abs());
    few.ok_or(Amiss::TooMany { combinations: all, counts })
}

/// The combination of a number: the last value changes fastest.
fn combination(dials: &[Dial], number: u64) -> Vec<String> {
    let mut rest = usize::try_from(number).unwrap_or(usize::MAX);
    let mut values: Vec<String> = Vec::new();
    for dial in dials.iter().rev() {
        let count = dial.values.len().max(1);
        values.extend(dial.values.get(rest % count).cloned());
        rest /= count;
    }
    values.reverse();
    values
}

/// The place of the objective of this word.
fn objective(program: &Program, word: &str) -> Result<usize, Amiss> {
    let words: Vec<&str> = program.settings.objectives.iter().map(|one| one.word.as_str()).collect();
    words.iter().position(|one| *one == word).ok_or_else(|| Amiss::NoObjective {
        word: word.to_owned(),
        near: closest(word, &words).map(ToOwned::to_owned),
        known: words.iter().map(|word| (*word).to_owned()).collect(),
    })
}

fn leave_out(reasons: &mut Vec<LeftOut>, wrong: Vec<crate::diag::Finding>, values: Vec<String>) {
    let error = wrong.into_iter().find(|finding| finding.severity == Severity::Error);
    let (code, says) = error.map_or(("unread", "it cannot be read".to_owned()), |error| (error.code, error.says));
    match reasons.iter_mut().find(|reason| reason.code == code) {
        Some(reason) => reason.combinations += 1,
        None => reasons.push(LeftOut { code, says, first: values, combinations: 1 }),
    }
}

fn varied(dial: &Dial, sources: &Sources) -> Varied {
    Varied {
        clause: dial.clause.clone(),
        file: sources.file(dial.span).path.clone(),
        line: sources.line(dial.span),
        was: dial.was.clone(),
        values: dial.values.clone(),
    }
}
