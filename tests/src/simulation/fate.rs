//! What goes wrong, and when. Each seed has troubles of its own: some see crashes and nothing else, some
//! see everything.

use std::time::Duration;

use fastrand::Rng;
use shared::time::Time;

/// Something that happens to the world.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fault {
    /// A line breaks, and both ends are told.
    Cut,
    /// A line goes dead.
    Freeze,
    /// The server is killed.
    Crash,
    /// The server is restarted as it should be.
    Restart,
    /// Commits take long from now on.
    SlowDisk,
    /// Commits fail from now on.
    FullDisk,
    /// A commit fails half-way.
    FailingDisk,
    /// The disk is as it should be.
    MendDisk,
    /// A page is not run for a while.
    Sleep,
    /// A browser says that it is online.
    Online,
    /// Somebody reads slowly from now on.
    SlowReader,
    /// A page is loaded again; what it had not saved is gone.
    Reload,
    /// A stranger writes under somebody else's name.
    Forge,
}

impl Fault {
    const ALL: [Self; 13] = [
        Self::Cut,
        Self::Freeze,
        Self::Crash,
        Self::Restart,
        Self::SlowDisk,
        Self::FullDisk,
        Self::FailingDisk,
        Self::MendDisk,
        Self::Sleep,
        Self::Online,
        Self::SlowReader,
        Self::Reload,
        Self::Forge,
    ];
}

pub(super) struct Fate {
    /// When the next fault comes; none when all is calm.
    pub due: Option<Time>,
    faults: Vec<Fault>,
    pause: u64,
    rng: Rng,
}

impl Fate {
    pub(super) fn new(mut rng: Rng) -> Self {
        let mut faults = vec![Fault::MendDisk; 3];
        for fault in Fault::ALL {
            if rng.bool() {
                faults.extend(std::iter::repeat_n(fault, rng.usize(1..6)));
            }
        }
        let pause = 1 << rng.u32(6..12);
        Self { due: Some(Time(rng.u64(..1000))), faults, pause, rng }
    }

    /// The fault that comes now.
    pub(super) fn next(&mut self, now: Time) -> Option<Fault> {
        self.due = Some(now + Duration::from_millis(self.rng.u64(1..2 * self.pause)));
        self.rng.choice(&self.faults).copied()
    }

    /// Nothing goes wrong any more.
    pub(super) fn calm_down(&mut self) {
        self.due = None;
    }
}
