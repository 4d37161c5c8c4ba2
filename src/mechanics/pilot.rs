//! `pilot`: a trial in some stores, or for some members.
//!
//! Where it runs and for whom are conditions, which are put to those of its rules ([`apply`]); on which side of it a
//! member stands is a hash ([`super::arm`]).

use super::condition::{Condition, How, Measure, Test, Value};
use super::reading::{Kind, Reading, unquoted};
use super::rule::Rule as Earning;
use super::table::{BlockSpec, Head, once};
use super::{Name, SegmentId, lines};
use crate::diag::Message;
use crate::syntax::Rule;
use crate::syntax::ast::Block;
use crate::text::Span;
use crate::value::clock::Date;
use crate::value::exact::Exact;

/// `pilot` in the table of blocks.
pub static BLOCK: BlockSpec = BlockSpec {
    keyword: "pilot",
    head: Head::Name,
    clauses: &[
        once("stores", "stores [Gara, Unirii]"),
        once("members", "members 10%"),
        once("segment", "segment regulars"),
        once("from", "from 2026-01-01"),
        once("until", "until 2026-03-31"),
        once("control", "control 10%"),
    ],
    ordered: false,
    says: "a trial in some stores or for some members",
};

/// A `pilot` block.
#[derive(Debug, Clone)]
pub struct Pilot {
    /// Its name.
    pub name: Name,
    /// Only in these stores, and where that is written.
    pub stores: Option<(Vec<String>, Span)>,
    /// Only this share of the members, in percent.
    pub members: Option<Exact>,
    /// Only who is in this segment at the time, and where that is written.
    pub segment: Option<(SegmentId, Span)>,
    /// First day, inclusive.
    pub from: Option<Date>,
    /// Last day, inclusive.
    pub until: Option<Date>,
    /// The share of those in it who are kept back, in percent.
    pub control: Option<Exact>,
    /// The whole block.
    pub span: Span,
}

/// What can be wrong with a pilot.
#[allow(missing_docs)] // the fields are the words of the messages
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wrong {
    /// Nothing says where or for whom it runs.
    OfNothing { place: Span },
    /// 0%, or a control of everybody.
    NoShare { place: Span, percent: String, of: &'static str },
}

impl Message for Wrong {
    fn code(&self) -> &'static str {
        match self {
            Wrong::OfNothing { .. } => "pilot-of-nothing",
            Wrong::NoShare { .. } => "no-share",
        }
    }

    fn says(&self) -> String {
        match self {
            Wrong::OfNothing { .. } => "this pilot does not say where, or with whom, it is tried".to_owned(),
            Wrong::NoShare { percent, of, .. } => format!("{of} of {percent} leaves nobody on one side"),
        }
    }

    fn place(&self) -> Span {
        match self {
            Wrong::OfNothing { place } | Wrong::NoShare { place, .. } => *place,
        }
    }

    fn why(&self) -> String {
        match self {
            Wrong::OfNothing { .. } => "A trial of everybody, everywhere, has nothing that it could be held against.",
            Wrong::NoShare { .. } => "What comes of it is measured as the difference between two sides.",
        }
        .to_owned()
    }

    fn mend(&self) -> String {
        match self {
            Wrong::OfNothing { .. } => "add `stores […]`, `members 10%`, `segment NAME` or `control 10%`",
            Wrong::NoShare { .. } => "write a share between the two, such as `10%`, or leave the line out",
        }
        .to_owned()
    }
}

/// Reads a `pilot` block.
pub fn read(reading: &mut Reading<'_>, block: &Block) -> Option<Pilot> {
    let stores = lines::line(reading, block, "stores", Rule::pilot_stores)
        .map(|line| (line.find(Rule::words_set).map(|set| words(&set)).unwrap_or_default(), line.span()));
    let segment = lines::line(reading, block, "segment", Rule::pilot_segment)
        .and_then(|line| Some((SegmentId(reading.resolve(Kind::Segment, &line.find(Rule::name)?)?), line.span())));
    let members = part(reading, block, "members", Rule::pilot_members, "a sample");
    let control = part(reading, block, "control", Rule::pilot_control, "a control");
    let (from, until) = lines::days(reading, block, Rule::rule_from, Rule::rule_until);
    let said = ["stores", "members", "segment", "control"].iter().any(|keyword| Reading::one(block, keyword).is_some());
    if !said && lines::is_sound(block, &BLOCK) {
        reading.say(Wrong::OfNothing { place: block.header });
    }
    Some(Pilot { name: lines::name(block)?, stores, members, segment, from, until, control, span: block.span })
}

/// A share of which both sides have somebody: more than nothing, less than all; a sample may be all.
pub(super) fn part(
    reading: &mut Reading<'_>,
    block: &Block,
    keyword: &str,
    rule: Rule,
    of: &'static str,
) -> Option<Exact> {
    let line = lines::line(reading, block, keyword, rule)?;
    let percent = lines::share(reading, &line)?;
    let all = percent == Exact::from_int(100) && keyword != "members";
    if percent.is_zero() || all {
        let phrase = line.find(Rule::percent)?;
        reading.say(Wrong::NoShare { place: phrase.span(), percent: phrase.text().to_owned(), of });
        return None;
    }
    Some(percent)
}

/// The words of a list in brackets.
pub(super) fn words(set: &crate::syntax::Phrase<'_>) -> Vec<String> {
    set.children().map(|word| unquoted(&word.inner())).collect()
}

/// Puts what a pilot is for to the conditions of a rule that runs in it alone.
pub fn apply(pilot: &Pilot, rule: &mut Earning) {
    let mut all: Vec<Condition> = Vec::new();
    if let Some((stores, span)) = &pilot.stores {
        let stores = stores.iter().cloned().map(Value::Text).collect();
        all.push(Condition::Test(Test { measure: Measure::Store, how: How::In(stores), span: *span }));
    }
    if let Some((segment, span)) = &pilot.segment {
        all.push(Condition::Test(Test { measure: Measure::InSegment(*segment), how: How::Holds, span: *span }));
    }
    if !all.is_empty() {
        all.extend(rule.when.take());
        rule.when = if all.len() == 1 { all.pop() } else { Some(Condition::All(all)) };
    }
    rule.from = rule.from.max(pilot.from);
    rule.until = match (rule.until, pilot.until) {
        (Some(own), Some(pilots)) => Some(own.min(pilots)),
        (own, pilots) => own.or(pilots),
    };
}
