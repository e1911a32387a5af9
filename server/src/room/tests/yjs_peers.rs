//! Stories about Yjs clients in a room with native members.

use shared::presence::ShownPoint;

use super::*;
use crate::yjs::Entry;

const EVE: ConnId = ConnId(5);
const FAY: ConnId = ConnId(6);
const GIL: ConnId = ConnId(7);
const EVE_STATE: &str =
    r##"{"user":{"name":"Eve","color":"#ff0000"},"cursor":{"x":8,"y":0},"z":[1]}"##;

impl Story {
    fn opens(&mut self, conn: ConnId) {
        self.room.handle_yjs_open(conn, self.now);
        self.drain();
    }

    fn says_yjs(&mut self, conn: ConnId, message: YjsMessage) {
        self.room.handle_yjs(conn, message, self.now);
        self.drain();
    }

    fn shows(&mut self, conn: ConnId, client: u64, clock: u64, state: &str) {
        self.says_yjs(conn, YjsMessage::Awareness(vec![entry(client, clock, state)]));
    }

    fn heard_yjs(&mut self, conn: ConnId) -> Vec<YjsMessage> {
        self.yjs_inboxes.remove(&conn).unwrap_or_default()
    }

    /// The entries that somebody was shown since the last look; whatever else came is left out.
    fn entries(&mut self, conn: ConnId) -> Vec<Entry> {
        let heard = self.heard_yjs(conn).into_iter();
        heard
            .flat_map(|message| match message {
                YjsMessage::Awareness(entries) => entries,
                _ => Vec::new(),
            })
            .collect()
    }
}

fn entry(number: u64, clock: u64, state: &str) -> Entry {
    Entry { client: client(number), clock, state: state.to_owned().into() }
}

/// Ann, who speaks natively, and Eve, who speaks Yjs and has shown herself as 50.
fn ann_and_eve() -> (Story, Board) {
    let ann = board(1);
    let mut story = Story::new();
    story.hello(ANN, hello(&ann));
    story.opens(EVE);
    story.says_yjs(EVE, YjsMessage::Step1(Bytes::from_static(&[0])));
    story.shows(EVE, 50, 1, EVE_STATE);
    story.pass(Duration::from_millis(20));
    story.heard(ANN);
    story.heard_yjs(EVE);
    (story, ann)
}

#[test]
fn a_yjs_client_is_asked_what_it_has_and_told_what_it_lacks() {
    let mut ann = board(1);
    let mut story = Story::new();
    story.hello(ANN, hello(&ann));
    let update = draw(&mut ann);
    story.edits(ANN, 1, update);
    story.commit();
    story.opens(EVE);
    let state_vector = Bytes::from(ann.state_vector());
    let heard = story.heard_yjs(EVE);
    assert_eq!(heard[0], YjsMessage::Step1(state_vector));
    assert!(matches!(&heard[1], YjsMessage::Awareness(all) if all.len() == 1), "Ann is there");

    story.says_yjs(EVE, YjsMessage::Step1(Bytes::from_static(&[0])));
    let mut eve = board(50);
    match &story.heard_yjs(EVE)[..] {
        [YjsMessage::Step2(update)] => eve.apply_remote(update).unwrap(),
        other => panic!("expected step 2, not {other:?}"),
    }
    assert!(eve.elements().eq(ann.elements()));
}

#[test]
fn edits_go_both_ways_once_they_are_committed() {
    let (mut story, mut ann) = ann_and_eve();
    let mut eve = board(50);
    let from_eve = draw(&mut eve);
    story.says_yjs(EVE, YjsMessage::Update(from_eve.clone().into()));
    let from_ann = draw(&mut ann);
    story.edits(ANN, 1, from_ann.clone());
    story.says_yjs(EVE, YjsMessage::Step1(Bytes::from_static(&[0])));
    story.opens(FAY);
    assert!(story.heard(ANN).is_empty() && story.heard_yjs(EVE).is_empty());
    assert!(story.heard_yjs(FAY).is_empty(), "what is asked tells of it too");
    story.commit();
    let seq = Seq(1);
    let update = shared::protocol::LoggedUpdate { seq, bytes: from_eve };
    assert_eq!(story.heard(ANN)[0], ServerMessage::Update(update));
    let heard = story.heard_yjs(EVE);
    assert_eq!(heard[0], YjsMessage::Update(from_ann.into()), "and not her own");
    assert!(matches!(heard[1], YjsMessage::Step2(_)));
    assert!(matches!(story.heard_yjs(FAY)[..], [YjsMessage::Step1(_), YjsMessage::Awareness(_)]));
    assert_eq!(story.log.iter().map(|it| it.author).collect::<Vec<_>>(), [None, Some(client(1))]);
}

