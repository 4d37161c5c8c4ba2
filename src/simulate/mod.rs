//! Does a program earn its cost? Section 8 of the language: replay of a history, models of how members buy, populations,
//! economics.
//!
//! Here alone numbers are floating point: they are estimates, and none of them becomes a balance. What was posted is
//! exact until it enters a statistic. The same seed gives the same answer whatever the number of threads.

pub mod fit;
pub mod ifrs;
pub mod measured;
pub mod population;
pub mod power;
pub mod replay;
pub mod study;
pub mod tenths;
pub mod tune;
