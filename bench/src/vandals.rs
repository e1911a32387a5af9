//! Three who disturb a room: one sends what is no honest message, one reads nothing, one comes and
//! goes. Each has a thread of its own and may wait; the load's clients know nothing of them.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::Result;

use crate::load::Target;
use crate::websocket;
use crate::wire::Speaker;

/// Pause between two connections, so that it is the server that is under load and not the kernel.
const RECONNECT_AFTER: Duration = Duration::from_millis(10);

/// How long an answer is waited for, be it only the connection's end.
const ANSWER_MAX: Duration = Duration::from_millis(50);

/// How often the one who reads nothing shows its cursor.
const CURSOR_EVERY: Duration = Duration::from_millis(50);

/// Client indices of one vandal; each connection is somebody new.
const INDICES: usize = 100_000;

/// The vandals at work, until this is dropped.
pub struct Vandals {
    is_over: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

/// How somebody disturbs, as the `n`th client that it is. Any error means to begin again.
type Deed = fn(&Target, &Speaker, n: usize, is_over: &AtomicBool) -> Result<()>;

const DEEDS: [Deed; 3] = [send_garbage, read_nothing, come_and_go];

impl Vandals {
    /// Lets them into a room.
    pub fn start(target: Target, room: &str) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let start = |(number, deed): (usize, Deed)| {
            let (room, is_over) = (room.to_owned(), Arc::clone(&is_over));
            thread::spawn(move || {
                // Indices that none of the load's clients has.
                for n in 0..INDICES {
                    let speaker = Speaker { index: (number + 1) * INDICES + n, room: room.clone() };
                    deed(&target, &speaker, n, &is_over).ok();
                    if is_over.load(Ordering::Relaxed) {
                        return;
                    }
                    thread::sleep(RECONNECT_AFTER);
                }
            })
        };
        let threads = DEEDS.into_iter().enumerate().map(start).collect();
        Self { is_over, threads }
    }
}

impl Drop for Vandals {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            // One that panicked has disturbed enough.
            thread.join().ok();
        }
    }
}

fn send_garbage(target: &Target, speaker: &Speaker, n: usize, _: &AtomicBool) -> Result<()> {
    let mut stream = join(target, speaker)?;
    let mut frames = Vec::new();
    target.wire.put_garbage(speaker, n, &mut frames);
    stream.write_all(&frames)?;
    read_to_end(stream)
}

fn read_nothing(target: &Target, speaker: &Speaker, _: usize, is_over: &AtomicBool) -> Result<()> {
    let mut stream = join(target, speaker)?;
    for number in 1.. {
        if is_over.load(Ordering::Relaxed) {
            break;
        }
        let mut frame = Vec::new();
        target.wire.put_cursor(speaker, number, &mut frame);
        stream.write_all(&frame)?;
        thread::sleep(CURSOR_EVERY);
    }
    Ok(())
}

fn come_and_go(target: &Target, speaker: &Speaker, _: usize, _: &AtomicBool) -> Result<()> {
    let mut stream = join(target, speaker)?;
    let mut frame = Vec::new();
    target.wire.put_cursor(speaker, 1, &mut frame);
    stream.write_all(&frame)?;
    // Something comes: it has been let in.
    stream.read_exact(&mut [0])?;
    Ok(())
}

fn join(target: &Target, speaker: &Speaker) -> Result<TcpStream> {
    let mut stream = websocket::open(target.address, &(target.path)(&speaker.room))?;
    stream.set_read_timeout(Some(ANSWER_MAX))?;
    stream.set_write_timeout(Some(ANSWER_MAX))?;
    let mut greeting = Vec::new();
    target.wire.put_greeting(speaker, &mut greeting);
    stream.write_all(&greeting)?;
    Ok(stream)
}

/// Until the server closes, or [`ANSWER_MAX`] is over.
fn read_to_end(mut stream: TcpStream) -> Result<()> {
    let ended = std::time::Instant::now() + ANSWER_MAX;
    let mut buffer = [0; 4096];
    while std::time::Instant::now() < ended && stream.read(&mut buffer)? > 0 {}
    Ok(())
}
