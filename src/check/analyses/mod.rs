//! What is found by thinking about a whole program before anything runs (section 7 of the language).
//!
//! Each question has a file of its own and answers with findings; they look at the typed tree only.
//! What an answer rests on stands in `meet` (whether conditions can hold together, with an event)
//! and `worth` (what an event gives): an error is only said of an event that was tried.

mod amounts;
mod bound;
mod candidates;
mod fire;
mod formula;
mod lines;
mod meet;
mod past;
#[cfg(test)]
mod tried;
mod uses;
mod witness;
mod words;
mod worth;

pub mod bands;
pub mod dates;
pub mod levels;
pub mod liability;
pub mod loops;
pub mod meeting;
pub mod reach;
pub mod returns;
pub mod unused;
pub mod when;
pub mod worthless;

use crate::diag::{Finding, sorted};
use crate::mechanics::Program;

/// Everything that is found in a program, in the order of places.
pub fn all(program: &Program) -> Vec<Finding> {
    let questions = [
        bands::check,
        dates::check,
        levels::check,
        liability::check,
        loops::check,
        meeting::check,
        reach::check,
        returns::check,
        unused::check,
        when::check,
        worthless::check,
    ];
    sorted(questions.iter().flat_map(|check| check(program)).collect())
}
