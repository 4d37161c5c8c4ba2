//! `program`: the money, the clock and the days the program runs.

use super::Name;
use super::lines;
use super::objective::{self, Objective};
use super::reading::{Mistake, Reading, unquoted, weekday};
use super::table::{BlockSpec, Head, many, once};
use super::version::{Keep, Replaces, Succession};
use crate::diag::Message;
use crate::syntax::ast::Block;
use crate::syntax::{Phrase, Rule};
use crate::text::{Sources, Span, closest};
use crate::value::clock::{Clock, Date};
use crate::value::currency;

/// `program` in the table of blocks.
pub static BLOCK: BlockSpec = BlockSpec {
    keyword: "program",
    head: Head::Name,
    clauses: &[
        once("money", "money RON"),
        once("clock", "clock zone \"Europe/Bucharest\", day starts 04:00, week starts monday"),
        once("from", "from 2026-01-01"),
        once("until", "until 2026-12-31"),
        once("late", "late events up to 30 days"),
        many("objective", "objective retain repeat rate at least 35% within 90 days"),
        once("exchange", "exchange \"rates.csv\""),
        once("members", "members join by first purchase"),
        once("replaces", "replaces \"old.loyal\" from 2026-01-01"),
        many("keep", "keep old for lots earned before 2026-01-01"),
    ],
    ordered: false,
    says: "the money, the clock and the days a program runs",
};

/// The `program` block (section 3).
#[derive(Debug, Clone)]
pub struct Settings {
    /// The program's name.
    pub name: Name,
    /// The money of account, ISO 4217.
    pub money: String,
    /// Its minor units: 2 for most, 0 for JPY, 3 for KWD.
    pub minor_units: u32,
    /// Zone, start of day, of week and of year.
    pub clock: Clock,
    /// First day, inclusive.
    pub from: Option<Date>,
    /// Last day, inclusive.
    pub until: Option<Date>,
    /// How far back an event may arrive and still be replayed, in days.
    pub late_days: u32,
    /// Who is a member.
    pub membership: Membership,
    /// What the program is for.
    pub objectives: Vec<Objective>,
    /// `exchange "file.csv"`: dated rates, relative to the program's folder.
    pub exchange: Option<(String, Span)>,
    /// Which program it replaces, and what it keeps of it.
    pub succession: Succession,
}

/// Who is a member (`members join …`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Membership {
    /// Nothing said: the members file, a `join` event, or the first purchase.
    Any,
    /// `members join by event`: the members file or a `join` event.
    ByEvent,
    /// `members join by first purchase`: the first purchase (or the members file).
    ByFirstPurchase,
}

