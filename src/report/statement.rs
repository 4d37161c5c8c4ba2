//! What a member could read of her points: what can be spent now and later, what ends when, what she owes, what the next
//! reward and level take, and what more points cost. Figures are exact; the sentences say them short.

use super::explain::account::until;
use super::words::{Book, and, counted, day, isolate};
use crate::engine::outcome::{MemberView, PointsView};
use crate::mechanics::points::Pending;
use crate::mechanics::reading::Kind;
use crate::mechanics::tiers::{Need, Tiers};
use crate::mechanics::{PointsId, Program};
use crate::value::clock::{Date, Window};
use crate::value::exact::Exact;
use serde::Serialize;
use std::collections::BTreeMap;

/// What one line of a statement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Can be spent now.
    Spendable,
    /// Can be spent from a day, or when an activity comes.
    Pending,
    /// Ends through a day; without one it does not end.
    Ends,
    /// Owed.
    Owed,
    /// So many are missing for a reward; 0: there are enough.
    Reward,
}

impl What {
    /// Its word in tables.
    pub fn word(self) -> &'static str {
        match self {
            What::Spendable => "spendable",
            What::Pending => "pending",
            What::Ends => "ends",
            What::Owed => "owed",
            What::Reward => "to_reward",
        }
    }
}

/// One line of a statement, of one unit and pocket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Which points.
    pub unit: PointsId,
    /// The balance of its own, where `separate by` keeps one.
    pub pocket: Option<String>,
    /// What it is.
    pub what: What,
    /// The day it is of.
    pub day: Option<Date>,
    /// How many points.
    pub number: Exact,
    /// The reward, or the activity that is waited for.
    pub name: Option<String>,
}

/// The lines of a member as of a day, unit by unit.
pub fn items(program: &Program, today: Date, view: &MemberView) -> Vec<Item> {
    let mut all = Vec::new();
    for ((unit, pocket), points) in &view.points {
        let mut add = |what, day, number: Exact, name: Option<String>| {
            all.push(Item { unit: *unit, pocket: pocket.clone(), what, day, number, name });
        };
        add(What::Spendable, None, points.balance.clone(), None);
        for (day, number) in pending(points) {
            let waits = || match &program.points[unit.0].pending {
                Pending::Until(activity) => Some(program.activities[activity.0].name.text.clone()),
                Pending::No | Pending::Days(_) => None,
            };
            add(What::Pending, day, number, if day.is_none() { waits() } else { None });
        }
        for ((_, day), number) in ends(points) {
            add(What::Ends, day, number, None);
        }
        if points.debt.is_positive() {
            add(What::Owed, None, points.debt.clone(), None);
        }
        for (name, price) in prices(program, *unit, today) {
            let missing = (price - &points.balance + &points.debt).max(Exact::zero());
            add(What::Reward, None, missing, Some(name.to_owned()));
        }
    }
    all
}

/// What becomes spendable, by day; without a day: when something happens.
fn pending(points: &PointsView) -> BTreeMap<Option<Date>, Exact> {
    let mut days: BTreeMap<Option<Date>, Exact> = BTreeMap::new();
    for lot in points.lots.iter().filter(|lot| lot.pending && lot.left.is_positive()) {
        *days.entry(lot.spendable_from).or_default() += &lot.left;
    }
    days
}

/// What ends, by day; what does not end stands last.
fn ends(points: &PointsView) -> BTreeMap<(bool, Option<Date>), Exact> {
    let mut days: BTreeMap<(bool, Option<Date>), Exact> = BTreeMap::new();
    for lot in points.lots.iter().filter(|lot| lot.left.is_positive()) {
        *days.entry((lot.last_day.is_none(), lot.last_day)).or_default() += &lot.left;
    }
    days
}

