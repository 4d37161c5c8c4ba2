//! What rules ask of budgets. Nobody is held back here: whether all that is asked fits is seen when everybody has been
//! played ([`crate::engine::parts::roomy`]). So nothing that comes back is taken off: a budget may have been spent before.

use super::Beyond;
use super::days::date;
use super::machine::Machine;
use super::state::State;
use super::value::Draws;
use crate::engine::reference::part::Shared;
use crate::value::clock::Date;
use crate::value::exact::Exact;

/// What rules ask of budgets for one happening: of which, for what, and how many.
pub(super) type Asked = [((usize, Draws), i64)];

impl State {
    /// Writes down what was asked on a day.
    pub(super) fn ask_budgets(&mut self, day: i32, asked: &Asked) -> Result<(), Beyond> {
        for ((budget, of), number) in asked {
            let sum = self.drawn.entry((*budget, day, *of)).or_default();
            *sum = sum.checked_add(*number).ok_or(Beyond)?;
        }
        Ok(())
    }

    /// The same of an event that is valued again: what it asks for beyond what it has asked for before.
    pub(super) fn ask_more(&mut self, day: i32, before: &Asked, now: &Asked) -> Result<(), Beyond> {
        for (of, number) in now {
            let had = before.iter().find(|(other, _)| other == of).map_or(0, |(_, had)| *had);
            self.ask_budgets(day, &[(*of, number.saturating_sub(had).max(0))])?;
        }
        Ok(())
    }
}

impl Machine<'_> {
    /// The money that was asked of each budget on each day.
    pub(super) fn drawn(&self) -> Vec<(Shared, Date, Exact)> {
        let program = self.plan.program;
        let money = |((budget, day, of), number): (&(usize, i32, Draws), &i64)| {
            let each = match of {
                Draws::Points(unit) => {
                    program.points[*unit].worth.as_ref()? * Exact::ratio(1, self.plan.units[*unit].scale)
                }
                Draws::Thing(held) => program.budgets[*budget].counted(program, *held)?.clone(),
            };
            Some((Shared::Budget(*budget), date(*day)?, each * Exact::from_int(*number)))
        };
        self.state.drawn.iter().filter_map(money).collect()
    }
}
