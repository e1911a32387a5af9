//! Pictures on a board in real browsers: brought by one page, seen by another, and there after a reload.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrome::{Browser, Page, Person, Screenshot};
use serde_json::{Value, json};
use tests::{LEFT, RIGHT, ServerProcess, data_url};

const ANN: Person = Person { name: "Ann", color: 0xe34ba9 };
const BOB: Person = Person { name: "Bob", color: 0x11b3a3 };

/// A PNG of 200 by 100 pixels.
fn two_colors() -> Vec<u8> {
    tests::two_colors(200, 100)
}

/// Drops files (names, kinds, bytes) onto a page, or pastes them.
async fn bring(page: &mut Page, how: &str, files: &[(&str, &str, &[u8])]) {
    let files: Vec<Value> = files
        .iter()
        .map(|(name, kind, bytes)| json!([name, kind, STANDARD.encode(bytes)]))
        .collect();
    let event = match how {
        "drop" => {
            "new DragEvent('drop', { dataTransfer: data, clientX: 500, clientY: 400, bubbles: true })"
        }
        _ => "new ClipboardEvent('paste', { clipboardData: data, bubbles: true })",
    };
    page.evaluate(&format!(
        "(() => {{
            const data = new DataTransfer();
            for (const [name, type, text] of {}) {{
                const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
                data.items.add(new File([bytes], name, {{ type }}));
            }}
            document.body.dispatchEvent({event});
        }})()",
        json!(files)
    ))
    .await;
}

/// Whether the picture's middle is at a place: its colors are on either side.
fn shows(at: (f64, f64)) -> impl Fn(&Screenshot) -> bool {
    move |picture| {
        picture.is_colored(at.0 - 60.0, at.1 + 20.0, LEFT)
            && picture.is_colored(at.0 + 60.0, at.1 - 20.0, RIGHT)
    }
}

async fn until_toast(page: &mut Page, words: &str) {
    let told = "[...document.querySelectorAll('.toast')].map(it => it.textContent).join()";
    page.until(&format!("{told}.includes({})", json!(words))).await;
}

#[tokio::test]
async fn a_picture_is_seen_by_others_and_after_a_reload() {
    let server = ServerProcess::start_with_page().await;
    let mut browser = Browser::start().await;
    let url = server.site.url("/b/r");
    let mut ann = browser.open(&ANN, &url).await;
    let mut bob = browser.open(&BOB, &url).await;
    ann.look_at_origin().await;
    bob.look_at_origin().await;

    bring(&mut ann, "drop", &[("two.png", "image/png", &two_colors())]).await;
    ann.until_looks("her picture where she dropped it", shows((500.0, 400.0))).await;
    bob.until_looks("her picture", shows((500.0, 400.0))).await;
    ann.until_saved().await;
    let elements = server.site.elements("r").await;
    assert_eq!(elements.len(), 1);
    assert_eq!(
        (&elements[0]["kind"], &elements[0]["natural"]),
        (&json!("image"), &json!([200.0, 100.0]))
    );

    for page in [&mut ann, &mut bob] {
        page.reload().await;
        page.look_at_origin().await;
        page.until_looks("the picture after a reload", shows((500.0, 400.0))).await;
    }

    // In the dark it is the same, and a copy of it is one more.
    ann.evaluate("document.documentElement.dataset.theme").await;
    ann.call(
        "Input.dispatchKeyEvent",
        json!({ "type": "keyDown", "key": "D", "code": "KeyD", "modifiers": 9 }),
    )
    .await;
    ann.until("document.documentElement.dataset.theme === 'dark'").await;
    ann.until_looks("the picture in the dark", shows((500.0, 400.0))).await;
    ann.strike("v").await;
    ann.click(500.0, 420.0).await;
    ann.strike_with_ctrl("d").await;
    bob.until("tandem.elements().length === 2").await;
    assert_eq!(ann.errors(), Vec::<String>::new());
    assert_eq!(bob.errors(), Vec::<String>::new());
    browser.close().await;
}

