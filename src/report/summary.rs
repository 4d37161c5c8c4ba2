//! `summary.json`: the totals as data. Amounts are texts, so that no reader makes them floats.

use super::by;
use super::harvest;
use super::measures::{self, Came};
use super::totals::{GiftTotals, Totals, UnitTotals};
use super::words::{Book, kind_word};
use crate::engine::outcome::{GiftLife, Outcome};
use crate::engine::settle::Settled;
use crate::mechanics::PointsId;
use crate::mechanics::objective::Objective;
use crate::mechanics::reading::Kind;
use crate::value::exact::Exact;
use crate::value::sum::Sum;
use serde::Serialize;
use std::collections::BTreeMap;

/// The whole file.
#[derive(Debug, Serialize)]
struct Summary<'a> {
    program: &'a str,
    money: &'a str,
    zone: &'a str,
    postings: u64,
    moments: Vec<Moment<'a>>,
}

/// The totals at one moment.
#[derive(Debug, Serialize)]
struct Moment<'a> {
    as_of: &'a str,
    members: u64,
    purchases: u64,
    sales: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    objectives: Vec<Goal<'a>>,
    points: BTreeMap<&'a str, Unit>,
    levels: BTreeMap<&'a str, Vec<Level<'a>>>,
    cards: BTreeMap<&'a str, Card>,
    gifts: BTreeMap<&'a str, Gift>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    draws: Vec<ToBeHeld<'a>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    memberships: BTreeMap<&'a str, Membership>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    discounts: BTreeMap<&'a str, Discount>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    settlements: Vec<Settlement<'a>>,
    rejected: BTreeMap<&'static str, u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    by: Vec<Row>,
}

/// A row of what was asked for by something.
#[derive(Debug, Serialize)]
struct Row {
    value: String,
    figures: Vec<Told>,
}

/// One figure of it.
#[derive(Debug, Serialize)]
struct Told {
    what: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    unit: String,
    figure: String,
}

/// An objective and what it has come to.
#[derive(Debug, Serialize)]
struct Goal<'a> {
    objective: &'a str,
    measure: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    within: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    figure: Option<String>,
    wanted: String,
    /// None: not yet known.
    met: Option<bool>,
    numerator: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    denominator: Option<String>,
}

/// What a partner settles for one unit.
#[derive(Debug, Serialize)]
struct Settlement<'a> {
    /// None: the program's own.
    partner: Option<&'a str>,
    unit: &'a str,
    earned: String,
    clawed: String,
    spent: String,
    pays: String,
    gets: String,
    net: String,
}

/// What a discount or coupon took off.
#[derive(Debug, Serialize)]
struct Discount {
    times: i64,
    off: String,
}

#[derive(Debug, Serialize)]
struct Unit {
    balance: String,
    pending: String,
    outstanding: String,
    debt: String,
    totals: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    liability: Option<String>,
    ends: Vec<Ending>,
}

#[derive(Debug, Serialize)]
struct Membership {
    members: u64,
    trial: u64,
    fees: String,
    given_back: String,
}

/// Outstanding points that end in one month.
#[derive(Debug, Serialize)]
struct Ending {
    month: String,
    points: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    worth: Option<String>,
}

#[derive(Debug, Serialize)]
struct Level<'a> {
    level: &'a str,
    members: u64,
}

/// A draw with entries that is not held yet.
#[derive(Debug, Serialize)]
struct ToBeHeld<'a> {
    draw: &'a str,
    date: String,
    entries: u64,
    members: u64,
    waits_for_seed: bool,
}

#[derive(Debug, Serialize)]
struct Card {
    open: u64,
    stamps: i64,
    filled: u64,
}

#[derive(Debug, Default, Serialize)]
struct Gift {
    held: u64,
    issued: u64,
    used: u64,
    expired: u64,
    revoked: u64,
    out_of_stock: u64,
    /// Out of a choice.
    #[serde(skip_serializing_if = "is_none_at_all")]
    taken: u64,
}

/// Whether there is none, so that it is left out.
fn is_none_at_all(number: &u64) -> bool {
    *number == 0
}

/// The text of `summary.json`.
pub fn summary(book: Book<'_>, outcome: &Outcome) -> String {
    of_totals(book, &harvest::totals(book, outcome))
}

/// The same of totals, one for each moment in time order.
pub fn of_totals(book: Book<'_>, totals: &[Totals]) -> String {
    let settings = &book.program.settings;
    let summary = Summary {
        program: &settings.name.text,
        money: &settings.money,
        zone: settings.clock.zone_name(),
        postings: totals.last().map_or(0, |totals| totals.postings),
        moments: totals.iter().map(|totals| moment(book, totals)).collect(),
    };
    let mut text = serde_json::to_string_pretty(&summary).expect("texts, numbers and maps by text always serialize");
    text.push('\n');
    text
}

