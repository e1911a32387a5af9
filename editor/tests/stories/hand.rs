//! Gestures as stories: a hand on one board, in pixels at 100 %, with simulated time.

use std::collections::BTreeSet;
use std::time::Duration;

use editor::{
    Command, Editor, Effects, Input, KeyPress, Modifiers, Pointer, PointerKind, Sample,
    ScreenPoint, ScreenSize, Tool,
};
use shared::board::Board;
use shared::element::{Element, NewElement, Shape, Style};
use shared::geometry::{BoardPoint, Geometry};
use shared::id::{ClientId, ElementId};
use shared::presence::Presence;
use shared::time::Time;

/// Somebody at a board. The board point (0, 0) is at pixel (0, 0).
pub struct Hand {
    /// The editor.
    pub editor: Editor,
    /// The board.
    pub board: Board,
    /// What others see of this hand.
    pub shown: Presence,
    /// What followed from the last input.
    pub effects: Effects,
    /// The keys that are held.
    pub held: Modifiers,
    /// The device.
    pub kind: PointerKind,
    now: Time,
    is_alone: bool,
    n_others: u64,
}

impl Hand {
    pub fn new() -> Self {
        Self { is_alone: true, ..Self::of(1) }
    }

    /// One of several at the same board. What others take away may leave names that lead nowhere.
    pub fn of(person: u64) -> Self {
        let mut hand = Self {
            editor: Editor::default(),
            board: Board::new(ClientId::new(person).expect("it is an id"), person),
            is_alone: false,
            shown: Presence::default(),
            effects: Effects::default(),
            held: Modifiers::default(),
            kind: PointerKind::Mouse,
            now: Time(0),
            n_others: 0,
        };
        hand.board.attach_by(scene::attached);
        hand.input(Input::Resize(ScreenSize { width: 1000.0, height: 800.0 }));
        hand.effects =
            hand.editor.look(|camera| camera.look_at(BoardPoint::new(500.0, 400.0), 1.0));
        hand
    }

    pub fn input(&mut self, input: Input) -> &mut Self {
        self.effects = self.editor.handle(self.now, input, &mut self.board);
        self.shown.apply(self.effects.presence.clone());
        self.check();
        self
    }

    /// What must hold after every step.
    #[track_caller]
    fn check(&self) {
        let is_here = |id: &ElementId| !self.is_alone || self.board.element(id).is_some();
        let is_on_board = |id: &ElementId| self.board.element(id).is_some();
        assert!(self.editor.selection().all(is_on_board), "what is selected is on the board");
        for element in self.board.elements() {
            let Geometry { x, y, w, h, angle, .. } = element.geometry;
            let numbers = [x, y, w, h, angle, element.style.width, element.style.opacity];
            assert!(numbers.iter().all(|number| number.is_finite()), "{element:?}");
            assert!(w >= 0.0 && h >= 0.0, "{element:?}");
            assert!(element.frame.as_ref().is_none_or(is_here), "no frame: {element:?}");
            let bound = match &element.shape {
                Shape::Text(text) => {
                    assert!(text.size.is_finite() && text.size > 0.0, "{element:?}");
                    vec![text.container.as_ref()]
                }
                Shape::Arrow(arrow) => {
                    [&arrow.start, &arrow.end].map(|end| end.as_ref().map(|it| &it.element)).into()
                }
                _ => Vec::new(),
            };
            assert!(bound.into_iter().flatten().all(is_here), "leads nowhere: {element:?}");
        }
    }

    /// Puts elements on the board by somebody else's hand, so that undo here does not take them away.
    pub fn given(&mut self, elements: Vec<NewElement>) -> Vec<ElementId> {
        self.n_others += 1;
        let id = ClientId::new(100 + self.n_others).expect("it is an id");
        let mut other = Board::new(id, id.value());
        other.apply_remote(&self.board.diff(&other.state_vector()).unwrap()).unwrap();
        let originals = elements.into_iter().enumerate();
        let originals = originals.map(|(n, element)| (ElementId::of_number(n), element));
        let ids = other.insert_copies(originals.collect());
        self.board.apply_remote(&other.diff(&self.board.state_vector()).unwrap()).unwrap();
        self.input(Input::BoardChanged);
        ids
    }

    /// Rectangles of somebody else's, each `[x, y, w, h]`.
    pub fn given_boxes(&mut self, boxes: &[[f64; 4]]) -> Vec<ElementId> {
        let rectangle = |&[x, y, w, h]: &[f64; 4]| {
            let geometry = Geometry { x, y, w, h, ..Geometry::default() };
            NewElement::new(Some(geometry), Style::default(), Shape::Rectangle)
        };
        self.given(boxes.iter().map(rectangle).collect())
    }

