//! People come, show what they do, and go, one way or another.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use editor::{Editor, Effects, Input, Modifiers, Pointer, PointerKind, Sample, ScreenPoint};
use shared::board::Board;
use shared::element::{Shape, Style};
use shared::geometry::BoardPoint;
use shared::id::{Batch, ClientId};
use shared::limits::INK_COMMIT_EVERY;
use shared::presence::{Gesture, PresencePatch};
use shared::protocol::{ClientMessage, NewUpdate, ServerMessage};
use shared::time::Time;
use tests::{Client, Seen, TestServer, hello};

fn cursor(x: f64, y: f64) -> PresencePatch {
    PresencePatch { cursor: Some(Some(BoardPoint::new(x, y).into())), ..Default::default() }
}

fn shows_cursor(seen: &Seen, name: &str, x: f64, y: f64) -> bool {
    let cursor = seen.member(name).and_then(|member| member.presence.cursor);
    cursor == Some(BoardPoint::new(x, y).into())
}

#[tokio::test]
async fn everybody_knows_who_is_here() {
    let server = TestServer::start().await;
    let ann = server.site.join("r", "Ann").await;
    let bob = server.site.join("r", "Bob").await;
    let elsewhere = server.site.join("other", "Eve").await;
    ann.until("Bob", |seen| seen.names() == ["Ann", "Bob"]).await;
    bob.until("Ann", |seen| seen.names() == ["Ann", "Bob"]).await;
    let color = bob.look(|seen| seen.session.identity().color);
    assert_eq!(ann.look(|seen| seen.member("Bob").unwrap().identity.color), color);

    bob.rename("Robert");
    ann.until("the new name", |seen| seen.names() == ["Ann", "Robert"]).await;
    bob.until("one's own new name", |seen| seen.names() == ["Ann", "Robert"]).await;

    bob.leave();
    ann.until("Bob gone", |seen| seen.names() == ["Ann"]).await;
    assert!(elsewhere.look(|seen| seen.names() == ["Eve"]));
    assert_eq!(server.site.json("GET /api/rooms/r", b"").await["members"], 1);
}

#[tokio::test]
async fn cursors_are_seen_by_all_and_by_whoever_comes_later() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.site.join("r", "Ann").await, server.site.join("r", "Bob").await);
    ann.show(cursor(10.0, -20.5));
    for client in [&ann, &bob] {
        client.until("Ann's cursor", |seen| shows_cursor(seen, "Ann", 10.0, -20.5)).await;
    }
    for step in 0..100 {
        bob.show(cursor(f64::from(step), 1.0));
    }
    ann.until("Bob's last place", |seen| shows_cursor(seen, "Bob", 99.0, 1.0)).await;

    let late = server.site.join("r", "Late").await;
    assert!(late.look(|seen| shows_cursor(seen, "Ann", 10.0, -20.5)));
    ann.show(PresencePatch { cursor: Some(None), ..Default::default() });
    let is_hidden = |seen: &Seen| seen.member("Ann").unwrap().presence.cursor.is_none();
    late.until("Ann's cursor off the canvas", is_hidden).await;
}

#[tokio::test]
async fn an_edit_is_acknowledged_to_its_author_and_told_to_the_others() {
    let server = TestServer::start().await;
    let bob = server.site.join("r", "Bob").await;
    let mut board = Board::new(ClientId::new(1).unwrap(), 1);
    let mut socket = server.site.raw("r").await;
    socket.join(hello(&board)).await;
    board.insert(shared::element::NewElement::new(None, Style::default(), Shape::Rectangle));
    let bytes = board.take_updates().remove(0);
    let update = ClientMessage::Update(NewUpdate { batch: Batch(41), bytes });
    socket.say(&update).await;
    assert_eq!(socket.hear().await, ServerMessage::Ack(Batch(41)));
    bob.until("the edit", |seen| seen.board.n_elements() == 1).await;

    // Sent again, as after a lost acknowledgement: acknowledged again, and told to nobody.
    socket.say(&update).await;
    assert_eq!(socket.hear().await, ServerMessage::Ack(Batch(41)));
    assert_eq!(server.site.json("GET /api/rooms/r", b"").await["sequence"], 1);
}

