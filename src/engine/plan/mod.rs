//! What a program needs of its history: which columns, and what is kept of a member.

mod needs;

/// Columns that a program can look at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// Texts of the event (`store`, `channel`, extra columns), each by its name.
    pub event: Vec<Wanted>,
    /// Texts of a line or of its item (`category`, `brand`, `sku`, extra columns), each by its name.
    pub line: Vec<Wanted>,
    /// Whether `regular` is looked at.
    pub regular: bool,
    /// Whether `tax` is looked at.
    pub tax: bool,
}

/// A column that is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its name, ours or the file's.
    pub name: String,
    /// How it is kept.
    pub keep: Keep,
}

/// How a column of text is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keep {
    /// It is only compared with these texts: [`NO_CODE`] for an empty cell, [`OTHER_CODE`] for any other
    /// text, `FIRST_CODE + place` for one of them.
    Code(Vec<String>),
    /// As it is.
    Text,
}

/// The code of an empty cell.
pub const NO_CODE: u32 = 0;
/// The code of a text that the program does not name.
pub const OTHER_CODE: u32 = 1;
/// The code of the first text that the program names.
pub const FIRST_CODE: u32 = 2;
