//! From the document to elements. What is missing takes its default, what is damaged too: a peer
//! cannot break a board for others.

use yrs::any::Number;
use yrs::{Any, GetString, Map, MapRef, Out, ReadTxn};

use crate::color::Color;
use crate::element::{
    Align, Arrow, Binding, Brush, Crop, Dash, Edges, Element, FillStyle, Font, Frame, Head, Heads,
    Image, Ink, Path, Shape, Style, Text, VerticalAlign,
};
use crate::geometry::{BoardPoint, Bounds, Flip, Geometry};
use crate::id::{ElementId, FileId};
use crate::ink::{self, Spans};
use crate::limits::{
    COORDINATE_MAX, LINK_MAX_BYTES, NAME_MAX_BYTES, PATH_MAX_POINTS, TEXT_MAX_BYTES,
};
use crate::order::ZIndex;

/// The names of an element's properties in the document.
pub(super) mod key {
    pub const KIND: &str = "kind";
    pub const GEOMETRY: &str = "geometry";
    pub const Z: &str = "z";
    pub const STROKE: &str = "stroke";
    pub const FILL: &str = "fill";
    pub const FILL_STYLE: &str = "fillStyle";
    pub const WIDTH: &str = "width";
    pub const DASH: &str = "dash";
    pub const EDGES: &str = "edges";
    pub const ROUGHNESS: &str = "roughness";
    pub const OPACITY: &str = "opacity";
    pub const GROUPS: &str = "groups";
    pub const LOCKED: &str = "locked";
    pub const POINTS: &str = "points";
    pub const HEADS: &str = "heads";
    pub const ELBOW: &str = "elbow";
    pub const FIXED: &str = "fixed";
    pub const START: &str = "start";
    pub const END: &str = "end";
    pub const INK: &str = "ink";
    pub const BRUSH: &str = "brush";
    pub const TEXT: &str = "text";
    pub const LINES: &str = "lines";
    pub const FONT_SIZE: &str = "fontSize";
    pub const FONT: &str = "font";
    pub const ALIGN: &str = "align";
    pub const VERTICAL: &str = "vertical";
    pub const WRAPS: &str = "wraps";
    pub const CONTAINER: &str = "container";
    pub const FRAME: &str = "frame";
    pub const LINK: &str = "link";
    pub const NAME: &str = "name";
    pub const FILE: &str = "file";
    pub const NATURAL: &str = "natural";
    pub const CROP: &str = "crop";
}

/// Beside the chunks of ink, by their numbers, stands what was rubbed out: under a name of its own for
/// each time somebody did, so that none replaces another.
pub(super) const RUBBED: char = '~';

/// What an entry of a stroke is.
pub(super) enum ChunkName {
    /// Points, in the order of these numbers.
    Number(u32),
    /// What was rubbed out once.
    Rubbed,
}

impl ChunkName {
    /// `None` if no entry is called so.
    pub(super) fn parse(name: &str) -> Option<Self> {
        if name.starts_with(RUBBED) {
            Some(Self::Rubbed)
        } else {
            name.parse().ok().map(Self::Number)
        }
    }
}

/// The size of letters when an element names none, in board units.
pub(super) const DEFAULT_FONT_SIZE: f64 = 20.0;

/// Every element in the order of the stack, bottom first.
pub(super) fn read_elements<T: ReadTxn>(txn: &T, elements: &MapRef) -> Vec<Element> {
    let mut all: Vec<Element> = elements
        .iter(txn)
        .filter_map(|(id, value)| {
            let Out::YMap(map) = value else { return None };
            read_element(txn, ElementId::parse(id).ok()?, &map)
        })
        .collect();
    all.sort_by(|a, b| (&a.z, &a.id).cmp(&(&b.z, &b.id)));
    all
}

/// The element that `map` holds; `None` if it has no kind, or if all of it was rubbed out.
pub(super) fn read_element<T: ReadTxn>(txn: &T, id: ElementId, map: &MapRef) -> Option<Element> {
    element(id, map.iter(txn).map(|(key, value)| (key, Value::of(txn, key, value))).collect())
}

