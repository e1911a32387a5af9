//! Commands that put what is chosen somewhere else: aligned, spread evenly, mirrored, by numbers.

use std::collections::HashMap;

use shared::board::{Board, Change};
use shared::element::{Element, Heads, Shape, StylePatch};
use shared::geometry::{Bounds, Flip, Geometry};
use shared::id::ElementId;

use super::Editor;
use crate::carry::{alone, carried};
use crate::command::{Axis, Side};
use crate::gesture::{stretched, turned};
use crate::handles::{Framed, framed};
use crate::input::Measures;
use crate::label::Measure;
use crate::placing::{Placing, Stretch, tidy_angle};
use crate::selection::{Selection, extent, group_of, in_order, labeled, pieces_of};
use crate::tied::{is_between, is_bound};

/// Elements that stay together when others are arranged: a group, or one element.
struct Piece {
    ids: Selection,
    bounds: Bounds,
}

impl Editor {
    /// Puts everything chosen at the same side or middle of the box around all of it.
    pub(super) fn align(&self, axis: Axis, side: Side, board: &mut Board) {
        let pieces = self.pieces(board);
        if pieces.len() < 2 {
            return;
        }
        let all = pieces.iter().map(|piece| piece.bounds).fold(Bounds::EMPTY, Bounds::union);
        let place = |bounds: Bounds| {
            let (low, high) = axis.span(bounds);
            match side {
                Side::Start => low,
                Side::Middle => (low + high) / 2.0,
                Side::End => high,
            }
        };
        let moves = pieces.iter().map(|piece| place(all) - place(piece.bounds)).collect();
        shift_pieces(board, pieces, axis, moves, &self.measure);
    }

    /// Leaves as much room between each two of the pieces; the outermost stay.
    pub(super) fn distribute(&self, axis: Axis, board: &mut Board) {
        let pieces = self.pieces(board);
        if pieces.len() < 3 {
            return;
        }
        let spans: Vec<_> = pieces.iter().map(|piece| axis.span(piece.bounds)).collect();
        let low = spans.iter().map(|span| span.0).fold(f64::INFINITY, f64::min);
        let high = spans.iter().map(|span| span.1).fold(f64::NEG_INFINITY, f64::max);
        let filled: f64 = spans.iter().map(|(from, to)| to - from).sum();
        let gap = (high - low - filled) / (pieces.len() - 1) as f64;
        let middles: Vec<f64> = spans.iter().map(|(from, to)| from + to).collect();
        let mut at = low;
        let mut moves = vec![0.0; pieces.len()];
        for piece in in_order(&middles) {
            let (from, to) = spans[piece];
            moves[piece] = at - from;
            at += to - from + gap;
        }
        shift_pieces(board, pieces, axis, moves, &self.measure);
    }

    /// Mirrors what is chosen in the box around it. Of arrows alone that are bound the heads change places, for where
    /// these arrows are follows from what they are bound to.
    pub(super) fn flip(&self, axis: Axis, board: &mut Board) {
        if let Some(swaps) = self.swapped_heads(board) {
            board.begin_step();
            return board.change(&swaps);
        }
        let Some(Framed { place, .. }) = framed(board, &self.selection) else { return };
        // The box around a turned element is not turned: it is mirrored as it is seen.
        let from = Geometry { flip: Flip::default(), ..Geometry::over(place.turned_bounds()) };
        let flip = Flip { across: axis == Axis::Across, down: axis == Axis::Down };
        let stretch = Stretch { from, to: Geometry { flip, ..from } };
        let carried = carried(board, &self.selection);
        board.begin_step();
        stretched(board, &carried, stretch, false).write(board, &self.measure);
    }

    /// The chosen arrows with their heads at the other ends; `None` if anything else is chosen than bound arrows.
    fn swapped_heads(&self, board: &Board) -> Option<Vec<(ElementId, Change)>> {
        let is_free = |it: &&Element| !it.locked && labeled(board, it).is_none();
        let swapped = |element: &Element| match &element.shape {
            Shape::Arrow(arrow) if is_bound(arrow) => {
                let Heads { start, end } = arrow.heads;
                let heads = Some(Heads { start: end, end: start });
                let patch = StylePatch { heads, ..StylePatch::default() };
                Some((element.id.clone(), Change::Restyle(patch)))
            }
            _ => None,
        };
        let swaps: Option<Vec<_>> =
            self.chosen_elements(board).filter(is_free).map(swapped).collect();
        swaps.filter(|swaps| !swaps.is_empty())
    }

