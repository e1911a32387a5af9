//! Where on the board everything is: which elements reach into an area, bottom first, without looking
//! at the others. Kept up with the board change by change.
//!
//! A loose grid with cells of many sizes. An element lies in one cell only: of the size that its own
//! box just fits into, where the middle of its box is. So it reaches at most half a cell beyond.

mod rank;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use shared::board::Board;
use shared::element::{Element, Shape};
use shared::geometry::Bounds;
use shared::id::ElementId;

use crate::hit::reach;
use rank::{Row, UNKNOWN};

/// The smallest cells have sides of 2^4 board units, the largest of 2^26.
const LEVEL_MIN: i32 = 4;
const LEVEL_MAX: i32 = 26;

/// An element's number in the index, as long as it is on the board: small, and used again.
pub type Slot = u32;

/// An element in the index.
#[derive(Clone, Debug)]
pub struct Placed {
    /// What it is.
    pub element: Arc<Element>,
    /// A box on the board that it does not paint beyond.
    pub reach: Bounds,
    /// Grows from the bottom of the stack to its top.
    rank: u64,
}

/// A cell: the binary logarithm of its side, column and row.
type Cell = (i32, i32, i32);

/// All elements of a board by where they are.
#[derive(Default)]
pub struct Index {
    slots: Vec<Option<Placed>>,
    free: Vec<Slot>,
    by_id: HashMap<ElementId, Slot>,
    cells: HashMap<Cell, Vec<Slot>>,
    /// How many cells of each size there are.
    n_cells: [u32; LEVEL_MAX as usize + 1],
    /// The row that was last given places in the stack.
    last_row: Option<Row>,
}

impl Index {
    /// Follows the board after `changes`. The answer is where it looks different now: boxes that
    /// changed elements reached into before and reach into after, each with whose it is.
    pub fn follow(
        &mut self,
        board: &Board,
        changes: &HashSet<ElementId>,
    ) -> Vec<(ElementId, Bounds)> {
        let mut touched = Vec::with_capacity(changes.len());
        self.by_id.reserve(changes.len().saturating_sub(self.by_id.len()));
        let mut came = Vec::new();
        let mut frames = HashSet::new();
        for id in changes {
            let slot = self.slot(id);
            let is_frame = |it: &Element| matches!(it.shape, Shape::Frame(_));
            let was_frame = slot.and_then(|it| self.at(it)).is_some_and(|it| is_frame(&it.element));
            let element = board.element(id);
            if was_frame != element.is_some_and(|it| is_frame(it)) {
                frames.insert(id);
            }
            let rank = slot.and_then(|slot| self.take(slot)).map(|before| {
                touched.push((id.clone(), before.reach));
                (before.element.z.clone(), before.rank)
            });
            let Some(element) = element else {
                self.by_id.remove(id);
                self.free.extend(slot);
                continue;
            };
            let reach = reach(element);
            touched.push((id.clone(), reach));
            let rank = rank.filter(|(z, _)| *z == element.z).map(|(_, rank)| rank);
            if rank.is_none() {
                came.push(element);
            }
            let rank = rank.unwrap_or(UNKNOWN);
            self.put(slot, Placed { element: Arc::clone(element), reach, rank });
        }
        // What a frame cuts off is seen once the frame is gone.
        if !frames.is_empty() {
            let within =
                |it: &&Placed| it.element.frame.as_ref().is_some_and(|it| frames.contains(it));
            let within = self.slots.iter().flatten().filter(within);
            touched.extend(within.map(|it| (it.element.id.clone(), it.reach)));
        }
        came.sort_unstable_by_key(|element| (&element.z, &element.id));
        self.rank_all(&came, board);
        touched
    }

    /// The slots of all elements that reach into `area`, bottom first.
    pub fn slots_in(&self, area: Bounds) -> Vec<Slot> {
        let mut found = Vec::new();
        self.find_in(area, &mut |slot| {
            found.push(slot);
            false
        });
        self.sort(&mut found);
        found
    }

