//! `bench gallery`: the same drawings in Tandem's page and in Excalidraw's, side by side, as pictures for
//! people to look at. Nothing is measured.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrome::{Browser, Page, Screenshot};
use serde_json::{Value, json};

use crate::canvas::subject::{Host, Subject, Subjects};
use crate::contender::Places;
use crate::report::say;

/// The size of each of the two pictures, in pixels.
const SIZE: (u32, u32) = (1200, 900);
/// What of it is drawn on: around it are the panels of the two.
const ROOM: (f64, f64) = (1100.0, 720.0);
/// Between the items of a library, in board units.
const GAP: f64 = 60.0;
/// Rows of a library are about this wide, in board units.
const ROW: f64 = 2000.0;

/// What is shown.
#[derive(clap::Args)]
pub struct Flags {
    /// `.excalidraw` and `.excalidrawlib` files.
    #[arg(default_values = [
        "shared/tests/fixtures/excalidrawlib", "shared/tests/fixtures/boards/board-1000.excalidraw",
    ])]
    files: Vec<PathBuf>,

    /// Where the pictures go.
    #[arg(long, default_value = "target/gallery")]
    out: PathBuf,

    /// Look at the middle at this zoom, instead of at all there is.
    #[arg(long)]
    zoom: Option<f64>,

    /// The folder of the peers' pages, built.
    #[arg(long, default_value = "bench/canvas/dist", env = "TANDEM_CANVAS_PEERS")]
    pages: PathBuf,

    #[command(flatten)]
    places: Places,
}

/// Where both look.
struct Camera {
    x: f64,
    y: f64,
    zoom: f64,
}

/// Makes a picture of each file.
pub fn run(flags: &Flags) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::fs::create_dir_all(&flags.out)?;
    let subjects = Subjects { places: &flags.places, pages: &flags.pages };
    subjects.check(Subject::Tandem)?;
    subjects.check(Subject::Excalidraw).context("`bench gallery --install` builds its page")?;
    for file in flags.files.iter().flat_map(|path| files(path)) {
        let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let elements = elements(&serde_json::from_str(&text)?);
        let camera = camera(&elements, flags.zoom);
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let out = flags.out.join(format!("{name}.png"));
        let png = runtime.block_on(side_by_side(&subjects, &elements, &camera))?;
        std::fs::write(&out, png)?;
        say(&format!("{}", out.display()));
    }
    Ok(())
}

/// The drawings in a folder, or the one that it is.
fn files(path: &Path) -> Vec<PathBuf> {
    let is_drawing = |path: &PathBuf| {
        let end = path.extension().unwrap_or_default();
        end == "excalidraw" || end == "excalidrawlib"
    };
    let Ok(folder) = std::fs::read_dir(path) else { return vec![path.to_owned()] };
    let mut files: Vec<_> = folder.flatten().map(|it| it.path()).filter(is_drawing).collect();
    files.sort();
    files
}

/// The elements of a board, or of a library's items, which are laid out in rows.
fn elements(file: &Value) -> Vec<Value> {
    if let Some(elements) = file["elements"].as_array() {
        return elements.clone();
    }
    let items = file["libraryItems"].as_array().or(file["library"].as_array());
    let (mut x, mut y, mut height) = (0.0, 0.0, 0.0f64);
    let mut all = Vec::new();
    for (n, item) in items.into_iter().flatten().enumerate() {
        let elements = item["elements"].as_array().or(item.as_array());
        let elements = elements.cloned().unwrap_or_default();
        let [left, top, right, bottom] = bounds(&elements);
        if x > 0.0 && x + right - left > ROW {
            (x, y, height) = (0.0, y + height + GAP, 0.0);
        }
        for mut element in elements {
            element["x"] = json!(number(&element, "x") + x - left);
            element["y"] = json!(number(&element, "y") + y - top);
            for name in ["id", "containerId", "frameId"] {
                if let Some(id) = element[name].as_str() {
                    element[name] = json!(format!("{n}-{id}"));
                }
            }
            element["boundElements"] = json!([]);
            all.push(element);
        }
        x += right - left + GAP;
        height = height.max(bottom - top);
    }
    all
}

