//! What the people of a scenario do besides buying.

use super::wrong::Wrong;
use super::{Range, percents_of, range, within};
use crate::mechanics::MembershipId;
use crate::mechanics::activity::FieldKind;
use crate::mechanics::lines::{self, Slip};
use crate::mechanics::reading::dimension::{MONTHS, same_word};
use crate::mechanics::reading::{Clash, Kind, Mistake, Reading, period, unquoted};
use crate::syntax::ast::Block;
use crate::syntax::{Phrase, Rule};
use crate::text::{Span, closest};
use crate::value::clock::{Length, Period};
use crate::value::exact::Exact;

/// The most that anybody does of one thing in a time.
const MOST_TIMES: i64 = 1_000;
/// Digits behind the point of a field's number: more than any device writes.
const MOST_DIGITS: u32 = 6;

/// What people do besides buying.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct People {
    /// `activity workout about 1 to 2 a week, …` *, then `visit about 1 a month, …`: what they do, in file order.
    pub deeds: Vec<Deed>,
    /// `subscribe plus 5% to 10%, …` *: paid memberships that they take, in file order.
    pub subscriptions: Vec<Subscription>,
    /// `joining 30% at once, …`: when they become members; none: with the first thing that they do.
    pub joining: Option<Joining>,
    /// `season december +40%` *: of each month from January on, how many percent of purchases are to come; 100 where
    /// nothing is said. None: nothing is said of any.
    pub season: Option<[Exact; 12]>,
}

/// A paid membership that members take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Its name, as the program calls it.
    pub membership: String,
    /// How many take it, in percent of those who are members for as long as `within` says.
    pub share: Range,
    /// Within which time of joining; none: as they join.
    pub within: Option<Length>,
    /// The chance at the end of a term, or of the trial, that she goes on, in percent.
    pub renew: Range,
    /// The line.
    pub span: Span,
}

/// When people become members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joining {
    /// As soon as they do anything, in percent.
    pub at_once: Option<Range>,
    /// Spread evenly over a time from the first day: how many, in percent (none: all others), and for how long.
    pub over: Option<(Option<Range>, Length)>,
}

/// Something that members do now and then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// The activity; none: a visit without a purchase.
    pub activity: Option<String>,
    /// How often who does it does it, in each [`Deed::per`], on average.
    pub often: Range,
    /// In which time.
    pub per: Period,
    /// `30% of members`: how many do it, in percent; none: all.
    pub share: Option<Range>,
    /// What each says of itself.
    pub fields: Vec<Field>,
    /// The line.
    pub span: Span,
}

impl Deed {
    /// As it is written: `activity workout`.
    pub fn words(&self) -> String {
        self.activity.as_ref().map_or_else(|| "visit".to_owned(), |name| format!("activity {name}"))
    }
}

/// A field of an activity, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it says.
    pub says: Says,
}

/// What a field says: each time anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Says {
    /// `length 30 to 75 minutes`: any number from the first to the second, each as likely, in steps of the last digit
    /// that was written.
    Between {
        /// The least, in those steps.
        low: i64,
        /// The most.
        high: i64,
        /// Digits behind the point.
        digits: u32,
    },
    /// `kind in [yoga, strength]`, `kind is yoga`: any of these, each as likely.
    AnyOf(Vec<String>),
}

/// Reads those lines of a `scenario` block.
pub(super) fn read(reading: &mut Reading<'_>, block: &Block) -> People {
    People {
        deeds: deeds(reading, block),
        subscriptions: subscriptions(reading, block),
        joining: joining(reading, block),
        season: season(reading, block),
    }
}

fn subscriptions(reading: &mut Reading<'_>, block: &Block) -> Vec<Subscription> {
    let mut all: Vec<Subscription> = Vec::new();
    for line in lines::lines(reading, block, "subscribe", Rule::scenario_subscribe) {
        let Some(one) = subscription(reading, &line) else { continue };
        if let Some(first) = all.iter().find(|other| other.membership == one.membership) {
            let keyword = format!("subscribe {}", one.membership);
            reading.say(Mistake::SaidTwice { place: line.span(), first: first.span, keyword });
            continue;
        }
        all.push(one);
    }
    all
}

