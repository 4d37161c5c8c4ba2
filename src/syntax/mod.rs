//! From text to the syntax tree, in two stages: blocks and lines (`grammar/loyal.pest`), then what
//! a line says (`grammar/clause.pest`), so that a broken line blames no innocent one.

pub mod ast;
pub mod clause;

pub use ast::Ast;
pub use clause::{Phrase, Rule};
