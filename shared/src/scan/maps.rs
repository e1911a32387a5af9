//! What an update says of the maps that it holds, read from its bytes alone: which value has which key in
//! which map, as far as the update itself has all of it. So that a board can be shown before the CRDT has
//! read it; the CRDT has the last word.

use std::collections::HashMap;
use std::ops::Range;

use super::bytes::{Bytes, Id};
use super::structs::Struct;
use super::{Scanned, covers, deletions, end_of};
use crate::id::ClientId;

/// How many structs are gone back by, at most, to find whose value a struct is.
const STEPS_MAX: usize = 64;
/// No struct.
const NONE: u32 = u32::MAX;

/// The structs of an update, hung up below the maps and texts that they are in.
pub struct Maps<'a> {
    items: Vec<Item<'a>>,
    /// The last of the root's values.
    root: u32,
}

/// A map or a text, or a value in one.
#[derive(Clone, Copy)]
pub struct Node(u32);

/// What a key has.
pub enum Content<'a> {
    /// A value, as the CRDT encodes it.
    Value(&'a [u8]),
    /// A shared map, or a shared text.
    Shared(Node),
}

struct Item<'a> {
    tie: Tie,
    key: &'a str,
    content: Kept<'a>,
    clock: u32,
    len: u32,
    /// The last of the values in it, and the one before it among its siblings.
    last: u32,
    before: u32,
}

/// What a struct says of where it is.
#[derive(Clone, Copy)]
enum Tie {
    Root,
    /// In the struct of this author (by number) at this clock.
    In(u32, u32),
    /// Where that struct is, right after it.
    After(u32, u32),
    /// In the item at this place.
    At(u32),
    Lost,
}

