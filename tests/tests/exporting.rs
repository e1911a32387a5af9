//! Files and pictures that a page makes of its board: what is in them is what is on the board.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrome::{Browser, Page, Person};
use serde_json::{Value, json};
use tests::{LEFT, RIGHT, ServerProcess, data_url, two_colors};

const ANN: Person = Person { name: "Ann", color: 0xe34ba9 };

/// Keeps what the page saves or copies instead of handing it to the browser.
const CATCH: &str = "(() => {
    window.caught = [];
    const make = URL.createObjectURL;
    URL.createObjectURL = (file) => (window.file = file, make.call(URL, file));
    HTMLAnchorElement.prototype.click = function () { caught.push([this.download, window.file]) };
    navigator.clipboard.write = async ([item]) => {
        caught.push(['', await item.getType('image/png')]);
    };
    navigator.clipboard.writeText = async (text) => { caught.push(['', new Blob([text])]) };
    return true;
})()";

/// A drawing with a picture, of which the left fifth is cut off, shapes and text, around the origin.
fn drawing() -> String {
    let url = data_url(&two_colors(200, 100));
    let shape = |id: &str, kind: &str, x: i32, more: Value| {
        let mut all = json!({
            "id": id, "type": kind, "x": x, "y": -100, "width": 120, "height": 100, "roughness": 1,
            "strokeColor": "#1e1e1e", "backgroundColor": "#a5d8ff", "fillStyle": "hachure",
        });
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    let crop = json!({
        "x": 40, "y": 0, "width": 160, "height": 100, "naturalWidth": 200, "naturalHeight": 100,
    });
    json!({
        "type": "excalidraw", "version": 2,
        "elements": [
            shape("a", "rectangle", -200, json!({})),
            shape("b", "ellipse", -40, json!({ "angle": 0.4 })),
            shape("c", "text", -200, json!({
                "y": 120, "width": 170, "height": 25, "text": "</text> & words", "fontSize": 20, "fontFamily": 5,
            })),
            shape("d", "image", 0, json!({ "y": 20, "width": 160, "fileId": "one", "crop": crop })),
        ],
        "files": { "one": { "id": "one", "mimeType": "image/png", "dataURL": url } },
    })
    .to_string()
}

/// A page with the drawing on its board, all of it painted, and nothing selected.
async fn with_drawing(browser: &mut Browser, server: &ServerProcess) -> Page {
    let mut page = browser.open(&ANN, &server.site.url("/b/r")).await;
    page.evaluate(CATCH).await;
    page.evaluate(&format!("tandem.importExcalidraw({})", json!(drawing()))).await;
    page.until_saved().await;
    page.look_at_origin().await;
    page.evaluate("document.fonts.load('20px Excalifont').then(() => true)").await;
    page.move_to(900.0, 650.0).await;
    page.strike("v").await;
    page.strike("Escape").await;
    page.until_looks("the picture", |it| it.is_colored(520.0, 420.0, LEFT)).await;
    page
}

/// Presses a key with others held, as the protocol counts them: 1 Alt, 2 Ctrl, 8 Shift.
async fn chord(page: &mut Page, code: &str, modifiers: u8) {
    let key = &code[3..];
    let key = if modifiers & 8 == 0 { key.to_lowercase() } else { key.to_owned() };
    let event = json!({ "type": "keyDown", "key": key, "code": code, "modifiers": modifiers });
    page.call("Input.dispatchKeyEvent", event).await;
}

async fn press_button(page: &mut Page, name: &str) {
    let find = format!(
        "[...document.querySelectorAll('.dialog button')].find(it => it.textContent === {})",
        json!(name)
    );
    page.until(&format!("!!{find} && !{find}.disabled")).await;
    page.evaluate(&format!("{find}.click()")).await;
}

/// The name and the bytes of what was saved or copied next.
async fn caught(page: &mut Page) -> (String, Vec<u8>) {
    page.until("caught.length > 0").await;
    let url = page
        .evaluate(
            "new Promise(done => {
                const [name, file] = caught.shift(), reader = new FileReader();
                reader.onload = () => done([name, reader.result]);
                reader.readAsDataURL(file);
            })",
        )
        .await;
    let (_, base64) = url[1].as_str().unwrap().split_once(',').unwrap();
    (url[0].as_str().unwrap().to_owned(), STANDARD.decode(base64).unwrap())
}

