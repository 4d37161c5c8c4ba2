//! `loyal segment`: who the members are, what they are worth, and what the best of them buy.

mod lifts;

use super::grid::{Grid, Side};
use super::terminal::Paint;
use super::words::{Book, bare, count, counted, isolate};
use crate::engine::outcome::{Entry, GiftLife, Happened};
use crate::engine::reference::portrait::{Gallery, Portrait};
use crate::mechanics::arm::Arm;
use crate::mechanics::reading::Kind;
use crate::mechanics::{OfferId, PilotId, RuleId};
use crate::value::exact::{Exact, Rounding};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

pub use lifts::{Lifted, Spread};

/// What is wanted of the page.
#[derive(Debug, Clone)]
pub struct Wanted<'w> {
    /// The segments to show: places in the program's list.
    pub segments: Vec<usize>,
    /// The place of the segment whose assortment is told.
    pub best: usize,
    /// The column that tells apart what is bought.
    pub column: &'w str,
    /// What fewer members bought is left out.
    pub least: u64,
    /// How many lines of the assortment.
    pub top: usize,
    /// Whether members are named.
    pub members: bool,
}

/// The page.
#[derive(Debug, Serialize)]
pub struct Page {
    /// The program.
    pub program: String,
    /// The money.
    pub money: String,
    /// The moment, as it was asked for.
    pub as_of: String,
    /// The first day looked at.
    pub from: String,
    /// The last.
    pub until: String,
    /// Members at the moment.
    pub members: u64,
    /// Those who bought in the days.
    pub buyers: u64,
    /// What all of them spent.
    pub spend: String,
    /// The segments.
    pub segments: Vec<Row>,
    /// What the best buy more than all buyers do.
    pub assortment: Assortment,
    /// The sides of pilots and offers.
    pub arms: Vec<ArmRow>,
    /// What the sides of pilots and offers differ by.
    pub lifts: Vec<Lifted>,
}

/// A segment.
#[derive(Debug, Serialize)]
pub struct Row {
    /// Its name.
    pub segment: String,
    /// How many.
    pub members: u64,
    /// Of all members, in percent.
    pub share_of_members: String,
    /// What they spent.
    pub spend: String,
    /// Of what all members spent, in percent.
    pub share_of_spend: String,
    /// For each of them.
    pub spend_per_member: String,
    /// How often they bought.
    pub purchases: u64,
    /// Their margin, where costs are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub margin: Option<String>,
    /// Who, when that is wanted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub who: Vec<Who>,
}

/// A member of a segment.
#[derive(Debug, Serialize)]
pub struct Who {
    /// Who.
    pub member: String,
    /// How often she bought.
    pub purchases: u64,
    /// What she spent.
    pub spend: String,
}

/// What the best buy more than all buyers do.
#[derive(Debug, Serialize)]
pub struct Assortment {
    /// The column that tells it apart.
    pub by: String,
    /// Best members who bought.
    pub best: u64,
    /// All who bought.
    pub buyers: u64,
    /// What fewer members bought is left out.
    pub seen_at_least: u64,
    /// How many different ones were bought.
    pub values: usize,
    /// By lift, the highest first.
    pub rows: Vec<Liked>,
}

/// Something the best like.
#[derive(Debug, Serialize)]
pub struct Liked {
    /// What.
    pub what: String,
    /// How many of the best bought it.
    pub best: u64,
    /// How many of all buyers did.
    pub buyers: u64,
    /// The share of the best who bought it over that of all buyers.
    pub lift: String,
}

/// One side of a pilot or an offer.
#[derive(Debug, Serialize)]
pub struct ArmRow {
    /// `pilot` or `offer`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Which side.
    pub arm: &'static str,
    /// Members on it.
    pub members: u64,
    /// How often they bought.
    pub purchases: u64,
    /// What they spent.
    pub spend: String,
    /// What it gave them in the days, points at their worth and gifts at cost.
    pub cost: String,
}

