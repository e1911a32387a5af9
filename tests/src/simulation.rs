//! People, programs, the server's room and its log together in simulated time: one seed decides who does
//! what when, how long everything takes and what goes wrong. Sessions, boards, rooms and outboxes are the
//! real ones; wires and the disk are simulated, and nothing here reads a clock.
//!
//! While it runs, a judge looks at everything that leaves the room and at all that was promised. At the
//! end nothing goes wrong any more, and all have to come to the same board.

mod disk;
mod fate;
mod judge;
mod line;
mod person;
mod program;
mod server;
mod tally;
mod world;

use world::World;

pub use judge::Violation;
pub use tally::Tally;

/// A rule of the real thing that a simulation breaks, to show that its judge would notice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Broken {
    /// All is as it should be.
    Nothing,
    /// When the server crashes, the log loses its last record.
    Log,
    /// The room is told that its records are committed before they are.
    Commit,
    /// Now and then a frame to a client gets lost, and nothing else.
    Frame,
    /// Whoever writes under somebody else's client id is let in.
    Gate,
}

/// Lives through what `seed` brings. The answer is what happened, or what was wrong.
pub fn simulate(seed: u64, broken: Broken) -> Result<Tally, Violation> {
    World::new(seed, broken).run()
}
