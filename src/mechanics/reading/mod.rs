//! From clauses to the typed tree: what every block needs to read its lines.
//!
//! Each mechanic's file reads its own block with a [`Reading`]: names are known (gathered before),
//! units are checked where they meet, and what is wrong is said once, under its own line. A line
//! the first stage has complained about is passed over in silence.

mod bases;
mod clash;
mod conditions;
pub mod dimension;
mod gives;
mod lists;
mod measures;
mod mistake;
pub mod names;
mod scope;
mod slips;

pub use clash::Clash;
pub use dimension::Dimension;
pub use gives::Counting;
pub use lists::{GIVEN_EVENT, is_event};
pub use mistake::Mistake;
pub use names::{Kind, Names};
pub use scope::Scope;

use crate::diag::{Finding, Message};
use crate::mechanics::habit::Ranking;
use crate::mechanics::points::EarnCap;
use crate::mechanics::table::{self, BlockSpec};
use crate::mechanics::{MembershipId, PointsId};
use crate::syntax::ast::{Block, Clause};
use crate::syntax::clause::Unread;
use crate::syntax::{Phrase, Rule};
use crate::text::{Sources, Span, closest};
use crate::value::clock::{Date, Length, Period, Time, Weekday, Window, parse_date};
use crate::value::exact::Exact;

/// Reads clauses; gathers findings.
pub struct Reading<'a> {
    /// The files.
    pub sources: &'a Sources,
    /// Every declared name.
    pub names: &'a Names,
    /// What was found wrong so far.
    pub findings: Vec<Finding>,
    /// By what conditions rank all members, and where they say so.
    pub rankings: Vec<(Ranking, Span)>,
}

impl<'a> Reading<'a> {
    /// A reading of these files with these names.
    pub fn new(sources: &'a Sources, names: &'a Names) -> Self {
        Self { sources, names, findings: Vec::new(), rankings: Vec::new() }
    }

    /// After so many findings the rest of a program is left unsaid.
    pub const LIMIT: usize = 500;

    /// Whether so much was found that nothing more is read.
    pub fn is_full(&self) -> bool {
        self.findings.len() >= Self::LIMIT
    }

    /// Adds a message.
    pub fn say(&mut self, message: impl Message) {
        self.findings.push(message.into());
    }

    // ---- clauses ------------------------------------------------------------------------------

