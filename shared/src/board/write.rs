//! Edits of the document: each is one transaction, one update for the others.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use yrs::{Any, GetString, Map, MapPrelim, MapRef, Out, Text as _, TextPrelim, TransactionMut};

use super::author::Board;
use super::change::Change;
use super::growth::chunk_number;
use super::properties::{geometry_value, properties, strings};
use super::read::{RUBBED, key, split_lines};
use crate::element::{NewElement, Shape, StylePatch};
use crate::geometry::Geometry;
use crate::id::ElementId;
use crate::ink::{InkPoint, Quantum, Spans, encode_chunk};
use crate::limits::INSERT_TOGETHER_BYTES;
use crate::order::ZIndex;

/// Where elements go in the stack.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Restack {
    /// Above everything.
    ToFront,
    /// Above the next one.
    Forward,
    /// Under the next one.
    Backward,
    /// Under everything.
    ToBack,
    /// Right under the topmost of them, so that nothing else lies between.
    Together,
}

impl Board {
    /// Puts an element on top of the board.
    pub fn insert(&mut self, new: NewElement) -> ElementId {
        let id = ElementId::random(&mut self.rng);
        self.insert_as(id.clone(), new);
        id
    }

    /// Puts an element on top of the board under an id that the author made up before.
    pub fn insert_as(&mut self, id: ElementId, new: NewElement) {
        self.insert_many(vec![(id, new)]);
    }

    /// Puts copies of elements, each with the original's id, on top of the board, the first of them lowest.
    /// They get ids of their own, and their groups new names: the originals, or an earlier copy, may be here
    /// too. What names another of them (frame, label, arrow) names its copy. Many come as several updates,
    /// each small enough for a message.
    pub fn insert_copies(&mut self, originals: Vec<(ElementId, NewElement)>) -> Vec<ElementId> {
        let mut groups: HashMap<String, String> = HashMap::new();
        let mut fresh = || ElementId::random(&mut self.rng);
        let ids: Vec<ElementId> = originals.iter().map(|_| fresh()).collect();
        let copies: HashMap<ElementId, ElementId> =
            originals.iter().map(|(id, _)| id.clone()).zip(ids.iter().cloned()).collect();
        let renamed = ids.iter().zip(originals).map(|(copy, (_, mut new))| {
            for group in &mut new.groups {
                let name = groups.entry(std::mem::take(group));
                *group = name.or_insert_with(|| fresh().as_str().to_owned()).clone();
            }
            new.relate(|id| copies.get(id).cloned());
            (copy.clone(), new)
        });
        let named: Vec<_> = renamed.collect();
        self.insert_all(named);
        ids
    }

    /// Puts all elements of another board on this one, in their order and under their ids: the board is
    /// written anew by its own author.
    pub fn insert_all_of(&mut self, other: &Self) {
        let named =
            other.elements().map(|element| (element.id.clone(), NewElement::copy_of(element)));
        self.insert_all(named);
    }

    /// Inserts any number of elements, in updates that are each small enough for a message.
    fn insert_all(&mut self, named: impl IntoIterator<Item = (ElementId, NewElement)>) {
        let mut together = Vec::new();
        let mut n_bytes = 0;
        for (id, new) in named {
            n_bytes += about_bytes(&new);
            together.push((id, new));
            if n_bytes >= INSERT_TOGETHER_BYTES {
                self.insert_many(std::mem::take(&mut together));
                n_bytes = 0;
            }
        }
        self.insert_many(together);
    }

    fn insert_many(&mut self, named: Vec<(ElementId, NewElement)>) {
        if !self.unread.is_empty() {
            self.made.extend(named.iter().map(|(id, _)| id.clone()));
        }
        let mut z = self.order().last().map(|(z, _)| z.clone());
        self.edit(|txn, elements| {
            for (id, new) in named {
                let top = ZIndex::between(z.as_ref(), None);
                let map = elements.insert(txn, id.as_str(), MapPrelim::default());
                for (key, value) in properties(new, &top) {
                    map.insert(txn, key, value);
                }
                z = Some(top);
            }
        });
    }

