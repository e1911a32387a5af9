//! Every kind of element in every style, painted by a real browser and compared with pictures that are
//! kept. Where a difference is meant, `TANDEM_GALLERY=keep` keeps the new ones: look at them first.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod cells;
mod picture;

use std::path::{Path, PathBuf};

use cells::{CELL, Cell, N_COLUMNS, Told};
use chrome::Browser;
use picture::Picture;
use tests::ServerProcess;

/// Takes away all that is not the board.
const ALONE: &str = "(() => {
    const style = document.createElement('style');
    style.textContent = 'body > :not(.board), .board > :not(.tiles, canvas) { display: none !important }';
    document.head.append(style);
    return true;
})()";

/// Of the squares of a cell, so many may differ: edges are smoothed otherwise elsewhere.
const DIFFERENT_MAX: usize = 8;
/// Letters may be so many pixels wider, narrower or elsewhere.
const LETTERS_MAX: u32 = 14;

#[tokio::test]
async fn every_element_looks_as_it_did() {
    let cells = cells::all();
    let n_rows = cells.len().div_ceil(N_COLUMNS);
    let size = (CELL.0 * N_COLUMNS as u32, CELL.1 * n_rows as u32);
    let server = ServerProcess::start_with_page().await;
    let painter = server.site.join("r", "Painter").await;
    let n_elements = painter.edit(|board| {
        for (id, element) in cells.iter().flat_map(|cell| &cell.elements) {
            board.insert_as(id.clone(), element.clone());
        }
        board.n_elements()
    });
    painter.until_saved().await;
    let (file, bytes) = cells::painting();
    let put = format!("PUT /api/rooms/r/files/{file}");
    assert_eq!(server.site.request(&put, &bytes).await.0, 201);

    let mut browser = Browser::start().await;
    let mut faults = Vec::new();
    for theme in ["light", "dark"] {
        let before = format!("localStorage.setItem('tandem.theme', '{theme}')");
        let mut page = browser.open_any(&server.site.url("/b/r"), size, &before).await;
        page.until(&format!("window.tandem && tandem.stats().elements === {n_elements}")).await;
        page.evaluate(ALONE).await;
        let (x, y) = (size.0 / 2, size.1 / 2);
        let look = format!(
            "(async () => {{
                await tandem.ready;
                tandem.setCamera({{ x: {x}, y: {y}, zoom: 1 }});
                await tandem.painted();
                await document.fonts.ready;
                await new Promise(requestAnimationFrame);
                await tandem.painted();
                return document.fonts.check('20px Excalifont');
            }})()"
        );
        assert_eq!(page.evaluate(&look).await, true, "the page has its font");
        let whole = cells.iter().find(|cell| cell.name == "whole image").unwrap().area;
        let at = (f64::from(whole[0] + 30), f64::from(whole[1] + 25));
        page.until_looks("a picture", |it| it.is_colored(at.0, at.1, [224, 49, 49])).await;
        let shot = Picture::decode(&page.screenshot().await.png);
        let kept = kept(theme);
        if std::env::var_os("TANDEM_GALLERY").is_some_and(|word| word == "keep") {
            std::fs::write(&kept, shot.encode()).unwrap();
            continue;
        }
        let expected = Picture::decode(&std::fs::read(&kept).unwrap());
        let new: Vec<String> =
            cells.iter().filter_map(|cell| fault(cell, &shot, &expected)).collect();
        if !new.is_empty() {
            let file = std::env::temp_dir().join(format!("tandem-gallery-{theme}.png"));
            std::fs::write(&file, shot.encode()).unwrap();
            faults.push(format!("{theme} (see {}): {new:?}", file.display()));
        }
    }
    browser.close().await;
    assert!(faults.is_empty(), "these look otherwise than in tests/tests/gallery: {faults:#?}");
}

fn kept(theme: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/gallery/{theme}.png"))
}

/// What is wrong with a cell, if anything is.
fn fault(cell: &Cell, shot: &Picture, expected: &Picture) -> Option<String> {
    let Cell { name, area, told, .. } = cell;
    match told {
        Told::ByPixels => {
            let n_different = shot.n_different_squares(expected, *area);
            (n_different > DIFFERENT_MAX).then(|| format!("{name}: {n_different} squares"))
        }
        Told::ByBox => {
            let (is, was) = (shot.painted_box(*area), expected.painted_box(*area));
            let is_near = is.iter().zip(was).all(|(is, was)| is.abs_diff(was) <= LETTERS_MAX);
            (!is_near).then(|| format!("{name}: in {is:?} instead of {was:?}"))
        }
    }
}
