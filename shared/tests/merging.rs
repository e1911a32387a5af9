//! Updates made one of several do what these did, and what is gone is left out of them.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::BTreeMap;

use shared::board::{Board, Replica};
use shared::element::{Ink, NewElement, Shape, Style};
use shared::geometry::{BoardPoint, Geometry};
use shared::id::ClientId;
use shared::ink::{InkPoint, Quantum};
use shared::scan::{Deletions, merge_updates, scan_update};

const N_PEOPLE: u64 = 3;
const N_ACTS: usize = 60;

fn board(author: u64) -> Board {
    Board::new(ClientId::new(author).unwrap(), author)
}

/// Somebody does something, and what the room then passes on goes into the log.
fn act(me: &mut Board, rng: &mut fastrand::Rng) {
    let all: Vec<_> = me.elements().map(|it| (it.id.clone(), it.geometry)).collect();
    let x = f64::from(rng.u16(..500));
    let one = rng.choice(&all).cloned();
    match (rng.u8(..8), one) {
        (0, _) | (_, None) => {
            let geometry = Some(Geometry { x, w: 10.0, h: 10.0, ..Geometry::default() });
            me.insert(NewElement::new(geometry, Style::default(), Shape::Rectangle));
        }
        (1, _) => {
            me.insert(NewElement::new(None, Style::default(), Shape::Ink(Ink::default())));
        }
        (2, Some((id, _))) => {
            let point = |n: u8| InkPoint { at: BoardPoint::new(x, n.into()), pressure: 0.5 };
            let points: Vec<_> = (0..6).map(point).collect();
            me.append_ink(&id, &points, Quantum::NORMAL, rng.bool());
        }
        (3, Some((id, _))) => {
            me.begin_step();
            me.delete(&[id]);
        }
        (4, _) => _ = me.undo(),
        (5, Some((id, geometry))) => me.set_text(&id, &"ñ𝄞a".repeat(rng.usize(..4)), &[], geometry),
        (_, Some((id, geometry))) => me.place(&[(id, Geometry { x, ..geometry })]),
    }
}

/// What a room passes on while people work, some of whom hear of the others late.
fn log(rng: &mut fastrand::Rng) -> Vec<Vec<u8>> {
    let mut people: Vec<(Board, usize)> = (1..=N_PEOPLE).map(|it| (board(it), 0)).collect();
    let (mut room, mut log) = (Replica::default(), Vec::new());
    for _ in 0..N_ACTS {
        let (me, n_heard) = &mut people[rng.usize(..N_PEOPLE as usize)];
        if rng.bool() {
            log[*n_heard..].iter().for_each(|it: &Vec<u8>| me.apply_remote(it).unwrap());
            *n_heard = log.len();
        }
        act(me, rng);
        for update in me.take_updates() {
            let checked = room.check(&update).unwrap();
            log.push(checked.trimmed().unwrap_or(&update).to_vec());
            room.apply(checked).unwrap();
        }
    }
    log
}

fn replica<'a>(updates: impl IntoIterator<Item = &'a Vec<u8>>) -> Replica {
    let mut replica = Replica::default();
    updates.into_iter().for_each(|it| replica.take(it).unwrap());
    replica
}

/// How far the structs of each author reach.
fn reach(of: &Replica) -> BTreeMap<u64, u64> {
    let authors = scan_update(&of.diff(&[]).unwrap()).unwrap().authors.into_iter();
    authors.map(|(author, it)| (author.value(), it.structs.end)).collect()
}

#[test]
fn rows_of_updates_made_one_are_the_same_board() {
    let mut n_saved = 0;
    for seed in 0..60 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let log = log(&mut rng);
        let whole = replica(&log);
        let mut gone = Deletions::default();
        if rng.bool() {
            log.iter().for_each(|it| gone.read(it).unwrap());
        }
        gone.sort();
        let mut rest = &log[..];
        let mut merged = Vec::new();
        while !rest.is_empty() {
            let (row, left) = rest.split_at(rng.usize(1..=rest.len().min(12)));
            rest = left;
            let one = merge_updates(row.iter().map(|it| &it[..]), &gone).unwrap();
            merged.push(one.unwrap_or_else(|| panic!("seed {seed}: nothing is left out")));
        }
        let read = replica(&merged);
        assert_eq!(read.elements(), whole.elements(), "seed {seed}");
        // Not byte by byte: what is gone may be cut otherwise.
        assert_eq!(reach(&read), reach(&whole), "seed {seed}");
        // What some of them say twice does no harm.
        let twice = replica(log.iter().chain(&merged));
        assert_eq!(twice.elements(), whole.elements(), "seed {seed}");
        let n_bytes = |all: &[Vec<u8>]| all.iter().map(Vec::len).sum::<usize>();
        n_saved += n_bytes(&log) - n_bytes(&merged);
    }
    assert!(n_saved > 0);
}

#[test]
fn updates_between_which_something_is_missing_are_not_made_one() {
    let mut ann = board(1);
    let place = |me: &mut Board, x: f64| {
        let geometry = Some(Geometry { x, w: 10.0, h: 10.0, ..Geometry::default() });
        me.insert(NewElement::new(geometry, Style::default(), Shape::Rectangle));
        me.take_updates().remove(0)
    };
    let [first, second, third] = [1.0, 2.0, 3.0].map(|x| place(&mut ann, x));
    let merged = |these: [&Vec<u8>; 2]| {
        merge_updates(these.iter().map(|it| &it[..]), &Deletions::default()).unwrap()
    };
    assert!(merged([&first, &second]).is_some());
    assert_eq!(merged([&first, &third]), None);
    // The one before would be lost.
    assert_eq!(merged([&second, &first]), None);
}
