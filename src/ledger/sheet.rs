//! A file of any format as rows of cells. Nothing here knows what a column means.

use super::columns::{Delimiter, FileMap};
use super::mistake::{DataError, Problem};
use super::rows::{Cells, LONGEST_ROW, TextRows};
use crate::source::cells::{self, CellKind};
use crate::source::raw::Raw;
use crate::source::scratch::InMemory;
use crate::source::table::{Opened, Table, TableColumn, open};
use arrow_array::RecordBatch;

/// The rows of one file, one at a time.
pub(super) enum Rows {
    /// Of CSV.
    Text(Box<TextRows>),
    /// Of typed columns.
    Table(Box<TableRows>),
}

impl Rows {
    /// The rows of a file, whatever its first bytes say it is.
    pub(super) fn new(path: &str, raw: Raw, delimiter: Option<Delimiter>) -> Result<Self, Box<DataError>> {
        // Who has room beside memory puts a stream there before it comes here.
        match open(raw, &InMemory).map_err(|error| Box::new(DataError::from_io(path, &error)))? {
            Opened::Text(text) => Ok(Self::Text(Box::new(TextRows::new(path, text, delimiter)?))),
            Opened::Table(table) => Ok(Self::Table(Box::new(TableRows::new(path, *table)))),
        }
    }

    /// The columns of a table; none of a file of text, whose first row names them.
    pub(super) fn columns(&self) -> Option<&[TableColumn]> {
        match self {
            Self::Text(_) => None,
            Self::Table(rows) => Some(rows.table.columns()),
        }
    }

    /// The number of the row last read: in text the first row of the file is 1, in a table the first with cells.
    pub(super) fn row(&self) -> u64 {
        match self {
            Self::Text(rows) => rows.row(),
            Self::Table(rows) => rows.row,
        }
    }

    /// How many lines of the file the row last read spans.
    pub(super) fn lines(&self) -> u64 {
        match self {
            Self::Text(rows) => rows.lines(),
            Self::Table(_) => 1,
        }
    }

    /// The cells of the row last read.
    pub(super) fn cells(&self) -> &Cells {
        match self {
            Self::Text(rows) => rows.cells(),
            Self::Table(rows) => &rows.cells,
        }
    }

    /// Reads the next row that is not blank; false at the end.
    pub(super) fn advance(&mut self) -> Result<bool, Box<DataError>> {
        match self {
            Self::Text(rows) => rows.advance(),
            Self::Table(rows) => rows.advance(),
        }
    }

    /// The floating point of these columns of a table stands for numbers of so many decimals.
    pub(super) fn floats(&mut self, columns: &[usize], map: &FileMap) {
        if let Self::Table(rows) = self {
            columns.iter().for_each(|at| rows.decimals[*at] = map.floats);
            let left_out = |column: &TableColumn| map.leave_out.contains(&column.name);
            let spare: Vec<usize> = (0..rows.decimals.len())
                .filter(|at| left_out(&rows.table.columns()[*at]) && !map.reads(&rows.table.columns()[*at].name))
                .collect();
            spare.into_iter().for_each(|at| rows.table.leave_out(at));
        }
    }
}

/// The rows of a table.
pub(super) struct TableRows {
    path: String,
    table: Table,
    /// By column: for floating point, the decimals of the number that it stands for.
    decimals: Vec<Option<u32>>,
    batch: Option<RecordBatch>,
    next: usize,
    row: u64,
    cells: Cells,
}

impl TableRows {
    fn new(path: &str, table: Table) -> Self {
        let decimals = vec![None; table.columns().len()];
        Self { path: path.to_owned(), table, decimals, batch: None, next: 0, row: 0, cells: Cells::default() }
    }

    fn advance(&mut self) -> Result<bool, Box<DataError>> {
        loop {
            match &self.batch {
                Some(batch) if self.next < batch.num_rows() => {}
                Some(_) | None => {
                    self.next = 0;
                    self.batch =
                        self.table.next_batch().map_err(|error| Box::new(DataError::from_io(&self.path, &error)))?;
                    if self.batch.is_none() {
                        return Ok(false);
                    }
                    continue;
                }
            }
            self.read()?;
            if self.cells.iter().any(|cell| !cell.is_empty()) {
                return Ok(true);
            }
        }
    }

    /// Writes the cells of the next row of the batch.
    fn read(&mut self) -> Result<(), Box<DataError>> {
        let Some(batch) = &self.batch else { return Ok(()) };
        let cells = &mut self.cells;
        cells.text.clear();
        cells.ranges.clear();
        cells.inexact.clear();
        for (array, at) in batch.columns().iter().zip(self.table.read()) {
            cells.ranges.resize(*at, (0, 0));
            let start = cells.text.len();
            if !cells::write(array.as_ref(), self.next, self.decimals[*at], &mut cells.text) {
                cells.inexact.push(*at);
            }
            cells.push(start, cells.text.len());
        }
        cells.ranges.resize(self.decimals.len(), (0, 0));
        self.next += 1;
        self.row += 1;
        if cells.text.len() > LONGEST_ROW {
            let (file, row) = (self.path.clone(), Some(self.row));
            return Err(Box::new(DataError { file, row, column: None, value: None, problem: Problem::LongRow }));
        }
        Ok(())
    }
}

/// What the cells of a column are, where the file says so.
pub(super) fn kinds(columns: Option<&[TableColumn]>) -> Vec<CellKind> {
    columns.unwrap_or_default().iter().map(|column| column.kind.clone()).collect()
}
