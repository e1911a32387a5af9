//! What the tiles and kept pictures of a board make of it, in a real browser: nothing that one could see.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use chrome::{Browser, Page, Person, Screenshot};
use serde_json::{Value, json};
use tests::{ServerProcess, fixture};

const ANN: Person = Person { name: "Ann Lee", color: 0xe34ba9 };
/// Where no panel is: left, top, right, bottom.
const CLEAR: [u32; 4] = [240, 80, 980, 600];
/// Pixels of those that may look different by more than a trace.
const STRAY_MAX: usize = 12;
/// A trace, in a channel's steps: edges are smoothed against another place of the tile's corner.
const TRACE: u8 = 48;

async fn look(page: &mut Page, x: f64, y: f64, zoom: f64) {
    let camera = json!({ "x": x, "y": y, "zoom": zoom });
    page.evaluate(&format!("tandem.setCamera({camera}), tandem.painted().then(() => true)")).await;
}

/// As it is, and as it is once all tiles were painted anew.
async fn kept_and_anew(page: &mut Page) -> (Screenshot, Screenshot) {
    let kept = page.screenshot().await;
    let (alt, shift) = (1, 8);
    for _ in 0..2 {
        // To the dark and back.
        let key = json!({ "type": "keyDown", "key": "d", "modifiers": alt + shift });
        page.call("Input.dispatchKeyEvent", key).await;
        page.evaluate("tandem.painted().then(() => true)").await;
    }
    (kept, page.screenshot().await)
}

#[track_caller]
fn check(what: &str, one: &Screenshot, other: &Screenshot) {
    let n_stray = one.n_different(other, CLEAR, TRACE);
    assert!(n_stray <= STRAY_MAX, "{what}: {n_stray} pixels differ");
}

#[tokio::test]
async fn wherever_one_came_from_a_board_looks_as_if_it_were_painted_anew() {
    let server = ServerProcess::start_with_page().await;
    let mut browser = Browser::start().await;
    let mut page = browser.open(&ANN, &server.site.url("/b/r")).await;
    let board = fixture("boards/board-1000.excalidraw");
    page.evaluate(&format!("tandem.importExcalidraw({})", json!(board))).await;
    for zoom in [0.04, 0.21, 0.5, 1.0, 2.7] {
        // Zoomed in from afar, by steps that stretch what is there, then panned into what was not seen.
        for step in 0..12 {
            let part = f64::from(step) / 12.0;
            page.evaluate(&format!(
                "tandem.setCamera({{ x: {}, y: 9000, zoom: {} }})",
                9_000.0 + 1_000.0 * part,
                zoom * (0.4 + 0.6 * part),
            ))
            .await;
        }
        look(&mut page, 10_000.0 - 700.0 / zoom, 9_000.0, zoom).await;
        look(&mut page, 10_000.0, 9_000.0 + 300.0 / zoom, zoom).await;
        // Something came and went: a part of some tiles was painted anew, twice.
        page.evaluate("tandem.setTool('pen')").await;
        page.drag(&[(400.0, 300.0), (600.0, 420.0), (900.0, 380.0)]).await;
        page.evaluate("tandem.painted().then(() => true)").await;
        page.strike_with_ctrl("z").await;
        page.evaluate("tandem.painted().then(() => true)").await;
        let (kept, anew) = kept_and_anew(&mut page).await;
        check(&format!("at {zoom}"), &kept, &anew);
    }
    assert_eq!(page.errors(), Vec::<String>::new());
    browser.close().await;
}

#[tokio::test]
async fn no_tile_ends_where_one_could_see_it() {
    let server = ServerProcess::start_with_page().await;
    let mut browser = Browser::start().await;
    // The same board again, elsewhere: other places of it are at the tiles' edges.
    let (dx, dy) = (216.0, 152.0);
    let mut board: Value = serde_json::from_str(&fixture("boards/board-1000.excalidraw")).unwrap();
    for element in board["elements"].as_array_mut().unwrap() {
        // A hand would be unsteady in other places: what is copied has other ids.
        element["roughness"] = 0.into();
    }
    let mut pages = Vec::new();
    for room in ["here", "there"] {
        let body = board.to_string();
        let line = format!("POST /api/rooms/{room}/import");
        assert_eq!(server.site.request(&line, body.as_bytes()).await.0, 200);
        pages.push(browser.open(&ANN, &server.site.url(&format!("/b/{room}"))).await);
        for element in board["elements"].as_array_mut().unwrap() {
            for (axis, by) in [("x", dx), ("y", dy)] {
                element[axis] = (element[axis].as_f64().unwrap() + by).into();
            }
        }
    }
    let [here, there] = &mut pages[..] else { unreachable!("two rooms") };
    for zoom in [0.125, 0.5, 1.0, 2.0] {
        look(here, 10_000.0, 9_000.0, zoom).await;
        look(there, 10_000.0 + dx, 9_000.0 + dy, zoom).await;
        check(&format!("at {zoom}"), &here.screenshot().await, &there.screenshot().await);
    }
    browser.close().await;
}

#[tokio::test]
async fn from_afar_what_lies_above_is_seen_above_whoever_turns_it_into_pixels() {
    let server = ServerProcess::start_with_page().await;
    let mut browser = Browser::start().await;
    // By turns boxes that have no details from afar and such that have: broken edges. Each covers a part of the one before.
    let colors = [0xe03131, 0x2f9e44, 0x1971c2, 0xf08c00, 0x9c36b5, 0x0b7a75];
    let boxes: Vec<Value> = (0..colors.len())
        .map(|n| {
            json!({
                "id": format!("box-{n}"), "type": "rectangle", "x": n * 600, "y": n * 400, "width": 1200,
                "height": 1200, "strokeColor": "transparent", "fillStyle": "solid", "roughness": 0,
                "backgroundColor": format!("#{:06x}", colors[n]),
                "strokeStyle": if n % 2 == 0 { "solid" } else { "dashed" },
            })
        })
        .collect();
    let board = json!({ "type": "excalidraw", "version": 2, "elements": boxes }).to_string();
    let line = "POST /api/rooms/r/import";
    assert_eq!(server.site.request(line, board.as_bytes()).await.0, 200);
    let mut page = browser.open(&ANN, &server.site.url("/b/r")).await;
    page.until(&format!("tandem.stats().elements == {}", colors.len())).await;
    let zoom = 0.1;
    look(&mut page, 2000.0, 1500.0, zoom).await;
    let screenshot = page.screenshot().await;
    // The page's own.
    let [width, height] = [1000.0, 700.0];
    for (n, color) in colors.iter().enumerate() {
        // Where it covers the one before, and where no other does.
        for (x, y) in [(300.0, 300.0), (550.0, 700.0), (300.0, 1100.0)] {
            let (x, y) = (n as f64 * 600.0 + x, n as f64 * 400.0 + y);
            let at = ((x - 2000.0) * zoom + width / 2.0, (y - 1500.0) * zoom + height / 2.0);
            let [_, r, g, b] = u32::to_be_bytes(*color);
            assert!(
                screenshot.is_colored(at.0, at.1, [r, g, b]),
                "box {n} at {at:?}: {:?}",
                screenshot.at(at.0, at.1)
            );
        }
    }
    browser.close().await;
}