/// What can be wrong with a `program` block alone.
#[allow(missing_docs)] // the fields are the words of the messages
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wrong {
    /// No currency has that code.
    UnknownMoney { place: Span, code: String, near: Option<&'static str> },
    /// No zone has that name.
    UnknownZone { place: Span, zone: String, near: Option<String> },
    /// A clock that does not say where it hangs.
    NoZone { place: Span },
    /// `replaces` without its day.
    NoFirstDay { place: Span, path: String },
    /// `keep old` in a program that replaces none.
    KeepsNothing { place: Span },
    /// `keep old` said twice for the same.
    KeptTwice { place: Span, first: Span, what: &'static str },
    /// `keep old … until` a day before this program begins.
    KeptForNoTime { place: Span, until: Date, replaces: Span, from: Date },
}

impl Message for Wrong {
    fn code(&self) -> &'static str {
        match self {
            Wrong::UnknownMoney { .. } => "unknown-currency",
            Wrong::UnknownZone { .. } => "unknown-zone",
            Wrong::NoZone { .. } => "no-zone",
            Wrong::NoFirstDay { .. } => "no-first-day",
            Wrong::KeepsNothing { .. } => "keeps-nothing",
            Wrong::KeptTwice { .. } => "said-twice",
            Wrong::KeptForNoTime { .. } => "ends-before-it-begins",
        }
    }

    fn says(&self) -> String {
        match self {
            Wrong::UnknownMoney { code, .. } => format!("there is no currency `{code}`"),
            Wrong::UnknownZone { zone, .. } => format!("there is no time zone \"{zone}\""),
            Wrong::NoZone { .. } => "this clock has no time zone".to_owned(),
            Wrong::NoFirstDay { path, .. } => format!("this line does not say from when it replaces \"{path}\""),
            Wrong::KeepsNothing { .. } => "this program replaces none, so there is nothing old to keep".to_owned(),
            Wrong::KeptTwice { what, .. } => format!("what is kept for {what} is said a second time"),
            Wrong::KeptForNoTime { until, from, .. } => {
                format!("the old terms are kept until {until}, and hold until {from} anyway")
            }
        }
    }

    fn place(&self) -> Span {
        match self {
            Wrong::UnknownMoney { place, .. }
            | Wrong::UnknownZone { place, .. }
            | Wrong::NoZone { place }
            | Wrong::NoFirstDay { place, .. }
            | Wrong::KeepsNothing { place }
            | Wrong::KeptTwice { place, .. }
            | Wrong::KeptForNoTime { place, .. } => *place,
        }
    }

    fn related(&self) -> Vec<(Span, String)> {
        match self {
            Wrong::KeptTwice { first, .. } => vec![(*first, "said here first".to_owned())],
            Wrong::KeptForNoTime { replaces, .. } => vec![(*replaces, "this program begins here".to_owned())],
            Wrong::UnknownMoney { .. }
            | Wrong::UnknownZone { .. }
            | Wrong::NoZone { .. }
            | Wrong::NoFirstDay { .. }
            | Wrong::KeepsNothing { .. } => Vec::new(),
        }
    }

    fn why(&self) -> String {
        match self {
            Wrong::UnknownMoney { .. } => "Amounts are rounded as their currency is, so it must be a known one.",
            Wrong::UnknownZone { .. } | Wrong::NoZone { .. } => {
                "The zone decides when a day, a month and a happy hour begin."
            }
            Wrong::NoFirstDay { .. } => "Until that day members have the old terms, and these from it on.",
            Wrong::KeepsNothing { .. } => "Members would be promised old terms that nobody can look up.",
            Wrong::KeptTwice { .. } => "Of two days nobody could say which one holds.",
            Wrong::KeptForNoTime { .. } => "The line would keep nothing for anybody.",
        }
        .to_owned()
    }

    fn mend(&self) -> String {
        match self {
            Wrong::UnknownMoney { near: Some(near), .. } => format!("write: `money {near}`"),
            Wrong::UnknownMoney { near: None, .. } => {
                "write the three letters of ISO 4217, such as: `money EUR`".to_owned()
            }
            Wrong::UnknownZone { near: Some(near), .. } => format!("write: `zone \"{near}\"`"),
            Wrong::UnknownZone { near: None, .. } => {
                "write it as area and city, such as: `zone \"Europe/Bucharest\"`".to_owned()
            }
            Wrong::NoZone { .. } => "begin the line with the zone: `clock zone \"Europe/Bucharest\"`".to_owned(),
            Wrong::NoFirstDay { path, .. } => {
                format!("write the first day behind it: `replaces \"{path}\" from 2026-01-01`")
            }
            Wrong::KeepsNothing { .. } => {
                "name the old program: `replaces \"old.loyal\" from 2026-01-01`, or take the line out".to_owned()
            }
            Wrong::KeptTwice { .. } => "take one of the two lines out".to_owned(),
            Wrong::KeptForNoTime { .. } => "write a later day behind `until`, or take the line out".to_owned(),
        }
    }
}

/// The money of a `program` block and its minor units, for the names; none when it is not said or not known.
pub fn money(sources: &Sources, block: &Block) -> Option<(String, u32)> {
    let clause = Reading::one(block, "money").filter(|clause| !clause.broken)?;
    let line = Phrase::read(Rule::program_money, sources.slice(clause.span), clause.span).ok()?;
    let code = line.find(Rule::word)?.text().to_owned();
    let minor_units = currency::minor_units(&code)?;
    Some((code, minor_units))
}

/// Reads a `program` block.
pub fn read(reading: &mut Reading<'_>, block: &Block) -> Option<Settings> {
    for keyword in ["money", "clock"] {
        lines::require(reading, block, &BLOCK, keyword);
    }
    let money = read_money(reading, block);
    let clock = read_clock(reading, block);
    let (from, until) = lines::days(reading, block, Rule::program_from, Rule::program_until);
    let late_days = read_late(reading, block);
    let membership = match lines::line(reading, block, "members", Rule::program_members) {
        None => Membership::Any,
        Some(line) if line.has(Rule::join_by_event) => Membership::ByEvent,
        Some(_) => Membership::ByFirstPurchase,
    };
    let objectives = lines::lines(reading, block, "objective", Rule::program_objective);
    let objectives = objectives.iter().filter_map(|line| objective::read(reading, line)).collect();
    let exchange = lines::line(reading, block, "exchange", Rule::program_exchange);
    let exchange = exchange.and_then(|line| Some((unquoted(&line.find(Rule::text)?), line.span())));
    let succession = read_succession(reading, block);
    let (money, minor_units) = money?;
    let (name, clock) = (lines::name(block)?, clock?);
    Some(Settings {
        name,
        money,
        minor_units,
        clock,
        from,
        until,
        late_days,
        membership,
        objectives,
        exchange,
        succession,
    })
}

/// `replaces` and the `keep` lines.
fn read_succession(reading: &mut Reading<'_>, block: &Block) -> Succession {
    let mut said = Succession::default();
    let line = lines::line(reading, block, "replaces", Rule::program_replaces);
    if let Some((line, text)) = line.as_ref().and_then(|line| Some((line, line.find(Rule::text)?))) {
        let path = unquoted(&text);
        match line.find(Rule::date) {
            Some(date) => {
                let from = reading.date(&date);
                said.replaces = from.map(|from| Replaces { path, from, span: line.span() });
            }
            None => reading.say(Wrong::NoFirstDay { place: line.span(), path }),
        }
    }
    let replaces_something = Reading::one(block, "replaces").is_some();
    for clause in Reading::clauses(block, "keep") {
        let Some(line) = reading.clause(clause, Rule::program_keep) else { continue };
        let place = line.span();
        if !replaces_something {
            reading.say(Wrong::KeepsNothing { place });
            continue;
        }
        let Some(keep) = read_keep(reading, &line, said.replaces.as_ref()) else { continue };
        let (kept, what) = match line.has(Rule::keep_lots) {
            true => (&mut said.lots, "lots"),
            false => (&mut said.members, "members"),
        };
        match kept {
            Some(first) => reading.say(Wrong::KeptTwice { place, first: first.span, what }),
            None => *kept = Some(keep),
        }
    }
    said
}

fn read_keep(reading: &mut Reading<'_>, line: &Phrase<'_>, replaces: Option<&Replaces>) -> Option<Keep> {
    let dates = line.all(Rule::date);
    let before = reading.date(dates.first()?)?;
    let until = match dates.get(1) {
        Some(date) => Some((reading.date(date)?, date.span())),
        None => None,
    };
    if let (Some((until, place)), Some(replaces)) = (until, replaces)
        && until < replaces.from
    {
        reading.say(Wrong::KeptForNoTime { place, until, replaces: replaces.span, from: replaces.from });
        return None;
    }
    Some(Keep { before, until: until.map(|(until, _)| until), span: line.span() })
}

fn read_money(reading: &mut Reading<'_>, block: &Block) -> Option<(String, u32)> {
    let word = lines::line(reading, block, "money", Rule::program_money)?.find(Rule::word)?;
    let code = word.text();
    match currency::minor_units(code) {
        Some(minor_units) => Some((code.to_owned(), minor_units)),
        None => {
            let near = closest(&code.to_uppercase(), &currency::codes()).filter(|_| code.chars().count() < 5);
            reading.say(Wrong::UnknownMoney { place: word.span(), code: code.to_owned(), near });
            None
        }
    }
}

fn read_clock(reading: &mut Reading<'_>, block: &Block) -> Option<Clock> {
    let line = lines::line(reading, block, "clock", Rule::program_clock)?;
    let parts: Vec<Phrase<'_>> = line.all(Rule::clock_part).iter().map(Phrase::inner).collect();
    for (at, part) in parts.iter().enumerate() {
        if let Some(first) = parts[..at].iter().find(|other| other.rule() == part.rule()) {
            let keyword = clock_word(part.rule()).to_owned();
            reading.say(Mistake::SaidTwice { place: part.span(), first: first.span(), keyword });
        }
    }
    let Some(zone) = parts.iter().find(|part| part.rule() == Rule::clock_zone) else {
        reading.say(Wrong::NoZone { place: line.span() });
        return None;
    };
    let mut clock = read_zone(reading, &zone.find(Rule::text)?)?;
    for part in &parts {
        match part.rule() {
            Rule::clock_day => clock.set_day_starts(reading.time(&part.find(Rule::time)?)?),
            Rule::clock_week => clock.set_week_starts(weekday(part.find(Rule::weekday)?.text())?),
            Rule::clock_year => {
                let (month, day) = reading.monthday(&part.find(Rule::monthday)?)?;
                clock.set_year_starts(month, day);
                &mut clock
            }
            _ => &mut clock,
        };
    }
    Some(clock)
}

fn clock_word(part: Rule) -> &'static str {
    match part {
        Rule::clock_zone => "zone",
        Rule::clock_day => "day starts",
        Rule::clock_week => "week starts",
        _ => "year starts",
    }
}

