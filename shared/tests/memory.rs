//! What a board's memory does while somebody draws, wipes away and takes back for hours.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::path::Path;

use allocation_counter::measure;
use shared::board::Board;
use shared::color::Color;
use shared::element::{Brush, Element, Ink, NewElement, Shape, Style, StylePatch};
use shared::excalidraw::import;
use shared::geometry::{BoardPoint, Geometry};
use shared::id::{ClientId, ElementId};
use shared::ink::{InkPoint, Quantum, Spans};

/// So many are wiped away in a round.
const N_WIPED: usize = 20;

fn author(n: u64) -> ClientId {
    ClientId::new(n).unwrap()
}

/// A board of three hundred elements that somebody else made.
fn full_board() -> Board {
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/boards/board-1000.excalidraw");
    let mut read = import(&std::fs::read_to_string(file).unwrap()).unwrap();
    read.elements.truncate(300);
    let mut theirs = Board::new(author(1), 1);
    theirs.insert_copies(read.elements);
    let mut board = Board::new(author(2), 2);
    board.apply_remote(&theirs.diff(&[]).unwrap()).unwrap();
    board
}

fn points(n: usize, round: usize) -> Vec<InkPoint> {
    let at = |i: usize| BoardPoint::new(i as f64 * 7.0, ((i * 13 + round) % 40) as f64);
    (0..n).map(|i| InkPoint { at: at(i), pressure: 0.5 }).collect()
}

fn draw(board: &mut Board, round: usize) -> ElementId {
    board.begin_step();
    let ink = Ink {
        points: points(10, round),
        has_pressure: false,
        brush: Brush::default(),
        rubbed: Spans::default(),
    };
    let id = board.insert(NewElement::new(None, Style::default(), Shape::Ink(ink)));
    for _ in 0..5 {
        board.append_ink(&id, &points(12, round), Quantum::NORMAL, false);
    }
    id
}

fn round(board: &mut Board, round: usize) {
    draw(board, round);
    board.undo();
    board.redo();
    board.undo();
    let ids: Vec<ElementId> = board.elements().map(|element| element.id.clone()).collect();
    let erased: Vec<ElementId> =
        (0..N_WIPED).map(|n| ids[(round * 7 + n * 31) % ids.len()].clone()).collect();
    board.begin_step();
    board.delete(&erased);
    board.undo();
    board.redo();
    board.undo();
    board.take_updates();
    board.take_changes();
}

/// What the author's copy is made of while all of it can be taken back: more than that is not to be there however
/// long somebody works.
#[test]
fn three_hundred_rounds_leave_little_more_than_that_there_was_something() {
    let mut board = full_board();
    for n in 0..100 {
        round(&mut board, n);
    }
    let grown = measure(|| {
        for n in 100..400 {
            round(&mut board, n);
        }
    });
    // Each of these is about 200 bytes here: that there was one under this name can never be forgotten.
    let n_gone = 300 * (2 * N_WIPED + 2) as i64;
    let left = grown.bytes_current;
    assert!(left < n_gone * 400, "{left} bytes for {n_gone} that are gone");
    // Contents that are kept would be written into every copy.
    let copy = {
        let mut copy = Board::new(author(3), 3);
        copy.apply_remote(&board.diff(&[]).unwrap()).unwrap();
        copy.diff(&[]).unwrap().len()
    };
    let n_bytes = board.diff(&[]).unwrap().len();
    assert!(n_bytes < copy + copy / 4, "{n_bytes} bytes are {copy} in another copy");
}

#[test]
fn what_is_wiped_away_for_good_is_let_go_of_when_its_step_is_forgotten() {
    let mut board = full_board();
    let mut draw_and_wipe = |n| {
        let id = draw(&mut board, n);
        board.begin_step();
        board.place(&[(id.clone(), at(n))]);
        board.begin_step();
        board.delete(&[id]);
        board.take_updates();
        board.take_changes();
    };
    (0..300).for_each(&mut draw_and_wipe);
    let drawn = measure(|| (300..900).for_each(&mut draw_and_wipe));
    assert!(drawn.bytes_current < 600 * 600, "{} bytes", drawn.bytes_current);
}