    /// What a clause says; nothing when it cannot be read (and the reader is told why, once).
    pub fn clause(&mut self, clause: &Clause, rule: Rule) -> Option<Phrase<'a>> {
        if clause.broken || self.is_full() {
            return None;
        }
        self.read(rule, clause.span, &clause.keyword.text)
    }

    /// What a stretch of a file says; `keyword` is the word before it, which is not looked at again.
    pub fn phrase(&mut self, rule: Rule, place: Span, keyword: &str) -> Option<Phrase<'a>> {
        self.read(rule, place, keyword)
    }

    fn read(&mut self, rule: Rule, place: Span, keyword: &str) -> Option<Phrase<'a>> {
        match Phrase::read(rule, self.sources.slice(place), place) {
            Ok(phrase) => Some(phrase),
            Err(unread) if unread.too_deep => {
                self.say(Clash::TooDeep { place });
                None
            }
            Err(unread) => {
                self.unread(rule, place, keyword, unread);
                None
            }
        }
    }

    /// Says why a line could not be read.
    fn unread(&mut self, rule: Rule, place: Span, keyword: &str, unread: Unread) {
        let line = self.sources.slice(place);
        if let Some(measure) = slips::without_window(line, place, &unread) {
            let of = self.sources.slice(measure).to_owned();
            self.say(Clash::NoWindow { place: measure, measure: of });
            return;
        }
        if let Some(slip) = slips::find(self.names, block_of(rule), keyword, line, place, &unread) {
            let found = self.sources.slice(slip.place).to_owned();
            let mend = in_money(self.names, &slip.mend);
            self.say(Mistake::Slip { place: slip.place, found, mend });
            return;
        }
        let mistake = Mistake::unread(self.sources, self.names, place, keyword, unread);
        self.say(match like(rule) {
            Some(line) => mistake.like(in_money(self.names, &line)),
            None => mistake,
        });
    }

    /// The clauses of that keyword that can be looked at.
    pub fn clauses<'b>(block: &'b Block, keyword: &str) -> Vec<&'b Clause> {
        block.clauses.iter().filter(|clause| clause.keyword.text == keyword).collect()
    }

    /// The last clause of that keyword (one said twice is reported by [`Reading::known_clauses`]).
    pub fn one<'b>(block: &'b Block, keyword: &str) -> Option<&'b Clause> {
        block.clauses.iter().find(|clause| clause.keyword.text == keyword)
    }

    /// Complains of clauses that the block does not have, and of those said twice.
    pub fn known_clauses(&mut self, block: &Block, spec: &'static BlockSpec) {
        for (at, clause) in block.clauses.iter().enumerate() {
            if clause.broken {
                continue;
            }
            let keyword = clause.keyword.text.as_str();
            match spec.clause(keyword) {
                None => {
                    let known: Vec<&'static str> = spec.clauses.iter().map(|one| one.keyword).collect();
                    let near = slips::clause(keyword, &known)
                        .or_else(|| closest(keyword, &known))
                        .and_then(|near| spec.clause(near));
                    self.say(Mistake::UnknownClause {
                        place: clause.keyword.span,
                        keyword: keyword.to_owned(),
                        block: spec.keyword,
                        near: near.map(|near| in_money(self.names, near.like)),
                        known: known.join(", "),
                    });
                }
                Some(one) if !one.repeats => {
                    let first = block.clauses[..at].iter().find(|other| other.keyword.text == keyword);
                    if let Some(first) = first {
                        self.say(Mistake::SaidTwice {
                            place: clause.span,
                            first: first.span,
                            keyword: keyword.to_owned(),
                        });
                    }
                }
                Some(_) => {}
            }
        }
    }

    // ---- names --------------------------------------------------------------------------------

    /// The place of the thing a `name` phrase names; an unknown one is reported with the closest known.
    pub fn resolve(&mut self, kind: Kind, name: &Phrase<'_>) -> Option<usize> {
        self.resolve_word(kind, name.text(), name.span())
    }

    /// The same of a name and its place.
    pub fn resolve_word(&mut self, kind: Kind, name: &str, place: Span) -> Option<usize> {
        let found = self.names.find(kind, name);
        if found.is_none() && !self.names.broken.contains(&kind) {
            let near = closest(name, &self.names.candidates(kind)).map(str::to_owned);
            self.say(Mistake::UnknownName {
                place,
                name: name.to_owned(),
                kind: kind.word(),
                near,
                is: self.names.kinds_of(name).first().map(|kind| kind.word()),
            });
        }
        found
    }

    /// A points unit, by its singular or plural.
    pub fn unit(&mut self, name: &Phrase<'_>) -> Option<PointsId> {
        self.resolve(Kind::Points, name).map(PointsId)
    }

    /// A level of a tiers block.
    pub fn level(&mut self, tiers: usize, name: &Phrase<'_>) -> Option<usize> {
        self.level_named(tiers, name.text(), name.span())
    }

    /// The same of a name and its place.
    pub fn level_named(&mut self, tiers: usize, name: &str, place: Span) -> Option<usize> {
        let found = self.names.level(tiers, name);
        if found.is_none() && !self.names.broken_parts.contains(&Kind::Tiers) {
            let levels: Vec<&str> = self.names.levels.get(tiers).into_iter().flatten().map(String::as_str).collect();
            self.say(Mistake::UnknownLevel {
                place,
                name: name.to_owned(),
                tiers: self.names.all(Kind::Tiers).get(tiers).map(|one| one.name.clone()).unwrap_or_default(),
                near: closest(name, &levels).map(str::to_owned),
                levels: levels.join(", "),
            });
        }
        found
    }

    /// A membership: of a block, or a level that a tiers block sells (`gold`, `gold of status`, and `status` where it
    /// sells only one).
    pub fn membership(&mut self, name: &Phrase<'_>, of: Option<&Phrase<'_>>) -> Option<MembershipId> {
        let blocks = self.names.all(Kind::Membership).len();
        let tiers = match of {
            Some(tiers) => Some(self.resolve(Kind::Tiers, tiers)?),
            None => None,
        };
        if tiers.is_none()
            && let Some(block) = self.names.find(Kind::Membership, name.text())
        {
            return Some(MembershipId(block));
        }
        let named = self.names.find(Kind::Tiers, name.text());
        let sold = |(block, level): &(usize, String)| match tiers {
            Some(tiers) => *block == tiers && level == name.text(),
            None => level == name.text() || Some(*block) == named,
        };
        let found: Vec<usize> = (0..self.names.sold.len()).filter(|at| sold(&self.names.sold[*at])).collect();
        match found.as_slice() {
            [one] => Some(MembershipId(blocks + one)),
            [] => self.resolve(Kind::Membership, name).map(MembershipId),
            _ => {
                self.say(Clash::WhichTiers { place: name.span(), level: name.text().to_owned() });
                None
            }
        }
    }

    // ---- numbers, money, dates ----------------------------------------------------------------

    /// A `number`, `whole` or `percent` phrase.
    pub fn number(&mut self, phrase: &Phrase<'_>) -> Option<Exact> {
        Exact::parse(phrase.text().trim_end_matches('%').trim_end())
    }

    /// A `whole` phrase that must fit a count.
    pub fn count(&mut self, phrase: &Phrase<'_>) -> Option<u32> {
        let number = phrase.text().parse().ok();
        if number.is_none() {
            self.say(Mistake::TooLarge { place: phrase.span(), number: phrase.text().to_owned() });
        }
        number
    }

    /// A `money` phrase, in the program's money.
    pub fn money(&mut self, phrase: &Phrase<'_>) -> Option<Exact> {
        let number = self.number(&phrase.find(Rule::number)?)?;
        let currency = phrase.find(Rule::currency)?;
        self.same_money(&currency).then_some(number)
    }

    /// A `date` phrase.
    pub fn date(&mut self, phrase: &Phrase<'_>) -> Option<Date> {
        let date = parse_date(phrase.text());
        if date.is_err() {
            self.say(Mistake::NoSuchDay { place: phrase.span(), date: phrase.text().to_owned() });
        }
        date.ok()
    }

    /// A `monthday` phrase: month and day that some year has.
    pub fn monthday(&mut self, phrase: &Phrase<'_>) -> Option<(i8, i8)> {
        let (month, day) = phrase.text().split_once('-')?;
        let found = (month.parse().ok()?, day.parse().ok()?);
        // 2000 is a leap year.
        if Date::new(2000, found.0, found.1).is_err() {
            self.say(Mistake::NoSuchDay { place: phrase.span(), date: phrase.text().to_owned() });
            return None;
        }
        Some(found)
    }

    /// A `time` phrase.
    pub fn time(&mut self, phrase: &Phrase<'_>) -> Option<Time> {
        let (hour, minute) = phrase.text().split_once(':')?;
        let time = Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0);
        if time.is_err() {
            self.say(Mistake::NoSuchTime { place: phrase.span(), time: phrase.text().to_owned() });
        }
        time.ok()
    }

    /// A `length` phrase.
    pub fn length(&mut self, phrase: &Phrase<'_>) -> Option<Length> {
        let count = self.count(&phrase.find(Rule::whole)?)?;
        let unit = phrase.children().nth(1)?;
        Some(match unit.rule() {
            Rule::day_word => Length::Days(count),
            Rule::week_word => Length::Weeks(count),
            Rule::month_word => Length::Months(count),
            Rule::year_word => Length::Years(count),
            _ => return None,
        })
    }

    /// A `window` phrase.
    pub fn window(&mut self, phrase: &Phrase<'_>) -> Option<Window> {
        let inner = phrase.inner();
        Some(match inner.rule() {
            Rule::window_last => {
                let long = inner.inner();
                match long.rule() {
                    Rule::hours => Window::LastHours(self.count(&long.find(Rule::whole)?)?),
                    _ => Window::Last(self.length(&long)?),
                }
            }
            Rule::window_calendar => Window::Calendar(period(&inner.inner())?),
            Rule::window_membership => Window::MembershipYear,
            Rule::window_joining => Window::SinceJoining,
            Rule::window_campaign => Window::Campaign,
            _ => Window::Ever,
        })
    }

    /// A `per_what` phrase: whether it is per member, and its window; nothing said is ever.
    pub fn per_what(&mut self, phrase: &Phrase<'_>) -> Option<(bool, Window)> {
        let per_member = phrase.has(Rule::per_member);
        let window = match phrase.find(Rule::per_window) {
            None => Window::Ever,
            Some(window) => {
                let inner = window.inner();
                match inner.rule() {
                    Rule::window => self.window(&inner)?,
                    Rule::period => Window::Calendar(period(&inner)?),
                    _ => Window::Ever,
                }
            }
        };
        Some((per_member, window))
    }

    /// `at most N UNIT per member per WINDOW` of points: a `number`, a `unit` of this block, a `per_what`.
    pub fn earn_cap(&mut self, phrase: &Phrase<'_>, unit: Option<PointsId>) -> Option<EarnCap> {
        let most = self.number(&phrase.find(Rule::number)?)?;
        if let (Some(unit), Some(named)) = (unit, phrase.find(Rule::unit)) {
            let found = self.unit(&named)?;
            if found != unit {
                self.say(Mistake::OtherUnit {
                    place: named.span(),
                    got: named.text().to_owned(),
                    wanted: self.names.unit(unit.0).to_owned(),
                });
                return None;
            }
        }
        let (_, window) = match phrase.find(Rule::per_what) {
            Some(what) => self.per_what(&what)?,
            None => (true, Window::Ever),
        };
        Some(EarnCap { most, window, span: phrase.span() })
    }
}

