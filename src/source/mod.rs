//! Tables of cells in any format, read fast and with bounded memory: where a history's rows come from.
//!
//! Knows nothing of loyalty: bytes in, columns out. Who asks says what columns there are and what each is
//! read as ([`batch::Asked`]).

pub mod arrow;
pub mod batch;
pub mod brought;
pub mod cells;
pub mod columnar;
pub mod csv;
mod guard;
pub mod packed;
pub mod parquet;
pub mod raw;
pub mod scratch;
pub mod shape;
pub mod table;
pub mod texts;