/// Makes the page of a gallery; the book is of the program that it was made by.
pub fn page(book: Book<'_>, gallery: &Gallery, as_of: &str, wanted: &Wanted<'_>) -> Page {
    let all = Sum::of(gallery.portraits.iter());
    let of_one = |place: &usize| {
        let name = book.program.segments[*place].name.text.clone();
        let within: Vec<&Portrait> = gallery.portraits.iter().filter(|one| one.within[*place]).collect();
        row(book, name, &within, &all, wanted.members)
    };
    Page {
        program: book.program.settings.name.text.clone(),
        money: book.program.settings.money.clone(),
        as_of: as_of.to_owned(),
        from: gallery.days.0.to_string(),
        until: gallery.days.1.to_string(),
        members: all.members,
        buyers: gallery.portraits.iter().map(|one| u64::from(one.purchases > 0)).sum(),
        spend: money(book, &all.spend),
        segments: wanted.segments.iter().map(of_one).collect(),
        assortment: assortment(gallery, wanted),
        arms: arms(book, gallery),
        lifts: lifts::of(book, gallery),
    }
}

/// What several members come to.
#[derive(Debug, Default)]
struct Sum {
    members: u64,
    purchases: u64,
    spend: Exact,
    margin: Option<Exact>,
}

impl Sum {
    fn of<'p>(portraits: impl Iterator<Item = &'p Portrait>) -> Self {
        let mut sum = Self::default();
        for one in portraits {
            sum.members += 1;
            sum.purchases += one.purchases;
            sum.spend += &one.spend;
            if let Some(margin) = &one.margin {
                *sum.margin.get_or_insert_with(Exact::zero) += margin;
            }
        }
        sum
    }
}

fn row(book: Book<'_>, segment: String, within: &[&Portrait], all: &Sum, members: bool) -> Row {
    let sum = Sum::of(within.iter().copied());
    let number = |count: u64| Exact::from_int(i64::try_from(count).unwrap_or(i64::MAX));
    let who =
        |one: &&Portrait| Who { member: one.member.clone(), purchases: one.purchases, spend: money(book, &one.spend) };
    let mut named: Vec<&Portrait> = if members { within.to_vec() } else { Vec::new() };
    named.sort_by(|a, b| b.spend.cmp(&a.spend).then_with(|| a.member.cmp(&b.member)));
    Row {
        segment,
        members: sum.members,
        share_of_members: percent(&number(sum.members), &number(all.members)),
        share_of_spend: percent(&sum.spend, &all.spend),
        spend_per_member: money(book, &sum.spend.checked_div(&number(sum.members)).unwrap_or_default()),
        spend: money(book, &sum.spend),
        purchases: sum.purchases,
        margin: sum.margin.map(|margin| money(book, &margin)),
        who: named.iter().map(who).collect(),
    }
}

fn assortment(gallery: &Gallery, wanted: &Wanted<'_>) -> Assortment {
    let buyers: Vec<&Portrait> = gallery.portraits.iter().filter(|one| one.purchases > 0).collect();
    let best: Vec<&Portrait> = buyers.iter().copied().filter(|one| one.within[wanted.best]).collect();
    let tally = |members: &[&Portrait]| {
        let mut tally: BTreeMap<String, u64> = BTreeMap::new();
        for value in members.iter().flat_map(|one| &one.bought) {
            *tally.entry(value.clone()).or_default() += 1;
        }
        tally
    };
    let (of_all, of_best) = (tally(&buyers), tally(&best));
    let (all, few) = (buyers.len() as u64, best.len() as u64);
    let values = of_all.len();
    let mut liked: Vec<(Exact, Liked)> = Vec::new();
    for (what, by_all) in of_all.into_iter().filter(|(_, by_all)| *by_all >= wanted.least) {
        let by_best = of_best.get(&what).copied().unwrap_or(0);
        let number = |count: u64| Exact::from_int(i64::try_from(count).unwrap_or(i64::MAX));
        let lift = (number(by_best) * number(all)).checked_div(&(number(by_all) * number(few)));
        let Some(lift) = lift.filter(|lift| *lift > Exact::one()) else { continue };
        let shown = lift.round(Rounding::HalfEven, 2).fixed(2);
        liked.push((lift, Liked { what, best: by_best, buyers: by_all, lift: shown }));
    }
    liked.sort_by(|(a, one), (b, other)| {
        b.cmp(a).then_with(|| other.best.cmp(&one.best)).then_with(|| one.what.cmp(&other.what))
    });
    let rows = liked.into_iter().take(wanted.top).map(|(_, liked)| liked).collect();
    Assortment { by: wanted.column.to_owned(), best: few, buyers: all, seen_at_least: wanted.least, values, rows }
}

