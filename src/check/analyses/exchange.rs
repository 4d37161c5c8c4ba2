//! What points can be turned into, and what that is worth: money off at the till, what a payout gives, a reward.

use super::words;
use crate::mechanics::coupon::Coupon;
use crate::mechanics::give::{Give, What, Whom, at_rate};
use crate::mechanics::off::Off;
use crate::mechanics::payout::Payout;
use crate::mechanics::points::{Pay, Points};
use crate::mechanics::reward::{Price, Reward};
use crate::mechanics::{PointsId, Program};
use crate::value::exact::{Exact, Rounding};

/// How deep one payout's points may go into the next: payouts that feed one another are a mistake of their own.
const DEEPEST: u32 = 6;

/// One way to turn points into something.
#[derive(Debug, Clone)]
pub struct Turn<'p> {
    /// How.
    pub way: Way<'p>,
    /// How many points it takes.
    pub takes: Exact,
    /// What the member pays besides.
    pub and: Exact,
    /// What she has for them, in money.
    pub worth: Exact,
    /// What she has for them, in words.
    pub brings: String,
    /// Whether it is money, or what stands for money; else it is worth what the program says (`value`).
    pub is_money: bool,
}

/// What turns points into something.
#[derive(Debug, Clone, Copy)]
pub enum Way<'p> {
    /// Nothing in particular: what they are said to be worth.
    Worth,
    /// They pay at the till.
    Till,
    /// A payout.
    Payout(&'p Payout),
    /// A reward.
    Reward(&'p Reward),
}

impl Turn<'_> {
    /// What one point brings, above what is paid besides.
    pub fn each(&self) -> Exact {
        (&self.worth - &self.and).checked_div(&self.takes).unwrap_or_default()
    }
}

/// Every way to turn points of a unit into something of a known worth, so many of them where the way takes any number.
pub fn turns<'p>(program: &'p Program, unit: PointsId, about: &Exact) -> Vec<Turn<'p>> {
    deep(program, unit, about, DEEPEST)
}

/// The best that one of a unit can be turned into for sure, in money.
pub fn best_money<'p>(program: &'p Program, unit: PointsId, about: &Exact) -> Option<Turn<'p>> {
    let ways = turns(program, unit, about).into_iter().filter(|turn| turn.is_money);
    ways.max_by(|a, b| a.each().cmp(&b.each()))
}

fn deep<'p>(program: &'p Program, unit: PointsId, about: &Exact, depth: u32) -> Vec<Turn<'p>> {
    let points = &program.points[unit.0];
    let any = |way: Way<'p>, each: &Exact| {
        let worth = each * about;
        let brings = words::money(program, &worth);
        Turn { way, takes: about.clone(), and: Exact::zero(), worth, brings, is_money: true }
    };
    let mut all: Vec<Turn<'p>> = points.worth.iter().map(|worth| any(Way::Worth, worth)).collect();
    match &points.pay {
        Some(Pay::At { each, .. }) => all.push(any(Way::Till, each)),
        Some(Pay::ByPayoutOnly) | None => {}
    }
    let of_unit = program.payouts.iter().filter(|payout| payout.unit == unit);
    all.extend(of_unit.filter_map(|payout| paid_out(program, payout, about, depth)));
    if points.pay != Some(Pay::ByPayoutOnly) {
        all.extend(program.rewards.iter().filter_map(|reward| redeemed(program, unit, reward)));
    }
    all
}

/// A reward that says what it is worth, at its lowest price.
fn redeemed<'p>(program: &'p Program, unit: PointsId, reward: &'p Reward) -> Option<Turn<'p>> {
    let price = lowest(reward, unit)?;
    let worth = reward.value.clone()?;
    let and = price.money.clone().unwrap_or_default();
    let brings = words::money(program, &worth);
    Some(Turn { way: Way::Reward(reward), takes: price.number.clone(), and, worth, brings, is_money: false })
}

/// The lowest price of a reward in a unit: without a condition, else the lowest of all.
pub fn lowest(reward: &Reward, unit: PointsId) -> Option<&Price> {
    let of_unit = reward.prices.iter().filter(|price| price.unit == unit && price.number.is_positive());
    of_unit.min_by(|a, b| (a.when.is_some(), &a.number).cmp(&(b.when.is_some(), &b.number)))
}

