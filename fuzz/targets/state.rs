//! Any bytes in a kept state, with checksums that fit and without: the next night is played or refused, never a panic.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| loyal_fuzz::kept::state(data));
