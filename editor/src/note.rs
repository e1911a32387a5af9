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
/// Between a note that is put down and the edge of its frame, if there is room.
const EDGE: f64 = 10.0;

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

/// Puts a note down with its middle at `at`; in a frame that has room for it, all of it lies inside.
pub(crate) fn put(board: &mut Board, at: BoardPoint, style: Style) -> ElementId {
    let (x, y) = (at.x - SIDE / 2.0, at.y - SIDE / 2.0);
    let is_around = |it: &&std::sync::Arc<Element>| {
        matches!(it.shape, Shape::Frame(_)) && it.geometry.bounds().contains_point(at)
    };
    let frame = board.elements().rev().find(is_around).map(|it| it.geometry);
    let inside = |at: f64, low: f64, long: f64| {
        let spare = long - SIDE;
        let edge = EDGE.min(spare / 2.0);
        if spare < 0.0 { at } else { at.clamp(low + edge, low + spare - edge) }
    };
    let (x, y) = frame.map_or((x, y), |it| (inside(x, it.x, it.w), inside(y, it.y, it.h)));
    let geometry = Geometry { x, y, w: SIDE, h: SIDE, ..Geometry::default() };
    board.insert(NewElement::new(Some(geometry), style, Shape::Note))
}

/// The note beside `note`: the one that lies there, or a new one like it. Where it would reach over the side of
/// the note's frame it begins the next row, and if there is no room below either, it is beyond the frame.
pub(crate) fn next(board: &mut Board, note: &Element, next: Next) -> ElementId {
    let mut geometry = beside(note, next);
    if let Some(frame) = note.frame.as_ref().and_then(|id| board.element(id)) {
        let frame = frame.geometry.bounds();
        let below = |it: Geometry| it.turned_bounds().y1 <= frame.y1;
        let row = below_row(board, note);
        if next == Next::Right && geometry.turned_bounds().x1 > frame.x1 {
            geometry = if below(row) { row } else { Geometry { x: frame.x1 + APART, ..geometry } };
        } else if next == Next::Below && !below(geometry) {
            geometry.y = frame.y1 + APART;
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

/// The beginning of the row below the one that a note stands in.
fn below_row(board: &Board, note: &Element) -> Geometry {
    let own = note.geometry;
    let is_near = |it: &&Element| {
        matches!(it.shape, Shape::Note) && (it.geometry.y - own.y).abs() < own.w / 2.0
    };
    let near: Vec<&Element> = board.elements().map(AsRef::as_ref).filter(is_near).collect();
    let (mut first, mut low) = (own, own.y + own.h);
    // To the left, from note to note.
    while let Some(before) = near.iter().map(|it| it.geometry).find(|it| {
        (first.x - APART - it.w - it.x).abs() < own.w / 2.0 && it.x < first.x - own.w / 2.0
    }) {
        first = before;
        low = low.max(first.y + first.h);
    }
    Geometry { x: first.x, y: low + APART, h: own.w, ..own }
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
