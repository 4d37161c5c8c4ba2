//! Rounds of buying, spending what the purchase earned, and returning it: what is gone cannot be taken back, so it is
//! owed (`owe`) or written off.

use super::exchange::{Way, lowest, payable, turns};
use super::fire::fires;
use super::meet::{Answer, meet};
use super::steps::Steps;
use super::words;
use super::worth::is_of_purchase;
use crate::diag::{Message, Severity};
use crate::mechanics::basis::Basis;
use crate::mechanics::give::{What, Whom, at_rate};
use crate::mechanics::points::{Pay, Pending, Points};
use crate::mechanics::promise::Promised;
use crate::mechanics::rule::Rule;
use crate::mechanics::{Name, PointsId, Program};
use crate::text::Span;
use crate::value::exact::{Exact, Rounding};

/// Points of a purchase are spent before it is returned.
pub struct Refund {
    unit: Name,
    plural: String,
    sink: Sink,
    arithmetic: String,
    /// Something may be owed.
    owed: bool,
    /// Money is gained as often as one likes, where no loop is promised.
    broken: bool,
}

/// What the points are spent on.
enum Sink {
    /// The cheapest reward.
    Reward(Name),
    /// Another purchase.
    Till,
    /// A payout.
    Payout(Name, Span),
}

impl Message for Refund {
    fn code(&self) -> &'static str {
        if self.broken { "free-loop" } else { "return-after-redeem" }
    }

    fn severity(&self) -> Severity {
        if self.broken { Severity::Error } else { Severity::Warning }
    }

    fn says(&self) -> String {
        let plural = &self.plural;
        match &self.sink {
            Sink::Reward(reward) => {
                format!("a member can spend the {plural} of a purchase on `{}` and return the purchase", reward.text)
            }
            Sink::Till => {
                format!("a member can pay with the {plural} of a purchase and return the purchase")
            }
            Sink::Payout(payout, _) => {
                format!(
                    "a member can have the {plural} of a purchase paid out by `{}` and return the purchase",
                    payout.text
                )
            }
        }
    }

    fn place(&self) -> Span {
        self.unit.span
    }

    fn label(&self) -> String {
        "spendable at once".to_owned()
    }

    fn related(&self) -> Vec<(Span, String)> {
        match &self.sink {
            Sink::Reward(reward) => vec![(reward.span, "the cheapest reward".to_owned())],
            Sink::Till => Vec::new(),
            Sink::Payout(_, span) => vec![(*span, "what is paid out stays paid".to_owned())],
        }
    }

    fn why(&self) -> String {
        self.arithmetic.clone()
    }

    fn mend(&self) -> String {
        if self.owed {
            "Write `pending 14 days` (your return window) in the points block, or accept the risk.".to_owned()
        } else {
            "Write `pending 14 days` (your return window) or `owe at most …` in the points block.".to_owned()
        }
    }
}

/// What a spent number of points is: how it is said, and what stays with the member.
struct Spent {
    sink: Sink,
    number: Exact,
    /// `redeem `cake` (300 stars)`.
    act: String,
    /// `and `cake` is kept, which costs you 6 RON`.
    kept: String,
}

/// Buying, spending what the purchase earned, and returning it.
pub fn refund(program: &Program, unit: PointsId, steps: &Steps) -> Option<Refund> {
    let points = &program.points[unit.0];
    if points.pending != Pending::No {
        return None;
    }
    let rate = best_rate(program, unit, steps)?;
    let spent = at_the_till(program, unit).or_else(|| redeemed(program, unit)).or_else(|| paid_out(program, unit))?;
    let told = |figure: &Exact| words::points(program, unit, figure);
    let bought = rate.purchase(program, points, &spent.number)?;
    let owed = spent.number.clone().min(points.owe.clone());
    let lost = &spent.number - &owed;
    let rest = match (owed.is_positive(), lost.is_positive()) {
        (true, true) => format!("the member owes {}, {} are written off", told(&owed), told(&lost)),
        (true, false) => format!("the member owes {}", told(&owed)),
        (false, _) => format!("{} are written off", told(&lost)),
    };
    // Where something holds the points of one purchase down, it takes more than one.
    let held_down = rate.limited || !points.caps.is_empty();
    let over = if held_down { ", over as many purchases as its limits ask for" } else { "" };
    let arithmetic = format!(
        "{}{over} ({}), {}, return the {}: {rest}, and {}.{}",
        bought.words,
        told(&bought.earned),
        spent.act,
        match spent.sink {
            Sink::Till => "first one",
            Sink::Reward(_) | Sink::Payout(..) => "purchase",
        },
        spent.kept,
        match spent.sink {
            Sink::Till if !owed.is_positive() => " It can be done again and again.",
            Sink::Till | Sink::Reward(_) | Sink::Payout(..) => "",
        },
    );
    let promised = program.promises.iter().any(|promise| matches!(promise.what, Promised::NoFreeLoop));
    let till = matches!(spent.sink, Sink::Till);
    Some(Refund {
        unit: points.name.clone(),
        plural: words::plural(program, unit).to_owned(),
        sink: spent.sink,
        arithmetic,
        owed: points.owe.is_positive(),
        broken: promised && till && points.owe.is_zero(),
    })
}

/// Points that pay: as many as the till takes at least, and as pay one of the money.
fn at_the_till(program: &Program, unit: PointsId) -> Option<Spent> {
    let points = &program.points[unit.0];
    let Some(Pay::At { each, .. }) = &points.pay else { return None };
    let number = payable(points, &Exact::one().checked_div(each)?);
    let money = words::money(program, &(&number * each));
    Some(Spent {
        sink: Sink::Till,
        act: format!("pay {money} of another purchase with them"),
        kept: format!("the {money} stay paid"),
        number,
    })
}

