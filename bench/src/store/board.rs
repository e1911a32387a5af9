//! A large board, edit by edit.

use server::log::Record;
use shared::board::Board;
use shared::element::{NewElement, Shape, Style};
use shared::geometry::Geometry;
use shared::id::{ClientId, ElementId, Seq};
use shared::time::Time;

/// People who draw it, in turns.
const N_AUTHORS: usize = 4;

/// Milliseconds between two edits.
const PAUSE: u64 = 40;

/// Everybody draws their share of the elements, and then moves them about.
pub fn records(n_elements: usize, n_edits: usize) -> Vec<Record> {
    let mut rng = fastrand::Rng::with_seed(1);
    let authors = (1..=N_AUTHORS as u64).filter_map(ClientId::new);
    let mut people: Vec<(Board, Vec<ElementId>)> =
        authors.map(|author| (Board::new(author, author.value()), Vec::new())).collect();
    let mut records = Vec::with_capacity(n_edits);
    for number in 0..n_edits {
        let (board, drawn) = &mut people[number % N_AUTHORS];
        let (x, y) = (f64::from(rng.i16(..)), f64::from(rng.i16(..)));
        let geometry = Geometry { x, y, w: 40.0, h: 30.0, angle: 0.0, ..Geometry::default() };
        if number < n_elements {
            let new = NewElement::new(Some(geometry), Style::default(), Shape::Rectangle);
            drawn.push(board.insert(new));
        } else {
            board.place(&[(drawn[rng.usize(..drawn.len())].clone(), geometry)]);
        }
        for bytes in board.take_updates() {
            let seq = Seq(records.len() as u64 + 1);
            let (time, author) = (Time(seq.0 * PAUSE), Some(board.author()));
            records.push(Record { seq, time, author, bytes: bytes.into() });
        }
    }
    records
}
