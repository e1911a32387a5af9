//! What the person at the terminal sees: a line for each long step, and how long each one took.
//!
//! Everything goes to stderr, like cargo's own progress, so that the two stay in order.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// Prints one line or paragraph.
#[expect(clippy::print_stderr, reason = "talking to the terminal is what this module is for")]
pub fn say(text: &str) {
    eprintln!("{text}");
}

/// Announces something that may take long.
pub fn announce(what: &str) {
    say(&format!("▸ {what} …"));
}

/// Runs named steps one after the other and remembers how long each took.
pub struct Steps {
    done: Vec<(&'static str, Duration)>,
}

impl Steps {
    /// No step has run yet.
    pub fn new() -> Self {
        Self { done: Vec::new() }
    }

    /// Runs one step under its heading. The error names the step, and the caller stops there.
    pub fn step<T>(&mut self, name: &'static str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        say(&format!("\n━━ {name}"));
        let start = Instant::now();
        let outcome = work();
        self.done.push((name, start.elapsed()));
        outcome.with_context(|| format!("the step `{name}` failed"))
    }

    /// Prints the time of every step that ran, the failed one included, and their sum.
    pub fn print_times(&self) {
        say("");
        for (name, time) in &self.done {
            say(&line(name, *time));
        }
        say(&line("total", self.done.iter().map(|(_, time)| *time).sum()));
    }
}

fn line(name: &str, time: Duration) -> String {
    format!("  {name:<36} {:>7.1} s", time.as_secs_f64())
}
