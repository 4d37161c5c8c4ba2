//! What an event is worth: base, bonuses, stacks, rounding and caps (section 6.3), in whole numbers.

mod caps;
mod drafts;
mod stacks;
mod why;

use super::Beyond;
use super::scene::Scene;
use crate::engine::outcome::How;
use crate::engine::plan::{RulePlan, Thing};
use crate::mechanics::RuleId;
use crate::mechanics::example::Held;
use crate::mechanics::rule::Trigger;
use why::Off;

pub(super) use drafts::measured;

/// What happened, for rules to fire on.
#[derive(Debug, Clone, Copy)]
pub struct Fired {
    /// Which of [`crate::engine::plan::on`].
    pub on: u8,
    /// Another trigger.
    pub trigger: Option<Trigger>,
}

impl Fired {
    fn fires(&self, rule: &RulePlan) -> bool {
        let met = |on: &Trigger| match (on, self.trigger) {
            (on, Some(trigger)) if *on == trigger => true,
            (Trigger::Activity(None), Some(Trigger::Activity(_))) => true,
            (_, _) => false,
        };
        rule.on & self.on != 0 || rule.triggers.iter().any(met)
    }
}

/// A part on its way through stacks, rounding and caps.
#[derive(Debug, Clone, Copy)]
struct Draft {
    rule: u32,
    give: u32,
    unit: u32,
    /// The place of its own life plus one; 0: the unit's.
    life: u32,
    /// Over the unit's denominator and the scene's.
    exact: i128,
    /// In the unit's last decimal.
    posted: i64,
    /// Each line's part: a stretch of [`Valuation::by_line`].
    lines: (u32, u32),
    /// Of a percentage: the base, and the factor `numer / denom`.
    share: Option<(u32, i64, i64)>,
    /// How much was given for each of what is measured; 0 where it was not given so.
    each: i128,
    /// Its place in [`Valuation::hows`], where they are kept.
    how: u32,
}

/// What a `give` brings.
struct Exactly {
    exact: i128,
    share: Option<(u32, i64, i64)>,
    each: i128,
}

/// Points of one unit and life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accrual {
    /// Which points.
    pub unit: u32,
    /// The place of its own life plus one; 0: the unit's.
    pub life: u32,
    /// How many, after rounding and caps.
    pub amount: i64,
    /// Whether something was taken off.
    pub cut: bool,
}

/// What is drawn from a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Draws {
    /// Points of a unit, in its last decimal.
    Points(usize),
    /// A gift or coupon.
    Thing(Held),
}

/// A place that is used again for each event.
#[derive(Debug, Default)]
pub struct Valuation {
    drafts: Vec<Draft>,
    by_line: Vec<(u32, i128)>,
    cuts: Vec<Off>,
    /// Points, one for each unit and life.
    pub accruals: Vec<Accrual>,
    /// What each slot of the plan gains by what rules posted.
    pub adds: Vec<i64>,
    fired: Vec<u32>,
    /// What rules give beside points, by rule.
    pub things: Vec<(u32, Thing)>,
    /// What rules ask of budgets: of which, for what, and how many; each pair once.
    pub drawn: Vec<((usize, Draws), i64)>,
    firing: Vec<u32>,
    dropped: Vec<u32>,
    sums: Vec<(u64, i128)>,
    which: Vec<usize>,
    /// Of a stack's rules: what each brings under its limits, and what it would without them.
    worths: Vec<(u32, (i128, i128))>,
    /// Whether the arithmetic of each part is kept, for the journal.
    pub explains: bool,
    hows: Vec<How>,
    /// The scene's denominator.
    over: i64,
}

impl Valuation {
    /// Values an event for what happened; the rules are looked at in the order given.
    pub fn value(&mut self, scene: &Scene<'_>, rules: &[usize], fired: Fired) -> Result<(), Beyond> {
        self.clear(scene);
        for place in rules {
            let rule = &scene.plan.rules[*place];
            if fired.fires(rule) && self.holds(rule, scene)? {
                self.draft(*place, rule, scene)?;
                if !rule.things.is_empty() {
                    self.firing.push(*place as u32);
                }
            }
        }
        if self.drafts.is_empty() && self.firing.is_empty() {
            return Ok(());
        }
        if !scene.plan.stacks.is_empty() {
            self.stack(scene)?;
        }
        self.round(scene)?;
        self.cap(scene)?;
        self.collect();
        self.bring_things(scene)?;
        self.contribute(scene)
    }

