//! An element of a panel while it is put together. It takes the place of Leptos's `view!`, which gives
//! every element a type of its own with code of its own: the page was a sixth heavier.
//!
//! The panels of a board are put together twice. When the page is built they are [`written`] into the document, so
//! that a browser shows them while the program is still on its way; then the page's [`node`]s are those.

mod live;
#[cfg(target_arch = "wasm32")]
mod node;
#[cfg(not(target_arch = "wasm32"))]
mod written;

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, KeyboardEvent};

use crate::browser::queue_microtask;
#[cfg(target_arch = "wasm32")]
use node::{Mark, Node};
#[cfg(not(target_arch = "wasm32"))]
use written::{Mark, Node};

/// An element. What keeps it up to date belongs to the reactive owner in which it is made.
#[derive(Clone, PartialEq)]
pub(crate) struct Part(Node);

impl Part {
    /// The one element of some markup, whose tags need not be closed. What people wrote is never
    /// markup: it is given to [`Part::text`] or [`Part::attribute`].
    pub(crate) fn html(markup: &'static str) -> Self {
        Self(Node::html(markup))
    }

    /// An empty element.
    pub(crate) fn new(tag: &'static str) -> Self {
        Self(Node::new(tag))
    }

    /// A button: what it is for the styles, and what it is called by those who do not see its icon.
    pub(crate) fn button(class: &str, name: &str) -> Self {
        Self::new("button").attribute("class", class).attribute("aria-label", name)
    }

    /// The page itself.
    pub(crate) fn root() -> Self {
        Self(Node::root())
    }

    /// Puts together the whole page: out of what the document shows already, if it does, otherwise anew.
    pub(crate) fn show(make: impl FnOnce() -> Self) {
        Node::show(|| make().0);
    }

    /// The element as what its tag makes it, such as a field.
    pub(crate) fn as_element<T: JsCast>(&self) -> T {
        self.0.as_element()
    }

    /// With an attribute.
    pub(crate) fn attribute(self, name: &'static str, value: &str) -> Self {
        self.0.set_attribute(name, value);
        self
    }

    /// With a text after what is in it.
    pub(crate) fn text(self, text: &str) -> Self {
        self.0.append_text(text);
        self
    }

    /// With a child after what is in it.
    pub(crate) fn child(self, child: impl Into<Part>) -> Self {
        self.0.append(&child.into().0);
        self
    }

    /// With any number of children after what is in it.
    pub(crate) fn children(self, children: impl IntoIterator<Item = Part>) -> Self {
        children.into_iter().fold(self, Self::child)
    }

    /// The icon, drawn: the course of its lines, and that of what is filled.
    pub(super) fn drawn(self, lines: &str, filled: &str) -> Self {
        self.0.set_courses([lines, filled]);
        self
    }

    /// With a listener, which lives as long as the reactive owner in which the element is made. (If the
    /// browser held it, one that knows its own element would keep both for ever.)
    pub(crate) fn on(self, event: &'static str, listener: impl FnMut(&Event) + 'static) -> Self {
        self.0.listen(event, Box::new(listener));
        self
    }

    /// With a listener to clicks.
    pub(crate) fn on_click(self, mut listener: impl FnMut() + 'static) -> Self {
        self.on("click", move |_| listener())
    }

    /// With a listener to keys that are pressed in it.
    pub(crate) fn on_key(self, listener: fn(&KeyboardEvent)) -> Self {
        self.on("keydown", move |event| listener(event.unchecked_ref()))
    }

    /// With the focus as soon as it is on the page.
    pub(crate) fn focused(self) -> Self {
        let element: HtmlElement = self.as_element();
        queue_microtask(move || drop(element.focus()));
        self
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl Part {
    /// The element as the document has it, in a template, with the order in which its parts are made.
    pub(crate) fn template(&self) -> String {
        self.0.template()
    }
}
