//! Parquet and Arrow read fast: only the columns asked for are decoded, and typed columns become a batch's
//! columns without a text between.
//!
//! A file is read in pieces: a row group of Parquet is one thread's, batch after batch; of the only one, as of Arrow,
//! whoever is free takes the next batch. What is not plainly good is [`Unusual`], and the ledger's plain way says what it is.

mod column;

use super::arrow::Arrow;
use super::batch::{Asked, Batch, Cells, Column, Read, Unusual};
use super::cells::{CellKind, kind_of};
use super::parquet::{Batches, Parquet};
use super::raw::Raw;
use super::scratch::Scratch;
use super::shape::Shape;
use crate::value::nfc;
use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field};
use column::Filled;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// So many rows of an Arrow batch are one piece.
const PIECE_ROWS: usize = 1 << 16;

/// A file of typed columns.
///
/// ```no_run
/// use loyal::source::batch::{Asked, Column, Read};
/// use loyal::source::columnar::{Columnar, Piece, Room};
/// use loyal::source::{raw::Raw, scratch::InMemory, shape::Shape};
/// let bytes = std::fs::read("events.parquet").unwrap();
/// let file = Columnar::open(Shape::Parquet, Raw::File(std::sync::Arc::new(bytes)), 0, &InMemory).unwrap();
/// let amount = Asked { name: "amount".into(), read: Read::Number, optional: false };
/// let layout = file.ask(&[amount], None).unwrap();
/// let (mut piece, mut room) = (Piece::default(), Room::default());
/// while layout.next(&mut piece).unwrap() {
///     let batch = layout.parse(&mut piece, &mut room).unwrap();
///     let Column::Number(_) = &batch.columns[0] else { unreachable!() };
///     room.back(batch);
/// }
/// ```
pub struct Columnar {
    file: u32,
    names: Vec<String>,
    kinds: Vec<CellKind>,
    rows: Rows,
}

enum Rows {
    Parquet(Parquet),
    Arrow(Box<Arrow>),
}

impl Columnar {
    /// Opens a file of this shape (as [`settled`](super::table::settled) tells it). `file` is its place in the list
    /// of inputs.
    ///
    /// # Errors
    /// Damage, or what the system says.
    pub fn open(shape: Shape, raw: Raw, file: u32, scratch: &dyn Scratch) -> Result<Self, Unusual> {
        let rows = rows(shape, raw, scratch).map_err(|error| unusual(file, &error))?;
        let (schema, kind): (_, fn(&Field) -> CellKind) = match &rows {
            Rows::Parquet(parquet) => (parquet.schema(), kind_in_parquet),
            Rows::Arrow(arrow) => (arrow.schema(), kind_of),
        };
        let names = schema.fields().iter().map(|field| nfc(field.name().trim()).into_owned()).collect();
        let kinds = schema.fields().iter().map(|field| kind(field)).collect();
        Ok(Self { file, names, kinds, rows })
    }

    /// The names of its columns, in the order of the file.
    pub fn header(&self) -> &[String] {
        &self.names
    }

    /// How many pieces can be worked on side by side.
    pub fn pieces(&self) -> usize {
        match &self.rows {
            Rows::Parquet(parquet) => parquet.groups(),
            Rows::Arrow(_) => 1,
        }
    }

    /// Where the columns asked for stand. They are found by their very name. Floating point is a number of
    /// `floats` decimals; none: it is not taken for numbers.
    ///
    /// # Errors
    /// When a column is missing that is not optional, stands there twice or in other capitals, or is of a type that
    /// holds nothing like what it is asked for.
    pub fn ask(self, asked: &[Asked], floats: Option<u32>) -> Result<Layout, Unusual> {
        let file = self.file;
        let odd = |what: String| Unusual { file, what };
        let mut places = Vec::with_capacity(asked.len());
        for one in asked {
            places.push(self.place(one, floats).map_err(odd)?);
        }
        let mut read: Vec<usize> = places.iter().flatten().copied().collect();
        read.sort_unstable();
        read.dedup();
        let rows = match self.rows {
            Rows::Parquet(parquet) => typed(&parquet, &places, asked)
                .and_then(|parquet| match parquet.groups() {
                    1 => parquet.read(None, &read).map(|batches| Source::Group(Mutex::new((batches, 0)))),
                    _ => Ok(Source::Parquet { parquet, next: AtomicUsize::new(0) }),
                })
                .map_err(|error| unusual(file, &error))?,
            Rows::Arrow(mut arrow) => {
                arrow.only(read.clone());
                Source::Arrow(Mutex::new(Taking { arrow, number: 0, rest: None }))
            }
        };
        let columns = asked.iter().zip(places).map(|(asked, place)| {
            let place = place.and_then(|place| read.binary_search(&place).ok());
            column::Asking::new(&asked.read, place, floats)
        });
        Ok(Layout { file, columns: columns.collect(), read, rows })
    }

