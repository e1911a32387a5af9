//! How drawings cross between the page and the program beside it that reads and writes Excalidraw's files:
//! as bytes, for the two share nothing else. Both are of one build, so that no version is told, and exact:
//! what comes out is what went in, but for what is worked out anew on every board.

use super::{Import, ImportError, Skipped};
use crate::element::{Arrow, Binding, Crop, Frame, Image, Ink, NewElement, Path, Shape, Text};
use crate::geometry::{BoardPoint, Bounds, Flip, Geometry};
use crate::id::{ElementId, FileId};
use crate::ink::{InkPoint, Spans};
use crate::wire::{self, Source, Taken, Wire, WireError, listed, malformed, put_array, record};

/// An element with its id.
type Named = (ElementId, NewElement);

/// Elements as bytes.
pub fn elements_to_bytes(elements: &[(ElementId, NewElement)]) -> Vec<u8> {
    let mut out = Vec::new();
    put_array(&mut out, elements.len());
    for element in elements {
        element.put(&mut out);
    }
    out
}

/// The elements of [`elements_to_bytes`].
pub fn elements_of_bytes(bytes: &[u8]) -> Result<Vec<(ElementId, NewElement)>, WireError> {
    wire::decode(bytes, usize::MAX)
}

/// What was read of a file, or why nothing was, as bytes.
pub fn import_to_bytes(import: Result<Import, ImportError>) -> Vec<u8> {
    let (import, error) = match import {
        Ok(import) => (Some(import), String::new()),
        Err(error) => (None, error.to_string()),
    };
    wire::encode(&Answer { import, error })
}

/// What was read of a file, by [`import_to_bytes`], or why nothing was, as part of a sentence.
pub fn import_of_bytes(bytes: &[u8]) -> Result<Import, String> {
    let Answer { import, error } =
        wire::decode(bytes, usize::MAX).map_err(|error: WireError| error.to_string())?;
    import.ok_or(error)
}

struct Answer {
    import: Option<Import>,
    /// Why there is none.
    error: String,
}

record!(Answer { import, error });
record!(Import { elements, skipped });
record!(Skipped { id, reason });
record!(Path { points });
record!(Frame { name });
record!(Image { file, natural, crop });
record!(Ink { points, has_pressure, brush, rubbed });
record!(InkPoint { at, pressure });
record!(Text { value, lines, size, font, align, vertical, wraps, container });
record!(Binding { element, at, gap });
record!(BoardPoint { x, y });
record!(Bounds { x0, y0, x1, y1 });
listed!(Named, Skipped, BoardPoint, InkPoint, String, u32);

impl<A: Wire, B: Wire> Wire for (A, B) {
    fn put(&self, out: &mut Vec<u8>) {
        put_array(out, 2);
        self.0.put(out);
        self.1.put(out);
    }

    fn take(from: &mut Source<'_>) -> Taken<Self> {
        from.array_of(2)?;
        Ok((A::take(from)?, B::take(from)?))
    }
}

impl Wire for bool {
    fn put(&self, out: &mut Vec<u8>) {
        u8::from(*self).put(out);
    }

    fn take(from: &mut Source<'_>) -> Taken<Self> {
        Ok(u8::take(from)? != 0)
    }
}

impl Wire for f32 {
    fn put(&self, out: &mut Vec<u8>) {
        f64::from(*self).put(out);
    }

    fn take(from: &mut Source<'_>) -> Taken<Self> {
        Ok(f64::take(from)? as f32)
    }
}

impl Wire for FileId {
    fn put(&self, out: &mut Vec<u8>) {
        self.to_string().put(out);
    }

    fn take(from: &mut Source<'_>) -> Taken<Self> {
        Self::parse(&String::take(from)?).map_err(|_| malformed("a text that is no file id"))
    }
}

impl Wire for Crop {
    fn put(&self, out: &mut Vec<u8>) {
        self.part().put(out);
    }

    fn take(from: &mut Source<'_>) -> Taken<Self> {
        Self::new(Bounds::take(from)?).ok_or(malformed("a part of a picture that is none"))
    }
}

impl Wire for Spans {
    fn put(&self, out: &mut Vec<u8>) {
        self.encode().put(out);
    }