#[tokio::test]
async fn a_picture_is_cropped_and_others_see_what_is_left() {
    let server = ServerProcess::start_with_page().await;
    let mut browser = Browser::start().await;
    let url = server.site.url("/b/r");
    let mut ann = browser.open(&ANN, &url).await;
    let mut bob = browser.open(&BOB, &url).await;
    ann.look_at_origin().await;
    bob.look_at_origin().await;
    bring(&mut ann, "drop", &[("two.png", "image/png", &two_colors())]).await;
    bob.until_looks("her picture", shows((500.0, 400.0))).await;

    ann.double_click(500.0, 400.0).await;
    until_toast(&mut ann, "ends cropping").await;
    ann.drag(&[(400.0, 400.0), (420.0, 400.0), (480.0, 400.0)]).await;
    let pale = |picture: &Screenshot, x: f64| {
        let [red, green, _] = picture.at(x, 400.0);
        red > 200 && red < 250 && green > 150
    };
    ann.until_looks("what is cut off, paler", |picture| {
        pale(picture, 440.0) && picture.is_colored(490.0, 420.0, LEFT)
    })
    .await;
    bob.until_looks("what is left", |picture| {
        picture.is_colored(440.0, 400.0, [255; 3])
            && picture.is_colored(490.0, 420.0, LEFT)
            && picture.is_colored(560.0, 380.0, RIGHT)
    })
    .await;
    // The picture goes along under what is seen of it.
    ann.drag(&[(550.0, 400.0), (540.0, 400.0), (590.0, 400.0)]).await;
    ann.strike("Enter").await;
    for page in [&mut ann, &mut bob] {
        page.until_looks("another part", |picture| {
            picture.is_colored(440.0, 400.0, [255; 3])
                && picture.is_colored(530.0, 420.0, LEFT)
                && picture.is_colored(570.0, 380.0, RIGHT)
        })
        .await;
    }
    ann.until_saved().await;
    let element = &server.site.elements("r").await[0];
    assert_eq!((&element["x"], &element["w"]), (&json!(-20.0), &json!(120.0)));
    ann.strike_with_ctrl("z").await;
    bob.until_looks("all of it", shows((500.0, 400.0))).await;
    assert_eq!(ann.errors(), Vec::<String>::new());
    browser.close().await;
}

#[tokio::test]
async fn what_is_no_picture_is_told_and_leaves_nothing() {
    let server = ServerProcess::start_with_page().await;
    let mut browser = Browser::start().await;
    let mut ann = browser.open(&ANN, &server.site.url("/b/r")).await;
    let broken: &[u8] = b"\x89PNG\r\n\x1a\n and no more";
    bring(&mut ann, "drop", &[("broken.png", "image/png", broken)]).await;
    until_toast(&mut ann, "broken.png is no picture that this browser can show").await;
    assert_eq!(ann.elements().await, Vec::<Value>::new());

    // Of several, those that are pictures come; what the server would not keep is made into what it does.
    let drawn = b"<svg xmlns='http://www.w3.org/2000/svg' width='50' height='40'>\
        <rect width='50' height='40' fill='#c83c28'/></svg>";
    let files: [(&str, &str, &[u8]); 2] =
        [("drawn.svg", "image/svg+xml", drawn), ("other.jpg", "image/jpeg", b"nothing")];
    bring(&mut ann, "paste", &files).await;
    until_toast(&mut ann, "other.jpg is no picture").await;
    ann.until("tandem.elements().length === 1").await;
    ann.until_saved().await;
    let natural = server.site.elements("r").await[0]["natural"].clone();
    assert_eq!(natural, json!([100.0, 80.0]));
    browser.close().await;
}

#[tokio::test]
async fn a_picture_without_a_server_waits_and_is_not_called_saved() {
    let mut server = ServerProcess::start_with_page().await;
    let mut browser = Browser::start().await;
    let url = server.site.url("/b/r");
    let mut ann = browser.open(&ANN, &url).await;
    ann.until_saved().await;
    ann.evaluate("navigator.serviceWorker.ready.then(() => true)").await;
    ann.look_at_origin().await;
    // A browser asks whether to leave only who has touched the page.
    ann.click(700.0, 600.0).await;
    server.kill9().await;
    ann.until("tandem.stats().connection === 'waiting'").await;
    bring(&mut ann, "drop", &[("two.png", "image/png", &two_colors())]).await;
    ann.until_looks("her picture without a server", shows((500.0, 400.0))).await;
    // The element is one edit, and the picture is another thing that waits.
    ann.until("tandem.stats().unsaved >= 2 && tandem.stats().kept").await;
    ann.reload_unsaved().await;
    ann.look_at_origin().await;
    ann.until_looks("her picture after a reload", shows((500.0, 400.0))).await;
    server.restart().await;
    ann.until_saved().await;
    let mut bob = browser.open(&BOB, &url).await;
    bob.look_at_origin().await;
    bob.until_looks("her picture", shows((500.0, 400.0))).await;
    browser.close().await;
}

