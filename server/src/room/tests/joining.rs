//! Stories about who comes, who goes, and under which name they write.

use super::*;

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
