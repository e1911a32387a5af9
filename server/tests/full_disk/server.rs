//! People who draw while the disk is full: none of their edits is lost.

use std::net::SocketAddr;

use server::store::{Health, SqliteStore};
use server::{App, Limits, Shards, http};
use shared::protocol::CloseCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::person::Person;
use crate::{Full, tell, until};

async fn get(addr: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(addr).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {addr}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[test]
fn nobody_loses_an_edit_and_work_goes_on_when_there_is_space() {
    tell(
        "server::nobody_loses_an_edit_and_work_goes_on_when_there_is_space",
        draw_on_a_full_disk(),
    );
}

async fn draw_on_a_full_disk() {
    let data = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(data.path()).unwrap();
    let app = App::new(store.clone(), Limits::default(), Shards::start(0).unwrap());
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(http::serve(listener, app));
    let mut ann = Person::new(addr, 1);
    let mut bob = Person::new(addr, 2);
    for person in [&mut ann, &mut bob] {
        person.connect().await;
        person.until(Person::is_live).await;
        person.draw();
        person.until(|it| it.n_unsaved() == 0).await;
    }
    assert!(get(addr, "/readyz").await.starts_with("HTTP/1.1 200"));

    let full = Full::begin();
    ann.draw();
    ann.until(|it| it.n_unsaved() == 0).await;
    assert_eq!(ann.code, Some(CloseCode::Internal as u16), "she is told, and not acknowledged");
    assert_eq!(ann.n_unsaved(), 1);
    bob.draw();
    bob.until(|_| false).await;
    assert_eq!((bob.code, bob.n_unsaved()), (Some(CloseCode::Internal as u16), 1));
    until(&store, Health::Failed).await;
    assert!(get(addr, "/readyz").await.starts_with("HTTP/1.1 503"));
    assert!(get(addr, "/healthz").await.starts_with("HTTP/1.1 200"), "it need not be restarted");
    assert!(get(addr, "/api/rooms/r").await.starts_with("HTTP/1.1 503"));
    assert!(get(addr, "/metrics").await.contains("tandem_refused_total{reason=\"store\"} 1"));
    ann.connect().await;
    ann.draw();
    ann.until(Person::is_live).await;
    assert_eq!(ann.code, Some(CloseCode::TryLater as u16));
    assert_eq!(ann.n_unsaved(), 2);

    drop(full);
    until(&store, Health::Serving).await;
    assert!(get(addr, "/readyz").await.starts_with("HTTP/1.1 200"));
    for person in [&mut ann, &mut bob] {
        person.connect().await;
        person.until(|it| it.is_live() && it.n_unsaved() == 0).await;
    }
    ann.until(|it| it.board.elements().count() == 5).await;
    bob.until(|it| it.board.elements().count() == 5).await;
    assert!(ann.board.elements().eq(bob.board.elements()));
}