    /// An id for an element that is going to be inserted.
    pub fn new_id(&mut self) -> ElementId {
        ElementId::random(&mut self.rng)
    }

    /// Places elements anew; those that are gone are passed over.
    pub fn place(&mut self, places: &[(ElementId, Geometry)]) {
        let change =
            |(id, geometry): &(ElementId, Geometry)| (id.clone(), Change::Place(*geometry));
        self.change(&places.iter().map(change).collect::<Vec<_>>());
    }

    /// Changes the looks of elements; text and arrows take their part too.
    pub fn restyle(&mut self, ids: &[ElementId], patch: &StylePatch) {
        let change = |id: &ElementId| (id.clone(), Change::Restyle(*patch));
        self.change(&ids.iter().map(change).collect::<Vec<_>>());
    }

    /// Takes elements off the board.
    pub fn delete(&mut self, ids: &[ElementId]) {
        self.before_deleting(ids);
        self.edit(|txn, elements| {
            for id in ids {
                elements.remove(txn, id.as_str());
            }
        });
    }

    /// Adds points to a stroke in progress. `false` if it is gone, by somebody's hand.
    pub fn append_ink(
        &mut self,
        id: &ElementId,
        points: &[InkPoint],
        quantum: Quantum,
        has_pressure: bool,
    ) -> bool {
        self.read_before_changing([id]);
        let chunk = encode_chunk(points, quantum, has_pressure);
        self.edit(|txn, elements| {
            let ink = element_map(txn, elements, id).and_then(|map| map.get(txn, key::INK));
            let Some(Out::YMap(chunks)) = ink else { return false };
            let last = chunks.keys(txn).filter_map(chunk_number).max();
            let number = last.map_or(0, |last| last.saturating_add(1));
            chunks.insert(txn, number.to_string(), Any::from(chunk));
            true
        })
    }

    /// Rubs out parts of strokes. What others rub out at the same time is gone too, and undo brings back
    /// what the author rubbed out alone. Strokes that are gone are passed over; `false` if all are.
    pub fn rub_out(&mut self, rubbed: &[(ElementId, Spans)]) -> bool {
        self.read_before_changing(rubbed.iter().map(|(id, _)| id));
        let names: Vec<String> = rubbed
            .iter()
            .map(|_| format!("{RUBBED}{}", ElementId::random(&mut self.rng)))
            .collect();
        self.edit(|txn, elements| {
            let mut is_written = false;
            for ((id, spans), name) in rubbed.iter().zip(names) {
                let ink = element_map(txn, elements, id).and_then(|map| map.get(txn, key::INK));
                if let Some(Out::YMap(chunks)) = ink {
                    chunks.insert(txn, name, Any::from(spans.encode()));
                    is_written = true;
                }
            }
            is_written
        })
    }

    /// Makes a text element say `value`, broken into `lines` by the author's browser, in a box of
    /// `geometry`. Only the letters that differ are written, so that two can type at once.
    pub fn set_text(&mut self, id: &ElementId, value: &str, lines: &[String], geometry: Geometry) {
        self.read_before_changing([id]);
        self.edit(|txn, elements| {
            let Some(map) = element_map(txn, elements, id) else { return };
            match map.get(txn, key::TEXT) {
                Some(Out::YText(text)) => {
                    let old = text.get_string(txn);
                    let (range, new) = difference(&old, value);
                    let at = n_utf16(&old[..range.start]);
                    let n_removed = n_utf16(&old[range]);
                    if n_removed > 0 {
                        text.remove_range(txn, at, n_removed);
                    }
                    if !new.is_empty() {
                        text.insert(txn, at, new);
                    }
                }
                _ => {
                    map.insert(txn, key::TEXT, TextPrelim::new(value));
                }
            }
            if lines == split_lines(value) {
                map.remove(txn, key::LINES);
            } else {
                map.try_update(txn, key::LINES, strings(lines));
            }
            map.try_update(txn, key::GEOMETRY, geometry_value(geometry.sanitized()));
        });
    }

