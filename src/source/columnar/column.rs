//! One column of a batch of Arrow, as a batch's own column.

use crate::source::batch::{Cells, Column, NONE, Read, SCALE, Stamp};
use crate::source::cells::{self, Width, scaled};
use crate::source::csv::{number, tidy::tidy, time::Times};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, ArrowPrimitiveType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type,
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use arrow_array::{Array, ArrayRef, PrimitiveArray, StringArray};
use arrow_schema::{DataType, TimeUnit};
use rustc_hash::FxHashMap;

/// The first and the last day of the calendar.
const DAYS: std::ops::RangeInclusive<i64> = -719_162..=2_932_896;
const DAY_SECONDS: i64 = 86_400;
const DAY_MILLISECONDS: i64 = 86_400_000;

/// What a text is that is not in the list of a code.
const OTHER: u32 = 1;

/// Where text of one cell stands among that of all.
type Span = (u32, u32);

/// A column asked for.
pub(super) struct Asking {
    /// Its place among the columns that are decoded; none when the file has it not.
    pub(super) place: Option<usize>,
    read: Reading,
}

enum Reading {
    Text,
    Code(FxHashMap<Box<str>, u32>),
    /// With the decimals that floating point stands for.
    Number(Option<u32>),
    Time,
}

/// Memory of a column that is used again, and what is remembered of its last dictionary.
#[derive(Default)]
pub(super) struct Filled {
    pub(super) spans: Vec<Span>,
    pub(super) codes: Vec<u32>,
    pub(super) numbers: Vec<i64>,
    pub(super) times: Vec<Stamp>,
    known: Option<Known>,
}

/// What the values of a dictionary are: looked at once, however many rows and batches refer to it.
struct Known {
    values: ArrayRef,
    spans: Vec<Span>,
    codes: Vec<u32>,
    numbers: Vec<i64>,
    times: Vec<Stamp>,
}

impl Asking {
    pub(super) fn new(read: &Read, place: Option<usize>, floats: Option<u32>) -> Self {
        let read = match read {
            Read::Text => Reading::Text,
            Read::Code(words) => Reading::Code(codes_of(words)),
            Read::Number => Reading::Number(floats),
            Read::Time => Reading::Time,
        };
        Self { place, read }
    }

    /// Cells that the array has not as text, written one after the other: numbers that are names, truths.
    pub(super) fn write(&self, array: &dyn Array, text: &mut String, spans: &mut Vec<Span>) -> Result<(), String> {
        text.clear();
        spans.clear();
        if !matches!(self.read, Reading::Text | Reading::Code(_)) || is_one_text(array.data_type()) {
            return Ok(());
        }
        if !cells::is_written(array.data_type()) {
            return Err(format!("cells of the type {}", array.data_type()));
        }
        for row in 0..array.len() {
            let from = text.len();
            match array.data_type() {
                DataType::Int64 => whole::<Int64Type>(array, row, text),
                DataType::Int32 => whole::<Int32Type>(array, row, text),
                DataType::Int16 => whole::<Int16Type>(array, row, text),
                _ => {
                    cells::write(array, row, None, text);
                }
            }
            let cell = tidy(&text.as_bytes()[from..])?;
            let length = cell.len();
            // Blanks at the edges of a cell are none of it.
            let lead = text[from..].len() - text[from..].trim_start().len();
            spans.push(span(from + lead, from + lead + length)?);
        }
        Ok(())
    }

    /// The column; `text` is what [`Self::write`] wrote.
    pub(super) fn column<'p>(
        &self,
        array: &'p ArrayRef,
        text: &'p str,
        filled: &mut Filled,
    ) -> Result<Column<'p>, String> {
        let written = !is_one_text(array.data_type());
        match &self.read {
            Reading::Text if written => Ok(Column::Text(Cells { text, spans: std::mem::take(&mut filled.spans) })),
            Reading::Text => texts(array, filled),
            Reading::Code(words) if written => {
                let mut codes = cleared(&mut filled.codes);
                codes.extend(filled.spans.iter().map(|span| code(words, text, *span)));
                Ok(Column::Code(codes))
            }
            Reading::Code(words) => codes(array, words, filled),
            Reading::Number(floats) => numbers(array, *floats, filled),
            Reading::Time => times(array, filled),
        }
    }
}

