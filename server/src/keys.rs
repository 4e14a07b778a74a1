//! A new secret key while the product serves: noticed by what runs, and everything encrypted anew under it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use domain::audit::Author;
use domain::ports::Store;
use domain::ports::store::{Resealed, StoreError};
use tokio_util::sync::CancellationToken;

use crate::config::key;
use crate::connections::{Directory, REFRESH_EVERY};
use crate::secrets::Vault;

/// Until every running process has read a key file that changed.
pub const NOTICED_WITHIN: Duration = Duration::from_secs(3 * REFRESH_EVERY.as_secs());
/// A pass meets secrets that were changed under its hands at most this often before it gives up.
const PASSES: usize = 5;

/// Looks every second whether the key file changed, and works with its keys from then on. What it holds meanwhile stays in force
/// where the file cannot be read.
pub async fn follow(path: PathBuf, directory: Arc<Directory>, stop: CancellationToken) {
    let mut tick = tokio::time::interval(REFRESH_EVERY);
    let mut seen = None;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = tick.tick() => {}
        }
        let now = changed_at(&path);
        if now == seen {
            continue;
        }
        let first = seen.is_none();
        seen = now;
        match key::read(&path) {
            // It may have changed between the start and the first look.
            Ok(Some(keys)) if first => directory.turn(&keys),
            Ok(Some(keys)) => {
                directory.turn(&keys);
                tracing::info!(keys = keys.all().len(), "the key file changed; its keys are in force");
            }
            Ok(None) => tracing::warn!("the key file is gone; the keys of before stay in force until the next start"),
            Err(problem) => tracing::warn!(%problem, "the key file changed; the keys of before stay in force"),
        }
    }
}

fn changed_at(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|m| m.modified()).ok()
}

/// What came of encrypting anew.
#[derive(Debug, Default)]
pub struct Anew {
    /// How many secrets are under another key now.
    pub changed: u64,
    /// Those that no key opens: organization, name and why.
    pub closed: Vec<String>,
}

/// Encrypts every secret under the first key of the directory's vault, until none is under another one. What someone changed
/// meanwhile is met again: a secret is replaced only if it is still the one that was read.
///
/// # Errors
/// The database.
pub async fn reseal(store: &dyn Store, vault: &Vault, by: &Author) -> Result<Anew, StoreError> {
    let mut anew = Anew::default();
    for _ in 0..PASSES {
        anew.closed.clear();
        let mut met = 0;
        for organization in store.organizations().await? {
            let mut secrets = Vec::new();
            for secret in store.secrets(organization.id).await? {
                match vault.reseal(organization.id, &secret.name, &secret.sealed) {
                    Ok(None) => {}
                    Ok(Some(after)) => {
                        secrets.push(Resealed { name: secret.name, before: secret.sealed, after });
                    }
                    Err(why) => anew.closed.push(format!("{} of {}: {why}", secret.name, organization.rules.slug)),
                }
            }
            if secrets.is_empty() {
                continue;
            }
            met += secrets.len();
            anew.changed += store.reseal(organization.id, secrets, by).await?;
        }
        if met == 0 {
            break;
        }
    }
    Ok(anew)
}
