//! An element's values, parsed: none is outside its limits, and what is damaged is its default.

use yrs::Any;
use yrs::any::Number;

use super::{ChunkName, DEFAULT_FONT_SIZE, Value, is_broken_into, key, split_lines};
use crate::color::Color;
use crate::element::{
    Align, Arrow, Binding, Brush, Crop, Dash, Edges, FillStyle, Font, Frame, Head, Heads, Image,
    Ink, Path, Style, Text, VerticalAlign,
};
use crate::geometry::{BoardPoint, Bounds, Flip, Geometry};
use crate::id::{ElementId, FileId};
use crate::ink::{self, Spans};
use crate::limits::{COORDINATE_MAX, NAME_MAX_BYTES, PATH_MAX_POINTS, TEXT_MAX_BYTES};

/// The properties that an element has, read once: to look for each in the document costs more than to
/// compare a dozen names.
pub(super) struct Properties<'a>(pub(super) Vec<(&'a str, Value)>);

impl Properties<'_> {
    fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    fn any(&self, key: &str) -> Option<&Any> {
        match self.get(key)? {
            Value::Plain(value) => Some(value),
            _ => None,
        }
    }

    pub(super) fn text(&self, key: &str) -> Option<&str> {
        match self.any(key)? {
            Any::String(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn is_true(&self, key: &str) -> bool {
        matches!(self.any(key), Some(Any::Bool(true)))
    }

    pub(super) fn element(&self, key: &str) -> Option<ElementId> {
        ElementId::parse(self.text(key)?).ok()
    }

    fn number(&self, key: &str) -> Option<f64> {
        self.any(key).and_then(number)
    }

    fn choice<C>(&self, key: &str, parse: fn(&str) -> Option<C>) -> Option<C> {
        parse(self.text(key)?)
    }

    fn color(&self, key: &str) -> Option<Color> {
        self.choice(key, Color::parse)
    }

    /// A list that is one value. Shared arrays are not walked: one that holds a text can take the CRDT
    /// for ever.
    fn list(&self, key: &str) -> &[Any] {
        match self.any(key) {
            Some(Any::Array(items)) => items,
            _ => &[],
        }
    }

    fn numbers(&self, key: &str, max: usize) -> Vec<f64> {
        self.list(key).iter().take(max).map_while(number).collect()
    }

    pub(super) fn strings(&self, key: &str) -> Vec<String> {
        let text = |any: &Any| match any {
            Any::String(text) => Some(text.as_ref().into()),
            _ => None,
        };
        self.list(key).iter().filter_map(text).collect()
    }

    pub(super) fn geometry(&self) -> Option<Geometry> {
        let numbers = self.numbers(key::GEOMETRY, 6);
        let (&[x, y, w, h, angle], rest) = numbers.split_first_chunk()?;
        let flip = Flip::of_bits(rest.first().map_or(0, |bits| *bits as u8));
        Some(Geometry { x, y, w, h, angle, flip }.sanitized())
    }

    pub(super) fn style(&self) -> Style {
        let default = Style::default();
        Style {
            stroke: self.color(key::STROKE).unwrap_or(default.stroke),
            fill: self.color(key::FILL).unwrap_or(default.fill),
            fill_style: self.choice(key::FILL_STYLE, FillStyle::parse).unwrap_or_default(),
            width: self.number(key::WIDTH).unwrap_or(default.width),
            dash: self.choice(key::DASH, Dash::parse).unwrap_or_default(),
            edges: self.choice(key::EDGES, Edges::parse).unwrap_or_default(),
            roughness: self.number(key::ROUGHNESS).map_or(default.roughness, |r| r as u8),
            opacity: self.number(key::OPACITY).unwrap_or(default.opacity),
        }
        .sanitized()
    }

    pub(super) fn path(&self) -> Path {
        let numbers = self.numbers(key::POINTS, PATH_MAX_POINTS * 2);
        let clamp = |v: f64| v.clamp(-COORDINATE_MAX, COORDINATE_MAX);
        let point = |pair: &[f64]| BoardPoint::new(clamp(pair[0]), clamp(pair[1]));
        let points: Vec<_> = numbers.chunks_exact(2).map(point).collect();
        Path { points: if points.is_empty() { vec![BoardPoint::default()] } else { points } }
    }

    fn heads(&self) -> Heads {
        let names = self.strings(key::HEADS);
        let head = |at: usize| names.get(at).and_then(|name| Head::parse(name));
        let default = Heads::default();
        Heads { start: head(0).unwrap_or(default.start), end: head(1).unwrap_or(default.end) }
    }

    pub(super) fn arrow(&self) -> Arrow {
        let path = self.path();
        let fixed = self.numbers(key::FIXED, path.points.len());
        Arrow {
            fixed: Arrow::pieces(fixed.into_iter().map(|it| it as usize), path.points.len()),
            path,
            heads: self.heads(),
            is_elbow: self.is_true(key::ELBOW),
            start: self.binding(key::START),
            end: self.binding(key::END),
            label: None,
        }
    }

    fn binding(&self, key: &str) -> Option<Binding> {
        let list = self.list(key);
        let (Any::String(element), rest) = list.split_first()? else { return None };
        let numbers: Vec<f64> = rest.iter().take(3).map_while(number).collect();
        let [x, y, gap] = numbers.try_into().ok()?;
        Some(Binding {
            element: ElementId::parse(element).ok()?,
            at: (x.clamp(0.0, 1.0), y.clamp(0.0, 1.0)),
            gap: gap.clamp(0.0, 1_000.0),
        })
    }

    pub(super) fn frame(&self) -> Frame {
        let name = self.text(key::NAME).filter(|name| name.len() <= NAME_MAX_BYTES);
        Frame { name: name.unwrap_or_default().into() }
    }

    /// `None` without a file that could exist: nothing could be shown.
    pub(super) fn image(&self) -> Option<Image> {
        let file = FileId::parse(self.text(key::FILE)?).ok()?;
        let [w, h] = self.numbers(key::NATURAL, 2).try_into().ok()?;
        let natural = (w.clamp(1.0, COORDINATE_MAX), h.clamp(1.0, COORDINATE_MAX));
        let crop = <[f64; 4]>::try_from(self.numbers(key::CROP, 4)).ok();
        let crop = crop.and_then(|[x0, y0, x1, y1]| Crop::new(Bounds { x0, y0, x1, y1 }));
        Some(Image { file, natural, crop: crop.unwrap_or_default() })
    }

    pub(super) fn ink(&self) -> Ink {
        let brush = self.choice(key::BRUSH, Brush::parse).unwrap_or_default();
        let mut ink = Ink { brush, ..Ink::default() };
        let Some(Value::Chunks(chunks)) = self.get(key::INK) else { return ink };
        let mut numbered: Vec<(u32, &Any)> = Vec::new();
        let mut rubbed = Vec::new();
        for (name, value) in chunks {
            match (name, value) {
                (ChunkName::Rubbed, Any::Buffer(bytes)) => rubbed.extend(Spans::decode(bytes)),
                (ChunkName::Rubbed, _) => {}
                (ChunkName::Number(number), _) => numbered.push((*number, value)),
            }
        }
        ink.rubbed = Spans::union(rubbed);
        numbered.sort_by_key(|(number, _)| *number);
        for (_, chunk) in numbered {
            let Any::Buffer(bytes) = chunk else { continue };
            // A chunk of a newer version leaves a gap here and stays in the document.
            let Ok(chunk) = ink::decode_chunk(bytes) else { continue };
            ink.has_pressure |= chunk.has_pressure;
            if ink.points.is_empty() {
                ink.points = chunk.points;
            } else {
                ink.points.extend(chunk.points);
            }
        }
        ink
    }

    pub(super) fn label(&self) -> Text {
        let mut value = match self.get(key::TEXT) {
            Some(Value::Text(text)) => text.clone(),
            Some(Value::Plain(Any::String(text))) => text.as_ref().into(),
            _ => String::new(),
        };
        if value.len() > TEXT_MAX_BYTES {
            let end = (0..=TEXT_MAX_BYTES).rev().find(|&at| value.is_char_boundary(at));
            value.truncate(end.unwrap_or(0));
        }
        let lines = self.strings(key::LINES);
        Text {
            lines: if is_broken_into(&value, &lines) { lines } else { split_lines(&value) },
            value,
            size: self.number(key::FONT_SIZE).unwrap_or(DEFAULT_FONT_SIZE).clamp(1.0, 10_000.0),
            font: self.choice(key::FONT, Font::parse).unwrap_or_default(),
            align: self.choice(key::ALIGN, Align::parse).unwrap_or_default(),
            vertical: self.choice(key::VERTICAL, VerticalAlign::parse).unwrap_or_default(),
            wraps: self.is_true(key::WRAPS),
            container: self.element(key::CONTAINER),
        }
    }
}

fn number(any: &Any) -> Option<f64> {
    let number = match any {
        Any::Number(Number::Int(whole)) => *whole as f64,
        Any::Number(Number::Float(number)) => *number,
        _ => return None,
    };
    number.is_finite().then_some(number)
}
