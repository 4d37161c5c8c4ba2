//! From the typed tree to the plan: units, rules, stacks, caps and tiers.

use super::compile::{Campaign, Compiler};
use super::condition::{Cond, LineCond};
use super::ratios::{ceil, common, denominator, floor, parts, whole};
use super::{
    GivePlan, Given, Measured, Money, NeedPlan, Read, RulePlan, StackPlan, Summed, TakePlan, TierPlan, Unit,
    day_number, on,
};
use crate::engine::pile::SCALE;
use crate::mechanics::basis::{Basis, Pick};
use crate::mechanics::condition::Condition;
use crate::mechanics::give::{Give, What, Whom};
use crate::mechanics::points::{Life, Scope};
use crate::mechanics::rule::{LimitOf, Rule, Trigger};
use crate::mechanics::stack::Take;
use crate::mechanics::tiers::Need;
use crate::mechanics::{PointsId, RuleId, StackId, TiersId};
use crate::text::Span;
use crate::value::clock::{Period, Window};
use crate::value::exact::Exact;

/// The largest denominator of exact parts: it leaves room for sums of large receipts.
const MOST_DENOMINATOR: i64 = 1_000_000_000_000;

impl<'p> Compiler<'p> {
    /// The denominators of all units: every exact part that a rule can give is whole over its unit's.
    pub fn units(&mut self) -> Vec<Unit> {
        let program = self.program;
        let mut denominators = self.scales.clone();
        for rule in &program.rules {
            for give in &rule.gives {
                let factors = self.factors(rule, give);
                for (unit, factor) in factors {
                    let grown = denominator(&factor).and_then(|denominator| common(denominators[unit], denominator));
                    self.grow(&mut denominators[unit], grown, give.span);
                }
            }
        }
        self.compounded(&mut denominators);
        let weights = self.weights(&denominators);
        let of = |(place, points): (usize, &crate::mechanics::points::Points)| Unit {
            denominator: denominators[place],
            step: denominators[place] / self.scales[place],
            scale: self.scales[place],
            round: points.round,
            scope: points.scope,
            weight: weights[place],
            caps: Vec::new(),
            month: Vec::new(),
        };
        program.points.iter().enumerate().map(of).collect()
    }

    fn grow(&mut self, denominator: &mut i64, grown: Option<i64>, span: Span) {
        match grown.filter(|grown| *grown <= MOST_DENOMINATOR) {
            Some(grown) => *denominator = grown,
            None => self.give_up(span, "fractions too fine for whole numbers"),
        }
    }

    /// `compound`: each percentage also takes what the ones before it added.
    fn compounded(&mut self, denominators: &mut [i64]) {
        let program = self.program;
        for (place, _) in program.stacks.iter().enumerate().filter(|(_, stack)| stack.take == Take::Compound) {
            let of_stack = program.rules.iter().filter(|rule| rule.group == Some(StackId(place)));
            for give in of_stack.flat_map(|rule| &rule.gives) {
                let What::PercentOf { percent, rule, lines } = &give.what else { continue };
                if lines.with.is_some() || lines.without.is_some() {
                    self.give_up(give.span, "a percentage of some lines in a compound stack");
                }
                let factor = Exact::one() + percent * Exact::ratio(1, 100);
                let base = program.rules.get(rule.0);
                let units: Vec<usize> = base
                    .iter()
                    .flat_map(|base| &base.gives)
                    .filter_map(|give| give.what.unit().map(|unit| unit.0))
                    .collect();
                for unit in units {
                    let grown = denominator(&factor).and_then(|finer| denominators[unit].checked_mul(finer));
                    self.grow(&mut denominators[unit], grown, give.span);
                }
            }
        }
    }