    /// Where the elements are, bottom first: `[x, y, w, h]`.
    #[track_caller]
    pub fn expect_boxes(&self, boxes: &[[f64; 4]]) -> &Self {
        let found = self.elements().into_iter().map(|element| {
            let Geometry { x, y, w, h, .. } = element.geometry;
            [x, y, w, h]
        });
        assert_eq!(found.collect::<Vec<_>>(), boxes);
        self
    }

    #[track_caller]
    pub fn expect_chosen(&self, ids: &[&ElementId]) -> &Self {
        let chosen: BTreeSet<_> = self.editor.selection().collect();
        assert_eq!(chosen, ids.iter().copied().collect());
        self
    }

    pub fn geometry(&self, id: &ElementId) -> Geometry {
        self.board.element(id).expect("it is on the board").geometry
    }

    pub fn double_click(&mut self, x: f64, y: f64) -> &mut Self {
        self.click(x, y).click(x, y).input(Input::DoubleClick(ScreenPoint::new(x, y)))
    }

    pub fn pass(&mut self, time: Duration) -> &mut Self {
        self.now = self.now + time;
        self.input(Input::Tick)
    }

    pub fn pick(&mut self, tool: Tool) -> &mut Self {
        self.input(Input::Pick(tool))
    }

    pub fn command(&mut self, command: Command) -> &mut Self {
        self.input(Input::Command(command))
    }

    pub fn press(&mut self, x: f64, y: f64) -> &mut Self {
        let pointer = self.pointer(1, x, y);
        self.input(Input::Down(pointer))
    }

    pub fn move_to(&mut self, x: f64, y: f64) -> &mut Self {
        let pointer = self.pointer(1, x, y);
        self.input(Input::Move(pointer, vec![pointer.sample]))
    }

    pub fn release(&mut self, x: f64, y: f64) -> &mut Self {
        let pointer = self.pointer(1, x, y);
        self.input(Input::Up(pointer))
    }

    pub fn click(&mut self, x: f64, y: f64) -> &mut Self {
        self.press(x, y).release(x, y)
    }

    pub fn drag(&mut self, from: (f64, f64), to: (f64, f64)) -> &mut Self {
        self.press(from.0, from.1);
        for step in 1..=4 {
            let part = f64::from(step) / 4.0;
            self.move_to(from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part);
        }
        self.release(to.0, to.1)
    }

    pub fn key(&mut self, key: &str) -> &mut Self {
        let code = match key {
            " " => "Space".into(),
            key if key.len() == 1 && key.as_bytes()[0].is_ascii_digit() => format!("Digit{key}"),
            key if key.len() == 1 => format!("Key{}", key.to_uppercase()),
            key => key.into(),
        };
        let press = KeyPress { key: key.into(), code, modifiers: self.held };
        self.input(Input::KeyDown(press))
    }

    pub fn holding(&mut self, held: Modifiers, act: impl FnOnce(&mut Self)) -> &mut Self {
        self.held = held;
        act(self);
        self.held = Modifiers::default();
        self
    }

    pub fn pointer(&self, id: i32, x: f64, y: f64) -> Pointer {
        let sample = Sample { at: ScreenPoint::new(x, y), pressure: 0.5 };
        Pointer { id, kind: self.kind, button: 0, sample, modifiers: self.held, now: self.now }
    }

    pub fn elements(&self) -> Vec<Element> {
        self.board.elements().map(|element| (**element).clone()).collect()
    }

    #[track_caller]
    pub fn only(&self) -> Element {
        let elements = self.elements();
        assert_eq!(elements.len(), 1, "one element: {elements:?}");
        elements[0].clone()
    }

    #[track_caller]
    pub fn expect_box(&self, x: f64, y: f64, w: f64, h: f64) -> &Self {
        let g = self.only().geometry;
        assert_eq!((g.x, g.y, g.w, g.h), (x, y, w, h));
        self
    }

    #[track_caller]
    pub fn expect_kinds(&self, kinds: &[&str]) -> &Self {
        let found: Vec<String> = self.elements().iter().map(|e| e.shape.kind().into()).collect();
        assert_eq!(found, kinds);
        self
    }

    pub fn n_selected(&self) -> usize {
        self.editor.selection().len()
    }

    pub fn n_ink_points(&self) -> usize {
        self.elements()
            .iter()
            .map(|element| match &element.shape {
                Shape::Ink(ink) => ink.points.len(),
                _ => 0,
            })
            .sum()
    }
}
