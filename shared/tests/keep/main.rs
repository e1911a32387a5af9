//! What a browser keeps of a board, through reloads, crashes, several pages, and a server that comes and
//! goes.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod browser;
mod folding;
mod in_parts;

use std::collections::BTreeSet;

use browser::{Browser, Page, Server};
use shared::board::Board;
use shared::element::{NewElement, Shape, Style};
use shared::geometry::Bounds;
use shared::id::{ClientId, ElementId, Incarnation, RoomName};
use shared::keep::{Entry, Keep, Key, Recovered};
use shared::session::{Connection, Event};

fn ids(server: &Server) -> BTreeSet<ElementId> {
    server.replica.elements().into_iter().map(|element| element.id).collect()
}

#[test]
fn an_edit_is_stored_before_it_is_sent_and_its_ticket_before_that() {
    let (browser, mut server) = (Browser::new(), Server::new());
    let mut page = Page::open(&browser, 1);
    let id = page.draw();
    page.exchange(&mut server, usize::MAX);
    assert_eq!(page.session.connection(), Connection::Live);
    assert!(ids(&server).is_empty(), "neither is stored");
    page.begin_write();
    page.exchange(&mut server, usize::MAX);
    assert!(ids(&server).is_empty(), "nobody knows yet that both are stored");
    page.end_write();
    page.exchange(&mut server, usize::MAX);
    assert_eq!(ids(&server), BTreeSet::from([id]));
    assert_eq!(page.session.n_unsaved(), 0);
}

#[test]
fn a_page_that_goes_takes_nothing_with_it_that_waited_for_the_store() {
    for is_done in [true, false] {
        let (browser, mut server) = (Browser::new(), Server::new());
        let mut page = Page::open(&browser, 1);
        page.settle(&mut server);
        let first = page.draw();
        page.begin_write();
        let second = page.draw();
        page.place(&first, 5.0);
        page.leave(is_done);
        let mut page = Page::open(&browser, 2);
        let all = BTreeSet::from([first.clone(), second]);
        assert_eq!(page.ids(), all);
        assert_eq!(page.board.element(&first).unwrap().geometry.x, 5.0);
        page.settle(&mut server);
        assert_eq!(ids(&server), all);
        assert!(server.refusals.is_empty(), "{:?}", server.refusals);
    }
}

#[test]
fn a_board_opens_with_what_it_had_and_goes_on_under_the_same_id() {
    let (browser, mut server) = (Browser::new(), Server::new());
    let mut page = Page::open(&browser, 1);
    let first = page.draw();
    page.settle(&mut server);
    server.is_up = false;
    let own = page.own;
    let second = page.draw();
    page.store_all();
    page.close();

    let mut page = Page::open(&browser, 2);
    assert_eq!(page.own, own);
    assert_eq!(page.ids(), BTreeSet::from([first.clone(), second.clone()]));
    assert_eq!(page.session.n_unsaved(), 1);
    let third = page.draw();
    page.store_all();
    page.close();
    server.is_up = true;
    Page::open(&browser, 3).settle(&mut server);
    assert_eq!(ids(&server), BTreeSet::from([first, second, third]));
    assert!(server.refusals.is_empty(), "{:?}", server.refusals);
}

#[test]
fn work_of_two_pages_that_are_gone_arrives_in_its_order() {
    let (browser, mut server) = (Browser::new(), Server::new());
    let (mut ann, mut bob) = (Page::open(&browser, 1), Page::open(&browser, 2));
    assert_ne!(ann.own, bob.own, "each has an id of its own");
    ann.settle(&mut server);
    bob.settle(&mut server);
    server.is_up = false;
    let mut drawn = BTreeSet::new();
    for round in 0..3 {
        // Each builds on what the other one did before.
        let id = ann.draw();
        ann.store_all();
        bob.look_around();
        bob.place(&id, f64::from(round + 1));
        drawn.extend([id, bob.draw()]);
        bob.store_all();
        ann.look_around();
    }
    ann.close();
    bob.close();
    server.is_up = true;
    let mut page = Page::open(&browser, 3);
    assert_eq!(page.session.n_unsaved(), 9);
    page.settle(&mut server);
    assert_eq!(ids(&server), drawn);
    assert_eq!(page.ids(), drawn);
    assert_eq!(Page::open(&browser, 4).session.n_unsaved(), 0);
}

