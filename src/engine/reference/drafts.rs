//! What each rule that fires gives by itself: a part on its way through stacks, rounding and caps (section 6.3).

use super::Run;
use super::scene::{Scene, Span};
use crate::engine::outcome::{Cut, CutBy, How};
use crate::mechanics::give::{Band, Give, What, Whom};
use crate::mechanics::points::Life;
use crate::mechanics::rule::Trigger;
use crate::mechanics::{PointsId, RuleId};
use crate::value::clock::{Window, membership_year};
use crate::value::exact::{Exact, Rounding};
use std::collections::BTreeSet;

/// A part on its way through stacks, rounding and caps.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub rule: RuleId,
    pub to: Whom,
    pub unit: PointsId,
    pub life: Option<Life>,
    /// Of a share of a base: the life of what it is a share of.
    pub of_life: Option<Life>,
    pub exact: Exact,
    pub by_line: Vec<(usize, Exact)>,
    pub how: How,
    pub posted: Exact,
}

/// What was taken off a draft, and the accrual it belongs to: one rule can give points of several lives.
pub(super) struct Off {
    pub of: (Whom, PointsId, Option<Life>),
    pub cut: Cut,
}

impl Draft {
    /// So much of it is taken off.
    pub(super) fn loses(&self, by: CutBy, off: Exact) -> Off {
        Off { of: (self.to, self.unit, self.life), cut: Cut { rule: Some(self.rule), by, off } }
    }
}

impl<'a> Run<'a> {
    /// Adds what a rule gives in points, after those that it may take a share of.
    pub(super) fn draft(&self, id: RuleId, scene: &Scene<'_, 'a>, triggers: &[Trigger], drafts: &mut Vec<Draft>) {
        let rule = &self.program.rules[id.0];
        let fired = triggers.iter().filter(|trigger| rule.on.contains(trigger));
        let whole = fired.filter_map(|trigger| self.ending(trigger, scene)).next();
        let scene = &Scene { campaign: (rule.from, rule.until), whole, ..*scene };
        for give in &rule.gives {
            let to = self.whom(give.to, id, scene, triggers);
            if let What::PercentOf { percent, rule, lines } = &give.what {
                let picks = |at: usize| scene.picks(lines, &scene.lines[at]);
                let some_lines = lines.with.is_some() || lines.without.is_some();
                let picked = some_lines.then_some(&picks as &dyn Fn(usize) -> bool);
                let bases: Vec<&Draft> = drafts.iter().filter(|draft| (draft.rule, draft.to) == (*rule, to)).collect();
                let more = more_of((id, give.life), &bases, (*rule, percent), picked);
                drafts.extend(more.into_iter().map(|draft| Draft { to, ..draft }));
            } else if let Some(draft) = self.draft_one(id, give, scene, rule.count_in.as_ref()) {
                drafts.push(Draft { to, ..draft });
            }
        }
    }

    fn draft_one(&self, id: RuleId, give: &Give, scene: &Scene<'_, 'a>, count_in: Option<&Window>) -> Option<Draft> {
        let measure = |basis| match count_in {
            Some(window) => (scene.aggregate(basis, &scene.span(window)), Vec::new()),
            None => scene.count(basis),
        };
        let number_now = |number: &Exact, or: &[(crate::mechanics::condition::Condition, Exact)]| {
            or.iter().find(|(when, _)| scene.holds(when)).map_or_else(|| number.clone(), |(_, other)| other.clone())
        };
        let life = give.life;
        let draft = |unit: PointsId, exact: Exact, by_line, how| Draft {
            rule: id,
            to: give.to,
            unit,
            life,
            of_life: None,
            exact,
            by_line,
            how,
            posted: Exact::zero(),
        };
        Some(match &give.what {
            What::Rate { unit, number, or, per, full, basis } => {
                let number = number_now(number, or);
                let (measured, lines) = measure(basis);
                let rate = |figure: &Exact| figure.checked_div(per).map(|steps| steps * &number).unwrap_or_default();
                let (exact, by_line) = if *full {
                    let steps = measured.checked_div(per).unwrap_or_default();
                    share(steps.round(Rounding::Down, 0) * &number, &measured, lines)
                } else {
                    (rate(&measured), lines.iter().map(|(at, figure)| (*at, rate(figure))).collect())
                };
                draft(*unit, exact, by_line, How::Rate { measured, number, per: per.clone(), full: *full })
            }
            What::Back { unit, percent, or, basis } => {
                let percent = number_now(percent, or);
                let (measured, lines) = measure(basis);
                let worth = self.program.points[unit.0].worth.clone().unwrap_or_else(Exact::one);
                let rate =
                    |figure: &Exact| (figure * &percent_of_one(&percent)).checked_div(&worth).unwrap_or_default();
                let by_line = lines.iter().map(|(at, figure)| (*at, rate(figure))).collect();
                draft(*unit, rate(&measured), by_line, How::Back { measured, percent })
            }
            What::Fixed { unit, number, or } => draft(*unit, number_now(number, or), Vec::new(), How::Fixed),
            What::Scale { unit, bands, whole, basis } => {
                let (measured, lines) = measure(basis);
                let (exact, by_line) = share(scale(bands, *whole, &measured), &measured, lines);
                draft(*unit, exact, by_line, How::Scale(measured))
            }
            What::Step { unit, steps, basis } => {
                let (measured, lines) = measure(basis);
                let reached = steps.iter().rev().find(|(from, _)| *from <= measured);
                let number = reached.map(|(_, number)| number.clone()).unwrap_or_default();
                let (exact, by_line) = share(number, &measured, lines);
                draft(*unit, exact, by_line, How::Step(measured))
            }
            // A share of a base is drawn from the base's own drafts.
            What::PercentOf { .. }
            | What::Gift(..)
            | What::Coupon(..)
            | What::Stamps(..)
            | What::Entries(..)
            | What::Level { .. } => return None,
        })
    }

