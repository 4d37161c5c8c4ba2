//! Free loops: a round of buying, sending, redeeming and returning that leaves the member richer
//! (the promise `no free loop`, which holds by default).

use super::bound::unit_of;
use super::fire::fires;
use super::formula::Formula;
use super::meet::{Answer, meet};
use super::steps::Steps;
use super::worth::is_of_purchase;
use super::{unfinished, words};
use crate::diag::{Finding, Message, Severity};
use crate::mechanics::basis::Basis;
use crate::mechanics::give::{What, Whom};
use crate::mechanics::points::{Pay, Pending};
use crate::mechanics::reward::{Price, Reward};
use crate::mechanics::rule::{Rule, Trigger};
use crate::mechanics::{CardId, Name, PointsId, Program};
use crate::text::Span;
use crate::value::exact::{Exact, Rounding};

enum Loop {
    /// Redeeming gives back at least the price.
    Redeem { reward: Name, rule: Name, span: Span, price: String, back: String, bounded: bool },
    /// A full card fills itself, perhaps by way of others.
    Cards { names: Vec<Name>, span: Span, bounded: bool },
    /// A card begins full.
    StartsFull { card: Name, start: u32, full: u32 },
    /// New accounts are worth something, and it can be sent.
    Accounts { rule: Name, span: Span, gives: String, sent: bool },
    /// Points are sold for less than they are worth.
    Bought { place: Span, unit: Name, arithmetic: String, reward: Option<Name> },
    /// Points of a purchase are spent before it is returned.
    Refund { unit: Name, plural: String, reward: Name, arithmetic: String, owed: bool },
}