/// What rewards of these days cost in a unit, where the price is for everybody: the cheapest first.
fn prices(program: &Program, unit: PointsId, today: Date) -> Vec<(&str, &Exact)> {
    let mut all: Vec<(&str, &Exact)> = Vec::new();
    for (_, reward) in program.rewards.iter().enumerate().filter(|(at, _)| program.has(Kind::Reward, *at)) {
        let runs = reward.from.is_none_or(|from| from <= today) && reward.until.is_none_or(|until| today <= until);
        let price = reward.prices.iter().find(|price| price.when.is_none() && price.unit == unit);
        if let (true, Some(price)) = (runs && reward.when.is_none(), price) {
            all.push((&reward.name.text, &price.number));
        }
    }
    all.sort_by(|a, b| a.1.cmp(b.1).then(a.0.cmp(b.0)));
    all
}

// ---- in sentences -----------------------------------------------------------------------------

/// A statement, ready to be shown as sentences or as data.
#[derive(Debug, Serialize)]
pub struct Statement {
    /// The member.
    pub member: String,
    /// The program.
    pub program: String,
    /// The moment, as the user wrote it.
    pub as_of: String,
    /// Each unit and pocket.
    pub points: Vec<Section>,
    /// What the next levels take.
    pub levels: Vec<String>,
}

/// The sentences of one unit and pocket.
#[derive(Debug, Serialize)]
pub struct Section {
    /// The unit, with the pocket: `star@Gara`.
    pub unit: String,
    /// Short sentences.
    pub says: Vec<String>,
}

/// What a member can be told as of a day.
pub fn of(book: Book<'_>, member: &str, (as_of, today): (&str, Date), view: &MemberView) -> Statement {
    let items = items(book.program, today, view);
    let sections = view.points.keys().map(|(unit, pocket)| {
        let hers = items.iter().filter(|item| item.unit == *unit && item.pocket == *pocket);
        Section {
            unit: super::facts::named(book.unit(*unit), pocket.as_deref()),
            says: sentences(book, *unit, &hers.collect::<Vec<_>>()),
        }
    });
    Statement {
        member: member.to_owned(),
        program: book.program.settings.name.text.clone(),
        as_of: as_of.to_owned(),
        points: sections.collect(),
        levels: if view.left { Vec::new() } else { levels(book, today, view) },
    }
}

fn sentences(book: Book<'_>, unit: PointsId, items: &[&Item]) -> Vec<String> {
    let of = |what: What| items.iter().filter(move |item| item.what == what);
    let mut says = Vec::new();
    for item in of(What::Spendable) {
        let worth = book.worth(unit, &item.number).filter(|worth| !worth.is_zero());
        let worth = worth.map(|worth| format!(", worth {}", book.money(&worth))).unwrap_or_default();
        says.push(format!("{} can be spent now{worth}.", book.amount(unit, &item.number)));
    }
    for item in of(What::Pending) {
        let when = match (item.day, &item.name) {
            (Some(from), _) => format!("from {}", day(from)),
            (None, Some(name)) => format!("once {} is done", isolate(name)),
            (None, None) => "later".to_owned(),
        };
        says.push(format!("{} can be spent {when}.", book.amount(unit, &item.number)));
    }
    let ending = |item: &&Item| format!("{} {}", book.amount(unit, &item.number), until(item.day));
    let ends: Vec<String> = of(What::Ends).map(ending).collect();
    if !ends.is_empty() {
        says.push(format!("They last: {}.", and(&ends)));
    }
    for item in of(What::Owed) {
        says.push(format!("{} are owed: what comes next pays them first.", book.amount(unit, &item.number)));
    }
    let enough: Vec<String> = of(What::Reward).filter(|item| item.number.is_zero()).map(|item| name_of(item)).collect();
    if !enough.is_empty() {
        says.push(format!("Enough for {}.", and(&enough)));
    }
    if let Some(next) = of(What::Reward).find(|item| item.number.is_positive()) {
        says.push(format!("{} more for {}.", book.amount(unit, &next.number), name_of(next)));
    }
    if let Some((price, number)) = &book.program.points[unit.0].buy {
        says.push(format!("{} can be bought for {}.", book.amount(unit, number), book.money(price)));
    }
    says
}