/// `subscribe plus 5% to 10% of members within 6 months, renew 60% to 80%`.
fn subscription(reading: &mut Reading<'_>, line: &Phrase<'_>) -> Option<Subscription> {
    let mut names = line.children().filter(|child| child.rule() == Rule::name);
    let (name, of) = (names.next()?, names.next());
    let membership = reading.membership(&name, of.as_ref())?;
    let share = percents_of(reading, &line.find(Rule::percents)?, Some(100));
    let within = match line.find(Rule::within_time) {
        Some(said) => Some(some_time(reading, &said, "the time in which they subscribe")?),
        None => None,
    };
    let renew = line.find(Rule::renewing)?.find(Rule::percents)?;
    let renew = percents_of(reading, &renew, Some(100));
    let membership = membership_name(reading, membership)?;
    Some(Subscription { membership, share: share?, within, renew: renew?, span: line.span() })
}

/// What the program calls a membership: of a level that is sold, `gold of status`.
fn membership_name(reading: &Reading<'_>, membership: MembershipId) -> Option<String> {
    let blocks = reading.names.all(Kind::Membership);
    if let Some(block) = blocks.get(membership.0) {
        return Some(block.name.clone());
    }
    let (tiers, level) = reading.names.sold.get(membership.0 - blocks.len())?;
    Some(format!("{level} of {}", reading.names.all(Kind::Tiers).get(*tiers)?.name))
}

/// A length of time that is one.
fn some_time(reading: &mut Reading<'_>, said: &Phrase<'_>, what: &'static str) -> Option<Length> {
    let length = said.find(Rule::length)?;
    let time = reading.length(&length)?;
    if lines::is_no_time(time) {
        reading.say(Slip::Nought { place: length.span(), what });
        return None;
    }
    Some(time)
}

/// `joining 30% at once, the rest over the first 12 months`.
fn joining(reading: &mut Reading<'_>, block: &Block) -> Option<Joining> {
    let line = lines::line(reading, block, "joining", Rule::scenario_joining)?;
    let at_once = match line.find(Rule::joins_at_once) {
        Some(said) => Some(percents_of(reading, &said.find(Rule::percents)?, Some(100))?),
        None => None,
    };
    let over = match line.find(Rule::joins_over) {
        Some(said) => {
            let time = some_time(reading, &said, "the time in which they join")?;
            let share = match said.find(Rule::percents) {
                Some(share) => Some(percents_of(reading, &share, Some(100))?),
                None => None,
            };
            Some((share, time))
        }
        None => None,
    };
    if let (Some(first), Some((Some(then), _))) = (&at_once, &over) {
        let sum = &first.high + &then.high;
        if sum > Exact::from_int(100) {
            reading.say(Wrong::MoreJoin { place: line.span(), sum: sum.to_string() });
            return None;
        }
    }
    Some(Joining { at_once, over })
}

/// `season november to january +40%`.
fn season(reading: &mut Reading<'_>, block: &Block) -> Option<[Exact; 12]> {
    let mut first: [Option<Span>; 12] = [None; 12];
    let mut all: [Exact; 12] = std::array::from_fn(|_| Exact::from_int(100));
    for line in lines::lines(reading, block, "season", Rule::scenario_season) {
        let more = line.find(Rule::season_more)?;
        let by = reading.number(&more.find(Rule::percent)?)?;
        let hundred = Exact::from_int(100);
        let of = if more.has(Rule::minus_sign) { &hundred - &by } else { &hundred + &by };
        if of.is_negative() {
            let percent = more.text().trim().to_owned();
            reading.say(Slip::PastWhole { place: more.span(), percent });
            continue;
        }
        for months in line.children().filter(|child| child.rule() == Rule::season_months) {
            for month in months_of(&months) {
                if let Some(first) = first[month] {
                    let keyword = format!("season {}", MONTHS[month]);
                    reading.say(Mistake::SaidTwice { place: line.span(), first, keyword });
                    break;
                }
                first[month] = Some(line.span());
                all[month] = of.clone();
            }
        }
    }
    first.iter().any(Option::is_some).then_some(all)
}