#[test]
fn an_id_is_its_first_writers_as_long_as_that_one_is_here() {
    let (mut story, _) = ann_and_eve();
    let mut shared_id = board(60);
    story.opens(FAY);
    story.says_yjs(EVE, YjsMessage::Update(draw(&mut shared_id).into()));
    story.commit();
    story.leaves(EVE);
    story.says_yjs(FAY, YjsMessage::Update(draw(&mut shared_id).into()));
    story.commit();
    assert_eq!(story.log.len(), 2, "Eve is gone, Fay may go on");
    story.opens(EVE);
    story.says_yjs(EVE, YjsMessage::Update(draw(&mut shared_id).into()));
    assert_eq!(story.closed, [(EVE, CloseCode::Refused)]);
}

#[test]
fn nobody_writes_under_an_id_with_a_ticket() {
    let (mut story, mut ann) = ann_and_eve();
    let mut thief = board(1);
    story.says_yjs(EVE, YjsMessage::Update(draw(&mut thief).into()));
    assert_eq!(story.closed, [(EVE, CloseCode::Refused)], "Ann is here");

    let update = draw(&mut ann);
    story.edits(ANN, 1, update);
    story.commit();
    story.leaves(ANN);
    let mut restarted = Story::with_log(story.log);
    restarted.opens(FAY);
    let update = draw(&mut ann);
    restarted.says_yjs(FAY, YjsMessage::Update(update.into()));
    assert_eq!(restarted.closed, [(FAY, CloseCode::Refused)], "Ann has been here");
}

#[test]
fn a_yjs_client_appears_as_a_member_with_a_cursor() {
    let (mut story, _) = ann_and_eve();
    story.shows(EVE, 50, 2, &EVE_STATE.replace(":8", ":9").replace("Eve", "Eva"));
    story.pass(Duration::from_millis(20));
    let heard = story.heard(ANN);
    assert_eq!(heard[0], ServerMessage::Presences(vec![change(1, 9.0)]));
    assert!(matches!(&heard[1], ServerMessage::Joined(it) if it.identity.name == "Eva"));

    story.shows(EVE, 50, 3, "null");
    assert_eq!(story.heard(ANN), [ServerMessage::Left(MemberId(1))]);
    story.shows(EVE, 50, 4, EVE_STATE);
    match &story.heard(ANN)[..] {
        [ServerMessage::Joined(eve)] => {
            assert_eq!(eve.identity, Identity::new("Eve", Color::rgb(0xff0000)));
            let cursor = Some(ShownPoint::from(BoardPoint::new(8.0, 0.0)));
            assert_eq!(eve.presence.cursor, Some(cursor));
        }
        other => panic!("expected Eve, not {other:?}"),
    }
    story.leaves(EVE);
    assert_eq!(story.heard(ANN), [ServerMessage::Left(MemberId(1))]);
}

#[test]
fn a_state_reaches_all_yjs_clients_untouched_its_own_too() {
    let (mut story, _) = ann_and_eve();
    story.opens(FAY);
    let there = story.entries(FAY);
    assert_eq!(there.len(), 2);
    assert_eq!(there[1], entry(50, 1, EVE_STATE));
    story.shows(EVE, 50, 2, "{\"a\": [1, 2]}");
    story.pass(Duration::from_millis(20));
    let expected = [entry(50, 2, "{\"a\": [1, 2]}")];
    assert_eq!(story.entries(EVE), expected);
    assert_eq!(story.entries(FAY), expected);
    story.leaves(EVE);
    assert_eq!(story.entries(FAY), [entry(50, 2, "null")]);
}

#[test]
fn native_members_are_shown_and_renewed_under_ids_of_their_own() {
    let (mut story, _) = ann_and_eve();
    story.says(ANN, cursor(4.0));
    story.pass(Duration::from_millis(20));
    let shown = story.entries(EVE).remove(0);
    assert!(shown.client != client(1), "not the id that she writes under");
    let json: serde_json::Value = serde_json::from_slice(&shown.state).unwrap();
    assert_eq!(json["user"]["name"], "Ann");
    assert_eq!(json["cursor"], serde_json::json!({ "x": 4.0, "y": 0.0 }));
    story.pass(Duration::from_secs(16));
    let renewed = story.entries(EVE).remove(0);
    assert_eq!((renewed.client, &renewed.state), (shown.client, &shown.state));
    assert!(renewed.clock > shown.clock);
    story.pass(Duration::from_secs(30));
    assert!(!story.entries(EVE).is_empty());
    story.leaves(ANN);
    let last = story.entries(EVE);
    assert!(matches!(&last[..], [gone] if gone.client == shown.client && gone.is_gone()));
}

