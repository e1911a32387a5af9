//! A large board that the browser has kept, opened by parts.

use std::collections::BTreeSet;

use shared::board::Board;
use shared::element::{NewElement, Shape, Style};
use shared::geometry::Geometry;
use shared::id::{ClientId, ElementId, Incarnation};
use shared::keep::{Entry, Found, Key};
use shared::session::{Connection, Event};

use super::browser::{Browser, Page, Server};
use super::ids;

pub type Shared = std::rc::Rc<std::cell::RefCell<Browser>>;

const N_ELEMENTS: usize = 4_000;

/// A browser that has kept all of a board on which much is, of which a hundredth is in view, and the server.
pub fn kept() -> (Shared, Server) {
    let (browser, mut server) = (Browser::new(), Server::new());
    let mut other = Board::new(ClientId::new(7).unwrap(), 7);
    for n in 0..N_ELEMENTS {
        let x = if n % 100 == 0 { 0.0 } else { 10.0 * n as f64 };
        let geometry = Geometry { x, w: 10.0, h: 10.0, ..Geometry::default() };
        other.insert(NewElement::new(Some(geometry), Style::default(), Shape::Rectangle));
    }
    other.take_updates().iter().for_each(|update| server.replica.take(update).unwrap());
    let mut page = Page::open(&browser, 1);
    page.session.load_in_parts(super::browser::VIEW);
    page.exchange(&mut server, usize::MAX);
    page.settle(&mut server);
    page.close();
    (browser, server)
}

pub fn entries(browser: &Shared) -> Vec<(Key, Entry)> {
    let browser = browser.borrow();
    browser.store.iter().map(|(&key, bytes)| (key, Entry::decode(bytes).unwrap())).collect()
}

/// Where parts of the board stand.
pub fn documents(browser: &Shared) -> Vec<Key> {
    let all = entries(browser).into_iter();
    all.filter(|(_, it)| matches!(it, Entry::Document(_))).map(|(key, _)| key).collect()
}

fn n_tickets(browser: &Shared) -> usize {
    entries(browser).iter().filter(|(_, it)| matches!(it, Entry::Ticket(_))).count()
}

fn is_large(browser: &Shared) -> bool {
    let mut found = Found::default();
    browser.borrow().store.iter().for_each(|(&key, bytes)| found.read(key, bytes));
    found.is_large()
}

/// Takes steps until all that is in view is shown, and none of the document read.
fn look(page: &mut Page) {
    while !page.session.is_at_first_sight() {
        page.load(1);
    }
}

#[test]
fn what_is_in_view_is_there_at_first_and_then_the_rest() {
    let (browser, mut server) = kept();
    assert!(is_large(&browser));
    server.is_up = false;
    let mut page = Page::open_in_parts(&browser, 2);
    assert_eq!(page.board.n_elements(), 0);
    look(&mut page);
    let n_seen = page.board.n_elements();
    assert!((40..N_ELEMENTS / 10).contains(&n_seen), "{n_seen} are in view");
    assert!(page.board.is_preview());
    page.load(usize::MAX);
    assert!(!page.board.is_preview());
    assert!(page.ids() == ids(&server));
    page.exchange(&mut server, usize::MAX);
    assert_eq!(page.session.connection(), Connection::Waiting, "it goes on without a server");
}

#[test]
fn it_connects_when_all_is_in_and_is_sent_nothing_again() {
    let (browser, mut server) = kept();
    let before = documents(&browser);
    let mut page = Page::open_in_parts(&browser, 2);
    look(&mut page);
    page.load(1);
    page.session.connect(page.now);
    page.exchange(&mut server, usize::MAX);
    assert_eq!(page.session.connection(), Connection::Offline);
    page.load(usize::MAX);
    page.exchange(&mut server, usize::MAX);
    assert_eq!(page.session.connection(), Connection::Live);
    assert!(!page.session.is_loading(), "there is nothing new");
    page.store_all();
    assert_eq!(documents(&browser), before);
}

#[test]
fn a_page_that_is_told_to_stay_alone_stays_so() {
    let (browser, mut server) = kept();
    let mut page = Page::open_in_parts(&browser, 2);
    page.session.disconnect();
    page.load(usize::MAX);
    page.exchange(&mut server, usize::MAX);
    assert_eq!(page.session.connection(), Connection::Offline);
}

