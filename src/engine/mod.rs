//! The engine: a program and a history in, a journal and states out.

pub mod examples;
pub mod outcome;
pub mod reference;
