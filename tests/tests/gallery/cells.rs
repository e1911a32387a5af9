//! What hangs in the gallery: one look in each cell.

use sha2::{Digest, Sha256};
use shared::color::Color;
use shared::element::{
    Align, Arrow, Brush, Crop, Dash, Edges, FillStyle, Font, Frame, Head, Heads, Image, Ink,
    NewElement, Path, Shape, Style, Text, VerticalAlign,
};
use shared::geometry::{BoardPoint, Bounds, Flip, Geometry};
use shared::id::{ElementId, FileId};
use shared::ink::{InkPoint, PLACES_PER_POINT, Spans};
use tests::png_of;

/// Width and height of a cell, in pixels and board units.
pub(crate) const CELL: (u32, u32) = (100, 84);
/// Cells in a row.
pub(crate) const N_COLUMNS: usize = 12;

const BLUE: Color = Color::rgb(0xa5d8ff);
const RED: Color = Color::rgb(0xe03131);

/// One look.
pub(crate) struct Cell {
    /// What it shows.
    pub(crate) name: String,
    /// Bottom first.
    pub(crate) elements: Vec<(ElementId, NewElement)>,
    /// Left, top, right and bottom, in pixels.
    pub(crate) area: [u32; 4],
    /// How one tells that it looks right.
    pub(crate) told: Told,
}

/// How one tells that something looks right.
#[derive(Clone, Copy)]
pub(crate) enum Told {
    /// It looks the same.
    ByPixels,
    /// It fills the same box: letters are others on other machines.
    ByBox,
}

/// All cells.
pub(crate) fn all() -> Vec<Cell> {
    let mut gallery = Gallery(Vec::new());
    gallery.outlines();
    gallery.fills();
    gallery.lines();
    gallery.heads();
    gallery.things();
    gallery.texts();
    gallery.pictures();
    gallery.rubbed();
    gallery.0
}

struct Gallery(Vec<Cell>);

impl Gallery {
    /// Hangs elements whose places are in the cell.
    fn hang(&mut self, name: String, told: Told, elements: Vec<NewElement>) {
        let n = self.0.len();
        let [left, top] = [(n % N_COLUMNS) as u32 * CELL.0, (n / N_COLUMNS) as u32 * CELL.1];
        let id = |name: &str| ElementId::parse(&format!("gallery-{n}-{name}")).unwrap();
        let place = |(at, mut element): (usize, NewElement)| {
            element.relate(|name| Some(id(name.as_str())));
            (id(&at.to_string()), moved(element, left.into(), top.into()))
        };
        let elements = elements.into_iter().enumerate().map(place).collect();
        let area = [left, top, left + CELL.0, top + CELL.1];
        self.0.push(Cell { name, elements, area, told });
    }

    fn show(&mut self, name: String, element: NewElement) {
        self.hang(name, Told::ByPixels, vec![element]);
    }

    fn outlines(&mut self) {
        for roughness in 0..3 {
            for edges in [Edges::Sharp, Edges::Round] {
                for shape in [Shape::Rectangle, Shape::Diamond, Shape::Ellipse, Shape::Triangle] {
                    let name = format!("{} {} {roughness}", shape.kind(), edges.name());
                    let style = Style { roughness, edges, ..Style::default() };
                    self.show(name, boxed(shape, style));
                }
            }
        }
        for &dash in &Dash::ALL[1..] {
            for width in [1.0, 2.0, 4.0] {
                let style = Style { dash, width, ..Style::default() };
                self.show(format!("{} {width}", dash.name()), boxed(Shape::Rectangle, style));
            }
        }
    }

    fn fills(&mut self) {
        for &fill_style in FillStyle::ALL {
            let filled = Style { fill: BLUE, fill_style, ..Style::default() };
            let name = fill_style.name();
            for roughness in 0..3 {
                let style = Style { roughness, ..filled };
                self.show(format!("{name} {roughness}"), boxed(Shape::Ellipse, style));
            }
            let style = Style { width: 4.0, ..filled };
            self.show(format!("{name} thick"), boxed(Shape::Rectangle, style));
            let bends = [(10.0, 10.0), (90.0, 15.0), (50.0, 40.0), (80.0, 75.0), (10.0, 10.0)];
            self.show(format!("{name} loop"), line(&bends, filled));
            let scribbled = ink(circling(40.0, 1.0), Brush::Pen, Style { width: 0.5, ..filled });
            self.show(format!("{name} ink"), scribbled);
        }
        let style = Style { fill: BLUE, opacity: 0.4, width: 4.0, ..Style::default() };
        self.show("faint".into(), boxed(Shape::Rectangle, style));
        let mut turned = boxed(Shape::Rectangle, Style { fill: BLUE, ..Style::default() });
        turned.geometry = turned.geometry.map(|it| Geometry { angle: 0.5, ..it });
        self.show("turned".into(), turned);
    }

