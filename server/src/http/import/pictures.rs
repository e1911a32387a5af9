//! The pictures inside a drawing: only those that it shows are kept, each once, with the checks and limits
//! of one that a page sends.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::IgnoredAny;
use shared::excalidraw::Picture;
use shared::limits::PICTURE_MAX_BYTES;

use crate::files::Files;

/// The pictures of one drawing.
pub(super) struct Pictures<'a> {
    /// As `data:` URLs, by their names in the drawing.
    inside: HashMap<Cow<'a, str>, Entry<'a>>,
    files: Option<&'a Files>,
    /// What became of those that were asked for.
    kept: RefCell<HashMap<String, Result<Picture, String>>>,
}

/// A drawing, as far as its pictures go.
#[derive(Deserialize, Default)]
struct Drawing<'a> {
    #[serde(borrow, default)]
    files: Named<'a>,
}

/// What is no list of pictures has none.
#[derive(Deserialize)]
#[serde(untagged)]
enum Named<'a> {
    Files(#[serde(borrow)] HashMap<Cow<'a, str>, Entry<'a>>),
    Other(IgnoredAny),
}

impl Default for Named<'_> {
    fn default() -> Self {
        Self::Other(IgnoredAny)
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Entry<'a> {
    File {
        #[serde(borrow, rename = "dataURL")]
        data_url: Cow<'a, str>,
    },
    Other(IgnoredAny),
}

impl<'a> Pictures<'a> {
    /// The pictures in a drawing's text, to be kept among `files`. What cannot be read has none.
    pub(super) fn of(text: &'a str, files: Option<&'a Files>) -> Self {
        let drawing: Drawing<'_> = serde_json::from_str(text).unwrap_or_default();
        let inside = match drawing.files {
            Named::Files(inside) => inside,
            Named::Other(_) => HashMap::new(),
        };
        Self { inside, files, kept: RefCell::default() }
    }

    /// The picture that is called `name` in the drawing, once it is on the disk; why it is not; or `None`
    /// if the drawing has none of that name. Blocks.
    pub(super) fn find(&self, name: &str) -> Option<Result<Picture, String>> {
        let entry = self.inside.get(name)?;
        if let Some(kept) = self.kept.borrow().get(name) {
            return Some(kept.clone());
        }
        let kept = self.keep(entry).map_err(|why| format!("its picture was not taken: {why}"));
        self.kept.borrow_mut().insert(name.to_owned(), kept.clone());
        Some(kept)
    }

    fn keep(&self, entry: &Entry<'_>) -> Result<Picture, String> {
        let Entry::File { data_url } = entry else { return Err("it has no bytes".into()) };
        let files = self.files.ok_or("this server keeps no files")?;
        let base64 = data_url.strip_prefix("data:").and_then(|rest| rest.split_once(";base64,"));
        let (_, base64) = base64.ok_or("its bytes are not written as base64")?;
        // Four letters are three bytes; up to two letters fill the last four.
        if base64.len() / 4 * 3 > PICTURE_MAX_BYTES + 2 {
            return Err(too_large());
        }
        let bytes = STANDARD.decode(base64).map_err(|error| error.to_string())?;
        if bytes.len() > PICTURE_MAX_BYTES {
            return Err(too_large());
        }
        let (file, natural) = files.keep_new(&bytes).map_err(|error| error.to_string())?;
        Ok(Picture { file, natural })
    }
}

fn too_large() -> String {
    format!("it has more than {PICTURE_MAX_BYTES} bytes")
}
