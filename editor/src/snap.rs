//! Snapping: what is moved, resized or drawn stops where its edges and middles meet those of others in
//! view, where a gap becomes as wide as another one, or at the grid. What it stopped at is shown by guides.

use shared::board::Board;
use shared::element::Shape;
use shared::geometry::{BoardPoint, Bounds};

use crate::command::Axis;
use crate::selection::{Selection, extent, in_order, labeled, pieces_of};

/// Pixels within which something snaps.
const REACH: f64 = 8.0;
/// Of more elements in view than this, only the nearest are looked at.
const MOST: usize = 1_000;
/// Board units between lines of the grid.
pub(crate) const GRID_STEP: f64 = 20.0;
/// Two places that are no further apart, in board units, are the same.
const SAME: f64 = 0.01;

/// A line that shows what something snapped to.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Guide {
    /// Where it begins, on the board.
    pub from: BoardPoint,
    /// Where it ends.
    pub to: BoardPoint,
    /// Whether it stands for a gap that is as wide as another one, and not for edges in line.
    pub is_gap: bool,
}

/// What can be snapped to while one gesture lasts.
pub(crate) struct Snapper {
    /// Where the others are: groups as a whole.
    boxes: Vec<Bounds>,
    /// In board units.
    reach: f64,
}

/// How far to go from where the pointer is to where it snaps, and what shows it.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Snapped {
    pub(crate) dx: f64,
    pub(crate) dy: f64,
    pub(crate) guides: Vec<Guide>,
}

/// Which lines of a box may snap, along one axis: where it begins, its middle, where it ends.
pub(crate) type Lines = [bool; 3];

/// All of them, as when it is moved.
pub(crate) const ALL: Lines = [true; 3];

impl Snapper {
    /// Looks at what is in view, but for `moved`.
    pub(crate) fn begin(board: &Board, view: Bounds, zoom: f64, moved: &Selection) -> Self {
        let (mut names, mut bounds) = (Vec::new(), Vec::new());
        for element in board.elements() {
            let own = element.geometry.turned_bounds();
            let is_other = own.intersects(view) && !moved.contains(&element.id);
            if !is_other || is_loose(&element.shape) || labeled(board, element).is_some() {
                continue;
            }
            names.push(element.groups.last().map_or(element.id.as_str(), String::as_str));
            bounds.push(own);
        }
        let (of, n_pieces) = pieces_of(&names);
        let mut boxes = vec![Bounds::EMPTY; n_pieces];
        for (own, piece) in bounds.into_iter().zip(of) {
            boxes[piece] = boxes[piece].union(own);
        }
        if boxes.len() > MOST {
            let own = extent(board, moved);
            let middle = if own.is_empty() { view.center() } else { own.center() };
            let distances: Vec<_> = boxes.iter().map(|it| it.center().distance(middle)).collect();
            boxes = in_order(&distances).into_iter().take(MOST).map(|it| boxes[it]).collect();
        }
        Self { boxes, reach: REACH / zoom }
    }

    /// Snaps the lines of a box, each axis by itself; gaps count if all of the box moves.
    pub(crate) fn snap(&self, own: Bounds, across: Lines, down: Lines) -> Snapped {
        let dx = self.nearest(own, Axis::Across, across);
        let dy = self.nearest(own, Axis::Down, down);
        let (dx, dy) = (dx.unwrap_or(0.0), dy.unwrap_or(0.0));
        let at = moved_lines(own, across, down, dx, dy);
        let mut guides = Vec::new();
        self.guides(at, Axis::Across, across, &mut guides);
        self.guides(at, Axis::Down, down, &mut guides);
        Snapped { dx, dy, guides }
    }

    /// The shortest way along an axis to something that can be snapped to.
    fn nearest(&self, own: Bounds, axis: Axis, lines: Lines) -> Option<f64> {
        let others = || self.boxes.iter().flat_map(|other| axis.lines(*other));
        let chosen = own_lines(own, axis, lines);
        let to_edges = chosen.flat_map(|line| others().map(move |other| other - line));
        // Gaps come last: of two that are as near, edges are meant.
        let gaps = if lines == ALL { self.gaps(own, axis) } else { Vec::new() };
        let ways = to_edges.chain(gaps.into_iter().map(|gap| gap.way));
        let near = ways.filter(|way| way.abs() <= self.reach);
        near.min_by(|a, b| a.abs().total_cmp(&b.abs()))
    }

    /// Lines through all that is in line with the box.
    fn guides(&self, own: Bounds, axis: Axis, lines: Lines, guides: &mut Vec<Guide>) {
        let n_before = guides.len();
        for line in own_lines(own, axis, lines) {
            let is_met = |other: &&Bounds| {
                axis.lines(**other).iter().any(|other| (other - line).abs() < SAME)
            };
            let mut met = self.boxes.iter().filter(is_met).peekable();
            if met.peek().is_none() {
                continue;
            }
            let (low, high) = axis.across().span(met.fold(own, |all, other| all.union(*other)));
            let (from, to) = (axis.point(line, low), axis.point(line, high));
            guides.push(Guide { from, to, is_gap: false });
        }
        if lines == ALL && guides.len() == n_before {
            let gaps = self.gaps(own, axis).into_iter().filter(|gap| gap.way.abs() < SAME);
            guides.extend(gaps.flat_map(|gap| gap.guides));
        }
    }

