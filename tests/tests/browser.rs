//! Two people in real browsers, with real mice and keyboards, at a real server process.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use chrome::{Browser, Page, Person};
use serde_json::{Value, json};
use tests::{ServerProcess, fixture};

const ANN: Person = Person { name: "Ann Lee", color: 0xe34ba9 };
const BOB: Person = Person { name: "Bob", color: 0x11b3a3 };

/// A server process, and Ann and Bob in front of the same board, both looking at its origin.
struct Session {
    server: ServerProcess,
    browser: Browser,
    ann: Page,
    bob: Page,
}

impl Session {
    async fn start() -> Self {
        let server = ServerProcess::start_with_page().await;
        let mut browser = Browser::start().await;
        let url = server.site.url("/b/r");
        let mut ann = browser.open(&ANN, &url).await;
        let mut bob = browser.open(&BOB, &url).await;
        for page in [&mut ann, &mut bob] {
            page.until("tandem.stats().members === 2").await;
            page.look_at_origin().await;
        }
        Self { server, browser, ann, bob }
    }

    /// Waits until both pages are saved and show what the server has, and gives that.
    async fn until_same(&mut self) -> Vec<Value> {
        self.ann.until_saved().await;
        self.bob.until_saved().await;
        let expected = self.server.site.elements("r").await;
        let wanted = rounded(&json!(expected).to_string());
        for page in [&mut self.ann, &mut self.bob] {
            page.until(&format!("{} === {wanted}", rounded("tandem.elements()"))).await;
        }
        expected
    }

    /// Ends everything; nothing may have gone wrong in the pages but what `is_expected`.
    async fn end(self, is_expected: impl Fn(&str) -> bool) {
        for page in [&self.ann, &self.bob] {
            let mut errors = page.errors();
            errors.retain(|error| !is_expected(error));
            assert_eq!(errors, Vec::<String>::new());
        }
        self.browser.close().await;
    }
}

/// Elements as a text, with their numbers rounded: their last bits do not survive every JSON reader.
fn rounded(elements: &str) -> String {
    format!(
        "JSON.stringify({elements}, (key, value) => {{
            if (typeof value === 'number') return Math.round(value * 1e4);
            const isMap = value && typeof value === 'object' && !Array.isArray(value);
            return isMap ? Object.fromEntries(Object.entries(value).sort()) : value;
        }})"
    )
}

#[tokio::test]
async fn a_name_is_read_wherever_its_cursor_is() {
    let mut session = Session::start().await;
    let Session { ann, bob, .. } = &mut session;
    ann.move_to(600.0, 400.0).await;
    let (w, h) = (bob.evaluate("innerWidth").await, bob.evaluate("innerHeight").await);
    let (w, h) = (w.as_f64().unwrap(), h.as_f64().unwrap());
    // Where Ann's cursor is on Bob's screen, and a place in the pill with her name then.
    for ((x, y), pill) in [
        ((600.0, 400.0), (614.0, 425.0)),
        ((600.0, 5.0), (614.0, 70.0)),
        ((w - 10.0, 400.0), (w - 10.0, 425.0)),
        ((600.0, h - 5.0), (614.0, h - 74.0)),
        ((w - 10.0, h - 66.0), (w - 10.0, h - 80.0)),
    ] {
        let (dx, dy) = (600.0 - x, 400.0 - y);
        bob.evaluate(&format!("tandem.setCamera({{ x: {dx}, y: {dy}, zoom: 1 }})")).await;
        let what = format!("the name of a cursor at {x}, {y}");
        bob.until_looks(&what, |seen| seen.is_colored(pill.0, pill.1, ANN.rgb())).await;
    }
    // Beyond the screen, at the height of the middle between its bars: an arrow points there.
    let middle = h / 2.0;
    let dy = 400.0 - middle;
    bob.evaluate(&format!("tandem.setCamera({{ x: -2000, y: {dy}, zoom: 1 }})")).await;
    bob.until_looks("the way to a cursor", |seen| seen.is_colored(w - 13.0, middle, ANN.rgb()))
        .await;
    session.end(nothing).await;
}