fn codes_of(words: &[String]) -> FxHashMap<Box<str>, u32> {
    let mut codes = FxHashMap::default();
    for (at, word) in words.iter().enumerate() {
        codes.entry(word.as_str().into()).or_insert(u32::try_from(at + 2).unwrap_or(OTHER));
    }
    codes
}

/// Whether all cells of such an array are slices of one text.
fn is_one_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Utf8 => true,
        DataType::Dictionary(_, values) => values.as_ref() == &DataType::Utf8,
        _ => false,
    }
}

fn span(from: usize, to: usize) -> Result<Span, String> {
    let place = |at: usize| u32::try_from(at).map_err(|_| "four gigabytes of text in one batch".to_owned());
    Ok((place(from)?, place(to)?))
}

fn whole<T: ArrowPrimitiveType<Native: Into<i64>>>(array: &dyn Array, row: usize, text: &mut String) {
    let numbers: &PrimitiveArray<T> = array.as_primitive();
    if numbers.is_null(row) {
        return;
    }
    let number: i64 = numbers.value(row).into();
    let mut digits = [0; 20];
    let (mut at, mut rest) = (digits.len(), number.unsigned_abs());
    loop {
        at -= 1;
        digits[at] = b'0' + u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        text.push('-');
    }
    text.push_str(std::str::from_utf8(&digits[at..]).unwrap_or_default());
}

fn cleared<T>(memory: &mut Vec<T>) -> Vec<T> {
    let mut memory = std::mem::take(memory);
    memory.clear();
    memory
}

fn code(words: &FxHashMap<Box<str>, u32>, text: &str, (from, to): Span) -> u32 {
    match &text[from as usize..to as usize] {
        "" => 0,
        cell => words.get(cell).copied().unwrap_or(OTHER),
    }
}

/// The text that all cells of an array are slices of.
fn one_text(strings: &StringArray) -> Result<&str, String> {
    let offsets = strings.value_offsets();
    let place = |at: Option<&i32>| at.and_then(|at| usize::try_from(*at).ok()).unwrap_or(0);
    let bytes = strings.value_data().get(place(offsets.first())..place(offsets.last())).unwrap_or_default();
    std::str::from_utf8(bytes).map_err(|_| "text that is no UTF-8".to_owned())
}

/// Where the cells of an array stand in its text, blanks at their edges cut off.
fn spans(strings: &StringArray, spans: &mut Vec<Span>) -> Result<(), String> {
    let text = one_text(strings)?;
    let offsets = strings.value_offsets();
    let base = offsets.first().copied().unwrap_or(0);
    let wide = !text.is_ascii();
    spans.reserve(strings.len());
    for row in 0..strings.len() {
        let (from, to) = (offsets[row].abs_diff(base), offsets[row + 1].abs_diff(base));
        if from == to || strings.is_null(row) {
            spans.push((0, 0));
            continue;
        }
        let bytes = text.as_bytes();
        let edges = bytes[from as usize] <= b' ' || bytes[to as usize - 1] <= b' ';
        if !edges && !wide {
            spans.push((from, to));
            continue;
        }
        let cell = &text[from as usize..to as usize];
        let tidy = tidy(cell.as_bytes())?;
        let lead = cell.len() - cell.trim_start().len();
        spans.push(span(from as usize + lead, from as usize + lead + tidy.len())?);
    }
    Ok(())
}

fn texts<'p>(array: &'p ArrayRef, filled: &mut Filled) -> Result<Column<'p>, String> {
    let mut found = cleared(&mut filled.spans);
    if let Some(strings) = array.as_string_opt::<i32>() {
        spans(strings, &mut found)?;
        return Ok(Column::Text(Cells { text: one_text(strings)?, spans: found }));
    }
    let values = array.as_any_dictionary().values();
    let known = known(filled, values, |known| spans(values.as_string(), &mut known.spans))?;
    each_key(array, |key| found.push(key.and_then(|key| known.spans.get(key)).copied().unwrap_or((0, 0))));
    Ok(Column::Text(Cells { text: one_text(values.as_string())?, spans: found }))
}

