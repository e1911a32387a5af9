//! Stories about one room in simulated time, with a log that commits when the story says so.

mod crowd;
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
    Answer, ConnId, Dialect, Document, Effect, Lane, Lost, Mark, RequestId, Room, Snapshot,
    read_hello,
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
        self.room.handle_hello(conn, hello);
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
    Hello {
        version: PROTOCOL_VERSION,
        token: None,
        identity: Identity::new("Ann", Color::INK),
        client: board.author(),
        ticket: None,
        incarnation: None,
        last_seq: Seq(0),
        state_vector: board.state_vector(),
    }
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

#[test]
fn people_come_and_go() {
    let mut story = Story::new();
    story.hello(ANN, hello(&board(1)));
    let welcome = story.welcome(ANN);
    assert_eq!((welcome.you, welcome.seq, welcome.incarnation), (MemberId(0), Seq(0), LIFE));
    assert_eq!(welcome.members.len(), 1);

    story.hello(BOB, hello(&board(2)));
    let welcome = story.welcome(BOB);
    assert_eq!(welcome.you, MemberId(1));
    assert_eq!(welcome.members.len(), 2);
    let heard = story.heard(ANN);
    assert!(matches!(&heard[..], [ServerMessage::Joined(bob)] if bob.id == MemberId(1)));

    story.leaves(ANN);
    assert_eq!(story.heard(BOB), [ServerMessage::Left(MemberId(0))]);
    story.hello(ConnId(3), hello(&board(3)));
    assert_eq!(story.welcome(ConnId(3)).you, MemberId(0), "the smallest free number");

    story.leaves(BOB);
    assert!(!story.room.is_idle());
    story.leaves(ConnId(3));
    assert!(story.room.is_idle());
}

#[test]
fn an_edit_leaves_only_after_its_commit() {
    let (mut story, mut ann, mut bob) = ann_and_bob();
    let bytes = draw(&mut ann);
    story.edits(ANN, 1, bytes.clone());
    assert_eq!(story.log.len(), 1);
    assert_eq!(story.log[0].author, Some(client(1)));
    assert!(story.heard(ANN).is_empty() && story.heard(BOB).is_empty());

    story.commit();
    assert_eq!(story.heard(ANN), [ServerMessage::Ack(Batch(1))]);
    match &story.heard(BOB)[..] {
        [ServerMessage::Update(update)] => {
            assert_eq!((update.seq, &update.bytes), (Seq(1), &bytes));
            bob.apply_remote(&update.bytes).unwrap();
        }
        other => panic!("expected the update, not {other:?}"),
    }
    assert_eq!(bob.n_elements(), 1);
}

#[test]
fn two_editors_are_answered_in_the_order_of_the_log() {
    let (mut story, mut ann, mut bob) = ann_and_bob();
    story.edits(ANN, 1, draw(&mut ann));
    story.edits(BOB, 1, draw(&mut bob));
    story.edits(ANN, 2, draw(&mut ann));
    story.commit();
    let kinds = |messages: Vec<ServerMessage>| -> Vec<String> {
        let kind = |message: &ServerMessage| match message {
            ServerMessage::Ack(batch) => format!("ack {}", batch.0),
            ServerMessage::Update(update) => format!("update {}", update.seq.0),
            other => format!("{other:?}"),
        };
        messages.iter().map(kind).collect()
    };
    assert_eq!(kinds(story.heard(ANN)), ["ack 1", "update 2", "ack 2"]);
    assert_eq!(kinds(story.heard(BOB)), ["update 1", "ack 1", "update 3"]);
}