#[tokio::test]
async fn who_comes_with_a_color_like_anothers_has_a_different_one() {
    let mut session = Session::start().await;
    let url = session.server.site.url("/b/r");
    let rose = Person { name: "Rose", color: 0xf04f88 };
    let mut page = session.browser.open(&rose, &url).await;
    page.until("tandem.stats().members === 3").await;
    let color = "document.querySelector('.avatar.me').style.getPropertyValue('--c')";
    page.until(&format!("{color} !== '#f04f88'")).await;
    let taken = [ANN.color, BOB.color].map(|color| format!("#{color:06x}"));
    assert!(!taken.contains(&page.evaluate(color).await.as_str().unwrap().to_owned()));
    session.end(nothing).await;
}

fn nothing(_: &str) -> bool {
    false
}

/// A wave to the right, in steps of ten pixels.
fn wave(x: f64, y: f64, n_steps: u32) -> Vec<(f64, f64)> {
    let step = |n: u32| (x + f64::from(n) * 10.0, y + (f64::from(n) / 3.0).sin() * 25.0);
    (0..n_steps).map(step).collect()
}

#[tokio::test]
async fn two_people_draw_together_and_see_each_other() {
    let mut session = Session::start().await;
    let Session { ann, bob, .. } = &mut session;

    // While Ann draws, Bob sees it.
    let stroke = wave(300.0, 250.0, 20);
    let (middle, end) = (stroke[10], stroke[19]);
    assert!(!bob.screenshot().await.is_inked(middle.0, middle.1), "the board is empty");
    ann.drag_on(&stroke).await;
    bob.until_looks("Ann's stroke while she draws it", |picture| {
        picture.is_inked(middle.0, middle.1) && !picture.is_inked(middle.0, middle.1 + 60.0)
    })
    .await;
    bob.until("tandem.elements().length === 1").await;
    ann.release().await;
    bob.until_looks("the whole stroke", |picture| {
        stroke.iter().all(|&(x, y)| picture.is_inked(x, y)) && picture.is_inked(end.0, end.1)
    })
    .await;
    let elements = session.until_same().await;
    assert_eq!(elements[0]["kind"], "ink");
    let points = elements[0]["points"].as_array().unwrap();
    assert!(points.len() >= 10, "{} points", points.len());
    // The middle of the page is the board's origin.
    let first = (points[0][0].as_f64().unwrap(), points[0][1].as_f64().unwrap());
    assert!((first.0 + 200.0).abs() < 1.0 && (first.1 + 100.0).abs() < 1.0, "{first:?}");

    // Ann's cursor, in her color and with her name.
    let Session { ann, bob, .. } = &mut session;
    let is_pill = |x: f64, y: f64| (x + 14.0, y + 25.0);
    for (x, y) in [(600.0, 400.0), (650.0, 450.0)] {
        ann.move_to(x, y).await;
        let (pill_x, pill_y) = is_pill(x, y);
        bob.until_looks("Ann's cursor", |picture| picture.is_colored(pill_x, pill_y, ANN.rgb()))
            .await;
    }
    let (old_x, old_y) = is_pill(600.0, 400.0);
    assert!(!bob.screenshot().await.is_colored(old_x, old_y, ANN.rgb()), "the cursor has moved");
    let tip = format!("document.querySelector('[data-testid=people] [data-tip=\"{}\"]')", ANN.name);
    bob.until(&format!("{tip} && {tip}.textContent === 'AL'")).await;

    // A box and a text; the text is undone, by its author only.
    bob.strike("r").await;
    bob.drag(&[(500.0, 500.0), (550.0, 520.0), (620.0, 580.0)]).await;
    ann.until("tandem.elements().some(e => e.kind === 'rectangle' && e.w > 100)").await;
    ann.strike("t").await;
    ann.click(250.0, 500.0).await;
    ann.until("document.activeElement.hasAttribute('data-text-field')").await;
    ann.type_text("Hello").await;
    ann.strike("Escape").await;
    bob.until("tandem.elements().some(e => e.text === 'Hello')").await;
    ann.strike_with_ctrl("z").await;
    bob.until("tandem.elements().length === 2").await;
    bob.until("tandem.elements().every(e => e.kind !== 'text')").await;

    // All of it is still there for whoever comes back.
    let before = session.until_same().await;
    session.bob.reload().await;
    session.bob.look_at_origin().await;
    session
        .bob
        .until_looks("the stroke after reloading", |picture| {
            stroke.iter().all(|&(x, y)| picture.is_inked(x, y))
        })
        .await;
    assert_eq!(session.until_same().await, before);
    session.ann.until("tandem.stats().members === 2").await;
    session.end(nothing).await;
}

