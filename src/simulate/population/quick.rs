//! Five figures that anybody knows, as a scenario.

use crate::mechanics::scenario::people::People;
use crate::mechanics::scenario::{Answer, Basket, Buying, Habits, Items, Lift, Range, Scenario};
use crate::text::Span;
use crate::value::exact::Exact;

use super::world::YEAR;

/// What is known of a shop before anything else is.
#[derive(Debug, Clone, PartialEq)]
pub struct Quick {
    /// Customers who would be members.
    pub members: u64,
    /// How often one of them buys in a month.
    pub visits: f64,
    /// What a purchase comes to, in the program's money: its mean.
    pub basket: f64,
    /// What is left of a price, in percent.
    pub margin: f64,
    /// How much oftener members come for the program, in percent: from, to.
    pub lift: (f64, f64),
    /// What baskets are of: categories, each with its share in percent, together at most 100; the rest is of none. Empty:
    /// nobody says.
    pub items: Vec<(String, f64)>,
}

/// How members differ in how often they come, and purchases in what they come to, where nobody says: deviations of
/// logarithms.
const SPREAD: (f64, f64) = (0.5, 0.6);
/// How many stop buying in a year, in percent, where nobody says.
const LEAVE: (f64, f64) = (10.0, 30.0);
/// How many rewards that can be had are taken, in percent, where nobody says.
const REDEEM: (f64, f64) = (40.0, 80.0);

/// A number as near as a millionth.
fn exact(number: f64) -> Exact {
    Exact::from_scaled((number * 1e6).round() as i128, 6)
}

fn range(low: f64, high: f64) -> Range {
    Range { low: exact(low), high: exact(high), span: Span::default() }
}

impl Quick {
    fn shares(&self) -> Vec<(String, Exact)> {
        self.items.iter().map(|(category, share)| (category.clone(), exact(*share))).collect()
    }

    /// The scenario of these figures: a year.
    ///
    /// The mean of a lognormal figure is its median × exp(spread² ÷ 2): so members buy as often on average, and as much,
    /// as was said.
    pub fn scenario(&self) -> Scenario {
        let raised = |spread: f64| (spread * spread / 2.0).exp();
        let gap = YEAR / 12.0 / self.visits * raised(SPREAD.0);
        Scenario {
            name: "quick".to_owned(),
            members: self.members,
            purchases: Buying::Said(Habits {
                gap: range(gap, gap),
                gap_spread: exact(SPREAD.0),
                basket: Basket { median: exact(self.basket / raised(SPREAD.1)), spread: exact(SPREAD.1) },
                leave: Some(range(LEAVE.0, LEAVE.1)),
            }),
            groups: Vec::new(),
            items: (!self.items.is_empty()).then(|| Items { column: "category".to_owned(), shares: self.shares() }),
            people: People::default(),
            lifts: vec![Lift { of: Answer::Visits, by: range(self.lift.0, self.lift.1), source: None }],
            redeem: Some(range(REDEEM.0, REDEEM.1)),
            margin: range(self.margin, self.margin),
            months: 12,
            control: None,
            returns: None,
            running: None,
            span: Span::default(),
        }
    }
}
