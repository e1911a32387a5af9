//! A real browser whose server goes away: what was drawn stays, through reloads, closed tabs and accidents.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use chrome::{Browser, Page, Person};
use tests::ServerProcess;

const ANN: Person = Person { name: "Ann", color: 0xe34ba9 };
const BOB: Person = Person { name: "Bob", color: 0x11b3a3 };

/// A server, a browser, and Ann in front of a board that the browser has all of.
struct Story {
    server: ServerProcess,
    browser: Browser,
    ann: Page,
    url: String,
}

impl Story {
    async fn start() -> Self {
        let server = ServerProcess::start_with_page().await;
        let url = server.site.url("/b/r");
        let mut browser = Browser::start().await;
        let mut ann = browser.open(&ANN, &url).await;
        ann.until_saved().await;
        // Only then is the page itself kept.
        ann.evaluate("navigator.serviceWorker.ready.then(() => true)").await;
        ann.look_at_origin().await;
        Self { server, browser, ann, url }
    }

    async fn another_tab(&mut self) -> Page {
        let mut page = self.browser.open_in(self.ann.profile(), &ANN, &self.url).await;
        page.look_at_origin().await;
        page
    }

    async fn n_on_server(&self) -> usize {
        self.server.site.elements("r").await.len()
    }
}

/// Draws a line at a height, and waits until the browser keeps it.
async fn draw(page: &mut Page, y: f64) {
    page.strike("p").await;
    page.drag(&[(300.0, y), (400.0, y), (500.0, y), (600.0, y)]).await;
    page.until("tandem.stats().kept").await;
}

async fn until_offline(page: &mut Page) {
    page.until("['waiting', 'connecting'].includes(tandem.stats().connection)").await;
}

async fn until_unsaved(page: &mut Page) {
    let saved = "document.querySelector('[data-testid=saved]').textContent";
    page.until(&format!("/^[1-9][0-9]* unsaved$/.test({saved})")).await;
}

async fn until_elements(page: &mut Page, n: usize) {
    page.until(&format!("tandem.elements().length === {n}")).await;
}

#[tokio::test]
async fn what_is_drawn_without_a_network_survives_reloads_and_closed_tabs() {
    let mut story = Story::start().await;
    let mut bob = story.browser.open(&BOB, &story.url).await;
    draw(&mut story.ann, 200.0).await;
    until_elements(&mut bob, 1).await;
    story.server.kill9().await;
    until_offline(&mut story.ann).await;

    draw(&mut story.ann, 260.0).await;
    until_unsaved(&mut story.ann).await;
    story.ann.reload_unsaved().await;
    until_elements(&mut story.ann, 2).await;
    story.ann.look_at_origin().await;
    story
        .ann
        .until_looks("both lines without a server", |picture| {
            picture.is_inked(450.0, 200.0) && picture.is_inked(450.0, 260.0)
        })
        .await;
    until_unsaved(&mut story.ann).await;
    draw(&mut story.ann, 320.0).await;

    let Story { mut server, mut browser, ann, url } = story;
    let profile = browser.close_page(ann).await;
    let mut ann = browser.open_in(profile, &ANN, &url).await;
    until_elements(&mut ann, 3).await;
    ann.look_at_origin().await;
    draw(&mut ann, 380.0).await;
    server.restart().await;
    ann.until_saved().await;
    assert_eq!(server.site.elements("r").await.len(), 4);
    until_elements(&mut bob, 4).await;
    bob.until_saved().await;
    browser.close().await;
}

#[tokio::test]
async fn the_work_of_two_tabs_that_were_closed_arrives_from_a_third() {
    let mut story = Story::start().await;
    let mut other = story.another_tab().await;
    draw(&mut story.ann, 200.0).await;
    until_elements(&mut other, 1).await;
    other.until_saved().await;
    story.ann.until_saved().await;
    story.server.kill9().await;
    until_offline(&mut story.ann).await;
    until_offline(&mut other).await;
    for round in [0.0, 100.0] {
        draw(&mut story.ann, 260.0 + round).await;
        draw(&mut other, 300.0 + round).await;
    }
    let Story { mut server, mut browser, ann, url } = story;
    browser.close_page(ann).await;
    let profile = browser.close_page(other).await;
    let mut third = browser.open_in(profile, &ANN, &url).await;
    until_elements(&mut third, 5).await;
    third.until("tandem.stats().unsaved >= 4").await;
    server.restart().await;
    third.until_saved().await;
    assert_eq!(server.site.elements("r").await.len(), 5);
    browser.close().await;
}

#[tokio::test]
async fn a_tab_that_stays_sends_what_one_that_went_has_left() {
    let mut story = Story::start().await;
    let mut other = story.another_tab().await;
    other.until_saved().await;
    story.server.kill9().await;
    until_offline(&mut other).await;
    until_offline(&mut story.ann).await;
    draw(&mut other, 200.0).await;
    story.browser.close_page(other).await;
    story.server.restart().await;
    until_elements(&mut story.ann, 1).await;
    story.ann.until_saved().await;
    // Ann knows of it from the browser's store as well; Bob only from the server.
    let mut bob = story.browser.open(&BOB, &story.url).await;
    until_elements(&mut bob, 1).await;
    assert_eq!(story.n_on_server().await, 1);
    story.browser.close().await;
}

