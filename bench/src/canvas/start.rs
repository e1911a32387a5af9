//! How long a page that the browser has never seen takes until an empty board can be drawn on. Each time it is a new
//! browser, which is given time to come to rest: what it does after its start took more of the processors than the page,
//! and the page's time varied with it.

use anyhow::Result;
use chrome::Browser;
use serde_json::json;

use super::figures::{Figure, Figures};
use super::loads::listed;
use super::subject::{Host, Subject, Subjects};
use super::{SIZE, cpu_ms};
use crate::report::say;

/// So many browsers, each new, come one after the other; the median counts.
const TIMES: u32 = 15;

/// What is started, and what that took each time.
struct Started {
    name: String,
    subject: Subject,
    host: Host,
    /// Milliseconds of the clock.
    clock: Vec<f64>,
    /// Milliseconds of the page's main thread, from the start of its process on.
    cpu: Vec<f64>,
}

/// Notes the median for each subject.
pub async fn measure(
    subjects: &Subjects<'_>,
    chosen: &[Subject],
    figures: &mut Figures,
) -> Result<()> {
    let hosts = chosen.iter().map(|&subject| Started::new(subject.to_string(), subject, subjects));
    let mut all = hosts.collect::<Result<Vec<_>>>()?;
    in_turns(&mut all, TIMES).await;
    for it in &mut all {
        it.clock.sort_by(f64::total_cmp);
        figures.note(it.subject, 0, Figure::Start, it.clock[it.clock.len() / 2]);
    }
    Ok(())
}

/// `bench canvas --starts`: the subjects, and Tandem's other build if there is one, so many times each; prints a
/// line for each.
pub async fn run(builds: &[(&str, Subjects<'_>)], chosen: &[Subject], times: u32) -> Result<()> {
    let mut all = Vec::new();
    for (at, (build, subjects)) in builds.iter().enumerate() {
        for &subject in chosen.iter().filter(|it| at == 0 || **it == Subject::Tandem) {
            all.push(Started::new(format!("{subject}, {build}"), subject, subjects)?);
        }
    }
    in_turns(&mut all, times).await;
    say("| started | clock ms | main thread ms |");
    say("| --- | --- | --- |");
    for it in all {
        let (clock, cpu) = (listed(it.clock.into_iter()), listed(it.cpu.into_iter()));
        say(&format!("| {} | {clock} | {cpu} |", it.name));
    }
    Ok(())
}

/// One after the other and again, so that what else the machine does falls on all alike.
async fn in_turns(all: &mut [Started], times: u32) {
    for _ in 0..times {
        for it in &mut *all {
            it.start().await;
        }
    }
}

impl Started {
    fn new(name: String, subject: Subject, subjects: &Subjects<'_>) -> Result<Self> {
        let host = subjects.host(subject, &[])?;
        Ok(Self { name, subject, host, clock: Vec::new(), cpu: Vec::new() })
    }

    async fn start(&mut self) {
        let mut browser = Browser::start().await;
        let mut page = browser.open_any("about:blank", SIZE, "").await;
        browser.rest().await;
        page.before_load(include_str!("start.js")).await;
        page.call("Page.navigate", json!({ "url": self.host.url })).await;
        self.clock.push(page.evaluate("window.started").await.as_f64().unwrap_or(f64::NAN));
        page.call("Performance.enable", json!({})).await;
        self.cpu.push(cpu_ms(&mut page).await);
        browser.close().await;
    }
}
