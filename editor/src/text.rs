//! Writing text: the page shows a text field where the editor says, and reports what it says.

mod style;

use scene::{LINE_HEIGHT, Room, room};
use shared::board::{Around, Board, Change};
use shared::element::{Align, Element, Font, NewElement, Shape, Style, Text, VerticalAlign};
use shared::geometry::{BoardPoint, Geometry};
use shared::id::ElementId;
use shared::limits::{NAME_MAX_BYTES, TEXT_MAX_BYTES};

use crate::label::{Fit, Measure, fit, with_room, with_words};
use crate::relations::remove;

pub use style::TextStyle;

/// Letters of a frame's name, in pixels: they are as large on the screen however far away the frame is.
pub(crate) const NAME_SIZE: f64 = 14.0;

/// Text that is being written: the page shows a text field for it.
#[derive(Clone, PartialEq, Debug)]
pub struct TextEdit {
    /// The element, on the board or about to be.
    pub id: ElementId,
    /// Where the field is: of text in a box, as wide as the box.
    pub geometry: Geometry,
    /// Its color and opacity.
    pub style: Style,
    /// Its letters.
    pub text_style: TextStyle,
    /// What it says. When somebody else types into it, this changes and the field must follow.
    pub value: String,
    place: Place,
    vertical: VerticalAlign,
    /// Whether the board has the element.
    is_written: bool,
    /// Whether anything was typed: only then a step of undo has begun.
    is_touched: bool,
}

/// What is written.
#[derive(Clone, PartialEq, Debug)]
enum Place {
    /// Text that is as wide as it is.
    Free,
    /// Text in a box whose width was chosen.
    Box,
    /// The label of an element, which is at least so wide and high.
    Label { container: ElementId, least: (f64, f64) },
    /// The name of a frame.
    Name,
}

impl TextEdit {
    /// New text with its first line's middle at `at`.
    pub(crate) fn new(id: ElementId, at: BoardPoint, style: Style, text_style: TextStyle) -> Self {
        let height = text_style.size * LINE_HEIGHT;
        let geometry =
            Geometry { x: at.x, y: at.y - height / 2.0, w: 0.0, h: height, ..Geometry::default() };
        Self::begun(id, geometry, style, text_style, Place::Free)
    }

    fn begun(
        id: ElementId,
        geometry: Geometry,
        style: Style,
        text_style: TextStyle,
        place: Place,
    ) -> Self {
        let (value, vertical) = (String::new(), VerticalAlign::Middle);
        let (is_written, is_touched) = (false, false);
        Self { id, geometry, style, text_style, value, place, vertical, is_written, is_touched }
    }

    /// The text of an element, to be changed: of a text itself, otherwise of its label, which may be a new
    /// one; `None` if it can have none.
    pub(crate) fn of(
        element: &Element,
        style: TextStyle,
        zoom: f64,
        board: &mut Board,
    ) -> Option<Self> {
        let mut edit = match &element.shape {
            Shape::Text(text) => {
                let place = match text.container.as_ref().and_then(|id| board.element(id)) {
                    Some(container) => label_in(container),
                    None if text.wraps => Place::Box,
                    None => Place::Free,
                };
                let style = TextStyle::of(text);
                let mut edit =
                    Self::begun(element.id.clone(), element.geometry, element.style, style, place);
                edit.value.clone_from(&text.value);
                edit.vertical = text.vertical;
                edit.is_written = true;
                edit
            }
            Shape::Frame(frame) => {
                let Geometry { x, y, w, .. } = element.geometry;
                let size = NAME_SIZE / zoom;
                let h = size * LINE_HEIGHT;
                let geometry = Geometry { x, y: y - size * 1.5, w, h, ..Geometry::default() };
                let style = TextStyle { size, font: Font::Sans, align: Align::Left };
                let color = Style::default();
                let mut edit = Self::begun(element.id.clone(), geometry, color, style, Place::Name);
                edit.value.clone_from(&frame.name);
                edit.is_written = true;
                edit
            }
            _ => {
                room(element, style.size)?;
                if let Some(label) = board.labels(&element.id).first() {
                    return Self::of(label, style, zoom, board);
                }
                let style = TextStyle { align: Align::Center, ..style };
                let is_note = matches!(element.shape, Shape::Note);
                let color = Style {
                    stroke: if is_note { Style::default().stroke } else { element.style.stroke },
                    opacity: element.style.opacity,
                    ..Style::default()
                };
                let geometry = Geometry::default();
                Self::begun(board.new_id(), geometry, color, style, label_in(element))
            }
        };
        edit.follow_container(board);
        Some(edit)
    }

    /// Whether lines are broken at the field's width.
    pub fn wraps(&self) -> bool {
        matches!(self.place, Place::Box | Place::Label { .. })
    }

    /// The element that is labeled.
    pub(crate) fn container(&self) -> Option<&ElementId> {
        match &self.place {
            Place::Label { container, .. } => Some(container),
            _ => None,
        }
    }

    /// Whether it is a frame's name, which has one line.
    pub fn is_name(&self) -> bool {
        self.place == Place::Name
    }

    /// Whether the element is hidden while the field stands for it.
    pub(crate) fn hides(&self) -> bool {
        !self.is_name()
    }

