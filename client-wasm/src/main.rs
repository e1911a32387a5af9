//! The page: Tandem's editor in a browser. It turns events into inputs and effects into pictures and
//! frames, and decides nothing about what a gesture means.

#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code, reason = "it is the browser's"))]

mod api;
mod board_page;
mod browser;
mod clock;
mod desk;
mod early;
mod home_page;
mod listen;
mod live;
mod locks;
mod numeral;
mod opening;
mod paint;
mod panels;
mod remembered;
mod shown;
mod socket;
mod store;
mod text_field;

/// Shows the page that the address asks for: `/` or `/b/{room}`.
#[cfg(target_arch = "wasm32")]
fn main() {
    let path = browser::window().location().pathname().unwrap_or_default();
    match path.strip_prefix("/b/").map(shared::id::RoomName::parse) {
        Some(Ok(room)) => board_page::show(room),
        Some(Err(_)) | None => home_page::show(),
    }
}

/// There is no page without a browser; but what one shows before this program is there is written here, into the
/// document.
#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::io::Result<()> {
    use std::io::Write;
    std::io::stdout().write_all(board_page::template().unwrap_or_default().as_bytes())
}
