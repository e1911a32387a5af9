//! Going from one element to the next by keys, and the menu for what one came to.

use std::cmp::Ordering;
use std::collections::HashSet;

use shared::board::Board;
use shared::element::{Element, Shape};
use shared::geometry::BoardPoint;

use super::Editor;
use crate::effects::{Ask, Effects};
use crate::note::Next;
use crate::selection::{everything, extent, group_of, is_touchable, labeled, unit};

impl Editor {
    /// Tab on the board: a note makes the next one; from anything else that is chosen it goes on to the next element in the
    /// order of reading, with Shift to the one before. While nothing is chosen it is the page's.
    #[inline(never)]
    pub(super) fn handle_tab(&mut self, is_back: bool, board: &mut Board, effects: &mut Effects) {
        let is_one = self.selection.len() == 1;
        let is_note = |it: &Element| matches!(it.shape, Shape::Note);
        if is_one && !is_back && self.chosen_elements(board).any(is_note) {
            return self.next_note(Next::Right, board, effects);
        }
        if self.selection.is_empty() || !self.tool.chooses() {
            effects.is_handled = false;
            return;
        }
        // From everything one comes to the first.
        let is_all = self.selection.len() > 1 && self.selection == everything(board);
        let entered = self.entered.as_deref();
        let is_choosable = |it: &&Element| is_touchable(it) && labeled(board, it).is_none();
        let mut stops: Vec<&Element> =
            board.elements().map(AsRef::as_ref).filter(is_choosable).collect();
        let order = |a: &Element, b: &Element| {
            let (one, other) = (a.geometry, b.geometry);
            let order = one.y.total_cmp(&other.y).then(one.x.total_cmp(&other.x));
            order.then_with(|| a.id.cmp(&b.id))
        };
        stops.sort_by(|a, b| order(a, b));
        // A group is where its first element is.
        let mut groups = HashSet::new();
        stops.retain(|it| group_of(it, entered).is_none_or(|group| groups.insert(group)));
        if is_back {
            stops.reverse();
        }
        let here = self.chosen_elements(board).filter(|_| !is_all).min_by(|a, b| order(a, b));
        let wanted = if is_back { Ordering::Less } else { Ordering::Greater };
        let is_further = |it: &&&Element| here.is_some_and(|here| order(it, here) == wanted);
        // Behind the last one comes the first.
        let Some(next) = stops.iter().find(is_further).or(stops.first()) else { return };
        self.selection = unit(board, &next.id, entered);
        let seen = self.selection_bounds(board);
        self.camera.bring_into_view(seen, self.covered(board));
        effects.everything();
    }

    /// The menu without a pointer: beside what is chosen, or in the middle.
    #[inline(never)]
    pub(super) fn ask_for_menu(&self, board: &Board, effects: &mut Effects) {
        let at = extent(board, &self.selection);
        let free = self.camera.free(self.covered(board));
        let mut at = self.camera.to_screen(BoardPoint::new(at.x1, at.y0));
        if self.selection.is_empty() {
            at = self.camera.middle();
        }
        (at.x, at.y) = (at.x.min(free.x1).max(free.x0), at.y.min(free.y1).max(free.y0));
        effects.asks.push(Ask::Menu(at));
    }
}