/// The kind of block a clause belongs to: its rule is named for it.
fn block_of(rule: Rule) -> Option<&'static BlockSpec> {
    let name = format!("{rule:?}");
    let (block, _) = name.split_once('_')?;
    table::block(if block == "rule" { "earn" } else { block })
}

/// How a clause is written, for a message: its rule is named for its block and its keyword.
fn like(rule: Rule) -> Option<String> {
    let name = format!("{rule:?}");
    let (block, keyword) = name.split_once('_')?;
    let line = match (block, keyword) {
        ("list", "tail") => "list drinks [coffee, tea]",
        ("calendar", "tail") => "calendar holidays [2026-12-24 until 2026-12-26, 2026-05-01]",
        ("example", "expect") => return Some(lists::EXPECTED.to_owned()),
        _ => block_of(rule)?.clause(keyword)?.like,
    };
    Some(format!("write it like: `{line}`"))
}

/// A line shown in a message, in the program's money.
pub fn in_money(names: &Names, line: &str) -> String {
    match &names.money {
        Some((money, _)) => {
            let words = line.split_inclusive(|c: char| !c.is_ascii_alphabetic());
            words
                .map(|word| word.replacen("EUR", money, usize::from(word.len() <= 4 && word.starts_with("EUR"))))
                .collect()
        }
        None => line.to_owned(),
    }
}

/// A `period` phrase.
pub fn period(phrase: &Phrase<'_>) -> Option<Period> {
    Some(match phrase.inner().rule() {
        Rule::day_word => Period::Day,
        Rule::week_word => Period::Week,
        Rule::month_word => Period::Month,
        Rule::quarter_word => Period::Quarter,
        Rule::year_word => Period::Year,
        _ => return None,
    })
}

/// A `weekday` word.
pub fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "monday" => Weekday::Monday,
        "tuesday" => Weekday::Tuesday,
        "wednesday" => Weekday::Wednesday,
        "thursday" => Weekday::Thursday,
        "friday" => Weekday::Friday,
        "saturday" => Weekday::Saturday,
        "sunday" => Weekday::Sunday,
        _ => return None,
    })
}

/// The text of a `text` phrase, without its quotes; NFC.
pub fn unquoted(phrase: &Phrase<'_>) -> String {
    crate::value::nfc(phrase.text().trim_matches('"')).into_owned()
}
