//! A board that the browser has kept is opened again: when it is seen, as the picture that was kept of it and as itself,
//! when all of it is there, and for how long that holds the page up.

use anyhow::{Context, Result};
use chrome::{Browser, Page};

use super::figures::{Figure, Figures};
use super::profile::Profile;
use super::subject::{Host, Subject};
use super::turns::{self, Build};
use super::{FIT, SIZE, number, percent};

/// So many times it is opened again for the table; the median counts.
const TIMES: u32 = 5;

/// What `bench canvas --reopened` tells, in milliseconds.
const COLUMNS: [&str; 5] = [
    // Since the page was asked for, until elements were painted, and until all of the board was there.
    "clock ms until seen",
    "clock ms until whole",
    // Of the main thread until everything had come to rest.
    "processor ms until rest",
    // Of all turns: not always the same one.
    "longest turn, processor ms",
    "by the clock",
];

/// A browser that has kept a board, and the page.
struct Kept {
    name: &'static str,
    browser: Browser,
    page: Page,
}

/// When something was seen, in milliseconds since the page was asked for.
struct Seen {
    /// The bytes of the kept picture were in memory, and a frame showed it; nothing if there was none.
    picture: Option<(f64, f64)>,
    /// A frame showed the board.
    board: f64,
}

/// Opens Tandem's board of `n` elements again, at fit and at 100 %, for the table.
pub async fn measure(host: &Host, n: usize, figures: &mut Figures) -> Result<()> {
    for zoom in [FIT, 1.0] {
        let mut kept = Kept::new("this", host, zoom).await;
        // The first time is one too many: what a browser does only once is over after it.
        kept.reopen_with_picture().await?;
        let all = turns::in_turns(std::slice::from_mut(&mut kept), TIMES, async |kept| {
            kept.reopen_with_picture().await
        });
        let all: Vec<_> = all.await?.into_iter().flatten().collect();
        kept.browser.close().await;
        let mut note = |figure: fn(u32) -> Figure, of: fn(&[f64; 3]) -> f64| {
            let median = turns::median(all.iter().map(of));
            figures.note(Subject::Tandem, n, figure(percent(zoom)), median);
        };
        note(Figure::Picture, |[bytes, picture, _]| picture - bytes);
        note(Figure::PictureAgain, |[_, picture, _]| *picture);
        note(Figure::BoardAgain, |[_, _, board]| *board);
    }
    Ok(())
}

/// `bench canvas --reopened`: opens boards of these sizes again so many times with each build, and prints a line for each.
pub async fn run(
    builds: &[Build<'_>],
    sizes: &[usize],
    times: u32,
    profile: &Profile,
) -> Result<()> {
    turns::head("build, elements, zoom", &COLUMNS);
    for &n in sizes {
        let hosts = turns::hosts(builds, n)?;
        for zoom in [1.0, FIT] {
            let mut kept = Vec::with_capacity(hosts.len());
            for (name, host) in &hosts {
                kept.push(Kept::new(name, host, zoom).await);
            }
            let percent = percent(zoom);
            let mut measure = async |kept: &mut Kept| {
                let trace = format!("{}-{n}-reopened-{percent}", kept.name);
                kept.reopen_with_turns(n, profile, &trace).await
            };
            // The first time is one too many here, too.
            turns::in_turns(&mut kept, 1, &mut measure).await?;
            let all = turns::in_turns(&mut kept, times, &mut measure).await?;
            for (kept, took) in kept.into_iter().zip(&all) {
                turns::line(&format!("{}, {n}, {percent} %", kept.name), took);
                kept.browser.close().await;
            }
        }
    }
    Ok(())
}

impl Kept {
    /// Looks at a board until the browser has kept all of it.
    async fn new(name: &'static str, host: &Host, zoom: f64) -> Self {
        let mut browser = Browser::start().await;
        let scripts = [include_str!("hand.js"), include_str!("reopened.js")].concat();
        let mut page = browser.open_any(&host.url, SIZE, &scripts).await;
        page.be_patient();
        page.until("window.tandem").await;
        page.evaluate("tandem.ready.then(() => hand.shown()).then(() => true)").await;
        Subject::Tandem.look(&mut page, zoom).await;
        page.evaluate("keptAll().then(() => true)").await;
        Self { name, browser, page }
    }

    async fn reopen(&mut self) -> Result<Seen> {
        self.page.reload_document().await;
        let times = self.page.evaluate("seen()").await;
        let [bytes, picture, board] = [0, 1, 2].map(|at| times[at].as_f64());
        let board = board.context("the board was not seen")?;
        Ok(Seen { picture: bytes.zip(picture), board })
    }

    /// Once its picture is kept: when the picture's bytes were there, when it was seen, and when the board was.
    async fn reopen_with_picture(&mut self) -> Result<[f64; 3]> {
        self.page.evaluate("tandem.ready.then(() => true)").await;
        self.page.until("(isKept().then((is) => window.wasKept = is), window.wasKept)").await;
        let Seen { picture, board } = self.reopen().await?;
        let (bytes, picture) = picture.context("no picture was shown")?;
        Ok([bytes, picture, board])
    }

    async fn reopen_with_turns(
        &mut self,
        n: usize,
        profile: &Profile,
        trace: &str,
    ) -> Result<[f64; COLUMNS.len()]> {
        profile.begin_turns(&mut self.page).await;
        let Seen { board, .. } = self.reopen().await?;
        let whole = number(&self.page.evaluate(&format!("wholeAt({n})")).await);
        self.page.evaluate("new Promise(done => setTimeout(done, 2000)).then(() => true)").await;
        let turn = profile.end_turns(&mut self.page, trace).await?;
        Ok([board, whole, turn.sum, turn.cpu, turn.clock])
    }
}