#[test]
fn a_welcome_and_a_snapshot_wait_for_what_they_tell_of() {
    let mut ann = board(1);
    let mut story = Story::new();
    story.hello(ANN, hello(&ann));
    story.edits(ANN, 1, draw(&mut ann));
    story.heard(ANN);

    let mut bob = board(2);
    story.hello(BOB, hello(&bob));
    story.room.handle_snapshot(RequestId(1));
    story.drain();
    assert!(story.heard(BOB).is_empty() && story.answers.is_empty());
    assert!(story.heard(ANN).is_empty(), "nobody hears of Bob before he is in");

    // What comes later is no part of the welcome, but follows it.
    story.edits(ANN, 2, draw(&mut ann));
    story.n_committed = 1;
    story.room.handle_committed(Seq(1));
    story.drain();
    let welcome = story.welcome(BOB);
    assert_eq!(welcome.seq, Seq(1));
    bob.apply_remote(&welcome.update).unwrap();
    assert_eq!(bob.n_elements(), 1);
    let (_, answer) = story.answers.remove(0);
    assert!(matches!(answer, Answer::Snapshot(Snapshot { seq: Seq(1), .. })));

    story.commit();
    assert!(matches!(&story.heard(BOB)[..], [ServerMessage::Update(it)] if it.seq == Seq(2)));
}

#[test]
fn nothing_waits_for_who_has_gone() {
    let (mut story, mut ann, _) = ann_and_bob();
    story.edits(ANN, 1, draw(&mut ann));
    let n_held = story.room.n_held();
    for conn in 3..100 {
        story.hello(ConnId(conn), hello(&board(conn)));
        story.leaves(ConnId(conn));
    }
    assert_eq!(story.room.n_held(), n_held, "only the edit");
    story.commit();
    assert!(story.heard(ANN).contains(&ServerMessage::Ack(Batch(1))));
    assert_eq!(story.room.n_held(), 0);
}

#[test]
fn a_newcomer_gets_only_what_it_lacks() {
    let (mut story, mut ann, mut bob) = ann_and_bob();
    for batch in 1..=20 {
        let bytes = draw(&mut ann);
        bob.apply_remote(&bytes).unwrap();
        story.edits(ANN, batch, bytes);
    }
    story.commit();
    story.leaves(BOB);
    let last = draw(&mut ann);
    story.edits(ANN, 21, last.clone());
    story.commit();
    story.heard(BOB);
    let same_life = Hello { incarnation: Some(LIFE), ..hello(&bob) };
    story.hello(BOB, same_life.clone());
    let welcome = story.welcome(BOB);
    assert!(welcome.update.len() <= last.len() + 8, "{} bytes", welcome.update.len());

    // In another life of the room, what the client has means nothing.
    story.leaves(BOB);
    story.hello(BOB, Hello { incarnation: Some(Incarnation(6)), ..same_life });
    let mut fresh = board(3);
    fresh.apply_remote(&story.welcome(BOB).update).unwrap();
    assert_eq!(fresh.n_elements(), 21);
}

#[test]
fn a_batch_that_is_sent_again_is_acknowledged_again_and_logged_once() {
    let (mut story, mut ann, bob) = ann_and_bob();
    let bytes = draw(&mut ann);
    story.edits(ANN, 1, bytes.clone());
    story.leaves(ANN);

    let ticket = story.room.tickets.give(client(1));
    let again = ConnId(3);
    story.hello(again, Hello { ticket: Some(ticket), ..hello(&ann) });
    story.edits(again, 1, bytes);
    assert!(story.heard(again).is_empty(), "the first one is not committed yet");
    story.commit();
    let heard = story.heard(again);
    assert!(
        matches!(&heard[..], [ServerMessage::Welcome(_), ServerMessage::Ack(Batch(1))]),
        "{heard:?}"
    );
    assert_eq!(story.log.len(), 1);
    drop(bob);
}

#[test]
fn nobody_writes_under_somebody_elses_id() {
    let (mut story, mut ann, _) = ann_and_bob();
    story.edits(BOB, 1, draw(&mut ann));
    assert_eq!(story.closed, [(BOB, CloseCode::Refused)]);
    assert!(story.log.is_empty());
    assert_eq!(story.heard(ANN), [ServerMessage::Left(MemberId(1))]);
}

