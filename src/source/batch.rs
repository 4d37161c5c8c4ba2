//! Rows in columns: what every format is read into.

use std::fmt;

/// Numbers are whole numbers of a ten-thousandth.
pub const SCALE: i64 = 10_000;

/// An empty cell of a number, or of a time.
pub const NONE: i64 = i64::MIN;

/// A column that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Its name in the file.
    pub name: String,
    /// What its cells are read as.
    pub read: Read,
    /// Whether a file without it is read all the same, as if its cells were empty.
    pub optional: bool,
}

/// What the cells of a column are read as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// Texts.
    Text,
    /// The place of the text in this list plus two; 1 for any other text, 0 for an empty cell.
    Code(Vec<String>),
    /// A number scaled by [`SCALE`].
    Number,
    /// `2026-02-03`, `2026-02-03 15:10[:07]` (or with `T`), or with an offset behind it.
    Time,
}

/// Cells of one column, one for each row of the batch.
#[derive(Debug, Clone)]
pub enum Column<'b> {
    /// Texts: each a slice of the batch's own text.
    Text(Cells<'b>),
    /// Codes.
    Code(Vec<u32>),
    /// Scaled numbers; [`NONE`] where the cell is empty.
    Number(Vec<i64>),
    /// Times.
    Time(Vec<Stamp>),
    /// The file has no such column, and it is optional: every cell is empty.
    Absent,
}

/// Text cells.
#[derive(Debug, Clone)]
pub struct Cells<'b> {
    /// What they are slices of.
    pub text: &'b str,
    /// From where to where, in bytes.
    pub spans: Vec<(u32, u32)>,
}

impl<'b> Cells<'b> {
    /// The cell of a row.
    pub fn get(&self, row: usize) -> &'b str {
        let (from, to) = self.spans[row];
        &self.text[from as usize..to as usize]
    }

    /// The bytes of a row's cell.
    pub fn bytes(&self, row: usize) -> &'b [u8] {
        let (from, to) = self.spans[row];
        &self.text.as_bytes()[from as usize..to as usize]
    }

    /// Whether a row's cell says the same as that of the row before.
    #[inline]
    pub fn repeats(&self, row: usize) -> bool {
        let Some(before) = row.checked_sub(1) else { return false };
        let ((a, a_end), (b, b_end)) = (self.spans[before], self.spans[row]);
        if (a, a_end) == (b, b_end) {
            return true;
        }
        let length = a_end.wrapping_sub(a);
        if length != b_end.wrapping_sub(b) {
            return false;
        }
        // Most cells are short: one word of sixteen bytes says it all.
        let bytes = self.text.as_bytes();
        let word = |at: u32| Some(u128::from_le_bytes(*bytes.get(at as usize..)?.first_chunk::<16>()?));
        let kept = match length {
            0 => return true,
            1..=16 => u128::MAX >> (128 - 8 * length),
            _ => return self.bytes(before) == self.bytes(row),
        };
        let differ = word(a).zip(word(b)).map(|(a, b)| (a ^ b) & kept);
        differ.map_or_else(|| self.bytes(before) == self.bytes(row), |differ| differ == 0)
    }
}

/// A time as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stamp {
    /// A day: days since 1970-01-01.
    Day(i32),
    /// A day and a local time: seconds since 1970-01-01 00:00 on that wall clock.
    Local(i64),
    /// An exact moment: seconds of Unix time.
    Exact(i64),
}

/// Some rows of one file.
#[derive(Debug, Clone)]
pub struct Batch<'b> {
    /// Which file, by its place in the list of inputs.
    pub file: u32,
    /// How many rows.
    pub rows: usize,
    /// The columns, in the order they were asked for.
    pub columns: Vec<Column<'b>>,
}

/// Something that the fast way of reading does not take; the plain way says what is wrong, or copes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unusual {
    /// Which file, by its place in the list of inputs.
    pub file: u32,
    /// What it is, for people who ask why a run was slow.
    pub what: String,
}

impl fmt::Display for Unusual {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}
