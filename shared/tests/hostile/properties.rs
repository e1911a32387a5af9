//! What holds of any bytes whatever: proptest (`tests/hostile.rs`) and the fuzzer (`fuzz/`) ask the
//! same. Each property panics where it is broken.
//!
//! Memory is counted. Time is not: the CRDT has nothing to count by, so that what runs long shows as a
//! test that hangs, and as a timeout of the fuzzer.

use std::sync::LazyLock;

use allocation_counter::measure;
use shared::board::{Board, Replica, ReplicaError};
use shared::color::Color;
use shared::excalidraw;
use shared::id::{ClientId, Incarnation, MemberId, Seq};
use shared::limits::UPDATE_MAX_BYTES;
use shared::protocol::{ClientMessage, Hello, Identity, Role, ServerMessage, Ticket, Welcome};
use shared::scan::{PartSize, STEPS_EACH, scan_update};
use shared::session::Session;
use shared::time::Time;

/// How much memory may be reserved to read `n_bytes`, at any one time, beside what is there anyway. The
/// most expensive bytes are those of an empty map, of a nested type and of a deletion that cuts a text:
/// they cost ninety times what they weigh.
fn memory_for(n_bytes: usize) -> u64 {
    64 * 1024 + 128 * n_bytes as u64
}

/// Does something with `n_bytes` bytes and sees that it reserves no more than they are worth.
#[track_caller]
fn frugal<R>(n_bytes: usize, what: &str, act: impl FnOnce() -> R) -> R {
    let mut result = None;
    let memory = measure(|| result = Some(act()));
    let (reserved, allowed) = (memory.bytes_max, memory_for(n_bytes));
    assert!(reserved <= allowed, "{what}: {reserved} bytes of memory for {n_bytes} bytes");
    result.expect("it was just done")
}

/// The edits of somebody who draws, moves, types, takes back and deletes: files, so that they are the
/// same bytes in every run. `fuzz/examples/seeds.rs` has written them.
pub fn real_updates() -> Vec<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/tests/fixtures/updates");
    let files = std::fs::read_dir(folder).expect("the fixtures are there");
    let mut paths: Vec<_> = files.map(|file| file.expect("it can be read").path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).expect("it can be read")).collect()
}

/// How many of [`real_updates`] are on the board when other bytes come.
const N_KNOWN: usize = 4;

/// A room with something on its board.
fn room() -> Replica {
    static STATE: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let mut replica = Replica::default();
        for update in real_updates().iter().take(N_KNOWN) {
            replica.take(update).expect("it is a real update");
        }
        replica.diff(&[]).expect("nothing is no bad state vector")
    });
    let mut replica = Replica::default();
    replica.take(&STATE).expect("it is a real state");
    replica
}

/// An update from a client.
pub fn update(bytes: &[u8]) {
    updates(&[bytes.to_vec()]);
}

/// Updates from a client. What is taken is seen alike by who was there, who replays the log and who comes
/// later, and what they are sent is taken everywhere.
pub fn updates(all: &[Vec<u8>]) {
    let mut room = room();
    let mut log = Vec::new();
    for bytes in all {
        match take(&mut room, bytes) {
            Took::Some(logged) => log.push(logged),
            Took::Nothing => {}
            Took::Harm => return,
        }
        room.elements();
    }
    let after = room.diff(&[]).expect("nothing is no bad state vector");
    let shown = format!("{:?}", room.elements());
    let mut replay = self::room();
    let mut in_parts = self::room();
    let mut rested = self::room();
    for logged in log {
        replay.take(&logged).expect("the room took it");
        let snapshot = rested.snapshot().expect("whatever a room takes can be put to rest");
        (rested, _) = Replica::from_snapshot(&snapshot).expect("it was just read");
        rested.take(&logged).expect("the room took it");
        for part in parts(&in_parts, logged) {
            in_parts.take(&part).expect("it follows the part before");
        }
    }
    assert!(format!("{:?}", replay.elements()) == shown, "the log tells something else");
    assert!(format!("{:?}", in_parts.elements()) == shown, "its parts tell something else");
    assert!(format!("{:?}", rested.elements()) == shown, "it tells something else after a rest");
    let mut welcomed = Replica::default();
    welcomed.take(&after).expect("it is what a newcomer is sent");
    assert!(format!("{:?}", welcomed.elements()) == shown, "a newcomer sees something else");
}

/// An update as a busy room takes it in.
fn parts(room: &Replica, update: Vec<u8>) -> Vec<Vec<u8>> {
    let size = PartSize { n_steps: 3 * STEPS_EACH, n_bytes: 64 };
    let cut = frugal(update.len(), "cutting", || room.cut(&update, size));
    let parts = cut.expect("the room took the whole");
    parts.map_or(vec![update], |parts| parts.iter().map(<[u8]>::to_vec).collect())
}