/// The element that these properties make; `None` if it has no kind.
pub(super) fn element(id: ElementId, values: Vec<(&str, Value)>) -> Option<Element> {
    let from = Properties(values);
    let kind = from.text(key::KIND)?;
    let shape = match kind {
        "rectangle" => Shape::Rectangle,
        "ellipse" => Shape::Ellipse,
        "diamond" => Shape::Diamond,
        "triangle" => Shape::Triangle,
        "line" => Shape::Line(from.path()),
        "arrow" => Shape::Arrow(from.arrow()),
        "ink" => Shape::Ink(from.ink()),
        "text" => Shape::Text(from.label()),
        "note" => Shape::Note,
        "frame" => Shape::Frame(from.frame()),
        "image" => from.image().map_or_else(|| Shape::Unknown(kind.into()), Shape::Image),
        _ => Shape::Unknown(kind.into()),
    };
    let geometry = match (&shape, from.geometry()) {
        (Shape::Ink(ink), _) if ink.is_gone() => return None,
        (Shape::Ink(ink), Some(whole)) => ink.left_at(whole),
        (_, Some(geometry)) => geometry,
        (shape, None) => shape.own_geometry(),
    };
    Some(Element {
        id,
        z: from.text(key::Z).and_then(ZIndex::parse).unwrap_or_default(),
        geometry,
        style: from.style(),
        groups: from.strings(key::GROUPS),
        locked: from.is_true(key::LOCKED),
        frame: from.element(key::FRAME),
        link: from.text(key::LINK).filter(|it| it.len() <= LINK_MAX_BYTES).map(Into::into),
        shape,
    })
}

/// Where an element is, if it says so itself.
pub(super) fn own_geometry<T: ReadTxn>(txn: &T, map: &MapRef) -> Option<Geometry> {
    let Some(Out::Any(value)) = map.get(txn, key::GEOMETRY) else { return None };
    geometry(value)
}

/// The placement that a value tells of.
pub(super) fn geometry(value: Any) -> Option<Geometry> {
    Properties(vec![(key::GEOMETRY, Value::Plain(value))]).geometry()
}

/// A property, wherever it was read.
pub(super) enum Value {
    /// A value.
    Plain(Any),
    /// A shared text.
    Text(String),
    /// What a stroke consists of.
    Chunks(Vec<(ChunkName, Any)>),
    /// Nothing that an element has.
    Other,
}

impl Value {
    fn of<T: ReadTxn>(txn: &T, key: &str, value: Out) -> Self {
        match value {
            Out::Any(value) => Self::Plain(value),
            Out::YText(text) => Self::Text(text.get_string(txn)),
            Out::YMap(chunks) if key == key::INK => {
                let named = |(name, chunk): (&str, Out)| match chunk {
                    Out::Any(chunk) => Some((ChunkName::parse(name)?, chunk)),
                    _ => None,
                };
                Self::Chunks(chunks.iter(txn).filter_map(named).collect())
            }
            _ => Self::Other,
        }
    }
}

/// The properties that an element has, read once: to look for each in the document costs more than to
/// compare a dozen names.
struct Properties<'a>(Vec<(&'a str, Value)>);

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

    fn text(&self, key: &str) -> Option<&str> {
        match self.any(key)? {
            Any::String(text) => Some(text),
            _ => None,
        }
    }

    fn is_true(&self, key: &str) -> bool {
        matches!(self.any(key), Some(Any::Bool(true)))
    }

    fn element(&self, key: &str) -> Option<ElementId> {
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

    fn strings(&self, key: &str) -> Vec<String> {
        let text = |any: &Any| match any {
            Any::String(text) => Some(text.as_ref().into()),
            _ => None,
        };
        self.list(key).iter().filter_map(text).collect()
    }

    fn geometry(&self) -> Option<Geometry> {
        let numbers = self.numbers(key::GEOMETRY, 6);
        let (&[x, y, w, h, angle], rest) = numbers.split_first_chunk()?;
        let flip = Flip::of_bits(rest.first().map_or(0, |bits| *bits as u8));
        Some(Geometry { x, y, w, h, angle, flip }.sanitized())
    }

    fn style(&self) -> Style {
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

    fn path(&self) -> Path {
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

    fn arrow(&self) -> Arrow {
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

    fn frame(&self) -> Frame {
        let name = self.text(key::NAME).filter(|name| name.len() <= NAME_MAX_BYTES);
        Frame { name: name.unwrap_or_default().into() }
    }

    /// `None` without a file that could exist: nothing could be shown.
    fn image(&self) -> Option<Image> {
        let file = FileId::parse(self.text(key::FILE)?).ok()?;
        let [w, h] = self.numbers(key::NATURAL, 2).try_into().ok()?;
        let natural = (w.clamp(1.0, COORDINATE_MAX), h.clamp(1.0, COORDINATE_MAX));
        let crop = <[f64; 4]>::try_from(self.numbers(key::CROP, 4)).ok();
        let crop = crop.and_then(|[x0, y0, x1, y1]| Crop::new(Bounds { x0, y0, x1, y1 }));
        Some(Image { file, natural, crop: crop.unwrap_or_default() })
    }

    fn ink(&self) -> Ink {
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

    fn label(&self) -> Text {
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

/// The lines of text that nobody wrapped.
pub(super) fn split_lines(value: &str) -> Vec<String> {
    value.split('\n').map(Into::into).collect()
}

/// Whether `lines` are still the lines of `value`: somebody may have typed since they were stored.
pub(super) fn is_broken_into(value: &str, lines: &[String]) -> bool {
    let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    !lines.is_empty()
        && letters(value) == lines.iter().map(|line| letters(line)).collect::<String>()
}