    /// What one part of each unit is worth, as whole numbers.
    fn weights(&mut self, denominators: &[i64]) -> Vec<i64> {
        let program = self.program;
        let worth = |place: usize| {
            let worth = program.points[place].worth.clone().unwrap_or_else(Exact::one);
            worth * Exact::ratio(1, denominators[place])
        };
        let all: Vec<Exact> = (0..program.points.len()).map(worth).collect();
        let shared = all.iter().try_fold(1_i64, |shared, worth| common(shared, denominator(worth)?));
        let weights: Option<Vec<i64>> =
            shared.and_then(|shared| all.iter().map(|worth| whole(worth, shared)).collect());
        match weights {
            Some(weights) => weights,
            // Weights only matter where a stack compares units; alone, a unit is compared with itself.
            None if program.points.len() <= 1 => vec![1; program.points.len()],
            None => {
                if let Some(stack) = program.stacks.first() {
                    self.give_up(stack.span, "units whose worths have no common measure");
                }
                vec![1; program.points.len()]
            }
        }
    }

    /// What a `give` brings for one of what is measured, exactly: by unit.
    fn factors(&self, rule: &Rule, give: &Give) -> Vec<(usize, Exact)> {
        let scale = |basis: &Basis| Exact::ratio(1, self.scale_of(basis));
        let some = |unit: &PointsId, factors: Vec<Exact>| factors.into_iter().map(|factor| (unit.0, factor)).collect();
        match &give.what {
            What::Rate { unit, number, or, per, full, basis } => {
                let per = if *full { Exact::one() } else { per * Exact::from_int(self.scale_of(basis)) };
                let numbers = std::iter::once(number).chain(or.iter().map(|(_, number)| number));
                some(unit, numbers.filter_map(|number| number.checked_div(&per)).collect())
            }
            What::Back { unit, percent, or, basis } => {
                let worth = self.program.points[unit.0].worth.clone().unwrap_or_else(Exact::one);
                let percents = std::iter::once(percent).chain(or.iter().map(|(_, percent)| percent));
                let one = |percent: &Exact| (percent * Exact::ratio(1, 100) * scale(basis)).checked_div(&worth);
                some(unit, percents.filter_map(one).collect())
            }
            What::Fixed { unit, number, or, .. } => {
                some(unit, std::iter::once(number).chain(or.iter().map(|(_, number)| number)).cloned().collect())
            }
            What::PercentOf { percent, rule: base, .. } => {
                let share = percent * Exact::ratio(1, 100);
                let Some(base) = self.program.rules.get(base.0).filter(|base| base.name != rule.name) else {
                    return Vec::new();
                };
                let of_base = base.gives.iter().filter(|give| !matches!(give.what, What::PercentOf { .. }));
                of_base
                    .flat_map(|give| self.factors(base, give))
                    .map(|(unit, factor)| (unit, factor * &share))
                    .collect()
            }
            What::Scale { unit, bands, basis, .. } => {
                let one =
                    |band: &crate::mechanics::give::Band| Some(band.number.checked_div(&band.per)? * scale(basis));
                some(unit, bands.iter().filter_map(one).collect())
            }
            What::Step { unit, steps, .. } => some(unit, steps.iter().map(|(_, number)| number.clone()).collect()),
            What::Gift(..) | What::Coupon(..) | What::Stamps(..) | What::Entries(..) | What::Level { .. } => Vec::new(),
        }
    }

    /// What one of a basis is in its figure.
    fn scale_of(&self, basis: &Basis) -> i64 {
        match basis {
            Basis::Total(_) | Basis::Items(_) | Basis::Field { .. } => SCALE,
            Basis::Points(unit) => self.scales.get(unit.0).copied().unwrap_or(1),
            Basis::Purchases(_) | Basis::Visits(_) | Basis::Activity(_) | Basis::Distinct(..) | Basis::One => 1,
        }
    }

