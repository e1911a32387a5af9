//! What an update says of the maps that it holds, read from its bytes alone: which value has which key in
//! which map, as far as the update itself has all of it. So that a board can be shown before the CRDT has
//! read it; the CRDT has the last word.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::bytes::{Bytes, Id};
use super::structs::Struct;
use super::{Scanned, covers, deletions, end_of};
use crate::id::ClientId;

/// How many structs are gone back by, at most, to find whose value a struct is.
const STEPS_MAX: usize = 64;
/// About the bytes of a struct, at least.
const STRUCT_BYTES: usize = 8;
/// No struct.
const NONE: u32 = u32::MAX;

/// Structs that are read or hung up in one step.
const TOGETHER: usize = 30_000;

/// The structs of an update, hung up below the maps and texts that they are in.
pub struct Maps {
    update: Arc<Vec<u8>>,
    name: &'static str,
    authors: Authors,
    items: Vec<Item>,
    /// The last of the root's values.
    root: u32,
    progress: Progress,
}

/// How far an update is read.
#[derive(Clone, Copy)]
enum Progress {
    /// To a byte, from which so many sections follow, after what is left of one.
    Structs(usize, u64, Option<Section>),
    /// All of it, and as many items are hung up.
    Hung(usize),
}

/// What is left of an author's structs, and the first of the items that they make.
#[derive(Clone, Copy)]
struct Section {
    n_left: u64,
    author: ClientId,
    clock: u64,
    begin: usize,
}

/// A stretch of the update's bytes: where it starts and ends.
#[derive(Clone, Copy)]
struct Span(u32, u32);

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

struct Item {
    tie: Tie,
    key: Span,
    content: Kept,
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

#[derive(Clone, Copy)]
enum Kept {
    Value(Span),
    Text(Span),
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

impl Maps {
    /// To read a Yjs v1 update, of which the values below the root called `name` are wanted, step by step.
    pub fn new(update: Arc<Vec<u8>>, name: &'static str) -> Scanned<Self> {
        let mut bytes = Bytes(&update);
        let n_sections = bytes.count()?;
        let progress = Progress::Structs(update.len() - bytes.0.len(), n_sections, None);
        let (authors, items) = (Authors::default(), Vec::new());
        Ok(Self { update, name, authors, items, root: NONE, progress })
    }

    /// Takes the next step; whether that was the last. Before, nothing is in the root.
    pub fn step(&mut self) -> Scanned<bool> {
        match self.progress {
            Progress::Structs(at, n_sections, section) => self.read(at, n_sections, section)?,
            Progress::Hung(n) => {
                let end = self.items.len().min(n + TOGETHER);
                (n..end).for_each(|at| self.hang_up(at));
                self.progress = Progress::Hung(end);
                return Ok(end == self.items.len());
            }
        }
        Ok(false)
    }

    fn read(&mut self, at: usize, mut n_sections: u64, left: Option<Section>) -> Scanned<()> {
        let update = Arc::clone(&self.update);
        let mut bytes = Bytes(update.get(at..).unwrap_or_default());
        let mut left = left;
        for _ in 0..TOGETHER {
            if let Some(section) = &mut left {
                if section.n_left == 0 {
                    let number = self.authors.number(section.author) as usize;
                    self.authors.ranges[number] = section.begin..self.items.len();
                    left = None;
                    continue;
                }
                let one = bytes.next_struct()?;
                let end = end_of(section.clock, one.len)?;
                let clock = section.clock as u32;
                self.items.extend(item(&one, clock, self.name, &mut self.authors, &update));
                (section.clock, section.n_left) = (end, section.n_left - 1);
            } else if n_sections > 0 {
                n_sections -= 1;
                let n_left = bytes.count()?;
                let (author, clock) = (bytes.client()?, bytes.clock()?);
                self.items.reserve((n_left as usize).min(update.len() / STRUCT_BYTES));
                left = Some(Section { n_left, author, clock, begin: self.items.len() });
            } else {
                self.delete(&mut bytes)?;
                self.progress = Progress::Hung(0);
                return Ok(());
            }
        }
        self.progress = Progress::Structs(update.len() - bytes.0.len(), n_sections, left);
        Ok(())
    }

