//! The client's end of the protocol, against a scripted server in simulated time.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::time::Duration;

use shared::board::{Board, Replica};
use shared::color::Color;
use shared::element::{Ink, NewElement, Shape, Style};
use shared::geometry::{BoardPoint, Bounds, Geometry};
use shared::id::{ClientId, Incarnation, MemberId, Seq};
use shared::ink::InkPoint;
use shared::limits::{ANSWER_MAX, PING_EVERY, PRESENCE_ALONE_EVERY, PRESENCE_EVERY};
use shared::presence::PresencePatch;
use shared::protocol::{
    ClientMessage, CloseCode, ErrorReport, Hello, Identity, LoggedUpdate, Member, NewUpdate, Role,
    ServerMessage, Ticket, Welcome,
};
use shared::session::{Connection, Event, Session};
use shared::time::Time;

/// A session, its board, and what it asked for so far.
struct Client {
    session: Session,
    board: Board,
    now: Time,
    events: Vec<Event>,
}

impl Client {
    fn new() -> Self {
        let identity = Identity::new("Ann", Color::INK);
        Self {
            session: Session::new(identity, None, 1),
            board: Board::new(ClientId::new(7).unwrap(), 7),
            now: Time(1_000),
            events: Vec::new(),
        }
    }

    /// A client that was welcomed to an empty room.
    fn live() -> Self {
        let mut client = Self::new();
        client.session.connect(client.now);
        client.welcome(Incarnation(1), &Replica::default());
        client.sent();
        client
    }

    fn welcome(&mut self, incarnation: Incarnation, room: &Replica) -> Hello {
        self.session.handle_open(self.now, &self.board);
        let [ClientMessage::Hello(hello)] = &self.sent()[..] else { panic!("one hello") };
        let ann = Identity::new("Ann", Color::INK);
        let me = Member { id: MemberId(0), identity: ann, presence: PresencePatch::default() };
        self.hear(&ServerMessage::Welcome(Welcome {
            you: MemberId(0),
            role: Role::Editor,
            members: vec![me],
            incarnation,
            seq: Seq(1),
            update: room.diff(&hello.state_vector).unwrap(),
            state_vector: room.state_vector(),
            ticket: Ticket(vec![1, 2, 3]),
        }));
        hello.clone()
    }

    fn hear(&mut self, message: &ServerMessage) {
        self.session.handle_message(self.now, &message.encode(), &mut self.board);
    }

    fn sent(&mut self) -> Vec<ClientMessage> {
        let frames = std::iter::from_fn(|| self.session.poll_transmit());
        frames.map(|frame| ClientMessage::decode(&frame).unwrap()).collect()
    }

    fn sent_updates(&mut self) -> Vec<NewUpdate> {
        let update = |message| match message {
            ClientMessage::Update(update) => Some(update),
            _ => None,
        };
        self.sent().into_iter().filter_map(update).collect()
    }

    fn events(&mut self) -> &[Event] {
        self.events = std::iter::from_fn(|| self.session.poll_event()).collect();
        &self.events
    }

    fn pass(&mut self, time: Duration) {
        self.now = self.now + time;
        self.session.handle_timeout(self.now);
    }

    /// Somebody else comes into the room.
    fn meet_bob(&mut self) {
        let bob = Identity::new("Bob", Color::INK);
        let bob = Member { id: MemberId(1), identity: bob, presence: PresencePatch::default() };
        self.hear(&ServerMessage::Joined(bob));
    }

    fn point_at(&mut self, x: f64) {
        let ClientMessage::Presence(patch) = cursor_at(x) else { return };
        self.session.show_presence(self.now, patch);
    }

    fn draw(&mut self) {
        let geometry = Some(Geometry { w: 10.0, h: 10.0, ..Geometry::default() });
        self.board.insert(NewElement::new(geometry, Style::default(), Shape::Rectangle));
        self.session.handle_edits(&mut self.board);
    }
}