    fn lines(&mut self) {
        let bends = [(10.0, 20.0), (35.0, 70.0), (60.0, 15.0), (90.0, 65.0)];
        for roughness in 0..3 {
            for edges in [Edges::Sharp, Edges::Round] {
                let style = Style { roughness, edges, ..Style::default() };
                self.show(format!("line {} {roughness}", edges.name()), line(&bends, style));
            }
        }
        for flip in [Flip { across: true, down: false }, Flip { across: false, down: true }] {
            let flipped = |mut element: NewElement| {
                let natural = element.shape.natural_bounds().map(Geometry::over);
                element.geometry = element.geometry.or(natural).map(|it| Geometry { flip, ..it });
                element
            };
            let name = |what: &str| format!("{what} flipped {}", flip.bits());
            self.show(name("line"), flipped(line(&bends, Style::default())));
            self.show(name("triangle"), flipped(boxed(Shape::Triangle, Style::default())));
            let stroke = ink(circling(30.0, 0.6), Brush::Pen, Style::default());
            self.show(name("ink"), flipped(stroke));
        }
    }

    fn heads(&mut self) {
        let straight = [(12.0, 70.0), (84.0, 14.0)];
        let bent = [(12.0, 30.0), (40.0, 65.0), (84.0, 30.0)];
        let elbow = [(15.0, 65.0), (15.0, 20.0), (80.0, 20.0), (80.0, 60.0)];
        for &head in &Head::ALL[1..] {
            let heads = Heads { start: Head::None, end: head };
            let both = Heads { start: head, end: head };
            for (name, points, dash, heads) in [
                ("straight", &straight[..], Dash::Solid, heads),
                ("curved", &bent, Dash::Dashed, both),
                ("elbow", &elbow, Dash::Solid, both),
            ] {
                let is_elbow = name == "elbow";
                let arrow = Arrow { path: path(points), heads, is_elbow, ..Arrow::default() };
                let style = Style { dash, ..Style::default() };
                let element = NewElement::new(None, style, Shape::Arrow(arrow));
                self.show(format!("{} {name}", head.name()), element);
            }
        }
    }

    fn things(&mut self) {
        let style = Style { width: 1.0, ..Style::default() };
        self.show("ink".into(), ink(circling(30.0, 0.8), Brush::Pen, style));
        let mut pressed = ink(circling(30.0, 0.8), Brush::Pen, style);
        if let Shape::Ink(ink) = &mut pressed.shape {
            ink.has_pressure = true;
        }
        self.show("pressed ink".into(), pressed);
        let below = boxed(Shape::Rectangle, Style { fill: BLUE, ..Style::default() });
        let marker = Style { stroke: Color::rgb(0xffe000), width: 16.0, ..Style::default() };
        // A knot.
        let place = |n: u32| {
            let turn = f64::from(n) / 60.0 * std::f64::consts::TAU;
            (50.0 + 34.0 * turn.sin(), 42.0 + 24.0 * (2.0 * turn).sin())
        };
        let marker = ink((0..=60).map(place).collect(), Brush::Highlighter, marker);
        self.hang("highlighter".into(), Told::ByPixels, vec![below, marker]);
        self.show("note".into(), boxed(Shape::Note, Style::default()));
        self.show("blue note".into(), boxed(Shape::Note, Style { fill: BLUE, ..Style::default() }));

        let frame = |name: &str| Shape::Frame(Frame { name: name.into() });
        let placed = |x, y, w, h| Geometry { x, y, w, h, ..Geometry::default() };
        let around = NewElement::new(Some(placed(15.0, 25.0, 70.0, 45.0)), style, frame(""));
        let solid = Style { fill: BLUE, ..style };
        let within = NewElement::new(Some(placed(50.0, 40.0, 60.0, 45.0)), solid, Shape::Ellipse);
        let within = NewElement { frame: ElementId::parse("0").ok(), ..within };
        self.hang("frame".into(), Told::ByPixels, vec![around, within]);
        let named = NewElement::new(Some(placed(10.0, 30.0, 80.0, 45.0)), style, frame("Frame"));
        self.hang("named frame".into(), Told::ByBox, vec![named]);

        let (file, natural) = (FileId::of_digest([7; 32]), (80.0, 60.0));
        let crop = Crop::new(Bounds { x0: 0.0, y0: 0.0, x1: 0.5, y1: 0.5 }).unwrap_or_default();
        self.show("image".into(), boxed(Shape::Image(Image { file, natural, crop }), style));
    }

    fn texts(&mut self) {
        let text = |text: Text| {
            let lines = vec!["Words".to_owned(), "go on".to_owned()];
            let text = Text { value: "Words go on".into(), lines, size: 16.0, ..text };
            boxed(Shape::Text(text), Style { stroke: RED, ..Style::default() })
        };
        for &font in Font::ALL {
            let element = text(Text { font, ..Text::default() });
            self.hang(format!("text {}", font.name()), Told::ByBox, vec![element]);
        }
        for &align in Align::ALL {
            let element = text(Text { align, ..Text::default() });
            self.hang(format!("text {}", align.name()), Told::ByBox, vec![element]);
        }
        for &vertical in VerticalAlign::ALL {
            let element = text(Text { vertical, ..Text::default() });
            self.hang(format!("text {}", vertical.name()), Told::ByBox, vec![element]);
        }
    }

