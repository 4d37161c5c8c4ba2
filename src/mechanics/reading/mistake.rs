//! Messages that any clause may need.

use super::Names;
use crate::diag::Message;
use crate::syntax::Rule;
use crate::syntax::clause::Unread;
use crate::text::{Sources, Span, closest};
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// What can be wrong with any clause.
#[allow(missing_docs)] // the fields are the words of the messages
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mistake {
    /// The line does not read as its clause should.
    Unread { place: Span, found: String, expected: String, near: Option<String>, like: Option<String> },
    /// A number with a minus sign.
    BelowNought { place: Span, found: String },
    /// A slip that many make.
    Slip { place: Span, found: String, mend: String },
    /// The block has no such clause.
    UnknownClause { place: Span, keyword: String, block: &'static str, near: Option<String>, known: String },
    /// A clause that may be said once was said again.
    SaidTwice { place: Span, first: Span, keyword: String },
    /// No such thing was declared.
    UnknownName { place: Span, name: String, kind: &'static str, near: Option<String>, is: Option<&'static str> },
    /// The tiers block has no such level.
    UnknownLevel { place: Span, name: String, tiers: String, near: Option<String>, levels: String },
    /// Another currency than the program's.
    OtherMoney { place: Span, got: String, money: String },
    /// Another points unit than the one that fits.
    OtherUnit { place: Span, got: String, wanted: String },
    /// A number past what can be counted.
    TooLarge { place: Span, number: String },
    /// A stretch of days that no calendar has.
    TooLong { place: Span, length: String },
    /// The calendar has no such day.
    NoSuchDay { place: Span, date: String },
    /// The clock has no such time.
    NoSuchTime { place: Span, time: String },
}

impl Mistake {
    /// A line that could not be read: where, what stands there, what could, and the closest word.
    pub fn unread(sources: &Sources, names: &Names, line: Span, keyword: &str, unread: Unread) -> Self {
        let before = Span { end: unread.place.start, ..line };
        let last_word = sources.slice(before).split_whitespace().next_back().unwrap_or("").to_owned();
        let found = sources.slice(unread.place).to_owned();
        let figure = found.strip_prefix(['-', '−']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if figure && !found.trim_start_matches(['-', '−']).contains('-') {
            return Mistake::BelowNought { place: unread.place, found };
        }
        let words: Vec<&str> =
            unread.words.iter().map(String::as_str).filter(|word| !matches!(*word, "#" | "." | "\"")).collect();
        // The misspelled word is the one where reading stopped, or the one before it, which was
        // taken for a name.
        // Where reading stopped inside the word (`form`, of which `for` is read), no word is expected there.
        let among = if expected(&words, &unread.rules).is_empty() && words.is_empty() && !names.knows(&found) {
            WORDS
        } else {
            words.as_slice()
        };
        let at_found = near_word(&found, among).filter(|_| !names.knows(&found));
        // A comma ends a word that was read; and a word of the language, or of the program, is meant as it stands.
        let last_is_right = is_own(&last_word) || names.knows(&last_word) || last_word.ends_with(',');
        let at_last = near_word(&last_word, WORDS).filter(|_| !last_is_right);
        let (place, found, near) = match (at_found, at_last) {
            (Some(near), _) => {
                let near = in_number(&found, near, &words);
                (unread.place, found, Some(near))
            }
            (None, Some(near)) if last_word != keyword => {
                let end = sources.slice(before).trim_end().len() + line.start as usize;
                (Span::new(line.file, end - last_word.len(), end), last_word, Some(near.to_owned()))
            }
            (None, _) => (unread.place, found, None),
        };
        let expected = expected(&words, &unread.rules);
        Mistake::Unread { place, found, expected, near, like: None }
    }

    /// The same with how the clause is written.
    pub fn like(self, line: String) -> Self {
        match self {
            Mistake::Unread { place, found, expected, near, .. } => {
                Mistake::Unread { place, found, expected, near, like: Some(line) }
            }
            other => other,
        }
    }
}

/// The word that was meant, in the plural when what stands there is one.
fn in_number(found: &str, near: &str, words: &[&str]) -> String {
    let plural = format!("{near}s");
    if found.ends_with('s') && words.contains(&plural.as_str()) { plural } else { near.to_owned() }
}

/// `a` or `an`, before a word.
pub(super) fn a(word: &str) -> String {
    let an = word.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U']);
    format!("{} {word}", if an { "an" } else { "a" })
}

/// Words of clauses that are often misspelled, for suggestions.
const WORDS: &[&str] = &[
    "and",
    "or",
    "not",
    "is",
    "in",
    "with",
    "without",
    "when",
    "per",
    "of",
    "on",
    "to",
    "from",
    "until",
    "at",
    "least",
    "most",
    "more",
    "less",
    "than",
    "between",
    "exists",
    "expiring",
    "every",
    "member",
    "day",
    "days",
    "week",
    "weeks",
    "month",
    "months",
    "quarter",
    "year",
    "years",
    "hours",
    "calendar",
    "membership",
    "last",
    "since",
    "joining",
    "campaign",
    "ever",
    "each",
    "after",
    "before",
    "earning",
    "end",
    "next",
    "drop",
    "one",
    "level",
    "keep",
    "start",
    "over",
    "down",
    "up",
    "nearest",
    "half",
    "even",
    "receipt",
    "line",
    "rule",
    "purchase",
    "purchases",
    "visit",
    "visits",
    "items",
    "item",
    "total",
    "spend",
    "points",
    "activity",
    "category",
    "weekday",
    "segment",
    "gift",
    "coupon",
    "times",
    "time",
    "all",
    "best",
    "first",
    "full",
    "back",
    "as",
    "stamps",
    "stamp",
    "lasts",
    "while",
    "measured",
    "plural",
    "zone",
    "starts",
    "discounts",
    "tax",
    "distinct",
    "consecutive",
    "expire",
    "never",
    "spent",
    "close",
    "warn",
    "cost",
    "costs",
    "counts",
    "worth",
    "value",
    "surplus",
    "carry",
    "discard",
    "reachable",
    "reward",
    "rewards",
    "loop",
    "free",
    "below",
    "earns",
    "return",
    "monthly",
    "within",
    "recompute",
    "verified",
    "accept",
    "gap",
    "field",
    "number",
    "minutes",
    "minute",
    "hour",
    "payout",
    "steps",
    "owe",
    "nothing",
    "late",
    "events",
    "join",
    "event",
    "objective",
    "reach",
    "once",
    "gives",
    "life",
    "benefit",
    "match",
    "stock",
    "valid",
    "forever",
    "choose",
    "experience",
    "service",
];

/// Whether a word is one of the language's.
pub(super) fn is_word(word: &str) -> bool {
    WORDS.contains(&word)
}

/// Whether a word is one of the language's, or one slip of a letter from it.
pub(super) fn is_nearly_word(word: &str) -> bool {
    WORDS.iter().any(|known| strsim::damerau_levenshtein(word, known) <= 1)
}

const END: &str = "the end of the line";

/// What a reader calls a phrase.
fn reader_word(rule: Rule) -> Option<&'static str> {
    match rule {
        Rule::EOI => Some(END),
        Rule::number => Some("a number"),
        Rule::whole => Some("a whole number"),
        Rule::percent => Some("a percentage such as 5%"),
        Rule::money => Some("an amount of money such as 10 EUR"),
        Rule::currency => Some("a currency such as EUR"),
        Rule::quantity => Some("a number with its unit"),
        Rule::unit => Some("a unit"),
        Rule::name => Some("a name"),
        Rule::text => Some("a text in quotes"),
        Rule::date => Some("a date such as 2026-02-03"),
        Rule::time => Some("a time such as 14:00"),
        Rule::monthday => Some("a day such as 12-31"),
        Rule::length => Some("a length such as 12 months"),
        Rule::window => Some("a window such as last 30 days"),
        Rule::condition => Some("a condition"),
        Rule::measure => Some("something to look at, such as category"),
        Rule::how => Some("`is`"),
        Rule::period => Some("day, week, month, quarter or year"),
        Rule::rate_per => Some("what it is for, such as 2 EUR,"),
        Rule::set => Some("values in brackets, such as [coffee, tea]"),
        Rule::who => Some("a member"),
        Rule::event_word => Some("an event such as purchase"),
        Rule::value => Some("a value"),
        Rule::basis => Some("what is counted, such as total"),
        _ => None,
    }
}

/// What could stand where reading stopped, in words: nothing when there is too much of it to help.
fn expected(words: &[&str], rules: &[Rule]) -> String {
    let said: Vec<&str> = words
        .iter()
        .copied()
        // Not marks, and not `days` beside `day`.
        .filter(|word| word.starts_with(|c: char| c.is_alphabetic() || c == '['))
        .filter(|word| !word.strip_suffix('s').is_some_and(|one| words.contains(&one)))
        .collect();
    let mut all: Vec<String> = rules.iter().filter_map(|rule| reader_word(*rule)).map(str::to_owned).collect();
    all.extend(said.iter().map(|word| format!("`{word}`")));
    // The end of the line is the last thing to be thought of.
    all.sort_by_key(|one| (one == END, one.starts_with('`'), one.clone()));
    all.dedup();
    match all.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] if all.len() <= 5 => format!("{} or {last}", rest.join(", ")),
        _ => String::new(),
    }
}

