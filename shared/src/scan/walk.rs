//! The structs of an update, each after those that it builds on.

use std::collections::HashMap;

use super::bytes::{Bytes, Id};
use super::structs::Struct;
use super::{ScanError, Scanned, end_of};
use crate::id::ClientId;

/// Gives the structs one by one. It takes no longer than reading them three times.
pub(super) struct Walk<'a> {
    sections: Vec<Section<'a>>,
    by_author: HashMap<ClientId, usize>,
    n_begun: usize,
    /// Sections of which each waits for the one after it to have passed a clock.
    waiting: Vec<(usize, u64)>,
}

/// The structs of one author that were not given yet.
struct Section<'a> {
    next: Id,
    end: u64,
    n_left: u64,
    rest: Bytes<'a>,
    /// Whether others wait for its next struct.
    is_waited_for: bool,
}

impl<'a> Section<'a> {
    fn read(bytes: &mut Bytes<'a>) -> Scanned<Self> {
        let n_left = bytes.count()?;
        let next = Id { client: bytes.client()?, clock: bytes.clock()? };
        let rest = Bytes(bytes.0);
        let mut end = next.clock;
        for _ in 0..n_left {
            end = end_of(end, bytes.next_struct()?.len)?;
        }
        Ok(Self { next, end, n_left, rest, is_waited_for: false })
    }

    fn has(&self, id: Id) -> bool {
        (self.next.clock..self.end).contains(&id.clock)
    }

    fn peek(&self) -> Scanned<Option<Struct<'a>>> {
        if self.n_left == 0 { Ok(None) } else { Bytes(self.rest.0).next_struct().map(Some) }
    }

    /// The name of its next struct, which goes on.
    fn pass(&mut self, one: &Struct<'_>) -> Id {
        let id = self.next;
        self.n_left -= 1;
        self.next.clock += one.len;
        self.rest = Bytes(&self.rest.0[one.bytes.len()..]);
        id
    }
}

impl<'a> Walk<'a> {
    /// Reads past the structs of an update, up to what it deletes.
    pub(super) fn new(bytes: &mut Bytes<'a>) -> Scanned<Self> {
        let mut sections = Vec::new();
        let mut by_author = HashMap::new();
        for _ in 0..bytes.count()? {
            let section = Section::read(bytes)?;
            if by_author.insert(section.next.client, sections.len()).is_some() {
                return Err(ScanError::Repeated);
            }
            sections.push(section);
        }
        Ok(Self { sections, by_author, n_begun: 0, waiting: Vec::new() })
    }

    /// The next struct, skips included. Those that build on each other in a circle are an error.
    pub(super) fn next(&mut self) -> Scanned<Option<(Id, Struct<'a>)>> {
        loop {
            let Some(&(at, clock)) = self.waiting.last() else {
                if self.n_begun == self.sections.len() {
                    return Ok(None);
                }
                self.await_clock(self.n_begun, u64::MAX)?;
                self.n_begun += 1;
                continue;
            };
            let section = &self.sections[at];
            let one = if section.next.clock > clock { None } else { section.peek()? };
            let Some(one) = one else {
                self.waiting.pop();
                self.sections[at].is_waited_for = false;
                continue;
            };
            let missing = one.builds_on.into_iter().flatten().find_map(|id| {
                let at = *self.by_author.get(&id.client)?;
                self.sections[at].has(id).then_some((at, id.clock))
            });
            match missing {
                Some((at, clock)) => self.await_clock(at, clock)?,
                None => return Ok(Some((self.sections[at].pass(&one), one))),
            }
        }
    }

    fn await_clock(&mut self, at: usize, clock: u64) -> Scanned<()> {
        if self.sections[at].is_waited_for {
            return Err(ScanError::Order);
        }
        self.sections[at].is_waited_for = true;
        self.waiting.push((at, clock));
        Ok(())
    }
}