enum Kept<'a> {
    Value(&'a [u8]),
    Text(&'a str),
    Shared,
    Gone,
}

/// The authors by number, and where each one's items are.
#[derive(Default)]
struct Authors {
    numbers: HashMap<ClientId, u32>,
    last: Option<(ClientId, u32)>,
    ranges: Vec<Range<usize>>,
}

impl Authors {
    fn number(&mut self, author: ClientId) -> u32 {
        if let Some((last, number)) = self.last
            && last == author
        {
            return number;
        }
        let next = self.ranges.len() as u32;
        let number = *self.numbers.entry(author).or_insert(next);
        if number == next {
            self.ranges.push(0..0);
        }
        self.last = Some((author, number));
        number
    }
}

impl<'a> Maps<'a> {
    /// Reads a Yjs v1 update, of which the values below the root called `root` are wanted.
    pub fn read(update: &'a [u8], root: &str) -> Scanned<Self> {
        let mut bytes = Bytes(update);
        let (mut authors, mut items) = (Authors::default(), Vec::new());
        for _ in 0..bytes.count()? {
            let n_structs = bytes.count()?;
            let author = bytes.client()?;
            let mut clock = bytes.clock()?;
            let begin = items.len();
            for _ in 0..n_structs {
                let one = bytes.next_struct()?;
                let end = end_of(clock, one.len)?;
                items.extend(item(&one, clock as u32, root, &mut authors));
                clock = end;
            }
            let number = authors.number(author) as usize;
            authors.ranges[number] = begin..items.len();
        }
        let deleted: HashMap<ClientId, _> = deletions(&mut bytes)?.into_iter().collect();
        for (author, ranges) in deleted {
            let number = authors.number(author) as usize;
            for item in &mut items[authors.ranges[number].clone()] {
                let clock = u64::from(item.clock);
                if covers(&ranges, &(clock..clock + 1)) {
                    item.content = Kept::Gone;
                }
            }
        }
        let mut maps = Self { items, root: NONE };
        for at in 0..maps.items.len() {
            maps.hang_up(at, &authors);
        }
        Ok(maps)
    }

    /// Puts an item among the values of what it is in.
    fn hang_up(&mut self, at: usize, authors: &Authors) {
        let (mut tie, mut key) = (self.items[at].tie, self.items[at].key);
        for _ in 0..STEPS_MAX {
            tie = match tie {
                Tie::In(author, clock) => {
                    self.find(authors, author, clock).map_or(Tie::Lost, |it| Tie::At(it as u32))
                }
                Tie::After(author, clock) => match self.find(authors, author, clock) {
                    Some(origin) => {
                        key = self.items[origin].key;
                        self.items[origin].tie
                    }
                    None => Tie::Lost,
                },
                Tie::Root | Tie::At(_) | Tie::Lost => break,
            };
        }
        let item = &mut self.items[at];
        if !matches!((&item.content, item.tie), (Kept::Text(_), Tie::After(..))) {
            item.tie = tie;
        }
        item.key = key;
        if matches!(item.content, Kept::Gone) {
            return;
        }
        let last = match tie {
            Tie::Root => &mut self.root,
            Tie::At(parent) => &mut self.items[parent as usize].last,
            Tie::In(..) | Tie::After(..) | Tie::Lost => return,
        };
        let before = std::mem::replace(last, at as u32);
        self.items[at].before = before;
    }

    /// The item of an author (by number) that has this clock.
    fn find(&self, authors: &Authors, author: u32, clock: u32) -> Option<usize> {
        let range = authors.ranges.get(author as usize)?.clone();
        let n_until = self.items[range.clone()].partition_point(|it| it.clock <= clock);
        let at = range.start + n_until.checked_sub(1)?;
        let item = &self.items[at];
        (clock - item.clock < item.len).then_some(at)
    }

    /// What is in the root.
    pub fn root(&self) -> impl Iterator<Item = (&'a str, Content<'a>)> {
        self.row(self.root)
    }

    /// What is in a map.
    pub fn entries(&self, map: Node) -> impl Iterator<Item = (&'a str, Content<'a>)> {
        self.row(self.items[map.0 as usize].last)
    }

    fn row(&self, last: u32) -> impl Iterator<Item = (&'a str, Content<'a>)> {
        self.chain(last).filter_map(|at| {
            let item = &self.items[at as usize];
            let content = match item.content {
                Kept::Value(bytes) => Content::Value(bytes),
                Kept::Shared => Content::Shared(Node(at)),
                Kept::Text(_) | Kept::Gone => return None,
            };
            Some((item.key, content))
        })
    }

    /// A shared text that nobody wrote into but at its end; otherwise it takes the CRDT to read it.
    pub fn text(&self, text: Node) -> Option<String> {
        let mut parts: Vec<u32> = self.chain(self.items[text.0 as usize].last).collect();
        parts.reverse();
        let mut whole = String::new();
        let mut end = None;
        for at in parts {
            let item = &self.items[at as usize];
            let (Kept::Text(part), before) = (&item.content, end) else { return None };
            let is_next = match (item.tie, before) {
                (Tie::At(_), None) => true,
                (Tie::After(_, clock), Some(end)) => clock + 1 == end,
                _ => false,
            };
            if !is_next {
                return None;
            }
            whole.push_str(part);
            end = Some(item.clock + item.len);
        }
        Some(whole)
    }

    fn chain(&self, last: u32) -> impl Iterator<Item = u32> {
        let before = |at: &u32| Some(self.items[*at as usize].before).filter(|at| *at != NONE);
        std::iter::successors(Some(last).filter(|at| *at != NONE), before)
    }
}

/// What is kept of a struct; nothing of what is in no map and no text.
fn item<'a>(one: &Struct<'a>, clock: u32, root: &str, authors: &mut Authors) -> Option<Item<'a>> {
    let mut at = |id: Id| (authors.number(id.client), id.clock as u32);
    let tie = match (one.builds_on, one.root) {
        ([Some(origin), ..], _) => {
            let (author, clock) = at(origin);
            Tie::After(author, clock)
        }
        ([_, Some(next), _], _) => {
            let (author, clock) = at(next);
            Tie::After(author, clock)
        }
        ([.., Some(parent)], _) => {
            let (author, clock) = at(parent);
            Tie::In(author, clock)
        }
        (_, Some(name)) if name == root => Tie::Root,
        _ => return None,
    };
    let content = match one.value() {
        Some(bytes) => Kept::Value(bytes),
        None if one.is_shared() => Kept::Shared,
        None => one.text().map_or(Kept::Gone, Kept::Text),
    };
    let key = one.key.unwrap_or_default();
    Some(Item { tie, key, content, clock, len: one.len as u32, last: NONE, before: NONE })
}
