//! Programs with the JavaScript libraries `yjs` and `y-websocket` draw on a board like anybody else.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use serde_json::json;
use shared::board::Board;
use shared::color::Color;
use shared::element::{NewElement, Shape, Style, StylePatch, Text};
use shared::geometry::{BoardPoint, Geometry};
use shared::id::ElementId;
use shared::ink::{InkPoint, Quantum};
use shared::protocol::CloseCode;
use tests::{Client, Seen, ServerProcess, TestServer, YjsPeople, fixture};

fn id(text: &str) -> ElementId {
    ElementId::parse(text).unwrap()
}

async fn until_element(client: &Client, wanted: &str) {
    client.until(wanted, |seen| seen.board.element(&id(wanted)).is_some()).await;
}

#[tokio::test]
async fn what_a_yjs_program_writes_appears_in_tandem() {
    let server = TestServer::start().await;
    let yjs = YjsPeople::start();
    let ann = server.site.join("r", "Ann").await;
    let eve = yjs.join(server.site, "r", "Eve").await;
    let geometry = json!([10, 20.5, 30, 40, 0]);
    let looks = json!({
        "kind": "rectangle", "geometry": geometry, "z": "a5", "stroke": "#e03131", "width": 3.5,
    });
    eve.writes("box", &looks);
    eve.writes("says", &json!({ "kind": "text", "geometry": geometry, "text": "zwei 🙂 words" }));
    eve.writes("drawn", &json!({ "kind": "ink", "ink": [[[1, 2], [3, 2]], [[5, -2.5]]] }));
    eve.writes(
        "way",
        &json!({ "kind": "arrow", "points": [0, 0, 50, 60], "heads": ["dot", "none"] }),
    );
    eve.writes("far", &json!({ "kind": "holodeck", "geometry": geometry, "deck": 3 }));
    eve.writes("nothing", &json!({ "geometry": geometry }));
    eve.does("ink", json!({ "id": "drawn", "points": [[7, 8, 0.2], [9, 8, 1]] }));
    eve.does("type", json!({ "id": "says", "at": 8, "text": "two " }));
    ann.until("all of it", |seen| {
        let has_ink = |it: &Shape| matches!(it, Shape::Ink(ink) if ink.points.len() == 5);
        let has_text = |it: &Shape| matches!(it, Shape::Text(text) if text.value.contains("two"));
        seen.board.elements().any(|it| has_ink(&it.shape))
            && seen.board.elements().any(|it| has_text(&it.shape))
    })
    .await;

    let elements = server.site.elements("r").await;
    ann.until_elements(&elements).await;
    let told = |id: &str| elements.iter().find(|it| it["id"] == id).unwrap();
    assert_eq!(elements.last().unwrap()["id"], "box", "its place in the stack is the highest");
    assert_eq!(told("box")["stroke"], "#e03131");
    assert_eq!((&told("box")["y"], &told("box")["width"]), (&json!(20.5), &json!(3.5)));
    assert_eq!(told("says")["text"], "zwei 🙂 two words");
    assert_eq!(told("drawn")["points"][2], json!([5.0, -2.5, 0.5]));
    assert_eq!(told("drawn")["points"][4], json!([9.0, 8.0, 1.0]));
    assert_eq!(told("way")["heads"], json!(["dot", "none"]));
    assert_eq!(told("far")["kind"], "holodeck");
    assert_eq!(elements.len(), 5, "what has no kind is no element");
    eve.does("delete", json!({ "id": "far" }));
    ann.until("four left", |seen| seen.board.n_elements() == 4).await;
}

#[tokio::test]
async fn what_tandem_writes_appears_in_a_yjs_program() {
    let server = TestServer::start().await;
    let yjs = YjsPeople::start();
    let ann = server.site.join("r", "Ann").await;
    let early = ann.draw(1.0, 2.0);
    ann.until_saved().await;
    let eve = yjs.join(server.site, "r", "Eve").await;
    let of_eve = eve.view();
    assert_eq!(of_eve.elements()[early.as_str()]["kind"], "rectangle", "it came with the sync");

    ann.place(&early, 7.0, 2.5);
    let red = Some(Color::rgb(0xff0000));
    ann.edit(|board| {
        board.restyle(
            std::slice::from_ref(&early),
            &StylePatch { stroke: red, ..Default::default() },
        );
    });
    let geometry = Geometry { x: 0.0, y: 0.0, w: 50.0, h: 20.0, angle: 0.0, ..Geometry::default() };
    let text = Text {
        value: "three words".into(),
        lines: vec!["three".into(), "words".into()],
        size: 20.0,
        font: Default::default(),
        align: Default::default(),
        ..Text::default()
    };
    let text = ann.edit(|board| {
        board.insert(NewElement::new(Some(geometry), Style::default(), Shape::Text(text)))
    });
    ann.edit(|board| board.set_text(&text, "three more words", &["x".into()], geometry));
    let point = |x: f64| InkPoint { at: BoardPoint::new(x, 1.0), pressure: 1.0 };
    let ink = ann.edit(|board| {
        let empty = Shape::Ink(Default::default());
        let ink = board.insert(NewElement::new(None, Style::default(), empty));
        board.append_ink(&ink, &[point(1.0), point(2.0)], Quantum::NORMAL, true);
        board.append_ink(&ink, &[point(3.0)], Quantum::NORMAL, true);
        ink
    });
    eve.until("all of it", |view| {
        let elements = view.elements();
        elements[early.as_str()]["geometry"] == json!([7, 2.5, 40, 30, 0])
            && elements[early.as_str()]["stroke"] == "#ff0000"
            && elements[text.as_str()]["text"] == "three more words"
            && elements[ink.as_str()]["ink"] == json!([[1, 1, 1], [2, 1, 1], [3, 1, 1]])
    })
    .await;
    eve.until_elements(&server.site.elements("r").await).await;
    ann.delete(&early);
    eve.until("it gone", |view| view.elements()[early.as_str()].is_null()).await;
}