    /// One rule.
    pub fn rule(&mut self, place: usize, units: &[Unit]) -> RulePlan {
        let rule = &self.program.rules[place];
        let campaign = (rule.from, rule.until);
        let (on, triggers) = self.triggers(rule);
        if counted_in(rule).is_none() && rule.on.iter().any(ends) && rule.gives.iter().any(counts) {
            self.give_up(rule.span, "what is counted over a period that ends, or of an event");
        }
        let mut when: Vec<Cond> = rule.when.iter().map(|when| self.cond(when, campaign)).collect();
        for except in &rule.except {
            when.push(Cond::Not(Box::new(self.cond(except, campaign))));
        }
        when.extend(rule.except_in.iter().map(|calendar| Cond::Not(Box::new(Cond::Calendar(calendar.0)))));
        let (mut times, mut limits) = (Vec::new(), Vec::new());
        for limit in &rule.limits {
            if !limit.per_member {
                self.give_up(limit.span, "a limit over all members together");
            }
            match limit.of {
                LimitOf::Times => {
                    let read = self.read_sum(Summed::Times(RuleId(place)), limit.window, campaign, 1);
                    times.push((read, self.bound(ceil(&limit.most, 1), limit.span)));
                }
                LimitOf::Points(unit) => {
                    let scale = self.scales[unit.0];
                    let read = self.read_sum(Summed::Posted(RuleId(place), unit), limit.window, campaign, scale);
                    limits.push((unit.0, read, self.bound(floor(&limit.most, scale), limit.span)));
                }
            }
        }
        // One that only warns closes to nobody: what is drawn from it is told.
        if rule.budget.is_some_and(|budget| !self.program.budgets[budget.0].warn_only) {
            self.give_up(rule.span, "a budget, which all members draw from together");
        }
        let things = self.things(rule);
        let mut gives: Vec<GivePlan> = Vec::new();
        for (nth, give) in rule.gives.iter().enumerate() {
            if give.to == Whom::Referrer && rule.on.iter().any(|on| !of_friends(on)) {
                self.give_up(give.span, "points for the one who referred the member");
            }
            gives.extend(self.give(rule, (nth, give), units, campaign));
        }
        RulePlan {
            on,
            triggers,
            from: rule.from.map_or(i32::MIN, day_number),
            until: rule.until.map_or(i32::MAX, day_number),
            when: Cond::All(when),
            times,
            limits,
            gives,
            things,
            group: rule.group.map(|stack| stack.0),
            budget: rule.budget.map(|budget| budget.0),
            times_slots: Vec::new(),
        }
    }

    pub(super) fn bound(&mut self, bound: Option<i64>, span: Span) -> i64 {
        bound.unwrap_or_else(|| {
            self.give_up(span, "a number too large to count to");
            0
        })
    }

    fn triggers(&mut self, rule: &Rule) -> (u8, Vec<Trigger>) {
        let (mut mask, mut others) = (0, Vec::new());
        for trigger in &rule.on {
            match trigger {
                Trigger::Purchase => mask |= on::PURCHASE,
                Trigger::Visit => mask |= on::VISIT,
                // Who stands in the members file joins as her day begins, where no event says when.
                Trigger::Join => {
                    mask |= on::JOIN;
                    others.push(*trigger);
                    self.timer(*trigger);
                }
                Trigger::Redeem => mask |= on::REDEEM,
                // They touch two members: the plain engine plays both.
                Trigger::FirstPurchaseOfFriend | Trigger::Referral => {}
                Trigger::Activity(_) => {
                    mask |= on::ACTIVITY;
                    others.push(*trigger);
                }
                Trigger::LevelUp(_) | Trigger::Full(_) => others.push(*trigger),
                Trigger::Completed(_) => self.give_up(rule.span, "challenges"),
                Trigger::PaidOut(_) => self.give_up(rule.span, "payouts"),
                Trigger::Birthday(_)
                | Trigger::Anniversary(_)
                | Trigger::Every { .. }
                | Trigger::EveryMembershipYear
                | Trigger::EveryLength { .. }
                | Trigger::NoPurchaseIn(_) => {
                    others.push(*trigger);
                    self.timer(*trigger);
                }
            }
        }
        (mask, others)
    }

    /// Notes a timer, once.
    fn timer(&mut self, trigger: Trigger) {
        if !self.timers.contains(&trigger) {
            self.timers.push(trigger);
        }
    }