/// Width, height, and red, green, blue and opacity of each pixel.
fn decoded(bytes: &[u8]) -> (u32, u32, Vec<[u8; 4]>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    assert_eq!(frame.color_type, png::ColorType::Rgba);
    let pixels = pixels[..frame.buffer_size()].as_chunks().0.to_vec();
    (frame.width, frame.height, pixels)
}

#[tokio::test]
async fn a_png_looks_like_the_board() {
    let server = ServerProcess::start_with_page().await;
    let mut browser = Browser::start().await;
    let mut ann = with_drawing(&mut browser, &server).await;
    chord(&mut ann, "KeyE", 10).await;
    press_button(&mut ann, "PNG").await;
    let (name, bytes) = caught(&mut ann).await;
    assert_eq!(name, "r.png");
    let (w, h, pixels) = decoded(&bytes);
    ann.until("!document.querySelector('.dialog')").await;
    let board = ann.screenshot().await;
    assert!((380..410).contains(&w) && (265..290).contains(&h), "{w} x {h}");
    // Where the picture begins is found by what is certain: its left edge is at the origin.
    let row = (0..h).find_map(|y| {
        let row = &pixels[(y * w) as usize..((y + 1) * w) as usize];
        row.iter().position(|pixel| pixel[..3] == LEFT).map(|x| (x as i32, y as i32))
    });
    let (left, top) = row.unwrap();
    let (left, top) = (-left, 20 - top);
    let mut n_different = 0;
    for y in 0..h as i32 {
        for x in 0..w as i32 {
            let seen = board.at(f64::from(500 + left + x), f64::from(350 + top + y));
            let pixel = pixels[(y as u32 * w + x as u32) as usize];
            assert_eq!(pixel[3], 255, "there is a background");
            n_different += usize::from(seen.iter().zip(pixel).any(|(a, b)| a.abs_diff(b) > 16));
        }
    }
    assert!(n_different * 500 < pixels.len(), "{n_different} of {} pixels", pixels.len());

    // Twice as large, without a background, in the dark.
    chord(&mut ann, "KeyE", 10).await;
    for name in ["2×", "Background", "Dark mode"] {
        press_button(&mut ann, name).await;
    }
    press_button(&mut ann, "PNG").await;
    let (twice_w, twice_h, pixels) = decoded(&caught(&mut ann).await.1);
    assert_eq!((twice_w, twice_h), (2 * w, 2 * h));
    assert_eq!(pixels[0], [0; 4]);
    assert!(pixels.iter().any(|&[r, g, b, a]| a == 255 && r.min(g).min(b) > 200), "light ink");

    // One element alone, by keys, onto the clipboard: as the last one was, in the page's own colors.
    ann.click(580.0, 420.0).await;
    chord(&mut ann, "KeyC", 9).await;
    let (name, bytes) = caught(&mut ann).await;
    let (w, h, pixels) = decoded(&bytes);
    assert_eq!((&*name, w, h), ("", 360, 240));
    let at = |x: u32, y: u32| pixels[(y * w + x) as usize];
    let opaque = |[r, g, b]: [u8; 3]| [r, g, b, 255];
    assert_eq!((at(60, 120), at(300, 120), at(10, 10)), (opaque(LEFT), opaque(RIGHT), [0; 4]));
    assert_eq!(ann.errors(), Vec::<String>::new());
    browser.close().await;
}

