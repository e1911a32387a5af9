//! What the browser does while something is measured, as traces that its own tools can open.

use std::path::PathBuf;

use anyhow::{Context, Result};
use chrome::Page;
use serde_json::json;

/// What is written down of it: scripts by function, styles, layout, painting, frames and their copies.
const CATEGORIES: &str = "devtools.timeline,disabled-by-default-devtools.timeline,\
    disabled-by-default-v8.cpu_profiler,toplevel,blink,cc,v8,loading";

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
            let params = json!({ "transferMode": "ReportEvents", "categories": CATEGORIES });
            page.call("Tracing.start", params).await;
        }
    }

    /// Puts what was written down since into a file with this name.
    pub async fn end(&self, page: &mut Page, name: &str) -> Result<()> {
        let Some(folder) = &self.profile else { return Ok(()) };
        page.call("Tracing.end", json!({})).await;
        let parts = page.take_events("Tracing.dataCollected", "Tracing.tracingComplete").await;
        let events = parts.iter().filter_map(|part| part["value"].as_array()).flatten();
        let trace = json!({ "traceEvents": events.collect::<Vec<_>>() });
        std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        let file = folder.join(format!("{name}.json"));
        std::fs::write(&file, trace.to_string()).with_context(|| file.display().to_string())
    }
}