    fn give(
        &mut self,
        rule: &Rule,
        (place, give): (usize, &Give),
        units: &[Unit],
        campaign: Campaign,
    ) -> Option<GivePlan> {
        let unit = self.unit_given(give)?;
        let (by, scope) = (units[unit].denominator, units[unit].scope);
        let life = give.life.map(|life| self.life(life));
        let what = self.given(rule, give, (by, scope), campaign);
        let by_line = self.wants_lines(rule, units[unit].scope);
        if by_line && !matches!(what, Some(Given::Rate { .. } | Given::Fixed { .. } | Given::Share { .. })) {
            self.give_up(give.span, "the part of each line where whole steps or bands are given");
        }
        let what = what.unwrap_or(Given::Fixed { number: 0, or: Vec::new() });
        let scale = give.what.basis().map_or(1, |basis| self.scale_of(basis));
        Some(GivePlan { place, scale, unit, life, what, by_line, posted_slots: Vec::new(), exact_slot: None })
    }

    /// The unit that a `give` brings; none (and said so) where it is no points.
    fn unit_given(&mut self, give: &Give) -> Option<usize> {
        match &give.what {
            What::PercentOf { rule: base, .. } => {
                let base = self.program.rules.get(base.0)?;
                let points = base.gives.iter().filter(|one| one.what.unit().is_some());
                if points.clone().any(|one| one.life.is_some() || one.to != give.to) {
                    self.give_up(give.span, "a share of what has a life of its own, or goes to another");
                }
                let mut units: Vec<usize> = points.filter_map(|one| one.what.unit().map(|unit| unit.0)).collect();
                units.dedup();
                if units.len() != 1 {
                    self.give_up(give.span, "a share of what brings several units");
                }
                units.first().copied()
            }
            what => what.unit().map(|unit| unit.0),
        }
    }

    /// Whether the part that each line of a rule brings is asked for.
    fn wants_lines(&self, rule: &Rule, scope: Scope) -> bool {
        let of_rule = |give: &Give| match &give.what {
            What::PercentOf { rule: base, lines, .. } => {
                (lines.with.is_some() || lines.without.is_some())
                    && self.program.rules.get(base.0).is_some_and(|base| base.name == rule.name)
                    && self.rate_of(base.0, scope).is_none()
            }
            What::Rate { .. }
            | What::Back { .. }
            | What::Fixed { .. }
            | What::Scale { .. }
            | What::Step { .. }
            | What::Gift(..)
            | What::Coupon(..)
            | What::Stamps(..)
            | What::Entries(..)
            | What::Level { .. } => false,
        };
        scope == Scope::Line || self.program.rules.iter().flat_map(|rule| &rule.gives).any(of_rule)
    }

    /// What a base rule measures that gives so many for each of it, and nothing else; none where a bonus on some
    /// of its lines has to ask for the part of each.
    fn rate_of(&self, base: usize, scope: Scope) -> Option<(&'p Rule, &'p Basis)> {
        let base = self.program.rules.get(base)?;
        match &base.gives[..] {
            [Give { what: What::Rate { full: false, basis, .. } | What::Back { basis, .. }, .. }]
                if counted_in(base).is_none() && scope != Scope::Line =>
            {
                matches!(basis, Basis::Total(_) | Basis::Items(_)).then_some((base, basis))
            }
            _ => None,
        }
    }

    /// A basis of lines, of those only that another pick has too.
    fn of_both(&mut self, (base, basis): (&Rule, &Basis), only: &Pick, campaign: Campaign) -> Measured {
        let more = self.pick(only, campaign);
        let both = |pick: LineCond, more| LineCond::All(vec![pick, more]).folded();
        match self.measure(basis, (base.from, base.until), base.span).0 {
            Measured::Money(money) => Measured::Money(Money { pick: both(money.pick, more), ..money }),
            Measured::Items(pick) => Measured::Items(both(pick, more)),
            Measured::Has(_) | Measured::One | Measured::Visit { .. } | Measured::Field(_) | Measured::Read(_) => {
                Measured::One
            }
        }
    }

