//! What waits, what is lost when it is too much, and what a socket is given.

use shared::id::Seq;

use super::*;

const MAX: usize = 1000;

fn frame(n_bytes: usize) -> Frame {
    Frame::raw(vec![0; n_bytes].into())
}

fn mark(seq: u64) -> Arc<Mark> {
    Arc::new(Mark { seq: Seq(seq), state_vector: vec![], roster: 0 })
}

fn push(queue: &mut Queue, lane: Lane, frame: Frame) {
    queue.push(lane, frame, MAX);
}

/// All that waits, as if the socket had taken it.
fn take(queue: &mut Queue) -> Vec<Frame> {
    let mut taken = Vec::new();
    loop {
        queue.fill(Dialect::Native);
        if queue.writing.is_empty() {
            return taken;
        }
        taken.extend(queue.writing.drain(..));
    }
}

fn lengths(queue: &mut Queue) -> Vec<usize> {
    take(queue).iter().map(Frame::len).collect()
}

/// A connection that was welcomed at seq 1.
fn welcomed() -> Queue {
    let mut queue = Queue::default();
    queue.push_whole([frame(5 * MAX)], mark(1));
    queue
}

#[test]
fn frames_come_out_in_order_and_the_ending_last() {
    let mut queue = Queue::default();
    push(&mut queue, Lane::Update, frame(1));
    push(&mut queue, Lane::Presence, frame(2));
    let first = Ending::new(CloseCode::Normal, "first");
    queue.close(first.clone());
    queue.close(Ending::new(CloseCode::Internal, "second"));
    push(&mut queue, Lane::Update, frame(3));
    let frames = take(&mut queue);
    assert_eq!(frames[..2], [frame(1), frame(2)]);
    assert_eq!(frames[2..], first.frames(Dialect::Native));
    assert!(queue.is_ending);
}

#[test]
fn an_overflow_drops_updates_and_keeps_welcome_and_answers() {
    let queue = &mut welcomed();
    push(queue, Lane::Update, frame(600));
    push(queue, Lane::Answer, frame(3));
    push(queue, Lane::Presence, frame(7));
    assert_eq!(queue.push(Lane::Update, frame(600), MAX), Pushed::Overflow);
    push(queue, Lane::Update, frame(1));
    push(queue, Lane::Presence, frame(7));
    queue.push_mark(mark(9));
    assert_eq!(queue.n_bytes(), 0);
    assert_eq!(queue.ask(), None, "it has not read on");
    assert_eq!(take(queue), [frame(5 * MAX), frame(3)]);
    assert_eq!(queue.ask(), Some(Lost::Updates { known: mark(1) }));
    assert_eq!(queue.ask(), None, "once is enough");

    push(queue, Lane::Update, frame(1));
    queue.push_whole([frame(2)], mark(10));
    push(queue, Lane::Update, frame(3));
    push(queue, Lane::Presence, frame(7));
    queue.push_presence_again([frame(4)]);
    push(queue, Lane::Presence, frame(5));
    assert_eq!(lengths(queue), [2, 3, 4, 5]);
}

#[test]
fn what_is_being_written_before_an_overflow_is_known() {
    let queue = &mut welcomed();
    push(queue, Lane::Update, frame(600));
    queue.push_mark(mark(2));
    take(queue);
    push(queue, Lane::Update, frame(600));
    queue.push_mark(mark(3));
    push(queue, Lane::Update, frame(600));
    assert_eq!(queue.ask(), Some(Lost::Updates { known: mark(2) }));
}

#[test]
fn a_frame_that_was_begun_is_finished() {
    let queue = &mut welcomed();
    push(queue, Lane::Update, frame(100));
    queue.fill(Dialect::Native);
    queue.advance(5 * MAX + 30);
    assert_eq!(queue.ask(), None);
    push(queue, Lane::Update, frame(600));
    push(queue, Lane::Update, frame(600));
    assert_eq!(queue.ask(), None, "a part of a frame is still to be written");
    queue.abandon(Ending::by_peer());
    assert_eq!(lengths(queue), [70]);
}

#[test]
fn an_overflow_of_presence_costs_no_update() {
    let queue = &mut welcomed();
    take(queue);
    push(queue, Lane::Update, frame(1));
    for _ in 0..3 {
        push(queue, Lane::Presence, frame(OUTBOX_PRESENCE_BYTES / 2));
    }
    push(queue, Lane::Update, frame(2));
    assert_eq!(lengths(queue), [1, 2]);
    assert_eq!(queue.ask(), Some(Lost::Presence));
}

#[test]
fn unread_answers_end_the_connection() {
    let queue = &mut welcomed();
    for _ in 0..=OUTBOX_ANSWERS {
        push(queue, Lane::Answer, frame(1));
    }
    let ending = queue.ending.clone().unwrap();
    assert_eq!(ending.code, Some(CloseCode::TryLater));
    assert_eq!(take(queue), ending.frames(Dialect::Native));
}

#[test]
fn one_frame_may_be_larger_than_the_bound() {
    let queue = &mut welcomed();
    take(queue);
    push(queue, Lane::Update, frame(MAX + 1));
    assert_eq!(lengths(queue), [MAX + 1]);
    assert_eq!(queue.ask(), None);
}
