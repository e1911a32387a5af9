//! The page at `/`: a new board, and the boards opened here before.

use shared::id::RoomName;

use crate::browser::window;
use crate::live::{Callback, RwSignal};
use crate::panels::{Part, Recent, follow_theme, home};
use crate::shown::Theme;
use crate::{clock, remembered};

/// Shows the home page.
pub(crate) fn show() {
    Part::show(page);
}

/// The whole page.
fn page() -> Part {
    let theme = RwSignal::new(remembered::theme());
    let recent = RwSignal::new(recent());
    follow_theme(theme);
    let on_new = Callback::new(|()| {
        let room = RoomName::random(&mut fastrand::Rng::with_seed(clock::seed()));
        window().location().set_href(&format!("/b/{room}")).ok();
    });
    let on_forget = Callback::new(move |room: RoomName| {
        remembered::forget_board(&room);
        recent.set(self::recent());
    });
    let on_theme = Callback::new(move |()| {
        let other = match theme.get_untracked() {
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Light,
        };
        remembered::remember_theme(other);
        theme.set(other);
    });
    home(recent, theme, on_theme, on_new, on_forget)
}

fn recent() -> Vec<Recent> {
    let opened =
        |(room, at): (RoomName, f64)| Recent { room, opened: ago(js_sys::Date::now() - at) };
    remembered::recent().into_iter().map(opened).collect()
}

/// A span of milliseconds in words.
fn ago(ms: f64) -> String {
    let minutes = (ms / 60_000.0).max(0.0) as u64;
    let (count, unit) = match minutes {
        0 => return "just now".into(),
        1..60 => (minutes, "minute"),
        60..1440 => (minutes / 60, "hour"),
        _ => (minutes / 1440, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural} ago")
}
