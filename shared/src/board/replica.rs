//! The board document as both ends replicate it: apply, compare, encode. Knows nothing of undo or of
//! who is allowed what.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{
    Doc, Map, MapRef, OffsetKind, Options, ReadTxn, StateVector, Transact, Update, WriteTxn,
};

use super::read::read_elements;
use crate::element::Element;
use crate::id::{ClientId, ElementId};
use crate::scan::{scan_state_vector, scan_update};

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
    /// The update builds on structs that are not here: the document must be rebuilt, and the sender
    /// should sync and send again.
    #[error("the update builds on others that are missing")]
    Missing,
}

/// An update that could be decoded, with what it would add.
pub struct CheckedUpdate {
    update: Update,
    authors: Vec<ClientId>,
    is_news: bool,
}

impl CheckedUpdate {
    /// The authors of structs that the document does not have yet.
    pub fn authors(&self) -> &[ClientId] {
        &self.authors
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
}

impl Default for Replica {
    fn default() -> Self {
        Self::new(None)
    }
}

impl Replica {
    /// An empty document. `author` is under whom it is going to be written, if anyone.
    pub fn new(author: Option<ClientId>) -> Self {
        let author = author.map_or(0, ClientId::value);
        let doc = Doc::with_options(Options {
            offset_kind: OffsetKind::Utf16,
            ..Options::with_client_id(yrs::ClientID::new(author))
        });
        let elements = doc.get_or_insert_map(ELEMENTS);
        Self { doc, elements }
    }

    /// Decodes a Yjs v1 update and finds out what it would add. An update that skips some of its
    /// author's structs is [`ReplicaError::Missing`]; the document is as it was.
    pub fn check(&self, bytes: &[u8]) -> Result<CheckedUpdate, ReplicaError> {
        let update = decode_update(bytes)?;
        let known = self.doc.transact().state_vector();
        let mut authors = Vec::new();
        for (client, ranges) in update.insertions(true).iter() {
            let mut ranges: Vec<_> = ranges.iter().map(|range| (range.start, range.end)).collect();
            ranges.sort_unstable();
            // The CRDT would take structs that skip some of their author's, and then count those as
            // known: sent later, they would look like old news and be lost.
            let mut clock = known.get(client);
            for (start, end) in ranges {
                if start > clock {
                    return Err(ReplicaError::Missing);
                }
                clock = clock.max(end);
            }
            if clock > known.get(client) {
                let author = ClientId::new(client.get());
                authors.push(author.ok_or_else(|| {
                    ReplicaError::Malformed("a client id of 2^53 or more".into())
                })?);
            }
        }
        let is_news = !authors.is_empty() || !update.delete_set().is_empty();
        Ok(CheckedUpdate { update, authors, is_news })
    }

    /// Takes in a checked update; the answer is whether it changed anything. After an error the
    /// document may have changed and is to be dropped.
    pub fn apply(&mut self, checked: CheckedUpdate) -> Result<bool, ReplicaError> {
        let doc = &self.doc;
        let has_structs = !checked.authors.is_empty();
        // The CRDT panics on some damaged updates; the caller drops the document then, so that no
        // broken invariant is ever seen.
        let applied = catch_unwind(AssertUnwindSafe(|| {
            let mut txn = doc.transact_mut();
            let applied = txn.apply_update(checked.update);
            let is_missing = txn.has_missing_updates();
            if is_missing {
                txn.prune_pending();
            }
            applied.map(|()| (is_missing, has_structs || !txn.delete_set().is_empty()))
        }));
        match applied {
            Ok(Ok((false, is_change))) => Ok(is_change),
            Ok(Ok((true, _))) => Err(ReplicaError::Missing),
            Ok(Err(error)) => Err(ReplicaError::Broken(error.to_string())),
            Err(_) => Err(ReplicaError::Broken("the CRDT panicked".into())),
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
            scan_state_vector(state_vector)
                .map_err(|error| ReplicaError::Malformed(error.to_string()))?;
            StateVector::decode_v1(state_vector)
                .map_err(|error| ReplicaError::Malformed(error.to_string()))?
        };
        // Not `encode_state_as_update`: that one panics when structs are pending.
        Ok(self.doc.transact().encode_diff_v1(&theirs))
    }

    /// Whether anything was ever written under `author`.
    pub fn knows(&self, author: ClientId) -> bool {
        self.doc.transact().state_vector().contains_client(&yrs::ClientID::new(author.value()))
    }

    /// The ids of the elements that are there.
    pub(super) fn ids(&self) -> HashSet<ElementId> {
        let txn = self.doc.transact();
        let ids = self.elements.keys(&txn);
        ids.filter_map(|id| ElementId::parse(id).ok()).collect()
    }

    /// Every element in the order of the stack, bottom first.
    pub fn elements(&self) -> Vec<Element> {
        read_elements(&self.doc.transact(), &self.elements)
    }
}

fn decode_update(bytes: &[u8]) -> Result<Update, ReplicaError> {
    scan_update(bytes).map_err(|error| ReplicaError::Malformed(error.to_string()))?;
    catch_unwind(|| Update::decode_v1(bytes))
        .map_err(|_| ReplicaError::Malformed("decoding it panicked".into()))?
        .map_err(|error| ReplicaError::Malformed(error.to_string()))
}
