//! What of a program a simulated member sees, and what its things cost and are worth.
//!
//! Money is in ten-thousandths, points in whole steps of their unit.

use crate::mechanics::condition::Measure;
use crate::mechanics::example::Held;
use crate::mechanics::give::What;
use crate::mechanics::payout::{Payout, Pays};
use crate::mechanics::points::Pay;
use crate::mechanics::reward::{Price, Reward};
use crate::mechanics::rule::{Rule, Trigger};
use crate::mechanics::scenario::people::Deed;
use crate::mechanics::settings::Membership;
use crate::mechanics::{PointsId, Program, RewardId, RuleId};
use crate::value::clock::Length;
use crate::value::exact::{Exact, Rounding};

use super::ladder::Ladder;
use super::lately;

/// Ten-thousandths in one of the money.
pub(super) const PARTS: f64 = 10_000.0;

/// A kind of points.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    /// Its plural, as a purchase names it.
    pub(super) name: String,
    /// Digits after the point.
    pub(super) decimals: u32,
    /// What a step is worth, in money: as it is written; else what it pays or buys; else nothing.
    pub(super) worth: f64,
    /// What a step is expected to cost, in money, where none has been spent.
    pub(super) guess: f64,
    /// How it pays at the till.
    pub(super) till: Option<Till>,
    /// Whether anything can be had for it.
    pub(super) useful: bool,
}

/// How points pay at the till, in steps.
#[derive(Debug, Clone, Copy)]
pub(super) struct Till {
    /// What a step pays, in money.
    pub(super) each: f64,
    least: i64,
    steps: i64,
    /// Up to this part of the receipt.
    share: f64,
}

impl Till {
    /// How many steps a receipt takes, of so many at hand; none: not one.
    pub(super) fn takes(&self, at_hand: i64, receipt: f64) -> Option<i64> {
        // A little below the most, so that no rounding of the estimate goes beyond it.
        let most = (receipt * self.share / self.each - 1e-6).max(0.0) as i64;
        let whole = at_hand.min(most) / self.steps * self.steps;
        (whole > 0 && whole >= self.least).then_some(whole)
    }
}

/// A reward that members may wish for.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    /// Its name.
    pub(super) name: String,
    /// The points of its least price.
    pub(super) unit: usize,
    /// The least price.
    pub(super) price: i64,
}

/// A thing: what it costs and is worth.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Thing {
    /// What one costs the shop, less what is paid for it in money.
    pub(super) cost: i64,
    /// What one is worth to a member.
    pub(super) worth: i64,
    /// Whether the program says what it costs.
    pub(super) said: bool,
}

/// What of a program is looked at while its members are played.
#[derive(Debug, Clone)]
pub(super) struct Shop<'p> {
    /// The program.
    pub(super) program: &'p Program,
    /// By [`PointsId`].
    pub(super) units: Vec<Unit>,
    /// The dearest first.
    pub(super) wishes: Vec<Wish>,
    /// Balances that bring something when they are reached.
    goals: Vec<(usize, i64)>,
    /// Stamps that fill each card.
    cards: Vec<i64>,
    /// By `TiersId`.
    pub(super) ladders: Vec<Ladder>,
    /// By [`RewardId`], with the unit of its least price.
    pub(super) rewards: Vec<(usize, Thing)>,
    /// By `GiftId`.
    pub(super) gifts: Vec<Thing>,
    /// By `CouponId`.
    pub(super) coupons: Vec<Thing>,
    /// Of each rule, the unit that it gives first, and the unit that its payout takes.
    pub(super) rules: Vec<(Option<usize>, Option<usize>)>,
    /// Whether nobody is a member before she joins.
    pub(super) joins: bool,
    /// The stretches of days that are measured.
    pub(super) stretches: Vec<Option<Length>>,
    /// Whether anything hangs on a birthday.
    pub(super) birthdays: bool,
    /// Whether only a purchase makes her one.
    pub(super) by_purchase: bool,
}

/// Money in ten-thousandths, rounded half even.
fn parts(money: &Exact) -> i64 {
    money.round(Rounding::HalfEven, 4).scaled(4).unwrap_or(0)
}

/// Points in steps, up to the next whole one.
fn steps(points: &Exact, decimals: u32) -> i64 {
    let whole = points.round(Rounding::Down, decimals);
    let steps = whole.scaled(decimals).unwrap_or(i64::MAX);
    if whole == *points { steps } else { steps.saturating_add(1) }
}

/// A thing of this cost and value; of which neither is said, as much as is given for it. Where no cost is said it is what it is
/// worth: a thing that costs nothing would make any program pay.
fn thing(costs: Option<&Exact>, value: Option<&Exact>, given_for_it: i64) -> Thing {
    let (cost, value) = (costs.map(parts), value.map(parts));
    let worth = value.or(cost).unwrap_or(given_for_it);
    Thing { cost: cost.unwrap_or(worth), worth, said: cost.is_some() }
}

