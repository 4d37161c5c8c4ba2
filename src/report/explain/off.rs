//! Money off as sentences: what took it off, from what, and what was cut.

use super::Sentence;
use super::story::capital;
use crate::engine::outcome::{DiscountOf, MoneyOff, OffCutBy, OffPart, OffWhat};
use crate::mechanics::discount::DiscountLimitOf;
use crate::mechanics::off::Off;
use crate::report::words::{Book, bare, figure, isolate};
use crate::value::exact::Exact;

/// `4.00 RON off: discount coffee_week`, and why.
pub fn sentence(book: Book<'_>, off: &MoneyOff) -> Sentence {
    let name = isolate(book.discount(off.of));
    let kind = kind(off.of);
    let says = match &off.before {
        None if off.off.is_zero() => format!("nothing off by {kind} {name}"),
        None => format!("{} off by {kind} {name}", book.money(&off.off)),
        Some(before) => {
            let (now, before) = (book.money(&off.off), book.money(before));
            format!("{now} off by {kind} {name} on purchase {}, before {before}", isolate(&off.purchase))
        }
    };
    let mut because = clauses(book, off);
    if let Some(first) = because.first_mut() {
        *first = capital(first);
    }
    Sentence { says, because, posting: None }
}

/// The word for what takes money off.
pub fn kind(of: DiscountOf) -> &'static str {
    match of {
        DiscountOf::Discount(_) => "discount",
        DiscountOf::Coupon(_) => "coupon",
    }
}

/// `10% off 4 items of 40.00 RON = 4.00 RON (line 12)`, then what was cut.
pub fn clauses(book: Book<'_>, off: &MoneyOff) -> Vec<String> {
    let line = book.line(book.discount_span(off.of));
    let mut clauses: Vec<String> = off.takes.iter().map(|part| take(book, off, part)).collect();
    match clauses.last_mut() {
        Some(last) => last.push_str(&format!(" ({line})")),
        None => clauses.push(format!("nothing is left that it is for ({line})")),
    }
    for cut in &off.cuts {
        let why = match cut.by {
            OffCutBy::Cap => "the cap per receipt".to_owned(),
            OffCutBy::Limit(place) => limited(book, off.of, place),
            OffCutBy::Stack(stack) => {
                format!("stack {} takes another", isolate(&book.program.stacks[stack.0].name.text))
            }
            OffCutBy::StackCap(stack) => {
                format!("the cap of stack {}", isolate(&book.program.stacks[stack.0].name.text))
            }
            OffCutBy::StackMoney(stack, nth) => {
                let stack = &book.program.stacks[stack.0];
                let of = format!("the cap of stack {}", isolate(&stack.name.text));
                match stack.money_caps.get(nth) {
                    Some(cap) => format!("{of}, {} per member ({})", book.money(&cap.most), book.line(cap.span)),
                    None => of,
                }
            }
            OffCutBy::Price => "never more than the items cost".to_owned(),
        };
        clauses.push(format!("less {}: {why}", book.money(&cut.off)));
    }
    clauses.extend(Some(off.note.clone()).filter(|note| !note.is_empty()));
    clauses
}

/// `the limit of 500.00 RON in all`.
fn limited(book: Book<'_>, of: DiscountOf, place: usize) -> String {
    let limits = of.discount().map(|id| &book.program.discounts[id.0].limits);
    let Some(limit) = limits.and_then(|limits| limits.get(place)) else { return "a limit".to_owned() };
    let most = match limit.of {
        DiscountLimitOf::Times => format!("{} times", figure(&limit.most)),
        DiscountLimitOf::Money => book.money(&limit.most),
    };
    let whose = if limit.per_member { "per member" } else { "of everybody together" };
    format!("the limit of {most} {whose} ({})", book.line(limit.span))
}

/// The same as one text without marks.
pub fn why(book: Book<'_>, off: &MoneyOff) -> String {
    bare(&clauses(book, off).join("; "))
}

fn take(book: Book<'_>, off: &MoneyOff, part: &OffPart) -> String {
    let items = if off.items == Exact::one() { "item" } else { "items" };
    let of = format!("{} {items} of {}", figure(&off.items), book.money(&off.price));
    let is = book.money(&part.exact);
    match &part.what {
        OffWhat::Off(Off::Percent(percent)) => format!("{percent}% off {of} = {is}"),
        OffWhat::Off(Off::Money(money)) => format!("{} off {of} = {is}", book.money(money)),
        OffWhat::Off(Off::EachItem(money)) => format!("{} off each of {of} = {is}", book.money(money)),
        OffWhat::Off(Off::Per { off, step }) => {
            format!("{} off per {}, of {of} = {is}", book.money(off), book.money(step))
        }
        OffWhat::Off(Off::Cheapest { percent, of_every: None }) => {
            format!("{percent}% off the cheapest of {of} = {is}")
        }
        OffWhat::Off(Off::Cheapest { percent, of_every: Some(every) }) => {
            format!("{percent}% off the cheapest of every {every} of {of} = {is}")
        }
        OffWhat::Off(Off::Price(each)) => format!("{} each instead, for {of} = {is}", book.money(each)),
        OffWhat::Scale { percent, measured } => {
            format!("{percent}% off {of}, with {} before it = {is}", figure(measured))
        }
        OffWhat::Worth(worth) => format!("worth {}, off {of} = {is}", book.money(worth)),
    }
}
