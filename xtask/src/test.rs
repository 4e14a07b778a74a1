//! `cargo xtask test`: every test there is, and a count that can be trusted.

use crate::postgres::{self, Durability, Source};
use crate::project::Project;
use crate::run::{self, Result};
use crate::summary::{Counts, Summary};
use crate::{browser, build, lint};
use std::io::{BufRead, BufReader};
use std::process::Stdio;

/// Runs all parts, or only the named ones, prints the summary and says whether all is well.
///
/// The last line is always the sum, so that scripts can read it. Where `CI` is set, a skipped part is a failure as
/// well: a build machine has everything.
pub fn all(project: &Project, parts: &[String]) -> Result<bool> {
    const PARTS: [&str; 3] = ["checks", "rust", "browser"];
    if let Some(unknown) = parts.iter().find(|p| !PARTS.contains(&p.as_str())) {
        return Err(format!("`{unknown}` is no part of the tests; name any of {}, or none for all.", PARTS.join(", ")));
    }
    let wanted = |part: &str| parts.is_empty() || parts.iter().any(|p| p == part);
    let mut summary = Summary::default();
    if wanted("checks") {
        summary.checked("formatting", lint::format(project));
        summary.checked("browser's dependencies", lint::wasm_tree(project));
    }
    if wanted("rust") {
        rust(project, &mut summary);
    }
    if wanted("browser") {
        browser_tests(project, &mut summary);
    }
    let is_well = is_well(summary.total(), run::is_ci());
    if !is_well && summary.total().failed == 0 {
        println!("\nCI is set, so what was skipped counts as failed; install what the lines below name.");
    }
    println!("\n{summary}");
    Ok(is_well)
}

fn is_well(total: Counts, is_ci: bool) -> bool {
    total.failed == 0 && (total.skipped == 0 || !is_ci)
}

/// All Rust tests, with a PostgreSQL beside them that ends with this function.
fn rust(project: &Project, summary: &mut Summary) {
    let database = match postgres::obtain(Durability::Off) {
        Ok(database) => Some(database),
        Err(reason) => {
            summary.skipped("store on PostgreSQL", reason);
            None
        }
    };
    match cargo_test(project, database.as_ref()) {
        Ok(counts) => summary.counted("Rust", counts),
        Err((counts, reason)) => {
            summary.counted("Rust", counts);
            summary.checked("Rust run", Err(reason));
        }
    }
}

/// Streams `cargo test` through and adds up its result lines. An error means that it broke without a failed test.
fn cargo_test(project: &Project, database: Option<&Source>) -> std::result::Result<Counts, (Counts, String)> {
    let mut counts = Counts::default();
    let mut cargo = run::cargo(&project.root);
    cargo.args(["test", "--workspace", "--locked", "--no-fail-fast"]).stdout(Stdio::piped());
    match database {
        Some(database) => cargo.env(postgres::URL_VARIABLE, database.url()),
        None => cargo.env_remove(postgres::URL_VARIABLE),
    };
    let line = run::announce(&cargo);
    let broken = |e: std::io::Error| format!("`{line}` could not be run: {e}.");
    let mut child = cargo.spawn().map_err(|e| (counts, broken(e)))?;
    let output = child.stdout.take().expect("stdout was piped two lines up");
    for text in BufReader::new(output).split(b'\n') {
        let text = text.map_err(|e| (counts, broken(e)))?;
        let text = String::from_utf8_lossy(&text);
        println!("{text}");
        if let Some(result) = result_line(&text) {
            counts += result;
        }
    }
    let status = child.wait().map_err(|e| (counts, broken(e)))?;
    if !status.success() && counts.failed == 0 {
        return Err((counts, format!("`{line}` ended ({status}) before all tests ran; its output above says why.")));
    }
    Ok(counts)
}

/// Reads `test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; …`, libtest's last line per test binary.
fn result_line(line: &str) -> Option<Counts> {
    let (_, figures) = line.trim().strip_prefix("test result: ")?.split_once(". ")?;
    let figure = |word: &str| {
        let part = figures.split("; ").find(|part| part.ends_with(word))?;
        part.split(' ').next()?.parse().ok()
    };
    Some(Counts { passed: figure("passed")?, failed: figure("failed")?, skipped: figure("ignored")? })
}

fn browser_tests(project: &Project, summary: &mut Summary) {
    const PART: &str = "browser";
    let built = build::release(project).map(|_| ());
    let is_built = built.is_ok();
    summary.checked("release build", built);
    if !is_built {
        return summary.skipped(PART, "There is no release build to test.".into());
    }
    match browser::has_specs(project) {
        Ok(true) => {}
        Ok(false) => return summary.skipped(PART, "end2end/tests holds no *.spec.ts.".into()),
        Err(reason) => return summary.checked(PART, Err(reason)),
    }
    if run::find_program("npm").is_none() {
        return summary.skipped(PART, "npm is not installed; install Node.js 20 or newer.".into());
    }
    let chromium = match browser::chromium() {
        Ok(path) => path,
        Err(reason) => return summary.skipped(PART, reason),
    };
    match browser::run(project, &chromium, &[]) {
        Ok(counts) => summary.counted(PART, counts),
        Err(reason) => summary.checked(PART, Err(reason)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn result_lines_are_read_as_libtest_writes_them() {
        let ok = "test result: ok. 12 passed; 0 failed; 2 ignored; 0 measured; 3 filtered out; finished in 0.04s";
        assert_eq!(result_line(ok), Some(Counts { passed: 12, failed: 0, skipped: 2 }));
        let bad = "test result: FAILED. 1 passed; 4 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.00s";
        assert_eq!(result_line(bad), Some(Counts { passed: 1, failed: 4, skipped: 0 }));
    }

    #[test]
    fn other_lines_count_nothing() {
        for line in ["", "running 3 tests", "test a ... ok", "test result: ok", "test result: ok. many passed"] {
            assert_eq!(result_line(line), None, "{line}");
        }
    }

    #[test]
    fn a_skip_fails_only_on_a_build_machine() {
        assert!(is_well(Counts::SKIPPED, false));
        assert!(!is_well(Counts::SKIPPED, true));
        assert!(!is_well(Counts::FAILED, false));
        assert!(is_well(Counts::PASSED, true));
    }
}
