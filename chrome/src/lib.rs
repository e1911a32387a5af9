//! A real Chromium without a window, driven over its DevTools protocol.
//!
//! The protocol is JSON over a WebSocket, and a dozen of its commands are all that the stories need:
//! this is smaller, and far quicker to compile, than a library that knows all of them. What goes wrong
//! is a panic: whoever drives a browser has no use for the rest of the story.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod page;
mod screenshot;
mod wire;

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStderr, Command};
use tokio::time::{Instant, sleep, timeout};

pub use page::{Page, Person};
pub use screenshot::Screenshot;

use page::Tab;
use wire::Wire;

/// How long anything may take on a busy machine before it counts as failed.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A browser is at rest that uses less of the processors than this many seconds between two looks.
const RESTING_S: f64 = 0.03;
const REST_EVERY: Duration = Duration::from_millis(250);

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const FLAGS: [&str; 12] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
];

/// A running browser with an empty profile, gone when it is dropped.
pub struct Browser {
    wire: Wire,
    /// Where its sockets are: `ws://host:port`.
    origin: String,
    child: Child,
    profile: TempDir,
}

impl Browser {
    /// Starts the browser that `TANDEM_CHROMIUM` names, or one that is on `PATH`.
    pub async fn start() -> Self {
        let profile = tempfile::tempdir().unwrap();
        let program = program();
        let mut command = Command::new(&program);
        command.args(FLAGS).arg(format!("--user-data-dir={}", profile.path().display()));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let spawned = command.kill_on_drop(true).spawn();
        let mut child = spawned.unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let mut lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
        let address = timeout(PATIENCE, address(&mut lines)).await;
        let address = address.expect("the browser does not tell its address");
        // Read on, or the browser would stop when the pipe is full.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let origin = address.split("/devtools/").next().unwrap_or_default().to_owned();
        Self { wire: Wire::open(&address).await, origin, child, profile }
    }

    /// Opens a page for somebody who has a profile of their own: nothing is shared with other pages.
    pub async fn open(&mut self, person: &Person, url: &str) -> Page {
        let context = self.wire.call("Target.createBrowserContext", json!({})).await;
        let profile = context["browserContextId"].as_str().unwrap().to_owned();
        self.open_in(profile, person, url).await
    }

    /// Opens a further page in a profile that [`Browser::open`] has made: it shares all that the browser
    /// keeps, also after the pages before were closed.
    pub async fn open_in(&mut self, profile: String, person: &Person, url: &str) -> Page {
        let target = json!({
            "url": "about:blank",
            "newWindow": true,
            "browserContextId": profile,
            "width": Page::WIDTH,
            "height": Page::HEIGHT,
        });
        let target = self.wire.call("Target.createTarget", target).await;
        let id = target["targetId"].as_str().unwrap();
        let wire = Wire::open(&format!("{}/devtools/page/{id}", self.origin)).await;
        Page::open(wire, Tab { profile, id: id.into() }, person, url).await
    }

    /// Closes a page as if it had crashed: it is not asked and gets no chance to say anything. The answer
    /// is its profile.
    pub async fn close_page(&mut self, page: Page) -> String {
        let Tab { profile, id } = page.tab;
        self.wire.call("Target.closeTarget", json!({ "targetId": id })).await;
        profile
    }

    /// Opens a page of this size in pixels that may be anybody's: it is not waited for.
    pub async fn open_any(&mut self, url: &str, (width, height): (u32, u32), before: &str) -> Page {
        let target =
            json!({ "url": "about:blank", "newWindow": true, "width": width, "height": height });
        let target = self.wire.call("Target.createTarget", target).await;
        let id = target["targetId"].as_str().unwrap();
        let wire = Wire::open(&format!("{}/devtools/page/{id}", self.origin)).await;
        let tab = Tab { profile: String::new(), id: id.into() };
        Page::open_any(wire, tab, url, (width, height), before).await
    }

    /// The ids of the browser's processes that run pages.
    pub async fn renderers(&mut self) -> Vec<u32> {
        let answer = self.wire.call("SystemInfo.getProcessInfo", json!({})).await;
        let processes = answer["processInfo"].as_array().cloned().unwrap_or_default();
        let renderers = processes.iter().filter(|process| process["type"] == "renderer");
        renderers.filter_map(|process| process["id"].as_u64()?.try_into().ok()).collect()
    }

    /// Waits until a browser that has just started, or opened a window, has done what it does by itself: for a second
    /// or two it would take turns with a page.
    pub async fn rest(&mut self) {
        let end = Instant::now() + PATIENCE;
        let mut before = -1.0;
        while Instant::now() < end {
            let answer = self.wire.call("SystemInfo.getProcessInfo", json!({})).await;
            let processes = answer["processInfo"].as_array().cloned().unwrap_or_default();
            let used = processes.iter().filter_map(|process| process["cpuTime"].as_f64()).sum();
            if used - before < RESTING_S {
                return;
            }
            before = used;
            sleep(REST_EVERY).await;
        }
    }

    /// The browser's own name and version.
    pub async fn version(&mut self) -> String {
        let answer = self.wire.call("Browser.getVersion", json!({})).await;
        answer["product"].as_str().unwrap_or("a browser without a name").to_owned()
    }

    /// Ends the browser in its own time, so that its profile can be removed.
    pub async fn close(mut self) {
        self.wire.call("Browser.close", json!({})).await;
        timeout(PATIENCE, self.child.wait()).await.expect("the browser does not end").unwrap();
        self.profile.close().ok();
    }
}

/// Reads what the browser prints until it tells where it can be reached.
async fn address(lines: &mut Lines<BufReader<ChildStderr>>) -> String {
    let mut printed = String::new();
    while let Some(line) = lines.next_line().await.unwrap() {
        if let Some(address) = line.strip_prefix("DevTools listening on ") {
            return address.trim().to_owned();
        }
        printed.push_str(&line);
        printed.push('\n');
    }
    panic!("the browser ended: {printed}");
}

fn program() -> PathBuf {
    if let Some(named) = std::env::var_os("TANDEM_CHROMIUM").map(PathBuf::from) {
        assert!(named.is_file(), "TANDEM_CHROMIUM names {}, which is no file", named.display());
        return named;
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<_> = std::env::split_paths(&path).collect();
    let mut candidates = NAMES.iter().flat_map(|name| folders.iter().map(move |it| it.join(name)));
    candidates.find(|candidate| candidate.is_file()).expect(
        "the browser tests need Chromium, and there is none on PATH: `cargo xtask test` installs \
         one, or set TANDEM_CHROMIUM to the path of a Chromium or Chrome",
    )
}
