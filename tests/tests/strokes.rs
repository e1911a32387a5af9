//! Many pens on one board, in a real browser: nothing of one's own hand is lost, and others' strokes look
//! while they are drawn as they do when they are written.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use chrome::{Browser, Page, Person, Screenshot};
use editor::{Editor, Effects, Input, Modifiers, Pointer, PointerKind, Sample, ScreenPoint, Tool};
use shared::color::Color;
use shared::element::{FillStyle, NewElement, Shape, Style, StylePatch};
use shared::geometry::{BoardPoint, Geometry};
use shared::limits::INK_COMMIT_EVERY;
use shared::time::Time;
use tests::{Client, ServerProcess};

const ANN: Person = Person { name: "Ann Lee", color: 0xe34ba9 };

/// The middle of the page, clear of the panels: left, top, right, bottom.
const MIDDLE: [u32; 4] = [240, 70, 940, 630];

/// A native person with a pen, who stands where the page's camera looks at the origin.
struct Hand {
    client: Client,
    editor: Editor,
    now: Time,
}

impl Hand {
    async fn join(
        server: &ServerProcess,
        name: &str,
        stroke: Color,
        width: f64,
        opacity: f64,
    ) -> Self {
        let client = server.site.join("r", name).await;
        let mut hand = Self { client, editor: Editor::default(), now: Time(0) };
        let look = hand.editor.look(|camera| camera.look_at(BoardPoint::new(0.0, 0.0), 1.0));
        hand.client.show(look.presence);
        hand.does(Input::Pick(Tool::Pen));
        hand.does(Input::Restyle(StylePatch {
            stroke: Some(stroke),
            width: Some(width),
            opacity: Some(opacity),
            ..StylePatch::default()
        }));
        hand
    }

    fn does(&mut self, input: Input) {
        let effects = self.client.edit(|board| self.editor.handle(self.now, input, board));
        let Effects { presence, .. } = effects;
        self.client.show(presence);
    }

    fn pen(&self, (x, y): (f64, f64)) -> Pointer {
        let at = self.editor.camera().to_screen(BoardPoint::new(x, y));
        Pointer {
            id: 1,
            kind: PointerKind::Mouse,
            button: 0,
            sample: Sample { at: ScreenPoint::new(at.x, at.y), pressure: 0.5 },
            modifiers: Modifiers::default(),
            now: self.now,
        }
    }

    fn presses(&mut self, at: (f64, f64)) {
        self.does(Input::Down(self.pen(at)));
    }

    fn moves(&mut self, at: (f64, f64)) {
        let pen = self.pen(at);
        self.does(Input::Move(pen, vec![pen.sample]));
    }

    fn releases(&mut self, at: (f64, f64)) {
        self.does(Input::Up(self.pen(at)));
    }

    /// Lets so much time pass that what is drawn is written.
    fn waits(&mut self) {
        self.now = self.now + INK_COMMIT_EVERY;
        self.does(Input::Tick);
    }
}

/// A place on a curve that crosses itself and others'.
fn place(who: usize, step: u32) -> (f64, f64) {
    let (who, turn) = (who as f64, f64::from(step) / 14.0);
    let (x, y) = ((turn + who).sin() * 260.0, (turn * 1.7 + who * 2.0).sin() * 150.0);
    (x + who * 40.0 - 100.0, y)
}

const STEPS: u32 = 120;
/// So many places at the end of a stroke are not certain yet.
const END: u32 = 45;

/// Five people in the middle of a stroke each, drawn at the same time; every second one shows through.
async fn draw_together(server: &ServerProcess) -> Vec<Hand> {
    let colors = [0xe03131, 0x1971c2, 0x2f9e44, 0xf08c00, 0x1e1e1e];
    let mut hands = Vec::new();
    for (who, color) in colors.into_iter().enumerate() {
        let opacity = if who % 2 == 1 { 0.4 } else { 1.0 };
        let width = if who < 2 { 5.0 } else { 2.0 };
        let name = format!("Hand {who}");
        hands.push(Hand::join(server, &name, Color::rgb(color), width, opacity).await);
    }
    for step in 0..=STEPS {
        for (who, hand) in hands.iter_mut().enumerate() {
            let at = place(who, step);
            if step == 0 {
                hand.presses(at);
            } else {
                hand.moves(at);
            }
            // In turns, so that the chunks come in another order than the strokes lie.
            if step % 20 == 4 * who as u32 {
                hand.waits();
            }
        }
    }
    hands
}

async fn open(server: &ServerProcess) -> (Browser, Page) {
    let mut browser = Browser::start().await;
    let mut page = browser.open(&ANN, &server.site.url("/b/r")).await;
    page.evaluate(
        "window.switchTheme = () => dispatchEvent(new KeyboardEvent('keydown', {
            key: 'D', code: 'KeyD', altKey: true, shiftKey: true,
        })), true",
    )
    .await;
    page.look_at_origin().await;
    (browser, page)
}

