//! What the browser remembers between visits: name, color, theme, recent boards. Where it remembers
//! nothing (private windows), everything works and is forgotten.

use editor::Modes;
use js_sys::{Array, JSON};
use shared::color::Color;
use shared::geometry::BoardPoint;
use shared::id::RoomName;
use shared::protocol::Identity;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::Storage;

use crate::browser::window;
use crate::numeral::numeral;
use crate::panels::palette::PEOPLE;
use crate::shown::Theme;
use crate::{clock, store};

// The document asks for what was last seen of a board before this program is there: see `js/poster.js`.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = rememberedView)]
    safe fn remembered_view(room: &str) -> Option<Array>;

    #[wasm_bindgen(js_name = rememberView)]
    safe fn keep_view(room: &str, x: f64, y: f64, zoom: f64);

    #[wasm_bindgen(js_name = forgetView)]
    safe fn forget_view(room: &str);

    #[wasm_bindgen(js_name = forgetPoster)]
    safe fn forget_poster(room: &str);
}

const NAME: &str = "tandem.name";
const COLOR: &str = "tandem.color";
const THEME: &str = "tandem.theme";
const MODES: &str = "tandem.modes";
const RECENT: &str = "tandem.recent";
const RECENT_MAX: usize = 24;

/// The names that people start with.
const NAMES: [&str; 16] = [
    "Otter", "Heron", "Badger", "Lynx", "Swift", "Marten", "Puffin", "Hare", "Wren", "Fox", "Seal",
    "Stork", "Beaver", "Owl", "Robin", "Ibex",
];

/// Somebody's name and color: the ones they chose, or ones made up at the first visit.
pub(crate) fn identity() -> Identity {
    let mut rng = fastrand::Rng::with_seed(clock::seed());
    let color = read(COLOR).and_then(|text| Color::parse(&text));
    let color = color.unwrap_or_else(|| PEOPLE[rng.usize(..PEOPLE.len())].1);
    let name = read(NAME).unwrap_or_else(|| NAMES[rng.usize(..NAMES.len())].into());
    Identity::new(&name, color)
}

/// Keeps the name and the color for the next visit.
pub(crate) fn remember_identity(identity: &Identity) {
    write(NAME, &identity.name);
    write(COLOR, &identity.color.to_string());
}

/// The theme that was chosen, or the system's.
pub(crate) fn theme() -> Theme {
    let chosen = read(THEME).map(|word| word == Theme::Dark.word());
    let is_dark = chosen.unwrap_or_else(|| {
        let query = window().match_media("(prefers-color-scheme: dark)");
        query.ok().flatten().is_some_and(|query| query.matches())
    });
    if is_dark { Theme::Dark } else { Theme::Light }
}

/// Keeps the theme for the next visit.
pub(crate) fn remember_theme(theme: Theme) {
    write(THEME, theme.word());
}

/// The switches that were on.
pub(crate) fn modes() -> Modes {
    let bits = read(MODES).and_then(|text| text.parse::<u32>().ok());
    Modes::of_bits(bits.unwrap_or(0) as u8)
}

/// Keeps the switches for the next visit.
pub(crate) fn remember_modes(modes: Modes) {
    write(MODES, &modes.bits().to_string());
}

/// What this tab last saw of a board, or another one before: the middle, and the zoom.
pub(crate) fn view(room: &RoomName) -> Option<(BoardPoint, f64)> {
    let view = remembered_view(room.as_str())?;
    let [x, y, zoom] = [0, 1, 2].map(|at| view.get(at).as_f64());
    Some((BoardPoint::new(x?, y?), zoom?))
}

/// Keeps what this tab sees of a board: for itself until it is closed, and for those that come later.
pub(crate) fn remember_view(room: &RoomName, center: BoardPoint, zoom: f64) {
    keep_view(room.as_str(), center.x, center.y, zoom);
}

/// The boards opened here, the last one first, with when (milliseconds since 1970).
pub(crate) fn recent() -> Vec<(RoomName, f64)> {
    let value = read(RECENT).and_then(|text| JSON::parse(&text).ok()).unwrap_or_default();
    let entry = |entry: JsValue| {
        let entry: Array = entry.dyn_into().ok()?;
        Some((RoomName::parse(&entry.get(0).as_string()?).ok()?, entry.get(1).as_f64()?))
    };
    let all = value.dyn_into::<Array>();
    all.map(|all| all.iter().filter_map(entry).collect()).unwrap_or_default()
}

/// Puts a board at the top of the recent ones.
pub(crate) fn remember_board(room: &RoomName) {
    let mut all = recent();
    all.retain(|(other, _)| other != room);
    all.insert(0, (room.clone(), js_sys::Date::now()));
    while all.len() > RECENT_MAX {
        all.pop().inspect(|(old, _)| forget_view(old.as_str()));
    }
    write_recent(&all);
}

/// Takes a board from the recent ones, and what is kept of it from the browser.
pub(crate) fn forget_board(room: &RoomName) {
    let forgotten = room.clone();
    spawn_local(async move {
        // What cannot be forgotten is in nobody's way.
        let _ = store::forget(&forgotten).await;
    });
    forget_poster(room.as_str());
    forget_view(room.as_str());
    let mut all = recent();
    all.retain(|(other, _)| other != room);
    write_recent(&all);
}

/// How many times in a row opening the kept part of a board has ended the page.
pub(crate) fn n_ended_opening(room: &RoomName) -> u32 {
    read(&opening(room)).and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// Notes that the kept part of a board, or a part of that, is about to be read, which may end the page. `false` if
/// this browser remembers nothing.
pub(crate) fn begin_opening(room: &RoomName) -> bool {
    write(&opening(room), &(n_ended_opening(room) + 1).to_string())
}

/// It was read.
pub(crate) fn end_opening(room: &RoomName) {
    remove(&opening(room));
}

fn opening(room: &RoomName) -> String {
    format!("tandem.opening {room}")
}

fn write_recent(all: &[(RoomName, f64)]) {
    // By hand: names are plain letters, and the code that writes JSON is large.
    let entry = |(room, at): &(RoomName, f64)| format!("[\"{room}\",{}]", numeral(*at));
    let entries: Vec<String> = all.iter().map(entry).collect();
    write(RECENT, &format!("[{}]", entries.join(",")));
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Whether that worked: for most, a full or forbidden storage only means that the next visit starts anew.
fn write(key: &str, value: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(key, value).is_ok())
}

fn remove(key: &str) {
    if let Some(storage) = storage() {
        storage.remove_item(key).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_looks_for_modes_and_theme_where_the_program_keeps_them() {
        let script = include_str!("../js/early.js");
        for key in [MODES, THEME] {
            assert!(script.contains(&format!("localStorage[\"{key}\"]")), "{key}");
        }
        for theme in [Theme::Light, Theme::Dark] {
            assert!(script.contains(&format!("\"{}\"", theme.word())), "{}", theme.word());
        }
    }
}
