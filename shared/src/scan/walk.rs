//! The structs of an update, each after those that it builds on.

use std::collections::HashMap;

use super::bytes::{Bytes, Id};
use super::structs::Struct;
use super::{ScanError, Scanned, end_of};
use crate::id::ClientId;

/// Structs that are looked over together before the first is given.
const TOGETHER: usize = 50_000;

/// Gives the structs of an update, which it is handed each time, one by one. It takes no longer than reading them
/// three times.
pub(super) struct Walk {
    sections: Vec<Section>,
    by_author: HashMap<ClientId, usize>,
    n_begun: usize,
    /// Sections of which each waits for the one after it to have passed a clock.
    waiting: Vec<(usize, u64)>,
    /// Where looking over has come to, how many sections begin there, and how many structs are left of the last.
    at: usize,
    n_unread: u64,
    n_left: u64,
}

/// The structs of one author that were not given yet.
struct Section {
    next: Id,
    end: u64,
    n_left: u64,
    at: usize,
    /// Whether others wait for its next struct.
    is_waited_for: bool,
}

impl Section {
    fn has(&self, id: Id) -> bool {
        (self.next.clock..self.end).contains(&id.clock)
    }

    fn peek<'a>(&self, update: &'a [u8]) -> Scanned<Option<Struct<'a>>> {
        if self.n_left == 0 { Ok(None) } else { rest(update, self.at).next_struct().map(Some) }
    }

    /// The name of its next struct, which goes on.
    fn pass(&mut self, one: &Struct<'_>) -> Id {
        let id = self.next;
        self.n_left -= 1;
        self.next.clock += one.len;
        self.at += one.bytes.len();
        id
    }
}

/// The bytes of an update from a place on, none if it is not there.
fn rest(update: &[u8], at: usize) -> Bytes<'_> {
    Bytes(update.get(at..).unwrap_or_default())
}

impl Walk {
    /// Reads past the structs of an update. What it deletes is what is left.
    pub(super) fn new(update: &[u8]) -> Scanned<(Self, Bytes<'_>)> {
        let mut walk = Self::begin(update)?;
        loop {
            if let Some(rest) = walk.look_over(update)? {
                return Ok((walk, rest));
            }
        }
    }

    /// The same in steps: [`Walk::look_over`] takes the next, and has to come to the end before anything is given.
    pub(super) fn begin(update: &[u8]) -> Scanned<Self> {
        let mut bytes = Bytes(update);
        let n_unread = bytes.count()?;
        let (sections, by_author, waiting) = (Vec::new(), HashMap::new(), Vec::new());
        let at = update.len() - bytes.0.len();
        Ok(Self { sections, by_author, n_begun: 0, waiting, at, n_unread, n_left: 0 })
    }

    /// Takes a step; what comes after the structs, if that was the last.
    pub(super) fn look_over<'a>(&mut self, update: &'a [u8]) -> Scanned<Option<Bytes<'a>>> {
        let mut bytes = rest(update, self.at);
        for _ in 0..TOGETHER {
            if self.n_left > 0 {
                let Some(section) = self.sections.last_mut() else { break };
                section.end = end_of(section.end, bytes.next_struct()?.len)?;
                self.n_left -= 1;
            } else if self.n_unread > 0 {
                self.n_unread -= 1;
                self.n_left = bytes.count()?;
                let next = Id { client: bytes.client()?, clock: bytes.clock()? };
                if self.by_author.insert(next.client, self.sections.len()).is_some() {
                    return Err(ScanError::Repeated);
                }
                let (end, n_left, at) = (next.clock, self.n_left, update.len() - bytes.0.len());
                self.sections.push(Section { next, end, n_left, at, is_waited_for: false });
            } else {
                return Ok(Some(bytes));
            }
        }
        self.at = update.len() - bytes.0.len();
        Ok(None)
    }

    /// The next struct, skips included. Those that build on each other in a circle are an error.
    pub(super) fn next<'a>(&mut self, update: &'a [u8]) -> Scanned<Option<(Id, Struct<'a>)>> {
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
            let one = if section.next.clock > clock { None } else { section.peek(update)? };
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

    /// The struct that was given last was not: it is the next one again.
    pub(super) fn put_back(&mut self, id: Id, one: &Struct<'_>) {
        let at = self.by_author.get(&id.client);
        if let Some(section) = at.and_then(|&at| self.sections.get_mut(at)) {
            section.n_left += 1;
            section.next = id;
            section.at -= one.bytes.len();
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