fn name_of(item: &Item) -> String {
    item.name.as_deref().map(|name| isolate(name).into_owned()).unwrap_or_default()
}

/// What the next level of each tiers block takes, where it is known what is measured.
fn levels(book: Book<'_>, today: Date, view: &MemberView) -> Vec<String> {
    let blocks = book.program.tiers.iter().zip(&view.levels).zip(&view.measured);
    blocks.filter_map(|((block, (level, _)), figures)| next_level(book, today, block, *level, figures)).collect()
}

fn next_level(book: Book<'_>, today: Date, block: &Tiers, level: usize, figures: &[Exact]) -> Option<String> {
    // A block that only another version has stands at no level, and has no next one.
    let next = block.levels.iter().skip(level.checked_add(1)?).find(|next| !matches!(next.need, Need::NotEarned))?;
    let missing = missing(book, today, block, &next.need, figures)?;
    Some(format!("{}: {missing} for {}.", isolate(&block.name.text), isolate(&next.name.text)))
}

/// `12 more visits by 31 December 2026`; parts by `and`, alternatives by `or`.
fn missing(book: Book<'_>, today: Date, block: &Tiers, need: &Need, figures: &[Exact]) -> Option<String> {
    let each = |parts: &[Need], word: &str| {
        let parts: Vec<String> = parts.iter().filter_map(|part| missing(book, today, block, part, figures)).collect();
        (!parts.is_empty()).then(|| parts.join(word))
    };
    match need {
        Need::AtLeast(place, least) => {
            let measure = block.measures.get(*place)?;
            let more = (least - figures.get(*place)?).max(Exact::zero());
            if more.is_zero() {
                return None;
            }
            let by = match &measure.window {
                Window::Calendar(period) => {
                    format!(" by {}", day(book.program.settings.clock.span_of(*period, today).1))
                }
                Window::Last(_) => format!(" in {}", measure.window),
                Window::LastHours(_)
                | Window::MembershipYear
                | Window::SinceJoining
                | Window::Campaign
                | Window::Ever => String::new(),
            };
            Some(format!("{} more{by}", book.measured(&measure.basis, &more)))
        }
        Need::All(parts) => each(parts, " and "),
        Need::Any(parts) => each(parts, " or "),
        Need::NotEarned => None,
    }
}

/// The statement as lines of text.
pub fn text(book: Book<'_>, statement: &Statement) -> String {
    let (member, program) = (isolate(&statement.member), isolate(&statement.program));
    let mut text = format!("{member} in {program}, as of {}\n", statement.as_of);
    for section in &statement.points {
        let (unit, pocket) = match section.unit.split_once('@') {
            Some((unit, pocket)) => (unit, format!(" at {}", isolate(pocket))),
            None => (section.unit.as_str(), String::new()),
        };
        let block = book.program.points.iter().find(|points| points.name.text == unit);
        let plural = block.and_then(|points| points.plural.as_deref()).unwrap_or(unit);
        text.push_str(&format!("\n{}{pocket}\n", isolate(plural)));
        section.says.iter().for_each(|line| text.push_str(&format!("  {line}\n")));
    }
    if statement.points.is_empty() {
        text.push_str(&format!("\nNo points yet, of {}.\n", counted(units(book.program), "kind", "kinds")));
    }
    if !statement.levels.is_empty() {
        text.push_str("\nLevels\n");
        statement.levels.iter().for_each(|line| text.push_str(&format!("  {line}\n")));
    }
    text
}

fn units(program: &Program) -> u64 {
    u64::try_from(program.points.len()).unwrap_or(u64::MAX)
}

impl Statement {
    /// The same as data: without the isolates that keep a line in order on a screen.
    pub fn as_data(mut self) -> Self {
        let lines = self.points.iter_mut().flat_map(|section| section.says.iter_mut()).chain(self.levels.iter_mut());
        lines.for_each(|line| *line = super::words::bare(line));
        self
    }
}
