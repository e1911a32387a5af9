//! `bench canvas`: a real browser without a window, in front of boards that are more and more full, and
//! a hand that pans and draws on them; Tandem and its peers in turn.

mod figures;
mod files;
mod keys;
mod loads;
mod people;
mod profile;
mod remote;
mod reopened;
mod seeded;
mod soak;
mod start;
pub mod subject;
mod table;
mod turns;
mod zoom;

use anyhow::{Context, Result};
use chrome::{Browser, Page};
use serde_json::Value;

use crate::contender::Places;
use crate::report::say;
use crate::{machine, process};
use figures::{Figure, Figures};
use profile::Profile;
use subject::{Subject, Subjects};
use turns::Build;

/// The page's size in pixels.
const SIZE: (u32, u32) = (1440, 900);
/// The zoom at which all of the seeded board is seen.
const FIT: f64 = 0.0385;
/// The zooms that are panned at.
const ZOOMS: [f64; 3] = [FIT, 0.33, 1.0];
/// Pixels of one turn of the wheel.
const PAN_PX: i32 = 16;
/// Frames of one way.
const PAN_FRAMES: u32 = 40;
/// Places that the pen passes.
const PEN_MOVES: u32 = 150;

/// What is measured.
#[derive(clap::Args)]
pub struct Flags {
    /// How many elements the boards have.
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 10_000, 50_000])]
    sizes: Vec<usize>,

    /// Only these.
    #[arg(long, value_delimiter = ',', default_values_t = Subject::ALL)]
    subjects: Vec<Subject>,

    /// The folder of the peers' pages, built.
    #[arg(long, default_value = "bench/canvas/dist", env = "TANDEM_CANVAS_PEERS")]
    pages: std::path::PathBuf,

    /// Instead of all that: draw, pan and undo for so many minutes, and look how the memory goes.
    #[arg(long)]
    soak_minutes: Option<u64>,

    /// Instead of all that: a zoom from all of the board to 400 % as pictures into this folder.
    #[arg(long)]
    zoom_frames: Option<std::path::PathBuf>,

    /// Instead of all that: load Tandem's boards so many times, and say what that took.
    #[arg(long)]
    loads: Option<u32>,

    /// Instead of all that: open Tandem's boards again so many times, which the browser has kept, and say what that took.
    #[arg(long)]
    reopened: Option<u32>,

    /// Instead of all that: let others draw and burst so many times, and say what that took.
    #[arg(long)]
    others: Option<u32>,

    /// Instead of all that: open an empty board in so many new browsers, and say what that took.
    #[arg(long)]
    starts: Option<u32>,

    /// With `--loads`, `--reopened`, `--others` and `--starts`: another build of the program `tandem`, in turn with
    /// this one.
    #[arg(long)]
    beside: Option<std::path::PathBuf>,

    #[command(flatten)]
    profile: Profile,

    #[command(flatten)]
    places: Places,
}