/// What points say that they are worth, in ten-thousandths of the money.
fn face(program: &Program, unit: PointsId, number: &Exact) -> i64 {
    let points = &program.points[unit.0];
    let pays = match &points.pay {
        Some(Pay::At { each, .. }) => Some(each),
        Some(Pay::ByPayoutOnly) | None => None,
    };
    points.worth.as_ref().or(pays).map_or(0, |worth| parts(&(worth * number)))
}

/// What is taken for a gift, where a payout gives it: the dearest such.
fn paid_out_for(program: &Program, gift: usize) -> i64 {
    let gives = |payout: &&Payout| {
        let mut gives = program.rules[payout.rule.0].gives.iter();
        gives.any(|give| matches!(&give.what, What::Gift(one, ..) if one.0 == gift))
    };
    let taken = program.payouts.iter().filter(gives).filter_map(|payout| Some((payout.unit, payout.number.as_ref()?)));
    taken.map(|(unit, number)| face(program, unit, number)).max().unwrap_or(0)
}

impl<'p> Shop<'p> {
    /// Of a program.
    pub(super) fn of(program: &'p Program) -> Self {
        let rewards: Vec<(usize, Thing)> = program.rewards.iter().map(|reward| bought(program, reward)).collect();
        let mut wishes: Vec<(i64, Wish)> = Vec::new();
        for (reward, (unit, _)) in program.rewards.iter().zip(&rewards) {
            let Some(price) = least(program, reward) else { continue };
            let by_payout_only = program.points[*unit].pay == Some(Pay::ByPayoutOnly);
            if price > 0 && !by_payout_only {
                wishes.push((price, Wish { name: reward.name.text.clone(), unit: *unit, price }));
            }
        }
        wishes.sort_by_key(|(price, _)| std::cmp::Reverse(*price));
        let wishes: Vec<Wish> = wishes.into_iter().map(|(_, wish)| wish).collect();
        let mut goals: Vec<(usize, i64)> = wishes.iter().map(|wish| (wish.unit, wish.price)).collect();
        for payout in &program.payouts {
            if let Pays::Reaching(number) = &payout.pays {
                goals.push((payout.unit.0, steps(number, program.points[payout.unit.0].decimals)));
            }
        }
        let mut shop = Self {
            program,
            units: Vec::new(),
            wishes,
            goals,
            cards: program.cards.iter().map(|card| i64::from(card.full)).collect(),
            ladders: program.tiers.iter().map(|tiers| Ladder::of(tiers, program.settings.minor_units)).collect(),
            rewards,
            gifts: (program.gifts.iter().enumerate())
                .map(|(place, gift)| {
                    let costs = gift.costs.as_ref().or(gift.at_most.as_ref());
                    thing(costs, gift.value.as_ref(), paid_out_for(program, place))
                })
                .collect(),
            coupons: program.coupons.iter().map(|one| thing(one.costs.as_ref(), one.value.as_ref(), 0)).collect(),
            rules: program.rules.iter().map(|rule| (first_unit(program, rule), None)).collect(),
            joins: program.settings.membership == Membership::ByEvent,
            stretches: lately::stretches(program),
            birthdays: knows_birthdays(program),
            by_purchase: program.settings.membership == Membership::ByFirstPurchase,
        };
        // Of a gift that is a choice, the dearest may be chosen.
        for (place, gift) in program.gifts.iter().enumerate().filter(|(_, gift)| gift.costs.is_none()) {
            let chosen = gift.choose.iter().map(|one| shop.gifts[one.0]).max_by_key(|thing| thing.cost);
            shop.gifts[place] = chosen.unwrap_or(shop.gifts[place]);
        }
        for payout in &program.payouts {
            shop.rules[payout.rule.0].1 = Some(payout.unit.0);
        }
        shop.units = (0..program.points.len()).map(|place| shop.unit(place)).collect();
        shop
    }

    fn unit(&self, place: usize) -> Unit {
        let points = &self.program.points[place];
        let scale = 10_f64.powi(i32::try_from(points.decimals).unwrap_or(0));
        let till = match &points.pay {
            Some(Pay::At { each, least, steps: whole, share }) => Some(Till {
                each: each.to_f64_lossy() / scale,
                least: least.as_ref().map_or(1, |least| steps(least, points.decimals)),
                steps: whole.as_ref().map_or(1, |whole| steps(whole, points.decimals)).max(1),
                share: share.as_ref().map_or(1.0, |share| share.to_f64_lossy() / 100.0),
            }),
            Some(Pay::ByPayoutOnly) | None => None,
        };
        let till = till.filter(|till| till.each > 0.0);
        let buys = self.bought_with(place);
        let mean = |of: fn(&Thing) -> i64| {
            let sum: f64 = buys.iter().map(|(price, thing)| of(thing) as f64 / PARTS / *price as f64).sum();
            (!buys.is_empty()).then(|| sum / buys.len() as f64)
        };
        let pays = till.map(|till| till.each);
        let worth = points.worth.as_ref().map(|worth| worth.to_f64_lossy() / scale);
        let worth = worth.or(pays).or(mean(|thing| thing.worth)).unwrap_or(0.0);
        let taken = self.program.payouts.iter().any(|payout| payout.unit.0 == place);
        let useful = till.is_some() || !buys.is_empty() || taken;
        Unit {
            name: points.plural.clone().unwrap_or_else(|| points.name.text.clone()),
            decimals: points.decimals,
            worth,
            guess: pays.or(mean(|thing| thing.cost)).unwrap_or(worth),
            till,
            useful,
        }
    }