/// The page when it looks the same twice in a row.
async fn settled(page: &mut Page) -> Screenshot {
    let mut last = page.screenshot().await;
    loop {
        page.evaluate("new Promise(done => setTimeout(() => tandem.painted().then(done), 150))")
            .await;
        let next = page.screenshot().await;
        if next.n_different(&last, MIDDLE, 0) == 0 {
            return next;
        }
        last = next;
    }
}

async fn look(page: &mut Page, at: (f64, f64), zoom: f64, is_other_theme: bool) -> Screenshot {
    let switch = if is_other_theme { "switchTheme()," } else { "" };
    let camera = format!("{{ x: {}, y: {}, zoom: {zoom} }}", at.0, at.1);
    page.evaluate(&format!("{switch} tandem.setCamera({camera}), true")).await;
    settled(page).await
}

/// Where two pictures differ by more than the edges of pieces do.
fn different<'a>(
    one: &'a Screenshot,
    other: &'a Screenshot,
) -> impl Iterator<Item = (f64, f64)> + 'a {
    let [left, top, right, bottom] = MIDDLE;
    let places = (top..bottom).flat_map(move |y| (left..right).map(move |x| (x.into(), y.into())));
    places.filter(move |&(x, y)| {
        one.at(x, y).iter().zip(other.at(x, y)).any(|(one, other)| one.abs_diff(other) > 48)
    })
}

/// Others' cursors would be in the pictures.
fn hide_cursors(hands: &mut [Hand]) {
    for hand in hands {
        hand.does(Input::Leave);
    }
}

fn keep(picture: &Screenshot, name: &str) {
    if let Some(folder) = std::env::var_os("TANDEM_PICTURES") {
        std::fs::write(std::path::Path::new(&folder).join(name), &picture.png).unwrap();
    }
}

#[tokio::test]
async fn strokes_of_many_look_the_same_while_they_are_drawn_and_when_they_are_written() {
    let server = ServerProcess::start_with_page().await;
    let (browser, mut page) = open(&server).await;
    let mut hands = draw_together(&server).await;
    hide_cursors(&mut hands);
    // Points that only the gesture has are there, too.
    let (x, y) = place(4, STEPS);
    page.until_looks("the end of the last stroke", |it| it.is_inked(x + 500.0, y + 350.0)).await;
    let mut flowing = Vec::new();
    // By name: where the camera is, how near, and whether the theme changes.
    let looks = [
        ("near", (0.0, 0.0), 1.0, false),
        ("far", (40.0, 20.0), 0.5, false),
        ("large", (90.0, 30.0), 3.0, false),
        ("dark", (0.0, 0.0), 1.0, true),
    ];
    for (name, at, zoom, is_other_theme) in looks {
        let picture = look(&mut page, at, zoom, is_other_theme).await;
        keep(&picture, &format!("flowing-{name}.png"));
        flowing.push(picture);
    }
    for (who, hand) in hands.iter_mut().enumerate() {
        hand.releases(place(who, STEPS));
        hand.does(Input::Leave);
    }
    for hand in &hands {
        hand.client.until_saved().await;
    }
    page.until(&format!(
        "tandem.elements().length === 5 && tandem.elements().every(it => it.points.length === {})",
        STEPS + 1
    ))
    .await;
    page.evaluate("switchTheme(), true").await;
    for ((name, at, zoom, is_other_theme), flowing) in looks.into_iter().zip(flowing) {
        let picture = look(&mut page, at, zoom, is_other_theme).await;
        keep(&picture, &format!("written-{name}.png"));
        // An end lies over what is there, wherever in the stack its stroke is.
        let on_screen = |(x, y)| ((x - at.0) * zoom + 500.0, (y - at.1) * zoom + 350.0);
        let ends: Vec<_> = (0..hands.len())
            .flat_map(|who| (STEPS - END..=STEPS).map(move |step| on_screen(place(who, step))))
            .collect();
        let is_near_end = |x: f64, y: f64| {
            ends.iter().any(|end| (end.0 - x).hypot(end.1 - y) < 14.0 * zoom.max(1.0))
        };
        let n_different =
            different(&picture, &flowing).filter(|&(x, y)| !is_near_end(x, y)).count();
        assert!(n_different < 60, "{name}: {n_different} pixels");
        assert!(different(&picture, &flowing).count() < 3_000, "{name}");
    }
    browser.close().await;
}

#[tokio::test]
async fn ones_own_stroke_looks_the_same_while_a_worker_paints_it_and_when_it_is_written() {
    let server = ServerProcess::start_with_page().await;
    let (browser, mut page) = open(&server).await;
    for tool in ["pen", "highlighter"] {
        page.evaluate(&format!("tandem.setTool('{tool}'), true")).await;
        page.until("ink?.isReady").await;
        let flowing = begin_stroke(&mut page).await;
        keep(&flowing, &format!("own-{tool}-flowing.png"));
        assert_eq!(page.evaluate("ink.isShown").await, true);
        page.release().await;
        page.until_saved().await;
        let written = settled(&mut page).await;
        keep(&written, &format!("own-{tool}-written.png"));
        assert_eq!(page.evaluate("ink.isShown").await, false);
        assert!(different(&written, &flowing).count() < 60, "{tool}");
        page.strike_with_ctrl("z").await;
    }
    browser.close().await;
}

