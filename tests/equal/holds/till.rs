//! Money at the till: discounts and coupons together take no more off a line than it costs, nor more off a receipt; what
//! a quote says is paid and what is taken off are the price, to the cent.

use super::{Said, said};
use crate::tree::Sound;
use loyal::engine::outcome::{AsOf, Happened, MoneyOff, Outcome};
use loyal::ledger::{Event, History, Kind, Line};
use loyal::mechanics::Program;
use loyal::mechanics::off::DiscountOf;
use loyal::report::quote;
use loyal::value::exact::Exact;
use std::collections::BTreeMap;

/// The first receipt on which too much is taken off; how many were looked at.
pub fn look(sound: &Sound, history: &History, _: &[AsOf], expected: &Outcome) -> Said {
    let program = &sound.program;
    let purchases = history.events.iter().filter(|event| event.kind == Kind::Purchase);
    let purchases: BTreeMap<&str, &Event> = purchases.map(|event| (event.id.as_str(), event)).collect();
    // What each discount takes off a purchase, as it stands now.
    let mut stands: BTreeMap<&str, BTreeMap<DiscountOf, &MoneyOff>> = BTreeMap::new();
    let mut looked = 0;
    for entry in &expected.journal {
        let Happened::Discount(off) = &entry.what else { continue };
        let Some(purchase) = purchases.get(off.purchase.as_str()) else { continue };
        let all = stands.entry(off.purchase.as_str()).or_default();
        // Two coupons of a name are told one after the other.
        let again = all.contains_key(&off.of) && off.before.is_none();
        all.insert(off.of, off);
        looked += 1;
        if let Some(why) = one(program, off) {
            return said(Some(format!("{}: {why}", off.purchase)), looked);
        }
        // After a return lines are those that are left.
        let together = (!again && off.before.is_none()).then(|| together(purchase, all)).flatten();
        if let Some(why) = together {
            return said(Some(format!("{}: {why}", off.purchase)), looked);
        }
    }
    let broken = stands.keys().find_map(|id| {
        let why = paid(program, purchases[id], expected)?;
        Some(format!("{id}: {why}"))
    });
    said(broken, looked)
}

/// What one discount says of itself.
fn one(program: &Program, off: &MoneyOff) -> Option<String> {
    let minor = program.settings.minor_units;
    // Never more than an item costs, also where a file or a part that came back has fractions of a cent.
    let of_money = |figure: &Exact| figure.decimals().is_some_and(|needed| needed <= minor);
    if off.off.is_negative() || (of_money(&off.price) && !of_money(&off.off)) {
        return Some(format!("{} is no money that can be taken off", off.off));
    }
    let cent = Exact::one().checked_div(&Exact::from_int(10_i64.pow(minor)))?;
    let by_line: Exact = off.by_line.iter().sum();
    let apart = (&by_line - &off.off).abs();
    (apart > cent).then(|| format!("{} is taken off, its lines say {by_line}", off.off))
}

/// What all take off together, line by line and in all.
fn together(purchase: &Event, all: &BTreeMap<DiscountOf, &MoneyOff>) -> Option<String> {
    let price = |line: &Line| line.regular.clone().or_else(|| line.amount.clone()).unwrap_or_default();
    let full: Exact = purchase.lines.iter().map(price).filter(|price| price.is_positive()).sum();
    let off: Exact = all.values().map(|off| &off.off).sum();
    if off > full {
        return Some(format!("{off} is taken off {full}"));
    }
    let lines = purchase.lines.iter().filter(|line| !nought(line)).enumerate();
    lines.into_iter().find_map(|(at, line)| {
        let costs = price(line).max(Exact::zero());
        let off: Exact = all.values().filter_map(|off| off.by_line.get(at)).sum();
        (off > costs).then(|| format!("{off} is taken off line {}, which costs {costs}", at + 1))
    })
}

/// What is paid and what is taken off, of a basket that is priced.
fn paid(program: &Program, purchase: &Event, outcome: &Outcome) -> Option<String> {
    let mut basket = purchase.clone();
    quote::priced(&mut basket, outcome);
    let price = |line: &Line| line.regular.clone().or_else(|| line.amount.clone()).unwrap_or_default();
    let there = |event: &Event| event.lines.iter().filter(|line| !nought(line)).cloned().collect::<Vec<_>>();
    let full: Exact = there(purchase).iter().map(price).sum();
    let left: Exact = there(&basket).iter().filter_map(|line| line.amount.as_ref()).sum();
    let at_the_till = |entry: &&loyal::engine::outcome::Entry| entry.event.as_deref() == Some(purchase.id.as_str());
    let told = outcome.journal.iter().filter(at_the_till).filter_map(|entry| entry.what.discount());
    let told: Vec<&MoneyOff> = told.filter(|off| off.purchase == purchase.id).collect();
    let off: Exact = told.iter().map(|off| &off.off).sum();
    if &left + &off != full {
        return Some(format!("{left} to pay and {off} off are not {full}"));
    }
    // Each of them is rounded once, by half a cent at most, and all of that may fall to one line.
    let cent = Exact::one().checked_div(&Exact::from_int(10_i64.pow(program.settings.minor_units)))?;
    let rounded = cent * Exact::ratio(told.len().max(2) as i64, 2);
    let below = basket.lines.iter().filter(|line| line.regular.as_ref().is_some_and(|full| !full.is_negative()));
    let mut below = below.filter_map(|line| line.amount.as_ref()).filter(|amount| **amount < -rounded.clone());
    below.next().map(|amount| format!("a line costs {amount} after discounts"))
}

/// Of a line without money and quantity there is nothing.
fn nought(line: &Line) -> bool {
    line.amount.clone().unwrap_or_default().is_zero() && line.qty == Some(Exact::zero())
}
