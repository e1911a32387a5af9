//! What the targets try: the properties that `shared`'s own tests ask of fewer bytes.

#[path = "../../shared/tests/hostile/properties.rs"]
pub mod properties;

/// Lets panics unwind, instead of ending the process at once: those of the CRDT are caught, and are no
/// find. What is caught nowhere still ends it.
pub fn let_panics_unwind() {
    std::panic::set_hook(Box::new(|panic| {
        if panic.location().is_none_or(|at| !at.file().contains("/yrs-")) {
            eprintln!("{panic}");
        }
    }));
}
