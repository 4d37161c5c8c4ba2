//! `run --by channel`: purchases, sales, points and gifts told apart by a column of events, by month, by rule, by level
//! or by a column of members. The rows add up to the program's totals.

use super::grid::{Grid, Side};
use super::terminal::Paint;
use super::words::{self, Book, grouped, isolate};
use crate::engine::deeds::Deed;
use crate::engine::hers::Hers;
use crate::engine::measures::costs;
use crate::engine::outcome::{Entry, GiftLife, Happened, PostingKind};
use crate::mechanics::{PointsId, Program, RuleId, TiersId};
use crate::value::exact::{Exact, Rounding};
use crate::value::natural_cmp;
use crate::value::sum::Sum;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// By what figures are told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// A column of the events file.
    Column(String),
    /// The month in which it happened.
    Month,
    /// The rule that gave it.
    Rule,
    /// The level that a member has at the moment asked for.
    Level(TiersId),
    /// A column of the members file, by member.
    Member(String, Arc<BTreeMap<String, String>>),
}

impl By {
    /// What was asked for by a name: `month`, `rule`, a tiers block, `member.COLUMN`, or a column of the events file.
    pub fn named(program: &Program, name: &str) -> Self {
        let tiers = name.strip_prefix("tier of ").or_else(|| name.strip_prefix("level of ")).unwrap_or(name);
        if let Some(at) = program.tiers.iter().position(|block| block.name.text == tiers) {
            return By::Level(TiersId(at));
        }
        match (name, name.strip_prefix("member.")) {
            ("month", _) => By::Month,
            ("rule", _) => By::Rule,
            (_, Some(column)) => By::Member(column.to_owned(), Arc::default()),
            (_, None) => By::Column(name.to_owned()),
        }
    }

    /// Its name, as in `by channel`.
    pub fn name<'n>(&'n self, program: &'n Program) -> std::borrow::Cow<'n, str> {
        match self {
            By::Column(name) => name.into(),
            By::Month => "month".into(),
            By::Rule => "rule".into(),
            By::Level(tiers) => program.tiers[tiers.0].name.text.as_str().into(),
            By::Member(column, _) => format!("member.{column}").into(),
        }
    }
}

/// One row's value.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    /// A text of the data, or a name of the program.
    Text(String),
    /// The column is empty, or no rule gave it.
    Nothing,
    /// Nothing happened that has such a column: a timer brought it.
    NoEvent,
}

impl Ord for Value {
    fn cmp(&self, other: &Self) -> Ordering {
        let rank = |value: &Value| match value {
            Value::Text(_) => 0,
            Value::Nothing => 1,
            Value::NoEvent => 2,
        };
        match (self, other) {
            (Value::Text(one), Value::Text(two)) => natural_cmp(one, two).then_with(|| one.cmp(two)),
            (Value::Text(_) | Value::Nothing | Value::NoEvent, _) => rank(self).cmp(&rank(other)),
        }
    }
}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Value {
    fn of(text: Option<&str>) -> Self {
        text.filter(|text| !text.is_empty()).map_or(Value::Nothing, |text| Value::Text(text.to_owned()))
    }

    fn word(&self) -> &str {
        match self {
            Value::Text(text) => text,
            Value::Nothing => "(none)",
            Value::NoEvent => "(no event)",
        }
    }
}

/// The figures of one row.
#[derive(Debug, Clone)]
struct Figures {
    members: u64,
    purchases: i64,
    sales: Sum,
    /// For each unit: earned, taken back by returns, spent.
    points: BTreeMap<PointsId, [Exact; 3]>,
    off: Exact,
    gifts: Exact,
    rejected: u64,
}

/// A table by something, at one moment.
#[derive(Debug, Clone)]
pub struct Table {
    by: By,
    rows: BTreeMap<Value, Figures>,
    /// Members who did something, each once.
    members: u64,
    minor_units: u32,
}

impl Table {
    /// Nothing yet.
    pub fn new(program: &Program, by: &By) -> Self {
        Self { by: by.clone(), rows: BTreeMap::new(), members: 0, minor_units: program.settings.minor_units }
    }

