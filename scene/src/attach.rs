//! How attached elements stand: arrows that end at the outlines of what they are bound to, and texts in
//! the shapes that they label. It follows from the elements as they are, and from nothing else.

mod elbow;
mod end;
mod room;

use std::collections::HashMap;
use std::sync::Arc;

use shared::board::Around;
use shared::element::{Arrow, Binding, Element, Head, Heads, Path, Shape, Text};
use shared::geometry::{BoardPoint, Geometry};
use shared::id::ElementId;

use crate::text::LINE_HEIGHT;
use elbow::{Laid, Terminal};

/// How long the piece of an elbow is that ends in a head, where there is room, in board units: the longest head and
/// half a corner.
const HEAD_ROOM: f64 = 32.0;

/// The same of the piece at a free end without a head.
const FREE_ROOM: f64 = 16.0;

pub use end::{focus, is_bindable, rim};
pub use room::{Room, grown, label_box, room, widened};

/// How `element` stands by what it is attached to; `None` if as it says itself.
pub fn attached(element: &Element, around: &dyn Around) -> Option<Element> {
    match &element.shape {
        Shape::Arrow(arrow) => attached_arrow(element, arrow, around),
        Shape::Text(text) => {
            let container = around.element(text.container.as_ref()?)?;
            let above = around.labels(&container.id);
            let above = above.iter().take_while(|label| label.id != element.id);
            let offset = above.map(|label| label.geometry.h).sum();
            let geometry = label_place(&container, text, element.geometry, offset)?;
            // It lies in the frame that the shape lies in, wherever that was moved.
            Some(Element { geometry, frame: container.frame.clone(), ..element.clone() })
        }
        _ => None,
    }
}

/// All elements of a board as they stand, from how each says itself.
pub fn attach_all(elements: Vec<Element>) -> Vec<Element> {
    let mut all = All::default();
    for element in elements.iter().cloned().map(Arc::new) {
        if let Shape::Text(Text { container: Some(container), .. }) = &element.shape {
            all.labels.entry(container.clone()).or_default().push(Arc::clone(&element));
        }
        all.by_id.insert(element.id.clone(), element);
    }
    let is_arrow = |element: &Element| matches!(element.shape, Shape::Arrow(_));
    for element in elements.iter().filter(|element| is_arrow(element)) {
        if let Some(attached) = attached(element, &all) {
            all.by_id.insert(element.id.clone(), Arc::new(attached));
        }
    }
    let stand = |element: Element| {
        let attached = if is_arrow(&element) { None } else { attached(&element, &all) };
        let known = all.by_id.get(&element.id).filter(|_| is_arrow(&element));
        attached.or_else(|| known.map(|it| (**it).clone())).unwrap_or(element)
    };
    elements.into_iter().map(stand).collect()
}

/// The elements of a board; texts as they say themselves.
#[derive(Default)]
struct All {
    by_id: HashMap<ElementId, Arc<Element>>,
    labels: HashMap<ElementId, Vec<Arc<Element>>>,
}

impl Around for All {
    fn element(&self, id: &ElementId) -> Option<Arc<Element>> {
        self.by_id.get(id).cloned()
    }

    fn labels(&self, id: &ElementId) -> Vec<Arc<Element>> {
        self.labels.get(id).cloned().unwrap_or_default()
    }
}

/// Where a text stands that labels `container`, `offset` board units below where the first one would be.
fn label_place(container: &Element, text: &Text, own: Geometry, offset: f64) -> Option<Geometry> {
    Some(room(container, text.size)?.place(text, own.w, own.h).moved_along(offset))
}

trait Along {
    fn moved_along(self, offset: f64) -> Self;
}

impl Along for Geometry {
    /// Moved down as seen by who is turned with it.
    fn moved_along(self, offset: f64) -> Self {
        let (sin, cos) = self.angle.sin_cos();
        self.moved(-sin * offset, cos * offset)
    }
}

