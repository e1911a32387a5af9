//! From the document to elements. What is missing takes its default, what is damaged too: a peer
//! cannot break a board for others.

mod parsing;

use yrs::{Any, GetString, Map, MapRef, Out, ReadTxn};

use crate::element::{Element, Shape};
use crate::geometry::Geometry;
use crate::id::ElementId;
use crate::limits::LINK_MAX_BYTES;
use crate::order::ZIndex;
use parsing::Properties;

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
