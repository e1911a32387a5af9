//! Who was shown what, and how late.

use std::ops::Range;

use crate::histogram::Histogram;

/// Numbers after which a sender's times are overwritten: minutes, where servers lag by seconds.
const REMEMBERED: usize = 4096;

/// Keeps count. Times are microseconds of the load's clock.
pub struct Tally {
    /// How many share each room; clients are counted through, room by room.
    per_room: usize,
    /// The first client of each client's room.
    rooms: Vec<usize>,
    /// When the window begins and ends; what is sent in it counts.
    window: Range<u64>,
    /// The last number that each client sent.
    numbers: Vec<u32>,
    /// When: for each number, for each client.
    sent: Vec<u64>,
    /// For each receiver, for each sender of its room, the last number heard.
    heard: Vec<u32>,
    count: Count,
}

/// What was counted.
#[derive(Clone, Default)]
pub struct Count {
    /// Deliveries owed: what was sent in the window, times those who are to hear it.
    pub expected: u64,
    /// Deliveries of what was sent in the window.
    pub delivered: u64,
    /// Those that a later one of the same sender overtook, so that it came in their place.
    pub overtaken: u64,
    /// Deliveries during the window, whenever sent.
    pub heard_in_window: u64,
    /// From sending to hearing, of what was sent in the window.
    pub latency: Histogram,
}

impl Tally {
    /// Nothing sent yet, and a window that never begins.
    pub fn new(n_clients: usize, per_room: usize) -> Self {
        Self {
            per_room,
            rooms: (0..n_clients).map(|index| index - index % per_room).collect(),
            window: u64::MAX..u64::MAX,
            numbers: vec![0; n_clients],
            sent: vec![0; n_clients * REMEMBERED],
            heard: vec![0; n_clients * per_room],
            count: Count::default(),
        }
    }

    /// Sets the window.
    pub fn set_window(&mut self, window: Range<u64>) {
        self.window = window;
    }

    /// What was counted so far.
    pub fn count(&self) -> &Count {
        &self.count
    }

    /// A client sends at `now`. Gives the number to be sent, and expects all others to hear it.
    pub fn send(&mut self, sender: usize, now: u64) -> u32 {
        if self.window.contains(&now) {
            self.count.expected += self.per_room as u64 - 1;
        }
        self.numbers[sender] += 1;
        let number = self.numbers[sender];
        let at = self.place(sender, number);
        self.sent[at] = now;
        number
    }

    /// Where in `sent` the time is.
    fn place(&self, sender: usize, number: u32) -> usize {
        number as usize % REMEMBERED * self.numbers.len() + sender
    }

    /// A client hears a number at `now`. What it has heard already does not count, nor does what it
    /// sent itself.
    #[inline]
    pub fn hear(&mut self, receiver: usize, sender: usize, number: u32, now: u64) {
        let in_room = sender.wrapping_sub(self.rooms[receiver]);
        if in_room >= self.per_room || sender == receiver {
            return;
        }
        let sent = self.sent[self.place(sender, number)];
        let heard = &mut self.heard[receiver * self.per_room + in_room];
        if number <= *heard || number > self.numbers[sender] {
            return;
        }
        let overtaken = *heard + 1..number;
        *heard = number;
        if self.window.contains(&now) {
            self.count.heard_in_window += 1;
        }
        if self.window.contains(&sent) {
            self.count.delivered += 1;
            self.count.latency.add(now - sent);
        }
        for number in overtaken {
            let sent = self.sent[self.place(sender, number)];
            self.count.overtaken += u64::from(self.window.contains(&sent));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_delivery_counts_once_and_only_within_a_room() {
        let mut tally = Tally::new(6, 3);
        tally.send(4, 50);
        tally.set_window(100..200);
        assert_eq!([tally.send(4, 100), tally.send(4, 150), tally.send(4, 250)], [2, 3, 4]);
        for number in [1, 2, 2, 3, 4, 9] {
            tally.hear(3, 4, number, 199);
        }
        tally.hear(4, 4, 2, 120);
        tally.hear(1, 4, 2, 120);
        tally.hear(5, 4, 3, 260);
        let count = tally.count();
        assert_eq!(count.expected, 4, "two in the window, for two others");
        assert_eq!(count.delivered, 3);
        assert_eq!(count.overtaken, 1, "the fifth client never heard 2, nor 1, which is too early");
        assert_eq!(count.heard_in_window, 4);
        assert_eq!(count.latency.quantile(0.0), Some(49));
    }
}
