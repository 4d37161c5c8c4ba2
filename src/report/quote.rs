//! What a customer pays for a basket: its price, what is taken off, what points pay, and what it earns.

use super::explain::{off, why};
use super::grid::{Grid, Side};
use super::words::{Book, bare, day, isolate, padded};
use crate::engine::outcome::{Entry, MoneyOff, Outcome, Posting, PostingKind};
use crate::ledger::{Event, Line};
use crate::mechanics::PointsId;
use crate::mechanics::points::Pay;
use crate::value::exact::Exact;
use serde::Serialize;

/// What is paid for one purchase; money and points as texts, with the decimals of their unit.
#[derive(Debug, Serialize)]
pub struct Quote {
    /// The purchase.
    pub purchase: String,
    /// Whose; none: nobody put a name to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// When.
    pub time: String,
    /// The money of the program.
    pub money: String,
    /// What the items cost before anything is taken off.
    pub price: String,
    /// Discounts and coupons, in the order in which they are worked out.
    pub off: Vec<Off>,
    /// Points that pay a part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<Pays>,
    /// What is left to pay.
    pub to_pay: String,
    /// Points that the purchase earns, of the money that is left.
    pub earns: Vec<Earns>,
    /// What the basket asks for and does not get, each a sentence.
    pub refused: Vec<Refused>,
    #[serde(skip)]
    heading: String,
}

/// What one discount or coupon takes off.
#[derive(Debug, Serialize)]
pub struct Off {
    /// `discount` or `coupon`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// How much.
    pub off: String,
    /// Why.
    pub because: String,
}

/// Points that pay a part of a purchase.
#[derive(Debug, Serialize)]
pub struct Pays {
    /// Which.
    pub unit: String,
    /// How many.
    pub number: String,
    /// What they pay.
    pub pays: String,
    #[serde(skip)]
    amount: String,
}

/// Points that a purchase earns.
#[derive(Debug, Serialize)]
pub struct Earns {
    /// Which.
    pub unit: String,
    /// How many.
    pub number: String,
    /// Why.
    pub because: String,
    #[serde(skip)]
    amount: String,
}

/// What is refused.
#[derive(Debug, Serialize)]
pub struct Refused {
    /// The reason word.
    pub reason: &'static str,
    /// The sentence.
    pub says: String,
}

/// The price of a line before anything is taken off.
fn price(line: &Line) -> Exact {
    line.regular.clone().or_else(|| line.amount.clone()).unwrap_or_default()
}

/// Takes off a basket's lines what the program takes off; what it cost before stays as the price before discounts.
pub fn priced(basket: &mut Event, outcome: &Outcome) {
    let takes: Vec<&MoneyOff> = taken_off(outcome, &basket.id).collect();
    // What is nothing (no money, no quantity: struck off at the till) is no line of a discount.
    let there = |line: &&mut Line| {
        let nought = |figure: &Option<Exact>| figure.as_ref().is_some_and(Exact::is_zero);
        !(nought(&line.qty) && line.amount.as_ref().is_none_or(Exact::is_zero))
    };
    for (at, line) in basket.lines.iter_mut().filter(there).enumerate() {
        let full = price(line);
        let share = |off: &MoneyOff| {
            let all: Exact = off.by_line.iter().sum();
            let part = off.by_line.get(at).and_then(|part| part.checked_div(&all)).unwrap_or_default();
            &off.off * &part
        };
        let left = &full - takes.iter().map(|off| share(off)).sum::<Exact>();
        let kept = line.amount.as_ref().and_then(|amount| left.checked_div(amount)).unwrap_or_default();
        line.tax = line.tax.take().map(|tax| tax * &kept);
        line.regular = Some(full);
        line.amount = Some(left);
    }
}

/// What is taken off a purchase as it is made, not after its returns.
fn taken_off<'o>(outcome: &'o Outcome, purchase: &'o str) -> impl Iterator<Item = &'o MoneyOff> {
    of_event(outcome, purchase).filter_map(|entry| entry.what.discount()).filter(move |off| off.purchase == purchase)
}

fn of_event<'o>(outcome: &'o Outcome, event: &'o str) -> impl Iterator<Item = &'o Entry> {
    outcome.journal.iter().filter(move |entry| entry.event.as_deref() == Some(event))
}

