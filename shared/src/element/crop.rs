//! Which part of a picture is shown.

use crate::geometry::{Bounds, Flip};

/// The sides of a crop lie on so many steps: exact in documents and files, finer than any pixel.
const STEPS: f64 = 1_048_576.0;

/// A part of a picture, in fractions of its width and height from its top left corner: each side at
/// least 0 and at most 1, and none of it empty.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Crop(Bounds);

impl Crop {
    /// All of it.
    pub const WHOLE: Self = Self(Bounds { x0: 0.0, y0: 0.0, x1: 1.0, y1: 1.0 });

    /// The part of a picture between these fractions. What reaches beyond the picture is cut off; `None` if
    /// nothing is left.
    pub fn new(part: Bounds) -> Option<Self> {
        let tidy = |side: f64| (side.clamp(0.0, 1.0) * STEPS).round() / STEPS;
        let Bounds { x0, y0, x1, y1 } = part;
        let part = Bounds { x0: tidy(x0), y0: tidy(y0), x1: tidy(x1), y1: tidy(y1) };
        // What is no number is not less than another one.
        (part.x0 < part.x1 && part.y0 < part.y1).then_some(Self(part))
    }

    /// Its sides, in fractions.
    pub fn part(self) -> Bounds {
        self.0
    }

    /// The same part where a picture is mirrored.
    pub fn mirrored(self, flip: Flip) -> Self {
        let Bounds { mut x0, mut y0, mut x1, mut y1 } = self.0;
        if flip.across {
            (x0, x1) = (1.0 - x1, 1.0 - x0);
        }
        if flip.down {
            (y0, y1) = (1.0 - y1, 1.0 - y0);
        }
        Self(Bounds { x0, y0, x1, y1 })
    }
}

impl Default for Crop {
    fn default() -> Self {
        Self::WHOLE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sides: [f64; 4], expected: Option<[f64; 4]>) {
        let bounds = |[x0, y0, x1, y1]: [f64; 4]| Bounds { x0, y0, x1, y1 };
        assert_eq!(Crop::new(bounds(sides)).map(Crop::part), expected.map(bounds));
    }

    #[test]
    fn a_crop_lies_in_the_picture_and_is_never_empty() {
        check([0.25, 0.0, 0.5, 1.0], Some([0.25, 0.0, 0.5, 1.0]));
        check([-3.0, 0.5, 7.0, f64::INFINITY], Some([0.0, 0.5, 1.0, 1.0]));
        check([0.5, 0.0, 0.5, 1.0], None);
        check([0.75, 0.0, 0.25, 1.0], None);
        check([2.0, 0.0, 3.0, 1.0], None);
        check([f64::NAN, 0.0, 1.0, 1.0], None);
        check([0.3, 0.0, 0.3 + 1e-9, 1.0], None);
    }

    #[test]
    fn mirrored_twice_it_is_the_same() {
        let part = Bounds { x0: 0.125, y0: 0.25, x1: 0.5, y1: 1.0 };
        let crop = Crop::new(part).unwrap_or_default();
        let flip = Flip { across: true, down: true };
        assert_eq!(crop.mirrored(flip).part(), Bounds { x0: 0.5, y0: 0.0, x1: 0.875, y1: 0.75 });
        assert_eq!(crop.mirrored(flip).mirrored(flip), crop);
    }
}
