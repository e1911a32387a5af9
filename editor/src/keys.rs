//! Keys as they stand in the tables of tools and commands.

use crate::input::KeyPress;

/// A key with the modifiers that must be held, and no others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Chord {
    key: &'static str,
    ctrl: bool,
    shift: bool,
    alt: bool,
}

impl Chord {
    /// `key` by itself: a lower-case letter, a digit, a sign, or a name such as `Escape`.
    pub const fn key(key: &'static str) -> Self {
        Self { key, ctrl: false, shift: false, alt: false }
    }

    /// `key` with Ctrl (Command on a Mac).
    pub const fn ctrl(key: &'static str) -> Self {
        Self { ctrl: true, ..Self::key(key) }
    }

    /// This chord with Shift.
    pub const fn with_shift(self) -> Self {
        Self { shift: true, ..self }
    }

    /// This chord with Alt.
    pub const fn with_alt(self) -> Self {
        Self { alt: true, ..self }
    }

    /// Whether `press` is this chord. Letters and digits count by their place too, so that Shift+1
    /// is found on every keyboard.
    pub fn matches(&self, press: &KeyPress) -> bool {
        let held = press.modifiers;
        let is_same = held.ctrl == self.ctrl && held.alt == self.alt;
        // A sign such as `?` may need Shift to be typed at all.
        let is_sign = self.key.len() == 1 && !self.key.as_bytes()[0].is_ascii_alphanumeric();
        let shift_fits = held.shift == self.shift || (is_sign && press.key == self.key);
        is_same && shift_fits && self.is_key_of(press)
    }

    fn is_key_of(&self, press: &KeyPress) -> bool {
        let place = press.code.strip_prefix("Digit").or_else(|| {
            // With Alt, a Mac types another letter: only the place tells.
            if press.modifiers.alt { press.code.strip_prefix("Key") } else { None }
        });
        press.key.eq_ignore_ascii_case(self.key)
            || place.is_some_and(|place| place.eq_ignore_ascii_case(self.key))
    }

    /// The chord as help shows it, a word a key.
    pub fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        for (held, word) in [(self.ctrl, "Ctrl"), (self.alt, "Alt"), (self.shift, "Shift")] {
            if held {
                words.push(word.into());
            }
        }
        words.push(match self.key {
            "ArrowUp" => "↑".into(),
            "ArrowDown" => "↓".into(),
            "ArrowLeft" => "←".into(),
            "ArrowRight" => "→".into(),
            "Escape" => "Esc".into(),
            "Delete" => "Del".into(),
            key if key.len() == 1 => key.to_ascii_uppercase(),
            key => key.into(),
        });
        words
    }
}
