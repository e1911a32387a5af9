//! What of the page's program is not needed to open a board, to see what is on it and what others do, to move about
//! and to draw with the pen.
//!
//! It comes in a file of its own, right after the board was painted. What is missing in this list makes the first
//! part larger (`size.rs` says so); what is wrong in it makes a page wait for the second part, which
//! `tests/tests/browser.rs` notices.

use std::cell::RefCell;
use std::collections::BTreeSet;

/// Where such functions are: what their names begin with, `<` and `&` in front left out.
const PATHS: &[&str] = &[
    "client_wasm::api::elements",
    "client_wasm::desk::Desk>::import",
    "client_wasm::desk::Desk>::look_over_sheet",
    "client_wasm::desk::Desk>::part_from_room",
    "client_wasm::desk::Desk>::print",
    "client_wasm::desk::Desk>::read_file",
    "client_wasm::desk::handle::Handle>::act",
    "client_wasm::desk::handle::Handle>::export",
    "client_wasm::desk::importing",
    "client_wasm::paint::map",
    "client_wasm::paint::overlay::paint_unlock",
    "client_wasm::panels::export_dialog",
    "client_wasm::panels::heads",
    "client_wasm::panels::help",
    "client_wasm::panels::import_field",
    "client_wasm::panels::menu",
    "client_wasm::panels::name_popover",
    "client_wasm::panels::palette_dialog",
    "client_wasm::panels::part::Part>::on_click",
    "client_wasm::panels::prompt",
    "client_wasm::panels::style_panel::buttons",
    "client_wasm::panels::style_panel::eraser",
    "client_wasm::panels::style_panel::measure",
    "client_wasm::panels::swatches::any_color",
    "client_wasm::remembered::forget_board",
    "compiler_builtins::math::libm_math::rem_pio2_large",
    "editor::binding",
    "editor::carry",
    "editor::editor::Editor>::ask_for_menu",
    "editor::editor::Editor>::begin_select",
    "editor::editor::Editor>::choose_locked",
    "editor::editor::Editor>::copied",
    "editor::editor::Editor>::edit_text_at",
    "editor::editor::Editor>::find",
    "editor::editor::Editor>::finish_line",
    "editor::editor::Editor>::follow_link",
    "editor::editor::Editor>::handle_double_click",
    "editor::editor::Editor>::handle_tab",
    "editor::editor::Editor>::handle_text",
    "editor::editor::Editor>::measure",
    "editor::editor::Editor>::next_note",
    "editor::editor::Editor>::open_menu",
    "editor::editor::Editor>::paste",
    "editor::editor::Editor>::place_pictures",
    "editor::editor::Editor>::place_unlock",
    "editor::editor::Editor>::restyle",
    "editor::editor::Editor>::run",
    "editor::editor::Editor>::set_head",
    "editor::editor::Editor>::set_link",
    "editor::editor::Editor>::snap",
    "editor::editor::Editor>::take_arrow",
    "editor::editor::cropping",
    "editor::gesture::crop",
    "editor::gesture::line",
    "editor::gesture::moving",
    "editor::gesture::point",
    "editor::gesture::resize",
    "editor::gesture::rub",
    "editor::gesture::turn",
    "editor::handles::handles",
    "editor::label",
    "editor::placing",
    "editor::relations",
    "editor::selection::element_at",
    "editor::selection::members",
    "editor::text",
    "editor::wrapping",
    "scene::attach::elbow",
    "scene::hit::hits",
    "serde_json",
    "shared::board::author::Board>::change",
    "shared::board::author::Board>::go",
    "shared::board::change",
    "shared::excalidraw",
    "yrs::any::Any as serde_core",
    "yrs::types::text",
    "yrs::types::xml",
];

/// The list, and what of it was met.
#[derive(Default)]
pub struct Later {
    met: RefCell<BTreeSet<&'static str>>,
}

impl Later {
    /// Whether a function with this name comes later.
    pub fn has(&self, name: &str) -> bool {
        let name = name.trim_start_matches(['<', '&']);
        let path = PATHS.iter().find(|it| name.starts_with(**it));
        self.met.borrow_mut().extend(path);
        path.is_some()
    }

    /// The paths by which nothing was found: what they named is called otherwise now, or needed by nobody but others
    /// that come later.
    pub fn unmet(&self) -> Vec<&'static str> {
        let met = self.met.borrow();
        PATHS.iter().copied().filter(|it| !met.contains(it)).collect()
    }
}
