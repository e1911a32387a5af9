//! The style panel: what it shows, and what a change of it does.

use shared::board::Board;
use shared::element::{Element, Shape, Style, StylePatch};
use shared::geometry::Geometry;
use shared::id::ElementId;

use super::Editor;
use crate::effects::Effects;
use crate::text::TextStyle;
use crate::tool::Tool;

/// Ink is this much narrower than an outline of the same name: the pen's widths are 0.5, 1 and 2.
const INK_WIDTH: f64 = 0.5;

/// The looks of ink drawn with `style`.
pub(super) fn ink_style(style: Style) -> Style {
    Style { width: style.width * INK_WIDTH, ..style }
}

/// Which parts of the style panel apply to what is chosen or drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct PanelFields {
    /// Color of outline, ink and text.
    pub stroke: bool,
    /// Color inside.
    pub fill: bool,
    /// Width of the outline.
    pub width: bool,
    /// Solid, dashed, dotted.
    pub dash: bool,
    /// Round or sharp.
    pub edges: bool,
    /// Size, family and alignment of letters.
    pub text: bool,
    /// Opacity.
    pub opacity: bool,
    /// Layers and actions: there is a selection.
    pub actions: bool,
}

impl PanelFields {
    /// Whether there is nothing to show.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }

    fn of_shape(shape: &Shape) -> Self {
        let outlined = Self { stroke: true, width: true, opacity: true, ..Self::default() };
        match shape {
            Shape::Rectangle | Shape::Diamond | Shape::Triangle | Shape::Line(_) => {
                Self { fill: true, dash: true, edges: true, ..outlined }
            }
            Shape::Ellipse => Self { fill: true, dash: true, ..outlined },
            Shape::Arrow(_) => Self { dash: true, edges: true, ..outlined },
            Shape::Ink(_) => outlined,
            Shape::Text(_) => Self { width: false, text: true, ..outlined },
            Shape::Note => Self { fill: true, opacity: true, ..Self::default() },
            Shape::Frame(_) | Shape::Unknown(_) => Self::default(),
            Shape::Image(_) => Self { opacity: true, ..Self::default() },
        }
    }

    fn of_tool(tool: Tool) -> Self {
        let outlined = Self { stroke: true, width: true, opacity: true, ..Self::default() };
        match tool {
            Tool::Rectangle | Tool::Diamond | Tool::Line => {
                Self { fill: true, dash: true, edges: true, ..outlined }
            }
            Tool::Ellipse => Self { fill: true, dash: true, ..outlined },
            Tool::Arrow => Self { dash: true, edges: true, ..outlined },
            Tool::Pen => outlined,
            Tool::Text => Self { width: false, text: true, ..outlined },
            Tool::Select | Tool::Hand | Tool::Eraser => Self::default(),
        }
    }

    fn or(self, other: Self) -> Self {
        Self {
            stroke: self.stroke || other.stroke,
            fill: self.fill || other.fill,
            width: self.width || other.width,
            dash: self.dash || other.dash,
            edges: self.edges || other.edges,
            text: self.text || other.text,
            opacity: self.opacity || other.opacity,
            actions: self.actions || other.actions,
        }
    }
}

impl Editor {
    /// Which parts of the style panel apply.
    pub fn panel_fields(&self, board: &Board) -> PanelFields {
        if self.text.is_some() {
            return PanelFields::of_tool(Tool::Text);
        }
        if self.selection.is_empty() {
            return PanelFields::of_tool(self.tool);
        }
        let shapes =
            self.chosen_elements(board).map(|element| PanelFields::of_shape(&element.shape));
        let actions = PanelFields { actions: true, ..PanelFields::default() };
        shapes.fold(actions, PanelFields::or)
    }

    /// The looks that the panel shows: those of what is written or chosen, or of what is drawn next.
    pub fn shown_style(&self, board: &Board) -> (Style, TextStyle) {
        if let Some(text) = &self.text {
            return (text.style, text.text_style);
        }
        let style = self.chosen_elements(board).next().map(|element| match element.shape {
            Shape::Ink(_) => Style { width: element.style.width / INK_WIDTH, ..element.style },
            _ => element.style,
        });
        let text_style = self.chosen_elements(board).find_map(|element| match &element.shape {
            Shape::Text(text) => Some(TextStyle::of(text)),
            _ => None,
        });
        (style.unwrap_or(self.style), text_style.unwrap_or(self.text_style))
    }

    pub(super) fn restyle(
        &mut self,
        patch: &StylePatch,
        is_same_step: bool,
        board: &mut Board,
        effects: &mut Effects,
    ) {
        self.style = patch.applied(self.style).sanitized();
        self.text_style = self.text_style.patched(patch);
        if let Some(text) = &mut self.text {
            text.style = patch.applied(text.style).sanitized();
            if let Some(size) = patch.font_size {
                text.geometry.w *= size / text.text_style.size;
                text.geometry.h *= size / text.text_style.size;
            }
            text.text_style = text.text_style.patched(patch);
        }
        let mut ids = self.chosen();
        ids.extend(self.text.as_ref().map(|text| text.id.clone()));
        if !ids.is_empty() {
            if !is_same_step {
                board.begin_step();
            }
            let places = patch.font_size.map(|size| resized_text(&ids, size, board));
            let is_ink = |id: &ElementId| {
                board.element(id).is_some_and(|element| matches!(element.shape, Shape::Ink(_)))
            };
            let (inks, others): (Vec<_>, Vec<_>) = ids.into_iter().partition(is_ink);
            board.restyle(&others, patch);
            board.restyle(
                &inks,
                &StylePatch { width: patch.width.map(|w| w * INK_WIDTH), ..*patch },
            );
            board.place(&places.unwrap_or_default());
        }
        effects.everything();
    }

    fn chosen_elements<'a>(&'a self, board: &'a Board) -> impl Iterator<Item = &'a Element> {
        self.selection.iter().filter_map(|id| board.element(id)).map(AsRef::as_ref)
    }
}

/// Where text goes when its letters get another size: its box grows with them.
fn resized_text(ids: &[ElementId], size: f64, board: &Board) -> Vec<(ElementId, Geometry)> {
    let place = |id: &ElementId| {
        let element = board.element(id)?;
        let Shape::Text(text) = &element.shape else { return None };
        let factor = size / text.size;
        let Geometry { w, h, .. } = element.geometry;
        Some((id.clone(), Geometry { w: w * factor, h: h * factor, ..element.geometry }))
    };
    ids.iter().filter_map(place).collect()
}
