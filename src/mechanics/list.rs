//! `list` and `calendar`: values and days that have no place in the rules.

use super::reading::{Clash, Reading, unquoted};
use super::table::{BlockSpec, Head};
use super::{Name, lines};
use crate::syntax::ast::Block;
use crate::syntax::{Phrase, Rule};
use crate::text::Span;
use crate::value::clock::Date;
use std::collections::BTreeSet;

/// `list` in the table of blocks.
pub static LIST: BlockSpec = BlockSpec {
    keyword: "list",
    head: Head::Tail,
    clauses: &[],
    ordered: true,
    says: "values that have no place in the rules: `list drinks [coffee, tea]`",
};

/// `calendar` in the table of blocks.
pub static CALENDAR: BlockSpec = BlockSpec {
    keyword: "calendar",
    head: Head::Tail,
    clauses: &[],
    ordered: true,
    says: "days that have no place in the rules: `calendar holidays [2026-12-24 until 2026-12-26]`",
};

/// A `list` block.
#[derive(Debug, Clone)]
pub struct List {
    /// Its name.
    pub name: Name,
    /// The values, from the program or from `file` (see [`List::file`]).
    pub values: BTreeSet<String>,
    /// `from "file.csv" column sku`, relative to the program's folder; loaded before the run.
    pub file: Option<(String, String)>,
    /// The whole block.
    pub span: Span,
}

/// A `calendar` block.
#[derive(Debug, Clone)]
pub struct Calendar {
    /// Its name.
    pub name: Name,
    /// Stretches of days, both ends inclusive.
    pub days: Vec<(Date, Date)>,
    /// `from "file.csv"`, relative to the program's folder; loaded before the run.
    pub file: Option<String>,
    /// The whole block.
    pub span: Span,
}

impl Calendar {
    /// Whether `day` is one of its days.
    pub fn holds(&self, day: Date) -> bool {
        self.days.iter().any(|(first, last)| *first <= day && day <= *last)
    }
}

/// What stands between the name and the end of a block without braces; the first stage has said where it is
/// missing.
fn tail<'a>(reading: &mut Reading<'a>, block: &Block, rule: Rule) -> Option<Phrase<'a>> {
    if block.broken {
        return None;
    }
    let place = block.tail.first()?.span.to(block.tail.last()?.span);
    Some(reading.phrase(rule, place, &block.keyword.text)?.inner())
}

/// Reads a `list` block.
pub fn read_list(reading: &mut Reading<'_>, block: &Block) -> Option<List> {
    let tail = tail(reading, block, Rule::list_tail)?;
    let (mut values, mut file) = (BTreeSet::new(), None);
    match tail.rule() {
        Rule::list_values => values.extend(tail.all(Rule::list_value).iter().map(|value| unquoted(&value.inner()))),
        _ => {
            let texts = tail.all(Rule::text);
            let column = tail.find(Rule::word).map(|word| word.text().to_owned());
            let column = column.or_else(|| texts.get(1).map(unquoted));
            file = texts.first().map(unquoted).zip(column);
        }
    }
    Some(List { name: lines::name(block)?, values, file, span: block.span })
}

/// Reads a `calendar` block.
pub fn read_calendar(reading: &mut Reading<'_>, block: &Block) -> Option<Calendar> {
    let tail = tail(reading, block, Rule::calendar_tail)?;
    let file = tail.find(Rule::text).map(|text| unquoted(&text));
    let mut days = Vec::new();
    for stretch in tail.all(Rule::stretch) {
        let read: Vec<Option<Date>> = stretch.all(Rule::date).iter().map(|date| reading.date(date)).collect();
        match read.as_slice() {
            [Some(day)] => days.push((*day, *day)),
            [Some(first), Some(last)] if first > last => reading.say(Clash::Backwards {
                place: stretch.span(),
                first: first.to_string(),
                second: last.to_string(),
                like: format!("{last} until {first}"),
            }),
            [Some(first), Some(last)] => days.push((*first, *last)),
            _ => {}
        }
    }
    Some(Calendar { name: lines::name(block)?, days, file, span: block.span })
}
