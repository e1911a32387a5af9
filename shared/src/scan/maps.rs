//! What updates say of the maps that they hold, read from their bytes alone: which value has which key in
//! which map, as far as they have all of it themselves. So that a board can be shown before the CRDT has
//! read it; the CRDT has the last word.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::bytes::{Bytes, Id};
use super::structs::Struct;
use super::{Scanned, deletions, end_of};
use crate::id::ClientId;

/// How many structs are gone back by, at most, to find whose value a struct is.
const STEPS_MAX: usize = 64;
/// About the bytes of a struct.
const STRUCT_BYTES: usize = 16;
/// No struct.
const NONE: u32 = u32::MAX;

/// Structs that are read or hung up in one step.
const TOGETHER: usize = 30_000;

/// The structs of updates, hung up below the maps and texts that they are in.
pub struct Maps {
    updates: Vec<Arc<Vec<u8>>>,
    /// Where each begins, if they lie in a row.
    starts: Vec<u32>,
    name: &'static str,
    authors: Authors,
    items: Vec<Item>,
    /// The last of the root's values, and how many there are.
    root: u32,
    n_in_root: usize,
    progress: Progress,
}

/// How far the updates are read.
#[derive(Clone, Copy)]
enum Progress {
    /// So many of them, and this much of the next.
    Structs(usize, Place),
    /// All, and as many items are hung up.
    Hung(usize),
}

/// How far an update is read.
#[derive(Clone, Copy, Default)]
struct Place {
    /// The next byte.
    at: usize,
    /// How many sections begin there, once that is known.
    n_sections: Option<u64>,
    /// The one that is being read.
    section: Option<Section>,
}

/// What is left of the structs of an author (by number), and the first of the items that they make.
#[derive(Clone, Copy)]
struct Section {
    n_left: u64,
    author: usize,
    clock: u64,
    begin: usize,
}

/// A stretch of the updates' bytes, as if they lay in a row: where it starts and ends.
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
    /// A text of which a part is gone.
    Torn,
    Shared,
    Gone,
}

impl Item {
    fn clocks(&self) -> Range<u64> {
        u64::from(self.clock)..u64::from(self.clock) + u64::from(self.len)
    }

    /// What has these clocks was deleted.
    fn delete(&mut self, range: &Range<u64>) {
        let Range { start, end } = self.clocks();
        let is_torn =
            matches!(self.content, Kept::Text(_)) && (start < range.start || end > range.end);
        self.content = if is_torn { Kept::Torn } else { Kept::Gone };
    }
}

/// The authors by number, and where each one's items are.
#[derive(Default)]
struct Authors {
    numbers: HashMap<ClientId, u32>,
    last: Option<(ClientId, u32)>,
    stretches: Vec<Stretches>,
}

/// Where an author's items are, in the order of their clocks, and how far the structs reach that were read.
#[derive(Default)]
struct Stretches {
    places: Vec<Range<usize>>,
    end: u64,
}

impl Stretches {
    fn add(&mut self, place: Range<usize>) {
        match self.places.last_mut() {
            Some(last) if last.end == place.start => last.end = place.end,
            _ if place.is_empty() => {}
            _ => self.places.push(place),
        }
    }

    /// The places from the first on that may hold an item of this clock, or a later one.
    fn from(&self, clock: u32, items: &[Item]) -> &[Range<usize>] {
        let n_begun = self.places.partition_point(|it| items[it.start].clock <= clock);
        &self.places[n_begun.saturating_sub(1)..]
    }
}

impl Authors {
    fn number(&mut self, author: ClientId) -> u32 {
        if let Some((last, number)) = self.last
            && last == author
        {
            return number;
        }
        let next = self.stretches.len() as u32;
        let number = *self.numbers.entry(author).or_insert(next);
        if number == next {
            self.stretches.push(Stretches::default());
        }
        self.last = Some((author, number));
        number
    }
}

impl Maps {
    /// To read Yjs v1 updates, each after those that it builds on, of which the values below the root called
    /// `name` are wanted, step by step.
    pub fn new(updates: Vec<Arc<Vec<u8>>>, name: &'static str) -> Self {
        let ends = updates.iter().scan(0, |end, update| {
            let start = *end;
            *end += update.len() as u32;
            Some(start)
        });
        let starts = ends.collect();
        // To grow is to copy, and that is no short step.
        let n_bytes: usize = updates.iter().map(|update| update.len()).sum();
        let items = Vec::with_capacity(n_bytes / STRUCT_BYTES);
        let authors = Authors::default();
        let progress = Progress::Structs(0, Place::default());
        Self { updates, starts, name, authors, items, root: NONE, n_in_root: 0, progress }
    }

    /// Takes the next step; whether that was the last. Before, nothing is in the root.
    pub fn step(&mut self) -> Scanned<bool> {
        let mut n_left = TOGETHER;
        while let Progress::Structs(n_read, place) = self.progress {
            let Some(update) = self.updates.get(n_read).cloned() else {
                self.progress = Progress::Hung(0);
                return Ok(false);
            };
            self.progress = match self.read(n_read, &update, place, &mut n_left)? {
                Some(place) => Progress::Structs(n_read, place),
                None => Progress::Structs(n_read + 1, Place::default()),
            };
            if n_left == 0 {
                return Ok(false);
            }
        }
        if let Progress::Hung(n) = self.progress {
            let end = self.items.len().min(n + TOGETHER);
            (n..end).for_each(|at| self.hang_up(at));
            self.progress = Progress::Hung(end);
            return Ok(end == self.items.len());
        }
        Ok(false)
    }

