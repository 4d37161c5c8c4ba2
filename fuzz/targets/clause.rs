//! Any text as any phrase of the second stage: read or refused without a panic, all of it inside the text.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| loyal_fuzz::text::phrase(data));