/// The corners of a line or arrow where they are on the board, and turned.
pub fn corners(element: &Element) -> Vec<BoardPoint> {
    let (Shape::Line(path) | Shape::Arrow(Arrow { path, .. })) = &element.shape else {
        return Vec::new();
    };
    let (natural, geometry) = (path.bounds(), element.geometry);
    let place = |&point: &BoardPoint| {
        let at = geometry.place(natural, point);
        if geometry.angle == 0.0 { at } else { at.rotated(geometry.center(), geometry.angle) }
    };
    path.points.iter().map(place).collect()
}

/// What an arrow's end is bound to.
type Target = Option<(Binding, Arc<Element>)>;

fn attached_arrow(element: &Element, arrow: &Arrow, around: &dyn Around) -> Option<Element> {
    let (start, end) = (bindable(&arrow.start, around), bindable(&arrow.end, around));
    let frame = frame_of(element, &start, &end);
    let label = around.labels(&element.id).into_iter().fold(None, |so_far, label| {
        let (w, h) = so_far.unwrap_or((0.0, 0.0));
        let is_empty = matches!(&label.shape, Shape::Text(text) if text.value.trim().is_empty());
        if is_empty { so_far } else { Some((label.geometry.w.max(w), h + label.geometry.h)) }
    });
    let is_bound = start.is_some() || end.is_some();
    if !is_bound && label == arrow.label && !arrow.is_elbow {
        return None;
    }
    let mut points = corners(element);
    let (first, last) = (*points.first()?, *points.last()?);
    let aims = (aim(&start, first), aim(&end, last));
    let mut fixed = arrow.fixed.clone();
    if arrow.is_elbow {
        let ends = ((&start, first, aims.0), (&end, last, aims.1));
        (points, fixed) = led(ends, arrow.heads, points, fixed, Stays::WhereItLeads);
    } else if is_bound && points.len() > 1 {
        let n = points.len();
        let is_direct = n == 2;
        let after = if is_direct { aims.1 } else { points[1] };
        let before = if is_direct { aims.0 } else { points[n - 2] };
        let end_at = |target: Target, from, own| match target {
            Some((binding, target)) => rim(&target, binding.at, binding.gap, from),
            None => own,
        };
        (points[0], points[n - 1]) = (end_at(start, after, first), end_at(end, before, last));
    }
    let path = Path { points };
    let geometry = Geometry::over(path.bounds());
    let shape = Shape::Arrow(Arrow { path, label, fixed, ..arrow.clone() });
    Some(Element { geometry, shape, frame, ..element.clone() })
}

/// An end of an elbow: what it is bound to, where it is otherwise, and where it aims.
type End<'a> = (&'a Target, BoardPoint, BoardPoint);

/// Whether a course stays as it is.
#[derive(Clone, Copy, PartialEq)]
enum Stays {
    /// If it still leads there.
    WhereItLeads,
    /// No: it is found anew.
    No,
}

/// The corners of an elbow's course and the pieces of it that were laid by hand, from those that it has so far.
fn led(
    (start, end): (End<'_>, End<'_>),
    heads: Heads,
    points: Vec<BoardPoint>,
    fixed: Vec<usize>,
    stays: Stays,
) -> (Vec<BoardPoint>, Vec<usize>) {
    let mut laid = Laid::of(&points, &fixed);
    let (from, to) = match &mut laid {
        Some(laid) => {
            let along = |(target, own, _): End<'_>, head, line| match target {
                Some((to, it)) => Terminal::before_line(it, to, line, head_room(head)),
                None => Terminal::free_before_line(own, head_room(head).max(FREE_ROOM)),
            };
            let ends =
                |(first, last)| (along(start, heads.start, first), along(end, heads.end, last));
            let (from, to) = ends(laid.ends());
            laid.make_room(&from, &to);
            ends(laid.ends())
        }
        None => {
            // Each looks towards the other end.
            let ends = |(target, own, _): End<'_>, head, towards| match target {
                Some((to, it)) => Terminal::bound(it, to, towards, head_room(head)),
                // A piece that is no longer than its corner is round looks like a hook.
                None => Terminal::free(own, towards, head_room(head).max(FREE_ROOM)),
            };
            (ends(start, heads.start, end.2), ends(end, heads.end, start.2))
        }
    };
    if stays == Stays::WhereItLeads && points.len() > 2 && is_square(&points) {
        let backward = [points[points.len() - 1], points[points.len() - 2]];
        let n = if laid.is_some() { usize::MAX } else { 1 };
        let is_there = |ends: &[Terminal], way| ends.iter().take(n).any(|end| end.begins(way));
        // A course that somebody chose stays while it still leads there.
        if is_there(&from, [points[0], points[1]]) && is_there(&to, backward) {
            return (points, fixed);
        }
    }
    let course = laid.and_then(|laid| laid.course(&from, &to));
    course.unwrap_or_else(|| (elbow::best(&from, &to), Vec::new()))
}

