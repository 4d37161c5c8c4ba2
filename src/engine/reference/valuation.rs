//! What an event is worth: base, bonuses, stacks and rounding (section 6.3).

use super::Run;
use super::log::{Contribution, Log};
use super::offers::Offered;
use super::part::Shared;
use super::scene::{Scene, Span};
use super::state::Position;
use crate::engine::outcome::{Cut, CutBy, How, Part};
use crate::ledger::Kind;
use crate::mechanics::arm::Arm;
use crate::mechanics::example::Held;
use crate::mechanics::give::{Band, Give, Until, What, Whom};
use crate::mechanics::points::{Life, Scope};
use crate::mechanics::rule::{LimitOf, Trigger};
use crate::mechanics::stack::{Grown, Take};
use crate::mechanics::{CardId, DrawId, PointsId, RuleId, StackId, TiersId};
use crate::value::clock::{Period, Window, membership_year};
use crate::value::exact::{Exact, Rounding};
use std::collections::{BTreeMap, BTreeSet};

/// What an event gives.
#[derive(Debug, Clone, Default)]
pub struct Valuation {
    /// Points, one entry for each recipient, unit and life.
    pub accruals: Vec<Accrual>,
    /// Gifts and coupons.
    pub gifts: Vec<(RuleId, Held, u32, Whom)>,
    /// Stamps given by rules.
    pub stamps: Vec<(RuleId, CardId, u32, Whom)>,
    /// Entries given by rules.
    pub entries: Vec<(RuleId, DrawId, u32, Whom)>,
    /// Levels.
    pub levels: Vec<(RuleId, TiersId, usize, Option<Until>, Whom)>,
    /// Rules that fired and gave something, and whose limits of times they use up.
    pub fired: BTreeMap<RuleId, Whom>,
    /// Money drawn from each budget, by its place.
    pub drawn: BTreeMap<usize, Exact>,
    /// Offers made, and those kept back.
    pub offers: Vec<Offered>,
    /// Rules for who brings friends that would have given something, each with its limit of times that is reached, and
    /// whose.
    pub limited: Vec<(RuleId, usize, Whom)>,
}

impl Valuation {
    /// The exact sum of one recipient's points of one unit and life, and what rounding made of it before caps.
    pub fn rounded(&self, (to, unit, life): (Whom, PointsId, Option<Life>)) -> (Exact, Exact) {
        let (mut exact, mut rounded) = (Exact::zero(), Exact::zero());
        for one in self.accruals.iter().filter(|one| (one.to, one.unit, one.life) == (to, unit, life)) {
            exact += one.carried();
            rounded += one.parts.iter().map(|part| &part.posted).sum::<Exact>();
            // What a stack dropped was never rounded.
            let capped = one.cuts.iter().filter(|cut| !matches!(cut.by, CutBy::Stack(_)));
            rounded += capped.map(|cut| &cut.off).sum::<Exact>();
        }
        (exact, rounded)
    }

    /// What one recipient has of it; limits and budgets stay with the whole.
    pub fn part_of(&self, whom: Whom) -> Self {
        Self {
            accruals: self.accruals.iter().filter(|one| one.to == whom).cloned().collect(),
            gifts: self.gifts.iter().filter(|one| one.3 == whom).copied().collect(),
            stamps: self.stamps.iter().filter(|one| one.3 == whom).copied().collect(),
            entries: self.entries.iter().filter(|one| one.3 == whom).copied().collect(),
            levels: self.levels.iter().filter(|one| one.4 == whom).copied().collect(),
            ..Self::default()
        }
    }

    /// Whether nobody gets anything of it.
    pub fn gives_nothing(&self) -> bool {
        let points = self.accruals.iter().any(|one| one.amount.is_positive());
        let things = self.gifts.is_empty() && self.stamps.is_empty() && self.entries.is_empty();
        !points && things && self.levels.is_empty()
    }

    /// Whether a rule gives points of which rounding left nothing.
    pub fn rounds_to_nothing(&self) -> bool {
        self.accruals.iter().flat_map(|one| &one.parts).any(|part| part.exact.is_positive())
    }

