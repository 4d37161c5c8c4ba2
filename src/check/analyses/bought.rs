//! Points that are sold (`buy`) for less than what they can be turned into: a free loop for whoever has the money.

use super::exchange::{Turn, Way, turns};
use super::words;
use crate::diag::{Message, Severity};
use crate::mechanics::{Name, PointsId, Program};
use crate::text::Span;

/// Points sold for less than they bring.
pub struct Bought {
    unit: Name,
    plural: String,
    /// By what they bring more, with where; none: they are worth more as they are.
    by: Option<(Name, Span)>,
    /// It is money that is gained, as often as one likes.
    without_end: bool,
    arithmetic: String,
}

impl Message for Bought {
    fn code(&self) -> &'static str {
        "free-loop"
    }

    fn severity(&self) -> Severity {
        if self.without_end { Severity::Error } else { Severity::Warning }
    }

    fn says(&self) -> String {
        match &self.by {
            None => format!("`{}` is sold for less than it is worth", self.unit.text),
            Some((by, _)) if self.without_end => {
                format!("{} are sold for less than what `{}` turns them into", self.plural, by.text)
            }
            Some((by, _)) => format!("who buys `{}` has `{}` for less than it is worth", self.unit.text, by.text),
        }
    }

    fn place(&self) -> Span {
        self.unit.span
    }

    fn label(&self) -> String {
        "sold here".to_owned()
    }

    fn related(&self) -> Vec<(Span, String)> {
        self.by.iter().map(|(_, span)| (*span, "what it can be spent on".to_owned())).collect()
    }

    fn why(&self) -> String {
        self.arithmetic.clone()
    }

    fn mend(&self) -> String {
        match &self.by {
            None => "Ask at least what they are worth, or make them worth less.".to_owned(),
            Some((by, _)) if self.without_end => {
                format!("Ask at least as much for the points, or let `{}` take more of them.", by.text)
            }
            Some((by, _)) => {
                format!("Ask more for the points, or more points for `{}`, if that is not what you want.", by.text)
            }
        }
    }
}

/// Points that are sold for less than what they bring: money first, then by how much each of them gains.
pub fn bought(program: &Program, unit: PointsId) -> Option<Bought> {
    let points = &program.points[unit.0];
    let (price, number) = points.buy.as_ref()?;
    let cost = price.checked_div(number)?;
    let gains = turns(program, unit, number).into_iter().filter(|turn| turn.each() > cost);
    let best = gains.max_by(|a, b| (a.is_money, plain(a), a.each()).cmp(&(b.is_money, plain(b), b.each())))?;
    let takes = words::points(program, unit, &best.takes);
    let paid = words::money(program, &(&best.takes * &cost));
    let all = words::money(program, &(&best.takes * &cost + &best.and));
    let worth = words::money(program, &best.worth);
    let (by, once, arithmetic) = match best.way {
        Way::Worth | Way::Till => {
            let arithmetic =
                format!("Steps: 1. buy {takes} for {paid}. 2. spend them: they are worth {worth}. 3. begin again.");
            (None, false, arithmetic)
        }
        Way::Payout(payout) => {
            let again = if payout.once { "It pays once for each member." } else { "3. begin again." };
            let brings = &best.brings;
            let arithmetic = format!(
                "Steps: 1. buy {takes} for {paid}. 2. `{}` turns them into {brings}, worth {worth}. {again}",
                payout.name.text
            );
            (Some((payout.name.clone(), payout.take_span)), payout.once, arithmetic)
        }
        Way::Reward(reward) => {
            let name = &reward.name;
            let arithmetic =
                format!("`{}` takes {takes}, which can be bought: {all} in all, and it is worth {worth}.", name.text);
            (Some((name.clone(), name.span)), false, arithmetic)
        }
    };
    Some(Bought {
        unit: points.name.clone(),
        plural: words::plural(program, unit).to_owned(),
        by,
        without_end: best.is_money && !once,
        arithmetic,
    })
}

/// Whether nothing is needed to turn the points into money: the shortest round is told.
fn plain(turn: &Turn<'_>) -> bool {
    match turn.way {
        Way::Worth | Way::Till => true,
        Way::Payout(_) | Way::Reward(_) => false,
    }
}
