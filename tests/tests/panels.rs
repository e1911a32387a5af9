//! The panels of the page in a real browser: what each of them changes, and what it shows.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use chrome::{Browser, Page, Person};
use serde_json::{Value, json};
use tests::ServerProcess;

const ANN: Person = Person { name: "Ann Lee", color: 0xe34ba9 };

/// A server and a page of a board, looking at its origin.
struct Desk {
    _server: ServerProcess,
    browser: Browser,
    ann: Page,
}

impl Desk {
    async fn start() -> Self {
        let server = ServerProcess::start_with_page().await;
        let mut browser = Browser::start().await;
        let mut ann = browser.open(&ANN, &server.site.url("/b/r")).await;
        ann.look_at_origin().await;
        Self { _server: server, browser, ann }
    }

    async fn end(self) {
        assert_eq!(self.ann.errors(), Vec::<String>::new());
        self.browser.close().await;
    }
}

/// Opens the menu at a place.
async fn right_click(page: &mut Page, x: f64, y: f64) {
    for kind in ["mousePressed", "mouseReleased"] {
        let press = json!({ "type": kind, "x": x, "y": y, "button": "right", "clickCount": 1 });
        page.call("Input.dispatchMouseEvent", press).await;
    }
}

/// Presses a button of a part of the style panel.
async fn choose(page: &mut Page, legend: &str, name: &str) {
    let button = format!("({BUTTON})({}, {})", json!(legend), json!(name));
    page.until(&button).await;
    page.evaluate(&format!("{button}.click()")).await;
}

/// A function of a part's name and a button's.
const BUTTON: &str = "(legend, name) => [...document.querySelectorAll('.style-panel .field')]
    .find(field => field.querySelector('legend, .label').textContent.startsWith(legend))
    ?.querySelector(`[aria-label=\"${name}\"]`)";

/// Waits until the element in place `n` has these properties.
async fn until_has(page: &mut Page, n: usize, wanted: &Value) {
    for (key, value) in wanted.as_object().unwrap() {
        let told = format!("JSON.stringify(tandem.elements()[{n}]?.{key})");
        page.until(&format!("{told} === {}", json!(value.to_string()))).await;
    }
}

