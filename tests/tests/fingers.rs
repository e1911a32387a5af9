//! The page on a phone, under fingers.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use chrome::{Browser, Page, Person};
use serde_json::{Value, json};
use tests::ServerProcess;

const ANN: Person = Person { name: "Ann Lee", color: 0xe34ba9 };

/// Fingers touch the page in some places, move, or leave it.
async fn touch(page: &mut Page, kind: &str, places: &[(f64, f64)]) {
    let point = |(id, &(x, y)): (usize, &(f64, f64))| json!({ "x": x, "y": y, "id": id });
    let points: Vec<Value> = places.iter().enumerate().map(point).collect();
    let event = json!({ "type": kind, "touchPoints": points });
    page.call("Input.dispatchTouchEvent", event).await;
}

/// One finger goes from place to place.
async fn swipe(page: &mut Page, places: &[(f64, f64)]) {
    touch(page, "touchStart", &places[..1]).await;
    for place in places {
        touch(page, "touchMove", &[*place]).await;
    }
    touch(page, "touchEnd", &[]).await;
}

async fn tap_on(page: &mut Page, name: &str) {
    page.evaluate(&format!("document.querySelector('[data-testid={name}]').click()")).await;
}

#[tokio::test]
async fn a_phone_is_drawn_on_zoomed_and_typed_on() {
    let server = ServerProcess::start_with_page().await;
    let mut browser = Browser::start().await;
    let mut ann = browser.open(&ANN, &server.site.url("/b/r")).await;
    let size = json!({ "width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": true });
    ann.call("Emulation.setDeviceMetricsOverride", size).await;
    ann.call("Emulation.setTouchEmulationEnabled", json!({ "enabled": true })).await;
    ann.evaluate("tandem.setTool('pen')").await;

    // What closes something draws nothing; two fingers zoom all the same.
    for (button, popup) in [
        ("style-toggle", ".style-panel[data-open=true]"),
        ("more-tools", ".more-tools[data-open=true]"),
    ] {
        tap_on(&mut ann, button).await;
        ann.until(&format!("document.querySelector('{popup}')")).await;
        swipe(&mut ann, &[(60.0, 200.0), (110.0, 260.0)]).await;
        ann.until(&format!("!document.querySelector('{popup}')")).await;
    }
    tap_on(&mut ann, "style-toggle").await;
    touch(&mut ann, "touchStart", &[(180.0, 200.0)]).await;
    touch(&mut ann, "touchStart", &[(180.0, 200.0), (220.0, 200.0)]).await;
    touch(&mut ann, "touchMove", &[(160.0, 200.0), (240.0, 200.0)]).await;
    touch(&mut ann, "touchEnd", &[]).await;
    ann.until("tandem.camera().zoom === 2").await;
    let zoom = "document.querySelector('.zoom-value')";
    ann.until(&format!("{zoom}.checkVisibility() && {zoom}.textContent === '200 %'")).await;
    assert_eq!(ann.elements().await, Vec::<Value>::new());

    // The next one draws; and from elsewhere there is a way back.
    swipe(&mut ann, &[(60.0, 200.0), (110.0, 260.0), (160.0, 200.0)]).await;
    ann.until("tandem.elements().length === 1").await;
    ann.evaluate("tandem.setCamera({ x: 9000, y: 0, zoom: 1 })").await;
    let back = "document.querySelector('[data-testid=leave]')";
    ann.until(&format!("{back}?.textContent === 'Back to content'")).await;
    tap_on(&mut ann, "leave").await;
    ann.until(&format!("!{back} && tandem.camera().x < 1000")).await;

    // The keyboard comes over what is typed.
    ann.evaluate("tandem.setTool('text')").await;
    swipe(&mut ann, &[(150.0, 640.0)]).await;
    ann.until("document.activeElement.hasAttribute('data-text-field')").await;
    ann.type_text("typed low").await;
    ann.evaluate(
        "Object.defineProperty(visualViewport, 'height', { get: () => 480 });
         visualViewport.dispatchEvent(new Event('resize'))",
    )
    .await;
    let end = "document.activeElement.getBoundingClientRect().bottom";
    ann.until(&format!("{end} < 480 && {end} > 400")).await;
    assert_eq!(ann.errors(), Vec::<String>::new());
    browser.close().await;
}

#[tokio::test]
async fn a_phone_shows_all_that_can_be_done_with_a_shape_at_once() {
    let server = ServerProcess::start_with_page().await;
    let mut browser = Browser::start().await;
    let mut ann = browser.open(&ANN, &server.site.url("/b/r")).await;
    let size = json!({ "width": 320, "height": 640, "deviceScaleFactor": 1, "mobile": true });
    ann.call("Emulation.setDeviceMetricsOverride", size).await;
    ann.call("Emulation.setTouchEmulationEnabled", json!({ "enabled": true })).await;
    ann.evaluate("tandem.setTool('rectangle')").await;
    swipe(&mut ann, &[(60.0, 120.0), (100.0, 160.0), (200.0, 220.0)]).await;
    ann.until("tandem.elements().length === 1").await;
    // A long press: the menu has all its rows on the screen, and the last is within reach.
    touch(&mut ann, "touchStart", &[(60.0, 160.0)]).await;
    ann.until("document.querySelector('.context-menu')").await;
    touch(&mut ann, "touchEnd", &[]).await;
    let menu = "document.querySelector('.context-menu')";
    ann.until(&format!("{menu}.getAnimations().length === 0")).await;
    let rest = ann.evaluate(&format!("{menu}.scrollHeight - {menu}.clientHeight")).await;
    assert_eq!(rest, json!(0), "nothing is to be scrolled");
    let place = ann.evaluate(&format!("JSON.stringify({menu}.getBoundingClientRect())")).await;
    let place: Value = serde_json::from_str(place.as_str().unwrap()).unwrap();
    assert!(place["top"].as_f64().unwrap() > 100.0, "{place}");
    assert!(place["bottom"].as_f64().unwrap() <= 640.0, "{place}");
    ann.strike("Escape").await;
    // Without the menu: two buttons beside undo.
    ann.until("document.querySelector('.chosen')?.checkVisibility()").await;
    ann.evaluate("document.querySelector('.chosen [aria-label=Delete]').click()").await;
    ann.until("tandem.elements().length === 0 && !document.querySelector('.chosen')").await;
    assert_eq!(ann.errors(), Vec::<String>::new());
    browser.close().await;
}
