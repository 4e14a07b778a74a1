//! Where the command line meets the parts it runs on.

use std::sync::Arc;

use domain::Clock;
use domain::ports::Store;
use secrecy::SecretString;

use crate::config::{Config, Problem};
use crate::failure::{Exit, Failure};
use crate::organization::Remotes;
use crate::secrets::Vault;

/// Opens the database. A new SQLite file is made and migrated; a schema older or newer than this version is an error that
/// names `assay migrate`.
///
/// # Errors
/// Database.
pub async fn store(config: &Config) -> Result<Arc<dyn Store>, Failure> {
    Err(not_wired("the store", config))
}

/// One migration.
#[derive(Clone, Debug)]
pub struct Migration {
    /// Number and name.
    pub name: String,
    /// Whether the database has it.
    pub applied: bool,
}

/// The migrations this version knows, in order; the database is not changed and not created.
///
/// # Errors
/// Database.
pub async fn migrations(config: &Config) -> Result<Vec<Migration>, Failure> {
    Err(not_wired("the store", config))
}

/// Applies what is missing; returns its names.
///
/// # Errors
/// Database.
pub async fn migrate(config: &Config) -> Result<Vec<String>, Failure> {
    Err(not_wired("the store", config))
}

/// The clients of the remotes.
///
/// # Errors
/// They cannot be made.
pub fn remotes(config: &Config) -> Result<Arc<dyn Remotes>, Failure> {
    Err(not_wired("the remotes", config))
}

/// A PHC string of the password.
///
/// # Errors
/// It could not be computed.
pub async fn hash_password(_password: SecretString) -> Result<String, Failure> {
    Err(Failure::new(Exit::Failed, "password hashing is not wired"))
}

/// The vault under the configured key, which is made now if this is the first start.
///
/// # Errors
/// Configuration: the key is wrong.
pub fn vault(config: &Config) -> Result<Vault, Failure> {
    config
        .open_key()
        .map(|key| Vault::new(&key))
        .map_err(|problem: Problem| Failure::all(Exit::Configuration, [problem]))
}

/// The machine's clock.
pub fn now() -> domain::Timestamp {
    crate::clock::SystemClock.now()
}

fn not_wired(what: &str, config: &Config) -> Failure {
    Failure::new(Exit::Failed, format!("{what} for {} is not wired", config.database))
}