    fn rubbed(&mut self) {
        let spans = || {
            let mut spans = Spans::default();
            let place = |point: u32| point * PLACES_PER_POINT;
            for (from, to) in [(0, 4), (17, 23)] {
                spans.add(place(from)..place(to) + 20);
            }
            spans
        };
        let style = Style { width: 1.0, ..Style::default() };
        let marker = Style { stroke: Color::rgb(0xffe000), width: 10.0, ..Style::default() };
        for (brush, style) in [(Brush::Pen, style), (Brush::Highlighter, marker)] {
            let mut element = ink(circling(30.0, 0.8), brush, style);
            if let Shape::Ink(ink) = &mut element.shape {
                ink.rubbed = spans();
            }
            self.show(format!("rubbed {}", brush.name()), element);
        }
    }

    fn pictures(&mut self) {
        let style = Style::default();
        let [whole, part] = [[0.0, 0.0, 1.0, 1.0], [0.25, 0.0, 0.75, 0.5]].map(|sides| {
            let [x0, y0, x1, y1] = sides;
            let crop = Crop::new(Bounds { x0, y0, x1, y1 }).unwrap_or_default();
            boxed(Shape::Image(Image { file: painting().0, natural: (80.0, 60.0), crop }), style)
        });
        self.show("whole image".into(), whole);
        let mut turned = part.clone();
        self.show("cropped image".into(), part);
        let flip = Flip { across: true, down: false };
        turned.geometry = turned.geometry.map(|it| Geometry { angle: 0.3, flip, ..it });
        self.show("cropped image, turned and mirrored".into(), turned);
    }
}

/// A picture of four colors, by the name under which a server keeps it.
pub(crate) fn painting() -> (FileId, Vec<u8>) {
    const COLORS: [[u8; 3]; 4] = [[224, 49, 49], [47, 158, 68], [25, 113, 194], [240, 140, 0]];
    let row = |n: usize| [COLORS[n].repeat(40), COLORS[n + 1].repeat(40)].concat();
    let bytes = png_of((80, 60), &[row(0).repeat(30), row(2).repeat(30)].concat());
    (FileId::of_digest(Sha256::digest(&bytes).into()), bytes)
}

/// Filling the cell but for a margin.
fn boxed(shape: Shape, style: Style) -> NewElement {
    let geometry = Geometry { x: 10.0, y: 10.0, w: 80.0, h: 60.0, ..Geometry::default() };
    NewElement::new(Some(geometry), style, shape)
}

fn line(points: &[(f64, f64)], style: Style) -> NewElement {
    NewElement::new(None, style, Shape::Line(path(points)))
}

fn path(points: &[(f64, f64)]) -> Path {
    Path { points: points.iter().map(|&(x, y)| BoardPoint::new(x, y)).collect() }
}

fn ink(points: Vec<(f64, f64)>, brush: Brush, style: Style) -> NewElement {
    let point = |(n, (x, y)): (usize, (f64, f64))| InkPoint {
        at: BoardPoint::new(x, y),
        pressure: 0.2 + 0.6 * (n % 20) as f32 / 20.0,
    };
    let points = points.into_iter().enumerate().map(point).collect();
    NewElement::new(
        None,
        style,
        Shape::Ink(Ink { points, has_pressure: false, brush, ..Ink::default() }),
    )
}

/// Some turns around the middle of the cell, ever wider.
fn circling(radius: f64, n_turns: f64) -> Vec<(f64, f64)> {
    let place = |n: u32| {
        let part = f64::from(n) / 40.0;
        let (sin, cos) = (part * n_turns * std::f64::consts::TAU).sin_cos();
        let radius = radius * if n_turns < 1.0 { 0.4 + 0.6 * part } else { 1.0 };
        (50.0 + cos * radius, 42.0 + sin * radius * 0.8)
    };
    (0..=40).map(place).collect()
}

fn moved(mut element: NewElement, dx: f64, dy: f64) -> NewElement {
    element.geometry = element.geometry.map(|it| it.moved(dx, dy));
    let shift = |at: &mut BoardPoint| *at = BoardPoint::new(at.x + dx, at.y + dy);
    match &mut element.shape {
        Shape::Line(path) => path.points.iter_mut().for_each(shift),
        Shape::Arrow(arrow) => arrow.path.points.iter_mut().for_each(shift),
        Shape::Ink(ink) => ink.points.iter_mut().for_each(|point| shift(&mut point.at)),
        _ => {}
    }
    element
}