#[test]
fn an_id_in_use_needs_its_ticket() {
    let mut ann = board(1);
    let mut story = Story::new();
    story.hello(ANN, hello(&ann));
    let ticket = story.welcome(ANN).ticket;

    story.hello(BOB, hello(&ann));
    story.hello(BOB, Hello { ticket: Some(Ticket(vec![0; 16])), ..hello(&ann) });
    let closed = [(BOB, CloseCode::TryLater), (BOB, CloseCode::Refused)];
    assert_eq!(story.closed, closed, "Ann is here, and may be gone soon");

    story.edits(ANN, 1, draw(&mut ann));
    story.commit();
    story.leaves(ANN);
    story.hello(BOB, hello(&board(1)));
    assert_eq!(story.closed.len(), 3, "Ann was here");

    story.heard(ANN);
    let with_ticket = Hello { ticket: Some(ticket), ..hello(&ann) };
    story.hello(ANN, with_ticket.clone());
    story.welcome(ANN);

    // Her device comes again before the server noticed that the first connection died.
    story.hello(ConnId(3), with_ticket);
    assert_eq!(story.closed.last(), Some(&(ANN, CloseCode::TryLater)));
    assert_eq!(story.welcome(ConnId(3)).members.len(), 1);
}

#[test]
fn a_hello_that_was_overtaken_by_the_next_sends_nobody_away_for_good() {
    let mut story = Story::new();
    let ann = board(1);
    story.hello(ANN, hello(&ann));
    let ticket = story.welcome(ANN).ticket;
    story.leaves(ANN);
    let again = Hello { ticket: Some(ticket), ..hello(&ann) };
    // Her page has given up the line 3 when it opens the line 4, of which the server hears first.
    story.hello(ConnId(4), again.clone());
    story.hello(ConnId(3), again.clone());
    assert_eq!(story.closed, [(ConnId(4), CloseCode::TryLater)]);
    assert!(!CloseCode::is_final(CloseCode::TryLater as u16), "she comes again");
    story.heard(ConnId(4));
    story.hello(ConnId(4), again);
    assert_eq!(story.welcome(ConnId(4)).members.len(), 1);
}

#[test]
fn hostile_bytes_end_their_sender_and_nothing_else() {
    let (mut story, mut ann, _) = ann_and_bob();
    story.edits(BOB, 1, b"no update at all".to_vec());
    assert_eq!(story.closed, [(BOB, CloseCode::Refused)]);
    story.edits(ANN, 1, draw(&mut ann));
    story.commit();
    assert!(story.heard(ANN).contains(&ServerMessage::Ack(Batch(1))));

    let bad_vector = Hello { state_vector: vec![0xff; 3], ..hello(&board(3)) };
    story.hello(ConnId(3), bad_vector);
    assert_eq!(story.closed.last(), Some(&(ConnId(3), CloseCode::Refused)));

    let again = ClientMessage::Hello(hello(&ann));
    story.says(ANN, again);
    assert_eq!(story.closed.last(), Some(&(ANN, CloseCode::Policy)));
}

#[test]
fn an_update_before_its_turn_means_sync_again() {
    let (mut story, _, mut bob) = ann_and_bob();
    let first = draw(&mut bob);
    story.edits(BOB, 2, draw(&mut bob));
    assert_eq!(story.closed, [(BOB, CloseCode::TryLater)]);
    assert!(story.log.is_empty());

    story.hello(BOB, hello(&bob));
    story.edits(BOB, 1, first);
    assert_eq!(story.log.len(), 1, "it is news, whatever came before");
}