    /// Reads so much more of an update. The answer is how far it was read, if not to its end.
    fn read(
        &mut self,
        number: usize,
        update: &[u8],
        place: Place,
        n_left: &mut usize,
    ) -> Scanned<Option<Place>> {
        let mut bytes = Bytes(update.get(place.at..).unwrap_or_default());
        let start = self.starts[number];
        let mut n_sections = match place.n_sections {
            Some(n) => n,
            None => bytes.count()?,
        };
        let mut left = place.section;
        while *n_left > 0 {
            *n_left -= 1;
            if let Some(section) = &mut left {
                if section.n_left == 0 {
                    let place = section.begin..self.items.len();
                    self.authors.stretches[section.author].add(place);
                    left = None;
                    continue;
                }
                let one = bytes.next_struct()?;
                let (clock, end) = (section.clock, end_of(section.clock, one.len)?);
                (section.clock, section.n_left) = (end, section.n_left - 1);
                // What is known already says nothing new, or not here.
                let known = &mut self.authors.stretches[section.author].end;
                if !one.is_skip() && clock >= *known {
                    *known = end;
                    let span = |part: &[u8]| span(part, update, start);
                    let item = item(&one, clock as u32, self.name, &mut self.authors, span);
                    self.items.extend(item);
                }
            } else if n_sections > 0 {
                n_sections -= 1;
                let n_structs = bytes.count()?;
                let author = self.authors.number(bytes.client()?) as usize;
                let (clock, begin) = (bytes.clock()?, self.items.len());
                left = Some(Section { n_left: n_structs, author, clock, begin });
            } else {
                self.delete(&mut bytes)?;
                return Ok(None);
            }
        }
        let at = update.len() - bytes.0.len();
        Ok(Some(Place { at, n_sections: Some(n_sections), section: left }))
    }

    fn delete(&mut self, bytes: &mut Bytes<'_>) -> Scanned<()> {
        for (author, ranges) in deletions(bytes)? {
            let number = self.authors.number(author) as usize;
            let stretches = &self.authors.stretches[number];
            for range in ranges {
                for place in stretches.from(range.start as u32, &self.items) {
                    let items = &mut self.items[place.clone()];
                    let n_before = items.partition_point(|it| it.clocks().end <= range.start);
                    for item in &mut items[n_before..] {
                        if item.clocks().start >= range.end {
                            break;
                        }
                        item.delete(&range);
                    }
                    if items.last().is_some_and(|it| it.clocks().end >= range.end) {
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    fn bytes(&self, Span(start, end): Span) -> &[u8] {
        let at = self.starts.partition_point(|it| *it <= start).saturating_sub(1);
        let (Some(update), Some(before)) = (self.updates.get(at), self.starts.get(at)) else {
            return &[];
        };
        update.get((start - before) as usize..(end - before) as usize).unwrap_or_default()
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
        if !matches!((&item.content, item.tie), (Kept::Text(_) | Kept::Torn, Tie::After(..))) {
            item.tie = tie;
        }
        item.key = key;
        if matches!(item.content, Kept::Gone) {
            return;
        }
        let last = match tie {
            Tie::Root => {
                self.n_in_root += 1;
                &mut self.root
            }
            Tie::At(parent) => &mut self.items[parent as usize].last,
            Tie::In(..) | Tie::After(..) | Tie::Lost => return,
        };
        let before = std::mem::replace(last, at as u32);
        self.items[at].before = before;
    }

    /// The item of an author (by number) that has this clock.
    fn find(&self, author: u32, clock: u32) -> Option<usize> {
        let stretches = self.authors.stretches.get(author as usize)?;
        let range = stretches.from(clock, &self.items).first()?.clone();
        let n_until = self.items[range.clone()].partition_point(|it| it.clock <= clock);
        let at = range.start + n_until.checked_sub(1)?;
        let item = &self.items[at];
        (clock - item.clock < item.len).then_some(at)
    }

    /// What is in the root: the last of it, if there is anything.
    pub fn root(&self) -> Option<Node> {
        (self.root != NONE).then_some(Node(self.root))
    }

    /// How many values are in the root; some may have the same key.
    pub fn n_in_root(&self) -> usize {
        self.n_in_root
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
            Kept::Text(_) | Kept::Torn | Kept::Gone => return None,
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
    span: impl Fn(&[u8]) -> Span,
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
    let content = match one.value() {
        Some(bytes) => Kept::Value(span(bytes)),
        None if one.is_shared() => Kept::Shared,
        None => one.text().map_or(Kept::Gone, |text| Kept::Text(span(text.as_bytes()))),
    };
    let key = one.key.map_or(Span(0, 0), |key| span(key.as_bytes()));
    Some(Item { tie, key, content, clock, len: one.len as u32, last: NONE, before: NONE })
}

/// Where a part of an update is that begins at `start`.
fn span(part: &[u8], update: &[u8], start: u32) -> Span {
    // All that is read of the update lies in it.
    let at = (part.as_ptr() as usize).wrapping_sub(update.as_ptr() as usize) as u32;
    let begin = start.wrapping_add(at);
    Span(begin, begin.wrapping_add(part.len() as u32))
}
