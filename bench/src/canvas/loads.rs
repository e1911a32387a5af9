//! `bench canvas --loads`: how long it takes to put a full board before a page, again and again, each time in
//! a browser of its own.

use anyhow::Result;
use chrome::Browser;
use serde_json::json;

use super::profile::Profile;
use super::subject::{Host, Subject};
use super::turns::{self, Build};
use super::{FIT, cpu_ms, number, open, percent};

/// What is told of a load, in milliseconds.
const COLUMNS: [&str; 5] = [
    // Of the main thread until all in view was painted, and how long that took.
    "processor ms",
    "clock ms",
    // How long nothing else got its turn, at most.
    "blocked ms",
    // Until the document was there as a whole, and until everything had come to rest.
    "clock ms until whole",
    "processor ms until rest",
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
    let mut browser = Browser::start().await;
    let mut page = open(&mut browser, Subject::Tandem, host).await;
    let camera = json!({ "x": 10_000, "y": 10_000, "zoom": zoom });
    page.until("window.tandem && held() > 0").await;
    let look = format!("tandem.setCamera({camera}), hand.frames(30).then(() => true)");
    page.evaluate(&look).await;
    profile.begin(&mut page).await;
    let before = cpu_ms(&mut page).await;
    let load = "(async () => {
        hand.feel();
        const from = performance.now();
        release();
        await hand.shown();
        const painted = performance.now() - from;
        window.readyAfter = tandem.ready.then(() => performance.now() - from);
        return painted;
    })()";
    let clock = number(&page.evaluate(load).await);
    let cpu = cpu_ms(&mut page).await - before;
    page.evaluate("new Promise(done => setTimeout(done, 1500)).then(() => true)").await;
    let ready = number(&page.evaluate("readyAfter").await);
    let rest = cpu_ms(&mut page).await - before;
    let blocked = number(&page.evaluate("hand.felt()").await);
    profile.end(&mut page, trace).await?;
    browser.close().await;
    Ok([cpu, clock, blocked, ready, rest])
}
