//! SQLite: one file, one process. One connection writes, so that writers queue here instead of meeting "database is locked".

#[expect(clippy::duplicate_mod, reason = "compiled once for each engine, on purpose")]
#[path = "../common/mod.rs"]
mod common;
mod dialect;
mod shelf;

use std::fmt;
use std::path::Path;
use std::str::FromStr as _;
use std::time::Duration;

use domain::ports::store::Stored;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection as _, SqliteConnection};

use self::shelf::{Lease, Shelf, Transaction};
use super::errors::{OpenError, store};
use crate::private;

/// The engine, as the common files name it.
type Db = sqlx::Sqlite;

static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("../migrations/sqlite");

/// 3.7.0 to 3.51.2 can corrupt a database in WAL mode when two connections write or checkpoint at the same moment
/// (SQLite's release notes, 3.51.3).
const OLDEST: &str = "3.51.3";
const READERS: usize = 4;

/// Rows that wait to be taken from a connection's thread: a page of a list and one more, so that it never has to wait itself.
const ROWS: usize = 64;

/// An open SQLite database.
pub(super) struct Engine {
    writer: Shelf,
    readers: Shelf,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SQLite")
    }
}

/// What the writer keeps of the file, in KiB, negative as SQLite wants it. Each row goes into several indexes; with SQLite's
/// own 2 MiB their pages are read again at nearly every row of a large table.
const WRITER_CACHE: &str = "-16384";

impl Engine {
    const ONE_WRITER: bool = true;

    pub(super) async fn open(url: &str) -> Result<Self, OpenError> {
        let options = options(url)?;
        let writer = Shelf::new(options.clone().pragma("cache_size", WRITER_CACHE), 1);
        let mut first = writer.take().await.map_err(OpenError::Connect)?;
        check_version(&mut first).await?;
        common::migrations::refuse_newer(&mut first).await?;
        Ok(Self { writer, readers: Shelf::new(options.pragma("query_only", "ON"), READERS) })
    }

    /// Begins a transaction that writes.
    async fn begin(&self) -> Stored<Transaction> {
        self.writer.begin().await.map_err(store)
    }

    /// Where single statements write.
    async fn writer(&self) -> Stored<Lease> {
        self.writer.take().await.map_err(store)
    }

    /// Where is read.
    async fn reader(&self) -> Stored<Lease> {
        self.readers.take().await.map_err(store)
    }
}

#[cfg(test)]
pub(super) fn read_statements() -> Vec<(&'static str, &'static str)> {
    common::read_statements()
}

pub(super) async fn migrate(url: &str) -> Result<Vec<String>, OpenError> {
    let mut connection = connect(url).await?;
    let done = common::migrations::migrate(&mut connection).await;
    // The error of migrating is the one to tell.
    let _ = connection.close().await;
    done
}

pub(super) async fn status(url: &str) -> Result<Vec<super::MigrationState>, OpenError> {
    let mut connection = connect(url).await?;
    let states = common::migrations::status(&mut connection).await;
    let _ = connection.close().await;
    states
}

async fn connect(url: &str) -> Result<SqliteConnection, OpenError> {
    let mut connection = SqliteConnection::connect_with(&options(url)?).await.map_err(OpenError::Connect)?;
    check_version(&mut connection).await?;
    Ok(connection)
}

/// `FULL`: what was acknowledged is on disk (WAL with `NORMAL` may lose the last commits at a power cut).
fn options(url: &str) -> Result<SqliteConnectOptions, OpenError> {
    if url.contains(":memory:") || url.contains("mode=memory") {
        return Err(OpenError::InMemory);
    }
    let options = SqliteConnectOptions::from_str(url).map_err(|e| OpenError::Url(e.to_string()))?;
    make(options.get_filename())?;
    Ok(options
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .statement_cache_capacity(super::STATEMENTS)
        .row_buffer_size(ROWS)
        // A statement over many rows keeps a journal of its own, to undo half of it: not in a file.
        .pragma("temp_store", "MEMORY")
        .busy_timeout(Duration::from_secs(5)))
}

/// Makes folder and file where they are not there, for nobody else to read. SQLite gives its further files the mode of this one.
fn make(file: &Path) -> Result<(), OpenError> {
    let made = private::folder_of(file).and_then(|()| private::make(file));
    let folder = || file.parent().unwrap_or(Path::new(".")).display().to_string();
    made.map_err(|source| OpenError::Folder { folder: folder(), source })
}

async fn check_version(connection: &mut SqliteConnection) -> Result<(), OpenError> {
    let found: String =
        sqlx::query_scalar("SELECT sqlite_version()").fetch_one(connection).await.map_err(OpenError::Connect)?;
    if is_safe(&found) {
        return Ok(());
    }
    Err(OpenError::TooOld { engine: "SQLite", found, needed: OLDEST })
}

fn is_safe(version: &str) -> bool {
    numbers(version) >= numbers(OLDEST)
}

fn numbers(version: &str) -> Vec<u32> {
    version.split('.').map(|part| part.parse().unwrap_or(0)).collect()
}

#[cfg(test)]
mod tests {
    use super::is_safe;

    #[test]
    fn versions_with_the_wal_reset_fault_are_refused() {
        for (version, safe) in [("3.46.0", false), ("3.51.2", false), ("3.51.3", true), ("3.52.0", true), ("4.0", true)]
        {
            assert_eq!(is_safe(version), safe, "{version}");
        }
    }
}
