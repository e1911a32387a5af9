//! What a process uses, as Linux tells it under `/proc`.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};

/// A tick of the clock in `/proc/*/stat`. Linux has told programs this one for decades.
const TICK: Duration = Duration::from_millis(10);

/// What a process has used of the processors up to a moment, known in two ways.
#[derive(Clone, Copy)]
pub struct CpuTime {
    /// Exact, but without threads that have ended.
    living: Duration,
    /// With all threads, but in whole ticks.
    ticked: Duration,
}

impl CpuTime {
    /// What was used between `earlier` and this.
    pub fn since(self, earlier: Self) -> Duration {
        let living = self.living.saturating_sub(earlier.living);
        let ticked = self.ticked.saturating_sub(earlier.ticked);
        // User and system time may each have lost a tick. What is missing beyond was ended threads'.
        if living + 3 * TICK < ticked { ticked } else { living }
    }
}

/// What process `id` has used so far.
pub fn cpu_time(id: u32) -> Result<CpuTime> {
    let mut living = Duration::ZERO;
    for task in fs::read_dir(format!("/proc/{id}/task")).context("the server is gone")? {
        // A thread may end while we look.
        if let Ok(schedstat) = fs::read_to_string(task?.path().join("schedstat")) {
            living += first_number(&schedstat)?;
        }
    }
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).context("the server is gone")?;
    Ok(CpuTime { living, ticked: ticked(&stat).context("reading /proc/…/stat")? })
}

/// What the calling thread has used so far.
pub fn own_cpu_time() -> Result<Duration> {
    first_number(&fs::read_to_string("/proc/thread-self/schedstat")?)
}

/// Memory of process `id` in bytes, shared pages by their share.
pub fn memory(id: u32) -> Result<u64> {
    let rollup = fs::read_to_string(format!("/proc/{id}/smaps_rollup"));
    pss(&rollup.context("the server is gone")?).context("reading /proc/…/smaps_rollup")
}

fn first_number(schedstat: &str) -> Result<Duration> {
    let nanos = schedstat.split(' ').next().and_then(|word| word.parse().ok());
    Ok(Duration::from_nanos(nanos.context("reading /proc/…/schedstat")?))
}

/// User and system time. The words are counted behind the program's name, which may hold anything.
fn ticked(stat: &str) -> Option<Duration> {
    let words = stat.rsplit_once(')')?.1.split_whitespace();
    let mut times = words.skip(11).map(|word| word.parse::<u32>().ok());
    Some(TICK * (times.next()?? + times.next()??))
}

fn pss(rollup: &str) -> Option<u64> {
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_linux_prints_is_understood() {
        let stat = "7 (a) b) S 1 7 7 0 -1 4194560 100 0 0 0 250 50 9 9 20 0 1 0 5";
        assert_eq!(ticked(stat), Some(Duration::from_secs(3)));
        assert_eq!(first_number("2000000000 5 6\n").unwrap(), Duration::from_secs(2));
        assert_eq!(pss("55c9-7ffd ---p [rollup]\nRss: 12 kB\nPss:      332 kB\n"), Some(339_968));
    }

    #[test]
    fn ended_threads_are_noticed() {
        let time = |living, ticked| CpuTime {
            living: Duration::from_millis(living),
            ticked: Duration::from_millis(ticked),
        };
        assert_eq!(time(515, 500).since(time(12, 0)), Duration::from_millis(503));
        assert_eq!(time(515, 900).since(time(12, 0)), Duration::from_millis(900));
    }
}
