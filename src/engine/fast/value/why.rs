//! Why an event is worth what it is: the parts of a posting and what was taken off, for who keeps the journal.

use super::{Draft, Valuation, measured};
use crate::engine::fast::Beyond;
use crate::engine::fast::record::More;
use crate::engine::fast::scene::Scene;
use crate::engine::outcome::{Cut, CutBy, How, Part};
use crate::engine::plan::{GivePlan, Given, Plan};
use crate::mechanics::RuleId;
use crate::mechanics::condition::Condition;
use crate::mechanics::give::What;
use crate::mechanics::rule::LimitOf;
use crate::value::exact::Exact;

/// What was taken off a rule's points.
#[derive(Debug, Clone, Copy)]
pub(super) struct Off {
    pub rule: u32,
    pub unit: u32,
    /// As the draft has it.
    pub life: u32,
    pub by: CutBy,
    /// Of what a stack did not take the exact part, which was never rounded; else steps of the unit.
    pub off: i128,
    /// Which accrual tells it.
    pub accrual: usize,
}

/// A whole number over a denominator.
fn ratio(numer: i128, denom: i64) -> Exact {
    match i64::try_from(numer) {
        Ok(numer) => Exact::ratio(numer, denom),
        Err(_) => Exact::from_scaled(numer, 0).checked_div(&Exact::from_int(denom)).unwrap_or_default(),
    }
}

impl Valuation {
    /// The arithmetic of what a rule gives. `exact` is what it comes to, before others of its stack multiply it.
    pub(super) fn how(&self, (rule, give): (usize, &GivePlan), exact: i128, scene: &Scene<'_>) -> Result<How, Beyond> {
        let written = &scene.plan.program.rules[rule].gives[give.place];
        // Which of `N, or M when …` holds; the plan has the same conditions in the same order.
        let chosen = |number: &Exact, or: &[(Condition, Exact)]| -> Result<Exact, Beyond> {
            let (Given::Rate { or: conds, .. } | Given::Steps { or: conds, .. }) = &give.what else {
                return Ok(number.clone());
            };
            for ((when, _), (_, other)) in conds.iter().zip(or) {
                if scene.holds(when)? {
                    return Ok(other.clone());
                }
            }
            Ok(number.clone())
        };
        let measured = || -> Result<Exact, Beyond> {
            match &give.what {
                Given::Rate { of, .. }
                | Given::Steps { of, .. }
                | Given::Scale { of, .. }
                | Given::Reached { of, .. } => Ok(Exact::ratio(measured(of, scene)?, scene.whole(give.scale)?)),
                Given::Fixed { .. } | Given::Share { .. } => Ok(Exact::zero()),
            }
        };
        Ok(match &written.what {
            What::Rate { number, or, per, full, .. } => {
                How::Rate { measured: measured()?, number: chosen(number, or)?, per: per.clone(), full: *full }
            }
            What::Back { percent, or, .. } => How::Back { measured: measured()?, percent: chosen(percent, or)? },
            What::PercentOf { percent, rule, .. } => {
                let base = self.base(rule.0, give, exact, scene)?;
                How::PercentOf { rule: *rule, base, percent: percent.clone() }
            }
            What::Scale { .. } => How::Scale(measured()?),
            What::Step { .. } => How::Step(measured()?),
            What::Fixed { .. }
            | What::Gift(..)
            | What::Coupon(..)
            | What::Stamps(..)
            | What::Entries(..)
            | What::Level { .. } => How::Fixed,
        })
    }

    /// What the base of a percentage brought.
    fn base(&self, rule: usize, give: &GivePlan, exact: i128, scene: &Scene<'_>) -> Result<Exact, Beyond> {
        let over = scene.whole(scene.plan.units[give.unit].denominator)?;
        let Given::Share { numer, denom, lines, .. } = &give.what else { return Ok(Exact::zero()) };
        if lines.is_none() {
            let bases = self.drafts.iter().filter(|draft| draft.rule as usize == rule);
            return Ok(bases.map(|draft| ratio(draft.exact, over)).sum());
        }
        Ok((ratio(exact, over) * Exact::from_int(*denom)).checked_div(&Exact::from_int(*numer)).unwrap_or_default())
    }

    /// What the posting of a unit and life says: each rule's part, and what was taken off.
    pub fn more(&self, plan: &Plan<'_>, unit: u32, life: u32) -> More {
        let of = &plan.units[unit as usize];
        let over = of.denominator.saturating_mul(self.over);
        let ours = self.drafts.iter().filter(|draft| (draft.unit, draft.life) == (unit, life));
        let part = |draft: &Draft| Part {
            rule: Some(RuleId(draft.rule as usize)),
            exact: ratio(draft.exact, over),
            posted: Exact::ratio(draft.posted, of.scale),
            how: self.hows.get(draft.how as usize).cloned().unwrap_or(How::Fixed),
        };
        let at = self.accruals.iter().position(|one| (one.unit, one.life) == (unit, life));
        let cuts = self.cuts.iter().filter(|cut| Some(cut.accrual) == at).map(|cut| self.cut_of(plan, cut));
        More { parts: ours.map(part).collect(), cuts: cuts.collect(), note: String::new() }
    }

    fn cut_of(&self, plan: &Plan<'_>, cut: &Off) -> Cut {
        let unit = &plan.units[cut.unit as usize];
        let (by, off) = match cut.by {
            CutBy::Stack(_) => (cut.by, ratio(cut.off, unit.denominator.saturating_mul(self.over))),
            CutBy::Limit(nth) => {
                // The plan has only the limits of points.
                let limits = plan.program.rules[cut.rule as usize].limits.iter().enumerate();
                let mut of_points = limits.filter(|(_, limit)| matches!(limit.of, LimitOf::Points(_)));
                let place = of_points.nth(nth).map_or(nth, |(place, _)| place);
                (CutBy::Limit(place), ratio(cut.off, unit.scale))
            }
            CutBy::StackCap(..) | CutBy::StackShare(_) | CutBy::Budget(_) | CutBy::EarnAtMost(_) => {
                (cut.by, ratio(cut.off, unit.scale))
            }
        };
        Cut { rule: Some(RuleId(cut.rule as usize)), by, off }
    }

    /// What a posting says that puts right what an event gave: what it was, and what it is by this valuation.
    pub fn again(&self, plan: &Plan<'_>, (unit, life): (u32, u32), (had, has): (i64, i64), event: &str) -> More {
        let scale = plan.units[unit as usize].scale;
        let More { parts: now, cuts, .. } = self.more(plan, unit, life);
        let (before, has) = (Exact::ratio(had, scale), Exact::ratio(has, scale));
        let part = Part { rule: None, exact: has.clone(), posted: has, how: How::Revalued { before, now, cuts } };
        let note = format!("{event} valued again without what came back");
        More { parts: vec![part], cuts: Vec::new(), note }
    }
}
