//! Points that pay a receipt and are earned anew by it (`with paid by points`): where a receipt that points paid whole
//! brings as many as it took, they never end.

use super::exchange::{best_money, payable};
use super::fire::{fires, picks_all};
use super::meet::{Answer, meet};
use super::steps::Steps;
use super::words;
use super::worth::is_of_purchase;
use crate::diag::{Message, Severity};
use crate::mechanics::basis::Basis;
use crate::mechanics::give::{What, Whom, at_rate, back_of};
use crate::mechanics::points::{Pay, Points};
use crate::mechanics::rule::Rule;
use crate::mechanics::{Name, PointsId, Program};
use crate::text::Span;
use crate::value::exact::Exact;

/// Points that never end.
pub struct Endless {
    rule: Name,
    place: Span,
    pays: Span,
    arithmetic: String,
    plural: String,
    /// Limits or caps end it.
    bounded: bool,
    /// Only rounding makes as many of them.
    rounding: bool,
}

impl Message for Endless {
    fn code(&self) -> &'static str {
        "free-loop"
    }

    fn severity(&self) -> Severity {
        if self.bounded { Severity::Warning } else { Severity::Error }
    }

    fn says(&self) -> String {
        format!("what {} pay earns as much again by `{}`", self.plural, self.rule.text)
    }

    fn place(&self) -> Span {
        self.place
    }

    fn label(&self) -> String {
        "counts what points paid".to_owned()
    }

    fn related(&self) -> Vec<(Span, String)> {
        vec![(self.pays, "these pay the whole receipt".to_owned())]
    }

    fn why(&self) -> String {
        let end = if self.bounded {
            "Limits end it, but until then a member pays nothing."
        } else {
            "It can be done again and again."
        };
        format!("{} {end}", self.arithmetic)
    }

    fn mend(&self) -> String {
        if self.rounding {
            "Take `with paid by points` out, write `round down per receipt`, or let points pay from more on (`at least …`)."
                .to_owned()
        } else {
            "Take `with paid by points` out, give less, or let points pay only a part (`up to 50% of receipt`)."
                .to_owned()
        }
    }
}

/// Where points of this unit that pay a whole receipt are earned again by it.
pub fn endless(program: &Program, unit: PointsId, steps: &Steps) -> Option<Endless> {
    let points = &program.points[unit.0];
    let Some(Pay::At { each, share, .. }) = &points.pay else { return None };
    if share.as_ref().is_some_and(|share| *share < Exact::from_int(100)) {
        return None;
    }
    let counting: Vec<(usize, &Rule)> = program
        .rules
        .iter()
        .enumerate()
        .filter(|(_, rule)| is_of_purchase(rule) && rule.gives.iter().any(|give| counts_paid(&give.what)))
        .collect();
    let plain: Vec<usize> = counting.iter().filter(|(_, rule)| rule.when.is_none()).map(|(at, _)| *at).collect();
    let asked = counting.iter().filter(|(_, rule)| rule.when.is_some());
    let sets = std::iter::once(plain.clone()).chain(asked.filter_map(|(at, rule)| {
        let can = matches!(meet(program, &fires(program, rule), steps), Answer::Yes(_));
        can.then(|| plain.iter().copied().chain([*at]).collect::<Vec<_>>())
    }));
    sets.filter(|set| !set.is_empty()).find_map(|set| round(program, unit, points, each, &set))
}

