//! The machine as a player of members: what it does not do is left to the reference.

use super::asked::Asked;
use super::machine::Machine;
use crate::engine::parts::{Beyond, Job, Journal, Played, Player, Who};
use crate::engine::pile::Pile;
use crate::engine::plan::Plan;

/// Plays members with the machine.
pub struct Fast<'p> {
    machine: Option<Machine<'p>>,
    asked: Asked,
    /// Whether the journal is wanted.
    journal: bool,
}

impl<'p> Fast<'p> {
    /// A player for a job whose program has this plan.
    pub fn new(plan: &'p Plan<'p>, job: &Job<'_>) -> Self {
        let asked = Asked::of(job.as_of, plan).of_history(job);
        Self { machine: Machine::new(plan).ok(), asked, journal: job.journal != Journal::None }
    }
}

impl Player for Fast<'_> {
    fn play(&mut self, who: &Who<'_>, pile: &Pile, events: &[u32], played: &mut Played) -> Result<(), Beyond> {
        let Some(machine) = &mut self.machine else {
            return Err(Beyond("the program has more than the fast engine does"));
        };
        let done = match self.journal {
            true => machine.play_told(pile, events, (who.id, who.row), &self.asked, played),
            false => machine.play(pile, events, who.row, &self.asked, played),
        };
        done.map_err(|_| Beyond("something that the fast engine does not do"))
    }
}