fn codes<'p>(array: &ArrayRef, words: &FxHashMap<Box<str>, u32>, filled: &mut Filled) -> Result<Column<'p>, String> {
    let mut found = cleared(&mut filled.codes);
    let of = |strings: &StringArray, spans_of: &mut Vec<Span>, codes: &mut Vec<u32>| -> Result<(), String> {
        spans_of.clear();
        spans(strings, spans_of)?;
        let text = one_text(strings)?;
        codes.extend(spans_of.iter().map(|span| code(words, text, *span)));
        Ok(())
    };
    if let Some(strings) = array.as_string_opt::<i32>() {
        of(strings, &mut filled.spans, &mut found)?;
        return Ok(Column::Code(found));
    }
    let values = array.as_any_dictionary().values();
    let known = known(filled, values, |known| of(values.as_string(), &mut known.spans, &mut known.codes))?;
    each_key(array, |key| found.push(key.and_then(|key| known.codes.get(key)).copied().unwrap_or(0)));
    Ok(Column::Code(found))
}

fn numbers<'p>(array: &ArrayRef, floats: Option<u32>, filled: &mut Filled) -> Result<Column<'p>, String> {
    let mut found = cleared(&mut filled.numbers);
    if let Some(dictionary) = array.as_any_dictionary_opt() {
        let values = dictionary.values();
        let known = known(filled, values, |known| plain_numbers(values, floats, &mut known.numbers))?;
        each_key(array, |key| found.push(key.and_then(|key| known.numbers.get(key)).copied().unwrap_or(NONE)));
    } else {
        plain_numbers(array, floats, &mut found)?;
    }
    Ok(Column::Number(found))
}

fn times<'p>(array: &ArrayRef, filled: &mut Filled) -> Result<Column<'p>, String> {
    let mut found = cleared(&mut filled.times);
    if let Some(dictionary) = array.as_any_dictionary_opt() {
        let values = dictionary.values();
        let known = known(filled, values, |known| plain_times(values, &mut known.times))?;
        let mut missing = false;
        each_key(array, |key| match key.and_then(|key| known.times.get(key)) {
            Some(time) => found.push(*time),
            None => missing = true,
        });
        if missing {
            return Err("an empty time".to_owned());
        }
    } else {
        plain_times(array, &mut found)?;
    }
    Ok(Column::Time(found))
}

/// What is known of a dictionary's values, or what `look` finds of them.
fn known<'f>(
    filled: &'f mut Filled,
    values: &ArrayRef,
    look: impl FnOnce(&mut Known) -> Result<(), String>,
) -> Result<&'f Known, String> {
    let same = filled.known.as_ref().is_some_and(|known| std::sync::Arc::ptr_eq(&known.values, values));
    if !same {
        let (spans, codes, numbers, times) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut known = Known { values: std::sync::Arc::clone(values), spans, codes, numbers, times };
        filled.known = None;
        look(&mut known)?;
        filled.known = Some(known);
    }
    filled.known.as_ref().ok_or_else(|| "a dictionary".to_owned())
}

/// The places in its dictionary that an array's rows name; none for an empty cell.
fn each_key(array: &ArrayRef, take: impl FnMut(Option<usize>)) {
    fn of<K: ArrowDictionaryKeyType<Native: TryInto<usize>>>(keys: &dyn Array, mut take: impl FnMut(Option<usize>)) {
        let keys: &PrimitiveArray<K> = keys.as_primitive();
        if keys.null_count() == 0 {
            keys.values().iter().for_each(|key| take((*key).try_into().ok()));
        } else {
            keys.iter().for_each(|key| take(key.and_then(|key| key.try_into().ok())));
        }
    }
    let keys = array.as_any_dictionary().keys();
    match keys.data_type() {
        DataType::Int8 => of::<Int8Type>(keys, take),
        DataType::Int16 => of::<Int16Type>(keys, take),
        DataType::Int32 => of::<Int32Type>(keys, take),
        DataType::Int64 => of::<Int64Type>(keys, take),
        DataType::UInt8 => of::<UInt8Type>(keys, take),
        DataType::UInt16 => of::<UInt16Type>(keys, take),
        DataType::UInt32 => of::<UInt32Type>(keys, take),
        // Arrow has no keys of other types.
        _ => of::<UInt64Type>(keys, take),
    }
}

