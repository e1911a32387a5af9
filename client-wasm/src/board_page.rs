//! The page of one board: canvases, text field, panels, and the desk behind them.

use leptos::prelude::*;
use shared::board::UndoState;
use shared::id::RoomName;
use shared::session::Connection;
use wasm_bindgen::JsCast;
use web_sys::{EventTarget, HtmlCanvasElement, HtmlElement, HtmlTextAreaElement};

use crate::desk::Handle;
use crate::paint::Painter;
use crate::panels::BoardPanels;
use crate::shown::{Action, Notice, Shown, ShownStyle};
use crate::text_field::TextField;
use crate::{api, listen, remembered};

/// Shows the board of a room.
pub(crate) fn show(room: RoomName) {
    remembered::remember_board(&room);
    document().set_title(&format!("{room} – Tandem"));
    mount_to_body(move || view! { <BoardPage room /> });
}

/// The whole page.
#[component]
fn BoardPage(room: RoomName) -> impl IntoView {
    let shown = shown();
    let board_canvas = NodeRef::<leptos::html::Canvas>::new();
    let over_canvas = NodeRef::<leptos::html::Canvas>::new();
    let text_field = NodeRef::<leptos::html::Textarea>::new();
    let desk = StoredValue::new_local(None::<Handle>);
    let act = Callback::new(move |action: Action| {
        if let Some(handle) = desk.get_value() {
            handle.act(action);
        }
    });
    let opened = room.clone();
    Effect::new(move |_| {
        let (Some(board), Some(over), Some(field)) =
            (board_canvas.get(), over_canvas.get(), text_field.get())
        else {
            return;
        };
        if desk.get_value().is_none() {
            desk.set_value(open(opened.clone(), shown, board, over, field));
        }
    });
    Effect::new(move |_| {
        let word = shown.theme.get().word();
        if let Some(root) = document().document_element() {
            root.set_attribute("data-theme", word).ok();
        }
    });
    view! {
        <main class="board">
            <canvas node_ref=board_canvas></canvas>
            <canvas node_ref=over_canvas data-testid="canvas" style="cursor: var(--pointer)"></canvas>
            <textarea
                node_ref=text_field
                class="text-editor"
                data-text-field=""
                data-testid="text-field"
                hidden=true
                spellcheck="false"
                wrap="off"
                aria-label="Text"
            ></textarea>
            <BoardPanels shown act room />
        </main>
    }
}

fn open(
    room: RoomName,
    shown: Shown,
    board: HtmlCanvasElement,
    over: HtmlCanvasElement,
    field: HtmlTextAreaElement,
) -> Option<Handle> {
    let canvas: HtmlElement = over.clone().unchecked_into();
    let Some(painter) = Painter::new(board, over, shown.theme.get_untracked()) else {
        shown.notice.set(Some(Notice {
            title: "This browser cannot draw".into(),
            text: "Tandem needs a canvas, and this browser offers none.".into(),
        }));
        return None;
    };
    let target: EventTarget = field.clone().into();
    let field = TextField::new(field);
    let handle = Handle::new(room, shown.me.get_untracked(), shown, painter, field.clone());
    field.listen(&handle);
    listen::listen(&handle, &canvas, &target, shown);
    api::expose(&handle);
    Some(handle)
}

fn shown() -> Shown {
    let editor = editor::Editor::default();
    let board = shared::board::Board::new(
        shared::id::ClientId::random(&mut fastrand::Rng::with_seed(1)),
        1,
    );
    let (style, text) = editor.shown_style(&board);
    let fields = editor.panel_fields(&board);
    Shown {
        tool: RwSignal::new(editor.tool()),
        is_tool_locked: RwSignal::new(false),
        style: RwSignal::new(ShownStyle { fields, style, text }),
        undo: RwSignal::new(UndoState::default()),
        zoom_percent: RwSignal::new(100),
        is_empty: RwSignal::new(false),
        connection: RwSignal::new(Connection::Connecting),
        n_unsaved: RwSignal::new(0),
        me: RwSignal::new(remembered::identity()),
        others: RwSignal::new(Vec::new()),
        theme: RwSignal::new(remembered::theme()),
        is_link_copied: RwSignal::new(false),
        is_help_open: RwSignal::new(false),
        is_dropping: RwSignal::new(false),
        toasts: RwSignal::new(Vec::new()),
        notice: RwSignal::new(None),
    }
}
