//! Which of the workspace's crates may depend on which.

use super::Violation;
use crate::workspace::{Package, Workspace};

/// A crate, and what it may depend on among the workspace's own, for tests and builds alike.
/// Whatever no row allows is forbidden: nobody depends on tests, bench, xtask or the page's programs.
const ALLOWED: [(&str, &[&str]); 10] = [
    ("shared", &[]),
    ("scene", &["shared"]),
    ("editor", &["scene", "shared"]),
    ("client-wasm", &["editor", "scene", "shared"]),
    ("client-files", &["scene", "shared"]),
    ("server", &["scene", "shared"]),
    ("chrome", &[]),
    ("tests", &["chrome", "server", "editor", "scene", "shared"]),
    ("bench", &["chrome", "server", "shared"]),
    ("xtask", &[]),
];

/// What is wrong with one crate's dependencies. `file` and `manifest` are its `Cargo.toml`.
pub fn check(
    workspace: &Workspace,
    package: &Package,
    file: &str,
    manifest: &str,
) -> Vec<Violation> {
    let ours: Vec<&str> = workspace.packages.iter().map(|package| package.name.as_str()).collect();
    check_names(&package.name, &package.dependencies, &ours, file, manifest)
}

fn check_names(
    name: &str,
    dependencies: &[String],
    ours: &[&str],
    file: &str,
    manifest: &str,
) -> Vec<Violation> {
    let violation = |line, what| Violation { file: file.to_owned(), line, what };
    let Some((_, allowed)) = ALLOWED.iter().find(|(row, _)| *row == name) else {
        let what = format!("{name} has no row in the table of arrows: decide what it may use");
        return vec![violation(1, what)];
    };
    dependencies
        .iter()
        .filter(|it| ours.contains(&it.as_str()) && !allowed.contains(&it.as_str()))
        .map(|it| {
            let what = format!(
                "{name} must not depend on {it}: the arrows in ARCHITECTURE.md keep each crate \
                 free of what it must not know"
            );
            violation(line_of(manifest, it), what)
        })
        .collect()
}

/// The line that declares a dependency, or the first if it is written in some unusual way.
fn line_of(manifest: &str, dependency: &str) -> usize {
    let declares = |line: &str| {
        line.strip_prefix(dependency).is_some_and(|rest| rest.starts_with([' ', '=', '.']))
    };
    manifest.lines().position(declares).map_or(1, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: [&str; 4] = ["shared", "scene", "editor", "server"];

    #[track_caller]
    fn check(name: &str, dependencies: &[&str], manifest: &str, expected_lines: &[usize]) {
        let dependencies: Vec<String> = dependencies.iter().map(ToString::to_string).collect();
        let found = check_names(name, &dependencies, &OURS, "Cargo.toml", manifest);
        let lines: Vec<usize> = found.iter().map(|violation| violation.line).collect();
        assert_eq!(lines, expected_lines, "{found:?}");
    }

    #[test]
    fn arrows_go_down_the_chain_and_never_up() {
        check("editor", &["scene", "shared", "kurbo"], "", &[]);
        check("scene", &["editor"], "[dependencies]\neditor.workspace = true\n", &[2]);
        check("server", &["shared", "editor"], "shared = {}\neditor = {}\n", &[2]);
        check("xtask", &["anyhow", "shared"], "", &[1]);
    }

    #[test]
    fn a_crate_without_a_row_is_reported() {
        check("newcomer", &[], "", &[1]);
    }
}