impl Message for Loop {
    fn code(&self) -> &'static str {
        match self {
            Self::Redeem { .. } | Self::Cards { .. } | Self::Accounts { sent: true, .. } => "free-loop",
            Self::Bought { .. } => "free-loop",
            Self::StartsFull { .. } => "card-starts-full",
            Self::Accounts { sent: false, .. } => "reward-before-purchase",
            Self::Refund { .. } => "return-after-redeem",
        }
    }

    fn severity(&self) -> Severity {
        match self {
            Self::Redeem { bounded, .. } | Self::Cards { bounded, .. } => {
                if *bounded {
                    Severity::Warning
                } else {
                    Severity::Error
                }
            }
            Self::StartsFull { .. } | Self::Bought { reward: None, .. } => Severity::Error,
            Self::Bought { reward: Some(_), .. } => Severity::Warning,
            Self::Accounts { .. } | Self::Refund { .. } => Severity::Warning,
        }
    }

    fn says(&self) -> String {
        match self {
            Self::Redeem { reward, rule, .. } => {
                format!("redeeming `{}` gives back its price: `{}` pays for it", reward.text, rule.text)
            }
            Self::Cards { names, .. } if names.len() == 1 => format!("a full `{}` fills itself again", names[0].text),
            Self::Cards { names, .. } => {
                let names: Vec<String> = names.iter().map(|name| format!("`{}`", name.text)).collect();
                format!("the cards {} fill each other without end", words::list(&names))
            }
            Self::StartsFull { card, start, full } => {
                format!("`{}` starts with {start} stamps and is full at {full}", card.text)
            }
            Self::Accounts { rule, sent: true, .. } => {
                format!("`{}` pays for each new account, and it can be sent on", rule.text)
            }
            Self::Accounts { rule, sent: false, .. } => {
                format!("`{}` pays before the friend has bought anything", rule.text)
            }
            Self::Bought { unit, reward: None, .. } => format!("`{}` is sold for less than it is worth", unit.text),
            Self::Bought { unit, reward: Some(reward), .. } => {
                format!("who buys `{}` has `{}` for less than it is worth", unit.text, reward.text)
            }
            Self::Refund { plural, reward, .. } => {
                format!("a member can spend the {plural} of a purchase on `{}` and return the purchase", reward.text)
            }
        }
    }

    fn place(&self) -> Span {
        match self {
            Self::Redeem { span, .. } | Self::Cards { span, .. } | Self::Accounts { span, .. } => *span,
            Self::StartsFull { card, .. } => card.span,
            Self::Bought { place, .. } => *place,
            Self::Refund { unit, .. } => unit.span,
        }
    }

    fn label(&self) -> String {
        match self {
            Self::Redeem { back, .. } => format!("gives {back}"),
            Self::Cards { .. } => "stamps again".to_owned(),
            Self::StartsFull { .. } => "full from the start".to_owned(),
            Self::Accounts { gives, .. } => format!("gives {gives}"),
            Self::Bought { .. } => "sold here".to_owned(),
            Self::Refund { .. } => "spendable at once".to_owned(),
        }
    }

    fn related(&self) -> Vec<(Span, String)> {
        match self {
            Self::Redeem { reward, price, .. } => vec![(reward.span, format!("costs {price}"))],
            Self::Bought { reward, .. } => {
                reward.iter().map(|reward| (reward.span, "what it can be spent on".to_owned())).collect()
            }
            Self::Refund { reward, .. } => vec![(reward.span, "the cheapest reward".to_owned())],
            Self::Cards { .. } | Self::StartsFull { .. } | Self::Accounts { .. } => Vec::new(),
        }
    }

    fn why(&self) -> String {
        match self {
            Self::Redeem { reward, price, back, bounded, .. } => {
                let again = if *bounded {
                    "Limits end it, but until then the reward is free."
                } else {
                    "It can be done again and again."
                };
                format!("Steps: 1. pay {price} for `{}`. 2. get {back} for redeeming. {again}", reward.text)
            }
            Self::Cards { bounded: true, .. } => "Only the limit on stamps ends it.".to_owned(),
            Self::Cards { bounded: false, .. } => "One full card would give its gift without end.".to_owned(),
            Self::StartsFull { .. } => {
                "Every member would have a full card, and the next one, without buying anything.".to_owned()
            }
            Self::Accounts { gives, sent: true, .. } => {
                format!(
                    "Steps: 1. open another account: {gives}. 2. send it to the first account. 3. begin again. Nothing is bought."
                )
            }
            Self::Accounts { gives, sent: false, .. } => {
                format!(
                    "Steps: 1. refer an account of one's own: {gives}. 2. begin again. Nothing is bought, and no limit ends it."
                )
            }
            Self::Bought { arithmetic, .. } | Self::Refund { arithmetic, .. } => arithmetic.clone(),
        }
    }

    fn mend(&self) -> String {
        match self {
            Self::Redeem { .. } => "Give less on redeem than the price, or give it for something else.".to_owned(),
            Self::Cards { .. } => "Let a full card give something else than stamps, or fewer than the card takes.".to_owned(),
            Self::StartsFull { full, .. } => format!("Write `start` with fewer than {full} stamps."),
            Self::Accounts { sent: true, .. } => {
                "Give it on the first purchase (`on purchase`, `when first purchase`), or as another unit that cannot be sent.".to_owned()
            }
            Self::Accounts { sent: false, .. } => {
                "Write `on first purchase of friend`, or a limit such as `limit 5 times per member per calendar year`.".to_owned()
            }
            Self::Bought { reward: None, .. } => "Ask at least what they are worth, or make them worth less.".to_owned(),
            Self::Bought { reward: Some(_), .. } => {
                "Ask more for the points, or more points for the reward, if that is not what you want.".to_owned()
            }
            Self::Refund { owed: true, .. } => {
                "Write `pending 14 days` (your return window) in the points block, or accept the risk.".to_owned()
            }
            Self::Refund { owed: false, .. } => {
                "Write `pending 14 days` (your return window) or `owe at most …` in the points block.".to_owned()
            }
        }
    }
}

/// What is found in a program.
pub fn check(program: &Program) -> Vec<Finding> {
    let mut found = Vec::new();
    let steps = Steps::of(program);
    program.rewards.iter().for_each(|reward| redeem(program, reward, &steps, &mut found));
    cards(program, &steps, &mut found);
    program.rules.iter().for_each(|rule| accounts(program, rule, &mut found));
    (0..program.points.len()).for_each(|at| found.extend(bought(program, PointsId(at))));
    (0..program.points.len()).for_each(|at| found.extend(refund(program, PointsId(at))));
    let unfinished = unfinished(program, &steps, "whether there is a free loop");
    found.into_iter().map(Finding::from).chain(unfinished).collect()
}

