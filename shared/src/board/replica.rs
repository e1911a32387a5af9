//! The board document as both ends replicate it: apply, compare, encode. Knows nothing of undo or of
//! who is allowed what.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{
    Doc, Map, MapRef, OffsetKind, Options, ReadTxn, StateVector, Transact, Update, WriteTxn,
};

use super::kin::has_true_parents;
use super::read::read_elements;
use crate::element::Element;
use crate::id::{ClientId, ElementId};
use crate::scan::{
    Lists, Members, PartSize, Parts, ScanError, cut_update, scan_state_vector, scan_update,
    trim_update,
};

/// The root map of elements by id.
pub(super) const ELEMENTS: &str = "elements";

/// Why bytes were not taken into the document.
#[derive(Debug, thiserror::Error)]
pub enum ReplicaError {
    /// The bytes are no update or no state vector.
    #[error("not a Yjs update: {0}")]
    Malformed(String),
    /// The update failed half-way: the document may have changed and must be rebuilt.
    #[error("the update could not be applied: {0}")]
    Broken(String),
    /// The update builds on structs that are not here: the sender should sync and send again. From
    /// [`Replica::check`] the document is as it was, which is the rule; after [`Replica::apply`] it
    /// must be rebuilt.
    #[error("the update builds on others that are missing")]
    Missing,
}

impl From<ScanError> for ReplicaError {
    fn from(error: ScanError) -> Self {
        Self::Malformed(error.to_string())
    }
}

/// An update that could be decoded, with what it would add.
pub struct CheckedUpdate {
    update: Update,
    trimmed: Option<Vec<u8>>,
    authors: Vec<ClientId>,
    lists: Members,
    n_structs: usize,
    is_news: bool,
}

impl CheckedUpdate {
    /// The authors of structs that the document does not have yet.
    pub fn authors(&self) -> &[ClientId] {
        &self.authors
    }

    /// The update without what the document has already, if there is such a part: what is going to be
    /// applied, and what others are to be given instead of the update. The sender may have written
    /// something else into what is known, and only some would build on that.
    pub fn trimmed(&self) -> Option<&[u8]> {
        self.trimmed.as_deref()
    }

    /// How many structs the document may have more of after it.
    pub fn n_structs(&self) -> usize {
        self.n_structs
    }

    /// Whether applying it would change anything, as far as can be told without applying it.
    pub fn is_news(&self) -> bool {
        self.is_news
    }
}

/// One copy of a board document.
pub struct Replica {
    pub(super) doc: Doc,
    pub(super) elements: MapRef,
    /// Under whom the document is written here, if anybody.
    author: Option<ClientId>,
    /// How far the structs of all other authors reach: the CRDT would tell of all at once.
    clocks: HashMap<ClientId, u64>,
    /// Which list each struct is in. Nothing where an author writes: what comes there was looked at by the
    /// room, and undoing moves structs to other parents.
    pub(super) lists: Lists,
}

impl Default for Replica {
    fn default() -> Self {
        Self::new(None)
    }
}

impl Replica {
    /// An empty document. `author` is under whom it is going to be written, if anyone.
    pub fn new(author: Option<ClientId>) -> Self {
        let writer = author.map_or(0, ClientId::value);
        let doc = Doc::with_options(Options {
            offset_kind: OffsetKind::Utf16,
            ..Options::with_client_id(yrs::ClientID::new(writer))
        });
        let elements = doc.get_or_insert_map(ELEMENTS);
        Self { doc, elements, author, clocks: HashMap::new(), lists: Lists::default() }
    }

    /// Decodes a Yjs v1 update and finds out what it would add. An update that builds on what is not
    /// here, or skips some of its author's structs, is [`ReplicaError::Missing`]. The document is as it
    /// was.
    pub fn check(&self, bytes: &[u8]) -> Result<CheckedUpdate, ReplicaError> {
        let outline = scan_update(bytes)?;
        let txn = self.doc.transact();
        let mut authors = Vec::new();
        let mut is_all_new = !outline.skips;
        for (&author, mention) in &outline.authors {
            let known = self.clock(&txn, author);
            let end = known.max(mention.structs.end);
            // The CRDT would take structs that skip some of their author's, and then count those as
            // known: sent later, they would look like old news and be lost. What builds on others that
            // are missing it would keep in wait for ever.
            if mention.unbroken_from > known || mention.needed > end {
                return Err(ReplicaError::Missing);
            }
            if end > known {
                authors.push(author);
            }
            is_all_new &= mention.structs.is_empty() || mention.structs.start == known;
        }
        if !has_true_parents(self, &txn, &outline) {
            return Err(ReplicaError::Malformed("a struct in what has no children".into()));
        }
        let trimmed = if is_all_new {
            None
        } else {
            Some(trim_update(bytes, |author| self.clock(&txn, author))?)
        };
        let rest = trimmed.as_deref().unwrap_or(bytes);
        let lists = if self.is_judge() { self.lists.read(rest)? } else { Members::default() };
        let n_structs = match &trimmed {
            Some(rest) => scan_update(rest)?.n_structs,
            None => outline.n_structs,
        };
        let update = decode_update(rest)?;
        let is_news = !authors.is_empty() || outline.deletes;
        Ok(CheckedUpdate { update, trimmed, authors, lists, n_structs, is_news })
    }

