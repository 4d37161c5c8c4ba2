//! Rows of the tables that are of all members together, at one moment.

use crate::engine::settle::Settled;
use crate::report::by;
use crate::report::measures;
use crate::report::tables::{Row, Sheet};
use crate::report::totals::Totals;
use crate::report::words::{self, Book};
use crate::value::exact::Exact;

/// The rows of such a table; of any other, none.
pub fn rows(book: Book<'_>, sheet: Sheet, totals: &Totals) -> Vec<Row> {
    match sheet {
        Sheet::Objectives => objectives(book, totals),
        Sheet::Settlements => settlements(book, totals),
        Sheet::By => by(book, totals),
        Sheet::Balances
        | Sheet::Lots
        | Sheet::Levels
        | Sheet::Cards
        | Sheet::Gifts
        | Sheet::Arms
        | Sheet::Statement
        | Sheet::Postings
        | Sheet::Changes
        | Sheet::Fees
        | Sheet::Discounts
        | Sheet::Rejections => Vec::new(),
    }
}

fn objectives(book: Book<'_>, totals: &Totals) -> Vec<Row> {
    let came = totals.measured.came();
    let row = |(objective, came)| {
        let mut row = vec![totals.as_of.clone()];
        row.extend(measures::row(book, objective, &came));
        row
    };
    came.into_iter().map(row).collect()
}

fn settlements(book: Book<'_>, totals: &Totals) -> Vec<Row> {
    let money = |sum: &Exact| sum.fixed(book.program.settings.minor_units);
    let row = |one: &Settled| {
        let points = |number: &Exact| book.number(one.unit, number);
        vec![
            totals.as_of.clone(),
            one.month.map(words::month).unwrap_or_default(),
            one.partner.map(|id| book.program.partners[id.0].name.text.clone()).unwrap_or_default(),
            book.unit(one.unit).to_owned(),
            points(&one.earned),
            points(&one.clawed),
            points(&one.spent),
            money(&one.pays),
            money(&one.gets),
            money(&one.net()),
        ]
    };
    if book.program.partners.is_empty() {
        return Vec::new();
    }
    totals.settled.by_month(book.program).iter().map(row).collect()
}

fn by(book: Book<'_>, totals: &Totals) -> Vec<Row> {
    let rows = totals.by.iter().flat_map(|table| by::rows(book, table));
    rows.map(|row| std::iter::once(totals.as_of.clone()).chain(row).collect()).collect()
}
