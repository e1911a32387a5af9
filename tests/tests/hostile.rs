//! Bad clients: each is told why and thrown out, and nobody else notices.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use shared::board::Board;
use shared::element::{NewElement, Shape, Style};
use shared::id::{Batch, ClientId};
use shared::limits::{FRAME_MAX_BYTES, PROTOCOL_VERSION};
use shared::protocol::{ClientMessage, CloseCode, Hello, NewUpdate, ServerMessage, Ticket};
use tests::{Bystanders, RawSocket, Site, TestServer, hello};
use tokio_tungstenite::tungstenite::Message;

fn board(author: u64) -> Board {
    Board::new(ClientId::new(author).unwrap(), author)
}

/// What `author` sends after drawing something.
fn drawing_by(author: u64) -> ClientMessage {
    let mut board = board(author);
    board.insert(NewElement::new(None, Style::default(), Shape::Ellipse));
    ClientMessage::Update(NewUpdate { batch: Batch(1), bytes: board.take_updates().remove(0) })
}

/// A stranger who sends `frame` first is closed with `code`.
async fn check_first_frame(site: Site, frame: impl Into<Message>, code: CloseCode) {
    let mut socket = site.raw("r").await;
    socket.send(frame.into()).await;
    assert_eq!(socket.closed().await, code as u16);
}

/// A member who sends `frame` is closed with `code`.
async fn check_later_frame(site: Site, frame: impl Into<Message>, code: CloseCode) {
    let mut socket = member(site, 7).await;
    socket.send(frame.into()).await;
    assert_eq!(socket.closed().await, code as u16);
}

async fn member(site: Site, author: u64) -> RawSocket {
    let mut socket = site.raw("r").await;
    socket.join(hello(&board(author))).await;
    socket
}

#[tokio::test]
async fn frames_that_are_no_messages_end_the_connection() {
    let server = TestServer::start().await;
    let bystanders = Bystanders::in_the_room(&server).await;
    let garbage = || Message::binary(&b"\xc1 no MessagePack"[..]);
    let unknown = || Message::binary(&b"\x92\x63\xc0"[..]);
    let cut_off = || Message::binary(&b"\x92\x00\x98\x01"[..]);
    let oversized = || Message::binary(vec![0; FRAME_MAX_BYTES + 1]);
    for frame in [garbage, unknown, cut_off] {
        check_first_frame(server.site, frame(), CloseCode::Refused).await;
        check_later_frame(server.site, frame(), CloseCode::Refused).await;
    }
    check_first_frame(server.site, Message::text("hello"), CloseCode::Policy).await;
    check_later_frame(server.site, Message::text("hello"), CloseCode::Policy).await;
    check_first_frame(server.site, oversized(), CloseCode::TooBig).await;
    check_later_frame(server.site, oversized(), CloseCode::TooBig).await;
    bystanders.check_undisturbed().await;
}

#[tokio::test]
async fn messages_out_of_turn_end_the_connection() {
    let server = TestServer::start().await;
    let bystanders = Bystanders::in_the_room(&server).await;
    let again = ClientMessage::Hello(hello(&board(7))).encode();
    check_later_frame(server.site, Message::binary(again), CloseCode::Policy).await;
    let edit = drawing_by(7).encode();
    check_first_frame(server.site, Message::binary(edit), CloseCode::Policy).await;
    bystanders.check_undisturbed().await;
}

#[tokio::test]
async fn a_newer_version_is_told_so() {
    let server = TestServer::start().await;
    let newer = Hello { version: PROTOCOL_VERSION + 1, ..hello(&board(7)) };
    let mut socket = server.site.raw("r").await;
    socket.say(&ClientMessage::Hello(newer)).await;
    match socket.hear().await {
        ServerMessage::Error(report) => {
            assert_eq!(report.code, CloseCode::Version as u16);
            assert!(report.text.contains("version"), "{}", report.text);
        }
        other => panic!("expected an error, not {other:?}"),
    }
    // A version that this one cannot read at all, but for its number.
    let strange = Message::binary(&b"\x92\x00\x92\xcd\x01\x00\xa3new"[..]);
    check_first_frame(server.site, strange, CloseCode::Version).await;
}