/// What a redemption gives back of one unit, at most one line of each rule counted once.
fn back(program: &Program, rule: &Rule, unit: PointsId) -> Exact {
    let lines = rule.gives.iter().filter(|give| give.to == Whom::Member && unit_of(program, &give.what) == Some(unit));
    lines
        .map(|give| match &give.what {
            What::Fixed { number, .. } => number.clone(),
            What::Rate { number, per, basis: Basis::One, .. } => number.checked_div(per).unwrap_or_default(),
            What::Rate { .. }
            | What::Back { .. }
            | What::PercentOf { .. }
            | What::Scale { .. }
            | What::Step { .. }
            | What::Gift(..)
            | What::Coupon(..)
            | What::Stamps(..)
            | What::Entries(..)
            | What::Level { .. } => Exact::zero(),
        })
        .sum()
}

fn redeem(program: &Program, reward: &Reward, steps: &Steps, found: &mut Vec<Loop>) {
    for price in reward.prices.iter().filter(|price| price.number.is_positive()) {
        for rule in program.rules.iter().filter(|rule| rule.on.contains(&Trigger::Redeem)) {
            let back = back(program, rule, price.unit);
            if back < price.number || !money_back(program, price, &back) {
                continue;
            }
            let conditions = price.when.iter().chain(&reward.when).map(|when| Formula::of(program, when, true));
            let all = Formula::All(std::iter::once(fires(program, rule)).chain(conditions).collect());
            if !matches!(meet(program, &all, steps), Answer::Yes(_)) {
                continue;
            }
            let points = &program.points[price.unit.0];
            let bounded = !rule.limits.is_empty()
                || rule.budget.is_some()
                || !points.caps.is_empty()
                || !reward.limits.is_empty()
                || reward.stock.is_some();
            found.push(Loop::Redeem {
                reward: reward.name.clone(),
                rule: rule.name.clone(),
                span: rule.give_span,
                price: words::points(program, price.unit, &price.number),
                back: words::points(program, price.unit, &back),
                bounded,
            });
            return;
        }
    }
}

/// Whether the points gained are worth the money that the price takes besides.
fn money_back(program: &Program, price: &Price, back: &Exact) -> bool {
    match (&price.money, &program.points[price.unit.0].worth) {
        (None, _) => true,
        (Some(money), Some(worth)) => (back - &price.number) * worth >= *money,
        (Some(_), None) => false,
    }
}

fn cards(program: &Program, steps: &Steps, found: &mut Vec<Loop>) {
    for card in program.cards.iter().filter(|card| card.start >= card.full) {
        found.push(Loop::StartsFull { card: card.name.clone(), start: card.start, full: card.full });
    }
    let every = (0..program.cards.len()).map(|at| stamps(program, CardId(at)));
    let mut walk = Walk { program, steps, stamps: every.collect(), told: Vec::new(), found };
    for first in 0..program.cards.len() {
        let mut path = vec![CardId(first)];
        walk.round(&mut path, &Exact::one(), Span::default());
    }
}

/// Stamps that a full card gives, with where.
fn stamps(program: &Program, card: CardId) -> Vec<(CardId, u32, Span)> {
    let own = program.cards[card.0].gives.iter();
    let always = |rule: &&Rule| {
        rule.on.contains(&Trigger::Full(card))
            && rule.when.is_none()
            && rule.except.is_empty()
            && rule.limits.is_empty()
    };
    let by_rules = program.rules.iter().filter(always).flat_map(|rule| &rule.gives);
    own.chain(by_rules)
        .filter_map(
            |give| if let What::Stamps(to, number) = &give.what { Some((*to, *number, give.span)) } else { None },
        )
        .collect()
}

/// The ways from card to card.
struct Walk<'w> {
    program: &'w Program,
    steps: &'w Steps,
    /// The stamps that each card gives when it is full.
    stamps: Vec<Vec<(CardId, u32, Span)>>,
    /// Circles already told.
    told: Vec<Vec<CardId>>,
    found: &'w mut Vec<Loop>,
}

