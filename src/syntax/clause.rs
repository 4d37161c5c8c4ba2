//! The second stage: what a line says, read by `grammar/clause.pest` and `grammar/blocks.pest`.

use crate::text::Span;
use pest::Parser as _;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::Pair;

use parser::Clauses;
pub use parser::Rule;

/// The parser that pest makes of the grammars; a module of its own, since what pest makes has no docs.
#[allow(missing_docs)]
mod parser {
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/clause.pest"]
    #[grammar = "../grammar/rules.pest"]
    #[grammar = "../grammar/blocks.pest"]
    #[grammar = "../grammar/till.pest"]
    pub struct Clauses;
}

/// A phrase of a line: a rule of the grammar, its text and place, and the phrases inside it.
#[derive(Debug, Clone)]
pub struct Phrase<'t> {
    pair: Pair<'t, Rule>,
    file: u32,
    base: usize,
}

/// Why a line could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The token at which reading stopped (empty at the end of the line).
    pub place: Span,
    /// The words that could stand there, as the language writes them.
    pub words: Vec<String>,
    /// The phrases that could stand there.
    pub rules: Vec<Rule>,
    /// It was not read at all: it holds conditions inside conditions past what anyone can follow.
    pub too_deep: bool,
}

/// Conditions inside conditions past which no one can tell what a line says.
const DEEPEST: usize = 60;

impl<'t> Phrase<'t> {
    /// Reads `text`, which begins at `place`, as `rule`.
    pub fn read(rule: Rule, text: &'t str, place: Span) -> Result<Self, Unread> {
        if too_deep(text) {
            return Err(Unread { place, words: Vec::new(), rules: Vec::new(), too_deep: true });
        }
        pest::set_error_detail(true);
        match Clauses::parse(rule, text) {
            Ok(mut pairs) => match pairs.next() {
                Some(pair) => Ok(Self { pair, file: place.file, base: place.start as usize }),
                None => Err(Unread { place, words: Vec::new(), rules: vec![rule], too_deep: false }),
            },
            Err(error) => Err(unread(&error, text, place)),
        }
    }

    /// Which rule it is.
    pub fn rule(&self) -> Rule {
        self.pair.as_rule()
    }

    /// Its text, without the blanks at its end.
    pub fn text(&self) -> &'t str {
        self.pair.as_str().trim_end()
    }

    /// Its place, without the blanks at its end.
    pub fn span(&self) -> Span {
        let start = self.base + self.pair.as_span().start();
        Span::new(self.file, start, start + self.text().len())
    }

    /// The phrases inside it.
    pub fn children(&self) -> impl Iterator<Item = Phrase<'t>> + use<'t> {
        let (file, base) = (self.file, self.base);
        self.pair.clone().into_inner().map(move |pair| Phrase { pair, file, base })
    }

    /// The first phrase inside it; the phrase itself where it has none.
    pub fn inner(&self) -> Phrase<'t> {
        self.children().next().unwrap_or_else(|| self.clone())
    }

    /// The first child of that rule.
    pub fn find(&self, rule: Rule) -> Option<Phrase<'t>> {
        self.children().find(|child| child.rule() == rule)
    }

    /// All children of that rule.
    pub fn all(&self, rule: Rule) -> Vec<Phrase<'t>> {
        self.children().filter(|child| child.rule() == rule).collect()
    }

    /// Whether it has a child of that rule.
    pub fn has(&self, rule: Rule) -> bool {
        self.find(rule).is_some()
    }
}

/// Where reading stopped and what could have gone on there. pest tracks both the last rule tried and
/// (with its error detail) the last literal tried; the farther one is where the reader went wrong.
fn unread(error: &pest::error::Error<Rule>, text: &str, place: Span) -> Unread {
    let of_rules = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    let attempts = error.parse_attempts();
    let at = attempts.as_ref().map_or(of_rules, |attempts| attempts.max_position.max(of_rules));
    let at = floor_char(text, at);
    let at = at + (text[at..].len() - text[at..].trim_start().len());
    let ends = |c: char| c.is_whitespace() || matches!(c, ',' | '[' | ']' | '(' | ')');
    // Inside a token the whole of it is what could not be read: `14:00`, not `:00`.
    let at = if text[at..].is_empty() || text[at..].starts_with(ends) {
        at
    } else {
        text[..at].rmatch_indices(ends).next().map_or(0, |(before, mark)| before + mark.len())
    };
    let rest = &text[at..];
    let length = match rest.chars().next() {
        Some(mark) if ends(mark) => mark.len_utf8(),
        _ => rest.find(ends).unwrap_or(rest.len()),
    };
    let start = place.start as usize + at;
    let mut words: Vec<String> = attempts
        .map(|attempts| attempts.expected_tokens())
        .unwrap_or_default()
        .iter()
        .map(ToString::to_string)
        .filter(|token| token != "BUILTIN_RULE" && !token.contains("..") && !token.trim().is_empty())
        .collect();
    words.sort();
    words.dedup();
    let rules = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } if of_rules >= at => positives.clone(),
        ErrorVariant::ParsingError { .. } | ErrorVariant::CustomError { .. } => Vec::new(),
    };
    Unread { place: Span::new(place.file, start, start + length), words, rules, too_deep: false }
}