    /// Moves elements in the stack, keeping their order among themselves.
    pub fn restack(&mut self, ids: &[ElementId], to: Restack) {
        self.read_before_changing(ids);
        let ids: HashSet<&ElementId> = ids.iter().collect();
        let moved = |(_, id): &&(ZIndex, ElementId)| ids.contains(id);
        let stack: Vec<_> = self.order().iter().cloned().collect();
        let chosen: Vec<ElementId> = stack.iter().filter(moved).map(|(_, id)| id.clone()).collect();
        let rest: Vec<&(ZIndex, ElementId)> = stack.iter().filter(|e| !moved(e)).collect();
        let n_under = |entry: Option<&(ZIndex, ElementId)>| {
            entry.map_or(0, |entry| rest.iter().filter(|other| **other < entry).count())
        };
        let gap = match to {
            Restack::ToFront => rest.len(),
            Restack::ToBack => 0,
            Restack::Forward => (n_under(stack.iter().rfind(moved)) + 1).min(rest.len()),
            Restack::Backward => n_under(stack.iter().find(moved)).saturating_sub(1),
            Restack::Together => n_under(stack.iter().rfind(moved)),
        };
        let is_apart = || {
            let first = stack.iter().position(|it| moved(&it));
            let last = stack.iter().rposition(|it| moved(&it));
            first.zip(last).is_some_and(|(first, last)| last - first >= chosen.len())
        };
        let is_there = match (stack.iter().position(|it| moved(&it)), to) {
            (None, _) => true,
            (_, Restack::Together) => !is_apart(),
            (Some(first), _) => first == gap && !is_apart(),
        };
        if is_there {
            return;
        }
        let above = rest.get(gap).map(|(z, _)| z);
        let below = gap.checked_sub(1).map(|i| &rest[i].0);
        let places = ZIndex::spread(below, above, chosen.len());
        self.edit(|txn, elements| {
            for (id, z) in chosen.iter().zip(places) {
                if let Some(map) = element_map(txn, elements, id) {
                    map.insert(txn, key::Z, z.as_str());
                }
            }
        });
    }
}

/// About how much of an update an element takes up, rather too much than too little.
fn about_bytes(new: &NewElement) -> usize {
    const PROPERTIES: usize = 400;
    const INK_POINT: usize = 6;
    const PATH_POINT: usize = 20;
    let own = match &new.shape {
        Shape::Ink(ink) => ink.points.len() * INK_POINT,
        Shape::Line(path) => path.points.len() * PATH_POINT,
        Shape::Arrow(arrow) => arrow.path.points.len() * PATH_POINT,
        Shape::Text(text) => 2 * text.value.len(),
        _ => 0,
    };
    let link = new.link.as_ref().map_or(0, String::len);
    PROPERTIES + own + link
}

/// The map of an element that is on the board.
pub(super) fn element_map(
    txn: &TransactionMut<'_>,
    elements: &MapRef,
    id: &ElementId,
) -> Option<MapRef> {
    match elements.get(txn, id.as_str()) {
        Some(Out::YMap(map)) => Some(map),
        _ => None,
    }
}

/// The part of `old` to be replaced, in bytes, and what replaces it.
fn difference<'a>(old: &str, new: &'a str) -> (Range<usize>, &'a str) {
    let same = |(a, b): &(char, char)| a == b;
    let len = |(c, _): (char, char)| c.len_utf8();
    let start: usize = old.chars().zip(new.chars()).take_while(same).map(len).sum();
    let tail_old = old[start..].chars().rev();
    let end: usize = tail_old.zip(new[start..].chars().rev()).take_while(same).map(len).sum();
    (start..old.len() - end, &new[start..new.len() - end])
}

fn n_utf16(text: &str) -> u32 {
    text.encode_utf16().count() as u32
}
