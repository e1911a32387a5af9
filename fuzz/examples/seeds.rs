//! Writes the seeds: real messages and the hostile fixtures, one folder for each target; and the real
//! updates, if they are not there: every run would write others, and seeds mean something only to those
//! for which they were found.
//!
//!     cargo run --example seeds

use std::fs;
use std::path;

use fuzz::properties::{self, real_updates};
use shared::board::{Board, Replica};
use shared::color::Color;
use shared::element::{NewElement, Path, Shape, Style};
use shared::excalidraw;
use shared::geometry::{BoardPoint, Geometry};
use shared::id::{Batch, ClientId, ElementId, Incarnation, MemberId, Seq};
use shared::presence::{Gesture, MoveGesture, PresenceChange, PresencePatch};
use shared::protocol::{
    ClientMessage, ErrorReport, Hello, Identity, LoggedUpdate, Member, NewUpdate, Role,
    ServerMessage, Ticket,
};

fn main() {
    let folder =
        path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/tests/fixtures/updates");
    if !folder.exists() {
        write_to(&folder, &draw());
    }
    let updates = real_updates();
    let mut whole = Replica::default();
    for update in &updates {
        whole.take(update).expect("it is a real update");
    }
    let state = whole.diff(&[]).expect("nothing is no bad state vector");
    let vector = whole.state_vector();

    let mut all = updates.clone();
    all.push(state.clone());
    all.extend(hostile(".update"));
    write("update", &all);
    write("state_vector", &[vec![vec![0], vector.clone()], hostile(".state-vector")].concat());
    write("client_message", &client_messages(&updates[0], &vector));
    write("server_message", &server_messages(&updates[4], &state));
    write("excalidraw", &drawings().map(|text| text.as_bytes().to_vec()));
}

fn write(target: &str, seeds: &[Vec<u8>]) {
    write_to(&path::Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(target), seeds);
}

fn write_to(folder: &path::Path, seeds: &[Vec<u8>]) {
    fs::create_dir_all(folder).expect("the folder can be made");
    for (number, seed) in seeds.iter().enumerate() {
        fs::write(folder.join(format!("{number:02}")), seed).expect("the file can be written");
    }
}

/// Somebody draws, moves, types, takes back and deletes.
fn draw() -> Vec<Vec<u8>> {
    let mut board = Board::new(ClientId::new(77).expect("it is small"), 1);
    let points = vec![BoardPoint::new(1.0, 2.0), BoardPoint::new(3.5, 4.0)];
    let line = board.insert(NewElement::new(None, Style::default(), Shape::Line(Path { points })));
    board.begin_step();
    board.place(&[(line.clone(), Geometry { x: 0.5, ..Geometry::default() })]);
    let file = r#"{"type":"excalidraw","version":2,"elements":[{"id":"t","type":"text","x":0,
        "y":0,"width":10,"height":10,"text":"añ🦀","fontSize":20}]}"#;
    let imported = excalidraw::import(file).expect("it is an Excalidraw file");
    let text = board.insert_copies(imported.elements).remove(0);
    board.set_text(&text, "ab", &["ab".into()], Geometry::default());
    board.undo();
    board.delete(&[line]);
    board.set_text(&text, "añ🦀b🦀", &["añ🦀".into(), "b🦀".into()], Geometry::default());
    board.begin_step();
    board.delete(&[text]);
    board.undo();
    board.take_updates()
}

/// The fixtures whose names end in `kind`.
fn hostile(kind: &str) -> Vec<Vec<u8>> {
    let folder =
        path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/tests/fixtures/hostile");
    let files = fs::read_dir(folder).expect("the fixtures are there");
    let mut paths: Vec<_> = files.map(|file| file.expect("it can be read").path()).collect();
    paths.sort();
    paths.retain(|path| path.to_string_lossy().ends_with(kind));
    paths.iter().map(|path| fs::read(path).expect("it can be read")).collect()
}

fn identity() -> Identity {
    Identity::new("Ann", Color::rgb(0x02b1cc))
}