#[tokio::test]
async fn a_room_that_lost_its_past_gets_nothing_back_and_the_old_board_is_kept_beside() {
    let mut story = Story::start().await;
    draw(&mut story.ann, 200.0).await;
    story.ann.until_saved().await;
    story.server.kill9().await;
    until_offline(&mut story.ann).await;
    draw(&mut story.ann, 260.0).await;
    story.server.lose_data();
    story.ann.forget_load();
    story.server.restart().await;
    story.ann.until_loaded().await;
    let link = "document.querySelector('.toast a')";
    story.ann.until(link).await;
    story.ann.until_saved().await;
    until_elements(&mut story.ann, 0).await;
    assert_eq!(story.n_on_server().await, 0, "nothing is resurrected");

    let room = story.ann.evaluate(&format!("{link}.textContent")).await;
    let room = room.as_str().unwrap().to_owned();
    assert!(room.starts_with("r-recovered-"), "{room}");
    story.ann.forget_load();
    story.ann.evaluate(&format!("{link}.click()")).await;
    story.ann.until_loaded().await;
    until_elements(&mut story.ann, 2).await;
    story.ann.until_saved().await;
    assert_eq!(story.server.site.elements(&room).await.len(), 2);
    story.browser.close().await;
}

#[tokio::test]
async fn a_program_that_ends_suddenly_loses_nothing() {
    let mut story = Story::start().await;
    story.server.kill9().await;
    until_offline(&mut story.ann).await;
    draw(&mut story.ann, 200.0).await;
    let trap = "setTimeout(() => { throw new WebAssembly.RuntimeError('unreachable') })";
    story.ann.forget_load();
    story.ann.evaluate(trap).await;
    story.ann.until("document.querySelector('.notice h1')").await;
    story.ann.until_loaded().await;
    until_elements(&mut story.ann, 1).await;
    // The second time within a minute it is for the person to say.
    story.ann.evaluate(trap).await;
    story.ann.until("document.querySelector('.notice h1')?.textContent.includes('keeps')").await;
    story.ann.forget_load();
    story.ann.evaluate("document.querySelector('.notice button').click()").await;
    story.ann.until_loaded().await;
    story.server.restart().await;
    story.ann.until_saved().await;
    assert_eq!(story.n_on_server().await, 1);
    story.browser.close().await;
}

#[tokio::test]
async fn what_is_typed_right_before_a_reload_is_there() {
    let mut story = Story::start().await;
    story.server.kill9().await;
    until_offline(&mut story.ann).await;
    story.ann.strike("t").await;
    story.ann.click(400.0, 300.0).await;
    story.ann.until("document.querySelector('[data-text-field]:not([hidden])')").await;
    // While the browser's store is busy with the first letter.
    let letters = "(() => {
            const field = document.querySelector('[data-text-field]');
            for (const letter of 'abcdefghij') {
                field.value += letter;
                field.dispatchEvent(new Event('input'));
            }
            return true;
        })()";
    story.ann.evaluate(letters).await;
    story.ann.reload_unsaved().await;
    story.ann.until("tandem.elements()[0]?.text === 'abcdefghij'").await;
    story.server.restart().await;
    story.ann.until_saved().await;
    assert_eq!(story.n_on_server().await, 1);
    story.browser.close().await;
}

#[tokio::test]
async fn an_old_page_is_told_of_the_new_one_and_loses_nothing() {
    let mut story = Story::start().await;
    story.server.kill9().await;
    until_offline(&mut story.ann).await;
    draw(&mut story.ann, 200.0).await;
    // From here on its hellos tell of a version that the server does not know.
    let aged = "WebSocket.prototype.send = ((send) => function (bytes) {
            const aged = Uint8Array.from(bytes);
            if (aged[1] === 0) aged[3] = 99;
            send.call(this, aged);
        })(WebSocket.prototype.send)";
    story.ann.evaluate(aged).await;
    story.server.restart().await;
    story.ann.until("document.querySelector('.notice h1')?.textContent.includes('version')").await;
    assert_eq!(story.n_on_server().await, 0);
    story.ann.reload_unsaved().await;
    story.ann.until_saved().await;
    assert_eq!(story.n_on_server().await, 1);
    story.browser.close().await;
}

#[tokio::test]
async fn a_browser_that_keeps_nothing_says_so_and_works() {
    let mut story = Story::start().await;
    for (script, word) in [
        ("indexedDB.open = () => { throw new Error('forbidden') }", "may not keep it"),
        ("Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })", "https"),
    ] {
        story.ann.before_load(script).await;
        story.ann.forget_load();
        story.ann.reload().await;
        let told = "document.querySelector('.toast')?.textContent";
        story.ann.until(&format!("{told}?.includes('{word}')")).await;
        story.ann.look_at_origin().await;
        story.ann.strike("p").await;
        story.ann.drag(&[(300.0, 200.0), (400.0, 260.0), (500.0, 200.0)]).await;
        story.ann.until_saved().await;
    }
    assert_eq!(story.n_on_server().await, 2);
    story.browser.close().await;
}

#[tokio::test]
async fn a_store_that_fails_half_way_is_told_of_and_nothing_is_lost() {
    let mut story = Story::start().await;
    draw(&mut story.ann, 200.0).await;
    story.ann.until_saved().await;
    story
        .ann
        .evaluate("IDBObjectStore.prototype.add = () => { throw new DOMException('', 'QuotaExceededError') }")
        .await;
    story.ann.drag(&[(300.0, 300.0), (400.0, 360.0), (500.0, 300.0)]).await;
    story.ann.until("document.querySelector('.toast')?.textContent.includes('no room')").await;
    story.ann.until_saved().await;
    assert_eq!(story.n_on_server().await, 2);
    story.ann.reload().await;
    story.ann.look_at_origin().await;
    draw(&mut story.ann, 400.0).await;
    story.ann.until_saved().await;
    assert_eq!(story.n_on_server().await, 3);
    story.browser.close().await;
}

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
