//! Dimensions: what kind of thing a figure is. Two of one dimension compare and add; two of different
//! ones never do (section 6.7).

use super::clash::Clash;
use super::{Kind, Names, Reading, unquoted, weekday};
use crate::mechanics::activity::FieldKind;
use crate::mechanics::basis::{Basis, Distinct};
use crate::mechanics::condition::Value;
use crate::mechanics::{PointsId, TiersId};
use crate::syntax::{Phrase, Rule};
use crate::text::closest;
use crate::value::exact::Exact;

/// What kind of thing a figure or a word is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dimension {
    /// The program's money.
    Money,
    /// Points of one unit.
    Points(PointsId),
    /// So many of these: `items`, `visits`, `purchases`, `stamps`, `stores`; a bare number means the same.
    Count(String),
    /// A field declared with a unit, which must be said: `30 minutes`.
    Unit(String),
    /// A number without a unit.
    Plain,
    /// A share in percent.
    Percent,
    /// A part of five that members are ranked in.
    Quintile,
    /// Days; weeks are seven of them.
    Days,
    /// A month of the year: its number or its name.
    Month,
    /// Text.
    Text,
    /// One of these words.
    OneOf(Vec<String>),
    /// A time of day.
    Time,
    /// A day of the calendar.
    Date,
    /// A day of the week.
    Weekday,
    /// A level of a tiers block.
    Level(TiersId),
    /// A column of a file: what its cells hold is known only when they are read.
    Column,
}

impl Dimension {
    /// Whether one can be more than another.
    pub fn has_order(&self) -> bool {
        match self {
            Dimension::Money
            | Dimension::Points(_)
            | Dimension::Count(_)
            | Dimension::Unit(_)
            | Dimension::Plain
            | Dimension::Percent
            | Dimension::Quintile
            | Dimension::Days
            | Dimension::Month
            | Dimension::Time
            | Dimension::Date
            | Dimension::Level(_)
            | Dimension::Column => true,
            Dimension::Text | Dimension::OneOf(_) | Dimension::Weekday => false,
        }
    }

    /// The dimension of a number field.
    pub fn of_field(kind: &FieldKind) -> Dimension {
        match kind {
            FieldKind::Number(Some(unit)) => Dimension::Unit(unit.clone()),
            FieldKind::Number(None) => Dimension::Plain,
            FieldKind::Text => Dimension::Text,
            FieldKind::OneOf(words) => Dimension::OneOf(words.clone()),
        }
    }

    /// The same, where a field without a unit answers to its own name: `minutes is at least 30 minutes`.
    pub fn of_named_field(name: &str, kind: &FieldKind) -> Dimension {
        match kind {
            FieldKind::Number(None) => Dimension::Count(name.to_owned()),
            FieldKind::Number(Some(_)) | FieldKind::Text | FieldKind::OneOf(_) => Dimension::of_field(kind),
        }
    }

    /// What a reader calls it.
    pub fn words(&self, names: &Names) -> String {
        match self {
            Dimension::Money => match &names.money {
                Some((money, _)) => format!("money in {money}"),
                None => "money".to_owned(),
            },
            Dimension::Points(id) => format!("a number of {}", names.units(id.0)),
            Dimension::Count(of) => format!("a number of {of}"),
            Dimension::Unit(unit) => format!("a number of {unit}"),
            Dimension::Plain => "a bare number".to_owned(),
            Dimension::Percent => "a percentage".to_owned(),
            Dimension::Quintile => "a number from 1 to 5".to_owned(),
            Dimension::Days => "a number of days".to_owned(),
            Dimension::Month => "a month".to_owned(),
            Dimension::Text => "a text".to_owned(),
            Dimension::OneOf(words) => format!("one of the words {}", words.join(", ")),
            Dimension::Time => "a time of day".to_owned(),
            Dimension::Date => "a date".to_owned(),
            Dimension::Weekday => "a day of the week".to_owned(),
            Dimension::Level(id) => {
                format!("a level of `{}`", names.all(Kind::Tiers).get(id.0).map_or("", |one| one.name.as_str()))
            }
            Dimension::Column => "a bare number, a date or a text".to_owned(),
        }
    }

