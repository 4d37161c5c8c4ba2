//! What the targets try, and `tests/fuzzed.rs` plays again on every run of the suite.

pub mod bundle;
pub mod data;
pub mod kept;
pub mod lines;
pub mod play;
pub mod targets;
pub mod text;

#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../../tests/equal/compare.rs"]
mod compare;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../../tests/equal/draw.rs"]
mod draw;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../../tests/equal/engines.rs"]
mod engines;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../../tests/equal/history/mod.rs"]
mod history;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../../tests/parts/intake.rs"]
mod intake;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../../tests/equal/pair.rs"]
mod pair;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../../tests/equal/promises.rs"]
mod promises;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../../tests/syntax/told.rs"]
mod told;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../../tests/equal/tree.rs"]
mod tree;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../../tests/equal/weave/mod.rs"]
mod weave;
