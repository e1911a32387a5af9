//! The pixels of the pictures on the board, as the browser has decoded them: as many as have room, and which
//! are wanted. It does not know where they come from.

use std::cell::RefCell;

use shared::id::FileId;
use web_sys::ImageBitmap;

/// Bytes of pixels that are kept at most, unless one picture alone has more.
const BYTES_MAX: f64 = 256e6;
/// Sides of pictures in their own pixels at most, while there is room and when it gets scarce.
const SIDES_MAX: [f64; 2] = [4096.0, 1024.0];

thread_local! {
    /// There is one page. All that paints needs them, and nothing else does.
    static IMAGES: RefCell<Vec<Entry>> = const { RefCell::new(Vec::new()) };
}

/// A file that was painted, or was to be.
struct Entry {
    file: FileId,
    state: State,
}

enum State {
    /// It was to be painted, and nobody has asked for it.
    Wanted,
    /// It has been asked for.
    Coming,
    /// It could not be had.
    Missing,
    /// It is here; those at the end of the list were painted last.
    Here(ImageBitmap),
}

impl State {
    fn n_bytes(&self) -> f64 {
        match self {
            Self::Here(bitmap) => 4.0 * f64::from(bitmap.width()) * f64::from(bitmap.height()),
            Self::Wanted | Self::Coming | Self::Missing => 0.0,
        }
    }

    fn close(&self) {
        if let Self::Here(bitmap) = self {
            bitmap.close();
        }
    }
}

/// What is to be painted for a file.
pub(super) enum Pixels {
    /// This.
    Here(ImageBitmap),
    /// It is on its way.
    Coming,
    /// It could not be had.
    Missing,
}

/// What is to be painted for a file, which is wanted from now on.
pub(super) fn pixels(file: FileId) -> Pixels {
    IMAGES.with_borrow_mut(|all| {
        let Some(at) = all.iter().position(|entry| entry.file == file) else {
            all.push(Entry { file, state: State::Wanted });
            return Pixels::Coming;
        };
        let entry = all.remove(at);
        let pixels = match &entry.state {
            State::Here(bitmap) => Pixels::Here(bitmap.clone()),
            State::Missing => Pixels::Missing,
            State::Wanted | State::Coming => Pixels::Coming,
        };
        all.push(entry);
        pixels
    })
}

/// Whether a file is not here yet, and may still come; it is wanted from now on.
pub(crate) fn is_coming(file: FileId) -> bool {
    matches!(pixels(file), Pixels::Coming)
}

/// The files that are to be asked for now, and how long their sides may be.
pub(crate) fn take_wanted() -> (Vec<FileId>, f64) {
    IMAGES.with_borrow_mut(|all| {
        let mut wanted = Vec::new();
        let mut n_bytes = 0.0;
        for entry in all {
            n_bytes += entry.state.n_bytes();
            if matches!(entry.state, State::Wanted) {
                entry.state = State::Coming;
                wanted.push(entry.file);
            }
        }
        (wanted, SIDES_MAX[usize::from(n_bytes > BYTES_MAX / 2.0)])
    })
}

/// A file came, or could not be had. Others go if there is no room for it.
pub(crate) fn put(file: FileId, bitmap: Option<ImageBitmap>) {
    IMAGES.with_borrow_mut(|all| {
        if let Some(at) = all.iter().position(|entry| entry.file == file) {
            all.remove(at).state.close();
        }
        all.push(Entry { file, state: bitmap.map_or(State::Missing, State::Here) });
        let mut n_bytes: f64 = all.iter().map(|entry| entry.state.n_bytes()).sum();
        while n_bytes > BYTES_MAX {
            let oldest = all.iter().position(|entry| matches!(entry.state, State::Here(_)));
            let Some(at) = oldest.filter(|at| at + 1 < all.len()) else { break };
            let old = all.remove(at);
            n_bytes -= old.state.n_bytes();
            old.state.close();
        }
    });
}

/// Drops all pixels; or, with `is_hope`, what is known to be missing: it is wanted when it is painted again.
pub(crate) fn forget(is_hope: bool) -> Vec<FileId> {
    IMAGES.with_borrow_mut(|all| {
        let goes = |entry: &Entry| match entry.state {
            State::Here(_) => !is_hope,
            State::Missing => is_hope,
            State::Wanted | State::Coming => false,
        };
        let gone = all.iter().filter(|entry| goes(entry)).inspect(|entry| entry.state.close());
        let gone = gone.map(|entry| entry.file).collect();
        all.retain(|entry| !goes(entry));
        gone
    })
}
