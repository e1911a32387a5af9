//! What every store promises, asked of each; and what becomes of the real one when its file is damaged,
//! or older than the program.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod contract;
mod damage;
mod old_data;
mod records;
mod simulated;
mod sqlite;