    fn take(from: &mut Source<'_>) -> Taken<Self> {
        Self::decode(&Vec::<u8>::take(from)?).map_err(|_| malformed("not parts of a stroke"))
    }
}

impl Wire for NewElement {
    fn put(&self, out: &mut Vec<u8>) {
        let Self { geometry, style, groups, locked, frame, link, shape } = self;
        geometry.map(Exact).put(out);
        style.put(out);
        groups.put(out);
        locked.put(out);
        frame.put(out);
        link.put(out);
        shape.put(out);
    }

    fn take(from: &mut Source<'_>) -> Taken<Self> {
        let geometry: Option<Exact> = Wire::take(from)?;
        Ok(Self {
            geometry: geometry.map(|Exact(geometry)| geometry),
            style: Wire::take(from)?,
            groups: Wire::take(from)?,
            locked: Wire::take(from)?,
            frame: Wire::take(from)?,
            link: Wire::take(from)?,
            shape: Wire::take(from)?,
        })
    }
}

/// A geometry as it is. (The one that is shown to others is rounded.)
struct Exact(Geometry);

impl Wire for Exact {
    fn put(&self, out: &mut Vec<u8>) {
        let Geometry { x, y, w, h, angle, flip } = self.0;
        for number in [x, y, w, h, angle] {
            number.put(out);
        }
        flip.bits().put(out);
    }

    fn take(from: &mut Source<'_>) -> Taken<Self> {
        let mut number = || f64::take(from);
        let (x, y, w, h, angle) = (number()?, number()?, number()?, number()?, number()?);
        Ok(Self(Geometry { x, y, w, h, angle, flip: Flip::of_bits(u8::take(from)?) }))
    }
}

impl Wire for Shape {
    fn put(&self, out: &mut Vec<u8>) {
        let number: u8 = match self {
            Self::Rectangle => 0,
            Self::Ellipse => 1,
            Self::Diamond => 2,
            Self::Triangle => 3,
            Self::Note => 4,
            Self::Line(_) => 5,
            Self::Arrow(_) => 6,
            Self::Ink(_) => 7,
            Self::Text(_) => 8,
            Self::Frame(_) => 9,
            Self::Image(_) => 10,
            Self::Unknown(_) => 11,
        };
        number.put(out);
        match self {
            Self::Rectangle | Self::Ellipse | Self::Diamond | Self::Triangle | Self::Note => {}
            Self::Line(path) => path.put(out),
            Self::Arrow(arrow) => arrow.put(out),
            Self::Ink(ink) => ink.put(out),
            Self::Text(text) => text.put(out),
            Self::Frame(frame) => frame.put(out),
            Self::Image(image) => image.put(out),
            Self::Unknown(kind) => kind.put(out),
        }
    }

    fn take(from: &mut Source<'_>) -> Taken<Self> {
        Ok(match u8::take(from)? {
            0 => Self::Rectangle,
            1 => Self::Ellipse,
            2 => Self::Diamond,
            3 => Self::Triangle,
            4 => Self::Note,
            5 => Self::Line(Wire::take(from)?),
            6 => Self::Arrow(Wire::take(from)?),
            7 => Self::Ink(Wire::take(from)?),
            8 => Self::Text(Wire::take(from)?),
            9 => Self::Frame(Wire::take(from)?),
            10 => Self::Image(Wire::take(from)?),
            11 => Self::Unknown(Wire::take(from)?),
            _ => return Err(malformed("a number that names nothing")),
        })
    }
}

impl Wire for Arrow {
    fn put(&self, out: &mut Vec<u8>) {
        // The room for its label is worked out on each board.
        let Self { path, heads, is_elbow, fixed, start, end, label: _ } = self;
        let fixed: Vec<u32> = fixed.iter().map(|it| *it as u32).collect();
        path.put(out);
        heads.put(out);
        is_elbow.put(out);
        fixed.put(out);
        start.put(out);
        end.put(out);
    }

    fn take(from: &mut Source<'_>) -> Taken<Self> {
        Ok(Self {
            path: Wire::take(from)?,
            heads: Wire::take(from)?,
            is_elbow: Wire::take(from)?,
            fixed: Vec::<u32>::take(from)?.into_iter().map(|it| it as usize).collect(),
            start: Wire::take(from)?,
            end: Wire::take(from)?,
            label: None,
        })
    }
}
