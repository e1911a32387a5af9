//! Places in the stack as numbers, so that what is found anywhere is put in order without asking the board: apart
//! enough that others fit between, counted anew where they do not.

use std::sync::Arc;

use shared::board::Board;
use shared::element::Element;
use shared::id::ElementId;

use super::Index;

/// Places in the stack are this far apart at first.
const GAP: u64 = 1 << 36;

/// The place of the first element: as much is free below it as above.
const FIRST: u64 = 1 << 62;

/// A row that goes between two others takes up at most this part of what is free there.
const PART: u64 = 16;

/// The place of an element that was not given one yet.
pub(super) const UNKNOWN: u64 = u64::MAX;

/// The lowest and the highest element of a row that was given places together.
pub(super) type Row = (ElementId, ElementId);

/// Where the next row is likely to go: a large board comes part by part, and at first sight from its top down.
#[derive(Clone, Copy, Debug)]
enum Next {
    Above,
    Below,
    Anywhere,
}

/// Where the places of a row of `n` begin, and how far apart they are: nothing if there is no room. The first is a step
/// above the beginning. `below` and `above` are the places between which it goes.
fn room(below: Option<u64>, above: Option<u64>, n: u64, next: Next) -> (u64, u64) {
    match (below, above) {
        (below, None) => (below.unwrap_or(FIRST), GAP),
        (None, Some(above)) if above > (n + 1) * GAP => (above - (n + 1) * GAP, GAP),
        (None, Some(above)) => (0, above / (n + 1)),
        (Some(below), Some(above)) => {
            let part = (above - below) / PART;
            // Most of it stays free for what comes next.
            let start = match next {
                Next::Above => below + part,
                Next::Below => above - 2 * part,
                Next::Anywhere => below + PART / 2 * part,
            };
            (start, part / n)
        }
    }
}

impl Index {
    /// Gives elements that have none places in the stack; they are told from the bottom up.
    pub(super) fn rank_all(&mut self, came: &[&Arc<Element>], board: &Board) {
        let mut left = came;
        while let Some(first) = left.first() {
            let (n, has_room) = self.rank_from(first, board);
            left = left.get(n..).unwrap_or_default();
            if !has_room && let Some(lowest) = came.first() {
                return self.renumber(board, lowest);
            }
        }
    }

    /// Gives an element, and all right above it that have none either, places in the stack between those that are
    /// known below and above. How many these are, and whether there was room.
    fn rank_from(&mut self, first: &Arc<Element>, board: &Board) -> (usize, bool) {
        let known = |other: &Arc<Element>| self.rank(other).filter(|rank| *rank != UNKNOWN);
        let below = board.elements_below(first).find_map(|it| Some((it, known(it)?)));
        let (mut row, mut above) = (vec![first], None);
        for other in board.elements_above(first) {
            above = known(other).map(|rank| (other, rank));
            if above.is_some() {
                break;
            }
            row.push(other);
        }
        let next = match &self.last_row {
            Some((_, last)) if below.is_some_and(|(it, _)| it.id == *last) => Next::Above,
            Some((first, _)) if above.is_some_and(|(it, _)| it.id == *first) => Next::Below,
            _ => Next::Anywhere,
        };
        let rank = |of: Option<(&Arc<Element>, u64)>| of.map(|(_, rank)| rank);
        let (start, step) = room(rank(below), rank(above), row.len() as u64, next);
        for (element, n) in row.iter().zip(1..) {
            self.set_rank(element, start + n * step);
        }
        self.last_row = row.last().map(|last| (first.id.clone(), last.id.clone()));
        (row.len(), step > 0)
    }

    fn rank(&self, element: &Element) -> Option<u64> {
        self.placed(&element.id).map(|placed| placed.rank)
    }

    fn set_rank(&mut self, element: &Element, rank: u64) {
        if let Some(slot) = self.slot(&element.id)
            && let Some(Some(placed)) = self.slots.get_mut(slot as usize)
        {
            placed.rank = rank;
        }
    }

    /// Counts the places in the stack anew from an element up, under which all have theirs.
    fn renumber(&mut self, board: &Board, lowest: &Arc<Element>) {
        let below = board.elements_below(lowest).find_map(|other| self.rank(other));
        let mut rank = below.unwrap_or(FIRST);
        for element in std::iter::once(lowest).chain(board.elements_above(lowest)) {
            rank += GAP;
            self.set_rank(element, rank);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many rows of 500 find room between two neighbours, each right above or right below the one before.
    fn rows(next: Next) -> usize {
        let (mut below, mut above) = (FIRST, FIRST + GAP);
        for n_rows in 0.. {
            let told = if n_rows == 0 { Next::Anywhere } else { next };
            let (start, step) = room(Some(below), Some(above), 500, told);
            if step == 0 {
                return n_rows;
            }
            let (lowest, highest) = (start + step, start + 500 * step);
            assert!(below < lowest && highest < above, "{below} {lowest} {highest} {above}");
            match next {
                Next::Above => below = highest,
                Next::Below | Next::Anywhere => above = lowest,
            }
        }
        unreachable!("there is always an end to it")
    }

    #[test]
    fn a_large_board_finds_room_from_its_top_down_as_from_its_bottom_up() {
        assert!(rows(Next::Above) > 100, "{}", rows(Next::Above));
        assert!(rows(Next::Below) > 100, "{}", rows(Next::Below));
    }

    #[test]
    fn single_elements_find_room_hundreds_of_times_at_the_same_place() {
        let mut above = FIRST + GAP;
        for _ in 0..300 {
            let (start, step) = room(Some(FIRST), Some(above), 1, Next::Below);
            assert!(step > 0);
            assert!(FIRST < start + step && start + step < above);
            above = start + step;
        }
    }

    #[test]
    fn where_nothing_is_free_there_is_no_room() {
        assert_eq!(room(Some(FIRST), Some(FIRST + 1), 1, Next::Anywhere).1, 0);
        assert_eq!(room(None, Some(1), 1, Next::Anywhere).1, 0);
    }
}
