//! Elements as SVG, from the same display lists that the canvas is painted from. What people wrote is only
//! ever text or an attribute in it, never markup.

use std::collections::HashMap;

use kurbo::{BezPath, PathEl};
use shared::color::Color;
use shared::element::{Align, Element, Font, Image};
use shared::geometry::{Bounds, Flip, Geometry};
use shared::id::{ElementId, FileId};

use crate::display::{Blend, Item, Picture};
use crate::picture::picture;
use crate::sheet::{frame, sheet};
use crate::text::font_stack;

/// How a picture of elements looks as a whole.
pub struct SvgLook<'a> {
    /// Whether the colors are turned for a dark board.
    pub is_dark: bool,
    /// The color behind everything, as it is; nothing if it is transparent.
    pub background: Color,
    /// Where a picture's bytes are: an address, such as `data:`. Without any it is a gray box.
    pub href: &'a dyn Fn(FileId) -> Option<String>,
}

/// Of frames' borders and names, in board units; their colors are the canvas painter's.
const FRAME: (Color, f64, f64) = (Color::rgb(0xbbbbbb), 1.5, 8.0);
const FRAME_NAME: (Color, f64) = (Color::rgb(0x777777), 14.0);
/// Of pictures that are not there.
const MISSING: Color = Color { r: 128, g: 128, b: 128, a: 50 };

/// Elements in the order of the stack, bottom first, as a document of its own. Its size is in board units.
pub fn svg(elements: &[Element], look: &SvgLook<'_>) -> String {
    let Bounds { x0, y0, x1, y1 } = sheet(&elements.iter().collect::<Vec<_>>());
    let mut pen = Pen { out: String::new(), look, blend: Blend::Over };
    pen.raw("<svg xmlns=\"http://www.w3.org/2000/svg\"");
    pen.numbers(&[("width", x1 - x0), ("height", y1 - y0)]);
    pen.raw(" viewBox=\"");
    pen.list(&[x0, y0, x1 - x0, y1 - y0]);
    pen.raw("\">");
    if !look.background.is_transparent() {
        pen.raw("<rect");
        pen.numbers(&[("x", x0), ("y", y0), ("width", x1 - x0), ("height", y1 - y0)]);
        pen.plain_paint("fill", look.background);
        pen.raw("/>");
    }
    let frames = pen.frames(elements);
    for element in elements {
        let around = element.frame.as_ref().and_then(|id| frames.get(id));
        if let Some(number) = around {
            pen.raw("<g clip-path=\"url(#frame-");
            pen.number(*number as f64);
            pen.raw(")\">");
        }
        pen.picture(&picture(element));
        pen.raw(if around.is_some() { "</g>" } else { "" });
    }
    pen.raw("</svg>");
    pen.out
}

struct Pen<'a> {
    out: String,
    look: &'a SvgLook<'a>,
    /// Of the picture that is being written.
    blend: Blend,
}

