//! The engine: a program and a history in, a journal and states out.

pub mod outcome;
pub mod reference;
