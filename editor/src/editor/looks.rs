//! What the chosen elements look like together: what they share, and what is mixed.

use scene::Blend;
use shared::board::{Board, Change};
use shared::element::{Element, Head, Heads, Shape, Style, StylePatch, Text};
use shared::geometry::Geometry;

use super::Editor;
use super::style::{PanelFields, width_factor};
use crate::effects::Effects;
use crate::input::End;
use crate::relations::with_labels;
use crate::text::TextStyle;
use crate::tool::Tool;

/// The looks of what is written or chosen, or of what is drawn next.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Looks {
    /// What all share; `None` is mixed, or does not apply to any. Never has heads.
    pub shared: StylePatch,
    /// What stands at the first and last points of arrows; `None` is mixed.
    pub heads: [Option<Head>; 2],
    /// Whether text in a shape is among it.
    pub has_label: bool,
    /// How many elements are chosen.
    pub n_chosen: usize,
    /// Where they are.
    pub place: Option<Geometry>,
    /// Whether it is one that can be turned.
    pub can_turn: bool,
    /// What all do to the colors below: their colors look otherwise on a dark board.
    pub blend: Blend,
}

/// Calls a macro with the names of all looks that are a choice of their own.
macro_rules! with_looks {
    ($call:ident) => {
        $call!(
            stroke fill fill_style width dash edges roughness opacity font_size font align vertical
            is_elbow
        )
    };
}

impl Looks {
    /// Whether everything has all that `patch` names.
    pub fn agrees(&self, patch: &StylePatch) -> bool {
        macro_rules! agrees {
            ($($look:ident)*) => {
                $((patch.$look.is_none() || patch.$look == self.shared.$look))&&*
            };
        }
        with_looks!(agrees)
    }

    /// Whether something has one, something another of what `patch` names.
    pub fn is_mixed(&self, patch: &StylePatch) -> bool {
        macro_rules! is_mixed {
            ($($look:ident)*) => {
                $((patch.$look.is_some() && self.shared.$look.is_none()))||*
            };
        }
        with_looks!(is_mixed)
    }
}

/// All looks of what is drawn or written with these.
fn of_new(style: Style, text: TextStyle, is_elbow: bool) -> StylePatch {
    StylePatch {
        font_size: Some(text.size),
        font: Some(text.font),
        align: Some(text.align),
        is_elbow: Some(is_elbow),
        ..StylePatch::of(style)
    }
}

/// The looks that an element has at all.
fn of_element(element: &Element) -> StylePatch {
    let fields = PanelFields::of_shape(&element.shape);
    let all = StylePatch::of(element.style);
    let mut looks = StylePatch {
        stroke: all.stroke.filter(|_| fields.stroke),
        fill: all.fill.filter(|_| fields.fill),
        fill_style: all.fill_style.filter(|_| fields.fill),
        width: all.width.filter(|_| fields.width).map(|w| w / width_factor(&element.shape)),
        dash: all.dash.filter(|_| fields.dash),
        roughness: all.roughness.filter(|_| fields.dash),
        edges: all.edges.filter(|_| fields.edges || fields.arrow),
        opacity: all.opacity.filter(|_| fields.opacity),
        ..StylePatch::default()
    };
    match &element.shape {
        Shape::Text(Text { size, font, align, vertical, container, .. }) => {
            (looks.font_size, looks.font) = (Some(*size), Some(*font));
            looks.align = Some(*align);
            looks.vertical = container.as_ref().map(|_| *vertical);
        }
        Shape::Arrow(arrow) => {
            (looks.heads, looks.is_elbow) = (Some(arrow.heads), Some(arrow.is_elbow));
        }
        _ => {}
    }
    looks
}

/// What elements share, while one after the other is looked at.
#[derive(Default)]
struct Shared {
    looks: StylePatch,
    heads: [Option<Head>; 2],
    /// What differs: a bit for each look in their order, and after them for each head.
    mixed: u16,
}

