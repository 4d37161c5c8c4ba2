//! What a run says: facts, tables, the program's totals, explanations, results of tests.
//!
//! Everything here is pure: it turns an [`Outcome`](crate::engine::outcome::Outcome) into rows and
//! texts; `cli` writes them. Names go into files exactly as the data has them, even where a
//! spreadsheet would read one as a formula (`=`, `+`, `-`, `@` in front): the files are data first,
//! and a mark added for one reader would be a wrong name to every other.

pub mod audit;
pub mod by;
pub mod chain;
pub mod corrections;
pub mod explain;
pub mod facts;
pub mod fit;
pub mod grid;
pub mod harvest;
pub mod manifest;
pub mod measures;
pub mod parquet;
pub mod pseudonyms;
pub mod quote;
pub mod results;
pub mod segments;
pub mod statement;
pub mod study;
pub mod summary;
pub mod tables;
pub mod terminal;
pub mod totals;
pub mod tune;
pub mod words;
