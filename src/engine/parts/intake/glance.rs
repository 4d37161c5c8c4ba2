//! A look over whole columns of a batch, so that most rows need no look of their own.
//!
//! It only ever says that something is plain; where it cannot, [`super::rows`] asks row by row.

use super::columns::{Columns, From, Our};
use crate::source::batch::{Batch, Column, NONE};
use std::ops::Range;

/// What whole columns say of the rows of a batch. Memory is used again from batch to batch.
#[derive(Debug, Default)]
pub(super) struct Glance {
    /// The first row of each run of one id, and behind the last the number of rows.
    starts: Vec<u32>,
    /// Of each row, whether it says the same of its event as the row before.
    agrees: Vec<bool>,
    /// Of each row, whether its line number is a number above that of the row before.
    ascends: Vec<bool>,
    /// Whether no cell makes a row unusual by itself.
    plain: bool,
    /// Whether every amount is there, and none below zero.
    paid: bool,
}

impl Glance {
    /// Looks at a batch whose money is `money`.
    pub fn look(&mut self, columns: &Columns, batch: &Batch<'_>, money: &str) {
        let rows = batch.rows;
        self.agrees.clear();
        self.agrees.resize(rows, true);
        self.runs(columns, batch);
        for our in [Our::Member, Our::Ref, Our::Store, Our::Channel, Our::Unit] {
            if let Some(cells) = columns.cells(our, batch) {
                and(&mut self.agrees, |row| cells.repeats(row));
            }
        }
        if let Some(Column::Time(times)) = columns.column(Our::Time, batch) {
            and(&mut self.agrees, |row| times[row] == times[row - 1]);
        }
        if let Some(Column::Code(codes)) = columns.column(Our::Type, batch) {
            and(&mut self.agrees, |row| codes[row] == codes[row - 1]);
        }
        self.numbered(columns, batch);
        // An empty cell is the least number of all.
        self.paid = columns.numbers(Our::Amount, batch).is_some_and(|all| all.iter().all(|number| *number >= 0));
        let below = |number: &i64| (*number < 0) & (*number != NONE);
        let no_debt = |our| columns.numbers(our, batch).is_none_or(|all| !all.iter().any(below));
        let nothing = |our: Our| match columns.our(our) {
            From::Nowhere => true,
            From::Always(word) => word.is_empty(),
            From::Asked(_) => match columns.column(our, batch) {
                Some(Column::Number(all)) => all.iter().all(|number| *number == NONE),
                Some(Column::Text(cells)) => cells.spans.iter().all(|(from, to)| from == to),
                Some(Column::Code(_) | Column::Time(_) | Column::Absent) | None => true,
            },
        };
        let ours = |text: &str| text.is_empty() || text.eq_ignore_ascii_case(money);
        let in_money = match columns.our(Our::Currency) {
            From::Nowhere => true,
            From::Always(word) => ours(word),
            From::Asked(_) => columns
                .cells(Our::Currency, batch)
                .is_none_or(|cells| (0..rows).all(|row| cells.repeats(row) || ours(cells.get(row)))),
        };
        self.plain = no_debt(Our::Qty)
            && no_debt(Our::Regular)
            && nothing(Our::PaidPoints)
            && nothing(Our::Coupon)
            && nothing(Our::Unit)
            && in_money;
    }

    /// Finds where ids change.
    fn runs(&mut self, columns: &Columns, batch: &Batch<'_>) {
        self.starts.clear();
        let place = |row: usize| u32::try_from(row).unwrap_or(u32::MAX);
        match columns.cells(Our::Id, batch) {
            Some(ids) => self.starts.extend((0..batch.rows).filter(|row| !ids.repeats(*row)).map(place)),
            None => self.starts.extend((batch.rows > 0).then_some(0)),
        }
        self.starts.push(place(batch.rows));
    }

    /// Finds where line numbers ascend.
    fn numbered(&mut self, columns: &Columns, batch: &Batch<'_>) {
        self.ascends.clear();
        let Some(lines) = columns.cells(Our::Line, batch) else {
            self.ascends.resize(batch.rows, false);
            return;
        };
        let mut before = 0;
        self.ascends.extend((0..batch.rows).map(|row| {
            let number = small(lines.bytes(row));
            let last = std::mem::replace(&mut before, number);
            (0 < last) & (last < number)
        }));
    }

    /// The first row of each id, and behind the last the number of rows.
    pub fn starts(&self) -> &[u32] {
        &self.starts
    }

    /// Whether rows of one id say nothing unusual, and all the same of their event.
    pub fn is_plain(&self, rows: Range<usize>) -> bool {
        self.plain && self.agrees[rows.start + 1..rows.end].iter().all(|agrees| *agrees)
    }

    /// Whether rows of one id are numbered in the order in which they stand.
    pub fn in_order(&self, rows: Range<usize>) -> bool {
        self.ascends[rows.start + 1..rows.end].iter().all(|ascends| *ascends)
    }

    /// Whether every amount of the batch is there, and none is below zero.
    pub fn is_paid(&self) -> bool {
        self.paid
    }
}

/// A number of at most nine digits as it is usually written; 0 for any other text.
fn small(text: &[u8]) -> u32 {
    let digits = |sum: u32, byte: &u8| Some(sum * 10 + u32::from(byte.checked_sub(b'0').filter(|digit| *digit < 10)?));
    match text.first() {
        None | Some(b'0') => 0,
        Some(_) if text.len() > 9 => 0,
        Some(_) => text.iter().try_fold(0, digits).unwrap_or(0),
    }
}

/// Takes from each row but the first what it does not share with the row before.
fn and(agrees: &mut [bool], same: impl Fn(usize) -> bool) {
    for (row, agrees) in agrees.iter_mut().enumerate().skip(1) {
        *agrees &= same(row);
    }
}
