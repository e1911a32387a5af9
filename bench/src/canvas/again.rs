//! A board that was open before is opened again: when it is seen, as the picture that the browser has kept of it and as
//! itself.

use anyhow::{Context, Result};
use chrome::{Browser, Page};
use serde_json::Value;

use super::figures::{Figure, Figures};
use super::subject::{Host, Subject};
use super::{FIT, SIZE, percent};

/// So many times it is opened again; the median counts.
const TIMES: usize = 5;

/// When something was seen, in milliseconds since the page was asked for.
struct Seen {
    /// The bytes of the kept picture were in memory.
    bytes: f64,
    /// A frame showed it.
    picture: f64,
    /// A frame showed the board.
    board: f64,
}

/// Opens Tandem's board of `n` elements at fit and at 100 %, waits until its picture is kept, and opens it again.
pub async fn measure(host: &Host, n: usize, figures: &mut Figures) -> Result<()> {
    for zoom in [FIT, 1.0] {
        let mut browser = Browser::start().await;
        let scripts = [include_str!("hand.js"), include_str!("again.js")].concat();
        let mut page = browser.open_any(&host.url, SIZE, &scripts).await;
        page.be_patient();
        page.until("window.tandem").await;
        page.evaluate("tandem.ready.then(() => hand.shown()).then(() => true)").await;
        Subject::Tandem.look(&mut page, zoom).await;
        // The first reload is one too many: what a browser does only once is over after it.
        let mut all = Vec::new();
        for _ in 0..=TIMES {
            page.evaluate("tandem.ready.then(() => true)").await;
            page.until("(isKept().then((is) => window.wasKept = is), window.wasKept)").await;
            page.reload_document().await;
            all.push(seen(&mut page).await?);
        }
        browser.close().await;
        let median = |of: fn(&Seen) -> f64| {
            let mut values: Vec<f64> = all.iter().skip(1).map(of).collect();
            values.sort_by(f64::total_cmp);
            values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
        };
        for (figure, of) in [
            (
                Figure::Picture as fn(u32) -> Figure,
                (|it| it.picture - it.bytes) as fn(&Seen) -> f64,
            ),
            (Figure::PictureAgain, |it| it.picture),
            (Figure::BoardAgain, |it| it.board),
        ] {
            figures.note(Subject::Tandem, n, figure(percent(zoom)), median(of));
        }
    }
    Ok(())
}

async fn seen(page: &mut Page) -> Result<Seen> {
    let times = page.evaluate("again()").await;
    let times: Vec<f64> =
        times.as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    let [bytes, picture, board] = times[..] else {
        return Err(anyhow::anyhow!("{times:?}")).context("no picture was shown");
    };
    Ok(Seen { bytes, picture, board })
}
