//! `bench canvas --loads`: how long it takes to put a full board before a page, again and again, each time in
//! a browser of its own.

use std::time::Duration;

use anyhow::Result;
use chrome::{Browser, Page};
use serde_json::json;

use super::keys;
use super::profile::Profile;
use super::subject::{Host, Subject};
use super::turns::{self, Build};
use super::{FIT, cpu_ms, number, open, percent};

/// What is told of a load, in milliseconds.
const COLUMNS: [&str; 7] = [
    // Of the main thread until all in view was painted, and how long that took.
    "processor ms",
    "clock ms",
    // How long nothing else got its turn, at most.
    "blocked ms",
    // Until the document was there as a whole, and until everything had come to rest.
    "clock ms until whole",
    "processor ms until rest",
    // Of another load, while somebody types: how long a key waits, at most, and what the longest turn takes.
    "a key's ms",
    "longest turn, processor ms",
];

/// Loads boards of these sizes so many times with each build, and prints a line for each.
pub async fn run(
    builds: &[Build<'_>],
    sizes: &[usize],
    times: u32,
    profile: &Profile,
) -> Result<()> {
    turns::head("build, elements, zoom", &COLUMNS);
    for &n in sizes {
        let mut hosts = turns::hosts(builds, n)?;
        for zoom in [1.0, FIT] {
            let percent = percent(zoom);
            let loads = turns::in_turns(&mut hosts, times, async |(name, host)| {
                load(host, zoom, profile, &format!("{name}-{n}-load-{percent}")).await
            });
            let loads = loads.await?;
            for ((name, _), took) in hosts.iter().zip(&loads) {
                turns::line(&format!("{name}, {n}, {percent} %"), took);
            }
        }
    }
    Ok(())
}

async fn load(
    host: &Host,
    zoom: f64,
    profile: &Profile,
    trace: &str,
) -> Result<[f64; COLUMNS.len()]> {
    let (browser, mut page) = ready(host, zoom).await;
    profile.begin(&mut page).await;
    let before = cpu_ms(&mut page).await;
    let clock = number(&page.evaluate(&format!("{LOAD}; loaded")).await);
    let cpu = cpu_ms(&mut page).await - before;
    page.evaluate("new Promise(done => setTimeout(done, 1500)).then(() => true)").await;
    let whole = number(&page.evaluate("readyAfter").await);
    let rest = cpu_ms(&mut page).await - before;
    let blocked = number(&page.evaluate("hand.felt()").await);
    profile.end(&mut page, trace).await?;
    browser.close().await;
    let [key, turn] = type_meanwhile(host, zoom, 2.0 * whole, profile, trace).await?;
    Ok([cpu, clock, blocked, whole, rest, key, turn])
}

/// Once more, and somebody types for so many milliseconds: what a key waits, and the longest turn.
async fn type_meanwhile(
    host: &Host,
    zoom: f64,
    ms: f64,
    profile: &Profile,
    trace: &str,
) -> Result<[f64; 2]> {
    let (browser, mut page) = ready(host, zoom).await;
    profile.begin_turns(&mut page).await;
    page.evaluate(&format!("{LOAD}; true")).await;
    keys::press_until(&mut page, tokio::time::sleep(Duration::from_secs_f64(ms / 1000.0))).await;
    let key = number(&page.evaluate("hand.keyWaited()").await);
    let turn = profile.end_turns(&mut page, &format!("{trace}-typing")).await?;
    browser.close().await;
    Ok([key, turn.cpu])
}

/// A page that has all that the server says in its memory, and looks at the middle of the board to be.
async fn ready(host: &Host, zoom: f64) -> (Browser, Page) {
    let mut browser = Browser::start().await;
    let mut page = open(&mut browser, Subject::Tandem, host).await;
    let camera = json!({ "x": 10_000, "y": 10_000, "zoom": zoom });
    page.until("window.tandem && held() > 0").await;
    let look = format!("tandem.setCamera({camera}), hand.frames(30).then(() => true)");
    page.evaluate(&look).await;
    (browser, page)
}

/// Hands the page what it waits for: `loaded` becomes how many milliseconds passed until all in view was painted.
const LOAD: &str = "
    hand.feel();
    const from = performance.now();
    window.readyAfter = tandem.ready.then(() => performance.now() - from);
    release();
    window.loaded = hand.shown().then(() => performance.now() - from)";
