//! The targets by name.

use crate::{data, kept, play, text};

/// What a target does with an input; where its promise is broken it panics.
pub type Body = fn(&[u8]);

/// Each target, named as its folder of inputs is.
pub const TARGETS: [(&str, Body); 10] = [
    ("parse", text::parse_any),
    ("clause", text::phrase),
    ("format", text::format),
    ("check", text::check),
    ("history", data::history),
    ("columns", data::columns),
    ("parquet", data::table),
    ("state", kept::state),
    ("engines", play::engines),
    ("woven", play::woven),
];
