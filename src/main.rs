//! The `loyal` command.

use std::process::ExitCode;

/// Threads that take and give back memory all the time do so without waiting for one another.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    loyal::cli::main()
}
