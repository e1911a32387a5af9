//! From the desk to the panels' signals. A signal is only set when its value is another one.

use editor::{Covered, ScreenSize};

use super::Desk;
use super::painting::{IDLE_AFTER, others};
use crate::browser::is_touched;
use crate::live::RwSignal;
use crate::shown::{Person, ShownStyle};
use crate::{clock, remembered};

/// On screens of at most this width, in CSS pixels, the styles have all tools along the bottom.
const SMALL_MAX: f64 = 760.0;
/// So many elements can be looked at in every frame.
const MANY: usize = 300;

/// Whether the styles have it so that menus lie at the bottom.
pub(super) fn is_small(width: f64) -> bool {
    width <= SMALL_MAX
}

/// How far panels reach over a canvas of this size, as the styles have it.
pub(super) fn reach(ScreenSize { width, .. }: ScreenSize) -> Covered {
    if is_small(width) {
        return Covered { left: 0.0, top: 56.0, bottom: 116.0 };
    }
    let left = if is_touched() { 308.0 } else { 252.0 };
    Covered { left, top: 60.0, bottom: 60.0 }
}

impl Desk {
    pub(super) fn show_panels(&mut self) {
        let (editor, shown) = (&self.editor, self.shown);
        set(shown.tool, editor.tool());
        set(shown.is_tool_locked, editor.is_tool_locked());
        // What thousands have in common is looked at once they rest.
        if editor.selection().len() <= MANY {
            self.show_style();
        }
        let (editor, board) = (&self.editor, &self.board);
        if shown.modes.get_untracked() != editor.modes() {
            remembered::remember_modes(editor.modes());
            shown.modes.set(editor.modes());
        }
        set(shown.has_stylus, shown.has_stylus.get_untracked() || editor.modes().pen);
        set(shown.found, editor.found());
        set(shown.undo, board.undo_state());
        set(shown.zoom_percent, (editor.camera().zoom() * 100.0).round() as u32);
        let is_empty = board.n_elements() == 0 && !editor.is_busy() && editor.text_edit().is_none();
        let is_here = self.has_been_live || self.is_known && !self.session.is_opening();
        set(shown.is_empty, is_empty && is_here);
    }

    /// Shows what is chosen or drawn next looks like.
    pub(super) fn show_style(&self) {
        let (editor, board) = (&self.editor, &self.board);
        let (fields, looks) = (editor.panel_fields(board), editor.looks(board));
        set(self.shown.style, ShownStyle { fields, looks });
    }

    pub(super) fn show_people(&mut self) {
        let now = clock::now();
        let person = |(id, seen): (shared::id::MemberId, &shared::session::SeenMember)| Person {
            id: id.0,
            identity: seen.identity.clone(),
            is_idle: now.since(seen.seen_at) > IDLE_AFTER,
        };
        let people: Vec<Person> = others(&self.session).map(person).collect();
        if self.shown.others.with_untracked(|shown| *shown != people) {
            self.shown.others.set(people);
            self.painting.wants_overlay = true;
        }
    }
}

fn set<T: Copy + PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.get_untracked() != value {
        signal.set(value);
    }
}