#[tokio::test]
async fn every_choice_of_the_style_panel_changes_the_element() {
    let mut desk = Desk::start().await;
    let ann = &mut desk.ann;
    ann.strike("r").await;
    ann.drag(&[(400.0, 300.0), (500.0, 350.0), (600.0, 400.0)]).await;
    ann.until("tandem.elements().length === 1").await;
    for (legend, name, wanted) in [
        ("Stroke", "Red", json!({ "stroke": "#e03131" })),
        ("Background", "Light blue", json!({ "fill": "#a5d8ff" })),
        ("Fill", "Hachure", json!({ "fillStyle": "hachure" })),
        ("Fill", "Cross-hatch", json!({ "fillStyle": "cross-hatch" })),
        ("Fill", "Zigzag", json!({ "fillStyle": "zigzag" })),
        ("Width", "Extra bold", json!({ "width": 4 })),
        ("Style", "Dotted", json!({ "dash": "dotted" })),
        ("Sloppiness", "Cartoon", json!({ "roughness": 2 })),
        ("Sloppiness", "Exact", json!({ "roughness": 0 })),
        ("Edges", "Sharp", json!({ "edges": "sharp" })),
    ] {
        choose(ann, legend, name).await;
        until_has(ann, 0, &wanted).await;
    }
    // Any color, by its number; any place, by numbers.
    choose(ann, "Stroke", "More colors").await;
    let type_into = |name: &str, text: &str| {
        format!(
            "(field => {{ field.value = '{text}'; field.dispatchEvent(new Event('change')); }})
             (document.querySelector('.style-panel [aria-label=\"{name}\"]'))"
        )
    };
    ann.evaluate(&type_into("Color as a number", "0c8599")).await;
    until_has(ann, 0, &json!({ "stroke": "#0c8599" })).await;
    ann.evaluate(&type_into("Color as a number", "no color")).await;
    let shown = "document.querySelector('[aria-label=\"Color as a number\"]').value";
    ann.until(&format!("{shown} === '#0c8599'")).await;
    for (name, key, value) in [("Left", "x", 12), ("Top", "y", 34), ("Width", "w", 56)] {
        ann.evaluate(&type_into(name, &value.to_string())).await;
        until_has(ann, 0, &json!({ key: value })).await;
    }
    ann.evaluate(&type_into("Angle in degrees", "90")).await;
    ann.until("Math.abs(tandem.elements()[0].angle - Math.PI / 2) < 1e-6").await;

    // An arrow's course and ends.
    ann.strike("a").await;
    ann.drag(&[(400.0, 500.0), (500.0, 540.0), (600.0, 560.0)]).await;
    ann.until("tandem.elements().length === 2").await;
    for (legend, name, wanted) in [
        ("Arrow type", "Elbow", json!({ "elbow": true })),
        ("Arrow type", "Sharp", json!({ "elbow": false, "edges": "sharp" })),
        ("Arrow type", "Curved", json!({ "edges": "round" })),
        ("Arrowheads", "Start", json!({})),
        ("Arrowheads", "Diamond outline", json!({ "heads": ["diamond-outline", "arrow"] })),
        ("Arrowheads", "End", json!({})),
        (
            "Arrowheads",
            "One or many",
            json!({ "heads": ["diamond-outline", "crowfoot-one-or-many"] }),
        ),
    ] {
        choose(ann, legend, name).await;
        until_has(ann, 1, &wanted).await;
    }

    // Text.
    ann.strike("t").await;
    ann.click(750.0, 300.0).await;
    ann.until("document.activeElement.hasAttribute('data-text-field')").await;
    ann.type_text("Hello").await;
    ann.strike("Escape").await;
    ann.until("tandem.elements().length === 3").await;
    for (legend, name, wanted) in [
        ("Font", "Serif", json!({ "font": "serif" })),
        ("Font size", "Extra large", json!({ "fontSize": 36 })),
        ("Align", "Center", json!({ "align": "center" })),
    ] {
        choose(ann, legend, name).await;
        until_has(ann, 2, &wanted).await;
    }
    choose(ann, "Layers", "Send to back").await;
    until_has(ann, 0, &json!({ "kind": "text" })).await;
    choose(ann, "Actions", "Delete").await;
    ann.until("tandem.elements().length === 2").await;
    ann.strike_with_ctrl("a").await;
    choose(ann, "Actions", "Lock or unlock").await;
    ann.until("tandem.elements().every(e => e.locked)").await;
    // All that is left to do with one of them.
    let middle = "(e => [e.x + e.w / 2 + innerWidth / 2, e.y + e.h / 2 + innerHeight / 2])
        (tandem.elements().find(e => e.kind === 'rectangle'))";
    let (x, y) = serde_json::from_value(ann.evaluate(middle).await).unwrap();
    right_click(ann, x, y).await;
    ann.until("document.querySelector('.context-menu')?.textContent.startsWith('Unlock')").await;
    ann.evaluate("document.querySelector('.context-menu .menu-item').click()").await;
    ann.until("tandem.elements().filter(e => e.locked).length === 1").await;
    desk.end().await;
}

#[tokio::test]
async fn several_elements_show_what_they_share_and_what_is_mixed() {
    let mut desk = Desk::start().await;
    let ann = &mut desk.ann;
    for (x, color) in [(400.0, "Red"), (600.0, "Green")] {
        ann.strike("r").await;
        ann.drag(&[(x, 300.0), (x + 50.0, 350.0), (x + 100.0, 400.0)]).await;
        choose(ann, "Stroke", color).await;
    }
    ann.strike_with_ctrl("a").await;
    let mixed = |legend: &str| {
        format!(
            "[...document.querySelectorAll('.style-panel .field')]
                .find(field => field.querySelector('legend')?.textContent === '{legend}')
                ?.dataset.mixed"
        )
    };
    ann.until(&format!("{} === 'true'", mixed("Stroke"))).await;
    ann.until(&format!("{} === 'false'", mixed("Width"))).await;
    let pressed = format!("({BUTTON})('Stroke', 'Red').getAttribute('aria-pressed')");
    ann.until(&format!("{pressed} === 'false'")).await;
    choose(ann, "Stroke", "Red").await;
    ann.until("tandem.elements().every(e => e.stroke === '#e03131')").await;
    ann.until(&format!("{} === 'false' && {pressed} === 'true'", mixed("Stroke"))).await;
    choose(ann, "Arrange", "Align left").await;
    ann.until("tandem.elements()[0].x === tandem.elements()[1].x").await;
    desk.end().await;
}