    /// The room for a label in what it labels, as that is now.
    fn room(&self, board: &Board) -> Option<Room> {
        room(board.element(self.container()?)?, self.text_style.size)
    }

    /// Puts the field where the label is in what it labels, and over all of its width.
    fn follow_container(&mut self, board: &Board) {
        let Some(room) = self.room(board) else { return };
        let h = self.geometry.h.max(self.text_style.size * LINE_HEIGHT);
        self.geometry = room.place(&self.text(Vec::new()), room.w, h);
    }

    /// The field says something else.
    pub(crate) fn handle_typed(&mut self, value: String, board: &mut Board, measure: &Measure) {
        if !self.is_touched {
            board.begin_step();
            self.is_touched = true;
        }
        self.value = value;
        // What is longer would never get through: the field is set back to what fits.
        let max = if self.is_name() { NAME_MAX_BYTES } else { TEXT_MAX_BYTES };
        let end = self.value.floor_char_boundary(max);
        self.value.truncate(end);
        self.write(board, measure);
    }

    /// Writes the text as it is broken now.
    pub(crate) fn write(&mut self, board: &mut Board, measure: &Measure) {
        if self.place == Place::Name {
            let name = self.value.replace('\n', " ");
            return board.change(&[(self.id.clone(), Change::Name(name))]);
        }
        // What is labeled, as wide as its words need it.
        let mut container = None;
        let max = match &self.place {
            Place::Free | Place::Name => None,
            Place::Box => Some(self.geometry.w),
            Place::Label { container: id, least: (least, _) } => board.element(id).and_then(|it| {
                let geometry = with_words(it, &self.text(Vec::new()), *least, measure);
                let it = container.insert(Element { geometry, ..(**it).clone() });
                room(it, self.text_style.size).map(|room| room.w)
            }),
        };
        let Fit { lines, w, h } = fit(&self.text(Vec::new()), &self.value, max, measure);
        let mut own = Geometry { w, h, ..self.geometry };
        match &self.place {
            Place::Free => {
                own.x -= match self.text_style.align {
                    Align::Left => 0.0,
                    Align::Center => (w - self.geometry.w) / 2.0,
                    Align::Right => w - self.geometry.w,
                };
                self.geometry = own;
            }
            Place::Box | Place::Name => {
                own.w = self.geometry.w;
                self.geometry = own;
            }
            Place::Label { container: id, least: (_, least) } => {
                if let Some(it) = &container {
                    let others = board.labels(id).into_iter().filter(|it| it.id != self.id);
                    let height = h + others.map(|it| it.geometry.h).sum::<f64>();
                    let place = with_room(it, height, *least);
                    if board.element(id).is_some_and(|it| it.geometry != place) {
                        board.change(&[(id.clone(), Change::Place(place))]);
                    }
                }
                self.geometry.h = h;
            }
        }
        if self.is_written {
            board.set_text(&self.id, &self.value, &lines, own);
        } else if !self.value.trim().is_empty() {
            let container = self.container().and_then(|id| board.element(id));
            let (groups, frame) =
                container.map_or_else(Default::default, |it| (it.groups.clone(), it.frame.clone()));
            let text = Shape::Text(self.text(lines));
            let new = NewElement::new(Some(own), self.style, text);
            board.insert_as(self.id.clone(), NewElement { groups, frame, ..new });
            self.is_written = true;
        }
        self.follow_container(board);
    }

    /// The person is done; text of nothing goes. Whether the element stays, or what it labels.
    pub(crate) fn finish(mut self, board: &mut Board, measure: &Measure) -> Option<ElementId> {
        if self.is_touched && self.hides() && board.element(&self.id).is_some() {
            // Others may have typed since: the lines are broken for what it says now.
            self.write(board, measure);
        }
        if self.is_written && self.hides() && self.value.trim().is_empty() {
            remove(board, [&self.id]);
            self.is_written = false;
        }
        let container = self.container().filter(|id| board.element(id).is_some()).cloned();
        container.or(Some(self.id).filter(|_| self.is_written))
    }

    /// The board changed by somebody else's hand.
    pub(crate) fn handle_board_changed(&mut self, zoom: f64, board: &mut Board) {
        let element = board.element(&self.id).cloned();
        let now = element.and_then(|element| Self::of(&element, self.text_style, zoom, board));
        match now {
            Some(now) if now.hides() == self.hides() => {
                let (is_touched, place) = (self.is_touched, self.place.clone());
                *self = Self { is_touched, place, ..now };
            }
            // Somebody took it away: what is typed next brings it back.
            _ => {
                self.is_written = false;
                if self.container().is_some_and(|id| board.element(id).is_none()) {
                    self.place = Place::Box;
                }
            }
        }
        self.follow_container(board);
    }

    fn text(&self, lines: Vec<String>) -> Text {
        let TextStyle { size, font, align } = self.text_style;
        Text {
            value: self.value.clone(),
            lines,
            size,
            font,
            align,
            vertical: self.vertical,
            wraps: self.place == Place::Box,
            container: self.container().cloned(),
        }
    }
}

fn label_in(container: &Element) -> Place {
    Place::Label {
        container: container.id.clone(),
        least: (container.geometry.w, container.geometry.h),
    }
}