/// The word that was meant, where one is so near that hardly another can be: one letter off in a short word, two in a
/// long one that begins alike.
fn near_word<'w>(word: &str, among: &[&'w str]) -> Option<&'w str> {
    let near = closest(word, among).filter(|near| *near != word && is_slip(word, near))?;
    let length = word.chars().count().min(near.chars().count());
    let edits = strsim::damerau_levenshtein(&word.to_lowercase(), near);
    let alike = word.chars().next().map(|c| c.to_ascii_lowercase()) == near.chars().next();
    let allowed = if length > 5 && alike { 2 } else { 1 };
    (edits <= allowed).then_some(near)
}

/// Whether the language has the word anywhere: such a word is never a slip of another one.
fn is_own(word: &str) -> bool {
    static OWN: OnceLock<BTreeSet<&'static str>> = OnceLock::new();
    let grammars = [
        include_str!("../../../grammar/clause.pest"),
        include_str!("../../../grammar/rules.pest"),
        include_str!("../../../grammar/blocks.pest"),
        include_str!("../../../grammar/till.pest"),
    ];
    let own = OWN.get_or_init(|| {
        let lines = grammars.into_iter().flat_map(str::lines).filter(|line| !line.trim_start().starts_with("//"));
        let texts = lines.flat_map(|line| line.split('"').skip(1).step_by(2));
        texts.filter(|text| text.starts_with(|c: char| c.is_ascii_lowercase())).collect()
    });
    own.contains(word)
}

