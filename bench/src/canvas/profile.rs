//! What the browser does while something is measured, as traces that its own tools can open.

use std::path::PathBuf;

use anyhow::{Context, Result};
use chrome::Page;
use serde_json::{Value, json};

/// What is written down of it: scripts by function, styles, layout, painting, frames and their copies.
const CATEGORIES: &str = "devtools.timeline,disabled-by-default-devtools.timeline,\
    disabled-by-default-v8.cpu_profiler,toplevel,blink,cc,v8,loading";

/// The same, if only the turns are looked at.
const TURNS: &str = "disabled-by-default-devtools.timeline";
/// What a turn is called in there, and the thread that runs the page.
const TURN: &str = "RunTask";
const THREAD: &str = "CrRendererMain";

/// The longest that nothing else got its turn, in milliseconds. On a machine that others use too it also waits
/// for a core, which is not the page's fault.
#[derive(Clone, Copy, Default)]
pub struct Turn {
    /// By the clock.
    pub clock: f64,
    /// Of the processor; not always of the same turn.
    pub cpu: f64,
    /// Of the processor, all of them together.
    pub sum: f64,
}

/// Where traces go, if any are wanted.
#[derive(Clone, clap::Args)]
pub struct Profile {
    /// Writes a trace of each workload into this folder, to be opened in the performance panel of a
    /// Chromium or in Perfetto. The figures of such a run are too high.
    #[arg(long)]
    profile: Option<PathBuf>,
}

impl Profile {
    /// From here on what the page does is written down.
    pub async fn begin(&self, page: &mut Page) {
        if self.profile.is_some() {
            start(page, CATEGORIES).await;
        }
    }

    /// Puts what was written down since into a file with this name.
    pub async fn end(&self, page: &mut Page, name: &str) -> Result<()> {
        if self.profile.is_some() { self.keep(&stop(page).await, name) } else { Ok(()) }
    }

    /// From here on at least the turns of the page's thread are written down.
    pub async fn begin_turns(&self, page: &mut Page) {
        start(page, if self.profile.is_some() { CATEGORIES } else { TURNS }).await;
    }

    /// The longest turn since, as [`Profile::end`].
    pub async fn end_turns(&self, page: &mut Page, name: &str) -> Result<Turn> {
        let events = stop(page).await;
        self.keep(&events, name)?;
        let is_main = |it: &&Value| it["name"] == "thread_name" && it["args"]["name"] == THREAD;
        let thread = |event: &Value| (event["pid"].as_u64(), event["tid"].as_u64());
        let mains: Vec<_> = events.iter().filter(is_main).map(thread).collect();
        let mut longest = Turn::default();
        for turn in events.iter().filter(|it| it["name"] == TURN && mains.contains(&thread(it))) {
            let ms = |name: &str| turn[name].as_f64().unwrap_or_default() / 1000.0;
            longest.clock = longest.clock.max(ms("dur"));
            longest.cpu = longest.cpu.max(ms("tdur"));
            longest.sum += ms("tdur");
        }
        Ok(longest)
    }

    fn keep(&self, events: &[Value], name: &str) -> Result<()> {
        let Some(folder) = &self.profile else { return Ok(()) };
        std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        let file = folder.join(format!("{name}.json"));
        let trace = json!({ "traceEvents": events });
        std::fs::write(&file, trace.to_string()).with_context(|| file.display().to_string())
    }
}

async fn start(page: &mut Page, categories: &str) {
    let params = json!({ "transferMode": "ReportEvents", "categories": categories });
    page.call("Tracing.start", params).await;
}

async fn stop(page: &mut Page) -> Vec<Value> {
    page.call("Tracing.end", json!({})).await;
    let parts = page.take_events("Tracing.dataCollected", "Tracing.tracingComplete").await;
    let events = parts.iter().filter_map(|part| part["value"].as_array()).flatten();
    events.cloned().collect()
}