/// What is drawn and changed while it loads, at every moment of that; pages that end there, and others that go on.
#[test]
fn work_that_is_done_while_it_loads_is_kept_and_arrives() {
    let (browser, mut server) = kept();
    server.is_up = false;
    let all = ids(&server);
    let (mut drawn, mut moved) = (BTreeSet::new(), Vec::new());
    for seed in 0..12 {
        let mut page = Page::open_in_parts(&browser, 2 + seed);
        page.load(seed as usize);
        drawn.insert(page.draw());
        // Something that is only seen, or read already.
        if let Some(id) = page.ids().into_iter().find(|it| all.contains(it)) {
            page.place(&id, 1_000.0 + seed as f64);
            moved.retain(|(other, _): &(ElementId, f64)| *other != id);
            moved.push((id, 1_000.0 + seed as f64));
        }
        page.load(seed as usize / 2);
        drawn.insert(page.draw());
        page.store_all();
        page.close();
    }
    assert!(!moved.is_empty(), "something was in view");
    let expected: BTreeSet<ElementId> = all.union(&drawn).cloned().collect();
    let mut page = Page::open_in_parts(&browser, 99);
    page.load(usize::MAX);
    assert!(page.ids() == expected);
    for (id, x) in &moved {
        assert_eq!(page.board.element(id).unwrap().geometry.x, *x);
    }
    server.is_up = true;
    page.wait();
    page.settle(&mut server);
    assert_eq!(ids(&server), expected);
    assert!(page.ids() == expected);
    assert!(server.refusals.is_empty(), "{:?}", server.refusals);
    page.close();
    assert!(Page::open(&browser, 100).ids() == expected);
}

#[test]
fn ids_are_used_once_and_their_tickets_do_not_pile_up() {
    let (browser, mut server) = kept();
    let mut used = BTreeSet::new();
    for seed in 0..10 {
        let mut page = Page::open_in_parts(&browser, 2 + seed);
        assert!(used.insert(page.own.value()));
        page.load(usize::MAX);
        page.draw();
        page.settle(&mut server);
        page.close();
        assert!(n_tickets(&browser) < 3, "{} tickets", n_tickets(&browser));
    }
    let mut one = Page::open_in_parts(&browser, 50);
    one.settle(&mut server);
    let mut other = Page::open_in_parts(&browser, 51);
    other.settle(&mut server);
    let held = entries(&browser);
    let has_ticket = |page: &Page| {
        held.iter().any(|(_, it)| matches!(it, Entry::Ticket(it) if it.client == page.own))
    };
    assert!(has_ticket(&one) && has_ticket(&other), "those of pages that are open stay");
}

#[test]
fn what_another_page_writes_meanwhile_is_taken_in_when_it_is_its_turn() {
    let (browser, mut server) = kept();
    server.is_up = false;
    let mut late = Page::open_in_parts(&browser, 2);
    look(&mut late);
    let mut other = Page::open_in_parts(&browser, 3);
    other.load(usize::MAX);
    let id = other.ids().into_iter().next().unwrap();
    other.place(&id, 77.0);
    let drawn = other.draw();
    other.store_all();
    other.close();
    late.look_around();
    late.load(usize::MAX);
    assert!(late.ids().contains(&drawn));
    assert_eq!(late.board.element(&id).unwrap().geometry.x, 77.0);
    server.is_up = true;
    late.wait();
    late.settle(&mut server);
    assert!(ids(&server).contains(&drawn));
}

#[test]
fn what_cannot_be_read_is_sent_anew_and_what_builds_on_it_too() {
    for spoil in [true, false] {
        let (browser, mut server) = kept();
        let all = ids(&server);
        assert!(documents(&browser).len() > 2);
        let key = documents(&browser)[0];
        if spoil {
            let entry = entries(&browser).into_iter().find(|(at, _)| *at == key);
            let Some((_, Entry::Document(mut update))) = entry else { panic!("it is one") };
            let middle = update.len() / 2;
            update[middle..].iter_mut().for_each(|byte| *byte = !*byte);
            browser.borrow_mut().store.insert(key, Entry::Document(update).encode());
        } else {
            browser.borrow_mut().store.remove(&key);
        }
        let mut page = Page::open_in_parts(&browser, 2);
        page.load(usize::MAX);
        page.exchange(&mut server, usize::MAX);
        assert_eq!(page.events.contains(&Event::Damaged), spoil);
        let drawn = page.draw();
        page.settle(&mut server);
        assert_eq!(ids(&server), all.iter().cloned().chain([drawn]).collect());
        assert!(page.ids() == ids(&server));
        page.close();

        let mut page = Page::open_in_parts(&browser, 3);
        page.load(usize::MAX);
        page.exchange(&mut server, usize::MAX);
        assert!(!page.events.contains(&Event::Damaged));
        assert!(page.ids() == ids(&server));
    }
}

