//! Lines are cut and servers stop; what was acknowledged stays, what was not is sent again. Servers
//! that are killed have stories of their own, in `crash.rs`.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::HashSet;

use serde_json::Value;
use shared::id::ElementId;
use shared::protocol::CloseCode;
use tests::{Seen, ServerProcess, Site, TestServer, hello};

#[tokio::test]
async fn edits_made_without_a_line_arrive_when_it_is_back() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.site.join("r", "Ann").await, server.site.join("r", "Bob").await);
    let before = ann.draw(0.0, 0.0);
    ann.until_saved().await;
    ann.go_offline();
    ann.until("the cut line", |seen| !seen.is_live()).await;
    bob.until("Ann gone", |seen| seen.names() == ["Bob"]).await;

    ann.place(&before, 7.0, 7.0);
    let (second, third) = (ann.draw(1.0, 0.0), ann.draw(2.0, 0.0));
    ann.delete(&second);
    let meanwhile = bob.draw(0.0, 50.0);
    bob.until_saved().await;
    assert_eq!(ann.look(|seen| seen.session.unsaved().len()), 4);

    ann.go_online();
    ann.until_saved().await;
    let expected = server.site.elements("r").await;
    assert_eq!(ids(&expected), ids_of(&[before, third, meanwhile]));
    ann.until_elements(&expected).await;
    bob.until_elements(&expected).await;
}

#[tokio::test]
async fn edits_made_before_the_first_connection_are_kept() {
    let server = TestServer::start().await;
    let ann = server.site.arrive("r", "Ann");
    ann.go_offline();
    let id = ann.draw(0.0, 0.0);
    ann.go_online();
    ann.until_saved().await;
    assert_eq!(ids(&server.site.elements("r").await), ids_of(&[id]));
}

#[tokio::test]
async fn a_line_cut_while_drawing_loses_and_doubles_nothing() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.site.join("r", "Ann").await, server.site.join("r", "Bob").await);
    let mut drawn = Vec::new();
    for round in 0..20 {
        for step in 0..5 {
            drawn.push(ann.draw(f64::from(round), f64::from(step)));
        }
        // Cut at once: some of it has left, some of that has been acknowledged, and nobody knows.
        ann.go_offline();
        ann.until("the cut line", |seen| !seen.is_live()).await;
        ann.go_online();
        ann.until("the line", Seen::is_live).await;
    }
    ann.until_saved().await;
    let expected = server.site.elements("r").await;
    assert_eq!(ids(&expected), ids_of(&drawn));
    assert_eq!(expected.len(), drawn.len(), "nothing is there twice");
    bob.until_elements(&expected).await;
}

async fn check_all_kept(site: Site, promised: &HashSet<ElementId>, when: &str) {
    let kept = ids(&site.elements("r").await);
    let lost: Vec<_> = promised.iter().filter(|id| !kept.contains(id.as_str())).collect();
    assert!(lost.is_empty(), "{when}: acknowledged and lost: {lost:?}");
}

#[tokio::test]
async fn a_server_that_stops_says_so_and_comes_back_with_everything() {
    let mut server = ServerProcess::start().await;
    let ann = server.site.join("r", "Ann").await;
    let board = shared::board::Board::new(shared::id::ClientId::new(1).unwrap(), 1);
    let mut raw = server.site.raw("r").await;
    raw.join(hello(&board)).await;
    for n in 0..20 {
        ann.draw(f64::from(n), 0.0);
    }
    ann.until("some of it saved", |seen| !seen.acknowledged().is_empty()).await;
    let (exit, code) = tokio::join!(server.terminate(), raw.closed());
    assert_eq!(code, CloseCode::Restarting as u16);
    assert!(exit.success(), "{exit}");
    ann.until("the stopped server", |seen| !seen.is_live()).await;
    let promised = ann.look(Seen::acknowledged).into_iter().collect();

    server.restart().await;
    check_all_kept(server.site, &promised, "after SIGTERM").await;
    ann.until_saved().await;
    assert_eq!(server.site.elements("r").await.len(), 20);
}

fn ids(elements: &[Value]) -> HashSet<String> {
    elements.iter().map(|element| element["id"].as_str().unwrap().to_owned()).collect()
}

fn ids_of(elements: &[ElementId]) -> HashSet<String> {
    elements.iter().map(|id| id.as_str().to_owned()).collect()
}