/// What somebody changed is kept by the CRDT when somebody else takes it away.
#[test]
fn what_others_take_away_is_let_go_of() {
    let (mut ann, mut ben) = (full_board(), Board::new(author(3), 3));
    ben.apply_remote(&ann.diff(&[]).unwrap()).unwrap();
    let mut turn = |n| {
        let id = draw(&mut ann, n);
        ann.undo();
        ann.redo();
        ann.take_updates().iter().for_each(|update| ben.apply_remote(update).unwrap());
        ben.begin_step();
        ben.delete(&[id]);
        ben.take_updates().iter().for_each(|update| ann.apply_remote(update).unwrap());
        ann.take_changes();
        ben.take_changes();
    };
    (0..300).for_each(&mut turn);
    let grown = measure(|| (300..600).for_each(&mut turn));
    assert!(grown.bytes_current < 300 * 3_600, "{} bytes", grown.bytes_current);
}

/// One hand's steps at random, taken back and made again at random: each finds the board just as it was.
#[track_caller]
fn check_steps(seed: u64) {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut board = Board::new(author(1), seed);
    let see = |board: &Board| board.elements().map(|it| (**it).clone()).collect::<Vec<Element>>();
    let (mut past, mut n_done) = (vec![see(&board)], 0_usize);
    for n in 0..150 {
        let ids: Vec<ElementId> = board.elements().map(|it| it.id.clone()).collect();
        let some: Vec<ElementId> = ids.iter().filter(|_| rng.bool()).cloned().collect();
        match rng.u32(0..12) {
            0..4 => {
                assert_eq!(board.undo(), n_done > 0, "seed {seed}, {n}");
                n_done = n_done.saturating_sub(1);
            }
            4..6 => {
                assert_eq!(board.redo(), n_done + 1 < past.len(), "seed {seed}, {n}");
                n_done = (n_done + 1).min(past.len() - 1);
            }
            act => {
                board.begin_step();
                match act {
                    6 if ids.len() < 12 => drop(draw(&mut board, n)),
                    7 => board.place(&placed(&some, n)),
                    8 => board.restyle(&some, &stroke(n as u32)),
                    9 => drop(board.rub_out(&rubbed(&some, n))),
                    10 => {
                        // Two things in one step, one of which changes what the other takes away.
                        board.restyle(&some, &stroke(n as u32 + 1_000));
                        board.delete(&some);
                    }
                    _ => board.delete(&some),
                }
                let now = see(&board);
                if now != past[n_done] {
                    past.truncate(n_done + 1);
                    past.push(now);
                    n_done += 1;
                }
            }
        }
        assert_eq!(see(&board), past[n_done], "seed {seed}, after {n}");
    }
    // And so does every other copy.
    let mut copy = Board::new(author(2), 2);
    copy.apply_remote(&board.diff(&[]).unwrap()).unwrap();
    assert_eq!(see(&copy), past[n_done], "seed {seed}");
}

fn at(n: usize) -> Geometry {
    Geometry { x: n as f64, w: 50.0, h: 40.0, ..Geometry::default() }
}

fn placed(ids: &[ElementId], n: usize) -> Vec<(ElementId, Geometry)> {
    ids.iter().map(|id| (id.clone(), at(n))).collect()
}

fn stroke(n: u32) -> StylePatch {
    StylePatch { stroke: Some(Color::rgb(n)), ..StylePatch::default() }
}

fn rubbed(ids: &[ElementId], n: usize) -> Vec<(ElementId, Spans)> {
    let mut spans = Spans::default();
    spans.add(n as u32..n as u32 + 70);
    ids.iter().map(|id| (id.clone(), spans.clone())).collect()
}

#[test]
fn what_is_let_go_of_is_missed_by_no_step() {
    (0..40).for_each(check_steps);
}

#[test]
fn the_last_two_hundred_steps_can_be_taken_back() {
    let mut board = Board::new(author(1), 1);
    for n in 0..500 {
        draw(&mut board, n);
    }
    let mut n_undone = 0;
    while board.undo() {
        n_undone += 1;
    }
    assert!((200..=225).contains(&n_undone), "{n_undone}");
    assert_eq!(board.n_elements(), 500 - n_undone);
}
