//! The real `tandem` program, to be killed and started again.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::{PATIENCE, Site};

/// A server process with a store of its own; both are gone when it is dropped.
pub struct ServerProcess {
    /// Where it listens, also after a restart.
    pub site: Site,
    child: Child,
    data: TempDir,
}

impl ServerProcess {
    /// Starts one on a free port.
    pub async fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let (child, site) = spawn(anywhere, data.path()).await.unwrap_or_else(|e| panic!("{e}"));
        Self { site, child, data }
    }

    /// Starts one that has the page inside.
    pub async fn start_with_page() -> Self {
        let server = Self::start().await;
        let (status, page) = server.site.request("GET /b/r", b"").await;
        assert!(
            status == 200 && page.contains(".wasm"),
            "the server has no page inside: `cargo xtask test` builds it, or run \
             `cargo xtask client` and `cargo build -p server --features client`"
        );
        server
    }

    /// Kills it with SIGKILL: it gets no chance to write or to say anything.
    pub async fn kill9(&mut self) {
        self.child.kill().await.unwrap();
    }

    /// Asks it with SIGTERM to stop, and waits until it has.
    pub async fn terminate(&mut self) -> ExitStatus {
        let id = self.child.id().expect("it has not been waited for").to_string();
        // The shell's own `kill`: no library is needed for one signal, and no program.
        let sent = Command::new("sh").args(["-c", "kill -TERM \"$0\"", &id]).status().await;
        assert!(sent.unwrap().success());
        let exit = timeout(PATIENCE, self.child.wait()).await;
        exit.expect("the server does not stop").unwrap()
    }

    /// Takes all its data away, as if the machine had been set up anew. Only while it is not running.
    pub fn lose_data(&self) {
        for entry in std::fs::read_dir(self.data.path()).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) }
                .unwrap();
        }
    }

    /// Starts it again on the same port, with the same data.
    pub async fn restart(&mut self) {
        let mut error = String::new();
        let starting = async {
            loop {
                // Somebody's outgoing connection may have borrowed the port for a moment.
                match spawn(self.site.0, self.data.path()).await {
                    Ok((child, _)) => return child,
                    Err(why) => error = why,
                }
            }
        };
        let started = timeout(PATIENCE, starting).await;
        self.child = started.unwrap_or_else(|_| panic!("no start on the same port: {error}"));
    }
}

async fn spawn(listen: SocketAddr, data: &Path) -> Result<(Child, Site), String> {
    let binary = binary();
    let mut command = Command::new(binary);
    command.arg("serve").arg("--listen").arg(listen.to_string()).arg("--data").arg(data);
    command.args(["--log", "warn"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().map_err(|error| format!("{}: {error}", binary.display()))?;
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let first = timeout(PATIENCE, lines.next_line()).await;
    let first = first.map_err(|_| "the server says nothing")?.unwrap().unwrap_or_default();
    let address = first.strip_prefix("listening on http://").and_then(|text| text.parse().ok());
    let address = address.ok_or_else(|| format!("the server's first line is {first:?}"))?;
    Ok((child, Site(address)))
}

/// The program: the one that `TANDEM_BIN` names, or the workspace's own, built anew if it is old.
fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| match std::env::var_os("TANDEM_BIN").map(PathBuf::from) {
        Some(named) => {
            assert!(named.is_file(), "TANDEM_BIN names {}, which is no file", named.display());
            named
        }
        None => build(),
    })
}

/// Builds the program beside this test; with the page inside if the page has been built.
#[expect(clippy::print_stderr, reason = "whoever waits for a build wants to know")]
fn build() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut cargo = std::process::Command::new(env!("CARGO"));
    cargo.current_dir(&root).args(["build", "--quiet", "--package", "server"]);
    if root.join("dist/index.html").is_file() {
        cargo.args(["--features", "client"]);
    }
    eprintln!("TANDEM_BIN is not set: building the server with {cargo:?}");
    assert!(cargo.status().unwrap().success(), "the server does not build");
    let test = std::env::current_exe().unwrap();
    let binary = test.ancestors().nth(2).expect("tests lie in target/*/deps").join("tandem");
    assert!(binary.is_file(), "the server was built, but not to {}", binary.display());
    binary
}
