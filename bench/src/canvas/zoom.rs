//! `bench canvas --zoom-frames`: a zoom from all of the board to 400 %, frame by frame as pictures, and how long it
//! takes until everything is sharp once the zoom rests.

use std::path::Path;

use anyhow::{Context, Result};
use chrome::Browser;

use super::subject::{Subject, Subjects};
use super::{FIT, open, seeded};
use crate::report::say;

/// How full the board is.
const N_ELEMENTS: usize = 10_000;
/// Pictures of the zoom.
const N_FRAMES: u32 = 60;
/// How far it goes.
const TO: f64 = 4.0;
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
        for zoom in [0.05, 0.1, 0.33, 1.0, 2.0, 4.0] {
            let times = format!(
                "(async () => {{
                    const times = [];
                    for (let n = 0; n < 7; n++) {{
                        tandem.setCamera({{ zoom: {zoom} * (1 + n / 50) }});
                        const from = performance.now();
                        await tandem.painted();
                        times.push(performance.now() - from);
                    }}
                    return times.sort((a, b) => a - b);
                }})()"
            );
            let times = page.evaluate(&times).await;
            let at = |n: usize| times[n].as_f64().unwrap_or(f64::NAN);
            say(&format!("{theme}, sharp at {zoom} after {:.0} ms, at most {:.0}", at(3), at(6)));
        }
        browser.close().await;
    }
    Ok(())
}
