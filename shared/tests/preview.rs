//! What a board shows at first sight of an update is what the document says once it has been read.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use fastrand::Rng;
use proptest::prelude::*;
use std::sync::Arc;

use shared::board::{Board, Replica, Restack};
use shared::color::Color;
use shared::element::{
    Arrow, Element, Font, Ink, NewElement, Path, Shape, Style, StylePatch, Text,
};
use shared::geometry::{BoardPoint, Bounds, Geometry};
use shared::id::{ClientId, ElementId};
use shared::ink::{InkPoint, PLACES_PER_POINT, Quantum, Spans};

/// Everything that a view may be.
const EVERYWHERE: Bounds = Bounds { x0: -1e7, y0: -1e7, x1: 1e7, y1: 1e7 };

fn board(author: u64) -> Board {
    Board::new(ClientId::new(author).unwrap(), author)
}

fn elements(board: &Board) -> Vec<Element> {
    board.elements().map(|it| (**it).clone()).collect()
}

fn at(x: f64) -> Option<Geometry> {
    Some(Geometry { x, y: 2.0 * x, w: 30.0, h: 20.0, ..Geometry::default() })
}

fn text(value: &str) -> Shape {
    let lines = value.split('\n').map(Into::into).collect();
    Shape::Text(Text { value: value.into(), lines, font: Font::Sans, ..Text::default() })
}

fn points(n: usize, x: f64) -> Vec<InkPoint> {
    let point = |n: usize| InkPoint { at: BoardPoint::new(x + n as f64, 0.5), pressure: 0.5 };
    (0..n).map(point).collect()
}

/// Somebody does something to the board.
fn work(board: &mut Board, rng: &mut Rng) {
    let x = f64::from(rng.i32(-5_000..5_000));
    let ids: Vec<ElementId> = board.elements().map(|it| it.id.clone()).collect();
    let one = rng.choice(&ids).cloned();
    match (rng.u8(..13), one) {
        (0, _) | (_, None) => {
            let style = Style { fill: Color::rgb(rng.u32(..0xffffff)), ..Style::default() };
            board.insert(NewElement::new(at(x), style, Shape::Ellipse));
        }
        (1, _) => {
            let ink = Ink { points: points(rng.usize(1..90), x), ..Ink::default() };
            board.insert(NewElement::new(None, Style::default(), Shape::Ink(ink)));
        }
        (2, _) => {
            board.insert(NewElement::new(at(x), Style::default(), text("two\nlines")));
        }
        (3, _) => {
            let path = Path { points: points(3, x).iter().map(|it| it.at).collect() };
            let arrow = Shape::Arrow(Arrow { path, ..Arrow::default() });
            board.insert(NewElement::new(at(x), Style::default(), arrow));
        }
        (4 | 5, Some(one)) => board.place(&[(one, at(x).unwrap_or_default())]),
        (6, Some(one)) => {
            let patch = StylePatch { width: Some(x.abs() / 1e3 + 1.0), ..StylePatch::default() };
            board.restyle(&[one], &patch);
        }
        (7, Some(one)) => {
            board.append_ink(&one, &points(5, x), Quantum::NORMAL, false);
        }
        (8, Some(one)) => board.restack(&[one], Restack::ToBack),
        (9, Some(one)) if ids.len() > 4 => board.delete(&[one]),
        (10, _) => {
            board.undo();
        }
        (11, _) => board.begin_step(),
        (12, Some(one)) => {
            let (from, n) = (rng.u32(..40), rng.u32(..40));
            let mut spans = Spans::default();
            spans.add(from * PLACES_PER_POINT..(from + n) * PLACES_PER_POINT);
            board.rub_out(&[(one, spans)]);
        }
        (_, Some(_)) => {}
    }
}

/// All that an update tells at first sight.
fn preview(board: &mut Board, update: &[u8], view: Bounds) {
    let mut glimpse = board.begin_preview(&[Arc::new(update.to_vec())], view);
    while !glimpse.step(board) {}
}

