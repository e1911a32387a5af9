//! Edits that can be found again in the bytes of an update: each draws a box named after its number.

use shared::board::Board;
use shared::element::{NewElement, Shape, Style};
use shared::geometry::Geometry;
use shared::id::ElementId;

use super::client_id;

/// How a box's name begins; the digits of its number follow.
const NAME: &[u8] = b"bench-edit-";
const DIGITS: usize = 6;

/// The one writer of a room.
pub struct Author(Board);

impl Author {
    /// The client with this index, on an empty board.
    pub fn new(index: usize) -> Self {
        let id = client_id(index);
        Self(Board::new(id, id.value()))
    }

    /// Draws the next box and gives the update that says so.
    pub fn draw(&mut self, number: u32) -> Vec<u8> {
        let name = format!("{}{number:0DIGITS$}", String::from_utf8_lossy(NAME));
        let id = ElementId::parse(&name).expect("it is short and has no control characters");
        let x = f64::from(number);
        let geometry = Geometry { x, y: x, w: 40.0, h: 30.0, angle: 0.0, ..Geometry::default() };
        let new = NewElement::new(Some(geometry), Style::default(), Shape::Rectangle);
        self.0.insert_as(id, new);
        self.0.take_updates().concat()
    }
}

/// The numbers of all boxes that an update draws, in the order of its bytes.
pub fn numbers_in(update: &[u8]) -> impl Iterator<Item = u32> {
    update.windows(NAME.len() + DIGITS).filter_map(|window| {
        let digits = std::str::from_utf8(window.strip_prefix(NAME)?).ok()?;
        digits.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawn_box_is_found_in_the_update() {
        let mut author = Author::new(0);
        let updates: Vec<_> = (1..4).map(|number| author.draw(number)).collect();
        assert_eq!(numbers_in(&updates[1]).collect::<Vec<_>>(), [2]);
        assert_eq!(numbers_in(&updates.concat()).collect::<Vec<_>>(), [1, 2, 3]);
    }
}
