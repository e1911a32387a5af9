//! Everything together in simulated time, seed by seed.
//!
//! `TANDEM_SEEDS=10000` tries as many, `TANDEM_SEED=…` begins with another one than 1.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use tests::number_from;
use tests::simulation::{Broken, Tally, Violation, simulate};

#[test]
fn all_end_with_the_same_board_whatever_goes_wrong() {
    let (first, n_seeds) = (number_from("TANDEM_SEED", 1), number_from("TANDEM_SEEDS", 40));
    let mut tallies = Vec::new();
    let mut failed = Vec::new();
    for seed in first..first + n_seeds {
        let began = std::time::Instant::now();
        let outcome = simulate(seed, Broken::Nothing);
        if began.elapsed().as_millis() > 1000 {
            println!("seed {seed} took {:?}", began.elapsed());
        }
        match outcome {
            Ok(tally) => tallies.push(tally),
            Err(Violation(what)) => {
                println!("seed {seed}: {what}");
                failed.push(seed);
            }
        }
    }
    assert!(failed.is_empty(), "these seeds fail: {failed:?}");
    let sum = |of: fn(&Tally) -> u64| tallies.iter().map(of).sum::<u64>();
    println!("{} steps", sum(|it| it.n_steps));
    println!("{} edits", sum(|it| it.n_edits));
    println!("{} acks", sum(|it| it.n_acks));
    println!("{} welcomes", sum(|it| it.n_welcomes));
    println!("{} crashes", sum(|it| it.n_crashes));
    println!("{} restarts", sum(|it| it.n_restarts));
    println!("{} failed_commits", sum(|it| it.n_failed_commits));
    println!("{} cuts", sum(|it| it.n_cuts));
    println!("{} resyncs", sum(|it| it.n_resyncs));
    println!("{} unloads", sum(|it| it.n_unloads));
    println!("{} reloads", sum(|it| it.n_reloads));
    println!("{} forgeries", sum(|it| it.n_forgeries));
    println!("{} s", sum(|it| it.millis) / 1000);
}
