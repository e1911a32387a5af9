//! The style panel: what it shows, and what a change of it does.

use shared::board::{Around, Board, Change};
use shared::color::Color;
use shared::element::{Brush, Dash, Edges, Element, FillStyle, Heads, Shape, Style, StylePatch};
use shared::geometry::Geometry;
use shared::id::ElementId;

use super::Editor;
use crate::effects::Effects;
use crate::label::{Fit, fit, refitted};
use crate::relations::with_labels;
use crate::selection::Selection;
use crate::text::TextStyle;
use crate::tool::Tool;

/// Ink is this much narrower than an outline of the same name: the pen's widths are 0.5, 1 and 2.
const INK_WIDTH: f64 = 0.5;
/// The highlighter is this much wider: it covers a line of handwriting.
const MARKER_WIDTH: f64 = 10.0;

/// How much wider or narrower an element is than its style's width says.
pub(super) fn width_factor(shape: &Shape) -> f64 {
    match shape {
        Shape::Ink(ink) => brush_factor(ink.brush),
        _ => 1.0,
    }
}

fn brush_factor(brush: Brush) -> f64 {
    match brush {
        Brush::Pen => INK_WIDTH,
        Brush::Highlighter => MARKER_WIDTH,
    }
}

/// The looks of ink drawn with `style`.
pub(super) fn ink_style(style: Style, brush: Brush) -> Style {
    Style { width: style.width * brush_factor(brush), ..style }
}

/// How arrows are drawn.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(super) struct ArrowStyle {
    /// What stands at their ends.
    pub(super) heads: Heads,
    /// Whether they run across and down only.
    pub(super) is_elbow: bool,
}

/// The looks of the highlighter before somebody changes them.
pub(super) const HIGHLIGHTER: Style = Style {
    stroke: Color::rgb(0xffd43b),
    fill: Color::TRANSPARENT,
    fill_style: FillStyle::Solid,
    width: 2.0,
    dash: Dash::Solid,
    edges: Edges::Round,
    roughness: 0,
    opacity: 1.0,
};

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
    /// Straight, curved or elbow arrows.
    pub arrow: bool,
    /// Size, family and alignment of letters.
    pub text: bool,
    /// Opacity.
    pub opacity: bool,
    /// Which part of a picture is shown.
    pub crop: bool,
    /// What the eraser takes.
    pub eraser: bool,
    /// Layers and actions: there is a selection.
    pub actions: bool,
}

impl PanelFields {
    /// Whether there is nothing to show.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }

    pub(super) fn of_shape(shape: &Shape) -> Self {
        let outlined = Self { stroke: true, width: true, opacity: true, ..Self::default() };
        match shape {
            Shape::Rectangle | Shape::Diamond | Shape::Triangle | Shape::Line(_) => {
                Self { fill: true, dash: true, edges: true, ..outlined }
            }
            Shape::Ellipse => Self { fill: true, dash: true, ..outlined },
            Shape::Arrow(_) => Self { dash: true, arrow: true, ..outlined },
            Shape::Ink(_) => outlined,
            Shape::Text(_) => Self { width: false, text: true, ..outlined },
            Shape::Note => Self { fill: true, opacity: true, ..Self::default() },
            Shape::Frame(_) | Shape::Unknown(_) => Self::default(),
            Shape::Image(_) => Self { opacity: true, crop: true, ..Self::default() },
        }
    }

    fn of_tool(tool: Tool) -> Self {
        let outlined = Self { stroke: true, width: true, opacity: true, ..Self::default() };
        match tool {
            Tool::Rectangle | Tool::Diamond | Tool::Triangle | Tool::Line => {
                Self { fill: true, dash: true, edges: true, ..outlined }
            }
            Tool::Ellipse => Self { fill: true, dash: true, ..outlined },
            Tool::Arrow => Self { dash: true, arrow: true, ..outlined },
            Tool::Pen | Tool::Highlighter => outlined,
            Tool::Note => Self { fill: true, text: true, ..Self::default() },
            Tool::Text => Self { width: false, text: true, ..outlined },
            Tool::Select | Tool::Lasso | Tool::Hand | Tool::Frame | Tool::Image => Self::default(),
            Tool::Eraser => Self { eraser: true, ..Self::default() },
            Tool::Laser | Tool::Eyedropper => Self::default(),
        }
    }

