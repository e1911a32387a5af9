//! Sticky notes: squares of one size in one color, put down with a click, one beside the other.

use scene::NOTE_YELLOW;
use shared::board::Board;
use shared::element::{Element, NewElement, Shape, Style};
use shared::geometry::{BoardPoint, Geometry};
use shared::id::ElementId;

use crate::relations::settle;

/// Side of a new note, in board units.
const SIDE: f64 = 200.0;
/// Between a note and the next one.
const APART: f64 = 20.0;

/// Where the next note goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Next {
    /// To the right.
    Right,
    /// Below.
    Below,
}

/// The looks of a new note.
pub(crate) fn style(style: Style) -> Style {
    let fill = if style.fill.is_transparent() { NOTE_YELLOW } else { style.fill };
    Style { fill, ..Style::default() }
}

/// Puts a note down with its middle at `at`.
pub(crate) fn put(board: &mut Board, at: BoardPoint, style: Style) -> ElementId {
    let (x, y) = (at.x - SIDE / 2.0, at.y - SIDE / 2.0);
    let geometry = Geometry { x, y, w: SIDE, h: SIDE, ..Geometry::default() };
    board.insert(NewElement::new(Some(geometry), style, Shape::Note))
}

/// The note beside `note`: the one that lies there, or a new one like it. Where it would reach over the side of
/// the note's frame, and the place below would not, it goes there.
pub(crate) fn next(board: &mut Board, note: &Element, next: Next) -> ElementId {
    let mut geometry = beside(note, next);
    if let Some(frame) = note.frame.as_ref().and_then(|id| board.element(id)) {
        let fits = |it: Geometry| frame.geometry.turned_bounds().contains(it.turned_bounds());
        let below = beside(note, Next::Below);
        if !fits(geometry) && fits(below) {
            geometry = below;
        }
    }
    let is_there = |it: &&std::sync::Arc<Element>| {
        matches!(it.shape, Shape::Note)
            && it.geometry.center().distance(geometry.center()) < geometry.w / 2.0
    };
    if let Some(there) = board.elements().find(is_there) {
        return there.id.clone();
    }
    board.begin_step();
    let id = board.insert(NewElement::new(Some(geometry), note.style, Shape::Note));
    settle(board, &id);
    id
}

/// Where the next note is to be.
fn beside(note: &Element, next: Next) -> Geometry {
    let g = note.geometry;
    let offset = match next {
        Next::Right => (g.w + APART, 0.0),
        Next::Below => (0.0, g.h + APART),
    };
    let corner = BoardPoint::new(g.x + offset.0, g.y + offset.1);
    let corner = corner.rotated(g.center(), g.angle);
    // Turned around its own middle, it stands in line with the first.
    let half = BoardPoint::new(g.w / 2.0, g.w / 2.0).rotated(BoardPoint::default(), g.angle);
    let (x, y) = (corner.x + half.x - g.w / 2.0, corner.y + half.y - g.w / 2.0);
    Geometry { x, y, h: g.w, ..g }
}
