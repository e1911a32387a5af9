//! Commands that change what belongs together and how it can be touched: groups, locks, links; and the
//! looks that are carried from one element to others.

use shared::board::{Board, Change, Restack};
use shared::element::{Crop, Element, Shape, StylePatch};
use shared::id::ElementId;
use shared::limits::LINK_MAX_BYTES;

use super::Editor;
use crate::carry::carried;
use crate::command::{BOARD_MENU, Command, MENU};
use crate::relations::with_labels;
use crate::selection::{group_of, pieces_of};

impl Editor {
    /// Makes one group of all that is chosen, inside of the group that one is in.
    pub(super) fn group(&mut self, board: &mut Board) {
        let entered = self.entered.as_deref();
        let names: Vec<_> = self
            .chosen_elements(board)
            .map(|element| group_of(element, entered).map_or(element.id.as_str(), String::as_str))
            .collect();
        if pieces_of(&names).1 < 2 {
            return;
        }
        let name = board.new_id().as_str().to_owned();
        self.regroup(board, |groups, n_inside| groups.insert(n_inside, name.clone()));
        let carried = carried(board, &self.selection);
        board.restack(&carried.into_iter().collect::<Vec<_>>(), Restack::Together);
    }

    /// Takes the groups that are chosen apart, one deep.
    pub(super) fn ungroup(&mut self, board: &mut Board) {
        self.regroup(board, |groups, n_inside| {
            if n_inside > 0 {
                groups.remove(n_inside - 1);
            }
        });
    }

    /// Changes the groups of what is chosen. Told how many there are inside of the one that is entered.
    fn regroup(&self, board: &mut Board, change: impl Fn(&mut Vec<String>, usize)) {
        let entered = self.entered.as_ref();
        let regrouped = |element: &Element| {
            let mut groups = element.groups.clone();
            let n_inside = entered.and_then(|group| groups.iter().position(|it| it == group));
            let n_inside = n_inside.unwrap_or(groups.len());
            change(&mut groups, n_inside);
            (groups != element.groups).then(|| (element.id.clone(), Change::Group(groups)))
        };
        let changes: Vec<_> = self.chosen_elements(board).filter_map(regrouped).collect();
        self.write(board, &changes);
    }

    /// Locks what is chosen, or unlocks it if all of it is.
    pub(super) fn lock(&mut self, board: &mut Board) {
        let is_locking = self.chosen_elements(board).any(|element| !element.locked);
        let chosen = self.chosen();
        self.write_each(board, &chosen, &Change::Lock(is_locking));
        if is_locking {
            self.selection.clear();
        }
    }

    /// Unlocks everything on the board, and chooses it.
    pub(super) fn unlock_all(&mut self, board: &mut Board) {
        let locked = board.elements().filter(|element| element.locked);
        let locked: Vec<_> = locked.map(|element| element.id.clone()).collect();
        self.write_each(board, &locked, &Change::Lock(false));
        self.selection = locked.into_iter().collect();
    }

    /// Lets what is chosen lead somewhere, or nowhere.
    #[inline(never)]
    pub(super) fn set_link(&self, link: Option<String>, board: &mut Board) {
        let link = link.map(|link| link.trim().to_owned());
        let link = link.filter(|link| !link.is_empty() && link.len() <= LINK_MAX_BYTES);
        self.write_each(board, &self.chosen(), &Change::Link(link));
    }

    /// Where the first chosen element leads.
    pub fn link<'a>(&'a self, board: &'a Board) -> Option<&'a str> {
        self.chosen_elements(board).find_map(|element| element.link.as_deref())
    }

    /// What the menu for what is chosen offers, or for the board if nothing is: sections of commands, in
    /// which at least one is.
    pub fn menu(&self, board: &Board) -> Vec<Vec<Command>> {
        let sections = if self.selection.is_empty() { BOARD_MENU } else { MENU };
        let offered = |section: &&[Command]| {
            section.iter().copied().filter(|&command| self.applies(command, board)).collect()
        };
        sections.iter().map(offered).filter(|section: &Vec<_>| !section.is_empty()).collect()
    }

    /// Whether a command does anything to what is chosen.
    fn applies(&self, command: Command, board: &Board) -> bool {
        let is_locked = self.chosen_elements(board).any(|element| element.locked);
        let is_grouped = || {
            let group = |element: &Element| group_of(element, self.entered.as_deref()).is_some();
            self.chosen_elements(board).any(group)
        };
        if self.modes.view && !command.is_for_viewing() {
            return false;
        }
        match command {
            Command::Lock => true,
            Command::UnlockAll => board.elements().any(|element| element.locked),
            _ if is_locked => false,
            Command::Group => self.selection.len() > 1,
            Command::Ungroup => is_grouped(),
            Command::Crop => self.selection.len() == 1 && self.has_picture(board, |_| true),
            Command::ResetCrop => self.has_picture(board, |crop| crop != Crop::WHOLE),
            Command::PasteStyle => self.copied_style.is_some(),
            Command::OpenLink => self.link(board).is_some(),
            _ => true,
        }
    }

    fn has_picture(&self, board: &Board, is_so: fn(Crop) -> bool) -> bool {
        self.chosen_elements(board)
            .any(|it| matches!(&it.shape, Shape::Image(it) if is_so(it.crop)))
    }

    /// Keeps the looks of what is chosen, to be given to others.
    pub(super) fn copy_style(&mut self, board: &Board) {
        let (style, text) = self.shown_style(board);
        let arrow = self.chosen_elements(board).find_map(|element| match &element.shape {
            Shape::Arrow(arrow) => Some(arrow),
            _ => None,
        });
        self.copied_style = Some(StylePatch {
            font_size: Some(text.size),
            font: Some(text.font),
            align: Some(text.align),
            heads: arrow.map(|arrow| arrow.heads),
            ..StylePatch::of(style)
        });
    }

    /// Gives what is chosen the looks that were kept; each kind takes what it has.
    pub(super) fn paste_style(&self, board: &mut Board) {
        let Some(copied) = self.copied_style else { return };
        board.begin_step();
        self.restyle_all(&with_labels(board, &self.selection), &copied, board);
    }

    fn write_each(&self, board: &mut Board, ids: &[ElementId], change: &Change) {
        let changes: Vec<_> = ids.iter().map(|id| (id.clone(), change.clone())).collect();
        self.write(board, &changes);
    }

    /// Makes changes as a step of their own.
    fn write(&self, board: &mut Board, changes: &[(ElementId, Change)]) {
        if !changes.is_empty() {
            board.begin_step();
            board.change(changes);
        }
    }
}
