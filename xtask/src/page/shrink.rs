//! Makes what trunk has built lighter and names it by its content: programs by [`wasm::rewrite`], scripts
//! without comments.
//!
//! What the bindings call their imports tells people what they are, and takes 22 kB of the program and its
//! script, 5 of them after brotli. A script is cut by whole lines, as far as that is certainly safe.

use std::collections::HashMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::later::Later;
use super::{split, wasm};
use crate::progress::say;

/// How a program's file ends; its script is named alike.
const PROGRAM: &str = "_bg.wasm";
/// What the name of the program begins with that is cut in two, and how the file of its second part ends.
const CUT: &str = "client-wasm";
const SECOND: &str = "_later.wasm";
/// Puts the second part in its place when it is asked for.
const LATER_SCRIPT: &str = include_str!("later.js");
/// Where the script that the bindings make hands functions to the program, and where it starts it.
const GIVEN: &str = "const import0 = {";
const STARTED: &str = "wasm.__wbindgen_start();";
/// Tells browsers to compile all of a script while it comes, not each function when it is first called.
const AT_ONCE: &str = "//# allFunctionsCalledOnLoad\n";

/// Shrinks all programs of a folder, their scripts and the documents that name them.
pub fn folder(folder: &Path) -> Result<()> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if let Some(stem) = name.strip_suffix(PROGRAM) {
            names.push(stem.to_owned());
        }
    }
    let (mut renamed, mut second_parts) = (Vec::new(), Vec::new());
    for old in names {
        let new = program(folder, &old)?;
        if folder.join(format!("{new}{SECOND}")).exists() {
            second_parts.push(format!("<meta name=later content=/{new}{SECOND}>"));
        }
        renamed.push((format!("/{old}.js"), format!("/{new}.js")));
        renamed.push((format!("/{old}{PROGRAM}"), format!("/{new}{PROGRAM}")));
    }
    rewrite(&folder.join("worker.js"), without_comments)?;
    rewrite(&folder.join("index.html"), |document| {
        let named = renamed.iter().fold(document.to_owned(), |it, (old, new)| it.replace(old, new));
        let named = named.replacen("</head>", &(second_parts.concat() + "</head>"), 1);
        scripts_without_comments(&named)
    })
}

/// Shrinks a program and its script; their new name is the answer.
fn program(folder: &Path, old: &str) -> Result<String> {
    let script_file = folder.join(format!("{old}.js"));
    let program_file = folder.join(format!("{old}{PROGRAM}"));
    let program = fs::read(&program_file).with_context(|| program_file.display().to_string())?;
    let mut script = fs::read_to_string(&script_file)
        .with_context(|| format!("reading {}", script_file.display()))?;
    if std::env::var_os("CARGO_PROFILE_WASM_RELEASE_STRIP").is_some_and(|it| it == "none") {
        // Whoever looks for names wants to see where time goes, and the names are lost in what follows.
        return Ok(old.to_owned());
    }
    let (program, second) = if old.starts_with(CUT) {
        script = asking_for_more(&script)?;
        let later = Later::default();
        let parts = split::split(&program, |name| later.has(name))
            .with_context(|| format!("cutting {old}{PROGRAM}"))?;
        if !later.unmet().is_empty() {
            say(&format!("what comes later: nothing is at {}", later.unmet().join(", ")));
        }
        (parts.first, Some(parts.later))
    } else {
        (program, None)
    };
    let mut short = HashMap::new();
    let program = wasm::rewrite(&program, |name| {
        let next = letters(short.len());
        short.entry(name.to_owned()).or_insert(next).clone()
    })
    .with_context(|| format!("reading {old}{PROGRAM}"))?;
    let script = AT_ONCE.to_owned() + &without_comments(&rename(&script, &short)?);
    let second = second.map(|second| wasm::rewrite(&second, str::to_owned)).transpose()?;
    let mut hasher = DefaultHasher::new();
    (&program, &script, &second).hash(&mut hasher);
    let stem = old.rsplit_once('-').filter(|(_, hash)| is_hash(hash)).map_or(old, |(stem, _)| stem);
    let new = format!("{stem}-{:016x}", hasher.finish());
    fs::remove_file(script_file)?;
    fs::remove_file(program_file)?;
    fs::write(folder.join(format!("{new}.js")), script)?;
    fs::write(folder.join(format!("{new}{PROGRAM}")), program)?;
    if let Some(second) = second {
        fs::write(folder.join(format!("{new}{SECOND}")), second)?;
    }
    Ok(new)
}

