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

/// The smoothed course of a pen of `size`; its first and last points stay where they are.
pub(super) fn course(
    points: impl IntoIterator<Item = (Point, f32)>,
    size: f64,
    has_pressure: bool,
) -> Vec<Sample> {
    let width = size / super::PEN_PER_WIDTH;
    let points: Vec<_> = points.into_iter().filter(|(at, _)| at.is_finite()).collect();
    let settled = settled_pressure(&points, size);
    let mut points = points.into_iter().peekable();
    let Some((mut at, first)) = points.next() else { return Vec::new() };
    let mut pressure = if has_pressure { f64::from(first) } else { settled };
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
