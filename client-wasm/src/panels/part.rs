//! An element of a panel while it is put together. It takes the place of Leptos's `view!`, which gives
//! every element a type of its own with code of its own: the page was a sixth heavier. Nothing asked of
//! the browser here can fail, since names and markup are the panels' own.

mod live;

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, UnwrapThrowExt};
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

use crate::browser::{body, document, queue_microtask, set_timeout};
use crate::live::keep;

/// A listener, which outlives its owner for a moment: an event is given to all listeners of an element, also
/// if the first of them takes it away.
struct Held(Option<Closure<dyn FnMut(Event)>>);

impl Drop for Held {
    fn drop(&mut self) {
        let listener = self.0.take();
        set_timeout(0, move || drop(listener));
    }
}

/// An element. What keeps it up to date belongs to the reactive owner in which it is made.
#[derive(Clone, PartialEq)]
pub(crate) struct Part(Element);

impl Part {
    /// The one element of some markup, whose tags need not be closed. What people wrote is never
    /// markup: it is given to [`Part::text`] or [`Part::attribute`].
    pub(crate) fn html(markup: &'static str) -> Self {
        let holder = Self::new("div").0;
        holder.set_inner_html(markup);
        Self(holder.first_element_child().expect_throw("the panels' markup has an element"))
    }

    /// An empty element.
    pub(crate) fn new(tag: &str) -> Self {
        Self(document().create_element(tag).expect_throw("the panels' tags are words"))
    }

    /// A button: what it is for the styles, and what it is called by those who do not see its icon.
    pub(crate) fn button(class: &str, name: &str) -> Self {
        Self::new("button").attribute("class", class).attribute("aria-label", name)
    }

    /// The page itself.
    pub(crate) fn root() -> Self {
        Self(document().document_element().expect_throw("a page has a root"))
    }

    /// Puts it at the end of the page.
    pub(crate) fn show(&self) {
        body().append_child(&self.0).ok();
    }

    /// The element as what its tag makes it, such as a field.
    pub(crate) fn as_element<T: JsCast>(&self) -> T {
        self.0.clone().unchecked_into()
    }

    /// With an attribute.
    pub(crate) fn attribute(self, name: &str, value: &str) -> Self {
        self.0.set_attribute(name, value).ok();
        self
    }

    /// With a text after what is in it.
    pub(crate) fn text(self, text: &str) -> Self {
        self.0.append_with_str_1(text).ok();
        self
    }

    /// With a child after what is in it.
    pub(crate) fn child(self, child: impl Into<Part>) -> Self {
        self.0.append_child(&child.into().0).ok();
        self
    }

    /// With any number of children after what is in it.
    pub(crate) fn children(self, children: impl IntoIterator<Item = Part>) -> Self {
        children.into_iter().fold(self, Self::child)
    }

    /// With a listener, which lives as long as the reactive owner in which the element is made. (If the
    /// browser held it, one that knows its own element would keep both for ever.)
    pub(crate) fn on(self, event: &str, listener: impl FnMut(&Event) + 'static) -> Self {
        self.listen(event, Box::new(listener));
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

    fn listen(&self, event: &str, mut listener: Box<dyn FnMut(&Event)>) {
        let listener = move |event: Event| listener(&event);
        let listener = Closure::<dyn FnMut(Event)>::new(listener);
        let function = listener.as_ref().unchecked_ref();
        self.0.add_event_listener_with_callback(event, function).ok();
        keep(Held(Some(listener)));
    }

    /// With the focus as soon as it is on the page.
    pub(crate) fn focused(self) -> Self {
        let element: HtmlElement = self.as_element();
        queue_microtask(move || drop(element.focus()));
        self
    }
}