    fn place(&self, asked: &Asked, floats: Option<u32>) -> Result<Option<usize>, String> {
        let mut found = self.names.iter().enumerate().filter(|(_, name)| **name == asked.name);
        let Some((at, _)) = found.next() else {
            let alike = self.names.iter().any(|name| name.eq_ignore_ascii_case(&asked.name));
            return match asked.optional && !alike {
                true => Ok(None),
                false => Err(format!("no column `{}`", asked.name)),
            };
        };
        if found.next().is_some() {
            return Err(format!("two columns `{}`", asked.name));
        }
        let fits = match (&self.kinds[at], &asked.read) {
            (CellKind::Odd(_), _) => false,
            (_, Read::Text | Read::Code(_)) => true,
            (CellKind::Text, _) => true,
            (CellKind::Number, Read::Number) | (CellKind::Time, Read::Time) => true,
            (CellKind::Float, Read::Number) => floats.is_some(),
            (CellKind::Number | CellKind::Float | CellKind::Time | CellKind::Clock, Read::Number | Read::Time) => false,
        };
        if fits { Ok(Some(at)) } else { Err(format!("the type of the column `{}`", asked.name)) }
    }
}

/// The file as it is read: texts as places in a dictionary where they stand so in the file, else as one text.
fn typed(parquet: &Parquet, places: &[Option<usize>], asked: &[Asked]) -> io::Result<Parquet> {
    let repeated: Vec<usize> = asked
        .iter()
        .zip(places)
        .filter_map(|(_, place)| *place)
        .filter(|place| parquet.is_dictionary(*place))
        .collect();
    parquet.as_arrow(&|at, own| match own {
        DataType::Utf8 if repeated.contains(&at) => {
            DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
        }
        // Asked for as a dictionary of texts, it would come as one of bytes.
        DataType::Binary => DataType::Utf8,
        other => other.clone(),
    })
}

fn rows(shape: Shape, raw: Raw, scratch: &dyn Scratch) -> io::Result<Rows> {
    match shape {
        Shape::Parquet => Ok(Rows::Parquet(Parquet::open(raw.file(scratch)?)?)),
        Shape::ArrowFile => Ok(Rows::Arrow(Box::new(Arrow::file(&raw.file(scratch)?)?))),
        Shape::ArrowStream => Ok(Rows::Arrow(Box::new(Arrow::stream(raw.stream())?))),
        Shape::Text | Shape::Gzip | Shape::Zstd => Err(io::ErrorKind::Unsupported.into()),
    }
}

/// What a column of Parquet holds: bytes without a type are texts there, as old writers have them.
fn kind_in_parquet(field: &Field) -> CellKind {
    match field.data_type() {
        DataType::Binary => CellKind::Text,
        _ => kind_of(field),
    }
}

fn unusual(file: u32, error: &io::Error) -> Unusual {
    Unusual { file, what: error.to_string() }
}

/// The columns asked for of a file; any number of threads read it side by side.
pub struct Layout {
    file: u32,
    columns: Vec<column::Asking>,
    /// Places in the file of the columns that are decoded.
    read: Vec<usize>,
    rows: Source,
}

enum Source {
    Parquet {
        parquet: Parquet,
        next: AtomicUsize,
    },
    /// The only row group, and the number of its next batch.
    Group(Mutex<(Batches, u64)>),
    Arrow(Mutex<Taking>),
}

struct Taking {
    arrow: Box<Arrow>,
    number: u64,
    rest: Option<RecordBatch>,
}

/// Some rows of the file.
#[derive(Default)]
pub struct Piece {
    /// Its place among the file's pieces, in the order of the file. Places may be missing.
    pub number: u64,
    group: Option<(u64, Batches)>,
    batch: Option<RecordBatch>,
    /// By column: cells that the file has not as text.
    texts: Vec<String>,
}