impl Pen<'_> {
    /// What frames cut off, by numbers.
    fn frames<'a>(&mut self, elements: &'a [Element]) -> HashMap<&'a ElementId, usize> {
        let mut numbers = HashMap::new();
        let with_content = |it: &&Element| {
            frame(it).is_some() && elements.iter().any(|other| other.frame.as_ref() == Some(&it.id))
        };
        for (number, element) in elements.iter().filter(with_content).enumerate() {
            self.raw("<clipPath id=\"frame-");
            self.number(number as f64);
            self.raw("\"><path d=\"");
            self.corners(element.geometry);
            self.raw("\"/></clipPath>");
            numbers.insert(&element.id, number);
        }
        numbers
    }

    fn corners(&mut self, geometry: Geometry) {
        let mut letter = "M";
        for corner in geometry.corners() {
            self.raw(letter);
            self.list(&[corner.x, corner.y]);
            letter = "L";
        }
        self.raw("Z");
    }

    fn picture(&mut self, picture: &Picture) {
        let Picture { origin, angle, opacity, blend, items, .. } = picture;
        self.blend = *blend;
        self.raw("<g transform=\"translate(");
        self.list(&[origin.x, origin.y]);
        self.raw(")");
        if *angle != 0.0 {
            self.raw(" rotate(");
            self.number(angle.to_degrees());
            self.raw(")");
        }
        self.raw("\"");
        if *opacity < 1.0 {
            self.numbers(&[("opacity", *opacity)]);
        }
        match (blend, self.look.is_dark) {
            (Blend::Over | Blend::Paper, _) => {}
            (Blend::Marker, false) => self.raw(" style=\"mix-blend-mode:multiply\""),
            (Blend::Marker, true) => self.raw(" style=\"mix-blend-mode:screen\""),
        }
        self.raw(">");
        items.iter().for_each(|item| self.item(item));
        self.raw("</g>");
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Fill { path, color } => {
                self.path(path);
                self.paint("fill", *color);
                self.raw("/>");
            }
            Item::Stroke { path, color, width, dash } => {
                self.line(path, *color, *width);
                if !dash.is_empty() {
                    self.raw(" stroke-dasharray=\"");
                    self.list(dash);
                    self.raw("\"");
                }
                self.raw("/>");
            }
            Item::Hatch { path, color, width } => {
                self.line(path, *color, *width);
                self.raw("/>");
            }
            Item::Text { lines, size, font, color, align } => {
                let anchor = match align {
                    Align::Left => "start",
                    Align::Center => "middle",
                    Align::Right => "end",
                };
                for line in lines {
                    self.letters(
                        &line.text,
                        (line.x, line.baseline_y),
                        *size,
                        *font,
                        anchor,
                        *color,
                    );
                }
            }
            Item::Image { image, w, h, flip } => self.image(image, (*w, *h), *flip),
            Item::Frame { w, h, name } => {
                let (color, width, radius) = FRAME;
                self.raw("<rect fill=\"none\"");
                self.paint("stroke", color);
                self.numbers(&[("stroke-width", width), ("rx", radius)]);
                self.numbers(&[("x", -w / 2.0), ("y", -h / 2.0), ("width", *w), ("height", *h)]);
                self.raw("/>");
                let (color, size) = FRAME_NAME;
                let at = (-w / 2.0, -h / 2.0 - size / 2.0);
                self.letters(name, at, size, Font::Sans, "start", color);
            }
        }
    }

    fn letters(
        &mut self,
        text: &str,
        (x, y): (f64, f64),
        size: f64,
        font: Font,
        anchor: &str,
        color: Color,
    ) {
        self.raw("<text xml:space=\"preserve\" style=\"white-space:pre\" font-family=\"");
        self.escaped(font_stack(font));
        self.raw("\" text-anchor=\"");
        self.raw(anchor);
        self.raw("\"");
        self.numbers(&[("font-size", size), ("x", x), ("y", y)]);
        self.paint("fill", color);
        self.raw(">");
        self.escaped(text);
        self.raw("</text>");
    }

    /// The part of a picture that is shown, as a drawing within the drawing.
    fn image(&mut self, image: &Image, (w, h): (f64, f64), flip: Flip) {
        /// A picture's sides in the inner drawing.
        const SIDE: f64 = 10_000.0;
        let place = [("x", -w / 2.0), ("y", -h / 2.0), ("width", w), ("height", h)];
        let Some(href) = (self.look.href)(image.file) else {
            self.raw("<rect");
            self.numbers(&place);
            self.plain_paint("fill", MISSING);
            return self.raw("/>");
        };
        let side = |is_flipped: bool| if is_flipped { -1.0 } else { 1.0 };
        self.raw("<g transform=\"scale(");
        self.list(&[side(flip.across), side(flip.down)]);
        self.raw(")\"><svg");
        self.numbers(&place);
        self.raw(" preserveAspectRatio=\"none\" viewBox=\"");
        let part = image.crop.part();
        self.list(&[part.x0, part.y0, part.width(), part.height()].map(|side| side * SIDE));
        self.raw("\"><image preserveAspectRatio=\"none\"");
        self.numbers(&[("width", SIDE), ("height", SIDE)]);
        self.raw(" href=\"");
        self.escaped(&href);
        self.raw("\"/></svg></g>");
    }

    fn line(&mut self, path: &BezPath, color: Color, width: f64) {
        self.path(path);
        self.raw(" fill=\"none\" stroke-linecap=\"round\" stroke-linejoin=\"round\"");
        self.paint("stroke", color);
        self.numbers(&[("stroke-width", width)]);
    }

    fn path(&mut self, path: &BezPath) {
        self.raw("<path d=\"");
        for piece in path.elements() {
            match *piece {
                PathEl::MoveTo(a) => self.piece("M", &[a.x, a.y]),
                PathEl::LineTo(a) => self.piece("L", &[a.x, a.y]),
                PathEl::QuadTo(a, b) => self.piece("Q", &[a.x, a.y, b.x, b.y]),
                PathEl::CurveTo(a, b, c) => self.piece("C", &[a.x, a.y, b.x, b.y, c.x, c.y]),
                PathEl::ClosePath => self.raw("Z"),
            }
        }
        self.raw("\"");
    }

    fn piece(&mut self, letter: &str, numbers: &[f64]) {
        self.raw(letter);
        self.list(numbers);
    }

    /// A color, turned for a dark board if it is one.
    fn paint(&mut self, name: &str, color: Color) {
        let on_dark = self.look.is_dark.then(|| self.blend.on_dark(color));
        self.plain_paint(name, on_dark.unwrap_or(color));
    }

    fn plain_paint(&mut self, name: &str, color: Color) {
        let opaque = Color { a: 255, ..color };
        for part in [" ", name, "=\"", &opaque.to_string(), "\""] {
            self.raw(part);
        }
        if color.a != 255 {
            self.raw(" ");
            self.raw(name);
            self.raw("-opacity=\"");
            self.number(f64::from(color.a) / 255.0);
            self.raw("\"");
        }
    }

    fn numbers(&mut self, attributes: &[(&str, f64)]) {
        for (name, value) in attributes {
            for part in [" ", name, "=\""] {
                self.raw(part);
            }
            self.number(*value);
            self.raw("\"");
        }
    }

    fn list(&mut self, numbers: &[f64]) {
        for (place, number) in numbers.iter().enumerate() {
            self.raw(if place > 0 { " " } else { "" });
            self.number(*number);
        }
    }

    /// A number to three places behind the point, without code for all other decimal numbers.
    fn number(&mut self, number: f64) {
        let thousandths = (number * 1000.0).round() as i64;
        if thousandths < 0 {
            self.raw("-");
        }
        let (whole, rest) = (thousandths.unsigned_abs() / 1000, thousandths.unsigned_abs() % 1000);
        self.raw(&whole.to_string());
        if rest > 0 {
            let digits = (rest + 1000).to_string();
            self.raw(".");
            self.raw(digits[1..].trim_end_matches('0'));
        }
    }

    /// What people wrote. What XML has no way to say is left out.
    fn escaped(&mut self, text: &str) {
        for letter in text.chars() {
            match letter {
                '&' => self.raw("&amp;"),
                '<' => self.raw("&lt;"),
                '>' => self.raw("&gt;"),
                '"' => self.raw("&quot;"),
                '\'' => self.raw("&#39;"),
                '\t' => self.raw("&#9;"),
                '\u{fffe}' | '\u{ffff}' => {}
                letter if letter.is_control() => {}
                letter => self.out.push(letter),
            }
        }
    }

    fn raw(&mut self, text: &str) {
        self.out.push_str(text);
    }
}
