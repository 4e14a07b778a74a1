//! Running the product. The parts are joined here.

use std::path::PathBuf;

use uuid::Uuid;

use crate::config::{Config, ServeRole};
use crate::failure::{Exit, Failure};

/// Serves until the process is asked to end.
///
/// # Errors
/// The address cannot be bound, the database cannot be opened.
pub async fn run(config: Config, role: ServeRole) -> Result<(), Failure> {
    Err(not_wired(&format!("serve --role {}", role.as_str()), &config))
}

/// Serves the product with the sandboxes until the process is asked to end; the data is in `folder`.
///
/// # Errors
/// As [`run`].
pub async fn demo(config: Config, folder: Option<PathBuf>) -> Result<(), Failure> {
    let _ = folder;
    Err(not_wired("demo", &config))
}

/// Processes a stored delivery again; with `dry_run` only says in a sentence what would be decided.
///
/// # Errors
/// There is no such delivery, or a remote cannot be asked.
pub async fn replay(config: Config, delivery: Uuid, dry_run: bool) -> Result<String, Failure> {
    Err(not_wired(&format!("replay {delivery} (dry run: {dry_run})"), &config))
}

fn not_wired(what: &str, config: &Config) -> Failure {
    Failure::new(Exit::Failed, format!("{what} on {} is not wired", config.database))
}