/// Somebody with a pen, at an editor of their own. Time passes when the story says so.
struct Hand {
    editor: Editor,
    now: Time,
}

impl Hand {
    fn new() -> Self {
        Self { editor: Editor::default(), now: Time(0) }
    }

    fn does(&mut self, client: &Client, input: Input) {
        let effects = client.edit(|board| self.editor.handle(self.now, input, board));
        let Effects { presence, .. } = effects;
        client.show(presence);
    }

    fn pen(&self, x: f64, y: f64) -> Pointer {
        Pointer {
            id: 1,
            kind: PointerKind::Mouse,
            button: 0,
            sample: Sample { at: ScreenPoint::new(x, y), pressure: 0.5 },
            modifiers: Modifiers::default(),
            now: self.now,
        }
    }

    fn moves(&mut self, client: &Client, x: f64, y: f64) {
        let pen = self.pen(x, y);
        self.does(client, Input::Move(pen, vec![pen.sample]));
    }
}

#[tokio::test]
async fn whoever_vanishes_in_mid_stroke_leaves_the_ink_and_nothing_else() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.site.join("r", "Ann").await, server.site.join("r", "Bob").await);
    let mut hand = Hand::new();
    let pen = hand.pen(100.0, 100.0);
    hand.does(&ann, Input::Down(pen));
    for step in 1..=10 {
        hand.moves(&ann, 100.0 + f64::from(step) * 9.0, 120.0);
    }
    bob.until("the stroke before it is written", |seen| {
        let gesture = seen.member("Ann").map(|ann| &ann.presence.gesture);
        seen.board.n_elements() == 0 && matches!(gesture, Some(Gesture::Ink(_)))
    })
    .await;

    hand.now = hand.now + INK_COMMIT_EVERY;
    hand.does(&ann, Input::Tick);
    ann.until_saved().await;
    hand.moves(&ann, 300.0, 300.0);
    bob.until("the point after what is written", |seen| {
        let gesture = seen.member("Ann").map(|ann| &ann.presence.gesture);
        matches!(gesture, Some(Gesture::Ink(ink)) if ink.chunk.len() > 4)
    })
    .await;
    drop(ann);

    bob.until("Ann gone", |seen| seen.names() == ["Bob"]).await;
    let n_points = bob.look(|seen| {
        let element = seen.board.elements().next().unwrap();
        let Shape::Ink(ink) = &element.shape else { panic!("ink, not {element:?}") };
        ink.points.len()
    });
    assert_eq!(n_points, 11, "what was written stays, the rest is gone with its author");
    let late = server.site.join("r", "Late").await;
    late.until_elements(&server.site.elements("r").await).await;
    assert_eq!(late.look(Seen::elements), bob.look(Seen::elements));
}

#[tokio::test]
async fn a_drag_whose_author_vanishes_never_happened() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.site.join("r", "Ann").await, server.site.join("r", "Bob").await);
    let id = ann.draw(0.0, 0.0);
    bob.until("the box", |seen| seen.board.element(&id).is_some()).await;
    let by = BoardPoint::new(30.0, 0.0).into();
    let gesture = Gesture::Move(shared::presence::MoveGesture { ids: vec![id.clone()], by });
    ann.show(PresencePatch { gesture: Some(gesture.clone()), ..Default::default() });
    bob.until("the drag", |seen| {
        seen.member("Ann").is_some_and(|ann| ann.presence.gesture == gesture)
    })
    .await;
    drop(ann);
    bob.until("Ann gone", |seen| seen.member("Ann").is_none()).await;
    assert_eq!(bob.look(|seen| seen.board.element(&id).unwrap().geometry.x), 0.0);
}
