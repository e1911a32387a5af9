//! An update from a client.
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: fuzz::let_panics_unwind(),
    |bytes: &[u8]| fuzz::properties::update(bytes)
);
