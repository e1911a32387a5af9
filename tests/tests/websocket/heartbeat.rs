//! How a connection on which nothing is said is told from one that is dead. Time is simulated from
//! the moment that somebody has joined.

use std::time::Duration;

use shared::limits::{FRAME_MAX_BYTES, PING_EVERY, SILENCE_MAX};
use shared::protocol::CloseCode;
use tests::{Frame, Goodbye};
use tokio::time::{Instant, pause, resume, sleep};

use crate::room::Room;

/// How much sooner or later a simulated time may be met.
const ABOUT: Duration = Duration::from_secs(1);

const SILENT: Goodbye =
    Goodbye { code: Some(CloseCode::GoingAway as u16), told: Some(CloseCode::GoingAway as u16) };

#[tokio::test]
async fn a_member_that_says_nothing_is_closed_after_a_while() {
    let room = Room::open().await;
    let mut socket = room.member().await;
    pause();
    let start = Instant::now();
    // Hears the pings, and does not answer.
    assert_eq!(socket.goodbye().await, SILENT);
    let elapsed = start.elapsed();
    assert!(elapsed >= SILENCE_MAX - ABOUT && elapsed <= SILENCE_MAX + ABOUT, "{elapsed:?}");
    resume();
    room.check_undisturbed().await;
}

#[tokio::test]
async fn a_member_that_only_answers_pings_stays() {
    let room = Room::open().await;
    let mut socket = room.member().await;
    pause();
    let start = Instant::now();
    let mut n_pings = 0;
    while start.elapsed() < 20 * SILENCE_MAX {
        let frame = socket.hear().await.expect("it was closed");
        assert_ne!(frame.opcode, Frame::CLOSE, "it was closed after {:?}", start.elapsed());
        if frame.opcode == Frame::PING {
            n_pings += 1;
            socket.send(Frame::pong(frame.payload)).await;
        }
    }
    let n_due = start.elapsed().as_secs() / PING_EVERY.as_secs();
    assert!(n_pings + 1 >= n_due, "{n_pings} pings instead of {n_due}");
    resume();
    room.check_well(socket).await;
}

#[tokio::test]
async fn a_member_that_only_pings_stays() {
    let room = Room::open().await;
    let mut socket = room.member().await;
    pause();
    for _ in 0..20 {
        sleep(SILENCE_MAX - ABOUT).await;
        socket.send(Frame::ping("here")).await;
        assert_eq!(socket.pong().await, b"here");
    }
    resume();
    room.check_well(socket).await;
}

/// On a slow line, a large edit takes longer than anybody may be silent.
#[tokio::test]
async fn a_member_in_the_middle_of_a_long_message_stays() {
    let room = Room::open().await;
    let mut socket = room.member().await;
    // Is no message when it is whole, but that takes a while.
    let bytes = Frame::binary(vec![0xc1; FRAME_MAX_BYTES]).encode();
    pause();
    for chunk in bytes.chunks(bytes.len() / 10) {
        socket.write(chunk).await;
        sleep(PING_EVERY / 2).await;
    }
    assert_eq!(socket.goodbye().await.code, Some(CloseCode::Refused as u16));
    resume();
    room.check_undisturbed().await;
}
