//! Slips that people make because other languages, spreadsheets or speech would have it so: kept as data, each
//! with the form that is meant. They are looked up where reading stopped.

use super::dimension::MONTHS;
use super::lists;
use super::names::{Kind, Names};
use crate::mechanics::table::BlockSpec;
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

/// Where a slip begins and ends in its line, and what mends it.
pub(super) type Found = (usize, usize, String);

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
    any(&["is", "before"], "write `is less than`"),
    any(&["is", "after"], "write `is more than`"),
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
    of(
        &["when", "except"],
        &["no", "line"],
        "write `not` before what a line would be: `not category in [coffee]` holds when no line is of it",
    ),
    of(&["give"], &["back", "on"], "write what comes back: `give 5% back as cash`"),
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

/// The clause that another word is meant for, where the block has it.
pub fn clause(keyword: &str, known: &[&'static str]) -> Option<&'static str> {
    let (_, meant) = CLAUSES.iter().find(|(slip, _)| *slip == keyword)?;
    known.iter().copied().find(|clause| clause == meant)
}

/// The slip in a line (which begins at `begin`, of a block of that kind) that could not be read.
pub fn find(
    names: &Names,
    block: Option<&'static BlockSpec>,
    keyword: &str,
    line: &str,
    begin: Span,
    unread: &Unread,
) -> Option<Slip> {
    let stop = unread.place.start.checked_sub(begin.start)? as usize;
    let (before, rest) = line.split_at_checked(stop)?;
    let is_fits = unread.words.iter().any(|word| word == "is") || unread.rules.contains(&Rule::how);
    let words = words_of(before, rest);
    let at = words.iter().position(|(place, _)| *place >= stop).unwrap_or(words.len());
    let slip = |(from, to, mend): (usize, usize, String)| {
        let place = |at: usize| begin.start as usize + at;
        Slip { place: Span::new(begin.file, place(from), place(to)), mend }
    };
    // An example speaks of events in a way of its own.
    let tells = matches!(keyword, "given" | "expect") || (keyword == "on" && block.is_some_and(BlockSpec::is_example));
    let found = figure(line, &words, at)
        .or_else(|| if tells { None } else { lists::alternatives(line, &words, at) })
        .or_else(|| if tells { None } else { two_words(line, &words, at, is_fits) })
        .or_else(|| if keyword == "expect" { lists::expectation(names, line, &words) } else { None })
        .or_else(|| if keyword == "given" { lists::given_event(&words) } else { None })
        .or_else(|| turned(names, &words, at))
        .or_else(|| colon(keyword, line))
        .or_else(|| of_form(keyword, line, &words, at))
        .or_else(|| limited(keyword, &words, at))
        .or_else(|| known(keyword, &words, at))
        .or_else(|| own_line(block, keyword, line, &words, at, unread));
    found.map(slip)
}

/// Something to look at over a time, which does not say over which: `points star is at least 100`. Its place.
pub fn without_window(line: &str, begin: Span, unread: &Unread) -> Option<Span> {
    let stop = unread.place.start.checked_sub(begin.start)? as usize;
    let (before, rest) = line.split_at_checked(stop)?;
    let wanted = unread.rules.contains(&Rule::window) || unread.words.iter().any(|word| word == "calendar");
    if !wanted || rest.split_whitespace().next() != Some("is") {
        return None;
    }
    let words = words_of(before, "");
    let joins = |word: &str| matches!(word, "when" | "except" | "accept" | "and" | "or" | "not" | "line");
    let last = words.iter().rposition(|(_, word)| joins(word))?;
    let (from, first) = *words.get(last + 1)?;
    // What is counted by the receipt needs no window.
    let measured = matches!(first, "points" | "activity" | "sum" | "distinct" | "spend" | "visits" | "purchases");
    let place = |at: usize| begin.start as usize + at;
    measured.then(|| Span::new(begin.file, place(from), place(before.trim_end().len())))
}

/// `give: 5 stars`.
fn colon(keyword: &str, line: &str) -> Option<Found> {
    let glued = line.strip_prefix(keyword)?;
    let gap = glued.len() - glued.trim_start().len();
    let is_colon = glued.trim_start().starts_with(':');
    is_colon.then(|| (0, keyword.len() + gap + 1, format!("write `{keyword}` without the colon")))
}

/// Words that slip, from the table.
fn known(keyword: &str, words: &[(usize, &str)], at: usize) -> Option<Found> {
    for word in WORDS.iter().filter(|word| word.clauses.is_empty() || word.clauses.contains(&keyword)) {
        // It may begin where reading stopped, or a word or two before.
        for first in (at.saturating_sub(2)..=at).rev() {
            let said = words.get(first..first + word.words.len());
            let fits =
                |said: &[(usize, &str)]| said.iter().zip(word.words).all(|((_, a), b)| a.eq_ignore_ascii_case(b));
            // `is between` is said already: something else is wrong with it.
            let has_is = first > 0 && words[first - 1].1 == "is" && word.mend.starts_with("write `is ");
            if let Some(said) = said.filter(|said| fits(said) && !has_is)
                && let (Some((from, _)), Some((last, end))) = (said.first(), said.last())
            {
                return Some((*from, last + end.len(), word.mend.to_owned()));
            }
        }
    }
    None
}

/// Forms of `give`, of `member for` and of `of items` that are nearly right.
fn of_form(keyword: &str, line: &str, words: &[(usize, &str)], at: usize) -> Option<Found> {
    let word = |at: usize| words.get(at).map_or("", |(_, word)| *word);
    let end = |at: usize| words.get(at).map_or(line.len(), |(place, word)| place + word.len());
    let begin = |at: usize| words.get(at).map_or(line.len(), |(place, _)| *place);
    let back = |by: usize| at.checked_sub(by).map_or("", word);
    let banded = line.contains(" by scale") || line.contains(" scale:");
    if keyword == "give" && (banded || line.contains(" by step")) {
        let form = if banded { "scale" } else { "step" };
        let like = if banded {
            "`give by scale: from 0 EUR 1 star per 10 EUR, from 100 EUR 2 stars per 10 EUR`"
        } else {
            "`give by step: from 100 EUR 5 stars, from 200 EUR 15 stars`"
        };
        if back(1) == "full" && back(2) == "per" || word(at) == "full" && back(1) == "per" {
            let full = if word(at) == "full" { at } else { at - 1 };
            let mend = "leave `full` out: a band gives for every part of its money; for whole steps only, write a line of \
                        its own, `give 1 star per full 10 EUR`, or round down";
            return Some((begin(full), end(full), mend.to_owned()));
        }
        if let Some(of) = (0..words.len()).find(|of| word(*of) == form)
            && at == of + 1
        {
            return Some((
                begin(of),
                end(at),
                format!("put a colon behind `{form}`, and `from` before each part: {like}"),
            ));
        }
        let first = line.split(':').nth(1).map(str::trim_start).unwrap_or_default();
        if is_number(first) {
            let place = line.find(first)?;
            let upto = first.find(char::is_whitespace).map_or(line.len(), |gap| place + gap);
            return Some((place, upto, format!("say first from where it holds: {like}")));
        }
    }
    // `give +50% base`
    if keyword == "give" && back(1).ends_with('%') && is_number(back(1).trim_start_matches('+')) && !is_number(word(at))
    {
        let given = back(1);
        let plain = !matches!(word(at), "" | "back" | "of" | "cashback" | "percent" | "off");
        if plain {
            return Some((begin(at - 1), end(at), format!("write `{given} of {}`", word(at))));
        }
    }
    // `or 8 stars per 1 RON when …`
    if keyword == "give" && word(at) == "per" && back(3) == "or" {
        return Some((begin(at - 3), end(at), format!("write the other figure alone: `or {} when …`", back(2))));
    }
    // `member for less than 30 days`
    let of = (at.saturating_sub(3)..=at).find(|of| word(*of) == "for" && *of > 0 && word(of - 1) == "member");
    if let Some(of) = of {
        let (least, skip) = match (word(of + 1), word(of + 2)) {
            ("less", "than") | ("at", "most") => (false, 3),
            ("under" | "below", _) => (false, 2),
            ("more", "than") => (true, 3),
            ("over" | "above", _) => (true, 2),
            (number, _) if is_number(number) => (true, 1),
            _ => return None,
        };
        let length = (word(of + skip), word(of + skip + 1));
        let not = if least { "" } else { "not " };
        let mend = format!("write `{not}member for at least {} {}`", length.0, length.1);
        return (is_number(length.0) && !length.1.is_empty()).then(|| (begin(of - 1), end(of + skip + 1), mend));
    }
    of_whole_purchases(line, words, at)
}

/// What is asked of whole purchases, and said of some of their items or of a window.
fn of_whole_purchases(line: &str, words: &[(usize, &str)], at: usize) -> Option<Found> {
    let word = |at: usize| words.get(at).map_or("", |(_, word)| *word);
    let begin = |at: usize| words.get(at).map_or(line.len(), |(place, _)| *place);
    let of = (at.saturating_sub(1)..=at).find(|of| word(*of) == "of" && word(of + 1) == "items");
    let before = &line[..begin(of.unwrap_or(at))];
    if let Some(of) = of {
        let place = (begin(of), begin(of + 1) + "items".len());
        let mend = if before.trim_end().ends_with("days since last purchase") {
            "days since the last purchase look at whole purchases; say how many there were in those days: \
             `purchases of items category in [coffee] in last 30 days is 0`"
        } else if before.contains("consecutive ") {
            "a streak looks at whole purchases; say how many there were: \
             `purchases of items category in [coffee] in last 4 weeks is at least 4`"
        } else if before.contains("reduced price") {
            "the share looks at all that was bought; leave `of items …` out"
        } else {
            return None;
        };
        return Some((place.0, place.1, mend.to_owned()));
    }
    let window = |at: usize| word(at) == "in" && matches!(word(at + 1), "calendar" | "last" | "membership");
    let within = (at.saturating_sub(2)..=at).find(|at| window(*at))?;
    before.contains("consecutive ").then(|| {
        let mend = "a streak goes back from now as far as it holds: leave the window out";
        (begin(within), begin(at) + word(at).len(), mend.to_owned())
    })
}

/// A limit over a time that is none: `per receipt`, `per 7 days`.
fn limited(keyword: &str, words: &[(usize, &str)], at: usize) -> Option<Found> {
    if !matches!(keyword, "limit" | "cap" | "earn" | "transfer" | "at") {
        return None;
    }
    let word = |at: usize| words.get(at).map_or("", |(_, word)| *word);
    let per =
        (at.saturating_sub(1)..=at).find(|per| matches!(word(*per), "per" | "in") && word(per + 1) != "member")?;
    let (said, next) = (word(per + 1), word(per + 2));
    // Nothing stands before it that could be limited, or the time is said well.
    const TIMES: &[&str] = &["day", "week", "month", "quarter", "year", "calendar", "last", "membership", "campaign"];
    if per < 2 || said.is_empty() || matches!(said, "a" | "each" | "every") || TIMES.contains(&said) {
        return None;
    }
    let (from, last) = (words[per].0, words.get(per + 2).filter(|_| said.starts_with(|c: char| c.is_ascii_digit())));
    let (place, end) = *last.or_else(|| words.get(per + 1))?;
    let mend = match said.starts_with(|c: char| c.is_ascii_digit()) {
        true if !next.is_empty() => format!("write `in last {said} {next}`"),
        _ => "write over which time: `per day`, `per week`, `per month`, `per year`, `in last 7 days`, `since joining` or \
              `ever`"
            .to_owned(),
    };
    Some((from, place + end.len(), mend))
}

/// A clause that stands behind another on one line.
fn own_line(
    block: Option<&'static BlockSpec>,
    keyword: &str,
    line: &str,
    words: &[(usize, &str)],
    at: usize,
    unread: &Unread,
) -> Option<Found> {
    let (from, word) = *words.get(at).filter(|_| at > 0)?;
    let block = block.filter(|block| !block.is_example())?;
    if keyword == "give" && word == "at" && words.get(at + 1).is_some_and(|next| next.1 == "most") {
        let rest: Vec<&str> = words[at + 2..].iter().take(2).map(|(_, word)| *word).collect();
        let mend = format!("write the most as a line of its own: `limit {} per member per day`", rest.join(" "));
        return Some((from, line.trim_end().len(), mend));
    }
    let begins = block.clauses.iter().any(|clause| clause.keyword == word);
    if !begins || word == keyword || unread.words.iter().any(|expected| expected == word) {
        return None;
    }
    let rest = line[from..].split([',', '\n']).next().unwrap_or_default().trim_end();
    Some((from, from + rest.len(), format!("write it as a line of its own: `{rest}`")))
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
    if let Some(date) = date(word).filter(|date| date != word) {
        return Some((from, to, format!("write `{date}`: year, month, day")));
    }
    if let Some(time) = short_time(word) {
        return Some((from, to, format!("write `{time}`: two figures for the hours, two for the minutes")));
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

/// `4:00` as `04:00`.
fn short_time(word: &str) -> Option<String> {
    let (hours, minutes) = word.split_once(':')?;
    let figures =
        |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let short = figures(hours, 2) && figures(minutes, 2) && (hours.len() == 1 || minutes.len() == 1);
    short.then(|| format!("{hours:0>2}:{minutes:0>2}"))
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
    let starts_late =
        words.get(at.checked_sub(2)?).is_some_and(|word| word.1 == "when" || word.1 == "and" || word.1 == "or");
    if is_fits && starts_late && plain(value.1) && more.1 == "does" && words.get(at + 1).is_some_and(|w| w.1 == "not") {
        let end = words.get(at + 2).map_or(line.len(), |(place, word)| place + word.len());
        return Some((value.0, end, format!("write `not {} exists`", value.1)));
    }
    // One letter off a word of the language is a misspelling of it, told as such.
    let parted = line[value.0 + value.1.len()..more.0].contains(|c: char| !c.is_whitespace());
    if super::mistake::is_nearly_word(more.1) || parted {
        return None;
    }
    let alone = words.get(at + 1).is_none_or(|next| matches!(next.1, "and" | "or"));
    if is_fits && starts_late && alone && plain(value.1) && plain(more.1) {
        return Some((value.0, more.0 + more.1.len(), format!("write `{} is {}`", value.1, more.1)));
    }
    if starts && plain(value.1) && plain(more.1) && !super::mistake::is_word(value.1) {
        // All words up to the next of the language's: `is Gara de Nord`.
        let joins = |word: &str| ["and", "or", "not", "is", "in", "exists", "when"].contains(&word);
        let rest = words[at + 1..].iter().take_while(|(_, word)| plain(word) && !joins(word));
        let (last, word) = rest.last().copied().unwrap_or(more);
        let said = line[value.0..last + word.len()].trim();
        let one_blank = said.split_whitespace().collect::<Vec<_>>().join(" ");
        return Some((value.0, last + word.len(), format!("write `\"{one_blank}\"`")));
    }
    None
}

/// Whether a word begins as a number does.
pub(super) fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
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
