//! Any text as a program, checked: no panic, every finding lies in the text; what is accepted has a plan and its examples run.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

fuzz_target!(|data: &[u8]| loyal_fuzz::text::check(data));

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    loyal_fuzz::lines::change(data, size, most, seed).unwrap_or_else(|| fuzzer_mutate(data, size, most))
});
