//! What a client claims to have.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::properties::state_vector(bytes));
