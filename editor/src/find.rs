//! Finding text on a board.

use shared::board::Board;
use shared::element::{Element, Shape};
use shared::id::ElementId;

/// The elements whose text, name or link has `wanted` in it, whatever the case, in the order of reading: from
/// the top down, those at the same height from the left.
pub fn find(board: &Board, wanted: &str) -> Vec<ElementId> {
    // To capitals, for which the page has tables already.
    let wanted = wanted.trim().to_uppercase();
    if wanted.is_empty() {
        return Vec::new();
    }
    let has = |text: &str| text.to_uppercase().contains(&wanted);
    let is_found = |element: &&Element| match &element.shape {
        Shape::Text(text) => has(&text.value),
        Shape::Frame(frame) => has(&frame.name),
        _ => element.link.as_deref().is_some_and(has),
    };
    let place = |element: &Element| (element.geometry.y, element.geometry.x);
    let mut found: Vec<&Element> = Vec::new();
    for element in board.elements().map(AsRef::as_ref).filter(is_found) {
        // A whole sort is kilobytes of page for the few that there are.
        let at = found.partition_point(|it| place(it) <= place(element));
        found.insert(at, element);
    }
    let chosen = |element: &Element| match &element.shape {
        // A label is chosen with what it labels.
        Shape::Text(text) => text.container.clone().unwrap_or_else(|| element.id.clone()),
        _ => element.id.clone(),
    };
    found.into_iter().map(chosen).collect()
}

/// What was found, and which of it is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Found {
    /// Counted from 1; 0 if nothing was found.
    pub n: usize,
    /// How many there are.
    pub of: usize,
}
