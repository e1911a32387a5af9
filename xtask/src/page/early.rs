//! Writes into the document what it does and shows before the page's program is there. The panels are put together by
//! the program itself, built for this machine.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::child;
use crate::workspace::Workspace;

/// What shows them, right behind them. Nothing is painted before (`index.html`).
const SHOW: &str = "<script id=shown>showEarly()</script>";
const END: &str = "</body>";
/// What comes before the first script.
const HEAD: &str = "<title>";
/// Where trunk starts the program.
const START: (&str, &str) = ("init({ module_or_path: '", "' });");

/// Writes all that into the document in this folder.
pub fn write(workspace: &Workspace, folder: &Path) -> Result<()> {
    let mut program = child::cargo();
    program.current_dir(&workspace.root).args(["run", "--quiet", "--package", "client-wasm"]);
    let written = program.stderr(std::process::Stdio::inherit()).output()?;
    ensure!(written.status.success(), "the panels could not be put together");
    let template = String::from_utf8(written.stdout)?;
    let file = folder.join("index.html");
    let document = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    ensure!(document.matches(END).count() == 1, "the document has one body");
    let document = document.replace(END, &[&template, SHOW, END].concat());
    fs::write(&file, compiling(&document)?).with_context(|| file.display().to_string())
}

/// The document that has its program compiled while it comes, instead of loaded beforehand for its script, which
/// comes last and starts it. If that fails, the script tries again, and tells. What it is that loads the script
/// beforehand is moved to the front, too.
fn compiling(document: &str) -> Result<String> {
    let (before, rest) = document.split_once(START.0).context("the document starts no program")?;
    let (program, after) = rest.split_once(START.1).context("the program's name has an end")?;
    let document = format!("{before}init({{ module_or_path: await program }});{after}");
    // Loaded by a link, too, it would come twice.
    let (document, _) = without_link(&document, program)?;
    let (document, script) = without_link(&document, "modulepreload")?;
    ensure!(document.matches(HEAD).count() == 1, "the document has one title");
    let first = format!(
        "<script>const program=(async()=>WebAssembly.compileStreaming(fetch('{program}')))().catch(()=>'{program}')</script>\
         {script}{HEAD}"
    );
    Ok(document.replace(HEAD, &first))
}

/// The document without the first link in which these words are, and that link.
fn without_link(document: &str, words: &str) -> Result<(String, String)> {
    let at = document.find(words).with_context(|| format!("no link has `{words}`"))?;
    let start = document[..at].rfind("<link").context("it is no link")?;
    let end = at + document[at..].find('>').context("a link has an end")? + 1;
    ensure!(!document[start..at].contains('>'), "`{words}` is in no link");
    let rest = [&document[..start], &document[end..]].concat();
    Ok((rest, document[start..end].to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_compiled_before_its_script_is_there() {
        let document = "<head><title>T</title><script>await init({ module_or_path: '/p.wasm' });\nrest</script>\
            <link rel=modulepreload href=/p.js><link as=fetch href=/p.wasm rel=preload></head>";
        let expected = "<head><script>const program=(async()=>WebAssembly.compileStreaming(fetch('/p.wasm')))()\
            .catch(()=>'/p.wasm')</script><link rel=modulepreload href=/p.js><title>T</title>\
            <script>await init({ module_or_path: await program });\nrest</script></head>";
        assert_eq!(compiling(document).unwrap(), expected);
        assert!(compiling("<title></title>").is_err(), "a document without a program is told");
    }
}