#[test]
fn a_living_page_takes_over_from_one_that_ends() {
    let (browser, mut server) = (Browser::new(), Server::new());
    let (mut ann, mut bob) = (Page::open(&browser, 1), Page::open(&browser, 2));
    server.is_up = false;
    // Bob's page has never been connected: his id has no ticket yet.
    let id = bob.draw();
    bob.store_all();
    ann.look_around();
    assert_eq!(ann.ids(), BTreeSet::from([id.clone()]), "pages of one board see each other's work");
    assert_eq!(ann.session.n_unsaved(), 0, "it is Bob's to send");
    bob.close();
    ann.look_around();
    assert_eq!(ann.session.n_unsaved(), 1);
    server.is_up = true;
    ann.wait();
    ann.settle(&mut server);
    assert_eq!(ids(&server), BTreeSet::from([id]));
}

#[test]
fn what_came_while_another_page_was_to_store_it_is_stored_by_the_next() {
    let (browser, mut server) = (Browser::new(), Server::new());
    let (mut first, mut next) = (Page::open(&browser, 1), Page::open(&browser, 2));
    let mut other = Page::open(&Browser::new(), 3);
    for page in [&mut first, &mut next, &mut other] {
        page.settle(&mut server);
    }
    for is_done in [false, true] {
        let drawn = other.draw();
        other.settle(&mut server);
        first.exchange(&mut server, usize::MAX);
        next.exchange(&mut server, usize::MAX);
        if is_done {
            first.store_all();
        }
        assert!(next.ids().contains(&drawn));
    }
    let expected = ids(&server);
    first.close();
    next.look_around();
    next.store_all();
    let n_entries = browser.borrow().store.len();
    next.look_around();
    next.store_all();
    assert_eq!(browser.borrow().store.len(), n_entries, "once is enough");
    next.close();
    assert_eq!(Page::open(&browser, 4).ids(), expected);
}

#[test]
fn a_full_store_is_told_of_once_and_everything_still_gets_in() {
    let (browser, mut server) = (Browser::new(), Server::new());
    let mut page = Page::open(&browser, 1);
    page.settle(&mut server);
    browser.borrow_mut().is_full = true;
    let drawn = BTreeSet::from([page.draw(), page.draw()]);
    page.settle(&mut server);
    page.draw();
    page.settle(&mut server);
    assert_eq!(page.events.iter().filter(|event| **event == Event::Unkept).count(), 1);
    assert!(ids(&server).is_superset(&drawn));
    let own = page.own;
    page.close();
    browser.borrow_mut().is_full = false;
    assert_ne!(Page::open(&browser, 2).own, own, "not all of its work is in the store");
}

#[test]
fn an_edit_that_could_not_be_stored_is_sent_when_nobody_can_take_its_id_for_a_whole_one() {
    let (browser, mut server) = (Browser::new(), Server::new());
    let mut page = Page::open(&browser, 1);
    page.settle(&mut server);
    browser.borrow_mut().is_full = true;
    let id = page.draw();
    page.begin_write();
    page.end_write();
    page.exchange(&mut server, usize::MAX);
    assert!(ids(&server).is_empty(), "the ticket is still in the store");
    page.begin_write();
    page.end_write();
    page.exchange(&mut server, usize::MAX);
    assert_eq!(ids(&server), BTreeSet::from([id]));
}

#[test]
fn a_damaged_board_is_loaded_anew_and_unsent_work_stays() {
    let (browser, mut server) = (Browser::new(), Server::new());
    let mut page = Page::open(&browser, 1);
    let first = page.draw();
    page.settle(&mut server);
    server.is_up = false;
    let second = page.draw();
    page.store_all();
    let own = page.own;
    page.close();
    for bytes in browser.borrow_mut().store.values_mut() {
        if let Ok(Entry::Document(update)) = Entry::decode(bytes) {
            *bytes = Entry::Document(update.iter().map(|byte| !byte).collect()).encode();
        }
    }
    browser.borrow_mut().store.insert(Key(1_000), b"what is this".to_vec());

    let mut page = Page::open(&browser, 2);
    assert!(page.found_damage);
    assert_ne!(page.own, own, "what it wrote is not all here");
    assert_eq!(page.session.n_unsaved(), 1);
    server.is_up = true;
    page.wait();
    page.settle(&mut server);
    assert_eq!(page.ids(), BTreeSet::from([first, second]));
    assert_eq!(page.ids(), ids(&server));
    page.close();
    assert!(!Page::open(&browser, 3).found_damage);
}

