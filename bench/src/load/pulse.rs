//! When it is whose turn to send: all at the same rate, spread evenly, so that nobody sends together.

/// The senders' timetable. Times are microseconds.
pub struct Pulse {
    start: u64,
    period: u64,
    n_senders: u64,
    n_sent: u64,
}

impl Pulse {
    /// From `start` on, each of `n_senders` sends `hertz` times a second.
    pub fn new(start: u64, hertz: u32, n_senders: usize) -> Self {
        Self { start, period: 1_000_000 / u64::from(hertz), n_senders: n_senders as u64, n_sent: 0 }
    }

    /// Whose turn has come at `now`, and since when. To be asked until it says nobody's.
    pub fn poll(&mut self, now: u64) -> Option<(usize, u64)> {
        let due = self.start + self.n_sent * self.period / self.n_senders;
        if now < due {
            return None;
        }
        let sender = self.n_sent % self.n_senders;
        self.n_sent += 1;
        Some((sender as usize, due))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_spread_over_the_period() {
        let mut pulse = Pulse::new(1_000, 10, 4);
        assert_eq!(pulse.poll(999), None);
        assert_eq!(pulse.poll(30_000), Some((0, 1_000)));
        assert_eq!(pulse.poll(30_000), Some((1, 26_000)));
        assert_eq!(pulse.poll(30_000), None);
        let rest: Vec<_> = std::iter::from_fn(|| pulse.poll(101_000)).collect();
        assert_eq!(rest, [(2, 51_000), (3, 76_000), (0, 101_000)]);
    }
}
