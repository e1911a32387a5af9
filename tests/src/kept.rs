//! Whether a document has what was promised: asked of the content, not of any bookkeeping.

use shared::board::Replica;

/// Whether `document` has all that an update says, so that taking it in again changes nothing. If it
/// has not, the document may have changed.
pub fn has(document: &mut Replica, update: &[u8]) -> bool {
    match document.check(update) {
        Ok(checked) if !checked.authors().is_empty() => false,
        Ok(checked) => document.apply(checked).is_ok_and(|is_change| !is_change),
        Err(_) => false,
    }
}