#[test]
fn an_update_whose_past_is_missing_means_sync_again() {
    let (mut story, mut ann, mut bob) = ann_and_bob();
    let in_flight = draw(&mut ann);
    story.edits(ANN, 1, in_flight);
    // Bob builds on an element that only he has.
    let mut nobody = board(8);
    bob.apply_remote(&draw(&mut nobody)).unwrap();
    let id = bob.elements().next().unwrap().id.clone();
    bob.place(&[(
        id,
        Geometry { x: 9.0, y: 9.0, w: 9.0, h: 9.0, angle: 0.0, ..Geometry::default() },
    )]);
    story.edits(BOB, 1, bob.take_updates().remove(0));
    assert_eq!(story.closed, [(BOB, CloseCode::TryLater)]);
    assert_eq!(story.log.len(), 1);

    // The room was loaded again with Ann's uncommitted edit in it.
    story.commit();
    assert!(story.heard(ANN).contains(&ServerMessage::Ack(Batch(1))));
    story.edits(ANN, 2, draw(&mut ann));
    story.commit();
    assert_eq!(story.heard(ANN), [ServerMessage::Ack(Batch(2))]);
    assert_eq!(story.log.len(), 2);
    let mut fresh = board(3);
    story.hello(ConnId(3), hello(&fresh));
    fresh.apply_remote(&story.welcome(ConnId(3)).update).unwrap();
    assert_eq!(fresh.n_elements(), 2);
}

#[test]
fn a_failed_commit_acknowledges_nothing_and_sends_everyone_away() {
    let (mut story, mut ann, _) = ann_and_bob();
    story.edits(ANN, 1, draw(&mut ann));
    story.room.handle_snapshot(RequestId(1));
    story.fail_commit();
    assert!(story.room.has_failed());
    let mut closed = story.closed.clone();
    closed.sort_by_key(|(conn, _)| conn.0);
    assert_eq!(closed, [(ANN, CloseCode::Internal), (BOB, CloseCode::Internal)]);
    assert!(story.heard(ANN).is_empty() && story.heard(BOB).is_empty());
    assert_eq!(story.answers, [(RequestId(1), Answer::Failed)]);
}

#[test]
fn a_ticks_changes_are_encoded_once_and_sent_to_all() {
    let (mut story, _, _) = ann_and_bob();
    story.says(ANN, cursor(1.0));
    story.pass(Duration::ZERO);
    assert_eq!(story.presence_frames.len(), 1, "the first one goes out at once");
    let all = ServerMessage::Presences(vec![change(0, 1.0)]);
    let (ann_heard, bob_heard) = (story.heard(ANN), story.heard(BOB));
    assert_eq!(ann_heard, [all]);
    assert_eq!(bob_heard, ann_heard, "the sender is sent it too");

    for x in 2..=9 {
        story.says(ANN, cursor(f64::from(x)));
        story.says(BOB, cursor(f64::from(-x)));
        story.pass(Duration::from_millis(1));
    }
    assert_eq!(story.presence_frames.len(), 1);
    story.pass(Duration::from_millis(16));
    assert_eq!(story.presence_frames.len(), 2);
    let latest = ServerMessage::Presences(vec![change(0, 9.0), change(1, -9.0)]);
    assert_eq!(story.heard(BOB), [latest]);

    story.pass(Duration::from_secs(10));
    assert_eq!(story.presence_frames.len(), 2, "nothing changed, nothing is sent");

    story.hello(ConnId(3), hello(&board(3)));
    let members = story.welcome(ConnId(3)).members;
    assert_eq!(members[0].presence.cursor, cursor_at(9.0).cursor, "newcomers see it too");
}

#[test]
fn presence_of_somebody_who_left_is_not_told() {
    let (mut story, _, _) = ann_and_bob();
    story.says(ANN, cursor(1.0));
    story.leaves(ANN);
    story.pass(Duration::from_secs(1));
    assert!(story.presence_frames.is_empty());
}