fn presence() -> PresencePatch {
    let ids = vec![ElementId::parse("e").expect("it is an id")];
    let by = BoardPoint::new(1.5, -2.0);
    PresencePatch {
        cursor: Some(Some(by.into())),
        selection: Some(ids.clone()),
        gesture: Some(Gesture::Move(MoveGesture { ids, by: by.into() })),
        ..PresencePatch::default()
    }
}

fn client_messages(update: &[u8], vector: &[u8]) -> Vec<Vec<u8>> {
    let hello = Hello {
        version: 1,
        token: Some("secret".into()),
        identity: identity(),
        client: ClientId::new(7).expect("it is small"),
        ticket: Some(Ticket(vec![0xaa; 32])),
        incarnation: Some(Incarnation(3)),
        last_seq: Seq(5),
        state_vector: vector.to_vec(),
    };
    let messages = [
        ClientMessage::Hello(hello),
        ClientMessage::Update(NewUpdate { batch: Batch(2), bytes: update.to_vec() }),
        ClientMessage::Presence(presence()),
        ClientMessage::Ping(9),
        ClientMessage::Rename(identity()),
    ];
    messages.iter().map(ClientMessage::encode).collect()
}

fn server_messages(update: &[u8], state: &[u8]) -> Vec<Vec<u8>> {
    let member = Member { id: MemberId(2), identity: identity(), presence: presence() };
    let change = PresenceChange { member: MemberId(0), patch: presence() };
    let messages = [
        properties::welcome(),
        ServerMessage::Update(LoggedUpdate { seq: Seq(300), bytes: update.to_vec() }),
        ServerMessage::Update(LoggedUpdate { seq: Seq(301), bytes: state.to_vec() }),
        ServerMessage::Ack(Batch(2)),
        ServerMessage::Presences(vec![change.clone(), change]),
        ServerMessage::Joined(member),
        ServerMessage::Left(MemberId(2)),
        ServerMessage::Role(Role::Viewer),
        ServerMessage::Error(ErrorReport { code: 4003, text: "no".into() }),
        ServerMessage::Pong(9),
    ];
    messages.iter().map(ServerMessage::encode).collect()
}

/// Small files that use all that the import knows.
fn drawings() -> [&'static str; 3] {
    [
        r##"{"type":"excalidraw","version":2,"elements":[
{"id":"r","type":"rectangle","x":1,"y":2,"width":30,"height":40,"angle":0.5,"strokeColor":"#e03131",
"backgroundColor":"#fff","fillStyle":"hachure","strokeWidth":2,"strokeStyle":"dashed","roughness":1,
"opacity":80,"groupIds":["g"],"locked":true,"roundness":{"type":3}},
{"id":"a","type":"arrow","x":0,"y":0,"width":9,"height":9,"points":[[0,0],[5,-1],[9,9]],
"startArrowhead":null,"endArrowhead":"arrow"},
{"id":"t","type":"text","x":0,"y":0,"width":10,"height":10,"text":"a\nñ🦀","originalText":"a ñ🦀",
"fontSize":20,"fontFamily":1,"textAlign":"center","containerId":"r"},
{"id":"d","type":"ellipse","isDeleted":true}],"appState":{},"files":{}}"##,
        r##"{"type":"excalidrawlib","version":2,"libraryItems":[{"id":"i","status":"published",
"elements":[{"id":"f","type":"freedraw","x":0,"y":0,"width":4,"height":4,
"points":[[0,0],[1,2],[4,4]],"pressures":[0.1,0.5,1],"simulatePressure":false}]},
{"id":"j","elements":[{"id":"l","type":"line","x":3,"y":3,"width":1,"height":1,
"points":[[0,0],[1,1]]},{"id":"m","type":"image"}]}]}"##,
        r##"{"type":"excalidrawlib","version":1,"library":[[{"type":"draw","x":0,"y":0,"width":2,
"height":2,"points":[[0,0],[2,2]]},{"type":"diamond","x":0,"y":0,"width":2,"height":2}]]}"##,
    ]
}
