//! A program and a history woven by the bytes: both engines come to the same, however the rows stand in files.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| loyal_fuzz::play::woven(data));
