//! The tables of `run --out DIR --format parquet`: the same rows as in CSV, with types (`docs/outputs.md`).

use super::tables::{Row, Table};
use crate::value::clock::parse_date;
use arrow_array::builder::{Date32Builder, Decimal128Builder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use jiff::civil::Date;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// So many rows are made columns at a time.
const BATCH_ROWS: usize = 8192;

/// So many rows are a row group: what one thread of a reader takes.
const GROUP_ROWS: usize = 1 << 17;

/// As many digits as a decimal of 128 bits has.
const DIGITS: u8 = 38;

/// What a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Day,
    Whole,
    Amount,
}

/// What the column of that name is; it is the same in every table but for `stands_at`, which in `changes` may be a
/// level's name.
fn kind(table: &str, column: &str) -> Kind {
    match (table, column) {
        ("changes", "stands_at") => Kind::Text,
        (_, "day" | "earned" | "spendable_from" | "last_day") if column != "earned" || table == "lots" => Kind::Day,
        (_, "number" | "stamps" | "full_at") => Kind::Whole,
        ("gifts", "held" | "issued" | "used" | "expired" | "revoked" | "out_of_stock" | "taken") => Kind::Whole,
        (
            "balances",
            "balance" | "pending" | "debt" | "earned" | "bought" | "received" | "spent" | "sent" | "expired" | "clawed"
            | "writtenoff" | "adjusted",
        ) => Kind::Amount,
        ("statement", "points")
        | ("lots", "granted" | "left")
        | ("postings", "amount" | "stands_at")
        | ("fees", "amount")
        | ("settlements", "pays" | "gets" | "net")
        | ("discounts", "off" | "change") => Kind::Amount,
        _ => Kind::Text,
    }
}

/// Writes a table as Parquet. Amounts have `decimals`: the most that any unit of the program has.
///
/// # Errors
/// What the system says.
pub fn write(table: Table<'_>, decimals: u32, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = Writer::new(table.name, &table.columns, decimals)?;
    for row in table.rows {
        writer.row(&row, out)?;
    }
    writer.finish(out)
}

/// A table that is being written.
pub struct Writer {
    columns: Vec<Filling>,
    schema: SchemaRef,
    rows: usize,
    inner: ArrowWriter<Waiting>,
    waiting: Waiting,
}

impl Writer {
    /// A table of this name with these columns; amounts have `decimals`.
    ///
    /// # Errors
    /// What the writer of Parquet says.
    pub fn new(table: &str, columns: &[&str], decimals: u32) -> io::Result<Self> {
        let filling: Vec<Filling> = columns.iter().map(|column| Filling::new(kind(table, column), decimals)).collect();
        let fields = columns.iter().zip(&filling).map(|(name, column)| Field::new(*name, column.data_type(), true));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .build();
        let waiting = Waiting::default();
        let inner = ArrowWriter::try_new(waiting.clone(), Arc::clone(&schema), Some(properties)).map_err(failed)?;
        Ok(Self { columns: filling, schema, rows: 0, inner, waiting })
    }

    /// Adds a row; an empty cell is null.
    ///
    /// # Errors
    /// What the system says.
    pub fn row(&mut self, row: &Row, out: &mut dyn Write) -> io::Result<()> {
        for (column, cell) in self.columns.iter_mut().zip(row) {
            column.push(cell)?;
        }
        self.rows += 1;
        if self.rows == BATCH_ROWS { self.batch(out) } else { Ok(()) }
    }

    /// Writes what is left, and the footer.
    ///
    /// # Errors
    /// What the system says.
    pub fn finish(mut self, out: &mut dyn Write) -> io::Result<()> {
        self.batch(out)?;
        self.inner.close().map_err(failed)?;
        self.waiting.drain(out)
    }

    fn batch(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        self.rows = 0;
        let arrays = self.columns.iter_mut().map(Filling::finish).collect::<io::Result<_>>()?;
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays).map_err(io::Error::other)?;
        self.inner.write(&batch).map_err(failed)?;
        self.waiting.drain(out)
    }
}

