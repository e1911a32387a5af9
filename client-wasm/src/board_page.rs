//! The page of one board: canvases, text field, panels, and the desk behind them.

use std::cell::RefCell;
use std::rc::Rc;

use shared::board::UndoState;
use shared::id::RoomName;
use shared::protocol::Identity;
use shared::session::Connection;
use web_sys::{Element, EventTarget, HtmlCanvasElement, HtmlElement, HtmlTextAreaElement};

use crate::browser::{document, set_timeout, window};
use crate::desk::Handle;
use crate::live::{Callback, RwSignal};
use crate::opening::Opened;
use crate::paint::Painter;
use crate::panels::{Part, follow_theme};
use crate::shown::{Act, Action, ExportLook, Notice, Shown, ShownStyle, Theme};
use crate::socket::Unheard;
use crate::text_field::TextField;
use crate::{api, early, listen, opening, panels, remembered};

/// How long what nobody waits for is left to when a board opens, in milliseconds.
const SOON_MS: u32 = 200;

/// Shows the whole page of a room's board, and then opens the desk, which measures it, with what the browser has kept.
pub(crate) fn show(room: RoomName) {
    let socket = Unheard::early().or_else(|| Unheard::open(&early::socket_address(room.as_str())));
    let shown = shown(remembered::identity(), remembered::theme(), window().device_pixel_ratio());
    let desk = Rc::new(RefCell::new(None::<Handle>));
    let opened_desk = Rc::clone(&desk);
    let act = Callback::new(move |action: Action| {
        let handle = desk.borrow().clone();
        if let Some(handle) = handle {
            handle.act(action);
        }
    });
    let mut place = None;
    Part::show(|| {
        let page = page(shown, act, room.clone());
        place = Some(page.1);
        page.0
    });
    follow_theme(shown.theme);
    let Some(place) = place else { return };
    opening::open(room.clone(), shown.me.get_untracked(), move |opened| {
        let handle = open(room.clone(), opened, socket, shown, place);
        opened_desk.replace(handle.clone());
        early::redo();
        set_timeout(SOON_MS, move || settle(&room, shown, handle));
    });
}

/// Does what nobody waits for: each of it asks the browser's other processes.
fn settle(room: &RoomName, shown: Shown, handle: Option<Handle>) {
    document().set_title(&format!("{room} – Tandem"));
    remembered::remember_board(room);
    remembered::remember_identity(&shown.me.get_untracked());
    if let Some(handle) = handle {
        handle.find_waiting_pictures();
    }
}

/// The page as the document has it before the program is there.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn template() -> Option<String> {
    let nobody = Identity::new("", shared::color::Color::TRANSPARENT);
    let (page, _) =
        page(shown(nobody, Theme::Light, 1.0), Callback::new(drop), RoomName::parse("any").ok()?);
    Some(page.template())
}

/// The whole page, and where the board is on it.
fn page(shown: Shown, act: Act, room: RoomName) -> (Part, Place) {
    let tiles = Part::html("<div class='tiles'>");
    let over = Part::html("<canvas style='visibility: hidden'>");
    let ink = Part::html("<div class='ink'>");
    let end = Part::html("<canvas class='end'>");
    let glass = Part::html("<div class='glass' data-testid='canvas'>");
    let field = Part::html(
        "<textarea class='text-editor' data-text-field data-testid='text-field' hidden \
         spellcheck='false' wrap='off' aria-label='Text'>",
    );
    let place = Place {
        tiles_and_ink: (tiles.as_element(), ink.as_element()),
        canvases: [over.as_element(), end.as_element()],
        surface: glass.as_element(),
        field: field.as_element(),
    };
    let page = Part::html("<main class='board'>")
        .child(tiles)
        .child(ink)
        .child(Part::html("<div class='grid' hidden>"))
        .child(end)
        .child(over)
        .child(glass)
        .child(field);
    (panels::board(page, shown, act, room), place)
}

/// Where the board is on the page.
struct Place {
    tiles_and_ink: (Element, HtmlElement),
    canvases: [HtmlCanvasElement; 2],
    surface: HtmlElement,
    field: HtmlTextAreaElement,
}

fn open(
    room: RoomName,
    opened: Opened,
    socket: Option<Unheard>,
    shown: Shown,
    place: Place,
) -> Option<Handle> {
    let Place { tiles_and_ink, canvases, surface, field } = place;
    let Some(painter) = Painter::new(tiles_and_ink, canvases, shown.theme.get_untracked()) else {
        shown.notice.set(Some(Notice {
            title: "This browser cannot draw".into(),
            text: "Tandem needs a canvas, and this browser offers none.".into(),
        }));
        return None;
    };
    let target: EventTarget = field.clone().into();
    let field = TextField::new(field);
    let handle = Handle::new(room, opened, socket, shown, painter, field.clone());
    field.listen(&handle);
    listen::listen(&handle, &surface, &target, shown);
    api::expose(&handle);
    Some(handle)
}

fn shown(me: Identity, theme: Theme, ratio: f64) -> Shown {
    let editor = editor::Editor::default();
    let style = ShownStyle { fields: editor.fields_of_next(), looks: editor.looks_of_next() };
    Shown {
        tool: RwSignal::new(editor.tool()),
        is_tool_locked: RwSignal::new(false),
        style: RwSignal::new(style),
        modes: RwSignal::new(editor.modes()),
        has_stylus: RwSignal::new(false),
        found: RwSignal::new(editor.found()),
        is_lost: RwSignal::new(false),
        undo: RwSignal::new(UndoState::default()),
        zoom_percent: RwSignal::new(100),
        is_empty: RwSignal::new(false),
        connection: RwSignal::new(Connection::Connecting),
        rtt: RwSignal::new(None),
        n_unsaved: RwSignal::new(0),
        uploading: RwSignal::new(None),
        me: RwSignal::new(me),
        others: RwSignal::new(Vec::new()),
        theme: RwSignal::new(theme),
        is_link_copied: RwSignal::new(false),
        export: RwSignal::new(ExportLook {
            is_selected: false,
            has_background: true,
            is_dark: false,
            scale: ratio.round().clamp(1.0, 3.0) as u8,
        }),
        export_size: RwSignal::new((0, 0, true)),
        dialog: RwSignal::new(None),
        is_dropping: RwSignal::new(false),
        context_menu: RwSignal::new(None),
        toasts: RwSignal::new(Vec::new()),
        notice: RwSignal::new(None),
    }
}
