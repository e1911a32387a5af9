//! A first look at a board: what can be told of its elements from an update's bytes, before the CRDT has
//! read it, which takes far longer. What was told is shown until the document says the same or otherwise.

use std::collections::HashSet;

use yrs::Any;
use yrs::updates::decoder::DecoderV1;

use super::author::Board;
use super::read::{self, ChunkName, Value, key};
use super::replica::ELEMENTS;
use crate::element::Element;
use crate::geometry::Bounds;
use crate::id::ElementId;
use crate::scan::{Content, Maps, Node};

/// How far an element may paint beyond its place, in board units.
const MARGIN: f64 = 100.0;

impl Board {
    /// Shows what an update tells at first sight of the elements that reach into `view`, or of all if none
    /// does. Only an empty board needs that. Whoever changes what is shown so has the update read first, all of it.
    pub fn preview(&mut self, update: &[u8], view: Bounds) {
        if self.n_elements() > 0 {
            return;
        }
        let Ok(maps) = Maps::read(update, ELEMENTS) else { return };
        let mut elements = elements_in(&maps, Some(view));
        if elements.is_empty() {
            elements = elements_in(&maps, None);
        }
        let ids: Vec<ElementId> = elements.iter().map(|element| element.id.clone()).collect();
        for element in elements {
            self.put(element);
        }
        self.changes.extend(ids.iter().cloned());
        self.previewed = ids.iter().cloned().collect();
        self.unread = update.to_vec();
        self.attach(ids);
    }

    /// Whether something is shown that the document was not asked about yet.
    pub fn is_preview(&self) -> bool {
        !self.previewed.is_empty()
    }

    /// Before any of these is changed: if it is shown at first sight only, the whole update is read now. What
    /// is written must build on what the document says.
    pub(super) fn read_before_changing<'a>(
        &mut self,
        ids: impl IntoIterator<Item = &'a ElementId>,
    ) {
        if self.is_preview() && ids.into_iter().any(|id| self.previewed.contains(id)) {
            let update = std::mem::take(&mut self.unread);
            // What cannot be taken in is told to whoever takes it in by parts.
            self.apply_remote(&update).ok();
            self.end_preview();
        }
    }

    /// All was taken in: what the document does not have goes.
    pub fn end_preview(&mut self) {
        self.unread = Vec::new();
        let left: HashSet<ElementId> = std::mem::take(&mut self.previewed);
        self.reread(left);
    }
}

/// The elements that reach into an area, as far as they can be told.
fn elements_in(maps: &Maps<'_>, area: Option<Bounds>) -> Vec<Element> {
    let mut elements = Vec::new();
    for (id, content) in maps.root() {
        let (Content::Shared(map), Ok(id)) = (content, ElementId::parse(id)) else { continue };
        if area.is_some_and(|area| place(maps, map).is_some_and(|it| !it.intersects(area))) {
            continue;
        }
        let Some(values) = values(maps, map) else { continue };
        let Some(element) = read::element(id, values) else { continue };
        if area.is_none_or(|area| reach(&element).intersects(area)) {
            elements.push(element);
        }
    }
    elements
}

/// Where an element is, if it says so itself.
fn place(maps: &Maps<'_>, map: Node) -> Option<Bounds> {
    let (_, value) = maps.entries(map).find(|(key, _)| *key == key::GEOMETRY)?;
    let Content::Value(bytes) = value else { return None };
    Some(read::geometry(any(bytes)?)?.turned_bounds().inflated(MARGIN))
}

fn reach(element: &Element) -> Bounds {
    element.geometry.turned_bounds().inflated(MARGIN)
}

/// An element's properties; `None` if one of them cannot be told.
fn values<'a>(maps: &Maps<'a>, map: Node) -> Option<Vec<(&'a str, Value)>> {
    let value = |(key, content): (&'a str, Content<'a>)| {
        let value = match content {
            Content::Value(bytes) => Value::Plain(any(bytes)?),
            Content::Shared(text) if key == key::TEXT => Value::Text(maps.text(text)?),
            Content::Shared(chunks) => {
                Value::Chunks(maps.entries(chunks).filter_map(chunk).collect())
            }
        };
        Some((key, value))
    };
    maps.entries(map).map(value).collect()
}

fn chunk((name, content): (&str, Content<'_>)) -> Option<(ChunkName, Any)> {
    let Content::Value(bytes) = content else { return None };
    Some((ChunkName::parse(name)?, any(bytes)?))
}

/// A value that the scan has looked over.
fn any(bytes: &[u8]) -> Option<Any> {
    Any::decode(&mut DecoderV1::from(bytes)).ok()
}