/// Whether a word is more likely a slip of another than a word of its own: in words of up to three letters, of
/// which many are near each other, a letter dropped, added or swapped, never one replaced.
fn is_slip(word: &str, near: &str) -> bool {
    let letters = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    let (a, b) = (letters(word), letters(near));
    !super::dimension::is_currency(word) && (a.len() > 3 || a.len() != b.len() || a == b)
}

impl Message for Mistake {
    fn code(&self) -> &'static str {
        match self {
            Mistake::Unread { .. } | Mistake::Slip { .. } => "cannot-read",
            Mistake::BelowNought { .. } => "below-nought",
            Mistake::UnknownClause { .. } => "unknown-clause",
            Mistake::SaidTwice { .. } => "said-twice",
            Mistake::UnknownName { .. } => "unknown-name",
            Mistake::UnknownLevel { .. } => "unknown-level",
            Mistake::OtherMoney { .. } => "other-money",
            Mistake::OtherUnit { .. } => "other-unit",
            Mistake::TooLarge { .. } | Mistake::TooLong { .. } => "number-too-large",
            Mistake::NoSuchDay { .. } => "no-such-day",
            Mistake::NoSuchTime { .. } => "no-such-time",
        }
    }

    fn says(&self) -> String {
        match self {
            Mistake::Unread { found, near: Some(near), .. } => {
                format!("`{found}` is not understood here; `{near}` is close")
            }
            Mistake::Unread { found, expected, .. } if found.is_empty() && expected.is_empty() => {
                "the line ends too early".to_owned()
            }
            Mistake::Unread { found, expected, .. } if found.is_empty() => {
                format!("the line ends where {expected} should follow")
            }
            Mistake::Unread { found, expected, .. } if expected.is_empty() => {
                format!("`{found}` does not fit here")
            }
            Mistake::Unread { found, expected, .. } => format!("`{found}` stands where {expected} should"),
            Mistake::BelowNought { found, .. } => format!("`{found}` is below zero, and no figure here can be"),
            Mistake::Slip { found, .. } => format!("`{found}` is not how it is written here"),
            Mistake::UnknownClause { keyword, block, .. } => {
                let a = if a(block).starts_with("an") { "an" } else { "a" };
                format!("{a} `{block}` block has no clause `{keyword}`")
            }
            Mistake::SaidTwice { keyword, .. } => format!("`{keyword}` is said twice"),
            Mistake::UnknownName { name, kind, is: Some(is), .. } => format!("`{name}` is {}, not {}", a(is), a(kind)),
            Mistake::UnknownName { name, kind, .. } => format!("there is no {kind} called `{name}`"),
            Mistake::UnknownLevel { name, tiers, .. } => format!("`{tiers}` has no level `{name}`"),
            Mistake::OtherMoney { got, money, .. } => {
                format!("this amount is in {got}, the program's money is {money}")
            }
            Mistake::OtherUnit { got, wanted, .. } => format!("`{got}` stands where `{wanted}` is counted"),
            Mistake::TooLarge { number, .. } => format!("{number} is more than can be counted here"),
            Mistake::TooLong { length, .. } => format!("{length} is longer than any calendar"),
            Mistake::NoSuchDay { date, .. } => format!("the calendar has no day {date}"),
            Mistake::NoSuchTime { time, .. } => format!("the clock has no time {time}"),
        }
    }

    fn place(&self) -> Span {
        match self {
            Mistake::Unread { place, .. }
            | Mistake::Slip { place, .. }
            | Mistake::BelowNought { place, .. }
            | Mistake::UnknownClause { place, .. }
            | Mistake::SaidTwice { place, .. }
            | Mistake::UnknownName { place, .. }
            | Mistake::UnknownLevel { place, .. }
            | Mistake::OtherMoney { place, .. }
            | Mistake::OtherUnit { place, .. }
            | Mistake::TooLarge { place, .. }
            | Mistake::TooLong { place, .. }
            | Mistake::NoSuchDay { place, .. }
            | Mistake::NoSuchTime { place, .. } => *place,
        }
    }

    fn related(&self) -> Vec<(Span, String)> {
        match self {
            Mistake::SaidTwice { first, .. } => vec![(*first, "said here first".to_owned())],
            Mistake::Unread { .. }
            | Mistake::BelowNought { .. }
            | Mistake::Slip { .. }
            | Mistake::UnknownClause { .. }
            | Mistake::UnknownName { .. }
            | Mistake::UnknownLevel { .. }
            | Mistake::OtherMoney { .. }
            | Mistake::OtherUnit { .. }
            | Mistake::TooLarge { .. }
            | Mistake::TooLong { .. }
            | Mistake::NoSuchDay { .. }
            | Mistake::NoSuchTime { .. } => Vec::new(),
        }
    }

    fn why(&self) -> String {
        match self {
            Mistake::Unread { .. } | Mistake::Slip { .. } => {
                "A line that cannot be read decides nothing, so the program does not run."
            }
            Mistake::BelowNought { .. } => {
                "The words of a line say which way it goes: `take` takes off, `give` gives, `costs` costs."
            }
            Mistake::UnknownClause { .. } => "A line the block does not have would silently do nothing for customers.",
            Mistake::SaidTwice { .. } => "Two answers to one question: customers could be told either.",
            Mistake::UnknownName { .. } | Mistake::UnknownLevel { .. } => {
                "A rule that names something unknown never applies."
            }
            Mistake::OtherMoney { .. } => "Amounts of two currencies cannot be added or compared without a rate.",
            Mistake::OtherUnit { .. } => "Two kinds of points are as different as two currencies.",
            Mistake::TooLarge { .. } => "Counts here go up to 4294967295.",
            Mistake::TooLong { .. } => "Days here go up to 2147483647.",
            Mistake::NoSuchDay { .. } => "A rule cannot begin or end on a day that does not exist.",
            Mistake::NoSuchTime { .. } => "Times go from 00:00 to 23:59.",
        }
        .to_owned()
    }

    fn mend(&self) -> String {
        match self {
            Mistake::Slip { mend, .. } => mend.clone(),
            Mistake::BelowNought { found, .. } => {
                format!("write it without the minus sign: `{}`", found.trim_start_matches(['-', '−']))
            }
            Mistake::Unread { near: Some(near), .. } => format!("write `{near}`"),
            Mistake::Unread { like: Some(like), .. } => like.clone(),
            Mistake::Unread { expected, .. } if !expected.is_empty() => format!("put {expected} here"),
            Mistake::Unread { .. } => "write the line as the language page shows it".to_owned(),
            Mistake::UnknownClause { near: Some(near), .. } => format!("did you mean: `{near}`"),
            Mistake::UnknownClause { known, .. } => format!("its clauses are: {known}"),
            Mistake::SaidTwice { .. } => "keep one of the two lines".to_owned(),
            Mistake::UnknownName { near: Some(near), .. } => format!("did you mean `{near}`?"),
            Mistake::UnknownName { name, kind, .. } => {
                format!("declare {} `{name}`, or name one that is declared", a(kind))
            }
            Mistake::UnknownLevel { near: Some(near), .. } => format!("did you mean `{near}`?"),
            Mistake::UnknownLevel { levels, .. } => format!("its levels are: {levels}"),
            Mistake::OtherMoney { money, .. } => format!("write the amount in {money}"),
            Mistake::OtherUnit { wanted, .. } => format!("write `{wanted}`"),
            Mistake::TooLarge { .. } | Mistake::TooLong { .. } => {
                "write a smaller number, or leave the line out for no limit".to_owned()
            }
            Mistake::NoSuchDay { .. } => "write an existing day, as year-month-day: 2026-02-28".to_owned(),
            Mistake::NoSuchTime { .. } => "write an existing time, as hours:minutes: 14:00".to_owned(),
        }
    }
}