    /// What a card's `give` brings in points, exactly; nothing where it gives something else.
    pub(super) fn points_of(&self, give: &Give, scene: &Scene<'_, 'a>) -> Option<(PointsId, Option<Life>, Exact)> {
        // No rule stands behind it: the draft's own is not looked at.
        let draft = self.draft_one(RuleId(0), give, scene, None)?;
        Some((draft.unit, draft.life, draft.exact))
    }

    /// Of a timer that fires as a period ends: that period.
    fn ending(&self, trigger: &Trigger, scene: &Scene<'_, 'a>) -> Option<Span> {
        let (first, last) = match trigger {
            Trigger::Every { period, at_start: false } => self.clock().span_of(*period, scene.day),
            Trigger::EveryMembershipYear => membership_year(scene.member.joined?, scene.day),
            Trigger::EveryLength { length, at_start: false } => self.stretch(scene.member, *length, scene.day)?,
            Trigger::Every { at_start: true, .. }
            | Trigger::EveryLength { at_start: true, .. }
            | Trigger::Purchase
            | Trigger::FirstPurchaseOfFriend
            | Trigger::Visit
            | Trigger::Activity(_)
            | Trigger::Referral
            | Trigger::Join
            | Trigger::Birthday(_)
            | Trigger::Anniversary(_)
            | Trigger::LevelUp(_)
            | Trigger::Full(_)
            | Trigger::Redeem
            | Trigger::NoPurchaseIn(_)
            | Trigger::Completed(_)
            | Trigger::PaidOut(_) => return None,
        };
        Some(Span::Days(Some(first), Some(last)))
    }
}

/// 5 for 5% as 0.05.
pub(super) fn percent_of_one(percent: &Exact) -> Exact {
    percent * Exact::ratio(1, 100)
}

/// Shares a sum over lines in proportion to what they brought.
fn share(sum: Exact, measured: &Exact, lines: Vec<(usize, Exact)>) -> (Exact, Vec<(usize, Exact)>) {
    let by_line =
        lines.into_iter().map(|(at, figure)| (at, (figure * &sum).checked_div(measured).unwrap_or_default())).collect();
    (sum, by_line)
}

/// `by scale`: marginal bands, or the whole at the rate of the band it reaches.
fn scale(bands: &[Band], whole: bool, measured: &Exact) -> Exact {
    let rate = |figure: &Exact, band: &Band| {
        figure.checked_div(&band.per).map(|steps| steps * &band.number).unwrap_or_default()
    };
    if whole {
        return bands
            .iter()
            .rev()
            .find(|band| band.from <= *measured)
            .map(|band| rate(measured, band))
            .unwrap_or_default();
    }
    let mut sum = Exact::zero();
    for (place, band) in bands.iter().enumerate() {
        let upto =
            bands.get(place + 1).map_or_else(|| measured.clone(), |next| next.from.clone().min(measured.clone()));
        if upto > band.from {
            sum += rate(&(upto - &band.from), band);
        }
    }
    sum
}

/// `+N% of base`: so much of each of the points that the base gives to the same person, in its unit and with its
/// life, where the bonus says none of its own. `picked` says which lines' part counts; none, when all of it does.
fn more_of(
    (id, life): (RuleId, Option<Life>),
    bases: &[&Draft],
    (base_rule, percent): (RuleId, &Exact),
    picked: Option<&dyn Fn(usize) -> bool>,
) -> Vec<Draft> {
    let kinds: BTreeSet<(PointsId, Option<Life>)> = bases.iter().map(|base| (base.unit, base.life)).collect();
    let one = |(unit, base_life): (PointsId, Option<Life>)| {
        let of_kind = || bases.iter().filter(move |base| (base.unit, base.life) == (unit, base_life));
        let lines = of_kind().flat_map(|base| &base.by_line).filter(|(at, _)| picked.is_none_or(|picked| picked(*at)));
        let lines: Vec<&(usize, Exact)> = lines.collect();
        let base: Exact = match picked {
            None => of_kind().map(|base| &base.exact).sum(),
            Some(_) => lines.iter().map(|(_, part)| part).sum(),
        };
        let share = percent_of_one(percent);
        Draft {
            rule: id,
            to: Whom::Member,
            unit,
            life: life.or(base_life),
            of_life: base_life,
            exact: &base * &share,
            by_line: lines.into_iter().map(|(at, part)| (*at, part * &share)).collect(),
            how: How::PercentOf { rule: base_rule, base, percent: percent.clone() },
            posted: Exact::zero(),
        }
    };
    kinds.into_iter().map(one).collect()
}
