//! Where the pen really went: points without the hand's tremble, each with the pen's thickness.

use kurbo::Point;

use super::radius;

/// How far the smoothed pen goes towards each next point: less is smoother and lags more.
const FOLLOW: f64 = 0.575;

/// Points closer than this part of the pen's size to the one before say nothing new.
const STEP_MIN: f64 = 0.02;

/// How fast a made-up pressure follows the speed.
const PRESSURE_FOLLOW: f64 = 0.275;

/// A place on the course.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    /// The middle of the pen.
    pub(super) at: Point,
    /// Half the thickness there.
    pub(super) radius: f64,
}

/// The smoothed course of a pen of `size`; its first and last points stay where they are.
pub(super) fn course(
    points: impl IntoIterator<Item = (Point, f32)>,
    size: f64,
    has_pressure: bool,
) -> Vec<Sample> {
    let width = size / super::PEN_PER_WIDTH;
    let mut points = points.into_iter().filter(|(at, _)| at.is_finite()).peekable();
    let Some((mut at, first)) = points.next() else { return Vec::new() };
    let mut pressure = f64::from(first);
    let mut course = vec![Sample { at, radius: radius(width, pressure) }];
    while let Some((raw, measured)) = points.next() {
        let is_last = points.peek().is_none();
        let next = if is_last { raw } else { at.lerp(raw, FOLLOW) };
        let step = next.distance(at);
        if step <= size * STEP_MIN {
            continue;
        }
        pressure =
            if has_pressure { f64::from(measured) } else { speed_pressure(pressure, step / size) };
        at = next;
        course.push(Sample { at, radius: radius(width, pressure) });
    }
    if let ([start, second, ..], false) = (course.as_mut_slice(), has_pressure) {
        // The made-up pressure needs a step to settle; without this strokes start with a blob.
        start.radius = second.radius;
    }
    course
}

/// The next pressure of a pen that moved by `step`, in pen sizes: fast is light, slow is hard.
fn speed_pressure(pressure: f64, step: f64) -> f64 {
    let speed = step.min(1.0);
    (pressure + (1.0 - speed - pressure) * speed * PRESSURE_FOLLOW).min(1.0)
}
