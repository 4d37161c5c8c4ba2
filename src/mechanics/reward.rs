//! `reward`: what a member chooses and pays for with points.

use super::condition::Condition;
use super::gift::Valid;
use super::lines::{self, Slip};
use super::reading::dimension::is_currency;
use super::reading::{Kind, Mistake, Reading, Scope};
use super::rule::{Limit, LimitOf};
use super::table::{BlockSpec, Head, many, once};
use super::{Name, PointsId};
use crate::diag::Message;
use crate::syntax::ast::Block;
use crate::syntax::{Phrase, Rule};
use crate::text::Span;
use crate::value::clock::Date;
use crate::value::exact::Exact;

/// `reward` in the table of blocks.
pub static BLOCK: BlockSpec = BlockSpec {
    keyword: "reward",
    head: Head::Name,
    clauses: &[
        many("price", "price 300 stars"),
        once("item", "item \"a slice of cake\""),
        once("experience", "experience \"a tasting for two\""),
        once("service", "service \"a free haircut\""),
        once("costs", "costs 6 RON"),
        once("value", "value 15 RON"),
        many("when", "when status in [gold]"),
        many("limit", "limit 1 time per member per month"),
        once("stock", "stock 100"),
        once("valid", "valid 30 days"),
        once("from", "from 2026-01-01"),
        once("until", "until 2026-12-31"),
    ],
    ordered: false,
    says: "what members choose and pay for with points",
};

/// So many of a reward or gift one event takes or gives at most (section 6, Edges).
pub const MOST_AT_ONCE: u32 = 100_000;

/// A `reward` block (section 3).
#[derive(Debug, Clone)]
pub struct Reward {
    /// Its name.
    pub name: Name,
    /// Prices: the first whose condition holds; the one without a condition stands last, wherever it is written.
    pub prices: Vec<Price>,
    /// What it is, in words.
    pub words: Option<String>,
    /// What it costs the shop.
    pub costs: Option<Exact>,
    /// What it is worth to the member.
    pub value: Option<Exact>,
    /// Who may redeem it.
    pub when: Option<Condition>,
    /// How often: only times.
    pub limits: Vec<Limit>,
    /// How many there are in all.
    pub stock: Option<u32>,
    /// How long it is valid once redeemed.
    pub valid: Valid,
    /// First day, inclusive.
    pub from: Option<Date>,
    /// Last day, inclusive.
    pub until: Option<Date>,
    /// The whole block.
    pub span: Span,
}

/// `price N UNIT [and X CUR] [when …]`.
#[derive(Debug, Clone)]
pub struct Price {
    /// Which points.
    pub unit: PointsId,
    /// How many.
    pub number: Exact,
    /// And money.
    pub money: Option<Exact>,
    /// For whom.
    pub when: Option<Condition>,
    /// The clause.
    pub span: Span,
}

/// What can be wrong with a `reward` block alone.
#[allow(missing_docs)] // the fields are the words of the messages
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wrong {
    /// Two prices for everybody.
    TwoPrices { place: Span, first: Span },
    /// A price in two kinds of points, or in money alone.
    NoPoints { place: Span, unit: String, money: String },
    /// A limit of something else than times.
    OnlyTimes { place: Span, got: String, number: String },
}

impl Message for Wrong {
    fn code(&self) -> &'static str {
        match self {
            Wrong::TwoPrices { .. } => "two-prices",
            Wrong::NoPoints { .. } => "price-without-points",
            Wrong::OnlyTimes { .. } => "only-times",
        }
    }

    fn says(&self) -> String {
        match self {
            Wrong::TwoPrices { .. } => "this reward has two prices for everybody".to_owned(),
            Wrong::NoPoints { .. } => "a price is so many points, and perhaps money".to_owned(),
            Wrong::OnlyTimes { got, .. } => format!("a reward is limited in times, not in `{got}`"),
        }
    }

    fn place(&self) -> Span {
        match self {
            Wrong::TwoPrices { place, .. } | Wrong::NoPoints { place, .. } | Wrong::OnlyTimes { place, .. } => *place,
        }
    }

    fn related(&self) -> Vec<(Span, String)> {
        match self {
            Wrong::TwoPrices { first, .. } => vec![(*first, "the other price".to_owned())],
            Wrong::NoPoints { .. } | Wrong::OnlyTimes { .. } => Vec::new(),
        }
    }

    fn why(&self) -> String {
        match self {
            Wrong::TwoPrices { .. } => "Customers could be told either.",
            Wrong::NoPoints { .. } => "A reward is chosen for points; what is paid in money alone is a sale.",
            Wrong::OnlyTimes { .. } => "Each redemption costs its price, so it is the times that need a limit.",
        }
        .to_owned()
    }

    fn mend(&self) -> String {
        match self {
            Wrong::TwoPrices { .. } => {
                "say for whom each is: `price 90 stars when status in [gold]`, or keep one".to_owned()
            }
            Wrong::NoPoints { unit, money, .. } => {
                format!("write: `price 300 {unit}`, or `price 300 {unit} and 5 {money}`")
            }
            Wrong::OnlyTimes { number, .. } => format!("write: `limit {number} times per member per month`"),
        }
    }
}

