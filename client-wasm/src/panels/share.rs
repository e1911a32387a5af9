//! The button that copies the board's link, and says for a moment that it did.

use editor::Command;

use super::icon::Icon;
use super::part::Part;
use crate::shown::{Act, Shown};

/// The share button.
pub(crate) fn share(shown: Shown, act: Act) -> Part {
    Part::button("button primary share", "Share: copy the link")
        .attribute("data-testid", "share")
        .attribute("data-tip", "Copy the link to this board")
        .attribute("data-tip-align", "end")
        .live_attribute(
            "data-state",
            move || {
                if shown.is_link_copied.get() { "copied" } else { "idle" }
            },
        )
        .gives(Command::Share, act)
        .child(Icon::SHARE.with_class("when-idle"))
        .child(Icon::CHECK.with_class("when-copied"))
        .child(Part::html("<span class='label when-idle'>Share"))
        .child(Part::html("<span class='label when-copied'>Link copied"))
}