    /// The place of a life of points' own.
    pub fn life(&mut self, life: Life) -> usize {
        match self.lives.iter().position(|known| *known == life) {
            Some(place) => place,
            None => {
                self.lives.push(life);
                self.lives.len() - 1
            }
        }
    }

    /// What is measured, and what one of it is in its figure.
    fn of(&mut self, rule: &Rule, basis: &Basis, span: Span, campaign: Campaign) -> (Measured, i64) {
        match counted_in(rule).filter(|_| rule.count_in.is_some() || !matches!(basis, Basis::One)) {
            Some(window) => {
                let scale = self.scale_of(basis);
                let slot = self.aggregate(basis, window, campaign, span).unwrap_or(0);
                (Measured::Read(self.read(Read::Slot(slot))), scale)
            }
            None => self.measure(basis, campaign, span),
        }
    }

    fn given(&mut self, rule: &Rule, give: &Give, (by, scope): (i64, Scope), campaign: Campaign) -> Option<Given> {
        let span = give.span;
        let found = match &give.what {
            What::Rate { number, or, per, full: false, basis, .. } => {
                let (of, scale) = self.of(rule, basis, span, campaign);
                let per = per * Exact::from_int(scale);
                let each = |number: &Exact| number.checked_div(&per).and_then(|each| whole(&each, by));
                let or = self.choices(or, campaign, &each);
                each(number).zip(or).map(|(each, or)| Given::Rate { of, each, or })
            }
            What::Rate { number, or, per, full: true, basis, .. } => {
                let (of, scale) = self.of(rule, basis, span, campaign);
                let each = |number: &Exact| whole(number, by);
                let or = self.choices(or, campaign, &each);
                let step = parts(&(per * Exact::from_int(scale)));
                match (each(number), or, step) {
                    (Some(each), Some(or), Some((step, finer))) if step > 0 => {
                        Some(Given::Steps { of, step, by: finer, each, or })
                    }
                    (Some(_) | None, Some(_) | None, Some(_) | None) => None,
                }
            }
            What::Back { unit, percent, or, basis } => {
                let (of, scale) = self.of(rule, basis, span, campaign);
                let worth = self.program.points[unit.0].worth.clone().unwrap_or_else(Exact::one);
                let finer = Exact::ratio(1, 100) * Exact::ratio(1, scale);
                let each = |percent: &Exact| whole(&(percent * &finer).checked_div(&worth)?, by);
                let or = self.choices(or, campaign, &each);
                each(percent).zip(or).map(|(each, or)| Given::Rate { of, each, or })
            }
            What::Fixed { number, or, .. } => {
                let each = |number: &Exact| whole(number, by);
                let or = self.choices(or, campaign, &each);
                each(number).zip(or).map(|(number, or)| Given::Fixed { number, or })
            }
            What::PercentOf { percent, rule: base, lines: only } => {
                let picked = only.with.is_some() || only.without.is_some();
                let lines: Option<LineCond> = picked.then(|| self.pick(only, campaign));
                let share = parts(&(percent * Exact::ratio(1, 100)));
                let of_lines = self
                    .rate_of(base.0, scope)
                    .filter(|_| picked)
                    .map(|(base, basis)| self.of_both((base, basis), only, campaign));
                share.map(|(numer, denom)| Given::Share { rule: base.0, numer, denom, lines, of_lines })
            }
            What::Scale { bands, whole: all, basis, .. } => {
                let (of, scale) = self.of(rule, basis, span, campaign);
                let band = |band: &crate::mechanics::give::Band| {
                    let each = band.number.checked_div(&band.per)? * Exact::ratio(1, scale);
                    Some((whole(&band.from, scale)?, whole(&each, by)?))
                };
                let bands: Option<Vec<(i64, i64)>> = bands.iter().map(band).collect();
                bands.map(|bands| Given::Scale { of, bands, whole: *all })
            }
            What::Step { steps, basis, .. } => {
                let (of, scale) = self.of(rule, basis, span, campaign);
                let step = |(from, number): &(Exact, Exact)| Some((ceil(from, scale)?, whole(number, by)?));
                let steps: Option<Vec<(i64, i64)>> = steps.iter().map(step).collect();
                steps.map(|steps| Given::Reached { of, steps })
            }
            What::Gift(..) | What::Coupon(..) | What::Stamps(..) | What::Entries(..) | What::Level { .. } => None,
        };
        if found.is_none() {
            self.give_up(span, "figures too fine for whole numbers");
        }
        found
    }

