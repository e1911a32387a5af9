//! The example of a client for strangers: it does what `docs/protocol.md` says of it.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use shared::element::Shape;
use tests::TestServer;

#[path = "../examples/bot.rs"]
#[expect(dead_code, reason = "the test calls what `main` calls")]
mod bot;

#[tokio::test]
async fn a_bot_joins_by_a_link_and_draws() {
    const N_POINTS: usize = 40;
    let server = TestServer::start().await;
    let ann = server.site.join("demo", "Ann").await;
    let link = server.site.url("/b/demo");
    let watching = async {
        ann.until("the bot's cursor", |seen| {
            seen.member("Bot").is_some_and(|bot| bot.presence.cursor.is_some())
        })
        .await;
        ann.until("ink before the spiral is done", |seen| seen.board.n_elements() == 1).await;
    };
    let (drawn, ()) = tokio::join!(bot::run(&link, N_POINTS), watching);
    drawn.unwrap();
    ann.until("the bot gone", |seen| seen.names() == ["Ann"]).await;
    let n_points = ann.look(|seen| match &seen.board.elements().next().unwrap().shape {
        Shape::Ink(ink) => ink.points.len(),
        other => panic!("ink, not {other:?}"),
    });
    assert_eq!(n_points, N_POINTS);
}
