//! Cells of typed columns as texts: exact, in our own forms of dates and numbers.

use super::shape::{Damaged, Shape};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type,
    DecimalType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, Time32MillisecondType,
    Time32SecondType, Time64MicrosecondType, Time64NanosecondType, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, PrimitiveArray, RecordBatch};
use arrow_schema::{DataType, Field, TimeUnit};
use jiff::{Timestamp, civil::Date, tz::Offset};
use std::fmt::{Display, Write};
use std::io;

/// What the cells of a column are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CellKind {
    /// Texts: they may hold dates or numbers in any form.
    Text,
    /// Exact numbers.
    Number,
    /// Floating point.
    Float,
    /// Days, or moments.
    Time,
    /// Times of day.
    Clock,
    /// Something that no cell of a table holds; what, for people.
    Odd(String),
}

impl CellKind {
    /// Whether the type itself says how the cell is read, so that no form of the user's does.
    pub fn is_typed(&self) -> bool {
        match self {
            Self::Number | Self::Float | Self::Time | Self::Clock => true,
            Self::Text | Self::Odd(_) => false,
        }
    }
}

const DAY_MILLISECONDS: i64 = 86_400_000;
const UUID: &str = "arrow.uuid";

/// What the cells of a column are.
pub fn kind_of(field: &Field) -> CellKind {
    let uuid = field.metadata().get("ARROW:extension:name").is_some_and(|name| name == UUID);
    match field.data_type() {
        DataType::FixedSizeBinary(16) if uuid => CellKind::Text,
        other => kind_of_type(other),
    }
}

fn kind_of_type(data_type: &DataType) -> CellKind {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Boolean | DataType::Null => {
            CellKind::Text
        }
        whole if whole.is_integer() => CellKind::Number,
        DataType::Decimal32(..) | DataType::Decimal64(..) | DataType::Decimal128(..) | DataType::Decimal256(..) => {
            CellKind::Number
        }
        DataType::Float32 | DataType::Float64 => CellKind::Float,
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => CellKind::Time,
        DataType::Time32(_) | DataType::Time64(_) => CellKind::Clock,
        DataType::Dictionary(_, values) => kind_of_type(values),
        DataType::List(_)
        | DataType::LargeList(_)
        | DataType::ListView(_)
        | DataType::LargeListView(_)
        | DataType::FixedSizeList(..) => CellKind::Odd("lists".to_owned()),
        DataType::Struct(_) | DataType::Map(..) | DataType::Union(..) => CellKind::Odd("records".to_owned()),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => {
            CellKind::Odd("bytes that are no text".to_owned())
        }
        other => CellKind::Odd(format!("of the type {other}")),
    }
}

/// No cell is longer, as no row of a CSV file is: a text of a few bytes may stand for gigabytes in a packed file.
const LONGEST_CELL: usize = 1_000_000;

/// Whether all texts of a batch are such as a table holds.
///
/// # Errors
/// [`Damaged`].
pub(super) fn check_cells(shape: Shape, batch: &RecordBatch) -> io::Result<()> {
    let schema = batch.schema();
    match batch.columns().iter().zip(schema.fields()).find(|(column, _)| longest(column.as_ref()) > LONGEST_CELL) {
        Some((_, field)) => {
            let words = format!("a cell of the column {} is longer than a million bytes", field.name());
            Err(Damaged::error(shape, words))
        }
        None => Ok(()),
    }
}

/// How many bytes the longest text of an array has.
fn longest(array: &dyn Array) -> usize {
    match array.data_type() {
        DataType::Utf8 => longest_between(array.as_string::<i32>().value_offsets()),
        DataType::LargeUtf8 => longest_between(array.as_string::<i64>().value_offsets()),
        DataType::Utf8View => array.as_string_view().lengths().max().map_or(0, |length| length as usize),
        DataType::Dictionary(..) => longest(array.as_any_dictionary().values().as_ref()),
        // Others have cells of one length, or are not read.
        _ => 0,
    }
}

fn longest_between<O: Copy + std::ops::Sub<Output = O> + TryInto<usize>>(offsets: &[O]) -> usize {
    offsets.windows(2).map(|ends| (ends[1] - ends[0]).try_into().unwrap_or(usize::MAX)).max().unwrap_or(0)
}

/// Whether [`write`] knows the cells of such an array; others it would take for empty ones.
pub fn is_written(data_type: &DataType) -> bool {
    match data_type {
        DataType::FixedSizeBinary(16) => true,
        other => !matches!(kind_of_type(other), CellKind::Odd(_)),
    }
}

