//! Slips that people make because other languages, spreadsheets or speech would have it so: kept as data, each
//! with the form that is meant. They are looked up where reading stopped.

use super::names::{Kind, Names};
use crate::syntax::Rule;
use crate::syntax::clause::Unread;
use crate::text::Span;

/// A slip found in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// The words that slipped.
    pub place: Span,
    /// The right form.
    pub mend: String,
}

/// Words that slip and what is written instead.
struct Word {
    /// In these clauses; empty: in any.
    clauses: &'static [&'static str],
    /// As they stand, in small letters, where reading stopped or ending there.
    words: &'static [&'static str],
    /// What mends it.
    mend: &'static str,
}

const fn any(words: &'static [&'static str], mend: &'static str) -> Word {
    Word { clauses: &[], words, mend }
}

const fn of(clauses: &'static [&'static str], words: &'static [&'static str], mend: &'static str) -> Word {
    Word { clauses, words, mend }
}

const WORDS: &[Word] = &[
    of(&["give"], &["for", "every"], "write `per`: `give 1 star per 2 EUR`"),
    of(&["give"], &["for", "each"], "write `per`: `give 1 star per 2 EUR`"),
    of(&["give", "stamp"], &["every"], "write `per`: `give 1 star per 2 EUR`"),
    of(&["give", "stamp"], &["each"], "write what it is for, behind `per`: `give 1 star per 2 EUR`"),
    of(&["give"], &["for"], "write `per`: `give 1 star per 2 EUR`"),
    of(
        &["give"],
        &["double"],
        "write it as a bonus: `give +100% of base`, with the name of the rule that gives the rest",
    ),
    of(
        &["give"],
        &["triple"],
        "write it as a bonus: `give +200% of base`, with the name of the rule that gives the rest",
    ),
    of(
        &["give"],
        &["twice"],
        "write it as a bonus: `give +100% of base`, with the name of the rule that gives the rest",
    ),
    of(&["give"], &["extra"], "leave `extra` out: `give 5 stars`"),
    of(&["give"], &["free"], "declare it as a `gift` block and write: `give gift NAME`"),
    of(&["give"], &["cashback"], "write `back as` and the unit: `give 5% back as cash`"),
    of(&["limit", "cap", "earn", "transfer"], &["a"], "write `per`: `limit 2 times per member per week`"),
    of(&["limit", "cap", "earn", "transfer"], &["each"], "write `per`: `limit 2 times per member per week`"),
    of(&["limit", "cap", "earn", "transfer"], &["every"], "write `per`: `limit 2 times per member per week`"),
    of(&["limit"], &["day"], "say what is limited: `limit 1 time per member per day`"),
    of(&["limit"], &["per"], "say what is limited: `limit 1 time per member per day`"),
    of(&["on"], &["buy"], "write `purchase`"),
    of(&["on"], &["buying"], "write `purchase`"),
    of(&["on"], &["sale"], "write `purchase`"),
    of(&["on"], &["order"], "write `purchase`"),
    of(&["on"], &["transaction"], "write `purchase`"),
    of(&["on"], &["purchases"], "write `purchase`"),
    of(&["on"], &["visits"], "write `visit`"),
    of(&["on"], &["signup"], "write `join`"),
    of(&["on"], &["registration"], "write `join`"),
    of(&["on"], &["of"], "write it as a line of its own: `when category in [coffee]`"),
    of(&["on"], &["monday"], "write `on purchase`, and as a line of its own: `when weekday in [monday]`"),
    of(&["on"], &["weekend"], "write `on purchase`, and as a line of its own: `when weekday in [saturday, sunday]`"),
    of(&["from"], &["to"], "write the last day as a line of its own: `until 2026-12-31`"),
    of(&["from"], &["until"], "write the last day as a line of its own: `until 2026-12-31`"),
    any(&["is", "yes"], "leave `is yes` out: it holds or does not by itself"),
    any(&["is", "no"], "write `not` before it, and leave `is no` out"),
    any(&["is", "true"], "leave `is true` out: it holds or does not by itself"),
    any(&["is", "false"], "write `not` before it, and leave `is false` out"),
    any(&["is", "over"], "write `is more than`"),
    any(&["is", "above"], "write `is more than`"),
    any(&["is", "under"], "write `is less than`"),
    any(&["is", "greater"], "write `is more than`"),
    any(&["is", "bigger"], "write `is more than`"),
    any(&["is", "higher"], "write `is more than`"),
    any(&["is", "lower"], "write `is less than`"),
    any(&["is", "smaller"], "write `is less than`"),
    any(&["is", "fewer"], "write `is less than`"),
    any(&["is", "one"], "write the values in brackets: `in [coffee, tea]`"),
    any(&["is", "any"], "write the values in brackets: `in [coffee, tea]`"),
    any(&["equals"], "write `is`"),
    any(&["equal"], "write `is`"),
    any(&["percent"], "write the percentage with its sign: `5%`"),
    of(&["when", "except"], &["at", "least"], "write `is at least`"),
    of(&["when", "except"], &["at", "most"], "write `is at most`"),
    of(&["when", "except"], &["more", "than"], "write `is more than`"),
    of(&["when", "except"], &["less", "than"], "write `is less than`"),
    of(&["when", "except"], &["between"], "write `is between`"),
];

