//! Pictures that are brought to the board: how large they are and where they go.

use shared::board::Board;
use shared::element::{Crop, Image, NewElement, Shape, Style};
use shared::geometry::Geometry;

use crate::camera::ScreenPoint;
use crate::editor::Editor;
use crate::effects::Effects;
use crate::input::NewPicture;
use crate::relations::settle;

/// The part of the view's width and height that one picture takes up at most.
const PART_MAX: f64 = 0.6;
/// Between pictures that are brought together, in board units.
const GAP: f64 = 20.0;

impl Editor {
    /// Puts pictures in a row around a place, as one step, and chooses them.
    #[inline(never)]
    pub(crate) fn place_pictures(
        &mut self,
        pictures: &[NewPicture],
        at: Option<ScreenPoint>,
        board: &mut Board,
        effects: &mut Effects,
    ) {
        let middle = at.map_or_else(|| self.place_for_new(), |at| self.camera().to_board(at));
        let view = self.camera().view();
        // Several share the view.
        let part = PART_MAX / (pictures.len() as f64).sqrt();
        let most = (view.width() * part, view.height() * part);
        let size = |&NewPicture { natural: (w, h), .. }: &NewPicture| {
            let scale = (most.0 / w).min(most.1 / h).min(1.0);
            ((w * scale).round().max(1.0), (h * scale).round().max(1.0))
        };
        let width: f64 = pictures.iter().map(|picture| size(picture).0 + GAP).sum::<f64>() - GAP;
        let mut x = (middle.x - width / 2.0).round();
        board.begin_step();
        let mut ids = Vec::new();
        for picture in pictures {
            let (w, h) = size(picture);
            let geometry =
                Geometry { x, y: (middle.y - h / 2.0).round(), w, h, ..Geometry::default() };
            let image = Image { file: picture.file, natural: picture.natural, crop: Crop::WHOLE };
            ids.push(board.insert(NewElement::new(
                Some(geometry),
                Style::default(),
                Shape::Image(image),
            )));
            x += w + GAP;
        }
        for id in &ids {
            settle(board, id);
        }
        board.begin_step();
        self.take_up(ids);
        effects.everything();
    }
}