    /// `or N when CONDITION`, in order.
    fn choices(
        &mut self,
        or: &[(Condition, Exact)],
        campaign: Campaign,
        each: &dyn Fn(&Exact) -> Option<i64>,
    ) -> Option<Vec<(Cond, i64)>> {
        or.iter().map(|(when, number)| Some((self.cond(when, campaign), each(number)?))).collect()
    }

    /// The stacks.
    pub fn stacks(&mut self) -> Vec<StackPlan> {
        let program = self.program;
        let mut stacks = Vec::new();
        for (place, stack) in program.stacks.iter().enumerate() {
            let mut caps = Vec::new();
            for (unit, cap) in &stack.caps {
                let scale = self.scales[unit.0];
                let read = self.read_sum(Summed::InStack(place, *unit), cap.window, (None, None), scale);
                caps.push((unit.0, read, self.bound(floor(&cap.most, scale), cap.span)));
            }
            let share = stack.cap_percent.as_ref().map(|(percent, span)| {
                let of_unit = |(unit, points): (usize, &crate::mechanics::points::Points)| {
                    let worth = points.worth.clone().unwrap_or_else(Exact::one);
                    let money = percent * Exact::ratio(1, 100) * Exact::ratio(1, SCALE);
                    parts(&(money.checked_div(&worth)? * Exact::from_int(self.scales[unit])))
                };
                let shares: Option<Vec<(i64, i64)>> = program.points.iter().enumerate().map(of_unit).collect();
                shares.unwrap_or_else(|| {
                    self.give_up(*span, "figures too fine for whole numbers");
                    vec![(0, 1); program.points.len()]
                })
            });
            let take = match &stack.take {
                // Of a stack of discounts the till takes care.
                Take::All | Take::FirstDiscount(_) => TakePlan::All,
                Take::Best(number) => TakePlan::Best(*number as usize),
                Take::First(order) => TakePlan::First(order.iter().map(|rule| rule.0).collect()),
                Take::Compound => TakePlan::Compound,
            };
            stacks.push(StackPlan { take, caps, share });
        }
        stacks
    }

    /// `earn at most`, and the fractions that a month carries on.
    pub fn caps(&mut self, units: &mut [Unit]) {
        for (place, points) in self.program.points.iter().enumerate() {
            let unit = PointsId(place);
            for cap in &points.caps {
                let scale = self.scales[place];
                let read = self.read_sum(Summed::Points(unit), cap.window, (None, None), scale);
                units[place].caps.push((read, self.bound(floor(&cap.most, scale), cap.span)));
            }
            if points.scope == Scope::Month {
                let lives: Vec<Option<usize>> = std::iter::once(None).chain((0..self.lives.len()).map(Some)).collect();
                for life in lives {
                    let window = Window::Calendar(Period::Month);
                    let scale = units[place].denominator;
                    let read = self.read_sum(Summed::Exact(unit, life), window, (None, None), scale);
                    units[place].month.push((life, read));
                }
            }
        }
    }

