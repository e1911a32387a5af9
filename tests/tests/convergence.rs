//! However people edit at once, they end with the same board, and it is the server's.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use fastrand::Rng;
use shared::board::{Board, Restack};
use shared::color::Color;
use shared::element::{Font, Ink, NewElement, Path, Shape, Style, StylePatch, Text};
use shared::geometry::{BoardPoint, Geometry};
use shared::id::{ClientId, ElementId};
use shared::ink::{InkPoint, Quantum};
use shared::protocol::ServerMessage;
use tests::{Client, TestServer, hello};

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
            scribble(client, rng)
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
    scribble(&ann, Rng::with_seed(7)).await;
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
async fn scribble(client: &Client, mut rng: Rng) {
    for _ in 0..N_EDITS {
        client.edit(|board| edit(board, &mut rng));
        // At most a few are on their way, so that the clients' edits interleave.
        client.until("an acknowledgement", |seen| seen.session.unsaved().len() < 4).await;
    }
}

fn edit(board: &mut Board, rng: &mut Rng) {
    board.begin_step();
    let all: Vec<ElementId> = board.elements().map(|element| element.id.clone()).collect();
    let Some(id) = rng.choice(&all).cloned() else {
        board.insert(element(rng));
        return;
    };
    let ids = [id.clone()];
    match rng.u32(..20) {
        0..6 => drop(board.insert(element(rng))),
        6..9 => board.place(&[(id, geometry(rng))]),
        9..11 => {
            let (stroke, width) = (Some(Color::rgb(rng.u32(..0x0100_0000))), Some(rng.f64() * 9.0));
            board.restyle(&ids, &StylePatch { stroke, width, ..StylePatch::default() });
        }
        11 => board.delete(&ids),
        12 => board.restack(&ids, Restack::ToFront),
        13 => board.restack(&ids, Restack::Backward),
        14..16 => {
            board.append_ink(&id, &points(rng), Quantum::NORMAL, true);
        }
        16 => {
            let word: String = (0..6).map(|_| rng.lowercase()).collect();
            let geometry = geometry(rng);
            if board.element(&id).is_some_and(|it| matches!(it.shape, Shape::Text(_))) {
                board.set_text(&id, &word, std::slice::from_ref(&word), geometry);
            }
        }
        17..19 => drop(board.undo()),
        _ => drop(board.redo()),
    }
}

fn element(rng: &mut Rng) -> NewElement {
    let corners = points(rng).iter().map(|point| point.at).collect();
    let (geometry, shape) = match rng.u32(..6) {
        0 => (Some(geometry(rng)), Shape::Rectangle),
        1 => (Some(geometry(rng)), Shape::Ellipse),
        2 => (None, Shape::Line(Path { points: corners })),
        3 => (None, Shape::Arrow(Path { points: corners }, Default::default())),
        4 => (None, Shape::Ink(Ink { points: points(rng), has_pressure: true })),
        _ => (
            Some(geometry(rng)),
            Shape::Text(Text {
                value: "two words".into(),
                lines: vec!["two".into(), "words".into()],
                size: 20.0,
                font: Font::Sans,
                align: Default::default(),
                container: None,
            }),
        ),
    };
    NewElement::new(geometry, Style::default(), shape)
}

fn geometry(rng: &mut Rng) -> Geometry {
    let mut number = |max: f64| (rng.f64() * max).round();
    Geometry { x: number(900.0), y: number(900.0), w: number(99.0), h: number(99.0), angle: 0.0 }
}

fn points(rng: &mut Rng) -> Vec<InkPoint> {
    let mut number = |max: f64| rng.f64() * max;
    let mut point =
        || InkPoint { at: BoardPoint::new(number(900.0), number(900.0)), pressure: 0.5 };
    (0..5).map(|_| point()).collect()
}
