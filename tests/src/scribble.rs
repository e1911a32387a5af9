//! Edits at random: of every kind, on whatever elements are there. Knows nothing of clients.

use fastrand::Rng;
use shared::board::{Board, Restack};
use shared::color::Color;
use shared::element::{Arrow, Font, Ink, NewElement, Path, Shape, Style, StylePatch, Text};
use shared::geometry::{BoardPoint, Geometry};
use shared::id::ElementId;
use shared::ink::{InkPoint, Quantum};

/// Makes one edit at random, of any kind that a person can make.
pub fn scribble(board: &mut Board, rng: &mut Rng) {
    board.begin_step();
    let all: Vec<ElementId> = board.elements().map(|element| element.id.clone()).collect();
    let Some(id) = rng.choice(&all).cloned() else {
        board.insert(element(rng));
        return;
    };
    let ids = [id.clone()];
    match rng.u32(..20) {
        0..6 => drop(board.insert(element(rng))),
        6..9 => board.place(&[(id, geometry(rng))]),
        9..11 => {
            let (stroke, width) = (Some(Color::rgb(rng.u32(..0x0100_0000))), Some(rng.f64() * 9.0));
            board.restyle(&ids, &StylePatch { stroke, width, ..StylePatch::default() });
        }
        11 => board.delete(&ids),
        12 => board.restack(&ids, Restack::ToFront),
        13 => board.restack(&ids, Restack::Backward),
        14..16 => {
            board.append_ink(&id, &points(rng), Quantum::NORMAL, true);
        }
        16 => {
            let word: String = (0..6).map(|_| rng.lowercase()).collect();
            let geometry = geometry(rng);
            if board.element(&id).is_some_and(|it| matches!(it.shape, Shape::Text(_))) {
                board.set_text(&id, &word, std::slice::from_ref(&word), geometry);
            }
        }
        17..19 => drop(board.undo()),
        _ => drop(board.redo()),
    }
}

fn element(rng: &mut Rng) -> NewElement {
    let corners = points(rng).iter().map(|point| point.at).collect();
    let (geometry, shape) = match rng.u32(..6) {
        0 => (Some(geometry(rng)), Shape::Rectangle),
        1 => (Some(geometry(rng)), Shape::Ellipse),
        2 => (None, Shape::Line(Path { points: corners })),
        3 => (None, Shape::Arrow(Arrow { path: Path { points: corners }, ..Arrow::default() })),
        4 => (None, Shape::Ink(Ink { points: points(rng), has_pressure: true, ..Ink::default() })),
        _ => (
            Some(geometry(rng)),
            Shape::Text(Text {
                value: "two words".into(),
                lines: vec!["two".into(), "words".into()],
                size: 20.0,
                font: Font::Sans,
                align: Default::default(),
                ..Text::default()
            }),
        ),
    };
    NewElement::new(geometry, Style::default(), shape)
}

fn geometry(rng: &mut Rng) -> Geometry {
    let mut number = |max: f64| (rng.f64() * max).round();
    Geometry {
        x: number(900.0),
        y: number(900.0),
        w: number(99.0),
        h: number(99.0),
        angle: 0.0,
        ..Geometry::default()
    }
}

fn points(rng: &mut Rng) -> Vec<InkPoint> {
    let mut number = |max: f64| rng.f64() * max;
    let mut point =
        || InkPoint { at: BoardPoint::new(number(900.0), number(900.0)), pressure: 0.5 };
    (0..5).map(|_| point()).collect()
}