    /// Cuts a Yjs v1 update into parts, updates themselves, that are to be taken in one after the other;
    /// `None` if it is small enough. Only where nobody writes is it known how much work a struct is.
    pub fn cut(&self, update: &[u8], size: PartSize) -> Result<Option<Parts>, ReplicaError> {
        Ok(cut_update(update, &self.lists, size)?)
    }

    /// Whether updates come from strangers: where somebody writes they have been judged by the room. A
    /// page has no other replicas, and so none of the code for it.
    fn is_judge(&self) -> bool {
        cfg!(not(target_arch = "wasm32")) && self.author.is_none()
    }

    /// How far the structs of `author` reach that are here.
    pub(super) fn clock<T: ReadTxn>(&self, txn: &T, author: ClientId) -> u64 {
        if Some(author) == self.author {
            txn.store().get_local_state().into()
        } else {
            self.clocks.get(&author).copied().unwrap_or_default()
        }
    }

    /// Takes in a checked update; the answer is whether it changed anything. After an error the
    /// document may have changed and is to be dropped.
    pub fn apply(&mut self, checked: CheckedUpdate) -> Result<bool, ReplicaError> {
        let has_structs = !checked.authors.is_empty();
        self.lists.append(checked.lists);
        let has_deleted = self.integrate(checked.update)?;
        Ok(has_structs || has_deleted)
    }

    /// Takes in whatever it is; the answer is whether that deleted anything.
    pub(super) fn integrate(&mut self, update: Update) -> Result<bool, ReplicaError> {
        // The CRDT panics on some damaged updates; the caller drops the document then, so that no
        // broken invariant is ever seen.
        let mut txn = self.doc.transact_mut();
        let applied = catch_unwind(AssertUnwindSafe(|| txn.apply_update(update)));
        let is_missing = txn.has_missing_updates();
        if is_missing {
            txn.prune_pending();
        }
        for (author, ranges) in txn.insert_set().iter() {
            let end = ranges.iter().map(|range| u64::from(range.end)).max();
            if let (Some(author), Some(end)) = (ClientId::new(author.get()), end) {
                self.clocks.insert(author, end);
            }
        }
        let has_deleted = !txn.delete_set().is_empty();
        // Left to the transaction's drop, which may be part of unwinding, a second panic would abort.
        let committed = catch_unwind(AssertUnwindSafe(|| txn.commit()));
        match (applied, committed) {
            (Ok(Ok(())), Ok(())) if is_missing => Err(ReplicaError::Missing),
            (Ok(Ok(())), Ok(())) => Ok(has_deleted),
            (Ok(Err(error)), _) => Err(ReplicaError::Broken(error.to_string())),
            (Err(_), _) | (_, Err(_)) => Err(ReplicaError::Broken("the CRDT panicked".into())),
        }
    }

    /// Checks and applies in one.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), ReplicaError> {
        let checked = self.check(bytes)?;
        self.apply(checked)?;
        Ok(())
    }

    /// What the document has: a Yjs v1 state vector.
    pub fn state_vector(&self) -> Vec<u8> {
        self.doc.transact().state_vector().encode_v1()
    }

    /// What somebody with `state_vector` (Yjs v1; empty bytes for nothing at all) lacks: a Yjs v1 update.
    pub fn diff(&self, state_vector: &[u8]) -> Result<Vec<u8>, ReplicaError> {
        let theirs = if state_vector.is_empty() {
            StateVector::default()
        } else {
            scan_state_vector(state_vector)?;
            StateVector::decode_v1(state_vector)
                .map_err(|error| ReplicaError::Malformed(error.to_string()))?
        };
        // Not `encode_state_as_update`: that one panics when structs are pending.
        Ok(self.doc.transact().encode_diff_v1(&theirs))
    }

    /// Whether somebody with `state_vector` (Yjs v1) has structs of `author` that are not here.
    pub(super) fn lacks(&self, state_vector: &[u8], author: ClientId) -> bool {
        let theirs = scan_state_vector(state_vector).ok();
        let theirs = theirs.and_then(|()| StateVector::decode_v1(state_vector).ok());
        let reach = theirs.map_or(0, |it| it.get(&yrs::ClientID::new(author.value())).into());
        reach > self.clock(&self.doc.transact(), author)
    }

    /// Whether anything was ever written under `author`.
    pub fn knows(&self, author: ClientId) -> bool {
        self.clock(&self.doc.transact(), author) > 0
    }

    /// Those of these elements that are there.
    pub(super) fn present(&self, mut ids: Vec<ElementId>) -> Vec<ElementId> {
        let txn = self.doc.transact();
        ids.retain(|id| self.elements.contains_key(&txn, id.as_str()));
        ids
    }

    /// Every element in the order of the stack, bottom first.
    pub fn elements(&self) -> Vec<Element> {
        read_elements(&self.doc.transact(), &self.elements)
    }
}

/// Decodes what the scan let through.
pub(super) fn decode_update(bytes: &[u8]) -> Result<Update, ReplicaError> {
    catch_unwind(|| Update::decode_v1(bytes))
        .map_err(|_| ReplicaError::Malformed("decoding it panicked".into()))?
        .map_err(|error| ReplicaError::Malformed(error.to_string()))
}