/// Three people's work, and what a room has of it then.
fn worked_on(seed: u64, n_steps: usize) -> Replica {
    let mut rng = Rng::with_seed(seed);
    let mut people = [board(1), board(77), board(5_000_000)];
    let mut room = Replica::default();
    for _ in 0..n_steps {
        let who = rng.usize(..people.len());
        work(&mut people[who], &mut rng);
        for update in people[who].take_updates() {
            room.take(&update).unwrap();
        }
        // Sometimes they do not hear of each other for a while.
        if rng.u8(..3) == 0 {
            for person in &mut people {
                let news = room.diff(&person.state_vector()).unwrap();
                person.apply_remote(&news).unwrap();
            }
        }
    }
    room
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_first_sight_is_what_the_document_says(seed: u64, n_steps in 1..80usize) {
        let room = worked_on(seed, n_steps);
        let update = room.diff(&[]).unwrap();
        let mut page = board(9);
        preview(&mut page, &update, EVERYWHERE);
        prop_assert_eq!(elements(&page), room.elements());
        page.take_changes();
        page.apply_remote(&update).unwrap();
        page.end_preview();
        prop_assert_eq!(elements(&page), room.elements());
        prop_assert!(page.take_changes().is_empty(), "nothing is painted twice");
    }

    #[test]
    fn the_first_sight_of_a_log_is_what_it_comes_to(seed: u64, n_steps in 1..120usize) {
        let mut rng = Rng::with_seed(seed);
        let (mut author, mut log) = (board(1), Vec::new());
        for _ in 0..n_steps {
            work(&mut author, &mut rng);
            log.extend(author.take_updates().into_iter().map(Arc::new));
            if rng.u8(..8) == 0 {
                // What was kept is written anew as one, and something of it once more.
                log.drain(..rng.usize(..=log.len()));
                log.insert(0, Arc::new(author.diff(&[]).unwrap()));
            }
        }
        let mut page = board(9);
        let mut glimpse = page.begin_preview(&log, EVERYWHERE);
        while !glimpse.step(&mut page) {}
        prop_assert_eq!(elements(&page), elements(&author));
    }

    #[test]
    fn a_log_of_several_people_is_read_before_anything_of_it_is_changed(seed: u64, n_steps in 1..60usize) {
        let mut rng = Rng::with_seed(seed);
        let (mut room, mut log) = (Replica::default(), Vec::new());
        let mut people = [board(1), board(77)];
        for _ in 0..n_steps {
            let who = rng.usize(..people.len());
            work(&mut people[who], &mut rng);
            for update in people[who].take_updates() {
                room.take(&update).unwrap();
                log.push(Arc::new(update));
            }
            if rng.bool() {
                let news = room.diff(&people[who].state_vector()).unwrap();
                people[who].apply_remote(&news).unwrap();
            }
        }
        let mut page = board(9);
        let mut glimpse = page.begin_preview(&log, EVERYWHERE);
        while !glimpse.step(&mut page) {}
        let one = page.elements().next().map(|it| it.id.clone());
        prop_assume!(one.is_some());
        page.place(&[(one.unwrap(), at(7.0).unwrap())]);
        prop_assert!(!page.is_preview(), "all was read");
        for update in page.take_updates() {
            room.take(&update).unwrap();
        }
        prop_assert_eq!(elements(&page), room.elements());
    }

    #[test]
    fn what_is_changed_at_first_sight_is_changed_as_if_all_had_been_read(seed: u64, n_steps in 1..60usize) {
        let update = worked_on(seed, n_steps).diff(&[]).unwrap();
        let (mut page, mut reader) = (board(9), board(9));
        preview(&mut page, &update, EVERYWHERE);
        reader.apply_remote(&update).unwrap();
        prop_assume!(page.n_elements() == reader.n_elements());
        let [mut one, mut same] = [Rng::with_seed(seed), Rng::with_seed(seed)];
        for _ in 0..5 {
            work(&mut page, &mut one);
            work(&mut reader, &mut same);
        }
        page.apply_remote(&update).unwrap();
        page.end_preview();
        prop_assert_eq!(elements(&page), elements(&reader));
        let told = |board: &mut Board| {
            let mut room = Replica::default();
            room.take(&update).unwrap();
            board.take_updates().iter().for_each(|own| room.take(own).unwrap());
            room.elements()
        };
        prop_assert_eq!(told(&mut page), told(&mut reader));
    }

    #[test]
    fn whatever_the_bytes_are_the_document_has_the_last_word(
        seed: u64,
        at in any::<prop::sample::Index>(),
        byte: u8,
    ) {
        let room = worked_on(seed, 40);
        let update = room.diff(&[]).unwrap();
        let mut damaged = update.clone();
        let at = at.index(damaged.len());
        damaged[at] = byte;
        let mut page = board(9);
        preview(&mut page, &damaged, EVERYWHERE);
        page.apply_remote(&update).unwrap();
        page.end_preview();
        prop_assert_eq!(elements(&page), room.elements());
    }
}

#[test]
fn what_is_not_in_view_waits_unless_nothing_is() {
    let mut other = board(1);
    for x in [0.0, 5_000.0] {
        other.insert(NewElement::new(at(x), Style::default(), Shape::Rectangle));
    }
    let update = other.diff(&[]).unwrap();
    let n_seen = |x: f64| {
        let mut page = board(9);
        let view = Bounds::around([BoardPoint::new(x, 2.0 * x)]).inflated(50.0);
        preview(&mut page, &update, view);
        page.n_elements()
    };
    assert_eq!((n_seen(0.0), n_seen(5_000.0), n_seen(90_000.0)), (1, 1, 2));
}

#[test]
fn a_text_that_was_typed_into_is_left_to_the_document() {
    let mut other = board(1);
    let id = other.insert(NewElement::new(at(0.0), Style::default(), text("one")));
    other.insert(NewElement::new(at(0.0), Style::default(), text("other")));
    let geometry = at(0.0).unwrap_or_default();
    other.set_text(&id, "one and two", &["one and two".into()], geometry);
    let update = other.diff(&[]).unwrap();
    let mut page = board(9);
    preview(&mut page, &update, EVERYWHERE);
    assert_eq!(elements(&page), elements(&other), "at its end anybody can read it");

    other.set_text(&id, "one or two", &["one or two".into()], geometry);
    let update = other.diff(&[]).unwrap();
    let mut page = board(9);
    preview(&mut page, &update, EVERYWHERE);
    assert_eq!(page.n_elements(), 1);
    page.apply_remote(&update).unwrap();
    page.end_preview();
    assert_eq!(elements(&page), elements(&other));
}
