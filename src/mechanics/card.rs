//! `card`: punch cards.

use super::basis::{Basis, Pick, Total};
use super::condition::{Condition, Measure, Test};
use super::give::Give;
use super::lines::{self, Slip};
use super::points::EarnCap;
use super::reading::dimension::is_currency;
use super::reading::{Kind, Mistake, Reading, Scope};
use super::table::{BlockSpec, Head, many, once};
use super::{ActivityId, Name};
use crate::diag::Message;
use crate::syntax::ast::Block;
use crate::syntax::{Phrase, Rule};
use crate::text::Span;
use crate::value::clock::Length;
use crate::value::exact::Exact;

/// `card` in the table of blocks.
pub static BLOCK: BlockSpec = BlockSpec {
    keyword: "card",
    head: Head::Name,
    clauses: &[
        many("stamp", "stamp 1 per visit"),
        once("full", "full at 10"),
        many("give", "give gift free_coffee"),
        many("limit", "limit 2 stamps per member per day"),
        once("expire", "expire 12 months after last stamp"),
        once("start", "start 2 stamps"),
        once("carry", "carry over"),
        once("discard", "discard"),
    ],
    ordered: false,
    says: "a punch card: what stamps it, what a full one gives",
};

/// So many stamps one event brings to a card at most (section 6, Edges): a slip at a till fills no million cards.
pub const MOST_STAMPS: i64 = 100_000;

/// A `card` block (section 3).
#[derive(Debug, Clone)]
pub struct Card {
    /// Its name.
    pub name: Name,
    /// What brings stamps; all lines apply.
    pub stamps: Vec<Stamp>,
    /// Stamps that fill it; at least 1.
    pub full: u32,
    /// What a full card gives.
    pub gives: Vec<Give>,
    /// `limit N stamps per member per WINDOW`.
    pub limits: Vec<EarnCap>,
    /// When an open card lapses.
    pub expire: Option<CardLife>,
    /// `start N stamps`: what each new card begins with.
    pub start: u32,
    /// `discard`: stamps beyond full are lost; else they begin the next card.
    pub discard: bool,
    /// The whole block.
    pub span: Span,
}

/// `stamp N per …`.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// How many.
    pub number: u32,
    /// For each.
    pub per: StampPer,
    /// Which lines count.
    pub pick: Pick,
    /// The clause.
    pub span: Span,
}

/// For what a stamp is given.
#[derive(Debug, Clone)]
pub enum StampPer {
    /// Each item.
    Item,
    /// Each visit: a day and a store.
    Visit,
    /// Each purchase.
    Purchase,
    /// Each whole step of this measure, such as 10 RON or an activity; the measure has the stamp's pick in it.
    Amount(Exact, Basis),
}

/// When an open card lapses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CardLife {
    /// How long.
    pub length: Length,
    /// `after first stamp`; else after the last.
    pub after_first: bool,
}

/// What can be wrong with a `card` block alone.
#[allow(missing_docs)] // the fields are the words of the messages
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wrong {
    /// A card that is full when it is new.
    BornFull { place: Span, full: Span, start: u32, at: u32 },
    /// Stamps beyond full both carried over and discarded.
    CarryAndDiscard { place: Span, first: Span },
    /// A stamp for several of what comes one at a time.
    SeveralOf { place: Span, what: String, one: &'static str, thing: &'static str },
    /// A stamp for so many of something that nothing measures.
    UnknownUnit { place: Span, unit: String, thing: &'static str },
}

impl Message for Wrong {
    fn code(&self) -> &'static str {
        match self {
            Wrong::BornFull { .. } => "born-full",
            Wrong::CarryAndDiscard { .. } => "carry-and-discard",
            Wrong::SeveralOf { .. } => "stamp-for-several",
            Wrong::UnknownUnit { .. } => "stamp-for-what",
        }
    }

    fn says(&self) -> String {
        match self {
            Wrong::BornFull { start, at, .. } => {
                format!("a new card begins with {start} stamps and is full at {at}")
            }
            Wrong::CarryAndDiscard { .. } => "stamps beyond full are both carried over and discarded".to_owned(),
            Wrong::SeveralOf { what, thing, .. } => {
                format!("{} {thing} cannot be given for {what} together", article(thing))
            }
            Wrong::UnknownUnit { unit, .. } => format!("nothing is measured in `{unit}`"),
        }
    }

    fn place(&self) -> Span {
        match self {
            Wrong::BornFull { place, .. }
            | Wrong::CarryAndDiscard { place, .. }
            | Wrong::SeveralOf { place, .. }
            | Wrong::UnknownUnit { place, .. } => *place,
        }
    }

    fn related(&self) -> Vec<(Span, String)> {
        match self {
            Wrong::BornFull { full, .. } => vec![(*full, "it is full here".to_owned())],
            Wrong::CarryAndDiscard { first, .. } => vec![(*first, "and this line".to_owned())],
            Wrong::SeveralOf { .. } | Wrong::UnknownUnit { .. } => Vec::new(),
        }
    }

    fn why(&self) -> String {
        match self {
            Wrong::BornFull { .. } => "Every card would give its gift at once, again and again.",
            Wrong::CarryAndDiscard { .. } => "Two answers to one question: customers could be told either.",
            Wrong::SeveralOf { .. } => {
                "They come one at a time, and what has come before is counted by what they brought."
            }
            Wrong::UnknownUnit { .. } => "What counts something unknown is never given.",
        }
        .to_owned()
    }

    fn mend(&self) -> String {
        match self {
            Wrong::BornFull { at, .. } => format!("begin with fewer than {at} stamps"),
            Wrong::CarryAndDiscard { .. } => "keep one of the two lines".to_owned(),
            Wrong::SeveralOf { one, thing: "stamp", .. } => {
                format!("write `stamp 1 per {one}`, and the rest as `full at N`")
            }
            Wrong::SeveralOf { one, thing, .. } => format!("write `{thing} 1 per {one}`"),
            Wrong::UnknownUnit { thing, .. } => {
                format!("write money, `items`, or a number field of an activity: `{thing} 1 per 10 RON`")
            }
        }
    }
}

