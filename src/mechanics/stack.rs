//! `stack`: how bonuses, or discounts, that meet combine.

use super::lines;
use super::points::EarnCap;
use super::reading::dimension::is_currency;
use super::reading::{Clash, Kind, Reading};
use super::table::{BlockSpec, Head, many, once};
use super::{DiscountId, Name, PointsId, RuleId};
use crate::syntax::ast::Block;
use crate::syntax::{Phrase, Rule};
use crate::text::Span;
use crate::value::exact::Exact;
use std::collections::BTreeMap;

/// `stack` in the table of blocks.
pub static BLOCK: BlockSpec = BlockSpec {
    keyword: "stack",
    head: Head::Name,
    clauses: &[once("take", "take best"), once("compound", "compound"), many("cap", "cap 40 stars per member per day")],
    ordered: false,
    says: "how rules that meet in one event combine",
};

/// A `stack` block (section 3).
#[derive(Debug, Clone)]
pub struct Stack {
    /// Its name, used by `group`.
    pub name: Name,
    /// Which of the bonuses that meet are kept.
    pub take: Take,
    /// `cap N UNIT per member per WINDOW`.
    pub caps: Vec<(PointsId, EarnCap)>,
    /// `cap X CUR per member per WINDOW`: money that the discounts of the stack take off together.
    pub money_caps: Vec<EarnCap>,
    /// `cap N% of receipt`: the worth given is at most this share of the receipt.
    pub cap_percent: Option<(Exact, Span)>,
    /// The whole block.
    pub span: Span,
}

/// Which of the bonuses that meet are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Take {
    /// `take all`.
    All,
    /// `take best N`: the N worth most; `take best` is 1.
    Best(u32),
    /// `take first of [..]`: the first in this order that gives something.
    First(Vec<RuleId>),
    /// The same of discounts.
    FirstDiscount(Vec<DiscountId>),
    /// `compound`: percentages multiply, in file order.
    Compound,
}

/// What the percentages of a `compound` stack have added to a base so far: by line, and to what lies on no line.
#[derive(Debug, Clone, Default)]
pub struct Grown(BTreeMap<Option<usize>, Exact>);

impl Grown {
    /// A percentage of the base (`share` of one), as worked out of the base alone: on the lines that it takes, it also
    /// takes what the percentages before it added there.
    pub fn compound(&mut self, share: &Exact, exact: &mut Exact, by_line: &mut [(usize, Exact)]) {
        let of_lines: Exact = by_line.iter().map(|(_, part)| part).sum();
        let mut beside = &*exact - &of_lines;
        let mut more: BTreeMap<Option<usize>, Exact> = BTreeMap::new();
        for (line, part) in by_line.iter_mut() {
            let place = Some(*line);
            if !more.contains_key(&place) {
                *part += self.0.get(&place).map(|added| added * share).unwrap_or_default();
            }
            *more.entry(place).or_default() += &*part;
        }
        if !beside.is_zero() {
            beside += self.0.get(&None).map(|added| added * share).unwrap_or_default();
            *more.entry(None).or_default() += &beside;
        }
        *exact = more.values().sum();
        for (place, part) in more {
            *self.0.entry(place).or_default() += part;
        }
    }
}

/// Reads a `stack` block. One that says nothing of what it takes, takes all.
pub fn read(reading: &mut Reading<'_>, block: &Block) -> Option<Stack> {
    let take = take(reading, block);
    let (mut caps, mut money_caps, mut cap_percent) = (Vec::new(), Vec::new(), None);
    for line in lines::lines(reading, block, "cap", Rule::stack_cap) {
        let inner = line.inner();
        if inner.rule() == Rule::cap_percent {
            cap_percent = lines::share(reading, &inner).map(|percent| (percent, line.span()));
            continue;
        }
        let named = inner.find(Rule::unit);
        if let Some(money) = named.filter(|unit| is_money(reading, unit)) {
            if reading.same_money(&money) {
                let like = "cap 20 EUR per member per month";
                let cap = lines::cap(reading, &inner, None, false, like);
                money_caps.extend(cap.map(|cap| EarnCap { span: line.span(), ..cap }));
            }
            continue;
        }
        let Some(unit) = inner.find(Rule::unit).and_then(|unit| reading.unit(&unit)) else { continue };
        let cap = lines::cap(reading, &inner, Some(unit), false, "cap 40 stars per member per day");
        caps.extend(cap.map(|cap| (unit, EarnCap { span: line.span(), ..cap })));
    }
    Some(Stack { name: lines::name(block)?, take: take?, caps, money_caps, cap_percent, span: block.span })
}

/// Whether a unit is money, and no points of that name.
fn is_money(reading: &Reading<'_>, unit: &Phrase<'_>) -> bool {
    is_currency(unit.text()) && reading.names.find(Kind::Points, unit.text()).is_none()
}

fn take(reading: &mut Reading<'_>, block: &Block) -> Option<Take> {
    let compound = lines::line(reading, block, "compound", Rule::stack_compound);
    let Some(clause) = Reading::one(block, "take") else {
        return Some(if compound.is_some() { Take::Compound } else { Take::All });
    };
    let take = reading.clause(clause, Rule::stack_take)?.inner();
    if let (Some(compound), false) = (&compound, take.rule() == Rule::take_compound) {
        reading.say(Clash::TakesTwoWays { place: compound.span(), first: clause.span });
    }
    Some(match take.rule() {
        Rule::take_all => Take::All,
        Rule::take_first => first_of(reading, &take.all(Rule::name))?,
        Rule::take_compound => Take::Compound,
        _ => match lines::counted(reading, &take, "the number of rules taken") {
            Some(count) => Take::Best(count),
            None if take.has(Rule::whole) => return None,
            None => Take::Best(1),
        },
    })
}

/// The rules that `take first of` names, in its order; or the discounts, where the first of them is one.
fn first_of(reading: &mut Reading<'_>, names: &[Phrase<'_>]) -> Option<Take> {
    let first = names.first()?.text();
    let is = |kind| reading.names.find(kind, first).is_some();
    if is(Kind::Discount) && !is(Kind::Rule) {
        let found: Vec<Option<usize>> = names.iter().map(|name| reading.resolve(Kind::Discount, name)).collect();
        let found: Option<Vec<DiscountId>> = found.into_iter().map(|id| id.map(DiscountId)).collect();
        return found.map(Take::FirstDiscount);
    }
    let found: Vec<Option<usize>> = names.iter().map(|name| reading.resolve(Kind::Rule, name)).collect();
    let found: Option<Vec<RuleId>> = found.into_iter().map(|id| id.map(RuleId)).collect();
    found.map(Take::First)
}
