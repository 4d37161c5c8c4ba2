//! Parquet files: what columns they have, and their row groups as batches of Arrow arrays.
//!
//! The footer is looked through before anything is decoded: a file that was cut short or changed is told as
//! [`Damaged`], and one whose columns would unpack to more than memory holds is refused.

use super::cells::check_cells;
use super::guard::guarded;
use super::raw::{At, ReadAt, bytes_at};
use super::shape::{Damaged, Shape};
use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::Encoding;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use parquet::file::reader::{ChunkReader, Length};
use std::io::{self, BufReader};
use std::sync::Arc;

/// No column of a row group unpacks to more: its pages could not be held in memory.
const LARGEST_CHUNK: i64 = 1 << 31;

/// Of how many bytes the rows of one batch are, unpacked; about.
const BATCH_BYTES: i64 = 16 << 20;

/// So many rows may be packed as far as they will.
const FEW_ROWS: i64 = 1_000_000;

/// More rows than these for each byte of the file are no events, each of which has an id, a time and an amount.
const ROWS_PER_BYTE: u64 = 4;

/// How many rows a batch has at most.
const BATCH_ROWS: i64 = 8192;

/// An open Parquet file.
#[derive(Clone)]
pub struct Parquet {
    source: Source,
    metadata: ArrowReaderMetadata,
}

#[derive(Clone)]
struct Source(Arc<dyn ReadAt>);

impl Length for Source {
    fn len(&self) -> u64 {
        self.0.size().unwrap_or(0)
    }
}

impl ChunkReader for Source {
    type T = BufReader<At>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        Ok(BufReader::new(At::from(Arc::clone(&self.0), start)))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        bytes_at(&self.0, start, length as u64).map(Bytes::from).map_err(|error| ParquetError::External(error.into()))
    }
}

impl Parquet {
    /// Reads the footer of a file.
    ///
    /// # Errors
    /// [`Damaged`], or what the system says.
    pub fn open(file: Arc<dyn ReadAt>) -> io::Result<Self> {
        guarded(Shape::Parquet, || {
            whole(&file)?;
            let source = Source(file);
            let metadata = ArrowReaderMetadata::load(&source, options()).map_err(told)?;
            Ok(Self { source, metadata })
        })
    }

    /// The same file, each of its columns (by place) of the type in Arrow that is said, given the type that it
    /// has by itself.
    ///
    /// # Errors
    /// [`Damaged`], when a column cannot be read as that.
    pub fn as_arrow(&self, said: &dyn Fn(usize, &DataType) -> DataType) -> io::Result<Self> {
        let own = self.schema();
        let fields = own.fields().iter().enumerate();
        let fields: Vec<Field> =
            fields.map(|(at, field)| field.as_ref().clone().with_data_type(said(at, field.data_type()))).collect();
        let schema = Arc::new(Schema::new_with_metadata(fields, own.metadata().clone()));
        guarded(Shape::Parquet, || {
            let footer = Arc::clone(self.metadata.metadata());
            let metadata = ArrowReaderMetadata::try_new(footer, options().with_schema(schema)).map_err(told)?;
            Ok(Self { source: self.source.clone(), metadata })
        })
    }

    /// Its columns.
    pub fn schema(&self) -> &SchemaRef {
        self.metadata.schema()
    }

    /// How many row groups it has.
    pub fn groups(&self) -> usize {
        self.metadata.metadata().num_row_groups()
    }

    /// How many rows a row group says it has.
    pub fn rows(&self, group: usize) -> u64 {
        u64::try_from(self.metadata.metadata().row_group(group).num_rows()).unwrap_or(0)
    }

    /// Whether a column stands as places in a dictionary in every page of every row group, and says something in
    /// each: a dictionary for empty cells alone would be made anew for every batch.
    pub fn is_dictionary(&self, column: usize) -> bool {
        let metadata = self.metadata.metadata();
        leaves(metadata, &[column]).iter().all(|leaf| {
            metadata.row_groups().iter().all(|group| {
                let chunk = group.column(*leaf);
                let pages = chunk.page_encoding_stats_mask();
                let empty = chunk.statistics().and_then(|of| of.null_count_opt());
                let says = empty.is_none_or(|empty| i64::try_from(empty).is_ok_and(|empty| empty < chunk.num_values()));
                says && chunk.dictionary_page_offset().is_some()
                    && pages.is_some_and(|mask| DICTIONARY.iter().any(|one| mask.is_only(*one)))
            })
        })
    }

    /// The rows of some row groups (all when none are named), with these columns only.
    ///
    /// # Errors
    /// [`Damaged`], or what the system says.
    pub fn read(&self, groups: Option<Vec<usize>>, columns: &[usize]) -> io::Result<Batches> {
        let metadata = self.metadata.metadata();
        let all = || (0..metadata.num_row_groups()).collect();
        let groups = groups.unwrap_or_else(all);
        let rows = self.check(&groups, columns)?;
        let mask = ProjectionMask::roots(metadata.file_metadata().schema_descr(), columns.iter().copied());
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(self.source.clone(), self.metadata.clone())
            .with_projection(mask)
            .with_row_groups(groups)
            .with_batch_size(rows);
        guarded(Shape::Parquet, || Ok(Batches(reader.build().map_err(told)?)))
    }

