//! What a client has: its session, its board, and what a test wants to know about their past.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;
use shared::board::Board;
use shared::element::NewElement;
use shared::id::{Batch, ElementId, MemberId};
use shared::json::elements_json;
use shared::protocol::Identity;
use shared::session::{Connection, Event, SeenMember, Session};

/// A client at one moment.
pub struct Seen {
    /// The client's end of the protocol.
    pub session: Session,
    /// The board.
    pub board: Board,
    /// How often it became live: once, unless it was disturbed.
    pub n_times_live: usize,
    /// Why the server does not want this client, if it said so.
    pub refused: Option<String>,
    pub(super) is_online: bool,
    /// What was drawn, with the batch that it travels in.
    drawn: Vec<(Batch, ElementId)>,
    /// All batches that were ever written.
    written: BTreeMap<Batch, Vec<u8>>,
}

impl Seen {
    pub(super) fn new(identity: Identity, board: Board, seed: u64) -> Self {
        Self {
            session: Session::new(identity, None, seed),
            board,
            n_times_live: 0,
            refused: None,
            is_online: true,
            drawn: Vec::new(),
            written: BTreeMap::new(),
        }
    }

    /// Whether edits go out and come in.
    pub fn is_live(&self) -> bool {
        self.session.connection() == Connection::Live
    }

    /// The board's elements as the server and the page tell them.
    pub fn elements(&self) -> Vec<Value> {
        // Through text, as the server's come: reading a number may cost its last bit.
        let text = elements_json(self.board.elements().map(AsRef::as_ref)).to_string();
        let Value::Object(mut board) = serde_json::from_str(&text).unwrap() else { return vec![] };
        board["elements"].as_array_mut().map(std::mem::take).unwrap_or_default()
    }

    /// The drawn elements that the server has promised to keep.
    pub fn acknowledged(&self) -> Vec<ElementId> {
        let unsaved: HashSet<Batch> = self.session.unsaved().map(|update| update.batch).collect();
        let is_kept = |(batch, _): &&(Batch, ElementId)| !unsaved.contains(batch);
        self.drawn.iter().filter(is_kept).map(|(_, id)| id.clone()).collect()
    }

    /// The batches that the server has promised to keep: Yjs v1 updates, oldest first.
    pub fn promised(&self) -> impl Iterator<Item = &[u8]> {
        let unsaved: HashSet<Batch> = self.session.unsaved().map(|update| update.batch).collect();
        let is_kept = move |(batch, _): &(&Batch, &Vec<u8>)| !unsaved.contains(batch);
        self.written.iter().filter(is_kept).map(|(_, bytes)| bytes.as_slice())
    }

    /// How many batches there have been, and how many of them are acknowledged.
    pub fn n_batches(&self) -> (usize, usize) {
        let n_written = self.written.len();
        (n_written, n_written - self.session.unsaved().len())
    }

    /// The member called `name`.
    pub fn member(&self, name: &str) -> Option<&SeenMember> {
        self.members().find(|(_, member)| member.identity.name == name).map(|(_, member)| member)
    }

    /// The names of everybody in the room, sorted.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.members().map(|(_, it)| it.identity.name.as_str()).collect();
        names.sort_unstable();
        names
    }

    /// A line for failures.
    pub(super) fn summary(&self) -> String {
        format!(
            "{} is {}, has {} elements and {} unsaved edits, was live {} times, sees {:?}{}",
            self.session.identity().name,
            self.session.connection().word(),
            self.board.n_elements(),
            self.session.unsaved().len(),
            self.n_times_live,
            self.names(),
            self.refused.as_ref().map(|why| format!(", was refused: {why}")).unwrap_or_default(),
        )
    }

    pub(super) fn edit<R>(&mut self, edit: impl FnOnce(&mut Board) -> R) -> R {
        let result = edit(&mut self.board);
        self.session.handle_edits(&mut self.board);
        let last = self.written.last_key_value().map_or(Batch(0), |(batch, _)| *batch);
        let new = self.session.unsaved().filter(|update| update.batch > last);
        self.written.extend(new.map(|update| (update.batch, update.bytes.clone())));
        result
    }

    pub(super) fn draw(&mut self, new: NewElement) -> ElementId {
        let id = self.edit(|board| board.insert(new));
        let batch = self.session.unsaved().last().expect("it was only now written").batch;
        self.drawn.push((batch, id.clone()));
        id
    }

    pub(super) fn note(&mut self, event: &Event) {
        match event {
            Event::Connection(Connection::Live) => self.n_times_live += 1,
            Event::Refused(why) => self.refused = Some(why.clone()),
            Event::Replaced => self.refused = Some("the room was replaced".into()),
            Event::Outdated => self.refused = Some("the server speaks a later version".into()),
            Event::Stranded(why) => self.refused = Some(format!("kept work was refused: {why}")),
            Event::Open
            | Event::Close(_)
            | Event::Connection(_)
            | Event::Members
            | Event::Presence(_)
            | Event::Board
            | Event::Saved
            | Event::Unkept
            | Event::Damaged
            | Event::Broken
            | Event::Rtt(_) => {}
        }
    }

    fn members(&self) -> impl Iterator<Item = (&MemberId, &SeenMember)> {
        self.session.members().iter()
    }
}