    fn row(&mut self, value: Value) -> &mut Figures {
        let minor_units = self.minor_units;
        self.rows.entry(value).or_insert_with(|| Figures::new(minor_units))
    }

    /// Adds a member.
    pub fn member(&mut self, program: &Program, hers: &Hers<'_>, rejected: &[&str]) {
        let mut met: BTreeSet<Value> = BTreeSet::new();
        for deed in hers.deeds.iter().filter(|deed| deed.taken) {
            let value = self.of_deed(program, hers, deed);
            if !hers.id.is_empty() {
                met.insert(value.clone());
            }
            if deed.receipts != 0 || !deed.money.is_zero() {
                let row = self.row(value);
                row.purchases += deed.receipts;
                row.sales.add(&deed.money);
            }
        }
        self.members += u64::from(!met.is_empty());
        met.into_iter().for_each(|value| self.row(value).members += 1);
        for event in rejected {
            let value = match hers.deed_named(event) {
                Some(deed) => self.of_deed(program, hers, deed),
                None => self.without_event(program, hers),
            };
            self.row(value).rejected += 1;
        }
        for (_, entry) in hers.entries {
            self.entry(program, hers, entry);
        }
    }

    /// Adds other members at the same moment.
    pub fn join(&mut self, other: Table) {
        self.members += other.members;
        for (value, more) in other.rows {
            let row = self.row(value);
            row.members += more.members;
            row.purchases += more.purchases;
            row.sales.join(&more.sales);
            row.off += more.off;
            row.gifts += more.gifts;
            row.rejected += more.rejected;
            for (unit, more) in more.points {
                let sums = row.points.entry(unit).or_default();
                sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
            }
        }
    }

    /// The row of what a member did. A return is counted where its purchase was, but in the month in which it came.
    fn of_deed(&self, program: &Program, hers: &Hers<'_>, deed: &Deed) -> Value {
        match &self.by {
            By::Column(name) => Value::of(deed.of.field(name)),
            By::Month => Value::Text(words::month((deed.event.day.year(), deed.event.day.month()))),
            By::Rule | By::Level(_) | By::Member(..) => self.without_event(program, hers),
        }
    }

    /// The row of what no event brought.
    fn without_event(&self, program: &Program, hers: &Hers<'_>) -> Value {
        match &self.by {
            By::Column(_) | By::Month => Value::NoEvent,
            By::Rule => Value::Nothing,
            By::Level(tiers) => {
                let level = hers.view.filter(|view| !view.left).and_then(|view| view.levels.get(tiers.0));
                let name = level.and_then(|(level, _)| program.tiers[tiers.0].levels.get(*level));
                Value::of(name.map(|level| level.name.text.as_str()))
            }
            By::Member(_, of) => Value::of(of.get(hers.id).map(String::as_str)),
        }
    }

    fn of_entry(&self, program: &Program, hers: &Hers<'_>, entry: &Entry) -> Value {
        match (&self.by, hers.deed_of(entry)) {
            (By::Month, _) => Value::Text(words::month((entry.day.year(), entry.day.month()))),
            (By::Column(_) | By::Rule | By::Level(_) | By::Member(..), Some(deed)) => self.of_deed(program, hers, deed),
            (By::Column(_) | By::Rule | By::Level(_) | By::Member(..), None) => self.without_event(program, hers),
        }
    }

    fn of_rule(&self, program: &Program, rule: Option<RuleId>, other: &Value) -> Value {
        match (&self.by, rule) {
            (By::Rule, Some(rule)) => Value::Text(program.rules[rule.0].name.text.clone()),
            (By::Rule | By::Column(_) | By::Month | By::Level(_) | By::Member(..), _) => other.clone(),
        }
    }

