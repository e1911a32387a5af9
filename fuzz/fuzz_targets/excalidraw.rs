//! A file that somebody imports.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::properties::excalidraw(bytes));