    fn delete(&mut self, bytes: &mut Bytes<'_>) -> Scanned<()> {
        for (author, ranges) in deletions(bytes)? {
            let number = self.authors.number(author) as usize;
            for item in &mut self.items[self.authors.ranges[number].clone()] {
                let clock = u64::from(item.clock);
                if covers(&ranges, &(clock..clock + 1)) {
                    item.content = Kept::Gone;
                }
            }
        }
        Ok(())
    }

    fn bytes(&self, Span(start, end): Span) -> &[u8] {
        self.update.get(start as usize..end as usize).unwrap_or_default()
    }

    fn str(&self, span: Span) -> &str {
        std::str::from_utf8(self.bytes(span)).unwrap_or_default()
    }

    /// Puts an item among the values of what it is in.
    fn hang_up(&mut self, at: usize) {
        let (mut tie, mut key) = (self.items[at].tie, self.items[at].key);
        for _ in 0..STEPS_MAX {
            tie = match tie {
                Tie::In(author, clock) => {
                    self.find(author, clock).map_or(Tie::Lost, |it| Tie::At(it as u32))
                }
                Tie::After(author, clock) => match self.find(author, clock) {
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
    fn find(&self, author: u32, clock: u32) -> Option<usize> {
        let range = self.authors.ranges.get(author as usize)?.clone();
        let n_until = self.items[range.clone()].partition_point(|it| it.clock <= clock);
        let at = range.start + n_until.checked_sub(1)?;
        let item = &self.items[at];
        (clock - item.clock < item.len).then_some(at)
    }

    /// What is in the root: the last of it, if there is anything.
    pub fn root(&self) -> Option<Node> {
        (self.root != NONE).then_some(Node(self.root))
    }

    /// What is next to it in the root, if it is not the first.
    pub fn before(&self, one: Node) -> Option<Node> {
        let before = self.items[one.0 as usize].before;
        (before != NONE).then_some(Node(before))
    }

    /// Its key, and what that has, if it is still there.
    pub fn entry(&self, one: Node) -> Option<(&str, Content<'_>)> {
        let item = &self.items[one.0 as usize];
        let content = match item.content {
            Kept::Value(span) => Content::Value(self.bytes(span)),
            Kept::Shared => Content::Shared(one),
            Kept::Text(_) | Kept::Gone => return None,
        };
        Some((self.str(item.key), content))
    }

    /// What is in a map.
    pub fn entries(&self, map: Node) -> impl Iterator<Item = (&str, Content<'_>)> {
        self.chain(self.items[map.0 as usize].last).filter_map(|at| self.entry(Node(at)))
    }

    /// A shared text that nobody wrote into but at its end; otherwise it takes the CRDT to read it.
    pub fn text(&self, text: Node) -> Option<String> {
        let mut parts: Vec<u32> = self.chain(self.items[text.0 as usize].last).collect();
        parts.reverse();
        let mut whole = String::new();
        let mut end = None;
        for at in parts {
            let item = &self.items[at as usize];
            let (Kept::Text(part), before) = (item.content, end) else { return None };
            let is_next = match (item.tie, before) {
                (Tie::At(_), None) => true,
                (Tie::After(_, clock), Some(end)) => clock + 1 == end,
                _ => false,
            };
            if !is_next {
                return None;
            }
            whole.push_str(self.str(part));
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
fn item(
    one: &Struct<'_>,
    clock: u32,
    root: &str,
    authors: &mut Authors,
    update: &[u8],
) -> Option<Item> {
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
    let span = |part: &[u8]| {
        // All that is read of the update lies in it.
        let start = (part.as_ptr() as usize).wrapping_sub(update.as_ptr() as usize);
        Span(start as u32, start.wrapping_add(part.len()) as u32)
    };
    let content = match one.value() {
        Some(bytes) => Kept::Value(span(bytes)),
        None if one.is_shared() => Kept::Shared,
        None => one.text().map_or(Kept::Gone, |text| Kept::Text(span(text.as_bytes()))),
    };
    let key = one.key.map_or(Span(0, 0), |key| span(key.as_bytes()));
    Some(Item { tie, key, content, clock, len: one.len as u32, last: NONE, before: NONE })
}