#[tokio::test]
async fn both_worlds_edit_at_once_and_end_with_the_same_board() {
    let server = TestServer::start().await;
    let yjs = YjsPeople::start();
    let (ann, bob) = (server.site.join("r", "Ann").await, server.site.join("r", "Bob").await);
    let eve = yjs.join(server.site, "r", "Eve").await;
    let fay = yjs.join(server.site, "r", "Fay").await;
    eve.writes("text", &json!({ "kind": "text", "geometry": [0, 0, 9, 9, 0], "text": "" }));
    until_element(&ann, "text").await;
    until_element(&bob, "text").await;
    for (person, seed, last) in [(&eve, 1, "last of Eve"), (&fay, 2, "last of Fay")] {
        person.does("scribble", json!({ "seed": seed, "n": 60, "last": last }));
    }
    let scribble = async |client: &Client, word: &str| {
        for n in 0..60 {
            client.edit(|board| edit(board, n, word));
            client.until("an acknowledgement", |seen| seen.session.unsaved().len() < 4).await;
        }
    };
    tokio::join!(scribble(&ann, "ann"), scribble(&bob, "bob"));
    for client in [&ann, &bob] {
        // A connection's edits come in order: these are the last.
        until_element(client, "last of Eve").await;
        until_element(client, "last of Fay").await;
    }
    ann.until_saved().await;
    bob.until_saved().await;
    let expected = server.site.elements("r").await;
    assert!(expected.len() > 20, "there is something to compare");
    for client in [&ann, &bob] {
        client.until_elements(&expected).await;
        assert_eq!(client.look(|seen| seen.n_times_live), 1, "nobody was thrown out");
    }
    for person in [&eve, &fay] {
        person.until_elements(&expected).await;
        assert_eq!((person.view().n_synced(), person.view().codes()), (1, vec![]));
    }
    assert_eq!(eve.view().elements(), fay.view().elements());
}

/// One of several kinds of edits, of the oldest or the newest element.
fn edit(board: &mut Board, n: u32, word: &str) {
    board.begin_step();
    let all: Vec<ElementId> = board.elements().map(|element| element.id.clone()).collect();
    let (Some(first), Some(last)) = (all.first().cloned(), all.last().cloned()) else { return };
    let at = f64::from(n);
    let geometry = Geometry { x: at, y: at, w: 10.0, h: 10.0, angle: 0.0, ..Geometry::default() };
    match n % 6 {
        0 | 1 => {
            board.insert(NewElement::new(Some(geometry), Style::default(), Shape::Diamond));
        }
        2 => board.place(&[(last, geometry)]),
        3 if first != id("text") => board.delete(&[first]),
        4 => {
            board.undo();
        }
        _ => board.set_text(&id("text"), &format!("{word} {n}"), &[], geometry),
    }
}

#[tokio::test]
async fn yjs_programs_come_back_by_themselves_after_a_crash() {
    let mut server = ServerProcess::start().await;
    let yjs = YjsPeople::start();
    let ann = server.site.join("r", "Ann").await;
    let eve = yjs.join(server.site, "r", "Eve").await;
    let fay = yjs.join(server.site, "r", "Fay").await;
    eve.writes("before", &json!({ "kind": "rectangle", "geometry": [0, 0, 9, 9, 0] }));
    until_element(&ann, "before").await;
    for round in 1..=2u32 {
        server.kill9().await;
        ann.until("the dead server", |seen| !seen.is_live()).await;
        for person in [&eve, &fay] {
            person.until("the dead server", |view| !view.is_connected()).await;
        }
        let of_eve = format!("meanwhile {round}");
        eve.writes(&of_eve, &json!({ "kind": "ellipse", "geometry": [0, 0, round, round, 0] }));
        eve.sets("before", "geometry", &json!([round, 0, 9, 9, 0]));
        let of_ann = ann.draw(0.0, f64::from(round));
        server.restart().await;
        for person in [&eve, &fay] {
            let both = |view: &tests::YjsView| {
                let elements = view.elements();
                view.n_synced() == u64::from(round) + 1
                    && !elements[of_ann.as_str()].is_null()
                    && !elements[&of_eve].is_null()
            };
            person.until("the other's work", both).await;
        }
        until_element(&ann, &of_eve).await;
        ann.until_saved().await;
        let expected = server.site.elements("r").await;
        assert_eq!(expected.len() as u32, 1 + 2 * round);
        ann.until_elements(&expected).await;
        eve.until_elements(&expected).await;
        fay.until_elements(&expected).await;
        ann.until("everybody", |seen| seen.names() == ["Ann", "Eve", "Fay"]).await;
    }
}

