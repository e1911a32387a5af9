//! Programs with the JavaScript libraries `yjs` and `y-websocket` are seen like anybody else.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::time::Duration;

use serde_json::{Value, json};
use shared::color::Color;
use shared::geometry::BoardPoint;
use shared::id::ElementId;
use shared::presence::PresencePatch;
use tests::{Seen, TestServer, YjsPeople, YjsPerson};

fn cursor(x: f64, y: f64) -> PresencePatch {
    PresencePatch { cursor: Some(Some(BoardPoint::new(x, y).into())), ..Default::default() }
}

fn state(name: &str, x: f64, y: f64) -> Value {
    json!({ "user": { "name": name, "color": "#ff0000" }, "cursor": { "x": x, "y": y } })
}

fn shows_cursor(seen: &Seen, name: &str, x: f64, y: f64) -> bool {
    let cursor = seen.member(name).and_then(|member| member.presence.cursor);
    cursor == Some(BoardPoint::new(x, y).into())
}

#[tokio::test]
async fn cursors_and_names_are_seen_in_both_worlds() {
    let server = TestServer::start().await;
    let yjs = YjsPeople::start();
    let ann = server.site.join("r", "Ann").await;
    let eve = yjs.join(server.site, "r", "Eve").await;
    let fay = yjs.join(server.site, "r", "Fay").await;
    let mut of_eve = state("Eve", 8.5, -3.0);
    of_eve["mood"] = json!({ "is": ["fine", null, 1e300], "since": "🙂" });
    eve.shows(&of_eve);
    ann.show(cursor(10.0, -20.5));
    ann.until("Eve's cursor", |seen| shows_cursor(seen, "Eve", 8.5, -3.0)).await;
    assert_eq!(ann.look(|seen| seen.member("Eve").unwrap().identity.color), Color::rgb(0xff0000));
    fay.until("Eve's whole state", |view| view.shows("Eve", &of_eve)).await;
    let color = ann.look(|seen| seen.session.identity().color.to_string());
    let of_ann = json!({
        "user": { "name": "Ann", "color": color }, "cursor": { "x": 10, "y": -20.5 },
    });
    for person in [&eve, &fay] {
        person.until("Ann's cursor", |view| view.shows("Ann", &of_ann)).await;
    }

    ann.rename("Anna");
    eve.until("Ann's new name", |view| view.names() == ["Anna", "Eve", "Fay"]).await;
    eve.shows(&state("Eva", 1.0, 1.0));
    ann.until("Eve's new name", |seen| seen.names() == ["Anna", "Eva", "Fay"]).await;
    ann.until("Eva's new place", |seen| shows_cursor(seen, "Eva", 1.0, 1.0)).await;

    // Half an emoji, as a name has that was cut too short.
    eve.does("cutName", json!({ "name": "Eve 🙂", "end": 5 }));
    ann.until("the cut name", |seen| seen.names() == ["Anna", "Eve \u{fffd}", "Fay"]).await;

    // She stays and looks on.
    eve.shows(&Value::Null);
    ann.until("Eve gone", |seen| seen.names() == ["Anna", "Fay"]).await;
    fay.until("Eve gone", |view| view.names() == ["Anna", "Fay"]).await;
    ann.draw(0.0, 0.0);
    eve.until("what Ann draws", |view| view.elements().as_object().unwrap().len() == 1).await;
    eve.shows(&state("Eve", 2.0, 2.0));
    ann.until("Eve again", |seen| shows_cursor(seen, "Eve", 2.0, 2.0)).await;
    fay.until("Eve again", |view| !view.state("Eve").is_null()).await;

    fay.does("disconnect", json!({}));
    ann.until("Fay gone", |seen| seen.names() == ["Anna", "Eve"]).await;
    eve.until("Fay gone", |view| view.names() == ["Anna", "Eve"]).await;
    drop(ann);
    eve.until("Ann gone", |view| view.names() == ["Eve"]).await;
}

#[tokio::test]
async fn a_process_that_dies_takes_its_people_off_the_board() {
    let server = TestServer::start().await;
    let (yjs, others) = (YjsPeople::start(), YjsPeople::start());
    let ann = server.site.join("r", "Ann").await;
    let eve = yjs.join(server.site, "r", "Eve").await;
    others.join(server.site, "r", "Fay").await;
    eve.until("all three", |view| view.names() == ["Ann", "Eve", "Fay"]).await;
    drop(others);
    ann.until("Fay gone", |seen| seen.names() == ["Ann", "Eve"]).await;
    eve.until("Fay gone", |view| view.names() == ["Ann", "Eve"]).await;
}

