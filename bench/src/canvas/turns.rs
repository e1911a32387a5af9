//! What is measured again and again, one after the other in turn: what else the machine does falls on all alike. And the
//! lines that tell what came of it.

use anyhow::Result;

use super::seeded;
use super::subject::{Host, Subject, Subjects};
use crate::report::say;

/// A build of Tandem.
pub struct Build<'a> {
    /// What it is called in the tables.
    pub name: &'static str,
    /// Where it is, and where the peers are.
    pub subjects: Subjects<'a>,
}

/// The seeded board of `n` elements on a server of each build, with the build's name.
pub fn hosts(builds: &[Build<'_>], n: usize) -> Result<Vec<(&'static str, Host)>> {
    let seeded = seeded::elements(n);
    let host = |it: &Build<'_>| Ok((it.name, it.subjects.host(Subject::Tandem, &seeded)?));
    builds.iter().map(host).collect()
}

/// What `measure` finds with each of them, so many times in turn.
pub async fn in_turns<B, T>(
    all: &mut [B],
    times: u32,
    mut measure: impl AsyncFnMut(&mut B) -> Result<T>,
) -> Result<Vec<Vec<T>>> {
    let mut found: Vec<Vec<T>> = all.iter().map(|_| Vec::new()).collect();
    for _ in 0..times {
        for (it, found) in all.iter_mut().zip(&mut found) {
            found.push(measure(it).await?);
        }
    }
    Ok(found)
}

/// Prints the head of a table: what its lines are of, and the columns.
pub fn head(of: &str, columns: &[&str]) {
    let rule = "| --- ".repeat(columns.len() + 1);
    say(&format!("| {of} | {} |\n{rule}|", columns.join(" | ")));
}

/// Prints a line of it: of each column the median, and all values.
pub fn line<const N: usize>(of: &str, found: &[[f64; N]]) {
    let columns: Vec<_> = (0..N).map(|at| listed(found.iter().map(|it| it[at]))).collect();
    say(&format!("| {of} | {} |", columns.join(" | ")));
}

/// The median: of an even number, the larger of the two in the middle. Not a number if there is none.
pub fn median(values: impl Iterator<Item = f64>) -> f64 {
    middle(&sorted(values))
}

fn listed(values: impl Iterator<Item = f64>) -> String {
    let values = sorted(values);
    let digits = if values.iter().all(|it| *it < 10.0) { 1 } else { 0 };
    let all: Vec<String> = values.iter().map(|it| format!("{it:.digits$}")).collect();
    format!("{:.digits$} ({})", middle(&values), all.join(", "))
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

fn middle(sorted: &[f64]) -> f64 {
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}