/// Measures all that was chosen and prints the table.
pub fn run(flags: &Flags) -> Result<()> {
    say(&machine::description());
    say(&format!("load before: {}", machine::load()));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut figures = Figures::default();
    let subjects = Subjects { places: &flags.places, pages: &flags.pages };
    if let Some(minutes) = flags.soak_minutes {
        return runtime.block_on(soak::run(&subjects, minutes));
    }
    let beside = flags.beside.as_ref().map(|program| flags.places.with_tandem(program.clone()));
    let build = |name, places| Build { name, subjects: Subjects { places, ..subjects } };
    let mut builds = vec![build("this", &flags.places)];
    builds.extend(beside.as_ref().map(|places| build("other", places)));
    if let Some(times) = flags.loads {
        runtime.block_on(loads::run(&builds, &flags.sizes, times, &flags.profile))?;
    }
    if let Some(times) = flags.reopened {
        runtime.block_on(reopened::run(&builds, &flags.sizes, times, &flags.profile))?;
    }
    if let Some(times) = flags.others {
        runtime.block_on(remote::again(&builds, &flags.sizes, times, &flags.profile))?;
    }
    if let Some(times) = flags.starts {
        runtime.block_on(start::run(&builds, &flags.subjects, times))?;
    }
    let is_other = [flags.loads, flags.reopened, flags.others, flags.starts];
    if is_other.iter().any(Option::is_some) {
        say(&format!("load after: {}", machine::load()));
        return Ok(());
    }
    if let Some(folder) = &flags.zoom_frames {
        return runtime.block_on(zoom::run(&subjects, folder));
    }
    let mut measured = Vec::new();
    for &subject in &flags.subjects {
        if let Err(error) = subjects.check(subject) {
            say(&format!("{subject} is left out: {error:#}"));
            continue;
        }
        figures.note(subject, 0, Figure::Bytes, subjects.bytes(subject)? as f64);
        for &n in &flags.sizes {
            say(&format!("{subject}, {n} elements"));
            let seeded = seeded::elements(n);
            runtime.block_on(measure(&subjects, subject, &seeded, &mut figures, &flags.profile))?;
        }
        let drawing = measure_empty(&subjects, subject, &mut figures, &flags.profile);
        runtime.block_on(drawing)?;
        measured.push(subject);
    }
    runtime.block_on(start::measure(&subjects, &measured, &mut figures))?;
    say(&format!("load after: {}", machine::load()));
    say(&table::of(&figures, &flags.subjects, &flags.sizes));
    Ok(())
}

/// So many browsers load a board; the median counts.
const LOADS: usize = 3;

/// Loads a board at fit and at 100 %, each time in a browser of its own; pans and draws on it. Others come last: what
/// they draw stays on the board.
async fn measure(
    subjects: &Subjects<'_>,
    subject: Subject,
    seeded: &[Value],
    figures: &mut Figures,
    profile: &Profile,
) -> Result<()> {
    let n = seeded.len();
    let host = subjects.host(subject, seeded)?;
    if subject == Subject::Tandem {
        reopened::measure(&host, n, figures).await?;
    }
    for zoom in [FIT, 1.0] {
        let mut loads = Vec::new();
        let (mut browser, mut page) = loop {
            let mut browser = Browser::start().await;
            let mut page = open(&mut browser, subject, &host).await;
            loads.push(subject.load(&mut page, seeded, zoom).await);
            if loads.len() == LOADS {
                break (browser, page);
            }
            browser.close().await;
        };
        let load = turns::median(loads.into_iter());
        figures.note(subject, n, Figure::Load(percent(zoom)), load);
        page.evaluate("hand.frames(60).then(() => true)").await;
        figures.note(subject, n, Figure::Memory(percent(zoom)), memory(&mut browser).await?);
        if zoom == 1.0 {
            for zoom in ZOOMS {
                profile.begin(&mut page).await;
                pan(&mut page, subject, n, zoom, figures).await;
                let name = format!("{subject}-{n}-pan-{}", percent(zoom));
                profile.end(&mut page, &name).await?;
            }
            for zoom in [1.0, FIT] {
                profile.begin(&mut page).await;
                draw(&mut page, subject, n, zoom, figures).await;
                let name = format!("{subject}-{n}-pen-{}", percent(zoom));
                profile.end(&mut page, &name).await?;
            }
            if let Some(address) = host.server() {
                remote::measure(&mut page, address, n, figures, profile).await?;
            }
        }
        browser.close().await;
    }
    Ok(())
}

async fn measure_empty(
    subjects: &Subjects<'_>,
    subject: Subject,
    figures: &mut Figures,
    profile: &Profile,
) -> Result<()> {
    let host = subjects.host(subject, &[])?;
    let mut browser = Browser::start().await;
    say(&format!("{subject} in {}", browser.version().await));
    let mut page = open(&mut browser, subject, &host).await;
    subject.load(&mut page, &[], 1.0).await;
    profile.begin(&mut page).await;
    draw(&mut page, subject, 0, 1.0, figures).await;
    profile.end(&mut page, &format!("{subject}-empty-pen")).await?;
    browser.close().await;
    Ok(())
}

