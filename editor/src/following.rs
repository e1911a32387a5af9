//! What follows the elements that gestures move, before anything is written: arrows that are bound to them,
//! and their labels.

use std::collections::BTreeSet;
use std::sync::Arc;

use shared::board::{Around, Board};
use shared::element::{Element, Shape};
use shared::geometry::Geometry;
use shared::id::ElementId;

use crate::preview::{Draft, Preview};
use crate::tied::{is_left, slid};

/// The board as it is shown.
struct Shown<'a> {
    board: &'a Board,
    preview: &'a Preview,
    /// An arrow that is not on the board as it is.
    arrow: Option<&'a Arc<Element>>,
}

impl Around for Shown<'_> {
    fn element(&self, id: &ElementId) -> Option<Arc<Element>> {
        if let Some(arrow) = self.arrow.filter(|arrow| arrow.id == *id) {
            return Some(Arc::clone(arrow));
        }
        let element = Around::element(self.board, id)?;
        let geometry = self.preview.place_of(&element);
        if geometry == element.geometry {
            return Some(element);
        }
        Some(Arc::new(Element { geometry, ..(*element).clone() }))
    }

    fn labels(&self, id: &ElementId) -> Vec<Arc<Element>> {
        self.board.labels(id)
    }
}

impl Preview {
    /// Shows an element elsewhere, or in another size.
    pub(crate) fn place(&mut self, element: &Element, geometry: Geometry) {
        let mut placed = Element { geometry, ..element.clone() };
        if let Shape::Text(text) = &mut placed.shape {
            // By a corner the letters grow with their box; by a side they do not.
            let (across, down) = (geometry.w / element.geometry.w, geometry.h / element.geometry.h);
            if (across - down).abs() < 0.02 * down {
                text.size *= down;
            }
        }
        self.show_as(placed);
        self.places.insert(element.id.clone(), geometry);
    }

    /// Shows an element otherwise than it is on the board.
    pub(crate) fn show_as(&mut self, element: Element) {
        self.drafts.push(Draft::of_element(&element));
        self.drawn.insert(element.id.clone(), element.geometry);
        self.hidden.insert(element.id);
    }

    /// Where an element is seen, moved or drawn otherwise.
    pub fn seen_at(&self, element: &Element) -> Geometry {
        self.drawn.get(&element.id).copied().unwrap_or_else(|| self.place_of(element))
    }

    /// Where an element is shown, by what moves it.
    fn place_of(&self, element: &Element) -> Geometry {
        let (dx, dy) = self.displaced.get(&element.id).copied().unwrap_or_default();
        self.places.get(&element.id).copied().unwrap_or_else(|| element.geometry.moved(dx, dy))
    }

    /// Adds what follows from what is moved so far. To be called when all gestures are in.
    pub fn follow(&mut self, board: &Board) {
        let moved: Vec<ElementId> =
            self.displaced.keys().chain(self.places.keys()).cloned().collect();
        let mut arrows = BTreeSet::new();
        for id in &moved {
            arrows.extend(board.naming(id).filter(|it| is_arrow(it)).map(|it| it.id.clone()));
        }
        for id in arrows.iter().filter_map(|id| board.element(id)) {
            self.follow_with_arrow(board, id);
        }
        for id in moved.iter().filter(|id| !arrows.contains(*id)) {
            self.slide(board, id);
            self.follow_with_labels(board, id, None);
        }
    }

    /// An arrow that is moved and leaves behind what it is bound to.
    // Of its own, as all that a page does not need to open: browsers compile a function as a whole.
    #[inline(never)]
    fn slide(&mut self, board: &Board, id: &ElementId) {
        let (Some(by), Some(element)) = (self.displaced.get(id).copied(), board.element(id)) else {
            return;
        };
        let is_left = |arrow| is_left(arrow, |_| false);
        if !matches!(&element.shape, Shape::Arrow(arrow) if is_left(arrow)) {
            return;
        }
        self.displaced.remove(id);
        if let Some(slid) = slid(element, by, board) {
            let slid = Arc::new(scene::attached(&slid, board).unwrap_or(slid));
            self.follow_with_labels(board, id, Some(&slid));
            self.show_as((*slid).clone());
        }
    }

    // Of its own, as all that a page does not need to open: browsers compile a function as a whole.
    #[inline(never)]
    fn follow_with_arrow(&mut self, board: &Board, element: &Arc<Element>) {
        let Shape::Arrow(arrow) = &element.shape else { return };
        let ends = || [&arrow.start, &arrow.end].into_iter().flatten();
        let by = ends().next().and_then(|end| self.displaced.get(&end.element).copied());
        let is_whole = arrow.start.is_some() && arrow.end.is_some()
            || self.displaced.contains_key(&element.id);
        let goes_along =
            |end: &shared::element::Binding| self.displaced.get(&end.element).copied() == by;
        if let Some(by) = by.filter(|_| is_whole && ends().all(goes_along)) {
            self.displaced.insert(element.id.clone(), by);
            self.follow_with_labels(board, &element.id, None);
            return;
        }
        let geometry = self.place_of(element);
        self.displaced.remove(&element.id);
        let placed = Element { geometry, ..(**element).clone() };
        let shown = Shown { board, preview: self, arrow: None };
        let Some(attached) = scene::attached(&placed, &shown) else { return };
        let attached = Arc::new(attached);
        self.follow_with_labels(board, &element.id, Some(&attached));
        self.show_as((*attached).clone());
    }

    /// The labels of an element that is moved, or that is an arrow which is shown as `arrow`.
    fn follow_with_labels(&mut self, board: &Board, id: &ElementId, arrow: Option<&Arc<Element>>) {
        for label in board.labels(id) {
            if let Some(by) = self.displaced.get(id).copied() {
                self.displaced.insert(label.id.clone(), by);
            } else if !self.hidden.contains(&label.id) {
                let shown = Shown { board, preview: self, arrow };
                if let Some(label) = scene::attached(&label, &shown) {
                    self.show_as(label);
                }
            }
        }
    }
}

fn is_arrow(element: &Element) -> bool {
    matches!(element.shape, Shape::Arrow(_))
}