    /// Where what is chosen is, by numbers, and whether it can be turned; `None` if nothing is.
    pub(super) fn measures(&self, board: &Board) -> Option<(Geometry, bool)> {
        let is_one = self.selection.len() == 1;
        framed(board, &self.selection).map(|framed| (framed.place, is_one && framed.can_turn))
    }

    /// Puts what is chosen where the numbers say.
    #[inline(never)]
    pub(super) fn measure(&self, to: Measures, is_same_step: bool, board: &mut Board) {
        let Some(Framed { place: was, can_turn, .. }) = framed(board, &self.selection) else {
            return;
        };
        let wanted = Geometry {
            x: to.x.unwrap_or(was.x),
            y: to.y.unwrap_or(was.y),
            w: to.w.unwrap_or(was.w),
            h: to.h.unwrap_or(was.h),
            ..was
        };
        let mut wanted = wanted.sanitized();
        let is_single = self.selection.len() == 1;
        let is_text = |element: &Element| matches!(element.shape, Shape::Text(_));
        if self.chosen_elements(board).any(is_text) && was.w > 0.0 && was.h > 0.0 {
            // Letters keep their ratio.
            let scale = if to.w.is_some() { wanted.w / was.w } else { wanted.h / was.h };
            (wanted.w, wanted.h) = (was.w * scale, was.h * scale);
        }
        if was.w == 0.0 || was.h == 0.0 {
            (wanted.w, wanted.h) = (was.w, was.h);
        }
        let plain = |geometry: Geometry| Geometry { flip: Flip::default(), ..geometry };
        let stretch = Stretch { from: plain(was), to: plain(wanted) };
        let carried = carried(board, &self.selection);
        if !is_same_step {
            board.begin_step();
        }
        if (was.w, was.h) != (wanted.w, wanted.h) && is_single {
            let own = alone(board, &self.selection);
            stretched(board, &own, stretch, true).write(board, &self.measure);
        } else if stretch.from != stretch.to {
            stretched(board, &carried, stretch, false).write(board, &self.measure);
        }
        if let Some(angle) = to.angle.filter(|angle| can_turn && angle.is_finite()) {
            let by = tidy_angle(angle - was.angle);
            turned(board, &carried, wanted.center(), by).write(board, &self.measure);
        }
    }

    /// What is chosen, in pieces that stay together. Arrows between two elements are none: they follow these.
    fn pieces<'a>(&'a self, board: &'a Board) -> Vec<Piece> {
        let is_own = |it: &&Element| {
            let is_between = matches!(&it.shape, Shape::Arrow(arrow) if is_between(arrow));
            !it.locked && !is_between && labeled(board, it).is_none()
        };
        let elements: Vec<_> = self.chosen_elements(board).filter(is_own).collect();
        let entered = self.entered.as_deref();
        let name = |it: &&'a Element| group_of(it, entered).map_or(it.id.as_str(), String::as_str);
        let names: Vec<_> = elements.iter().map(name).collect();
        let (of, n_pieces) = pieces_of(&names);
        let mut pieces = vec![Selection::new(); n_pieces];
        for (element, piece) in elements.iter().zip(of) {
            pieces[piece].insert(element.id.clone());
        }
        let piece = |ids: Selection| Piece { bounds: extent(board, &ids), ids };
        pieces.into_iter().map(piece).collect()
    }
}

/// Moves pieces along an axis, as one step.
fn shift_pieces(
    board: &mut Board,
    pieces: Vec<Piece>,
    axis: Axis,
    moves: Vec<f64>,
    measure: &Measure,
) {
    let mut by = HashMap::new();
    for (piece, distance) in pieces.into_iter().zip(moves) {
        let way = match axis {
            Axis::Across => (distance, 0.0),
            Axis::Down => (0.0, distance),
        };
        by.extend(carried(board, &piece.ids).into_iter().map(|id| (id, way)));
    }
    let all: Selection = by.keys().cloned().collect();
    let placing = Placing::of(board, &all, |element, draft| {
        let (dx, dy) = by.get(&element.id).copied().unwrap_or_default();
        draft.geometry = draft.geometry.moved(dx, dy);
    });
    board.begin_step();
    placing.write(board, measure);
}