    fn or(self, other: Self) -> Self {
        Self {
            stroke: self.stroke || other.stroke,
            fill: self.fill || other.fill,
            width: self.width || other.width,
            dash: self.dash || other.dash,
            edges: self.edges || other.edges,
            arrow: self.arrow || other.arrow,
            text: self.text || other.text,
            opacity: self.opacity || other.opacity,
            crop: self.crop || other.crop,
            eraser: self.eraser || other.eraser,
            actions: self.actions || other.actions,
        }
    }
}

impl Editor {
    /// Which parts of the style panel apply.
    pub fn panel_fields(&self, board: &Board) -> PanelFields {
        if let Some(text) = &self.text {
            // A name has no looks.
            let tool = if text.hides() { Tool::Text } else { Tool::Frame };
            return PanelFields::of_tool(tool);
        }
        if self.selection.is_empty() {
            return self.fields_of_next();
        }
        // What is locked is only to be unlocked, by the menu.
        let free = self.chosen_elements(board).filter(|element| !element.locked);
        let shapes = free.map(|element| {
            let own = PanelFields::of_shape(&element.shape);
            let has_text = own.text || !board.labels(&element.id).is_empty();
            PanelFields { text: has_text, actions: true, ..own }
        });
        shapes.fold(PanelFields::default(), PanelFields::or)
    }

    /// Whether any part of it applies. Told in every frame, whatever is chosen: the first that is not locked is enough.
    pub(super) fn has_style_panel(&self, board: &Board) -> bool {
        if self.text.is_some() || self.selection.is_empty() {
            return !self.panel_fields(board).is_empty();
        }
        !self.is_all_locked(board)
    }

    /// Which of them apply to what the tool in hand draws next.
    pub fn fields_of_next(&self) -> PanelFields {
        PanelFields::of_tool(self.tool)
    }

    /// The style of what the tool in hand draws next.
    pub(super) fn style_of_next(&self) -> Style {
        if self.tool == Tool::Highlighter { self.highlighter } else { self.style }
    }

    /// The looks that the panel shows: those of what is written or chosen, or of what is drawn next.
    pub fn shown_style(&self, board: &Board) -> (Style, TextStyle) {
        if let Some(text) = &self.text {
            return (text.style, text.text_style);
        }
        let style = self.chosen_elements(board).next().map(|element| {
            let width = element.style.width / width_factor(&element.shape);
            Style { width, ..element.style }
        });
        let text_style = self.chosen_elements(board).find_map(|element| {
            let label = board.labels(&element.id).into_iter().next();
            match &label.as_deref().unwrap_or(element).shape {
                Shape::Text(text) => Some(TextStyle::of(text)),
                _ => None,
            }
        });
        (style.unwrap_or_else(|| self.style_of_next()), text_style.unwrap_or(self.text_style))
    }

    /// Whether the chosen arrow, or the next one, runs across and down only.
    pub fn is_elbow(&self, board: &Board) -> bool {
        let of = |element: &Element| match &element.shape {
            Shape::Arrow(arrow) => Some(arrow.is_elbow),
            _ => None,
        };
        self.chosen_elements(board).find_map(of).unwrap_or(self.arrow_style.is_elbow)
    }

