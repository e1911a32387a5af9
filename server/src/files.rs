//! The pictures on boards, as files: each is kept once, under the SHA-256 of its bytes, and never changes.
//!
//! They are not in the database: one of ten megabytes would hold up every room's commits. A file is there
//! when it is on the disk with its name, so who crashes leaves whole files only.

mod kind;

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};
use shared::id::FileId;
use shared::limits::PICTURE_MAX_SIDE;

pub use kind::FileKind;

/// What the name of a file that is being written ends with.
const UNFINISHED: &str = "part";

/// The folder of the files.
#[derive(Debug)]
pub struct Files {
    folder: PathBuf,
    /// Bytes of all files together.
    n_bytes: AtomicU64,
    max_bytes: u64,
    n_begun: AtomicU64,
}

/// Why a file is not taken.
#[derive(Debug, thiserror::Error)]
pub enum FileRefused {
    /// The bytes are not those that the id stands for.
    #[error("the file's SHA-256 is another one")]
    OtherBytes,
    /// Nothing that browsers show as a picture without running anything.
    #[error("this is no PNG, JPEG, GIF, WebP or AVIF")]
    NoPicture,
    /// It has more pixels than a browser should be made to hold, or does not say how many.
    #[error("a picture may have at most {PICTURE_MAX_SIDE} pixels on a side")]
    TooManyPixels,
    /// All files together have reached their limit.
    #[error("there is no room for more files")]
    Full,
    /// The disk failed.
    #[error("the file could not be written: {0}")]
    Disk(#[from] io::Error),
}

impl Files {
    /// The files in `folder`, which is made if it is missing, of together at most `max_bytes`.
    pub fn open(folder: &Path, max_bytes: u64) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let mut n_bytes = 0;
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let path = entry.path();
            if path.extension().is_some_and(|extension| extension == UNFINISHED) {
                // Left behind by a crash.
                fs::remove_file(path)?;
            } else {
                n_bytes += entry.metadata()?.len();
            }
        }
        Ok(Self {
            folder: folder.into(),
            n_bytes: n_bytes.into(),
            max_bytes,
            n_begun: AtomicU64::new(0),
        })
    }

    /// Keeps a file; when this returns it is on the disk. `false` if it was there before. Blocks.
    pub fn keep(&self, id: FileId, bytes: &[u8]) -> Result<bool, FileRefused> {
        if FileId::of_digest(Sha256::digest(bytes).into()) != id {
            return Err(FileRefused::OtherBytes);
        }
        size_of(bytes)?;
        self.store(id, bytes)
    }

    /// The name that a file would be kept under, and its width and height in pixels. Keeps nothing.
    pub fn judge(bytes: &[u8]) -> Result<(FileId, (f64, f64)), FileRefused> {
        let size = size_of(bytes)?;
        Ok((FileId::of_digest(Sha256::digest(bytes).into()), size))
    }

    fn store(&self, id: FileId, bytes: &[u8]) -> Result<bool, FileRefused> {
        let path = self.path(id);
        if path.try_exists()? {
            return Ok(false);
        }
        let len = bytes.len() as u64;
        if self.n_bytes.fetch_add(len, Ordering::Relaxed) + len > self.max_bytes {
            self.n_bytes.fetch_sub(len, Ordering::Relaxed);
            return Err(FileRefused::Full);
        }
        // Two may bring the same file at the same time: each writes one of its own.
        let number = self.n_begun.fetch_add(1, Ordering::Relaxed);
        let unfinished = self.folder.join(format!("{number}.{UNFINISHED}"));
        write(&unfinished, bytes)
            .and_then(|()| fs::rename(&unfinished, &path))
            .and_then(|()| File::open(&self.folder)?.sync_all())
            .inspect_err(|_| {
                // What went wrong first is what counts.
                fs::remove_file(&unfinished).ok();
                self.n_bytes.fetch_sub(len, Ordering::Relaxed);
            })?;
        Ok(true)
    }

    /// The bytes of a file, if it is there. Blocks.
    pub fn read(&self, id: FileId) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.path(id)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn path(&self, id: FileId) -> PathBuf {
        self.folder.join(id.to_string())
    }
}

/// Width and height of a picture that browsers can be made to hold, in pixels.
fn size_of(bytes: &[u8]) -> Result<(f64, f64), FileRefused> {
    FileKind::of(bytes).ok_or(FileRefused::NoPicture)?;
    let size = imagesize::blob_size(bytes).map_err(|_| FileRefused::TooManyPixels)?;
    if size.width.max(size.height) > PICTURE_MAX_SIDE {
        return Err(FileRefused::TooManyPixels);
    }
    Ok((size.width as f64, size.height as f64))
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x03 and so on";

    fn id(bytes: &[u8]) -> FileId {
        FileId::of_digest(Sha256::digest(bytes).into())
    }

    #[test]
    fn a_file_is_kept_once_and_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(folder.path(), 1_000).unwrap();
        assert_eq!(files.read(id(PNG)).unwrap(), None);
        assert!(files.keep(id(PNG), PNG).unwrap());
        assert!(!files.keep(id(PNG), PNG).unwrap());
        fs::write(folder.path().join("9.part"), "half").unwrap();
        drop(files);
        let files = Files::open(folder.path(), 1_000).unwrap();
        assert_eq!(files.read(id(PNG)).unwrap().as_deref(), Some(PNG));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing half is left");
    }

    #[test]
    fn what_is_no_picture_or_another_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(folder.path(), 1_000).unwrap();
        let script = b"<svg onload='alert(1)'/>";
        assert!(matches!(files.keep(id(script), script), Err(FileRefused::NoPicture)));
        assert!(matches!(files.keep(id(script), PNG), Err(FileRefused::OtherBytes)));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_few_bytes_are_not_a_picture_of_gigabytes() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(folder.path(), 1_000).unwrap();
        let vast = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff\0\0\xff\xff and so on";
        assert!(matches!(files.keep(id(vast), vast), Err(FileRefused::TooManyPixels)));
        let cut = b"\x89PNG\r\n\x1a\n\0\0";
        assert!(matches!(files.keep(id(cut), cut), Err(FileRefused::TooManyPixels)));
    }

    #[test]
    fn all_together_have_a_limit_that_outlives_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let other: &[u8] = b"GIF89a\x02\0\x03\0 and so on, and on, and on, and on";
        let most = (PNG.len() + other.len()) as u64 - 1;
        let files = Files::open(folder.path(), most).unwrap();
        assert!(files.keep(id(PNG), PNG).unwrap());
        assert!(matches!(files.keep(id(other), other), Err(FileRefused::Full)));
        let files = Files::open(folder.path(), most).unwrap();
        assert!(matches!(files.keep(id(other), other), Err(FileRefused::Full)));
        assert!(!files.keep(id(PNG), PNG).unwrap(), "what is there may be brought again");
    }
}
