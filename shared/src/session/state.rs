//! Where a session is, with what belongs to that place.

use crate::time::Time;

pub(super) enum State {
    /// Not trying.
    Offline,
    /// The next attempt is at `until`.
    Waiting { until: Time },
    /// The driver opens a socket, which is given up at `until`.
    Opening { until: Time },
    /// The hello is on its way, or the welcome, which is given up at `until`.
    Syncing { until: Time },
    /// Welcomed.
    Live {
        since: Time,
        heard_at: Time,
        /// The last ping's number and when it left.
        ping: Option<(u32, Time)>,
    },
}
