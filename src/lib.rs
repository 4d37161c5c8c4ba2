//! `loyal`: a small declarative language for customer-loyalty programs, and the tool that runs them.
//!
//! `text → syntax → check → engine → report`: each floor uses only those below it
//! (see `docs/architecture.md`).

pub mod diag;
pub mod text;
