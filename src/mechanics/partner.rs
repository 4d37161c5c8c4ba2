//! `partner`: one of those who share a program, and what it pays and gets for the points of its events.

use super::condition::{Column, Condition, Measure, Test, Value, passes};
use super::lines::{self, Slip};
use super::reading::{Kind, Mistake, Reading, Scope};
use super::table::{BlockSpec, Head, many};
use super::{Name, PartnerId, PointsId, Program};
use crate::diag::Message;
use crate::ledger::Event;
use crate::syntax::ast::Block;
use crate::syntax::{Phrase, Rule};
use crate::text::Span;
use crate::value::exact::Exact;

/// `partner` in the table of blocks.
pub static BLOCK: BlockSpec = BlockSpec {
    keyword: "partner",
    head: Head::Name,
    clauses: &[
        many("when", "when store in [north, south]"),
        many("pays", "pays 0.012 EUR per star earned"),
        many("gets", "gets 0.010 EUR per star spent"),
    ],
    ordered: false,
    says: "one of those who share a program, and what it pays and gets for points",
};

/// A `partner` block.
#[derive(Debug, Clone)]
pub struct Partner {
    /// Its name.
    pub name: Name,
    /// Which events are its own.
    pub when: Condition,
    /// What it pays the program for points that its events give, one for each unit.
    pub pays: Vec<PointRate>,
    /// What it gets from the program for points that are spent at it, one for each unit.
    pub gets: Vec<PointRate>,
    /// The whole block.
    pub span: Span,
}

/// Money for points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointRate {
    /// Which points.
    pub unit: PointsId,
    /// Money for one.
    pub each: Exact,
    /// Where it is written.
    pub span: Span,
}

impl Partner {
    /// What it pays for one point of a unit; nothing where no line says so.
    pub fn pays_for(&self, unit: PointsId) -> Exact {
        rate(&self.pays, unit)
    }

    /// What it gets for one point of a unit; nothing where no line says so.
    pub fn gets_for(&self, unit: PointsId) -> Exact {
        rate(&self.gets, unit)
    }
}

fn rate(rates: &[PointRate], unit: PointsId) -> Exact {
    rates.iter().find(|rate| rate.unit == unit).map_or_else(Exact::zero, |rate| rate.each.clone())
}

impl Program {
    /// The partner whose event it is, and what it pays and gets for it, both by the file of the event's day, whatever
    /// terms its member keeps: partners settle by the calendar.
    pub fn settles(&self, event: &Event) -> Option<(PartnerId, &Partner)> {
        let terms = self.version(self.version_on(event.day, None));
        terms.partner_of(event).map(|partner| (partner, &terms.partners[partner.0]))
    }

    /// The partner whose event it is, as this file says; where several could be, which `check` refuses, the first.
    fn partner_of(&self, event: &Event) -> Option<PartnerId> {
        let whose =
            |(at, partner): &(usize, &Partner)| self.has(Kind::Partner, *at) && self.holds_of(&partner.when, event);
        self.partners.iter().enumerate().find(whose).map(|(at, _)| PartnerId(at))
    }

    /// Whether a condition on columns of an event holds of it.
    fn holds_of(&self, condition: &Condition, event: &Event) -> bool {
        match condition {
            Condition::All(parts) => parts.iter().all(|part| self.holds_of(part, event)),
            Condition::Any(parts) => parts.iter().any(|part| self.holds_of(part, event)),
            Condition::Not(part) | Condition::EveryLine(part) => {
                let holds = self.holds_of(part, event);
                if let Condition::Not(_) = condition { !holds } else { holds }
            }
            Condition::Test(test) => {
                let text = column_of(&test.measure).and_then(|column| text_of(event, column));
                let value = text.map(|text| Value::Text(text.to_owned()));
                // Of a column it is never asked whether it lies in a calendar.
                passes(&test.how, value.as_ref(), self).unwrap_or(false)
            }
        }
    }
}

/// The column of the event that a measure reads; none where it reads something else.
fn column_of(measure: &Measure) -> Option<&str> {
    match measure.column() {
        Some(Column::Event(name) | Column::Either(name)) => Some(name),
        Some(Column::Line(_) | Column::Member(_)) | None => None,
    }
}

/// A column as the event has it, or its first line that has it.
fn text_of<'e>(event: &'e Event, column: &str) -> Option<&'e str> {
    event.field(column).or_else(|| event.lines.iter().find_map(|line| line.field(column)))
}