/// A page in a browser that has come to rest: what it does after its start takes turns with the page otherwise.
async fn open(browser: &mut Browser, subject: Subject, host: &subject::Host) -> Page {
    let before = [include_str!("canvas/hand.js"), subject.script()].concat();
    let mut page = browser.open_any(&host.url, SIZE, &before).await;
    browser.rest().await;
    page.be_patient();
    let params = serde_json::json!({ "timeDomain": "threadTicks" });
    page.call("Performance.enable", params).await;
    page
}

/// At fit there and back, or nothing would be left to see; otherwise straight on to what is new.
async fn pan(page: &mut Page, subject: Subject, n: usize, zoom: f64, figures: &mut Figures) {
    subject.look(page, zoom).await;
    page.evaluate("hand.frames(30).then(() => true)").await;
    let ways: [i32; 4] = if zoom == FIT { [1, -1, -1, 1] } else { [1; 4] };
    let before = cpu_ms(page).await;
    let (mut ms, mut longest) = (0.0, 0.0f64);
    for way in ways {
        let went = page.evaluate(&format!("hand.pan({PAN_FRAMES}, {})", way * PAN_PX)).await;
        ms += number(&went["ms"]);
        longest = longest.max(number(&went["longest"]));
    }
    let n_frames = f64::from(PAN_FRAMES) * ways.len() as f64;
    let cpu = (cpu_ms(page).await - before) / n_frames;
    figures.note(subject, n, Figure::PanCpu(percent(zoom)), cpu);
    figures.note(subject, n, Figure::PanFps(percent(zoom)), n_frames * 1000.0 / ms);
    figures.note(subject, n, Figure::PanLongest(percent(zoom)), longest);
}

/// Draws a spiral with the browser's own pointer, one place in each of the screen's frames.
async fn draw(page: &mut Page, subject: Subject, n: usize, zoom: f64, figures: &mut Figures) {
    subject.look(page, zoom).await;
    subject.take_pen(page).await;
    page.evaluate("hand.frames(30).then(() => true)").await;
    let place = |n: u32| {
        let (turn, radius) = (f64::from(n) / 12.0, 40.0 + f64::from(n) * 1.4);
        (720.0 + turn.cos() * radius, 450.0 + turn.sin() * radius)
    };
    let (x, y) = place(0);
    page.move_to(x, y).await;
    page.press().await;
    let before = cpu_ms(page).await;
    let mut ticks = tokio::time::interval(std::time::Duration::from_micros(16_667));
    for n in 1..=PEN_MOVES {
        ticks.tick().await;
        let (x, y) = place(n);
        page.move_to(x, y).await;
    }
    page.evaluate("hand.frames(2).then(() => true)").await;
    let cpu = (cpu_ms(page).await - before) / f64::from(PEN_MOVES);
    page.release().await;
    page.evaluate("hand.frames(10).then(() => true)").await;
    figures.note(subject, n, Figure::Pen(percent(zoom)), cpu);
}

/// What the page's main thread has used of the processors so far, in milliseconds.
async fn cpu_ms(page: &mut Page) -> f64 {
    let answer = page.call("Performance.getMetrics", serde_json::json!({})).await;
    let metrics = answer["metrics"].as_array().cloned().unwrap_or_default();
    let time = metrics.iter().find(|metric| metric["name"] == "ThreadTime");
    time.and_then(|metric| metric["value"].as_f64()).unwrap_or(f64::NAN) * 1000.0
}

/// Bytes of the largest process that runs pages: others are spares.
async fn memory(browser: &mut Browser) -> Result<f64> {
    let renderers = browser.renderers().await;
    let sizes = renderers.into_iter().filter_map(|id| process::memory(id).ok());
    Ok(sizes.max().context("the browser runs no page")? as f64)
}

/// What a page answered; not a number if it is none.
fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

fn percent(zoom: f64) -> u32 {
    (zoom * 100.0).round() as u32
}
