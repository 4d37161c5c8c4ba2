//! The tables of `run --out DIR` (`docs/formats.md`): one row a thing, in an order that depends on
//! the data alone.

use super::harvest::rows::{Format, Rows};
use super::harvest::{self, Wanted};
use super::words::Book;
use crate::engine::outcome::Outcome;
use std::io::{self, Write};

/// A row of a table: a text for each column.
pub type Row = Vec<String>;

/// One table, its rows made as they are asked for.
pub struct Table<'a> {
    /// Its name: the file's, without an ending.
    pub name: &'static str,
    /// Its columns.
    pub columns: Vec<&'static str>,
    /// Its rows.
    pub rows: Box<dyn Iterator<Item = Row> + 'a>,
}

/// Which table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sheet {
    /// A member's units.
    Balances,
    /// Points that are left of one earning, soonest to end first.
    Lots,
    /// A member's levels.
    Levels,
    /// Open cards with stamps on them.
    Cards,
    /// On which side of each pilot and offer a member stands.
    Arms,
    /// Gifts and rewards a member ever had.
    Gifts,
    /// What a member could read of her points.
    Statement,
    /// What the program is for, and what it has come to.
    Objectives,
    /// What partners pay and get for points, month by month.
    Settlements,
    /// What was asked for by something (`run --by`); written only then.
    By,
    /// What one rule moved in one posting.
    Postings,
    /// Stamps, gifts and levels that changed.
    Changes,
    /// Fees of memberships, paid and given back.
    Fees,
    /// Money taken off purchases.
    Discounts,
    /// Actions that were not accepted.
    Rejections,
}

impl Sheet {
    /// All of them that every run has.
    pub const ALL: [Sheet; 14] = [
        Sheet::Balances,
        Sheet::Lots,
        Sheet::Levels,
        Sheet::Cards,
        Sheet::Gifts,
        Sheet::Arms,
        Sheet::Statement,
        Sheet::Objectives,
        Sheet::Settlements,
        Sheet::Postings,
        Sheet::Changes,
        Sheet::Fees,
        Sheet::Discounts,
        Sheet::Rejections,
    ];