/// The libraries forget whoever is not renewed within 30 seconds. The room renews native members
/// every 15; that it does so unasked is a story of the room's own, where time is simulated. Here the
/// libraries' time is: is what the room says a renewal to them?
#[tokio::test]
async fn whoever_is_idle_is_renewed_before_the_libraries_forget() {
    let server = TestServer::start().await;
    let yjs = YjsPeople::start();
    let ann = server.site.join("r", "Ann").await;
    let eve = yjs.join(server.site, "r", "Eve").await;
    eve.until("Ann", |view| view.names() == ["Ann", "Eve"]).await;
    for _ in 0..3 {
        let (of_ann, of_eve) = (eve.view().clock("Ann"), eve.view().clock("Eve"));
        yjs.pass(Duration::from_secs(20));
        eve.does("ask", json!({}));
        eve.until("renewals", |view| view.clock("Ann") > of_ann && view.clock("Eve") > of_eve)
            .await;
        assert_eq!(eve.view().names(), ["Ann", "Eve"]);
    }
    assert_eq!(ann.look(|seen| seen.names().len()), 2);
    yjs.pass(Duration::from_secs(29));
    yjs.pass(Duration::from_secs(2));
    eve.until("Ann forgotten", |view| view.names() == ["Eve"]).await;
}

#[tokio::test]
async fn ten_clients_that_repeat_one_another_do_no_harm() {
    const N_CLIENTS: usize = 10;
    const N_MOVES: usize = 100;
    let server = TestServer::start().await;
    let yjs = YjsPeople::start();
    let ann = server.site.join("r", "Ann").await;
    let mut people: Vec<YjsPerson> = Vec::new();
    for n in 0..N_CLIENTS {
        people.push(yjs.join(server.site, "r", &format!("Yjs {n}")).await);
    }
    for step in 0..N_MOVES {
        for (n, person) in people.iter().enumerate() {
            person.shows(&state(&format!("Yjs {n}"), step as f64, n as f64));
        }
        // So that the moves are spread over many ticks.
        let first = |seen: &Seen| shows_cursor(seen, "Yjs 0", step as f64, 0.0);
        ann.until("the first one's move", first).await;
    }
    let end = (N_MOVES - 1) as f64;
    for n in 0..N_CLIENTS {
        let name = format!("Yjs {n}");
        ann.until("everybody's last place", |seen| shows_cursor(seen, &name, end, n as f64)).await;
    }
    for person in &people {
        person
            .until("everybody's last place", |view| {
                (0..N_CLIENTS).all(|n| {
                    let name = format!("Yjs {n}");
                    view.shows(&name, &state(&name, end, n as f64))
                })
            })
            .await;
        assert_eq!((person.view().n_synced(), person.view().codes()), (1, vec![]));
    }
    assert_eq!(server.site.json("GET /api/rooms/r", b"").await["members"], N_CLIENTS + 1);
}

#[tokio::test]
async fn tabs_that_tell_each_other_first_do_not_stand_in_each_others_way() {
    let server = TestServer::start().await;
    let yjs = YjsPeople::start();
    let ann = server.site.join("r", "Ann").await;
    let mut tabs = Vec::new();
    for name in ["Eve", "Fay"] {
        let tab = yjs.arrive(server.site, "r", name, &json!({ "disableBc": false }));
        tab.shows(&Value::Null);
        tab.until("being in sync", |view| view.n_synced() == 1).await;
        tabs.push(tab);
    }
    let (eve, fay) = (&tabs[0], &tabs[1]);
    fay.shows(&state("Fay", 1.0, 1.0));
    eve.until("Fay", |view| view.names() == ["Ann", "Fay"]).await;
    ann.until("Fay", |seen| seen.names() == ["Ann", "Fay"]).await;
    fay.writes("of Fay", &json!({ "kind": "rectangle" }));
    eve.writes("of Eve", &json!({ "kind": "rectangle" }));
    for id in ["of Fay", "of Eve"].map(|id| ElementId::parse(id).unwrap()) {
        ann.until("what they draw", |seen| seen.board.element(&id).is_some()).await;
    }
    for tab in tabs {
        assert_eq!((tab.view().n_synced(), tab.view().codes()), (1, vec![]));
    }
}
