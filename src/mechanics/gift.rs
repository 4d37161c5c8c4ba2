//! `gift`: what the program gives.

use super::condition::Condition;
use super::lines;
use super::reading::{Kind, Reading, Scope};
use super::table::{BlockSpec, Head, many, once};
use super::{GiftId, Name};
use crate::diag::Message;
use crate::syntax::ast::Block;
use crate::syntax::{Phrase, Rule};
use crate::text::Span;
use crate::value::clock::{Clock, Date, Length};
use crate::value::exact::Exact;

/// `gift` in the table of blocks.
pub static BLOCK: BlockSpec = BlockSpec {
    keyword: "gift",
    head: Head::Name,
    clauses: &[
        once("item", "item category in [coffee], at most 18 RON"),
        once("experience", "experience \"a tasting for two\""),
        once("service", "service \"a free haircut\""),
        once("costs", "costs 4 RON"),
        once("value", "value 15 RON"),
        once("valid", "valid 30 days"),
        once("stock", "stock 100"),
        once("choose", "choose 1 of [mug, bag]"),
        many("when", "when status in [gold]"),
    ],
    ordered: false,
    says: "what the program gives: what it is, what it costs, how long it is valid",
};

/// A `gift` block (section 3).
#[derive(Debug, Clone)]
pub struct Gift {
    /// Its name.
    pub name: Name,
    /// What it is, in words: the text of `experience`, `service`, or none for an item.
    pub words: Option<String>,
    /// Which items it may be, for `item CONDITION`.
    pub item: Option<Condition>,
    /// `at most 18 RON`: the most the item may cost.
    pub at_most: Option<Exact>,
    /// What it costs the shop.
    pub costs: Option<Exact>,
    /// What it is worth to the member.
    pub value: Option<Exact>,
    /// How long it is valid.
    pub valid: Valid,
    /// How many there are in all.
    pub stock: Option<u32>,
    /// `choose 1 of [..]`.
    pub choose: Vec<GiftId>,
    /// Who may have it.
    pub when: Option<Condition>,
    /// The whole block.
    pub span: Span,
}

/// How long a gift, reward or coupon is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Valid {
    /// For good.
    Forever,
    /// `30 days`: through the end of day D + N.
    For(Length),
    /// `until end of month/week/quarter/year`.
    UntilEndOf(crate::value::clock::Period),
    /// `until DATE`.
    Until(Date),
}

impl Valid {
    /// The last day on which what is given on `day` is valid; none: for good.
    pub fn last_day(self, clock: &Clock, day: Date) -> Option<Date> {
        match self {
            Valid::Forever => None,
            Valid::For(length) => length.after(day),
            Valid::UntilEndOf(period) => Some(clock.span_of(period, day).1),
            Valid::Until(last) => Some(last),
        }
    }
}

/// What can be wrong with a `gift` block alone.
#[allow(missing_docs)] // the fields are the words of the messages
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wrong {
    /// Only one can be chosen.
    ChooseOne { place: Span, number: String },
    /// A gift that is chosen from itself.
    ChoosesItself { place: Span, gift: String },
}

impl Message for Wrong {
    fn code(&self) -> &'static str {
        match self {
            Wrong::ChooseOne { .. } => "choose-one",
            Wrong::ChoosesItself { .. } => "chooses-itself",
        }
    }

    fn says(&self) -> String {
        match self {
            Wrong::ChooseOne { number, .. } => format!("{number} cannot be chosen of one gift"),
            Wrong::ChoosesItself { gift, .. } => format!("`{gift}` is one of its own choices"),
        }
    }

    fn place(&self) -> Span {
        match self {
            Wrong::ChooseOne { place, .. } | Wrong::ChoosesItself { place, .. } => *place,
        }
    }

    fn why(&self) -> String {
        match self {
            Wrong::ChooseOne { .. } => "One gift is one choice; a rule gives two by two `give` lines.",
            Wrong::ChoosesItself { .. } => "Whoever chooses it would choose again, for ever.",
        }
        .to_owned()
    }

    fn mend(&self) -> String {
        match self {
            Wrong::ChooseOne { .. } => "write: `choose 1 of […]`".to_owned(),
            Wrong::ChoosesItself { gift, .. } => format!("take `{gift}` out of the list"),
        }
    }
}

/// Reads a `gift` block: the gift `id`.
pub fn read(reading: &mut Reading<'_>, block: &Block, id: GiftId) -> Option<Gift> {
    let item = lines::line(reading, block, "item", Rule::gift_item);
    let condition = item.as_ref().and_then(|line| line.find(Rule::condition));
    let which = condition.as_ref().map(|condition| reading.condition(condition, Scope::Lines));
    let most = item.as_ref().and_then(|line| line.find(Rule::item_most)?.find(Rule::money));
    let at_most = most.and_then(|money| reading.money(&money));
    let texts = [("experience", Rule::gift_experience), ("service", Rule::gift_service), ("item", Rule::gift_item)];
    let words = item_words(reading, block, &texts);
    let costs = lines::price(reading, block, "costs", Rule::gift_costs);
    let value = lines::price(reading, block, "value", Rule::gift_value);
    let valid = lines::valid(reading, block);
    let stock = lines::stock(reading, block);
    let choose = read_choose(reading, block, id);
    let when = lines::when(reading, block);
    let item = match which {
        Some(condition) => Some(condition?),
        None => None,
    };
    Some(Gift {
        name: lines::name(block)?,
        words,
        item,
        at_most,
        costs,
        value,
        valid: valid?,
        stock,
        choose,
        when,
        span: block.span,
    })
}

/// The words of a thing, looked at once: `item` may hold a condition, and is read by its own reader first.
fn item_words(reading: &mut Reading<'_>, block: &Block, clauses: &[(&str, Rule)]) -> Option<String> {
    let mut words = None;
    for (keyword, rule) in clauses {
        let Some(clause) = Reading::one(block, keyword).filter(|clause| !clause.broken) else { continue };
        let line = if *keyword == "item" {
            Phrase::read(*rule, reading.sources.slice(clause.span), clause.span).ok()
        } else {
            reading.clause(clause, *rule)
        };
        let text = line.as_ref().and_then(|line| match line.find(Rule::item_words) {
            Some(words) => words.find(Rule::text),
            None => line.find(Rule::text),
        });
        words = words.or(text.map(|text| super::reading::unquoted(&text)));
    }
    words
}

fn read_choose(reading: &mut Reading<'_>, block: &Block, id: GiftId) -> Vec<GiftId> {
    let Some(line) = lines::line(reading, block, "choose", Rule::gift_choose) else { return Vec::new() };
    if let Some(number) = line.find(Rule::whole)
        && number.text() != "1"
    {
        reading.say(Wrong::ChooseOne { place: number.span(), number: number.text().to_owned() });
    }
    let mut gifts = Vec::new();
    for name in line.all(Rule::name) {
        let Some(gift) = reading.resolve(Kind::Gift, &name).map(GiftId) else { continue };
        if gift == id {
            reading.say(Wrong::ChoosesItself { place: name.span(), gift: name.text().to_owned() });
        }
        gifts.push(gift);
    }
    gifts
}

#[cfg(test)]
mod tests;
