//! The browser tests: Playwright drives Chromium against the release build.

use crate::postgres::free_port;
use crate::project::Project;
use crate::run::{self, Result};
use crate::summary::Counts;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const CHROMIUM_NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/// Chromium, installed where that is possible. An error says why the browser tests cannot run.
pub fn chromium() -> Result<PathBuf> {
    let given = std::env::var_os("CHROMIUM_PATH").map(PathBuf::from);
    if let Some(path) = given {
        let missing = format!("CHROMIUM_PATH names {}, which is not there; correct or unset it.", path.display());
        return if path.is_file() { Ok(path) } else { Err(missing) };
    }
    let find = || CHROMIUM_NAMES.iter().find_map(|name| run::find_program(name));
    if find().is_none() && run::can_apt_install() {
        run::apt_install("chromium")?;
    }
    find().ok_or_else(|| "Chromium is not installed; install it or set CHROMIUM_PATH.".to_owned())
}

/// Whether there is any browser test to run.
pub fn has_specs(project: &Project) -> Result<bool> {
    let files = crate::bundle::files_below(&project.root.join("end2end/tests"))?;
    Ok(files.iter().any(|f| f.to_string_lossy().ends_with(".spec.ts")))
}

/// Runs Playwright and returns what its JSON report counts.
pub fn run(project: &Project, chromium: &Path, arguments: &[String]) -> Result<Counts> {
    let folder = project.root.join("end2end");
    run::npm_ci(&folder)?;
    let report = project.target.join("playwright.json");
    let _ = fs::remove_file(&report);
    let mut command = Command::new(folder.join("node_modules/.bin/playwright"));
    command.arg("test").args(arguments).current_dir(&folder);
    command.env("CHROMIUM_PATH", chromium);
    command.env("E2E_BINARY", project.binary("release"));
    command.env("E2E_PORT", free_port()?.to_string());
    command.env("E2E_REPORT", &report);
    let line = run::announce(&command);
    let status = command.status().map_err(|e| format!("`{line}` could not be started: {e}."))?;
    let json = fs::read_to_string(&report)
        .map_err(|_| format!("`{line}` ended ({status}) without a report; its output above says why."))?;
    let counts = counts(&json)?;
    if !status.success() && counts.failed == 0 {
        return Err(format!("`{line}` failed ({status}) although no test did; its output above says why."));
    }
    Ok(counts)
}

/// The figures of Playwright's JSON report. A flaky test counts as failed.
fn counts(json: &str) -> Result<Counts> {
    let report: serde_json::Value =
        serde_json::from_str(json).map_err(|e| format!("Playwright's report cannot be read: {e}."))?;
    let figure = |name: &str| {
        let value = report["stats"][name].as_u64();
        value.ok_or_else(|| format!("Playwright's report lacks stats.{name}."))
    };
    Ok(Counts {
        passed: figure("expected")?,
        failed: figure("unexpected")? + figure("flaky")?,
        skipped: figure("skipped")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flaky_test_counts_as_failed() {
        let json = r#"{"stats":{"expected":5,"unexpected":1,"flaky":2,"skipped":3}}"#;
        assert_eq!(counts(json).unwrap(), Counts { passed: 5, failed: 3, skipped: 3 });
    }

    #[test]
    fn a_report_without_figures_is_an_error() {
        assert!(counts("{}").unwrap_err().contains("stats.expected"));
        assert!(counts("").is_err());
    }
}