/// Every side of every pilot and offer that has somebody.
fn arms(book: Book<'_>, gallery: &Gallery) -> Vec<ArmRow> {
    let program = book.program;
    let mut sides = Vec::new();
    for (at, pilot) in program.pilots.iter().enumerate().filter(|(at, _)| program.has(Kind::Pilot, *at)) {
        let rules = rules_of(book, |rule| program.rules[rule.0].pilot == Some(PilotId(at)));
        let words = ["pilot", "control", "not_drawn"];
        let arm = |member: &str| program.arm_of_pilot(PilotId(at), member);
        sides.extend(sides_of(book, gallery, ("pilot", &pilot.name.text, words), arm, &rules));
    }
    for (at, offer) in program.offers.iter().enumerate().filter(|(_, offer)| program.has(Kind::Rule, offer.rule.0)) {
        let rules = rules_of(book, |rule| program.rules[rule.0].offer == Some(OfferId(at)));
        let words = ["offered", "held_back", "not_drawn"];
        let arm = |member: &str| program.arm_of_offer(OfferId(at), member);
        sides.extend(sides_of(book, gallery, ("offer", &offer.name.text, words), arm, &rules));
    }
    sides
}

fn rules_of(book: Book<'_>, of: impl Fn(RuleId) -> bool) -> BTreeSet<RuleId> {
    (0..book.program.rules.len()).map(RuleId).filter(|rule| of(*rule)).collect()
}

fn sides_of(
    book: Book<'_>,
    gallery: &Gallery,
    (kind, name, words): (&'static str, &str, [&'static str; 3]),
    arm: impl Fn(&str) -> Arm,
    rules: &BTreeSet<RuleId>,
) -> Vec<ArmRow> {
    let mut costs: BTreeMap<Arm, Exact> = BTreeMap::new();
    let (first, last) = gallery.days;
    for entry in gallery.outcome.journal.iter().filter(|entry| first <= entry.day && entry.day <= last) {
        if let Some(member) = &entry.member {
            *costs.entry(arm(member)).or_default() += cost(book, entry, rules);
        }
    }
    let sides = [Arm::In, Arm::Held, Arm::Out].into_iter().zip(words);
    let side = |(side, word): (Arm, &'static str)| {
        let sum = Sum::of(gallery.portraits.iter().filter(|one| arm(&one.member) == side));
        let cost = money(book, costs.get(&side).unwrap_or(&Exact::zero()));
        let (members, purchases) = (sum.members, sum.purchases);
        let spend = money(book, &sum.spend);
        (members > 0).then(|| ArmRow { kind, name: name.to_owned(), arm: word, members, purchases, spend, cost })
    };
    sides.filter_map(side).collect()
}

