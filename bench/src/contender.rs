//! Who is measured: how each server is started, and where its rooms are.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::wire::Wire;

/// A server, or one of its faces.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum Contender {
    /// Tandem, spoken to as a Yjs program does.
    Tandem,
    /// Tandem, spoken to as its own page does.
    TandemNative,
    /// y-sweet: Rust and yrs; here without a store.
    YSweet,
    /// y-websocket's server: Node and Yjs, without persistence.
    YWebsocket,
    /// Hocuspocus: Node and Yjs, without extensions.
    Hocuspocus,
}

/// Where the programs are.
#[derive(Clone, clap::Args)]
pub struct Places {
    /// The program `tandem`.
    #[arg(long, default_value = "target/release/tandem", env = "TANDEM_BIN")]
    tandem: PathBuf,

    /// The program `y-sweet`.
    #[arg(long, default_value = "y-sweet", env = "TANDEM_Y_SWEET")]
    y_sweet: PathBuf,

    /// The folder of the servers that run on Node, with their packages installed.
    #[arg(long, default_value = "bench/peers", env = "TANDEM_PEERS")]
    peers: PathBuf,

    /// The program `node`.
    #[arg(long, default_value = "node", env = "TANDEM_NODE")]
    node: PathBuf,
}

impl Contender {
    /// In the order of the table.
    pub const ALL: [Self; 5] =
        [Self::Tandem, Self::TandemNative, Self::YSweet, Self::YWebsocket, Self::Hocuspocus];

    /// What the table calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tandem => "Tandem",
            Self::TandemNative => "Tandem, native",
            Self::YSweet => "y-sweet",
            Self::YWebsocket => "y-websocket",
            Self::Hocuspocus => "Hocuspocus",
        }
    }

    /// What it speaks.
    pub fn wire(self) -> Wire {
        match self {
            Self::Tandem | Self::YSweet | Self::YWebsocket => Wire::Yjs,
            Self::TandemNative => Wire::Native,
            Self::Hocuspocus => Wire::Hocuspocus,
        }
    }

    /// What to type if it is missing. `cargo xtask bench relay --install` does it for all peers.
    pub fn how_to_install(self, places: &Places) -> String {
        match self {
            Self::Tandem | Self::TandemNative => "cargo build --release --package server".into(),
            Self::YSweet => "cargo install --locked y-sweet".into(),
            Self::YWebsocket | Self::Hocuspocus => {
                format!("npm ci --ignore-scripts --prefix {}", places.peers.display())
            }
        }
    }

    /// Where a room's socket is.
    pub fn path(self) -> fn(&str) -> String {
        match self {
            Self::Tandem => |room| format!("/yjs/{room}"),
            Self::TandemNative => |room| format!("/ws/{room}"),
            Self::YSweet => |room| format!("/d/{room}/ws/{room}"),
            Self::YWebsocket => |room| format!("/{room}"),
            Self::Hocuspocus => |_| "/".to_owned(),
        }
    }

    /// How to start it. `data` is an empty folder for those who keep something.
    pub fn command(self, places: &Places, data: &Path) -> Command {
        match self {
            Self::Tandem | Self::TandemNative => {
                let mut command = Command::new(&places.tandem);
                command.args(["serve", "--log", "error", "--data"]);
                command.arg(data).env("TANDEM_LISTEN", "127.0.0.1:0");
                command
            }
            Self::YSweet => {
                let mut command = Command::new(&places.y_sweet);
                // By default it logs several lines for each edit.
                command.args(["serve", "--port", "0"]).env("RUST_LOG", "error");
                command
            }
            Self::YWebsocket => places.script("y-websocket.js"),
            Self::Hocuspocus => places.script("hocuspocus.js"),
        }
    }

    /// The version that would be started, or why none can be.
    pub fn version(self, places: &Places) -> Result<String> {
        match self {
            Self::Tandem | Self::TandemNative => {
                printed(Command::new(&places.tandem).arg("--version"))
            }
            Self::YSweet => printed(Command::new(&places.y_sweet).arg("version")),
            Self::YWebsocket => places.package("@y/websocket-server"),
            Self::Hocuspocus => places.package("@hocuspocus/server"),
        }
    }
}

impl Places {
    /// The same, with another build of Tandem.
    pub fn with_tandem(&self, tandem: PathBuf) -> Self {
        Self { tandem, ..self.clone() }
    }

    fn script(&self, name: &str) -> Command {
        let mut command = Command::new(&self.node);
        command.arg(name).current_dir(&self.peers).env("NODE_ENV", "production");
        command
    }

    /// The installed version of a package, and Node's.
    fn package(&self, name: &str) -> Result<String> {
        let node = printed(Command::new(&self.node).arg("--version"))?;
        let manifest = self.peers.join("node_modules").join(name).join("package.json");
        let text = fs::read_to_string(&manifest)
            .with_context(|| format!("{} is missing", manifest.display()))?;
        let manifest: serde_json::Value = serde_json::from_str(&text)?;
        let version = manifest["version"].as_str().context("a package without a version")?;
        Ok(format!("{name} {version} on Node {node}"))
    }
}

/// The last word on the first line that a program prints.
fn printed(command: &mut Command) -> Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("{program} does not start"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let word = text.lines().next().and_then(|line| line.split_whitespace().last());
    Ok(word.with_context(|| format!("{program} does not tell its version"))?.to_owned())
}