#[test]
fn a_client_syncs_and_is_live() {
    let mut room = Replica::default();
    let mut other = Client::new();
    other.draw();
    room.take(&other.session.unsaved().next().unwrap().bytes).unwrap();

    let mut client = Client::new();
    assert_eq!(client.session.connection(), Connection::Offline);
    client.session.connect(client.now);
    assert!(client.events().contains(&Event::Open));
    client.welcome(Incarnation(1), &room);
    assert_eq!(client.session.connection(), Connection::Live);
    assert_eq!(client.board.n_elements(), 1);
    assert_eq!(client.session.members().len(), 1);
}

#[test]
fn edits_are_kept_until_acknowledged_and_sent_again() {
    let mut client = Client::live();
    client.draw();
    client.draw();
    let sent = client.sent_updates();
    assert_eq!(sent.len(), 2);
    client.hear(&ServerMessage::Ack(sent[0].batch));
    assert_eq!(client.session.unsaved().len(), 1);

    client.session.handle_close(client.now, 1006, "");
    assert_eq!(client.session.connection(), Connection::Waiting);
    client.draw();
    assert!(client.sent().is_empty(), "nothing is sent without a connection");
    client.pass(Duration::from_secs(20));
    let hello = client.welcome(Incarnation(1), &Replica::default());
    assert_eq!(hello.ticket, Some(Ticket(vec![1, 2, 3])), "the client proves its id");
    let again = client.sent_updates();
    assert_eq!(again.len(), 2);
    assert_eq!(again[0], sent[1], "the very batch that was not acknowledged");
}

#[test]
fn edits_made_before_the_first_connection_get_in() {
    let mut client = Client::new();
    client.draw();
    client.session.connect(client.now);
    client.welcome(Incarnation(1), &Replica::default());
    assert_eq!(client.sent_updates().len(), 1);
}

#[test]
fn waits_grow_and_spread_and_a_restarting_server_gets_time() {
    let wait = |seed: u64, code: u16| {
        let mut session = Session::new(Identity::new("Ann", Color::INK), None, seed);
        let mut now = Time(0);
        let mut waits = Vec::new();
        session.connect(now);
        for _ in 0..12 {
            session.handle_close(now, code, "");
            let until = session.poll_timeout().unwrap();
            waits.push(until - now);
            now = until;
            session.handle_timeout(now);
        }
        waits
    };
    let lost = wait(1, 1006);
    assert!(lost[0] <= Duration::from_millis(250));
    assert!(lost[11] >= Duration::from_secs(7) && lost[11] <= Duration::from_secs(15));
    assert_ne!(lost, wait(2, 1006), "two clients do not come back together");
    assert!(wait(1, CloseCode::Restarting as u16)[0] >= Duration::from_millis(500));
}

#[test]
fn after_a_connection_that_held_the_next_attempt_comes_soon() {
    let mut client = Client::live();
    // It fails for a while, is live for some time, and fails again.
    let next_wait = |client: &mut Client, lasted: Duration| {
        for _ in 0..8 {
            client.session.handle_close(client.now, 1006, "");
            client.now = client.session.poll_timeout().unwrap();
            client.session.handle_timeout(client.now);
        }
        client.welcome(Incarnation(1), &Replica::default());
        client.now = client.now + lasted;
        client.session.handle_close(client.now, 1006, "");
        let until = client.session.poll_timeout().unwrap();
        client.session.handle_timeout(until);
        let wait = until - client.now;
        client.now = until;
        wait
    };
    assert!(next_wait(&mut client, Duration::from_secs(2)) <= Duration::from_millis(250));
    let unwell = next_wait(&mut client, Duration::from_millis(20));
    assert!(unwell >= Duration::from_secs(7), "it only says welcome and dies: {unwell:?}");
}

