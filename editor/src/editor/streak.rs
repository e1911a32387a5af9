//! Inputs that go on and on: what they change is one step of undo.

use shared::element::StylePatch;

/// Inputs of which many in a row are one step of undo.
#[derive(Clone, Copy, PartialEq, Default)]
pub(super) enum Streak {
    /// Anything else.
    #[default]
    None,
    /// The opacity slider moves.
    Opacity,
    /// A color is being mixed. Clicks on two swatches are one step, too: the first was a try.
    Stroke,
    /// The same for the color inside.
    Fill,
    /// An arrow key is held or pressed again.
    Nudge,
    /// A number is being dragged or typed.
    Measure,
}

impl Streak {
    pub(super) fn of(patch: &StylePatch) -> Self {
        match patch {
            StylePatch { opacity: Some(_), .. } => Self::Opacity,
            StylePatch { stroke: Some(_), .. } => Self::Stroke,
            StylePatch { fill: Some(_), .. } => Self::Fill,
            _ => Self::None,
        }
    }
}
