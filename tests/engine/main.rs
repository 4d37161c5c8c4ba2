//! What a run of the reference interpreter yields, promise by promise: programs are built by hand,
//! histories are a few rows, and each case carries its arithmetic.

mod any;
mod build;
mod cards;
mod corpus;
mod events;
mod examples;
mod levels;
mod limits;
mod lots;
mod redeem;
mod returns;
mod rounding;
mod speed;
mod timers;
mod verify;
