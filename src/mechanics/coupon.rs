//! `coupon`: a discount that a member holds.

use super::Name;
use super::condition::Condition;
use super::gift::Valid;
use super::lines;
use super::off::{self, Off};
use super::reading::{Reading, Scope};
use super::table::{BlockSpec, Head, many, once};
use crate::diag::Message;
use crate::syntax::ast::Block;
use crate::syntax::{Phrase, Rule};
use crate::text::{Sources, Span};
use crate::value::clock::Date;
use crate::value::exact::Exact;

/// `coupon` in the table of blocks.
pub static BLOCK: BlockSpec = BlockSpec {
    keyword: "coupon",
    head: Head::Name,
    clauses: &[
        many("take", "take 10% off"),
        once("price", "price 5 EUR"),
        once("items", "items category in [coffee]"),
        once("valid", "valid 30 days"),
        once("until", "until 2026-12-31"),
        once("uses", "uses 1"),
        once("at", "at least 20 EUR"),
        once("costs", "costs 4 EUR"),
        once("value", "value 5 EUR"),
        many("when", "when store in [Gara]"),
        once("worth", "worth taken"),
    ],
    ordered: false,
    says: "a discount that a member holds",
};

/// A `coupon` block (section 3).
#[derive(Debug, Clone)]
pub struct Coupon {
    /// Its name.
    pub name: Name,
    /// What it takes off, with its line. None: it is a voucher whose worth comes with it.
    pub takes: Vec<(Off, Span)>,
    /// Which items it is for; none: all.
    pub items: Option<Condition>,
    /// How long it is valid once it is given.
    pub valid: Valid,
    /// The last day of all of them.
    pub until: Option<Date>,
    /// How many times each of them can be used.
    pub uses: u32,
    /// The least that the purchase must come to, before discounts.
    pub at_least: Option<Exact>,
    /// What one use costs the shop.
    pub costs: Option<Exact>,
    /// What it is worth to the member.
    pub value: Option<Exact>,
    /// When it can be used: asked of the purchase or redemption.
    pub when: Option<Condition>,
    /// `worth taken`: each is worth what the payout that gave it took.
    pub worth_taken: bool,
    /// The whole block.
    pub span: Span,
}

impl Coupon {
    /// The line that says what is taken off.
    pub fn take_span(&self) -> Span {
        self.takes.first().map_or(self.span, |(_, span)| *span)
    }
}

/// What can be wrong with a `coupon` block alone.
#[allow(missing_docs)] // the fields are the words of the messages
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wrong {
    /// Nothing says what it is good for.
    GivesNothing { place: Span, money: String },
    /// What is taken off is said, and that it is what a payout took.
    TwoWorths { place: Span, first: Span },
}

impl Message for Wrong {
    fn code(&self) -> &'static str {
        match self {
            Wrong::GivesNothing { .. } => "coupon-gives-nothing",
            Wrong::TwoWorths { .. } => "two-worths",
        }
    }

    fn says(&self) -> String {
        match self {
            Wrong::GivesNothing { .. } => "this coupon does not say what it takes off".to_owned(),
            Wrong::TwoWorths { .. } => "this coupon says twice what it is worth".to_owned(),
        }
    }

    fn place(&self) -> Span {
        match self {
            Wrong::GivesNothing { place, .. } | Wrong::TwoWorths { place, .. } => *place,
        }
    }

    fn related(&self) -> Vec<(Span, String)> {
        match self {
            Wrong::GivesNothing { .. } => Vec::new(),
            Wrong::TwoWorths { first, .. } => vec![(*first, "the other figure".to_owned())],
        }
    }

    fn why(&self) -> String {
        match self {
            Wrong::GivesNothing { .. } => "A member who shows it at the till would pay the same.",
            Wrong::TwoWorths { .. } => "`worth taken` means that each is worth what the payout took for it.",
        }
        .to_owned()
    }

    fn mend(&self) -> String {
        match self {
            Wrong::GivesNothing { money, .. } => format!("write: `take 10% off` or `take 5 {money} off`"),
            Wrong::TwoWorths { .. } => "take one of the two lines out".to_owned(),
        }
    }
}

/// The coupons that a rule gives as `worth taken`, each with its line, for the names; what cannot be read is left out.
pub fn worth_taken(sources: &Sources, block: &Block) -> Vec<(String, Span)> {
    let clauses = Reading::clauses(block, "give").into_iter().filter(|clause| !clause.broken);
    clauses
        .filter(|clause| sources.slice(clause.span).contains("worth"))
        .filter_map(|clause| Phrase::read(Rule::rule_give, sources.slice(clause.span), clause.span).ok())
        .filter_map(|line| line.find(Rule::give)?.find(Rule::give_coupon))
        .filter(|coupon| coupon.has(Rule::worth_taken))
        .filter_map(|coupon| coupon.find(Rule::name).map(|name| (name.text().to_owned(), coupon.span())))
        .collect()
}

/// Reads a `coupon` block.
pub fn read(reading: &mut Reading<'_>, block: &Block) -> Option<Coupon> {
    let takes = off::read(reading, block, Rule::coupon_take, Rule::coupon_price);
    let items = off::items(reading, block, Rule::coupon_items);
    let valid = lines::valid(reading, block);
    let until = match lines::line(reading, block, "until", Rule::coupon_until) {
        Some(line) => last_day(reading, &line),
        None => None,
    };
    let uses = match Reading::one(block, "uses") {
        Some(_) => lines::line(reading, block, "uses", Rule::coupon_uses)
            .and_then(|line| lines::counted(reading, &line, "the number of uses")),
        None => Some(1),
    };
    let at_least = lines::price(reading, block, "at", Rule::coupon_at);
    let costs = lines::price(reading, block, "costs", Rule::gift_costs);
    let value = lines::price(reading, block, "value", Rule::gift_value);
    let whens = lines::lines(reading, block, "when", Rule::gift_when);
    let when = lines::all_of(reading, &whens, Scope::Event);
    let worth = lines::line(reading, block, "worth", Rule::coupon_worth);
    if lines::is_sound(block, &BLOCK) {
        let first = Reading::one(block, "take").or_else(|| Reading::one(block, "price")).map(|clause| clause.span);
        let given = block.name.as_ref().and_then(|name| reading.names.worth_taken.get(&name.text)).copied();
        let says_worth = Reading::one(block, "worth").map(|clause| clause.span).or(given);
        match (first, says_worth) {
            (None, None) => {
                let money = reading.names.money_word().to_owned();
                reading.say(Wrong::GivesNothing { place: block.header, money });
            }
            (Some(first), Some(place)) => reading.say(Wrong::TwoWorths { place, first }),
            (Some(_), None) | (None, Some(_)) => {}
        }
    }
    let name = lines::name(block)?;
    let worth_taken = worth.is_some() || reading.names.worth_taken.contains_key(&name.text);
    Some(Coupon {
        name,
        takes: takes?,
        items: items?,
        valid: valid?,
        until,
        uses: uses?,
        at_least,
        costs,
        value,
        when,
        worth_taken,
        span: block.span,
    })
}

/// The day of an `until DATE` line.
fn last_day(reading: &mut Reading<'_>, line: &Phrase<'_>) -> Option<Date> {
    let day = line.find(Rule::until_day)?.find(Rule::last_day)?.find(Rule::date)?;
    reading.date(&day)
}

#[cfg(test)]
mod tests;
