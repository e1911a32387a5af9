//! Gestures as stories: a hand on one board, in pixels at 100 %, with simulated time.

use std::time::Duration;

use editor::{
    Command, Editor, Effects, Input, KeyPress, Modifiers, Pointer, PointerKind, Sample,
    ScreenPoint, ScreenSize, Tool,
};
use shared::board::Board;
use shared::element::{Element, Shape};
use shared::geometry::BoardPoint;
use shared::id::ClientId;
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
}

impl Hand {
    pub fn new() -> Self {
        let mut hand = Self {
            editor: Editor::default(),
            board: Board::new(ClientId::new(1).expect("1 is an id"), 1),
            shown: Presence::default(),
            effects: Effects::default(),
            held: Modifiers::default(),
            kind: PointerKind::Mouse,
            now: Time(0),
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
        for id in self.editor.selection() {
            assert!(self.board.element(id).is_some(), "what is selected is on the board");
        }
        self
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
