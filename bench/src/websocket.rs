//! As much of WebSocket as a load generator needs: the client's handshake and frames both ways.
//!
//! Written by hand so that the generator is not the bottleneck: a frame is looked at where it was
//! read to, and the mask is zero, which leaves the bytes as they are.

mod frames;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

pub use frames::{Frames, Kind, put_frame};

/// How long a server may take to answer a handshake.
const HANDSHAKE_MAX: Duration = Duration::from_secs(20);

/// Longest head of an answer that is read, in bytes.
const HEAD_MAX_BYTES: usize = 8 * 1024;

/// Connects and shakes hands. Waits for the answer, and reads not a byte beyond it.
pub fn open(address: SocketAddr, path: &str) -> Result<TcpStream> {
    let mut stream = TcpStream::connect_timeout(&address, HANDSHAKE_MAX).context("connecting")?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(HANDSHAKE_MAX))?;
    let request = request(address, path);
    stream.write_all(request.as_bytes()).context("sending the handshake")?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        ensure!(head.len() < HEAD_MAX_BYTES, "the answer to the handshake has no end");
        let mut byte = [0];
        stream.read_exact(&mut byte).context("waiting for the answer to the handshake")?;
        head.push(byte[0]);
    }
    ensure!(
        head.starts_with(b"HTTP/1.1 101"),
        "no WebSocket at {path}: {}",
        String::from_utf8_lossy(&head).lines().next().unwrap_or_default()
    );
    Ok(stream)
}

/// The request that begins a connection. The server proves with the key that it speaks WebSocket; we
/// know that it does.
pub fn request(address: SocketAddr, path: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
}