#[test]
fn what_a_client_repeats_of_others_is_ignored() {
    let (mut story, _) = ann_and_eve();
    let ann_alias = {
        story.says(ANN, cursor(4.0));
        story.pass(Duration::from_millis(20));
        story.entries(EVE).remove(0)
    };
    story.opens(FAY);
    story.shows(FAY, 60, 1, EVE_STATE);
    story.pass(Duration::from_millis(20));
    story.heard(ANN);
    story.heard_yjs(EVE);
    let foreign = [
        entry(60, 9, EVE_STATE),
        entry(60, 9, "null"),
        entry(61, 1, "not even JSON"),
        Entry { clock: 99, ..ann_alias },
    ];
    story.says_yjs(EVE, YjsMessage::Awareness(foreign.into()));
    story.pass(Duration::from_secs(1));
    assert_eq!(story.heard(ANN), []);
    assert_eq!(story.heard_yjs(EVE), []);
    assert_eq!(story.closed, []);
    assert_eq!(story.owned, [(EVE, client(50)), (FAY, client(60))]);
}

#[test]
fn whoever_lacks_something_is_asked_once_and_then_sent_away() {
    let (mut story, _) = ann_and_eve();
    let mut eve = board(50);
    let first = draw(&mut eve);
    let second = draw(&mut eve);
    story.says_yjs(EVE, YjsMessage::Update(second.clone().into()));
    assert!(matches!(story.heard_yjs(EVE)[..], [YjsMessage::Step1(_)]));
    story.says_yjs(EVE, YjsMessage::Step2(first.into()));
    story.says_yjs(EVE, YjsMessage::Update(second.into()));
    story.commit();
    assert_eq!((story.log.len(), &story.closed[..]), (2, &[][..]));

    draw(&mut eve);
    let gap = draw(&mut eve);
    story.says_yjs(EVE, YjsMessage::Update(gap.clone().into()));
    story.says_yjs(EVE, YjsMessage::Step2(gap.into()));
    assert_eq!(story.closed, [(EVE, CloseCode::TryLater)]);
}

#[test]
fn hostile_yjs_bytes_end_their_sender_and_nothing_else() {
    let state = |text: &str| YjsMessage::Awareness(vec![entry(50, 2, text)]);
    let deep = format!("{}1{}", "[".repeat(1000), "]".repeat(1000));
    for message in [
        YjsMessage::Update(Bytes::from_static(&[1, 2, 3])),
        YjsMessage::Step2(Bytes::new()),
        YjsMessage::Step1(Bytes::from_static(&[0xff; 5])),
        state("{"),
        state(&deep),
    ] {
        let (mut story, _) = ann_and_eve();
        story.says_yjs(EVE, message);
        assert_eq!(story.closed, [(EVE, CloseCode::Refused)]);
        story.pass(Duration::from_secs(1));
        assert_eq!(story.heard(ANN), [ServerMessage::Left(MemberId(1))]);
        assert!(story.log.is_empty());
    }
    let (mut story, _) = ann_and_eve();
    story.says_yjs(EVE, state(&format!("\"{}\"", "x".repeat(40_000))));
    assert_eq!(story.closed, [(EVE, CloseCode::TooBig)]);
}

#[test]
fn who_asks_for_everything_over_and_over_is_sent_away() {
    let (mut story, _) = ann_and_eve();
    for _ in 0..30 {
        story.says_yjs(EVE, YjsMessage::Step1(Bytes::from_static(&[0])));
    }
    assert_eq!(story.closed, [(EVE, CloseCode::TooFast)]);
}

#[test]
fn a_slow_yjs_reader_is_sent_one_diff_and_all_that_is_shown() {
    let (mut story, mut ann) = ann_and_eve();
    let update = draw(&mut ann);
    story.edits(ANN, 1, update);
    story.commit();
    story.heard_yjs(EVE);
    let known = Arc::clone(&story.marks[&EVE]);
    story.room.handle_drained(EVE, Lost::Updates { known }, story.now);
    story.drain();
    story.pass(Duration::from_millis(20));
    match &story.heard_yjs(EVE)[..] {
        [YjsMessage::Step2(update), YjsMessage::Awareness(all)] => {
            let mut eve = board(50);
            eve.apply_remote(update).unwrap();
            assert!(eve.elements().eq(ann.elements()));
            assert_eq!(all.len(), 2);
        }
        other => panic!("expected a diff, not {other:?}"),
    }
}

