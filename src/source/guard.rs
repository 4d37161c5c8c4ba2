//! Decoders of others, kept from ending the program: some of them panic over damaged bytes.

use super::shape::{Damaged, Shape};
use std::cell::Cell;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    /// Whether this thread is inside [`guarded`]: then a panic is told as damage, and not on the terminal.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs a decoder; its panic is damage of the file. What it was working on must not be used after an error.
///
/// # Errors
/// What `decode` says, or [`Damaged`] where it panicked.
pub(super) fn guarded<T>(shape: Shape, decode: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    quiet();
    let before = GUARDED.replace(true);
    let decoded = panic::catch_unwind(AssertUnwindSafe(decode));
    GUARDED.set(before);
    decoded.unwrap_or_else(|_| Err(Damaged::error(shape, "its parts contradict one another")))
}

/// Panics of guarded threads say nothing; all others say what they always did.
fn quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let said = panic::take_hook();
        panic::set_hook(Box::new(move |panicked| {
            if !GUARDED.get() {
                said(panicked);
            }
        }));
    });
}
