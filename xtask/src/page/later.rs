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
    "alloc::rc::Rc<core::cell::RefCell<client_wasm::desk::Desk>>>::drop_slow",
    "alloc::sync::Arc<yrs::store::StoreInner>>::drop_slow",
    "alloc::sync::Arc<yrs::undo::Inner<shared",
    "client_wasm::api::elements",
    "client_wasm::api::import",
    "client_wasm::desk::Desk>::look_over_sheet",
    "client_wasm::desk::Desk>::part_from_room",
    "client_wasm::desk::Desk>::print",
    "client_wasm::desk::Desk>::use_clipboard",
    "client_wasm::desk::copying::paste",
    "client_wasm::desk::handle::Handle>::act",
    "client_wasm::desk::handle::Handle>::export",
    "client_wasm::desk::handle::Handle>::paste",
    "client_wasm::desk::importing",
    "client_wasm::listen::on::<web_sys::features::gen_ClipboardEvent",
    "client_wasm::listen::on::<web_sys::features::gen_DragEvent",
    "client_wasm::paint::map",
    "client_wasm::paint::overlay::paint_unlock",
    "client_wasm::panels::button::walk",
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
    "client_wasm::text_field::TextField>::replace",
    "client_wasm::text_field::measure",
    "compiler_builtins::math::libm_math::rem_pio2_large",
    "core::iter::adapters::filter::Filter<core::iter::adapters::map::Map<core::slice::iter::Iter<&[editor::command",
    "core::ptr::drop_in_place::<alloc::boxed::Box<yrs::store::StoreEvents",
    "core::ptr::drop_in_place::<shared::session::Session>",
    "editor::binding",
    "editor::carry",
    "editor::editor::Editor>::ask_for_menu",
    "editor::editor::Editor>::begin_crop",
    "editor::editor::Editor>::begin_select",
    "editor::editor::Editor>::choose_locked",
    "editor::editor::Editor>::color_at",
    "editor::editor::Editor>::edit_text_at",
    "editor::editor::Editor>::erase",
    "editor::editor::Editor>::find",
    "editor::editor::Editor>::finish_line",
    "editor::editor::Editor>::follow_link",
    "editor::editor::Editor>::grip_at",
    "editor::editor::Editor>::handle_double_click",
    "editor::editor::Editor>::handle_tab",
    "editor::editor::Editor>::handle_text",
    "editor::editor::Editor>::measure",
    "editor::editor::Editor>::next_note",
    "editor::editor::Editor>::open_menu",
    "editor::editor::Editor>::paste",
    "editor::editor::Editor>::place_pictures",
    "editor::editor::Editor>::place_unlock",
    "editor::editor::Editor>::preview_crop",
    "editor::editor::Editor>::restyle",
    "editor::editor::Editor>::run",
    "editor::editor::Editor>::set_head",
    "editor::editor::Editor>::set_link",
    "editor::editor::Editor>::snap",
    "editor::editor::Editor>::take_arrow",
    "editor::editor::Editor>::write_on",
    "editor::editor::cropping",
    "editor::gesture::crop",
    "editor::gesture::erase",
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
    "editor::selection::members",
    "editor::text",
    "editor::wrapping",
    "scene::attach::elbow::best",
    "scene::attach::elbow::laid::Laid>::course",
    "scene::attach::elbow::lines",
    "scene::hit::hits",
    "serde_json",
    "shared::board::author::Board>::change",
    "shared::board::author::Board>::delete",
    "shared::board::author::Board>::go",
    "shared::board::change",
    "shared::board::history::History>::drop_oldest",
    "shared::board::history::History>::drop_remains",
    "shared::board::history::History>::forget_seen",
    "shared::board::properties::crop_value",
    "shared::board::properties::fixed_value",
    "shared::board::properties::geometry_value",
    "shared::board::properties::heads_value",
    "shared::board::properties::points",
    "yrs::any::Any as serde_core",
    "yrs::doc::Doc>::destroy",
    "yrs::encoding::read::Error as alloc::string::ToString",
    "yrs::id_set::IdSet>::remove_range",
    "yrs::slice::BlockSlice>::encode::<yrs::updates::encoder::EncoderV2",
    "yrs::types::text",
    "yrs::types::xml",
    "yrs::undo::UndoManager<shared::board::history::Made> as core::ops::drop::Drop",
    "yrs::update::Update>::merge_updates",
    "yrs::updates::decoder::DecoderV1 as yrs::updates::decoder::Decoder>::read_json",
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