/// The cheapest reward.
fn redeemed(program: &Program, unit: PointsId) -> Option<Spent> {
    let points = &program.points[unit.0];
    if points.pay == Some(Pay::ByPayoutOnly) {
        return None;
    }
    let priced = program.rewards.iter().filter_map(|reward| Some((reward, lowest(reward, unit)?)));
    let (reward, price) = priced
        .filter(|(_, price)| price.money.is_none())
        .min_by(|(_, a), (_, b)| (a.when.is_some(), &a.number).cmp(&(b.when.is_some(), &b.number)))?;
    let money = |figure: &Exact| words::money(program, figure);
    let loss = match (&reward.costs, &reward.value) {
        (Some(costs), _) => format!(", which costs you {}", money(costs)),
        (None, Some(value)) => format!(", worth {}", money(value)),
        (None, None) => String::new(),
    };
    let name = &reward.name.text;
    Some(Spent {
        sink: Sink::Reward(reward.name.clone()),
        number: price.number.clone(),
        act: format!("redeem `{name}` ({})", words::points(program, unit, &price.number)),
        kept: format!("`{name}` is kept{loss}"),
    })
}

/// The payout that brings most for each point.
fn paid_out(program: &Program, unit: PointsId) -> Option<Spent> {
    let about = Exact::from_int(100);
    let paid = turns(program, unit, &about).into_iter().filter_map(|turn| match turn.way {
        Way::Payout(payout) => Some((payout, turn)),
        Way::Worth | Way::Till | Way::Reward(_) => None,
    });
    let (payout, turn) = paid.max_by(|(_, a), (_, b)| a.each().cmp(&b.each()))?;
    let name = &payout.name;
    Some(Spent {
        sink: Sink::Payout(name.clone(), payout.take_span),
        number: turn.takes.clone(),
        act: format!("`{}` turns them into {}", name.text, turn.brings),
        kept: format!("{} is kept, worth {}", turn.brings, words::money(program, &turn.worth)),
    })
}

/// What a purchase gives in points.
struct Rate<'p> {
    rule: &'p Rule,
    number: Exact,
    /// For how much money; none: for each purchase.
    per: Option<Exact>,
    /// Whole steps only.
    full: bool,
    /// Something of its own, or of its stack, holds its points down.
    limited: bool,
}

/// A purchase that earns enough.
struct Purchase {
    words: String,
    earned: Exact,
}

impl Rate<'_> {
    /// The least purchase that a till could show and that gives so many points.
    fn purchase(&self, program: &Program, points: &Points, wanted: &Exact) -> Option<Purchase> {
        let steps = wanted.checked_div(&self.number)?;
        let under =
            if self.rule.when.is_some() { format!(" as `{}` asks", self.rule.name.text) } else { String::new() };
        let Some(per) = &self.per else {
            let times = steps.round(Rounding::Up, 0);
            let words = if times <= Exact::one() {
                format!("Buy something{under}")
            } else {
                format!("Buy {} times{under}", words::number(&times, 0))
            };
            return Some(Purchase { words, earned: times * &self.number });
        };
        let steps = if self.full { steps.round(Rounding::Up, 0) } else { steps };
        let basket = (steps * per).round(Rounding::Up, program.settings.minor_units);
        let earned = at_rate(&basket, &self.number, per, self.full)?.round(Rounding::Down, points.decimals);
        Some(Purchase { words: format!("Buy for {}{under}", words::money(program, &basket)), earned })
    }
}

/// What a purchase gives: for money and without conditions, else for each purchase, else under a condition that can
/// hold.
fn best_rate<'p>(program: &'p Program, unit: PointsId, steps: &Steps) -> Option<Rate<'p>> {
    let rules = || program.rules.iter().filter(|rule| is_of_purchase(rule));
    let rates = |rule: &'p Rule| {
        rule.gives
            .iter()
            .filter(|give| give.to == Whom::Member)
            .filter_map(move |give| rate(program, rule, &give.what, unit))
    };
    let mut plain: Vec<Rate<'p>> = rules().filter(|rule| rule.when.is_none()).flat_map(rates).collect();
    plain.sort_by_key(|rate| rate.per.is_none());
    let asked = || {
        let rule = rules().filter(|rule| rule.when.is_some()).find(|rule| {
            rates(rule).next().is_some() && matches!(meet(program, &fires(program, rule), steps), Answer::Yes(_))
        })?;
        rates(rule).next()
    };
    plain.into_iter().next().or_else(asked)
}

fn rate<'p>(program: &'p Program, rule: &'p Rule, what: &What, unit: PointsId) -> Option<Rate<'p>> {
    let limited = !rule.limits.is_empty() || rule.group.is_some_and(|stack| !program.stacks[stack.0].caps.is_empty());
    match what {
        What::Rate { unit: of, number, per, full, basis: Basis::Total(_), .. }
            if *of == unit && number.is_positive() =>
        {
            Some(Rate { rule, number: number.clone(), per: Some(per.clone()), full: *full, limited })
        }
        What::Back { unit: of, percent, basis: Basis::Total(_), .. } if *of == unit && percent.is_positive() => {
            let worth = program.points[unit.0].worth.as_ref()?;
            let per = Some(worth * &Exact::from_int(100));
            Some(Rate { rule, number: percent.clone(), per, full: false, limited })
        }
        // What a welcome or a limited rule gives is no rate.
        What::Fixed { unit: of, number, .. }
            if *of == unit && number.is_positive() && rule.when.is_none() && rule.limits.is_empty() =>
        {
            Some(Rate { rule, number: number.clone(), per: None, full: true, limited })
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
    }
}
