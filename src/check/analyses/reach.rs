//! Rewards that cost more than a member can hold before the points end (section 7).

use super::bound::{by_caps, by_rules, days_of};
use super::words;
use crate::diag::{Finding, Message, Severity};
use crate::mechanics::points::Expiry;
use crate::mechanics::{Name, PointsId, Program};
use crate::text::Span;
use crate::value::clock::Period;
use crate::value::exact::Exact;

/// A reward nobody can pay for.
struct OutOfReach {
    reward: Name,
    price: String,
    arithmetic: String,
    span: Span,
}

impl Message for OutOfReach {
    fn code(&self) -> &'static str {
        "reward-out-of-reach"
    }

    fn severity(&self) -> Severity {
        Severity::Warning
    }

    fn says(&self) -> String {
        format!("nobody can gather the {} that `{}` costs before they expire", self.price, self.reward.text)
    }

    fn place(&self) -> Span {
        self.span
    }

    fn label(&self) -> String {
        "out of reach".to_owned()
    }

    fn why(&self) -> String {
        self.arithmetic.clone()
    }

    fn mend(&self) -> String {
        "Lower the price, raise the cap, or let the points last longer.".to_owned()
    }
}

/// What is found in a program: rewards of which every price is out of reach.
pub fn check(program: &Program) -> Vec<Finding> {
    let mut found = Vec::new();
    for reward in &program.rewards {
        let cheapest = reward.prices.iter().min_by(|a, b| a.number.cmp(&b.number));
        let units: Vec<PointsId> = reward.prices.iter().map(|price| price.unit).collect();
        let Some(price) = cheapest.filter(|price| units.iter().all(|unit| *unit == price.unit)) else { continue };
        // Points that others may send have no bound of one member.
        if !program.points[price.unit.0].transfer.is_empty() {
            continue;
        }
        if let Some(arithmetic) = arithmetic(program, price.unit, &price.number) {
            let words = words::points(program, price.unit, &price.number);
            found.push(OutOfReach { reward: reward.name.clone(), price: words, arithmetic, span: price.span }.into());
        }
    }
    found
}

/// Why fewer can be held; none where that cannot be shown.
fn arithmetic(program: &Program, unit: PointsId, price: &Exact) -> Option<String> {
    let points = &program.points[unit.0];
    let (days, life) = match &points.expiry {
        Expiry::After(life) => {
            let stretched = life.at_end_of.map_or(0, |period| match period {
                Period::Day => 0,
                Period::Week => 6,
                Period::Month => 30,
                Period::Quarter => 91,
                Period::Year => 365,
            });
            (days_of(life.length) + stretched + 1, format!("{} after earning", life.length))
        }
        Expiry::Yearly(month, day) => (367, format!("on {month:02}-{day:02} each year")),
        // These may be held for ever: only what can ever be had is a bound.
        Expiry::Never | Expiry::Sliding { .. } => return None,
    };
    let told = |figure: &Exact| words::points(program, unit, figure);
    if let Some((most, windows, each)) = by_caps(&points.caps, Some(days), None).filter(|(most, _, _)| most < price) {
        return Some(format!(
            "Points end {life}; in that time the cap of {} lets a member hold at most {} × {windows} = {}.",
            told(&each),
            told(&each),
            told(&most)
        ));
    }
    let most = by_rules(program, unit, days).filter(|most| most < price && most.is_positive())?;
    Some(format!("Points end {life}; in that time all rules together give a member at most {}.", told(&most)))
}
