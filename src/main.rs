//! The `loyal` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    loyal::cli::main()
}
