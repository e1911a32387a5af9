//! Two fingers: their middle pans, their distance zooms. A short tap of two or three is told of.

use std::time::Duration;

use shared::time::Time;

use crate::camera::{Camera, ScreenPoint};

/// The fingers on the canvas.
#[derive(Default)]
pub(crate) struct Touches {
    fingers: Vec<(i32, ScreenPoint)>,
    /// When the first went down.
    began: Time,
    /// How many there were at most since then.
    n_most: usize,
    /// How far any of them moved, in pixels.
    moved: f64,
}

/// A tap is over after this long.
const TAP: Duration = Duration::from_millis(300);
/// Fingers that tap move less than this many pixels, all steps added.
const TAP_REACH: f64 = 16.0;

impl Touches {
    /// A finger went down. Whether there are several now.
    pub(crate) fn handle_down(&mut self, id: i32, at: ScreenPoint, now: Time) -> bool {
        self.handle_up(id);
        if self.fingers.is_empty() {
            (self.began, self.n_most, self.moved) = (now, 0, 0.0);
        }
        self.fingers.push((id, at));
        self.n_most = self.n_most.max(self.fingers.len());
        self.fingers.len() > 1
    }

    /// How many fingers have just tapped; 0 if they did something else.
    pub(crate) fn tapped(&self, now: Time) -> usize {
        let is_tap = now.since(self.began) < TAP && self.moved < TAP_REACH;
        if is_tap { self.n_most } else { 0 }
    }

    /// Forgets all fingers: they are not meant.
    pub(crate) fn clear(&mut self) {
        self.fingers.clear();
    }

    /// A finger went up or was taken away.
    pub(crate) fn handle_up(&mut self, id: i32) {
        self.fingers.retain(|(finger, _)| *finger != id);
    }

    /// A finger moved: the camera follows if there are two.
    pub(crate) fn handle_move(&mut self, id: i32, at: ScreenPoint, camera: &mut Camera) {
        let before = self.middle_and_spread();
        if let Some(finger) = self.fingers.iter_mut().find(|(finger, _)| *finger == id) {
            self.moved += finger.1.distance(at);
            finger.1 = at;
        }
        if let (Some((middle, spread)), Some((new_middle, new_spread))) =
            (before, self.middle_and_spread())
        {
            camera.pan(new_middle.x - middle.x, new_middle.y - middle.y);
            if spread > 1.0 && new_spread > 1.0 {
                camera.zoom_by(new_spread / spread, new_middle);
            }
        }
    }

    /// Whether no finger is left.
    pub(crate) fn is_empty(&self) -> bool {
        self.fingers.is_empty()
    }

    fn middle_and_spread(&self) -> Option<(ScreenPoint, f64)> {
        let [(_, a), (_, b), ..] = self.fingers[..] else { return None };
        Some((a.midpoint(b), a.distance(b)))
    }
}
