//! The field in which text is typed: a textarea that lies over the canvas just where the text will be.

use editor::{Camera, Input, ScreenPoint, TextEdit, TextInput};
use gloo_events::{EventListener, EventListenerOptions};
use scene::{LINE_HEIGHT, font_stack};
use shared::element::Align;
use shared::geometry::BoardPoint;
use wasm_bindgen::JsCast;
use web_sys::{HtmlTextAreaElement, KeyboardEvent};

use crate::desk::{Desk, Handle};
use crate::numeral::{numeral, px};
use crate::paint::css;
use crate::shown::Theme;

/// The font in which text is measured: large, so that rounding to pixels does not show.
const MEASURED_PX: f64 = 100.0;
/// Free pixels to the right, for the caret.
const CARET: f64 = 4.0;

/// The one text field of a board.
#[derive(Clone)]
pub(crate) struct TextField {
    field: HtmlTextAreaElement,
}

impl TextField {
    pub(crate) fn new(field: HtmlTextAreaElement) -> Self {
        field.set_hidden(true);
        Self { field }
    }

    /// Shows the field over the text that is being written, or hides it.
    pub(crate) fn follow(&self, edit: Option<&TextEdit>, camera: &Camera, theme: Theme) {
        let Some(edit) = edit else {
            if !self.field.hidden() {
                self.field.set_hidden(true);
                self.field.blur().ok();
            }
            return;
        };
        if self.field.value() != edit.value {
            self.replace(&edit.value);
        }
        self.place(edit, camera, theme);
        if self.field.hidden() {
            self.field.set_hidden(false);
            self.field.focus().ok();
            let end = edit.value.encode_utf16().count() as u32;
            self.field.set_selection_range(end, end).ok();
        }
    }

    /// Somebody else typed: the text changes, and the selection stays on the letters it was on.
    fn replace(&self, value: &str) {
        let (old, new): (Vec<u16>, Vec<u16>) =
            (self.field.value().encode_utf16().collect(), value.encode_utf16().collect());
        let place = |at: Option<u32>| moved_place(&old, &new, at.unwrap_or(0) as usize) as u32;
        let start = place(self.field.selection_start().ok().flatten());
        let end = place(self.field.selection_end().ok().flatten());
        self.field.set_value(value);
        self.field.set_selection_range(start, end).ok();
    }

    fn place(&self, edit: &TextEdit, camera: &Camera, theme: Theme) {
        let zoom = camera.zoom();
        let ScreenPoint { x, y } =
            camera.to_screen(BoardPoint::new(edit.geometry.x, edit.geometry.y));
        let size = edit.text_style.size * zoom;
        let width = edit.geometry.w * zoom + CARET + size;
        let height = (edit.geometry.h * zoom).max(size * LINE_HEIGHT);
        // Room beyond the text for the next letter, on the side where it will be.
        let left = match edit.text_style.align {
            Align::Left => x,
            Align::Center => x - (CARET + size) / 2.0,
            Align::Right => x - CARET - size,
        };
        let line = numeral(LINE_HEIGHT);
        let style = self.field.style();
        for (name, value) in [
            ("left", px(left)),
            ("top", px(y)),
            ("width", px(width)),
            ("height", px(height)),
            ("font", format!("{}/{line} {}", px(size), font_stack(edit.text_style.font))),
            ("color", css(edit.style.stroke, theme)),
            ("opacity", numeral(edit.style.opacity)),
            ("text-align", edit.text_style.align.name().into()),
            ("transform", format!("rotate({}rad)", numeral(edit.geometry.angle))),
        ] {
            style.set_property(name, &value).ok();
        }
    }

    /// Reports to the desk what is typed. The listeners live as long as the page.
    pub(crate) fn listen(&self, handle: &Handle) {
        let (field, to) = (self.field.clone(), handle.clone());
        EventListener::new(&self.field, "input", move |_| {
            let value = field.value();
            to.with(move |desk| desk.handle_typed(value));
        })
        .forget();
        let to = handle.clone();
        EventListener::new(&self.field, "blur", move |_| {
            to.input(Input::Text(TextInput::Done));
        })
        .forget();
        let to = handle.clone();
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(&self.field, "keydown", options, move |event| {
            event.stop_propagation();
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
            let is_enter = event.key() == "Enter" && (event.ctrl_key() || event.meta_key());
            if event.key() == "Escape" || is_enter {
                event.prevent_default();
                to.input(Input::Text(TextInput::Done));
            }
        })
        .forget();
    }
}

/// Where a place in `old` is in `new`, whose middle part was replaced; all in UTF-16 units.
fn moved_place(old: &[u16], new: &[u16], at: usize) -> usize {
    let n_same = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let tails = old[n_same..].iter().rev().zip(new[n_same..].iter().rev());
    let n_same_after = tails.take_while(|(a, b)| a == b).count();
    if at <= n_same {
        at
    } else if at + n_same_after >= old.len() {
        at + new.len() - old.len()
    } else {
        new.len() - n_same_after
    }
}

impl Desk {
    /// The field says something else: the editor is told, with how large it is.
    fn handle_typed(&mut self, value: String) {
        let Some(edit) = self.editor().text_edit() else { return };
        let (size, font) = (edit.text_style.size, font_stack(edit.text_style.font));
        let font = format!("{} {font}", px(MEASURED_PX));
        let lines = || value.split('\n');
        let widest = lines().map(|line| self.measure(&font, line)).fold(0.0, f64::max);
        let width = widest * size / MEASURED_PX;
        let height = lines().count() as f64 * size * LINE_HEIGHT;
        self.input(Input::Text(TextInput::Typed { value, width, height }));
    }
}
