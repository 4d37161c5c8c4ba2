//! What may be had at most: limits, the caps of stacks and units, budgets (section 6.13).

use super::Run;
use super::drafts::{Draft, Off, percent_of_one};
use super::part::Shared;
use super::scene::{Scene, Span, span};
use super::valuation::{Valuation, used_in};
use crate::engine::outcome::CutBy;
use crate::mechanics::example::Held;
use crate::mechanics::give::Whom;
use crate::mechanics::rule::{Limit, LimitOf, Rule};
use crate::mechanics::stack::Take;
use crate::mechanics::{PointsId, RuleId, StackId};
use crate::value::clock::Window;
use crate::value::exact::{Exact, Rounding};
use std::collections::BTreeMap;

impl<'a> Run<'a> {
    /// Caps and budgets, after rounding: rule, stack, budget, program (section 6.13).
    pub(super) fn cap(
        &self,
        drafts: &mut [Draft],
        scene: &Scene<'_, 'a>,
        cuts: &mut Vec<Off>,
        drawn: &mut BTreeMap<usize, Exact>,
    ) {
        for at in 0..drafts.len() {
            for (place, limit) in self.point_limits(&drafts[at]) {
                let (id, unit) = (drafts[at].rule, drafts[at].unit);
                if !limit.per_member {
                    let asked = (Shared::Posted(id, unit), scene.day);
                    *self.asked.borrow_mut().entry(asked).or_default() += self.asks(&drafts[at]);
                }
                let used = self.used_of(&drafts[at], limit, scene);
                let here: Exact = same_limit(&drafts[..at], &drafts[at], limit).map(|draft| &draft.posted).sum();
                self.cut(drafts, &[at], &limit.most - used - here, CutBy::Limit(place), cuts);
            }
        }
        self.cap_stacks(drafts, scene, cuts);
        self.cap_budgets(drafts, scene, cuts, drawn);
        for (place, points) in self.program.points.iter().enumerate() {
            let unit = PointsId(place);
            for to in [Whom::Member, Whom::Referrer, Whom::Friend] {
                let of_unit: Vec<usize> =
                    (0..drafts.len()).filter(|at| drafts[*at].unit == unit && drafts[*at].to == to).collect();
                if of_unit.is_empty() {
                    continue;
                }
                for (number, cap) in points.caps.iter().enumerate() {
                    let span = scene.span(&cap.window);
                    let used = used_in(self.log_of(to, scene), scene.before, span, |one| {
                        if one.unit == Some(unit) { one.posted.clone() } else { Exact::zero() }
                    });
                    self.cut(drafts, &of_unit, &cap.most - used, CutBy::EarnAtMost(number), cuts);
                }
            }
        }
    }

