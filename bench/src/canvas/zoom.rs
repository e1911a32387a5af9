//! `bench canvas --zoom-frames`: a zoom from all of the board to 400 %, frame by frame as pictures, and how long it
//! takes until everything is sharp once the zoom rests.

use std::path::Path;

use anyhow::{Context, Result};
use chrome::{Browser, Page};

use super::subject::{Subject, Subjects};
use super::{FIT, cpu_ms, number, open, seeded};
use crate::report::say;

/// How full the board is.
const N_ELEMENTS: usize = 10_000;
/// Pictures of the zoom.
const N_FRAMES: u32 = 60;
/// How far it goes.
const TO: f64 = 4.0;
/// How often it is looked how long a zoom takes to get sharp.
const N_TRIES: usize = 7;
/// Turns of the wheel of one zoom, and how far each goes.
const WHEEL_TURNS: u32 = 8;
const WHEEL_PX: u32 = 10;
/// Pictures after it, while it rests.
const N_RESTING: u32 = 12;

/// Writes the pictures into `folder` and prints the times.
pub async fn run(subjects: &Subjects<'_>, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let seeded = seeded::elements(N_ELEMENTS);
    let host = subjects.host(Subject::Tandem, &seeded)?;
    for theme in ["light", "dark"] {
        let mut browser = Browser::start().await;
        let mut page = open(&mut browser, Subject::Tandem, &host).await;
        Subject::Tandem.load(&mut page, &seeded, FIT).await;
        if theme == "dark" {
            let (alt, shift) = (1, 8);
            let key =
                serde_json::json!({ "type": "keyDown", "key": "d", "modifiers": alt + shift });
            page.call("Input.dispatchKeyEvent", key).await;
            page.evaluate("tandem.painted().then(() => true)").await;
        }
        for frame in 0..=N_FRAMES + N_RESTING {
            let part = f64::from(frame.min(N_FRAMES)) / f64::from(N_FRAMES);
            let zoom = FIT * (TO / FIT).powf(part);
            let look = if frame <= N_FRAMES {
                format!("tandem.setCamera({{ x: 10000, y: 10000, zoom: {zoom} }}), ")
            } else {
                String::new()
            };
            page.evaluate(&format!("({look}hand.frames(1)).then(() => true)")).await;
            let picture = page.screenshot().await;
            std::fs::write(folder.join(format!("{theme}-{frame:03}.png")), picture.png)?;
        }
        let factor = factor(&mut page).await;
        for zoom in [0.05, 0.1, 0.15, 0.33, 1.0, 2.0, 4.0] {
            let (clock, cpu) = sharp(&mut page, zoom, factor).await;
            say(&format!(
                "{theme}, sharp at about {zoom}: {:.0} ms after the last turn of the wheel, at most {:.0}; \
                 processor time {:.0} ms, at most {:.0}",
                clock[N_TRIES / 2],
                clock[N_TRIES - 1],
                cpu[N_TRIES / 2],
                cpu[N_TRIES - 1]
            ));
        }
        browser.close().await;
    }
    Ok(())
}

/// By how much the turns of one zoom bring the board nearer.
async fn factor(page: &mut Page) -> f64 {
    let zoom = format!(
        "(async () => {{
            tandem.setCamera({{ x: 10000, y: 10000, zoom: 1 }});
            await hand.zoom({WHEEL_TURNS}, -{WHEEL_PX});
            return tandem.camera().zoom;
        }})()"
    );
    number(&page.evaluate(&zoom).await)
}

/// Zooms to about `zoom` by the wheel, an event in each frame, and waits until all that is seen is painted for the zoom it came to:
/// how long that takes from the last event on, by the clock, and how much of it the page's main thread is busy, in
/// milliseconds and in order.
async fn sharp(page: &mut Page, zoom: f64, factor: f64) -> ([f64; N_TRIES], [f64; N_TRIES]) {
    let (mut clock, mut cpu) = ([f64::NAN; N_TRIES], [f64::NAN; N_TRIES]);
    for n in 0..N_TRIES {
        // Never twice the same: what was painted for it would still be there.
        let begin = zoom / factor * (1.0 - n as f64 / 80.0);
        page.evaluate(&format!(
            "(async () => {{
                tandem.setCamera({{ x: 10000, y: 10000, zoom: {begin} }});
                await tandem.painted();
                await hand.frames(20);
                window.turned = await hand.zoom({WHEEL_TURNS}, -{WHEEL_PX});
            }})().then(() => true)"
        ))
        .await;
        let before = cpu_ms(page).await;
        let took = "tandem.painted().then(() => performance.now() - turned)";
        clock[n] = number(&page.evaluate(took).await);
        cpu[n] = cpu_ms(page).await - before;
    }
    clock.sort_by(f64::total_cmp);
    cpu.sort_by(f64::total_cmp);
    (clock, cpu)
}
