//! A real browser whose server goes away: what was drawn stays, through reloads, closed tabs and accidents.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod reopened;

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
