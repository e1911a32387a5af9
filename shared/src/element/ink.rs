//! Freehand strokes, and what is left of those that were rubbed at.

use super::{Brush, Element, Shape};
use crate::geometry::{Bounds, Geometry};
use crate::id::ElementId;
use crate::ink::{InkPoint, Spans, points_between};

/// Freehand points on the board as they were drawn; the element's geometry says where they are now.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Ink {
    /// The points in drawing order; pressures are 0 to 1.
    pub points: Vec<InkPoint>,
    /// Whether the pressures were measured. Otherwise the painter makes them up from the speed.
    pub has_pressure: bool,
    /// What it is drawn with.
    pub brush: Brush,
    /// What of it was rubbed out. It is not seen, but the rest looks as if it were still there.
    pub rubbed: Spans,
}

impl Ink {
    /// The box around what is left of the points, without the pen's width.
    pub fn bounds(&self) -> Bounds {
        if self.rubbed.is_empty() {
            return self.whole_bounds();
        }
        Bounds::around(self.pieces().iter().flatten().map(|p| p.at))
    }

    /// The box around all points.
    pub(crate) fn whole_bounds(&self) -> Bounds {
        Bounds::around(self.points.iter().map(|p| p.at))
    }

    /// What is left of the points: one piece, unless some in the middle was rubbed out.
    pub fn pieces(&self) -> Vec<Vec<InkPoint>> {
        let kept = self.rubbed.kept(self.points.len()).into_iter();
        kept.map(|piece| points_between(&self.points, piece)).collect()
    }

    /// Whether all of it was rubbed out.
    pub fn is_gone(&self) -> bool {
        !self.rubbed.is_empty() && self.rubbed.kept(self.points.len()).is_empty()
    }

    /// Where what is left is, if all of it were at `whole`.
    pub(crate) fn left_at(&self, whole: Geometry) -> Geometry {
        if self.rubbed.is_empty() {
            return whole;
        }
        whole.reframed(self.whole_bounds(), self.bounds())
    }

    /// Where all of it would be, if what is left is at `left`. This is what is written: what others rub out
    /// at the same time must not move the rest. Where what is left has no extent it does not tell how it is
    /// stretched: that is as it was, when all of it was at `before`.
    pub(crate) fn whole_at(&self, left: Geometry, before: Option<Geometry>) -> Geometry {
        if self.rubbed.is_empty() {
            return left;
        }
        let (natural, whole) = (self.bounds(), self.whole_bounds());
        let (across, down) = left.scale(natural);
        let (across_before, down_before) = before.map_or((1.0, 1.0), |before| before.scale(whole));
        let across = if natural.width() > 0.0 { across } else { across_before };
        let down = if natural.height() > 0.0 { down } else { down_before };
        left.reframed_by((across, down), natural, whole)
    }
}

impl Element {
    /// The stroke as it is once these parts of it are rubbed out; `None` if nothing is left of it.
    pub fn without(&self, rubbed: &Spans) -> Option<Self> {
        let mut element = self.clone();
        if let Shape::Ink(ink) = &mut element.shape {
            let before = ink.bounds();
            ink.rubbed = Spans::union([std::mem::take(&mut ink.rubbed), rubbed.clone()]);
            if ink.is_gone() {
                return None;
            }
            element.geometry = element.geometry.reframed(before, ink.bounds());
        }
        Some(element)
    }

    /// A stroke in pieces as strokes of their own, the first of them under its own id; none if it is whole.
    pub fn apart(&self) -> Vec<Self> {
        let Shape::Ink(ink) = &self.shape else { return Vec::new() };
        if ink.rubbed.is_empty() {
            return Vec::new();
        }
        let (natural, id) = (ink.bounds(), self.id.as_str());
        let piece = |(n, points): (usize, Vec<InkPoint>)| {
            let own = ElementId::parse(&format!("{id}-{n}")).ok().filter(|_| n > 0);
            let part = Bounds::around(points.iter().map(|it| it.at));
            let shape = Shape::Ink(Ink { points, rubbed: Spans::default(), ..*ink });
            let geometry = self.geometry.reframed(natural, part);
            Self { id: own.unwrap_or_else(|| self.id.clone()), geometry, shape, ..self.clone() }
        };
        ink.pieces().into_iter().enumerate().map(piece).collect()
    }
}
