//! A program and a history: both engines come to the same, and balances are their postings.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

fuzz_target!(|data: &[u8]| loyal_fuzz::play::engines(data));

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    loyal_fuzz::lines::change(data, size, most, seed).unwrap_or_else(|| fuzzer_mutate(data, size, most))
});