    fn entry(&mut self, program: &Program, hers: &Hers<'_>, entry: &Entry) {
        match &entry.what {
            Happened::Posted(posting) => {
                let (place, sign) = match posting.kind {
                    PostingKind::Earned => (0, Exact::one()),
                    PostingKind::Clawed => (1, -Exact::one()),
                    PostingKind::Spent => (2, -Exact::one()),
                    PostingKind::Expired
                    | PostingKind::WrittenOff
                    | PostingKind::Bought
                    | PostingKind::Received
                    | PostingKind::Sent
                    | PostingKind::Adjusted => return,
                };
                let value = self.of_entry(program, hers, entry);
                // Each rule's share where that is asked; what no rule has is of none.
                let mut rest = posting.amount.clone();
                if self.by == By::Rule {
                    for part in posting.parts.iter().filter(|part| part.rule.is_some()) {
                        rest -= &part.posted;
                        let row = self.row(self.of_rule(program, part.rule, &value));
                        row.points.entry(posting.unit).or_default()[place] += &part.posted * &sign;
                    }
                }
                if !rest.is_zero() {
                    self.row(value).points.entry(posting.unit).or_default()[place] += rest * sign;
                }
            }
            Happened::Gift {
                held,
                life: life @ (GiftLife::Issued | GiftLife::Taken | GiftLife::Revoked),
                rule,
                ..
            } => {
                let book = costs(program, *held);
                if let Some(costs) = book.filter(|costs| !costs.is_zero()) {
                    let value = self.of_entry(program, hers, entry);
                    let value = self.of_rule(program, *rule, &value);
                    let row = self.row(value);
                    if *life == GiftLife::Revoked { row.gifts -= costs } else { row.gifts += costs }
                }
            }
            Happened::Discount(off) => {
                let change = off.change();
                if !change.is_zero() {
                    let value = self.of_entry(program, hers, entry);
                    self.row(value).off += change;
                }
            }
            Happened::Rejected { .. }
            | Happened::Stamped { .. }
            | Happened::Gift { .. }
            | Happened::Level { .. }
            | Happened::Challenge { .. }
            | Happened::Entries { .. }
            | Happened::Drawn { .. }
            | Happened::Won { .. }
            | Happened::Membership { .. }
            | Happened::Offer { .. }
            | Happened::Limited { .. }
            | Happened::NewTerms(_)
            | Happened::Nothing(_) => {}
        }
    }

    /// Whether no event had a value: the column may be another's name.
    pub fn says_nothing(&self) -> bool {
        !self.rows.is_empty() && !self.rows.keys().any(|value| matches!(value, Value::Text(_)))
    }

    fn sum(&self) -> Figures {
        let mut all = Figures::new(self.minor_units);
        self.rows.values().for_each(|row| all.join(row));
        // A member stands in several rows.
        all.members = self.members;
        all
    }
}

impl Figures {
    fn new(minor_units: u32) -> Self {
        Self {
            members: 0,
            purchases: 0,
            sales: Sum::new(minor_units),
            points: BTreeMap::new(),
            off: Exact::zero(),
            gifts: Exact::zero(),
            rejected: 0,
        }
    }

    fn join(&mut self, other: &Figures) {
        self.members += other.members;
        self.purchases += other.purchases;
        self.sales.join(&other.sales);
        self.off += &other.off;
        self.gifts += &other.gifts;
        self.rejected += other.rejected;
        for (unit, more) in &other.points {
            let sums = self.points.entry(*unit).or_default();
            sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        }
    }
}

/// One figure: what it is, in which unit, and the number with that unit's decimals.
pub struct Figure {
    /// `members`, `purchases`, `sales`, `earned`, `clawed`, `spent`, `off`, `gifts`, `rejected`.
    pub what: &'static str,
    /// The currency, or points; empty of counts.
    pub unit: String,
    /// The number.
    pub number: String,
}

/// A row: its value, and its figures that are not zero.
pub type Line = (String, Vec<Figure>);

/// The rows, in the order of their values, then all of them together.
pub fn lines(book: Book<'_>, table: &Table) -> Vec<Line> {
    let rows = table.rows.iter().map(|(value, row)| (value.word().to_owned(), figures(book, row)));
    rows.chain(std::iter::once(("(all)".to_owned(), figures(book, &table.sum())))).collect()
}

