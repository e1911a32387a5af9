//! Editing in real browsers: handles, the menu at the pointer, the clipboard.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use chrome::{Browser, Page, Person};
use serde_json::{Value, json};
use tests::ServerProcess;

const ANN: Person = Person { name: "Ann Lee", color: 0xe34ba9 };

async fn right_click(page: &mut Page, x: f64, y: f64) {
    for (kind, buttons) in [("mousePressed", 2), ("mouseReleased", 0)] {
        let event = json!({
            "type": kind, "x": x, "y": y, "button": "right", "buttons": buttons, "clickCount": 1,
        });
        page.call("Input.dispatchMouseEvent", event).await;
    }
}

/// Clicks a row of the menu at the pointer.
async fn choose(page: &mut Page, row: &str) {
    let find = format!(
        "[...document.querySelectorAll('.context-menu button')]
            .find((it) => it.firstChild.textContent === '{row}')"
    );
    page.until(&format!("!!{find}")).await;
    let place = format!(
        "(() => {{
            const box = {find}.getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2];
        }})()"
    );
    let place = page.evaluate(&place).await;
    page.click(place[0].as_f64().unwrap(), place[1].as_f64().unwrap()).await;
    page.until("!document.querySelector('.context-menu')").await;
}

/// Hands the page a text, as the browser does when the keys for it are pressed.
async fn paste(page: &mut Page, text: &Value) {
    let event = format!(
        "(() => {{
            const clipboardData = new DataTransfer();
            clipboardData.setData('text/plain', {text});
            const cancelable = true, bubbles = true;
            document.dispatchEvent(new ClipboardEvent('paste', {{clipboardData, bubbles, cancelable}}));
            return 1;
        }})()"
    );
    page.evaluate(&event).await;
}

#[tokio::test]
async fn a_shape_is_turned_and_copied_by_the_menu_to_another_board() {
    let server = ServerProcess::start_with_page().await;
    let mut browser = Browser::start().await;
    let mut page = browser.open(&ANN, &server.site.url("/b/one")).await;
    page.until("tandem.stats().members === 1").await;
    page.look_at_origin().await;
    page.evaluate("(tandem.setTool('rectangle'), 1)").await;
    page.drag(&[(400.0, 300.0), (600.0, 400.0)]).await;
    page.until("tandem.elements().length === 1").await;

    // The handle above the frame; a quarter of a turn.
    page.drag(&[(500.0, 275.0), (600.0, 300.0), (700.0, 350.0)]).await;
    page.until("Math.abs(tandem.elements()[0].angle - Math.PI / 2) < 0.02").await;
    page.until_saved().await;

    page.evaluate(
        "(document.addEventListener('copy', (event) => {
            window.copied = event.clipboardData.getData('text/plain');
        }), 1)",
    )
    .await;
    right_click(&mut page, 500.0, 350.0).await;
    choose(&mut page, "Copy").await;
    page.until("!!window.copied").await;
    let copied = page.evaluate("window.copied").await;

    let mut other = browser.open(&ANN, &server.site.url("/b/two")).await;
    other.until("tandem.stats().members === 1").await;
    paste(&mut other, &copied).await;
    other.until("tandem.elements().length === 1").await;
    let (from, to) = (page.elements().await, other.elements().await);
    for key in ["kind", "w", "h", "angle", "stroke"] {
        assert_eq!(from[0][key], to[0][key], "{key}");
    }
    paste(&mut other, &json!("Hello")).await;
    other.until("tandem.elements()[1]?.text === 'Hello'").await;

    right_click(&mut page, 500.0, 350.0).await;
    choose(&mut page, "Cut").await;
    page.until("tandem.elements().length === 0").await;
    for page in [&page, &other] {
        assert_eq!(page.errors(), Vec::<String>::new());
    }
    browser.close().await;
}
