//! The real `tandem` program, to be killed and started again.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
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
    folder: Folder,
}

/// A server that did not start, and why it says so.
#[derive(Debug)]
pub struct Failed {
    /// How it ended.
    pub exit: ExitStatus,
    /// What it wrote to stderr.
    pub said: String,
}

/// Where a server's data lies, and what it writes to stderr.
struct Folder {
    own: TempDir,
    data: PathBuf,
}

impl Folder {
    fn new() -> Self {
        let own = tempfile::tempdir().unwrap();
        Self { data: own.path().join("data"), own }
    }

    fn stderr(&self) -> PathBuf {
        self.own.path().join("stderr")
    }

    /// What was written to stderr since the last start.
    fn said(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(self.stderr()).unwrap_or_default()).into_owned()
    }
}

impl ServerProcess {
    /// Starts one on a free port.
    pub async fn start() -> Self {
        Self::start_on(Folder::new()).await
    }

    /// Starts one on a free port that keeps its data in a folder of somebody else's.
    pub async fn start_in(data: &Path) -> Self {
        Self::start_on(Folder { data: data.to_owned(), ..Folder::new() }).await
    }

    async fn start_on(folder: Folder) -> Self {
        let started = spawn(ANYWHERE, &folder).await;
        let (child, site) = started.unwrap_or_else(|failed| panic!("{failed:?}"));
        Self { site, child, folder }
    }

    /// Starts one on a free port with a copy of another one's data, changed by `damage`.
    pub async fn start_with(data: &Path, damage: impl FnOnce(&Path)) -> Result<Self, Failed> {
        let folder = Folder::new();
        std::fs::create_dir(&folder.data).unwrap();
        for entry in std::fs::read_dir(data).unwrap() {
            let file = entry.unwrap();
            if file.file_type().unwrap().is_file() {
                std::fs::copy(file.path(), folder.data.join(file.file_name())).unwrap();
            }
        }
        damage(&folder.data);
        let (child, site) = spawn(ANYWHERE, &folder).await?;
        Ok(Self { site, child, folder })
    }

    /// The folder of its data.
    pub fn data(&self) -> &Path {
        &self.folder.data
    }

    /// The number by which the system knows it.
    pub fn id(&self) -> u32 {
        self.child.id().expect("it has not been waited for")
    }

    /// What it has written to stderr since it was started.
    pub fn said(&self) -> String {
        self.folder.said()
    }

    /// Runs the program with another command than `serve` on the same data; what it says to stdout, or
    /// to stderr if it fails.
    pub async fn operate(&self, args: &[&Path]) -> Result<String, String> {
        let mut command = Command::new(binary());
        command.args(args).arg("--data").arg(self.data()).stdin(Stdio::null());
        let output = timeout(PATIENCE, command.kill_on_drop(true).output()).await;
        let output = output.expect("the command does not end").unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
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
        let id = self.id().to_string();
        // The shell's own `kill`: no library is needed for one signal, and no program.
        let sent = Command::new("sh").args(["-c", "kill -TERM \"$0\"", &id]).status().await;
        assert!(sent.unwrap().success());
        let exit = timeout(PATIENCE, self.child.wait()).await;
        exit.expect("the server does not stop").unwrap()
    }

    /// Takes all its data away, as if the machine had been set up anew. Only while it is not running.
    pub fn lose_data(&self) {
        for entry in std::fs::read_dir(self.data()).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) }
                .unwrap();
        }
    }

    /// Starts it again on the same port, with the same data.
    pub async fn restart(&mut self) {
        let mut error = None;
        let starting = async {
            loop {
                // Somebody's outgoing connection may have borrowed the port for a moment.
                match spawn(self.site.0, &self.folder).await {
                    Ok((child, _)) => return child,
                    Err(failed) => error = Some(failed),
                }
            }
        };
        let started = timeout(PATIENCE, starting).await;
        self.child = started.unwrap_or_else(|_| panic!("no start on the same port: {error:?}"));
    }
}

impl Drop for ServerProcess {
    /// Whoever looks for the reason of a failure wants to know what the server said.
    #[expect(clippy::print_stderr, reason = "it is the only place where this can be read")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the server said:\n{}", self.said());
        }
    }
}

const ANYWHERE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

async fn spawn(listen: SocketAddr, folder: &Folder) -> Result<(Child, Site), Failed> {
    let binary = binary();
    // What the system says to one that writes too large a file ends nobody: the write fails.
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]).arg(binary);
    command.arg("serve").arg("--listen").arg(listen.to_string());
    command.arg("--data").arg(&folder.data).args(["--log", "warn"]);
    let stderr = std::fs::File::create(folder.stderr()).unwrap();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(stderr).kill_on_drop(true);
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{}: {error}", binary.display()));
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let first = timeout(PATIENCE, lines.next_line()).await;
    let Some(first) = first.expect("the server says nothing").unwrap() else {
        let exit = timeout(PATIENCE, child.wait()).await.expect("it does not end").unwrap();
        return Err(Failed { exit, said: folder.said() });
    };
    let address = first.strip_prefix("listening on http://").and_then(|text| text.parse().ok());
    let address = address.unwrap_or_else(|| panic!("the server's first line is {first:?}"));
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