    /// The tiers blocks.
    pub fn tiers(&mut self) -> Vec<TierPlan> {
        let program = self.program;
        let mut all = Vec::new();
        for (place, block) in program.tiers.iter().enumerate() {
            let mut measures = Vec::new();
            let mut scales = Vec::new();
            for measure in &block.measures {
                let feeds = |unit: &PointsId| program.points[unit.0].feeds(TiersId(place));
                let counted = !matches!(&measure.basis, Basis::Points(unit) if !feeds(unit));
                let slot = counted.then(|| self.aggregate(&measure.basis, measure.window, (None, None), measure.span));
                measures.push(slot.flatten());
                scales.push(self.scale_of(&measure.basis));
            }
            let needs = block.levels.iter().map(|level| self.need(&level.need, &scales, block.span)).collect();
            all.push(TierPlan { measures, needs });
        }
        all
    }

    fn need(&mut self, need: &Need, scales: &[i64], span: Span) -> NeedPlan {
        match need {
            Need::AtLeast(measure, least) => {
                let scale = scales.get(*measure).copied().unwrap_or(1);
                NeedPlan::AtLeast(*measure, self.bound(ceil(least, scale), span))
            }
            Need::All(parts) => NeedPlan::All(parts.iter().map(|part| self.need(part, scales, span)).collect()),
            Need::Any(parts) => NeedPlan::Any(parts.iter().map(|part| self.need(part, scales, span)).collect()),
            Need::NotEarned => NeedPlan::Never,
        }
    }

    /// Notes with each rule the slots that it adds to.
    pub fn posted_into(&self, mut rules: Vec<RulePlan>) -> Vec<RulePlan> {
        let slots = || self.slots.iter().enumerate();
        for (place, rule) in rules.iter_mut().enumerate() {
            let group = rule.group;
            rule.times_slots = slots()
                .filter(|(_, slot)| matches!(slot.sum, Summed::Times(of) if of.0 == place))
                .map(|(slot, _)| slot)
                .collect();
            for give in &mut rule.gives {
                let posted = |sum: &Summed| match sum {
                    Summed::Points(unit) => unit.0 == give.unit,
                    Summed::Posted(of, unit) => of.0 == place && unit.0 == give.unit,
                    Summed::InStack(stack, unit) => Some(*stack) == group && unit.0 == give.unit,
                    Summed::Money(_)
                    | Summed::Items(_)
                    | Summed::Purchases(_)
                    | Summed::Visits(_)
                    | Summed::HadDiscount(_)
                    | Summed::MoneyOff(_)
                    | Summed::MoneyOffIn(_)
                    | Summed::Activities(_)
                    | Summed::Field(..)
                    | Summed::Everything
                    | Summed::Times(_)
                    | Summed::Exact(..) => false,
                };
                let exact = |sum: &Summed| matches!(sum, Summed::Exact(unit, life) if unit.0 == give.unit && *life == give.life);
                give.posted_slots = slots().filter(|(_, slot)| posted(&slot.sum)).map(|(slot, _)| slot).collect();
                give.exact_slot = slots().find(|(_, slot)| exact(&slot.sum)).map(|(slot, _)| slot);
            }
        }
        rules
    }
}

/// Whether a trigger touches two members.
fn of_friends(trigger: &Trigger) -> bool {
    matches!(trigger, Trigger::FirstPurchaseOfFriend | Trigger::Referral)
}

/// The window that a rule counts in rather than its event: what it says, or the year that ends where it fires on that
/// alone.
fn counted_in(rule: &Rule) -> Option<Window> {
    let of_timer = match rule.on[..] {
        [Trigger::EveryMembershipYear] => Some(Window::MembershipYear),
        [..] => None,
    };
    rule.count_in.or(of_timer)
}

/// Whether a trigger is met as a period ends: its rule counts over that period.
fn ends(trigger: &Trigger) -> bool {
    matches!(
        trigger,
        Trigger::Every { at_start: false, .. }
            | Trigger::EveryMembershipYear
            | Trigger::EveryLength { at_start: false, .. }
    )
}

/// Whether something is counted for what is given.
fn counts(give: &Give) -> bool {
    give.what.basis().is_some_and(|basis| !matches!(basis, Basis::One))
}
