//! PostgreSQL: any number of nodes.

#[path = "../common/mod.rs"]
mod common;
mod dialect;

use std::fmt;
use std::str::FromStr as _;
use std::time::Duration;

use domain::ports::store::Stored;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection as _, Executor as _, Pool, Transaction};

use super::errors::{OpenError, store};

/// The engine, as the common files name it.
type Db = sqlx::Postgres;

static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("../migrations/postgres");

/// PostgreSQL 13: the oldest release these statements are meant for.
const OLDEST: i32 = 130_000;

/// A connection that rested longer is asked whether it is still alive before it is used. No database restarts within that time.
const FRESH: Duration = Duration::from_millis(100);

/// How a kind of connection is used.
struct Use {
    /// At most so many.
    connections: u32,
    /// Of PostgreSQL. None compiles a statement (`jit`): none here runs as long as that takes.
    settings: &'static str,
    /// So long one connection is kept, and with it its plans.
    lifetime: Duration,
}

/// Statements that write are planned each time. A plan that is kept would be the one for the empty table of a new database: it
/// reads whole tables while the first reading of Lever fills them.
const WRITES: Use = Use {
    connections: 6,
    settings: "SET plan_cache_mode = force_custom_plan; SET jit = off",
    lifetime: Duration::from_mins(30),
};

/// Planning takes as long as reading the rows of a page, so that here PostgreSQL may keep a plan; for a minute, in which a table
/// does not outgrow it by much.
const READS: Use = Use {
    connections: 6,
    settings: "SET default_transaction_read_only = on; SET jit = off",
    lifetime: Duration::from_mins(1),
};

/// An open PostgreSQL database.
pub(super) struct Engine {
    writers: Pool<Db>,
    readers: Pool<Db>,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PostgreSQL")
    }
}

impl Engine {
    const ONE_WRITER: bool = false;

    pub(super) async fn open(url: &str) -> Result<Self, OpenError> {
        let writers = connect(url, &WRITES).await?;
        common::migrations::refuse_newer(&mut *writers.acquire().await.map_err(OpenError::Connect)?).await?;
        Ok(Self { writers, readers: connect(url, &READS).await? })
    }

    /// Begins a transaction that writes.
    async fn begin(&self) -> Stored<Transaction<'static, Db>> {
        self.writers.begin().await.map_err(store)
    }

    /// Where single statements write.
    async fn writer(&self) -> Stored<PoolConnection<Db>> {
        self.writers.acquire().await.map_err(store)
    }

    /// Where is read.
    async fn reader(&self) -> Stored<PoolConnection<Db>> {
        self.readers.acquire().await.map_err(store)
    }
}

#[cfg(test)]
pub(super) fn read_statements() -> Vec<(&'static str, &'static str)> {
    common::read_statements()
}

pub(super) async fn migrate(url: &str) -> Result<Vec<String>, OpenError> {
    let pool = connect(url, &Use { connections: 1, ..WRITES }).await?;
    let done = common::migrations::migrate(&mut *pool.acquire().await.map_err(OpenError::Connect)?).await;
    pool.close().await;
    done
}

pub(super) async fn status(url: &str) -> Result<Vec<super::MigrationState>, OpenError> {
    let pool = connect(url, &Use { connections: 1, ..WRITES }).await?;
    let states = common::migrations::status(&mut *pool.acquire().await.map_err(OpenError::Connect)?).await;
    pool.close().await;
    states
}

async fn connect(url: &str, used: &Use) -> Result<Pool<Db>, OpenError> {
    let options = PgConnectOptions::from_str(url).map_err(|e| OpenError::Url(e.to_string()))?;
    let settings = used.settings;
    let options = options.statement_cache_capacity(super::STATEMENTS);
    let pool = PgPoolOptions::new()
        .max_connections(used.connections)
        .max_lifetime(used.lifetime)
        .acquire_timeout(Duration::from_secs(10))
        .test_before_acquire(false)
        .before_acquire(|connection, used| {
            Box::pin(async move {
                if used.idle_for > FRESH {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .after_connect(move |connection, _| Box::pin(async move { connection.execute(settings).await.map(drop) }))
        .connect_with(options)
        .await
        .map_err(OpenError::Connect)?;
    check_version(&pool).await?;
    Ok(pool)
}

async fn check_version(pool: &Pool<Db>) -> Result<(), OpenError> {
    let found: i32 = sqlx::query_scalar("SELECT current_setting('server_version_num')::integer")
        .fetch_one(pool)
        .await
        .map_err(OpenError::Connect)?;
    if found >= OLDEST {
        return Ok(());
    }
    Err(OpenError::TooOld { engine: "PostgreSQL", found: (found / 10_000).to_string(), needed: "13" })
}