#[tokio::test]
async fn both_come_back_by_themselves_to_a_killed_server_and_nothing_is_missing() {
    let mut session = Session::start().await;
    let Session { server, ann, bob, .. } = &mut session;
    ann.drag(&wave(300.0, 150.0, 10)).await;
    ann.until_saved().await;
    // A page has its icon, and what keeps it, a moment after its board.
    for page in [&mut *ann, &mut *bob] {
        page.evaluate("navigator.serviceWorker.ready.then(() => true)").await;
    }

    // Both are in mid-stroke when the server dies, and draw on.
    let (ann_draws, bob_draws) = (wave(200.0, 300.0, 20), wave(500.0, 450.0, 20));
    let (ann_first, ann_rest) = ann_draws.split_at(10);
    let (bob_first, bob_rest) = bob_draws.split_at(10);
    ann.drag_on(ann_first).await;
    bob.drag_on(bob_first).await;
    bob.until("tandem.elements().length === 3").await;
    server.kill9().await;
    for (page, rest) in [(&mut *ann, ann_rest), (&mut *bob, bob_rest)] {
        page.until("tandem.stats().connection !== 'live'").await;
        for &(x, y) in rest {
            page.move_to(x, y).await;
        }
        page.release().await;
        page.drag(&wave(200.0, rest[0].1 + 80.0, 8)).await;
        page.until(
            "/^[1-9][0-9]* unsaved$/.test(
            document.querySelector('[data-testid=saved]').textContent.trim())",
        )
        .await;
    }

    server.restart().await;
    let elements = session.until_same().await;
    assert_eq!(elements.len(), 5);
    let Session { ann, bob, .. } = &mut session;
    for page in [ann, bob] {
        page.until_looks("both strokes to their ends", |picture| {
            ann_draws.iter().chain(&bob_draws).all(|&(x, y)| picture.is_inked(x, y))
        })
        .await;
    }
    session.end(|error| error.contains("WebSocket connection to")).await;
}

