//! Any file, opened: rows of text, or a table of typed columns.

use super::arrow::Arrow;
use super::cells::{CellKind, kind_of};
use super::packed::unpacked;
use super::parquet::{Batches, Parquet};
use super::raw::{Raw, ReadAt};
use super::scratch::Scratch;
use super::shape::{Damaged, Shape};
use arrow_array::RecordBatch;
use arrow_schema::{DataType, SchemaRef};
use std::io::{self, Read};
use std::sync::Arc;

/// How often a file may be packed in another: a `.gz` in a `.zst` is a slip, more is a trick.
const LAYERS: usize = 3;

/// A file, ready to be read.
pub enum Opened {
    /// Text, unpacked.
    Text(Box<dyn Read + Send>),
    /// Typed columns.
    Table(Box<Table>),
}

/// Opens a file, whatever its first bytes say it is; see [`settled`].
///
/// # Errors
/// [`Damaged`], or what the system says.
pub fn open(raw: Raw, scratch: &dyn Scratch) -> io::Result<Opened> {
    let (shape, raw) = settled(raw, scratch)?;
    let table = match shape {
        Shape::Text | Shape::Gzip | Shape::Zstd => return Ok(Opened::Text(raw.stream())),
        Shape::Parquet => Table::parquet(raw.file(scratch)?)?,
        Shape::ArrowFile => Table::arrow(Arrow::file(&raw.file(scratch)?)?),
        Shape::ArrowStream => Table::arrow(Arrow::stream(raw.stream())?),
    };
    Ok(Opened::Table(Box::new(table)))
}

/// What a file is once it is unpacked, and its bytes. A Parquet or Arrow file that comes as a stream is put into
/// `scratch`, for it is read from its end.
///
/// # Errors
/// [`Damaged`], or what the system says.
pub fn settled(raw: Raw, scratch: &dyn Scratch) -> io::Result<(Shape, Raw)> {
    let mut raw = raw;
    for _ in 0..LAYERS {
        let (start, again) = raw.peek(Shape::TOLD_BY)?;
        let shape = Shape::of(&start);
        raw = match shape {
            Shape::Gzip | Shape::Zstd => Raw::Stream(unpacked(shape, again.stream())?),
            Shape::Parquet | Shape::ArrowFile => return Ok((shape, Raw::File(again.file(scratch)?))),
            Shape::Text | Shape::ArrowStream => return Ok((shape, again)),
        };
    }
    Err(Damaged::error(Shape::Gzip, "it is packed again and again"))
}

/// A file of typed columns, read from its beginning to its end.
pub struct Table {
    columns: Vec<TableColumn>,
    /// Their places, when not all are to be read.
    only: Vec<usize>,
    rows: Rows,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableColumn {
    /// Its name.
    pub name: String,
    /// What its cells are.
    pub kind: CellKind,
}

enum Rows {
    Parquet(Parquet),
    Begun(Batches),
    Arrow(Box<Arrow>),
}

impl Table {
    fn parquet(file: Arc<dyn ReadAt>) -> io::Result<Self> {
        let parquet = Parquet::open(file)?.as_arrow(&|_, own| match own {
            // Views into the pages: a text that stands in a million rows is there once.
            DataType::Utf8 | DataType::Binary => DataType::Utf8View,
            other => other.clone(),
        })?;
        Ok(Self::new(&parquet.schema().clone(), Rows::Parquet(parquet)))
    }

    fn arrow(arrow: Arrow) -> Self {
        Self::new(&arrow.schema().clone(), Rows::Arrow(Box::new(arrow)))
    }

    fn new(schema: &SchemaRef, rows: Rows) -> Self {
        let columns = schema.fields().iter();
        let columns: Vec<TableColumn> =
            columns.map(|field| TableColumn { name: field.name().clone(), kind: kind_of(field) }).collect();
        let only = (0..columns.len()).filter(|at| !matches!(columns[*at].kind, CellKind::Odd(_))).collect();
        Self { columns, only, rows }
    }

    /// Its columns.
    pub fn columns(&self) -> &[TableColumn] {
        &self.columns
    }

    /// The places of the columns that the batches have, in order.
    pub fn read(&self) -> &[usize] {
        &self.only
    }

    /// Leaves a column out of the batches; to be said before the first of them.
    pub fn leave_out(&mut self, column: usize) {
        self.only.retain(|at| *at != column);
    }

    /// The next rows; none at the end.
    ///
    /// # Errors
    /// [`Damaged`], or what the system says.
    pub fn next_batch(&mut self) -> io::Result<Option<RecordBatch>> {
        loop {
            match &mut self.rows {
                Rows::Parquet(parquet) => self.rows = Rows::Begun(parquet.read(None, &self.only)?),
                Rows::Begun(batches) => return batches.next().transpose(),
                Rows::Arrow(arrow) => {
                    arrow.only(self.only.clone());
                    return arrow.next().transpose();
                }
            }
        }
    }
}
