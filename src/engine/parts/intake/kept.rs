//! Rows kept beyond their batch: those at the edges of chunks, whose event may go on in the next, and those of
//! files in which the rows of an id stand apart.

use crate::engine::parts::heap::Held;
use crate::source::batch::{Batch, Cells, Column, Stamp};

/// Rows of one file with all columns asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Kept {
    rows: usize,
    columns: Vec<Kind>,
}

#[derive(Debug, Clone)]
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

impl Kept {
    /// The same rows in another order.
    pub fn sorted(&self, order: &[u32]) -> Self {
        let mut sorted = Self::default();
        self.with(0, |batch| {
            order.iter().map(|row| *row as usize).for_each(|row| sorted.add(batch, row..row + 1));
        });
        sorted
    }
}

impl Held for Kept {
    fn size(&self) -> usize {
        let column = |column: &Kind| match column {
            Kind::Text(text, spans) => text.len() + spans.len() * 8,
            Kind::Code(codes) => codes.len() * 4,
            Kind::Number(numbers) => numbers.len() * 8,
            Kind::Time(times) => times.len() * 16,
            Kind::Absent => 0,
        };
        self.columns.iter().map(column).sum()
    }

    fn write(&self, out: &mut Vec<u8>) {
        let start = out.len();
        let long = |out: &mut Vec<u8>, number: i64| out.extend_from_slice(&number.to_le_bytes());
        long(out, i64::try_from(self.rows).unwrap_or(i64::MAX));
        for column in &self.columns {
            match column {
                Kind::Text(text, spans) => {
                    out.push(1);
                    for (from, to) in spans {
                        out.extend_from_slice(&(to - from).to_le_bytes());
                    }
                    long(out, i64::try_from(text.len()).unwrap_or(i64::MAX));
                    out.extend_from_slice(text.as_bytes());
                }
                Kind::Code(codes) => {
                    out.push(2);
                    codes.iter().for_each(|code| out.extend_from_slice(&code.to_le_bytes()));
                }
                Kind::Number(numbers) => {
                    out.push(3);
                    numbers.iter().for_each(|number| long(out, *number));
                }
                Kind::Time(times) => {
                    out.push(4);
                    for time in times {
                        let (kind, number) = match time {
                            Stamp::Day(day) => (0, i64::from(*day)),
                            Stamp::Local(local) => (1, *local),
                            Stamp::Exact(at) => (2, *at),
                        };
                        out.push(kind);
                        long(out, number);
                    }
                }
                Kind::Absent => out.push(0),
            }
        }
        let sum = crc32fast::hash(&out[start..]);
        out.extend_from_slice(&sum.to_le_bytes());
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (body, sum) = bytes.split_last_chunk::<4>()?;
        if crc32fast::hash(body) != u32::from_le_bytes(*sum) {
            return None;
        }
        let mut left = body;
        let rows = usize::try_from(long(&mut left)?).ok()?;
        let mut columns = Vec::new();
        while let Some((kind, rest)) = left.split_first() {
            left = rest;
            columns.push(match kind {
                0 => Kind::Absent,
                1 => {
                    let (mut spans, mut from) = (Vec::with_capacity(rows), 0_u32);
                    for _ in 0..rows {
                        let to = from + u32::from_le_bytes(chunk(&mut left)?);
                        spans.push((from, to));
                        from = to;
                    }
                    let length = usize::try_from(long(&mut left)?).ok()?;
                    let (text, rest) = left.split_at_checked(length)?;
                    left = rest;
                    Kind::Text(std::str::from_utf8(text).ok()?.to_owned(), spans)
                }
                2 => Kind::Code((0..rows).map(|_| Some(u32::from_le_bytes(chunk(&mut left)?))).collect::<Option<_>>()?),
                3 => Kind::Number((0..rows).map(|_| long(&mut left)).collect::<Option<_>>()?),
                _ => Kind::Time((0..rows).map(|_| time(&mut left)).collect::<Option<_>>()?),
            });
        }
        Some(Self { rows, columns })
    }

    fn append(&mut self, other: &Self) {
        other.with(0, |batch| self.add(batch, 0..batch.rows));
    }
}

fn chunk<const N: usize>(left: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = left.split_first_chunk::<N>()?;
    *left = rest;
    Some(*taken)
}

fn long(left: &mut &[u8]) -> Option<i64> {
    chunk(left).map(i64::from_le_bytes)
}

fn time(left: &mut &[u8]) -> Option<Stamp> {
    let [kind] = chunk::<1>(left)?;
    let number = long(left)?;
    match kind {
        0 => i32::try_from(number).ok().map(Stamp::Day),
        1 => Some(Stamp::Local(number)),
        _ => Some(Stamp::Exact(number)),
    }
}
