//! The file around the elements: which format it is, and where its elements are.
//!
//! Elements are turned into Tandem's as they are met, so that a large file is never held in memory as
//! JSON values.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::error::Category;

use super::element::{Reading, read as read_element};
use super::{FILE_MAX_ELEMENTS, FindPicture, Import, ImportError, Skipped};
use crate::id::ElementId;

/// The elements of a file.
pub(super) enum Contents {
    /// Of one drawing.
    Board(Import),
    /// Of the items of a library.
    Library(Vec<Import>),
}

/// Reads the file's elements.
pub(super) fn read(text: &str, find: FindPicture<'_>) -> Result<Contents, ImportError> {
    let work = Work { n_elements: Cell::new(0), find };
    let mut json = serde_json::Deserializer::from_str(text);
    let file = Part::File(&work)
        .deserialize(&mut json)
        .and_then(|file| json.end().map(|()| file))
        .map_err(|error| match error.classify() {
            Category::Data => ImportError::NotExcalidraw(error.to_string()),
            Category::Syntax | Category::Eof | Category::Io => {
                ImportError::NotJson(error.to_string())
            }
        })?;
    if work.n_elements.get() > FILE_MAX_ELEMENTS {
        return Err(ImportError::TooMany);
    }
    let missing = |what: &str| ImportError::NotExcalidraw(format!("it has no {what}"));
    match file.kind.as_deref() {
        Some("excalidraw" | "excalidraw/clipboard") => {
            let elements = file.drawings.into_iter().next();
            elements.map(Contents::Board).ok_or_else(|| missing("elements"))
        }
        Some("excalidrawlib") if file.has_items => Ok(Contents::Library(file.drawings)),
        Some("excalidrawlib") => Err(missing("library items")),
        Some(_) => Err(ImportError::NotExcalidraw("its type is unknown".into())),
        None => Err(missing("type")),
    }
}

/// What was found so far; a plain list of elements is one drawing without a kind.
#[derive(Default)]
struct File {
    kind: Option<String>,
    drawings: Vec<Import>,
    has_items: bool,
}

/// What is known while a file is read.
struct Work<'a> {
    /// How many elements were met so far.
    n_elements: Cell<usize>,
    find: FindPicture<'a>,
}

/// The parts of a file that hold elements.
#[derive(Clone, Copy)]
enum Part<'a> {
    /// The whole file.
    File(&'a Work<'a>),
    /// `libraryItems` of version 2 or `library` of version 1: a list of items.
    Items(&'a Work<'a>),
    /// An item: an object with `elements`, or in version 1 the list itself.
    Item(&'a Work<'a>),
}

impl<'de> DeserializeSeed<'de> for Part<'_> {
    type Value = File;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<File, D::Error> {
        match self {
            Part::File(_) => deserializer.deserialize_map(self),
            Part::Items(_) => deserializer.deserialize_seq(self),
            Part::Item(_) => deserializer.deserialize_any(self),
        }
    }
}

impl<'de> Visitor<'de> for Part<'_> {
    type Value = File;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Part::File(_) => "an object with a type",
            Part::Items(_) => "a list of library items",
            Part::Item(_) => "a library item",
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<File, A::Error> {
        let (Part::File(n) | Part::Items(n) | Part::Item(n)) = self;
        let mut file = File::default();
        while let Some(key) = map.next_key::<String>()? {
            match (key.as_str(), self) {
                ("type", Part::File(_)) => file.kind = Some(map.next_value()?),
                ("elements", _) => file.drawings.push(map.next_value_seed(Elements(n))?),
                ("libraryItems" | "library", Part::File(_)) => {
                    file.drawings.extend(map.next_value_seed(Part::Items(n))?.drawings);
                    file.has_items = true;
                }
                _ => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(file)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<File, A::Error> {
        let mut file = File::default();
        match self {
            Part::File(_) => return Err(A::Error::custom("it is a list")),
            Part::Items(n) => {
                while let Some(item) = list.next_element_seed(Part::Item(n))? {
                    file.drawings.extend(item.drawings);
                }
            }
            Part::Item(n) => file.drawings.push(Elements(n).visit_seq(list)?),
        }
        Ok(file)
    }
}

/// A list of elements.
struct Elements<'a>(&'a Work<'a>);

impl<'de> DeserializeSeed<'de> for Elements<'_> {
    type Value = Import;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Import, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Elements<'_> {
    type Value = Import;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of elements")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Import, A::Error> {
        let mut import = Import::default();
        while let Some(value) = list.next_element::<Value>()? {
            let n_elements = &self.0.n_elements;
            n_elements.set(n_elements.get() + 1);
            if n_elements.get() > FILE_MAX_ELEMENTS {
                // The file is refused once it has been read; nothing more is kept of it.
                continue;
            }
            match read_element(&value, self.0.find) {
                Reading::Element(id, element) => {
                    let id = id.unwrap_or_else(|| ElementId::of_number(n_elements.get()));
                    import.elements.push((id, *element));
                }
                Reading::Deleted => {}
                Reading::Unusable { id, reason } => import.skipped.push(Skipped { id, reason }),
            }
        }
        Ok(import)
    }
}
