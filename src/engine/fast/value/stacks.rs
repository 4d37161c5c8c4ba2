//! How what rules give meets: stacks, then rounding, then one sum for each unit and life.

use super::why::Off;
use super::{Accrual, Draft, Valuation};
use crate::engine::fast::Beyond;
use crate::engine::fast::scene::Scene;
use crate::engine::outcome::CutBy;
use crate::engine::plan::ratios::divide;
use crate::engine::plan::{Scope, TakePlan};
use crate::mechanics::StackId;

impl Valuation {
    /// Stacks: of the bonuses of one group that meet, keeps those that its `take` names.
    pub(super) fn stack(&mut self, scene: &Scene<'_>) -> Result<(), Beyond> {
        for (place, stack) in scene.plan.stacks.iter().enumerate() {
            let of_stack = |draft: &Draft| scene.plan.rules[draft.rule as usize].group == Some(place);
            let kept = match &stack.take {
                TakePlan::All => continue,
                TakePlan::Compound => {
                    self.compound(&of_stack)?;
                    continue;
                }
                TakePlan::Best(_) | TakePlan::First(_) => self.worths(scene, &of_stack, &stack.take)?,
            };
            let mut at = 0;
            while at < self.drafts.len() {
                let draft = self.drafts[at];
                if of_stack(&draft) && !self.worths[..kept].iter().any(|(rule, _)| *rule == draft.rule) {
                    let (Draft { rule, unit, life, exact: off, .. }, by) = (draft, CutBy::Stack(StackId(place)));
                    self.cuts.push(Off { rule, unit, life, by, off, accrual: 0 });
                    self.dropped.push(draft.rule);
                    self.drafts.remove(at);
                } else {
                    at += 1;
                }
            }
        }
        Ok(())
    }

    /// The worths of a stack's rules, those that are kept first; how many are.
    fn worths(
        &mut self,
        scene: &Scene<'_>,
        of_stack: &impl Fn(&Draft) -> bool,
        take: &TakePlan,
    ) -> Result<usize, Beyond> {
        self.worths.clear();
        for (at, draft) in self.drafts.iter().enumerate().filter(|(_, draft)| of_stack(draft)) {
            let weight = i128::from(scene.plan.units[draft.unit as usize].weight);
            let brings = can_bring(&self.drafts[..at], draft, scene)?.checked_mul(weight).ok_or(Beyond)?;
            let whole = draft.exact.checked_mul(weight).ok_or(Beyond)?;
            match self.worths.iter_mut().find(|(rule, _)| *rule == draft.rule) {
                Some((_, sums)) => {
                    let more = sums.0.checked_add(brings).zip(sums.1.checked_add(whole));
                    *sums = more.ok_or(Beyond)?;
                }
                None => self.worths.push((draft.rule, (brings, whole))),
            }
        }
        self.worths.retain(|(_, (_, whole))| *whole > 0);
        match take {
            TakePlan::Best(number) => {
                self.worths.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
                Ok((*number).min(self.worths.len()))
            }
            TakePlan::First(order) => {
                let place = |rule: &usize| self.worths.iter().position(|one| one.0 as usize == *rule);
                let mut there = order.iter().filter_map(place);
                // Where none can bring anything, the first says why.
                let first = there.clone().find(|at| self.worths[*at].1.0 > 0).or_else(|| there.next());
                if let Some(first) = first {
                    self.worths.swap(0, first);
                }
                Ok(usize::from(first.is_some()))
            }
            TakePlan::All | TakePlan::Compound => Ok(self.worths.len()),
        }
    }

    /// `compound`: each percentage of a base also takes what the ones before it added.
    fn compound(&mut self, of_stack: &impl Fn(&Draft) -> bool) -> Result<(), Beyond> {
        // (base, numerator, denominator) of what each base has grown to.
        let mut grown: Vec<(u32, i128, i128)> = Vec::new();
        for at in 0..self.drafts.len() {
            let draft = self.drafts[at];
            let (true, Some((base, numer, denom))) = (of_stack(&draft), draft.share) else { continue };
            let place = grown.iter().position(|one| one.0 == base).unwrap_or_else(|| {
                grown.push((base, 1, 1));
                grown.len() - 1
            });
            let (_, up, down) = grown[place];
            let times = |figure: i128| {
                let figure = figure.checked_mul(up).ok_or(Beyond)?;
                if figure % down == 0 { Ok(figure / down) } else { Err(Beyond) }
            };
            self.drafts[at].exact = times(draft.exact)?;
            for line in draft.lines.0..draft.lines.1 {
                self.by_line[line as usize].1 = times(self.by_line[line as usize].1)?;
            }
            let (numer, denom) = (i128::from(numer), i128::from(denom));
            let grows = (up.checked_mul(denom + numer), down.checked_mul(denom));
            let (Some(up), Some(down)) = grows else { return Err(Beyond) };
            grown[place] = (base, up, down);
        }
        Ok(())
    }