/// A column that is being filled.
enum Filling {
    Text(StringBuilder),
    Day(Date32Builder),
    Whole(Int64Builder),
    Amount(Decimal128Builder, u32),
}

impl Filling {
    fn new(kind: Kind, decimals: u32) -> Self {
        match kind {
            Kind::Text => Self::Text(StringBuilder::new()),
            Kind::Day => Self::Day(Date32Builder::new()),
            Kind::Whole => Self::Whole(Int64Builder::new()),
            Kind::Amount => Self::Amount(Decimal128Builder::new().with_data_type(decimal(decimals)), decimals),
        }
    }

    fn data_type(&self) -> DataType {
        match self {
            Self::Text(_) => DataType::Utf8,
            Self::Day(_) => DataType::Date32,
            Self::Whole(_) => DataType::Int64,
            Self::Amount(_, decimals) => decimal(*decimals),
        }
    }

    fn push(&mut self, cell: &str) -> io::Result<()> {
        let some = (!cell.is_empty()).then_some(cell);
        // Amounts are rounded to their unit's decimals before they get here; one that is not is no reason to cut it.
        let strange = || io::Error::other(format!("`{cell}` does not fit a column of Parquet; --format csv keeps it"));
        match self {
            Self::Text(text) => text.append_option(some),
            Self::Day(days) => {
                days.append_option(some.map(|cell| day(cell).ok_or_else(strange)).transpose()?);
            }
            Self::Whole(numbers) => {
                numbers.append_option(some.map(|cell| cell.parse().map_err(|_| strange())).transpose()?);
            }
            Self::Amount(amounts, decimals) => {
                amounts.append_option(some.map(|cell| units(cell, *decimals).ok_or_else(strange)).transpose()?);
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<ArrayRef> {
        Ok(match self {
            Self::Text(text) => Arc::new(text.finish()),
            Self::Day(days) => Arc::new(days.finish()),
            Self::Whole(numbers) => Arc::new(numbers.finish()),
            Self::Amount(amounts, _) => Arc::new(amounts.finish()),
        })
    }
}

fn decimal(decimals: u32) -> DataType {
    DataType::Decimal128(DIGITS, i8::try_from(decimals).unwrap_or(0))
}

/// Days since 1970-01-01.
fn day(text: &str) -> Option<i32> {
    let day = parse_date(text).ok()?;
    day.since(Date::constant(1970, 1, 1)).ok().map(|span| span.get_days())
}

/// `-32.60` in units of the last of `decimals`; none when it has more of them, or more digits than fit.
fn units(text: &str, decimals: u32) -> Option<i128> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let more = decimals.checked_sub(u32::try_from(part.len()).ok()?)?;
    let units: i128 = format!("{whole}{part}").parse().ok()?;
    let units = units.checked_mul(10_i128.checked_pow(more)?)?;
    (units.unsigned_abs() < 10_u128.pow(DIGITS.into())).then_some(units)
}

/// Bytes that were written and wait to go out: the writer of Parquet wants an end that may change threads.
#[derive(Clone, Default)]
struct Waiting(Arc<Mutex<Vec<u8>>>);

impl Waiting {
    fn drain(&self, out: &mut dyn Write) -> io::Result<()> {
        let bytes = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        out.write_all(&bytes)
    }
}

impl Write for Waiting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn failed(error: parquet::errors::ParquetError) -> io::Error {
    match error {
        parquet::errors::ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(inner) => io::Error::other(inner),
        },
        other => io::Error::other(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_keep_every_decimal_and_days_their_number() {
        assert_eq!(units("-32.6", 2), Some(-3260));
        assert_eq!(units("-0.05", 2), Some(-5));
        assert_eq!(units("7", 0), Some(7));
        assert_eq!(units("7.125", 2), None);
        assert_eq!(units(&"9".repeat(39), 0), None);
        assert_eq!([day("1970-01-01"), day("2026-02-03"), day("0001-01-01")], [Some(0), Some(20_487), Some(-719_162)]);
    }
}