fn article(thing: &str) -> &'static str {
    if thing.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

/// What each new card begins with; never a full card.
pub fn head_start(card: &Card) -> i64 {
    i64::from(card.start.min(card.full.saturating_sub(1)))
}

/// Reads a `card` block.
pub fn read(reading: &mut Reading<'_>, block: &Block) -> Option<Card> {
    lines::require(reading, block, &BLOCK, "full");
    let clauses = Reading::clauses(block, "stamp").len();
    let stamps = lines::lines(reading, block, "stamp", Rule::card_stamp);
    let stamps: Vec<Stamp> = stamps.iter().filter_map(|line| read_stamp(reading, line, "stamp")).collect();
    let full = lines::line(reading, block, "full", Rule::card_full);
    let at = full.as_ref().and_then(|line| lines::counted(reading, line, "the stamps of a full card"));
    let gives = read_gives(reading, block);
    let limits = lines::lines(reading, block, "limit", Rule::card_limit);
    let like = "limit 2 stamps per member per day";
    let limits = limits.iter().filter_map(|line| lines::cap(reading, line, None, false, like)).collect();
    let expire = read_expire(reading, block);
    let start_line = lines::line(reading, block, "start", Rule::card_start);
    let start = start_line.as_ref().and_then(|line| reading.count(&line.find(Rule::whole)?)).unwrap_or(0);
    if let (Some(full), Some(at), Some(line)) = (&full, at, &start_line)
        && start >= at
    {
        reading.say(Wrong::BornFull { place: line.span(), full: full.span(), start, at });
    }
    let discard = read_discard(reading, block);
    (stamps.len() == clauses).then_some(())?;
    Some(Card {
        name: lines::name(block)?,
        stamps,
        full: at?,
        gives: gives?,
        limits,
        expire: expire?,
        start,
        discard,
        span: block.span,
    })
}

fn read_gives(reading: &mut Reading<'_>, block: &Block) -> Option<Vec<Give>> {
    let clauses = Reading::clauses(block, "give").len();
    let lines = lines::lines(reading, block, "give", Rule::card_give);
    let gives: Vec<Give> = lines.iter().filter_map(|line| reading.give(&line.inner(), &Basis::One)).collect();
    (gives.len() == clauses).then_some(gives)
}

/// `stamp N per …[, CONDITION]`; of a draw, `entry N per …`: `thing` is what comes.
pub(super) fn read_stamp(reading: &mut Reading<'_>, line: &Phrase<'_>, thing: &'static str) -> Option<Stamp> {
    let what = if thing == "stamp" { "the number of stamps" } else { "the number of entries" };
    let number = lines::counted(reading, line, what);
    let per = line.find(Rule::stamp_per)?.inner();
    let lines = line.find(Rule::stamp_lines);
    let pick = match &lines {
        Some(lines) => read_pick(reading, lines, &per),
        None => Some(Pick::default()),
    };
    let what = read_per(reading, &per, pick.clone().unwrap_or_default(), thing);
    Some(Stamp { number: number?, per: what?, pick: pick?, span: line.span() })
}

/// Which lines count. `amount`, for a stamp that comes once a purchase or visit, is that of the whole receipt.
fn read_pick(reading: &mut Reading<'_>, lines: &Phrase<'_>, per: &Phrase<'_>) -> Option<Pick> {
    let scope = match per.rule() {
        Rule::stamp_activity => {
            let named = per.find(Rule::name).and_then(|name| reading.names.find(Kind::Activity, name.text()));
            Scope::Activity(named.map(ActivityId))
        }
        _ => Scope::Lines,
    };
    let Some(condition) = lines.find(Rule::condition) else { return reading.pick(&lines.all(Rule::pick)) };
    let mut condition = reading.condition(&condition, scope)?;
    if matches!(per.rule(), Rule::stamp_purchase | Rule::stamp_visit) {
        whole_amount(&mut condition);
    }
    Some(Pick { with: Some(Box::new(condition)), without: None })
}

