//! What stands at the ends of arrows.
//!
//! A head points along the last bit of its line, not along the chord, and never takes more than half
//! of the last segment, so that short arrows stay arrows.

use kurbo::{BezPath, ParamCurve, PathSeg, Point, Vec2};
use shared::element::{Head, Heads, Style};

use crate::display::Item;
use crate::outline::circle;

/// How far back along its line the direction of a head is measured, as a part of the segment.
const LOOK_BACK: f64 = 0.3;

/// The heads of an arrow that runs along `line`.
pub(crate) fn heads(line: &BezPath, heads: Heads, style: &Style) -> Vec<Item> {
    let (first, last) = (line.segments().next(), line.segments().last());
    let start = first.and_then(|segment| head(heads.start, segment.reverse(), style));
    let end = last.and_then(|segment| head(heads.end, segment, style));
    start.into_iter().chain(end).collect()
}

/// The head at the end of `segment`; none where the segment has no direction.
fn head(head: Head, segment: PathSeg, style: &Style) -> Option<Item> {
    let tip = segment.end();
    let back = segment.eval(1.0 - LOOK_BACK) - tip;
    let room = (segment.start() - tip).hypot();
    if back.hypot() == 0.0 || room == 0.0 {
        return None;
    }
    let back = back.normalize();
    let size = |full: f64, part: f64| full.min(room * part);
    // A point beside the line: this far from the tip, this many degrees off its way back.
    let beside = |distance: f64, degrees: f64| -> Point {
        tip + turned(back, degrees.to_radians()) * distance
    };
    match head {
        Head::None => None,
        Head::Arrow | Head::CrowfootMany => {
            let length = size(25.0, 0.5);
            stroke(&[beside(length, 20.0), tip, beside(length, -20.0)], style)
        }
        Head::Bar | Head::CrowfootOne | Head::CrowfootOneOrMany => {
            let length = size(15.0, 0.5);
            stroke(&[beside(length, 90.0), beside(length, -90.0)], style)
        }
        Head::Triangle | Head::TriangleOutline => {
            let length = size(15.0, 0.5);
            fill(polygon(&[tip, beside(length, 25.0), beside(length, -25.0)]), style)
        }
        Head::Diamond | Head::DiamondOutline => {
            let length = size(12.0, 0.25);
            let far = beside(length * 2.0, 0.0);
            fill(polygon(&[tip, beside(length, 25.0), far, beside(length, -25.0)]), style)
        }
        Head::Dot | Head::DotOutline => {
            fill(circle(tip, (size(15.0, 0.5) + style.width - 2.0).max(1.0) / 2.0), style)
        }
    }
}

fn turned(direction: Vec2, angle: f64) -> Vec2 {
    let (sin, cos) = angle.sin_cos();
    Vec2::new(direction.x * cos - direction.y * sin, direction.x * sin + direction.y * cos)
}

fn polygon(points: &[Point]) -> BezPath {
    let mut path = polyline(points);
    path.close_path();
    path
}

fn polyline(points: &[Point]) -> BezPath {
    let mut path = BezPath::new();
    for (index, &point) in points.iter().enumerate() {
        if index == 0 { path.move_to(point) } else { path.line_to(point) }
    }
    path
}

fn fill(path: BezPath, style: &Style) -> Option<Item> {
    (!style.stroke.is_transparent()).then_some(Item::Fill { path, color: style.stroke })
}

/// Heads are unbroken even where their line is dashed.
fn stroke(points: &[Point], style: &Style) -> Option<Item> {
    let visible = !style.stroke.is_transparent() && style.width > 0.0;
    visible.then(|| Item::Stroke {
        path: polyline(points),
        color: style.stroke,
        width: style.width,
        dash: Vec::new(),
    })
}
