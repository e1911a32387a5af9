//! What every store promises, asked of each; and what becomes of the real one when its file is damaged,
//! or older than the program.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod contract;
mod damage;
mod old_data;
#[path = "../full_disk/person.rs"]
#[allow(dead_code, reason = "the stories of the full disk use all of it")]
mod person;
mod records;
mod simulated;
mod sqlite;
