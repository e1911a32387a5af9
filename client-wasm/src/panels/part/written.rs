//! An element as it is written into the document when the page is built.

use std::cell::{Cell, RefCell};
use std::fmt::Write;
use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::Event;

/// Elements that have no end.
const EMPTY: [&str; 2] = ["input", "hr"];

thread_local! {
    /// How many elements and marks were made.
    static N_MADE: Cell<usize> = const { Cell::new(0) };
}

fn number() -> usize {
    N_MADE.replace(N_MADE.get() + 1)
}

#[derive(Clone)]
pub(super) struct Node(Rc<Written>);

struct Written {
    number: usize,
    tag: String,
    attributes: RefCell<Vec<(String, String)>>,
    inside: RefCell<Vec<Inside>>,
}

enum Inside {
    Markup(String),
    Node(Node),
    Mark(usize),
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Node {
    pub(super) fn html(markup: &str) -> Self {
        let (head, inside) =
            markup.trim_start().split_once('>').expect("the panels' markup has an element");
        let head = head.trim_start_matches('<').trim_end_matches('/');
        let (tag, mut rest) = head.split_once(char::is_whitespace).unwrap_or((head, ""));
        let node = Self::new(tag);
        while let Some((name, after)) = rest.trim_start().split_once(['=', ' ']) {
            let is_word = rest.trim_start()[name.len()..].starts_with(' ');
            let quote = after.chars().next().filter(|quote| !is_word && "'\"".contains(*quote));
            let (value, after) = match quote {
                Some(quote) => after[1..].split_once(quote).expect("quotes come in pairs"),
                None => ("", after),
            };
            node.set_attribute(name.trim(), value);
            rest = after;
        }
        if !rest.trim().is_empty() {
            node.set_attribute(rest.trim(), "");
        }
        let end = format!("</{tag}>");
        let inside = inside.trim_end().strip_suffix(&*end).unwrap_or(inside);
        node.0.inside.borrow_mut().push(Inside::Markup(inside.into()));
        node
    }

    pub(super) fn new(tag: &str) -> Self {
        Self(Rc::new(Written {
            number: number(),
            tag: tag.into(),
            attributes: RefCell::default(),
            inside: RefCell::default(),
        }))
    }

    /// A page that nobody sees.
    pub(super) fn root() -> Self {
        Self::new("html")
    }

    /// Nothing is shown here.
    pub(super) fn show(make: impl FnOnce() -> Self) {
        make();
    }

    /// Nobody asks anything of it: there is no browser.
    pub(super) fn as_element<T: JsCast>(&self) -> T {
        JsValue::NULL.unchecked_into()
    }

    pub(super) fn set_attribute(&self, name: &str, value: &str) {
        let mut attributes = self.0.attributes.borrow_mut();
        attributes.retain(|(it, _)| it != name);
        attributes.push((name.into(), value.into()));
    }

    pub(super) fn append_text(&self, text: &str) {
        self.0.inside.borrow_mut().push(Inside::Markup(escaped(text)));
    }

    pub(super) fn append(&self, child: &Self) {
        self.0.inside.borrow_mut().push(Inside::Node(child.clone()));
    }

    pub(super) fn set_courses(&self, [lines, filled]: [&str; 2]) {
        let courses = format!("<path d='{lines}'/><path fill='currentColor' d='{filled}'/>");
        *self.0.inside.borrow_mut() = vec![Inside::Markup(courses)];
    }

    pub(super) fn write_attribute(&self, name: &str, value: &str) {
        self.set_attribute(name, value);
    }

    pub(super) fn write_flag(&self, name: &str, is_so: bool) {
        if is_so {
            self.set_attribute(name, "");
        }
    }

    pub(super) fn write_text(&self, text: &str) {
        *self.0.inside.borrow_mut() = vec![Inside::Markup(escaped(text))];
    }

    pub(super) fn write_value(&self, value: &str) {
        self.set_attribute("value", value);
    }

    /// The program listens.
    pub(super) fn listen(&self, _: &str, _: Box<dyn FnMut(&Event)>) {}

    /// Nothing changes once it was written.
    pub(super) fn remove(&self) {}

    pub(super) fn template(&self) -> String {
        self.set_attribute("data-early", "");
        let mut page = Page::default();
        page.write(self);
        // In the order in which they are made, each as the step from the one before.
        let mut places: Vec<(usize, usize)> =
            page.numbers.iter().enumerate().filter_map(|(at, it)| Some(((*it)?, at))).collect();
        assert_eq!(places.len(), N_MADE.get(), "a part of the page has no place in it");
        places.sort_unstable();
        let (mut steps, mut last) = (String::new(), 0);
        for (_, at) in places {
            write!(steps, "{} ", at as isize - last).ok();
            last = at as isize;
        }
        format!("<template data-order='{}'>{}</template>", steps.trim_end(), page.markup)
    }
}

/// What is written so far, and for each element and mark in it the number with which it was made, if it was.
#[derive(Default)]
struct Page {
    markup: String,
    numbers: Vec<Option<usize>>,
}

impl Page {
    fn write(&mut self, node: &Node) {
        self.numbers.push(Some(node.0.number));
        write!(self.markup, "<{}", node.0.tag).ok();
        for (name, value) in &*node.0.attributes.borrow() {
            write!(self.markup, " {name}").ok();
            if !value.is_empty() {
                write!(self.markup, "=\"{}\"", escaped(value)).ok();
            }
        }
        self.markup.push('>');
        for inside in &*node.0.inside.borrow() {
            match inside {
                Inside::Markup(markup) => {
                    let begins = |(at, _): &(usize, &str)| {
                        markup[at + 1..].starts_with(|it: char| it.is_ascii_alphabetic())
                    };
                    let n_elements = markup.match_indices('<').filter(begins).count();
                    self.numbers.extend(std::iter::repeat_n(None, n_elements));
                    self.markup.push_str(markup);
                }
                Inside::Node(node) => self.write(node),
                Inside::Mark(number) => {
                    self.numbers.push(Some(*number));
                    self.markup.push_str("<!---->");
                }
            }
        }
        if !EMPTY.contains(&&*node.0.tag) {
            write!(self.markup, "</{}>", node.0.tag).ok();
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// Where children come and go.
pub(super) struct Mark {
    parent: Node,
    number: usize,
}

impl Mark {
    pub(super) fn at_end_of(parent: &Node) -> Self {
        let mark = Self { parent: parent.clone(), number: number() };
        parent.0.inside.borrow_mut().push(Inside::Mark(mark.number));
        mark
    }

    pub(super) fn insert(&self, child: &Node) {
        let mut inside = self.parent.0.inside.borrow_mut();
        let at = inside.iter().position(|it| matches!(it, Inside::Mark(it) if *it == self.number));
        inside.insert(at.unwrap_or(0), Inside::Node(child.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_says_in_which_order_it_was_made() {
        let child = Node::html("<input type='text' hidden>");
        let icon = Node::html("<svg width=\"1\"><path d='M1 2'/></svg>");
        let page = Node::html("<p class='a'>Words ");
        page.append(&icon);
        let mark = Mark::at_end_of(&page);
        page.append(&child);
        let late = Node::new("b");
        late.write_text("1 < 2 & \"so\"");
        page.set_attribute("class", "c\"d");
        mark.insert(&late);
        // Made: the field, the icon, the page, the mark, the letters; written: page, icon, its path, letters, mark, field.
        let expected = "<template data-order='5 -4 -1 4 -1'>\
            <p class=\"c&quot;d\" data-early>Words <svg width=\"1\"><path d='M1 2'/></svg>\
            <b>1 &lt; 2 &amp; &quot;so&quot;</b><!----><input type=\"text\" hidden></p></template>";
        assert_eq!(page.template(), expected);
    }
}
