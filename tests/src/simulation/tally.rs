//! How much happened in a simulation.

use std::fmt;
use std::ops::AddAssign;

/// Something that is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum What {
    /// A moment at which something happened.
    Step,
    /// Something was drawn, by a person or a program.
    Edit,
    /// A batch was acknowledged, each time counted.
    Ack,
    /// Somebody was let in.
    Welcome,
    /// The server was killed.
    Crash,
    /// The server was restarted in order.
    Restart,
    /// A commit failed.
    FailedCommit,
    /// A line broke.
    Cut,
    /// A slow reader lost updates and was sent them again.
    Resync,
    /// A place was noted from which slow readers can be told again.
    Mark,
    /// A room was forgotten while nobody was there.
    Unload,
    /// A page was loaded anew, without what it had not saved.
    Reload,
    /// A page was loaded anew, with what the browser kept.
    Return,
    /// What the browser kept was opened by parts.
    Parts,
    /// What an earlier page left was brought to the server under its own id.
    Courier,
    /// A stranger wrote under somebody else's name.
    Forgery,
    /// A frame was left unread because too much waited for the disk.
    Unread,
}

const ALL: [What; 17] = [
    What::Step,
    What::Edit,
    What::Ack,
    What::Welcome,
    What::Crash,
    What::Restart,
    What::FailedCommit,
    What::Cut,
    What::Resync,
    What::Mark,
    What::Unload,
    What::Reload,
    What::Return,
    What::Parts,
    What::Courier,
    What::Forgery,
    What::Unread,
];

/// How often each thing happened.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Tally([u64; ALL.len()]);

impl Tally {
    pub(super) fn count(&mut self, what: What) {
        self.0[what as usize] += 1;
    }

    /// What never happened.
    pub fn missing(&self) -> Vec<String> {
        let never = ALL.iter().filter(|what| self.0[**what as usize] == 0);
        never.map(|what| format!("{what:?}")).collect()
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.0.iter_mut().zip(other.0).for_each(|(sum, n)| *sum += n);
    }
}

impl fmt::Debug for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(ALL.iter().map(|what| (what, self.0[*what as usize]))).finish()
    }
}
