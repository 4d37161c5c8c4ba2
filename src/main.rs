//! The `loyal` command.

fn main() {}
