//! A client without a screen: joins a board by its link, draws a spiral, and shows its cursor.
//! `shared::session` speaks the protocol; a bot only carries its bytes.
//!
//! `cargo run -p tests --example bot -- http://127.0.0.1:4400/b/demo`

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use futures_util::{SinkExt, StreamExt};
use shared::board::Board;
use shared::color::Color;
use shared::element::{Ink, NewElement, Shape, Style};
use shared::geometry::BoardPoint;
use shared::id::ClientId;
use shared::ink::{InkPoint, NO_PRESSURE, Quantum};
use shared::presence::PresencePatch;
use shared::protocol::Identity;
use shared::session::{Connection, Event, Session};
use shared::time::Time;
use tokio_tungstenite::{connect_async, tungstenite::Message};

#[tokio::main]
async fn main() -> Result<()> {
    let link = std::env::args().nth(1).context("which board? give its link")?;
    run(&link, 500).await
}

/// Draws a spiral of `n_points` and leaves when all of it is saved.
pub async fn run(link: &str, n_points: usize) -> Result<()> {
    let url = link.replacen("http", "ws", 1).replacen("/b/", "/ws/", 1);
    let (mut socket, _) = connect_async(url).await?;
    let start = Instant::now();
    let now = || Time(start.elapsed().as_millis() as u64);
    let mut board = Board::new(ClientId::random(&mut fastrand::Rng::new()), fastrand::u64(..));
    let mut session = Session::new(Identity::new("Bot", Color::rgb(0x7b66dc)), None, 0);
    session.connect(now());
    session.handle_open(now(), &board);
    let empty = Shape::Ink(Ink::default());
    let stroke = board.insert(NewElement::new(None, Style::default(), empty));
    let mut points = (0..n_points).map(spiral);
    let mut ticks = tokio::time::interval(Duration::from_millis(20));
    while points.len() > 0 || session.unsaved().len() > 0 {
        while let Some(frame) = session.poll_transmit() {
            socket.send(Message::binary(frame)).await?;
        }
        while let Some(event) = session.poll_event() {
            if let Event::Refused(why) = event {
                bail!("the server refuses: {why}");
            }
        }
        tokio::select! {
            frame = socket.next() => match frame.context("the server is gone")?? {
                Message::Binary(bytes) => session.handle_message(now(), &bytes, &mut board),
                Message::Close(frame) => bail!("the server closes: {frame:?}"),
                _ => {}
            },
            _ = ticks.tick() => {
                session.handle_timeout(now());
                if session.connection() == Connection::Live && let Some(point) = points.next() {
                    board.append_ink(&stroke, &[point], Quantum::NORMAL, false);
                    session.handle_edits(&mut board);
                    let cursor = Some(Some(point.at.into()));
                    session.show_presence(now(), PresencePatch { cursor, ..Default::default() });
                }
            }
        }
    }
    Ok(socket.close(None).await?)
}

fn spiral(n: usize) -> InkPoint {
    let turn = n as f64 / 10.0;
    let at = BoardPoint::new(turn * 8.0 * turn.cos(), turn * 8.0 * turn.sin());
    InkPoint { at, pressure: NO_PRESSURE }
}
