//! Who is measured: where its page is, how a board gets into it, and how one looks and draws there.

use std::fmt;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use chrome::Page;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{files, number};
use crate::contender::{Contender, Places};
use crate::process::Server;

/// A whiteboard.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, clap::ValueEnum)]
pub enum Subject {
    /// Tandem's page, served by Tandem.
    Tandem,
    /// Excalidraw, in a page that holds nothing else.
    Excalidraw,
    /// tldraw, likewise.
    Tldraw,
}

/// Where the subjects are.
pub struct Subjects<'a> {
    /// Tandem's program.
    pub places: &'a Places,
    /// The folder of the peers' pages.
    pub pages: &'a Path,
}

/// Where a page is to be had, for as long as this lives.
pub struct Host {
    /// Its address.
    pub url: String,
    server: Option<(Server, TempDir)>,
}

impl Host {
    /// The subject's own server, if it has one: others can come to the board.
    pub fn server(&self) -> Option<SocketAddr> {
        self.server.as_ref().map(|(server, _)| server.address)
    }
}

/// Elements that are sent to the server in one go.
const IMPORT_TOGETHER: usize = 5_000;

impl Subject {
    /// In the order of the table.
    pub const ALL: [Self; 3] = [Self::Tandem, Self::Excalidraw, Self::Tldraw];

    /// What runs before the page's own scripts.
    pub fn script(self) -> &'static str {
        match self {
            Self::Tandem => concat!(include_str!("hold.js"), include_str!("memory.js")),
            Self::Excalidraw | Self::Tldraw => "",
        }
    }

    /// Puts the board before the page, looking at its middle. Milliseconds until that was painted.
    pub async fn load(self, page: &mut Page, seeded: &[Value], zoom: f64) -> f64 {
        let ms = match self {
            Self::Tandem => {
                let camera = json!({ "x": 10_000, "y": 10_000, "zoom": zoom });
                let shown = if seeded.is_empty() { "tandem.ready" } else { "hand.shown()" };
                page.until("window.tandem && held() > 0").await;
                page.evaluate(&format!(
                    "(async () => {{
                        tandem.setCamera({camera});
                        await hand.frames(30);
                        const from = performance.now();
                        release();
                        await {shown};
                        return performance.now() - from;
                    }})()"
                ))
                .await
            }
            Self::Excalidraw | Self::Tldraw => {
                page.until("window.subject").await;
                let elements = json!(seeded);
                page.evaluate(&format!("window.elements = {elements}; true")).await;
                page.evaluate(&format!("subject.load(elements, {zoom})")).await
            }
        };
        number(&ms)
    }

    /// Looks at the middle of the board.
    pub async fn look(self, page: &mut Page, zoom: f64) {
        let look = match self {
            Self::Tandem => format!(
                "tandem.setCamera({{ x: 10000, y: 10000, zoom: {zoom} }}),
                 tandem.painted().then(() => true)"
            ),
            Self::Excalidraw | Self::Tldraw => format!("subject.look({zoom}).then(() => true)"),
        };
        page.evaluate(&look).await;
    }

    /// Takes the pen.
    pub async fn take_pen(self, page: &mut Page) {
        let take = match self {
            Self::Tandem => "tandem.setTool('pen')",
            Self::Excalidraw | Self::Tldraw => "subject.takePen(), true",
        };
        page.evaluate(take).await;
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tandem => "tandem",
            Self::Excalidraw => "excalidraw",
            Self::Tldraw => "tldraw",
        })
    }
}

impl Subjects<'_> {
    /// Why a subject cannot be measured, if it cannot.
    pub fn check(&self, subject: Subject) -> Result<()> {
        match subject {
            Subject::Tandem => Contender::Tandem.version(self.places).map(drop),
            Subject::Excalidraw | Subject::Tldraw => {
                let page = self.page(subject);
                ensure!(page.is_file(), "{} has not been built", page.display());
                Ok(())
            }
        }
    }

    /// Bytes of a page and the scripts, styles and wasm that it names, compressed with brotli.
    pub fn bytes(&self, subject: Subject) -> Result<u64> {
        let page = match subject {
            Subject::Tandem => PathBuf::from("dist/index.html"),
            Subject::Excalidraw | Subject::Tldraw => self.page(subject),
        };
        let text = std::fs::read_to_string(&page).with_context(|| page.display().to_string())?;
        let files = std::fs::read_dir(page.parent().unwrap_or(Path::new(".")))?;
        let mut sum = 0;
        for entry in files {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let plain = name.strip_suffix(".br").unwrap_or_default();
            let is_code = [".js", ".css", ".wasm"].iter().any(|end| plain.ends_with(end));
            // What reads and writes files is loaded when somebody does.
            let is_later = name.starts_with("client-files") || name.contains("_later.");
            if is_code && !is_later && text.contains(plain) || plain == "index.html" {
                sum += path.metadata()?.len();
            }
        }
        Ok(sum)
    }

    /// The page, with the board at hand.
    pub fn host(&self, subject: Subject, seeded: &[Value]) -> Result<Host> {
        match subject {
            Subject::Tandem => self.tandem(seeded),
            Subject::Excalidraw | Subject::Tldraw => {
                let address = files::serve(&self.pages.join(subject.to_string()))?;
                Ok(Host { url: format!("http://{address}/index.html"), server: None })
            }
        }
    }

    fn page(&self, subject: Subject) -> PathBuf {
        self.pages.join(subject.to_string()).join("index.html")
    }

    fn tandem(&self, seeded: &[Value]) -> Result<Host> {
        let data = tempfile::tempdir().context("making a folder for the data")?;
        let server = Server::start(Contender::Tandem.command(self.places, data.path()))?;
        for part in seeded.chunks(IMPORT_TOGETHER) {
            let file = json!({ "type": "excalidraw", "version": 2, "elements": part });
            post(server.address, "/api/rooms/seeded/import", file.to_string().as_bytes())?;
        }
        let url = format!("http://{}/b/seeded", server.address);
        Ok(Host { url, server: Some((server, data)) })
    }
}

/// Sends a body; anything but success is an error.
fn post(to: SocketAddr, path: &str, body: &[u8]) -> Result<()> {
    let mut stream = TcpStream::connect(to)?;
    let n = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\ncontent-length: {n}\r\n\r\n"
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    ensure!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
    Ok(())
}