/// The clock of a zone; an unknown one is told the closest: one city may be all that was written.
fn read_zone(reading: &mut Reading<'_>, text: &Phrase<'_>) -> Option<Clock> {
    let zone = unquoted(text);
    let unknown = match Clock::new(&zone) {
        Ok(clock) => return Some(clock),
        Err(unknown) => unknown.name,
    };
    let known: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    let city = zone.rsplit('/').next().unwrap_or(&zone).replace(' ', "_").to_lowercase();
    let of_city = known.iter().find(|name| name.to_lowercase().rsplit('/').next() == Some(city.as_str()));
    let names: Vec<&str> = known.iter().map(String::as_str).collect();
    let near = of_city.cloned().or_else(|| closest(&zone, &names).map(str::to_owned));
    reading.say(Wrong::UnknownZone { place: text.span(), zone: unknown, near });
    None
}

/// `late events up to N days`; 30 when nothing is said.
fn read_late(reading: &mut Reading<'_>, block: &Block) -> u32 {
    let said = lines::line(reading, block, "late", Rule::program_late).and_then(|line| {
        let number = line.find(Rule::whole)?;
        let count = reading.count(&number)?;
        let days = count.checked_mul(if line.has(Rule::week_word) { 7 } else { 1 });
        if days.is_none() {
            reading.say(Mistake::TooLarge { place: number.span(), number: number.text().to_owned() });
        }
        days
    });
    said.unwrap_or(30)
}

#[cfg(test)]
mod tests;
