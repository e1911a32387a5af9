//! Changes of what elements on the board are like, apart from their text and ink.

use yrs::{Any, Map, MapRef, TransactionMut};

use super::author::Board;
use super::properties::{
    binding_value, crop_value, fixed_value, geometry_value, patch_properties, points, strings,
};
use super::read::key;
use super::write::element_map;
use crate::element::{Binding, Crop, Shape, StylePatch};
use crate::geometry::{BoardPoint, Geometry};
use crate::id::ElementId;

/// A change of one element. Each sets properties that others may set at the same time; the last one stays.
#[derive(Clone, PartialEq, Debug)]
pub enum Change {
    /// Places it anew.
    Place(Geometry),
    /// Changes its looks; text and arrows take their part too.
    Restyle(StylePatch),
    /// Gives a line or arrow other corners, which then lie where they say.
    Points(Vec<BoardPoint>),
    /// Fixes these pieces of an elbow and no others, by the corners that they begin at.
    Fix(Vec<usize>),
    /// Binds an arrow's first end, or lets it go.
    BindStart(Option<Binding>),
    /// Binds an arrow's last end, or lets it go.
    BindEnd(Option<Binding>),
    /// Puts it into these groups, innermost first.
    Group(Vec<String>),
    /// Keeps it from being selected and changed, or no longer.
    Lock(bool),
    /// Puts it into a frame, or takes it out.
    Frame(Option<ElementId>),
    /// Lets it lead somewhere, or nowhere.
    Link(Option<String>),
    /// Names a frame.
    Name(String),
    /// Shows this part of an image.
    Crop(Crop),
    /// Makes a text label this element, or none.
    Contain(Option<ElementId>),
    /// Whether a text's lines are broken at its box's width.
    Wrap(bool),
    /// The lines of a text that says the same as before, as they are broken now.
    Lines(Vec<String>),
}

impl Board {
    /// Makes changes, all in one transaction. Elements that are gone are passed over.
    pub fn change(&mut self, changes: &[(ElementId, Change)]) {
        self.read_before_changing(changes.iter().map(|(id, _)| id));
        let meant =
            |(id, change): &(ElementId, Change)| (self.drawn(id, change), self.whole(id, change));
        let meant: Vec<_> = changes.iter().map(meant).collect();
        self.edit(|txn, elements| {
            for ((id, change), (drawn, whole)) in changes.iter().zip(meant) {
                if let Some(map) = element_map(txn, elements, id) {
                    if drawn.is_some() {
                        set(txn, &map, key::POINTS, drawn);
                    }
                    whole.as_ref().unwrap_or(change).make(txn, &map);
                }
            }
        });
    }
}

impl Board {
    /// A placement means the drawing as it is seen: the corners of an arrow that stands otherwise than the
    /// document has it are to be written with it.
    fn drawn(&self, id: &ElementId, change: &Change) -> Option<Any> {
        let is_meant = matches!(change, Change::Place(_)) && self.is_attached(id);
        match &self.element(id).filter(|_| is_meant)?.shape {
            Shape::Arrow(arrow) => Some(points(&arrow.path.points)),
            _ => None,
        }
    }

    /// A placement means what is left of a stroke; what is written is where all of it would be.
    fn whole(&self, id: &ElementId, change: &Change) -> Option<Change> {
        let Change::Place(left) = change else { return None };
        let Shape::Ink(ink) = &self.element(id)?.shape else { return None };
        let is_whole = ink.rubbed.is_empty();
        (!is_whole).then(|| Change::Place(ink.whole_at(*left, self.written_place(id))))
    }
}

impl Change {
    fn make(&self, txn: &mut TransactionMut<'_>, map: &MapRef) {
        match self {
            Self::Place(geometry) => {
                set(txn, map, key::GEOMETRY, Some(geometry_value(geometry.sanitized())));
            }
            Self::Restyle(patch) => {
                for (key, value) in patch_properties(patch) {
                    set(txn, map, key, Some(value));
                }
            }
            Self::Points(corners) => {
                set(txn, map, key::POINTS, Some(points(corners)));
                set(txn, map, key::GEOMETRY, None);
            }
            Self::Fix(pieces) => set(txn, map, key::FIXED, fixed_value(pieces)),
            Self::BindStart(binding) => {
                set(txn, map, key::START, binding.as_ref().map(binding_value));
            }
            Self::BindEnd(binding) => {
                set(txn, map, key::END, binding.as_ref().map(binding_value));
            }
            Self::Group(groups) => {
                set(txn, map, key::GROUPS, (!groups.is_empty()).then(|| strings(groups)));
            }
            Self::Lock(locked) => set(txn, map, key::LOCKED, locked.then(|| Any::from(true))),
            Self::Frame(frame) => set(txn, map, key::FRAME, frame.as_ref().map(name)),
            Self::Link(link) => set(txn, map, key::LINK, link.as_deref().map(Any::from)),
            Self::Name(name) => set(txn, map, key::NAME, Some(Any::from(name.as_str()))),
            Self::Crop(crop) => set(txn, map, key::CROP, crop_value(*crop)),
            Self::Contain(container) => {
                set(txn, map, key::CONTAINER, container.as_ref().map(name));
            }
            Self::Wrap(wraps) => set(txn, map, key::WRAPS, wraps.then(|| Any::from(true))),
            Self::Lines(lines) => set(txn, map, key::LINES, Some(strings(lines))),
        }
    }
}

fn name(id: &ElementId) -> Any {
    Any::from(id.as_str())
}

/// Sets a property, or removes it; what is so already is not written.
fn set(txn: &mut TransactionMut<'_>, map: &MapRef, key: &'static str, value: Option<Any>) {
    match value {
        Some(value) => {
            map.try_update(txn, key, value);
        }
        None => {
            map.remove(txn, key);
        }
    }
}
