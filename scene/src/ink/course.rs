//! Where the pen really went: points without the hand's tremble, each with the pen's thickness.

use kurbo::Point;

use super::radius;

/// How far the smoothed pen goes towards each next point: less is smoother and lags more.
const FOLLOW: f64 = 0.575;

/// Points closer than this part of the pen's size to the one before say nothing new.
const STEP_MIN: f64 = 0.02;

/// How fast a made-up pressure follows the speed.
const PRESSURE_FOLLOW: f64 = 0.275;

/// Points after which a made-up pressure has found the hand's speed.
const SETTLING_POINTS: usize = 12;

/// A place on the course.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    /// The middle of the pen.
    pub(super) at: Point,
    /// Half the thickness there.
    pub(super) radius: f64,
}

/// A pen on its way.
#[derive(Clone, Debug)]
pub(super) struct Course {
    at: Point,
    pressure: f64,
    width: f64,
    size: f64,
    has_pressure: bool,
}

impl Course {
    /// As many points have to be known for the course to begin.
    pub(super) const N_FIRST: usize = SETTLING_POINTS + 1;

    /// The beginning of a course through `points`, of which there is at least one; all of them are
    /// numbers.
    pub(super) fn begin(points: &[(Point, f32)], size: f64, has_pressure: bool) -> Option<Self> {
        let &(at, first) = points.first()?;
        let pressure = if has_pressure { f64::from(first) } else { settled_pressure(points, size) };
        let width = size / super::PEN_PER_WIDTH;
        Some(Self { at, pressure, width, size, has_pressure })
    }

    /// Where it is.
    pub(super) fn here(&self) -> Sample {
        Sample { at: self.at, radius: radius(self.width, self.pressure) }
    }

    /// Goes on towards a point. The place where it is then, if that is somewhere else.
    pub(super) fn pass(&mut self, (raw, measured): (Point, f32)) -> Option<Sample> {
        self.step(self.at.lerp(raw, FOLLOW), measured)
    }

    /// Goes on to the last point, and all the way.
    pub(super) fn end(mut self, (raw, measured): (Point, f32)) -> Option<Sample> {
        self.step(raw, measured)
    }

    fn step(&mut self, next: Point, measured: f32) -> Option<Sample> {
        let step = next.distance(self.at);
        if step <= self.size * STEP_MIN || !step.is_finite() {
            return None;
        }
        self.pressure = if self.has_pressure {
            f64::from(measured)
        } else {
            speed_pressure(self.pressure, step / self.size)
        };
        self.at = next;
        Some(self.here())
    }
}

/// The smoothed course of a pen of `size`; its first and last points stay where they are.
pub(super) fn course(
    points: impl IntoIterator<Item = (Point, f32)>,
    size: f64,
    has_pressure: bool,
) -> Vec<Sample> {
    numbered(points, size, has_pressure).into_iter().map(|(_, sample)| sample).collect()
}

/// The same course, each place with the number of the point that led there.
pub(super) fn numbered(
    points: impl IntoIterator<Item = (Point, f32)>,
    size: f64,
    has_pressure: bool,
) -> Vec<(usize, Sample)> {
    let points: Vec<_> = points.into_iter().filter(|(at, _)| at.is_finite()).collect();
    let Some(mut pen) = Course::begin(&points, size, has_pressure) else { return Vec::new() };
    let mut course = vec![(0, pen.here())];
    if let [_, between @ .., last] = points.as_slice() {
        let pass = |(n, &point)| Some((n + 1, pen.pass(point)?));
        course.extend(between.iter().enumerate().filter_map(pass));
        course.extend(pen.end(*last).map(|sample| (points.len() - 1, sample)));
    }
    if let ([(_, start), (_, second), ..], false) = (course.as_mut_slice(), has_pressure) {
        // The made-up pressure needs a step to settle; without this strokes start with a blob.
        start.radius = second.radius;
    }
    course
}

/// The made-up pressure after the first few points: strokes begin with it, or each would begin with a
/// thick end that thins out.
fn settled_pressure(points: &[(Point, f32)], size: f64) -> f64 {
    let steps = points.windows(2).take(SETTLING_POINTS).map(|pair| pair[0].0.distance(pair[1].0));
    steps.fold(0.5, |pressure, step| speed_pressure(pressure, step / size))
}

/// The next pressure of a pen that moved by `step`, in pen sizes: fast is light, slow is hard.
fn speed_pressure(pressure: f64, step: f64) -> f64 {
    let speed = step.min(1.0);
    (pressure + (1.0 - speed - pressure) * speed * PRESSURE_FOLLOW).min(1.0)
}