    /// Moves what rounding made of points by `by`; a part of `before` says whose it is where none is left.
    pub fn move_rounded(&mut self, before: &Valuation, key: (Whom, PointsId, Option<Life>), by: Exact) {
        if by.is_zero() {
            return;
        }
        let same = |one: &Accrual| (one.to, one.unit, one.life) == key;
        if !self.accruals.iter().any(same) {
            let Some(old) = before.accruals.iter().find(|one| same(one)) else { return };
            let Some(part) = old.parts.last() else { return };
            let part = Part { exact: Exact::zero(), posted: Exact::zero(), ..part.clone() };
            self.accruals.push(Accrual { amount: Exact::zero(), parts: vec![part], cuts: Vec::new(), ..old.clone() });
        }
        let Some(accrual) = self.accruals.iter_mut().find(|one| same(one)) else { return };
        let Some(part) = accrual.parts.last_mut() else { return };
        // Where a cap holds, it takes more or less off; what it leaves is the same.
        let caps = |cut: &&mut Cut| {
            let of_all = matches!(cut.by, CutBy::EarnAtMost(_)) || cut.rule == part.rule;
            of_all && !matches!(cut.by, CutBy::Stack(_)) && !(&cut.off + &by).is_negative()
        };
        if let Some(cut) = accrual.cuts.iter_mut().rev().find(caps) {
            cut.off += by;
            return;
        }
        part.posted += &by;
        accrual.amount += by;
    }
}

/// Points of one unit and life for one recipient.
#[derive(Debug, Clone)]
pub struct Accrual {
    /// To whom.
    pub to: Whom,
    /// Which points.
    pub unit: PointsId,
    /// A life of its own.
    pub life: Option<Life>,
    /// How many, after rounding and caps.
    pub amount: Exact,
    /// Each rule's part.
    pub parts: Vec<Part>,
    /// What was taken off.
    pub cuts: Vec<Cut>,
}

impl Accrual {
    /// What it brings to a month that is rounded as one: its exact parts; nothing where they come to less than nothing.
    pub fn carried(&self) -> Exact {
        self.parts.iter().map(|part| &part.exact).sum::<Exact>().max(Exact::zero())
    }
}

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
    of: (Whom, PointsId, Option<Life>),
    cut: Cut,
}

impl Draft {
    /// So much of it is taken off.
    pub(super) fn loses(&self, by: CutBy, off: Exact) -> Off {
        Off { of: (self.to, self.unit, self.life), cut: Cut { rule: Some(self.rule), by, off } }
    }
}

impl<'a> Run<'a> {
    /// Values an event for the triggers that hold of it.
    pub fn value(&self, scene: &Scene<'_, 'a>, triggers: &[Trigger]) -> Valuation {
        let mut fired: Vec<RuleId> =
            (0..self.program.rules.len()).map(RuleId).filter(|id| self.fires(*id, scene, triggers)).collect();
        fired.sort_by_key(|id| (self.program.rules[id.0].bonus, self.in_file(*id)));
        // Who is kept back is asked last: all the rest has to hold for her too.
        let (mut fired, held): (Vec<RuleId>, Vec<RuleId>) = {
            let arm = |id: &RuleId| self.program.arm(*id, &scene.member.id);
            let held = fired.iter().copied().filter(|id| arm(id) == Arm::Held).collect();
            (fired.into_iter().filter(|id| arm(id) == Arm::In).collect(), held)
        };
        let mut drafts = Vec::new();
        for id in &fired {
            self.draft(*id, scene, triggers, &mut drafts);
        }
        let mut cuts = Vec::new();
        let mut dropped = BTreeSet::new();
        self.stack(&mut drafts, scene, &mut cuts, &mut dropped);
        self.round(&mut drafts, scene);
        let mut asked = BTreeMap::new();
        self.cap(&mut drafts, scene, &mut cuts, &mut asked);
        let mut valuation = collect(drafts, cuts);
        valuation.drawn = self.drawn_by(&valuation);
        self.ask_more(asked, &valuation.drawn, scene);
        fired.retain(|id| !dropped.contains(id));
        for id in &fired {
            self.things(*id, scene, triggers, &mut valuation);
        }
        self.offered((&fired, &held), scene, &mut valuation);
        valuation.limited = self.limited(scene, triggers);
        for (id, owner) in &mut valuation.fired {
            *owner = self.owner(*id, scene, triggers);
        }
        valuation
    }

    /// What was asked of budgets and is not drawn, for a cap behind them took it off.
    fn ask_more(&self, asked: BTreeMap<usize, Exact>, drawn: &BTreeMap<usize, Exact>, scene: &Scene<'_, 'a>) {
        for (budget, asked) in asked {
            let more = asked - drawn.get(&budget).cloned().unwrap_or_default();
            if more.is_positive() {
                *self.asked.borrow_mut().entry((Shared::Budget(budget), scene.day)).or_default() += more;
            }
        }
    }