impl Walk<'_> {
    /// Goes on from the last card of the path; a way back to the first that loses nothing is a loop.
    fn round(&mut self, path: &mut Vec<CardId>, share: &Exact, span: Span) {
        const LONGEST: usize = 6;
        let last = path[path.len() - 1];
        for at in 0..self.stamps[last.0].len() {
            if !self.steps.pay(1) {
                return;
            }
            let (to, number, place) = self.stamps[last.0][at];
            let card = &self.program.cards[to.0];
            let room = card.full.saturating_sub(card.start).max(1);
            let share = share * &Exact::ratio(i64::from(number), i64::from(room));
            let span = if path.len() == 1 { place } else { span };
            if to == path[0] {
                self.back(path, &share, span);
            } else if !path.contains(&to) && path.len() < LONGEST {
                path.push(to);
                self.round(path, &share, span);
                path.pop();
            }
        }
    }

    /// A way back to the first card.
    fn back(&mut self, path: &[CardId], share: &Exact, span: Span) {
        let mut members = path.to_vec();
        members.sort();
        if *share < Exact::one() || self.told.contains(&members) {
            return;
        }
        self.told.push(members);
        let cards = path.iter().map(|id| &self.program.cards[id.0]);
        self.found.push(Loop::Cards {
            names: cards.clone().map(|card| card.name.clone()).collect(),
            span,
            bounded: cards.clone().any(|card| !card.limits.is_empty()),
        });
    }
}

fn accounts(program: &Program, rule: &Rule, found: &mut Vec<Loop>) {
    for give in &rule.gives {
        let What::Fixed { unit, number, .. } = &give.what else { continue };
        let points = &program.points[unit.0];
        let joins = rule.on.contains(&Trigger::Join) && !points.transfer.is_empty();
        let refers = rule.on.contains(&Trigger::Referral)
            && give.to != Whom::Friend
            && rule.limits.is_empty()
            && rule.budget.is_none()
            && points.caps.is_empty();
        if number.is_positive() && (joins || refers) {
            let gives = words::points(program, *unit, number);
            found.push(Loop::Accounts { rule: rule.name.clone(), span: give.span, gives, sent: joins });
            return;
        }
    }
}

/// Points that are sold for less than what they bring: their worth, else the reward that gains most for each of them.
fn bought(program: &Program, unit: PointsId) -> Option<Loop> {
    let points = &program.points[unit.0];
    let (price, number) = points.buy.as_ref()?;
    let each = price.checked_div(number)?;
    let told = |figure: &Exact| words::points(program, unit, figure);
    let money = |figure: &Exact| words::money(program, figure);
    let place = points.name.span;
    let found = |arithmetic: String, reward: Option<Name>| {
        Some(Loop::Bought { place, unit: points.name.clone(), arithmetic, reward })
    };
    // What one pays at the till, or else is said to be worth.
    let pays = match &points.pay {
        Some(Pay::At { each, .. }) => Some(each),
        Some(Pay::ByPayoutOnly) | None => None,
    };
    let best = points.worth.as_ref().into_iter().chain(pays).max();
    if let Some(worth) = best.filter(|worth| **worth > each) {
        let gains = worth * number;
        let (bought, paid, gains) = (told(number), money(price), money(&gains));
        return found(
            format!("Steps: 1. buy {bought} for {paid}. 2. spend them: they are worth {gains}. 3. begin again."),
            None,
        );
    }
    let gain = |reward: &'_ Reward| {
        let value = reward.value.as_ref()?;
        let price = reward.prices.iter().find(|price| price.unit == unit)?;
        let cost = &price.number * &each + price.money.clone().unwrap_or_default();
        (*value > cost).then(|| (value - &cost, cost, value.clone(), price.number.clone()))
    };
    let best = program.rewards.iter().filter_map(|reward| Some((reward, gain(reward)?)));
    let (reward, (_, cost, value, takes)) = best.max_by(|(_, a), (_, b)| a.0.cmp(&b.0))?;
    let name = &reward.name.text;
    let (takes, cost, value) = (told(&takes), money(&cost), money(&value));
    found(
        format!("`{name}` takes {takes}, which can be bought: {cost} in all, and it is worth {value}."),
        Some(reward.name.clone()),
    )
}

