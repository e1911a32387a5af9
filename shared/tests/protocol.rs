//! The protocol's bytes: what is written here is what strangers' clients rely on.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use proptest::prelude::*;
use shared::WireError;
use shared::color::Color;
use shared::geometry::{BoardPoint, Flip, Geometry};
use shared::id::{Batch, ClientId, ElementId, Incarnation, MemberId, Seq};
use shared::limits::PROTOCOL_VERSION;
use shared::presence::{
    Gesture, LaserGesture, MoveGesture, PlaceGesture, PresenceChange, PresencePatch,
    ReshapeGesture, ShownPlace,
};
use shared::protocol::{
    ClientMessage, Hello, Identity, LoggedUpdate, Member, NewUpdate, Role, ServerMessage, Ticket,
    Welcome,
};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[track_caller]
fn check_client(message: &ClientMessage, golden: &str) {
    assert_eq!(hex(&message.encode()), golden);
    assert_eq!(ClientMessage::decode(&message.encode()).unwrap(), *message);
}

#[track_caller]
fn check_server(message: &ServerMessage, golden: &str) {
    assert_eq!(hex(&message.encode()), golden);
    assert_eq!(ServerMessage::decode(&message.encode()).unwrap(), *message);
}

fn ann() -> Identity {
    Identity::new("Ann", Color::rgb(0x02b1cc))
}

fn cursor(x: f64, y: f64) -> PresencePatch {
    PresencePatch { cursor: Some(Some(BoardPoint::new(x, y).into())), ..Default::default() }
}

#[test]
fn client_messages_have_these_bytes() {
    let hello = Hello {
        version: 1,
        token: None,
        identity: ann(),
        client: ClientId::new(7).unwrap(),
        ticket: Some(Ticket(vec![0xaa])),
        incarnation: Some(Incarnation(3)),
        last_seq: Seq(5),
        state_vector: vec![0],
    };
    check_client(&ClientMessage::Hello(hello), "92009801c092a3416e6eceff02b1cc07c401aa0305c40100");
    let update = NewUpdate { batch: Batch(2), bytes: vec![1, 2, 3] };
    check_client(&ClientMessage::Update(update), "92019202c403010203");
    check_client(&ClientMessage::Presence(cursor(1.0, -1.0)), "920281009208f8");
    let gone = PresencePatch { cursor: Some(None), ..Default::default() };
    check_client(&ClientMessage::Presence(gone), "92028100c0");
    check_client(&ClientMessage::Ping(9), "920409");
    check_client(&ClientMessage::Rename(ann()), "920592a3416e6eceff02b1cc");
}

#[test]
fn server_messages_have_these_bytes() {
    let welcome = Welcome {
        you: MemberId(0),
        role: Role::Editor,
        members: vec![Member {
            id: MemberId(0),
            identity: ann(),
            presence: PresencePatch::default(),
        }],
        incarnation: Incarnation(3),
        seq: Seq(1),
        update: vec![0, 0],
        state_vector: vec![0],
        ticket: Ticket(vec![0xaa]),
    };
    check_server(
        &ServerMessage::Welcome(welcome),
        "920098000191930092a3416e6eceff02b1cc800301c4020000c40100c401aa",
    );
    let update = LoggedUpdate { seq: Seq(300), bytes: vec![9] };
    check_server(&ServerMessage::Update(update), "920192cd012cc40109");
    check_server(&ServerMessage::Ack(Batch(2)), "920202");
    let moving = Gesture::Move(MoveGesture { ids: vec![], by: BoardPoint::new(1.0, 0.0).into() });
    let changes = vec![
        PresenceChange { member: MemberId(1), patch: cursor(2.0, 3.0) },
        PresenceChange {
            member: MemberId(2),
            patch: PresencePatch { gesture: Some(moving), ..Default::default() },
        },
    ];
    check_server(&ServerMessage::Presences(changes), "920392930110189202810492019290920800");
    check_server(&ServerMessage::Left(MemberId(2)), "920502");
    check_server(&ServerMessage::Role(Role::Viewer), "920600");
    check_server(&ServerMessage::Pong(9), "920809");
    check_server(&ServerMessage::Ahead(vec![1, 2]), "9209c4020102");
}

#[test]
fn a_moved_cursor_costs_at_most_twelve_bytes() {
    let changes = |n: u16, x: f64| -> Vec<u8> {
        let change = |id| PresenceChange { member: MemberId(id), patch: cursor(x, -x) };
        ServerMessage::Presences((0..n).map(change).collect()).encode()
    };
    for (x, at_most) in [(4_000.0, 8), (200_000_000.0, 12)] {
        let one_more = changes(100, x).len() - changes(99, x).len();
        assert!(one_more <= at_most, "{one_more} bytes at {x}");
    }
}