#[tokio::test]
async fn drawings_are_imported_and_what_is_none_is_refused() {
    let mut session = Session::start().await;
    let Session { ann, bob, .. } = &mut session;
    let library = fixture("excalidrawlib/ferminrp_post-it.excalidrawlib");
    let answer = ann.evaluate(&format!("tandem.importExcalidraw({})", json!(library))).await;
    let n_imported = answer["imported"].as_u64().unwrap();
    assert!(n_imported > 0, "{answer}");
    assert_eq!(answer["skipped"], json!([]));
    bob.until(&format!("tandem.elements().length === {n_imported}")).await;
    bob.evaluate("tandem.zoomToFit()").await;

    for (text, expected) in [("no JSON", "JSON"), (r#"{"type": "invoice"}"#, "Excalidraw")] {
        let answer = ann.evaluate(&format!("tandem.importExcalidraw({})", json!(text))).await;
        assert!(answer["error"].as_str().unwrap().contains(expected), "{answer}");
    }
    ann.look_at_origin().await;
    ann.strike("p").await;
    ann.drag(&wave(300.0, 600.0, 8)).await;
    bob.until(&format!("tandem.elements().length === {}", n_imported + 1)).await;
    session.until_same().await;
    session.end(nothing).await;
}

/// What lies between the panels, where nothing but the board is: left, top, right, bottom.
const BOARD: [u32; 4] = [240, 80, 900, 620];

/// Looks at a place of the seeded board and waits until it is painted.
async fn look(page: &mut Page, x: f64, y: f64, zoom: f64) {
    let camera = json!({ "x": x, "y": y, "zoom": zoom });
    page.evaluate(&format!("tandem.setCamera({camera}), tandem.painted().then(() => true)")).await;
}

#[tokio::test]
async fn a_board_that_was_painted_piece_by_piece_looks_like_one_painted_at_once() {
    let mut session = Session::start().await;
    let Session { ann, bob, .. } = &mut session;
    let seeded = fixture("boards/board-1000.excalidraw");
    let answer = ann.evaluate(&format!("tandem.importExcalidraw({})", json!(seeded))).await;
    assert_eq!(answer["imported"], 1000);
    bob.until("tandem.elements().length === 1000").await;
    look(ann, 10_000.0, 10_000.0, 0.33).await;

    // Changes by one's own hand and by another's, here and there, and looks at other places in between.
    ann.strike("p").await;
    ann.drag(&wave(300.0, 200.0, 50)).await;
    look(bob, 10_000.0, 10_000.0, 0.33).await;
    bob.strike("r").await;
    bob.drag(&[(400.0, 300.0), (500.0, 350.0), (700.0, 560.0)]).await;
    look(ann, 10_700.0, 9_800.0, 0.33).await;
    look(ann, 10_200.0, 10_100.0, 0.2).await;
    bob.drag(&[(450.0, 320.0)]).await;
    bob.strike_with_ctrl("z").await;
    bob.strike("p").await;
    bob.drag(&wave(350.0, 500.0, 40)).await;
    look(ann, 10_000.0, 10_000.0, 0.33).await;
    ann.drag(&wave(300.0, 400.0, 30)).await;
    ann.strike_with_ctrl("z").await;
    session.until_same().await;

    let Session { ann, bob, .. } = &mut session;
    // The other one's cursor is not part of the board: over the page's menu it is nowhere.
    let (x, y) = wave(350.0, 500.0, 40)[39];
    look(ann, 10_000.0, 10_000.0, 0.33).await;
    ann.until_looks("the other one's cursor", |seen| {
        seen.is_colored(x + 14.0, y + 25.0, BOB.rgb())
    })
    .await;
    bob.move_to(20.0, 20.0).await;
    ann.until_looks("no cursor", |seen| !seen.is_colored(x + 14.0, y + 25.0, BOB.rgb())).await;
    for zoom in [0.33, 0.1] {
        look(ann, 10_000.0, 10_000.0, zoom).await;
        let piecemeal = ann.screenshot().await;
        ann.reload().await;
        look(ann, 10_000.0, 10_000.0, zoom).await;
        let at_once = ann.screenshot().await;
        // Where two pieces of a thin stroke meet, a pixel may be covered twice.
        let n_different = piecemeal.n_different(&at_once, BOARD, 40);
        assert!(n_different <= 8, "{n_different} pixels at {zoom}");
        let elsewhere = {
            look(ann, 10_100.0, 10_000.0, zoom).await;
            ann.screenshot().await
        };
        assert!(at_once.n_different(&elsewhere, BOARD, 40) > 1000, "there is something to see");
    }
    session.end(nothing).await;
}

#[tokio::test]
async fn a_stroke_that_is_dropped_leaves_nothing() {
    let mut session = Session::start().await;
    let Session { ann, .. } = &mut session;
    let before = ann.screenshot().await;
    let circle = (0..120).map(|n| f64::from(n) / 20.0);
    let circle: Vec<(f64, f64)> =
        circle.map(|turn| (570.0 + turn.cos() * 200.0, 350.0 + turn.sin() * 200.0)).collect();
    ann.drag_on(&circle).await;
    ann.until_looks("the stroke while it is drawn", |picture| {
        circle.iter().all(|&(x, y)| picture.is_inked(x, y))
    })
    .await;
    ann.strike("Escape").await;
    ann.until_looks("the empty board", |picture| picture.n_different(&before, BOARD, 40) == 0)
        .await;
    ann.release().await;
    ann.until("tandem.elements().length === 0").await;
    session.end(nothing).await;
}

#[tokio::test]
async fn every_place_that_the_pen_passes_is_kept_on_a_full_board() {
    let mut session = Session::start().await;
    let Session { ann, .. } = &mut session;
    let seeded = fixture("boards/board-1000.excalidraw");
    ann.evaluate(&format!("tandem.importExcalidraw({})", json!(seeded))).await;
    ann.evaluate("tandem.zoomToFit()").await;
    ann.strike("p").await;
    let places: Vec<(f64, f64)> = (0..200)
        .map(|n| f64::from(n) / 10.0)
        .map(|turn| (570.0 + turn.cos() * (50.0 + turn * 10.0), 350.0 + turn.sin() * 220.0))
        .collect();
    ann.drag(&places).await;
    ann.until("tandem.elements().length === 1001").await;
    let last = ann.evaluate("tandem.elements().at(-1)").await;
    assert_eq!(last["kind"], "ink");
    assert_eq!(last["points"].as_array().unwrap().len(), places.len());
    session.end(nothing).await;
}

/// A drawing of two boxes and the arrow between them, whose course goes around corners as it is meant to.
fn elbow_that_leads_there() -> Value {
    let shape = |id: &str, kind: &str, (x, y): (i32, i32)| json!({ "id": id, "type": kind, "x": x, "y": y, "width": 100, "height": 100 });
    let mut arrow = shape("arrow", "arrow", (206, 150));
    let bound = |to: &str, x: f64| json!({ "elementId": to, "fixedPoint": [x, 0.5], "gap": 5 });
    let points = json!([[0, 0], [94, 0], [94, 200], [188, 200]]);
    for (key, value) in [
        ("elbowed", json!(true)),
        ("points", points),
        ("startBinding", bound("a", 1.0)),
        ("endBinding", bound("b", 0.0)),
        ("endArrowhead", json!("arrow")),
    ] {
        arrow[key] = value;
    }
    let elements = [shape("a", "rectangle", (100, 100)), shape("b", "diamond", (400, 300)), arrow];
    json!({ "type": "excalidraw", "version": 2, "elements": elements })
}

/// Holds back the part of the page that comes when the board is there, until `letLater()`.
const HOLD_LATER: &str = "const load = fetch;
    window.fetch = (file, ...rest) => /_later/.test(file)
        ? new Promise(go => window.letLater = () => go(load(file, ...rest)))
        : load(file, ...rest);";

#[tokio::test]
async fn opening_a_board_watching_and_drawing_wait_for_nothing_that_comes_later() {
    let mut session = Session::start().await;
    let Session { ann, bob, .. } = &mut session;
    let seeded = fixture("boards/board-1000.excalidraw");
    for drawing in [seeded, elbow_that_leads_there().to_string()] {
        bob.evaluate(&format!("tandem.importExcalidraw({})", json!(drawing))).await;
    }
    bob.until("tandem.elements().some(it => it.elbow && it.start && it.end)").await;
    bob.until_saved().await;
    ann.before_load(HOLD_LATER).await;
    ann.reload().await;
    ann.until("window.letLater").await;
    look(ann, 10_000.0, 10_000.0, 0.33).await;
    look(ann, 10_000.0, 10_000.0, 0.05).await;

    for page in [&mut *ann, &mut *bob] {
        look(page, 50_000.0, 50_000.0, 1.0).await;
        page.strike("p").await;
    }
    let (others, own) = (wave(300.0, 250.0, 20), wave(300.0, 450.0, 20));
    bob.drag(&others).await;
    ann.drag(&own).await;
    ann.until_looks("both strokes", |picture| {
        others.iter().chain(&own).all(|&(x, y)| picture.is_inked(x, y))
    })
    .await;
    let asked = "document.documentElement.dataset.later ?? 'no'";
    assert_eq!(ann.evaluate(asked).await, "no");

    // What has not come is asked for when it is needed, and may come then.
    ann.strike_with_ctrl("z").await;
    ann.until(&format!("({asked}) === 'asked'")).await;
    ann.evaluate("letLater()").await;
    ann.until_looks("the other's stroke", |picture| {
        others.iter().all(|&(x, y)| picture.is_inked(x, y)) && !picture.is_inked(own[9].0, own[9].1)
    })
    .await;
    session.until_same().await;
    session.end(nothing).await;
}