/// Buying, redeeming what the purchase earned, and returning it.
fn refund(program: &Program, unit: PointsId) -> Option<Loop> {
    let points = &program.points[unit.0];
    if points.pending != Pending::No {
        return None;
    }
    let rate = best_rate(program, unit)?;
    let priced = |reward: &'_ Reward| {
        let price =
            reward.prices.iter().find(|price| price.when.is_none() && price.money.is_none() && price.unit == unit)?;
        price.number.is_positive().then(|| price.number.clone())
    };
    let (reward, price) = program
        .rewards
        .iter()
        .filter_map(|reward| Some((reward, priced(reward)?)))
        .min_by(|(_, a), (_, b)| a.cmp(b))?;
    let told = |figure: &Exact| words::points(program, unit, figure);
    let basket = rate.basket(&price, program.settings.minor_units)?;
    let earned = rate.of(&basket)?.round(Rounding::Down, points.decimals);
    let owed = price.clone().min(points.owe.clone());
    let lost = &price - &owed;
    let rest = match (owed.is_positive(), lost.is_positive()) {
        (true, true) => format!("the member owes {}, {} are written off", told(&owed), told(&lost)),
        (true, false) => format!("the member owes {}", told(&owed)),
        (false, _) => format!("{} are written off", told(&lost)),
    };
    let money = |figure: &Exact| words::money(program, figure);
    let loss = match (&reward.costs, &reward.value) {
        (Some(costs), _) => format!(", which costs you {}", money(costs)),
        (None, Some(value)) => format!(", worth {}", money(value)),
        (None, None) => String::new(),
    };
    let name = &reward.name.text;
    // Where something holds the points of one purchase down, it takes more than one.
    let held_down = rate.limited || !points.caps.is_empty();
    let over = if held_down { ", over as many purchases as its limits ask for" } else { "" };
    let arithmetic = format!(
        "Buy for {}{over} ({}), redeem `{name}` ({}), return the purchase: {rest}, and `{name}` is kept{loss}.",
        money(&basket),
        told(&earned),
        told(&price),
    );
    Some(Loop::Refund {
        unit: points.name.clone(),
        plural: words::plural(program, unit).to_owned(),
        reward: reward.name.clone(),
        arithmetic,
        owed: points.owe.is_positive(),
    })
}

/// Points for money.
struct Rate {
    number: Exact,
    per: Exact,
    /// Whole steps only.
    full: bool,
    /// Something of its own, or of its stack, holds its points down.
    limited: bool,
}

impl Rate {
    /// The least amount that a till could show and that gives so many.
    fn basket(&self, points: &Exact, minor_units: u32) -> Option<Exact> {
        let steps = points.checked_div(&self.number)?;
        let steps = if self.full { steps.round(Rounding::Up, 0) } else { steps };
        Some((steps * &self.per).round(Rounding::Up, minor_units))
    }

    /// What an amount gives, before rounding.
    fn of(&self, amount: &Exact) -> Option<Exact> {
        let steps = amount.checked_div(&self.per)?;
        Some(if self.full { steps.round(Rounding::Down, 0) } else { steps } * &self.number)
    }
}

/// Points for money on a plain purchase: the first rate without conditions.
fn best_rate(program: &Program, unit: PointsId) -> Option<Rate> {
    let plain = program.rules.iter().filter(|rule| is_of_purchase(rule) && rule.when.is_none());
    let limited = |rule: &Rule| {
        !rule.limits.is_empty() || rule.group.is_some_and(|stack| !program.stacks[stack.0].caps.is_empty())
    };
    let gives = plain.flat_map(|rule| rule.gives.iter().map(move |give| (limited(rule), give)));
    gives.into_iter().find_map(|(limited, give)| match &give.what {
        What::Rate { unit: of, number, per, full, basis: Basis::Total(_), .. }
            if *of == unit && number.is_positive() =>
        {
            Some(Rate { number: number.clone(), per: per.clone(), full: *full, limited })
        }
        What::Back { unit: of, percent, basis: Basis::Total(_), .. } if *of == unit && percent.is_positive() => {
            let worth = program.points[unit.0].worth.as_ref()?;
            Some(Rate { number: percent.clone(), per: worth * &Exact::from_int(100), full: false, limited })
        }
        What::Rate { .. }
        | What::Back { .. }
        | What::Fixed { .. }
        | What::PercentOf { .. }
        | What::Scale { .. }
        | What::Step { .. }
        | What::Gift(..)
        | What::Coupon(..)
        | What::Stamps(..)
        | What::Entries(..)
        | What::Level { .. } => None,
    })
}