#[test]
fn a_new_name_is_told_and_a_ping_answered() {
    let (mut story, _, _) = ann_and_bob();
    story.says(ANN, cursor(1.0));
    for name in ["A", "An", "Ann", "Anna"] {
        story.says(ANN, ClientMessage::Rename(Identity::new(name, Color::INK)));
    }
    story.pass(Duration::ZERO);
    let heard = story.heard(BOB);
    let anna = Member {
        id: MemberId(0),
        identity: Identity::new("Anna", Color::INK),
        presence: PresencePatch::default(),
    };
    let joined = ServerMessage::Joined(anna);
    assert_eq!(heard[1..], [joined], "once a tick, and not with all that she shows");
    story.heard(ANN);
    story.says(ANN, ClientMessage::Ping(5));
    assert_eq!(story.heard(ANN), [ServerMessage::Pong(5)]);
}

#[test]
fn an_import_is_an_edit_by_nobody_in_the_room() {
    let (mut story, _, _) = ann_and_bob();
    let mut importer = board(9);
    let updates = vec![draw(&mut importer).into(), draw(&mut importer).into()];
    story.room.handle_import(RequestId(1), client(9), updates, story.now);
    story.drain();
    assert!(story.answers.is_empty() && story.heard(ANN).is_empty());
    story.commit();
    assert_eq!(story.answers, [(RequestId(1), Answer::Imported)]);
    assert_eq!((story.heard(ANN).len(), story.heard(BOB).len()), (2, 2));
    assert_eq!(story.log.iter().map(|it| it.author).collect::<Vec<_>>(), [Some(client(9)); 2]);
}

#[test]
fn a_room_begins_where_its_log_ends() {
    let (mut story, mut ann, _) = ann_and_bob();
    story.edits(ANN, 1, draw(&mut ann));
    let mut story = Story::with_log(story.log);
    let mut bob = board(2);
    story.hello(BOB, hello(&bob));
    let welcome = story.welcome(BOB);
    assert_eq!(welcome.seq, Seq(1));
    bob.apply_remote(&welcome.update).unwrap();
    story.edits(BOB, 1, draw(&mut bob));
    assert_eq!(story.log.last().unwrap().seq, Seq(2));

    let gap = vec![Record { seq: Seq(2), ..story.log[0].clone() }];
    assert!(Document::from_log(&Log { records: gap, ..Log::empty(LIFE) }).is_err());
}

#[test]
fn who_has_lost_updates_is_sent_one_diff_and_the_roster_as_it_is() {
    let (mut story, mut ann, mut bob) = ann_and_bob();
    let known = story.marks[&BOB].clone();
    for batch in 1..=5 {
        story.edits(ANN, batch, draw(&mut ann));
    }
    story.commit();
    story.hello(ConnId(3), hello(&board(3)));
    story.hello(ConnId(4), hello(&board(4)));
    story.leaves(ConnId(4));
    story.says(ANN, cursor(1.0));
    story.pass(Duration::from_secs(1));
    story.heard(BOB);

    story.edits(ANN, 6, draw(&mut ann));
    story.room.handle_drained(BOB, Lost::Updates { known }, story.now);
    story.drain();
    assert!(story.heard(BOB).is_empty(), "the diff waits for the commit");
    story.commit();
    story.pass(Duration::from_secs(1));
    match &story.heard(BOB)[..] {
        [
            ServerMessage::Update(_),
            ServerMessage::Update(diff),
            ServerMessage::Joined(member),
            ServerMessage::Left(gone),
            ServerMessage::Presences(all),
        ] => {
            assert_eq!(diff.seq, Seq(6));
            bob.apply_remote(&diff.bytes).unwrap();
            assert_eq!((member.id, *gone), (MemberId(2), MemberId(3)));
            assert_eq!(all.len(), 3);
            assert_eq!(all[0].patch.cursor, cursor_at(1.0).cursor);
        }
        other => panic!("expected what was lost, not {other:?}"),
    }
    assert_eq!(bob.n_elements(), 6);
    assert_eq!(story.marks[&BOB].seq, Seq(6));
}

