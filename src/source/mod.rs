//! Tables of cells in any format, read fast and with bounded memory: where a history's rows come from.
//!
//! Knows nothing of loyalty: bytes in, columns out. The `ledger` says what the columns mean.

pub mod scratch;