#[test]
fn a_silent_server_is_left() {
    let mut client = Client::live();
    client.now = client.now + Duration::from_millis(30);
    client.hear(&ServerMessage::Pong(1));
    assert_eq!(client.session.rtt(), Some(Duration::from_millis(30)), "measured at once");
    assert!(client.events().contains(&Event::Rtt(Duration::from_millis(30))));
    client.pass(PING_EVERY);
    assert!(matches!(client.sent()[..], [ClientMessage::Ping(2)]));
    client.now = client.now + Duration::from_millis(40);
    client.hear(&ServerMessage::Pong(2));
    assert_eq!(client.session.rtt(), Some(Duration::from_millis(40)));
    client.pass(Duration::from_secs(60));
    assert!(matches!(client.sent()[..], [ClientMessage::Ping(3)]));
    assert_eq!(client.session.connection(), Connection::Live, "a page may sleep for a minute");
    client.pass(ANSWER_MAX);
    assert_eq!(client.session.connection(), Connection::Waiting);
    assert!(client.events().contains(&Event::Close(CloseCode::GoingAway)));
}

#[test]
fn a_dead_line_is_noticed_by_the_clock_alone() {
    let mut client = Client::live();
    let started = client.now;
    while client.session.connection() == Connection::Live {
        let due = client.session.poll_timeout().unwrap();
        assert!(due > client.now, "time goes on");
        client.pass(due - client.now);
        client.sent();
    }
    assert_eq!(client.now.since(started), PING_EVERY + ANSWER_MAX);
}

#[test]
fn a_socket_that_never_opens_is_given_up() {
    let mut client = Client::new();
    client.session.connect(client.now);
    let until = client.session.poll_timeout().unwrap();
    client.pass(until - client.now);
    assert_eq!(client.session.connection(), Connection::Waiting);
}

#[test]
fn a_board_that_comes_in_pieces_is_put_together_and_each_piece_gives_the_next_one_time() {
    let (mut room, mut client) = (Replica::default(), Client::new());
    let mut other = Board::new(ClientId::new(9).unwrap(), 9);
    let geometry = Some(Geometry { w: 10.0, h: 10.0, ..Geometry::default() });
    for _ in 0..20 {
        other.insert(NewElement::new(geometry, Style::default(), Shape::Rectangle));
    }
    other.take_updates().iter().for_each(|update| room.take(update).unwrap());
    let whole = room.diff(&[]).unwrap();
    for is_broken_off in [true, false] {
        client.session.connect(client.now);
        client.session.handle_open(client.now, &client.board);
        client.sent();
        let (end, ahead) = whole.split_last_chunk::<50>().map(|(a, b)| (b.to_vec(), a)).unwrap();
        for piece in ahead.chunks(100) {
            client.pass(Duration::from_secs(10));
            client.hear(&ServerMessage::Ahead(piece.into()));
            assert_eq!(client.session.connection(), Connection::Connecting);
        }
        if is_broken_off {
            // What came of it is nothing to the next connection.
            client.session.handle_close(client.now, 1006, "");
            client.pass(Duration::from_secs(60));
            continue;
        }
        client.hear(&ServerMessage::Welcome(Welcome {
            you: MemberId(0),
            role: Role::Editor,
            members: Vec::new(),
            incarnation: Incarnation(1),
            seq: Seq(1),
            update: end,
            state_vector: room.state_vector(),
            ticket: Ticket(vec![1]),
        }));
    }
    assert_eq!(client.session.connection(), Connection::Live);
    assert_eq!(client.board.n_elements(), 20);
    client.hear(&ServerMessage::Ahead(vec![0]));
    assert_eq!(client.session.connection(), Connection::Waiting, "it is nonsense by now");
}

