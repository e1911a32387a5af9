//! The index of a board's elements, through thousands of random changes: it always finds what looking at
//! every element finds, in the same order.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use scene::Index;
use shared::board::{Board, Restack};
use shared::element::{Frame, NewElement, Shape, Style};
use shared::geometry::{Bounds, Geometry};
use shared::id::{ClientId, ElementId};

/// A board with an index that follows it.
struct Followed {
    board: Board,
    index: Index,
    rng: fastrand::Rng,
}

impl Followed {
    fn new(seed: u64) -> Self {
        let board = Board::new(ClientId::new(1).unwrap(), seed);
        Self { board, index: Index::default(), rng: fastrand::Rng::with_seed(seed) }
    }

    fn follow(&mut self) -> Vec<Bounds> {
        let changes = self.board.take_changes();
        self.index.follow(&self.board, &changes).into_iter().map(|(_, place)| place).collect()
    }

    /// Boxes from specks to continents, near the origin and far out.
    fn place(&mut self) -> Geometry {
        let reach = 10f64.powf(self.rng.f64() * 6.0);
        let size = 10f64.powf(self.rng.f64() * 5.0);
        let mut within = |reach: f64| (self.rng.f64() - 0.5) * reach;
        Geometry {
            x: within(reach),
            y: within(reach),
            w: size,
            h: size / 3.0,
            angle: within(6.0),
            ..Geometry::default()
        }
    }

    fn insert(&mut self) -> ElementId {
        let place = self.place();
        self.board.insert(NewElement::new(Some(place), Style::default(), Shape::Rectangle))
    }

    fn any(&mut self) -> Option<ElementId> {
        let n = self.board.n_elements();
        (n > 0).then(|| self.board.elements().nth(self.rng.usize(..n)).unwrap().id.clone())
    }

    #[track_caller]
    fn check(&self, area: Bounds) {
        let found = self.index.slots_in(area);
        let found: Vec<_> =
            found.iter().map(|&slot| self.index.at(slot).unwrap().element.id.clone()).collect();
        let reaches_in = |id: &&ElementId| self.index.placed(id).unwrap().reach.intersects(area);
        let ids = self.board.elements().map(|element| &element.id);
        let expected: Vec<_> = ids.filter(reaches_in).cloned().collect();
        assert_eq!(found, expected);
        assert_eq!(self.index.len(), self.board.n_elements());
    }
}

#[test]
fn the_index_finds_what_looking_at_every_element_finds() {
    for seed in 0..20 {
        let mut it = Followed::new(seed);
        for _ in 0..300 {
            match it.rng.u8(..10) {
                0..=4 => drop(it.insert()),
                5 | 6 => {
                    let place = it.place();
                    let moved = it.any().map(|id| (id, place));
                    it.board.place(&moved.into_iter().collect::<Vec<_>>());
                }
                7 => {
                    let to = it.rng.choice([Restack::ToBack, Restack::Forward]).unwrap();
                    let id = it.any();
                    it.board.restack(&id.into_iter().collect::<Vec<_>>(), to);
                }
                8 => {
                    let id = it.any();
                    it.board.delete(&id.into_iter().collect::<Vec<_>>());
                }
                _ => drop(it.board.undo()),
            }
            if it.rng.u8(..3) == 0 {
                it.follow();
                let area = it.place().bounds();
                it.check(area);
            }
        }
        it.follow();
        it.check(Bounds { x0: -1e7, y0: -1e7, x1: 1e7, y1: 1e7 });
    }
}

#[test]
fn what_comes_by_parts_is_in_order_whichever_comes_first() {
    let mut whole = Board::new(ClientId::new(1).unwrap(), 1);
    let mut layers = Vec::new();
    for author in 2..8 {
        let mut board = Board::new(ClientId::new(author).unwrap(), author);
        board.apply_remote(&whole.diff(&[]).unwrap()).unwrap();
        let mut parts = Vec::new();
        for _ in 0..5 {
            for _ in 0..40 {
                board.insert(NewElement::new(None, Style::default(), Shape::Rectangle));
            }
            parts.push(board.take_updates());
        }
        parts.iter().flatten().for_each(|update| whole.apply_remote(update).unwrap());
        layers.push(parts.into_iter());
    }
    for seed in 0..3 {
        let mut it = Followed::new(seed);
        let mut layers = layers.clone();
        while !layers.is_empty() {
            let at = it.rng.usize(..layers.len());
            let Some(part) = layers[at].next() else {
                layers.swap_remove(at);
                continue;
            };
            part.iter().for_each(|update| it.board.apply_remote(update).unwrap());
            it.follow();
            it.check(Bounds { x0: -1e3, y0: -1e3, x1: 1e3, y1: 1e3 });
        }
        assert_eq!(it.index.len(), 6 * 5 * 40);
    }
}

#[test]
fn a_move_touches_where_the_element_was_and_where_it_is() {
    let mut it = Followed::new(1);
    let id = it.insert();
    it.follow();
    let before = it.index.placed(&id).unwrap().reach;
    let place = Geometry { x: 1e6, y: 0.0, w: 10.0, h: 10.0, angle: 0.0, ..Geometry::default() };
    it.board.place(&[(id.clone(), place)]);
    let touched = it.follow();
    assert_eq!(touched, [before, it.index.placed(&id).unwrap().reach]);
    assert!(touched[1].contains(place.bounds()));
    it.board.delete(&[id]);
    assert_eq!(it.follow(), [touched[1]]);
    assert!(it.index.is_empty());
}

#[test]
fn what_a_frame_cut_off_is_seen_when_the_frame_goes() {
    let mut followed = Followed::new(5);
    let placed = |x: f64, w: f64| Some(Geometry { x, w, h: 50.0, ..Geometry::default() });
    let frame = Shape::Frame(Frame { name: String::new() });
    let frame = NewElement::new(placed(0.0, 100.0), Style::default(), frame);
    let frame = followed.board.insert(frame);
    let within = NewElement::new(placed(50.0, 5_000.0), Style::default(), Shape::Rectangle);
    followed.board.insert(NewElement { frame: Some(frame.clone()), ..within });
    followed.follow();
    followed.board.delete(&[frame]);
    let touched = followed.follow();
    assert!(touched.iter().any(|it| it.x1 > 5_000.0), "{touched:?}");
}

#[test]
fn an_area_can_be_as_wide_as_numbers_are() {
    let mut all = Followed::new(3);
    for _ in 0..10 {
        all.insert();
    }
    all.follow();
    for size in [1e6, 1e12, 1e300, f64::INFINITY] {
        assert_eq!(
            all.index.slots_in(Bounds { x0: -size, y0: -size, x1: size, y1: size }).len(),
            10
        );
    }
}
