//! `bench canvas --reopened`: how long it takes until a board that the browser has kept is seen again, and for how long
//! that holds the page up; again and again in one browser, two builds in turn.

use anyhow::Result;
use chrome::{Browser, Page};

use super::loads::{listed, number};
use super::profile::Profile;
use super::subject::{Host, Subject, Subjects};
use super::{FIT, SIZE, percent, seeded};
use crate::report::say;

/// What opening a board again took, in milliseconds.
#[derive(Clone, Copy)]
struct Took {
    /// Of the clock, since the page was asked for, until elements were painted.
    seen: f64,
    /// Until all of the board was there.
    whole: f64,
    /// Of the main thread's processor time until everything had come to rest.
    rest: f64,
    /// The longest turn, of processor time.
    turn: f64,
    /// The same by the clock.
    turn_clock: f64,
}

/// Opens boards of these sizes again so many times with each build, and prints a line for each.
pub async fn run(
    builds: &[(&str, Subjects<'_>)],
    sizes: &[usize],
    n_times: u32,
    profile: &Profile,
) -> Result<()> {
    say(
        "| build, elements, zoom | clock ms until seen | clock ms until whole | processor ms until rest | longest turn, processor ms | by the clock |",
    );
    say("|---|---|---|---|---|---|");
    for &n in sizes {
        let seeded = seeded::elements(n);
        let hosts: Result<Vec<Host>> =
            builds.iter().map(|(_, it)| it.host(Subject::Tandem, &seeded)).collect();
        let hosts = hosts?;
        for zoom in [1.0, FIT] {
            let mut all = vec![Vec::new(); builds.len()];
            let mut pages = Vec::with_capacity(builds.len());
            for host in &hosts {
                pages.push(keep(host, zoom).await);
            }
            // The first time is one too many: what a browser does only once is over after it.
            for time in 0..=n_times {
                for (at, (name, _)) in builds.iter().enumerate() {
                    let trace = format!("{name}-{n}-reopened-{}", percent(zoom));
                    let took = reopen(&mut pages[at].1, n, profile, &trace).await?;
                    all[at].extend((time > 0).then_some(took));
                }
            }
            for (browser, _) in pages {
                browser.close().await;
            }
            for ((name, _), took) in builds.iter().zip(&all) {
                let column = |of: fn(&Took) -> f64| listed(took.iter().map(of));
                say(&format!(
                    "| {name}, {n}, {} % | {} | {} | {} | {} | {} |",
                    percent(zoom),
                    column(|it| it.seen),
                    column(|it| it.whole),
                    column(|it| it.rest),
                    column(|it| it.turn),
                    column(|it| it.turn_clock),
                ));
            }
        }
    }
    Ok(())
}

/// A browser that has kept all of a board, and the page.
async fn keep(host: &Host, zoom: f64) -> (Browser, Page) {
    let mut browser = Browser::start().await;
    let scripts = [include_str!("hand.js"), include_str!("reopened.js")].concat();
    let mut page = browser.open_any(&host.url, SIZE, &scripts).await;
    page.be_patient();
    page.until("window.tandem").await;
    page.evaluate("tandem.ready.then(() => hand.shown()).then(() => true)").await;
    Subject::Tandem.look(&mut page, zoom).await;
    page.evaluate("keptAll().then(() => true)").await;
    (browser, page)
}

async fn reopen(page: &mut Page, n: usize, profile: &Profile, trace: &str) -> Result<Took> {
    profile.begin_turns(page).await;
    page.reload_document().await;
    let seen = number(&page.evaluate("seenAt").await);
    let whole = number(&page.evaluate(&format!("wholeAt({n})")).await);
    page.evaluate("new Promise(done => setTimeout(done, 2000)).then(() => true)").await;
    let turn = profile.end_turns(page, trace).await?;
    Ok(Took { seen, whole, rest: turn.sum, turn: turn.cpu, turn_clock: turn.clock })
}
