//! A picture of what was last seen of the board, which the browser keeps: at the next visit the document shows it at
//! once (`js/poster.js`), below the tiles, until the board itself is painted.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::layer::Look;
use crate::shown::Theme;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = placePoster)]
    safe fn place_poster(scale: f64, x: f64, y: f64, ratio: f64);

    #[wasm_bindgen(js_name = dropPoster)]
    safe fn drop_poster();

    #[wasm_bindgen(js_name = keepPoster)]
    safe fn keep_poster(
        room: &str,
        pictures: Array,
        width: f64,
        height: f64,
        theme: &str,
        scale: f64,
        x: f64,
        y: f64,
    );
}

/// What the document shows of the last visit, if it does.
#[derive(Default)]
pub(super) struct Poster {
    is_over: bool,
    placed: Option<Look>,
}

impl Poster {
    /// Moves it to where the board lies.
    pub(super) fn place(&mut self, look: Look, ratio: f64) {
        if !self.is_over && self.placed.replace(look) != Some(look) {
            place_poster(look.scale, look.x, look.y, ratio);
        }
    }

    /// What it shows is painted by now. Whether this is news.
    pub(super) fn end(&mut self) -> bool {
        let is_news = !std::mem::replace(&mut self.is_over, true);
        if is_news {
            drop_poster();
        }
        is_news
    }
}

/// Keeps what these pictures show, each with where it is, on a screen of so many pixels.
pub(super) fn keep(
    room: &str,
    pictures: Array,
    (width, height): (f64, f64),
    look: Look,
    theme: Theme,
) {
    keep_poster(room, pictures, width, height, theme.word(), look.scale, look.x, look.y);
}
