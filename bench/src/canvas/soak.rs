//! `bench canvas --soak-minutes`: somebody draws, pans, zooms, undoes and erases on a full board for a while, and
//! the page's memory is looked at once in a while.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use chrome::{Browser, Page};

use super::people::People;
use super::subject::{Subject, Subjects};
use super::{open, seeded};
use crate::report::say;

/// How full the board is.
const N_ELEMENTS: usize = 10_000;
/// Rounds between two looks at the memory.
const ROUNDS: u32 = 20;

/// Soaks Tandem's page, and prints how its memory went. The document is what somebody is sent who comes then: of what
/// is gone it tells only that.
pub async fn run(subjects: &Subjects<'_>, minutes: u64) -> Result<()> {
    let seeded = seeded::elements(N_ELEMENTS);
    let host = subjects.host(Subject::Tandem, &seeded)?;
    let mut browser = Browser::start().await;
    let mut page = open(&mut browser, Subject::Tandem, &host).await;
    Subject::Tandem.load(&mut page, &seeded, 1.0).await;
    let server = host.server().context("Tandem has a server")?;
    say(
        "| minutes | rounds | elements | document, kB | wasm, MB | renderer's own, MB | scripts' heap, MB |\n| --- | --- | --- | --- | --- | --- | --- |",
    );
    let began = Instant::now();
    let mut n_rounds = 0;
    loop {
        let passed = began.elapsed();
        page.call("HeapProfiler.collectGarbage", serde_json::json!({})).await;
        let own = own_memory(&mut browser).await.context("the browser runs no page")? / 1e6;
        let wasm = page.evaluate("wasmMemory.buffer.byteLength / 1e6").await;
        let heap = page.evaluate("performance.memory.usedJSHeapSize / 1e6").await;
        let n_elements = page.evaluate("tandem.stats().elements").await;
        let document = People::join(server, 1)?.n_bytes() / 1_000;
        say(&format!(
            "| {:.1} | {n_rounds} | {n_elements} | {document} | {:.1} | {own:.0} | {:.1} |",
            passed.as_secs_f64() / 60.0,
            wasm.as_f64().unwrap_or(f64::NAN),
            heap.as_f64().unwrap_or(f64::NAN),
        ));
        if passed >= Duration::from_secs(minutes * 60) {
            break;
        }
        for _ in 0..ROUNDS {
            work(&mut page, n_rounds).await;
            n_rounds += 1;
        }
    }
    browser.close().await;
    Ok(())
}

/// Bytes of the largest renderer without what it has in common with other browsers: they come and go meanwhile.
async fn own_memory(browser: &mut Browser) -> Option<f64> {
    let own = |id: u32| {
        let rollup = std::fs::read_to_string(format!("/proc/{id}/smaps_rollup")).ok()?;
        let kilobytes = |name: &str| {
            let line = rollup.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim().strip_suffix(" kB")?.parse::<u64>().ok()
        };
        Some(kilobytes("Pss_Anon:")? + kilobytes("Pss_Shmem:")?)
    };
    let sizes = browser.renderers().await.into_iter().filter_map(own);
    sizes.max().map(|kilobytes| kilobytes as f64 * 1024.0)
}

/// Draws a stroke, pans, takes the stroke back, brings it again, wipes something away and takes that back.
async fn work(page: &mut Page, round: u32) {
    let zoom = [1.0, 0.33, 0.0385, 2.0][round as usize % 4];
    Subject::Tandem.look(page, zoom).await;
    page.evaluate("tandem.setTool('pen')").await;
    let y = 200.0 + f64::from(round % 50) * 10.0;
    let places: Vec<_> =
        (0..60).map(|n| (300.0 + f64::from(n) * 10.0, y + f64::from(n % 7) * 6.0)).collect();
    page.drag(&places).await;
    page.evaluate("hand.pan(10, 40).then(() => hand.pan(10, -40)).then(() => true)").await;
    for _ in 0..2 {
        page.strike_with_ctrl("z").await;
    }
    page.evaluate("tandem.setTool('eraser')").await;
    page.drag(&places[..20]).await;
    page.strike_with_ctrl("z").await;
    page.evaluate("tandem.painted().then(() => true)").await;
}
