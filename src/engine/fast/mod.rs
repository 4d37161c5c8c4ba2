//! The fast interpreter: plays one member at a time over compact columns.
//!
//! Its figures are whole numbers of the smallest step of their unit, its days are counted from 1970-01-01,
//! its moments are seconds. What does not fit that is [`Beyond`] it, and the reference plays the member.

mod activities;
mod asked;
mod back;
mod budgets;
pub mod cards;
pub mod days;
mod deals;
pub mod gifts;
mod left;
mod levels;
pub mod live;
pub mod machine;
pub mod player;
pub mod purse;
pub mod purses;
pub mod record;
pub mod redeem;
mod scene;
mod stamps;
mod state;
mod streaks;
mod tape;
mod till;
mod timers;
mod told;
mod value;
mod visits;
mod windows;

use std::fmt;

/// What this interpreter does not do: a number between two steps of its unit, a sum that has no room, something
/// rare. Never an answer: the reference then plays the member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beyond;

impl fmt::Display for Beyond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("more than the fast interpreter does")
    }
}

impl std::error::Error for Beyond {}