#[tokio::test]
async fn a_picture_that_the_server_refuses_is_told_and_goes() {
    let server = ServerProcess::start_with_page().await;
    let mut browser = Browser::start().await;
    let mut ann = browser.open(&ANN, &server.site.url("/b/r")).await;
    // The server is asked for another picture than is sent.
    ann.evaluate(
        "(() => {
            const open = XMLHttpRequest.prototype.open;
            XMLHttpRequest.prototype.open = function (method, url, ...rest) {
                const other = url.slice(0, -1) + (url.endsWith('0') ? '1' : '0');
                open.call(this, method, url.startsWith('/api/') ? other : url, ...rest);
            };
        })()",
    )
    .await;
    bring(&mut ann, "drop", &[("two.png", "image/png", &two_colors())]).await;
    until_toast(&mut ann, "The server did not take the picture").await;
    ann.until("tandem.elements().length === 0").await;
    ann.until_saved().await;
    assert_eq!(server.site.elements("r").await.len(), 0);
    browser.close().await;
}

#[tokio::test]
async fn a_drawing_of_excalidraws_brings_its_pictures() {
    let server = ServerProcess::start_with_page().await;
    let mut browser = Browser::start().await;
    let mut ann = browser.open(&ANN, &server.site.url("/b/r")).await;
    let url = data_url(&two_colors());
    let drawing = json!({
        "type": "excalidraw", "version": 2,
        "elements": [
            { "id": "a", "type": "image", "x": 0, "y": 0, "width": 200, "height": 100, "fileId": "one",
              "status": "saved", "scale": [1, 1] },
            { "id": "b", "type": "image", "x": 0, "y": 150, "width": 200, "height": 100, "fileId": "two" },
        ],
        "files": { "one": { "id": "one", "mimeType": "image/png", "dataURL": url } },
    });
    let text = drawing.to_string();
    bring(&mut ann, "drop", &[("a.excalidraw", "application/json", text.as_bytes())]).await;
    until_toast(&mut ann, "1 element imported, 1 could not be").await;
    ann.until_saved().await;
    assert_eq!(server.site.elements("r").await[0]["natural"], json!([200.0, 100.0]));
    ann.evaluate("tandem.setCamera({ x: 100, y: 50, zoom: 1 })").await;
    ann.until_looks("its picture", |picture| {
        let (x, y) = (500.0, 350.0);
        [(x - 60.0, LEFT), (x + 60.0, RIGHT)]
            .iter()
            .all(|&(x, color)| picture.is_colored(x, y, color))
    })
    .await;
    browser.close().await;
}

#[tokio::test]
async fn of_a_drawing_with_a_broken_picture_the_rest_comes_in() {
    let server = ServerProcess::start_with_page().await;
    let mut browser = Browser::start().await;
    let mut ann = browser.open(&ANN, &server.site.url("/b/r")).await;
    let image = |id: &str| json!({ "id": id, "type": "image", "x": 0, "y": 0, "width": 200, "height": 100, "fileId": id });
    let drawing = json!({
        "type": "excalidraw", "version": 2,
        "elements": [image("good"), image("torn"), image("none"), image("odd")],
        "files": {
            "torn": { "dataURL": data_url(b"nothing") }, "none": null, "odd": { "dataURL": 7 },
            "good": { "dataURL": data_url(&two_colors()) },
        },
    });
    let text = json!(drawing.to_string());
    let told = ann.evaluate(&format!("tandem.importExcalidraw({text})")).await;
    assert_eq!((&told["imported"], told["skipped"].as_array().map(Vec::len)), (&json!(1), Some(3)));
    until_toast(&mut ann, "A picture in the drawing is no picture that this browser can show")
        .await;
    ann.until_saved().await;
    assert_eq!(server.site.elements("r").await[0]["natural"], json!([200.0, 100.0]));
    browser.close().await;
}

