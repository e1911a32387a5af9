//! What the document's observers see: what the author wrote, what was touched and by whom, and what others wrote since
//! there are steps to be taken back.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use yrs::types::{EntryChange, Event, Path, PathSegment};
use yrs::{Any, DeepObservable, Out, TransactionMut};

use super::growth::{Touch, chunk_number};
use super::history::Made;
use super::read::key;
use super::replica::Replica;
use super::steps::StepsSeen;
use crate::id::ElementId;

/// What the document's observers saw since it was last asked for.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) own_updates: Vec<Vec<u8>>,
    pub(super) touched: HashMap<ElementId, Touch>,
    /// How many updates by others have come.
    pub(super) n_remote: u64,
    /// What others did to elements since there are steps to be undone.
    pub(super) others: HashMap<ElementId, Theirs>,
    /// The step that is taken back or made again right now.
    pub(super) going: Option<Made>,
    /// What that step changed although others had written it since the step was made: what they last wrote.
    pub(super) overwritten: Vec<(ElementId, Written)>,
    /// The elements whose properties the current step has changed so far.
    pub(super) in_step: HashSet<ElementId>,
    /// Whether the next step belongs to the one before.
    pub(super) is_linked: bool,
    /// Whether there was ever a step.
    pub(super) has_steps: bool,
    /// What the steps changed.
    pub(super) steps: StepsSeen,
}

/// What others did to an element.
#[derive(Default)]
pub(super) struct Theirs {
    /// When they last did anything, counted like `n_remote`.
    pub(super) at: u64,
    properties: Vec<Written>,
}

/// A property that somebody wrote.
#[derive(Clone)]
pub(super) struct Written {
    pub(super) key: Arc<str>,
    /// `None` if it was taken away.
    pub(super) value: Option<Any>,
    /// Counted like `n_remote`.
    at: u64,
}

impl Written {
    /// `None` if it is no simple value: in what is more than that each has a part of its own.
    fn of(key: &Arc<str>, change: &EntryChange, at: u64) -> Option<Self> {
        let value = match change {
            EntryChange::Inserted(Out::Any(value)) | EntryChange::Updated(_, Out::Any(value)) => {
                Some(value.clone())
            }
            EntryChange::Removed(_) => None,
            _ => return None,
        };
        Some(Self { key: Arc::clone(key), value, at })
    }
}

pub(super) fn observe(replica: &Replica, seen: &Arc<Mutex<Seen>>) {
    let updates = Arc::clone(seen);
    // Not `observe_update_v1`: that one encodes what others have sent once more.
    replica
        .doc
        .observe_transaction_cleanup("updates", move |txn, event| {
            let is_news = event.before_state != event.after_state || !event.delete_set.is_empty();
            if txn.origin().is_some() && is_news {
                lock(&updates).own_updates.push(txn.encode_update_v1());
            }
        })
        .expect("nobody else holds the document while it is being made");
    let touched = Arc::clone(seen);
    replica.elements.observe_deep("touched", move |txn, events| {
        let mut seen = lock(&touched);
        let is_own = txn.origin().is_some();
        if !is_own {
            seen.n_remote += 1;
        }
        for event in events.iter() {
            let path = event.path();
            match (path.front(), event) {
                (Some(PathSegment::Key(id)), _) => {
                    let touch = grown(txn, event, &path).map_or(Touch::Changed, Touch::Grown);
                    if is_own && seen.going.is_none() {
                        seen.in_step.extend(ElementId::parse(id).ok());
                    }
                    seen.touch(id, touch, is_own);
                    if let (1, Event::Map(map)) = (path.len(), event)
                        && (!is_own && seen.has_steps || seen.going.is_some())
                        && let Ok(id) = ElementId::parse(id)
                    {
                        let changes = map.keys(txn).iter();
                        changes.for_each(|(key, change)| seen.note_property(&id, key, change));
                    }
                }
                (None, Event::Map(root)) => {
                    for (id, change) in root.keys(txn) {
                        seen.touch(id, Touch::Changed, is_own);
                        if !is_own && seen.has_steps {
                            seen.note_turned(id, change);
                        } else if is_own && seen.going.is_none() {
                            seen.steps.note_turned(id, change);
                        }
                    }
                }
                _ => {}
            }
        }
    });
}

/// The numbers of the chunks that came, if that is all that happened to some ink.
fn grown(txn: &TransactionMut<'_>, event: &Event, path: &Path) -> Option<Vec<u32>> {
    let (Some(PathSegment::Key(name)), 2, Event::Map(chunks)) = (path.get(1), path.len(), event)
    else {
        return None;
    };
    let number = |(key, change): (&Arc<str>, &EntryChange)| match change {
        EntryChange::Inserted(_) => chunk_number(key),
        EntryChange::Updated(..) | EntryChange::Removed(_) => None,
    };
    let numbers = || chunks.keys(txn).iter().map(number).collect();
    if **name == *key::INK { numbers() } else { None }
}

impl Seen {
    /// Others put an element on the board or took it away.
    fn note_turned(&mut self, id: &str, change: &EntryChange) {
        if let Some(theirs) = self.others.get_mut(id) {
            theirs.properties.clear();
        }
        self.steps.note_removed(id, change);
    }

    /// A property was changed: by others, or by a step that is gone.
    fn note_property(&mut self, id: &ElementId, key: &Arc<str>, change: &EntryChange) {
        let Some(theirs) = self.others.get_mut(id) else { return };
        let at = theirs.properties.iter().position(|it| it.key == *key);
        let new = Written::of(key, change, self.n_remote);
        if let Some(made) = self.going {
            if let Some(at) = at
                && theirs.properties[at].at > made.at
                && new.is_none_or(|new| new.value != theirs.properties[at].value)
            {
                self.overwritten.push((id.clone(), theirs.properties[at].clone()));
            }
            return;
        }
        if let Some(at) = at {
            theirs.properties.swap_remove(at);
        }
        theirs.properties.extend(new);
    }

    fn touch(&mut self, id: &str, touch: Touch, is_own: bool) {
        let is_known = !self.has_steps && self.touched.get(id) == Some(&Touch::Changed);
        // A key that is no id is another program's: it is kept and not shown.
        if !is_known && let Ok(id) = ElementId::parse(id) {
            if is_own {
                self.steps.note_own(&id);
            } else if self.has_steps {
                self.others.entry(id.clone()).or_default().at = self.n_remote;
            }
            match self.touched.entry(id) {
                Entry::Occupied(before) => before.into_mut().merge(touch),
                Entry::Vacant(none) => {
                    none.insert(touch);
                }
            }
        }
    }
}

/// The lock is only held for a push or a swap, so a poisoned one still holds whole data.
pub(super) fn lock(seen: &Mutex<Seen>) -> std::sync::MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}