    /// What points draw from budgets: what of them is given, after all caps.
    fn drawn_by(&self, valuation: &Valuation) -> BTreeMap<usize, Exact> {
        let mut drawn: BTreeMap<usize, Exact> = BTreeMap::new();
        for accrual in &valuation.accruals {
            let Some(worth) = &self.program.points[accrual.unit.0].worth else { continue };
            for part in &accrual.parts {
                if let Some(budget) = part.rule.and_then(|rule| self.program.rules[rule.0].budget) {
                    *drawn.entry(budget.0).or_default() += &part.posted * worth;
                }
            }
        }
        drawn
    }

    /// Where a rule stands in its own version's files: another version may number it otherwise.
    fn in_file(&self, id: RuleId) -> (crate::text::Span, RuleId) {
        (self.program.rules[id.0].span, id)
    }

    /// The offers that gave something, and what was kept back: that uses up the limits of who is kept back, as if it
    /// had been given, so that both sides are asked equally often.
    fn offered(&self, (made, held): (&[RuleId], &[RuleId]), scene: &Scene<'_, 'a>, valuation: &mut Valuation) {
        let category = |rule: RuleId| {
            let offer = self.program.rules[rule.0].offer.filter(|id| self.program.offers[id.0].has_complement())?;
            self.complement(offer.0, scene)
        };
        for rule in made.iter().copied().filter(|id| self.program.rules[id.0].offer.is_some()) {
            if valuation.fired.contains_key(&rule) {
                valuation.offers.push(Offered { rule, held_back: false, category: category(rule) });
            }
        }
        for rule in held.iter().copied() {
            valuation.offers.push(Offered { rule, held_back: true, category: category(rule) });
            valuation.fired.insert(rule, Whom::Member);
        }
    }

    /// Whether a rule fires: its trigger, days, conditions, and limits of times.
    fn fires(&self, id: RuleId, scene: &Scene<'_, 'a>, triggers: &[Trigger]) -> bool {
        self.is_asked(id, scene, triggers) && self.limit_reached(id, scene, triggers).is_none()
    }

    /// Rules for who brings friends that only a limit of times keeps from firing: who waits for her reward is told why
    /// there is none.
    fn limited(&self, scene: &Scene<'_, 'a>, triggers: &[Trigger]) -> Vec<(RuleId, usize, Whom)> {
        let friends = [Trigger::Referral, Trigger::FirstPurchaseOfFriend];
        let asked: Vec<Trigger> = triggers.iter().filter(|trigger| friends.contains(trigger)).cloned().collect();
        if asked.is_empty() {
            return Vec::new();
        }
        let rules = (0..self.program.rules.len()).map(RuleId).filter(|id| self.is_asked(*id, scene, &asked));
        let limited = |id: RuleId| {
            let place = self.limit_reached(id, scene, triggers)?;
            Some((id, place, self.owner(id, scene, triggers)))
        };
        rules.filter_map(limited).collect()
    }

    /// Whether a rule's trigger, days and conditions hold.
    fn is_asked(&self, id: RuleId, scene: &Scene<'_, 'a>, triggers: &[Trigger]) -> bool {
        let rule = &self.program.rules[id.0];
        let scene = &Scene { campaign: (rule.from, rule.until), ..*scene };
        rule.on.iter().any(|on| triggers.iter().any(|trigger| matches(on, trigger)))
            && rule.from.is_none_or(|from| from <= scene.day)
            && rule.until.is_none_or(|until| scene.day <= until)
            && !rule.except_in.iter().any(|calendar| self.program.calendars[calendar.0].holds(scene.day))
            && rule.when.as_ref().is_none_or(|when| scene.holds(when))
            && !rule.except.iter().any(|except| scene.holds(except))
            && rule
                .offer
                .is_none_or(|id| !self.program.offers[id.0].has_complement() || self.complement(id.0, scene).is_some())
    }

    /// The first limit of times of a rule that is used up, by its place.
    fn limit_reached(&self, id: RuleId, scene: &Scene<'_, 'a>, triggers: &[Trigger]) -> Option<usize> {
        let rule = &self.program.rules[id.0];
        let scene = &Scene { campaign: (rule.from, rule.until), ..*scene };
        rule.limits.iter().position(|limit| match limit.of {
            LimitOf::Times => {
                let span = scene.span(&limit.window);
                let used = if limit.per_member {
                    used_in(self.log_of(self.owner(id, scene, triggers), scene), scene.before, span, |one| {
                        if one.rule == Some(id) { Exact::from_int(one.times) } else { Exact::zero() }
                    })
                } else {
                    self.times.get(&id).map(|tally| tally.before(scene.before, &span)).unwrap_or_default()
                };
                used >= limit.most
            }
            LimitOf::Points(_) => false,
        })
    }