/// Writes a cell behind `out`; nothing for one that is empty. False: a floating point that is not the number
/// of `decimals` that it was said to stand for.
pub fn write(array: &dyn Array, row: usize, decimals: Option<u32>, out: &mut String) -> bool {
    if array.is_null(row) {
        return true;
    }
    match array.data_type() {
        DataType::Utf8 => out.push_str(array.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => out.push_str(array.as_string::<i64>().value(row)),
        DataType::Utf8View => out.push_str(array.as_string_view().value(row)),
        DataType::Boolean => out.push_str(if array.as_boolean().value(row) { "true" } else { "false" }),
        DataType::FixedSizeBinary(16) => uuid(array.as_fixed_size_binary().value(row), out),
        DataType::Int8 => whole::<Int8Type>(array, row, out),
        DataType::Int16 => whole::<Int16Type>(array, row, out),
        DataType::Int32 => whole::<Int32Type>(array, row, out),
        DataType::Int64 => whole::<Int64Type>(array, row, out),
        DataType::UInt8 => whole::<UInt8Type>(array, row, out),
        DataType::UInt16 => whole::<UInt16Type>(array, row, out),
        DataType::UInt32 => whole::<UInt32Type>(array, row, out),
        DataType::UInt64 => whole::<UInt64Type>(array, row, out),
        DataType::Decimal32(..) => decimal::<Decimal32Type>(array, row, out),
        DataType::Decimal64(..) => decimal::<Decimal64Type>(array, row, out),
        DataType::Decimal128(..) => decimal::<Decimal128Type>(array, row, out),
        DataType::Decimal256(..) => decimal::<Decimal256Type>(array, row, out),
        DataType::Float32 => return float(value::<Float32Type>(array, row).into(), Width::Single, decimals, out),
        DataType::Float64 => return float(value::<Float64Type>(array, row), Width::Double, decimals, out),
        DataType::Date32 => day(value::<Date32Type>(array, row).into(), out),
        DataType::Date64 => day(value::<Date64Type>(array, row).div_euclid(DAY_MILLISECONDS), out),
        DataType::Timestamp(unit, zone) => moment(array, row, *unit, zone.is_some(), out),
        DataType::Time32(TimeUnit::Second) => clock(value::<Time32SecondType>(array, row).into(), 1, out),
        DataType::Time32(_) => clock(value::<Time32MillisecondType>(array, row).into(), 1000, out),
        DataType::Time64(TimeUnit::Microsecond) => clock(value::<Time64MicrosecondType>(array, row), 1_000_000, out),
        DataType::Time64(_) => clock(value::<Time64NanosecondType>(array, row), 1_000_000_000, out),
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            if let Some(at) = place(dictionary.keys(), row) {
                return write(dictionary.values(), at, decimals, out);
            }
        }
        // No column of another type is asked for (`kind_of`).
        _ => {}
    }
    true
}

fn value<T: ArrowPrimitiveType>(array: &dyn Array, row: usize) -> T::Native {
    let array: &PrimitiveArray<T> = array.as_primitive();
    array.value(row)
}

fn whole<T: ArrowPrimitiveType<Native: Display>>(array: &dyn Array, row: usize, out: &mut String) {
    push(out, format_args!("{}", value::<T>(array, row)));
}

fn decimal<T: DecimalType>(array: &dyn Array, row: usize, out: &mut String) {
    let array: &PrimitiveArray<T> = array.as_primitive();
    out.push_str(&array.value_as_string(row));
}

/// A place in a dictionary's values.
fn place(keys: &dyn Array, row: usize) -> Option<usize> {
    fn of<T: ArrowPrimitiveType<Native: TryInto<usize>>>(keys: &dyn Array, row: usize) -> Option<usize> {
        value::<T>(keys, row).try_into().ok()
    }
    match keys.data_type() {
        DataType::Int8 => of::<Int8Type>(keys, row),
        DataType::Int16 => of::<Int16Type>(keys, row),
        DataType::Int32 => of::<Int32Type>(keys, row),
        DataType::Int64 => of::<Int64Type>(keys, row),
        DataType::UInt8 => of::<UInt8Type>(keys, row),
        DataType::UInt16 => of::<UInt16Type>(keys, row),
        DataType::UInt32 => of::<UInt32Type>(keys, row),
        DataType::UInt64 => of::<UInt64Type>(keys, row),
        _ => None,
    }
}

fn uuid(bytes: &[u8], out: &mut String) {
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            out.push('-');
        }
        push(out, format_args!("{byte:02x}"));
    }
}

/// How wide a floating point is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Width {
    /// 32 bits.
    Single,
    /// 64 bits.
    Double,
}

