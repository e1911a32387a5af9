//! An element of the page. Nothing asked of the browser here can fail, since names and markup are the panels' own.
//!
//! While the page takes over what the document shows already, nodes are not made but found: the document names
//! them in the order in which they are made here. What they are is not told to the browser again, only what has
//! become different since the document was written.

use std::cell::RefCell;

use js_sys::Array;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, UnwrapThrowExt};
use web_sys::{Element, Event, HtmlInputElement};

use crate::browser::{body, document, set_timeout};
use crate::early;
use crate::live::keep;

thread_local! {
    /// What the document shows and was not found yet, the last first.
    static SHOWN: RefCell<Option<Array>> = const { RefCell::new(None) };
}

/// Whether nodes are found and not made.
fn is_found() -> bool {
    SHOWN.with_borrow(Option::is_some)
}

fn find<T: JsCast>() -> Option<T> {
    SHOWN.with_borrow(|shown| shown.as_ref().map(|shown| shown.pop().unchecked_into()))
}

/// A listener, which outlives its owner for a moment: an event is given to all listeners of an element, also
/// if the first of them takes it away.
struct Held(Option<Closure<dyn FnMut(Event)>>);

impl Drop for Held {
    fn drop(&mut self) {
        let listener = self.0.take();
        set_timeout(0, move || drop(listener));
    }
}

#[derive(Clone, PartialEq)]
pub(super) struct Node(Element);

impl Node {
    pub(super) fn html(markup: &str) -> Self {
        let make = || {
            let holder = document().create_element("div").ok()?;
            holder.set_inner_html(markup);
            holder.first_element_child()
        };
        Self(find().or_else(make).expect_throw("the panels' markup has an element"))
    }

    pub(super) fn new(tag: &str) -> Self {
        let make = || document().create_element(tag).ok();
        Self(find().or_else(make).expect_throw("the panels' tags are words"))
    }

    pub(super) fn root() -> Self {
        Self(document().document_element().expect_throw("a page has a root"))
    }

    pub(super) fn show(make: impl FnOnce() -> Self) {
        SHOWN.set(early::parts());
        let page = make().0;
        if SHOWN.take().is_none() {
            body().append_child(&page).ok();
        }
        page.remove_attribute("data-early").ok();
    }

    pub(super) fn as_element<T: JsCast>(&self) -> T {
        self.0.clone().unchecked_into()
    }

    pub(super) fn set_attribute(&self, name: &str, value: &str) {
        if !is_found() {
            self.0.set_attribute(name, value).ok();
        }
    }

    pub(super) fn append_text(&self, text: &str) {
        if !is_found() {
            self.0.append_with_str_1(text).ok();
        }
    }

    pub(super) fn append(&self, child: &Self) {
        if !is_found() {
            self.0.append_child(&child.0).ok();
        }
    }

    pub(super) fn set_courses(&self, courses: [&str; 2]) {
        if !is_found() {
            for (path, course) in
                [self.0.first_element_child(), self.0.last_element_child()].into_iter().zip(courses)
            {
                path.map(|path| path.set_attribute("d", course));
            }
        }
    }

    pub(super) fn write_attribute(&self, name: &str, value: &str) {
        if !is_found() || self.0.get_attribute(name).as_deref() != Some(value) {
            self.0.set_attribute(name, value).ok();
        }
    }

    pub(super) fn write_flag(&self, name: &str, is_so: bool) {
        if !is_found() || self.0.has_attribute(name) != is_so {
            self.0.toggle_attribute_with_force(name, is_so).ok();
        }
    }

    pub(super) fn write_text(&self, text: &str) {
        if !is_found() || self.0.text_content().as_deref() != Some(text) {
            self.0.set_text_content(Some(text));
        }
    }

    pub(super) fn write_value(&self, value: &str) {
        self.0.unchecked_ref::<HtmlInputElement>().set_value(value);
    }

    pub(super) fn listen(&self, event: &str, mut listener: Box<dyn FnMut(&Event)>) {
        let listener = move |event: Event| listener(&event);
        let listener = Closure::<dyn FnMut(Event)>::new(listener);
        let function = listener.as_ref().unchecked_ref();
        self.0.add_event_listener_with_callback(event, function).ok();
        keep(Held(Some(listener)));
    }

    pub(super) fn remove(&self) {
        self.0.remove();
    }
}

/// Where children come and go: before a comment, so that those after it keep their place.
pub(super) struct Mark(web_sys::Node);

impl Mark {
    pub(super) fn at_end_of(parent: &Node) -> Self {
        Self(find().unwrap_or_else(|| {
            let mark = document().create_comment("").into();
            parent.0.append_child(&mark).ok();
            mark
        }))
    }

    pub(super) fn insert(&self, child: &Node) {
        if !is_found()
            && let Some(parent) = self.0.parent_node()
        {
            parent.insert_before(&child.0, Some(&self.0)).ok();
        }
    }
}
