//! A flow chart and a board of sticky notes, drawn with mouse and keyboard in a real browser.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use chrome::{Browser, Page, Person};
use serde_json::Value;
use tests::ServerProcess;

const ANN: Person = Person { name: "Ann Lee", color: 0xe34ba9 };
const BOB: Person = Person { name: "Bob", color: 0x11b3a3 };

/// Draws with a tool from one corner to the other.
async fn draw(page: &mut Page, key: &str, from: (f64, f64), to: (f64, f64)) {
    page.strike(key).await;
    let middle = (f64::midpoint(from.0, to.0), f64::midpoint(from.1, to.1));
    page.drag(&[from, middle, to]).await;
}

/// Types into the field that is open.
async fn write(page: &mut Page, text: &str) {
    page.until("document.activeElement.hasAttribute('data-text-field')").await;
    page.type_text(text).await;
    page.strike("Escape").await;
}

/// Keeps a picture of the page if somebody wants to look at it.
async fn keep(page: &mut Page, name: &str) {
    if let Ok(folder) = std::env::var("TANDEM_SCREENSHOTS") {
        let picture = page.call("Page.captureScreenshot", serde_json::json!({})).await;
        let data = picture["data"].as_str().unwrap();
        std::fs::write(format!("{folder}/{name}.png.base64"), data).unwrap();
    }
}

/// Presses a button of the style panel, as soon as it is there.
async fn choose(page: &mut Page, name: &str) {
    let button = format!("document.querySelector('[aria-label={name}]')");
    page.until(&format!("{button} !== null")).await;
    page.evaluate(&format!("{button}.click()")).await;
}

fn number(element: &Value, key: &str) -> f64 {
    element[key].as_f64().unwrap()
}

#[tokio::test]
async fn a_flow_chart_hangs_together() {
    let server = ServerProcess::start_with_page().await;
    let mut browser = Browser::start().await;
    let url = server.site.url("/b/r");
    let mut ann = browser.open(&ANN, &url).await;
    ann.look_at_origin().await;

    for (key, from, to, text) in [
        ("r", (270.0, 110.0), (400.0, 180.0), "Start"),
        ("d", (460.0, 80.0), (680.0, 210.0), "Is it ready?"),
        ("o", (760.0, 100.0), (940.0, 190.0), "Ship it"),
        ("r", (480.0, 330.0), (660.0, 400.0), "Mend what is broken"),
    ] {
        draw(&mut ann, key, from, to).await;
        ann.strike("Enter").await;
        write(&mut ann, text).await;
    }
    for (from, to) in [
        ((330.0, 145.0), (570.0, 145.0)),
        ((570.0, 145.0), (850.0, 145.0)),
        ((570.0, 145.0), (570.0, 365.0)),
        ((570.0, 365.0), (335.0, 145.0)),
    ] {
        draw(&mut ann, "a", from, to).await;
    }
    ann.until("tandem.elements().filter(e => e.kind === 'arrow').length === 4").await;
    keep(&mut ann, "flow-chart").await;

    // A box is moved: its arrow ends right before it, here and there and for the server.
    let mut bob = browser.open(&BOB, &url).await;
    bob.look_at_origin().await;
    bob.until("tandem.elements().length === 12").await;
    ann.strike("v").await;
    ann.drag(&[(940.0, 145.0), (950.0, 250.0), (950.0, 450.0)]).await;
    ann.until_saved().await;
    bob.until("tandem.elements().find(e => e.kind === 'ellipse').y > 0").await;
    keep(&mut bob, "flow-chart-moved").await;
    let elements = server.site.elements("r").await;
    let ellipse = elements.iter().find(|it| it["kind"] == "ellipse").unwrap();
    let arrow = elements.iter().filter(|it| it["kind"] == "arrow").nth(1).unwrap();
    let end = arrow["points"].as_array().unwrap().last().unwrap();
    let [x, y] = [0, 1].map(|at| end[at].as_f64().unwrap());
    let (rx, ry) = (number(ellipse, "w") / 2.0, number(ellipse, "h") / 2.0);
    let (dx, dy) = (x - number(ellipse, "x") - rx, y - number(ellipse, "y") - ry);
    let out = (dx / rx).hypot(dy / ry);
    assert!((1.0..1.2).contains(&out), "{out} {arrow} {ellipse}");
    for page in [&ann, &bob] {
        assert_eq!(page.errors(), Vec::<String>::new());
    }
    browser.close().await;
}

