//! What an event is worth: base, bonuses, stacks and rounding (section 6.3).

use super::Run;
use super::log::{Contribution, Log};
use super::offers::Offered;
use super::part::Shared;
use super::scene::{Scene, Span};
use super::stacks::collect;
use super::state::Position;
use crate::engine::outcome::{Cut, CutBy, Part};
use crate::ledger::Kind;
use crate::mechanics::arm::Arm;
use crate::mechanics::example::Held;
use crate::mechanics::give::{Until, What, Whom};
use crate::mechanics::points::Life;
use crate::mechanics::rule::{LimitOf, Trigger};
use crate::mechanics::{CardId, DrawId, PointsId, RuleId, TiersId};
use crate::value::exact::Exact;
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
    pub(super) fn in_file(&self, id: RuleId) -> (crate::text::Span, RuleId) {
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
    pub(super) fn whom(&self, to: Whom, id: RuleId, scene: &Scene<'_, 'a>, triggers: &[Trigger]) -> Whom {
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
