//! `bench canvas --loads`: how long it takes to put a full board before a page, again and again, each time in
//! a browser of its own; two builds in turn, so that what else the machine does falls on both alike.

use anyhow::Result;
use chrome::Browser;
use serde_json::{Value, json};

use super::profile::Profile;
use super::subject::{Host, Subject, Subjects};
use super::{FIT, cpu_ms, open, percent, seeded};
use crate::report::say;

/// What a load took, in milliseconds.
#[derive(Clone, Copy)]
struct Took {
    /// Of the main thread's processor time until all in view was painted.
    cpu: f64,
    /// Of the clock.
    clock: f64,
    /// How long nothing else got its turn, at most.
    blocked: f64,
    /// Of the clock until the document was there as a whole.
    ready: f64,
    /// Of processor time until everything had come to rest.
    rest: f64,
}

/// Loads boards of these sizes so many times with each build, and prints a line for each.
pub async fn run(
    builds: &[(&str, Subjects<'_>)],
    sizes: &[usize],
    n_loads: u32,
    profile: &Profile,
) -> Result<()> {
    say(
        "| build, elements, zoom | processor ms | clock ms | blocked ms | clock ms until whole | processor ms until rest |",
    );
    say("| --- | --- | --- | --- | --- | --- |");
    for &n in sizes {
        let seeded = seeded::elements(n);
        let hosts: Result<Vec<Host>> =
            builds.iter().map(|(_, it)| it.host(Subject::Tandem, &seeded)).collect();
        let hosts = hosts?;
        for zoom in [1.0, FIT] {
            let mut all = vec![Vec::new(); builds.len()];
            for _ in 0..n_loads {
                for (at, (name, _)) in builds.iter().enumerate() {
                    let trace = format!("{name}-{n}-load-{}", percent(zoom));
                    all[at].push(load(&hosts[at], zoom, profile, &trace).await?);
                }
            }
            for ((name, _), took) in builds.iter().zip(&all) {
                let column = |of: fn(&Took) -> f64| listed(took.iter().map(of));
                say(&format!(
                    "| {name}, {n}, {} % | {} | {} | {} | {} | {} |",
                    percent(zoom),
                    column(|it| it.cpu),
                    column(|it| it.clock),
                    column(|it| it.blocked),
                    column(|it| it.ready),
                    column(|it| it.rest),
                ));
            }
        }
    }
    Ok(())
}

async fn load(host: &Host, zoom: f64, profile: &Profile, trace: &str) -> Result<Took> {
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
    Ok(Took { cpu, clock, blocked, ready, rest })
}

pub fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

/// The median, and all of them from the least on.
pub fn listed(values: impl Iterator<Item = f64>) -> String {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let median = values.get(values.len() / 2).copied().unwrap_or(f64::NAN);
    let all: Vec<String> = values.iter().map(|it| format!("{it:.0}")).collect();
    format!("{median:.0} ({})", all.join(", "))
}