/// Entries in any order, some of them twice, one so large that it is cut: what builds on others waits for them.
#[test]
fn the_order_of_the_store_does_not_matter() {
    let (browser, server) = kept();
    let all: Vec<Vec<u8>> = browser.borrow().store.values().cloned().collect();
    for seed in 0..8 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut entries = all.clone();
        entries.extend(rng.choice(&entries).cloned());
        let whole = server.replica.diff(&[]).unwrap();
        if rng.bool() {
            entries.push(Entry::Document(whole).encode());
        }
        rng.shuffle(&mut entries);
        browser.borrow_mut().store = (1..).map(Key).zip(entries).collect();
        let mut page = Page::open_in_parts(&browser, seed);
        page.load(usize::MAX);
        assert!(page.ids() == ids(&server), "seed {seed}");
        assert!(!page.events.contains(&Event::Damaged));
    }
}

/// The page that stores others' edits is closed, and another one that is open takes over.
#[test]
fn a_large_board_is_not_stored_anew_when_another_page_goes_on_storing() {
    let (browser, mut server) = kept();
    let before = documents(&browser);
    let (mut first, mut next) =
        (Page::open_in_parts(&browser, 2), Page::open_in_parts(&browser, 3));
    let mut other = Page::open(&Browser::new(), 4);
    first.settle(&mut server);
    next.settle(&mut server);
    other.settle(&mut server);
    let drawn = other.draw();
    other.settle(&mut server);
    next.exchange(&mut server, usize::MAX);
    first.close();
    next.look_around();
    next.store_all();
    next.close();
    let after = documents(&browser);
    assert!(before.iter().all(|key| after.contains(key)) && after.len() == before.len() + 1);
    server.is_up = false;
    let mut page = Page::open_in_parts(&browser, 5);
    page.load(usize::MAX);
    assert!(page.ids().contains(&drawn) && page.ids() == ids(&server));
}

#[test]
fn parts_of_two_boards_are_left_to_the_server() {
    let (browser, mut server) = kept();
    let life = Entry::Life(Incarnation(2)).encode();
    browser.borrow_mut().store.insert(Key(1_000), life);
    server.is_up = false;
    let mut page = Page::open_in_parts(&browser, 2);
    page.load(usize::MAX);
    assert_eq!(page.board.n_elements(), 0);
    let drawn = page.draw();
    server.is_up = true;
    page.wait();
    page.settle(&mut server);
    assert!(ids(&server).contains(&drawn));
    assert!(page.ids() == ids(&server));
}

/// An update that no room lets pass, damaged so that it is still one: a page applies it half-way.
#[test]
fn what_breaks_the_board_is_told_once_and_the_next_page_gets_on_without_it() {
    const BREAKING: &[u8] = include_bytes!("../fixtures/hostile/breaks-an-authors-board.update");
    let drawn_before = [
        &include_bytes!("../fixtures/updates/00")[..],
        include_bytes!("../fixtures/updates/01"),
        include_bytes!("../fixtures/updates/02"),
        include_bytes!("../fixtures/updates/03"),
    ];
    let (browser, mut server) = (Browser::new(), Server::new());
    drawn_before.into_iter().for_each(|update| server.replica.take(update).unwrap());
    let mut page = Page::open(&browser, 1);
    page.settle(&mut server);
    page.close();
    let all = ids(&server);
    let damage = Key(1_000);
    browser.borrow_mut().store.insert(damage, Entry::Document(BREAKING.into()).encode());
    let before = browser.borrow().store.clone();

    let mut page = Page::open_in_parts(&browser, 2);
    look(&mut page);
    let drawn = page.draw();
    for _ in 0..2 {
        page.load(usize::MAX);
        page.exchange(&mut server, usize::MAX);
    }
    let n_told = page.events.iter().filter(|&event| *event == Event::Broken).count();
    assert_eq!(n_told, 1);
    assert_eq!(page.session.connection(), Connection::Offline, "nobody is told of half a board");
    page.leave(false);
    let after = browser.borrow().store.clone();
    assert!(before.iter().all(|(key, bytes)| after.get(key) == Some(bytes)), "nothing is lost");

    // The next page knows that one came to its end over this.
    let mut page = Page::open_after(&browser, 3, 1);
    assert!(page.found_damage && page.ids().contains(&drawn));
    page.settle(&mut server);
    assert_eq!(ids(&server), all.into_iter().chain([drawn]).collect());
    assert!(page.ids() == ids(&server));
    assert!(server.refusals.is_empty(), "{:?}", server.refusals);
    page.close();
    assert!(!browser.borrow().store.contains_key(&damage));

    let mut page = Page::open_in_parts(&browser, 4);
    page.settle(&mut server);
    assert!(!page.events.contains(&Event::Broken));
    assert!(page.ids() == ids(&server));
}
