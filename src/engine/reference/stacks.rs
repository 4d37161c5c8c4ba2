//! How what rules give meets: stacks, then rounding, then one sum for each recipient, unit and life (section 6.3).

use super::Run;
use super::drafts::{Draft, Off, percent_of_one};
use super::scene::{Scene, Span};
use super::valuation::{Accrual, Valuation, used_in};
use crate::engine::outcome::{CutBy, How, Part};
use crate::mechanics::give::Whom;
use crate::mechanics::points::{Life, Scope};
use crate::mechanics::stack::{Grown, Take};
use crate::mechanics::{PointsId, RuleId, StackId};
use crate::value::clock::Period;
use crate::value::exact::Exact;
use std::collections::{BTreeMap, BTreeSet};

impl<'a> Run<'a> {
    /// Stacks: of the bonuses of one group that meet, keeps those that its `take` names.
    pub(super) fn stack(
        &self,
        drafts: &mut Vec<Draft>,
        scene: &Scene<'_, 'a>,
        cuts: &mut Vec<Off>,
        dropped: &mut BTreeSet<RuleId>,
    ) {
        for (place, stack) in self.program.stacks.iter().enumerate() {
            let of_stack = |rule: RuleId| self.program.rules[rule.0].group == Some(StackId(place));
            match stack.take {
                Take::All | Take::FirstDiscount(_) => continue,
                Take::Compound => {
                    compound(drafts, &of_stack);
                    continue;
                }
                Take::Best(_) | Take::First(_) => {}
            }
            // What each brings to this event, which its own limits may keep back, and what it would without them.
            let mut worth: BTreeMap<RuleId, (Exact, Exact)> = BTreeMap::new();
            for (at, draft) in drafts.iter().enumerate().filter(|(_, draft)| of_stack(draft.rule)) {
                let one = self.program.points[draft.unit.0].worth.clone().unwrap_or_else(Exact::one);
                let (brings, whole) = worth.entry(draft.rule).or_default();
                *brings += self.can_bring(&drafts[..at], draft, scene) * &one;
                *whole += &draft.exact * &one;
            }
            let mut by_worth: Vec<RuleId> = worth.keys().copied().filter(|rule| worth[rule].1.is_positive()).collect();
            let kept: BTreeSet<RuleId> = match &stack.take {
                Take::All | Take::Compound | Take::FirstDiscount(_) => continue,
                Take::Best(number) => {
                    by_worth.sort_by(|a, b| worth[b].cmp(&worth[a]).then(self.in_file(*a).cmp(&self.in_file(*b))));
                    by_worth.into_iter().take(*number as usize).collect()
                }
                Take::First(order) => {
                    let mut there = order.iter().copied().filter(|rule| by_worth.contains(rule));
                    // Where none can bring anything, the first says why.
                    let first = there.clone().find(|rule| worth[rule].0.is_positive()).or_else(|| there.next());
                    first.into_iter().collect()
                }
            };
            drafts.retain(|draft| {
                let keep = !of_stack(draft.rule) || kept.contains(&draft.rule);
                if !keep {
                    dropped.insert(draft.rule);
                    cuts.push(draft.loses(CutBy::Stack(StackId(place)), draft.exact.clone()));
                }
                keep
            });
        }
    }