    /// No value.
    pub fn clear(&mut self, scene: &Scene<'_>) {
        self.drafts.clear();
        self.by_line.clear();
        self.cuts.clear();
        self.accruals.clear();
        self.fired.clear();
        self.things.clear();
        self.drawn.clear();
        self.firing.clear();
        self.dropped.clear();
        self.hows.clear();
        self.over = scene.over;
        self.adds.clear();
        self.adds.resize(scene.plan.slots.len(), 0);
    }

    /// Days, conditions and limits of times.
    fn holds(&self, rule: &RulePlan, scene: &Scene<'_>) -> Result<bool, Beyond> {
        Ok(rule.from <= scene.day
            && scene.day <= rule.until
            && scene.holds(&rule.when)?
            && rule.times.iter().all(|(read, most)| scene.reads[*read] < *most))
    }

    /// Gifts and stamps of the rules that a stack has not dropped.
    fn bring_things(&mut self, scene: &Scene<'_>) -> Result<(), Beyond> {
        for at in 0..self.firing.len() {
            let rule = self.firing[at];
            if self.dropped.contains(&rule) {
                continue;
            }
            let RulePlan { things, budget, .. } = &scene.plan.rules[rule as usize];
            self.things.extend(things.iter().map(|thing| (rule, *thing)));
            for thing in things {
                if let (Some(budget), Thing::Held(held, number)) = (budget, thing) {
                    self.ask((*budget, Draws::Thing(*held)), i64::from(*number))?;
                }
            }
            if !self.fired.contains(&rule) {
                self.fired.push(rule);
            }
        }
        Ok(())
    }

    /// What the sums over postings gain.
    fn contribute(&mut self, scene: &Scene<'_>) -> Result<(), Beyond> {
        for draft in &self.drafts {
            let give = &scene.plan.rules[draft.rule as usize].gives[draft.give as usize];
            for slot in &give.posted_slots {
                self.adds[*slot] = self.adds[*slot].checked_add(draft.posted).ok_or(Beyond)?;
            }
            if let Some(slot) = give.exact_slot
                && !self.is_below_nothing(draft)?
            {
                let exact = i64::try_from(draft.exact).map_err(|_| Beyond)?;
                let exact = scene.over_one(exact)?;
                self.adds[slot] = self.adds[slot].checked_add(exact).ok_or(Beyond)?;
            }
        }
        for rule in &self.fired {
            for slot in &scene.plan.rules[*rule as usize].times_slots {
                self.adds[*slot] += 1;
            }
        }
        Ok(())
    }

    /// Whether a rule gives points of which rounding left nothing.
    pub fn rounds_to_nothing(&self) -> bool {
        self.drafts.iter().any(|draft| draft.exact > 0)
    }

    /// What each rule posted of a unit and life, part by part.
    pub fn shares(&self, unit: u32, life: u32) -> impl Iterator<Item = (RuleId, i64)> + '_ {
        let ours = self.drafts.iter().filter(move |draft| (draft.unit, draft.life) == (unit, life));
        ours.map(|draft| (RuleId(draft.rule as usize), draft.posted))
    }

    /// What each rule posted of a unit and life, in the order of rules from the last: a rule once.
    pub fn posted(&self, unit: u32, life: u32) -> Vec<(u32, i64)> {
        let mut all: Vec<(u32, i64)> = Vec::new();
        for draft in self.drafts.iter().filter(|draft| (draft.unit, draft.life) == (unit, life)) {
            match all.iter_mut().find(|(rule, _)| *rule == draft.rule) {
                Some((_, sum)) => *sum += draft.posted,
                None => all.push((draft.rule, draft.posted)),
            }
        }
        all.sort_unstable_by_key(|one| std::cmp::Reverse(one.0));
        all
    }
}