/// A floating point that stands for a number of `decimals` is written as that number. Where none are said, it is
/// a name, such as the number of a customer in a column that also has empty cells: nothing for NaN, which is
/// how an empty cell is kept there.
fn float(value: f64, width: Width, decimals: Option<u32>, out: &mut String) -> bool {
    let Some(decimals) = decimals else {
        if !value.is_nan() {
            plain(value, width, out);
        }
        return true;
    };
    if let Some(scaled) = scaled(value, width, decimals) {
        fixed(scaled, decimals, out);
        return true;
    }
    plain(value, width, out);
    // What is no number at all is found by whoever reads numbers.
    !value.is_finite()
}

/// The shortest decimal that gives this floating point.
fn plain(value: f64, width: Width, out: &mut String) {
    #[expect(clippy::cast_possible_truncation, reason = "it came from one")]
    match width {
        Width::Double => push(out, format_args!("{value}")),
        Width::Single => push(out, format_args!("{}", value as f32)),
    }
}

/// The whole number of units of the last of `decimals` that a floating point stands for: the number nearest to
/// it is that one, or it lies within a millionth of such a unit, as sums of such numbers do.
pub(super) fn scaled(value: f64, width: Width, decimals: u32) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    const SLACK: f64 = 1e-6;
    let scale = 10_f64.powi(i32::try_from(decimals).ok()?);
    let units = (value * scale).round();
    if !units.is_finite() || units.abs() >= EXACT {
        return None;
    }
    let back = units / scale;
    #[expect(clippy::float_cmp, reason = "the nearest floating point is exactly this one, or it is not")]
    #[expect(clippy::cast_possible_truncation, reason = "rounded to the width that the value has")]
    let stands = match width {
        Width::Double => back == value || (value * scale - units).abs() <= SLACK,
        Width::Single => back as f32 == value as f32,
    };
    #[expect(clippy::cast_possible_truncation, reason = "whole, and below 2^53")]
    stands.then_some(units as i64)
}

/// A whole number of units of the last of `decimals`, as a number.
fn fixed(units: i64, decimals: u32, out: &mut String) {
    if units < 0 {
        out.push('-');
    }
    let scale = 10_u64.pow(decimals.min(18));
    push(out, format_args!("{}", units.unsigned_abs() / scale));
    if decimals > 0 {
        let width = decimals as usize;
        push(out, format_args!(".{:0width$}", units.unsigned_abs() % scale));
    }
}

/// `2026-02-03`; a day that no calendar has is written as its number, which is then found to be no day.
fn day(days: i64, out: &mut String) {
    let seconds = days.checked_mul(86_400);
    match seconds.and_then(|seconds| Timestamp::from_second(seconds).ok()) {
        Some(moment) => push(out, format_args!("{}", date_of(moment))),
        None => push(out, format_args!("{days}")),
    }
}

fn date_of(moment: Timestamp) -> Date {
    Offset::UTC.to_datetime(moment).date()
}

/// `2026-02-03T15:10:07`, with the part of a second if there is one, and `Z` where the type has a zone: then it
/// is a moment of the world, else what a wall clock showed.
fn moment(array: &dyn Array, row: usize, unit: TimeUnit, exact: bool, out: &mut String) {
    let (ticks, per_second) = match unit {
        TimeUnit::Second => (value::<TimestampSecondType>(array, row), 1),
        TimeUnit::Millisecond => (value::<TimestampMillisecondType>(array, row), 1000),
        TimeUnit::Microsecond => (value::<TimestampMicrosecondType>(array, row), 1_000_000),
        TimeUnit::Nanosecond => (value::<TimestampNanosecondType>(array, row), 1_000_000_000),
    };
    match Timestamp::from_second(ticks.div_euclid(per_second)) {
        Ok(moment) => {
            push(out, format_args!("{}T", date_of(moment)));
            clock(moment.as_second().rem_euclid(86_400) * per_second + ticks.rem_euclid(per_second), per_second, out);
            out.push_str(if exact { "Z" } else { "" });
        }
        Err(_) => push(out, format_args!("{ticks}")),
    }
}

/// `15:10:07`, with the part of a second if there is one.
fn clock(ticks: i64, per_second: i64, out: &mut String) {
    let (seconds, part) = (ticks.div_euclid(per_second), ticks.rem_euclid(per_second));
    push(out, format_args!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60));
    if part > 0 {
        let nanoseconds = part * (1_000_000_000 / per_second);
        push(out, format_args!(".{nanoseconds:09}"));
        out.truncate(out.trim_end_matches('0').len());
    }
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a string takes all");
}
