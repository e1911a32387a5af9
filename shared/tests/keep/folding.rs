//! The stored board written anew: part by part, whatever ends in between, and few updates instead of many.

use std::collections::BTreeMap;

use shared::element::Element;
use shared::geometry::Geometry;
use shared::id::ElementId;
use shared::keep::Entry;

use super::browser::{Browser, Page, Server};
use super::ids;
use super::in_parts::{Shared, documents, entries, kept};

/// The most bytes of the board in one write, with what goes around them.
const WRITE_MAX_BYTES: usize = 300 * 1024;

/// A browser that has kept a large board and then seen all of it moved, so often that its store has outgrown itself.
fn outgrown() -> (Shared, Server) {
    let (browser, mut server) = kept();
    let mut page = Page::open_in_parts(&browser, 50);
    let mut other = Page::open(&Browser::new(), 51);
    page.settle(&mut server);
    other.settle(&mut server);
    let all: Vec<ElementId> = other.ids().into_iter().collect();
    for round in 0..4 {
        for some in all.chunks(100) {
            let y = f64::from(round + 1);
            let place = |id: &ElementId| {
                let geometry = other.board.element(id).unwrap().geometry;
                (id.clone(), Geometry { y, ..geometry })
            };
            let places: Vec<_> = some.iter().map(place).collect();
            other.board.place(&places);
            other.session.handle_edits(&mut other.board);
            other.settle(&mut server);
            page.exchange(&mut server, usize::MAX);
            page.store_all();
        }
    }
    page.close();
    (browser, server)
}

fn n_bytes(browser: &Shared) -> usize {
    let n_bytes = |entry| match entry {
        Entry::Document(update) => update.len(),
        _ => 0,
    };
    entries(browser).into_iter().map(|(_, entry)| n_bytes(entry)).sum()
}

fn elements(server: &Server) -> BTreeMap<ElementId, Element> {
    server.replica.elements().into_iter().map(|it| (it.id.clone(), it)).collect()
}

/// What a page reads that has nothing but the store.
fn read(browser: &Shared, seed: u64) -> BTreeMap<ElementId, Element> {
    let mut page = Page::open_in_parts(browser, seed);
    page.load(usize::MAX);
    page.board.elements().map(|it| (it.id.clone(), (**it).clone())).collect()
}

#[test]
fn a_board_that_has_outgrown_itself_is_written_anew_part_by_part_and_is_there_whatever_ends_in_between()
 {
    let (browser, mut server) = outgrown();
    let before = browser.borrow().store.clone();
    let (old, n_before) = (documents(&browser), n_bytes(&browser));
    server.is_up = false;
    let expected = elements(&server);
    let mut is_over = false;
    for n_writes in 0..200 {
        if is_over {
            break;
        }
        browser.borrow_mut().store.clone_from(&before);
        let mut page = Page::open_in_parts(&browser, 100 + n_writes);
        page.load(usize::MAX);
        for _ in 0..n_writes {
            let Some(write) = page.session.poll_write() else {
                is_over = true;
                break;
            };
            let n_bytes: usize = write.put.iter().map(Vec::len).sum();
            assert!(n_bytes < WRITE_MAX_BYTES, "{n_bytes} bytes in one write");
            let keys = browser.borrow_mut().write(&write);
            page.session.handle_written(keys);
        }
        // Or it is done and nobody hears of it.
        if n_writes % 2 == 1
            && let Some(write) = page.session.poll_write()
        {
            browser.borrow_mut().write(&write);
        }
        page.close();
        assert!(read(&browser, 500 + n_writes) == expected, "after {n_writes} writes");
    }
    assert!(is_over, "it comes to an end");
    assert!(documents(&browser).iter().all(|key| !old.contains(key)), "all of it is new");
    assert!(n_bytes(&browser) < n_before * 3 / 4, "{n_before} bytes, now {}", n_bytes(&browser));
    let written = documents(&browser);
    let mut page = Page::open_in_parts(&browser, 1_000);
    page.load(usize::MAX);
    page.store_all();
    assert_eq!(documents(&browser), written, "once is enough");
}

#[test]
fn edits_that_come_one_by_one_do_not_pile_up_in_the_store_of_a_large_board() {
    let (browser, mut server) = kept();
    let n_before = documents(&browser).len();
    let mut page = Page::open_in_parts(&browser, 50);
    let mut other = Page::open(&Browser::new(), 51);
    page.settle(&mut server);
    other.settle(&mut server);
    for _ in 0..600 {
        other.draw();
        other.store_all();
        other.exchange(&mut server, usize::MAX);
        page.exchange(&mut server, usize::MAX);
        page.store_all();
    }
    let n_more = documents(&browser).len() - n_before;
    assert!(n_more < 80, "{n_more} for 600 edits");
    page.close();
    server.is_up = false;
    assert!(
        read(&browser, 60).into_keys().collect::<std::collections::BTreeSet<_>>() == ids(&server)
    );
}