/// What became of an update.
enum Took {
    /// The room logs this.
    Some(Vec<u8>),
    Nothing,
    /// The document has changed and is to be dropped.
    Harm,
}

fn take(room: &mut Replica, bytes: &[u8]) -> Took {
    let outline = frugal(bytes.len(), "scanning", || scan_update(bytes));
    let Ok(checked) = frugal(bytes.len(), "checking", || room.check(bytes)) else {
        return Took::Nothing;
    };
    assert!(outline.is_ok(), "what does not scan is not checked");
    let is_by_one = checked.authors().len() <= 1;
    let logged = checked.trimmed().unwrap_or(bytes).to_vec();
    match frugal(bytes.len(), "applying", || room.apply(checked)) {
        Ok(_) => Took::Some(logged),
        // The room refuses several authors before that.
        Err(ReplicaError::Missing) if !is_by_one => Took::Harm,
        Err(error) => panic!("checked, and yet {error}"),
    }
}

/// How far the structs of the board's author reach.
pub fn known_clock() -> u64 {
    let state = room().diff(&[]).expect("nothing is no bad state vector");
    let outline = scan_update(&state).expect("it was just written");
    outline.authors.values().map(|author| author.structs.end).max().unwrap_or_default()
}

/// What a client claims to have.
pub fn state_vector(bytes: &[u8]) {
    let room = room();
    let whole = room.diff(&[]).expect("nothing is no bad state vector");
    let diff = frugal(bytes.len() + whole.len(), "comparing", || room.diff(bytes));
    if let Ok(diff) = diff {
        assert!(scan_update(&diff).is_ok(), "what is sent does not scan");
        assert!(diff.len() <= whole.len(), "less is lacking than everything");
    }
}

/// A frame from a client.
pub fn client_message(bytes: &[u8]) {
    let version = Hello::version_in(bytes);
    let Ok(message) = frugal(bytes.len(), "reading", || ClientMessage::decode(bytes)) else {
        return;
    };
    let again = message.encode();
    let reread = ClientMessage::decode(&again).expect("it was just written");
    assert!(reread.encode() == again, "{message:?} reads as another");
    if let ClientMessage::Hello(hello) = message {
        assert_eq!(version, Some(hello.version));
    }
}

/// A frame from a server, which may be anybody's.
pub fn server_message(bytes: &[u8]) {
    if let Ok(message) = frugal(bytes.len(), "reading", || ServerMessage::decode(bytes)) {
        let again = message.encode();
        let reread = ServerMessage::decode(&again).expect("it was just written");
        assert!(reread.encode() == again, "{message:?} reads as another");
    }
    let mut board = Board::new(ClientId::new(5).expect("it is small"), 1);
    let now = Time(1_000);
    let (mut syncing, mut live) = (syncing(now, &board), syncing(now, &board));
    syncing.handle_message(now, bytes, &mut board);
    let mut board = Board::new(ClientId::new(5).expect("it is small"), 1);
    live.handle_message(now, &welcome().encode(), &mut board);
    live.handle_message(now, bytes, &mut board);
    live.handle_message(now, bytes, &mut board);
    board.elements().for_each(drop);
}

fn syncing(now: Time, board: &Board) -> Session {
    let mut session = Session::new(Identity::new("Ann", Color::INK), None, 1);
    session.connect(now);
    session.handle_open(now, board);
    session
}

/// What a server says to who comes to the board.
pub fn welcome() -> ServerMessage {
    let room = room();
    ServerMessage::Welcome(Welcome {
        you: MemberId(0),
        role: Role::Editor,
        members: Vec::new(),
        incarnation: Incarnation(1),
        seq: Seq(N_KNOWN as u64),
        update: room.diff(&[]).expect("nothing is no bad state vector"),
        state_vector: room.state_vector(),
        ticket: Ticket(vec![1, 2, 3]),
    })
}

/// A file that somebody imports.
pub fn excalidraw(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(import) = frugal(bytes.len(), "reading", || excalidraw::import(text)) else { return };
    let mut board = Board::new(ClientId::new(5).expect("it is small"), 1);
    let n = board.insert_copies(import.elements).len();
    assert_eq!(board.n_elements(), n);
    let mut room = Replica::default();
    for update in board.take_updates() {
        assert!(update.len() <= UPDATE_MAX_BYTES, "an update of {} bytes", update.len());
        room.take(&update).expect("a board writes what rooms take");
    }
    assert_eq!(room.elements().len(), n);
}