/// Clauses under other names, and what they are called.
const CLAUSES: &[(&str, &str)] = &[
    ("if", "when"),
    ("where", "when"),
    ("only", "when"),
    ("unless", "except"),
    ("excluding", "except"),
    ("get", "give"),
    ("gets", "give"),
    ("gives", "give"),
    ("award", "give"),
    ("reward", "give"),
    ("limit", "at"),
    ("max", "limit"),
    ("maximum", "limit"),
    ("starts", "from"),
    ("start", "from"),
    ("begins", "from"),
    ("ends", "until"),
    ("to", "until"),
    ("through", "until"),
    ("expires", "expire"),
    ("expiry", "expire"),
    ("rounding", "round"),
    ("currency", "money"),
    ("timezone", "clock"),
    ("cost", "costs"),
];

const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The clause that another word is meant for, where the block has it.
pub fn clause(keyword: &str, known: &[&'static str]) -> Option<&'static str> {
    let (_, meant) = CLAUSES.iter().find(|(slip, _)| *slip == keyword)?;
    known.iter().copied().find(|clause| clause == meant)
}

/// The slip in a line (which begins at `begin`) that could not be read.
pub fn find(names: &Names, keyword: &str, line: &str, begin: Span, unread: &Unread) -> Option<Slip> {
    let stop = unread.place.start.checked_sub(begin.start)? as usize;
    let (before, rest) = line.split_at_checked(stop)?;
    let is_fits = unread.words.iter().any(|word| word == "is") || unread.rules.contains(&Rule::how);
    let words = words_of(before, rest);
    let at = words.iter().position(|(place, _)| *place >= stop).unwrap_or(words.len());
    let slip = |from: usize, to: usize, mend: String| {
        let place = |at: usize| begin.start as usize + at;
        Some(Slip { place: Span::new(begin.file, place(from), place(to)), mend })
    };
    if let Some((from, to, mend)) = figure(line, &words, at) {
        return slip(from, to, mend);
    }
    if let Some((from, to, mend)) = two_words(line, &words, at, is_fits).or_else(|| turned(names, &words, at)) {
        return slip(from, to, mend);
    }
    if before.trim_end().ends_with(':')
        || rest.split_whitespace().next().is_some_and(|word| word == format!("{keyword}:"))
    {
        return slip(stop, stop + keyword.len() + 1, format!("write `{keyword}` without the colon"));
    }
    for word in WORDS.iter().filter(|word| word.clauses.is_empty() || word.clauses.contains(&keyword)) {
        // It may begin where reading stopped, or a word or two before.
        for first in (at.saturating_sub(2)..=at).rev() {
            let said = words.get(first..first + word.words.len());
            let fits =
                |said: &[(usize, &str)]| said.iter().zip(word.words).all(|((_, a), b)| a.eq_ignore_ascii_case(b));
            if let Some(said) = said.filter(|said| fits(said))
                && let (Some((from, _)), Some((last, end))) = (said.first(), said.last())
            {
                return slip(*from, last + end.len(), word.mend.to_owned());
            }
        }
    }
    None
}

/// The words of a line with where they begin, brackets and commas taken as blanks.
fn words_of<'l>(before: &'l str, rest: &'l str) -> Vec<(usize, &'l str)> {
    let mut words = Vec::new();
    for (from, part) in [(0, before), (before.len(), rest)] {
        for word in part.split([' ', '\t', ',', '[', ']', '(', ')', '\n', '\r']).filter(|word| !word.is_empty()) {
            // Of one text: where it stands is how far its beginning lies from the line's.
            let offset = word.as_ptr() as usize - part.as_ptr() as usize;
            words.push((from + offset, word));
        }
    }
    words
}

/// Dates, times and numbers written otherwise.
fn figure(line: &str, words: &[(usize, &str)], at: usize) -> Option<(usize, usize, String)> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (from, word) = *words.get(at)?;
    let to = from + word.len();
    if let Some(date) = date(word) {
        return Some((from, to, format!("write `{date}`: year, month, day")));
    }
    if let Some((first, last)) = word.split_once('-')
        && first.contains(':')
        && last.contains(':')
    {
        return Some((from, to, format!("write `is between {first} and {last}`")));
    }
    let (earlier, number) = *words.get(at.checked_sub(1)?)?;
    let end = earlier + number.len();
    let is_number =
        number.bytes().all(|b| b.is_ascii_digit() || b == b'.') && number.starts_with(|c: char| c.is_ascii_digit());
    if is_number && MONTHS.contains(&word.to_lowercase().as_str()) {
        return Some((earlier, to, "write the date as year, month, day: `2026-12-31`".to_owned()));
    }
    let part = word.trim_end_matches('%');
    let gap = &line[end..from];
    if is_number && digits(part) && (gap == "," || (gap.trim().is_empty() && part.len() == 3)) {
        let whole: String = number.chars().filter(char::is_ascii_digit).collect();
        let meant = match (gap, part.len()) {
            (_, 3) => format!("{whole}{part}"),
            (_, _) => format!("{whole}.{part}"),
        };
        let sign = &word[part.len()..];
        return Some((
            earlier,
            to,
            format!("write `{meant}{sign}`: a point before decimals, nothing between thousands"),
        ));
    }
    None
}

