//! How a source file is named, how it begins, and what it must not name.
//!
//! The source is read line by line and not parsed: a name in a comment is ignored, one in a
//! string counts. That is simple, and wrong only where the code reads oddly anyway.

use super::Violation;

/// A name that stays out of some folders.
struct Ban {
    name: Name,
    /// Paths that the ban covers.
    inside: &'static [&'static str],
    /// Beginnings of paths where the name is at home.
    except: &'static [&'static str],
    why: &'static str,
}

/// How a banned name shows in code.
enum Name {
    /// A library: `use name` or `name::`.
    Crate(&'static str),
    /// Exactly these characters.
    Text(&'static str),
}

/// The product, without tests (they play foreign clients too) and xtask.
const PRODUCT: &[&str] =
    &["shared/", "scene/", "editor/", "client-wasm/", "client-files/", "server/"];
/// What runs in the browser, on the server and in simulations alike.
const PURE: &[&str] = &["shared/", "scene/", "editor/"];

const NO_CLOCK: &str = "time is an argument here, so that tests can simulate it";
const NO_RUNTIME: &str = "this code runs in the browser and on the server and does no I/O";

const BANS: [Ban; 8] = [
    Ban {
        name: Name::Crate("yrs"),
        inside: PRODUCT,
        except: &["shared/src/board"],
        why: "only the board document knows which CRDT it is made of",
    },
    Ban { name: Name::Crate("tokio"), inside: PURE, except: &[], why: NO_RUNTIME },
    Ban { name: Name::Crate("web_sys"), inside: PURE, except: &[], why: NO_RUNTIME },
    Ban { name: Name::Text("SystemTime::now"), inside: PURE, except: &[], why: NO_CLOCK },
    Ban { name: Name::Text("Instant::now"), inside: PURE, except: &[], why: NO_CLOCK },
    Ban {
        name: Name::Crate("axum"),
        inside: PRODUCT,
        except: &[
            "server/src/http",
            "server/src/socket",
            "server/src/page",
            "server/src/main.rs",
            "server/src/lib.rs",
        ],
        why: "axum stops at the routes and sockets, so that rooms can be tested without them",
    },
    Ban {
        name: Name::Crate("rusqlite"),
        inside: PRODUCT,
        except: &["server/src/store"],
        why: "SQL stops at the store, so that another one can take its place",
    },
    Ban {
        name: Name::Crate("editor"),
        inside: &["server/"],
        except: &[],
        why: "what a gesture means is the client's business",
    },
];

/// File names that invite everything and say nothing.
const VAGUE: [&str; 6] =
    ["mod.rs", "utils.rs", "helpers.rs", "common.rs", "types.rs", "manager.rs"];

/// What is wrong with one source file. `file` is its path from the root.
pub fn check(file: &str, text: &str) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut report = |line, what| found.push(Violation { file: file.to_owned(), line, what });

    if file.rsplit('/').next().is_some_and(|name| VAGUE.contains(&name)) {
        report(1, "name the file by the one idea it holds, by its noun".to_owned());
    }
    if !text.starts_with("//!") {
        report(1, "open with `//!`: what this file holds and does not know".to_owned());
    }
    let bans: Vec<&Ban> = BANS.iter().filter(|ban| ban.covers(file)).collect();
    for (index, line) in text.lines().enumerate() {
        let (code, comment) = split_comment(line);
        for ban in &bans {
            if let Some(name) = ban.name.found_in(code) {
                report(index + 1, format!("`{name}` does not belong here: {}", ban.why));
            }
        }
        if has_open_todo(comment) {
            report(index + 1, "a TODO needs its issue's number, like #12, or is lost".to_owned());
        }
    }
    found
}

impl Ban {
    fn covers(&self, file: &str) -> bool {
        let begins = |path: &&str| file.starts_with(*path);
        self.inside.iter().any(begins) && !self.except.iter().any(begins)
    }
}

impl Name {
    fn found_in(&self, code: &str) -> Option<&'static str> {
        match self {
            Self::Text(text) => code.contains(text).then_some(*text),
            Self::Crate(name) => names_crate(code, name).then_some(*name),
        }
    }
}

