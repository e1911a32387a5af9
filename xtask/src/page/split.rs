//! Cuts a WebAssembly program in two: what a board is opened and drawn on with, and what comes after.
//!
//! Both parts share one memory and one table of functions. Whoever calls across the cut calls by the table. In the
//! places of what comes later stand functions that first ask for it: the import [`ASK`] has the second part
//! put itself into the table, so that each of them is called at most once.

mod first;
mod later;
mod outline;

use anyhow::Result;

use outline::Outline;

/// What the first part imports to ask for the second one, from the module that its first import comes from.
pub const ASK: &str = "__take_later";
/// The module that the second part imports everything from: what the first one exports.
pub const FIRST: &str = "a";

/// A program in two parts.
pub struct Parts {
    /// What runs by itself, and asks for the rest when it is needed.
    pub first: Vec<u8>,
    /// What has nothing but functions.
    pub later: Vec<u8>,
}

/// Cuts a program that has its names. What `is_later` says of a function's name, without the hashes of crates, goes
/// to the second part, and so does whatever nothing else needs.
pub fn split(program: &[u8], is_later: impl Fn(&str) -> bool) -> Result<Parts> {
    let outline = Outline::read(program)?;
    let cut = Cut::new(&outline, is_later);
    Ok(Parts {
        first: first::write(program, &outline, &cut)?,
        later: later::write(program, &outline, &cut)?,
    })
}

/// Who is where. Functions are numbered as in the whole program, imported ones first.
struct Cut {
    /// For each function, whether it goes to the second part.
    is_later: Vec<bool>,
    /// For each function that is called across the cut, its place in the table.
    slots: Vec<Option<u32>>,
    /// Those of the second part that have a place, in the order of their numbers.
    asked_for: Vec<u32>,
    /// Who takes the places that are added to the table.
    added: Vec<u32>,
}

impl Cut {
    fn new(outline: &Outline, is_later: impl Fn(&str) -> bool) -> Self {
        let is_later = outline.unreached(is_later);
        let mut slots = vec![None; is_later.len()];
        let mut added = Vec::new();
        for &(slot, function) in &outline.table {
            slots[function as usize] = Some(slot);
        }
        for (caller, callees) in outline.calls.iter().enumerate() {
            let caller = is_later[outline.n_imported as usize + caller];
            for &callee in callees {
                if is_later[callee as usize] != caller && slots[callee as usize].is_none() {
                    slots[callee as usize] = Some(outline.table_size + added.len() as u32);
                    added.push(callee);
                }
            }
        }
        let asked_for = (0..)
            .zip(&is_later)
            .filter(|&(function, later)| *later && slots[function as usize].is_some());
        let asked_for = asked_for.map(|(function, _)| function).collect();
        Self { is_later, slots, asked_for, added }
    }
}

#[cfg(test)]
mod tests;
