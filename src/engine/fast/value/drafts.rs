//! What each rule that fires gives by itself, before stacks, rounding and caps.

use super::{Draft, Exactly, Valuation};
use crate::engine::fast::Beyond;
use crate::engine::fast::scene::{LineNow, Scene};
use crate::engine::plan::condition::{Cond, LineCond};
use crate::engine::plan::ratios::divide;
use crate::engine::plan::{GivePlan, Given, Measured, RulePlan};
use crate::value::exact::Rounding;

impl Valuation {
    /// Adds what a rule gives in points, after those that it may take a share of.
    pub(super) fn draft(&mut self, place: usize, rule: &RulePlan, scene: &Scene<'_>) -> Result<(), Beyond> {
        for (at, give) in rule.gives.iter().enumerate() {
            let from = self.by_line.len();
            let Some(Exactly { exact, share, each }) = self.given(give, scene)? else { continue };
            if self.explains {
                let how = self.how((place, give), exact, scene)?;
                self.hows.push(how);
            }
            self.drafts.push(Draft {
                rule: place as u32,
                give: at as u32,
                unit: give.unit as u32,
                life: give.life.map_or(0, |life| life as u32 + 1),
                exact,
                posted: 0,
                lines: (from as u32, self.by_line.len() as u32),
                share,
                each,
                how: self.hows.len().saturating_sub(1) as u32,
            });
        }
        Ok(())
    }

    /// What a `give` brings, exactly.
    fn given(&mut self, give: &GivePlan, scene: &Scene<'_>) -> Result<Option<Exactly>, Beyond> {
        let choose = |or: &[(Cond, i64)], else_: i64| -> Result<i128, Beyond> {
            for (when, number) in or {
                if scene.holds(when)? {
                    return Ok(i128::from(*number));
                }
            }
            Ok(i128::from(else_))
        };
        let exact = match &give.what {
            Given::Rate { of, each, or } => {
                let each = choose(or, *each)?;
                if give.by_line {
                    self.lines_of(of, each, scene)?;
                }
                let exact = i128::from(measured(of, scene)?).checked_mul(each).ok_or(Beyond)?;
                return Ok(Some(Exactly { exact, share: None, each }));
            }
            Given::Steps { of, step, by, each, or } => {
                let each = choose(or, *each)?;
                let figure = i128::from(measured(of, scene)?).checked_mul(i128::from(*by)).ok_or(Beyond)?;
                let steps = divide(figure, scene.whole(*step)?, Rounding::Down).ok_or(Beyond)?;
                i128::from(scene.whole(steps)?).checked_mul(each).ok_or(Beyond)?
            }
            Given::Fixed { number, or } => choose(or, *number)?.checked_mul(i128::from(scene.over)).ok_or(Beyond)?,
            Given::Share { rule, numer, denom, lines, of_lines } => {
                let share = (*numer, *denom);
                let exact = match of_lines {
                    Some(of) => self.share_of(*rule, share, of, scene)?,
                    None => self.share(*rule, share, lines.as_ref(), give, scene)?,
                };
                let share = Some((*rule as u32, *numer, *denom));
                return Ok(exact.map(|exact| Exactly { exact, share, each: 0 }));
            }
            Given::Scale { of, bands, whole, .. } => banded(bands, *whole, measured(of, scene)?, scene)?,
            Given::Reached { of, steps } => {
                let figure = measured(of, scene)?;
                let over = i128::from(scene.over);
                let reached = steps.iter().rev().find(|(from, _)| i128::from(*from) * over <= i128::from(figure));
                reached.map_or(0, |(_, number)| i128::from(*number) * over)
            }
        };
        Ok(Some(Exactly { exact, share: None, each: 0 }))
    }

    /// The part of each line.
    fn lines_of(&mut self, of: &Measured, each: i128, scene: &Scene<'_>) -> Result<(), Beyond> {
        let (pick, figure): (_, fn(&LineNow) -> i64) = match of {
            Measured::Money(money) => match (money.regular, money.without_tax) {
                (false, false) => (&money.pick, |line| line.amount),
                (true, false) => (&money.pick, |line| line.regular),
                (false, true) => (&money.pick, |line| line.amount.saturating_sub(line.tax)),
                (true, true) => (&money.pick, |line| line.regular.saturating_sub(line.tax)),
            },
            Measured::Items(pick) => (pick, |line| line.quantity),
            Measured::Has(_) | Measured::One | Measured::Visit { .. } | Measured::Field(_) | Measured::Read(_) => {
                return Ok(());
            }
        };
        for (place, line) in scene.lines.iter().enumerate() {
            if scene.picks(pick, line)? {
                let part = i128::from(figure(line)).checked_mul(each).ok_or(Beyond)?;
                self.by_line.push((place as u32, part));
            }
        }
        Ok(())
    }

