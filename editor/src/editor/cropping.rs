//! The mode in which one picture is cut: entered by a double click, Enter or a command; left by Enter, Escape,
//! a press beside it or whatever else changes the board. All of it is one step of undo.

use shared::board::{Board, Change};
use shared::element::{Crop, Shape, Style};
use shared::geometry::{BoardPoint, Geometry};
use shared::id::ElementId;

use super::Editor;
use crate::camera::ScreenPoint;
use crate::effects::{Ask, Effects};
use crate::gesture::{CropDrag, CropGrip, Cropped, Doing};
use crate::handles::Grip;
use crate::input::PointerKind;
use crate::preview::{Draft, Preview};
use crate::relations::followers;
use crate::selection::{Selection, element_at};
use crate::tool::Tool;

/// Pixels on both sides of a part's edge that touch it.
const REACH: f64 = 8.0;
/// The same for a finger.
const TOUCH_REACH: f64 = 18.0;
/// How much is seen of what is cut off.
const CUT_OFF: f64 = 0.3;

impl Editor {
    /// Where the part of a picture lies that is being cut: its edges can be dragged.
    pub fn crop_frame(&self, board: &Board) -> Option<Geometry> {
        Some(self.cropped(board)?.1.place)
    }

    /// The picture that is being cut, as it is now.
    fn cropped<'a>(&'a self, board: &Board) -> Option<(&'a ElementId, Cropped)> {
        let id = self.cropping.as_ref()?;
        let is_chosen = self.selection.len() == 1 && self.selection.contains(id);
        let is_in_hand = is_chosen && self.tool == Tool::Select && self.text.is_none();
        let cropped = board.element(id).filter(|_| is_in_hand).and_then(|it| Cropped::of(it))?;
        Some((id, if let Doing::Crop(drag) = &self.doing { drag.now() } else { cropped }))
    }

    /// Begins to cut the picture that is chosen alone. Whether one is.
    pub(super) fn begin_crop(&mut self, board: &mut Board, effects: &mut Effects) -> bool {
        let only = self.selection.first().filter(|_| self.selection.len() == 1);
        let picture = only.filter(|id| board.element(id).and_then(|it| Cropped::of(it)).is_some());
        let Some(id) = picture.cloned() else { return false };
        self.tool = Tool::Select;
        if self.cropping.as_ref() != Some(&id) {
            board.begin_step();
            self.cropping = Some(id);
            effects.asks.push(Ask::Cropping);
        }
        true
    }

    /// Begins to cut the picture at a place. Whether there is one.
    pub(super) fn begin_crop_at(
        &mut self,
        screen: ScreenPoint,
        board: &mut Board,
        effects: &mut Effects,
    ) -> bool {
        if self.cropping.is_some() {
            return true;
        }
        let at = self.camera.to_board(screen);
        let touched = element_at(&self.index, board, at, 0.0);
        let is_picture =
            |id: &ElementId| board.element(id).and_then(|it| Cropped::of(it)).is_some();
        let Some(id) = touched.filter(is_picture) else { return false };
        self.selection = Selection::from([id]);
        self.begin_crop(board, effects)
    }

    /// Is done with cutting. Whether one was.
    pub(super) fn end_crop(&mut self, board: &mut Board) -> bool {
        let was_cropping = self.cropping.take().is_some();
        if was_cropping {
            board.begin_step();
        }
        was_cropping
    }

    /// Is done with cutting if the picture is not there any more, or not in hand.
    pub(super) fn check_crop(&mut self, board: &mut Board) {
        if self.cropping.is_some() && self.cropped(board).is_none() {
            self.end_crop(board);
        }
    }

    /// A press while a picture is being cut: what it drags, if it does.
    pub(super) fn press_crop(
        &mut self,
        at: BoardPoint,
        kind: PointerKind,
        board: &mut Board,
    ) -> Option<CropDrag> {
        let reach = if kind == PointerKind::Touch { TOUCH_REACH } else { REACH };
        let (_, cropped) = self.cropped(board)?;
        let grip = cropped.grip_at(at, reach / self.camera.zoom());
        if grip.is_none() {
            self.end_crop(board);
        }
        Some(CropDrag::begin(grip?, cropped, at))
    }

    /// Writes how a picture was cut.
    pub(super) fn write_crop(&mut self, drag: &CropDrag, board: &mut Board) {
        if let Some(id) = &self.cropping {
            write(&[(id.clone(), drag.now())], board, &self.measure);
        }
    }

    /// Shows all of each chosen picture.
    pub(super) fn reset_crop(&mut self, board: &mut Board) {
        self.end_crop(board);
        let cropped = |id: &ElementId| Some((id.clone(), Cropped::of(board.element(id)?)?));
        let cropped = self.selection.iter().filter_map(cropped);
        let whole: Vec<_> = cropped
            .filter(|(_, it)| it.crop != Crop::WHOLE)
            .map(|(id, it)| (id, it.uncropped()))
            .collect();
        board.begin_step();
        write(&whole, board, &self.measure);
    }

    /// Shows the picture that is being cut, and around it what is cut off.
    // Of its own, as all that a page does not need to open: browsers compile a function as a whole.
    #[inline(never)]
    pub(super) fn preview_crop(&self, board: &Board, preview: &mut Preview) {
        let Some((id, cropped)) = self.cropped(board) else { return };
        let Some(element) = board.element(id) else { return };
        let Shape::Image(image) = &element.shape else { return };
        let mut show = |Cropped { place, crop }: Cropped, opacity: f64| {
            let mut draft = Draft::of_element(element);
            draft.geometry = place;
            draft.style = Style { opacity: draft.style.opacity * opacity, ..draft.style };
            let mut image = image.clone();
            image.crop = crop;
            draft.shape = Shape::Image(image);
            preview.drafts.push(draft);
        };
        show(cropped.uncropped(), CUT_OFF);
        show(cropped, 1.0);
        preview.hidden.insert(id.clone());
    }

    /// The pointer's shape while a picture is being cut.
    pub(super) fn crop_pointer(&self, board: &Board) -> Option<&'static str> {
        let (_, cropped) = self.cropped(board)?;
        let over = || {
            let at = self.camera.to_board(self.pointer?);
            cropped.grip_at(at, REACH / self.camera.zoom())
        };
        let grip = if let Doing::Crop(drag) = &self.doing { Some(drag.grip()) } else { over() };
        Some(match grip {
            Some(CropGrip::Side(side)) => Grip::Size(side).pointer_shape(cropped.place.angle),
            Some(CropGrip::Picture) => "move",
            None => "default",
        })
    }
}

fn write(pictures: &[(ElementId, Cropped)], board: &mut Board, measure: &crate::label::Measure) {
    let mut places = Vec::new();
    let mut changes = Vec::new();
    for (id, cropped) in pictures {
        if let Some(was) = board.element(id).and_then(|it| Cropped::of(it)) {
            if was.place != cropped.place {
                places.push((id.clone(), cropped.place));
            }
            if was.crop != cropped.crop {
                changes.push((id.clone(), Change::Crop(cropped.crop)));
            }
        }
    }
    changes.extend(followers(board, &places, measure));
    if !changes.is_empty() {
        board.change(&changes);
    }
}