#[tokio::test]
async fn notes_lie_in_a_frame_and_go_with_it() {
    let server = ServerProcess::start_with_page().await;
    let mut browser = Browser::start().await;
    let mut ann = browser.open(&ANN, &server.site.url("/b/r")).await;
    ann.look_at_origin().await;
    ann.strike("n").await;
    ann.click(370.0, 250.0).await;
    for text in ["What went well", "What did not, and why it did not go well at all this time"] {
        ann.until("document.activeElement.hasAttribute('data-text-field')").await;
        ann.type_text(text).await;
        ann.strike("Tab").await;
    }
    write(&mut ann, "What we try").await;
    draw(&mut ann, "f", (250.0, 130.0), (990.0, 380.0)).await;
    ann.until("tandem.elements().filter(e => e.frame).length >= 3").await;
    keep(&mut ann, "notes").await;
    let before = ann.elements().await;
    ann.drag(&[(600.0, 380.0), (600.0, 450.0), (600.0, 500.0)]).await;
    let after = ann.elements().await;
    for (before, after) in before.iter().zip(&after) {
        assert!((number(after, "y") - number(before, "y") - 120.0).abs() < 0.1, "{after}");
    }
    keep(&mut ann, "notes-moved").await;
    // A double click on its name renames the frame: what is typed takes the place of the old one.
    ann.double_click(270.0, 240.0).await;
    ann.until("document.activeElement.hasAttribute('data-text-field')").await;
    ann.type_text("Notes of the month").await;
    keep(&mut ann, "frame-renamed").await;
    ann.strike("Escape").await;
    ann.until("tandem.elements().some(e => e.name === 'Notes of the month')").await;
    assert_eq!(ann.errors(), Vec::<String>::new());
    browser.close().await;
}

/// Makes the page as large as a screen and looks at the origin.
async fn enlarge(page: &mut Page, width: u32, height: u32) {
    let size = serde_json::json!({
        "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false,
    });
    page.call("Emulation.setDeviceMetricsOverride", size).await;
    page.look_at_origin().await;
}

#[tokio::test]
async fn shapes_of_all_kinds_hold_text_and_elbows_run_around_them() {
    let server = ServerProcess::start_with_page().await;
    let mut browser = Browser::start().await;
    let mut ann = browser.open(&ANN, &server.site.url("/b/r")).await;
    enlarge(&mut ann, 1440, 900).await;
    let words = "One, two, three, four, five, six";
    for (tool, x, y) in [
        ("rectangle", 300.0, 120.0),
        ("ellipse", 620.0, 120.0),
        ("diamond", 940.0, 100.0),
        ("triangle", 300.0, 460.0),
        ("rectangle", 1180.0, 420.0),
    ] {
        ann.evaluate(&format!("tandem.setTool('{tool}')")).await;
        let to = (x + 180.0, y + 130.0);
        ann.drag(&[(x, y), (x + 20.0, y + 10.0), to]).await;
        ann.strike("Enter").await;
        write(&mut ann, words).await;
    }
    ann.strike("a").await;
    choose(&mut ann, "Elbow").await;
    for (from, to) in [
        ((390.0, 185.0), (1270.0, 485.0)),
        ((710.0, 185.0), (390.0, 580.0)),
        ((1030.0, 165.0), (390.0, 185.0)),
    ] {
        draw(&mut ann, "a", from, to).await;
    }
    ann.strike("a").await;
    choose(&mut ann, "Curved").await;
    draw(&mut ann, "a", (640.0, 700.0), (1100.0, 800.0)).await;
    ann.strike("Enter").await;
    write(&mut ann, "a label on its way").await;
    ann.until("tandem.elements().length === 15").await;
    keep(&mut ann, "gallery").await;
    let elbows: Vec<Value> = ann.elements().await;
    let elbows = elbows.iter().filter(|it| it["elbow"] == true);
    for elbow in elbows {
        let points = elbow["points"].as_array().unwrap();
        let at = |n: usize, axis: usize| points[n][axis].as_f64().unwrap();
        for n in 1..points.len() {
            let is_straight = (0..2).any(|axis| (at(n, axis) - at(n - 1, axis)).abs() < 0.1);
            assert!(is_straight, "{elbow}");
        }
    }
    // A line of many points: clicked, bent and shown with a handle on each.
    ann.strike("l").await;
    for (x, y) in [(560.0, 560.0), (700.0, 480.0), (840.0, 600.0), (960.0, 520.0)] {
        ann.move_to(x, y).await;
        ann.click(x, y).await;
    }
    ann.strike("Enter").await;
    ann.until("tandem.elements().some(e => e.kind === 'line' && e.points.length === 4)").await;
    keep(&mut ann, "line").await;
    let dark = serde_json::json!({
        "type": "keyDown", "modifiers": 9, "key": "D", "code": "KeyD", "windowsVirtualKeyCode": 68,
    });
    ann.call("Input.dispatchKeyEvent", dark).await;
    ann.until("document.documentElement.dataset.theme === 'dark'").await;
    ann.evaluate("tandem.painted()").await;
    keep(&mut ann, "gallery-dark").await;
    enlarge(&mut ann, 390, 800).await;
    ann.evaluate("tandem.zoomToFit()").await;
    ann.evaluate("tandem.painted()").await;
    keep(&mut ann, "gallery-phone").await;
    assert_eq!(ann.errors(), Vec::<String>::new());
    browser.close().await;
}