/// How long the piece before a head should be, in board units.
fn head_room(head: Head) -> f64 {
    if head == Head::None { 0.0 } else { HEAD_ROOM }
}

/// An elbow with one of its pieces laid through a place, where it then stays; or, without a place, left to find
/// its own way again. Pieces have the numbers of the corners that they begin at.
pub fn laid(
    element: &Element,
    piece: usize,
    through: Option<BoardPoint>,
    around: &dyn Around,
) -> Option<Element> {
    let Shape::Arrow(arrow) = &element.shape else { return None };
    let mut points = corners(element);
    let (first, last) = (*points.first()?, *points.last()?);
    let (start, end) = (bindable(&arrow.start, around), bindable(&arrow.end, around));
    let mut fixed: Vec<usize> = arrow.fixed.iter().copied().filter(|it| *it != piece).collect();
    if let (Some(at), [.., a, b]) = (through, points.get_mut(..piece + 2)?) {
        if (a.x - b.x).abs() >= (a.y - b.y).abs() {
            (a.y, b.y) = (at.y, at.y);
        } else {
            (a.x, b.x) = (at.x, at.x);
        }
        fixed = Arrow::pieces(fixed.into_iter().chain([piece]), points.len());
    }
    let aims = (aim(&start, first), aim(&end, last));
    let ends = ((&start, first, aims.0), (&end, last, aims.1));
    let (points, fixed) = led(ends, arrow.heads, points, fixed, Stays::No);
    let shape = Shape::Arrow(Arrow { path: Path { points }, fixed, ..arrow.clone() });
    Some(Element { geometry: shape.own_geometry(), shape, ..element.clone() })
}

fn bindable(binding: &Option<Binding>, around: &dyn Around) -> Target {
    let binding = binding.clone()?;
    let target = around.element(&binding.element)?;
    is_bindable(&target).then_some((binding, target))
}

/// Where an end points to, or where it is.
fn aim(target: &Target, own: BoardPoint) -> BoardPoint {
    target.as_ref().map_or(own, |(binding, target)| focus(target, binding.at))
}

/// The frame that a bound arrow lies in: no frame cuts it off from what it is bound to.
fn frame_of(element: &Element, start: &Target, end: &Target) -> Option<ElementId> {
    let mut targets = [start, end].into_iter().flatten().map(|(_, target)| &target.frame);
    match (targets.next(), targets.next()) {
        (Some(one), Some(other)) => one.clone().filter(|_| one == other),
        (Some(one), None) => one.clone().filter(|_| *one == element.frame),
        (None, _) => element.frame.clone(),
    }
}

/// Whether a course runs across and down only.
fn is_square(points: &[BoardPoint]) -> bool {
    let is_straight =
        |(a, b): (&BoardPoint, &BoardPoint)| (a.x - b.x).abs() < 0.5 || (a.y - b.y).abs() < 0.5;
    points.iter().zip(&points[1..]).all(is_straight)
}

/// The height that a text of so many lines takes, in board units.
pub fn text_height(n_lines: usize, size: f64) -> f64 {
    n_lines as f64 * size * LINE_HEIGHT
}