/// What an entry cost that these rules brought: points at their worth, gifts at cost.
fn cost(book: Book<'_>, entry: &Entry, rules: &BTreeSet<RuleId>) -> Exact {
    let book = book.of_version(entry.version);
    let ours = |rule: &Option<RuleId>| rule.is_some_and(|rule| rules.contains(&rule));
    match &entry.what {
        Happened::Posted(posting) => {
            let worth = book.program.points[posting.unit.0].worth.clone().unwrap_or_default();
            posting.parts.iter().filter(|part| ours(&part.rule)).map(|part| &part.posted * &worth).sum()
        }
        Happened::Gift { held, life, rule, .. } if ours(rule) => {
            let costs = book.figures(*held).0.cloned().unwrap_or_default();
            match life {
                GiftLife::Issued | GiftLife::Taken => costs,
                GiftLife::Revoked => -costs,
                GiftLife::Used | GiftLife::HeldAgain | GiftLife::Expired | GiftLife::OutOfStock | GiftLife::Chosen => {
                    Exact::zero()
                }
            }
        }
        Happened::Gift { .. }
        | Happened::Rejected { .. }
        | Happened::Stamped { .. }
        | Happened::Level { .. }
        | Happened::Offer { .. }
        | Happened::Discount(_)
        | Happened::Challenge { .. }
        | Happened::Entries { .. }
        | Happened::Drawn { .. }
        | Happened::Won { .. }
        | Happened::Membership { .. }
        | Happened::Limited { .. }
        | Happened::NewTerms(_)
        | Happened::Nothing(_) => Exact::zero(),
    }
}

fn money(book: Book<'_>, money: &Exact) -> String {
    let minor = book.program.settings.minor_units;
    money.round(Rounding::HalfEven, minor).fixed(minor)
}

fn percent(part: &Exact, all: &Exact) -> String {
    let share = (part * &Exact::from_int(100)).checked_div(all).unwrap_or_default();
    share.round(Rounding::HalfEven, 1).fixed(1)
}

/// The page for a terminal.
pub fn text(page: &Page, paint: Paint) -> String {
    let mut text = String::new();
    let title = paint.strong(&isolate(&page.program));
    let money = &page.money;
    text.push_str(&format!("{title}{}\n", paint.quiet(&format!(", as of {}", page.as_of))));
    text.push_str(&format!(
        "{}; {} of them bought, for {} {money} in all, from {} to {}.\n",
        counted(page.members, "member", "members"),
        count(page.buyers),
        super::words::grouped(&page.spend),
        page.from,
        page.until
    ));
    text.push_str(&format!("\n{}\n", paint.strong("segments")));
    let mut grid =
        Grid::new(&[Side::Left, Side::Right, Side::Right, Side::Right, Side::Right, Side::Right, Side::Right]);
    let margins = page.segments.iter().any(|row| row.margin.is_some());
    let mut head = vec!["", "members", "of all", money, "of spend", "each"];
    head.extend(margins.then_some("margin"));
    grid.row(head);
    for row in &page.segments {
        let mut cells = vec![
            isolate(&row.segment).into_owned(),
            count(row.members),
            format!("{}%", row.share_of_members),
            super::words::grouped(&row.spend),
            format!("{}%", row.share_of_spend),
            super::words::grouped(&row.spend_per_member),
        ];
        cells.extend(margins.then(|| super::words::grouped(row.margin.as_deref().unwrap_or_default())));
        grid.row(cells);
    }
    lines(&mut text, &grid);
    for row in page.segments.iter().filter(|row| !row.who.is_empty()) {
        text.push_str(&format!("\n{}\n", paint.strong(&isolate(&row.segment))));
        let mut grid = Grid::new(&[Side::Left, Side::Right, Side::Right]);
        grid.row(["member", "purchases", money]);
        for who in &row.who {
            grid.row([isolate(&who.member).as_ref(), &count(who.purchases), &super::words::grouped(&who.spend)]);
        }
        lines(&mut text, &grid);
    }
    liked(&mut text, page, paint);
    sides(&mut text, page, paint);
    lifts::show(&mut text, page);
    text
}

