//! Rows of a table that was written, read again as texts.

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal128Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::reader::ChunkReader;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};

/// Why a row cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken(pub String);

/// The rows of a table.
pub struct Rows<'r> {
    columns: Vec<String>,
    rows: Box<dyn Iterator<Item = Result<Vec<String>, Broken>> + 'r>,
}

impl Iterator for Rows<'_> {
    type Item = Result<Vec<String>, Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        self.rows.next()
    }
}

fn broken(error: impl ToString) -> Broken {
    Broken(error.to_string())
}

impl<'r> Rows<'r> {
    /// The names of the columns.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// A table in CSV.
    ///
    /// # Errors
    /// That it has no header.
    pub fn csv(from: impl Read + 'r) -> Result<Self, Broken> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(from);
        let header = reader.headers().map_err(broken)?;
        let columns: Vec<String> = header.iter().map(str::to_owned).collect();
        let wanted = columns.len();
        let rows = reader.into_records().map(move |row| {
            let row = row.map_err(|error| match error.kind() {
                csv::ErrorKind::Utf8 { .. } => Broken("it is not text in UTF-8".to_owned()),
                _ => broken(error),
            })?;
            match row.len() == wanted {
                true => Ok(row.iter().map(str::to_owned).collect()),
                false => Err(Broken(format!("it has {} cells, and the header {wanted}", row.len()))),
            }
        });
        Ok(Self { columns, rows: Box::new(rows) })
    }

    /// A list of objects in JSON, one a line, as a run writes it; `columns` are those of the table.
    pub fn json(from: impl Read + 'r, columns: &[String]) -> Self {
        let columns = columns.to_vec();
        let wanted = columns.clone();
        let lines = BufReader::new(from).lines();
        let rows = lines.filter_map(move |line| {
            let line = match line {
                Ok(line) => line,
                Err(error) => return Some(Err(broken(error))),
            };
            match line.trim().trim_end_matches(',') {
                "" | "[" | "]" | "[]" => None,
                object => Some(object_row(object, &wanted)),
            }
        });
        Self { columns, rows: Box::new(rows) }
    }

    /// A table in Parquet.
    ///
    /// # Errors
    /// That it is none.
    pub fn parquet(from: impl ChunkReader + 'static) -> Result<Self, Broken> {
        let builder = ParquetRecordBatchReaderBuilder::try_new(from).map_err(broken)?;
        let columns = builder.schema().fields().iter().map(|field| field.name().clone()).collect();
        let batches = builder.build().map_err(broken)?;
        let rows = batches.flat_map(|batch| match batch.map_err(broken).and_then(|batch| texts(&batch)) {
            Ok(rows) => rows.into_iter().map(Ok).collect(),
            Err(broken) => vec![Err(broken)],
        });
        Ok(Self { columns, rows: Box::new(rows) })
    }
}

fn object_row(object: &str, columns: &[String]) -> Result<Vec<String>, Broken> {
    let mut object: BTreeMap<String, String> = serde_json::from_str(object).map_err(broken)?;
    let row = columns.iter().map(|column| object.remove(column).ok_or_else(|| Broken(format!("it has no `{column}`"))));
    let row = row.collect::<Result<Vec<String>, Broken>>()?;
    match object.keys().next() {
        Some(more) => Err(Broken(format!("it has a `{more}`, which the table does not"))),
        None => Ok(row),
    }
}

/// The rows of a batch as texts: days as `2026-02-03`, amounts with their decimals, null as nothing.
fn texts(batch: &RecordBatch) -> Result<Vec<Vec<String>>, Broken> {
    let mut rows = vec![Vec::with_capacity(batch.num_columns()); batch.num_rows()];
    for column in batch.columns() {
        for (at, row) in rows.iter_mut().enumerate() {
            row.push(if column.is_null(at) { String::new() } else { text(column.as_ref(), at)? });
        }
    }
    Ok(rows)
}

fn text(column: &dyn Array, at: usize) -> Result<String, Broken> {
    let other = || Broken(format!("a column of {} is none of such a table", column.data_type()));
    Ok(match column.data_type() {
        DataType::Utf8 => column.as_string_opt::<i32>().ok_or_else(other)?.value(at).to_owned(),
        DataType::Int64 => column.as_primitive_opt::<Int64Type>().ok_or_else(other)?.value(at).to_string(),
        DataType::Decimal128(..) => column.as_primitive_opt::<Decimal128Type>().ok_or_else(other)?.value_as_string(at),
        DataType::Date32 => {
            let days = column.as_primitive_opt::<Date32Type>().ok_or_else(other)?.value(at);
            let first = jiff::civil::Date::constant(1970, 1, 1);
            let span = jiff::Span::new().try_days(days).map_err(broken)?;
            first.checked_add(span).map_err(broken)?.to_string()
        }
        _ => return Err(other()),
    })
}
