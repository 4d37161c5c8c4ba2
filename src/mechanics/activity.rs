//! `activity`: what members do that nobody pays for.

use super::condition::Condition;
use super::lines;
use super::points::EarnCap;
use super::reading::{Clash, Mistake, Reading, Scope, unquoted};
use super::table::{BlockSpec, Head, many, once};
use super::{ActivityId, Name};
use crate::syntax::ast::Block;
use crate::syntax::{Phrase, Rule};
use crate::text::{Sources, Span, closest};
use crate::value::exact::Exact;

/// `activity` in the table of blocks.
pub static BLOCK: BlockSpec = BlockSpec {
    keyword: "activity",
    head: Head::Name,
    clauses: &[
        many("field", "field length number minutes"),
        once("verified", "verified by instructor"),
        many("accept", "accept when length is at least 30 minutes"),
        many("at", "at most 1 per day"),
        once("gap", "gap at least 4 hours"),
    ],
    ordered: false,
    says: "what members do that nobody pays for, and when it counts",
};

/// An `activity` block (section 3).
#[derive(Debug, Clone)]
pub struct Activity {
    /// Its name.
    pub name: Name,
    /// Its fields.
    pub fields: Vec<Field>,
    /// `verified by WORD`: the event's `verified` column says so, or its column WORD says yes.
    pub verified_by: Option<String>,
    /// What is accepted.
    pub accept: Option<Condition>,
    /// `at most N per WINDOW`: of accepted ones.
    pub at_most: Vec<EarnCap>,
    /// `at most N per FIELD per WINDOW`: of accepted ones with the same value in that field.
    pub at_most_each: Vec<(String, EarnCap)>,
    /// `gap at least N hours`: elapsed since the last accepted one, in minutes.
    pub gap_minutes: Option<u64>,
    /// The whole block.
    pub span: Span,
}

/// A field of an activity: a column of the events file.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name.
    pub name: Name,
    /// What it holds.
    pub kind: FieldKind,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// A number, with a unit when one is declared (`field length number minutes`).
    Number(Option<String>),
    /// Text.
    Text,
    /// One of these words.
    OneOf(Vec<String>),
}

/// The fields of an `activity` block, for the names; those that cannot be read are left out.
pub fn fields(sources: &Sources, block: &Block) -> Vec<(String, FieldKind)> {
    let clauses = Reading::clauses(block, "field").into_iter().filter(|clause| !clause.broken);
    clauses
        .filter_map(|clause| Phrase::read(Rule::activity_field, sources.slice(clause.span), clause.span).ok())
        .filter_map(|line| field(&line))
        .map(|field| (field.name.text, field.kind))
        .collect()
}

/// Reads an `activity` block: the activity `id`.
pub fn read(reading: &mut Reading<'_>, block: &Block, id: ActivityId) -> Option<Activity> {
    let fields = read_fields(reading, block);
    let verified = lines::line(reading, block, "verified", Rule::activity_verified);
    let verified_by = verified.and_then(|line| match line.find(Rule::text) {
        Some(text) => Some(unquoted(&text)),
        None => Some(line.find(Rule::word)?.text().to_owned()),
    });
    let clauses = Reading::clauses(block, "accept").len();
    let accept = lines::lines(reading, block, "accept", Rule::activity_accept);
    let all_read = accept.len() == clauses;
    let accept = lines::all_of(reading, &accept, Scope::Activity(Some(id)));
    let at_most = lines::lines(reading, block, "at", Rule::activity_at);
    let (each, at_most): (Vec<Phrase<'_>>, Vec<Phrase<'_>>) =
        at_most.into_iter().partition(|line| line.has(Rule::per_field));
    let at_most_each = each.iter().filter_map(|line| Some((field_named(reading, &fields, line)?, cap(reading, line)?)));
    let at_most_each = at_most_each.collect();
    let at_most = at_most.iter().filter_map(|line| cap(reading, line)).collect();
    let gap_minutes = read_gap(reading, block);
    all_read.then_some(())?;
    Some(Activity {
        name: lines::name(block)?,
        fields,
        verified_by,
        accept,
        at_most,
        at_most_each,
        gap_minutes,
        span: block.span,
    })
}

/// `at most N …`; `at most once` is `at most 1`.
fn cap(reading: &mut Reading<'_>, line: &Phrase<'_>) -> Option<EarnCap> {
    if !line.has(Rule::once_word) {
        return lines::cap(reading, line, None, true, "at most 1 per member per day");
    }
    let (_, window) = reading.per_what(&line.find(Rule::per_what)?)?;
    Some(EarnCap { most: Exact::one(), window, span: line.span() })
}

/// The field of `at most 1 per FIELD`.
fn field_named(reading: &mut Reading<'_>, fields: &[Field], line: &Phrase<'_>) -> Option<String> {
    let name = line.find(Rule::per_field)?.find(Rule::name)?;
    if fields.iter().any(|field| field.name.text == name.text()) {
        return Some(name.text().to_owned());
    }
    let known: Vec<&str> = fields.iter().map(|field| field.name.text.as_str()).collect();
    reading.say(Clash::NoSuchWord {
        place: name.span(),
        word: name.text().to_owned(),
        of: "a field of this activity".to_owned(),
        near: closest(name.text(), &known).map(str::to_owned),
        known: match known.is_empty() {
            true => format!("a time (`per day`), or declare `field {} text`", name.text()),
            false => known.join(", "),
        },
    });
    None
}

fn read_fields(reading: &mut Reading<'_>, block: &Block) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    for line in lines::lines(reading, block, "field", Rule::activity_field) {
        let Some(field) = field(&line) else { continue };
        if let Some(first) = fields.iter().find(|other| other.name.text == field.name.text) {
            let keyword = format!("field {}", field.name.text);
            reading.say(Mistake::SaidTwice { place: line.span(), first: first.name.span, keyword });
            continue;
        }
        fields.push(field);
    }
    fields
}

/// `field WORD number [UNIT]`, `field WORD text`, `field WORD one of [..]`.
fn field(line: &Phrase<'_>) -> Option<Field> {
    let word = line.find(Rule::word)?;
    let name = Name { text: crate::value::nfc(word.text()).into_owned(), span: word.span() };
    let kind = line.children().nth(1)?;
    let kind = match kind.rule() {
        Rule::field_number => FieldKind::Number(kind.find(Rule::unit).map(|unit| unit.text().to_owned())),
        Rule::field_one_of => FieldKind::OneOf(kind.children().map(|word| unquoted(&word.inner())).collect()),
        _ => FieldKind::Text,
    };
    Some(Field { name, kind })
}

/// `gap at least N hours`, in minutes of elapsed time.
fn read_gap(reading: &mut Reading<'_>, block: &Block) -> Option<u64> {
    let line = lines::line(reading, block, "gap", Rule::activity_gap)?;
    let count = lines::counted(reading, &line, "the gap")?;
    let each = match line.children().nth(1)?.rule() {
        Rule::minute_word => 1,
        Rule::hour_word => 60,
        Rule::day_word => 24 * 60,
        _ => 7 * 24 * 60,
    };
    Some(u64::from(count) * each)
}

#[cfg(test)]
mod tests;
