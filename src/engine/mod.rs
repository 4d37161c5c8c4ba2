//! The engine: a program and a history in, a journal and states out.
//!
//! Two interpreters: [`mod@reference`], plain and obviously right, and [`fast`], which plays each member by
//! herself over compact columns. [`plan`] says what a program needs of its history, [`pile`] holds the
//! events, [`parts`] splits a history by member and has each part played by whichever can.

pub mod deeds;
pub mod examples;
pub mod fast;
pub mod hers;
pub mod live;
pub mod measures;
pub mod nightly;
pub mod outcome;
pub mod parts;
pub mod pile;
pub mod plan;
pub mod reference;
pub mod settle;
