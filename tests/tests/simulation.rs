//! Everything together in simulated time, seed by seed.
//!
//! `TANDEM_SEEDS=10000` tries as many, and `TANDEM_SEED` begins with another one. With
//! `TANDEM_SEEDS=1 TANDEM_TELL=1` it tells what happens.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use tests::number_from;
use tests::simulation::{Broken, Tally, Violation, simulate};

#[test]
fn all_end_with_the_same_board_whatever_goes_wrong() {
    let (first, n_seeds) = (number_from("TANDEM_SEED", 1), number_from("TANDEM_SEEDS", 40));
    let mut sum = Tally::default();
    let mut failed = Vec::new();
    for seed in first..first + n_seeds {
        match simulate(seed, Broken::Nothing) {
            Ok(tally) => sum += tally,
            Err(Violation(what)) => {
                println!("seed {seed}: {what}");
                failed.push(seed);
            }
        }
    }
    println!("{n_seeds} seeds: {sum:?}");
    assert!(failed.is_empty(), "these seeds fail: {failed:?}");
    if n_seeds >= 40 {
        assert_eq!(sum.missing(), Vec::<String>::new(), "what never happened was not tested");
    }
}

/// Some seed shows what follows from a broken rule.
#[track_caller]
fn check_noticed(broken: Broken, expected: &str) {
    const SEEDS: u64 = 60;
    let mut violations = (1..=SEEDS).filter_map(|seed| simulate(seed, broken).err());
    let is_noticed = violations.any(|Violation(what)| what.contains(expected));
    assert!(is_noticed, "{broken:?} went unnoticed in {SEEDS} seeds");
}

#[test]
fn a_log_that_forgets_is_noticed() {
    check_noticed(Broken::Log, "acknowledged and not in the log after a crash");
}

#[test]
fn a_room_that_tells_before_the_commit_is_noticed() {
    check_noticed(Broken::Commit, "before it was committed");
}

#[test]
fn a_frame_that_gets_lost_is_noticed() {
    check_noticed(Broken::Frame, "another board");
}

#[test]
fn a_forger_who_is_let_in_is_noticed() {
    check_noticed(Broken::Gate, "none that its author wrote");
}
