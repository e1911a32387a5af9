//! Stories about what members show, in small rooms and in large ones.

use shared::geometry::Bounds;
use shared::presence::Viewport;

use super::*;

/// A view that is one screen large, with its corner at `x`, 0.
fn view(x: f64) -> PresencePatch {
    let viewport = Viewport::from(Bounds { x0: x, y0: 0.0, x1: x + 1000.0, y1: 800.0 });
    PresencePatch { viewport: Some(viewport), ..PresencePatch::default() }
}

/// A hundred members, of whom each sees a thousand units around its own cursor, ten thousand units
/// from the next one.
fn crowd() -> Story {
    let mut story = Story::new();
    for number in 0..100 {
        let conn = ConnId(number);
        story.hello(conn, hello(&board(number + 1)));
        let x = 10_000.0 * number as f64;
        story.says(conn, ClientMessage::Presence(view(x)));
        story.says(conn, cursor(x + 1.0));
    }
    story.pass(Duration::from_secs(1));
    story.inboxes.clear();
    story
}

/// The cursors that somebody was shown since the last look.
fn cursors(story: &mut Story, conn: ConnId) -> Vec<PresenceChange> {
    let heard = story.heard(conn).into_iter();
    heard
        .flat_map(|message| match message {
            ServerMessage::Presences(changes) => changes,
            other => panic!("expected presence, not {other:?}"),
        })
        .collect()
}

#[test]
fn a_cursor_fades_that_does_not_move() {
    let (mut story, _, _) = ann_and_bob();
    story.says(ANN, cursor(1.0));
    story.says(BOB, cursor(2.0));
    story.pass(Duration::from_secs(20));
    story.says(BOB, cursor(3.0));
    story.pass(Duration::from_secs(9));
    story.heard(BOB);
    story.pass(Duration::from_secs(2));
    let hidden = PresencePatch { cursor: Some(None), ..PresencePatch::default() };
    assert_eq!(cursors(&mut story, BOB), [PresenceChange { member: MemberId(0), patch: hidden }]);
    story.hello(ConnId(3), hello(&board(3)));
    let members = story.welcome(ConnId(3)).members;
    assert_eq!(members[0].presence.cursor, Some(None));
    assert_eq!(members[1].presence.cursor, cursor_at(3.0).cursor);
    story.pass(Duration::from_secs(60));
    assert_eq!(story.room.poll_timeout(), None, "nothing is left to do");
}

#[test]
fn in_a_crowd_everybody_sees_at_once_what_is_in_view_and_the_rest_soon() {
    let mut story = crowd();
    story.says(ConnId(7), cursor(70_002.0));
    story.says(ConnId(8), cursor(70_003.0));
    story.pass(Duration::from_millis(20));
    let (seven, eight) = (change(7, 70_002.0), change(8, 70_003.0));
    assert_eq!(cursors(&mut story, ConnId(7)), [seven.clone(), eight.clone()]);
    assert_eq!(
        cursors(&mut story, ConnId(8)),
        std::slice::from_ref(&eight),
        "who sees it leave is told where to"
    );
    assert_eq!(cursors(&mut story, ConnId(50)), []);
    story.pass(Duration::from_millis(500));
    for conn in [7, 8, 50] {
        assert_eq!(cursors(&mut story, ConnId(conn)), [seven.clone(), eight.clone()]);
    }
    story.pass(Duration::from_secs(5));
    assert_eq!(cursors(&mut story, ConnId(50)), [], "and that is all");
}

#[test]
fn in_a_crowd_who_sees_everything_is_shown_everything_at_once() {
    let mut story = crowd();
    let all = Viewport::from(Bounds { x0: -1e6, y0: -1e6, x1: 2e6, y1: 1e6 });
    let patch = PresencePatch { viewport: Some(all), ..PresencePatch::default() };
    story.says(ConnId(50), ClientMessage::Presence(patch));
    story.pass(Duration::from_secs(1));
    story.inboxes.clear();
    for number in 0..40 {
        story.says(ConnId(number), cursor(10_000.0 * number as f64));
    }
    story.pass(Duration::from_millis(20));
    assert_eq!(cursors(&mut story, ConnId(50)).len(), 40);
    assert_eq!(cursors(&mut story, ConnId(60)).len(), 0);
}

#[test]
fn in_a_crowd_the_same_cell_is_the_same_bytes_for_all_who_see_it() {
    let mut story = crowd();
    for number in 0..100 {
        story.says(ConnId(number), ClientMessage::Presence(view(0.0)));
    }
    story.pass(Duration::from_secs(1));
    story.says(ConnId(3), cursor(5.0));
    story.room.handle_timeout(story.now);
    let mut shown = Vec::new();
    while let Some(effect) = story.room.poll_effect() {
        match effect {
            Effect::Show { frames, .. } => shown.extend(frames),
            other => panic!("expected something shown, not {other:?}"),
        }
    }
    assert_eq!(shown.len(), 100);
    assert!(shown.iter().all(|frame| frame.as_ptr() == shown[0].as_ptr()));
}

#[test]
fn a_crowd_that_gets_small_loses_nothing() {
    let mut story = crowd();
    story.says(ConnId(7), cursor(70_002.0));
    story.pass(Duration::from_millis(20));
    for number in 20..100 {
        story.leaves(ConnId(number));
    }
    story.inboxes.clear();
    story.pass(Duration::from_millis(500));
    assert_eq!(cursors(&mut story, ConnId(1)), [change(7, 70_002.0)]);
}

#[test]
fn nothing_is_kept_of_ten_thousand_who_came_and_left() {
    let (mut story, _, _) = ann_and_bob();
    for number in 10..10_010 {
        let conn = ConnId(number);
        story.hello(conn, hello(&board(number)));
        story.says(conn, cursor(1.0));
        story.pass(Duration::from_millis(20));
        story.leaves(conn);
        story.inboxes.clear();
    }
    story.marks.clear();
    assert_eq!(story.room.roster.len(), 2);
    assert_eq!(story.room.roster.n_kept(), (2, 4, 3), "members, claimed ids, numbers ever used");
    assert!(story.room.held.is_empty());
    story.leaves(ANN);
    story.leaves(BOB);
    assert!(story.room.is_idle());
    story.pass(Duration::from_secs(60));
    assert_eq!(story.room.poll_timeout(), None);
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
