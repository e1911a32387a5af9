//! A first look at a board: what can be told of its elements from updates' bytes, before the CRDT has
//! read them, which takes far longer. What was told is shown until the document says the same or otherwise.

use std::collections::HashSet;
use std::sync::Arc;

use yrs::Any;
use yrs::updates::decoder::DecoderV1;

use super::author::Board;
use super::read::{self, ChunkName, Value, key};
use super::replica::{ELEMENTS, ReplicaError};
use crate::element::Element;
use crate::geometry::Bounds;
use crate::id::ElementId;
use crate::scan::{Content, Maps, Node};

/// How far an element may paint beyond its place, in board units.
const MARGIN: f64 = 100.0;

/// Elements that are looked at in one step, and shown.
const TOGETHER: usize = 2_000;
const SHOWN_TOGETHER: usize = 500;

/// A first look at updates, taken in steps of which none is long.
pub struct Glimpse {
    maps: Maps,
    area: Option<Bounds>,
    is_read: bool,
    /// The element that is looked at next.
    next: Option<Node>,
    has_found: bool,
}

impl Glimpse {
    /// Takes the next step; whether that was the last.
    pub fn step(&mut self, board: &mut Board) -> bool {
        if board.unread.is_empty() {
            // All of it was read meanwhile.
            return true;
        }
        if !self.is_read {
            let Ok(is_read) = self.maps.step() else { return true };
            (self.is_read, self.next) = (is_read, self.maps.root());
            if is_read {
                // To grow is to hash all anew, and that is no short step.
                board.elements.reserve(self.maps.n_in_root());
                board.previewed.reserve(self.maps.n_in_root());
            }
            return false;
        }
        let mut elements = Vec::new();
        for _ in 0..TOGETHER {
            let Some(one) = self.next.filter(|_| elements.len() < SHOWN_TOGETHER) else { break };
            elements.extend(element_in(&self.maps, one, self.area));
            self.next = self.maps.before(one);
        }
        self.has_found |= board.show(elements);
        if self.next.is_none() && !self.has_found && self.area.take().is_some() {
            self.next = self.maps.root();
        }
        self.next.is_none()
    }
}

impl Board {
    /// Begins to show what updates tell at first sight of the elements that reach into `view`, or of all if none
    /// does: together they are all that there is of a board, each after those that it builds on. Whoever changes
    /// anything but what was made here has them read first, all of them.
    pub fn begin_preview(&mut self, updates: &[Arc<Vec<u8>>], view: Bounds) -> Glimpse {
        let maps = Maps::new(updates.to_vec(), ELEMENTS);
        self.unread = updates.to_vec();
        self.made = self.elements.keys().cloned().collect();
        Glimpse { maps, area: Some(view), is_read: false, next: None, has_found: false }
    }

    /// Shows those of these elements that are not on the board; whether there are any.
    fn show(&mut self, elements: Vec<Element>) -> bool {
        let mut ids = Vec::new();
        for element in elements {
            if self.element(&element.id).is_none() {
                ids.push(element.id.clone());
                self.put(element);
            }
        }
        let has_news = !ids.is_empty();
        self.changes.extend(ids.iter().cloned());
        self.previewed.extend(ids.iter().cloned());
        self.attach(ids);
        has_news
    }

    /// Whether something is shown that the document was not asked about yet.
    pub fn is_preview(&self) -> bool {
        !self.previewed.is_empty()
    }

    /// Before any of these is changed: as long as there is more to be read that may be about it, all of that is read
    /// now. What is written must build on what the document says, or it may lose to that.
    pub(super) fn read_before_changing<'a>(
        &mut self,
        ids: impl IntoIterator<Item = &'a ElementId>,
    ) {
        if !self.unread.is_empty() && ids.into_iter().any(|id| !self.made.contains(id)) {
            let mut waiting = std::mem::take(&mut self.unread);
            let mut n_before = usize::MAX;
            // What cannot be taken in is told to whoever takes it in by parts.
            while waiting.len() < n_before {
                n_before = waiting.len();
                waiting.retain(|it| matches!(self.apply_remote(it), Err(ReplicaError::Missing)));
            }
            self.end_preview();
        }
    }

    /// All was taken in: what the document does not have goes.
    pub fn end_preview(&mut self) {
        self.unread.clear();
        self.made.clear();
        let left: HashSet<ElementId> = std::mem::take(&mut self.previewed);
        self.reread(left);
    }
}

/// An element, if it reaches into an area and can be told.
fn element_in(maps: &Maps, one: Node, area: Option<Bounds>) -> Option<Element> {
    let (id, Content::Shared(map)) = maps.entry(one)? else { return None };
    let id = ElementId::parse(id).ok()?;
    if area.is_some_and(|area| place(maps, map).is_some_and(|it| !it.intersects(area))) {
        return None;
    }
    let element = read::element(id, values(maps, map)?)?;
    area.is_none_or(|area| reach(&element).intersects(area)).then_some(element)
}

/// Where an element is, if it says so itself.
fn place(maps: &Maps, map: Node) -> Option<Bounds> {
    let (_, value) = maps.entries(map).find(|(key, _)| *key == key::GEOMETRY)?;
    let Content::Value(bytes) = value else { return None };
    Some(read::geometry(any(bytes)?)?.turned_bounds().inflated(MARGIN))
}

fn reach(element: &Element) -> Bounds {
    element.geometry.turned_bounds().inflated(MARGIN)
}

/// An element's properties; `None` if one of them cannot be told.
fn values(maps: &Maps, map: Node) -> Option<Vec<(&str, Value)>> {
    let value = |(key, content)| {
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