#[tokio::test]
async fn whoever_writes_as_somebody_else_is_closed_and_nobody_else_notices() {
    let server = TestServer::start().await;
    let yjs = YjsPeople::start();
    let ann = server.site.join("r", "Ann").await;
    let drawn = ann.draw(0.0, 0.0);
    ann.until_saved().await;
    let eve = yjs.join(server.site, "r", "Eve").await;
    // The provider would come again at once, and with the same edit.
    let mallory = yjs.join(server.site, "r", "Mallory").await;
    let author = ann.look(|seen| seen.board.author());
    mallory.does("writeAs", json!({ "author": author.value(), "id": "stolen" }));
    let refused = CloseCode::Refused as u64;
    mallory.until("being closed", |view| view.codes().first() == Some(&refused)).await;
    mallory.does("disconnect", json!({}));
    ann.until("Mallory gone", |seen| seen.names() == ["Ann", "Eve"]).await;

    for hex in ["09", "000203010203", "ff"] {
        let oaf = yjs.join(server.site, "r", &format!("Oaf {hex}")).await;
        oaf.does("send", json!({ "hex": hex }));
        oaf.until("being closed", |view| view.codes() == [refused]).await;
        oaf.does("disconnect", json!({}));
    }
    let again = ann.draw(50.0, 0.0);
    eve.until("what Ann draws", |view| !view.elements()[again.as_str()].is_null()).await;
    eve.until("only Ann and Eve", |view| view.names() == ["Ann", "Eve"]).await;
    let ids: Vec<_> = server.site.elements("r").await.iter().map(|it| it["id"].clone()).collect();
    assert_eq!(ids, [drawn.as_str(), again.as_str()]);
    assert_eq!((eve.view().n_synced(), eve.view().codes()), (1, vec![]));
    assert_eq!(ann.look(|seen| seen.n_times_live), 1);
}

#[tokio::test]
async fn a_large_board_comes_whole() {
    let server = TestServer::start().await;
    let yjs = YjsPeople::start();
    let watching = yjs.join(server.site, "r", "Eve").await;
    let body = fixture("boards/board-1000.excalidraw");
    let answer = server.site.json("POST /api/rooms/r/import", body.as_bytes()).await;
    let expected = server.site.elements("r").await;
    assert_eq!(answer["imported"].as_u64(), Some(expected.len() as u64));
    assert!(expected.len() >= 900, "{}", expected.len());
    watching.until_elements(&expected).await;
    let late = yjs.join(server.site, "r", "Fay").await;
    late.until_elements(&expected).await;
}

#[tokio::test]
async fn coming_back_without_news_changes_nothing() {
    let server = TestServer::start().await;
    let yjs = YjsPeople::start();
    let ann = server.site.join("r", "Ann").await;
    let options = json!({ "params": { "token": "a b&c" }, "resyncInterval": 1000 });
    let eve = yjs.arrive(server.site, "r", "Eve", &options);
    eve.shows(&json!({ "user": { "name": "Eve" } }));
    for id in ["kept", "deleted"] {
        eve.writes(id, &json!({ "kind": "rectangle", "geometry": [0, 0, 9, 9, 0] }));
    }
    eve.does("delete", json!({ "id": "deleted" }));
    eve.does("set", json!({ "id": "kept", "key": "width", "value": 5 }));
    let has_width = |seen: &Seen, width: f64| {
        seen.board.element(&id("kept")).is_some_and(|it| it.style.width == width)
    };
    ann.until("all of it", |seen| has_width(seen, 5.0)).await;
    let before = server.site.json("GET /api/rooms/r", b"").await["sequence"].as_u64().unwrap();
    for n in 1..=5 {
        eve.does("disconnect", json!({}));
        ann.until("Eve gone", |seen| seen.names() == ["Ann"]).await;
        eve.does("connect", json!({}));
        ann.until("Eve back", |seen| seen.names() == ["Ann", "Eve"]).await;
        eve.until("being in sync", |view| view.n_synced() == n + 1).await;
    }
    // By the time this is here, what she was asked for on each connection is too.
    eve.sets("kept", "width", &6.into());
    ann.until("the width", |seen| has_width(seen, 6.0)).await;
    let after = server.site.json("GET /api/rooms/r", b"").await["sequence"].as_u64().unwrap();
    assert_eq!(after, before + 1);
    assert_eq!(eve.view().codes(), Vec::<u64>::new());
}
