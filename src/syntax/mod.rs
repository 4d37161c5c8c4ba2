//! From text to the syntax tree, in two stages: blocks and lines (`grammar/loyal.pest`), then what
//! a line says (`grammar/clause.pest`), so that a broken line blames no innocent one.

pub mod ast;
mod blocks;
pub mod clause;
mod cursor;
mod decode;
mod header;
mod lex;
pub mod mistake;
mod parse;
mod said;
mod uses;
mod words;

pub use ast::Ast;
pub use clause::{Phrase, Rule};
pub use mistake::FILE_LIMIT;
pub use parse::{Files, Parsed, parse, parse_alone, parse_text};
pub use said::said;
pub use words::RESERVED;
pub(crate) use words::begins_anew;
