//! `loyal`: a small declarative language for customer-loyalty programs, and the tool that runs them.
//!
//! `text → syntax → check → engine → report`: each floor uses only those below it
//! (see `docs/architecture.md`).

pub mod check;
pub mod cli;
pub mod diag;
pub mod engine;
pub mod fmt;
pub mod kept;
pub mod ledger;
pub mod mechanics;
pub mod report;
pub mod simulate;
pub mod source;
pub mod syntax;
pub mod text;
pub mod value;