fn liked(text: &mut String, page: &Page, paint: Paint) {
    let of = &page.assortment;
    text.push_str(&format!("\n{}\n", paint.strong("what the best buy more than all buyers do")));
    if of.rows.is_empty() {
        let why = match of.values {
            0 => format!("no purchase says its {}; --by COLUMN names another column", isolate(&of.by)),
            _ => format!("of what {} or more members bought, they buy nothing more often", count(of.seen_at_least)),
        };
        text.push_str(&format!("  {why}.\n"));
        return;
    }
    let mut grid = Grid::new(&[Side::Left, Side::Right, Side::Right, Side::Right]);
    let heads = [format!("of {} best", count(of.best)), format!("of {} buyers", count(of.buyers))];
    grid.row([of.by.as_str(), &heads[0], &heads[1], "lift"]);
    for one in &of.rows {
        grid.row([isolate(&one.what).as_ref(), &count(one.best), &count(one.buyers), &one.lift]);
    }
    lines(text, &grid);
}

fn sides(text: &mut String, page: &Page, paint: Paint) {
    if page.arms.is_empty() {
        return;
    }
    text.push_str(&format!("\n{}\n", paint.strong("pilots and offers")));
    let mut grid = Grid::new(&[Side::Left, Side::Left, Side::Right, Side::Right, Side::Right, Side::Right]);
    grid.row(["", "side", "members", "purchases", &page.money, "cost"]);
    for side in &page.arms {
        grid.row([
            isolate(&side.name).as_ref(),
            side.arm,
            &count(side.members),
            &count(side.purchases),
            &super::words::grouped(&side.spend),
            &super::words::grouped(&side.cost),
        ]);
    }
    lines(text, &grid);
}

fn lines(text: &mut String, grid: &Grid) {
    for line in grid.lines() {
        text.push_str(&format!("  {line}\n"));
    }
}

/// A table of the page, for spreadsheets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sheet {
    /// Segments.
    Segments,
    /// Who is in each.
    Members,
    /// What the best like.
    Assortment,
    /// Pilots and offers.
    Arms,
    /// What their sides differ by.
    Lifts,
}

/// A table as rows of cells, its columns first.
pub fn rows(page: &Page, sheet: Sheet) -> Vec<Vec<String>> {
    let head = |columns: &[&str]| columns.iter().map(|column| (*column).to_owned()).collect::<Vec<String>>();
    let mut rows = Vec::new();
    match sheet {
        Sheet::Segments => {
            rows.push(head(&[
                "segment",
                "members",
                "share_of_members",
                "spend",
                "share_of_spend",
                "spend_per_member",
                "purchases",
                "margin",
            ]));
            rows.extend(page.segments.iter().map(|row| {
                vec![
                    row.segment.clone(),
                    row.members.to_string(),
                    row.share_of_members.clone(),
                    row.spend.clone(),
                    row.share_of_spend.clone(),
                    row.spend_per_member.clone(),
                    row.purchases.to_string(),
                    row.margin.clone().unwrap_or_default(),
                ]
            }));
        }
        Sheet::Members => {
            rows.push(head(&["segment", "member", "purchases", "spend"]));
            for row in &page.segments {
                let of = |who: &Who| {
                    vec![row.segment.clone(), who.member.clone(), who.purchases.to_string(), who.spend.clone()]
                };
                rows.extend(row.who.iter().map(of));
            }
        }
        Sheet::Assortment => {
            rows.push(head(&[&page.assortment.by, "best", "buyers", "lift"]));
            let of =
                |one: &Liked| vec![one.what.clone(), one.best.to_string(), one.buyers.to_string(), one.lift.clone()];
            rows.extend(page.assortment.rows.iter().map(of));
        }
        Sheet::Arms => {
            rows.push(head(&["kind", "name", "arm", "members", "purchases", "spend", "cost"]));
            rows.extend(page.arms.iter().map(|side| {
                let numbers = [side.members.to_string(), side.purchases.to_string()];
                let [members, purchases] = numbers;
                let texts = [side.kind.to_owned(), side.name.clone(), side.arm.to_owned()];
                [texts.to_vec(), vec![members, purchases, side.spend.clone(), side.cost.clone()]].concat()
            }));
        }
        Sheet::Lifts => rows.extend(lifts::rows(page)),
    }
    rows.iter_mut().flatten().for_each(|cell| *cell = bare(cell));
    rows
}
