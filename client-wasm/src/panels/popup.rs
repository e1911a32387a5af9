//! Which of the things that hang from a button is open, and what closes it: a press elsewhere, or
//! Escape. A press on the board that closes something does nothing else. While a dialog or a notice covers
//! the board, no key reaches it.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::{JsCast, UnwrapThrowExt};
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

use super::help;
use crate::browser::{document, window};
use crate::live::{RwSignal, keep};
use crate::shown::{Dialog, Shown};

/// Something that hangs from a button until the next press elsewhere.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Popup {
    /// The board's menu.
    Menu,
    /// One's own name and color.
    Name,
    /// The style panel, where the screen is small.
    Style,
    /// The tools that have no room in the toolbar.
    Tools,
}

impl Popup {
    /// Presses on these leave it open. The button is among them because it closes by itself.
    fn selector(self) -> &'static str {
        match self {
            Self::Menu => ".menu, [data-testid=menu]",
            Self::Name => ".name-popover, .avatar.me",
            Self::Style => ".style-panel, [data-testid=style-toggle]",
            Self::Tools => ".toolbar",
        }
    }
}

/// The one popup that is open, if any.
#[derive(Clone, Copy)]
pub(crate) struct OpenPopup(RwSignal<Option<Popup>>);

impl OpenPopup {
    /// With none open.
    pub(crate) fn new() -> Self {
        Self(RwSignal::new(None))
    }

    /// Whether `popup` is open; tracked.
    pub(crate) fn is(self, popup: Popup) -> bool {
        self.0.get() == Some(popup)
    }

    /// Opens `popup` in the place of any other, or closes it.
    pub(crate) fn toggle(self, popup: Popup) {
        if self.0.get_untracked() == Some(popup) {
            self.close();
        } else {
            self.close();
            self.0.set(Some(popup));
        }
    }

    /// Closes whatever is open.
    pub(crate) fn close(self) {
        let Some(popup) = self.0.get_untracked() else { return };
        // A field that loses the focus reports what was typed; one that is taken away does not.
        if let Some(field) = document().active_element()
            && is_in(&field, popup.selector())
            && let Some(field) = field.dyn_ref::<HtmlElement>()
        {
            field.blur().ok();
        }
        self.0.set(None);
    }
}

/// Watches presses and keys for as long as the panels are there, before anything else sees them.
pub(crate) fn listen(open: OpenPopup, shown: Shown) {
    let on_press = move |event: &Event| handle_press(event, open, shown);
    let on_key = move |event: &Event| handle_key(event.unchecked_ref(), open, shown);
    let before_all =
        EventListenerOptions { passive: false, ..EventListenerOptions::run_in_capture_phase() };
    let press = EventListener::new_with_options(&window(), "pointerdown", before_all, on_press);
    let key = EventListener::new_with_options(&window(), "keydown", before_all, on_key);
    keep((press, key));
}

fn handle_press(event: &Event, open: OpenPopup, shown: Shown) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let is_on = |selector: &str| target.as_ref().is_some_and(|target| is_in(target, selector));
    let mut does_close = false;
    if shown.context_menu.with_untracked(Option::is_some) && !is_on(".context-menu") {
        shown.context_menu.set(None);
        does_close = true;
    }
    let is_link = |dialog: &Option<Dialog>| matches!(dialog, Some(Dialog::Link(_)));
    if shown.dialog.with_untracked(is_link) && !is_on(".prompt") {
        // It is about what is chosen, which the press might change.
        shown.dialog.set(None);
        does_close = true;
    }
    if let Some(popup) = open.0.get_untracked()
        && !is_on(popup.selector())
    {
        open.close();
        does_close = true;
    }
    if does_close && is_on(".glass") {
        // The board sees a press by no button: a second finger still makes it a pinch.
        event.prevent_default();
    }
}

fn handle_key(event: &KeyboardEvent, open: OpenPopup, shown: Shown) {
    let is_covered = shown.notice.with_untracked(Option::is_some);
    if is_covered {
        event.stop_immediate_propagation();
    } else if shown.dialog.with_untracked(|it| *it == Some(Dialog::Help)) {
        help::handle_key(event, shown.dialog);
        event.stop_immediate_propagation();
    } else if event.key() == "Escape" && shown.dialog.with_untracked(Option::is_some) {
        shown.dialog.set(None);
        event.stop_immediate_propagation();
    } else if shown.dialog.with_untracked(|it| matches!(it, Some(Dialog::Export { .. }))) {
        event.stop_immediate_propagation();
    } else if event.key() == "Escape" && shown.context_menu.with_untracked(Option::is_some) {
        shown.context_menu.set(None);
        event.stop_immediate_propagation();
    } else if event.key() == "Escape" && !event.is_composing() && open.0.get_untracked().is_some() {
        // Keys that walked about in it go back to where they came from.
        let here = document().active_element().filter(|it| is_in(it, ".menu-item"));
        let opener = here.and_then(|_| opener());
        open.close();
        if let Some(opener) = opener {
            opener.focus().ok();
        }
        event.stop_immediate_propagation();
    }
}

/// The button from which something hangs.
fn opener() -> Option<HtmlElement> {
    let opener = document().query_selector("[aria-expanded=true]").ok().flatten();
    opener.and_then(|it| it.dyn_into().ok())
}

fn is_in(element: &Element, selector: &str) -> bool {
    element.closest(selector).expect_throw("the selectors above are well-formed").is_some()
}
