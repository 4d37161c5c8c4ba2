//! Money off at the till: the forms that discounts and coupons share.

use super::condition::Condition;
use super::lines;
use super::reading::{Reading, Scope};
use super::{CouponId, DiscountId};
use crate::syntax::ast::{Block, Clause};
use crate::syntax::{Phrase, Rule};
use crate::text::Span;
use crate::value::exact::Exact;

/// What is taken off the price of the items it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Off {
    /// `10% off`: 10 of each 100 that the items cost.
    Percent(Exact),
    /// `5 RON off`: once for the receipt, never more than the items cost.
    Money(Exact),
    /// `2 RON off each item`: for each of them, never more than it costs.
    EachItem(Exact),
    /// `5 RON off per 50 RON`: for each whole step of what the items cost.
    Per {
        /// How much off.
        off: Exact,
        /// For each of these.
        step: Exact,
    },
    /// `50% off cheapest item[ of every 3]`.
    Cheapest {
        /// 100 for one that is free.
        percent: Exact,
        /// One of every so many items; none: one of the receipt.
        of_every: Option<u32>,
    },
    /// `price 5 RON`: what each item costs instead, where it costs more.
    Price(Exact),
}

/// What takes money off at the till.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DiscountOf {
    /// A discount.
    Discount(DiscountId),
    /// A coupon that the purchase used.
    Coupon(CouponId),
}

impl DiscountOf {
    /// The discount, if it is one.
    pub fn discount(self) -> Option<DiscountId> {
        match self {
            DiscountOf::Discount(id) => Some(id),
            DiscountOf::Coupon(_) => None,
        }
    }
}

/// The `take` lines and the `price` line of a block, each with its place; none when one of them cannot be read.
pub(super) fn read(reading: &mut Reading<'_>, block: &Block, take: Rule, price: Rule) -> Option<Vec<(Off, Span)>> {
    let mut offs = Vec::new();
    let mut whole = true;
    for clause in Reading::clauses(block, "take") {
        match one(reading, clause, take) {
            Some(off) => offs.push((off, clause.span)),
            None => whole = false,
        }
    }
    if let Some(clause) = Reading::one(block, "price") {
        match lines::price(reading, block, "price", price) {
            Some(each) => offs.push((Off::Price(each), clause.span)),
            None => whole = false,
        }
    }
    // A second form would add to the first: `price 3 EUR` and `take 5 EUR off` would leave nothing to pay.
    let forms =
        block.clauses.iter().filter(|clause| matches!(clause.keyword.text.as_str(), "take" | "price" | "scale"));
    let mut forms = forms.filter(|clause| !clause.broken);
    if let Some(first) = forms.next() {
        // Several `scale` lines are one scale; several `price` lines are told with the lines that are said once.
        let again = forms.find(|next| next.keyword.text == "take" || next.keyword.text != first.keyword.text);
        if let Some(again) = again {
            reading.say(lines::Slip::TwoForms { place: again.span, first: first.span });
        }
    }
    whole.then_some(offs)
}

/// One `take` line.
fn one(reading: &mut Reading<'_>, clause: &Clause, rule: Rule) -> Option<Off> {
    let off = reading.clause(clause, rule)?.find(Rule::money_off)?.inner();
    let money = |reading: &mut Reading<'_>| above_nought(reading, &off);
    Some(match off.rule() {
        Rule::off_percent => Off::Percent(share(reading, &off)?),
        Rule::off_cheapest => Off::Cheapest {
            percent: if off.has(Rule::off_free) { Exact::from_int(100) } else { share(reading, &off)? },
            of_every: match off.find(Rule::of_every) {
                Some(every) => Some(lines::counted(reading, &every, "the number of items")?),
                None => None,
            },
        },
        Rule::off_per_item => Off::EachItem(money(reading)?),
        Rule::off_per => {
            let step = off.find(Rule::off_step).and_then(|step| above_nought(reading, &step));
            Off::Per { off: money(reading)?, step: step? }
        }
        _ => Off::Money(money(reading)?),
    })
}

/// A percentage of more than 0 and at most 100.
fn share(reading: &mut Reading<'_>, line: &Phrase<'_>) -> Option<Exact> {
    let percent = lines::share(reading, line)?;
    if percent.is_zero() {
        let place = line.find(Rule::percent)?.span();
        reading.say(lines::Slip::Nought { place, what: "a discount" });
        return None;
    }
    Some(percent)
}

/// Money of more than 0.
fn above_nought(reading: &mut Reading<'_>, line: &Phrase<'_>) -> Option<Exact> {
    let phrase = line.find(Rule::money)?;
    let money = reading.money(&phrase)?;
    if money.is_zero() {
        reading.say(lines::Slip::Nought { place: phrase.span(), what: "a discount" });
        return None;
    }
    Some(money)
}

/// `items CONDITION`: which lines it is for. Outer: whether it could be read; inner: whether it is said.
#[allow(clippy::option_option)]
pub(super) fn items(reading: &mut Reading<'_>, block: &Block, rule: Rule) -> Option<Option<Condition>> {
    if Reading::one(block, "items").is_none() {
        return Some(None);
    }
    let line = lines::line(reading, block, "items", rule)?;
    Some(Some(reading.condition(&line.find(Rule::condition)?, Scope::Lines)?))
}
