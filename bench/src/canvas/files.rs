//! The peers' pages over HTTP, for as long as somebody holds this: browsers load modules no other way.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::Result;

/// Serves a folder, and nothing outside of it; its thread lives as long as the program.
pub fn serve(folder: &Path) -> Result<SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let address = listener.local_addr()?;
    let folder = folder.to_owned();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let folder = folder.clone();
            // A browser that hangs up has what it wants.
            thread::spawn(move || answer(&stream, &folder).ok());
        }
    });
    Ok(address)
}

fn answer(stream: &TcpStream, folder: &Path) -> Result<()> {
    let mut head = BufReader::new(stream);
    let mut first = String::new();
    head.read_line(&mut first)?;
    let mut line = String::new();
    while head.read_line(&mut line)? > 2 {
        line.clear();
    }
    let path = first.split(' ').nth(1).unwrap_or_default().trim_start_matches('/');
    let name: PathBuf = path.split('/').filter(|part| *part != "..").collect();
    let (status, kind) = ("200 OK", kind_of(&name));
    let (status, body) = match std::fs::read(folder.join(&name)) {
        Ok(body) => (status, body),
        Err(_) => ("404 Not Found", Vec::new()),
    };
    let n = body.len();
    let mut stream = stream;
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {n}\r\nconnection: close\r\n\r\n"
    )?;
    stream.write_all(&body)?;
    Ok(())
}

fn kind_of(name: &Path) -> &'static str {
    match name.extension().and_then(|it| it.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        _ => "application/octet-stream",
    }
}
