//! The table, in Markdown, so that it can go into `docs/benchmarks.md` as it is.

use std::io::Write;

use anyhow::Result;

use crate::contender::Contender;
use crate::measure::{Figures, Relayed};
use crate::workload::Workload;

/// The generator is taken for the bottleneck when it was busy for more than this share of the time…
const BUSY_MAX: f64 = 0.8;

/// … or sent one in a hundred later than this, in microseconds.
const LAG_MAX: u64 = 10_000;

const COLUMNS: [&str; 10] = [
    "workload",
    "server",
    "CPU µs each",
    "delivered",
    "overtaken",
    "p50 ms",
    "p99 ms",
    "kB/s a client",
    "kB an idle connection",
    "generator busy, lag p99",
];

/// Prints a line at once: whoever waits sees how far it has come.
pub fn say(line: &str) {
    let mut stdout = std::io::stdout().lock();
    // Nobody reads it; then nobody needs it.
    writeln!(stdout, "{line}").and_then(|()| stdout.flush()).ok();
}

/// The first lines of the table.
pub fn table_head() -> String {
    let rule = ["---"; COLUMNS.len()];
    format!("\n{}\n{}", row(&COLUMNS), row(&rule))
}

/// A run's line.
pub fn table_row(workload: &Workload, contender: Contender, outcome: &Result<Figures>) -> String {
    let mut cells = vec![workload.title.to_owned(), contender.name().to_owned()];
    match outcome {
        Ok(Figures::Relay(relayed)) => cells.extend(relayed_cells(relayed)),
        Ok(Figures::Idle(bytes)) => {
            cells.resize(COLUMNS.len(), String::new());
            cells[8] = format!("{:.1}", bytes / 1000.0);
        }
        Err(error) => cells.push(format!("{error:#}")),
    }
    cells.resize(COLUMNS.len(), String::new());
    row(&cells)
}

fn relayed_cells(relayed: &Relayed) -> [String; 8] {
    let Relayed { count, server_cpu, bytes_per_second, generator_busy, generator_lag, n_closed } =
        relayed;
    let percent = |n: u64| format!("{:.2} %", 100.0 * n as f64 / count.expected as f64);
    let quantile = |share| match count.latency.quantile(share) {
        Some(micros) => millis(micros),
        None => "–".to_owned(),
    };
    let is_bottleneck = *generator_busy > BUSY_MAX || *generator_lag > LAG_MAX;
    let mut generator = format!("{:.0} %, {} ms", generator_busy * 100.0, millis(*generator_lag));
    if is_bottleneck {
        generator += ": **the bottleneck**";
    }
    let mut delivered = percent(count.delivered);
    if *n_closed > 0 {
        delivered += &format!(", {n_closed} clients thrown out");
    }
    [
        format!("{:.2}", server_cpu.as_secs_f64() * 1e6 / count.heard_in_window as f64),
        delivered,
        percent(count.overtaken),
        quantile(0.5),
        quantile(0.99),
        format!("{:.1}", bytes_per_second / 1000.0),
        String::new(),
        generator,
    ]
}

fn millis(micros: u64) -> String {
    format!("{:.1}", micros as f64 / 1000.0)
}

fn row(cells: &[impl AsRef<str>]) -> String {
    let cells = cells.iter().map(|cell| format!(" {} |", cell.as_ref()));
    format!("|{}", cells.collect::<String>())
}
