//! What goes wrong around a run: disks, limits, signals, damaged and hostile files. `docs/reliability.md` lists the
//! promises; each is a test here.
//!
//! `cargo test --test faults` takes seconds. The same at full size, by hand: `cargo test --release --test faults --
//! --ignored --nocapture`.

#[allow(dead_code, reason = "the tests of the command line use all of it")]
#[path = "cli/loyal.rs"]
mod loyal;

#[path = "faults/hostile.rs"]
mod hostile;
#[cfg(unix)]
#[path = "faults/machine.rs"]
mod machine;
#[path = "faults/packed.rs"]
mod packed;
#[path = "faults/shown.rs"]
mod shown;
