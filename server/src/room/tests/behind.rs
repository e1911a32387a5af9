//! Stories about who reads too slowly, and is sent one diff instead of all that it missed.

use super::*;

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