    /// Gives the slots of elements that reach into `area`, in any order, until it is enough; whether it was.
    fn find_in(&self, area: Bounds, is_enough: &mut dyn FnMut(Slot) -> bool) -> bool {
        let mut look = |slots: &Vec<Slot>| {
            let is_in = |slot: &Slot| self.at(*slot).is_some_and(|it| it.reach.intersects(area));
            slots.iter().any(|slot| is_in(slot) && is_enough(*slot))
        };
        for level in LEVEL_MIN..=LEVEL_MAX {
            let n_cells = self.n_cells[level as usize];
            if n_cells == 0 {
                continue;
            }
            let side = 2f64.powi(level);
            let near = area.inflated(side / 2.0);
            let (x0, y0) = (column(near.x0, side), column(near.y0, side));
            let (x1, y1) = (column(near.x1, side), column(near.y1, side));
            let n = |low: i32, high: i32| i64::from(high) - i64::from(low) + 1;
            // An area can be as wide as numbers are.
            if n(x0, x1).saturating_mul(n(y0, y1)) > i64::from(n_cells) {
                let mut all = self.cells.iter().filter(|((other, ..), _)| *other == level);
                if all.any(|(_, slots)| look(slots)) {
                    return true;
                }
                continue;
            }
            let mut cells = (y0..=y1).flat_map(|y| (x0..=x1).map(move |x| (level, x, y)));
            if cells.any(|cell| self.cells.get(&cell).is_some_and(&mut look)) {
                return true;
            }
        }
        false
    }

    /// Whether any element reaches into `area`.
    pub fn has_any_in(&self, area: Bounds) -> bool {
        self.find_in(area, &mut |_| true)
    }

    /// Puts slots into the order of the stack, bottom first.
    pub fn sort(&self, slots: &mut [Slot]) {
        // Looking them up while they are sorted takes many times as long.
        let ranked = slots.iter().map(|&slot| (self.at(slot).map(|it| it.rank), slot));
        let mut ranked: Vec<_> = ranked.collect();
        ranked.sort_unstable();
        slots.iter_mut().zip(ranked).for_each(|(slot, (_, sorted))| *slot = sorted);
    }

    /// Whether anything above the element in `slot` reaches into `area`, but for what is `ignored`.
    pub fn is_covered(&self, slot: Slot, area: Bounds, ignored: impl Fn(Slot) -> bool) -> bool {
        let rank = |slot: &Slot| self.at(*slot).map(|placed| placed.rank);
        self.slots_in(area).iter().any(|above| rank(above) > rank(&slot) && !ignored(*above))
    }

    /// Where all of it is: a box that nothing reaches beyond.
    pub fn reach(&self) -> Bounds {
        self.slots.iter().flatten().fold(Bounds::EMPTY, |all, it| all.union(it.reach))
    }

    /// The slot of the element called `id`.
    pub fn slot(&self, id: &ElementId) -> Option<Slot> {
        self.by_id.get(id).copied()
    }

    /// The element in a slot.
    pub fn at(&self, slot: Slot) -> Option<&Placed> {
        self.slots.get(slot as usize)?.as_ref()
    }

    /// The element called `id`.
    pub fn placed(&self, id: &ElementId) -> Option<&Placed> {
        self.at(self.slot(id)?)
    }

    /// How many elements there are.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// Puts an element into its slot, or into a free one if it has none.
    fn put(&mut self, slot: Option<Slot>, placed: Placed) {
        let slot = slot.unwrap_or_else(|| {
            let slot = self.free.pop().unwrap_or_else(|| {
                self.slots.push(None);
                (self.slots.len() - 1) as Slot
            });
            self.by_id.insert(placed.element.id.clone(), slot);
            slot
        });
        let cell = cell_of(placed.reach);
        self.slots[slot as usize] = Some(placed);
        let slots = self.cells.entry(cell).or_insert_with(|| {
            self.n_cells[cell.0 as usize] += 1;
            Vec::new()
        });
        slots.push(slot);
    }

    /// Takes the element out of a slot, which is still its own.
    fn take(&mut self, slot: Slot) -> Option<Placed> {
        let placed = self.slots.get_mut(slot as usize)?.take()?;
        let cell = cell_of(placed.reach);
        if let Some(slots) = self.cells.get_mut(&cell) {
            slots.retain(|other| *other != slot);
            if slots.is_empty() {
                self.cells.remove(&cell);
                self.n_cells[cell.0 as usize] -= 1;
            }
        }
        Some(placed)
    }
}

fn cell_of(reach: Bounds) -> Cell {
    let side = reach.width().max(reach.height()).max(1.0);
    let level = (side.log2().ceil() as i32).clamp(LEVEL_MIN, LEVEL_MAX);
    let (side, middle) = (2f64.powi(level), reach.center());
    (level, column(middle.x, side), column(middle.y, side))
}

fn column(x: f64, side: f64) -> i32 {
    // Far out all columns are one.
    (x / side).floor() as i32
}
