//! From the editor to everybody else: what an input leads to, and what the editor asks the page to do.

use editor::{Ask, Command, Covered, Effects, Input, ScreenSize, Tool};
use shared::protocol::Identity;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::{Desk, exporting};
use crate::browser::{document, set_timeout, window};
use crate::shown::{ContextMenu, Dialog, Theme, ToastKind};
use crate::{clock, remembered};

/// How long "Link copied" stays, in milliseconds.
const COPIED_MS: u32 = 2_000;

/// The menu on a small screen, as the styles have it: pixels of a row of two, the part of the screen that it takes at most,
/// and pixels around the rows.
const SHEET_ROW: f64 = 44.0;
const SHEET_PART: f64 = 0.76;
const SHEET_EDGES: f64 = 32.0;

impl Desk {
    /// Takes an input. Whether the editor used it up.
    pub(crate) fn input(&mut self, input: Input) -> bool {
        let is_about_to_draw =
            matches!(input, Input::Pick(_) | Input::Move(..) | Input::KeyDown(_));
        let effects = self.editor.handle(clock::now(), input, &mut self.board);
        if is_about_to_draw && self.editor.tool() == Tool::Pen {
            self.painting.prepare_ink();
        }
        self.follow(effects)
    }

    /// The browser expects the pointer to pass these places next.
    pub(crate) fn expect(&mut self, places: &[editor::Sample]) {
        self.editor.expect(places);
    }

    /// Looks at another part of the board.
    pub(crate) fn look(&mut self, change: impl FnOnce(&mut editor::Camera)) {
        let effects = self.editor.look(change);
        self.follow(effects);
    }

    pub(super) fn follow(&mut self, effects: Effects) -> bool {
        let Effects { scene, mut overlay, panels, is_handled, presence, asks } = effects;
        // First the edits, then what is shown: others see a drag end where it was written.
        self.session.handle_edits(&mut self.board);
        if let Some(gesture) = &presence.gesture {
            overlay |= self.trails.handle_shown(None, gesture, clock::now());
        }
        // What is under a pointer that only moves about decides on its shape.
        self.painting.wants_pointer |= presence.cursor.is_some() && !self.editor.is_busy();
        if !presence.is_empty() {
            self.session.show_presence(clock::now(), presence);
        }
        self.painting.wants_board |= scene;
        self.painting.wants_overlay |= scene || overlay;
        self.painting.wants_panels |= panels;
        for ask in asks {
            self.answer(ask);
        }
        is_handled
    }

    fn answer(&mut self, ask: Ask) {
        match ask {
            Ask::Help => self.toggle(Dialog::Help),
            Ask::Palette => self.toggle(Dialog::Palette),
            Ask::Find => self.shown.dialog.set(Some(Dialog::Find)),
            Ask::Link => {
                let link = self.editor.link(&self.board).unwrap_or_default();
                self.shown.dialog.set(Some(Dialog::Link(link.into())));
            }
            Ask::Theme => {
                let theme = match self.shown.theme.get_untracked() {
                    Theme::Light => Theme::Dark,
                    Theme::Dark => Theme::Light,
                };
                remembered::remember_theme(theme);
                self.set_theme(theme);
            }
            Ask::Share => self.copy_link(),
            Ask::Menu(at) => {
                let sections = self.editor.menu(&self.board);
                self.look_over_sheet(&sections);
                self.shown.context_menu.set(Some(ContextMenu { at: (at.x, at.y), sections }));
            }
            Ask::Copy { .. } | Ask::Paste => self.clipboard_ask = Some(ask),
            Ask::Open(address) => {
                // The other page must not be able to steer this one.
                let rights = "noopener,noreferrer";
                window().open_with_url_and_target_and_features(&address, "_blank", rights).ok();
            }
            Ask::Cropping => {
                let text = "Enter, or a click beside it, ends cropping.".into();
                self.toast(ToastKind::Info, text, Vec::new());
            }
            Ask::Export(command) => self.answer_export(command),
            Ask::Import => choose_files(".excalidraw,.excalidrawlib,application/json,image/*"),
            Ask::Pictures => choose_files("image/*"),
        }
    }

    /// On a small screen the menu lies at the bottom: what it is about moves up, beside it.
    #[inline(never)]
    fn look_over_sheet(&mut self, sections: &[Vec<Command>]) {
        let camera = self.editor.camera();
        let ScreenSize { width, height } = camera.size();
        if !super::panels::is_small(width) {
            return;
        }
        let n_rows: usize = sections.iter().map(|section| section.len().div_ceil(2)).sum();
        let bottom = (n_rows as f64 * SHEET_ROW).min(height * SHEET_PART) + SHEET_EDGES;
        let covered = Covered { bottom, ..self.editor.covered(&self.board) };
        let (dx, dy) = camera.way_into_view(self.editor.selection_bounds(&self.board), covered);
        let zoom = camera.zoom();
        self.look(|camera| camera.pan(dx * zoom, dy * zoom));
    }

    fn toggle(&mut self, dialog: Dialog) {
        self.shown
            .dialog
            .update(|it| *it = Some(dialog).filter(|dialog| it.as_ref() != Some(dialog)));
    }

    /// Switches between light and dark.
    pub(crate) fn set_theme(&mut self, theme: Theme) {
        self.shown.theme.set(theme);
        self.painting.set_theme(theme);
    }

    fn copy_link(&mut self) {
        let link = clock::link(&self.room);
        // Without a secure context there is no clipboard: the link is shown to be copied by hand.
        let clipboard = js_sys::Reflect::get(&window().navigator(), &"clipboard".into());
        if clipboard.is_ok_and(|clipboard| clipboard.is_object()) {
            let promise = exporting::copy_text(&link);
            wasm_bindgen_futures::spawn_local(async move {
                wasm_bindgen_futures::JsFuture::from(promise).await.ok();
            });
            let is_copied = self.shown.is_link_copied;
            is_copied.set(true);
            set_timeout(COPIED_MS, move || is_copied.set(false));
        } else {
            self.toast(ToastKind::Info, format!("The link of this board: {link}"), Vec::new());
        }
    }

    pub(super) fn rename(&mut self, identity: Identity) {
        remembered::remember_identity(&identity);
        self.shown.me.set(identity.clone());
        self.session.rename(identity);
    }
}

/// Lets people choose files of these kinds.
fn choose_files(kinds: &str) {
    let field = document().get_element_by_id("import-file");
    if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
        field.set_attribute("accept", kinds).ok();
        field.click();
    }
}
