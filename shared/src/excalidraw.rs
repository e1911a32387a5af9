//! Reads `.excalidraw` boards, `.excalidrawlib` libraries and Excalidraw's clipboard, of versions 1
//! and 2, as elements that are not on a board yet; and writes boards and the clipboard.
//!
//! Each element is read by itself: a broken one is reported and the others come in. Deleted elements
//! are neither imported nor reported. Everything stays where it was, and what names another element of the
//! file (frame, label, arrow's end) does so on the board.

mod crossing;
mod element;
mod export;
mod fields;
mod file;
mod library;
mod style;

use serde::Serialize;

use crate::element::NewElement;
use crate::id::{ElementId, FileId};

pub use crossing::{elements_of_bytes, elements_to_bytes, import_of_bytes, import_to_bytes};
pub use export::{Format, export};

/// Largest file that is read, in bytes.
pub const FILE_MAX_BYTES: usize = 64 * 1024 * 1024;

/// Most elements in one file.
pub const FILE_MAX_ELEMENTS: usize = 200_000;

/// Letters that any text in Excalidraw's format has.
const MARK: &str = "\"excalidraw";

/// Whether a text may be a drawing, which leaves other texts alone quickly.
pub fn may_be_drawing(text: &str) -> bool {
    text.contains(MARK)
}

/// What a file holds.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Import {
    /// What can be put on the board, bottom first, by its id in the file.
    pub elements: Vec<(ElementId, NewElement)>,
    /// What cannot, in the order of the file.
    pub skipped: Vec<Skipped>,
}

/// An element that was left out.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Skipped {
    /// Its id in the file, as far as it has one.
    pub id: String,
    /// Why, as a sentence for the person who imports.
    pub reason: String,
}

/// Why nothing of a file was read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ImportError {
    /// The text is not JSON, is cut off, or is nested too deeply.
    #[error("this is not JSON: {0}")]
    NotJson(String),
    /// The JSON is something else.
    #[error("this is not an Excalidraw file: {0}")]
    NotExcalidraw(String),
    /// More than [`FILE_MAX_BYTES`].
    #[error("the file is larger than {FILE_MAX_BYTES} bytes")]
    TooLarge,
    /// More than [`FILE_MAX_ELEMENTS`].
    #[error("the file has more than {FILE_MAX_ELEMENTS} elements")]
    TooMany,
}

/// A picture in a file, as Tandem keeps it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Picture {
    /// What it is kept as.
    pub file: FileId,
    /// Width and height in its own pixels.
    pub natural: (f64, f64),
}

/// Finds a picture by its name in the file; `None` if the file has none of that name. An error says as a
/// sentence why it cannot be shown.
pub type FindPicture<'a> = &'a dyn Fn(&str) -> Option<Result<Picture, String>>;

/// Reads a file. The items of a library, which all lie in the same place there, are laid out in rows. Of
/// pictures those come in that are named by their files' digests, as Tandem does.
pub fn import(text: &str) -> Result<Import, ImportError> {
    import_with(text, &|_| None)
}

/// Reads a file with its pictures, which `find` is asked for as they are met.
pub fn import_with(text: &str, find: FindPicture<'_>) -> Result<Import, ImportError> {
    if text.len() > FILE_MAX_BYTES {
        return Err(ImportError::TooLarge);
    }
    match file::read(text, find)? {
        file::Contents::Board(elements) => Ok(elements),
        file::Contents::Library(items) => Ok(library::laid_out(items)),
    }
}