#[test]
fn a_cursor_that_rests_fades_once() {
    let (mut story, _) = ann_and_eve();
    story.shows(EVE, 50, 2, &EVE_STATE.replace(":8", ":9"));
    story.pass(Duration::from_millis(20));
    assert_eq!(story.heard(ANN), [ServerMessage::Presences(vec![change(1, 9.0)])]);
    for clock in 3..10 {
        // The library renews what it shows.
        story.pass(Duration::from_secs(16));
        story.shows(EVE, 50, clock, &EVE_STATE.replace(":8", ":9"));
    }
    let hidden = PresencePatch { cursor: Some(None), ..PresencePatch::default() };
    let faded = vec![PresenceChange { member: MemberId(1), patch: hidden }];
    assert_eq!(story.heard(ANN), [ServerMessage::Presences(faded)]);
    story.shows(EVE, 50, 10, EVE_STATE);
    story.pass(Duration::from_millis(20));
    assert_eq!(story.heard(ANN), [ServerMessage::Presences(vec![change(1, 8.0)])]);
}

#[test]
fn deletions_that_are_known_are_not_logged_again() {
    let (mut story, mut ann) = ann_and_eve();
    let update = draw(&mut ann);
    story.edits(ANN, 1, update);
    let drawn = ann.elements().next().unwrap().id.clone();
    ann.delete(&[drawn]);
    let update = ann.take_updates().remove(0);
    story.edits(ANN, 2, update);
    story.commit();
    story.heard_yjs(EVE);
    // What the library answers when it is asked what it has: no structs, and all that was ever deleted.
    let answer = Bytes::from(ann.diff(&ann.state_vector()).unwrap());
    story.says_yjs(EVE, YjsMessage::Step2(answer));
    story.commit();
    assert_eq!(story.log.len(), 2);
    assert_eq!((story.heard_yjs(EVE), &story.closed[..]), (vec![], &[][..]));
}

#[test]
fn whoever_shows_nothing_is_not_taken_for_somebody_it_repeats() {
    let (mut story, _) = ann_and_eve();
    story.opens(FAY);
    story.heard_yjs(FAY);
    story.leaves(EVE);
    story.heard(ANN);
    // What she heard of Eve was on its way back.
    story.shows(FAY, 50, 1, EVE_STATE);
    assert_eq!((story.heard(ANN), &story.owned[..]), (vec![], &[(EVE, client(50))][..]));
    story.opens(EVE);
    story.shows(EVE, 50, 1, EVE_STATE);
    assert!(matches!(story.heard(ANN)[..], [ServerMessage::Joined(_)]), "she herself is back");
    story.shows(FAY, 60, 1, EVE_STATE);
    assert!(matches!(story.heard(ANN)[..], [ServerMessage::Joined(_)]));
}

#[test]
fn whoever_shows_nothing_still_hears_something() {
    let mut story = Story::new();
    story.opens(EVE);
    story.heard_yjs(EVE);
    for _ in 0..5 {
        // After 30 seconds without a message, the library would connect anew.
        story.pass(Duration::from_secs(16));
        assert_eq!(story.heard_yjs(EVE), [YjsMessage::Awareness(vec![])]);
    }
    story.leaves(EVE);
    story.pass(Duration::from_secs(60));
    assert_eq!(story.room.poll_timeout(), None);
}

#[test]
fn whoever_is_repeated_before_it_is_heard_can_still_write() {
    let (mut story, _) = ann_and_eve();
    story.opens(FAY);
    // Libraries in two tabs of a browser tell each other first, and one of them repeats it here.
    story.shows(FAY, 60, 1, EVE_STATE);
    let mut gil = board(60);
    story.opens(GIL);
    story.shows(GIL, 60, 1, EVE_STATE);
    story.says_yjs(GIL, YjsMessage::Update(draw(&mut gil).into()));
    story.commit();
    assert_eq!((story.log.len(), &story.closed[..]), (1, &[][..]));
    story.says_yjs(FAY, YjsMessage::Update(draw(&mut gil).into()));
    assert_eq!(story.closed, [(FAY, CloseCode::Refused)], "now it is Gil's");
    story.heard(ANN);
    story.shows(GIL, 60, 2, EVE_STATE);
    assert!(matches!(story.heard(ANN)[..], [ServerMessage::Joined(_)]));
}
