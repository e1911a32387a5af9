//! A page and a board that the browser has kept are opened again: what is shown first, and what when all is there.

use super::*;

#[tokio::test]
async fn a_kept_page_is_whole_and_makes_way_for_a_new_one() {
    let mut story = Story::start().await;
    let whole = "(async () => {
        const names = (await caches.keys()).filter((name) => name.startsWith('tandem'));
        const cache = await caches.open(names[0]);
        const html = await (await cache.match('/', { ignoreVary: true })).text();
        const paths = (await cache.keys()).map((request) => new URL(request.url).pathname);
        const named = html.match(/\\/[\\w./-]+-[0-9a-f]{8,}[\\w.]*/g);
        return names.length === 1 && named.length > 3
            && named.every((path) => paths.includes(path))
            && paths.every((path) => path === '/' || named.includes(path));
    })()";
    assert_eq!(story.ann.evaluate(whole).await, true, "exactly what the document names");
    // As if an older build had been kept beside.
    let older = "caches.open('tandem older')
        .then((cache) => cache.put('/', new Response('the older document')))
        .then(() => true)";
    story.ann.evaluate(older).await;
    story.ann.reload().await;
    let is_gone = "caches.has('tandem older').then((is_there) => { window.isGone = !is_there })";
    story.ann.until(&format!("({is_gone}, window.isGone)")).await;
    assert_eq!(story.ann.evaluate(whole).await, true);
    story.server.kill9().await;
    story.ann.reload().await;
    story.browser.close().await;
}

#[tokio::test]
async fn what_the_browser_kept_and_cannot_open_comes_from_the_server() {
    let mut story = Story::start().await;
    draw(&mut story.ann, 200.0).await;
    story.ann.until_saved().await;
    // What a page leaves behind that came to its end while it opened the board.
    story.ann.evaluate("localStorage.setItem('tandem.opening r', '1')").await;
    story.ann.reload().await;
    story.ann.until("document.querySelector('.toast')?.textContent.includes('damaged')").await;
    until_elements(&mut story.ann, 1).await;
    draw(&mut story.ann, 300.0).await;
    story.ann.until_saved().await;
    story.server.kill9().await;
    story.ann.reload().await;
    until_elements(&mut story.ann, 2).await;
    story.ann.until("!document.querySelector('.toast')").await;
    story.browser.close().await;
}

/// Holds back the page's program until `letIn()`.
const HOLD: &str = "const begin = WebAssembly.instantiate;
    WebAssembly.instantiate = (...all) =>
        new Promise(go => window.letIn = () => go(begin.apply(WebAssembly, all)));";

/// What lies between the panels, where nothing but the board is: left, top, right, bottom.
const BOARD: [u32; 4] = [260, 80, 900, 620];

#[tokio::test]
async fn what_was_seen_last_is_seen_at_once_and_gives_way_to_what_is_there_now() {
    let mut story = Story::start().await;
    let mut bob = story.browser.open(&BOB, &story.url).await;
    let ann = &mut story.ann;
    draw(ann, 200.0).await;
    draw(ann, 400.0).await;
    until_elements(&mut bob, 2).await;
    let kept = "caches.match('/b/r/poster', { cacheName: 'posters' })
        .then((kept) => { window.isKept = !!kept })";
    ann.until(&format!("({kept}, window.isKept)")).await;
    ann.move_to(700.0, 600.0).await;
    let before = ann.screenshot().await;
    assert!(before.is_inked(450.0, 200.0) && before.is_inked(450.0, 400.0));

    ann.before_load(HOLD).await;
    ann.reload_document().await;
    ann.until("window.letIn").await;
    ann.until_looks("what was seen, without the program", |picture| {
        picture.n_different(&before, BOARD, 8) == 0
    })
    .await;
    assert_eq!(ann.evaluate("'tandem' in window").await, false);
    // That the pen is in hand is not said either, for it is not.
    let is_panel_seen = "getComputedStyle(document.querySelector('.style-panel')).visibility";
    assert_eq!(ann.evaluate(is_panel_seen).await, "hidden");

    // Meanwhile it becomes another board.
    bob.strike_with_ctrl("a").await;
    bob.strike("Delete").await;
    draw(&mut bob, 300.0).await;
    bob.until_saved().await;
    ann.evaluate("letIn()").await;
    ann.until("window.tandem").await;
    ann.until_looks("what is there now", |picture| {
        picture.is_inked(450.0, 300.0)
            && ![200.0, 400.0].iter().any(|&y| picture.is_inked(450.0, y))
    })
    .await;
    ann.until("!document.querySelector('.tiles img')").await;
    ann.until("!document.documentElement.hasAttribute('data-again')").await;

    // In other colors it would be wrong.
    let hung = |theme| {
        format!(
            "(async () => {{
                const [holder, root] = [document.createElement('div'), document.documentElement];
                Object.assign(poster, {{ loaded: loadPoster('r'), isOver: false }});
                root.dataset.theme = '{theme}';
                await hangPoster(holder);
                return holder.querySelectorAll('img').length;
            }})()"
        )
    };
    assert_eq!(ann.evaluate(&hung("dark")).await, 0);
    assert_eq!(ann.evaluate(&hung("light")).await, 1);

    // Another tab looks where this one did last.
    ann.evaluate("tandem.setCamera({ x: 120, y: 40, zoom: 0.8 })").await;
    ann.until("localStorage['tandem.view r'] === '120 40 0.8'").await;
    let profile = ann.profile();
    let mut tab = story.browser.open_in(profile, &ANN, &story.url).await;
    let camera = tab.evaluate("JSON.stringify(tandem.camera())").await;
    assert_eq!(camera, r#"{"x":120,"y":40,"zoom":0.8}"#);
    story.browser.close().await;
}