/// The cells of an array, each through `read`; `none` for an empty one.
fn each<T: ArrowPrimitiveType, R: Copy>(
    array: &dyn Array,
    none: Option<R>,
    found: &mut Vec<R>,
    odd: &str,
    read: impl Fn(T::Native) -> Option<R>,
) -> Result<(), String> {
    let array: &PrimitiveArray<T> = array.as_primitive();
    found.reserve(array.len());
    if array.null_count() == 0 {
        for value in array.values() {
            found.push(read(*value).ok_or(odd)?);
        }
    } else {
        for value in array {
            found.push(value.map_or(none, &read).ok_or(odd)?);
        }
    }
    Ok(())
}

fn plain_numbers(array: &dyn Array, floats: Option<u32>, found: &mut Vec<i64>) -> Result<(), String> {
    const ODD: &str = "a number with more than four decimals, or too large";
    fn wholes<T: ArrowPrimitiveType<Native: TryInto<i64>>>(
        array: &dyn Array,
        found: &mut Vec<i64>,
    ) -> Result<(), String> {
        each::<T, i64>(array, Some(NONE), found, ODD, |value| value.try_into().ok()?.checked_mul(SCALE))
    }
    fn decimals<T: ArrowPrimitiveType<Native: TryInto<i64>>>(
        array: &dyn Array,
        scale: i8,
        found: &mut Vec<i64>,
    ) -> Result<(), String> {
        let scale = Scale::new(i32::from(scale)).ok_or(ODD)?;
        each::<T, i64>(array, Some(NONE), found, ODD, |value| scale.apply(value.try_into().ok()?))
    }
    match array.data_type() {
        DataType::Int8 => wholes::<Int8Type>(array, found),
        DataType::Int16 => wholes::<Int16Type>(array, found),
        DataType::Int32 => wholes::<Int32Type>(array, found),
        DataType::Int64 => wholes::<Int64Type>(array, found),
        DataType::UInt8 => wholes::<UInt8Type>(array, found),
        DataType::UInt16 => wholes::<UInt16Type>(array, found),
        DataType::UInt32 => wholes::<UInt32Type>(array, found),
        DataType::UInt64 => wholes::<UInt64Type>(array, found),
        DataType::Decimal32(_, scale) => decimals::<Decimal32Type>(array, *scale, found),
        DataType::Decimal64(_, scale) => decimals::<Decimal64Type>(array, *scale, found),
        DataType::Decimal128(_, scale) => decimals::<Decimal128Type>(array, *scale, found),
        DataType::Float64 => floating::<Float64Type>(array, Width::Double, floats, found),
        DataType::Float32 => floating::<Float32Type>(array, Width::Single, floats, found),
        DataType::Utf8 => written(array, found, NONE, |room, to| number::read(room, MARGIN, to)),
        other => Err(format!("numbers of the type {other}")),
    }
}

/// How a number of so many decimals becomes one of ten-thousandths.
#[derive(Clone, Copy)]
enum Scale {
    Times(i64),
    Over(i64),
}

impl Scale {
    fn new(decimals: i32) -> Option<Self> {
        let apart = decimals.abs_diff(4);
        let factor = 10_i64.checked_pow(apart)?;
        Some(if decimals <= 4 { Self::Times(factor) } else { Self::Over(factor) })
    }

    #[inline]
    fn apply(self, value: i64) -> Option<i64> {
        let scaled = match self {
            Self::Times(factor) => value.checked_mul(factor)?,
            Self::Over(factor) => (value % factor == 0).then_some(value / factor)?,
        };
        (scaled != NONE).then_some(scaled)
    }
}