    /// Looks at what the footer says of the columns; how many rows a batch may have.
    fn check(&self, groups: &[usize], columns: &[usize]) -> io::Result<usize> {
        let metadata = self.metadata.metadata();
        let size = self.source.0.size()?;
        let leaves = leaves(metadata, columns);
        let rows: i64 = groups.iter().map(|at| metadata.row_group(*at).num_rows().max(0)).fold(0, i64::saturating_add);
        if rows > FEW_ROWS && u64::try_from(rows).unwrap_or(0) / ROWS_PER_BYTE > size {
            let words = format!("it says that it has {rows} rows in {size} bytes: no history is packed so far");
            return Err(Damaged::error(Shape::Parquet, words));
        }
        let mut most = BATCH_ROWS;
        for group in groups.iter().map(|at| metadata.row_group(*at)) {
            let mut bytes = 0;
            for leaf in &leaves {
                let chunk = group.column(*leaf);
                check_chunk(chunk, size)?;
                bytes += chunk.uncompressed_size();
            }
            if group.num_rows() < 0 {
                return Err(Damaged::error(Shape::Parquet, "a row group has fewer rows than none"));
            }
            most = most.min(BATCH_BYTES / (bytes / group.num_rows().max(1)).max(1));
        }
        Ok(usize::try_from(most.max(1)).unwrap_or(1))
    }
}

/// Which library of Arrow wrote a file changes nothing about how it is read.
fn options() -> ArrowReaderOptions {
    ArrowReaderOptions::new().with_skip_arrow_metadata(true)
}

/// Batches of rows.
pub struct Batches(ParquetRecordBatchReader);

impl Iterator for Batches {
    type Item = io::Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = || match self.0.next().transpose().map_err(|error| told_by_arrow(Shape::Parquet, error))? {
            Some(batch) => check_cells(Shape::Parquet, &batch).map(|()| Some(batch)),
            None => Ok(None),
        };
        guarded(Shape::Parquet, next).transpose()
    }
}

/// Older writers call the same encoding by the second name.
const DICTIONARY: [Encoding; 2] = [Encoding::RLE_DICTIONARY, Encoding::PLAIN_DICTIONARY];

/// The places of the columns' own columns among all that hold cells.
fn leaves(metadata: &ParquetMetaData, columns: &[usize]) -> Vec<usize> {
    let schema = metadata.file_metadata().schema_descr();
    (0..schema.num_columns()).filter(|leaf| columns.contains(&schema.get_column_root_idx(*leaf))).collect()
}

fn check_chunk(chunk: &ColumnChunkMetaData, size: u64) -> io::Result<()> {
    let start = chunk.dictionary_page_offset().unwrap_or_else(|| chunk.data_page_offset());
    let end = u64::try_from(start).ok().zip(u64::try_from(chunk.compressed_size()).ok());
    let end = end.and_then(|(start, length)| start.checked_add(length));
    if end.is_none_or(|end| end > size) || chunk.data_page_offset() < 0 || chunk.num_values() < 0 {
        let words = format!("a column is said to lie where the file has no bytes: {}", chunk.column_path());
        return Err(Damaged::error(Shape::Parquet, words));
    }
    if !(0..=LARGEST_CHUNK).contains(&chunk.uncompressed_size()) {
        let words = format!(
            "a row group would unpack to {} bytes in the column {}; write it with smaller row groups",
            chunk.uncompressed_size(),
            chunk.column_path()
        );
        return Err(Damaged::error(Shape::Parquet, words));
    }
    Ok(())
}

/// Looks at both ends: a file that was cut short has no footer.
fn whole(file: &Arc<dyn ReadAt>) -> io::Result<()> {
    let size = file.size()?;
    if size < 12 {
        return Err(Damaged::error(Shape::Parquet, "it ends before its footer"));
    }
    let tail = bytes_at(file, size - 8, 8)?;
    match tail.as_slice() {
        [.., b'P', b'A', b'R', b'E'] => {
            Err(Damaged::error(Shape::Parquet, "it is encrypted; write it again without encryption"))
        }
        [a, b, c, d, b'P', b'A', b'R', b'1'] if u64::from(u32::from_le_bytes([*a, *b, *c, *d])) <= size - 12 => Ok(()),
        _ => Err(Damaged::error(Shape::Parquet, "its footer is not there: was it cut short?")),
    }
}

fn told(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => from_below(Shape::Parquet, inner),
        ParquetError::General(words) | ParquetError::NYI(words) | ParquetError::EOF(words) => {
            Damaged::error(Shape::Parquet, words)
        }
        other => Damaged::error(Shape::Parquet, other),
    }
}

/// What Arrow says of a batch, as an error of reading.
pub(super) fn told_by_arrow(shape: Shape, error: ArrowError) -> io::Error {
    match error {
        ArrowError::ExternalError(inner) => from_below(shape, inner),
        ArrowError::IoError(_, inner) if inner.kind() != io::ErrorKind::UnexpectedEof => of_decoder(shape, inner),
        ArrowError::ParquetError(words) => Damaged::error(shape, words.trim_start_matches("Parquet error: ")),
        ArrowError::IpcError(words) | ArrowError::ParseError(words) => Damaged::error(shape, words),
        other => Damaged::error(shape, other),
    }
}

/// What an unpacker finds wrong with the bytes comes as an error of reading too, but not from the machine.
fn of_decoder(shape: Shape, error: io::Error) -> io::Error {
    let words = matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::Other);
    // The system's errors have its number.
    if words && error.raw_os_error().is_none() && Damaged::of(&error).is_none() {
        return Damaged::error(shape, format!("a part of it cannot be unpacked ({error})"));
    }
    error
}

/// An error of the machine comes up as it is; bytes that are not there are damage.
fn from_below(shape: Shape, inner: Box<dyn std::error::Error + Send + Sync>) -> io::Error {
    match inner.downcast::<io::Error>() {
        Ok(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            Damaged::error(shape, "it ends before all of its rows")
        }
        Ok(error) => of_decoder(shape, *error),
        Err(inner) => Damaged::error(shape, inner),
    }
}
