//! What covers the board or lies on it: a notice that stops all work, the hint that a file can be
//! dropped, and the hint on an empty board.

use super::icon::Icon;
use super::part::Part;
use crate::browser::window;
use crate::shown::Notice;

/// Something that stops all work.
pub(crate) fn full_notice(notice: &Notice) -> Part {
    // A browser that refuses to reload leaves the notice where it is.
    let reload = Part::html("<button class='button primary'>Reload")
        .on_click(|| drop(window().location().reload()))
        .focused();
    Part::html("<div class='notice' role='alertdialog' aria-labelledby='notice-title'>")
        .child(Icon::BRAND)
        .child(Part::html("<h1 id='notice-title'>").text(&notice.title))
        .child(Part::html("<p>").text(&notice.text))
        .child(Part::html("<div class='actions'>").child(reload))
}

/// Shown while a file is dragged over the page.
pub(crate) fn drop_hint() -> Part {
    Part::html("<div class='drop-hint'>")
        .child(Icon::IMPORT)
        .child(Part::html("<strong>Drop to import"))
        .child(Part::html("<span>Pictures, .excalidraw and .excalidrawlib files"))
}

/// Shown on an empty board; it takes no pointer.
pub(crate) fn empty_hint() -> Part {
    Part::html("<div class='empty-hint'>")
        .child(Icon::BRAND)
        .child(Part::html("<strong>An empty board"))
        .child(Part::html("<span>Pick a tool and draw. Share the link to draw together."))
}