#[test]
fn a_diff_goes_no_further_back_than_it_must() {
    let (mut story, mut ann, mut bob) = ann_and_bob();
    let mut batch = 0;
    while story.marks[&BOB].seq == Seq(0) {
        batch += 1;
        let bytes = draw(&mut ann);
        bob.apply_remote(&bytes).unwrap();
        story.edits(ANN, batch, bytes);
        story.commit();
    }
    story.heard(BOB);
    let known = story.marks[&BOB].clone();
    assert_eq!(known.seq, Seq(batch));
    story.edits(ANN, batch + 1, draw(&mut ann));
    story.commit();
    story.heard(BOB);
    story.room.handle_drained(BOB, Lost::Updates { known }, story.now);
    story.drain();
    match &story.heard(BOB)[..] {
        [ServerMessage::Update(diff)] => {
            assert!(diff.bytes.len() < 1000, "{} bytes", diff.bytes.len());
            bob.apply_remote(&diff.bytes).unwrap();
        }
        other => panic!("expected one diff, not {other:?}"),
    }
    assert_eq!(bob.n_elements(), ann.n_elements());
}

#[test]
fn a_full_room_takes_nobody_in_until_somebody_leaves() {
    let limits = Limits { room_members: 1, ..Limits::default() };
    let mut story = Story::with_limits(Vec::new(), limits);
    story.hello(ANN, hello(&board(1)));
    story.hello(BOB, hello(&board(2)));
    assert_eq!(story.closed, [(BOB, CloseCode::RoomFull)]);
    story.leaves(ANN);
    story.hello(BOB, hello(&board(2)));
    story.welcome(BOB);
}

#[test]
fn a_full_board_takes_no_more_but_can_be_cleared() {
    let limits = Limits { document_bytes: 2000, ..Limits::default() };
    check_full_board(limits);
}

#[test]
fn a_board_of_too_many_structs_is_full_too() {
    let limits = Limits { document_structs: 100, ..Limits::default() };
    check_full_board(limits);
}

#[track_caller]
fn check_full_board(limits: Limits) {
    let mut story = Story::with_limits(Vec::new(), limits);
    let (mut ann, mut bob) = (board(1), board(2));
    story.hello(ANN, hello(&ann));
    story.hello(BOB, hello(&bob));
    let mut batch = 0;
    while story.closed.is_empty() {
        batch += 1;
        assert!(batch < 100, "it is never full");
        let bytes = draw(&mut ann);
        story.edits(ANN, batch, bytes);
    }
    assert_eq!(story.closed, [(ANN, CloseCode::Refused)]);
    assert_eq!(story.log.len() as u64, batch - 1);
    story.commit();

    for record in &story.log {
        bob.apply_remote(&record.bytes).unwrap();
    }
    let all: Vec<_> = bob.elements().map(|element| element.id.clone()).collect();
    bob.delete(&all);
    story.edits(BOB, 1, bob.take_updates().remove(0));
    // What was deleted leaves a little behind, and room for more.
    story.edits(BOB, 2, draw(&mut bob));
    assert_eq!(story.closed.len(), 1);
    assert_eq!(story.log.len() as u64, batch + 1);
}

#[test]
fn only_a_hello_opens_a_connection() {
    let hello = hello(&board(1));
    let frame = ClientMessage::Hello(hello.clone()).encode();
    assert_eq!(read_hello(&frame), Ok(hello.clone()));
    let code = |frame: &[u8]| read_hello(frame).unwrap_err().refusal.code();
    let newer = Hello { version: PROTOCOL_VERSION + 1, ..hello };
    assert_eq!(code(&ClientMessage::Hello(newer).encode()), CloseCode::Version);
    // A later version may look different after the first field: [0, [9, nil, "more"]].
    assert_eq!(code(b"\x92\x00\x93\x09\xc0\xa4more"), CloseCode::Version);
    assert_eq!(code(&ClientMessage::Ping(1).encode()), CloseCode::Policy);
    assert_eq!(code(b"garbage"), CloseCode::Refused);
    assert_eq!(code(b""), CloseCode::Refused);
}