fn figures(book: Book<'_>, row: &Figures) -> Vec<Figure> {
    let settings = &book.program.settings;
    let mut all = Vec::new();
    let mut add = |what, unit: &str, number: String| all.push(Figure { what, unit: unit.to_owned(), number });
    let money = |sum: &Exact| sum.round(Rounding::HalfEven, settings.minor_units).fixed(settings.minor_units);
    if row.members != 0 {
        add("members", "", row.members.to_string());
    }
    if row.purchases != 0 {
        add("purchases", "", row.purchases.to_string());
    }
    let sales = row.sales.exact();
    if !sales.is_zero() {
        add("sales", &settings.money, money(&sales));
    }
    for (unit, sums) in &row.points {
        for (what, sum) in ["earned", "clawed", "spent"].into_iter().zip(sums).filter(|(_, sum)| !sum.is_zero()) {
            add(what, book.unit(*unit), book.number(*unit, sum));
        }
    }
    for (what, sum) in [("off", &row.off), ("gifts", &row.gifts)] {
        if !sum.is_zero() {
            add(what, &settings.money, money(sum));
        }
    }
    if row.rejected != 0 {
        add("rejected", "", row.rejected.to_string());
    }
    all
}

/// The title and the rows for a terminal: a column for each figure that some row has.
pub fn grid(book: Book<'_>, table: &Table, paint: Paint) -> (String, Grid) {
    let lines = lines(book, table);
    // In the order in which the sum of all has them, then what adds up to nothing.
    let mut columns: Vec<(&'static str, String)> = Vec::new();
    for figure in lines.iter().rev().flat_map(|(_, figures)| figures) {
        if !columns.iter().any(|(what, unit)| (*what, unit) == (figure.what, &figure.unit)) {
            columns.push((figure.what, figure.unit.clone()));
        }
    }
    columns.sort_by_key(|(what, _)| ORDER.iter().position(|one| one == what));
    let mut sides = vec![Side::Left];
    sides.extend(columns.iter().map(|_| Side::Right));
    let mut grid = Grid::new(&sides);
    let head = |(what, unit): &(&'static str, String)| match *what {
        "earned" | "clawed" | "spent" => {
            let unit = book.program.points.iter().position(|points| points.name.text == *unit);
            let unit = unit.map(|at| book.unit_for(PointsId(at), &Exact::from_int(2)).into_owned()).unwrap_or_default();
            format!("{unit} {what}")
        }
        what => what.to_owned(),
    };
    if lines.len() > 1 {
        let heads = std::iter::once(String::new()).chain(columns.iter().map(head));
        grid.row(heads.map(|head| paint.quiet(&head)));
        for (value, figures) in &lines {
            let cell = |(what, unit): &(&'static str, String)| {
                let of = figures.iter().find(|figure| (figure.what, &figure.unit) == (*what, unit));
                of.map_or_else(String::new, |figure| grouped(&figure.number))
            };
            let row = std::iter::once(isolate(value).into_owned()).chain(columns.iter().map(cell));
            match value == "(all)" {
                true => grid.row(row.map(|cell| paint.strong(&cell))),
                false => grid.row(row),
            };
        }
    }
    (format!("by {}", isolate(&table.by.name(book.program))), grid)
}

/// The order of the columns on a terminal.
const ORDER: [&str; 9] = ["members", "purchases", "sales", "earned", "clawed", "spent", "off", "gifts", "rejected"];

/// Rows of the table `by_…`, without the moment: by what, its value, what is told, its unit, the figure. The sum of all is
/// left out: the rows add up to it.
pub fn rows(book: Book<'_>, table: &Table) -> Vec<Vec<String>> {
    let by = table.by.name(book.program).into_owned();
    let mut all = Vec::new();
    for (value, row) in &table.rows {
        for figure in figures(book, row) {
            all.push(vec![by.clone(), value.word().to_owned(), figure.what.to_owned(), figure.unit, figure.number]);
        }
    }
    all
}