/// The numbers that name something right after these bytes: what follows, which is no MessagePack, is refused for another
/// reason than the number.
fn numbers<M>(before: &[u8], decode: fn(&[u8]) -> Result<M, WireError>) -> Vec<u8> {
    let nothing =
        ["a number that names nothing", "no such presence field"].map(WireError::Malformed);
    let is_known = |number: &u8| {
        let bytes = [before, &[*number, 0xc1]].concat();
        decode(&bytes).is_err_and(|error| !nothing.contains(&error))
    };
    (0..0x80).filter(is_known).collect()
}

#[test]
fn the_version_says_which_numbers_there_are() {
    assert_eq!(PROTOCOL_VERSION, 1, "another version may have other numbers");
    assert_eq!(numbers(b"\x92", ClientMessage::decode), [0, 1, 2, 4, 5]);
    assert_eq!(numbers(b"\x92", ServerMessage::decode), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    let fields = numbers(b"\x92\x02\x81", ClientMessage::decode);
    assert_eq!(fields, [0, 1, 2, 3, 4], "of presence");
    let gestures = numbers(b"\x92\x02\x81\x04\x92", ClientMessage::decode);
    assert_eq!(gestures, [0, 1, 2, 3, 4, 5, 6]);
    let shapes = numbers(b"\x92\x02\x81\x04\x92\x02\x93\x92", ClientMessage::decode);
    assert_eq!(shapes, [0, 1, 2, 3, 4, 5, 6, 7, 8], "that are drawn");
}

#[test]
fn what_is_no_message_is_refused() {
    let too_many = PresencePatch {
        selection: Some(vec![ElementId::parse("e").unwrap(); 501]),
        ..Default::default()
    };
    let bad: [&[u8]; 9] = [
        b"",
        b"\xc1",
        b"hello",
        b"\x92\x63\xc0",         // no such number
        b"\x91\x04",             // no content
        b"\x92\x04\x09\x00",     // bytes after it
        b"\x92\x04\xff",         // negative ping
        b"\x92\x02\x81\x09\xc0", // no such presence field
        &ClientMessage::Presence(too_many).encode(),
    ];
    for bytes in bad {
        assert!(ClientMessage::decode(bytes).is_err(), "{}", hex(bytes));
    }
    assert!(ClientMessage::decode(&vec![0; shared::limits::FRAME_MAX_BYTES + 1]).is_err());
}

#[test]
fn names_are_made_presentable() {
    assert_eq!(Identity::new("  \u{7}Ann\n", Color::INK).name, "Ann");
    assert_eq!(Identity::new(" ", Color::INK).name, "Guest");
    assert_eq!(Identity::new(&"x".repeat(99), Color::INK).name.len(), 40);
    let cut_at_a_space = format!("{} y", "x".repeat(39));
    for name in ["\u{1} \u{f}", "\u{1} Ann", &cut_at_a_space] {
        let once = Identity::new(name, Color::INK);
        assert_eq!(Identity::new(&once.name, Color::INK), once, "the fuzzer found {name:?}");
        assert_eq!(once.name.trim(), once.name);
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        ClientMessage::decode(&bytes).ok();
        ServerMessage::decode(&bytes).ok();
    }
}

#[test]
fn gestures_of_the_editor() {
    let id = ElementId::parse("a").unwrap();
    let geometry = Geometry {
        x: -1.5,
        y: 2.0,
        w: 30.0,
        h: 4.25,
        angle: 0.5,
        flip: Flip { across: true, down: true },
    };
    let places = vec![ShownPlace { id: id.clone(), geometry }];
    let points = vec![BoardPoint::new(1.0, 2.0).into()];
    let gestures = [
        (Gesture::Place(PlaceGesture { places }), "920281049204919192a1619492f41092ccf022cd080003"),
        (
            Gesture::Laser(LaserGesture { from: 7, points: points.clone() }),
            "9202810492059207919208 10",
        ),
        (Gesture::Reshape(ReshapeGesture { id, points }), "920281049206 92a161 91920810"),
    ];
    for (gesture, golden) in gestures {
        let patch = PresencePatch { gesture: Some(gesture), ..PresencePatch::default() };
        check_client(&ClientMessage::Presence(patch), &golden.replace(' ', ""));
    }
}