/// Makes `amount` that of all lines of the event.
fn whole_amount(condition: &mut Condition) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter_mut().for_each(whole_amount),
        Condition::Not(part) => whole_amount(part),
        Condition::Test(Test { measure, .. }) if matches!(measure, Measure::Amount) => {
            *measure = Measure::TotalOf(Box::new(Condition::All(Vec::new())));
        }
        Condition::EveryLine(_) | Condition::Test(_) => {}
    }
}

fn read_per(reading: &mut Reading<'_>, per: &Phrase<'_>, pick: Pick, thing: &'static str) -> Option<StampPer> {
    Some(match per.rule() {
        Rule::stamp_item => StampPer::Item,
        Rule::stamp_visit => StampPer::Visit,
        Rule::stamp_purchase => StampPer::Purchase,
        Rule::stamp_activity => {
            let activity = match per.find(Rule::name) {
                Some(name) => Some(ActivityId(reading.resolve(Kind::Activity, &name)?)),
                None => None,
            };
            StampPer::Amount(Exact::one(), Basis::Activity(activity))
        }
        _ => return read_amount(reading, per, pick, thing),
    })
}

/// `10 RON`, `2 items`, `30 minutes`.
fn read_amount(reading: &mut Reading<'_>, per: &Phrase<'_>, pick: Pick, thing: &'static str) -> Option<StampPer> {
    let phrase = per.find(Rule::number)?;
    let number = reading.number(&phrase)?;
    if number.is_zero() {
        reading.say(Slip::Nought { place: phrase.span(), what: "what it is given for" });
        return None;
    }
    let unit = per.find(Rule::unit)?;
    let word = unit.text();
    let money = reading.names.money.as_ref().map(|(money, _)| money.clone());
    if money.as_deref() == Some(word) || money.is_none() && is_currency(word) {
        return Some(StampPer::Amount(number, Basis::Total(Total { pick, ..Total::default() })));
    }
    let one = match word {
        "items" | "item" => return Some(StampPer::Amount(number, Basis::Items(pick))),
        "visits" | "visit" => Some((StampPer::Visit, "visit")),
        "purchases" | "purchase" => Some((StampPer::Purchase, "purchase")),
        _ => None,
    };
    if let Some((per_one, one)) = one {
        if number == Exact::one() {
            return Some(per_one);
        }
        reading.say(Wrong::SeveralOf { place: per.span(), what: per.text().to_owned(), one, thing });
        return None;
    }
    if let Some(basis) = field_of(reading, word) {
        return Some(StampPer::Amount(number, basis));
    }
    match money {
        Some(money) if is_currency(word) => {
            reading.say(Mistake::OtherMoney { place: unit.span(), got: word.to_owned(), money });
        }
        Some(_) | None if !reading.names.broken_parts.contains(&Kind::Activity) => {
            reading.say(Wrong::UnknownUnit { place: unit.span(), unit: word.to_owned(), thing });
        }
        Some(_) | None => {}
    }
    None
}

/// The number field of that name, or counted in that unit; of the only activity that has it, else of any.
fn field_of(reading: &Reading<'_>, word: &str) -> Option<Basis> {
    let of_all = reading.names.fields.iter().enumerate();
    let found: Vec<(usize, &String)> = of_all
        .flat_map(|(activity, fields)| fields.iter().map(move |(name, kind)| (activity, name, kind)))
        .filter(|(_, name, kind)| match kind {
            super::activity::FieldKind::Number(unit) => *name == word || unit.as_deref() == Some(word),
            super::activity::FieldKind::Text | super::activity::FieldKind::OneOf(_) => false,
        })
        .map(|(activity, name, _)| (activity, name))
        .collect();
    let (activity, field) = found.first()?;
    let activity = (found.len() == 1).then_some(ActivityId(*activity));
    Some(Basis::Field { activity, field: (*field).clone() })
}

/// When an open card lapses; the outer `None` is a line that cannot be read.
fn read_expire(reading: &mut Reading<'_>, block: &Block) -> Option<Option<CardLife>> {
    let Some(clause) = Reading::one(block, "expire") else { return Some(None) };
    let how = reading.clause(clause, Rule::card_expire)?.inner();
    if how.rule() == Rule::expire_never {
        return Some(None);
    }
    let phrase = how.find(Rule::length)?;
    let length = reading.length(&phrase)?;
    if lines::is_no_time(length) {
        reading.say(Slip::Nought { place: phrase.span(), what: "the life of a card" });
        return None;
    }
    Some(Some(CardLife { length, after_first: how.has(Rule::after_first) }))
}

/// Whether stamps beyond full are lost: `discard`, or `carry discard`; else `carry over`.
fn read_discard(reading: &mut Reading<'_>, block: &Block) -> bool {
    let carry = lines::line(reading, block, "carry", Rule::card_carry);
    let discard = lines::line(reading, block, "discard", Rule::card_discard);
    if let (Some(carry), Some(discard)) = (&carry, &discard)
        && carry.has(Rule::carry_over)
    {
        reading.say(Wrong::CarryAndDiscard { place: discard.span(), first: carry.span() });
    }
    discard.is_some() || carry.is_some_and(|line| line.has(Rule::carry_discard))
}

#[cfg(test)]
mod tests;
