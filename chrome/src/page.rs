//! A page with a board in it, and a person's hand on mouse and keyboard.

use std::path::Path;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::Screenshot;
use super::wire::Wire;
use crate::PATIENCE;

/// Somebody who opens a page.
pub struct Person {
    /// Their name.
    pub name: &'static str,
    /// Their color, `0xrrggbb`.
    pub color: u32,
}

impl Person {
    /// The color as pixels have it.
    pub fn rgb(&self) -> [u8; 3] {
        let [_, r, g, b] = self.color.to_be_bytes();
        [r, g, b]
    }
}

/// Where a page is in the browser.
pub(super) struct Tab {
    /// The profile whose storage it sees.
    pub(super) profile: String,
    pub(super) id: String,
}

/// An open page.
pub struct Page {
    pub(super) tab: Tab,
    wire: Wire,
    name: &'static str,
    mouse: (f64, f64),
    is_pressed: bool,
}

impl Page {
    /// Width of the viewport, in pixels.
    pub const WIDTH: u32 = 1000;
    /// Height of the viewport, in pixels.
    pub const HEIGHT: u32 = 700;

    /// Opens `url` in a fresh page; the person's name and color are known there from before.
    pub(super) async fn open(mut wire: Wire, tab: Tab, person: &Person, url: &str) -> Self {
        let metrics = json!({
            "width": Self::WIDTH, "height": Self::HEIGHT, "deviceScaleFactor": 1, "mobile": false,
        });
        let color = format!("#{:06x}", person.color);
        let remembered = json!([
            ["tandem.name", person.name],
            ["tandem.color", color],
            ["tandem.theme", "light"],
        ]);
        let script = format!("for (const [k, v] of {remembered}) localStorage.setItem(k, v)");
        for (method, params) in [
            ("Page.enable", json!({})),
            ("Runtime.enable", json!({})),
            ("Log.enable", json!({})),
            ("Emulation.setDeviceMetricsOverride", metrics),
            // Both pages believe to be the one that is looked at.
            ("Emulation.setFocusEmulationEnabled", json!({ "enabled": true })),
            ("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script })),
        ] {
            wire.call(method, params).await;
        }
        let mut page = Self { tab, wire, name: person.name, mouse: (0.0, 0.0), is_pressed: false };
        page.load("Page.navigate", json!({ "url": url })).await;
        page
    }

    /// The profile that the page was opened in.
    pub fn profile(&self) -> String {
        self.tab.profile.clone()
    }

    /// Opens `url` in a page of a size in pixels; the script `before` runs before any of its own.
    pub(super) async fn open_any(
        wire: Wire,
        tab: Tab,
        url: &str,
        (width, height): (u32, u32),
        before: &str,
    ) -> Self {
        let metrics = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false,
        });
        let mut page = Self { tab, wire, name: "the page", mouse: (0.0, 0.0), is_pressed: false };
        for (method, params) in [
            ("Page.enable", json!({})),
            ("Emulation.setDeviceMetricsOverride", metrics),
            ("Emulation.setFocusEmulationEnabled", json!({ "enabled": true })),
            ("Page.addScriptToEvaluateOnNewDocument", json!({ "source": before })),
            ("Page.navigate", json!({ "url": url })),
        ] {
            page.call(method, params).await;
        }
        page
    }

    /// Gives a DevTools command and waits for its result.
    pub async fn call(&mut self, method: &str, params: Value) -> Value {
        self.wire.call(method, params).await
    }

    /// Waits until the browser reports `last`, and takes the parameters of all events called `method`.
    pub async fn take_events(&mut self, method: &str, last: &str) -> Vec<Value> {
        self.wire.wait_for(last).await;
        let (taken, rest) = std::mem::take(&mut self.wire.events)
            .into_iter()
            .partition(|event| event["method"] == method || event["method"] == last);
        self.wire.events = rest;
        let taken: Vec<Value> = taken;
        taken.into_iter().map(|mut event| event["params"].take()).collect()
    }

    /// Waits as long as it takes and not only for [`PATIENCE`] from now on.
    pub fn be_patient(&mut self) {
        self.wire.patience = 20 * PATIENCE;
    }

    /// Loads the page anew.
    pub async fn reload(&mut self) {
        self.load("Page.reload", json!({})).await;
    }

    /// Loads the document anew; the program in it is not waited for.
    pub async fn reload_document(&mut self) {
        self.forget_load();
        self.wire.call("Page.reload", json!({})).await;
        self.wire.wait_for("Page.loadEventFired").await;
    }

    /// Loads the page anew although it asks whether one wants to leave it, which it must.
    pub async fn reload_unsaved(&mut self) {
        self.forget_load();
        self.wire.call("Page.reload", json!({})).await;
        self.wire.wait_for("Page.javascriptDialogOpening").await;
        self.wire.call("Page.handleJavaScriptDialog", json!({ "accept": true })).await;
        self.until_loaded().await;
    }

    /// From the next load on, runs a script before all others of the page.
    pub async fn before_load(&mut self, script: &str) {
        let params = json!({ "source": script });
        self.wire.call("Page.addScriptToEvaluateOnNewDocument", params).await;
    }

    /// Begins to watch for a load that the page does by itself.
    pub fn forget_load(&mut self) {
        self.wire.events.retain(|event| event["method"] != "Page.loadEventFired");
    }

    /// Waits until the page has loaded and shows its board.
    pub async fn until_loaded(&mut self) {
        self.wire.wait_for("Page.loadEventFired").await;
        self.until("window.tandem").await;
        self.evaluate("tandem.ready.then(() => true)").await;
    }

    async fn load(&mut self, method: &str, params: Value) {
        self.forget_load();
        self.wire.call(method, params).await;
        self.until_loaded().await;
    }

    /// The value of an expression in the page; a promise is waited for.
    pub async fn evaluate(&mut self, expression: &str) -> Value {
        let params = json!({
            "expression": expression, "awaitPromise": true, "returnByValue": true,
        });
        let answer = self.wire.call("Runtime.evaluate", params).await;
        let failure = &answer["exceptionDetails"];
        let errors = self.errors();
        assert!(failure.is_null(), "{}: {expression}: {failure}, {errors:?}", self.name);
        answer["result"]["value"].clone()
    }

    /// Waits until an expression is true in the page.
    pub async fn until(&mut self, expression: &str) {
        let patience = PATIENCE.as_millis() / 2;
        let is_true = self
            .evaluate(&format!(
                "new Promise(resolve => {{
                    const end = performance.now() + {patience};
                    const look = () => {{
                        if ({expression}) resolve(true);
                        else if (performance.now() > end) resolve(false);
                        else setTimeout(look, 5);
                    }};
                    look();
                }})"
            ))
            .await;
        if is_true != true {
            let stats = self.evaluate("window.tandem && JSON.stringify(tandem.stats())").await;
            let picture = self.keep(&self.name.to_lowercase()).await;
            panic!("{} waited in vain for {expression}: {stats}, {picture}", self.name);
        }
    }

    /// Waits until the page looks as `is_so` says; `what` says it in a failure.
    pub async fn until_looks(&mut self, what: &str, is_so: impl Fn(&Screenshot) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !is_so(&self.screenshot().await) {
            if Instant::now() > end {
                let picture = self.keep(&self.name.to_lowercase()).await;
                panic!("{} does not look like this: {what}, {picture}", self.name);
            }
        }
    }

    /// A picture of the page as it is now.
    pub async fn screenshot(&mut self) -> Screenshot {
        let params = json!({ "format": "png", "optimizeForSpeed": true });
        let answer = self.wire.call("Page.captureScreenshot", params).await;
        Screenshot::from_base64(answer["data"].as_str().unwrap())
    }

    /// Keeps a picture for whoever looks into a failure.
    async fn keep(&mut self, name: &str) -> String {
        let exe = std::env::current_exe().unwrap();
        let file =
            exe.ancestors().nth(3).unwrap_or(Path::new(".")).join(format!("page-{name}.png"));
        let png = self.screenshot().await.png;
        match std::fs::write(&file, png) {
            Ok(()) => format!("see {}", file.display()),
            Err(error) => format!("and no picture could be kept: {error}"),
        }
    }

    /// The elements on the board, as the page tells them.
    pub async fn elements(&mut self) -> Vec<Value> {
        let elements = self.evaluate("tandem.elements()").await;
        elements.as_array().unwrap().clone()
    }

    /// Waits until the status says that the page is connected and everything is saved.
    pub async fn until_saved(&mut self) {
        for (place, word) in [("connection", "live"), ("saved", "saved")] {
            let text =
                format!("document.querySelector('[data-testid={place}]').textContent.trim()");
            self.until(&format!("{text} === '{word}'")).await;
        }
        self.until("tandem.stats().unsaved === 0").await;
    }

    /// Moves the mouse.
    pub async fn move_to(&mut self, x: f64, y: f64) {
        self.mouse = (x, y);
        self.mouse("mouseMoved").await;
    }

    /// Presses the main button.
    pub async fn press(&mut self) {
        self.is_pressed = true;
        self.mouse("mousePressed").await;
    }

    /// Lets the main button go.
    pub async fn release(&mut self) {
        self.is_pressed = false;
        self.mouse("mouseReleased").await;
    }

    /// Presses, moves through all places, lets go.
    pub async fn drag(&mut self, places: &[(f64, f64)]) {
        self.drag_on(places).await;
        self.release().await;
    }

    /// Presses and moves through all places.
    pub async fn drag_on(&mut self, places: &[(f64, f64)]) {
        for (n, &(x, y)) in places.iter().enumerate() {
            self.move_to(x, y).await;
            if n == 0 {
                self.press().await;
            }
        }
    }

    /// Moves through all places faster than the page can paint: the browser hands several to it at once.
    pub async fn rush(&mut self, places: &[(f64, f64)]) {
        let mut moves = Vec::new();
        for &place in places {
            self.mouse = place;
            moves.push(self.mouse_event("mouseMoved"));
        }
        self.wire.call_all("Input.dispatchMouseEvent", moves.into_iter()).await;
    }

    /// Presses and lets go at one place.
    pub async fn click(&mut self, x: f64, y: f64) {
        self.drag(&[(x, y)]).await;
    }

    /// Clicks twice in quick succession.
    pub async fn double_click(&mut self, x: f64, y: f64) {
        self.click(x, y).await;
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({ "type": kind, "x": x, "y": y, "button": "left", "clickCount": 2 });
            self.wire.call("Input.dispatchMouseEvent", event).await;
        }
    }

    async fn mouse(&mut self, kind: &str) {
        let params = self.mouse_event(kind);
        self.wire.call("Input.dispatchMouseEvent", params).await;
    }

    fn mouse_event(&self, kind: &str) -> Value {
        let (x, y) = self.mouse;
        let is_button = kind != "mouseMoved";
        json!({
            "type": kind, "x": x, "y": y,
            "button": if is_button || self.is_pressed { "left" } else { "none" },
            "buttons": u8::from(self.is_pressed),
            "clickCount": u8::from(is_button),
        })
    }

    /// Types letters one by one.
    pub async fn type_text(&mut self, text: &str) {
        for letter in text.chars() {
            let letter = letter.to_string();
            self.key(&letter, &letter, 0).await;
        }
    }

    /// Strikes a key that types nothing, such as `Escape`.
    pub async fn strike(&mut self, key: &str) {
        self.key(key, "", 0).await;
    }

    /// Strikes a letter with Ctrl held.
    pub async fn strike_with_ctrl(&mut self, letter: &str) {
        self.key(letter, "", 2).await;
    }

    async fn key(&mut self, key: &str, text: &str, modifiers: u8) {
        let mut params = json!({ "type": "keyDown", "key": key, "modifiers": modifiers });
        if !text.is_empty() {
            params["text"] = text.into();
        }
        self.wire.call("Input.dispatchKeyEvent", params.clone()).await;
        params["type"] = "keyUp".into();
        self.wire.call("Input.dispatchKeyEvent", params).await;
    }

    /// Looks at the board so that its origin is at the middle of the page, at 100 %.
    pub async fn look_at_origin(&mut self) {
        self.evaluate("tandem.setCamera({ x: 0, y: 0, zoom: 1 })").await;
        self.evaluate("tandem.painted().then(() => true)").await;
    }

    /// What went wrong in the page since it was opened, in its console's words.
    pub fn errors(&self) -> Vec<String> {
        self.wire.events.iter().filter_map(error_in).collect()
    }
}

fn error_in(event: &Value) -> Option<String> {
    let params = &event["params"];
    match event["method"].as_str()? {
        "Runtime.exceptionThrown" => Some(params["exceptionDetails"].to_string()),
        "Runtime.consoleAPICalled" if params["type"] == "error" => Some(params["args"].to_string()),
        "Log.entryAdded" if params["entry"]["level"] == "error" => {
            Some(format!("{} {}", params["entry"]["text"], params["entry"]["url"]))
        }
        _ => None,
    }
}