/// Memory that is used again from piece to piece: one for each thread.
#[derive(Default)]
pub struct Room {
    columns: Vec<Filled>,
}

impl Room {
    /// Takes back the memory of a batch that is no longer needed.
    pub fn back(&mut self, batch: Batch<'_>) {
        for (filled, column) in self.columns.iter_mut().zip(batch.columns) {
            match column {
                Column::Text(Cells { spans, .. }) => filled.spans = spans,
                Column::Code(codes) => filled.codes = codes,
                Column::Number(numbers) => filled.numbers = numbers,
                Column::Time(times) => filled.times = times,
                Column::Absent => {}
            }
        }
    }
}

impl Layout {
    /// Fills `piece` with the next rows; false when there are no more for this thread.
    ///
    /// # Errors
    /// Damage, or what the system says.
    pub fn next(&self, piece: &mut Piece) -> Result<bool, Unusual> {
        self.advance(piece).map_err(|error| unusual(self.file, &error))
    }

    fn advance(&self, piece: &mut Piece) -> io::Result<bool> {
        piece.batch = match &self.rows {
            Source::Parquet { parquet, next } => self.next_of_group(parquet, next, piece)?,
            Source::Group(taking) => {
                let mut taking = taking.lock().unwrap_or_else(PoisonError::into_inner);
                let (batches, number) = &mut *taking;
                piece.number = *number;
                *number += 1;
                batches.next().transpose()?
            }
            Source::Arrow(taking) => {
                let mut taking = taking.lock().unwrap_or_else(PoisonError::into_inner);
                let batch = taking.next()?;
                piece.number = taking.number;
                batch
            }
        };
        Ok(piece.batch.is_some())
    }

    fn next_of_group(
        &self,
        parquet: &Parquet,
        next: &AtomicUsize,
        piece: &mut Piece,
    ) -> io::Result<Option<RecordBatch>> {
        loop {
            if let Some((number, batches)) = &mut piece.group {
                if let Some(batch) = batches.next().transpose()? {
                    piece.number = *number;
                    *number += 1;
                    return Ok(Some(batch));
                }
                piece.group = None;
            }
            let group = next.fetch_add(1, Ordering::Relaxed);
            if group >= parquet.groups() {
                return Ok(None);
            }
            piece.group = Some(((group as u64) << 32, parquet.read(Some(vec![group]), &self.read)?));
        }
    }

    /// The rows of a piece as columns.
    ///
    /// # Errors
    /// What is unusual about a cell.
    pub fn parse<'p>(&self, piece: &'p mut Piece, room: &mut Room) -> Result<Batch<'p>, Unusual> {
        let odd = |what: String| Unusual { file: self.file, what };
        let Piece { batch, texts, .. } = piece;
        let rows = batch.as_ref().map_or(0, RecordBatch::num_rows);
        let Some(batch) = &*batch else {
            return Ok(Batch { file: self.file, rows, columns: vec![Column::Absent; self.columns.len()] });
        };
        room.columns.resize_with(self.columns.len(), Filled::default);
        texts.resize_with(self.columns.len(), String::new);
        for ((asking, filled), text) in self.columns.iter().zip(&mut room.columns).zip(texts.iter_mut()) {
            if let Some(place) = asking.place {
                asking.write(batch.column(place), text, &mut filled.spans).map_err(odd)?;
            }
        }
        let mut columns = Vec::with_capacity(self.columns.len());
        for ((asking, filled), text) in self.columns.iter().zip(&mut room.columns).zip(texts.iter()) {
            columns.push(match asking.place {
                Some(place) => asking.column(batch.column(place), text, filled).map_err(odd)?,
                None => Column::Absent,
            });
        }
        Ok(Batch { file: self.file, rows, columns })
    }
}

impl Taking {
    fn next(&mut self) -> io::Result<Option<RecordBatch>> {
        let Some(batch) = self.rest.take().map_or_else(|| self.arrow.next().transpose(), |rest| Ok(Some(rest)))? else {
            return Ok(None);
        };
        self.number += 1;
        if batch.num_rows() <= PIECE_ROWS {
            return Ok(Some(batch));
        }
        self.rest = Some(batch.slice(PIECE_ROWS, batch.num_rows() - PIECE_ROWS));
        Ok(Some(batch.slice(0, PIECE_ROWS)))
    }
}
