//! What an operator does with a data folder, whether a server runs on it or not.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use server::http::operator;
use server::{Config, Limits, Running, Server};
use shared::id::RoomName;
use tokio::net::UnixStream;

use crate::flags::Command;

/// What files of boards are called.
const EXTENSION: &str = "tandem";

/// The way to the server of a data folder.
pub struct Operator {
    requests: SendRequest<Full<Bytes>>,
    /// The one that was started for this, if none was running.
    own: Option<Running>,
}

impl Operator {
    /// Reaches the server that runs on the folder, or starts one that nobody else can reach.
    pub async fn reach(data: &Path, may_be_new: bool) -> Result<Self> {
        let is_there = may_be_new || data.join("tandem.db").is_file();
        ensure!(is_there, "there are no boards in {}", data.display());
        let socket = operator::socket_path(data);
        let (stream, own) = match UnixStream::connect(&socket).await {
            Ok(stream) => (stream, None),
            Err(_) => {
                let listen = ([127, 0, 0, 1], 0).into();
                let limits = Limits { connections: 0, ..Limits::default() };
                let config = Config { listen, data: data.into(), limits, room_threads: 0 };
                let own = Server::start(config).await?;
                let stream = UnixStream::connect(&socket).await;
                (stream.with_context(|| format!("reaching {}", socket.display()))?, Some(own))
            }
        };
        let (requests, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { requests, own })
    }

    /// Does what a command says; the answer is a sentence about it.
    pub async fn carry_out(&mut self, command: &Command) -> Result<String> {
        Ok(match command {
            Command::Serve(_) => bail!("this is no server"),
            Command::Export { folder, .. } => {
                format!("exported {} boards", self.export(folder).await?)
            }
            Command::Import { from, replace, .. } => {
                let (n_taken, n_left) = self.import(from, *replace).await?;
                match n_left {
                    0 => format!("imported {n_taken} boards"),
                    _ => {
                        format!("imported {n_taken} boards; {n_left} are there already (--replace)")
                    }
                }
            }
            Command::Delete { board, .. } => {
                self.ask(Method::DELETE, &format!("/boards/{board}"), Bytes::new()).await?;
                format!("deleted {board}")
            }
            Command::Backup { file, .. } => {
                self.backup(file).await?;
                format!("copied to {}", file.display())
            }
        })
    }

    /// Ends the server if it was started for this.
    pub async fn leave(self) {
        drop(self.requests);
        if let Some(own) = self.own {
            own.shutdown().await;
        }
    }

    /// Writes every board into a folder, one file each; the answer is how many.
    async fn export(&mut self, to: &Path) -> Result<usize> {
        fs::create_dir_all(to).with_context(|| format!("making {}", to.display()))?;
        let (mut n_boards, mut after) = (0, String::new());
        loop {
            let path =
                if after.is_empty() { "/boards".into() } else { format!("/boards?after={after}") };
            let names: Vec<String> =
                serde_json::from_slice(&self.ask(Method::GET, &path, Bytes::new()).await?)?;
            let Some(last) = names.last() else { return Ok(n_boards) };
            after.clone_from(last);
            for name in names {
                match self.request(Method::GET, &format!("/boards/{name}"), Bytes::new()).await? {
                    (StatusCode::OK, file) => {
                        write_whole(&to.join(&name).with_extension(EXTENSION), &file)?;
                    }
                    // Deleted meanwhile.
                    (StatusCode::NOT_FOUND, _) => continue,
                    (status, body) => bail!("board {name}: {}", told(status, &body)),
                }
                n_boards += 1;
            }
        }
    }

    /// Reads a file, or every board file of a folder. The answer is how many were taken in, and how many
    /// not because their names are taken.
    async fn import(&mut self, from: &Path, replaces: bool) -> Result<(usize, usize)> {
        let (mut n_taken, mut n_left) = (0, 0);
        for path in board_files(from)? {
            let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
            let name = RoomName::parse(name).with_context(|| path.display().to_string())?;
            let file = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
            let to = format!("/boards/{name}?replace={replaces}");
            match self.request(Method::PUT, &to, file.into()).await? {
                (StatusCode::CREATED, _) => n_taken += 1,
                (StatusCode::CONFLICT, _) => n_left += 1,
                (status, body) => bail!("{}: {}", path.display(), told(status, &body)),
            }
        }
        Ok((n_taken, n_left))
    }

    /// Copies all of the database, as it is at one moment.
    async fn backup(&mut self, to: &Path) -> Result<()> {
        let to = std::path::absolute(to)?;
        ensure!(!to.exists(), "{} is there already", to.display());
        let to = to.to_str().context("the name of the file is no text")?.to_owned();
        self.ask(Method::POST, "/backup", to.into()).await.map(drop)
    }

    async fn ask(&mut self, method: Method, path: &str, body: Bytes) -> Result<Bytes> {
        match self.request(method, path, body).await? {
            (status, body) if status.is_success() => Ok(body),
            (status, body) => bail!(told(status, &body)),
        }
    }

    async fn request(
        &mut self,
        method: Method,
        path: &str,
        body: Bytes,
    ) -> Result<(StatusCode, Bytes)> {
        let request = Request::builder().method(method).uri(path).header("host", "tandem");
        self.requests.ready().await?;
        let answer = self.requests.send_request(request.body(Full::new(body))?).await?;
        let status = answer.status();
        Ok((status, answer.into_body().collect().await?.to_bytes()))
    }
}

/// What the server says is wrong.
fn told(status: StatusCode, body: &[u8]) -> String {
    let value: Option<serde_json::Value> = serde_json::from_slice(body).ok();
    let text = value.and_then(|value| Some(value.get("error")?.as_str()?.to_owned()));
    text.unwrap_or_else(|| format!("the server answers {status}"))
}

/// So that there is never half a file under the name.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let part = path.with_extension("part");
    fs::write(&part, bytes)
        .and_then(|()| fs::rename(&part, path))
        .with_context(|| format!("writing {}", path.display()))
}

fn board_files(from: &Path) -> Result<Vec<PathBuf>> {
    if from.is_file() {
        return Ok(vec![from.into()]);
    }
    let entries = fs::read_dir(from).with_context(|| format!("reading {}", from.display()))?;
    let paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    let is_board = |path: &PathBuf| path.extension().is_some_and(|it| it == EXTENSION);
    let mut paths: Vec<_> = paths.into_iter().filter(is_board).collect();
    paths.sort();
    Ok(paths)
}