    /// Rounds once: what is rounded together is a running total, and each part posts what it moves
    /// the rounded total by; so the parts add up to the rounded whole.
    pub(super) fn round(&self, drafts: &mut [Draft], scene: &Scene<'_, 'a>) {
        let groups: BTreeSet<_> = drafts.iter().map(|draft| (draft.to, draft.unit, draft.life)).collect();
        for (to, unit, life) in groups {
            let points = &self.program.points[unit.0];
            let round = |figure: &Exact| figure.round(points.round, points.decimals);
            let group = drafts.iter_mut().filter(|draft| (draft.to, draft.unit, draft.life) == (to, unit, life));
            match points.scope {
                Scope::Rule => {
                    let mut sums: BTreeMap<RuleId, Exact> = BTreeMap::new();
                    for draft in group {
                        let sum = sums.entry(draft.rule).or_default();
                        draft.posted = step(sum, &draft.exact, &round);
                    }
                }
                Scope::Receipt => {
                    let mut sum = Exact::zero();
                    for draft in group {
                        draft.posted = step(&mut sum, &draft.exact, &round);
                    }
                }
                Scope::Month => {
                    let (first, last) = self.program.settings.clock.span_of(Period::Month, scene.day);
                    let span = Span::Days(Some(first), Some(last));
                    let mut sum = used_in(self.log_of(to, scene), scene.before, span, |one| {
                        if one.unit == Some(unit) && one.life == life { one.exact.clone() } else { Exact::zero() }
                    });
                    let group: Vec<&mut Draft> = group.collect();
                    // A whole below nothing gives nothing, and takes nothing off what else the month brings.
                    if group.iter().map(|draft| &draft.exact).sum::<Exact>().is_negative() {
                        continue;
                    }
                    for draft in group {
                        draft.posted = step(&mut sum, &draft.exact, &round);
                    }
                }
                Scope::Line => {
                    let mut sums: BTreeMap<Option<usize>, Exact> = BTreeMap::new();
                    for draft in group {
                        let of_lines: Exact = draft.by_line.iter().map(|(_, part)| part).sum();
                        let rest = &draft.exact - &of_lines;
                        let mut posted = step(sums.entry(None).or_default(), &rest, &round);
                        for (at, part) in &draft.by_line {
                            posted += step(sums.entry(Some(*at)).or_default(), part, &round);
                        }
                        draft.posted = posted;
                    }
                }
            }
        }
    }
}

/// Adds `more` to a running total; what its rounding moves by.
fn step(sum: &mut Exact, more: &Exact, round: &impl Fn(&Exact) -> Exact) -> Exact {
    let before = round(sum);
    *sum += more;
    round(sum) - before
}

/// `compound`: each percentage of a base also takes what the ones before it added.
fn compound(drafts: &mut [Draft], of_stack: &impl Fn(RuleId) -> bool) {
    let mut grown: BTreeMap<(RuleId, PointsId, Option<Life>), Grown> = BTreeMap::new();
    for draft in drafts.iter_mut().filter(|draft| of_stack(draft.rule)) {
        let How::PercentOf { rule, percent, .. } = &draft.how else { continue };
        grown.entry((*rule, draft.unit, draft.of_life)).or_default().compound(
            &percent_of_one(percent),
            &mut draft.exact,
            &mut draft.by_line,
        );
    }
}

/// One accrual for each recipient, unit and life.
pub(super) fn collect(drafts: Vec<Draft>, cuts: Vec<Off>) -> Valuation {
    let mut valuation = Valuation::default();
    for draft in &drafts {
        if draft.posted.is_positive() {
            valuation.fired.insert(draft.rule, Whom::Member);
        }
        let part = Part {
            rule: Some(draft.rule),
            exact: draft.exact.clone(),
            posted: draft.posted.clone(),
            how: draft.how.clone(),
        };
        let same =
            |accrual: &&mut Accrual| (accrual.to, accrual.unit, accrual.life) == (draft.to, draft.unit, draft.life);
        match valuation.accruals.iter_mut().find(same) {
            Some(accrual) => {
                accrual.amount += &draft.posted;
                accrual.parts.push(part);
            }
            None => valuation.accruals.push(Accrual {
                to: draft.to,
                unit: draft.unit,
                life: draft.life,
                amount: draft.posted.clone(),
                parts: vec![part],
                cuts: Vec::new(),
            }),
        }
    }
    // Lines below nothing, such as vouchers, can make a whole below nothing: it gives nothing, and so does each of its parts,
    // as where one part takes away what another gives.
    for accrual in valuation.accruals.iter_mut().filter(|accrual| !accrual.amount.is_positive()) {
        accrual.amount = Exact::zero();
        accrual.parts.iter_mut().for_each(|part| part.posted = Exact::zero());
    }
    for Off { of, cut } in cuts {
        // What a stack dropped may have been all there was of its accrual.
        let own = |accrual: &Accrual| (accrual.to, accrual.unit, accrual.life) == of;
        let of_rule = |accrual: &Accrual| accrual.parts.iter().any(|part| part.rule == cut.rule);
        let all = &valuation.accruals;
        let at = all.iter().position(own).or_else(|| all.iter().position(of_rule));
        if let Some(accrual) = valuation.accruals.get_mut(at.unwrap_or(0)) {
            accrual.cuts.push(cut);
        }
    }
    valuation
}
