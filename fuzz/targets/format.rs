//! A program that is read is laid out with the same tree, comments and all; laid out twice is laid out once.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

fuzz_target!(|data: &[u8]| loyal_fuzz::text::format(data));

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    loyal_fuzz::lines::change(data, size, most, seed).unwrap_or_else(|| fuzzer_mutate(data, size, most))
});