/// Reads a `reward` block.
pub fn read(reading: &mut Reading<'_>, block: &Block) -> Option<Reward> {
    lines::require(reading, block, &BLOCK, "price");
    let prices = read_prices(reading, block);
    let texts = [("item", Rule::reward_item), ("experience", Rule::gift_experience), ("service", Rule::gift_service)];
    let words = lines::words(reading, block, &texts);
    let costs = lines::price(reading, block, "costs", Rule::gift_costs);
    let value = lines::price(reading, block, "value", Rule::gift_value);
    let when = lines::when(reading, block);
    let limits = lines::lines(reading, block, "limit", Rule::reward_limit);
    let limits = limits.iter().filter_map(|line| read_limit(reading, line)).collect();
    let stock = lines::stock(reading, block);
    let valid = lines::valid(reading, block);
    let (from, until) = lines::days(reading, block, Rule::reward_from, Rule::reward_until);
    Some(Reward {
        name: lines::name(block)?,
        prices: prices?,
        words,
        costs,
        value,
        when,
        limits,
        stock,
        valid: valid?,
        from,
        until,
        span: block.span,
    })
}

/// All prices; the one for everybody last.
fn read_prices(reading: &mut Reading<'_>, block: &Block) -> Option<Vec<Price>> {
    let clauses = Reading::clauses(block, "price").len();
    let lines = lines::lines(reading, block, "price", Rule::reward_price);
    let read: Vec<Price> = lines.iter().filter_map(|line| read_price(reading, line)).collect();
    let whole = read.len() == clauses;
    let (mut prices, for_all): (Vec<Price>, Vec<Price>) = read.into_iter().partition(|price| price.when.is_some());
    for other in for_all.iter().skip(1) {
        reading.say(Wrong::TwoPrices { place: other.span, first: for_all[0].span });
    }
    prices.extend(for_all);
    (whole && !prices.is_empty()).then_some(prices)
}

/// `price N UNIT [and X CUR] [when CONDITION]`; the two parts in any order.
fn read_price(reading: &mut Reading<'_>, line: &Phrase<'_>) -> Option<Price> {
    let (mut points, mut money) = (None, None);
    for part in line.all(Rule::price_part) {
        let (number, unit) = (part.find(Rule::number)?, part.find(Rule::unit)?);
        let amount = reading.number(&number)?;
        if is_money(reading, unit.text()) {
            if let Some((other, _)) = &reading.names.money
                && other != unit.text()
            {
                let (got, money) = (unit.text().to_owned(), other.clone());
                reading.say(Mistake::OtherMoney { place: unit.span(), got, money });
                return None;
            }
            money = Some(amount);
        } else if points.is_none() {
            points = Some((amount, reading.unit(&unit)?, number.span()));
        } else {
            no_points(reading, line);
            return None;
        }
    }
    let when = match line.find(Rule::condition) {
        Some(condition) => Some(reading.condition(&condition, Scope::Redeem)?),
        None => None,
    };
    let Some((number, unit, place)) = points else {
        no_points(reading, line);
        return None;
    };
    if number.is_zero() {
        reading.say(Slip::Nought { place, what: "a price" });
        return None;
    }
    Some(Price { unit, number, money, when, span: line.span() })
}

/// A currency rather than a points unit: three capitals that name no points.
fn is_money(reading: &Reading<'_>, unit: &str) -> bool {
    is_currency(unit) && reading.names.find(Kind::Points, unit).is_none()
}

/// A price that is not in one kind of points, told with the first unit and the money that the program has.
fn no_points(reading: &mut Reading<'_>, line: &Phrase<'_>) {
    let unit = match reading.names.units(0) {
        "" => "stars".to_owned(),
        unit => unit.to_owned(),
    };
    let money = reading.names.money_word().to_owned();
    reading.say(Wrong::NoPoints { place: line.span(), unit, money });
}

fn read_limit(reading: &mut Reading<'_>, line: &Phrase<'_>) -> Option<Limit> {
    let number = line.find(Rule::number)?;
    let most = reading.number(&number)?;
    if let Some(unit) = line.find(Rule::unit) {
        let got = unit.text().to_owned();
        reading.say(Wrong::OnlyTimes { place: unit.span(), got, number: number.text().to_owned() });
        return None;
    }
    if most.is_zero() {
        reading.say(Slip::Nought { place: number.span(), what: "a limit" });
        return None;
    }
    let (per_member, window) = reading.per_what(&line.find(Rule::per_what)?)?;
    Some(Limit { most, of: LimitOf::Times, per_member, window, span: line.span() })
}

#[cfg(test)]
mod tests;
