//! Rewards that cost more than a member can hold before the points end (section 7).

use super::bound::{Stretch, by_caps, by_rules, days_of};
use super::words;
use crate::diag::{Finding, Message, Severity};
use crate::mechanics::points::Expiry;
use crate::mechanics::promise::Promised;
use crate::mechanics::{Name, PointsId, Program};
use crate::text::Span;
use crate::value::clock::{Length, Period};
use crate::value::exact::Exact;

/// A reward nobody can pay for in time.
struct OutOfReach {
    reward: Name,
    /// The months that the program promises, when it is that promise that breaks.
    promised: Option<(u32, Span)>,
    price: String,
    arithmetic: String,
    span: Span,
}

impl Message for OutOfReach {
    fn code(&self) -> &'static str {
        "reward-out-of-reach"
    }

    fn severity(&self) -> Severity {
        if self.promised.is_some() { Severity::Error } else { Severity::Warning }
    }

    fn says(&self) -> String {
        if let Some((months, _)) = self.promised {
            return format!(
                "nobody can gather the {} that `{}` costs within {months} months",
                self.price, self.reward.text
            );
        }
        format!("nobody can gather the {} that `{}` costs before they expire", self.price, self.reward.text)
    }

    fn place(&self) -> Span {
        self.span
    }

    fn label(&self) -> String {
        "out of reach".to_owned()
    }

    fn related(&self) -> Vec<(Span, String)> {
        self.promised.iter().map(|(_, span)| (*span, "promised here".to_owned())).collect()
    }

    fn why(&self) -> String {
        self.arithmetic.clone()
    }

    fn mend(&self) -> String {
        match self.promised {
            Some(_) => "Lower the price, raise the cap, or promise more months.".to_owned(),
            None => "Lower the price, raise the cap, or let the points last longer.".to_owned(),
        }
    }
}

/// What is found in a program: rewards of which every price is out of reach.
pub fn check(program: &Program) -> Vec<Finding> {
    let mut found = Vec::new();
    for reward in &program.rewards {
        let cheapest = reward.prices.iter().min_by(|a, b| a.number.cmp(&b.number));
        let units: Vec<PointsId> = reward.prices.iter().map(|price| price.unit).collect();
        let Some(price) = cheapest.filter(|price| units.iter().all(|unit| *unit == price.unit)) else { continue };
        if comes_from_elsewhere(program, price.unit) {
            continue;
        }
        let (promised, arithmetic) = match promised(program, price.unit, &price.number) {
            Some((promised, arithmetic)) => (Some(promised), Some(arithmetic)),
            None => (None, arithmetic(program, price.unit, &price.number)),
        };
        let words = words::points(program, price.unit, &price.number);
        found.extend(arithmetic.map(|arithmetic| {
            let reward = reward.name.clone();
            Finding::from(OutOfReach { reward, promised, price: words, arithmetic, span: price.span })
        }));
    }
    found
}

/// Points that others may send, that a household spends together or that are bought have no bound of one member.
fn comes_from_elsewhere(program: &Program, unit: PointsId) -> bool {
    let points = &program.points[unit.0];
    let shared = program.household.as_ref().is_some_and(|household| household.share.contains(&unit));
    !points.transfer.is_empty() || points.buy.is_some() || shared
}

/// The promise of so many months that breaks, with why.
fn promised(program: &Program, unit: PointsId, price: &Exact) -> Option<((u32, Span), String)> {
    program.promises.iter().find_map(|promise| {
        let Promised::RewardsReachable(months, _) = &promise.what else { return None };
        let stretch = (i64::from(*months) * 31 + 1, Some(i64::from(*months) + 1));
        let why = most(program, unit, price, stretch, &format!("In {months} months"))?;
        Some(((*months, promise.span), why))
    })
}

/// Why fewer can be held; none where that cannot be shown.
fn arithmetic(program: &Program, unit: PointsId, price: &Exact) -> Option<String> {
    let points = &program.points[unit.0];
    let (days, months, life) = match &points.expiry {
        Expiry::After(life) => {
            let stretched = life.at_end_of.map_or(0, |period| match period {
                Period::Day => 0,
                Period::Week => 6,
                Period::Month => 30,
                Period::Quarter => 91,
                Period::Year => 365,
            });
            let months = months_of(life.length).map(|months| months + 1 + stretched / 30);
            (days_of(life.length) + stretched + 1, months, format!("{} after earning", life.length))
        }
        Expiry::Yearly(month, day) => (367, Some(13), format!("on {month:02}-{day:02} each year")),
        // These may be held for ever: only what can ever be had is a bound.
        Expiry::Never | Expiry::Sliding { .. } => return None,
    };
    most(program, unit, price, (days, months), &format!("Points end {life}; in that time"))
}

fn months_of(length: Length) -> Option<i64> {
    match length {
        Length::Months(months) => Some(i64::from(months)),
        Length::Years(years) => Some(i64::from(years) * 12),
        Length::Days(_) | Length::Weeks(_) => None,
    }
}

/// Why fewer can be had in so many days, which touch at most so many months; none where that cannot be shown.
fn most(
    program: &Program,
    unit: PointsId,
    price: &Exact,
    (days, months): (i64, Option<i64>),
    begin: &str,
) -> Option<String> {
    let points = &program.points[unit.0];
    let told = |figure: &Exact| words::points(program, unit, figure);
    if let Some((most, windows, each)) =
        by_caps(&points.caps, Stretch::Days(days, months)).filter(|(most, _, _)| most < price)
    {
        return Some(format!(
            "{begin} the cap lets a member have at most {} × {windows} = {}.",
            told(&each),
            told(&most)
        ));
    }
    let most = by_rules(program, unit, days).filter(|most| most < price && most.is_positive())?;
    Some(format!("{begin} all rules together give a member at most {}.", told(&most)))
}
