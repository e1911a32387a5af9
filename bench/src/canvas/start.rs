//! How long a page that the browser has never seen takes until an empty board can be drawn on.

use anyhow::Result;
use chrome::Browser;

use super::SIZE;
use super::figures::{Figure, Figures};
use super::subject::{Subject, Subjects};

/// So many browsers, each new, come one after the other; the median counts.
const TIMES: usize = 5;

pub async fn measure(
    subjects: &Subjects<'_>,
    subject: Subject,
    figures: &mut Figures,
) -> Result<()> {
    let host = subjects.host(subject, &[])?;
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let mut browser = Browser::start().await;
        let mut page = browser.open_any(&host.url, SIZE, include_str!("start.js")).await;
        times.push(page.evaluate("window.started").await.as_f64().unwrap_or(f64::NAN));
        browser.close().await;
    }
    times.sort_by(f64::total_cmp);
    figures.note(subject, 0, Figure::Start, times[TIMES / 2]);
    Ok(())
}
