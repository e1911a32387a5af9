//! What a socket yields, within the limits: binary frames, and how fast they may come.

use std::io::{self, Read, Write};
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use shared::limits::SILENCE_MAX;
use shared::protocol::CloseCode;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};
use tungstenite::error::ProtocolError;
use tungstenite::protocol::{Role, WebSocketConfig, WebSocketContext};
use tungstenite::{Error, Message};

use super::rate::Rate;
use crate::app::App;
use crate::limits::{READ_BUFFER_BYTES, READ_MAX_BYTES, READ_TOGETHER_BYTES};
use crate::metrics::{Metrics, Refusal};
use crate::outbox::{Ending, Frame, Outbox};
use crate::room::Lane;

/// A socket's frames. What the WebSocket protocol wants answered goes into the outbox.
pub(super) struct Frames<R> {
    reader: R,
    /// What was read and not looked at yet: nothing, while nothing comes.
    left: Bytes,
    context: WebSocketContext,
    outbox: Outbox,
    metrics: Metrics,
    max_bytes: usize,
    rate: Rate,
    /// For what a Yjs client only repeats of others: it is not its own fault.
    repeats: Rate,
    /// Bytes of a message that is not whole yet. One in endless pieces counts too.
    n_unfinished: usize,
    heard_at: Instant,
    /// Rings when the peer may have been silent for too long.
    alarm: Pin<Box<Sleep>>,
}

impl<R: AsyncRead + Unpin> Frames<R> {
    /// The frames of `reader`, of which some bytes were read already.
    pub(super) fn new(reader: R, read_already: Bytes, outbox: Outbox, app: &App) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER_BYTES)
            .max_message_size(Some(READ_MAX_BYTES))
            .max_frame_size(Some(READ_MAX_BYTES));
        Self {
            reader,
            left: read_already,
            context: WebSocketContext::new(Role::Server, Some(config)),
            outbox,
            metrics: app.metrics.clone(),
            max_bytes: app.limits.frame_bytes,
            rate: Rate::new(app),
            repeats: Rate::new(app),
            n_unfinished: 0,
            heard_at: Instant::now(),
            alarm: Box::pin(sleep(SILENCE_MAX)),
        }
    }

    /// The next binary frame, to be counted by the caller. Whatever else arrives is counted here, and
    /// shows that the peer lives.
    pub(super) async fn next(&mut self) -> Result<Bytes, Ending> {
        loop {
            let message = std::future::poll_fn(|cx| self.poll(cx)).await?;
            match message {
                Message::Binary(frame) if frame.len() <= self.max_bytes => {
                    self.metrics.received(frame.len());
                    return Ok(frame);
                }
                Message::Binary(frame) => return Err(self.too_big(frame.len())),
                Message::Text(_) => {
                    return Err(Ending::refused(Refusal::Policy, "messages are binary frames"));
                }
                Message::Ping(bytes) | Message::Pong(bytes) => self.rate.count(bytes.len())?,
                Message::Close(_) => {
                    let mut io: Io<'_, '_, R> =
                        Io { reader: None, left: &mut self.left, n_read: 0, outbox: &self.outbox };
                    // Fails when it has answered, for then nothing more is to come.
                    self.context.flush(&mut io).ok();
                    return Err(Ending::by_peer());
                }
                // Only what is read piecewise by hand.
                Message::Frame(_) => {}
            }
        }
    }

    /// Reads until the peer has nothing more to say: a socket that is closed with unread bytes in it
    /// may lose its last word.
    pub(super) async fn finish(&mut self) {
        while let Ok(message) = std::future::poll_fn(|cx| self.poll_message(cx)).await {
            drop(message);
        }
    }

    /// Counts a message of the peer's own.
    pub(super) fn count(&mut self, n_bytes: usize) -> Result<(), Ending> {
        self.rate.count(n_bytes)
    }

    /// Counts a message that only repeats others.
    pub(super) fn count_repeat(&mut self, n_bytes: usize) -> Result<(), Ending> {
        self.repeats.count(n_bytes)
    }

    fn too_big(&self, n_bytes: usize) -> Ending {
        let text = format!("a frame of {n_bytes} bytes is larger than {}", self.max_bytes);
        Ending::refused(Refusal::FrameSize, text)
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<Message, Ending>> {
        if let Poll::Ready(message) = self.poll_message(cx) {
            return Poll::Ready(message);
        }
        while self.alarm.as_mut().poll(cx).is_ready() {
            let silent_at = self.heard_at + SILENCE_MAX;
            if silent_at <= Instant::now() {
                let ending = Ending::new(CloseCode::GoingAway, "nothing was heard");
                return Poll::Ready(Err(ending));
            }
            self.alarm.as_mut().reset(silent_at);
        }
        Poll::Pending
    }

    fn poll_message(&mut self, cx: &mut Context<'_>) -> Poll<Result<Message, Ending>> {
        let reader = Some((&mut self.reader, &mut *cx));
        let mut io = Io { reader, left: &mut self.left, n_read: 0, outbox: &self.outbox };
        let read = self.context.read(&mut io);
        if io.n_read > 0 {
            self.heard_at = Instant::now();
            self.n_unfinished += io.n_read;
        }
        match read {
            Ok(message) => {
                self.n_unfinished = 0;
                return Poll::Ready(Ok(message));
            }
            Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Poll::Ready(Err(ended(&error))),
        }
        if !self.rate.has_room_for(self.n_unfinished) {
            let ending = Ending::refused(Refusal::ByteRate, "too many bytes; slow down");
            return Poll::Ready(Err(ending));
        }
        Poll::Pending
    }
}

