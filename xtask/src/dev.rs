//! `cargo xtask dev`: debug builds of both halves, built again and started again when a source changes.

use crate::build::{self, Mode};
use crate::bundle::files_below;
use crate::project::Project;
use crate::run::{self, Result};
use std::path::PathBuf;
use std::process::{Child, Command};
use std::time::{Duration, SystemTime};

const POLL: Duration = Duration::from_millis(500);

/// Everything whose change matters.
const WATCHED: [&str; 8] = ["app", "domain", "server", "style", "public", "migrations", "Cargo.toml", "Cargo.lock"];

/// The newest change and the number of files, which tells a removal.
type Snapshot = (Option<SystemTime>, usize);

/// Builds, serves with `arguments` (by default the demo) and watches until interrupted.
#[expect(clippy::disallowed_methods, reason = "a development tool polls the file system")]
pub fn watch(project: &Project, arguments: &[String]) -> Result<()> {
    let demo = ["demo".to_owned()];
    let arguments = if arguments.is_empty() { &demo[..] } else { arguments };
    let mut server: Option<Child> = None;
    let mut seen = None;
    loop {
        let now = snapshot(project)?;
        if seen != Some(now) {
            seen = Some(now);
            match build::site(project, Mode::Debug).and_then(|site| build::server(project, Mode::Debug, &site.revision))
            {
                Ok(()) => server = Some(restart(project, server.take(), arguments)?),
                Err(reason) => println!("\n{reason} Waiting for a change; the last good server stays up."),
            }
        }
        std::thread::sleep(POLL);
    }
}

fn restart(project: &Project, running: Option<Child>, arguments: &[String]) -> Result<Child> {
    if let Some(mut child) = running {
        let _ = child.kill();
        let _ = child.wait();
    }
    let mut command = Command::new(project.binary("debug"));
    command.args(arguments).current_dir(&project.root);
    let line = run::announce(&command);
    command.spawn().map_err(|e| format!("`{line}` could not be started: {e}."))
}

fn snapshot(project: &Project) -> Result<Snapshot> {
    let mut files: Vec<PathBuf> = Vec::new();
    for name in WATCHED {
        let path = project.root.join(name);
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    let newest = files.iter().filter_map(|f| f.metadata().ok()?.modified().ok()).max();
    Ok((newest, files.len()))
}