    /// A value of it, for the mend.
    fn example(&self, names: &Names, number: Option<&str>) -> String {
        let number = number.unwrap_or("10");
        match self {
            Dimension::Money => format!("{number} {}", names.money_word()),
            Dimension::Points(id) => format!("{number} {}", names.units(id.0)),
            Dimension::Count(of) => format!("{number} {of}"),
            Dimension::Unit(unit) => format!("{number} {unit}"),
            Dimension::Plain | Dimension::Column => number.to_owned(),
            Dimension::Percent => format!("{number}%"),
            Dimension::Quintile => "5".to_owned(),
            Dimension::Days => format!("{number} days"),
            Dimension::Month => "12".to_owned(),
            Dimension::Text => "\"Gara de Nord\"".to_owned(),
            Dimension::OneOf(words) => words.first().cloned().unwrap_or_default(),
            Dimension::Time => "14:00".to_owned(),
            Dimension::Date => "2026-12-24".to_owned(),
            Dimension::Weekday => "monday".to_owned(),
            Dimension::Level(id) => {
                names.levels.get(id.0).and_then(|levels| levels.last()).cloned().unwrap_or_else(|| "gold".to_owned())
            }
        }
    }
}

/// Whether two words name one thing, in singular or plural (section 3: a unit may stand in either).
pub fn same_word(a: &str, b: &str) -> bool {
    let plural = |one: &str, many: &str| {
        many.strip_suffix('s') == Some(one)
            || many.strip_suffix("es") == Some(one)
            || matches!((many.strip_suffix("ies"), one.strip_suffix('y')), (Some(a), Some(b)) if a == b)
    };
    a == b || plural(a, b) || plural(b, a)
}