/// `01.02.2026`, `31/12/2026` or `2026-1-5` as the date it is, where only one date can be meant, else its shape.
fn date(word: &str) -> Option<String> {
    let parts: Vec<&str> = word.trim_end_matches('.').split(['.', '/', '-']).collect();
    let [a, b, c] = parts.as_slice() else { return None };
    let number = |part: &str| part.parse::<u32>().ok().filter(|_| part.len() <= 4);
    let (a_is, b_is, c_is) = (number(a)?, number(b)?, number(c)?);
    Some(match (a.len(), c.len()) {
        (4, 1..=2) => format!("{a}-{b_is:02}-{c_is:02}"),
        // With points, the day comes first; with strokes, who knows, unless it is past twelve.
        (1..=2, 4) if word.contains('.') || a_is > 12 => format!("{c}-{b_is:02}-{a_is:02}"),
        (1..=2, 4) if b_is > 12 => format!("{c}-{a_is:02}-{b_is:02}"),
        (_, _) => "2026-12-31".to_owned(),
    })
}

/// `EUR 10` or `stars 5`: the number comes first.
fn turned(names: &Names, words: &[(usize, &str)], at: usize) -> Option<(usize, usize, String)> {
    let is_number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let is_unit = |word: &str| super::dimension::is_currency(word) || names.find(Kind::Points, word).is_some();
    let turned = |unit: &(usize, &str), number: &(usize, &str)| {
        let fits = is_unit(unit.1) && is_number(number.1) && !number.1.contains([':', '-']);
        fits.then(|| (unit.0, number.0 + number.1.len(), format!("write the number first: `{} {}`", number.1, unit.1)))
    };
    let here = words.get(at)?;
    let before = at.checked_sub(1).and_then(|before| words.get(before)).filter(|_| at > 1);
    before.and_then(|before| turned(before, here)).or_else(|| turned(here, words.get(at + 1)?))
}

/// A value of two words that stands without quotes, or a comma left out.
fn two_words(line: &str, words: &[(usize, &str)], at: usize, is_fits: bool) -> Option<(usize, usize, String)> {
    let plain = |word: &str| word.chars().all(|c| c.is_alphabetic() || c == '_' || c == '\'') && !word.is_empty();
    let stop = words.get(at).map(|(place, _)| *place)?;
    // `in [Gift card, tobacco]`: reading stops at the bracket.
    let bracket = line[..stop].rfind('[').filter(|open| !line[*open..stop].contains(']'));
    if let Some(open) = bracket {
        let inside = &line[open + 1..];
        let inside = inside.split(']').next()?;
        let mut from = open + 1;
        for value in inside.split(',') {
            let trimmed = value.trim();
            let start = from + (value.len() - value.trim_start().len());
            if trimmed.contains(' ') && trimmed.split_whitespace().all(plain) {
                let commas = trimmed.split_whitespace().collect::<Vec<_>>().join(", ");
                let mend = format!("write `\"{trimmed}\"` if it is one value, or `{commas}` if it is more");
                return Some((start, start + trimmed.len(), mend));
            }
            from += value.len() + 1;
        }
        return None;
    }
    // `is Gift card`: reading stops at the second word.
    let (is, value, more) = (words.get(at.checked_sub(2)?)?, words[at - 1], words[at]);
    let starts = is.1 == "is" || (is.1 == "not" && words.get(at.checked_sub(3)?)?.1 == "is");
    // One letter off a word of the language is a misspelling of it, told as such.
    if super::mistake::is_nearly_word(more.1) {
        return None;
    }
    let starts_late =
        words.get(at.checked_sub(2)?).is_some_and(|word| word.1 == "when" || word.1 == "and" || word.1 == "or");
    if is_fits && starts_late && plain(value.1) && plain(more.1) {
        return Some((value.0, more.0 + more.1.len(), format!("write `{} is {}`", value.1, more.1)));
    }
    if starts && plain(value.1) && plain(more.1) && !super::mistake::is_word(value.1) {
        return Some((value.0, more.0 + more.1.len(), format!("write `\"{} {}\"`", value.1, more.1)));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_other_habits_are_read_where_only_one_can_be_meant() {
        for (word, meant) in [
            ("01.02.2026", Some("2026-02-01")),
            ("2026-1-5", Some("2026-01-05")),
            ("2026/01/31", Some("2026-01-31")),
            ("12/31/2026", Some("2026-12-31")),
            ("31/12/2026", Some("2026-12-31")),
            ("02/03/2026", Some("2026-12-31")),
            ("14:00", None),
            ("1.5", None),
        ] {
            assert_eq!(date(word).as_deref(), meant, "{word}");
        }
    }
}