#[test]
fn what_ended_earlier_pages_is_not_looked_at_again_and_unsent_work_still_arrives() {
    for n_ended in [1, 2] {
        let (browser, mut server) = (Browser::new(), Server::new());
        let mut page = Page::open(&browser, 1);
        let mut drawn = BTreeSet::from([page.draw()]);
        page.settle(&mut server);
        let own = page.own;
        server.is_up = false;
        drawn.insert(page.draw());
        page.store_all();
        page.close();
        server.is_up = true;
        let mut page = Page::open_after(&browser, 2, n_ended);
        assert_ne!(page.own, own);
        assert!(page.ids().is_empty());
        page.settle(&mut server);
        assert_eq!(ids(&server), drawn);
        assert_eq!(page.ids(), drawn);
        page.close();
        assert_eq!(Page::open(&browser, 3).ids(), drawn);
    }
}

/// Bytes of a real store, a few of them others: whatever that makes of it, a page opens, and nothing
/// panics.
#[test]
fn a_board_opens_from_a_store_with_damage_of_any_kind() {
    let mut rng = fastrand::Rng::with_seed(5);
    let (browser, mut server) = (Browser::new(), Server::new());
    let mut page = Page::open(&browser, 1);
    page.draw();
    page.settle(&mut server);
    page.draw();
    page.draw();
    page.store_all();
    page.close();
    let whole = browser.borrow().store.clone();
    for seed in 0..2_000 {
        let browser = Browser::new();
        browser.borrow_mut().store.clone_from(&whole);
        for bytes in browser.borrow_mut().store.values_mut() {
            for _ in 0..rng.usize(..3) {
                let at = rng.usize(..bytes.len());
                bytes[at] = rng.u8(..);
            }
        }
        let mut page = Page::open(&browser, seed);
        page.draw();
        page.store_all();
    }
}

#[test]
fn a_part_that_is_missing_comes_back_and_ids_are_used_again_after_that() {
    let (browser, mut server) = (Browser::new(), Server::new());
    let mut page = Page::open(&browser, 1);
    let mut drawn = BTreeSet::new();
    for _ in 0..3 {
        // Those that wait together are stored as one.
        drawn.insert(page.draw());
        page.settle(&mut server);
    }
    let own = page.own;
    page.close();
    let is_document = |bytes: &Vec<u8>| matches!(Entry::decode(bytes), Ok(Entry::Document(_)));
    let mut shared = browser.borrow_mut();
    let first = shared.store.values().find(|bytes| is_document(bytes)).cloned();
    shared.store.retain(|_, bytes| Some(&*bytes) != first.as_ref());
    drop(shared);

    let mut page = Page::open(&browser, 2);
    assert_ne!(page.own, own, "a part of its work is missing");
    page.settle(&mut server);
    assert_eq!(page.ids(), drawn);
    page.close();
    let page = Page::open(&browser, 3);
    assert_eq!(page.own, own);
    assert_eq!(page.ids(), drawn);
}

#[test]
fn a_store_that_is_stuck_does_not_make_the_queue_endless() {
    let (browser, mut server) = (Browser::new(), Server::new());
    let (mut ann, mut stuck) = (Page::open(&Browser::new(), 1), Page::open(&browser, 2));
    stuck.settle(&mut server);
    stuck.begin_write();
    for _ in 0..2_000 {
        ann.draw();
        ann.store_all();
        ann.exchange(&mut server, usize::MAX);
        stuck.exchange(&mut server, usize::MAX);
    }
    stuck.begin_write();
    stuck.end_write();
    stuck.store_all();
    let n_entries = browser.borrow().store.len();
    assert!(n_entries < 450, "{n_entries} entries");
    stuck.close();
    assert_eq!(Page::open(&browser, 3).ids(), ids(&server));
}