/// The months as a program names them.
pub const MONTHS: [&str; 12] = [
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

/// The number of a month's name.
fn month_of(word: &str) -> Option<i64> {
    MONTHS.iter().position(|month| *month == word).and_then(|at| i64::try_from(at + 1).ok())
}

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

impl Reading<'_> {
    /// The dimension of what a basis measures.
    pub fn dimension(&self, basis: &Basis) -> Dimension {
        match basis {
            Basis::Total(_) => Dimension::Money,
            Basis::Items(_) => Dimension::Count("items".to_owned()),
            Basis::Purchases(_) => Dimension::Count("purchases".to_owned()),
            Basis::Visits(_) => Dimension::Count("visits".to_owned()),
            Basis::Activity(named) => Dimension::Count(match named {
                Some(id) => self.names.all(Kind::Activity).get(id.0).map(|one| one.name.clone()).unwrap_or_default(),
                None => "activities".to_owned(),
            }),
            Basis::Field { activity, field } => match self.names.field(activity.map(|id| id.0), field) {
                Some((_, FieldKind::Number(Some(unit)))) => Dimension::Unit(unit.clone()),
                Some(_) | None => Dimension::Count(field.clone()),
            },
            Basis::Points(id) => Dimension::Points(*id),
            Basis::Distinct(what, _) => Dimension::Count(match what {
                Distinct::Stores => "stores".to_owned(),
                Distinct::Categories => "categories".to_owned(),
                Distinct::Days => "days".to_owned(),
                Distinct::Brands => "brands".to_owned(),
                Distinct::Skus => "skus".to_owned(),
                Distinct::Channels => "channels".to_owned(),
                Distinct::Column(column) => column.clone(),
            }),
            Basis::One => Dimension::Count("times".to_owned()),
        }
    }

    /// A `value` phrase that must be of that dimension.
    pub fn value(&mut self, phrase: &Phrase<'_>, wanted: &Dimension) -> Option<Value> {
        let inner = phrase.inner();
        match (inner.rule(), wanted) {
            (Rule::quantity, Dimension::Text | Dimension::OneOf(_)) if !inner.has(Rule::unit) => {
                self.word(&inner, wanted)
            }
            (Rule::quantity, Dimension::Month) if !inner.has(Rule::unit) => self.month(&inner),
            (Rule::percent, Dimension::Percent) => self.number(&inner).map(Value::Number),
            (Rule::quantity, Dimension::Quintile) => {
                let number = self.quantity(&inner, wanted)?;
                let place = inner.span();
                if ![1, 2, 3, 4, 5].map(Exact::from_int).contains(&number) {
                    self.say(Clash::NoQuintile { place, number: inner.text().to_owned() });
                    return None;
                }
                Some(Value::Number(number))
            }
            (Rule::quantity, _) => self.quantity(&inner, wanted).map(Value::Number),
            (Rule::name, Dimension::Text | Dimension::OneOf(_) | Dimension::Column)
            | (Rule::text, Dimension::Text | Dimension::OneOf(_) | Dimension::Column) => self.word(&inner, wanted),
            (Rule::name | Rule::text, Dimension::Level(tiers)) => {
                self.level_named(tiers.0, &unquoted(&inner), inner.span()).map(Value::Level)
            }
            (Rule::name | Rule::text, Dimension::Weekday) => self.weekday(&inner),
            (Rule::name, Dimension::Month) => self.month(&inner),
            (Rule::date, Dimension::Date | Dimension::Column) => self.date(&inner).map(Value::Date),
            (Rule::time, Dimension::Time | Dimension::Column) => self.time(&inner).map(Value::Time),
            (rule, _) => {
                let got = literal(rule).to_owned();
                self.clash(&inner, got, wanted, None);
                None
            }
        }
    }

    /// A text value, bare or quoted; of a field with words of its own, one of those.
    fn word(&mut self, phrase: &Phrase<'_>, wanted: &Dimension) -> Option<Value> {
        let word = unquoted(phrase);
        if let Dimension::OneOf(words) = wanted
            && !words.contains(&word)
        {
            let known: Vec<&str> = words.iter().map(String::as_str).collect();
            self.say(Clash::NoSuchWord {
                place: phrase.span(),
                near: closest(&word, &known).map(str::to_owned),
                word,
                of: "a word that this field can hold".to_owned(),
                known: known.join(", "),
            });
            return None;
        }
        Some(Value::Text(word))
    }

    fn weekday(&mut self, phrase: &Phrase<'_>) -> Option<Value> {
        let word = unquoted(phrase);
        let found = weekday(&word.to_lowercase());
        if found.is_none() {
            self.say(Clash::NoSuchWord {
                place: phrase.span(),
                near: closest(&word, &WEEKDAYS).map(str::to_owned),
                word,
                of: "a day of the week".to_owned(),
                known: WEEKDAYS.join(", "),
            });
        }
        found.map(Value::Weekday)
    }

    fn month(&mut self, phrase: &Phrase<'_>) -> Option<Value> {
        let word = phrase.text();
        let found = month_of(&word.to_lowercase()).or_else(|| word.parse().ok().filter(|n| (1..=12).contains(n)));
        if found.is_none() {
            self.say(Clash::NoSuchWord {
                place: phrase.span(),
                word: word.to_owned(),
                of: "a month of the year".to_owned(),
                near: None,
                known: "1 to 12, or january to december".to_owned(),
            });
        }
        found.map(|number| Value::Number(Exact::from_int(number)))
    }

    /// A `quantity` (or `money`) phrase that must be of that dimension: its number.
    pub fn quantity(&mut self, phrase: &Phrase<'_>, wanted: &Dimension) -> Option<Exact> {
        let number = self.number(&phrase.find(Rule::number)?)?;
        let unit = phrase.find(Rule::unit).or_else(|| phrase.find(Rule::currency));
        let Some(unit) = unit else {
            if self.needs_unit(wanted) {
                let shown = wanted.example(self.names, Some(phrase.text()));
                self.say(Clash::Units {
                    place: phrase.span(),
                    value: phrase.text().to_owned(),
                    got: "a bare number".to_owned(),
                    wanted: wanted.words(self.names),
                    conversion: None,
                    mend: format!("write `{shown}`"),
                });
                return None;
            }
            if matches!(
                wanted,
                Dimension::Text
                    | Dimension::OneOf(_)
                    | Dimension::Time
                    | Dimension::Date
                    | Dimension::Weekday
                    | Dimension::Level(_)
            ) {
                self.clash(phrase, "a number".to_owned(), wanted, None);
                return None;
            }
            return Some(number);
        };
        self.fitting(phrase, &number, &unit, wanted)
    }

    /// Whether a bare number is not enough. With no money known there is nothing to say.
    fn needs_unit(&self, wanted: &Dimension) -> bool {
        match wanted {
            Dimension::Money | Dimension::Unit(_) | Dimension::Percent => true,
            Dimension::Points(_)
            | Dimension::Count(_)
            | Dimension::Plain
            | Dimension::Quintile
            | Dimension::Days
            | Dimension::Month
            | Dimension::Text
            | Dimension::OneOf(_)
            | Dimension::Time
            | Dimension::Date
            | Dimension::Weekday
            | Dimension::Level(_)
            | Dimension::Column => false,
        }
    }

    /// The number of a quantity whose unit must be that of `wanted`.
    pub(super) fn fitting(
        &mut self,
        phrase: &Phrase<'_>,
        number: &Exact,
        unit: &Phrase<'_>,
        wanted: &Dimension,
    ) -> Option<Exact> {
        let word = unit.text();
        let points = self.names.find(Kind::Points, word);
        let fits = match wanted {
            Dimension::Money => is_currency(word),
            Dimension::Points(id) => points == Some(id.0),
            Dimension::Count(of) => same_word(of, word) || (of == "times" && word == "time"),
            Dimension::Unit(of) => same_word(of, word),
            Dimension::Days => same_word("days", word) || same_word("weeks", word),
            // A column is not ours: money of the program is the one unit it can have.
            Dimension::Column => self.names.money.as_ref().is_some_and(|(money, _)| money == word),
            Dimension::Plain
            | Dimension::Percent
            | Dimension::Quintile
            | Dimension::Month
            | Dimension::Text
            | Dimension::OneOf(_)
            | Dimension::Time
            | Dimension::Date
            | Dimension::Weekday
            | Dimension::Level(_) => false,
        };
        if fits {
            return match wanted {
                Dimension::Money => self.same_money(unit).then(|| number.clone()),
                Dimension::Days if same_word("weeks", word) => Some(number * Exact::from_int(7)),
                _ => Some(number.clone()),
            };
        }
        // A unit that is no unit at all: a misspelled one, or one whose declaration is broken.
        if let Some(own) = self.misspelled(word, wanted) {
            self.say(Clash::NoSuchWord {
                place: unit.span(),
                word: word.to_owned(),
                of: "a unit that fits here".to_owned(),
                near: Some(own),
                known: String::new(),
            });
            return None;
        }
        if points.is_none() && !is_currency(word) && self.names.broken.contains(&Kind::Points) {
            return None;
        }
        let got = self.unit_words(word);
        self.clash(phrase, got, wanted, Some((number, word)));
        None
    }

    /// Whether a currency is the program's.
    pub(in crate::mechanics) fn same_money(&mut self, currency: &Phrase<'_>) -> bool {
        if let Some((money, _)) = &self.names.money
            && money != currency.text()
        {
            let money = money.clone();
            self.say(super::Mistake::OtherMoney { place: currency.span(), got: currency.text().to_owned(), money });
            return false;
        }
        true
    }

    /// The unit of `wanted` that a word is close to, when it is no known unit itself.
    fn misspelled(&self, word: &str, wanted: &Dimension) -> Option<String> {
        let own: Vec<&str> = match wanted {
            Dimension::Points(id) => self.names.all(Kind::Points).get(id.0).map(|one| one.forms()).unwrap_or_default(),
            Dimension::Count(of) | Dimension::Unit(of) => vec![of.as_str()],
            Dimension::Days => vec!["days", "weeks"],
            Dimension::Money => self.names.money.as_ref().map(|(money, _)| money.as_str()).into_iter().collect(),
            Dimension::Plain
            | Dimension::Percent
            | Dimension::Quintile
            | Dimension::Month
            | Dimension::Text
            | Dimension::OneOf(_)
            | Dimension::Time
            | Dimension::Date
            | Dimension::Weekday
            | Dimension::Level(_)
            | Dimension::Column => Vec::new(),
        };
        let known = self.names.find(Kind::Points, word).is_some()
            || ["month", "months", "year", "years", "hours", "minutes"].contains(&word)
            || is_currency(word);
        if known { None } else { closest(word, &own).map(str::to_owned) }
    }

    /// What a quantity of that unit is, for the message.
    fn unit_words(&self, word: &str) -> String {
        if self.names.find(Kind::Points, word).is_some() {
            format!("a number of {word}")
        } else if is_currency(word) {
            format!("money in {word}")
        } else {
            let many = match word {
                "hour" | "minute" | "day" | "week" | "month" | "year" | "item" | "visit" | "purchase" => {
                    format!("{word}s")
                }
                other => other.to_owned(),
            };
            format!("a number of {many}")
        }
    }

    /// Says that a value does not fit, with the conversion that exists.
    pub(super) fn clash(
        &mut self,
        phrase: &Phrase<'_>,
        got: String,
        wanted: &Dimension,
        quantity: Option<(&Exact, &str)>,
    ) {
        let (conversion, mend) = match quantity {
            Some((number, word)) => self.conversion(number, word, wanted),
            None => (None, None),
        };
        // Hours and minutes convert, so the figure that is meant is told.
        let shown = quantity.map(|(number, word)| match wanted {
            Dimension::Unit(of) => (number * in_minutes(word, of)).to_string(),
            _ => number.to_string(),
        });
        let mend = mend.unwrap_or_else(|| match wanted {
            Dimension::Text => format!("put it in quotes if it is a text: `\"{}\"`", phrase.text()),
            _ => format!("write it like `{}`", wanted.example(self.names, shown.as_deref())),
        });
        let wanted = wanted.words(self.names);
        let value = phrase.text().to_owned();
        self.say(Clash::Units { place: phrase.span(), value, got, wanted, conversion, mend });
    }

    /// Money and points convert through `worth` only; days and months not at all.
    fn conversion(&self, number: &Exact, word: &str, wanted: &Dimension) -> (Option<String>, Option<String>) {
        let money = self.names.money.as_ref().map(|(money, _)| money.clone()).unwrap_or_default();
        let points = self.names.find(Kind::Points, word);
        let worth = |id: usize| self.names.worth.get(id).and_then(Clone::clone);
        match (wanted, points) {
            (Dimension::Money, Some(id)) => match worth(id) {
                Some(worth) => {
                    let name = self.names.unit(id);
                    let same = (number * &worth).to_string();
                    (Some(format!("A {name} is worth {worth} {money}")), Some(format!("write `{same} {money}`")))
                }
                None => (Some(format!("`points {}` has no `worth`", self.names.unit(id))), None),
            },
            (Dimension::Points(id), _) if is_currency(word) => match worth(id.0) {
                Some(worth) => {
                    let same = number.checked_div(&worth).filter(|n| n.decimals().is_some());
                    let unit = self.names.units(id.0);
                    (
                        Some(format!("A {} is worth {worth} {money}", self.names.unit(id.0))),
                        same.map(|same| format!("write `{same} {unit}`")),
                    )
                }
                None => (Some(format!("`points {}` has no `worth`", self.names.unit(id.0))), None),
            },
            (Dimension::Days, _) if same_word("months", word) || same_word("years", word) => {
                let days = if same_word("months", word) { 30 } else { 365 };
                (
                    Some("Months and years are of different lengths, days are not".to_owned()),
                    Some(format!("write days: `{} days`", number * Exact::from_int(days))),
                )
            }
            _ => (None, None),
        }
    }
}

/// How many of `wanted` one of `word` is, where both are hours or minutes; else one.
fn in_minutes(word: &str, wanted: &str) -> Exact {
    let is = |unit: &str, word: &str| same_word(unit, word);
    match () {
        () if is("hours", word) && is("minutes", wanted) => Exact::from_int(60),
        () if is("minutes", word) && is("hours", wanted) => Exact::ratio(1, 60),
        () => Exact::one(),
    }
}

/// Three capital letters: money of some country.
pub fn is_currency(word: &str) -> bool {
    word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// What a reader calls a literal.
fn literal(rule: Rule) -> &'static str {
    match rule {
        Rule::date => "a date",
        Rule::time => "a time of day",
        Rule::monthday => "a day of the year",
        Rule::percent => "a percentage",
        Rule::text => "a text",
        Rule::name => "a word",
        _ => "something else",
    }
}
