//! A server under measurement: started, found, measured from outside, and gone when dropped.

mod usage;

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};

pub use usage::{CpuTime, memory, own_cpu_time};

/// How long a server may take to listen.
const START_MAX: Duration = Duration::from_secs(20);

/// How long memory may take to settle.
const SETTLE_MAX: Duration = Duration::from_secs(20);
const SETTLE_LOOK_EVERY: Duration = Duration::from_millis(500);
/// Looks at the memory that have to agree.
const SETTLE_LOOKS: usize = 4;

/// A running server.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    child: Child,
}

impl Server {
    /// Starts one that takes a free port and prints it.
    pub fn start(mut command: Command) -> Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let program = command.get_program().to_string_lossy().into_owned();
        let mut child = command.spawn().with_context(|| format!("starting {program}"))?;
        let stdout = child.stdout.take().context("its output is piped")?;
        let mut server = Self { address: ([127, 0, 0, 1], 0).into(), child };
        server.address = address_on(stdout).with_context(|| format!("waiting for {program}"))?;
        Ok(server)
    }

    /// What it has used of the processors so far.
    pub fn cpu_time(&self) -> Result<CpuTime> {
        usage::cpu_time(self.child.id())
    }

    /// Its memory in bytes, once it stays about the same.
    pub fn settled_memory(&self) -> Result<u64> {
        let started = Instant::now();
        let mut looks = Vec::new();
        loop {
            looks.push(memory(self.child.id())?);
            if let Some(last) = looks.last_chunk::<SETTLE_LOOKS>() {
                let (low, high) = (last.iter().min(), last.iter().max());
                let is_steady = low.zip(high).is_some_and(|(low, high)| high - low <= high / 200);
                if is_steady || started.elapsed() > SETTLE_MAX {
                    return Ok(last[SETTLE_LOOKS - 1]);
                }
            }
            thread::sleep(SETTLE_LOOK_EVERY);
        }
    }

    /// Asks it with SIGTERM to stop, and waits until it has.
    pub fn terminate(mut self) -> Result<()> {
        let id = Pid::from_child(&self.child);
        kill_process(id, Signal::TERM).context("asking the server to stop")?;
        let status = self.child.wait()?;
        ensure!(status.success(), "the server stopped with {status}");
        Ok(())
    }

    /// Kills it with SIGKILL.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Whether it still runs.
    pub fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The address in the first line that has one. All that comes later is read and dropped, or the
/// server would stop at a full pipe.
fn address_on(stdout: ChildStdout) -> Result<SocketAddr> {
    let (found, wanted) = mpsc::channel();
    thread::spawn(move || look_for_address(stdout, &found));
    match wanted.recv_timeout(START_MAX) {
        Ok(address) => Ok(address),
        Err(RecvTimeoutError::Disconnected) => bail!("it ended without saying where it listens"),
        Err(RecvTimeoutError::Timeout) => bail!("it does not say where it listens"),
    }
}

fn look_for_address(stdout: ChildStdout, found: &Sender<SocketAddr>) {
    for line in BufReader::new(stdout).lines().map_while(Result::ok) {
        if let Some(address) = address_in(&line) {
            // Nobody waits for a second one.
            found.send(address).ok();
        }
    }
}

fn address_in(line: &str) -> Option<SocketAddr> {
    const HOST: &str = "127.0.0.1:";
    let start = line.find(HOST)?;
    let rest = &line[start + HOST.len()..];
    let n_digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let port: u16 = rest[..n_digits].parse().ok()?;
    (port != 0).then(|| ([127, 0, 0, 1], port).into())
}

#[cfg(test)]
mod tests {
    use super::address_in;

    #[test]
    fn the_address_is_found_in_whatever_a_server_prints() {
        let expected = Some(([127, 0, 0, 1], 4400).into());
        assert_eq!(address_in("listening on http://127.0.0.1:4400"), expected);
        assert_eq!(address_in("   \u{1b}[95mys://127.0.0.1:4400\u{1b}[0m"), expected);
        assert_eq!(address_in("binding 127.0.0.1:0 …"), None);
        assert_eq!(address_in("hello"), None);
    }
}
