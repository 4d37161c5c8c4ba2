//! Any bytes as a program: read without a panic, every part of the tree and every finding in its place in the text.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| loyal_fuzz::text::parse_any(data));