    pub(super) fn restyle(
        &mut self,
        patch: &StylePatch,
        is_same_step: bool,
        board: &mut Board,
        effects: &mut Effects,
    ) {
        if self.tool == Tool::Highlighter && self.selection.is_empty() {
            self.highlighter = patch.applied(self.highlighter).sanitized();
            return effects.everything();
        }
        self.style = patch.applied(self.style).sanitized();
        self.text_style = self.text_style.patched(patch);
        let ArrowStyle { heads, is_elbow } = self.arrow_style;
        let (heads, is_elbow) = (patch.heads.unwrap_or(heads), patch.is_elbow.unwrap_or(is_elbow));
        self.arrow_style = ArrowStyle { heads, is_elbow };
        let mut written = self.text.take();
        if let Some(text) = &mut written {
            text.style = patch.applied(text.style).sanitized();
            text.text_style = text.text_style.patched(patch);
        }
        let mut ids = with_labels(board, &self.selection);
        ids.extend(written.as_ref().map(|text| text.id.clone()));
        if !ids.is_empty() {
            if !is_same_step {
                board.begin_step();
            }
            self.restyle_all(&ids, patch, board);
            if let Some(text) = &mut written
                && board.element(&text.id).is_some()
            {
                text.write(board, &self.measure);
            }
        }
        self.text = written;
        effects.everything();
    }

    /// Gives elements other looks, each as far as it has them.
    pub(super) fn restyle_all(&self, ids: &Selection, patch: &StylePatch, board: &mut Board) {
        let changes: Vec<_> = ids.iter().filter_map(|id| restyled(board, id, patch)).collect();
        board.change(&changes);
        let is_about_letters = patch.font_size.is_some() || patch.font.is_some();
        if is_about_letters {
            let refitted: Vec<_> =
                ids.iter().flat_map(|id| self.with_other_letters(board, id)).collect();
            board.change(&refitted);
        }
    }

    /// What changes about a text whose letters are others now, or about what it labels.
    fn with_other_letters(&self, board: &Board, id: &ElementId) -> Vec<(ElementId, Change)> {
        let Some(element) = board.element(id) else { return Vec::new() };
        match &element.shape {
            Shape::Text(text) if text.container.is_none() => {
                let g = element.geometry;
                let max = text.wraps.then_some(g.w);
                let Fit { lines, w, h } = fit(text, &text.value, max, &self.measure);
                let geometry = Geometry { w: max.unwrap_or(w), h, ..g };
                vec![(id.clone(), Change::Lines(lines)), (id.clone(), Change::Place(geometry))]
            }
            Shape::Text(_) => Vec::new(),
            _ => refitted(board, element, &self.measure),
        }
    }

    pub(super) fn chosen_elements<'a>(
        &'a self,
        board: &'a Board,
    ) -> impl Iterator<Item = &'a Element> {
        self.selection.iter().filter_map(|id| board.element(id)).map(AsRef::as_ref)
    }
}

/// The change of looks of one element, as far as it concerns it.
fn restyled(board: &Board, id: &ElementId, patch: &StylePatch) -> Option<(ElementId, Change)> {
    let element = board.element(id).filter(|it| !it.locked)?;
    let mut patch = *patch;
    patch.width = patch.width.map(|width| width * width_factor(&element.shape));
    if let Shape::Text(text) = &element.shape {
        // A label is restyled with what it labels; letters on notes keep their ink.
        let on = text.container.as_ref().and_then(|id| board.element(id));
        if on.is_some_and(|on| on.locked) {
            return None;
        }
        if on.is_some_and(|on| matches!(on.shape, Shape::Note)) {
            patch.stroke = None;
        }
        (patch.fill, patch.fill_style) = (None, None);
    }
    if !matches!(element.shape, Shape::Arrow(_)) {
        (patch.heads, patch.is_elbow) = (None, None);
    }
    if !matches!(element.shape, Shape::Text(_)) {
        (patch.font_size, patch.font, patch.align, patch.vertical) = (None, None, None, None);
    }
    (patch != StylePatch::default()).then(|| (id.clone(), Change::Restyle(patch)))
}