#[tokio::test]
async fn a_drag_on_the_map_moves_the_view_and_who_only_looks_changes_nothing() {
    let mut desk = Desk::start().await;
    let ann = &mut desk.ann;
    for x in [300.0, 800.0] {
        ann.strike("r").await;
        ann.drag(&[(x, 300.0), (x + 50.0, 350.0), (x + 100.0, 400.0)]).await;
    }
    ann.until("tandem.elements().length === 2").await;
    ann.evaluate("document.querySelector('[data-tip^=\"Map\"]').click()").await;
    // The picture comes when the board has come to rest.
    ann.until("document.querySelector('.minimap i')?.style.width").await;
    let place = ann
        .evaluate(
            "(box => [box.x, box.y, box.width, box.height])
                (document.querySelector('.minimap').getBoundingClientRect())",
        )
        .await;
    let place: Vec<f64> = serde_json::from_value(place).unwrap();
    let at = |x: f64, y: f64| (place[0] + place[2] * x, place[1] + place[3] * y);
    let before = ann.evaluate("tandem.camera().x").await;
    ann.drag(&[at(0.5, 0.5), at(0.7, 0.5), at(0.9, 0.5)]).await;
    ann.until(&format!("tandem.camera().x > {before} + 100")).await;
    assert_eq!(ann.elements().await.len(), 2, "the map is not drawn on");
    ann.look_at_origin().await;

    let before = ann.elements().await;
    ann.evaluate("document.querySelector('[data-testid=menu]').click()").await;
    ann.evaluate(
        "[...document.querySelectorAll('.menu-item')]
            .find(row => row.textContent.includes('View only')).click()",
    )
    .await;
    ann.until("document.querySelector('.board').dataset.mode.includes('view')").await;
    ann.strike("r").await;
    ann.drag(&[(300.0, 200.0), (350.0, 250.0), (400.0, 300.0)]).await;
    ann.look_at_origin().await;
    ann.strike("Delete").await;
    ann.strike_with_ctrl("z").await;
    ann.until_saved().await;
    assert_eq!(ann.elements().await, before);
    ann.evaluate("document.querySelector('[data-testid=leave]').click()").await;
    ann.strike("r").await;
    ann.drag(&[(300.0, 200.0), (350.0, 250.0), (400.0, 300.0)]).await;
    ann.until("tandem.elements().length === 3").await;
    desk.end().await;
}

#[tokio::test]
async fn only_keys_mark_a_row_of_a_menu() {
    const MARKED: &str = "document.querySelector('.menu-item:focus-visible')?.textContent ?? ''";
    const HAS_KEYS: &str = "document.activeElement.classList.contains('menu')";
    let mut desk = Desk::start().await;
    let ann = &mut desk.ann;
    ann.strike("v").await;
    // By mouse: the board's menu, and the one at the pointer.
    let button = ann.evaluate(
        "JSON.stringify(document.querySelector('[data-testid=menu]').getBoundingClientRect())",
    );
    let button: Value = serde_json::from_str(button.await.as_str().unwrap()).unwrap();
    let (x, y) = (button["x"].as_f64().unwrap() + 9.0, button["y"].as_f64().unwrap() + 9.0);
    ann.click(x, y).await;
    ann.until(HAS_KEYS).await;
    assert_eq!(ann.evaluate(MARKED).await, "");
    ann.strike("ArrowDown").await;
    ann.until(&format!("({MARKED}) === 'New board'")).await;
    ann.strike("Escape").await;
    right_click(ann, 600.0, 300.0).await;
    ann.until(HAS_KEYS).await;
    assert_eq!(ann.evaluate(MARKED).await, "");
    ann.strike("ArrowUp").await;
    ann.until(&format!("({MARKED}).startsWith('View only')")).await;
    ann.strike("Escape").await;
    // By keys.
    ann.evaluate("document.querySelector('[data-testid=menu]').focus()").await;
    ann.type_text("\r").await;
    ann.until(&format!("({MARKED}) === 'New board'")).await;
    ann.strike("ArrowDown").await;
    ann.strike("Escape").await;
    ann.until("document.activeElement.dataset.testid === 'menu'").await;
    desk.end().await;
}