#[test]
fn a_room_in_another_life_takes_no_old_work_and_what_was_here_becomes_another_board() {
    let (browser, mut server) = (Browser::new(), Server::new());
    let mut page = Page::open(&browser, 1);
    page.draw();
    page.settle(&mut server);
    server.is_up = false;
    page.draw();
    page.store_all();
    page.close();

    server = Server::new();
    server.incarnation = Incarnation(2);
    let mut page = Page::open(&browser, 2);
    let had = page.ids();
    page.exchange(&mut server, usize::MAX);
    assert!(page.events.contains(&Event::Replaced), "{:?}", page.events);
    assert!(ids(&server).is_empty(), "nothing is resurrected");

    let (other, mut elsewhere) = (Browser::new(), Server::new());
    let author = ClientId::new(99).unwrap();
    let mut copy = Board::new(author, 1);
    copy.insert_all_of(&page.board);
    other.borrow_mut().write(&Keep::planting(author, copy.take_updates())).unwrap();
    let room = RoomName::parse("r-recovered").unwrap();
    let recovered = Recovered { room, why: "it was restored".into() };
    let clearing = page
        .session
        .keep()
        .unwrap()
        .clearing(&shared::keep::Found::default(), Some(recovered.clone()));
    browser.borrow_mut().write(&clearing).unwrap();
    page.close();

    Page::open(&other, 3).settle(&mut elsewhere);
    assert_eq!(ids(&elsewhere), had);
    let mut found = shared::keep::Found::default();
    for (&key, bytes) in &browser.borrow().store {
        found.read(key, bytes);
    }
    let told: Vec<Recovered> = found.recovered().into_iter().map(|(_, it)| it).collect();
    assert_eq!(told, [recovered]);
    let mut page = Page::open(&browser, 4);
    assert!(page.ids().is_empty());
    page.settle(&mut server);
    page.draw();
    page.settle(&mut server);
    assert_eq!(ids(&server), page.ids());
}

#[test]
fn an_id_that_the_server_does_not_believe_strands_its_work() {
    let (browser, mut server) = (Browser::new(), Server::new());
    let mut page = Page::open(&browser, 1);
    page.draw();
    page.settle(&mut server);
    page.close();
    for bytes in browser.borrow_mut().store.values_mut() {
        if let Ok(Entry::Ticket(mut known)) = Entry::decode(bytes) {
            known.ticket.0.push(0);
            *bytes = Entry::Ticket(known).encode();
        }
    }
    let mut page = Page::open(&browser, 2);
    page.exchange(&mut server, usize::MAX);
    assert!(page.events.iter().any(|event| matches!(event, Event::Stranded(_))));
}

#[test]
fn what_the_server_has_and_the_store_lost_is_never_written_over() {
    let (browser, mut server) = (Browser::new(), Server::new());
    let mut page = Page::open(&browser, 1);
    page.settle(&mut server);
    let before = browser.borrow().store.clone();
    page.draw();
    page.draw();
    page.settle(&mut server);
    page.close();
    // As if the browser had been set back to an earlier day.
    browser.borrow_mut().store = before;
    let expected = ids(&server);

    let mut page = Page::open(&browser, 2);
    page.exchange(&mut server, usize::MAX);
    assert_eq!(page.ids(), expected, "without work of its own it just takes in what it lost");
    page.close();
    server.is_up = false;
    let mut page = Page::open(&browser, 3);
    page.draw();
    server.is_up = true;
    page.store_all();
    page.exchange(&mut server, usize::MAX);
    assert!(page.events.iter().any(|event| matches!(event, Event::Stranded(_))));
    assert_eq!(ids(&server), expected);
}

#[test]
fn a_large_board_is_stored_in_writes_of_which_none_is_long() {
    let (browser, mut server) = (Browser::new(), Server::new());
    let mut other = Board::new(ClientId::new(7).unwrap(), 7);
    for _ in 0..8_000 {
        other.insert(NewElement::new(None, Style::default(), Shape::Rectangle));
    }
    other.take_updates().iter().for_each(|update| server.replica.take(update).unwrap());
    let mut page = Page::open(&browser, 1);
    page.session.load_in_parts(Bounds::EMPTY);
    page.exchange(&mut server, usize::MAX);
    while page.session.is_loading() {
        page.session.load_more(page.now, &mut page.board);
    }
    let mut n_writes = 0;
    while let Some(write) = page.session.poll_write() {
        let n_bytes: usize = write.put.iter().map(Vec::len).sum();
        assert!(n_bytes < 300 * 1024, "{n_bytes} bytes in one go");
        let keys = browser.borrow_mut().write(&write);
        page.session.handle_written(keys);
        n_writes += 1;
    }
    assert!(n_writes > 2, "it is large");
    let n_entries = browser.borrow().store.len();
    page.close();

    let mut page = Page::open(&browser, 2);
    assert_eq!(page.board.n_elements(), 8_000);
    let new = page.draw();
    page.settle(&mut server);
    assert!(ids(&server).contains(&new));
    assert!(browser.borrow().store.len() > n_entries, "for one edit it is not written anew");
}

