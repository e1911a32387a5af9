//! The board as it is shown right now: its elements, with what gestures change about some of them.

use std::collections::HashMap;
use std::sync::Arc;

use editor::Preview;
use scene::{Blend, Index, Placed, Slot, sketch};
use shared::element::{Element, Shape};
use shared::geometry::{Bounds, Geometry};
use shared::id::ElementId;

use super::brush::Brush;
use super::pictures::Pictures;
use super::wets::Wets;

/// How an element is shown while a gesture has it.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Shown {
    /// Moved by board units.
    Moved(f64, f64),
    /// About to be erased.
    Dimmed,
    /// Not at all: something else stands for it.
    Hidden,
}

/// The elements that gestures have, and the boxes in which they are shown.
pub(super) type Touched = HashMap<Slot, (Shown, Bounds)>;

const DIMMED_OPACITY: f64 = 0.25;

/// What is painted.
pub(super) struct Stage<'a> {
    pub(super) index: &'a Index,
    pub(super) touched: &'a Touched,
    /// The strokes that are being drawn: they stand for their elements.
    pub(super) wets: &'a Wets,
}

/// Which elements of the index a preview touches.
pub(super) fn touched(index: &Index, preview: &Preview) -> Touched {
    let mut touched = Touched::new();
    let mut touch = |id: &ElementId, shown: Shown| {
        if let Some(slot) = index.slot(id)
            && let Some(placed) = index.at(slot)
        {
            let shown_in = match shown {
                Shown::Moved(dx, dy) => moved(placed.reach, (dx, dy)),
                Shown::Dimmed => placed.reach,
                Shown::Hidden => Bounds::EMPTY,
            };
            touched.insert(slot, (shown, shown_in));
        }
    };
    for (id, (dx, dy)) in &preview.displaced {
        touch(id, Shown::Moved(*dx, *dy));
    }
    preview.dimmed.iter().for_each(|id| touch(id, Shown::Dimmed));
    preview.hidden.iter().for_each(|id| touch(id, Shown::Hidden));
    touched
}

/// Where the board looks different when gestures have these elements instead of those.
// Of its own, as all that a page does not need to open: browsers compile a function as a whole.
#[inline(never)]
pub(super) fn difference(index: &Index, before: &Touched, after: &Touched) -> Vec<Bounds> {
    let mut boxes = Vec::new();
    for (these, those) in [(before, after), (after, before)] {
        for (slot, it) in these.iter().filter(|(slot, it)| those.get(slot) != Some(it)) {
            boxes.push(it.1);
            boxes.extend(index.at(*slot).map(|placed| placed.reach));
        }
    }
    boxes
}

impl Stage<'_> {
    /// What is to be painted in `area`, bottom first.
    pub(super) fn slots_in(&self, area: Bounds) -> Vec<Slot> {
        let mut slots = self.index.slots_in(area);
        if !self.touched.is_empty() {
            slots.retain(|slot| !self.touched.contains_key(slot));
            let others = self.touched.iter().filter(|(_, (shown, shown_in))| {
                *shown != Shown::Hidden && shown_in.intersects(area)
            });
            slots.extend(others.map(|(slot, _)| *slot));
        }
        self.wets.replace(&mut slots, area);
        if !(self.touched.is_empty() && self.wets.is_empty()) {
            self.index.sort(&mut slots);
        }
        slots
    }

    /// Paints the element in a slot where a pixel is `pixel` board units wide; of a stroke in progress what
    /// is in `area`.
    // Of its own, as all that a page does not need to open: browsers compile a function as a whole.
    #[inline(never)]
    pub(super) fn paint(
        &self,
        slot: Slot,
        area: Bounds,
        pixel: f64,
        brush: &mut Brush<'_>,
        pictures: &mut Pictures,
    ) {
        if let Some(wet) = self.wets.of(slot) {
            brush.settle(area);
            return wet.paint(area, brush);
        }
        let Some(placed) = self.index.at(slot) else { return };
        let element: &Arc<Element> = &placed.element;
        let shown = self.touched.get(&slot).map(|(shown, _)| *shown);
        let opacity = if shown == Some(Shown::Dimmed) { DIMMED_OPACITY } else { 1.0 };
        let reach = moved(placed.reach, by(shown));
        let mut paint = |brush: &mut Brush<'_>| match sketch(element, pixel) {
            Some(sketch) => {
                let is_paper = matches!(element.shape, Shape::Note);
                let blend = if is_paper { Blend::Paper } else { Blend::Over };
                let opacity = opacity * element.style.opacity;
                brush.sketch((&sketch, reach), by(shown), opacity, blend);
            }
            None => {
                brush.settle(reach);
                brush.picture(pictures.of(slot, element), by(shown), opacity);
            }
        };
        match self.frame_around(placed, shown) {
            Some(frame) => brush.clipped(frame.corners(), reach, paint),
            None => paint(brush),
        }
        if element.link.is_some() && shown != Some(Shown::Dimmed) {
            brush.settle(reach);
            brush.link_mark(element, by(shown));
        }
    }

    /// The frame that cuts off some of an element, where it is shown.
    fn frame_around(&self, placed: &Placed, shown: Option<Shown>) -> Option<Geometry> {
        let slot = self.index.slot(placed.element.frame.as_ref()?)?;
        let frame = &self.index.at(slot)?.element;
        let frame_shown = self.touched.get(&slot).map(|(shown, _)| *shown);
        if matches!(shown, Some(Shown::Moved(..))) && shown != frame_shown {
            // Who drags it out wants to see it.
            return None;
        }
        let (dx, dy) = by(frame_shown);
        let geometry = frame.geometry.moved(dx, dy);
        let reach = moved(placed.reach, by(shown));
        let is_cut = geometry.angle != 0.0 || !geometry.bounds().contains(reach);
        (matches!(frame.shape, Shape::Frame(_)) && is_cut).then_some(geometry)
    }
}

fn by(shown: Option<Shown>) -> (f64, f64) {
    match shown {
        Some(Shown::Moved(dx, dy)) => (dx, dy),
        Some(Shown::Dimmed | Shown::Hidden) | None => (0.0, 0.0),
    }
}

fn moved(area: Bounds, (dx, dy): (f64, f64)) -> Bounds {
    let Bounds { x0, y0, x1, y1 } = area;
    Bounds { x0: x0 + dx, y0: y0 + dy, x1: x1 + dx, y1: y1 + dy }
}