/// The script of a program that is cut in two.
fn asking_for_more(script: &str) -> Result<String> {
    for place in [GIVEN, STARTED] {
        ensure!(script.matches(place).count() == 1, "`{place}` is not once in the script");
    }
    let given = format!("{GIVEN} {}: takeLater,", split::ASK);
    let started = format!("{STARTED} soonTakeLater();");
    Ok(script.replace(GIVEN, &given).replace(STARTED, &started) + LATER_SCRIPT)
}

fn is_hash(text: &str) -> bool {
    (8..=16).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn rewrite(file: &Path, change: impl FnOnce(&str) -> String) -> Result<()> {
    let text = fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    fs::write(file, change(&text)).with_context(|| format!("writing {}", file.display()))
}

/// The name with a number: `a` to `Z`, then two letters, and so on.
fn letters(number: usize) -> String {
    const LETTERS: &[u8; 52] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let last = char::from(LETTERS[number % LETTERS.len()]);
    match number / LETTERS.len() {
        0 => last.into(),
        more => letters(more - 1) + &last.to_string(),
    }
}

/// The script with the new names, each of which must be in it once: as the name of what it gives the program.
fn rename(script: &str, names: &HashMap<String, String>) -> Result<String> {
    let is_part = |c: char| c.is_alphanumeric() || "_$./-".contains(c);
    let mut renamed = String::with_capacity(script.len());
    let (mut rest, mut n_found) = (script, 0);
    while let Some(start) = rest.find(is_part) {
        let (between, word) = rest.split_at(start);
        renamed.push_str(between);
        let end = word.find(|c| !is_part(c)).unwrap_or(word.len());
        let (word, after) = word.split_at(end);
        let is_given = after.starts_with(':') || after.starts_with("\":");
        match names.get(word).filter(|_| is_given) {
            Some(name) => {
                n_found += 1;
                renamed.push_str(name);
            }
            None => renamed.push_str(word),
        }
        rest = after;
    }
    renamed.push_str(rest);
    ensure!(n_found == names.len(), "{n_found} of {} imports are in the script", names.len());
    Ok(renamed)
}

fn scripts_without_comments(document: &str) -> String {
    let mut parts = document.split("<script");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str("<script");
        match part
            .split_once('>')
            .and_then(|(tag, rest)| Some((tag, rest.split_once("</script>")?)))
        {
            Some((tag, (script, rest))) => {
                out.extend([tag, ">", &without_comments(script), "</script>", rest]);
            }
            None => out.push_str(part),
        }
    }
    out
}

/// A script without the lines that are only comments, and without what stands before and after the others.
/// One with texts over several lines is left as it is, for those are not to be cut.
fn without_comments(script: &str) -> String {
    let mut out = String::with_capacity(script.len());
    let mut is_comment = false;
    for line in script.lines() {
        if line.matches('`').count() % 2 == 1 {
            return script.to_owned();
        }
        let line = line.trim();
        if line.starts_with("/*") || is_comment {
            is_comment = !line.ends_with("*/");
        } else if !line.is_empty() && !line.starts_with("//") {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_different() {
        let names: Vec<String> = (0..3000).map(letters).collect();
        assert_eq!((names[0].as_str(), names[51].as_str(), names[52].as_str()), ("a", "Z", "aa"));
        let unlike: std::collections::HashSet<&String> = names.iter().collect();
        assert_eq!(unlike.len(), names.len());
    }

    #[test]
    fn only_what_is_given_to_the_program_is_renamed() {
        let names = [("__wbg_new_1f", "a"), ("./client_bg.js", "b")];
        let names = names.map(|(old, new)| (old.to_owned(), new.to_owned())).into();
        let script =
            "let m = { __wbg_new_1f: f, __wbg_new_1f2: g };\nx({ \"./client_bg.js\": m });";
        let renamed = rename(script, &names).unwrap();
        assert_eq!(renamed, "let m = { a: f, __wbg_new_1f2: g };\nx({ \"b\": m });");
        assert!(rename("nothing", &names).is_err(), "a name that is missing is told");
    }

    #[test]
    fn comments_go_and_texts_stay() {
        let script =
            "// One.\nlet a = \"// b\"; // c\n/**\n * Two.\n */\n\n  /* three */\n  f(`x`);\n";
        assert_eq!(without_comments(script), "let a = \"// b\"; // c\nf(`x`);\n");
        let long = "let a = `\n  // not a comment\n`;";
        assert_eq!(without_comments(long), long);
        let document = "<p>// a</p><script src=\"x\"></script><script>\n// b\nc()</script>";
        let expected = "<p>// a</p><script src=\"x\"></script><script>c()\n</script>";
        assert_eq!(scripts_without_comments(document), expected);
    }
}