    /// Rounds once: what is rounded together is a running total, and each part posts what it moves the
    /// rounded total by.
    pub(super) fn round(&mut self, scene: &Scene<'_>) -> Result<(), Beyond> {
        self.sums.clear();
        for at in 0..self.drafts.len() {
            let draft = self.drafts[at];
            let unit = &scene.plan.units[draft.unit as usize];
            let group = u64::from(draft.unit) << 48 | u64::from(draft.life) << 32;
            let step = scene.whole(unit.step)?;
            let rounded = |exact: i128| divide(exact, step, unit.round).ok_or(Beyond);
            let posted = match unit.scope {
                Scope::Receipt => self.step(group, 0, draft.exact, rounded)?,
                Scope::Rule => self.step(group | u64::from(draft.rule), 0, draft.exact, rounded)?,
                Scope::Month if self.is_below_nothing(&draft)? => 0,
                Scope::Month => {
                    let life = draft.life.checked_sub(1).map(|life| life as usize);
                    let read = unit.month.iter().find(|(of, _)| *of == life).ok_or(Beyond)?.1;
                    self.step(group, i128::from(scene.whole(scene.reads[read])?), draft.exact, rounded)?
                }
                Scope::Line => {
                    let mut rest = draft.exact;
                    let mut posted = 0_i64;
                    for place in draft.lines.0..draft.lines.1 {
                        let (line, part) = self.by_line[place as usize];
                        rest -= part;
                        let part = self.step(group | (u64::from(line) + 1), 0, part, rounded)?;
                        posted = posted.checked_add(part).ok_or(Beyond)?;
                    }
                    posted.checked_add(self.step(group, 0, rest, rounded)?).ok_or(Beyond)?
                }
            };
            self.drafts[at].posted = posted;
        }
        Ok(())
    }

    /// Whether all of a draft's unit and life come to less than nothing together: that gives nothing, and takes nothing
    /// off what else the month brings.
    pub(super) fn is_below_nothing(&self, draft: &Draft) -> Result<bool, Beyond> {
        let mut same = self.drafts.iter().filter(|other| (other.unit, other.life) == (draft.unit, draft.life));
        let sum = same.try_fold(0_i128, |sum, other| sum.checked_add(other.exact)).ok_or(Beyond)?;
        Ok(sum < 0)
    }

    /// Adds to a running total that begins at `start`; what its rounding moves by.
    fn step(
        &mut self,
        key: u64,
        start: i128,
        more: i128,
        rounded: impl Fn(i128) -> Result<i64, Beyond>,
    ) -> Result<i64, Beyond> {
        let place = self.sums.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
            self.sums.push((key, start));
            self.sums.len() - 1
        });
        let before = self.sums[place].1;
        let after = before.checked_add(more).ok_or(Beyond)?;
        self.sums[place].1 = after;
        // Most often it is the first of its group, and nothing rounds to nothing.
        let was = if before == 0 { 0 } else { rounded(before)? };
        rounded(after)?.checked_sub(was).ok_or(Beyond)
    }

    /// One accrual for each unit and life.
    pub(super) fn collect(&mut self) {
        for draft in &self.drafts {
            if draft.posted > 0 && !self.fired.contains(&draft.rule) {
                self.fired.push(draft.rule);
            }
            match self.accruals.iter_mut().find(|one| (one.unit, one.life) == (draft.unit, draft.life)) {
                Some(accrual) => accrual.amount += draft.posted,
                None => {
                    self.accruals.push(Accrual { unit: draft.unit, life: draft.life, amount: draft.posted, cut: false })
                }
            }
        }
        // Lines below nothing, such as vouchers, can make a whole below nothing: it gives nothing, and so does each of its
        // parts, as where one part takes away what another gives.
        for accrual in self.accruals.iter_mut().filter(|accrual| accrual.amount <= 0) {
            accrual.amount = 0;
            let same = |draft: &&mut Draft| (draft.unit, draft.life) == (accrual.unit, accrual.life);
            self.drafts.iter_mut().filter(same).for_each(|draft| draft.posted = 0);
        }
        for cut in &mut self.cuts {
            let of_rule = |one: &Accrual| {
                let same = |draft: &Draft| draft.rule == cut.rule && (draft.unit, draft.life) == (one.unit, one.life);
                self.drafts.iter().any(same)
            };
            let own = |one: &Accrual| (one.unit, one.life) == (cut.unit, cut.life);
            let at = self.accruals.iter().position(own).or_else(|| self.accruals.iter().position(of_rule));
            cut.accrual = at.unwrap_or(0);
            if let Some(accrual) = self.accruals.get_mut(cut.accrual) {
                accrual.cut = true;
            }
        }
    }
}

/// What a draft can bring under the limits of its own rule, exactly; of the drafts before it those of the same rule
/// have had theirs.
fn can_bring(before: &[Draft], draft: &Draft, scene: &Scene<'_>) -> Result<i128, Beyond> {
    let mut brings = draft.exact;
    let step = i128::from(scene.whole(scene.plan.units[draft.unit as usize].step)?);
    for (unit, read, most) in &scene.plan.rules[draft.rule as usize].limits {
        if *unit != draft.unit as usize {
            continue;
        }
        let same = |other: &&Draft| (other.rule, other.unit) == (draft.rule, draft.unit);
        let had: i128 = before.iter().filter(same).map(|other| other.exact).sum();
        let room = i128::from(most.checked_sub(scene.reads[*read]).ok_or(Beyond)?);
        let room = room.checked_mul(step).and_then(|room| room.checked_sub(had)).ok_or(Beyond)?;
        brings = brings.min(room.div_euclid(step).max(0) * step);
    }
    Ok(brings)
}
