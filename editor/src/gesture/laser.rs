//! Pointing with the laser: a trail that others see and that fades. Nothing of it is written.

use shared::geometry::BoardPoint;
use shared::limits::GESTURE_POINTS_MAX;
use shared::presence::{Gesture, LaserGesture};
use shared::time::Time;

use crate::trails::FADE;

/// A trail in progress.
pub(crate) struct Laser {
    /// How many points came before those that are kept.
    n_gone: u32,
    points: Vec<(BoardPoint, Time)>,
}

impl Laser {
    pub(crate) fn begin(at: BoardPoint, now: Time) -> Self {
        Self { n_gone: 0, points: vec![(at, now)] }
    }

    pub(crate) fn drag(&mut self, points: impl Iterator<Item = BoardPoint>, now: Time) {
        self.points.extend(points.map(|at| (at, now)));
        let is_old = |(_, at): &(BoardPoint, Time)| now.since(*at) > FADE;
        let n_old = self.points.iter().take_while(|point| is_old(point)).count();
        let n_old = n_old.max(self.points.len().saturating_sub(GESTURE_POINTS_MAX));
        self.points.drain(..n_old);
        self.n_gone += n_old as u32;
    }

    pub(crate) fn shown(&self) -> Gesture {
        let points = self.points.iter().map(|(at, _)| (*at).into()).collect();
        Gesture::Laser(LaserGesture { from: self.n_gone, points })
    }
}