fn floating<T: ArrowPrimitiveType<Native: Into<f64>>>(
    array: &dyn Array,
    width: Width,
    decimals: Option<u32>,
    found: &mut Vec<i64>,
) -> Result<(), String> {
    const ODD: &str = "floating point that stands for no number";
    let decimals = decimals.ok_or(ODD)?;
    let scale = i32::try_from(decimals).ok().and_then(Scale::new).ok_or(ODD)?;
    each::<T, i64>(array, Some(NONE), found, ODD, |value| scale.apply(scaled(value.into(), width, decimals)?))
}

fn plain_times(array: &dyn Array, found: &mut Vec<Stamp>) -> Result<(), String> {
    const ODD: &str = "an empty time, or one outside the calendar";
    let day = |days: i64| DAYS.contains(&days).then(|| i32::try_from(days).ok().map(Stamp::Day)).flatten();
    match array.data_type() {
        DataType::Date32 => each::<Date32Type, _>(array, None, found, ODD, |days| day(i64::from(days))),
        DataType::Date64 => {
            each::<Date64Type, _>(array, None, found, ODD, |time| day(time.div_euclid(DAY_MILLISECONDS)))
        }
        DataType::Timestamp(unit, zone) => {
            let exact = zone.is_some();
            match unit {
                TimeUnit::Second => stamps::<TimestampSecondType, 1>(array, exact, found),
                TimeUnit::Millisecond => stamps::<TimestampMillisecondType, 1000>(array, exact, found),
                TimeUnit::Microsecond => stamps::<TimestampMicrosecondType, 1_000_000>(array, exact, found),
                TimeUnit::Nanosecond => stamps::<TimestampNanosecondType, 1_000_000_000>(array, exact, found),
            }
        }
        DataType::Utf8 => {
            let mut times = Times::default();
            let empty = || ODD.to_owned();
            let mut read = |room: &[u8], to: usize| match to > MARGIN {
                true => times.read(room, MARGIN, to),
                false => Err(empty()),
            };
            each_written(array.as_string(), |room, to| read(room, to).map(|time| found.push(time)))
        }
        other => Err(format!("times of the type {other}")),
    }
}

/// Moments of so many ticks a second; a part of a second is more than the columns hold.
fn stamps<T: ArrowPrimitiveType<Native = i64>, const A_SECOND: i64>(
    array: &dyn Array,
    exact: bool,
    found: &mut Vec<Stamp>,
) -> Result<(), String> {
    const ODD: &str = "an empty time, a part of a second, or a time outside the calendar";
    // The last day of the calendar may lie behind it elsewhere.
    let days = if exact { DAYS.start() + 366..DAYS.end() - 366 } else { *DAYS.start()..DAYS.end() + 1 };
    let (first, last) = (days.start * DAY_SECONDS, days.end * DAY_SECONDS);
    each::<T, _>(array, None, found, ODD, |ticks| {
        let seconds = ticks.div_euclid(A_SECOND);
        let plain = seconds * A_SECOND == ticks && first <= seconds && seconds < last;
        plain.then_some(if exact { Stamp::Exact(seconds) } else { Stamp::Local(seconds) })
    })
}

/// Blanks before and behind a cell that is read eight bytes at a time.
const MARGIN: usize = 16;
const ROOM: usize = 96;

fn written<T>(
    array: &dyn Array,
    found: &mut Vec<T>,
    none: T,
    read: impl Fn(&[u8], usize) -> Result<T, String>,
) -> Result<(), String>
where
    T: Copy,
{
    each_written(array.as_string(), |room, to| {
        found.push(if to == MARGIN { none } else { read(room, to)? });
        Ok(())
    })
}

/// The cells of an array of texts, each in a room with blanks around it, and where it ends there.
fn each_written(strings: &StringArray, mut read: impl FnMut(&[u8], usize) -> Result<(), String>) -> Result<(), String> {
    let mut room = [b' '; ROOM];
    for cell in strings {
        let cell = cell.unwrap_or("").trim();
        let to = MARGIN + cell.len();
        if to + MARGIN > ROOM {
            return Err("a long text where a number or time is asked for".to_owned());
        }
        room[MARGIN..to].copy_from_slice(cell.as_bytes());
        room[to..].fill(b' ');
        read(&room, to)?;
    }
    Ok(())
}
