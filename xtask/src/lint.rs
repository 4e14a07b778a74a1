//! `cargo xtask lint`: formatting, clippy, documentation, the dependency rules.

use crate::build::{self, WASM_TARGET};
use crate::project::Project;
use crate::run::{self, Result};
use std::path::PathBuf;
use std::process::Command;

const DENY_VERSION: &str = "0.20.2";

/// Crates that only the server may know; the browser's tree must not name them.
const SERVER_ONLY: [&str; 4] = ["tokio", "axum", "sqlx", "reqwest"];

/// Runs every check, also after one failed. `install` permits to install cargo-deny.
pub fn all(project: &Project, install: bool) -> Result<()> {
    type Check<'a> = (&'a str, Box<dyn FnOnce() -> Result<()> + 'a>);
    let checks: [Check; 6] = [
        ("formatting", Box::new(|| format(project))),
        ("clippy", Box::new(|| clippy(project))),
        ("clippy for the browser", Box::new(|| clippy_wasm(project))),
        ("documentation", Box::new(|| docs(project))),
        ("browser's dependencies", Box::new(|| wasm_tree(project))),
        ("dependency rules", Box::new(|| deny(project, install))),
    ];
    let results: Vec<_> = checks.into_iter().map(|(name, check)| (name, check())).collect();
    println!();
    for (name, result) in &results {
        println!("{name}: {}", result.as_ref().map_or_else(String::as_str, |()| "ok"));
    }
    match results.iter().filter(|(_, result)| result.is_err()).count() {
        0 => Ok(()),
        n => Err(format!("{n} of {} checks failed; the lines above say what to do.", results.len())),
    }
}

/// rustfmt, without changing anything.
pub fn format(project: &Project) -> Result<()> {
    run::run(run::cargo(&project.root).args(["fmt", "--all", "--check"]), "Run `cargo fmt --all`.")
}

fn clippy(project: &Project) -> Result<()> {
    let mut cargo = run::cargo(&project.root);
    cargo.args(["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]);
    run::run(&mut cargo, "Mend what clippy names.")
}

fn clippy_wasm(project: &Project) -> Result<()> {
    build::ensure_wasm_target(project)?;
    let mut cargo = run::cargo(&project.root);
    cargo.args(["clippy", "--locked", "--lib", "--package", &project.lib_package, "--target", WASM_TARGET]);
    cargo.args(["--no-default-features", "--features", &project.lib_features.join(","), "--", "-D", "warnings"]);
    run::run(&mut cargo, "Mend what clippy names in the browser's half.")
}

fn docs(project: &Project) -> Result<()> {
    let mut cargo = run::cargo(&project.root);
    cargo.args(["doc", "--workspace", "--no-deps", "--document-private-items", "--locked"]);
    run::run(cargo.env("RUSTDOCFLAGS", "-D warnings"), "Mend the links and code blocks that rustdoc names.")
}

/// Proves that nothing of the server leaks into the browser's half.
pub fn wasm_tree(project: &Project) -> Result<()> {
    let mut cargo = run::cargo(&project.root);
    cargo.args(["tree", "--locked", "--package", &project.lib_package, "--target", WASM_TARGET]);
    cargo.args(["--no-default-features", "--features", &project.lib_features.join(",")]);
    cargo.args(["--edges", "normal", "--prefix", "none", "--format", "{p}"]);
    run::announce(&cargo);
    let tree = run::capture(&mut cargo)?;
    let found = server_crates(&tree);
    if found.is_empty() {
        println!("None of {} is in the browser's tree.", SERVER_ONLY.join(", "));
        return Ok(());
    }
    Err(format!(
        "The browser's half depends on {}; make the dependency optional and switch it on with `ssr` only \
         (`cargo tree -i <crate>` shows the way in).",
        found.join(", ")
    ))
}

/// The server's crates that a `cargo tree --prefix none --format {p}` names.
fn server_crates(tree: &str) -> Vec<&'static str> {
    let is_named = |name: &&str| tree.lines().any(|line| line.split_whitespace().next() == Some(name));
    SERVER_ONLY.into_iter().filter(|name| is_named(name)).collect()
}

fn deny(project: &Project, install: bool) -> Result<()> {
    if cargo_deny().is_none() && install {
        let mut cargo = run::cargo(&project.root);
        cargo.args(["install", "cargo-deny", "--locked", "--version", DENY_VERSION]);
        run::run(&mut cargo, "Check the network, then run it again.")?;
    }
    let Some(program) = cargo_deny() else {
        return Err(format!(
            "cargo-deny is not installed; run `cargo xtask lint --install` or \
             `cargo install cargo-deny --locked --version {DENY_VERSION}`."
        ));
    };
    let check = |what: &[&str], next: &str| {
        let mut command = Command::new(&program);
        command.arg("deny").arg("check").args(what).current_dir(&project.root);
        run::run(&mut command, next)
    };
    check(&["bans", "licenses", "sources"], "Choose another dependency, or change deny.toml and say there why.")?;
    let mut fetch = Command::new(&program);
    fetch.args(["deny", "fetch", "db"]).current_dir(&project.root);
    if let Err(reason) = run::capture(&mut fetch) {
        println!("The list of known vulnerabilities was not checked, because it cannot be fetched: {reason}");
        return Ok(());
    }
    check(&["--disable-fetch", "advisories"], "Update the crate named above with `cargo update -p <crate>`.")
}

/// The program behind `cargo deny`.
fn cargo_deny() -> Option<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let beside_cargo = home.map(|home| home.join("bin/cargo-deny")).filter(|file| file.is_file());
    run::find_program("cargo-deny").or(beside_cargo)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_names_count_as_server_crates() {
        let tree = "app v0.1.0 (/x/app)\naxum-core v0.5.0\ntokio-macros v2.0.0\nserde v1.0.0\n";
        assert!(server_crates(tree).is_empty());
        assert_eq!(server_crates("app v0.1.0\nsqlx v0.9.0 (*)\ntokio v1.54.0\n"), ["tokio", "sqlx"]);
    }
}