/// Whether a line holds conditions inside conditions past what the reader's stack can bear: brackets, and
/// `not` or `every line` one after another.
fn too_deep(text: &str) -> bool {
    let (mut open, mut run) = (0_usize, 0_usize);
    for word in text.split_whitespace() {
        open += word.matches('(').count();
        open = open.saturating_sub(word.matches(')').count());
        run = if matches!(word.trim_start_matches('('), "not" | "every" | "line" | "") { run + 1 } else { 0 };
        if open + run > DEEPEST {
            return true;
        }
    }
    false
}

fn floor_char(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(rule: Rule, text: &str) -> String {
        let place = Span::new(0, 0, text.len());
        match Phrase::read(rule, text, place) {
            Ok(phrase) if phrase.text() == text => "whole".to_owned(),
            Ok(phrase) => format!("only {:?}", phrase.text()),
            Err(unread) => format!("{unread:?}"),
        }
    }

    #[test]
    fn phrases_are_read_whole() {
        for (rule, text) in [
            (Rule::condition, "status in [gold]"),
            (Rule::condition, "time is between 14:00 and 16:00 and weekday in [monday, tuesday]"),
            (
                Rule::condition,
                "(amount is at least 10 ILS or not first purchase) and store in [\"Gara de Nord\", Unirii]",
            ),
            (Rule::condition, "spend of items category in [coffee] in last 30 days is more than 50 RON"),
            (Rule::condition, "spend in calendar year is at least 100 RON and not in segment vip"),
            (Rule::condition, "every line category in [coffee]"),
            (
                Rule::condition,
                "category not in [tobacco] and member.plan is executive and points star in ever is at most 7 stars",
            ),
            (Rule::condition, "consecutive weeks with activity workout is at least 3 and birthday within 7 days"),
            (Rule::condition, "days since last purchase is at least 60 days and stamps on coffee is 9"),
            (Rule::condition, "total of items category in [coffee] is at least 20 RON"),
            (
                Rule::condition,
                "distinct stores in last 3 months is at least 2 and sum of minutes in calendar week is at least 30",
            ),
            (Rule::condition, "קבוצה in [זהב] and sku in list_a and עמודה exists"),
            (Rule::basis, "total after discounts with tax, without category in [gift_card, tobacco]"),
            (Rule::basis, "items, with category in [coffee]"),
            (Rule::window, "last 365 days"),
            (Rule::window, "calendar quarter"),
            (Rule::rule_give, "give 1 star per 2 RON"),
            (Rule::rule_give, "give +100% of base"),
            (Rule::rule_give, "give +50% of base, with category in [coffee]"),
            (Rule::rule_give, "give 5% back as cash"),
            (Rule::rule_give, "give 50 stars"),
            (Rule::rule_give, "give gift free_coffee"),
            (Rule::rule_give, "give 1 stamp on coffee"),
            (Rule::rule_give, "give level gold of status until 2026-12-31"),
            (Rule::rule_give, "give level gold of status for 3 months"),
            (Rule::rule_give, "give 100 stars to referrer"),
            (Rule::rule_give, "give 100 stars expiring 30 days after"),
            (Rule::rule_give, "give by scale: from 0 RON 1 star per 10 RON, from 100 RON 2 stars per 10 RON"),
            (Rule::rule_give, "give by step: from 7000 steps 3 stars, from 10000 steps 5 stars"),
            (Rule::rule_give, "give 6 miles per 1 GBP, or 7 when status is bronze, or 8 when status is silver"),
            (Rule::rule_give, "give 1 star per full 2 RON"),
            (Rule::points_worth, "worth 0.05 RON each"),
        ] {
            assert_eq!(whole(rule, text), "whole", "{text}");
        }
    }

    #[test]
    fn stops_where_the_reader_went_wrong() {
        let text = "when time is betwen 14:00 and 16:00";
        let unread = Phrase::read(Rule::rule_when, text, Span::new(0, 100, 100 + text.len())).expect_err("misspelled");
        assert_eq!((unread.place.start, unread.place.end), (120, 125), "{unread:?}");
    }
}
