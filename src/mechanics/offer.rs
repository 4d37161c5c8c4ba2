//! `offer`: something for one member at one time.
//!
//! An offer is a rule with an audience: what it gives, when, and how often is read as a bonus is ([`super::rule`]), and
//! `to segment` is one more condition of it. What is the offer's own stands here.

use super::condition::{Condition, How, Measure, Test};
use super::pilot::{part, words};
use super::reading::{Kind, Reading, unquoted};
use super::rule::{self, Rule as Earning};
use super::table::{BlockSpec, Head, many, once};
use super::{Name, OfferId, RuleId, SegmentId, lines};
use crate::diag::Message;
use crate::syntax::Rule;
use crate::syntax::ast::Block;
use crate::text::Span;
use crate::value::exact::Exact;

/// `offer` in the table of blocks.
pub static BLOCK: BlockSpec = BlockSpec {
    keyword: "offer",
    head: Head::Name,
    clauses: &[
        once("to", "to segment sleepers"),
        many("on", "on purchase"),
        many("every", "every month"),
        many("when", "when days since last purchase is at least 60 days"),
        many("complement", "complement of coffee is pastry"),
        many("give", "give gift mug"),
        many("limit", "limit 1 time per member per month"),
        many("except", "except in holidays"),
        once("channel", "channel [email, app]"),
        once("holdout", "holdout 10%"),
        once("group", "group promo"),
        once("from", "from 2026-01-01"),
        once("until", "until 2026-12-31"),
        once("budget", "budget spring"),
    ],
    ordered: false,
    says: "something for one member at one time",
};

/// An `offer` block, beside the rule that values it.
#[derive(Debug, Clone)]
pub struct Offer {
    /// Its name, which is its rule's.
    pub name: Name,
    /// The rule.
    pub rule: RuleId,
    /// Where it is made, in words.
    pub channels: Vec<String>,
    /// The share of its audience that is kept back, in percent.
    pub holdout: Option<Exact>,
    /// What goes with what, in the order written.
    pub pairs: Vec<Pair>,
    /// What goes with what is learned from the purchases seen: bought together so many times at least.
    pub from_history: Option<u32>,
    /// The whole block.
    pub span: Span,
}

/// `complement of CATEGORY is CATEGORY`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// What was bought.
    pub of: String,
    /// What goes with it.
    pub is: String,
}

impl Offer {
    /// Whether it is for a category that goes with what was bought.
    pub fn has_complement(&self) -> bool {
        !self.pairs.is_empty() || self.from_history.is_some()
    }
}

/// `complement from history` without a number: so many purchases together at least.
pub const SEEN_TOGETHER: u32 = 10;

/// What can be wrong with an offer.
#[allow(missing_docs)] // the fields are the words of the messages
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wrong {
    /// A category that complements itself.
    Itself { place: Span, category: String },
    /// Pairs and history.
    TwoWays { place: Span, first: Span },
}

impl Message for Wrong {
    fn code(&self) -> &'static str {
        match self {
            Wrong::Itself { .. } => "complement-of-itself",
            Wrong::TwoWays { .. } => "complements-two-ways",
        }
    }

    fn says(&self) -> String {
        match self {
            Wrong::Itself { category, .. } => format!("`{category}` is said to go with itself"),
            Wrong::TwoWays { .. } => "this offer says what goes with what, and lets the history say it too".to_owned(),
        }
    }

    fn place(&self) -> Span {
        match self {
            Wrong::Itself { place, .. } | Wrong::TwoWays { place, .. } => *place,
        }
    }

    fn related(&self) -> Vec<(Span, String)> {
        match self {
            Wrong::Itself { .. } => Vec::new(),
            Wrong::TwoWays { first, .. } => vec![(*first, "and here".to_owned())],
        }
    }

    fn why(&self) -> String {
        match self {
            Wrong::Itself { .. } => "Who has bought it has it already, so nobody would ever be offered it.",
            Wrong::TwoWays { .. } => "Of two answers to one question nobody could tell which a customer gets.",
        }
        .to_owned()
    }

    fn mend(&self) -> String {
        match self {
            Wrong::Itself { .. } => "name what is bought beside it: `complement of coffee is pastry`",
            Wrong::TwoWays { .. } => "keep the `complement of … is …` lines, or `complement from history`",
        }
        .to_owned()
    }
}

/// Reads an `offer` block: the rule that values it, and what is its own.
pub fn read(reading: &mut Reading<'_>, block: &Block, (id, rule): (OfferId, RuleId)) -> Option<(Earning, Offer)> {
    let segment = lines::line(reading, block, "to", Rule::offer_to)
        .and_then(|line| Some((SegmentId(reading.resolve(Kind::Segment, &line.find(Rule::name)?)?), line.span())));
    let to_nobody = segment.is_none() && Reading::one(block, "to").is_some();
    let channels = lines::line(reading, block, "channel", Rule::offer_channel);
    let channels = channels.and_then(|line| line.find(Rule::words_set)).map(|set| words(&set)).unwrap_or_default();
    let holdout = part(reading, block, "holdout", Rule::offer_holdout, "a holdout");
    let (pairs, from_history) = complements(reading, block);
    let earning = rule::read(reading, block, &BLOCK)?;
    if to_nobody {
        return None;
    }
    let mut earning = Earning { offer: Some(id), ..earning };
    if let Some((segment, span)) = segment {
        let within = Condition::Test(Test { measure: Measure::InSegment(segment), how: How::Holds, span });
        earning.when = Some(match earning.when.take() {
            Some(when) => Condition::All(vec![within, when]),
            None => within,
        });
    }
    let name = earning.name.clone();
    Some((earning, Offer { name, rule, channels, holdout, pairs, from_history, span: block.span }))
}

fn complements(reading: &mut Reading<'_>, block: &Block) -> (Vec<Pair>, Option<u32>) {
    let (mut pairs, mut from_history, mut first): (Vec<Pair>, _, Option<(bool, Span)>) = (Vec::new(), None, None);
    for line in lines::lines(reading, block, "complement", Rule::offer_complement) {
        let inner = line.inner();
        let learned = inner.rule() == Rule::complement_from;
        match first {
            Some((other, place)) if other != learned => {
                reading.say(Wrong::TwoWays { place: line.span(), first: place });
                continue;
            }
            Some(_) => {}
            None => first = Some((learned, line.span())),
        }
        if learned {
            let least = match inner.find(Rule::whole) {
                Some(_) => lines::counted(reading, &inner, "a number of purchases"),
                None => Some(SEEN_TOGETHER),
            };
            from_history = from_history.or(least);
            continue;
        }
        let named: Vec<String> = inner.all(Rule::list_value).iter().map(|word| unquoted(&word.inner())).collect();
        let [of, is] = named.as_slice() else { continue };
        if of == is {
            reading.say(Wrong::Itself { place: inner.span(), category: of.clone() });
            continue;
        }
        pairs.push(Pair { of: of.clone(), is: is.clone() });
    }
    (pairs, from_history)
}