    /// The places along an axis where a gap would be as wide as another.
    fn gaps(&self, own: Bounds, axis: Axis) -> Vec<Gap> {
        let (low, high) = axis.across().span(own);
        let is_beside = |other: &&Bounds| {
            let (from, to) = axis.across().span(**other);
            from <= high && low <= to
        };
        let beside: Vec<Bounds> = self.boxes.iter().filter(is_beside).copied().collect();
        let span = |bounds: &Bounds| axis.span(*bounds);
        let starts: Vec<f64> = beside.iter().map(|it| span(it).0).collect();
        let (start, end) = axis.span(own);
        let mut gaps = Vec::new();
        for pair in in_order(&starts).windows(2) {
            let pair = [beside[pair[0]], beside[pair[1]]];
            let (left, right) = (span(&pair[0]), span(&pair[1]));
            let gap = right.0 - left.1;
            if gap <= 0.0 {
                continue;
            }
            // The stretches that are as wide as one another, with the box in its place.
            let (middle, size) = ((left.1 + right.0) / 2.0, end - start);
            let (before, after) = (middle - size / 2.0, middle + size / 2.0);
            let own_gap =
                if size < gap { Some((middle, (left.1, before), (after, right.0))) } else { None };
            let next = (right.1 + gap + size / 2.0, (left.1, right.0), (right.1, right.1 + gap));
            let previous = (left.0 - gap - size / 2.0, (left.0 - gap, left.0), (left.1, right.0));
            for (to, one, two) in own_gap.into_iter().chain([next, previous]) {
                let way = to - (start + end) / 2.0;
                if way.abs() > self.reach {
                    continue;
                }
                // At the height that all three share, if there is one.
                let (from_a, to_a) = axis.across().span(pair[0]);
                let (from_b, to_b) = axis.across().span(pair[1]);
                let at = (from_a.max(from_b).max(low) + to_a.min(to_b).min(high)) / 2.0;
                let guides = [one, two].map(|(from, to)| Guide {
                    from: axis.point(from, at),
                    to: axis.point(to, at),
                    is_gap: true,
                });
                gaps.push(Gap { way, guides });
            }
        }
        gaps
    }
}

/// A place where two gaps are as wide as one another.
struct Gap {
    way: f64,
    guides: [Guide; 2],
}

/// The same for the grid: the nearest of its lines for the first line of the box that may snap.
pub(crate) fn snap_to_grid(own: Bounds, across: Lines, down: Lines) -> Snapped {
    let way = |axis: Axis, lines: Lines| {
        let line = own_lines(own, axis, lines).next();
        line.map_or(0.0, |line| (line / GRID_STEP).round() * GRID_STEP - line)
    };
    Snapped { dx: way(Axis::Across, across), dy: way(Axis::Down, down), guides: Vec::new() }
}

/// The box when those of its lines that may snap have moved.
fn moved_lines(own: Bounds, across: Lines, down: Lines, dx: f64, dy: f64) -> Bounds {
    let by = |may: bool, by: f64| if may { by } else { 0.0 };
    Bounds {
        x0: own.x0 + by(across[0], dx),
        x1: own.x1 + by(across[2], dx),
        y0: own.y0 + by(down[0], dy),
        y1: own.y1 + by(down[2], dy),
    }
}

fn own_lines(own: Bounds, axis: Axis, lines: Lines) -> impl Iterator<Item = f64> {
    axis.lines(own).into_iter().zip(lines).filter(|(_, may)| *may).map(|(line, _)| line)
}

/// What has no edges that people see.
fn is_loose(shape: &Shape) -> bool {
    matches!(shape, Shape::Ink(_) | Shape::Arrow(_) | Shape::Unknown(_))
}

impl Axis {
    /// Where a box begins and ends.
    pub(crate) fn span(self, bounds: Bounds) -> (f64, f64) {
        match self {
            Self::Across => (bounds.x0, bounds.x1),
            Self::Down => (bounds.y0, bounds.y1),
        }
    }

    /// Where a box begins, its middle, and where it ends.
    fn lines(self, bounds: Bounds) -> [f64; 3] {
        let (low, high) = self.span(bounds);
        [low, (low + high) / 2.0, high]
    }

    /// The other axis.
    fn across(self) -> Self {
        match self {
            Self::Across => Self::Down,
            Self::Down => Self::Across,
        }
    }

    /// The point at `along` on this axis and `aside` on the other.
    fn point(self, along: f64, aside: f64) -> BoardPoint {
        match self {
            Self::Across => BoardPoint::new(along, aside),
            Self::Down => BoardPoint::new(aside, along),
        }
    }
}