    /// The limits of a rule that are of what a draft gives, each with its place among them.
    fn point_limits(&self, draft: &Draft) -> impl Iterator<Item = (usize, &'a Limit)> + use<'a> {
        let unit = draft.unit;
        let limits = self.program.rules[draft.rule.0].limits.iter().enumerate();
        limits.filter(move |(_, limit)| limit.of == LimitOf::Points(unit))
    }

    /// How much of a limit of points was used up before this scene.
    fn used_of(&self, draft: &Draft, limit: &Limit, scene: &Scene<'_, 'a>) -> Exact {
        let (id, unit) = (draft.rule, draft.unit);
        let span = self.window(scene, &self.program.rules[id.0], &limit.window);
        if limit.per_member {
            return used_in(self.log_of(draft.to, scene), scene.before, span, |one| {
                if one.rule == Some(id) && one.unit == Some(unit) { one.posted.clone() } else { Exact::zero() }
            });
        }
        self.posted.get(&(id, unit)).map(|tally| tally.before(scene.before, &span)).unwrap_or_default()
    }

    /// What a draft asks of something that all members share: what it posts, and in a stack that chooses no less than
    /// what it was chosen for.
    fn asks(&self, draft: &Draft) -> Exact {
        let stack = self.program.rules[draft.rule.0].group.map(|stack| &self.program.stacks[stack.0].take);
        if !matches!(stack, Some(Take::Best(_) | Take::First(_))) {
            return draft.posted.clone();
        }
        let decimals = self.program.points[draft.unit.0].decimals;
        draft.posted.clone().max(draft.exact.round(Rounding::Up, decimals))
    }

    /// What a draft can bring under the limits of its own rule, exactly: those of its points, and its budget. Of the
    /// drafts before it those of the same rule have had theirs.
    pub(super) fn can_bring(&self, before: &[Draft], draft: &Draft, scene: &Scene<'_, 'a>) -> Exact {
        let points = &self.program.points[draft.unit.0];
        let mut brings = draft.exact.clone();
        let mut at_most = |room: Exact, had: Exact| {
            let room = (room - had).round(Rounding::Down, points.decimals);
            brings = brings.clone().min(if room.is_negative() { Exact::zero() } else { room });
        };
        for (_, limit) in self.point_limits(draft) {
            let had = same_limit(before, draft, limit).map(|other| &other.exact).sum();
            at_most(&limit.most - self.used_of(draft, limit, scene), had);
        }
        let budget = self.program.rules[draft.rule.0].budget;
        let room = budget.and_then(|budget| self.budget_room(budget.0, scene, &BTreeMap::new()));
        if let (Some(room), Some(worth)) = (room, &points.worth) {
            let had = before.iter().filter(|other| (other.rule, other.unit) == (draft.rule, draft.unit));
            at_most(room.checked_div(worth).unwrap_or_default(), had.map(|other| &other.exact).sum());
        }
        brings
    }

    fn cap_stacks(&self, drafts: &mut [Draft], scene: &Scene<'_, 'a>, cuts: &mut Vec<Off>) {
        for (place, stack) in self.program.stacks.iter().enumerate() {
            let id = StackId(place);
            let of_stack = |rule: RuleId| self.program.rules[rule.0].group == Some(id);
            for (nth, (unit, cap)) in stack.caps.iter().enumerate() {
                let members: Vec<usize> =
                    (0..drafts.len()).filter(|at| of_stack(drafts[*at].rule) && drafts[*at].unit == *unit).collect();
                if members.is_empty() {
                    continue;
                }
                let used = used_in(&scene.member.contributions, scene.before, scene.span(&cap.window), |one| {
                    if one.rule.is_some_and(of_stack) && one.unit == Some(*unit) {
                        one.posted.clone()
                    } else {
                        Exact::zero()
                    }
                });
                self.cut(drafts, &members, &cap.most - used, CutBy::StackCap(id, nth), cuts);
            }
            if let Some((percent, _)) = &stack.cap_percent {
                let receipt: Exact = scene.lines.iter().map(|view| &view.left.amount).sum();
                // All units together, each at its worth, the first first.
                let mut money = receipt * percent_of_one(percent);
                let mut rooms = Vec::new();
                for (at, draft) in drafts.iter().enumerate().filter(|(_, draft)| of_stack(draft.rule)) {
                    let points = &self.program.points[draft.unit.0];
                    let worth = points.worth.clone().unwrap_or_else(Exact::one);
                    let room = money.checked_div(&worth).unwrap_or_default().round(Rounding::Down, points.decimals);
                    money -= draft.posted.clone().min(room.clone()) * &worth;
                    rooms.push((at, room));
                }
                for (at, room) in rooms.into_iter().rev() {
                    self.cut(drafts, &[at], room, CutBy::StackShare(id), cuts);
                }
            }
        }
    }

    fn cap_budgets(
        &self,
        drafts: &mut [Draft],
        scene: &Scene<'_, 'a>,
        cuts: &mut Vec<Off>,
        drawn: &mut BTreeMap<usize, Exact>,
    ) {
        for at in 0..drafts.len() {
            let Some(budget) = self.program.rules[drafts[at].rule.0].budget else { continue };
            let Some(worth) = self.program.points[drafts[at].unit.0].worth.clone() else { continue };
            let more = self.asks(&drafts[at]) - &drafts[at].posted;
            if more.is_positive() {
                let asked = (Shared::Budget(budget.0), scene.day);
                *self.asked.borrow_mut().entry(asked).or_default() += more * &worth;
            }
            let room = self.budget_room(budget.0, scene, drawn);
            if let Some(room) = room {
                let points = room.checked_div(&worth).unwrap_or_default();
                self.cut(drafts, &[at], points, CutBy::Budget(budget), cuts);
            }
            *drawn.entry(budget.0).or_default() += &drafts[at].posted * &worth;
        }
    }

    /// What is left of a budget before this scene; none where it only warns.
    fn budget_room(&self, budget: usize, scene: &Scene<'_, 'a>, drawn: &BTreeMap<usize, Exact>) -> Option<Exact> {
        let block = &self.program.budgets[budget];
        if block.warn_only {
            return None;
        }
        let span = span(&block.window, &self.program.settings.clock, scene.at, scene.day, None, scene.campaign);
        let used = self.budgets[budget].before(scene.before, &span);
        Some(&block.most - used - drawn.get(&budget).cloned().unwrap_or_default())
    }

    pub(super) fn budget_has_room(
        &self,
        id: RuleId,
        held: Held,
        number: u32,
        scene: &Scene<'_, 'a>,
        valuation: &mut Valuation,
    ) -> bool {
        let Some((budget, money)) = self.takes_of_budget(id, held, number) else { return true };
        if self.budget_room(budget, scene, &valuation.drawn).is_some_and(|room| room < money) {
            return false;
        }
        *valuation.drawn.entry(budget).or_default() += money;
        true
    }

    /// The budget of a rule, by its place, and what so many of a thing that the rule gives take of it.
    pub(super) fn takes_of_budget(&self, id: RuleId, held: Held, number: u32) -> Option<(usize, Exact)> {
        let budget = self.program.rules[id.0].budget?;
        let each = self.program.budgets[budget.0].counted(self.program, held).cloned().unwrap_or_default();
        Some((budget.0, each * Exact::from_int(i64::from(number))))
    }

    fn window(&self, scene: &Scene<'_, 'a>, rule: &Rule, window: &Window) -> Span {
        Scene { campaign: (rule.from, rule.until), ..*scene }.span(window)
    }

    /// Cuts the drafts named, the last first, until together they post at most `room`; what a cap
    /// leaves is cut to the unit's decimals, downward.
    fn cut(&self, drafts: &mut [Draft], which: &[usize], room: Exact, by: CutBy, cuts: &mut Vec<Off>) {
        let posted: Exact = which.iter().map(|at| &drafts[*at].posted).sum();
        if posted <= room {
            return;
        }
        let Some(first) = which.first() else { return };
        let decimals = self.program.points[drafts[*first].unit.0].decimals;
        let room = if room.is_negative() { Exact::zero() } else { room.round(Rounding::Down, decimals) };
        let mut over = posted - room;
        for at in which.iter().rev() {
            let off = over.clone().min(drafts[*at].posted.clone());
            if off.is_positive() {
                drafts[*at].posted -= &off;
                over -= &off;
                cuts.push(drafts[*at].loses(by, off));
            }
        }
    }
}

/// The drafts that a limit counts together with this one.
fn same_limit<'d>(drafts: &'d [Draft], of: &Draft, limit: &Limit) -> impl Iterator<Item = &'d Draft> {
    let (rule, unit, to, per_member) = (of.rule, of.unit, of.to, limit.per_member);
    drafts.iter().filter(move |one| (one.rule, one.unit) == (rule, unit) && (!per_member || one.to == to))
}