    /// What can be bought with a unit, with its price.
    fn bought_with(&self, unit: usize) -> Vec<(i64, Thing)> {
        let rewards = self.program.rewards.iter().zip(&self.rewards);
        let of_it = rewards.filter(|(_, (of, _))| *of == unit);
        of_it
            .filter_map(|(reward, (_, thing))| Some((least(self.program, reward)?, *thing)))
            .filter(|(price, _)| *price > 0)
            .collect()
    }

    /// How near the nearest goal is that has not been reached: from 0 (nothing of it) to below 1.
    pub(super) fn progress(&self, spendable: &[i64], stamps: &[i64]) -> f64 {
        let mut best = 0.0_f64;
        let mut look = |stands: i64, goal: i64| {
            if stands > 0 && stands < goal {
                best = best.max(stands as f64 / goal as f64);
            }
        };
        for (unit, goal) in &self.goals {
            look(spendable.get(*unit).copied().unwrap_or(0), *goal);
        }
        for (card, full) in self.cards.iter().enumerate() {
            look(stamps.get(card).copied().unwrap_or(0), *full);
        }
        best
    }

    /// Whether the program has anything to do with what its members do: a visit is known to all.
    pub(super) fn knows(&self, deed: &Deed) -> bool {
        let known = |name: &String| self.program.activities.iter().any(|one| one.name.text == *name);
        deed.activity.as_ref().is_none_or(known)
    }

    /// What a thing costs and is worth.
    pub(super) fn thing(&self, held: Held) -> Thing {
        match held {
            Held::Gift(gift) => self.gifts[gift.0],
            Held::Reward(reward) => self.rewards[reward.0].1,
            Held::Coupon(coupon) => self.coupons[coupon.0],
        }
    }

    /// The points that brought a thing: of a reward those of its price, of what a payout gives those it took.
    pub(super) fn paid_by(&self, held: Held, rule: Option<RuleId>) -> Option<usize> {
        match held {
            Held::Reward(RewardId(place)) => Some(self.rewards[place].0),
            Held::Gift(_) | Held::Coupon(_) => rule.and_then(|rule| self.rules[rule.0].1),
        }
    }
}

/// Whether something that the program gives hangs on a birthday.
fn knows_birthdays(program: &Program) -> bool {
    let of_rules = program.rules.iter().flat_map(|rule| rule.when.iter().chain(&rule.except));
    let of_prices = program.rewards.iter().flat_map(|reward| &reward.prices).filter_map(|price| price.when.as_ref());
    let of_things = (program.rewards.iter().filter_map(|reward| reward.when.as_ref()))
        .chain(of_prices)
        .chain(program.gifts.iter().filter_map(|gift| gift.when.as_ref()))
        .chain(program.coupons.iter().filter_map(|coupon| coupon.when.as_ref()))
        .chain(program.discounts.iter().filter_map(|discount| discount.when.as_ref()))
        .chain(program.segments.iter().map(|segment| &segment.when));
    let mut found = program.rules.iter().flat_map(|rule| &rule.on).any(|on| matches!(on, Trigger::Birthday(_)));
    for condition in of_rules.chain(of_things) {
        condition.each_test(&mut |test| found |= matches!(test.measure, Measure::BirthdayWithin(_)));
    }
    found
}

/// The least price of a reward, in steps of its first unit.
fn least(program: &Program, reward: &Reward) -> Option<i64> {
    let first = reward.prices.first()?.unit;
    let same = reward.prices.iter().filter(|price| price.unit == first);
    same.map(|price| steps(&price.number, program.points[first.0].decimals)).min()
}

/// The unit a reward is bought with, and the reward as a thing: what it costs less the money that is paid with the points.
fn bought(program: &Program, reward: &Reward) -> (usize, Thing) {
    let face = reward.prices.last().map_or(0, |price| face(program, price.unit, &price.number));
    let thing = thing(reward.costs.as_ref(), reward.value.as_ref(), face);
    let unit = reward.prices.first().map_or(PointsId(0), |price| price.unit);
    let paid = reward.prices.last().and_then(|price: &Price| price.money.as_ref()).map_or(0, parts);
    (unit.0, Thing { cost: thing.cost - paid, worth: (thing.worth - paid).max(0), ..thing })
}

/// The unit that a rule gives first; of a share of what another rule brings, that one's.
fn first_unit(program: &Program, rule: &Rule) -> Option<usize> {
    let unit = |what: &What| match what {
        What::PercentOf { rule, .. } => program.rules[rule.0].gives.iter().find_map(|give| give.what.unit()),
        other => other.unit(),
    };
    rule.gives.iter().find_map(|give| unit(&give.what)).map(|unit| unit.0)
}