/// Left, top, right and bottom of what the elements' boxes say.
fn bounds(elements: &[Value]) -> [f64; 4] {
    let mut all = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
    for element in elements.iter().filter(|element| element["isDeleted"] != true) {
        let [x, y, w, h] = ["x", "y", "width", "height"].map(|name| number(element, name));
        let points = element["points"].as_array().into_iter().flatten();
        let points = points.map(|at| (x + number_of(&at[0]), y + number_of(&at[1])));
        let is_box = element["points"].is_null();
        for (x, y) in points.chain(is_box.then_some([(x, y), (x + w, y + h)]).into_iter().flatten())
        {
            all = [all[0].min(x), all[1].min(y), all[2].max(x), all[3].max(y)];
        }
    }
    all
}

fn number(element: &Value, name: &str) -> f64 {
    number_of(&element[name])
}

fn number_of(value: &Value) -> f64 {
    value.as_f64().unwrap_or_default()
}

fn camera(elements: &[Value], zoom: Option<f64>) -> Camera {
    let [left, top, right, bottom] = bounds(elements);
    let fit = (ROOM.0 / (right - left)).min(ROOM.1 / (bottom - top)).min(2.0);
    Camera { x: (left + right) / 2.0, y: (top + bottom) / 2.0, zoom: zoom.unwrap_or(fit) }
}

/// A picture with Tandem on the left and Excalidraw on the right.
async fn side_by_side(
    subjects: &Subjects<'_>,
    elements: &[Value],
    camera: &Camera,
) -> Result<Vec<u8>> {
    let mut browser = Browser::start().await;
    let mut shots = Vec::new();
    for subject in [Subject::Tandem, Subject::Excalidraw] {
        let host = subjects.host(subject, elements)?;
        shots.push(shot(&mut browser, subject, &host, elements, camera).await?);
    }
    let images = shots.iter().map(|shot| {
        format!("<img src='data:image/png;base64,{}'>", BASE64_STANDARD.encode(&shot.png))
    });
    let html = format!("<body style='margin:0;display:flex'>{}", images.collect::<String>());
    let mut page = browser.open_any("about:blank", (2 * SIZE.0, SIZE.1), "").await;
    page.evaluate(&format!("document.write({}); true", json!(html))).await;
    page.until("[...document.images].length === 2 && [...document.images].every(i => i.complete)")
        .await;
    let png = page.screenshot().await.png;
    browser.close().await;
    Ok(png)
}

async fn shot(
    browser: &mut Browser,
    subject: Subject,
    host: &Host,
    elements: &[Value],
    Camera { x, y, zoom }: &Camera,
) -> Result<Screenshot> {
    let mut page: Page = browser.open_any(&host.url, SIZE, "").await;
    let see = match subject {
        Subject::Tandem => {
            page.until("window.tandem && tandem.stats().elements > 0").await;
            format!(
                "tandem.setTool('hand'), tandem.setCamera({{ x: {x}, y: {y}, zoom: {zoom} }}),
                 document.fonts.ready.then(() => tandem.painted()).then(() => true)"
            )
        }
        Subject::Excalidraw | Subject::Tldraw => {
            page.until("window.subject").await;
            page.evaluate(&format!("window.elements = {}; true", json!(elements))).await;
            format!("subject.show(elements, {x}, {y}, {zoom}).then(() => true)")
        }
    };
    let seen = page.evaluate(&see).await;
    ensure!(seen == true, "{subject} does not show the board");
    // Fonts that are asked for once letters are painted.
    page.evaluate("new Promise(done => setTimeout(() => done(true), 1500))").await;
    Ok(page.screenshot().await)
}
