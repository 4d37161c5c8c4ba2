//! `run --out DIR`: the tables, the summary, and the manifest that says what they were made of.

use super::failure::Failure;
use super::write::{Batch, Fill, FolderId};
use crate::report::chain;
use crate::report::harvest::Harvested;
use crate::report::manifest::{self, Asked, Manifest, Program};
use crate::report::tables::{self, Row, Sheet};
use crate::report::{corrections, parquet};
use crate::source::brought::Brought;
use clap::ValueEnum;
use std::cell::Cell;
use std::io::{self, Write};
use std::path::Path;

/// Shapes of the outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Comma-separated values
    Csv,
    /// JSON
    Json,
    /// Parquet, with --out only
    Parquet,
    /// For reading
    Table,
}

impl Format {
    /// The ending of a table's file, and its word in a manifest.
    pub fn ending(self) -> &'static str {
        match self {
            Format::Csv | Format::Table => "csv",
            Format::Json => "json",
            Format::Parquet => "parquet",
        }
    }
}

/// What outputs are made of.
#[derive(Debug)]
pub struct Origin {
    /// The program.
    pub program: Program,
    /// The files of the history.
    pub inputs: Vec<Brought>,
}

/// Writes the tables of a run into a folder, with the summary and the manifest. `corrected`: of a kept state.
///
/// # Errors
/// What the system says.
pub fn into(
    batch: &mut Batch,
    place: &Path,
    (format, sheets): (Format, &[Sheet]),
    (harvested, corrected): (&Harvested<'_>, Option<&[Row]>),
    (origin, asked): (Origin, Asked),
) -> Result<(), Failure> {
    let folder = batch.folder(place)?;
    let chain = Cell::new(None);
    let mut outputs = Vec::new();
    for sheet in sheets {
        let fill = filled(format, harvested, *sheet, &chain);
        outputs.push(batch.file_in(folder, &format!("{}.{}", harvested.file_name(*sheet), format.ending()), fill)?);
    }
    if let Some(rows) = corrected {
        outputs.push(corrections_into(batch, folder, format, rows)?);
    }
    let summary = harvested.summary();
    outputs.push(batch.file_in(folder, "summary.json", Box::new(|out| out.write_all(summary.as_bytes())))?);
    outputs.sort_by(|one, other| one.file.cmp(&other.file));
    let manifest = Manifest {
        shape: manifest::SHAPE,
        loyal: env!("CARGO_PKG_VERSION").to_owned(),
        program: origin.program,
        inputs: origin.inputs,
        asked: Asked { format: format.ending().to_owned(), state: corrected.is_some(), ..asked },
        outputs,
        chain: chain.into_inner(),
    };
    let text = manifest.text();
    batch.file_in(folder, manifest::NAME, Box::new(|out| out.write_all(text.as_bytes()))).map(|_| ())
}

/// What writes a table; of postings, it says where their chain ends.
fn filled<'f>(
    format: Format,
    harvested: &'f Harvested<'_>,
    sheet: Sheet,
    chain: &'f Cell<Option<chain::End>>,
) -> Box<Fill<'f>> {
    Box::new(move |out| {
        let end = match format {
            Format::Json | Format::Csv | Format::Table => harvested.write(sheet, out)?,
            Format::Parquet => typed(harvested, sheet, out)?,
        };
        if let Some(end) = end {
            chain.set(Some(end));
        }
        Ok(())
    })
}

/// Writes a table as Parquet.
fn typed(harvested: &Harvested<'_>, sheet: Sheet, out: &mut dyn Write) -> io::Result<Option<chain::End>> {
    let mut writer = parquet::Writer::new(sheet.name(), sheet.columns(), harvested.decimals(sheet))?;
    let mut add = |row: &[&str]| writer.row(&row.iter().map(|cell| (*cell).to_string()).collect(), out);
    let end = harvested.each_row(sheet, &mut add)?;
    writer.finish(out)?;
    Ok(end)
}

/// Writes what late events corrected.
fn corrections_into(
    batch: &mut Batch,
    folder: FolderId,
    format: Format,
    rows: &[Row],
) -> Result<manifest::File, Failure> {
    let table = corrections::table(rows);
    let write: Box<Fill<'_>> = match format {
        Format::Json => Box::new(|out| tables::write_json(table, out)),
        Format::Parquet => Box::new(move |out| parquet::write(table, 0, out)),
        Format::Csv | Format::Table => Box::new(|out| tables::write_csv(table, out)),
    };
    batch.file_in(folder, &format!("corrections.{}", format.ending()), write)
}
