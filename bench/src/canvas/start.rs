//! How long a page that the browser has never seen takes until an empty board can be drawn on. Each time it is a new
//! browser, which is given time to come to rest: what it does after its start took more of the processors than the page,
//! and the page's time varied with it.

use anyhow::Result;
use chrome::Browser;
use serde_json::json;

use super::figures::{Figure, Figures};
use super::subject::{Host, Subject, Subjects};
use super::turns::{self, Build};
use super::{SIZE, cpu_ms, number};

/// So many browsers, each new, come one after the other; the median counts.
const TIMES: u32 = 15;

/// What is started.
struct Started {
    name: String,
    subject: Subject,
    host: Host,
}

/// What a start takes: milliseconds of the clock, and of the page's main thread since it began to load.
type Took = [f64; 2];

/// Notes the median for each subject.
pub async fn measure(
    subjects: &Subjects<'_>,
    chosen: &[Subject],
    figures: &mut Figures,
) -> Result<()> {
    let started = chosen.iter().map(|&it| Started::new(it.to_string(), it, subjects));
    let mut all = started.collect::<Result<Vec<_>>>()?;
    let took = turns::in_turns(&mut all, TIMES, Started::start).await?;
    for (it, took) in all.iter().zip(took) {
        let clock = turns::median(took.iter().map(|[clock, _]| *clock));
        figures.note(it.subject, 0, Figure::Start, clock);
    }
    Ok(())
}

/// `bench canvas --starts`: the subjects, and Tandem's other build if there is one, so many times each; prints a
/// line for each.
pub async fn run(builds: &[Build<'_>], chosen: &[Subject], times: u32) -> Result<()> {
    let mut all = Vec::new();
    for (at, Build { name, subjects }) in builds.iter().enumerate() {
        for &subject in chosen.iter().filter(|it| at == 0 || **it == Subject::Tandem) {
            all.push(Started::new(format!("{subject}, {name}"), subject, subjects)?);
        }
    }
    let took = turns::in_turns(&mut all, times, Started::start).await?;
    turns::head("started", &["clock ms", "main thread ms"]);
    for (it, took) in all.iter().zip(&took) {
        turns::line(&it.name, took);
    }
    Ok(())
}

impl Started {
    fn new(name: String, subject: Subject, subjects: &Subjects<'_>) -> Result<Self> {
        let host = subjects.host(subject, &[])?;
        Ok(Self { name, subject, host })
    }

    async fn start(&mut self) -> Result<Took> {
        let mut browser = Browser::start().await;
        let mut page = browser.open_any("about:blank", SIZE, "").await;
        browser.rest().await;
        page.before_load(include_str!("start.js")).await;
        page.call("Page.navigate", json!({ "url": self.host.url })).await;
        // Counts from here on.
        page.call("Performance.enable", json!({ "timeDomain": "threadTicks" })).await;
        let clock = number(&page.evaluate("window.started").await);
        let cpu = cpu_ms(&mut page).await;
        browser.close().await;
        Ok([clock, cpu])
    }
}