    /// Its name: the file's, without an ending.
    pub fn name(self) -> &'static str {
        match self {
            Sheet::Balances => "balances",
            Sheet::Lots => "lots",
            Sheet::Levels => "levels",
            Sheet::Cards => "cards",
            Sheet::Gifts => "gifts",
            Sheet::Arms => "arms",
            Sheet::Statement => "statement",
            Sheet::Objectives => "objectives",
            Sheet::Settlements => "settlements",
            Sheet::By => "by",
            Sheet::Postings => "postings",
            Sheet::Changes => "changes",
            Sheet::Fees => "fees",
            Sheet::Discounts => "discounts",
            Sheet::Rejections => "rejections",
        }
    }

    /// Its columns.
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Sheet::Balances => &[
                "as_of",
                "member",
                "unit",
                "pocket",
                "balance",
                "pending",
                "debt",
                "earned",
                "bought",
                "received",
                "spent",
                "sent",
                "expired",
                "clawed",
                "writtenoff",
                "adjusted",
            ],
            Sheet::Lots => &[
                "as_of",
                "member",
                "unit",
                "pocket",
                "source",
                "earned",
                "granted",
                "left",
                "pending",
                "spendable_from",
                "last_day",
            ],
            Sheet::Levels => &["as_of", "member", "tiers", "level", "last_day"],
            Sheet::Cards => &["as_of", "member", "card", "stamps", "full_at"],
            Sheet::Arms => &["as_of", "member", "kind", "name", "arm", "channels"],
            Sheet::Gifts => &[
                "as_of",
                "member",
                "kind",
                "name",
                "held",
                "issued",
                "used",
                "expired",
                "revoked",
                "out_of_stock",
                "taken",
            ],
            Sheet::Statement => &["as_of", "member", "unit", "pocket", "what", "day", "points", "name"],
            Sheet::Objectives => &[
                "as_of",
                "objective",
                "measure",
                "within",
                "figure",
                "exact",
                "unit",
                "wanted",
                "met",
                "numerator",
                "denominator",
            ],
            Sheet::Settlements => {
                &["as_of", "month", "partner", "unit", "earned", "clawed", "spent", "pays", "gets", "net"]
            }
            Sheet::By => &["as_of", "by", "value", "what", "unit", "figure"],
            Sheet::Postings => &[
                "number",
                "time",
                "day",
                "member",
                "unit",
                "pocket",
                "kind",
                "event",
                "rule",
                "program",
                "exact",
                "amount",
                "stands_at",
                "spendable_from",
                "last_day",
                "why",
                "link",
            ],
            Sheet::Changes => {
                &["time", "day", "member", "event", "what", "name", "change", "stands_at", "why", "last_day"]
            }
            Sheet::Fees => &["time", "day", "member", "event", "membership", "what", "amount", "last_day", "why"],
            Sheet::Discounts => &[
                "time", "day", "member", "event", "purchase", "kind", "name", "program", "items", "price", "off",
                "change", "why",
            ],
            Sheet::Rejections => &["time", "day", "member", "event", "reason", "sentence"],
        }
    }

    /// What its rows are of.
    pub fn rows_of(self) -> Of {
        match self {
            Sheet::Postings | Sheet::Changes | Sheet::Discounts | Sheet::Fees | Sheet::Rejections => Of::Journal,
            Sheet::Balances
            | Sheet::Lots
            | Sheet::Levels
            | Sheet::Cards
            | Sheet::Gifts
            | Sheet::Arms
            | Sheet::Statement => Of::Member,
            Sheet::Objectives | Sheet::Settlements | Sheet::By => Of::Program,
        }
    }

    /// Whether it tells what happened, so that the journal is needed, and not how things stand.
    pub fn of_the_journal(self) -> bool {
        self.rows_of() == Of::Journal
    }
}

/// What the rows of a table are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// What happened.
    Journal,
    /// Members at the moments asked for.
    Member,
    /// All members together at those moments.
    Program,
}

/// All tables of a run.
pub fn all<'a>(book: Book<'a>, outcome: &'a Outcome) -> Vec<Table<'a>> {
    let table = |sheet: Sheet| {
        let rows = std::iter::once_with(move || rows(book, outcome, sheet)).flatten();
        Table { name: sheet.name(), columns: sheet.columns().to_vec(), rows: Box::new(rows) }
    };
    Sheet::ALL.map(table).into()
}

fn rows(book: Book<'_>, outcome: &Outcome, sheet: Sheet) -> Vec<Row> {
    let wanted = Wanted { sheets: vec![sheet], format: Format::Cells, ..Wanted::default() };
    let mut rows = Vec::new();
    harvest::of(book, outcome, &wanted)
        .and_then(|harvested| {
            harvested.each_row(sheet, &mut |row| {
                rows.push(row.iter().map(|cell| (*cell).to_string()).collect());
                Ok(())
            })
        })
        .expect("memory takes it");
    rows
}

/// Writes a table as CSV (RFC 4180, comma, line feed).
pub fn write_csv(table: Table<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut bytes = (table.columns.join(",") + "\n").into_bytes();
    for row in table.rows {
        out.write_all(&bytes)?;
        bytes.clear();
        encoded(&mut bytes, Format::Csv, &table.columns, &row);
    }
    out.write_all(&bytes)
}

/// Writes a table as a JSON list, one object a line.
pub fn write_json(table: Table<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut list = harvest::List::default();
    for row in table.rows {
        let mut bytes = Vec::new();
        encoded(&mut bytes, Format::Json, &table.columns, &row);
        list.write(&bytes, out)?;
    }
    list.end(out)
}

fn encoded(out: &mut Vec<u8>, format: Format, columns: &[&'static str], row: &Row) {
    let mut rows = Rows::new(out, format, columns);
    row.iter().for_each(|cell| rows.text(cell));
    rows.end();
}