/// The names of the panels that lie over elements, as the page is now.
const COVERED: &str = "(() => {
    const { x, y, zoom } = tandem.camera();
    const panels = [...document.querySelectorAll('.style-panel, .toolbar, .bar, .status, .help-button')];
    const boxes = panels.filter(it => it.checkVisibility()).map(it => [it.className, it.getBoundingClientRect()]);
    const on = (at, from, screen) => (at - from) * zoom + screen / 2;
    return tandem.elements().flatMap(it => boxes.filter(([, box]) =>
        on(it.x, x, innerWidth) < box.right && on(it.x + it.w, x, innerWidth) > box.left &&
        on(it.y, y, innerHeight) < box.bottom && on(it.y + it.h, y, innerHeight) > box.top
    )).map(([name]) => name).join();
})()";

/// Gives the page another size.
async fn enlarge(page: &mut Page, width: u32, height: u32) {
    let size = json!({
        "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 760,
    });
    page.call("Emulation.setDeviceMetricsOverride", size).await;
    page.until(&format!("innerWidth === {width}")).await;
}

#[tokio::test]
async fn what_is_fitted_or_found_lies_beside_the_panels() {
    const HAS_PANEL: &str = "(document.querySelector('.style-panel') !== null)";
    let mut desk = Desk::start().await;
    let ann = &mut desk.ann;
    enlarge(ann, 1280, 720).await;
    ann.look_at_origin().await;
    for (from, to) in [((300.0, 80.0), (500.0, 180.0)), ((1000.0, 560.0), (1200.0, 640.0))] {
        ann.strike("r").await;
        ann.drag(&[from, (from.0 + 50.0, from.1 + 20.0), to]).await;
    }
    ann.strike("Enter").await;
    ann.until("document.activeElement.hasAttribute('data-text-field')").await;
    ann.type_text("needle").await;
    ann.strike("Escape").await;
    ann.until("tandem.elements().length === 3").await;
    ann.strike("Escape").await;
    for (width, height) in [(1440, 900), (960, 500), (390, 844)] {
        enlarge(ann, width, height).await;
        for tool in ["select", "rectangle"] {
            ann.evaluate(&format!("tandem.setTool('{tool}')")).await;
            ann.until(&format!("{HAS_PANEL} === {}", tool == "rectangle")).await;
            ann.evaluate("tandem.setCamera({ x: 3000, y: 3000, zoom: 1 })").await;
            ann.evaluate("tandem.zoomToFit()").await;
            assert_eq!(ann.evaluate(COVERED).await, "", "{width} {tool}");
        }
    }
    // What is found is chosen, so the panel comes with it.
    enlarge(ann, 1280, 720).await;
    ann.evaluate("tandem.setTool('select')").await;
    ann.evaluate(
        "(() => { const it = tandem.elements().find(it => it.text === 'needle');
            tandem.setCamera({ x: it.x + 560, y: it.y, zoom: 1 }) })()",
    )
    .await;
    ann.strike_with_ctrl("f").await;
    ann.until("document.activeElement.tagName === 'INPUT'").await;
    ann.type_text("needle").await;
    ann.until(HAS_PANEL).await;
    assert_eq!(ann.evaluate(COVERED).await, "");
    desk.end().await;
}

#[tokio::test]
async fn all_commands_are_found_by_typing_and_texts_on_the_board_too() {
    let mut desk = Desk::start().await;
    let ann = &mut desk.ann;
    ann.strike("t").await;
    ann.click(500.0, 300.0).await;
    ann.until("document.activeElement.hasAttribute('data-text-field')").await;
    ann.type_text("The plan").await;
    ann.strike("Escape").await;
    ann.until("tandem.elements().length === 1").await;
    ann.evaluate("tandem.setCamera({ x: 5000, y: 0, zoom: 1 })").await;
    ann.until("document.querySelector('[data-testid=leave]')?.textContent === 'Back to content'")
        .await;
    ann.strike_with_ctrl("f").await;
    ann.until("document.activeElement.dataset.testid === 'prompt'").await;
    ann.type_text("plan").await;
    ann.until("document.querySelector('[data-testid=found]').textContent === '1 of 1'").await;
    ann.until("tandem.camera().x < 1000").await;
    ann.until("!document.querySelector('[data-testid=leave]')").await;
    ann.strike("Escape").await;
    ann.strike("Escape").await;
    ann.strike_with_ctrl("/").await;
    ann.until("document.activeElement.dataset.testid === 'palette'").await;
    ann.type_text("elbow arrow").await;
    ann.strike("Enter").await;
    ann.until("document.querySelector('[aria-label=Elbow][aria-pressed=true]')").await;
    ann.strike_with_ctrl("/").await;
    ann.until("document.activeElement.dataset.testid === 'palette'").await;
    ann.type_text("select all").await;
    ann.strike("Enter").await;
    ann.until("document.querySelector('[data-testid=style-panel]')").await;
    ann.strike("Delete").await;
    ann.until("tandem.elements().length === 0").await;
    desk.end().await;
}

