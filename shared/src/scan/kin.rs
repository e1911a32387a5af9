//! Whose child each struct of an update is, where an update leaves that to its neighbors.

use super::Scanned;
use super::bytes::{Bytes, Id};
use super::structs::Struct;
use crate::id::ClientId;

/// A struct's parent, as far as an update tells it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Parent<'a> {
    /// A root of this name.
    Root(&'a str),
    /// The struct of this author at this clock.
    Struct(ClientId, u64),
    /// The parent of the struct of this author at this clock, which is not among those before.
    Of(ClientId, u64),
    /// None any more.
    Gone,
}

/// The parents of the two neighbors of each struct that has two, where they are not the same at sight.
/// For updates of one author that hold nothing known; of more, some may go unnoticed.
pub fn parents_of_neighbors(update: &[u8]) -> Scanned<Vec<(Parent<'_>, Parent<'_>)>> {
    let mut bytes = Bytes(update);
    let mut pairs = Vec::new();
    for _ in 0..bytes.count()? {
        let n_structs = bytes.count()?;
        let client = bytes.client()?;
        let clock = bytes.clock()?;
        let mut section = Section { first: Id { client, clock }, end: clock, parents: Vec::new() };
        for _ in 0..n_structs {
            let one = bytes.next_struct()?;
            if let [Some(left), Some(right), _] = one.builds_on {
                let pair = (section.parent_of(left), section.parent_of(right));
                if pair.0 != pair.1 && pairs.last() != Some(&pair) {
                    pairs.push(pair);
                }
            }
            section.push(&one);
        }
    }
    Ok(pairs)
}

/// The structs of one author so far.
struct Section<'a> {
    first: Id,
    end: u64,
    /// The parents, each with the clock after its last child in a row.
    parents: Vec<(u64, Parent<'a>)>,
}

impl<'a> Section<'a> {
    fn push(&mut self, one: &Struct<'a>) {
        let parent = match one.builds_on {
            // What is gone has no parent, and so the right neighbor's counts.
            [Some(left), right, _] => match (self.parent_of(left), right) {
                (Parent::Gone, Some(right)) => self.parent_of(right),
                (parent, _) => parent,
            },
            [None, Some(right), _] => self.parent_of(right),
            [None, None, Some(id)] => Parent::Struct(id.client, id.clock),
            [None, None, None] => one.root.map_or(Parent::Gone, Parent::Root),
        };
        self.end += one.len;
        match self.parents.last_mut() {
            Some((end, last)) if *last == parent => *end = self.end,
            _ => self.parents.push((self.end, parent)),
        }
    }

    fn parent_of(&self, id: Id) -> Parent<'a> {
        if id.client != self.first.client || id.clock < self.first.clock {
            return Parent::Of(id.client, id.clock);
        }
        let n_before = self.parents.partition_point(|(end, _)| *end <= id.clock);
        self.parents.get(n_before).map_or(Parent::Gone, |(_, parent)| *parent)
    }
}