/// What can be wrong with a partner.
#[allow(missing_docs)] // the fields are the words of the messages
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wrong {
    /// Nothing is paid either way.
    NoMoney { place: Span, name: String, unit: String, money: String },
    /// A condition on something else than a column of the event.
    NoColumn { place: Span, written: String },
}

impl Message for Wrong {
    fn code(&self) -> &'static str {
        match self {
            Wrong::NoMoney { .. } => "partner-without-money",
            Wrong::NoColumn { .. } => "partner-by-what",
        }
    }

    fn says(&self) -> String {
        match self {
            Wrong::NoMoney { name, .. } => format!("`{name}` neither pays nor gets anything"),
            Wrong::NoColumn { written, .. } => format!("a partner cannot be told by `{written}`"),
        }
    }

    fn place(&self) -> Span {
        match self {
            Wrong::NoMoney { place, .. } | Wrong::NoColumn { place, .. } => *place,
        }
    }

    fn why(&self) -> String {
        match self {
            Wrong::NoMoney { .. } => "A partner is there to settle what its points are worth.",
            Wrong::NoColumn { .. } => {
                "Whose an event is must stand in the event itself, so that a bill can be checked row by row."
            }
        }
        .to_owned()
    }

    fn mend(&self) -> String {
        match self {
            Wrong::NoMoney { unit, money, .. } => format!("add a line such as: `pays 0.01 {money} per {unit} earned`"),
            Wrong::NoColumn { .. } => {
                "name a column of the events file, such as: `when store in [north, south]`".to_owned()
            }
        }
    }
}

/// Reads a `partner` block.
pub fn read(reading: &mut Reading<'_>, block: &Block) -> Option<Partner> {
    lines::require(reading, block, &BLOCK, "when");
    let clauses = Reading::clauses(block, "when").len();
    let when = lines::lines(reading, block, "when", Rule::partner_when);
    let all_read = when.len() == clauses;
    let when = lines::all_of(reading, &when, Scope::Event);
    let pays = rates(reading, block, "pays", Rule::partner_pays);
    let gets = rates(reading, block, "gets", Rule::partner_gets);
    let says_none = ["pays", "gets"].iter().all(|keyword| Reading::one(block, keyword).is_none());
    if says_none && lines::is_sound(block, &BLOCK) {
        reading.say(Wrong::NoMoney {
            place: block.header,
            name: block.name.as_ref().map(|name| name.text.clone()).unwrap_or_default(),
            unit: if reading.names.all(super::reading::Kind::Points).is_empty() {
                "star".to_owned()
            } else {
                reading.names.unit(0).to_owned()
            },
            money: reading.names.money_word().to_owned(),
        });
    }
    all_read.then_some(())?;
    let when = when?;
    let mut others: Vec<Span> = Vec::new();
    when.each_test(&mut |test: &Test| {
        if column_of(&test.measure).is_none() {
            others.push(test.span);
        }
    });
    for place in others {
        let written = reading.sources.slice(place).trim_end().to_owned();
        reading.say(Wrong::NoColumn { place, written });
    }
    Some(Partner { name: lines::name(block)?, when, pays, gets, span: block.span })
}

/// `pays 0.012 EUR per star earned`, once for each unit.
fn rates(reading: &mut Reading<'_>, block: &Block, keyword: &str, rule: Rule) -> Vec<PointRate> {
    let mut rates: Vec<PointRate> = Vec::new();
    for line in lines::lines(reading, block, keyword, rule) {
        let Some(rate) = point_rate(reading, &line) else { continue };
        if let Some(first) = rates.iter().find(|other| other.unit == rate.unit) {
            let keyword = format!("{keyword} … {}", reading.names.unit(rate.unit.0));
            reading.say(Mistake::SaidTwice { place: rate.span, first: first.span, keyword });
            continue;
        }
        rates.push(rate);
    }
    rates
}

fn point_rate(reading: &mut Reading<'_>, line: &Phrase<'_>) -> Option<PointRate> {
    let money = reading.money(&line.find(Rule::money)?)?;
    let number = match line.find(Rule::number) {
        Some(number) => reading.number(&number)?,
        None => Exact::one(),
    };
    let unit = reading.unit(&line.find(Rule::unit)?)?;
    let Some(each) = money.checked_div(&number).filter(Exact::is_positive) else {
        reading.say(Slip::Nought { place: line.span(), what: "what a partner pays or gets" });
        return None;
    };
    Some(PointRate { unit, each, span: line.span() })
}

#[cfg(test)]
mod tests;
