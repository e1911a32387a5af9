//! What `docs/yjs.md` tells strangers: its example runs, and its table is the code's.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::BTreeSet;

use shared::geometry::BoardPoint;
use shared::ink::decode_chunk;
use tests::{TestServer, node};
use tokio::io::{AsyncBufReadExt, BufReader};

const PAGE: &str = include_str!("../../docs/yjs.md");
const EXAMPLE: &str = include_str!("../yjs/example.mjs");
const READER: &str = include_str!("../../shared/src/board/read.rs");

#[tokio::test]
async fn the_example_joins_lists_draws_and_shows_a_cursor() {
    let server = TestServer::start().await;
    let ann = server.site.join("demo", "Ann").await;
    let before = ann.draw(1.0, 2.0);
    ann.until_saved().await;
    let url = format!("ws://{}", server.site.0);
    let mut example = node("example.mjs").args([&url, "demo"]).spawn().unwrap();
    ann.until("the example's rectangle", |seen| seen.board.n_elements() == 2).await;
    ann.until("its cursor", |seen| {
        let cursor = seen.member("Example").and_then(|it| it.presence.cursor);
        cursor == Some(BoardPoint::new(180.0, 145.0).into())
    })
    .await;
    let elements = server.site.elements("demo").await;
    assert_eq!(elements[0]["id"], before.as_str(), "the example draws on top");
    assert_eq!(elements[1]["stroke"], "#e03131");
    let mut lines = BufReader::new(example.stdout.take().unwrap()).lines();
    let listed = lines.next_line().await.unwrap().unwrap();
    assert_eq!(listed, format!("{before} rectangle [ 1, 2, 40, 30, 0 ]"));
    example.kill().await.unwrap();
    ann.until("the example gone", |seen| seen.names() == ["Ann"]).await;
}

#[test]
fn the_page_shows_the_very_example() {
    assert!(PAGE.contains(&format!("```js\n{EXAMPLE}```\n")));
}

#[test]
fn the_page_lists_every_property_that_is_read() {
    let rows = PAGE.lines().skip_while(|line| !line.starts_with("| property"));
    let rows = rows.skip(2).take_while(|line| line.starts_with('|'));
    let names = rows.flat_map(|row| row.split('|').nth(1).unwrap().split(','));
    let listed: BTreeSet<_> = names.map(|name| name.trim().trim_matches('`')).collect();
    let keys = READER.lines().filter_map(|line| line.trim().strip_prefix("pub const "));
    let read: BTreeSet<_> = keys.map(|line| line.split('"').nth(1).unwrap()).collect();
    assert_eq!(listed, read);
}

#[test]
fn the_page_shows_a_chunk_of_ink() {
    let lines = PAGE.lines().skip_while(|line| !line.starts_with("    11 04"));
    let lines = lines.take_while(|line| line.starts_with("    "));
    let digits = lines.flat_map(|line| line[4..].split("   ").next().unwrap().chars());
    let digits: Vec<_> = digits.filter_map(|it| it.to_digit(16)).collect();
    let bytes: Vec<_> = digits.chunks(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect();
    let chunk = decode_chunk(&bytes).unwrap();
    let points: Vec<_> = chunk.points.iter().map(|it| (it.at.x, it.at.y)).collect();
    assert_eq!(points, [(10.0, -2.0), (11.0, -2.0), (12.0, -2.0)]);
    let pressures: Vec<_> = chunk.points.iter().map(|it| (it.pressure * 255.0).round()).collect();
    assert_eq!(pressures, [128.0, 255.0, 255.0]);
}
