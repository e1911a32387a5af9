//! The field in which text is typed: a textarea that lies over the canvas just where the text will be.

use std::cell::Cell;
use std::rc::Rc;

use editor::{Camera, Input, Measure, Next, ScreenPoint, TextEdit, TextInput};
use gloo_events::{EventListener, EventListenerOptions};
use scene::{LINE_HEIGHT, font_stack};
use shared::element::Align;
use shared::geometry::BoardPoint;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlTextAreaElement, KeyboardEvent};

use crate::browser::{document, window};
use crate::desk::Handle;
use crate::numeral::{numeral, px};
use crate::paint::css;
use crate::shown::Theme;

/// The font in which text is measured: large, so that rounding to pixels does not show.
const MEASURED_PX: f64 = 100.0;
/// Free pixels to the right, for the caret.
const CARET: f64 = 4.0;

/// What a phone's keyboard leaves of the page, at most, as a part of its height.
const KEYBOARD_LEAVES: f64 = 0.85;
/// Free pixels between what is typed and the keyboard.
const FREE_BELOW: f64 = 16.0;

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

    /// Shows the field over the text that is being written, so many board units beside it, or hides it.
    pub(crate) fn follow(
        &self,
        edit: Option<&TextEdit>,
        shift: (f64, f64),
        camera: &Camera,
        theme: Theme,
    ) {
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
        self.place(edit, shift, camera, theme);
        if self.field.hidden() {
            self.field.set_hidden(false);
            self.field.focus().ok();
            let end = edit.value.encode_utf16().count() as u32;
            // What is typed takes the place of a name.
            let start = if edit.is_name() { 0 } else { end };
            self.field.set_selection_range(start, end).ok();
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

    fn place(&self, edit: &TextEdit, (dx, dy): (f64, f64), camera: &Camera, theme: Theme) {
        let zoom = camera.zoom();
        let ScreenPoint { x, y } =
            camera.to_screen(BoardPoint::new(edit.geometry.x + dx, edit.geometry.y + dy));
        let size = edit.text_style.size * zoom;
        // Text in a box is broken at the box's width; other text has room for the next letter, on the side
        // where it will be.
        let spare = if edit.wraps() { 0.0 } else { CARET + size };
        let width = edit.geometry.w * zoom + spare;
        let height = (edit.geometry.h * zoom).max(size * LINE_HEIGHT);
        let left = match edit.text_style.align {
            Align::Left => x,
            Align::Center => x - spare / 2.0,
            Align::Right => x - spare,
        };
        let wrap = if edit.wraps() { "pre-wrap" } else { "pre" };
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
            ("white-space", wrap.into()),
            ("text-align", edit.text_style.align.name().into()),
            ("transform", format!("rotate({}rad)", numeral(edit.geometry.angle))),
        ] {
            style.set_property(name, &value).ok();
        }
    }

    /// By how many pixels its end is hidden by the keyboard of a phone; `None` if there is no keyboard.
    pub(crate) fn hidden_by_keyboard(&self) -> Option<f64> {
        let seen = window().visual_viewport()?;
        let whole = window().inner_height().ok()?.as_f64()?;
        let has_keyboard = seen.height() * seen.scale() < whole * KEYBOARD_LEAVES;
        let end = seen.offset_top() + seen.height() - FREE_BELOW;
        has_keyboard.then(|| self.field.get_bounding_client_rect().bottom() - end)
    }

    /// Reports to the desk what is typed. The listeners live as long as the page.
    pub(crate) fn listen(&self, handle: &Handle) {
        let (field, to) = (self.field.clone(), handle.clone());
        EventListener::new(&self.field, "input", move |_| {
            let value = field.value();
            to.with(move |desk| {
                desk.input(Input::Text(TextInput::Typed(value)));
                desk.place_text_field();
                desk.keep_text_in_view();
            });
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
            let is_ctrl = event.ctrl_key() || event.meta_key();
            let input = match &*event.key() {
                "Escape" => TextInput::Done,
                "Enter" if is_ctrl => TextInput::Next(Next::Below),
                "Tab" => TextInput::Next(Next::Right),
                _ => return,
            };
            event.prevent_default();
            to.input(Input::Text(input));
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

/// Measures lines of text, as wide as the browser paints them.
pub(crate) fn measure() -> Option<Measure> {
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    let last = Cell::new(None);
    Some(Rc::new(move |font, line| {
        if last.replace(Some(font)) != Some(font) {
            context.set_font(&[&px(MEASURED_PX), " ", font_stack(font)].concat());
        }
        context.measure_text(line).map_or(0.0, |metrics| metrics.width()) / MEASURED_PX
    }))
}
