//! Places in the stack of elements: short texts that sort by their bytes, with always room for
//! another between two.
//!
//! The same scheme as Excalidraw's `index`: a whole number whose first letter tells its length, then
//! a fraction, in base 62. A thousand elements placed one on top of the other cost four bytes each.

use std::sync::Arc;

/// A place in the stack; compares by its bytes. Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ZIndex(Arc<str>);

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const FIRST: &str = "a0";
/// Longer places are taken for damage; honest ones stay far below.
const MAX_BYTES: usize = 256;

impl Default for ZIndex {
    fn default() -> Self {
        Self(FIRST.into())
    }
}

impl ZIndex {
    /// Takes `text` if it is a place that others can be put before and after.
    pub fn parse(text: &str) -> Option<Self> {
        let whole = whole_len(text.as_bytes().first().copied()?)?;
        let fits = (whole..=MAX_BYTES).contains(&text.len());
        let fraction_ends_well = text.len() == whole || !text.ends_with('0');
        let all_digits = text.bytes().all(|b| b.is_ascii_alphanumeric());
        (fits && all_digits && fraction_ends_well).then(|| Self(text.into()))
    }

    /// A place above `below` and under `above`; without one of them, beyond the other. When they do
    /// not leave room (two people took the same place), just above `below`.
    pub fn between(below: Option<&Self>, above: Option<&Self>) -> Self {
        let below = below.map(|z| z.0.as_bytes());
        let above = above.map(|z| z.0.as_bytes());
        let place = match (below, above) {
            (None, None) => FIRST.into(),
            (Some(below), None) => just_above(below),
            (None, Some(above)) => just_under(above),
            (Some(below), Some(above)) if below >= above => just_above(below),
            (Some(below), Some(above)) => within(below, above),
        };
        Self(String::from_utf8_lossy(&place).into())
    }

    /// `n` places in order above `below` and under `above`. By halves, so that they stay short however
    /// many there are.
    pub fn spread(below: Option<&Self>, above: Option<&Self>, n: usize) -> Vec<Self> {
        if n == 0 {
            return Vec::new();
        }
        let middle = Self::between(below, above);
        let n_before = if above.is_none() { 0 } else { n / 2 };
        let mut places = Self::spread(below, Some(&middle), n_before);
        places.reserve(n - n_before);
        let mut last = middle;
        if above.is_none() {
            // Nothing is above: counting up stays shortest.
            for _ in 1..n {
                let next = Self::between(Some(&last), None);
                places.push(std::mem::replace(&mut last, next));
            }
            places.push(last);
            return places;
        }
        let after = Self::spread(Some(&last), above, n - n_before - 1);
        places.push(last);
        places.extend(after);
        places
    }

    /// The place as it stands in the document.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn within(below: &[u8], above: &[u8]) -> Vec<u8> {
    let (whole, fraction) = split(below);
    let (whole_above, fraction_above) = split(above);
    if whole == whole_above {
        return [whole, &midway(fraction, Some(fraction_above))].concat();
    }
    match step(whole, Direction::Up) {
        Some(next) if next.as_slice() < above => next,
        _ => [whole, &midway(fraction, None)].concat(),
    }
}

fn just_above(below: &[u8]) -> Vec<u8> {
    let (whole, fraction) = split(below);
    step(whole, Direction::Up).unwrap_or_else(|| [whole, &midway(fraction, None)].concat())
}

fn just_under(above: &[u8]) -> Vec<u8> {
    let (whole, fraction) = split(above);
    if !fraction.is_empty() {
        return whole.to_vec();
    }
    // There are 62^26 whole numbers below zero: running out means a peer made it up, and the
    // fraction still leaves room.
    step(whole, Direction::Down).unwrap_or_else(|| [whole, b"0V"].concat())
}

/// Bytes of the whole number that starts with `head`.
fn whole_len(head: u8) -> Option<usize> {
    match head {
        b'a'..=b'z' => Some(usize::from(head - b'a') + 2),
        b'A'..=b'Z' => Some(usize::from(b'Z' - head) + 2),
        _ => None,
    }
}

fn split(place: &[u8]) -> (&[u8], &[u8]) {
    let whole = place.first().copied().and_then(whole_len).unwrap_or(place.len());
    place.split_at(whole.min(place.len()))
}

fn digit(byte: u8) -> usize {
    DIGITS.iter().position(|&d| d == byte).unwrap_or(0)
}