fn names_crate(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(start, _)| {
        let (before, after) = (&code[..start], &code[start + name.len()..]);
        let is_word = !before.ends_with(is_word_part) && !after.starts_with(is_word_part);
        // `room::editor::x` is a module of ours, not the crate.
        let is_root = !before.ends_with("::");
        is_word && is_root && (after.starts_with("::") || before.ends_with("use "))
    })
}

fn is_word_part(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Cuts at the first `//` that is not part of an address such as `http://`.
fn split_comment(line: &str) -> (&str, &str) {
    let start = line.match_indices("//").map(|(index, _)| index);
    match start.into_iter().find(|index| !line[..*index].ends_with(':')) {
        Some(index) => line.split_at(index),
        None => (line, ""),
    }
}

fn has_open_todo(comment: &str) -> bool {
    comment.split_once("TODO").is_some_and(|(_, rest)| {
        let number = rest.split_once('#').map(|(_, number)| number);
        !number.is_some_and(|number| number.starts_with(|digit: char| digit.is_ascii_digit()))
    })
}

#[cfg(test)]
mod tests {
    use super::check as check_source;

    /// `code` is everything below a proper first line, so its first line is line 2.
    #[track_caller]
    fn check(file: &str, code: &str, expected_lines: &[usize]) {
        let found = check_source(file, &format!("//! Doc.\n{code}"));
        let lines: Vec<usize> = found.iter().map(|violation| violation.line).collect();
        assert_eq!(lines, expected_lines, "{found:?}");
    }

    #[test]
    fn the_crdt_is_named_only_by_the_board() {
        check("shared/src/board.rs", "use yrs::Doc;", &[]);
        check("shared/src/board/ink.rs", "yrs::Doc::new();", &[]);
        check("shared/src/session.rs", "fn f() {}\nuse yrs::{Doc};", &[3]);
        check("server/src/room.rs", "let doc = yrs::Doc::new();", &[2]);
        check("server/src/room.rs", "let years = lyrs::x(); // yrs::Doc", &[]);
        check("tests/src/foreign.rs", "use yrs::Doc;", &[]);
    }

    #[test]
    fn pure_crates_have_no_clock_and_no_runtime() {
        check("editor/src/a.rs", "let now = Instant::now();\nuse web_sys::Window;", &[2, 3]);
        check("scene/src/a.rs", "std::time::SystemTime::now();", &[2]);
        check("shared/src/a.rs", "#[tokio::test]", &[2]);
        check("server/src/a.rs", "tokio::spawn(Instant::now());", &[]);
    }

    #[test]
    fn the_servers_libraries_stay_in_their_rooms() {
        check("server/src/http/board.rs", "use axum::Router;", &[]);
        check("server/src/room/members.rs", "use axum::Router;", &[2]);
        check("server/src/store/sqlite.rs", "rusqlite::Connection", &[]);
        check("server/src/bus.rs", "rusqlite::Connection", &[2]);
        check("server/src/room.rs", "use editor::Tool;", &[2]);
        check("server/src/room.rs", "Role::Editor; role::editor::x(); editor.name", &[]);
    }

    #[test]
    fn files_have_names_and_openings_that_say_something() {
        check("scene/src/utils.rs", "", &[1]);
        check("scene/src/ink/mod.rs", "", &[1]);
        assert_eq!(check_source("scene/src/ink.rs", "use std::fs;\n//! Late.").len(), 1);
        assert_eq!(check_source("scene/src/ink.rs", "").len(), 1);
    }

    #[test]
    fn a_todo_has_an_issue() {
        // In two halves, or this file would be reported too.
        let todo = ["TO", "DO"].concat();
        check("scene/src/ink.rs", &format!("// {todo}: a\n// {todo}(#12): b\n// {todo} #7"), &[2]);
        check("scene/src/ink.rs", &format!("let url = \"http://x\"; // {todo} one day"), &[2]);
        check("scene/src/ink.rs", &format!("let name = \"{todo}\";"), &[]);
    }

    #[test]
    fn the_report_says_where() {
        let found = check_source("scene/src/a.rs", "//! Doc.\nInstant::now();");
        assert!(found[0].to_string().starts_with("scene/src/a.rs:2: `Instant::now`"));
    }
}
