//! What is attached to other elements: arrows to what they are bound to, labels to what they label.
//!
//! How such an element stands is not written when the others move, but worked out whenever it is read:
//! two people who move an arrow's two ends at once get an arrow that touches both. It follows from the
//! document alone, so all copies agree. How it stands is a rule that whoever knows outlines gives.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::author::Board;
use crate::element::{Element, Shape};
use crate::id::ElementId;

/// How an element stands by what it is attached to; `None` if as the document has it.
pub type Attach = fn(&Element, &dyn Around) -> Option<Element>;

/// The elements that an attached one looks at.
pub trait Around {
    /// The element called `id`.
    fn element(&self, id: &ElementId) -> Option<Arc<Element>>;
    /// The texts that label the element called `id`, in the order of the stack.
    fn labels(&self, id: &ElementId) -> Vec<Arc<Element>>;
}

/// What is attached to what.
#[derive(Default)]
pub(super) struct Attached {
    rule: Option<Attach>,
    /// The elements that stand otherwise than the document has them, as it does.
    stored: HashMap<ElementId, Arc<Element>>,
    /// Whom each element is named by, whether it is on the board or not.
    named_by: HashMap<ElementId, BTreeSet<ElementId>>,
    /// What was named until just now.
    left: Vec<ElementId>,
}

impl Attached {
    /// An element goes, or is going to be read anew. As the document had it.
    pub(super) fn forget(&mut self, element: Arc<Element>) -> Arc<Element> {
        let stored = self.stored.remove(&element.id).unwrap_or(element);
        for name in names(&stored) {
            if let Some(by) = self.named_by.get_mut(name) {
                by.remove(&stored.id);
                if by.is_empty() {
                    self.named_by.remove(name);
                }
            }
            self.left.push(name.clone());
        }
        stored
    }

    /// An element was read.
    pub(super) fn learn(&mut self, element: &Element) {
        for name in names(element) {
            self.named_by.entry(name.clone()).or_default().insert(element.id.clone());
        }
    }
}

/// The elements that `element` names.
fn names(element: &Element) -> impl Iterator<Item = &ElementId> {
    bonds(element).chain(&element.frame)
}

/// The elements that `element` stands by.
fn bonds(element: &Element) -> impl Iterator<Item = &ElementId> {
    let own = match &element.shape {
        Shape::Arrow(arrow) => [&arrow.start, &arrow.end].map(|it| it.as_ref().map(|b| &b.element)),
        Shape::Text(text) => [text.container.as_ref(), None],
        _ => [None, None],
    };
    own.into_iter().flatten()
}

impl Board {
    /// Lets attached elements stand by `rule` from now on.
    pub fn attach_by(&mut self, rule: Attach) {
        self.attached.rule = Some(rule);
        let all: Vec<ElementId> = self.elements().map(|element| element.id.clone()).collect();
        self.attach(all);
    }

    /// The elements that name `id`: arrows that are bound to it, its labels, what lies in it if it is a
    /// frame.
    pub fn naming(&self, id: &ElementId) -> impl Iterator<Item = &Arc<Element>> {
        self.attached.named_by.get(id).into_iter().flatten().filter_map(|by| self.element(by))
    }

    /// Whether the element stands otherwise than the document has it.
    pub(super) fn is_attached(&self, id: &ElementId) -> bool {
        self.attached.stored.contains_key(id)
    }

    /// Works out anew how all stand that are attached to these elements, or are among them.
    pub(super) fn attach(&mut self, mut touched: Vec<ElementId>) {
        touched.append(&mut self.attached.left);
        let Some(rule) = self.attached.rule else { return };
        let (mut arrows, mut labels) = (BTreeSet::new(), BTreeSet::new());
        for id in touched {
            if let Some(Shape::Text(text)) = self.element(&id).map(|element| &element.shape) {
                // An arrow leaves room for its label.
                arrows.extend(text.container.clone());
            }
            // What merely lies in a frame stands by itself.
            let naming = self.naming(&id).filter(|it| bonds(it).any(|other| *other == id));
            let (bound, labeling): (Vec<_>, Vec<_>) = naming.partition(|it| is_arrow(it));
            arrows.extend(bound.into_iter().map(|it| it.id.clone()));
            labels.extend(labeling.into_iter().map(|it| it.id.clone()));
            if self.element(&id).is_some_and(is_arrow) {
                arrows.insert(id);
            } else {
                labels.insert(id);
            }
        }
        for arrow in arrows {
            labels.extend(self.labels(&arrow).into_iter().map(|label| label.id.clone()));
            if self.element(&arrow).is_some_and(is_arrow) {
                self.attach_one(arrow, rule);
            }
        }
        for label in labels {
            self.attach_one(label, rule);
        }
    }

    fn attach_one(&mut self, id: ElementId, rule: Attach) {
        let Some(stored) = self.stored(&id) else { return };
        match rule(&stored, self) {
            Some(attached) => {
                self.elements.insert(id.clone(), Arc::new(attached));
                self.attached.stored.insert(id.clone(), stored);
            }
            None if self.is_attached(&id) => {
                self.attached.stored.remove(&id);
                self.elements.insert(id.clone(), stored);
            }
            None => return,
        }
        self.changes.insert(id);
    }

    /// The element as the document has it.
    pub(super) fn stored(&self, id: &ElementId) -> Option<Arc<Element>> {
        self.attached.stored.get(id).or_else(|| self.elements.get(id)).cloned()
    }
}

/// Labels are given as the document has them, arrows as they stand: an arrow does not look at where
/// a label is, and a label is not on a label, so the order in which they are worked out does not matter.
impl Around for Board {
    fn element(&self, id: &ElementId) -> Option<Arc<Element>> {
        let element = self.elements.get(id)?;
        if matches!(element.shape, Shape::Text(_)) {
            self.stored(id)
        } else {
            Some(Arc::clone(element))
        }
    }

    fn labels(&self, id: &ElementId) -> Vec<Arc<Element>> {
        let is_label = |it: &&Arc<Element>| matches!(&it.shape, Shape::Text(text) if text.container.as_ref() == Some(id));
        let mut labels: Vec<Arc<Element>> = Vec::new();
        for label in self.naming(id).filter(is_label).filter_map(|it| self.stored(&it.id)) {
            // There is one at most, unless two have made one at once.
            let at = labels.partition_point(|it| (&it.z, &it.id) < (&label.z, &label.id));
            labels.insert(at, label);
        }
        labels
    }
}

fn is_arrow(element: &Arc<Element>) -> bool {
    matches!(element.shape, Shape::Arrow(_))
}
