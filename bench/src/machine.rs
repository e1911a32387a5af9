//! What the numbers were measured on, and how many sockets it lets us have.

use std::fs;
use std::thread::available_parallelism;

use anyhow::{Context, Result};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// One line: processor, cores, memory, kernel.
pub fn description() -> String {
    let processor = value_in("/proc/cpuinfo", "model name");
    let kilobytes: u64 = value_in("/proc/meminfo", "MemTotal")
        .and_then(|value| value.strip_suffix(" kB")?.parse().ok())
        .unwrap_or_default();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!(
        "{}, {} cores, {} GB, Linux {}",
        processor.unwrap_or_else(|| "an unknown processor".into()),
        available_parallelism().map_or(1, usize::from),
        kilobytes.div_ceil(1024 * 1024),
        kernel.trim()
    )
}

/// Each client and each connection of the server, which inherits the limit, is an open file.
pub fn allow_many_sockets() -> Result<()> {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum })
        .context("raising the limit of open files")
}

/// How many threads wanted to run lately: in the last one, five and fifteen minutes.
pub fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

/// The value of the first line `key: value` of a file.
fn value_in(path: &str, key: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        (name.trim() == key).then(|| value.trim().to_owned())
    })
}
