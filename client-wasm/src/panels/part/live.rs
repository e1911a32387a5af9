//! What of an element follows signals. Closures are boxed here, at the one place that runs them, for
//! the same reason as in the parent module.

use std::borrow::Cow;

use super::{Mark, Part};
use crate::live::{Owner, effect, untrack};

/// A word known beforehand, or a text that is made.
type Words = Cow<'static, str>;

impl Part {
    /// With a text that follows signals, in the place of all that is in it.
    pub(crate) fn live_text<W: Into<Words>>(self, text: impl Fn() -> W + 'static) -> Self {
        let element = self.0.clone();
        let write = move |text: &str| element.write_text(text);
        follow(Box::new(move || text().into()), Box::new(write));
        self
    }

    /// With an attribute that follows signals.
    pub(crate) fn live_attribute<W: Into<Words>>(
        self,
        name: &'static str,
        value: impl Fn() -> W + 'static,
    ) -> Self {
        let element = self.0.clone();
        let write = move |value: &str| element.write_attribute(name, value);
        follow(Box::new(move || value().into()), Box::new(write));
        self
    }

    /// With an attribute such as `aria-pressed`, whose words are `true` and `false`.
    pub(crate) fn live_flag(self, name: &'static str, is_so: impl Fn() -> bool + 'static) -> Self {
        self.live_attribute(name, move || if is_so() { "true" } else { "false" })
    }

    /// The input field with a value that follows signals; what is typed stays until they change.
    pub(crate) fn live_value(self, value: impl Fn() -> String + 'static) -> Self {
        let field = self.0.clone();
        follow(Box::new(move || value().into()), Box::new(move |value| field.write_value(value)));
        self
    }

    /// The button, not to be pressed while something is so.
    pub(crate) fn disabled_while(self, is_so: impl Fn() -> bool + 'static) -> Self {
        let element = self.0.clone();
        effect(Box::new(move || element.write_flag("disabled", is_so())));
        self
    }

    /// With something that is done at once, and again whenever a signal that it read has changed.
    pub(crate) fn following(self, run: impl FnMut() + 'static) -> Self {
        effect(Box::new(run));
        self
    }

    /// With a child that is made anew whenever something becomes so, and is there while it is.
    pub(crate) fn child_while(
        self,
        is_so: impl Fn() -> bool + 'static,
        child: impl Fn() -> Part + 'static,
    ) -> Self {
        self.follow_child(Box::new(is_so), Box::new(child));
        self
    }

    fn follow_child(&self, is_so: Box<dyn Fn() -> bool>, child: Box<dyn Fn() -> Part>) {
        let place = Mark::at_end_of(&self.0);
        // The child's own effects live in an owner of its own: here they would end at each run.
        let owner = Owner::new();
        let mut shown: Option<Part> = None;
        effect(Box::new(move || match (is_so(), shown.take()) {
            (true, None) => {
                let child = owner.with(|| untrack(&child));
                place.insert(&child.0);
                shown = Some(child);
            }
            (false, Some(old)) => {
                old.0.remove();
                owner.cleanup();
            }
            (_, unchanged) => shown = unchanged,
        }));
    }

    /// With children that follow signals. A child given again stays as it is, before all new ones.
    pub(crate) fn live_children(self, children: impl FnMut() -> Vec<Part> + 'static) -> Self {
        self.follow_children(Box::new(children));
        self
    }

    fn follow_children(&self, mut children: Box<dyn FnMut() -> Vec<Part>>) {
        let place = Mark::at_end_of(&self.0);
        let mut shown: Vec<Part> = Vec::new();
        effect(Box::new(move || {
            let children = children();
            shown.iter().filter(|old| !children.contains(old)).for_each(|old| old.0.remove());
            children.iter().filter(|new| !shown.contains(new)).for_each(|new| place.insert(&new.0));
            shown = children;
        }));
    }
}

/// Writes a value at once and whenever it has become another one.
fn follow(value: Box<dyn Fn() -> Words>, write: Box<dyn Fn(&str)>) {
    let mut written = None;
    effect(Box::new(move || {
        let value = value();
        if written.as_ref() != Some(&value) {
            write(&value);
            written = Some(value);
        }
    }));
}