    /// A share of what a rule brought by some lines, of which `of` measures what it measures of all.
    fn share_of(
        &self,
        rule: usize,
        (numer, denom): (i64, i64),
        of: &Measured,
        scene: &Scene<'_>,
    ) -> Result<Option<i128>, Beyond> {
        let Some(base) = self.drafts.iter().find(|draft| draft.rule as usize == rule) else { return Ok(None) };
        let figure = i128::from(measured(of, scene)?).checked_mul(base.each);
        let part = figure.and_then(|figure| figure.checked_mul(i128::from(numer))).ok_or(Beyond)?;
        evenly(part, denom).map(Some)
    }

    /// A share of what a rule brought; none where it brought nothing.
    fn share(
        &mut self,
        rule: usize,
        (numer, denom): (i64, i64),
        lines: Option<&LineCond>,
        give: &GivePlan,
        scene: &Scene<'_>,
    ) -> Result<Option<i128>, Beyond> {
        let part = |figure: i128| {
            let part = figure.checked_mul(i128::from(numer)).ok_or(Beyond)?;
            evenly(part, denom)
        };
        let (mut any, mut base, mut of_lines) = (false, 0_i128, 0_i128);
        for at in 0..self.drafts.len() {
            let draft = self.drafts[at];
            if draft.rule as usize != rule {
                continue;
            }
            any = true;
            base = base.checked_add(draft.exact).ok_or(Beyond)?;
            if lines.is_none() && !give.by_line {
                continue;
            }
            for place in draft.lines.0..draft.lines.1 {
                let (line, figure) = self.by_line[place as usize];
                let picked = match lines {
                    Some(lines) => scene.picks(lines, &scene.lines[line as usize])?,
                    None => true,
                };
                if picked {
                    let figure = part(figure)?;
                    of_lines = of_lines.checked_add(figure).ok_or(Beyond)?;
                    self.by_line.push((line, figure));
                }
            }
        }
        if !any {
            return Ok(None);
        }
        if lines.is_some() { Ok(Some(of_lines)) } else { part(base).map(Some) }
    }
}

/// A division that leaves nothing over.
fn evenly(figure: i128, denom: i64) -> Result<i128, Beyond> {
    // Most figures are small, and a division of small numbers is several times as fast.
    if let Ok(small) = i64::try_from(figure) {
        return if small % denom == 0 { Ok(i128::from(small / denom)) } else { Err(Beyond) };
    }
    let denom = i128::from(denom);
    if figure % denom == 0 { Ok(figure / denom) } else { Err(Beyond) }
}

/// What a rule measures of its event, over the scene's denominator.
pub(in crate::engine::fast) fn measured(of: &Measured, scene: &Scene<'_>) -> Result<i64, Beyond> {
    match of {
        Measured::Money(money) => scene.money(money),
        Measured::Items(pick) => scene.sum(pick, |line| line.quantity),
        Measured::Has(lines) => scene.whole(i64::from(scene.has(lines.as_ref())?)),
        Measured::One => Ok(scene.over),
        Measured::Visit { lines, again } => {
            scene.whole(i64::from(scene.reads[*again] == 0 && scene.has(lines.as_ref())?))
        }
        Measured::Field(column) => scene.whole(scene.number_in(*column)?),
        Measured::Read(read) => scene.whole(scene.reads[*read]),
    }
}

/// `by scale`: marginal bands, or the whole at the rate of the band it reaches.
fn banded(bands: &[(i64, i64)], whole: bool, figure: i64, scene: &Scene<'_>) -> Result<i128, Beyond> {
    let over = i128::from(scene.over);
    let reaches = |from: i64| i128::from(from) * over <= i128::from(figure);
    let rate = |figure: i64, each: i64| i128::from(figure).checked_mul(i128::from(each)).ok_or(Beyond);
    if whole {
        let band = bands.iter().rev().find(|(from, _)| reaches(*from));
        return band.map_or(Ok(0), |(_, each)| rate(figure, *each));
    }
    let mut sum = 0_i128;
    for (place, (from, each)) in bands.iter().enumerate() {
        let upto = match bands.get(place + 1) {
            Some((next, _)) if reaches(*next) => scene.whole(*next)?,
            Some(_) | None => figure,
        };
        if reaches(*from) {
            sum = sum.checked_add(rate(upto - scene.whole(*from)?, *each)?).ok_or(Beyond)?;
        }
    }
    Ok(sum)
}
