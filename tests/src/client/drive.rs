//! The loop between a session and its socket, as the page has one too.

use std::sync::{Arc, Mutex};

use futures_util::{SinkExt, StreamExt};
use shared::limits::SERVER_FRAME_MAX_BYTES;
use shared::session::Event;
use tokio::net::TcpStream;
use tokio::sync::{Notify, watch};
use tokio::time::sleep_until;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

use super::Seen;
use crate::clock::instant;
use crate::now;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// The code of a socket that ended without one.
const NO_CLOSE_FRAME: u16 = 1006;

/// What the session wants of its socket.
enum Order {
    Send(Vec<u8>),
    Do(Event),
}

/// Runs until it is aborted.
pub(super) async fn drive(
    url: String,
    seen: Arc<Mutex<Seen>>,
    poke: Arc<Notify>,
    changed: watch::Sender<()>,
) {
    let mut socket: Option<Socket> = None;
    loop {
        while let Some(order) = next_order(&seen) {
            carry_out(order, &url, &seen, &mut socket).await;
        }
        changed.send_replace(());
        let due = seen.lock().unwrap().session.poll_timeout();
        tokio::select! {
            () = poke.notified() => {
                let mut seen = seen.lock().unwrap();
                if !seen.is_online && socket.take().is_some() {
                    seen.session.handle_close(now(), NO_CLOSE_FRAME, "");
                }
            }
            frame = next_frame(&mut socket) => hear(frame, &seen, &mut socket),
            () = async { sleep_until(instant(due.unwrap())).await }, if due.is_some() => {
                seen.lock().unwrap().session.handle_timeout(now());
            }
        }
    }
}

fn next_order(seen: &Mutex<Seen>) -> Option<Order> {
    let mut seen = seen.lock().unwrap();
    if let Some(frame) = seen.session.poll_transmit() {
        return Some(Order::Send(frame));
    }
    let event = seen.session.poll_event()?;
    seen.note(&event);
    Some(Order::Do(event))
}

async fn carry_out(order: Order, url: &str, seen: &Mutex<Seen>, socket: &mut Option<Socket>) {
    match order {
        Order::Send(frame) => {
            let Some(open) = socket else { return };
            if open.send(Message::binary(frame)).await.is_err() {
                *socket = None;
                seen.lock().unwrap().session.handle_close(now(), NO_CLOSE_FRAME, "");
            }
        }
        Order::Do(Event::Open) => {
            *socket = open(url, seen).await;
            let mut seen = seen.lock().unwrap();
            let Seen { session, board, .. } = &mut *seen;
            match socket {
                Some(_) => session.handle_open(now(), board),
                None => session.handle_close(now(), NO_CLOSE_FRAME, ""),
            }
        }
        Order::Do(Event::Close(code)) => {
            if let Some(mut open) = socket.take() {
                let close = CloseFrame { code: CloseCode::from(code as u16), reason: "".into() };
                // The server may be gone already.
                open.close(Some(close)).await.ok();
            }
        }
        Order::Do(_) => {}
    }
}

async fn open(url: &str, seen: &Mutex<Seen>) -> Option<Socket> {
    if !seen.lock().unwrap().is_online {
        return None;
    }
    let config = WebSocketConfig::default()
        .max_message_size(Some(SERVER_FRAME_MAX_BYTES))
        .max_frame_size(Some(SERVER_FRAME_MAX_BYTES));
    connect_async_with_config(url, Some(config), true).await.ok().map(|(socket, _)| socket)
}

async fn next_frame(socket: &mut Option<Socket>) -> Option<Message> {
    match socket {
        Some(socket) => socket.next().await.and_then(Result::ok),
        None => std::future::pending().await,
    }
}

fn hear(frame: Option<Message>, seen: &Mutex<Seen>, socket: &mut Option<Socket>) {
    let mut seen = seen.lock().unwrap();
    let Seen { session, board, .. } = &mut *seen;
    match frame {
        Some(Message::Binary(bytes)) => session.handle_message(now(), &bytes, board),
        Some(Message::Close(Some(CloseFrame { code, reason }))) => {
            *socket = None;
            session.handle_close(now(), code.into(), &reason);
        }
        Some(Message::Close(None)) | None => {
            *socket = None;
            session.handle_close(now(), NO_CLOSE_FRAME, "");
        }
        Some(_) => {}
    }
}
