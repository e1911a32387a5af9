//! Two fingers: their middle pans, their distance zooms.

use crate::camera::{Camera, ScreenPoint};

/// The fingers on the canvas.
#[derive(Default)]
pub(crate) struct Touches {
    fingers: Vec<(i32, ScreenPoint)>,
}

impl Touches {
    /// A finger went down. Whether there are two now.
    pub(crate) fn handle_down(&mut self, id: i32, at: ScreenPoint) -> bool {
        self.handle_up(id);
        self.fingers.push((id, at));
        self.fingers.len() == 2
    }

    /// A finger went up or was taken away.
    pub(crate) fn handle_up(&mut self, id: i32) {
        self.fingers.retain(|(finger, _)| *finger != id);
    }

    /// A finger moved: the camera follows if there are two.
    pub(crate) fn handle_move(&mut self, id: i32, at: ScreenPoint, camera: &mut Camera) {
        let before = self.middle_and_spread();
        if let Some(finger) = self.fingers.iter_mut().find(|(finger, _)| *finger == id) {
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