#[test]
fn a_welcome_that_is_long_on_its_way_is_given_more_time_each_time() {
    let mut client = Client::new();
    let mut give_up = || {
        client.session.connect(client.now);
        client.session.handle_open(client.now, &client.board);
        let until = client.session.poll_timeout().unwrap();
        let time = until.since(client.now);
        client.pass(time);
        assert_eq!(client.session.connection(), Connection::Waiting);
        time.as_secs()
    };
    let times: Vec<u64> = (0..6).map(|_| give_up()).collect();
    assert_eq!(times, [15, 30, 60, 120, 240, 240]);

    client.session.connect(client.now);
    client.welcome(Incarnation(1), &Replica::default());
    client.session.handle_close(client.now, 1006, "");
    client.session.connect(client.now);
    client.session.handle_open(client.now, &client.board);
    let until = client.session.poll_timeout().unwrap();
    assert_eq!(until.since(client.now), Duration::from_secs(15), "the line is good again");
}

#[test]
fn cursors_leave_at_most_thirty_times_a_second_and_the_last_one_does() {
    let mut client = Client::live();
    client.meet_bob();
    client.pass(PRESENCE_EVERY);
    client.sent();
    for x in 0..95 {
        client.point_at(x.into());
        client.now = client.now + Duration::from_millis(1);
    }
    let due = client.session.poll_timeout().unwrap();
    client.pass(due - client.now);
    let sent = client.sent();
    assert!((4..=5).contains(&sent.len()), "{}", sent.len());
    assert_eq!(sent.last(), Some(&cursor_at(94.0)));
}

#[test]
fn who_is_alone_hardly_tells_of_the_cursor_until_somebody_comes() {
    let mut client = Client::live();
    client.pass(PRESENCE_ALONE_EVERY);
    client.sent();
    client.point_at(1.0);
    client.point_at(2.0);
    client.pass(PRESENCE_EVERY);
    assert_eq!(client.sent(), [cursor_at(1.0)]);
    client.pass(PRESENCE_ALONE_EVERY);
    assert_eq!(client.sent(), [cursor_at(2.0)]);
    client.point_at(3.0);
    assert_eq!(client.sent(), []);
    client.pass(PRESENCE_EVERY);
    client.meet_bob();
    assert_eq!(client.sent(), [cursor_at(3.0)], "he sees at once where it is");
}

fn cursor_at(x: f64) -> ClientMessage {
    let cursor = Some(Some(BoardPoint::new(x, 0.0).into()));
    ClientMessage::Presence(PresencePatch { cursor, ..PresencePatch::default() })
}

#[test]
fn a_replaced_room_does_not_take_old_work() {
    let mut client = Client::live();
    client.session.handle_close(client.now, 1006, "");
    client.draw();
    client.pass(Duration::from_secs(20));
    client.welcome(Incarnation(2), &Replica::default());
    assert!(client.events().contains(&Event::Replaced));
    assert!(client.sent().is_empty(), "nothing of the old board is sent");
    assert_eq!(client.session.unsaved().len(), 1, "and nothing is lost");
    assert_eq!(client.session.connection(), Connection::Offline);
}

#[test]
fn a_final_refusal_stops_the_attempts() {
    let mut client = Client::live();
    let code = CloseCode::Refused as u16;
    client.hear(&ServerMessage::Error(ErrorReport { code, text: "too old".into() }));
    client.session.handle_close(client.now, code, "too old");
    assert_eq!(client.session.connection(), Connection::Offline);
    assert!(client.events().contains(&Event::Refused("too old".into())));
    assert_eq!(client.session.poll_timeout(), None);
}

#[test]
fn a_server_of_a_later_version_asks_for_a_new_page() {
    let mut client = Client::live();
    client.draw();
    client.session.handle_close(client.now, CloseCode::Version as u16, "too old");
    assert!(client.events().contains(&Event::Outdated));
    assert_eq!(client.session.unsaved().len(), 1, "and nothing is lost");
    assert_eq!(client.session.poll_timeout(), None);
}

