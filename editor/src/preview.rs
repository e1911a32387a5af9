//! What is seen before it is written down: one's own gesture and those of the others, in one form.

use std::collections::{HashMap, HashSet};

use shared::board::Board;
use shared::element::{Arrow, Brush, Element, Frame, Ink, Path, Shape, Style};
use shared::geometry::{BoardPoint, Bounds, Geometry};
use shared::id::ElementId;
use shared::ink::InkPoint;
use shared::presence::{DrawGesture, DrawnShape, Gesture, ShownPlace};

/// How the picture of the board differs from the document right now.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Preview {
    /// Elements shown elsewhere, by how far in board units.
    pub displaced: HashMap<ElementId, (f64, f64)>,
    /// Elements shown elsewhere or in another size, by the drafts that stand for them.
    pub places: HashMap<ElementId, Geometry>,
    /// Where drafts stand for elements, whatever shows them so.
    pub drawn: HashMap<ElementId, Geometry>,
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
    /// From which its looks are drawn, as by [`scene::seed_of`].
    pub seed: u32,
}

/// A stroke that is being drawn with the pen: all of it, whether the document has it or not. Its element is
/// hidden meanwhile.
#[derive(Clone, Copy, Debug)]
pub struct FlowingInk<'a> {
    /// What the document is going to call it.
    pub id: &'a ElementId,
    /// Its looks.
    pub style: Style,
    /// Its points so far, at least one.
    pub ink: &'a Ink,
    /// Where it is expected to go on: shown at its end, until the next points come.
    pub ahead: &'a [InkPoint],
}

impl Preview {
    /// Adds what somebody else is doing.
    // Of its own, as all that a page does not need to open: browsers compile a function as a whole.
    #[inline(never)]
    pub fn show(&mut self, gesture: &Gesture, board: &Board) {
        match gesture {
            // Ink flows: see [`crate::RemoteStrokes`].
            Gesture::Idle(()) | Gesture::Laser(_) | Gesture::Ink(_) => {}
            Gesture::Place(placing) => {
                for ShownPlace { id, geometry } in &placing.places {
                    if let Some(element) = board.element(id) {
                        self.place(element, *geometry);
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
            Gesture::Reshape(line) => {
                let points: Vec<BoardPoint> = line.points.iter().map(|&it| it.into()).collect();
                let element = board.element(&line.id).filter(|_| !points.is_empty());
                if let Some(shown) = element.and_then(|it| reshaped(it, points)) {
                    self.show_as(shown);
                }
            }
        }
    }
}

impl FlowingInk<'_> {
    /// The stroke, if the pen draws it: other brushes cannot be painted piece by piece.
    pub(crate) fn of_pen(self) -> Option<Self> {
        (self.ink.brush == Brush::Pen).then_some(self)
    }

    /// Shows the stroke as a whole, if another brush draws it.
    pub(crate) fn preview(self, preview: &mut Preview) {
        if self.of_pen().is_none() {
            preview.hidden.insert(self.id.clone());
            let (style, geometry) = (self.style, Geometry::over(self.ink.bounds()));
            preview.drafts.push(Draft {
                style,
                geometry,
                shape: Shape::Ink(self.ink.clone()),
                seed: 0,
            });
        }
    }
}

/// A line or arrow with other corners.
pub(crate) fn reshaped(element: &Element, points: Vec<BoardPoint>) -> Option<Element> {
    let mut shape = element.shape.clone();
    match &mut shape {
        Shape::Line(path) | Shape::Arrow(Arrow { path, .. }) => path.points = points,
        _ => return None,
    }
    let geometry = shape.own_geometry();
    Some(Element { geometry, shape, ..element.clone() })
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
            DrawnShape::Frame(()) => Shape::Frame(Frame { name: "Frame".into() }),
            DrawnShape::Arrow(heads) => {
                Shape::Arrow(Arrow { path: Path { points }, heads, ..Arrow::default() })
            }
            DrawnShape::Elbow(heads) => {
                let path = Path { points };
                Shape::Arrow(Arrow { path, heads, is_elbow: true, ..Arrow::default() })
            }
        };
        Self { style, geometry, shape, seed: 0 }
    }

    /// The draft of an element as it stands in the document.
    pub fn of_element(element: &Element) -> Self {
        let Element { id, style, geometry, shape, .. } = element;
        Self { style: *style, geometry: *geometry, shape: shape.clone(), seed: scene::seed_of(id) }
    }
}
