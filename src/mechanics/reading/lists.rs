//! Slips with several values, and the forms of `expect`: where a comma or an `or` stands for a list in brackets, and
//! where what is expected is said in other words.

use super::names::{Kind, Names};
use super::slips::{Found, is_number};

/// A token of a line: where it begins, and its text.
type Token<'l> = (usize, &'l str);

/// `status is silver or gold`, `category is food, drink`: a list of values; or a comma between two conditions.
pub(super) fn alternatives(line: &str, words: &[(usize, &str)], at: usize) -> Option<Found> {
    // The last `is` before reading stopped.
    let is = (1..at.min(words.len())).rev().find(|is| words[*is].1 == "is")?;
    let (measure, looked_at) = words[is - 1];
    let negated = words.get(is + 1).is_some_and(|next| next.1 == "not");
    let from = words.get(is + 1 + usize::from(negated))?.0;
    let tokens = tokens(line, from);
    let mut values: Vec<&str> = Vec::new();
    let (mut next, mut comma) = (0, None);
    while let Some((_, value)) = tokens.get(next).filter(|(_, value)| is_value(value)) {
        values.push(value);
        next += 1;
        let separator = tokens.get(next).map(|(_, text)| *text);
        match separator {
            Some(",") => {
                comma = Some((next, tokens[next].0));
                next += 1 + usize::from(tokens.get(next + 1).is_some_and(|(_, text)| *text == "or"));
            }
            Some("or") => next += 1,
            _ => break,
        }
    }
    let after = tokens.get(next).map(|(_, text)| *text);
    let whole = matches!(after, None | Some("and" | ")"));
    if values.len() > 1 && whole {
        let end = tokens.get(next).map_or(line.trim_end().len(), |(place, _)| *place);
        let in_list = if negated { "not in" } else { "in" };
        let mend = format!("write the values in brackets: `{looked_at} {in_list} [{}]`", values.join(", "));
        return Some((measure, line[..end].trim_end().len(), mend));
    }
    // `weekday is monday, amount is at least 10 RON`
    let (token, place) = comma?;
    let (rest, _) = *tokens.get(token + 1)?;
    let goes_on = line[rest..].split_whitespace().any(|word| matches!(word, "is" | "in" | "exists"));
    goes_on.then(|| (place, place + 1, "write `and` between two conditions that must both hold".to_owned()))
}

/// Whether a token can be a value of a list: a text in quotes, or a word that joins nothing.
fn is_value(token: &str) -> bool {
    const JOIN: &[&str] = &["and", "or", "not", "is", "in", "exists", "when", "at", "more", "less", "between"];
    let plain = |c: char| c.is_alphanumeric() || c == '_';
    token.starts_with('"')
        || token.starts_with(char::is_alphabetic) && token.chars().all(plain) && !JOIN.contains(&token)
}

/// The tokens of a line from a place on: texts in quotes, words, and marks by themselves.
fn tokens(line: &str, from: usize) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = from;
    while let Some(c) = line[at..].chars().next() {
        let rest = &line[at..];
        let length = match c {
            '#' => break,
            '"' => rest[1..].find('"').map_or(rest.len(), |end| end + 2),
            ',' | '[' | ']' | '(' | ')' => 1,
            c if c.is_whitespace() => c.len_utf8(),
            _ => rest.find(|c: char| c.is_whitespace() || ",[]()\"".contains(c)).unwrap_or(rest.len()),
        };
        if !c.is_whitespace() {
            tokens.push((at, &rest[..length]));
        }
        at += length;
    }
    tokens
}

/// What can be expected, for a reader who looks for the words of it.
pub(super) const EXPECTED: &str = "write one of: `ana earns 5 stars`, `earns nothing`, `has 5 stars`, `has 5 stars pending`, \
    `owes 5 stars`, `has gift cup`, `has 3 stamps on coffee`, `is gold in status`, `is rejected because not_enough`, \
    `gets 4 EUR off`, `completes NAME`, `has 2 entries in NAME`, `north pays 0.36 EUR`";

/// What is expected, said in words that are not the language's.
pub(super) fn expectation(names: &Names, line: &str, words: &[(usize, &str)]) -> Option<Found> {
    let word = |at: usize| words.get(at).map_or("", |(_, word)| *word);
    let end = |at: usize| words.get(at).map_or(line.len(), |(place, word)| place + word.len());
    for (at, (from, said)) in words.iter().enumerate() {
        let found = |last: usize, mend: String| Some((*from, end(last), mend));
        match (*said, word(at + 1)) {
            ("is", "refused" | "denied" | "declined") => {
                return found(at + 1, "write `is rejected because not_enough`, with the reason it is".to_owned());
            }
            ("is", "rejected") if !matches!(word(at + 2), "because" | "") => {
                return found(at + 2, format!("write `is rejected because {}`", word(at + 2)));
            }
            ("is", tiers) if names.find(Kind::Tiers, tiers).is_some() && !word(at + 2).is_empty() => {
                return found(at + 2, format!("write `is {} in {tiers}`", word(at + 2)));
            }
            ("has", "pending") if is_number(word(at + 2)) => {
                return found(at + 3, format!("write `has {} {} pending`", word(at + 2), word(at + 3)));
            }
            ("pays", _) if names.find(Kind::Partner, word(at.saturating_sub(1))).is_none() => {
                return found(at, "say what is taken off: `gets 4 EUR off`".to_owned());
            }
            ("because", reason) if word(at.saturating_sub(1)) == "nothing" && !reason.is_empty() => {
                let why = line[words[at + 1].0..].trim_end();
                if why.starts_with('"') {
                    continue;
                }
                let mend = format!("put the reason in quotes: `because \"{why}\"`");
                return Some((words[at + 1].0, line.trim_end().len(), mend));
            }
            _ => {}
        }
    }
    None
}

/// An event given as if it were a member: `given purchase 10 RON by ana`.
pub(super) fn given_event(words: &[(usize, &str)]) -> Option<Found> {
    let (from, event) = *words.get(1)?;
    is_event(event).then(|| (from, from + event.len(), GIVEN_EVENT.to_owned()))
}

/// Whether a word is an event that can be given.
pub fn is_event(word: &str) -> bool {
    matches!(word, "purchase" | "return" | "redeem" | "visit" | "activity" | "referral" | "subscribe" | "grant")
}

/// How an event is given.
pub const GIVEN_EVENT: &str = "write `on` and the day first: `given on 2026-01-06 purchase 10 EUR by ana`";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_words_texts_and_marks() {
        let line = "when store is \"Gara de Nord\", Unirii) # and more";
        let all: Vec<&str> = tokens(line, 0).into_iter().map(|(_, text)| text).collect();
        assert_eq!(all, ["when", "store", "is", "\"Gara de Nord\"", ",", "Unirii", ")"]);
    }
}