#[tokio::test]
async fn nobody_writes_under_somebody_elses_id() {
    let server = TestServer::start().await;
    let bystanders = Bystanders::in_the_room(&server).await;
    let victim = bystanders.ann.look(|seen| seen.board.author().value());

    // Without claiming to be her.
    check_later_frame(
        server.site,
        Message::binary(drawing_by(victim).encode()),
        CloseCode::Refused,
    )
    .await;
    // Claiming to be her, while she is here, and with a ticket that is no ticket of hers.
    let wrong = Some(Ticket(vec![0; 16]));
    // Without any, it might be herself, whose welcome was lost: she may come again.
    for (ticket, code) in [(None, CloseCode::TryLater), (wrong, CloseCode::Refused)] {
        let stolen = Hello { ticket, ..hello(&board(victim)) };
        let hello = Message::binary(ClientMessage::Hello(stolen).encode());
        check_first_frame(server.site, hello, code).await;
    }
    // With a ticket for another id.
    let mut socket = server.site.raw("r").await;
    let ticket = Some(socket.join(hello(&board(8))).await.ticket);
    let stolen = Hello { ticket, ..hello(&board(victim)) };
    let hello = Message::binary(ClientMessage::Hello(stolen).encode());
    check_first_frame(server.site, hello, CloseCode::Refused).await;
    drop(socket);
    bystanders.check_undisturbed().await;
}

#[tokio::test]
async fn an_update_that_is_none_is_refused_and_not_kept() {
    let server = TestServer::start().await;
    let bystanders = Bystanders::in_the_room(&server).await;
    for bytes in [&b""[..], b"\xff\xff\xff\xff\xff", b"not an update"] {
        let update = NewUpdate { batch: Batch(1), bytes: bytes.into() };
        let frame = Message::binary(ClientMessage::Update(update).encode());
        check_later_frame(server.site, frame, CloseCode::Refused).await;
    }
    bystanders.check_undisturbed().await;
}

/// Not hostile: something went missing on the way, and a new sync brings it.
#[tokio::test]
async fn an_update_that_builds_on_a_missing_one_means_sync_again() {
    let server = TestServer::start().await;
    let bystanders = Bystanders::in_the_room(&server).await;
    let mut board = board(7);
    for _ in 0..2 {
        board.insert(NewElement::new(None, Style::default(), Shape::Ellipse));
    }
    let second = board.take_updates().remove(1);
    let update = ClientMessage::Update(NewUpdate { batch: Batch(2), bytes: second });
    check_later_frame(server.site, Message::binary(update.encode()), CloseCode::TryLater).await;
    bystanders.check_undisturbed().await;
}

/// Time is simulated from the moment that the socket is open.
#[tokio::test]
async fn whoever_never_says_hello_is_sent_away() {
    let server = TestServer::start().await;
    let mut silent = server.site.raw("r").await;
    tokio::time::pause();
    assert_eq!(silent.closed().await, CloseCode::NoHello as u16);
}

/// The bytes that once broke a CRDT or a decoder, from `shared/tests/fixtures/hostile`.
fn hostile_files() -> Vec<(String, Vec<u8>)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/tests/fixtures/hostile");
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let kind = |path: &std::path::Path| path.extension().unwrap().to_str().unwrap().to_owned();
    let files = paths.filter(|path| path.is_file());
    files.map(|path| (kind(&path), std::fs::read(&path).unwrap())).collect()
}

/// A message of the y-websocket protocol: numbers that say what it is, then bytes.
fn yjs_frame(kind: &[u8], bytes: &[u8]) -> Vec<u8> {
    let mut frame = kind.to_vec();
    let mut n = bytes.len();
    while n >= 0x80 {
        frame.push(n as u8 | 0x80);
        n >>= 7;
    }
    frame.push(n as u8);
    frame.extend_from_slice(bytes);
    frame
}

#[tokio::test]
async fn every_hostile_file_is_refused_on_both_sockets_and_the_room_goes_on() {
    let server = TestServer::start().await;
    let people = Bystanders::in_the_room(&server).await;
    let site = server.site;
    let is_refused =
        |code| [CloseCode::Refused, CloseCode::TryLater].iter().any(|&it| it as u16 == code);
    let mut n_refused = 0;
    for (kind, bytes) in hostile_files() {
        let frame = match &kind[..] {
            "update" => {
                let mut socket = member(site, 7).await;
                let update = NewUpdate { batch: Batch(1), bytes: bytes.clone() };
                socket.say(&ClientMessage::Update(update)).await;
                assert!(is_refused(socket.closed().await), "{kind}");
                yjs_frame(&[0, 2], &bytes)
            }
            "state-vector" => {
                let hello = Hello { state_vector: bytes.clone(), ..hello(&board(7)) };
                let frame = ClientMessage::Hello(hello).encode();
                check_first_frame(site, frame, CloseCode::Refused).await;
                yjs_frame(&[0, 0], &bytes)
            }
            "awareness" => yjs_frame(&[1], &bytes),
            // Notes about the others.
            _ => continue,
        };
        let mut socket = RawSocket::open(&format!("{}/r", site.yjs_url())).await;
        // Twice, for whoever builds on what is missing is asked once for all that it has.
        socket.send(Message::binary(frame.repeat(2))).await;
        assert!(is_refused(socket.closed_without_a_word().await), "{kind}");
        people.check_undisturbed().await;
        n_refused += 1;
    }
    assert!(n_refused >= 6);
}