/// Months from 0 on: one, or from one to another, over the end of the year too.
fn months_of(said: &Phrase<'_>) -> Vec<usize> {
    let named = said.children().filter(|child| child.rule() == Rule::month_name);
    let named: Vec<usize> =
        named.filter_map(|month| MONTHS.iter().position(|name| *name == month.text().trim())).collect();
    let (Some(from), Some(to)) = (named.first(), named.last()) else { return Vec::new() };
    let count = (to + 12 - from) % 12;
    (0..=count).map(|more| (from + more) % 12).collect()
}

fn deeds(reading: &mut Reading<'_>, block: &Block) -> Vec<Deed> {
    let mut all: Vec<Deed> = Vec::new();
    for line in lines::lines(reading, block, "activity", Rule::scenario_activity) {
        let Some(deed) = activity(reading, &line) else { continue };
        if let Some(first) = all.iter().find(|other| other.activity == deed.activity) {
            let keyword = deed.words();
            reading.say(Mistake::SaidTwice { place: line.span(), first: first.span, keyword });
            continue;
        }
        all.push(deed);
    }
    let visit = lines::line(reading, block, "visit", Rule::scenario_visit);
    all.extend(visit.and_then(|line| deed(reading, &line, None)));
    all
}

/// `activity NAME about 1 to 2 a week, 30% of members, length 30 to 75 minutes`.
fn activity(reading: &mut Reading<'_>, line: &Phrase<'_>) -> Option<Deed> {
    let name = line.find(Rule::name)?;
    let at = reading.resolve(Kind::Activity, &name)?;
    let mut deed = deed(reading, line, Some(crate::value::nfc(name.text()).into_owned()))?;
    for said in line.children().filter(|child| child.rule() == Rule::done_field) {
        let field = field(reading, &said, at)?;
        if deed.fields.iter().any(|other| other.name == field.name) {
            reading.say(Mistake::SaidTwice { place: said.span(), first: line.span(), keyword: field.name });
            continue;
        }
        deed.fields.push(field);
    }
    missing(reading, &deed, at);
    Some(deed)
}

/// How often, and how many of them.
fn deed(reading: &mut Reading<'_>, line: &Phrase<'_>, activity: Option<String>) -> Option<Deed> {
    let often = line.find(Rule::how_often)?;
    let per = period(&often.find(Rule::period)?)?;
    let most = Exact::from_int(MOST_TIMES);
    let numbers = often.children().filter(|child| child.rule() == Rule::number);
    let numbers: Option<Vec<Exact>> = numbers.map(|number| within(reading, &number, "times", &most)).collect();
    let often = range(reading, numbers?, often.span())?;
    let mut shares = line.children().filter(|child| child.rule() == Rule::done_by);
    let share = match shares.next() {
        Some(first) => {
            if let Some(second) = shares.next() {
                let keyword = "how many of the members".to_owned();
                reading.say(Mistake::SaidTwice { place: second.span(), first: first.span(), keyword });
            }
            Some(percents_of(reading, &first.find(Rule::percents)?, Some(100))?)
        }
        None => None,
    };
    Some(Deed { activity, often, per, share, fields: Vec::new(), span: line.span() })
}

/// A field of the activity at that place, and what it says.
fn field(reading: &mut Reading<'_>, said: &Phrase<'_>, at: usize) -> Option<Field> {
    let named = said.find(Rule::name)?;
    let name = crate::value::nfc(named.text()).into_owned();
    let known = reading.names.fields.get(at).cloned().unwrap_or_default();
    let Some((_, kind)) = known.iter().find(|(one, _)| *one == name) else {
        if !reading.names.broken_parts.contains(&Kind::Activity) {
            let known: Vec<&str> = known.iter().map(|(one, _)| one.as_str()).collect();
            reading.say(Clash::NoSuchWord {
                place: named.span(),
                word: name.clone(),
                of: "a field of this activity".to_owned(),
                near: closest(&name, &known).map(str::to_owned),
                known: if known.is_empty() { format!("`field {name} text` in the activity") } else { known.join(", ") },
            });
        }
        return None;
    };
    let says = says(reading, said, kind)?;
    let Some(says) = says else {
        let (wanted, like) = wanted(&name, kind);
        reading.say(Wrong::FieldSays { place: said.span(), field: name, wanted, like });
        return None;
    };
    Some(Field { name, says })
}

