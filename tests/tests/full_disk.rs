//! The disk fills up while people draw. Nobody loses an edit, nothing is acknowledged that is not
//! written, and when there is space again all goes on by itself.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use futures_util::future::join_all;
use shared::board::{Board, Replica};
use shared::id::ClientId;
use tests::{Client, PATIENCE, Seen, ServerProcess, Site, TightDisk, has, hello};
use tokio::time::timeout;

/// Edits on their way of one person who goes on drawing.
const IN_FLIGHT_MAX: usize = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_loses_nothing_and_all_goes_on_when_there_is_space() {
    let disk = TightDisk::new();
    let mut server = disk.start().await;
    let names = ["Ann", "Bob", "Cay"];
    let people = join_all(names.map(|name| server.site.join("r", name))).await;
    for person in &people {
        person.draw(0.0, 0.0);
        person.until_saved().await;
    }
    assert_eq!(server.site.request("GET /readyz", b"").await.0, 200);

    disk.fill(&server);
    tokio::select! {
        () = until_it_cannot_save(server.site) => {}
        _ = join_all(people.iter().map(draw_on_and_on)) => {}
    }
    for person in &people {
        // Whoever cannot save goes on drawing.
        (0..5).for_each(|n| drop(person.draw(f64::from(n), 9.0)));
        let (n_written, n_saved) = person.look(Seen::n_batches);
        assert!(n_written > n_saved, "they are told that not all is saved");
        assert_eq!(person.look(|seen| seen.refused.clone()), None, "and come again");
    }

    disk.free(&server);
    for person in &people {
        person.until_saved().await;
    }
    assert_eq!(server.site.request("GET /readyz", b"").await.0, 200);
    check_all_there(&server, &people).await;
    server.kill9().await;
    server.restart().await;
    check_all_there(&server, &people).await;
}

/// Draws as fast as it is saved, and without a line now and then.
async fn draw_on_and_on(person: &Client) {
    for n in 0.. {
        person.draw(f64::from(n), 0.0);
        let may_go_on = |seen: &Seen| seen.session.unsaved().len() < IN_FLIGHT_MAX;
        person.until("an acknowledgement", may_go_on).await;
    }
}

/// Waits until the server says that it cannot save.
async fn until_it_cannot_save(site: Site) {
    let refusing = async { while site.request("GET /readyz", b"").await.0 != 503 {} };
    timeout(PATIENCE, refusing).await.expect("the server never says that it cannot save");
}

async fn check_all_there(server: &ServerProcess, people: &[Client]) {
    let mut newcomer = server.site.raw("r").await;
    let welcome = newcomer.join(hello(&Board::new(ClientId::new(1).unwrap(), 1))).await;
    let mut document = Replica::default();
    document.take(&welcome.update).unwrap();
    let expected = document.elements();
    for person in people {
        let drawn = person.look(|seen| seen.promised().map(<[u8]>::to_vec).collect::<Vec<_>>());
        assert_eq!(drawn.len(), person.look(Seen::n_batches).0);
        assert!(drawn.iter().all(|update| has(&mut document, update)));
        person
            .until("the same board", |seen| seen.board.elements().map(AsRef::as_ref).eq(&expected))
            .await;
    }
}
