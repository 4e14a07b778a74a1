//! The database: one trait ([`domain::ports::Store`]), two engines.
//!
//! The methods are written once, in `common/`, and compiled twice: `sqlite/mod.rs` and `postgres/mod.rs` each include the
//! same files, which see their engine as `super::{Db, Engine, dialect}`. So the engines cannot drift apart; what has to
//! differ is in the two `dialect.rs`, under the same names, with a line saying why.

#[macro_use]
mod sql;
mod errors;
mod list_rows;
mod people_rows;
#[cfg(test)]
mod plans;
mod postgres;
mod rows;
mod sqlite;

use std::sync::Arc;

use domain::ports::Store;

pub use self::errors::OpenError;

/// Statements that a connection keeps prepared: more than there are, with those of many rows in all their sizes.
const STATEMENTS: usize = 600;

/// One migration and whether the database has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationState {
    /// Its number.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// Whether it was applied.
    pub applied: bool,
}

/// Opens the database of `url` (`sqlite://…` or `postgres://…`); does not migrate it, see [`migrate`].
///
/// # Errors
/// A sentence that names `ASSAY_DATABASE_URL` and the next step, also for a database that is newer than this program.
pub async fn connect(url: &str) -> Result<Arc<dyn Store>, OpenError> {
    Ok(match Scheme::of(url)? {
        Scheme::Sqlite => Arc::new(sqlite::Engine::open(url).await?),
        Scheme::Postgres => Arc::new(postgres::Engine::open(url).await?),
    })
}

/// Brings the schema up to date; returns the names of the migrations that were missing. Safe to repeat.
///
/// # Errors
/// As [`connect`], and when a migration fails; the database is as before that migration then.
pub async fn migrate(url: &str) -> Result<Vec<String>, OpenError> {
    match Scheme::of(url)? {
        Scheme::Sqlite => sqlite::migrate(url).await,
        Scheme::Postgres => postgres::migrate(url).await,
    }
}

/// Every migration this program knows, oldest first.
///
/// # Errors
/// As [`connect`].
pub async fn migration_status(url: &str) -> Result<Vec<MigrationState>, OpenError> {
    match Scheme::of(url)? {
        Scheme::Sqlite => sqlite::status(url).await,
        Scheme::Postgres => postgres::status(url).await,
    }
}

/// Which engine a URL names.
enum Scheme {
    Sqlite,
    Postgres,
}

impl Scheme {
    /// Only what is spelt right: a typo must not create a file somewhere.
    fn of(url: &str) -> Result<Self, OpenError> {
        match url.split_once("://") {
            Some(("sqlite", rest)) if !rest.is_empty() => Ok(Self::Sqlite),
            Some(("postgres" | "postgresql", rest)) if !rest.is_empty() => Ok(Self::Postgres),
            _ => Err(OpenError::Scheme),
        }
    }
}