/// What is said of a field of this kind: none inside where it does not fit.
fn says(reading: &mut Reading<'_>, said: &Phrase<'_>, kind: &FieldKind) -> Option<Option<Says>> {
    let name = said.find(Rule::name)?;
    if let Some(number) = said.find(Rule::done_number) {
        let unit = number.find(Rule::unit);
        let fits = match (kind, &unit) {
            (FieldKind::Number(Some(wanted)), Some(unit)) => same_word(wanted, unit.text()),
            (FieldKind::Number(None), Some(unit)) => same_word(name.text(), unit.text()),
            (FieldKind::Number(None), None) => true,
            (FieldKind::Number(Some(_)), None) | (FieldKind::Text | FieldKind::OneOf(_), _) => false,
        };
        return if fits { between(reading, &number).map(Some) } else { Some(None) };
    }
    let words: Vec<String> = match (said.find(Rule::done_in), said.find(Rule::done_is)) {
        (Some(list), _) => {
            let values = list.find(Rule::list_values)?;
            values.children().map(|value| unquoted(&value.inner())).collect()
        }
        (None, Some(one)) => vec![unquoted(&one.find(Rule::list_value)?.inner())],
        (None, None) => return None,
    };
    let fits = match kind {
        FieldKind::Number(_) => false,
        FieldKind::Text => true,
        FieldKind::OneOf(known) => words.iter().all(|word| known.contains(word)),
    };
    Some((fits && !words.is_empty()).then_some(Says::AnyOf(words)))
}

/// `30 to 75 minutes`, in steps of the last digit that was written.
fn between(reading: &mut Reading<'_>, said: &Phrase<'_>) -> Option<Says> {
    let numbers: Vec<Phrase<'_>> = said.children().filter(|child| child.rule() == Rule::number).collect();
    let digits = numbers.iter().filter_map(|number| number.text().split_once('.')).map(|(_, behind)| behind.len());
    let digits = u32::try_from(digits.max().unwrap_or(0)).unwrap_or(u32::MAX);
    let exact: Option<Vec<Exact>> = numbers.iter().map(|number| reading.number(number)).collect();
    let both = range(reading, exact?, said.span())?;
    let steps = |number: &Exact| number.scaled(digits.min(MOST_DIGITS));
    let (Some(low), Some(high)) = (steps(&both.low), steps(&both.high)) else {
        reading.say(Wrong::TooFine { place: said.span() });
        return None;
    };
    Some(Says::Between { low, high, digits })
}

/// What a field of this kind wants, and how that is written.
fn wanted(name: &str, kind: &FieldKind) -> (String, String) {
    match kind {
        FieldKind::Number(Some(unit)) => (format!("a number of {unit}"), format!("{name} 30 to 60 {unit}")),
        FieldKind::Number(None) => ("a number".to_owned(), format!("{name} 30 to 60")),
        FieldKind::Text => ("a text".to_owned(), format!("{name} is \"a word\"")),
        FieldKind::OneOf(words) => {
            let words = words.join(", ");
            (format!("one of {words}"), format!("{name} in [{words}]"))
        }
    }
}

/// Warns of fields that the scenario says nothing of: a rule that asks for one finds none.
fn missing(reading: &mut Reading<'_>, deed: &Deed, at: usize) {
    let known = reading.names.fields.get(at).cloned().unwrap_or_default();
    let said = |name: &str| deed.fields.iter().any(|field| field.name == name);
    for (name, kind) in known.iter().filter(|(name, _)| !said(name)) {
        let (_, like) = wanted(name, kind);
        reading.say(Wrong::FieldMissing { place: deed.span, deed: deed.words(), field: name.clone(), like });
    }
}
