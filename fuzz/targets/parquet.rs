//! Any bytes as a Parquet, Arrow or packed file: read to its end or refused as damaged, and both readers agree.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| loyal_fuzz::data::table(data));
