//! What gives something and what points are used for; what a thing costs and is worth.

use crate::engine::measures::costs;
use crate::mechanics::example::Held;
use crate::mechanics::give::{Give, What};
use crate::mechanics::off::DiscountOf;
use crate::mechanics::points::Pay;
use crate::mechanics::{CouponId, GiftId, PointsId, Program, RewardId, RuleId};
use crate::value::exact::Exact;
use std::collections::BTreeSet;

/// What gave something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Giver {
    /// A rule: an earn, a bonus, a challenge, an offer, a payout.
    Rule(RuleId),
    /// Points that no rule brought: bought, given by hand, of a card.
    Points(PointsId),
    /// A gift that no rule gave: of a card, or by hand.
    Gift(GiftId),
    /// A reward for which no points were spent.
    Reward(RewardId),
    /// Money off.
    Off(DiscountOf),
}

impl Giver {
    /// Its kind and name as the program writes them: `earn base`.
    pub fn name(self, program: &Program) -> String {
        match self {
            Giver::Rule(rule) => format!("{} {}", kind(program, rule), program.rules[rule.0].name.text),
            Giver::Points(unit) => format!("points {}", program.points[unit.0].name.text),
            Giver::Gift(gift) => format!("gift {}", program.gifts[gift.0].name.text),
            Giver::Reward(reward) => format!("reward {}", program.rewards[reward.0].name.text),
            Giver::Off(DiscountOf::Discount(id)) => format!("discount {}", program.discounts[id.0].name.text),
            Giver::Off(DiscountOf::Coupon(id)) => format!("coupon {}", program.coupons[id.0].name.text),
        }
    }
}

/// The word of the block that a rule is of.
fn kind(program: &Program, rule: RuleId) -> &'static str {
    if program.challenges.iter().any(|challenge| challenge.rule == rule) {
        "challenge"
    } else if program.payouts.iter().any(|payout| payout.rule == rule) {
        "payout"
    } else if program.offers.iter().any(|offer| offer.rule == rule) {
        "offer"
    } else if program.rules[rule.0].bonus {
        "bonus"
    } else {
        "earn"
    }
}

fn coupon(give: &Give) -> Option<CouponId> {
    if let What::Coupon(coupon, ..) = &give.what { Some(*coupon) } else { None }
}

/// What points are used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// A reward.
    Reward(RewardId),
    /// They pay at the till, or are spent on what is no reward.
    Till(PointsId),
    /// A payout takes them.
    Payout(RuleId),
}

impl Use {
    /// As the program writes it: `reward cake`, `points star`.
    pub fn name(self, program: &Program) -> String {
        match self {
            Use::Reward(reward) => Giver::Reward(reward).name(program),
            Use::Till(unit) => Giver::Points(unit).name(program),
            Use::Payout(rule) => Giver::Rule(rule).name(program),
        }
    }
}

/// What things of a program cost and are worth.
#[derive(Debug)]
pub struct Values<'p> {
    /// The program.
    pub program: &'p Program,
    /// Of each unit, what one is worth: what it says, else what it pays at the till.
    worth: Vec<Option<Exact>>,
    /// Payouts of points that have a worth: what they give was given with the points.
    paid: BTreeSet<RuleId>,
    /// Coupons that only such payouts give.
    paid_coupons: BTreeSet<CouponId>,
}

impl<'p> Values<'p> {
    /// Those of a program.
    pub fn new(program: &'p Program) -> Self {
        let worth = |points: &crate::mechanics::points::Points| match (&points.worth, &points.pay) {
            (Some(worth), _) => Some(worth.clone()),
            (None, Some(Pay::At { each, .. })) => Some(each.clone()),
            (None, Some(Pay::ByPayoutOnly) | None) => None,
        };
        let worth: Vec<Option<Exact>> = program.points.iter().map(worth).collect();
        let paid = program.payouts.iter().filter(|payout| worth[payout.unit.0].is_some());
        let paid: BTreeSet<RuleId> = paid.map(|payout| payout.rule).collect();
        let given_by = |rules: &mut dyn Iterator<Item = RuleId>| -> BTreeSet<CouponId> {
            rules.flat_map(|rule| program.rules[rule.0].gives.iter().filter_map(coupon)).collect()
        };
        let of_others = given_by(&mut (0..program.rules.len()).map(RuleId).filter(|rule| !paid.contains(rule)));
        let of_cards: BTreeSet<CouponId> =
            program.cards.iter().flat_map(|card| card.gives.iter().filter_map(coupon)).collect();
        let mut paid_coupons = given_by(&mut paid.iter().copied());
        paid_coupons.retain(|coupon| !of_others.contains(coupon) && !of_cards.contains(coupon));
        Self { program, worth, paid, paid_coupons }
    }

    /// What so many points are worth; nothing where the program does not say.
    pub fn of_points(&self, unit: PointsId, points: &Exact) -> Exact {
        self.worth[unit.0].as_ref().map(|each| each * points).unwrap_or_default()
    }

    /// Whether the program says what a point is worth.
    pub fn has_worth(&self, unit: PointsId) -> bool {
        self.worth[unit.0].is_some()
    }

    /// What one pays at the till.
    pub fn pays(&self, unit: PointsId) -> Option<&'p Exact> {
        match &self.program.points[unit.0].pay {
            Some(Pay::At { each, .. }) => Some(each),
            Some(Pay::ByPayoutOnly) | None => None,
        }
    }

    /// Whether what a rule gives was paid with points that were counted when they were given.
    pub fn is_paid(&self, rule: RuleId) -> bool {
        self.paid.contains(&rule)
    }

    /// The same of money off.
    pub fn is_paid_off(&self, of: DiscountOf) -> bool {
        matches!(of, DiscountOf::Coupon(coupon) if self.paid_coupons.contains(&coupon))
    }

    /// What one of a thing costs the shop; of a coupon nothing, it costs what it takes off.
    pub fn cost(&self, held: Held) -> Exact {
        costs(self.program, held).cloned().unwrap_or_default()
    }

    /// Whether a thing that costs something does not say how much.
    pub fn lacks_cost(&self, held: Held) -> bool {
        match held {
            Held::Coupon(_) => false,
            // A choice that says nothing costs what is taken out of it.
            Held::Gift(gift) if !self.program.gifts[gift.0].choose.is_empty() => {
                let choose = &self.program.gifts[gift.0].choose;
                let lacks = |gift: &GiftId| costs(self.program, Held::Gift(*gift)).is_none();
                costs(self.program, held).is_none() && choose.iter().any(lacks)
            }
            Held::Gift(_) | Held::Reward(_) => costs(self.program, held).is_none(),
        }
    }

    /// What one of a thing is worth to the member: its value, else what it costs; of a coupon nothing, likewise.
    pub fn worth(&self, held: Held) -> Exact {
        let value = match held {
            Held::Gift(gift) => self.program.gifts[gift.0].value.as_ref(),
            Held::Reward(reward) => self.program.rewards[reward.0].value.as_ref(),
            Held::Coupon(_) => None,
        };
        value.cloned().unwrap_or_else(|| self.cost(held))
    }
}