#[test]
fn a_page_that_is_looked_at_again_asks_whether_its_line_is_alive() {
    let mut client = Client::live();
    client.hear(&ServerMessage::Pong(1));
    client.now = client.now + Duration::from_secs(1);
    client.session.connect(client.now);
    assert!(matches!(client.sent()[..], [ClientMessage::Ping(2)]));
    client.session.connect(client.now);
    assert!(client.sent().is_empty(), "one question is enough");
    client.pass(ANSWER_MAX);
    assert_eq!(client.session.connection(), Connection::Waiting);
    client.session.connect(client.now);
    assert_eq!(client.session.connection(), Connection::Connecting, "at once, out of the wait");
}

#[test]
fn nonsense_from_a_server_ends_the_connection_not_the_client() {
    let mut client = Client::live();
    client.session.handle_message(client.now, b"\xc1nonsense", &mut client.board);
    assert_eq!(client.session.connection(), Connection::Waiting);
}

/// A room with so many strokes of about 200 bytes for each hundred points, and who drew them.
fn room_of_strokes(n: usize, n_points: u32) -> (Replica, Board) {
    let mut room = Replica::default();
    let mut other = Board::new(ClientId::new(8).unwrap(), 8);
    let point = |n: u32| InkPoint { at: BoardPoint::new(f64::from(n * n), 0.0), pressure: 0.5 };
    for _ in 0..n {
        let points = (0..n_points).map(point).collect();
        let ink = Shape::Ink(Ink { points, ..Ink::default() });
        other.insert(NewElement::new(None, Style::default(), ink));
    }
    other.take_updates().iter().for_each(|update| room.take(update).unwrap());
    (room, other)
}

#[test]
fn a_board_that_is_not_large_is_there_with_the_welcome() {
    let (room, _) = room_of_strokes(40, 1_000);
    let n_bytes = room.diff(&[]).unwrap().len();
    assert!((64_000..190_000).contains(&n_bytes), "{n_bytes}");
    let mut client = Client::new();
    client.session.load_in_parts(Bounds::EMPTY);
    client.session.connect(client.now);
    client.welcome(Incarnation(1), &room);
    assert!(!client.session.is_loading());
    assert_eq!(client.board.diff(&[]).unwrap().len(), n_bytes);
}

#[test]
fn a_large_board_comes_by_parts_and_what_happens_meanwhile_is_not_lost() {
    let (mut room, mut other) = room_of_strokes(200, 10_000);

    let mut client = Client::new();
    client.session.load_in_parts(Bounds::EMPTY);
    client.session.connect(client.now);
    client.welcome(Incarnation(1), &room);
    while client.session.is_loading() && !client.session.is_at_first_sight() {
        client.session.load_more(client.now, &mut client.board);
    }
    assert_eq!(client.board.n_elements(), 200, "all is shown at first sight");
    let read = |client: &Client| {
        let mut copy = Replica::default();
        copy.take(&client.board.diff(&[]).unwrap()).unwrap();
        copy.elements().len()
    };
    assert_eq!(read(&client), 0, "the next turn is the driver's");
    while client.session.is_loading() && read(&client) == 0 {
        client.session.load_more(client.now, &mut client.board);
    }
    let n_first = read(&client);
    assert!((1..200).contains(&n_first), "{n_first}");

    // Somebody changes what is not here yet, and the line breaks.
    let last = other.elements().next_back().unwrap().id.clone();
    other.delete(&[last]);
    let bytes = other.take_updates().concat();
    room.take(&bytes).unwrap();
    client.hear(&ServerMessage::Update(LoggedUpdate { seq: Seq(2), bytes }));
    client.draw();
    assert_eq!(client.sent_updates().len(), 1, "one's own work does not wait");
    client.session.handle_close(client.now, 1006, "");
    while client.session.is_loading() {
        client.session.load_more(client.now, &mut client.board);
    }
    assert_eq!(client.board.n_elements(), 199 + 1);
    assert!(client.events().contains(&Event::Board));
    client.pass(Duration::from_secs(20));
    client.welcome(Incarnation(1), &room);
    assert_eq!(client.session.connection(), Connection::Live);
    assert_eq!(client.sent_updates().len(), 1, "it was not acknowledged");
}