fn moment<'a>(book: Book<'a>, totals: &'a Totals) -> Moment<'a> {
    // What points are worth on that day.
    let book = book.of_day(totals.day);
    let program = book.program;
    let levels = program.tiers.iter().zip(&totals.levels).enumerate();
    let levels = levels.filter(|(at, _)| program.has(Kind::Tiers, *at)).map(|(_, (tiers, counts))| {
        let levels = tiers.levels.iter().zip(counts);
        let levels = levels.map(|(level, members)| Level { level: &level.name.text, members: *members });
        (tiers.name.text.as_str(), levels.collect())
    });
    let cards = program.cards.iter().zip(&totals.cards).map(|(card, totals)| {
        let card_totals = Card { open: totals.open, stamps: totals.stamps, filled: totals.filled };
        (card.name.text.as_str(), card_totals)
    });
    let mut gifts: BTreeMap<&str, Gift> = BTreeMap::new();
    for (held, totals) in &totals.gifts {
        add(gifts.entry(book.held(*held)).or_default(), totals);
    }
    let draws = totals.draws.iter().map(|((draw, date), (entries, members))| {
        let block = &program.draws[draw.0];
        ToBeHeld {
            draw: &block.name.text,
            date: date.to_string(),
            entries: *entries,
            members: *members,
            waits_for_seed: block.is_closed(*date, totals.day),
        }
    });
    let money = |sum: &Sum| super::words::padded(&sum.exact(), program.settings.minor_units);
    let memberships = program.memberships.iter().zip(&totals.memberships).map(|(membership, of)| {
        let (fees, given_back) = (money(&of.charged), money(&of.returned));
        (membership.name.text.as_str(), Membership { members: of.members, trial: of.trial, fees, given_back })
    });
    let minor_units = program.settings.minor_units;
    let discounts = totals
        .discounts
        .iter()
        .map(|(of, given)| (book.discount(*of), Discount { times: given.times, off: given.off.fixed(minor_units) }));
    Moment {
        draws: draws.collect(),
        as_of: &totals.as_of,
        members: totals.members,
        purchases: totals.purchases,
        sales: super::words::padded(&totals.sales.exact(), program.settings.minor_units),
        objectives: totals.measured.came().iter().map(|(objective, came)| goal(book, objective, came)).collect(),
        points: totals.units.iter().enumerate().map(|(at, of)| unit(book, PointsId(at), of)).collect(),
        levels: levels.collect(),
        cards: cards.collect(),
        gifts,
        memberships: memberships.collect(),
        discounts: discounts.collect(),
        settlements: settlements(book, totals),
        rejected: totals.rejected.iter().map(|(reason, times)| (reason.word(), *times)).collect(),
        by: totals.by.iter().flat_map(|table| by::lines(book, table)).map(row).collect(),
    }
}

fn row((value, figures): by::Line) -> Row {
    let told = |figure: by::Figure| Told { what: figure.what, unit: figure.unit, figure: figure.number };
    Row { value, figures: figures.into_iter().map(told).collect() }
}

fn settlements<'a>(book: Book<'a>, totals: &Totals) -> Vec<Settlement<'a>> {
    let program = book.program;
    if program.partners.is_empty() {
        return Vec::new();
    }
    let money = |sum: &Exact| sum.fixed(program.settings.minor_units);
    let settlement = |one: Settled| Settlement {
        partner: one.partner.map(|id| program.partners[id.0].name.text.as_str()),
        unit: book.unit(one.unit),
        earned: book.number(one.unit, &one.earned),
        clawed: book.number(one.unit, &one.clawed),
        spent: book.number(one.unit, &one.spent),
        pays: money(&one.pays),
        gets: money(&one.gets),
        net: money(&one.net()),
    };
    totals.settled.in_all(program).into_iter().map(settlement).collect()
}

fn goal<'a>(book: Book<'_>, objective: &'a Objective, came: &Came) -> Goal<'a> {
    let figured = objective.indicator.figured();
    Goal {
        objective: &objective.word,
        measure: measures::measure(book, objective),
        within: objective.within.map(|length| length.to_string()),
        figure: came.figure.as_ref().map(|number| measures::rounded(book, figured, number)),
        wanted: measures::wanted(book, objective),
        met: came.met,
        numerator: came.above.to_string(),
        denominator: came.below.as_ref().map(ToString::to_string),
    }
}

fn unit<'a>(book: Book<'a>, unit: PointsId, totals: &UnitTotals) -> (&'a str, Unit) {
    let outstanding = totals.outstanding();
    let money = |worth: Exact| worth.fixed(book.program.settings.minor_units);
    let ends = totals.ends.iter().map(|(month, points)| (month, points.exact())).map(|(month, points)| Ending {
        month: month.word(),
        points: book.number(unit, &points),
        worth: book.worth(unit, &points).map(money),
    });
    let number = |sum: &Sum| book.number(unit, &sum.exact());
    let of_unit = Unit {
        balance: number(&totals.balance),
        pending: number(&totals.pending),
        outstanding: book.number(unit, &outstanding),
        debt: number(&totals.debt),
        totals: totals.totals.iter().map(|(kind, sum)| (kind_word(*kind), number(sum))).collect(),
        liability: book.worth(unit, &outstanding).map(money),
        ends: ends.collect(),
    };
    (book.unit(unit), of_unit)
}

fn add(gift: &mut Gift, totals: &GiftTotals) {
    gift.held += totals.held;
    for (life, times) in &totals.lives {
        let counter = match life {
            GiftLife::Issued => &mut gift.issued,
            GiftLife::Used => &mut gift.used,
            GiftLife::Expired => &mut gift.expired,
            GiftLife::Revoked => &mut gift.revoked,
            GiftLife::OutOfStock => &mut gift.out_of_stock,
            // Counted off the used ones.
            GiftLife::HeldAgain => continue,
            GiftLife::Taken | GiftLife::Chosen => &mut gift.taken,
        };
        *counter += times;
    }
}
