//! However people edit at once, they end with the same board, and it is the server's.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use fastrand::Rng;
use shared::board::Board;
use shared::id::ClientId;
use shared::protocol::ServerMessage;
use tests::{Client, TestServer, hello, scribble};

const N_CLIENTS: usize = 8;
const N_EDITS: usize = 40;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_people_edit_at_once_and_end_with_the_same_board() {
    for seed in [1, 2, 3] {
        println!("seed {seed}");
        let server = TestServer::start().await;
        let mut clients = Vec::new();
        for n in 0..N_CLIENTS {
            clients.push(server.site.join("r", &format!("Client {n}")).await);
        }
        let hands = clients.iter().enumerate().map(|(n, client)| {
            let rng = Rng::with_seed(seed * 100 + n as u64);
            draw_along(client, rng)
        });
        futures_util::future::join_all(hands).await;
        for client in &clients {
            client.until_saved().await;
        }
        let expected = server.site.elements("r").await;
        assert!(!expected.is_empty(), "seed {seed} draws something");
        for client in &clients {
            client.until_elements(&expected).await;
            assert_eq!(
                client.look(|seen| seen.n_times_live),
                1,
                "seed {seed}: nobody was thrown out"
            );
        }
        server.shutdown().await;
    }
}

#[tokio::test]
async fn a_latecomer_gets_the_whole_board_in_the_welcome() {
    let server = TestServer::start().await;
    let ann = server.site.join("r", "Ann").await;
    draw_along(&ann, Rng::with_seed(7)).await;
    ann.until_saved().await;

    let mut fresh = Board::new(ClientId::new(1).unwrap(), 1);
    let mut late = server.site.raw("r").await;
    let welcome = late.join(hello(&fresh)).await;
    fresh.apply_remote(&welcome.update).unwrap();
    let elements: Vec<_> = fresh.elements().cloned().collect();
    assert!(ann.look(|seen| seen.board.elements().eq(&elements)));
    assert_eq!(welcome.members.len(), 2);

    // What comes next is what happens next.
    ann.draw(0.0, 0.0);
    match late.hear().await {
        ServerMessage::Update(update) => assert_eq!(update.seq, welcome.seq.next()),
        other => panic!("expected the next update, not {other:?}"),
    }
}

#[tokio::test]
async fn undo_takes_back_ones_own_work_only() {
    let server = TestServer::start().await;
    let (ann, bob) = (server.site.join("r", "Ann").await, server.site.join("r", "Bob").await);
    let box_of_ann = ann.draw(0.0, 0.0);
    bob.until("Ann's box", |seen| seen.board.element(&box_of_ann).is_some()).await;
    let box_of_bob = bob.draw(100.0, 0.0);
    ann.until("Bob's box", |seen| seen.board.element(&box_of_bob).is_some()).await;
    ann.edit(Board::undo);
    bob.until("Ann's box gone", |seen| seen.board.element(&box_of_ann).is_none()).await;
    assert!(bob.look(|seen| seen.board.element(&box_of_bob).is_some()));
    ann.edit(Board::redo);
    bob.until("Ann's box back", |seen| seen.board.element(&box_of_ann).is_some()).await;

    bob.place(&box_of_ann, 50.0, 50.0);
    let is_moved =
        |board: &Board| board.element(&box_of_ann).is_some_and(|it| it.geometry.x == 50.0);
    ann.until("Bob's work on Ann's box", |seen| is_moved(&seen.board)).await;
    ann.edit(Board::undo);
    ann.until("all acknowledged", |seen| seen.session.unsaved().len() == 0).await;
    assert!(ann.look(|seen| is_moved(&seen.board)), "her undo would take away his work");
    bob.until("the same board", |seen| is_moved(&seen.board)).await;
}

/// Edits at random, and gives the others a turn after each edit.
async fn draw_along(client: &Client, mut rng: Rng) {
    for _ in 0..N_EDITS {
        client.edit(|board| scribble(board, &mut rng));
        // At most a few are on their way, so that the clients' edits interleave.
        client.until("an acknowledgement", |seen| seen.session.unsaved().len() < 4).await;
    }
}