#[tokio::test]
async fn a_swatch_has_the_color_that_is_painted() {
    let mut desk = Desk::start().await;
    let ann = &mut desk.ann;
    let dark = json!({ "type": "keyDown", "key": "D", "code": "KeyD", "modifiers": 9 });
    ann.call("Input.dispatchKeyEvent", dark).await;
    ann.until("document.documentElement.dataset.theme === 'dark'").await;
    ann.evaluate("tandem.setTool('highlighter')").await;
    choose(ann, "Stroke", "Red").await;
    ann.drag(&[(400.0, 300.0), (500.0, 300.0), (600.0, 300.0)]).await;
    ann.until("tandem.elements().length === 1").await;
    let [r, g, b] = shown(ann, "Stroke", "Red").await;
    ann.until_looks("the swatch's color", |seen| {
        let [red, green, blue] = seen.at(500.0, 300.0);
        let is_near = |one: u8, other: u8| one.abs_diff(other) < 12;
        is_near(red, r) && is_near(green, g) && is_near(blue, b)
    })
    .await;
    desk.end().await;
}

/// The color that a swatch has on the screen.
async fn shown(page: &mut Page, legend: &str, name: &str) -> [u8; 3] {
    let style = format!("getComputedStyle(({BUTTON})({}, {}))", json!(legend), json!(name));
    // The browser mixes colors by parts of 1.
    let color = page.evaluate(&format!("{style}.backgroundColor")).await;
    let numbers = color.as_str().unwrap().split([' ', '(', ')', ',']);
    let parts: Vec<f64> = numbers.filter_map(|it| it.parse().ok()).collect();
    let scale = if parts.iter().all(|it| *it <= 1.0) { 255.0 } else { 1.0 };
    [0, 1, 2].map(|n| (parts[n] * scale).round() as u8)
}

/// Holds the page's program back until `letStart()`.
const HOLD_PROGRAM: &str = "const start = WebAssembly.instantiate;
    WebAssembly.instantiate = (...given) => new Promise(go => {
        window.letStart = () => go(start.apply(WebAssembly, given));
    });";

#[tokio::test]
async fn the_panels_are_there_before_the_program_and_what_is_done_with_them_counts() {
    let mut desk = Desk::start().await;
    let ann = &mut desk.ann;
    ann.before_load(HOLD_PROGRAM).await;
    ann.forget_load();
    ann.call("Page.reload", json!({})).await;
    ann.take_events("Page.loadEventFired", "Page.loadEventFired").await;
    ann.until("window.letStart && !window.tandem").await;
    let ellipse = ann
        .evaluate(
            "(() => {
                const button = document.querySelector('[data-testid=tool-ellipse]');
                button.wasThere = true;
                const { x, y, width, height } = button.getBoundingClientRect();
                return [x + width / 2, y + height / 2];
            })()",
        )
        .await;
    ann.strike("r").await;
    ann.drag(&[(400.0, 300.0), (450.0, 350.0), (500.0, 400.0)]).await;
    ann.click(ellipse[0].as_f64().unwrap(), ellipse[1].as_f64().unwrap()).await;
    ann.drag(&[(600.0, 300.0), (650.0, 350.0), (700.0, 400.0)]).await;

    ann.evaluate("letStart()").await;
    ann.until("window.tandem?.elements().length === 2").await;
    let told = "tandem.elements().map(it => it.kind).join()";
    assert_eq!(ann.evaluate(told).await, "rectangle,ellipse");
    let button = "document.querySelector('[data-testid=tool-ellipse]')";
    assert_eq!(ann.evaluate(&format!("{button}.wasThere")).await, true);
    ann.strike("o").await;
    ann.until(&format!("{button}.ariaPressed === 'true'")).await;
    ann.until("document.querySelector('[data-testid=me]').textContent === 'AL'").await;
    desk.end().await;
}
