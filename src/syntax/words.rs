//! The words that give a file its shape: keywords of blocks, first words of lines, and the words
//! between them. What a block's lines may say is the mechanics' business (`mechanics::table`).

use super::ast::{Token, TokenKind};
use crate::text::closest;

/// What stands between the keyword of a block and its brace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// A name, perhaps with its plural.
    Name,
    /// A name and what is listed; braces may be left out.
    Tail,
    /// A title in quotes.
    Title,
    /// A name or nothing.
    Free,
}

/// The blocks of section 3 of the language.
const BLOCKS: &[(&str, Naming)] = &[
    ("program", Naming::Name),
    ("points", Naming::Name),
    ("earn", Naming::Name),
    ("bonus", Naming::Name),
    ("stack", Naming::Name),
    ("tiers", Naming::Name),
    ("card", Naming::Name),
    ("discount", Naming::Name),
    ("gift", Naming::Name),
    ("reward", Naming::Name),
    ("coupon", Naming::Name),
    ("segment", Naming::Name),
    ("offer", Naming::Name),
    ("draw", Naming::Name),
    ("membership", Naming::Name),
    ("household", Naming::Free),
    ("budget", Naming::Name),
    ("pilot", Naming::Name),
    ("partner", Naming::Name),
    ("activity", Naming::Name),
    ("promise", Naming::Free),
    ("example", Naming::Title),
    ("scenario", Naming::Name),
    ("challenge", Naming::Name),
    ("payout", Naming::Name),
    ("list", Naming::Tail),
    ("calendar", Naming::Tail),
];

/// First words of the lines of all blocks: a line that begins with one is not the rest of the line above.
#[rustfmt::skip]
const CLAUSES: &[&str] = &[
    "accept", "as", "benefit", "budget", "buy", "cap", "carry", "channel", "choose", "clock", "complement",
    "compound", "control", "costs", "count", "counts", "decimals", "does", "earn", "entry", "except", "exchange",
    "expect", "experience", "expire", "fee", "field", "free", "from", "full", "gap", "gets", "give", "given", "gives",
    "group", "holdout", "instant", "item", "items", "keep", "lasts", "late", "level", "lift", "limit", "margin",
    "match", "measure", "members", "miss", "money", "monthly", "need", "never", "objective", "on", "once", "owe",
    "pays", "pending", "pilot", "price", "prize", "purchases", "reach", "redeem", "refund", "renew", "repeat", "replaces",
    "return", "round", "scale", "separate", "service", "share", "spend", "stamp", "start", "step", "stock", "stores",
    "take", "tier", "to", "transfer", "trial", "until", "up", "uses", "valid", "value", "verified", "when", "winners",
    "within", "worth", "years",
];

/// Words that stand between two things: a line that ends with one goes on, one that begins with one is a rest.
const CONNECTORS: &[&str] = &["and", "or", "not", "is", "in", "of", "per", "with", "without", "because", "than"];

/// Words that cannot be names of anything: those that end a name's place, and the keywords of blocks.
#[rustfmt::skip]
pub const RESERVED: &[&str] = &[
    "and", "or", "not", "is", "in", "with", "without", "when", "per", "of", "on", "to", "from", "until", "at", "for",
    "by", "as", "between", "exists", "expiring", "every", "because", "than", "plural", "nothing", "loyal", "use",
];

/// Words that cannot name what conditions and counts speak of (points, tiers), because they mean something there.
#[rustfmt::skip]
const MEASURES: &[&str] = &[
    "amount", "total", "items", "item", "category", "sku", "brand", "price", "quantity", "store", "channel", "time",
    "times", "weekday", "date", "day", "days", "week", "weeks", "month", "months", "quarter", "quarters", "year",
    "years", "hour", "hours", "minute", "member", "spend", "visits", "visit", "purchases", "purchase", "stamp",
    "stamps", "each", "last", "first", "ever", "campaign", "RON", "ILS", "EUR", "USD", "GBP",
];

/// How a block of that keyword is named; nothing for a word that begins no block.
pub(super) fn naming(keyword: &str) -> Option<Naming> {
    BLOCKS.iter().find(|(known, _)| *known == keyword).map(|(_, naming)| *naming)
}

/// The keyword of a block that `word` is near to.
pub(super) fn near_block(word: &str) -> Option<&'static str> {
    let known: Vec<&'static str> = BLOCKS.iter().map(|(keyword, _)| *keyword).collect();
    closest(word, &known)
}

/// Whether a line that begins with `first` and goes on with `second` begins something new.
pub(super) fn begins_clause(first: &str, second: Option<&str>) -> bool {
    match (first, second) {
        // `at most 1 per month` and `at least 20 RON` are lines, `at reduced price` a condition.
        ("at", second) => matches!(second, Some("most" | "least")),
        // `every month` is a line, `every line category in [..]` a condition.
        ("every", second) => second != Some("line"),
        // `spend in last 30 days` is a condition, `spend at 0.05 RON each` a line.
        (_, Some(second)) if connects(second) => false,
        _ => CLAUSES.contains(&first),
    }
}

/// Whether what begins with these tokens of a bracket would be taken for something new at the start of a line.
pub(crate) fn begins_anew(tokens: &[Token]) -> bool {
    let Some(first) = tokens.first().filter(|token| token.kind == TokenKind::Word) else { return false };
    let second = tokens.get(1).map(|token| token.text.as_str());
    let listed = matches!(second, Some("," | "]" | ")"));
    !listed && (begins_clause(&first.text, second) || naming(&first.text).is_some())
}

/// Whether a word stands between two things.
pub(super) fn connects(word: &str) -> bool {
    CONNECTORS.contains(&word)
}

/// Whether a block of that keyword may not have that name.
pub(super) fn is_reserved(keyword: &str, name: &str) -> bool {
    let measured = matches!(keyword, "points" | "tiers");
    RESERVED.contains(&name) || naming(name).is_some() || (measured && MEASURES.contains(&name))
}