#[tokio::test]
async fn what_somebody_lays_over_ones_own_stroke_is_seen_while_it_is_drawn() {
    let server = ServerProcess::start_with_page().await;
    let bob = server.site.join("r", "Bob").await;
    let (browser, mut page) = open(&server).await;
    page.strike("p").await;
    page.until("ink?.isReady").await;
    begin_stroke(&mut page).await;
    bob.edit(|board| {
        let geometry = Geometry { x: -300.0, y: -200.0, w: 600.0, h: 400.0, ..Geometry::default() };
        let style =
            Style { fill: Color::rgb(0x2f9e44), fill_style: FillStyle::Solid, ..Style::default() };
        board.insert(NewElement::new(Some(geometry), style, Shape::Rectangle));
    });
    page.until("!ink.isShown").await;
    let (x, y) = place(0, STEPS / 2);
    let is_green = |it: &Screenshot| it.at(x + 500.0, y + 350.0) == [0x2f, 0x9e, 0x44];
    page.until_looks("what lies over the stroke", is_green).await;
    browser.close().await;
}

/// The page in the middle of a stroke of its own.
async fn begin_stroke(page: &mut Page) -> Screenshot {
    let at = |step| {
        let (x, y) = place(0, step);
        (x + 500.0, y + 350.0)
    };
    page.move_to(at(0).0, at(0).1).await;
    page.press().await;
    for step in 1..=STEPS {
        page.move_to(at(step).0, at(step).1).await;
    }
    settled(page).await
}

#[tokio::test]
async fn a_stroke_whose_author_vanishes_stays_as_far_as_it_is_written() {
    let server = ServerProcess::start_with_page().await;
    let (browser, mut page) = open(&server).await;
    let mut hand = Hand::join(&server, "Bob", Color::rgb(0x1e1e1e), 2.0, 1.0).await;
    hand.presses((-200.0, 0.0));
    for x in -19..=0 {
        hand.moves((f64::from(x) * 10.0, 0.0));
    }
    hand.waits();
    for x in 1..=20 {
        hand.moves((f64::from(x) * 10.0, 0.0));
    }
    let is_inked = |picture: &Screenshot, x: f64| picture.is_inked(500.0 + x, 350.0);
    page.until_looks("the whole stroke", |it| is_inked(it, -150.0) && is_inked(it, 190.0)).await;
    drop(hand);
    page.until_looks("what was written", |it| is_inked(it, -150.0) && !is_inked(it, 190.0)).await;
    page.until("tandem.stats().members === 1").await;
    browser.close().await;
}

/// Counts what the browser hands to the page while a button is held, beside the page itself.
const COUNT: &str = "window.nHeard = 0;
    addEventListener('pointermove', event => {
        if (event.buttons) nHeard += event.getCoalescedEvents().length || 1;
    }, true);
    true";

#[tokio::test]
async fn every_place_that_the_pen_passes_is_stored_on_a_full_board() {
    let server = ServerProcess::start_with_page().await;
    let crowd = server.site.join("r", "Crowd").await;
    crowd.edit(|board| {
        let boxes = (0..8_000).map(|n| {
            let (x, y) = (f64::from(n % 100) * 30.0 - 1_500.0, f64::from(n / 100) * 30.0 - 1_200.0);
            let geometry = Geometry { x, y, w: 25.0, h: 25.0, ..Geometry::default() };
            let new = NewElement::new(Some(geometry), Style::default(), Shape::Rectangle);
            (board.new_id(), new)
        });
        let boxes = boxes.collect();
        board.insert_copies(boxes);
    });
    crowd.until_saved().await;
    let (browser, mut page) = open(&server).await;
    page.until("tandem.elements().length === 8000").await;
    page.evaluate(
        "tandem.setCamera({ x: 0, y: 0, zoom: 0.25 }), tandem.painted().then(() => true)",
    )
    .await;
    page.strike("p").await;
    page.evaluate(COUNT).await;
    // No two places in a row are the same, and none is where the pen was put down.
    let spiral = |n: u32| {
        let (turn, radius) = (f64::from(n) / 25.0, 30.0 + f64::from(n) * 0.1);
        ((500.0 + turn.cos() * radius).round(), (350.0 + turn.sin() * radius).round())
    };
    let mut places: Vec<_> = (0..2_000).map(spiral).collect();
    places.dedup();
    let (x, y) = places[0];
    page.move_to(x, y).await;
    page.press().await;
    page.rush(&places[1..]).await;
    page.release().await;
    page.until_saved().await;
    let n_heard = page.evaluate("nHeard").await;
    let elements = page.elements().await;
    let ink = elements.iter().find(|it| it["kind"] == "ink").unwrap();
    let n_stored = ink["points"].as_array().unwrap().len();
    assert_eq!(n_heard, places.len() - 1, "the browser tells all");
    assert_eq!(n_stored, places.len());
    browser.close().await;
}
