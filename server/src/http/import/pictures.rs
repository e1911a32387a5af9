//! The pictures inside a drawing: only those that it shows are kept, each once, with the checks and limits
//! of one that a page sends; and only once the whole drawing has been judged.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use shared::excalidraw::Picture;
use shared::id::FileId;
use shared::limits::PICTURE_MAX_BYTES;

use crate::files::Files;

/// So many pictures of one drawing are looked at: each is brought to the disk by itself, which takes a while.
const PICTURES_MAX: usize = 500;

/// The pictures of one drawing.
pub(super) struct Pictures<'a> {
    inside: Inside<'a>,
    files: Option<&'a Files>,
    /// What is thought of those that were asked for.
    judged: RefCell<HashMap<String, Result<Picture, String>>>,
}

/// A drawing, as far as its pictures go.
#[derive(Deserialize)]
struct Drawing<'a> {
    #[serde(borrow)]
    files: &'a RawValue,
}

/// The text of each picture by its name in the drawing, not read yet.
#[derive(Default)]
struct Inside<'a>(HashMap<String, &'a RawValue>);

/// A picture in a drawing, as a `data:` URL.
#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow, rename = "dataURL")]
    data_url: Cow<'a, str>,
}

impl<'de> Deserialize<'de> for Inside<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Self::default())
    }
}

impl<'de> Visitor<'de> for Inside<'de> {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("pictures by their names")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Self, A::Error> {
        while let Some((name, entry)) = map.next_entry()? {
            if self.0.len() < PICTURES_MAX {
                self.0.insert(name, entry);
            }
        }
        Ok(self)
    }
}

impl<'a> Pictures<'a> {
    /// The pictures in a drawing's text, to be kept among `files`. What cannot be read has none.
    pub(super) fn of(text: &'a str, files: Option<&'a Files>) -> Self {
        let drawing: Result<Drawing<'a>, _> = serde_json::from_str(text);
        let inside = drawing.and_then(|drawing| serde_json::from_str(drawing.files.get()));
        Self { inside: inside.unwrap_or_default(), files, judged: RefCell::default() }
    }

    /// The picture that is called `name` in the drawing; why it cannot be taken; or `None` if the drawing has none
    /// of that name. Keeps nothing.
    pub(super) fn find(&self, name: &str) -> Option<Result<Picture, String>> {
        let entry = self.inside.0.get(name)?;
        let judge = |entry| -> Result<Picture, String> {
            self.files.ok_or("this server keeps no files")?;
            let judged = Files::judge(&bytes_of(entry)?);
            let (file, natural) = judged.map_err(|error| error.to_string())?;
            Ok(Picture { file, natural })
        };
        let mut judged = self.judged.borrow_mut();
        let judged = judged.entry(name.to_owned());
        Some(judged.or_insert_with(|| judge(entry).map_err(|why| not_taken(&why))).clone())
    }

    /// Brings to the disk all that were found, and tells which could not be, and why. Blocks.
    pub(super) fn keep(self) -> HashMap<FileId, String> {
        let found = self.judged.into_inner().into_iter();
        let kept = found.filter_map(|(name, picture)| {
            let (entry, file) = (self.inside.0.get(&name)?, picture.ok()?.file);
            let bytes = bytes_of(entry);
            let kept = bytes.and_then(|bytes| {
                self.files
                    .map_or(Ok(false), |files| files.keep(file, &bytes))
                    .map_err(|e| e.to_string())
            });
            Some((file, not_taken(&kept.err()?)))
        });
        kept.collect()
    }
}

fn bytes_of(entry: &RawValue) -> Result<Vec<u8>, String> {
    let entry = serde_json::from_str(entry.get());
    let Entry { data_url } = entry.map_err(|_| "it has no bytes")?;
    let base64 = data_url.strip_prefix("data:").and_then(|rest| rest.split_once(";base64,"));
    let (_, base64) = base64.ok_or("its bytes are not written as base64")?;
    // Four letters are three bytes; up to two letters fill the last four.
    if base64.len() / 4 * 3 > PICTURE_MAX_BYTES + 2 {
        return Err(too_large());
    }
    let bytes = STANDARD.decode(base64).map_err(|error| error.to_string())?;
    if bytes.len() > PICTURE_MAX_BYTES { Err(too_large()) } else { Ok(bytes) }
}

fn not_taken(why: &str) -> String {
    format!("its picture was not taken: {why}")
}

fn too_large() -> String {
    format!("it has more than {PICTURE_MAX_BYTES} bytes")
}