#[tokio::test]
async fn a_saved_board_comes_in_elsewhere_with_its_pictures() {
    let (one, other) =
        (ServerProcess::start_with_page().await, ServerProcess::start_with_page().await);
    let mut browser = Browser::start().await;
    let mut ann = with_drawing(&mut browser, &one).await;
    chord(&mut ann, "KeyS", 2).await;
    let (name, bytes) = caught(&mut ann).await;
    assert_eq!(name, "r.excalidraw");
    let saved: Value = serde_json::from_slice(&bytes).unwrap();
    let image = &saved["elements"][3];
    let file = &saved["files"][image["fileId"].as_str().unwrap()];
    assert_eq!(file["mimeType"], "image/png");
    let url = data_url(&two_colors(200, 100));
    assert_eq!(file["dataURL"].as_str(), Some(&*url));
    let crop = |name: &str| image["crop"][name].as_f64();
    assert_eq!((crop("x"), crop("naturalWidth")), (Some(40.0), Some(200.0)));

    let mut bob = browser.open(&ANN, &other.site.url("/b/q")).await;
    let text = json!(String::from_utf8(bytes).unwrap());
    let told = bob.evaluate(&format!("tandem.importExcalidraw({text})")).await;
    assert_eq!((&told["imported"], &told["skipped"]), (&json!(4), &json!([])));
    bob.look_at_origin().await;
    bob.until_looks("the picture", |it| {
        it.is_colored(520.0, 420.0, LEFT) && it.is_colored(640.0, 420.0, RIGHT)
    })
    .await;
    browser.close().await;
}

#[tokio::test]
async fn an_svg_has_its_pictures_and_letters_inside() {
    let server = ServerProcess::start_with_page().await;
    let mut browser = Browser::start().await;
    let mut ann = with_drawing(&mut browser, &server).await;
    chord(&mut ann, "KeyE", 10).await;
    press_button(&mut ann, "SVG").await;
    let (name, bytes) = caught(&mut ann).await;
    assert_eq!(name, "r.svg");
    let svg = String::from_utf8(bytes).unwrap();
    assert!(svg.contains(" href=\"data:image/png;base64,") && !svg.contains("tandem:"));
    assert!(svg.contains("@font-face") && svg.contains("&lt;/text&gt; &amp; words"));
    // The browser can show it, and does where the board does.
    let shown = ann
        .evaluate(&format!(
            "(async () => {{
                const image = new Image();
                image.src = 'data:image/svg+xml,' + encodeURIComponent({});
                await image.decode();
                const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
                const context = canvas.getContext('2d');
                context.drawImage(image, 0, 0);
                const {{ data }} = context.getImageData(0, 0, canvas.width, canvas.height);
                const isColor = (at, color) =>
                    color.every((it, n) => Math.abs(it - data[4 * at + n]) < 8);
                const at = (color) => {{
                    const places = [];
                    for (let n = 0; n < data.length / 4; n++) if (isColor(n, color)) places.push(n % canvas.width);
                    return [Math.min(...places), Math.max(...places)];
                }};
                return [at({LEFT:?}), at({RIGHT:?})];
            }})()",
            json!(svg)
        ))
        .await;
    let side = |n: usize, m: usize| shown[n][m].as_f64().unwrap();
    let near = |is: f64, wanted: f64| (is - wanted).abs() <= 2.0;
    // Of the left half 60 units are left, of the right one all 100.
    assert!(near(side(0, 1) - side(0, 0), 59.0) && near(side(1, 1) - side(1, 0), 99.0), "{shown}");
    assert!(near(side(1, 0), side(0, 1) + 1.0), "{shown}");
    assert_eq!(ann.errors(), Vec::<String>::new());
    browser.close().await;
}

#[tokio::test]
async fn what_is_too_large_for_a_picture_is_told() {
    let server = ServerProcess::start_with_page().await;
    let mut browser = Browser::start().await;
    let mut ann = with_drawing(&mut browser, &server).await;
    let far = json!({ "type": "excalidraw", "elements": [
        { "id": "z", "type": "rectangle", "x": 20_000, "y": 0, "width": 10, "height": 10 },
    ] });
    ann.evaluate(&format!("tandem.importExcalidraw({})", json!(far.to_string()))).await;
    ann.strike("Escape").await;
    chord(&mut ann, "KeyE", 10).await;
    ann.until("document.querySelector('.dialog figcaption')?.textContent.includes('too many')")
        .await;
    ann.until("[...document.querySelectorAll('.dialog nav button')].map(it => it.disabled).join() === 'true,false,true,false'").await;
    ann.strike("Escape").await;
    chord(&mut ann, "KeyC", 9).await;
    ann.until("document.querySelector('.toast')?.textContent.includes('too large')").await;
    assert_eq!(ann.evaluate("caught.length").await, 0);
    browser.close().await;
}
