//! Stories about edits: what is taken in, what is refused, and when anybody hears of it.

use super::*;

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
