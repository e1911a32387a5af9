//! The project's own commands, called as `cargo xtask <command>`.
//!
//! Each command sets up what it needs, says what it is doing and stops at the first failure. This
//! crate depends on none of the others: it must start while they do not compile.

mod apt;
mod bench;
mod browser;
mod child;
mod folder;
mod node;
mod page;
mod progress;
mod server;
mod suite;
mod tidy;
mod tools;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};

use page::Build;
use workspace::Workspace;

const HELP: &str = "\
cargo xtask <command>

  run [-- FLAGS]   build everything in release and serve the board at http://127.0.0.1:4400,
                   its data in ./data; FLAGS go to `tandem serve`
  client [--dev]   only build the page into dist/
  test             formatting, clippy, tidy, the page and its size, then all tests
  bench relay [--install] [FLAGS]
                   measure the server beside its peers; --install installs these, --help tells
                   of the flags
  bench canvas [--install] [FLAGS]
                   measure the page in a real browser beside its peers
  bench gallery [--install] [FLAGS] [FILES]
                   picture drawings beside Excalidraw, into target/gallery
  bench store [FLAGS]
                   measure how long a large board takes to load, and an edit to be saved
  bench storm [FLAGS]
                   restart the server under 2,000 clients and print how they come back
  tidy             only check the rules about who may depend on and name what
  dist             one self-contained binary, target/dist/tandem";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            progress::say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<()> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] | ["help" | "--help" | "-h"] => {
            progress::say(HELP);
            Ok(())
        }
        ["run"] => server::run(&Workspace::find()?, &[]),
        ["run", "--", ..] => server::run(&Workspace::find()?, &arguments[2..]),
        ["client"] => page::build(&Workspace::find()?, Build::Release),
        ["client", "--dev"] => page::build(&Workspace::find()?, Build::Dev),
        ["test"] => suite::run(&Workspace::find()?),
        ["bench", what @ ("store" | "storm"), ..] => {
            bench::alone(&Workspace::find()?, what, &arguments[2..])
        }
        ["bench", "relay", ..] => bench::relay(&Workspace::find()?, &arguments[2..]),
        ["bench", "canvas", ..] => bench::canvas(&Workspace::find()?, &arguments[2..]),
        ["bench", "gallery", ..] => bench::gallery(&Workspace::find()?, &arguments[2..]),
        ["tidy"] => tidy::check(&Workspace::find()?),
        ["dist"] => server::dist(&Workspace::find()?),
        _ => bail!("`{}` is not a command\n\n{HELP}", words.join(" ")),
    }
}