    /// Who a rule's own limits and its plain `give` are for: the member of the event, or on first
    /// purchase of friend the referrer.
    pub(super) fn owner(&self, id: RuleId, scene: &Scene<'_, 'a>, triggers: &[Trigger]) -> Whom {
        self.whom(Whom::Member, id, scene, triggers)
    }

    /// The recipient as the event sees it: a referral's member is the referrer, a purchase's the friend.
    fn whom(&self, to: Whom, id: RuleId, scene: &Scene<'_, 'a>, triggers: &[Trigger]) -> Whom {
        let friends = Trigger::FirstPurchaseOfFriend;
        let of_friend = triggers.contains(&friends) && self.program.rules[id.0].on.contains(&friends);
        let referral = scene.event.is_some_and(|event| event.kind == Kind::Referral);
        match to {
            Whom::Member if of_friend => Whom::Referrer,
            Whom::Referrer if referral => Whom::Member,
            Whom::Friend if !referral => Whom::Member,
            Whom::Member | Whom::Referrer | Whom::Friend => to,
        }
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

    fn draft(&self, id: RuleId, scene: &Scene<'_, 'a>, triggers: &[Trigger], drafts: &mut Vec<Draft>) {
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

    /// Writes down a gift or coupon that a rule gives, where its budget has room for it.
    fn give_thing(
        &self,
        id: RuleId,
        (held, number, to): (Held, u32, Whom),
        scene: &Scene<'_, 'a>,
        valuation: &mut Valuation,
    ) -> bool {
        let room = self.budget_has_room(id, held, number, scene, valuation);
        if room {
            valuation.gifts.push((id, held, number, to));
        }
        room
    }

    /// Gifts, coupons, stamps and levels of a rule that was kept.
    fn things(&self, id: RuleId, scene: &Scene<'_, 'a>, triggers: &[Trigger], valuation: &mut Valuation) {
        for give in &self.program.rules[id.0].gives {
            let to = self.whom(give.to, id, scene, triggers);
            match &give.what {
                What::Gift(gift, number) => {
                    if !self.give_thing(id, (Held::Gift(*gift), *number, to), scene, valuation) {
                        continue;
                    }
                }
                What::Coupon(coupon, number) => {
                    if !self.give_thing(id, (Held::Coupon(*coupon), *number, to), scene, valuation) {
                        continue;
                    }
                }
                What::Stamps(card, number) => valuation.stamps.push((id, *card, *number, to)),
                What::Entries(draw, number) => valuation.entries.push((id, *draw, *number, to)),
                What::Level { tiers, level, until } => valuation.levels.push((id, *tiers, *level, *until, to)),
                What::Rate { .. }
                | What::Back { .. }
                | What::Fixed { .. }
                | What::PercentOf { .. }
                | What::Scale { .. }
                | What::Step { .. } => continue,
            }
            valuation.fired.insert(id, Whom::Member);
        }
    }

    /// Stacks: of the bonuses of one group that meet, keeps those that its `take` names.
    fn stack(
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
    fn round(&self, drafts: &mut [Draft], scene: &Scene<'_, 'a>) {
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

    /// The contributions that a limit of this recipient looks at.
    pub(super) fn log_of<'r>(&'r self, to: Whom, scene: &Scene<'r, 'a>) -> Option<&'r Log> {
        match self.recipient(to, scene.member, scene.event) {
            Some(other) if other != scene.member.id => self.members.get(&other).map(|member| &member.contributions),
            Some(_) | None => Some(&scene.member.contributions),
        }
    }
}

/// Whether a rule's trigger is met by what happened.
fn matches(on: &Trigger, happened: &Trigger) -> bool {
    on == happened || matches!((on, happened), (Trigger::Activity(None), Trigger::Activity(_)))
}

/// Sums contributions posted before a position, of events inside a stretch of time.
pub fn used_in<'l>(
    log: impl Into<Option<&'l Log>>,
    before: Position,
    span: Span,
    of: impl Fn(&Contribution) -> Exact,
) -> Exact {
    let log: Option<&Log> = log.into();
    log.into_iter().flat_map(|log| log.within(before, span)).map(of).sum()
}

/// 5 for 5% as 0.05.
pub(super) fn percent_of_one(percent: &Exact) -> Exact {
    percent * Exact::ratio(1, 100)
}

/// Adds `more` to a running total; what its rounding moves by.
fn step(sum: &mut Exact, more: &Exact, round: &impl Fn(&Exact) -> Exact) -> Exact {
    let before = round(sum);
    *sum += more;
    round(sum) - before
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
fn collect(drafts: Vec<Draft>, cuts: Vec<Off>) -> Valuation {
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