fn ended(error: &Error) -> Ending {
    match error {
        Error::Capacity(_) => Ending::refused(Refusal::FrameSize, error.to_string()),
        Error::ConnectionClosed
        | Error::AlreadyClosed
        | Error::Io(_)
        | Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => Ending::by_peer(),
        _ => Ending::refused(Refusal::Broken, error.to_string()),
    }
}

/// The socket as the WebSocket protocol's state machine sees it: it reads as far as there is something,
/// and writes into the outbox.
struct Io<'a, 'c, R> {
    reader: Option<(&'a mut R, &'a mut Context<'c>)>,
    left: &'a mut Bytes,
    n_read: usize,
    outbox: &'a Outbox,
}

impl<R: AsyncRead + Unpin> Read for Io<'_, '_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.left.is_empty() {
            let Some((reader, cx)) = &mut self.reader else {
                return Err(io::ErrorKind::WouldBlock.into());
            };
            let mut bytes = [MaybeUninit::uninit(); READ_TOGETHER_BYTES];
            let mut bytes = ReadBuf::uninit(&mut bytes);
            let Poll::Ready(result) = Pin::new(&mut **reader).poll_read(cx, &mut bytes) else {
                return Err(io::ErrorKind::WouldBlock.into());
            };
            result?;
            let bytes = bytes.filled();
            self.n_read += bytes.len();
            let (now, later) = bytes.split_at(bytes.len().min(out.len()));
            out[..now.len()].copy_from_slice(now);
            *self.left = Bytes::copy_from_slice(later);
            return Ok(now.len());
        }
        let now = self.left.split_to(self.left.len().min(out.len()));
        out[..now.len()].copy_from_slice(&now);
        if self.left.is_empty() {
            // Not to hold on to what was read.
            *self.left = Bytes::new();
        }
        Ok(now.len())
    }
}

impl<R> Write for Io<'_, '_, R> {
    fn write(&mut self, frames: &[u8]) -> io::Result<usize> {
        self.outbox.push(Lane::Answer, Frame::raw(Bytes::copy_from_slice(frames)));
        Ok(frames.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.outbox.write();
        Ok(())
    }
}