/// The least number of points, from `wanted` on, that a till takes: at least as many as it says, and whole steps.
pub fn payable(points: &Points, wanted: &Exact) -> Exact {
    let wanted = wanted.round(Rounding::Up, points.decimals);
    let Some(Pay::At { least, steps, .. }) = &points.pay else { return wanted };
    let number = least.iter().fold(wanted, |most, least| most.max(least.clone()));
    let times = steps.as_ref().and_then(|step| Some(number.checked_div(step)?.round(Rounding::Up, 0) * step));
    times.unwrap_or(number)
}

/// What a payout gives, where all of it has a worth.
fn paid_out<'p>(program: &'p Program, payout: &'p Payout, about: &Exact, depth: u32) -> Option<Turn<'p>> {
    let takes = payout.number.clone().unwrap_or_else(|| about.clone());
    let depth = depth.checked_sub(1)?;
    let mut turn = Turn {
        way: Way::Payout(payout),
        takes,
        and: Exact::zero(),
        worth: Exact::zero(),
        brings: String::new(),
        is_money: true,
    };
    let mut parts = Vec::new();
    for give in program.rules[payout.rule.0].gives.iter().filter(|give| give.to == Whom::Member) {
        if let Some(given) = given(program, payout.unit, &turn.takes, give, depth) {
            turn.worth += given.worth;
            turn.is_money &= given.is_money;
            parts.push(given.words);
        }
    }
    turn.brings = words::list(&parts);
    turn.worth.is_positive().then_some(turn)
}

/// What one line of a payout gives.
struct Part {
    words: String,
    worth: Exact,
    is_money: bool,
}

fn given(program: &Program, taken: PointsId, takes: &Exact, give: &Give, depth: u32) -> Option<Part> {
    let (unit, number) = match &give.what {
        What::Fixed { unit, number, .. } => (*unit, number.clone()),
        What::Rate { unit, number, per, full, .. } => (*unit, at_rate(takes, number, per, *full)?),
        What::Gift(gift, many) => {
            let gift = &program.gifts[gift.0];
            let many = Exact::from_int(i64::from(*many));
            let worth = gift.value.clone()? * &many;
            return Some(Part { words: format!("`{}`", gift.name.text), worth, is_money: false });
        }
        What::Coupon(coupon, many) => {
            let coupon = &program.coupons[coupon.0];
            let many = Exact::from_int(i64::from(*many) * i64::from(coupon.uses));
            let (one, is_money) = coupon_worth(program, coupon, taken, takes)?;
            return Some(Part { words: format!("`{}`", coupon.name.text), worth: one * &many, is_money });
        }
        What::Back { .. }
        | What::PercentOf { .. }
        | What::Scale { .. }
        | What::Step { .. }
        | What::Stamps(..)
        | What::Entries(..)
        | What::Level { .. } => return None,
    };
    let points = &program.points[unit.0];
    let number = number.round(points.round, points.decimals);
    let ways = deep(program, unit, &number, depth);
    let best = ways.iter().max_by(|a, b| (a.is_money, a.each()).cmp(&(b.is_money, b.each())))?;
    let worth = best.each() * &number;
    Some(Part { words: words::points(program, unit, &number), worth, is_money: best.is_money })
}

/// What one use of a coupon is worth, and whether that is money off for sure.
fn coupon_worth(program: &Program, coupon: &Coupon, taken: PointsId, takes: &Exact) -> Option<(Exact, bool)> {
    if coupon.worth_taken {
        return Some((program.points[taken.0].worth.as_ref()? * takes, true));
    }
    if let Some(value) = &coupon.value {
        return Some((value.clone(), false));
    }
    Some((money_off(coupon)?, true))
}

/// The money that a coupon takes off, where it says a sum.
pub fn money_off(coupon: &Coupon) -> Option<Exact> {
    let money = |off: &Off| match off {
        Off::Money(off) => Some(off.clone()),
        Off::Percent(_) | Off::EachItem(_) | Off::Per { .. } | Off::Cheapest { .. } | Off::Price(_) => None,
    };
    let off: Exact = coupon.takes.iter().filter_map(|(off, _)| money(off)).sum();
    off.is_positive().then_some(off)
}
