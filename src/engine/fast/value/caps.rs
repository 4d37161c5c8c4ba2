//! Caps after rounding, and what is asked of budgets (section 6.13).

use super::why::Off;
use super::{Draft, Draws, Valuation};
use crate::engine::fast::Beyond;
use crate::engine::fast::scene::Scene;
use crate::engine::outcome::CutBy;
use crate::engine::plan::ratios::divide;
use crate::mechanics::StackId;
use crate::value::exact::Rounding;

impl Valuation {
    /// Caps after rounding: rule, stack, program (section 6.13).
    pub(super) fn cap(&mut self, scene: &Scene<'_>) -> Result<(), Beyond> {
        let plan = scene.plan;
        for at in 0..self.drafts.len() {
            let draft = self.drafts[at];
            for (nth, (unit, read, most)) in plan.rules[draft.rule as usize].limits.iter().enumerate() {
                if *unit != draft.unit as usize {
                    continue;
                }
                let same = |other: &&Draft| (other.rule, other.unit) == (draft.rule, draft.unit);
                let here = self.drafts[..at].iter().filter(same).map(|other| other.posted).sum::<i64>();
                let room = most.checked_sub(scene.reads[*read]).and_then(|room| room.checked_sub(here));
                self.choose(|place, _| place == at);
                self.cut(room.ok_or(Beyond)?, CutBy::Limit(nth));
            }
        }
        for (place, stack) in plan.stacks.iter().enumerate() {
            let of_stack = |draft: &Draft, unit: usize| {
                plan.rules[draft.rule as usize].group == Some(place) && draft.unit as usize == unit
            };
            for (nth, (unit, read, most)) in stack.caps.iter().enumerate() {
                self.choose(|_, draft| of_stack(draft, *unit));
                self.cut(most.checked_sub(scene.reads[*read]).ok_or(Beyond)?, CutBy::StackCap(StackId(place), nth));
            }
            for (unit, (numer, denom)) in stack.share.iter().flatten().enumerate() {
                self.choose(|_, draft| of_stack(draft, unit));
                if self.which.is_empty() {
                    continue;
                }
                let receipt = scene.sum(&crate::engine::plan::condition::LineCond::Fixed(true), |line| line.amount)?;
                let room = i128::from(receipt).checked_mul(i128::from(*numer)).ok_or(Beyond)?;
                // A receipt below nothing leaves no room; else what fits in it.
                let room = divide(room.max(0), scene.whole(*denom)?, Rounding::Down).ok_or(Beyond)?;
                self.cut(room, CutBy::StackShare(StackId(place)));
            }
        }
        self.draw(scene)?;
        for (unit, of_unit) in plan.units.iter().enumerate() {
            for (nth, (read, most)) in of_unit.caps.iter().enumerate() {
                self.choose(|_, draft| draft.unit as usize == unit);
                self.cut(most.checked_sub(scene.reads[*read]).ok_or(Beyond)?, CutBy::EarnAtMost(nth));
            }
        }
        Ok(())
    }

    /// What parts ask of budgets: never less than what they get, as a limit before may have had less room.
    fn draw(&mut self, scene: &Scene<'_>) -> Result<(), Beyond> {
        for at in 0..self.drafts.len() {
            let draft = self.drafts[at];
            let unit = draft.unit as usize;
            let Some(budget) = scene.plan.rules[draft.rule as usize].budget else { continue };
            if scene.plan.program.points[unit].worth.is_some() {
                let step = scene.whole(scene.plan.units[unit].step)?;
                let whole = divide(draft.exact, step, Rounding::Up).ok_or(Beyond)?;
                self.ask((budget, Draws::Points(unit)), draft.posted.max(whole))?;
            }
        }
        Ok(())
    }

    pub(super) fn ask(&mut self, of: (usize, Draws), number: i64) -> Result<(), Beyond> {
        let number = number.max(0);
        match self.drawn.iter_mut().find(|(other, _)| *other == of) {
            Some((_, sum)) => *sum = sum.checked_add(number).ok_or(Beyond)?,
            None => self.drawn.push((of, number)),
        }
        Ok(())
    }

    fn choose(&mut self, which: impl Fn(usize, &Draft) -> bool) {
        self.which.clear();
        let chosen = self.drafts.iter().enumerate().filter(|(at, draft)| which(*at, draft)).map(|(at, _)| at);
        self.which.extend(chosen);
    }

    /// Cuts the drafts chosen, the last first, until together they post at most `room`.
    fn cut(&mut self, room: i64, by: CutBy) {
        let posted: i64 = self.which.iter().map(|at| self.drafts[*at].posted).sum();
        if posted <= room || self.which.is_empty() {
            return;
        }
        let mut over = posted - room.max(0);
        for at in self.which.iter().rev() {
            let draft = &mut self.drafts[*at];
            let off = over.min(draft.posted);
            if off > 0 {
                draft.posted -= off;
                over -= off;
                let Draft { rule, unit, life, .. } = *draft;
                self.cuts.push(Off { rule, unit, life, by, off: i128::from(off), accrual: 0 });
            }
        }
    }
}