#[test]
fn the_stored_board_is_folded_before_it_outgrows_itself() {
    let (browser, mut server) = (Browser::new(), Server::new());
    let mut page = Page::open(&browser, 1);
    let mut drawn = BTreeSet::new();
    for _ in 0..3_000 {
        drawn.insert(page.draw());
        page.store_all();
        page.exchange(&mut server, usize::MAX);
    }
    page.settle(&mut server);
    let n_entries = browser.borrow().store.len();
    assert!(n_entries < 450, "{n_entries} entries");
    page.close();
    assert_eq!(Page::open(&browser, 2).ids(), drawn);
}

/// Pages come, draw, crash and go, the server does too, writes are done or are not: whatever was stored
/// is on the server in the end, and nobody ever writes over anything.
#[test]
fn whatever_happens_stored_work_arrives() {
    for seed in 0..150 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let (browser, mut server) = (Browser::new(), Server::new());
        let mut pages: Vec<Page> = Vec::new();
        for _ in 0..rng.usize(20..150) {
            if pages.is_empty() || (pages.len() < 3 && rng.u8(..) < 30) {
                let open = if rng.bool() { Page::open } else { Page::open_in_parts };
                pages.push(open(&browser, rng.u64(..)));
            }
            let at = rng.usize(..pages.len());
            let page = &mut pages[at];
            page.load(rng.usize(..3));
            match rng.u8(..16) {
                0..5 => drop(page.draw()),
                5 => {
                    if let Some(id) = page.ids().into_iter().next() {
                        page.place(&id, rng.f64());
                    }
                }
                6 | 7 => page.begin_write(),
                8 => page.end_write(),
                9 | 10 => page.store_all(),
                11 | 12 => {
                    let most = rng.usize(..6);
                    page.exchange(&mut server, most);
                }
                13 => page.look_around(),
                14 => {
                    server.is_up = rng.bool();
                    page.wait();
                    page.exchange(&mut server, usize::MAX);
                }
                _ if rng.bool() => pages.swap_remove(at).close(),
                _ => pages.swap_remove(at).leave(rng.bool()),
            }
            assert!(server.refusals.is_empty(), "seed {seed}: {:?}", server.refusals);
        }
        server.is_up = true;
        for page in &mut pages {
            page.store_all();
        }
        let stored: BTreeSet<ElementId> = {
            let probe = || {
                let probe = Browser::new();
                probe.borrow_mut().store.clone_from(&browser.borrow().store);
                probe
            };
            let mut in_parts = Page::open_in_parts(&probe(), 0);
            in_parts.load(usize::MAX);
            let at_once = Page::open(&probe(), 0);
            assert_eq!(in_parts.ids(), at_once.ids(), "seed {seed}");
            at_once.ids()
        };
        for id in pages.iter().flat_map(|page| &page.drawn) {
            assert!(stored.contains(id), "seed {seed}: {id} is not stored");
        }
        for round in 0..20 {
            for page in &mut pages {
                page.load(usize::MAX);
                page.store_all();
                page.wait();
                page.exchange(&mut server, usize::MAX);
                page.look_around();
            }
            if round > 10 && pages.iter().all(|page| page.session.n_unsaved() == 0) {
                break;
            }
        }
        drop(pages);
        let open = if rng.bool() { Page::open } else { Page::open_in_parts };
        let mut last = open(&browser, seed);
        last.settle(&mut server);
        assert!(server.refusals.is_empty(), "seed {seed}: {:?}", server.refusals);
        let arrived = ids(&server);
        let lost: Vec<_> = stored.difference(&arrived).collect();
        assert!(lost.is_empty(), "seed {seed}: stored and lost: {lost:?}");
        assert_eq!(last.ids(), arrived, "seed {seed}");
    }
}
