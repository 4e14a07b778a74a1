//! Where the command line meets the parts it runs on.

use std::sync::Arc;

use domain::Clock as _;
use domain::ports::Store;
use secrecy::SecretString;

use crate::clock::SystemClock;
use crate::config::{Config, Problem};
use crate::connections::ClientFactory;
use crate::failure::{Exit, Failure};
use crate::remote::Http;
use crate::secrets::Vault;
use crate::store::{self, MigrationState, OpenError};

/// Opens the database. A new SQLite file is made and migrated; a schema older or newer than this version is an error that
/// names `assay migrate`.
///
/// # Errors
/// Database.
pub async fn store(config: &Config) -> Result<Arc<dyn Store>, Failure> {
    let url = config.database.reveal();
    if config.database.sqlite_file().is_some_and(|file| !file.exists()) {
        store::migrate(url).await.map_err(|e| database(&e))?;
    }
    let missing = store::migration_status(url).await.map_err(|e| database(&e))?.iter().filter(|m| !m.applied).count();
    if missing > 0 {
        let sentence = format!(
            "ASSAY_DATABASE_URL: the database lacks {missing} migrations; run `assay migrate` or start `assay serve`"
        );
        return Err(Failure::new(Exit::Database, sentence));
    }
    store::connect(url).await.map_err(|e| database(&e))
}

/// The migrations this version knows, in order; the database is not changed and not created.
///
/// # Errors
/// Database.
pub async fn migrations(config: &Config) -> Result<Vec<MigrationState>, Failure> {
    store::migration_status(config.database.reveal()).await.map_err(|e| database(&e))
}

/// Applies what is missing; returns its names.
///
/// # Errors
/// Database.
pub async fn migrate(config: &Config) -> Result<Vec<String>, Failure> {
    store::migrate(config.database.reveal()).await.map_err(|e| database(&e))
}

/// The clients of the remotes, within the budgets that a running server uses too.
///
/// # Errors
/// They cannot be made.
pub fn remotes(config: &Config, store: &Arc<dyn Store>) -> Result<ClientFactory, Failure> {
    Ok(ClientFactory {
        http: Http::new(config.allow_private_remotes).map_err(|e| Failure::new(Exit::Failed, e))?,
        vault: vault(config)?,
        lever_rate: Some(config.lever_rate),
        store: Arc::clone(store),
        clock: Arc::new(SystemClock),
    })
}

/// A PHC string of the password.
///
/// # Errors
/// It could not be computed.
pub async fn hash_password(password: SecretString) -> Result<String, Failure> {
    let hash = crate::serve::passwords()?.hash(password).await;
    hash.map_err(|e| Failure::new(Exit::Failed, e.to_string()))
}

/// The vault under the configured key, which is made now if this is the first start.
///
/// # Errors
/// Configuration: the key is wrong.
pub fn vault(config: &Config) -> Result<Vault, Failure> {
    config.open_keys().map(Vault::new).map_err(|problem: Problem| Failure::all(Exit::Configuration, [problem]))
}

/// The machine's clock.
pub fn now() -> domain::Timestamp {
    SystemClock.now()
}

fn database(error: &OpenError) -> Failure {
    Failure::new(Exit::Database, error.to_string())
}
