//! What the index finds is what looking at every element finds.

use std::collections::HashSet;

use scene::Index;
use shared::board::Board;
use shared::element::{Arrow, Element, Ink, NewElement, Path, Shape, Style};
use shared::geometry::{BoardPoint, Bounds, Geometry};
use shared::id::ClientId;
use shared::ink::InkPoint;

use super::{Selection, caught, element_at, is_touchable, locked_at, near};

fn point(rng: &mut fastrand::Rng, reach: f64) -> BoardPoint {
    BoardPoint::new((rng.f64() - 0.5) * reach, (rng.f64() - 0.5) * reach)
}

/// Any kind of element, turned or not, filled or not, some of them in a group or locked.
fn element(rng: &mut fastrand::Rng) -> NewElement {
    let points: Vec<BoardPoint> = (0..rng.usize(2..6)).map(|_| point(rng, 300.0)).collect();
    let path = || Path { points: points.clone() };
    let shape = match rng.u8(..8) {
        0 => Shape::Rectangle,
        1 => Shape::Ellipse,
        2 => Shape::Diamond,
        3 => Shape::Line(path()),
        4 => Shape::Arrow(Arrow { path: path(), ..Arrow::default() }),
        5 => Shape::Triangle,
        6 => Shape::Note,
        _ => {
            let pressed = |&at: &BoardPoint| InkPoint { at, pressure: 0.5 };
            Shape::Ink(Ink {
                points: points.iter().map(pressed).collect(),
                has_pressure: false,
                ..Ink::default()
            })
        }
    };
    let corner = point(rng, 1_000.0);
    let angle = if rng.bool() { rng.f64() * 6.0 } else { 0.0 };
    let (w, h) = (rng.f64() * 300.0, rng.f64() * 300.0);
    let mut style = Style { width: 1.0 + rng.f64() * 20.0, ..Style::default() };
    if rng.bool() {
        style.fill = style.stroke;
    }
    let place = Geometry { x: corner.x, y: corner.y, w, h, angle, ..Geometry::default() };
    let mut new = NewElement::new(Some(place), style, shape);
    new.locked = rng.u8(..8) == 0;
    if rng.u8(..4) == 0 {
        new.groups = vec![format!("group-{}", rng.u8(..4))];
    }
    new
}

fn walked_inside(board: &Board, area: Bounds) -> Selection {
    let touchable = || board.elements().filter(|it| is_touchable(it));
    let within: Vec<_> =
        touchable().filter(|it| area.contains(it.geometry.turned_bounds())).collect();
    let groups: HashSet<_> = within.iter().filter_map(|it| it.groups.last()).collect();
    let with = touchable().filter(|it| it.groups.last().is_some_and(|it| groups.contains(it)));
    within.iter().copied().chain(with).map(|it| it.id.clone()).collect()
}

#[test]
fn touching_and_choosing_find_what_looking_at_every_element_finds() {
    let mut n_touched = 0;
    for seed in 0..40 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut board = Board::new(ClientId::new(1).expect("1 is below 2^53"), seed);
        let mut index = Index::default();
        for _ in 0..60 {
            board.insert(element(&mut rng));
        }
        let changes = board.take_changes();
        index.follow(&board, &changes);
        for _ in 0..100 {
            let (at, tolerance) = (point(&mut rng, 1_200.0), rng.f64() * 60.0);
            let is_touched =
                |it: &&std::sync::Arc<_>| is_touchable(it) && scene::hits(it, at, tolerance);
            let walked = board.elements().rev().find(is_touched).map(|it| it.id.clone());
            assert_eq!(
                element_at(&index, &board, at, tolerance),
                walked,
                "{seed}: {at:?} ± {tolerance}"
            );
            let is_locked =
                |it: &&std::sync::Arc<Element>| it.locked && scene::hits(it, at, tolerance);
            let locked = board.elements().rev().find(is_locked).map(|it| it.id.clone());
            assert_eq!(locked_at(&index, at, tolerance), locked, "{seed}: {at:?} ± {tolerance}");
            n_touched += usize::from(walked.is_some());
            let area = Bounds::from_corners(at, point(&mut rng, 1_200.0));
            let is_inside = |it: &Element| area.contains(it.geometry.turned_bounds());
            assert_eq!(
                caught(&board, near(&index, area), None, is_inside),
                walked_inside(&board, area),
                "{seed}: {area:?}"
            );
        }
    }
    assert!(n_touched > 1_000, "{n_touched}");
}
