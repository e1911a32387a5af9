//! Stories about one room in simulated time, with a log that commits when the story says so.

mod behind;
mod crowd;
mod edits;
mod joining;
mod rested;
mod yjs_peers;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use shared::board::Board;
use shared::color::Color;
use shared::element::{NewElement, Shape, Style};
use shared::geometry::{BoardPoint, Geometry};
use shared::id::{Batch, ClientId, Incarnation, MemberId, RoomName, Seq};
use shared::limits::PROTOCOL_VERSION;
use shared::presence::{PresenceChange, PresencePatch};
use shared::protocol::{
    ClientMessage, CloseCode, Hello, Identity, Member, NewUpdate, ServerMessage, Ticket, Welcome,
};
use shared::time::Time;

use super::{
    Answer, ConnId, Delivery, Dialect, Document, Effect, Lane, Lost, Mark, RequestId, Room,
    Snapshot, read_hello,
};
use crate::limits::Limits;
use crate::log::{Log, Record};
use crate::ticket::{SECRET_BYTES, Secret};
use crate::yjs::{self, YjsMessage};

const LIFE: Incarnation = Incarnation(7);
const ANN: ConnId = ConnId(1);
const BOB: ConnId = ConnId(2);

/// A room and all that has left it.
struct Story {
    room: Room,
    now: Time,
    /// What the store was given, committed or not.
    log: Vec<Record>,
    n_committed: usize,
    admitted: Vec<(ConnId, Dialect)>,
    inboxes: HashMap<ConnId, Vec<ServerMessage>>,
    yjs_inboxes: HashMap<ConnId, Vec<YjsMessage>>,
    /// Under which ids Yjs clients show themselves.
    owned: Vec<(ConnId, ClientId)>,
    /// How far each has been told, at the last mark.
    marks: HashMap<ConnId, Arc<Mark>>,
    /// Frames of presence as they left, once for everybody.
    presence_frames: Vec<Bytes>,
    closed: Vec<(ConnId, CloseCode)>,
    answers: Vec<(RequestId, Answer)>,
}

impl Story {
    fn new() -> Self {
        Self::with_log(Vec::new())
    }

    fn with_log(log: Vec<Record>) -> Self {
        Self::with_limits(log, Limits::default())
    }

    fn with_limits(log: Vec<Record>, limits: Limits) -> Self {
        let document =
            Document::from_log(&Log { records: log.clone(), ..Log::empty(LIFE) }).unwrap();
        let secret = Secret::new([3; SECRET_BYTES]);
        Self {
            room: Room::new(
                RoomName::parse("story").unwrap(),
                secret,
                LIFE,
                document,
                Arc::new(limits),
                1,
            ),
            now: Time(1_000_000),
            n_committed: log.len(),
            log,
            admitted: Vec::new(),
            inboxes: HashMap::new(),
            yjs_inboxes: HashMap::new(),
            owned: Vec::new(),
            marks: HashMap::new(),
            presence_frames: Vec::new(),
            closed: Vec::new(),
            answers: Vec::new(),
        }
    }

    fn hello(&mut self, conn: ConnId, hello: Hello) {
        self.room.handle_hello(conn, hello, Delivery::Whole);
        self.drain();
    }

    fn says(&mut self, conn: ConnId, message: ClientMessage) {
        self.room.handle_message(conn, message, self.now);
        self.drain();
    }

    fn edits(&mut self, conn: ConnId, batch: u64, bytes: Vec<u8>) {
        self.says(conn, ClientMessage::Update(NewUpdate { batch: Batch(batch), bytes }));
    }

    fn leaves(&mut self, conn: ConnId) {
        self.admitted.retain(|&(it, _)| it != conn);
        self.room.handle_gone(conn);
        self.drain();
    }

    fn commit(&mut self) {
        self.n_committed = self.log.len();
        self.room.handle_committed(Seq(self.n_committed as u64));
        self.drain();
    }

    fn fail_commit(&mut self) {
        self.room.handle_failed_commit();
        self.drain();
    }

    fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        while let Some(due) = self.room.poll_timeout().filter(|&due| due <= end) {
            self.now = self.now.max(due);
            self.room.handle_timeout(self.now);
            self.drain();
        }
        self.now = end;
    }

    /// What a connection was sent since the last look.
    #[track_caller]
    fn heard(&mut self, conn: ConnId) -> Vec<ServerMessage> {
        self.inboxes.remove(&conn).unwrap_or_default()
    }

    #[track_caller]
    fn welcome(&mut self, conn: ConnId) -> Welcome {
        match &self.heard(conn)[..] {
            [ServerMessage::Welcome(welcome)] => welcome.clone(),
            other => panic!("expected one welcome, not {other:?}"),
        }
    }

    fn drain(&mut self) {
        while let Some(effect) = self.room.poll_effect() {
            match effect {
                Effect::Admit { conn, dialect, frames, mark } => {
                    self.admitted.push((conn, dialect));
                    self.marks.insert(conn, mark);
                    frames.iter().for_each(|frame| self.deliver(conn, frame));
                }
                Effect::Own { conn, client } => self.owned.push((conn, client)),
                Effect::Show { conn, frames } => {
                    frames.iter().for_each(|frame| self.deliver(conn, frame));
                }
                Effect::Mark(mark) => {
                    for &(conn, _) in &self.admitted {
                        self.marks.insert(conn, Arc::clone(&mark));
                    }
                }
                Effect::CatchUp { conn, frames, mark, has_lost: _ } => {
                    self.marks.insert(conn, mark);
                    frames.iter().for_each(|frame| self.deliver(conn, frame));
                }
                Effect::ShowAgain { conn, frames } => {
                    frames.iter().for_each(|frame| self.deliver(conn, frame));
                }
                Effect::Send { conn, frame } => self.deliver(conn, &frame),
                Effect::SendAll { to, frame, lane, except } => {
                    if lane == Lane::Presence {
                        self.presence_frames.push(frame.clone());
                    }
                    for (conn, dialect) in self.admitted.clone() {
                        if Some(conn) != except && dialect == to {
                            self.deliver(conn, &frame);
                        }
                    }
                }
                Effect::Close { conn, code, text: _, refusal: _ } => {
                    self.admitted.retain(|&(it, _)| it != conn);
                    self.closed.push((conn, code));
                }
                Effect::Append(record) => self.log.push(record),
                Effect::Answer { request, answer } => self.answers.push((request, answer)),
                Effect::Reload => {
                    let records = self.log[..self.n_committed].to_vec();
                    let log = Log { records, ..Log::empty(LIFE) };
                    self.room.handle_reloaded(Document::from_log(&log).unwrap());
                }
            }
        }
    }

    fn deliver(&mut self, conn: ConnId, frame: &Bytes) {
        if self.admitted.contains(&(conn, Dialect::Yjs)) {
            let messages = yjs::decode(frame.clone()).unwrap();
            self.yjs_inboxes.entry(conn).or_default().extend(messages);
        } else {
            let message = ServerMessage::decode(frame).unwrap();
            self.inboxes.entry(conn).or_default().push(message);
        }
    }
}

fn client(number: u64) -> ClientId {
    ClientId::new(number).unwrap()
}

fn hello(board: &Board) -> Hello {
    Hello::new(Identity::new("Ann", Color::INK), board.author(), board.state_vector())
}

fn board(author: u64) -> Board {
    Board::new(client(author), author)
}

/// Adds a box and gives the update that says so.
fn draw(board: &mut Board) -> Vec<u8> {
    let geometry = Geometry { x: 1.0, y: 2.0, w: 3.0, h: 4.0, angle: 0.0, ..Geometry::default() };
    board.insert(NewElement::new(Some(geometry), Style::default(), Shape::Rectangle));
    board.take_updates().remove(0)
}

fn cursor(x: f64) -> ClientMessage {
    ClientMessage::Presence(cursor_at(x))
}

fn cursor_at(x: f64) -> PresencePatch {
    PresencePatch { cursor: Some(Some(BoardPoint::new(x, 0.0).into())), ..Default::default() }
}

fn change(member: u16, x: f64) -> PresenceChange {
    PresenceChange { member: MemberId(member), patch: cursor_at(x) }
}

/// Ann and Bob in a room, with all messages about it heard.
fn ann_and_bob() -> (Story, Board, Board) {
    let (ann, bob) = (board(1), board(2));
    let mut story = Story::new();
    story.hello(ANN, hello(&ann));
    story.hello(BOB, hello(&bob));
    story.heard(ANN);
    story.heard(BOB);
    (story, ann, bob)
}
