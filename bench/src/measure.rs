//! One workload on one server: what was delivered, how late, and at what cost.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::load::{Act, Count, Load, Pulse, Target, room_name};
use crate::process::{Server, own_cpu_time};
use crate::vandals::Vandals;
use crate::wire::Author;
use crate::workload::{Activity, Workload};

/// Sending before it counts.
const WARM_UP: Duration = Duration::from_secs(2);

/// Listening after the last that counts was sent.
const DRAIN: Duration = Duration::from_secs(2);

/// Connections that are open before memory is measured for the first time, so that what a server
/// sets up once is not taken for the cost of a connection.
const FIRST_CONNECTIONS: usize = 10;

/// What one run gave.
pub enum Figures {
    /// Of a workload in which something was sent.
    Relay(Box<Relayed>),
    /// Bytes of the server's memory for one idle connection.
    Idle(f64),
}

/// What sending took.
pub struct Relayed {
    /// Who heard what, how late.
    pub count: Count,
    /// What the server used of the processors during the window.
    pub server_cpu: Duration,
    /// Bytes that came to one client in a second.
    pub bytes_per_second: f64,
    /// The share of the window in which the generator's thread was busy, 0 to 1.
    pub generator_busy: f64,
    /// The 99th percentile of how late the generator sent, in microseconds.
    pub generator_lag: u64,
    /// Clients that the server hung up on.
    pub n_closed: usize,
}

/// Runs `workload` and counts for the time `window`.
pub fn measure(
    workload: &Workload,
    target: &Target,
    server: &Server,
    window: Duration,
) -> Result<Figures> {
    match workload.activity {
        Activity::Idle => measure_idle(workload, target, server).map(Figures::Idle),
        Activity::Cursors(hertz) => {
            let load = Load::open(target, workload.name, workload.n_rooms, workload.per_room)?;
            let n_clients = workload.n_rooms * workload.per_room;
            let act = Act::Cursors(Pulse::new(load.now(), hertz, n_clients));
            let room = room_name(workload.name, 0);
            let vandals = workload.is_disturbed.then(|| Vandals::start(*target, &room));
            let relayed = measure_relay(load, act, server, window)?;
            drop(vandals);
            Ok(Figures::Relay(relayed.into()))
        }
        Activity::Edits(hertz) => {
            let load = Load::open(target, workload.name, workload.n_rooms, workload.per_room)?;
            let act = Act::Edits(Pulse::new(load.now(), hertz, 1), Author::new(0).into());
            measure_relay(load, act, server, window).map(|it| Figures::Relay(it.into()))
        }
    }
}

fn measure_relay(
    mut load: Load,
    mut act: Act,
    server: &Server,
    window: Duration,
) -> Result<Relayed> {
    load.run(WARM_UP, Some(&mut act))?;

    let (bytes, server_cpu, own_cpu) = (load.n_bytes(), server.cpu_time()?, own_cpu_time()?);
    let began = Instant::now();
    load.begin_window(window);
    load.run(window, Some(&mut act))?;
    let seconds = began.elapsed().as_secs_f64();
    let server_cpu = server.cpu_time()?.since(server_cpu);
    let own_cpu = own_cpu_time()?.saturating_sub(own_cpu);
    let n_bytes = load.n_bytes() - bytes;

    load.run(DRAIN, None)?;
    Ok(Relayed {
        count: load.count().clone(),
        server_cpu,
        bytes_per_second: n_bytes as f64 / load.n_clients() as f64 / seconds,
        generator_busy: own_cpu.as_secs_f64() / seconds,
        generator_lag: load.lag().quantile(0.99).unwrap_or_default(),
        n_closed: load.n_closed(),
    })
}

fn measure_idle(workload: &Workload, target: &Target, server: &Server) -> Result<f64> {
    let _first = Load::open(target, "first", 1, FIRST_CONNECTIONS)?;
    let before = server.settled_memory()?;
    let mut load = Load::open(target, workload.name, workload.n_rooms, workload.per_room)?;
    let after = server.settled_memory()?;
    // What came meanwhile, such as an end.
    load.run(Duration::from_millis(100), None)?;
    ensure!(load.n_closed() == 0, "the server hung up on {} idle clients", load.n_closed());
    Ok((after as f64 - before as f64) / load.n_clients() as f64)
}
