//! What the panels show, as signals, and what they ask for. The desk writes the signals; the panels
//! read them and never see the board.

use std::time::Duration;

use editor::{Command, Found, Input, Looks, Modes, PanelFields, ScreenPoint, Tool};
use shared::board::UndoState;
use shared::id::RoomName;
use shared::protocol::Identity;
use shared::session::Connection;
use web_sys::{File, HtmlCanvasElement};

use crate::live::{Callback, RwSignal};

/// Everything that a panel can show.
#[derive(Clone, Copy)]
pub struct Shown {
    /// The tool in hand.
    pub tool: RwSignal<Tool>,
    /// Whether it stays in hand after drawing.
    pub is_tool_locked: RwSignal<bool>,
    /// What the style panel shows.
    pub style: RwSignal<ShownStyle>,
    /// What is switched on.
    pub modes: RwSignal<Modes>,
    /// Whether a stylus has touched the board.
    pub has_stylus: RwSignal<bool>,
    /// What was looked for.
    pub found: RwSignal<Found>,
    /// Whether nothing that is on the board is in view.
    pub is_lost: RwSignal<bool>,
    /// Whether undo and redo do anything.
    pub undo: RwSignal<UndoState>,
    /// Zoom in whole percent.
    pub zoom_percent: RwSignal<u32>,
    /// Whether the board has no elements and nothing is being drawn.
    pub is_empty: RwSignal<bool>,
    /// The connection.
    pub connection: RwSignal<Connection>,
    /// The time to the server and back, once it was measured.
    pub rtt: RwSignal<Option<Duration>>,
    /// Edits that the server has not acknowledged, and pictures that it has not got.
    pub n_unsaved: RwSignal<usize>,
    /// How much of a picture has been sent, in percent, while one is.
    pub uploading: RwSignal<Option<u32>>,
    /// Oneself.
    pub me: RwSignal<Identity>,
    /// Everybody else, in the order they came.
    pub others: RwSignal<Vec<Person>>,
    /// Light or dark.
    pub theme: RwSignal<Theme>,
    /// Whether the link was just copied.
    pub is_link_copied: RwSignal<bool>,
    /// How pictures are exported.
    pub export: RwSignal<ExportLook>,
    /// Width and height of such a picture in pixels, and whether it can be so large.
    pub export_size: RwSignal<(u32, u32, bool)>,
    /// What is asked or told over the board.
    pub dialog: RwSignal<Option<Dialog>>,
    /// Whether a file is being dragged over the page.
    pub is_dropping: RwSignal<bool>,
    /// The menu at the pointer.
    pub context_menu: RwSignal<Option<ContextMenu>>,
    /// Short messages, oldest first.
    pub toasts: RwSignal<Vec<Toast>>,
    /// Something that stops all work.
    pub notice: RwSignal<Option<Notice>>,
}

/// What is asked or told over the board.
#[derive(Clone, PartialEq, Eq)]
pub enum Dialog {
    /// The list of keys.
    Help,
    /// The list of all commands, to search in.
    Palette,
    /// How a picture is to be.
    Export {
        /// Whether something is selected.
        has_selection: bool,
    },
    /// What to look for.
    Find,
    /// Where what is selected leads to, with what it is now.
    Link(String),
}

/// How a picture of the board is to be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ExportLook {
    /// Whether it shows what is selected, or all.
    pub is_selected: bool,
    /// Whether the page's color lies behind it.
    pub has_background: bool,
    /// Whether its colors are those of a dark board.
    pub is_dark: bool,
    /// A PNG's pixels for each board unit: 1 to 3.
    pub scale: u8,
}

/// What becomes of the board, or of a picture of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ExportTo {
    /// A file of Excalidraw's, of all of the board.
    File,
    /// A PNG file.
    Png,
    /// An SVG file.
    Svg,
    /// A PNG on the clipboard.
    CopyPng,
    /// An SVG on the clipboard.
    CopySvg,
}

/// A menu at the pointer.
#[derive(Clone, PartialEq)]
pub struct ContextMenu {
    /// Where on the page, in CSS pixels.
    pub at: (f64, f64),
    /// What it offers, in sections.
    pub sections: Vec<Vec<Command>>,
}

/// The style panel's content.
#[derive(Clone, Copy, PartialEq)]
pub struct ShownStyle {
    /// Which parts apply; with none the panel is not shown.
    pub fields: PanelFields,
    /// The looks that all share, and where they are.
    pub looks: Looks,
}

/// Somebody else in the room.
#[derive(Clone, PartialEq)]
pub struct Person {
    /// Their member number, for keys of lists.
    pub id: u16,
    /// Name and color.
    pub identity: Identity,
    /// Whether they have been still for a while.
    pub is_idle: bool,
}

/// Light or dark.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Dark ink on white.
    Light,
    /// Light ink on black.
    Dark,
}

impl Theme {
    /// The word in `<html data-theme>` and in the browser's storage.
    pub fn word(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// A short message at the bottom.
#[derive(Clone, PartialEq)]
pub struct Toast {
    /// Counts up, for keys of lists and for dismissing.
    pub id: u64,
    /// How much it matters.
    pub kind: ToastKind,
    /// One sentence.
    pub text: String,
    /// More, folded away; may be empty.
    pub details: Vec<String>,
    /// A board that it leads to.
    pub link: Option<RoomName>,
}

/// How much a message matters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ToastKind {
    /// All went well.
    Info,
    /// Part of it did.
    Warn,
    /// It did not.
    Error,
}

impl ToastKind {
    /// The word in `data-kind`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}

/// Something that stops all work, with what to do about it: reload.
#[derive(Clone, PartialEq)]
pub struct Notice {
    /// What happened.
    pub title: String,
    /// What it means and what to do.
    pub text: String,
}

/// What a panel asks for.
#[derive(Clone)]
pub enum Action {
    /// Something for the editor.
    Input(Input),
    /// A new name or color.
    Rename(Identity),
    /// A place on the map of the board was pressed: parts of its width and height.
    LookAt(f64, f64),
    /// Files to import: drawings, and pictures, which go to a place.
    Import(Vec<File>, Option<ScreenPoint>),
    /// Make a picture, or a file of the board.
    Export(ExportLook, ExportTo),
    /// Show how a picture would be, on this canvas.
    Preview(ExportLook, HtmlCanvasElement),
    /// Take this message away.
    Dismiss(u64),
}

impl From<Command> for Action {
    fn from(command: Command) -> Self {
        Self::Input(Input::Command(command))
    }
}

/// Where panels send what they ask for.
pub type Act = Callback<Action>;