#[derive(Clone, Copy, PartialEq)]
enum Direction {
    Up,
    Down,
}

/// The next whole number up or down; `None` past the last.
fn step(whole: &[u8], direction: Direction) -> Option<Vec<u8>> {
    let (&head, digits) = whole.split_first()?;
    let (last, first) = match direction {
        Direction::Up => (b'z', b'0'),
        Direction::Down => (b'0', b'z'),
    };
    let mut digits = digits.to_vec();
    for place in digits.iter_mut().rev() {
        if *place == last {
            *place = first;
            continue;
        }
        let next = if direction == Direction::Up { digit(*place) + 1 } else { digit(*place) - 1 };
        *place = DIGITS[next];
        digits.insert(0, head);
        return Some(digits);
    }
    // All digits rolled over: the length, and with it the head, changes.
    let head = match (direction, head) {
        (Direction::Up, b'z') | (Direction::Down, b'A') => return None,
        (Direction::Up, b'Z') => b'a',
        (Direction::Down, b'a') => b'Z',
        (Direction::Up, head) => head + 1,
        (Direction::Down, head) => head - 1,
    };
    let n_digits = whole_len(head)? - 1;
    let mut next = vec![first; n_digits];
    next.insert(0, head);
    Some(next)
}

/// A fraction strictly between two, as short as possible; without `above`, below one.
fn midway(below: &[u8], above: Option<&[u8]>) -> Vec<u8> {
    let mut fraction = Vec::new();
    let mut above = above;
    for place in 0.. {
        let low = below.get(place).map_or(0, |&b| digit(b));
        let high = above.map_or(DIGITS.len(), |a| a.get(place).map_or(0, |&b| digit(b)));
        if low + 1 < high {
            fraction.push(DIGITS[usize::midpoint(low, high)]);
            break;
        }
        fraction.push(DIGITS[low]);
        if low < high {
            // From here on anything above `below` is under `above`.
            above = None;
        }
    }
    fraction
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn z(text: &str) -> ZIndex {
        ZIndex::parse(text).unwrap()
    }

    #[test]
    fn places_follow_excalidraws_scheme() {
        assert_eq!(ZIndex::between(None, None), z("a0"));
        assert_eq!(ZIndex::between(Some(&z("a0")), None), z("a1"));
        assert_eq!(ZIndex::between(Some(&z("az")), None), z("b00"));
        assert_eq!(ZIndex::between(None, Some(&z("a0"))), z("Zz"));
        assert_eq!(ZIndex::between(Some(&z("a0")), Some(&z("a1"))), z("a0V"));
        assert_eq!(ZIndex::between(Some(&z("a1")), Some(&z("a1"))), z("a2"));
        for bad in ["", "a", "b0", "a00", "a0!", "0a"] {
            assert_eq!(ZIndex::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn ten_thousand_on_top_stay_short() {
        let mut top = ZIndex::default();
        for _ in 0..10_000 {
            let next = ZIndex::between(Some(&top), None);
            assert!(next > top);
            top = next;
        }
        assert!(top.as_str().len() <= 4, "{}", top.as_str());
    }

    #[test]
    fn thousands_fit_between_two_and_stay_short() {
        for (below, above) in [(Some("a0"), Some("a1")), (None, Some("a0")), (Some("a0"), None)] {
            let (below, above) = (below.map(z), above.map(z));
            let places = ZIndex::spread(below.as_ref(), above.as_ref(), 5_000);
            assert_eq!(places.len(), 5_000);
            let all: Vec<_> = below.iter().chain(&places).chain(&above).collect();
            assert!(all.is_sorted_by(|a, b| a < b));
            assert!(places.iter().all(|place| ZIndex::parse(place.as_str()).is_some()));
            assert!(places.iter().all(|place| place.as_str().len() < 12));
        }
    }

    proptest! {
        #[test]
        fn there_is_always_room(gaps in prop::collection::vec(any::<prop::sample::Index>(), 1..300)) {
            let mut places: Vec<ZIndex> = Vec::new();
            for gap in gaps {
                let at = gap.index(places.len() + 1);
                let below = at.checked_sub(1).map(|i| &places[i]);
                let new = ZIndex::between(below, places.get(at));
                prop_assert_eq!(ZIndex::parse(new.as_str()), Some(new.clone()));
                places.insert(at, new);
            }
            prop_assert!(places.is_sorted_by(|a, b| a < b));
        }
    }
}
