//! The till's Parquet: only the columns that are wanted, texts by their dictionaries, a row group at a time.

use crate::model::*;
use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal64Type, Int32Type, TimestampMillisecondType};
use arrow_array::{Array, ArrayRef, DictionaryArray, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use std::fs::File;
use std::sync::Arc;

const BATCH: usize = 16_384;

pub struct Groups {
    path: String,
    metadata: ArrowReaderMetadata,
    projection: ProjectionMask,
    full: bool,
    groups: usize,
}

impl Groups {
    pub fn open(path: &str, full: bool) -> Result<Self, String> {
        let wrong = |error: String| format!("{path}: {error}");
        let file = File::open(path).map_err(|error| wrong(error.to_string()))?;
        let found = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(|e| wrong(e.to_string()))?;
        // Texts are asked for as they lie in the file: places in a dictionary.
        let fields: Vec<Field> = found.schema().fields().iter().map(|field| hinted(field)).collect();
        let options = ArrowReaderOptions::new().with_schema(Arc::new(Schema::new(fields)));
        let metadata = ArrowReaderMetadata::load(&file, options).map_err(|error| wrong(error.to_string()))?;
        let mut wanted = vec!["id", "time", "type", "member", "amount", "category"];
        if full {
            wanted.extend(["qty", "sku", "ref", "line"]);
        }
        let projection = ProjectionMask::columns(metadata.metadata().file_metadata().schema_descr(), wanted);
        let groups = metadata.metadata().num_row_groups();
        Ok(Groups { path: path.to_owned(), metadata, projection, full, groups })
    }

    pub fn len(&self) -> usize {
        self.groups
    }

    /// Reads a row group into bins; the time of its last row as text.
    pub fn read(&self, group: usize, bins: &mut [Bin]) -> Result<Vec<u8>, String> {
        // A file of its own: clones of one would share their place in it.
        let file = File::open(&self.path).map_err(|error| error.to_string())?;
        let batches = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
            .with_row_groups(vec![group])
            .with_projection(self.projection.clone())
            .with_batch_size(BATCH)
            .build()
            .map_err(|error| error.to_string())?;
        let (mut current, mut time) = (None, 0);
        let mut known = Known::default();
        for batch in batches {
            let batch = batch.map_err(|error| error.to_string())?;
            self.rows(&batch, &mut known, &mut current, &mut time, bins)?;
        }
        if let Some((event, bin)) = current {
            bins[bin].events.push(event);
        }
        let (seconds, millis) = (time.div_euclid(1000), time.rem_euclid(1000));
        if millis != 0 {
            return Err("times of whole seconds are wanted".to_owned());
        }
        let ((year, month, day), second) = (date_of(seconds.div_euclid(86_400)), seconds.rem_euclid(86_400));
        let (hour, minute) = (second / 3600, second / 60 % 60);
        Ok(format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{:02}", second % 60).into_bytes())
    }

    fn rows(
        &self,
        batch: &RecordBatch,
        known: &mut Known,
        current: &mut Option<(Event, usize)>,
        last_time: &mut i64,
        bins: &mut [Bin],
    ) -> Result<(), String> {
        let column = |name: &str| batch.column_by_name(name).ok_or_else(|| format!("no column {name}"));
        let id = dictionary(column("id")?)?;
        known.ids.load(id, false)?;
        let member = dictionary(column("member")?)?;
        known.members.load(member, false)?;
        if id.null_count() + member.null_count() > 0 {
            return Err("an event has an id and a member for this program".to_owned());
        }
        let kinds = kinds(dictionary(column("type")?)?)?;
        let kind = dictionary(column("type")?)?.keys().values();
        let category = dictionary(column("category")?)?;
        let classes = classes(category)?;
        let time = column("time")?.as_primitive_opt::<TimestampMillisecondType>().ok_or("time is no timestamp")?;
        let times = time.values();
        let amount = column("amount")?.as_primitive_opt::<Decimal64Type>().ok_or("amount is no decimal")?;
        let more = if self.full { Some(More::of(batch, &mut known.skus, &mut known.references)?) } else { None };
        let (id, member) = (id.keys().values(), member.keys().values());
        for row in 0..batch.num_rows() {
            let own = known.ids.keys[id[row] as usize];
            if current.as_ref().is_none_or(|current| current.0.id != own) {
                if let Some((event, bin)) = current.take() {
                    bins[bin].events.push(event);
                }
                let kind = kinds[kind[row] as usize];
                if kind != Kind::Purchase && !self.full {
                    return Err("--purchases-only was promised".to_owned());
                }
                let key = known.members.keys[member[row] as usize];
                let seconds = times[row] / 1000;
                let reference = more.as_ref().filter(|_| kind != Kind::Purchase).map_or(0, |more| more.reference(row));
                let event = Event {
                    id: own,
                    member: key,
                    reference,
                    day: u16::try_from(seconds / 86_400).map_err(|_| "a date out of reach")?,
                    hour: (seconds / 3600 % 24) as u8,
                    kind,
                    lines: 0,
                    coffee: 0,
                    sums: [0; CLASSES],
                };
                *current = Some((event, bin_of(key, bins.len())));
            }
            let (event, bin) = current.as_mut().expect("set just above");
            let class = if category.is_null(row) { PLAIN } else { classes[category.keys().value(row) as usize] };
            let money = if amount.is_null(row) {
                NONE
            } else {
                u32::try_from(amount.value(row)).map_err(|_| "an amount this program does not read")?
            };
            if event.kind == Kind::Purchase {
                if money == NONE {
                    return Err("a purchase without an amount is not read by this program".to_owned());
                }
                event.sums[usize::from(class)] += money;
            }
            if let Some(more) = &more {
                let line = more.line(row, money, class);
                if class == COFFEE {
                    event.coffee += line.qty;
                }
                event.lines += 1;
                bins[*bin].lines.push(line);
            }
        }
        *last_time = times.last().copied().unwrap_or(*last_time);
        Ok(())
    }
}

fn hinted(field: &Field) -> Field {
    let kind = match field.data_type() {
        DataType::Utf8 => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
        DataType::Decimal128(precision, 2) => DataType::Decimal64(*precision, 2),
        other => other.clone(),
    };
    field.clone().with_data_type(kind)
}

fn dictionary(column: &ArrayRef) -> Result<&DictionaryArray<Int32Type>, String> {
    column.as_dictionary_opt::<Int32Type>().ok_or_else(|| "texts are wanted".to_owned())
}

/// The dictionaries of a row group.
#[derive(Default)]
struct Known {
    ids: Dictionary,
    members: Dictionary,
    skus: Dictionary,
    references: Dictionary,
}

/// A dictionary's texts as keys; those of the batch before are kept while its dictionary is the same.
#[derive(Default)]
struct Dictionary {
    values: Option<ArrayRef>,
    keys: Vec<u64>,
}

impl Dictionary {
    fn load(&mut self, array: &DictionaryArray<Int32Type>, cut: bool) -> Result<(), String> {
        let values = array.values();
        if self.values.as_ref().is_some_and(|known| Arc::ptr_eq(known, values)) {
            return Ok(());
        }
        self.keys = keys(values, cut)?;
        self.values = Some(values.clone());
        Ok(())
    }
}

fn keys(values: &ArrayRef, cut: bool) -> Result<Vec<u64>, String> {
    let texts = values.as_string_opt::<i32>().ok_or("texts are wanted")?;
    (0..texts.len())
        .map(|at| {
            let text = texts.value(at).as_bytes();
            key(if cut { &text[..text.len().min(8)] } else { text }).ok_or_else(|| "a key of up to 8 bytes".to_owned())
        })
        .collect()
}

fn kinds(array: &DictionaryArray<Int32Type>) -> Result<Vec<Kind>, String> {
    let texts = array.values().as_string_opt::<i32>().ok_or("texts are wanted")?;
    (0..texts.len())
        .map(|at| match texts.value(at) {
            "purchase" => Ok(Kind::Purchase),
            "return" => Ok(Kind::Return),
            "redeem" => Ok(Kind::Redeem),
            other => Err(format!("{other} is not read by this program")),
        })
        .collect()
}

fn classes(array: &DictionaryArray<Int32Type>) -> Result<Vec<u8>, String> {
    let texts = array.values().as_string_opt::<i32>().ok_or("texts are wanted")?;
    let class = |name: &str| NAMED.iter().find(|known| known.0 == name).map_or(PLAIN, |known| known.1);
    Ok((0..texts.len()).map(|at| class(texts.value(at))).collect())
}

/// The columns that only returns look at.
struct More<'b> {
    qty: &'b arrow_array::Int32Array,
    number: &'b arrow_array::Int32Array,
    sku: &'b DictionaryArray<Int32Type>,
    skus: &'b [u64],
    reference: &'b DictionaryArray<Int32Type>,
    references: &'b [u64],
}

impl<'b> More<'b> {
    fn of(batch: &'b RecordBatch, skus: &'b mut Dictionary, references: &'b mut Dictionary) -> Result<Self, String> {
        let column = |name: &str| batch.column_by_name(name).ok_or_else(|| format!("no column {name}"));
        let number = |name: &str| column(name)?.as_primitive_opt::<Int32Type>().ok_or(format!("{name}: numbers"));
        let (sku, reference) = (dictionary(column("sku")?)?, dictionary(column("ref")?)?);
        skus.load(sku, false)?;
        references.load(reference, true)?;
        Ok(More {
            qty: number("qty")?,
            number: number("line")?,
            sku,
            skus: &skus.keys,
            reference,
            references: &references.keys,
        })
    }

    fn reference(&self, row: usize) -> u64 {
        if self.reference.is_null(row) { 0 } else { self.references[self.reference.keys().value(row) as usize] }
    }

    fn line(&self, row: usize, amount: u32, class: u8) -> Line {
        let small = |array: &arrow_array::Int32Array| if array.is_null(row) { 0 } else { array.value(row) };
        let sku = if self.sku.is_null(row) { 0 } else { self.skus[self.sku.keys().value(row) as usize] };
        Line { sku, amount, qty: small(self.qty) as u16, class, number: small(self.number) as u8 }
    }
}