impl Shared {
    fn add(&mut self, element: &StylePatch) {
        let mut bit = 1;
        macro_rules! add {
            ($($look:ident)*) => {
                $(add_one(&mut self.looks.$look, element.$look, &mut self.mixed, &mut bit);)*
            };
        }
        with_looks!(add);
        let ends = element.heads.map_or([None; 2], |heads| [heads.start, heads.end].map(Some));
        for (shared, head) in self.heads.iter_mut().zip(ends) {
            add_one(shared, head, &mut self.mixed, &mut bit);
        }
    }
}

/// Keeps a look as long as all have the same that have any; once they differ, its bit is set for good.
fn add_one<T: PartialEq>(shared: &mut Option<T>, look: Option<T>, mixed: &mut u16, bit: &mut u16) {
    if look.is_some() && *mixed & *bit == 0 {
        if shared.is_some() && *shared != look {
            (*shared, *mixed) = (None, *mixed | *bit);
        } else {
            *shared = look;
        }
    }
    *bit <<= 1;
}

impl Editor {
    /// The looks that the panel shows.
    pub fn looks(&self, board: &Board) -> Looks {
        if let Some(text) = &self.text {
            return self.looks_of_new((text.style, text.text_style), Blend::Over);
        }
        if self.selection.is_empty() {
            return self.looks_of_next();
        }
        let mut shared = Shared::default();
        let mut has_label = false;
        let has_color = |it: &&Element| {
            let fields = PanelFields::of_shape(&it.shape);
            fields.stroke || fields.fill
        };
        let colored = self.chosen_elements(board).filter(has_color);
        let mut blends = colored.map(|it| Blend::of(&it.shape));
        let blend = blends.next().filter(|first| blends.all(|it| it == *first));
        for id in with_labels(board, &self.selection) {
            let Some(element) = board.element(&id) else { continue };
            let mut looks = of_element(element);
            if !self.selection.contains(&id) {
                // The color of a label is that of what it labels.
                (looks.stroke, looks.opacity) = (None, None);
            }
            has_label |= looks.vertical.is_some();
            shared.add(&looks);
        }
        let measures = self.measures(board);
        Looks {
            shared: shared.looks,
            heads: shared.heads,
            has_label,
            n_chosen: self.selection.len(),
            place: measures.map(|(place, _)| place),
            can_turn: measures.is_some_and(|(_, can_turn)| can_turn),
            blend: blend.unwrap_or(Blend::Over),
        }
    }

    /// The looks of what the tool in hand draws next.
    pub fn looks_of_next(&self) -> Looks {
        let blend = match self.tool {
            Tool::Highlighter => Blend::Marker,
            Tool::Note => Blend::Paper,
            _ => Blend::Over,
        };
        self.looks_of_new((self.style_of_next(), self.text_style), blend)
    }

    fn looks_of_new(&self, (style, text): (Style, TextStyle), blend: Blend) -> Looks {
        let shared = of_new(style, text, self.arrow_style.is_elbow);
        let heads = [self.arrow_style.heads.start, self.arrow_style.heads.end].map(Some);
        let (has_label, n_chosen, place, can_turn) = (false, 0, None, false);
        Looks { shared, heads, has_label, n_chosen, place, can_turn, blend }
    }

    /// Puts a head at one end of the chosen arrows, and of the next ones.
    #[inline(never)]
    pub(super) fn set_head(
        &mut self,
        end: End,
        head: Head,
        board: &mut Board,
        effects: &mut Effects,
    ) {
        let with_head = |heads: Heads| match end {
            End::Start => Heads { start: head, ..heads },
            End::Last => Heads { end: head, ..heads },
        };
        self.arrow_style.heads = with_head(self.arrow_style.heads);
        let changes: Vec<_> = self
            .chosen_elements(board)
            .filter_map(|element| {
                let Shape::Arrow(arrow) = &element.shape else { return None };
                let heads = Some(with_head(arrow.heads));
                Some((
                    element.id.clone(),
                    Change::Restyle(StylePatch { heads, ..StylePatch::default() }),
                ))
            })
            .collect();
        if !changes.is_empty() {
            board.begin_step();
            board.change(&changes);
        }
        effects.everything();
    }
}
