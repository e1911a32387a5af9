//! What is seen before it is written down: one's own gesture and those of the others, in one form.

use std::collections::{HashMap, HashSet};

use shared::board::Board;
use shared::element::{Arrow, Element, Frame, Ink, Path, Shape, Style};
use shared::geometry::{BoardPoint, Bounds, Geometry};
use shared::id::ElementId;
use shared::ink::decode_chunk;
use shared::presence::{DrawGesture, DrawnShape, Gesture, InkGesture, ShownPlace};

/// How the picture of the board differs from the document right now.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Preview {
    /// Elements shown elsewhere, by how far in board units.
    pub displaced: HashMap<ElementId, (f64, f64)>,
    /// Elements about to be erased.
    pub dimmed: HashSet<ElementId>,
    /// Elements not shown because a draft stands for them.
    pub hidden: HashSet<ElementId>,
    /// Shapes shown over the board.
    pub drafts: Vec<Draft>,
}

/// A shape that is not in the document yet, or not all of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Draft {
    /// Its looks.
    pub style: Style,
    /// Where it is.
    pub geometry: Geometry,
    /// What it is.
    pub shape: Shape,
}

/// A stroke that is being drawn: all of it, whether the document has it or not. Its element is hidden
/// meanwhile.
#[derive(Clone, Copy, Debug)]
pub struct FlowingInk<'a> {
    /// What the document is going to call it.
    pub id: &'a ElementId,
    /// Its looks.
    pub style: Style,
    /// Its points so far, at least one.
    pub ink: &'a Ink,
}

impl Preview {
    /// Adds what somebody else is doing.
    pub fn show(&mut self, gesture: &Gesture, board: &Board) {
        match gesture {
            Gesture::Idle(()) | Gesture::Laser(_) => {}
            Gesture::Place(placing) => {
                for ShownPlace { id, geometry } in &placing.places {
                    if let Some(element) = board.element(id) {
                        self.hidden.insert(id.clone());
                        let draft = Draft::of_element(element);
                        self.drafts.push(Draft { geometry: *geometry, ..draft });
                    }
                }
            }
            Gesture::Move(moving) => {
                let by = BoardPoint::from(moving.by);
                for id in &moving.ids {
                    self.displaced.insert(id.clone(), (by.x, by.y));
                }
            }
            Gesture::Draw(draw) => self.drafts.extend(Draft::of_shape(draw)),
            Gesture::Ink(ink) => {
                if let Some(draft) = Draft::of_ink(ink, board) {
                    self.hidden.insert(ink.id.clone());
                    self.drafts.push(draft);
                }
            }
        }
    }
}

impl Draft {
    /// A shape being dragged open; `None` while it has no points.
    fn of_shape(draw: &DrawGesture) -> Option<Self> {
        let points: Vec<BoardPoint> = draw.points.iter().map(|&point| point.into()).collect();
        if points.is_empty() {
            return None;
        }
        Some(Self::of_points(draw.shape, draw.style.sanitized(), points))
    }

    /// A shape through `points`: for boxes, two opposite corners.
    pub(crate) fn of_points(shape: DrawnShape, style: Style, points: Vec<BoardPoint>) -> Self {
        let geometry = Geometry::over(Bounds::around(points.iter().copied()));
        let shape = match shape {
            DrawnShape::Rectangle(()) => Shape::Rectangle,
            DrawnShape::Ellipse(()) => Shape::Ellipse,
            DrawnShape::Diamond(()) => Shape::Diamond,
            DrawnShape::Line(()) => Shape::Line(Path { points }),
            DrawnShape::Triangle(()) => Shape::Triangle,
            DrawnShape::Note(()) => Shape::Note,
            DrawnShape::Frame(()) => Shape::Frame(Frame::default()),
            DrawnShape::Arrow(heads) => {
                Shape::Arrow(Arrow { path: Path { points }, heads, ..Arrow::default() })
            }
            DrawnShape::Elbow(heads) => {
                let path = Path { points };
                Shape::Arrow(Arrow { path, heads, is_elbow: true, ..Arrow::default() })
            }
        };
        Self { style, geometry, shape }
    }

    /// What the document has of a stroke, and what the gesture has beyond it.
    fn of_ink(gesture: &InkGesture, board: &Board) -> Option<Self> {
        let ahead = decode_chunk(&gesture.chunk).ok()?;
        let written = board.element(&gesture.id);
        let (mut ink, style) = match written.map(|element| (&element.shape, element.style)) {
            Some((Shape::Ink(ink), style)) => (ink.clone(), style),
            Some(_) => return None,
            None => (Ink::default(), gesture.style.sanitized()),
        };
        // The points that the document has by now are not shown twice.
        let n_known = ink.points.len().checked_sub(gesture.from as usize)?;
        ink.points.extend(ahead.points.get(n_known..)?);
        ink.has_pressure |= ahead.has_pressure;
        let geometry = written.map(|element| element.geometry);
        Some(Self::of_whole_ink(ink, style, geometry))
    }

    /// Ink in progress. It lies where its points are, unless somebody moved it meanwhile.
    pub(crate) fn of_whole_ink(ink: Ink, style: Style, written: Option<Geometry>) -> Self {
        let mut geometry = Geometry::over(ink.bounds());
        geometry.angle = written.map_or(0.0, |written| written.angle);
        Self { style, geometry, shape: Shape::Ink(ink) }
    }

    /// The draft of an element as it stands in the document.
    pub fn of_element(element: &Element) -> Self {
        Self { style: element.style, geometry: element.geometry, shape: element.shape.clone() }
    }
}
