//! The page: Tandem's editor in a browser. It turns events into inputs and effects into pictures and
//! frames, and decides nothing about what a gesture means.

#[cfg(target_arch = "wasm32")]
mod api;
#[cfg(target_arch = "wasm32")]
mod board_page;
#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(target_arch = "wasm32")]
mod clock;
#[cfg(target_arch = "wasm32")]
mod desk;
#[cfg(target_arch = "wasm32")]
mod home_page;
#[cfg(target_arch = "wasm32")]
mod listen;
#[cfg(target_arch = "wasm32")]
mod live;
#[cfg(target_arch = "wasm32")]
mod locks;
#[cfg(target_arch = "wasm32")]
mod numeral;
#[cfg(target_arch = "wasm32")]
mod opening;
#[cfg(target_arch = "wasm32")]
mod paint;
#[cfg(target_arch = "wasm32")]
mod panels;
#[cfg(target_arch = "wasm32")]
mod remembered;
#[cfg(target_arch = "wasm32")]
mod shown;
#[cfg(target_arch = "wasm32")]
mod socket;
#[cfg(target_arch = "wasm32")]
mod store;
#[cfg(target_arch = "wasm32")]
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

/// There is no page without a browser.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