/// The quote of a basket, of which `left` is what is left to pay: what was taken off it in one run, and what points
/// pay and earn in the other.
pub fn quote(book: Book<'_>, (basket, left): (&Event, &Event), off: &Outcome, paid: &Outcome) -> Quote {
    let settings = &book.program.settings;
    let sum = |money: &Exact| padded(money, settings.minor_units);
    let price: Exact = basket.lines.iter().map(price).sum();
    let takes: Vec<&MoneyOff> = taken_off(off, &basket.id).collect();
    let points = pays(book, left, paid);
    let by_points = points.as_ref().map(|(_, money)| money.clone()).unwrap_or_default();
    let to_pay = &price - takes.iter().map(|off| &off.off).sum::<Exact>() - by_points;
    let whose = basket.member.as_deref().map_or_else(|| "nobody".to_owned(), |member| isolate(member).into_owned());
    Quote {
        purchase: basket.id.clone(),
        member: basket.member.clone(),
        time: settings.clock.show(basket.at),
        money: settings.money.clone(),
        price: sum(&price),
        off: takes.iter().map(|off| told(book, off)).collect(),
        points: points.map(|(points, _)| points),
        to_pay: sum(&to_pay),
        earns: earns(book, basket, paid),
        // The first run has the coupons, the second the points that pay.
        refused: refused(&basket.id, off).into_iter().chain(refused(&basket.id, paid)).collect(),
        heading: format!("Purchase {} of {whose}, {}", isolate(&basket.id), day(basket.day)),
    }
}

fn told(book: Book<'_>, off: &MoneyOff) -> Off {
    Off {
        kind: off::kind(off.of),
        name: book.discount(off.of).to_owned(),
        off: padded(&off.off, book.program.settings.minor_units),
        because: off::why(book, off),
    }
}

fn postings<'o>(outcome: &'o Outcome, event: &'o str) -> impl Iterator<Item = (&'o Entry, &'o Posting)> {
    of_event(outcome, event).filter_map(|entry| Some((entry, entry.what.posting()?)))
}

/// The points that pay a purchase, of whoever in a household they are, and their money. What a payout takes at the same
/// moment is by its rule; what pays is by none.
fn pays(book: Book<'_>, basket: &Event, outcome: &Outcome) -> Option<(Pays, Exact)> {
    let spent = |posting: &Posting| posting.kind == PostingKind::Spent && posting.parts.is_empty();
    let postings: Vec<&Posting> =
        postings(outcome, &basket.id).map(|(_, posting)| posting).filter(|posting| spent(posting)).collect();
    let unit: PointsId = postings.first()?.unit;
    let number: Exact = postings.iter().map(|posting| -&posting.amount).sum();
    let money = match &book.program.points[unit.0].pay {
        Some(Pay::At { each, .. }) => &number * each,
        Some(Pay::ByPayoutOnly) | None => return None,
    };
    let pays = Pays {
        unit: book.unit(unit).to_owned(),
        number: book.number(unit, &number),
        pays: padded(&money, book.program.settings.minor_units),
        amount: book.amount(unit, &number),
    };
    Some((pays, money))
}

fn earns(book: Book<'_>, basket: &Event, outcome: &Outcome) -> Vec<Earns> {
    let hers = |entry: &Entry| entry.member == basket.member;
    let earned =
        postings(outcome, &basket.id).filter(|(entry, posting)| hers(entry) && posting.kind == PostingKind::Earned);
    let earned = earned.map(|(entry, posting)| Earns {
        unit: book.unit(posting.unit).to_owned(),
        number: book.number(posting.unit, &posting.amount),
        because: bare(&why::clauses(book.of_version(entry.version), posting).join("; ")),
        amount: book.amount(posting.unit, &posting.amount),
    });
    earned.collect()
}

/// What is refused of a purchase.
fn refused(purchase: &str, outcome: &Outcome) -> Vec<Refused> {
    let rejections = of_event(outcome, purchase).filter_map(|entry| entry.what.rejection());
    rejections.map(|(reason, says)| Refused { reason: reason.word(), says: says.to_owned() }).collect()
}

/// Quotes as JSON.
pub fn data(quotes: &[Quote]) -> String {
    serde_json::to_string_pretty(quotes).expect("texts and lists always serialize") + "\n"
}

/// Quotes as text.
pub fn text(quotes: &[Quote]) -> String {
    quotes.iter().map(page).collect::<Vec<_>>().join("\n")
}

fn page(quote: &Quote) -> String {
    let mut grid = Grid::new(&[Side::Left, Side::Right, Side::Left]);
    let money = &quote.money;
    grid.row(["price".to_owned(), format!("{} {money}", quote.price)]);
    for off in &quote.off {
        let name = format!("{} {}", off.kind, isolate(&off.name));
        grid.row([name, format!("-{} {money}", off.off), off.because.clone()]);
    }
    if let Some(points) = &quote.points {
        grid.row([format!("paid with {}", points.amount), format!("-{} {money}", points.pays)]);
    }
    grid.row(["to pay".to_owned(), format!("{} {money}", quote.to_pay)]);
    for earns in &quote.earns {
        grid.row(["earns".to_owned(), earns.amount.clone(), earns.because.clone()]);
    }
    let mut text = format!("{}\n", quote.heading);
    for line in grid.lines() {
        text.push_str(&format!("  {line}\n"));
    }
    for refused in &quote.refused {
        text.push_str(&format!("  refused: {} ({})\n", refused.says, refused.reason));
    }
    text
}