#[tokio::test]
async fn a_picture_is_copied_to_another_board() {
    let server = ServerProcess::start_with_page().await;
    let mut browser = Browser::start().await;
    let mut ann = browser.open(&ANN, &server.site.url("/b/one")).await;
    let mut bob = browser.open(&BOB, &server.site.url("/b/two")).await;
    ann.look_at_origin().await;
    bring(&mut ann, "drop", &[("two.png", "image/png", &two_colors())]).await;
    ann.until("tandem.elements().length === 1").await;
    ann.until_saved().await;
    let copy = "(() => {
        const data = new DataTransfer();
        document.body.dispatchEvent(new ClipboardEvent('copy', { clipboardData: data, bubbles: true }));
        return data.getData('text/plain');
    })()";
    ann.until(&format!("{copy}.includes('excalidraw')")).await;
    // With the pictures inside as soon as these are there: elsewhere nobody could ask for them.
    ann.evaluate("navigator.clipboard.writeText = async (text) => { window.packed = text }; true")
        .await;
    let copied = ann.evaluate(copy).await;
    ann.until("window.packed?.includes('data:image/png;base64,')").await;
    let packed = ann.evaluate("packed").await;
    bob.look_at_origin().await;
    bob.move_to(600.0, 300.0).await;
    let paste = |text: &Value| {
        format!(
        "(() => {{
            const data = new DataTransfer();
            data.setData('text/plain', {text});
            document.body.dispatchEvent(new ClipboardEvent('paste', {{ clipboardData: data, bubbles: true }}));
        }})()"
    )
    };
    bob.evaluate(&paste(&copied)).await;
    bob.until_looks("the picture of the other board", shows((600.0, 300.0))).await;
    bob.until_saved().await;

    let elsewhere = ServerProcess::start_with_page().await;
    let mut eve = browser.open(&BOB, &elsewhere.site.url("/b/two")).await;
    eve.look_at_origin().await;
    eve.move_to(600.0, 300.0).await;
    eve.evaluate(&paste(&packed)).await;
    eve.until_looks("the picture of the other server", shows((600.0, 300.0))).await;
    eve.until_saved().await;
    browser.close().await;
}

#[tokio::test]
async fn the_tool_lets_one_choose_and_what_is_too_large_is_made_smaller() {
    let server = ServerProcess::start_with_page().await;
    let mut browser = Browser::start().await;
    let mut ann = browser.open(&ANN, &server.site.url("/b/r")).await;
    ann.look_at_origin().await;
    ann.call("Page.setInterceptFileChooserDialog", json!({ "enabled": true })).await;
    ann.strike("9").await;
    ann.until("document.getElementById('import-file').accept === 'image/*'").await;
    let file = server.data().with_extension("png");
    std::fs::write(&file, tests::two_colors(5000, 100)).unwrap();
    let document = ann.call("DOM.getDocument", json!({})).await;
    let find = json!({ "nodeId": document["root"]["nodeId"], "selector": "#import-file" });
    let field = ann.call("DOM.querySelector", find).await;
    let choose = json!({ "nodeId": field["nodeId"], "files": [file] });
    ann.call("DOM.setFileInputFiles", choose).await;
    ann.until("tandem.elements().length === 1").await;
    ann.until_saved().await;
    std::fs::remove_file(&file).unwrap();
    let element = &server.site.elements("r").await[0];
    assert_eq!(element["natural"], json!([4096.0, 82.0]));
    // Six tenths of the view, in its middle.
    assert_eq!((&element["x"], &element["w"]), (&json!(-300.0), &json!(600.0)));
    ann.until_looks("the picture in the middle", |picture| {
        let near = |x: f64, wanted: [u8; 3]| {
            picture.at(x, 350.0).iter().zip(wanted).all(|(&is, wanted)| is.abs_diff(wanted) < 12)
        };
        near(300.0, LEFT) && near(700.0, RIGHT)
    })
    .await;
    browser.close().await;
}
