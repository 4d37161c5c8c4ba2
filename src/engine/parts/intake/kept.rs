//! Rows kept beyond their batch: those at the edges of chunks, whose event may go on in the next.

use crate::source::batch::{Batch, Cells, Column, Stamp};

/// Rows of one file with all columns asked for.
#[derive(Debug, Default)]
pub(super) struct Kept {
    rows: usize,
    columns: Vec<Kind>,
}

#[derive(Debug)]
enum Kind {
    Text(String, Vec<(u32, u32)>),
    Code(Vec<u32>),
    Number(Vec<i64>),
    Time(Vec<Stamp>),
    Absent,
}

impl Kept {
    /// Adds rows of a batch; all batches have the same columns.
    pub fn add(&mut self, batch: &Batch<'_>, rows: std::ops::Range<usize>) {
        if self.columns.is_empty() {
            let empty = |column: &Column<'_>| match column {
                Column::Text(_) => Kind::Text(String::new(), Vec::new()),
                Column::Code(_) => Kind::Code(Vec::new()),
                Column::Number(_) => Kind::Number(Vec::new()),
                Column::Time(_) => Kind::Time(Vec::new()),
                Column::Absent => Kind::Absent,
            };
            self.columns = batch.columns.iter().map(empty).collect();
        }
        for (kept, column) in self.columns.iter_mut().zip(&batch.columns) {
            match (kept, column) {
                (Kind::Text(text, spans), Column::Text(cells)) => {
                    for row in rows.clone() {
                        let from = u32::try_from(text.len()).unwrap_or(u32::MAX);
                        text.push_str(cells.get(row));
                        spans.push((from, u32::try_from(text.len()).unwrap_or(u32::MAX)));
                    }
                }
                (Kind::Code(kept), Column::Code(codes)) => kept.extend_from_slice(&codes[rows.clone()]),
                (Kind::Number(kept), Column::Number(numbers)) => kept.extend_from_slice(&numbers[rows.clone()]),
                (Kind::Time(kept), Column::Time(times)) => kept.extend_from_slice(&times[rows.clone()]),
                (Kind::Absent | Kind::Text(..) | Kind::Code(_) | Kind::Number(_) | Kind::Time(_), _) => {}
            }
        }
        self.rows += rows.len();
    }

    /// Adds the rows of another.
    pub fn append(&mut self, other: &Kept) {
        other.with(0, |batch| self.add(batch, 0..batch.rows));
    }

    /// The rows as a batch of a file.
    pub fn with<R>(&self, file: u32, look: impl FnOnce(&Batch<'_>) -> R) -> R {
        let column = |kept: &'_ Kind| match kept {
            Kind::Text(..) | Kind::Absent => None,
            Kind::Code(codes) => Some(Column::Code(codes.clone())),
            Kind::Number(numbers) => Some(Column::Number(numbers.clone())),
            Kind::Time(times) => Some(Column::Time(times.clone())),
        };
        let columns = self.columns.iter().map(|kept| match kept {
            Kind::Text(text, spans) => Column::Text(Cells { text, spans: spans.clone() }),
            Kind::Absent | Kind::Code(_) | Kind::Number(_) | Kind::Time(_) => column(kept).unwrap_or(Column::Absent),
        });
        look(&Batch { file, rows: self.rows, columns: columns.collect() })
    }
}
