//! A disk that takes its time, or for ever: what waits for it has a bound.

use std::time::Duration;

use server::limits::{MAILBOX_LETTERS, STORE_QUEUE_JOBS, UNCOMMITTED_MAX_BYTES};
use server::outbox::Outbox;
use server::room::{Delivery, Dialect};
use server::rooms::Membership;
use server::store::{Pace, Step};
use shared::board::Board;
use shared::color::Color;
use shared::id::{Batch, ClientId, RoomName};
use shared::protocol::{ClientMessage, Hello, Identity, NewUpdate};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use crate::Story;

/// Longer than anything takes that does not wait for the disk. The clock jumps.
const FOR_EVER: Duration = Duration::from_secs(60);

/// The other end of a member's socket, which is never read.
struct Joined {
    member: Membership,
    author: u64,
    _ends: (tokio::net::tcp::OwnedReadHalf, TcpStream),
}

/// The first edit of an author: so many bytes in a list of some program's.
fn edit(author: u64, n_bytes: usize) -> Vec<u8> {
    const ANY: u8 = 8;
    const BYTES: u8 = 116;
    let mut update = vec![1, 1];
    put_varint(author, &mut update);
    update.extend([0, ANY, 1, 1, b'r', 1, BYTES]);
    put_varint(n_bytes as u64, &mut update);
    update.resize(update.len() + n_bytes, 7);
    update.push(0);
    update
}

fn put_varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

async fn join(story: &Story, room: &str, author: u64) -> Joined {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let theirs = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (reader, writer) = listener.accept().await.unwrap().0.into_split();
    let outbox = Outbox::new(writer, Dialect::Native, 1024);
    let client = ClientId::new(author).unwrap();
    let vector = Board::new(client, 0).state_vector();
    let hello = Hello::new(Identity::new("Ann", Color::INK), client, vector);
    let rooms = &story.app.rooms;
    let room = rooms.open(&RoomName::parse(room).unwrap()).unwrap();
    let member = room.join(rooms.next_conn(), (hello, Delivery::Whole), outbox).await.unwrap();
    Joined { member, author, _ends: (reader, theirs) }
}

impl Joined {
    /// Whether an edit is taken in without waiting for the disk.
    async fn draws(&self, n_bytes: usize) -> bool {
        let update = NewUpdate { batch: Batch(1), bytes: edit(self.author, n_bytes) };
        timeout(FOR_EVER, self.member.send(ClientMessage::Update(update))).await.is_ok()
    }
}

#[tokio::test(start_paused = true)]
async fn bytes_that_wait_for_the_disk_are_bounded() {
    const EDIT_BYTES: usize = 1024 * 1024;
    let story = Story::begin();
    story.store.set_pace(Step::Append, Pace::Held);
    let mut people = Vec::new();
    let mut n_taken = 0;
    for author in 1.. {
        // Several boards, for each has a bound of its own.
        let joined = join(&story, &format!("r{}", author % 4), author).await;
        if !joined.draws(EDIT_BYTES).await {
            break;
        }
        n_taken += EDIT_BYTES;
        people.push(joined);
    }
    assert!(n_taken <= UNCOMMITTED_MAX_BYTES, "{n_taken} bytes wait");
    assert!(n_taken >= UNCOMMITTED_MAX_BYTES * 9 / 10, "only {n_taken} bytes may wait");
    assert!(story.store.n_waiting(Step::Append) > 0, "they are edits");
    // When the disk is done, there is room again.
    story.store.set_pace(Step::Append, Pace::Free);
    let joined = join(&story, "another", 1_000_000).await;
    assert!(joined.draws(EDIT_BYTES).await);
}

#[tokio::test(start_paused = true)]
async fn edits_that_wait_for_the_disk_are_bounded_in_number_too() {
    let story = Story::begin();
    story.store.set_pace(Step::Append, Pace::Held);
    let most = STORE_QUEUE_JOBS + MAILBOX_LETTERS + 64;
    let mut people = Vec::new();
    for author in 1.. {
        let joined = join(&story, "r", author);
        let Ok(joined) = timeout(FOR_EVER, joined).await else { break };
        if !joined.draws(1).await {
            break;
        }
        people.push(joined);
        assert!(people.len() <= most, "{} edits wait", people.len());
    }
    assert_eq!(story.store.n_waiting(Step::Append), STORE_QUEUE_JOBS);
}
