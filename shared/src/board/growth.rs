//! Ink that grows: chunks that were only appended are read alone, however much of the stroke there is
//! already.

use std::collections::HashMap;

use yrs::{Any, Map, MapRef, Out, ReadTxn};

use super::read::{key, own_geometry};
use crate::element::{Element, Shape};
use crate::geometry::{Bounds, Geometry};
use crate::id::ElementId;
use crate::ink::decode_chunk;

/// Strokes that are remembered. Whoever is forgotten is read as a whole once more.
const GROWING_MAX: usize = 256;

/// What became of an element since it was last read.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Touch {
    /// Nothing but this: chunks with these numbers were put to its ink.
    Grown(Vec<u32>),
    /// Anything.
    Changed,
}

impl Touch {
    /// Adds what happened later.
    pub(super) fn merge(&mut self, later: Self) {
        match (&mut *self, later) {
            (Self::Grown(numbers), Self::Grown(more)) => numbers.extend(more),
            (_, Self::Changed) | (Self::Changed, _) => *self = Self::Changed,
        }
    }
}

/// The number in a chunk's key, if it is written as everybody writes it: other keys of the same number
/// could stand beside it.
pub(super) fn chunk_number(key: &str) -> Option<u32> {
    let number: u32 = key.parse().ok()?;
    let is_plain = key == "0" || key.as_bytes()[0].is_ascii_digit() && !key.starts_with('0');
    is_plain.then_some(number)
}

/// The strokes that grew lately.
#[derive(Default)]
pub(super) struct Growing(HashMap<ElementId, Growth>);

/// How far a stroke has been read.
struct Growth {
    /// The largest number of a chunk that was there.
    last: u32,
    /// The box around all points.
    bounds: Bounds,
    /// Whether the element says itself where it is.
    is_placed: bool,
}

impl Growing {
    /// An element changed in another way, or is gone.
    pub(super) fn forget(&mut self, id: &ElementId) {
        self.0.remove(id);
    }

    /// Reads the chunks with these numbers into `element`, which `map` holds. `false` if that is not enough:
    /// then the whole of it is to be read, and [`Growing::begin`] called.
    pub(super) fn grow<T: ReadTxn>(
        &mut self,
        txn: &T,
        map: &MapRef,
        element: &mut Element,
        mut numbers: Vec<u32>,
    ) -> bool {
        let Some(growth) = self.0.get_mut(&element.id) else { return false };
        let Some(Out::YMap(chunks)) = map.get(txn, key::INK) else { return false };
        let Shape::Ink(ink) = &mut element.shape else { return false };
        numbers.sort_unstable();
        for number in numbers {
            let chunk = chunks.get(txn, &number.to_string());
            let (true, Some(chunk)) = (number > growth.last, chunk) else { return false };
            growth.last = number;
            let Out::Any(Any::Buffer(bytes)) = chunk else { continue };
            let Ok(chunk) = decode_chunk(&bytes) else { continue };
            let places = chunk.points.iter().map(|point| point.at);
            growth.bounds = growth.bounds.union(Bounds::around(places));
            ink.has_pressure |= chunk.has_pressure;
            ink.points.extend(chunk.points);
        }
        if !growth.is_placed {
            element.geometry = Geometry::over(growth.bounds);
        }
        true
    }

    /// An element that grows was read as a whole.
    pub(super) fn begin<T: ReadTxn>(&mut self, txn: &T, map: &MapRef, element: &Element) {
        let Shape::Ink(ink) = &element.shape else { return };
        let Some(Out::YMap(chunks)) = map.get(txn, key::INK) else { return };
        let mut last = 0;
        for key in chunks.keys(txn) {
            match chunk_number(key) {
                Some(number) => last = last.max(number),
                None => return,
            }
        }
        if self.0.len() >= GROWING_MAX {
            self.0.clear();
        }
        let is_placed = own_geometry(txn, map).is_some();
        let growth = Growth { last, bounds: ink.bounds(), is_placed };
        self.0.insert(element.id.clone(), growth);
    }
}

#[cfg(test)]
mod tests {
    use yrs::{MapPrelim, Transact};

    use super::*;
    use crate::board::{Board, Replica};
    use crate::geometry::BoardPoint;
    use crate::id::ClientId;
    use crate::ink::{InkPoint, Quantum, encode_chunk};

    const ID: &str = "stroke";

    /// Some ink that somebody else writes, chunk by chunk, under keys that may be odd.
    fn elsewhere() -> Replica {
        let replica = Replica::new(ClientId::new(7));
        {
            let mut txn = replica.doc.transact_mut();
            let map = replica.elements.insert(&mut txn, ID, MapPrelim::default());
            map.insert(&mut txn, key::KIND, "ink");
            map.insert(&mut txn, key::INK, MapPrelim::default());
        }
        replica
    }

    fn put(replica: &Replica, key: &str, n: f64) {
        let point = InkPoint { at: BoardPoint::new(n, 10.0 - n), pressure: 0.5 };
        let chunk = encode_chunk(&[point], Quantum::NORMAL, n > 5.0);
        let mut txn = replica.doc.transact_mut();
        let Some(Out::YMap(map)) = replica.elements.get(&txn, ID) else { return };
        let Some(Out::YMap(chunks)) = map.get(&txn, key::INK) else { return };
        chunks.insert(&mut txn, key, Any::from(chunk));
    }

    /// A board that takes in each chunk as it comes is the same as one that is read at the end.
    #[track_caller]
    fn check(keys: &[&str], xs: &[f64]) {
        let from = elsewhere();
        let mut board = Board::new(ClientId::new(1).unwrap_or_else(|| unreachable!()), 1);
        for (n, key) in keys.iter().enumerate() {
            put(&from, key, n as f64);
            let news = from.diff(&board.state_vector()).unwrap_or_default();
            assert!(board.apply_remote(&news).is_ok());
            let kept: Vec<Element> = board.elements().map(|it| (**it).clone()).collect();
            assert_eq!(kept, from.elements(), "after {key}");
        }
        let Some(Shape::Ink(ink)) = board.elements().next().map(|it| &it.shape) else { panic!() };
        assert_eq!(ink.points.iter().map(|point| point.at.x).collect::<Vec<_>>(), xs);
    }

    #[test]
    fn chunks_are_in_the_order_of_their_numbers_in_whatever_order_they_come() {
        check(&["0", "1", "2", "10", "11"], &[0.0, 1.0, 2.0, 3.0, 4.0]);
        check(&["0", "1", "5", "3", "6", "4"], &[0.0, 1.0, 3.0, 5.0, 2.0, 4.0]);
        check(&["0", "1", "2", "1", "3"], &[0.0, 3.0, 2.0, 4.0]);
        check(&["0", "1", "no number", "2"], &[0.0, 1.0, 3.0]);
    }

    #[test]
    fn only_plain_numbers_are_appended() {
        assert_eq!(chunk_number("0"), Some(0));
        assert_eq!(chunk_number("120"), Some(120));
        for odd in ["", "01", "+1", "-1", "1.0", "a", "99999999999"] {
            assert_eq!(chunk_number(odd), None, "{odd}");
        }
    }
}