/// As soon as what is in view was painted at first sight, a board that is loaded by parts gets no further.
const SEE_ONLY: &str = "(() => {
    const held = [];
    window.nHeld = () => held.length;
    const { set } = Object.getOwnPropertyDescriptor(MessagePort.prototype, 'onmessage');
    Object.defineProperty(MessagePort.prototype, 'onmessage', { set(hear) {
        set.call(this, () => {
            if (!window.isAsked) {
                window.isAsked = true;
                tandem.painted().then(() => window.isSeen = true);
            }
            if (window.isSeen) held.push(hear);
            else hear();
        });
    } });
})()";

/// A drawing of boxes, a hundred in a row.
const BOXES: &str = "JSON.stringify({ type: 'excalidraw', elements: Array.from({ length: 10000 }, (_, n) => ({
    id: `box-${n}`, type: 'rectangle', x: (n % 100) * 40, y: Math.floor(n / 100) * 40, width: 30, height: 30,
    strokeColor: '#1e1e1e', backgroundColor: 'transparent', seed: n,
})) })";

#[tokio::test]
async fn a_large_board_is_seen_and_drawn_on_before_all_of_it_is_read_and_nothing_gets_lost() {
    const N: usize = 10_000;
    let mut story = Story::start().await;
    story.ann.be_patient();
    let answer = story.ann.evaluate(&format!("tandem.importExcalidraw({BOXES})")).await;
    assert_eq!(answer["imported"], N);
    story.ann.until_saved().await;
    story.ann.until("tandem.stats().kept").await;
    // A box has its left side in the middle of the page.
    let look = "tandem.setCamera({ x: 2000, y: 2015, zoom: 1 }), tandem.painted().then(() => [innerWidth / 2, innerHeight / 2])";
    let middle = story.ann.evaluate(look).await;
    let [x, y] = [0, 1].map(|at| middle[at].as_f64().unwrap());
    story.server.kill9().await;
    until_offline(&mut story.ann).await;

    story.ann.before_load(SEE_ONLY).await;
    story.ann.reload_document().await;
    story.ann.until("window.nHeld?.() > 0").await;
    let n_seen = story.ann.evaluate("tandem.stats().elements").await.as_u64().unwrap() as usize;
    assert!((100..N / 2).contains(&n_seen), "{n_seen} are in view");
    story.ann.until("!document.querySelector('.tiles img')").await;
    let is_seen = |picture: &chrome::Screenshot| {
        [-1.0, 0.0, 1.0].iter().any(|dx| picture.is_inked(x + dx, y))
    };
    story.ann.until_looks("what is in view", is_seen).await;
    draw(&mut story.ann, y + 20.0).await;
    let n_now = story.ann.evaluate("tandem.stats().elements").await;
    assert_eq!(n_now, n_seen + 1, "to draw takes no reading");
    until_unsaved(&mut story.ann).await;
    // What is to be moved has to be known.
    story.ann.strike("v").await;
    story.ann.click(x, y).await;
    story.ann.strike("ArrowDown").await;
    until_elements(&mut story.ann, N + 1).await;
    story.ann.until("tandem.stats().kept").await;

    // Closed in the middle of that, opened again; then once more with a server.
    let Story { mut server, mut browser, ann, url } = story;
    let profile = browser.close_page(ann).await;
    let mut ann = browser.open_in(profile, &ANN, &url).await;
    ann.be_patient();
    until_elements(&mut ann, N + 1).await;
    draw(&mut ann, y - 20.0).await;
    server.restart().await;
    ann.until_saved().await;
    let elements = server.site.elements("r").await;
    assert_eq!(elements.len(), N + 2);
    assert_eq!(ann.elements().await.len(), N + 2);
    let is_moved = |it: &&serde_json::Value| {
        it["kind"] == "rectangle" && it["y"].as_f64().is_some_and(|y| y % 40.0 != 0.0)
    };
    assert_eq!(elements.iter().filter(is_moved).count(), 1);
    browser.close().await;
}