/// Whether what points paid counts for it.
fn counts_paid(what: &What) -> bool {
    match what {
        What::Rate { basis: Basis::Total(total), .. } | What::Back { basis: Basis::Total(total), .. } => {
            total.with_paid_by_points
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
        | What::Level { .. } => false,
    }
}

/// A receipt paid whole with points that earns as much: a hundred of the money, then the least that can be paid.
fn round(program: &Program, unit: PointsId, points: &Points, each: &Exact, set: &[usize]) -> Option<Endless> {
    let hundred = Exact::from_int(100);
    let whole = payable(points, &hundred.checked_div(each)?);
    let least = payable(points, &Exact::from_scaled(1, points.decimals));
    let (paid, rounding) = [(whole, false), (least.clone(), false), (least, true)]
        .into_iter()
        .find(|(paid, rounded)| back(program, &(paid * each), set, *rounded) >= paid * each)?;
    let money = &paid * each;
    let rules: Vec<&Rule> = set.iter().map(|at| &program.rules[*at]).collect();
    let first = rules.first()?;
    let give = first.gives.iter().find(|give| counts_paid(&give.what))?;
    let back = earned(program, &money, set, rounding);
    let back: Vec<String> = back.iter().map(|(unit, number)| words::points(program, *unit, number)).collect();
    Some(Endless {
        rule: first.name.clone(),
        place: give.span,
        pays: points.name.span,
        arithmetic: format!(
            "Steps: 1. pay a receipt of {} with {}. 2. get {} for it. 3. begin again.",
            words::money(program, &money),
            words::points(program, unit, &paid),
            words::list(&back),
        ),
        plural: words::plural(program, unit).to_owned(),
        bounded: !points.caps.is_empty() || rules.iter().any(|rule| !rule.limits.is_empty() || rule.budget.is_some()),
        rounding,
    })
}

/// What a receipt of so much earns, whoever paid it.
fn earned(program: &Program, money: &Exact, set: &[usize], rounded: bool) -> Vec<(PointsId, Exact)> {
    let mut all: Vec<(PointsId, Exact)> = Vec::new();
    let gives = set.iter().flat_map(|at| program.rules[*at].gives.iter().map(move |give| (*at, give)));
    for (at, give) in gives.filter(|(_, give)| give.to == Whom::Member && counts_paid(&give.what)) {
        let Some(unit) = give.what.unit() else { continue };
        let points = &program.points[unit.0];
        let exact = match &give.what {
            What::Rate { number, per, full, .. } => at_rate(money, number, per, *full).unwrap_or_default(),
            What::Back { percent, .. } => {
                points.worth.as_ref().and_then(|worth| back_of(money, percent, worth)).unwrap_or_default()
            }
            What::Fixed { .. }
            | What::PercentOf { .. }
            | What::Scale { .. }
            | What::Step { .. }
            | What::Gift(..)
            | What::Coupon(..)
            | What::Stamps(..)
            | What::Entries(..)
            | What::Level { .. } => Exact::zero(),
        };
        let exact = exact * (Exact::one() + shares_of(program, at));
        match all.iter_mut().find(|(of, _)| *of == unit) {
            Some((_, sum)) => *sum += &exact,
            None => all.push((unit, exact)),
        }
    }
    for (unit, sum) in &mut all {
        let points = &program.points[unit.0];
        if rounded {
            *sum = sum.round(points.round, points.decimals);
        }
    }
    all.retain(|(_, sum)| sum.is_positive());
    all
}

/// The shares that bonuses without a condition add to a rule: 1 for `+100%`.
fn shares_of(program: &Program, base: usize) -> Exact {
    let plain = program.rules.iter().filter(|rule| is_of_purchase(rule) && rule.when.is_none() && rule.group.is_none());
    let shares = plain.flat_map(|rule| &rule.gives).filter_map(|give| match &give.what {
        What::PercentOf { percent, rule, lines } if rule.0 == base && picks_all(lines) => Some(percent),
        What::PercentOf { .. }
        | What::Rate { .. }
        | What::Back { .. }
        | What::Fixed { .. }
        | What::Scale { .. }
        | What::Step { .. }
        | What::Gift(..)
        | What::Coupon(..)
        | What::Stamps(..)
        | What::Entries(..)
        | What::Level { .. } => None,
    });
    shares.map(|percent| percent * &Exact::ratio(1, 100)).sum()
}

/// The same in money, each unit at the best that it can be turned into for sure.
fn back(program: &Program, money: &Exact, set: &[usize], rounded: bool) -> Exact {
    let worth = |(unit, number): (PointsId, Exact)| {
        best_money(program, unit, &number).map(|turn| turn.each()).unwrap_or_default() * &number
    };
    earned(program, money, set, rounded).into_iter().map(worth).sum()
}
