//! A population that lives twice, with a program and without: what the program changes is what it brought.
//!
//! The model, each choice with its source, is in `docs/simulation.md`.

mod asks;
mod assemble;
mod calendar;
mod course;
mod deeds;
mod desk;
mod draw;
mod economics;
mod fees;
mod figures;
mod known;
mod ladder;
mod lately;
pub mod like;
mod living;
mod log;
mod member;
mod objectives;
pub mod quick;
mod run;
mod shop;
mod stage;
mod tally;
mod terms;
#[cfg(test)]
mod tests;
mod trial;
mod unplayed;
mod world;

use crate::engine::live::{self, Live};
use crate::engine::plan::Plan;
use crate::mechanics::Program;
use crate::mechanics::scenario::Scenario;
use crate::simulate::study::Study;
use crate::value::clock::Date;

/// A program that the population is played through.
pub struct Seat<'p> {
    /// The program.
    pub program: &'p Program,
    /// The file it was read from, as the user named it.
    pub file: String,
    /// Makes a player of its members.
    pub player: Box<dyn Fn() -> Box<dyn Live + 'p> + Sync + 'p>,
    /// Whether that is a quick one: else fewer members are played.
    pub quick: bool,
}

impl<'p> Seat<'p> {
    /// Of a program that runs by this plan.
    pub fn new(plan: &'p Plan<'p>, file: String) -> Self {
        let quick = plan.beyond.is_empty();
        Self { program: plan.program, file, player: Box::new(|| live::player(plan)), quick }
    }
}

/// How a population is played.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct How {
    /// The seed of all draws.
    pub seed: u64,
    /// Worlds that are drawn for the intervals; none: as many as are played in some seconds.
    pub worlds: Option<u32>,
    /// Threads; they show in nothing but the time.
    pub threads: usize,
    /// The first day; none: the day on which the first program begins, else 1 January 2026.
    pub first: Option<Date>,
    /// The interest of a year, in percent, that later margin is discounted by.
    pub discount: f64,
}

/// Plays a scenario through programs; the first is what the others are compared with.
///
/// Purchases *like a history* have to be fitted before: with [`crate::mechanics::scenario::Buying::Like`] nobody buys.
///
/// ```
/// use loyal::simulate::population::{How, quick::Quick, study};
/// # use loyal::simulate::population::Seat;
/// # let seats: Vec<Seat<'_>> = Vec::new();
/// let figures = Quick { members: 100, visits: 2.0, basket: 42.0, margin: 30.0, lift: (2.0, 10.0), items: Vec::new() };
/// let how = How { seed: 1, worlds: Some(2), threads: 1, first: None, discount: 10.0 };
/// let found = study(&seats, &figures.scenario(), &how);
/// assert_eq!(found.members, 100);
/// ```
pub fn study(seats: &[Seat<'_>], scenario: &Scenario, how: &How) -> Study {
    assemble::study(seats, scenario, how, true)
}

/// The same figures without what takes as long as they do again, where many programs are tried: which assumption moves
/// the answer, and at which lift a program pays for itself.
pub fn figures(seats: &[Seat<'_>], scenario: &Scenario, how: &How) -> Study {
    assemble::study(seats, scenario, how, false)
}
