//! Does a program earn its cost? Section 8 of the language: replay of a history, populations, economics.
//!
//! Estimates are floating point; what was posted is exact until it enters a statistic. The same seed gives the same
//! answer whatever the number of threads.

pub mod ifrs;
pub mod measured;
pub mod power;
pub mod study;
