//! What an event is worth: base, bonuses, stacks, rounding and caps (section 6.3), in whole numbers.

mod why;

use super::Beyond;
use super::scene::Scene;
use crate::engine::outcome::{CutBy, How};
use crate::engine::plan::ratios::divide;
use crate::engine::plan::{GivePlan, Given, Measured, RulePlan, Scope, TakePlan, Thing};
use crate::mechanics::example::Held;
use crate::mechanics::rule::Trigger;
use crate::mechanics::{RuleId, StackId};
use crate::value::exact::Rounding;
use why::Off;

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

    fn draft(&mut self, place: usize, rule: &RulePlan, scene: &Scene<'_>) -> Result<(), Beyond> {
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
        let choose = |or: &[(crate::engine::plan::condition::Cond, i64)], else_: i64| -> Result<i128, Beyond> {
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
        let (pick, figure): (_, fn(&super::scene::LineNow) -> i64) = match of {
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
        lines: Option<&crate::engine::plan::condition::LineCond>,
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

    /// Stacks: of the bonuses of one group that meet, keeps those that its `take` names.
    fn stack(&mut self, scene: &Scene<'_>) -> Result<(), Beyond> {
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
    fn round(&mut self, scene: &Scene<'_>) -> Result<(), Beyond> {
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
    fn is_below_nothing(&self, draft: &Draft) -> Result<bool, Beyond> {
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

    /// Caps after rounding: rule, stack, program (section 6.13).
    fn cap(&mut self, scene: &Scene<'_>) -> Result<(), Beyond> {
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

    fn ask(&mut self, of: (usize, Draws), number: i64) -> Result<(), Beyond> {
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

    /// One accrual for each unit and life.
    fn collect(&mut self) {
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
pub(super) fn measured(of: &Measured, scene: &Scene<'_>) -> Result<i64, Beyond> {
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
