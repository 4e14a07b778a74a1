//! Connections that are lent and come back. sqlx's pool asks each one that comes back whether it is still alive, in a task of its
//! own. A file does not hang up: that is a turn of the connection's thread for nothing after every statement and transaction,
//! and the one writer waits for it.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection as _, Error, SqliteConnection};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

type Idle = Arc<Mutex<Vec<SqliteConnection>>>;

/// At most so many connections, opened when they are first needed. Who asks first is served first.
pub(super) struct Shelf {
    options: SqliteConnectOptions,
    places: Arc<Semaphore>,
    idle: Idle,
}

impl Shelf {
    pub(super) fn new(options: SqliteConnectOptions, most: usize) -> Self {
        Self { options, places: Arc::new(Semaphore::new(most)), idle: Idle::default() }
    }

    /// Waits for a connection.
    pub(super) async fn take(&self) -> Result<Lease, Error> {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| Error::PoolClosed)?;
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => SqliteConnection::connect_with(&self.options).await?,
        };
        Ok(Lease { connection: Some(connection), idle: Arc::clone(&self.idle), _place: place })
    }

    /// Begins a transaction that writes. IMMEDIATE: one that reads first and then wants to write would fail as busy.
    pub(super) async fn begin(&self) -> Result<Transaction, Error> {
        let mut transaction = Transaction { lease: Some(self.take().await?) };
        sqlx::query("BEGIN IMMEDIATE").execute(&mut *transaction).await?;
        Ok(transaction)
    }
}

const LENT: &str = "a connection is there until it is given back";

/// A connection, until it is dropped.
pub(super) struct Lease {
    connection: Option<SqliteConnection>,
    idle: Idle,
    _place: OwnedSemaphorePermit,
}

impl Lease {
    /// Does not come back: the next one who asks gets another.
    fn close(mut self) {
        self.connection = None;
    }
}

impl Deref for Lease {
    type Target = SqliteConnection;

    fn deref(&self) -> &Self::Target {
        self.connection.as_ref().expect(LENT)
    }
}

impl DerefMut for Lease {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.connection.as_mut().expect(LENT)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }
}

/// A transaction; taken back if it is dropped before it is committed.
pub(super) struct Transaction {
    lease: Option<Lease>,
}

impl Transaction {
    /// Makes it durable.
    pub(super) async fn commit(mut self) -> Result<(), Error> {
        sqlx::query("COMMIT").execute(&mut *self).await?;
        self.lease = None;
        Ok(())
    }
}

impl Deref for Transaction {
    type Target = SqliteConnection;

    fn deref(&self) -> &Self::Target {
        self.lease.as_ref().expect(LENT)
    }
}

impl DerefMut for Transaction {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.lease.as_mut().expect(LENT)
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        let Some(mut lease) = self.lease.take() else { return };
        let Ok(runtime) = Handle::try_current() else {
            // Closing takes it back as well.
            lease.close();
            return;
        };
        runtime.spawn(async move {
            if sqlx::query("ROLLBACK").execute(&mut *lease).await.is_err() {
                lease.close();
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::testing::TempFolder;

    async fn shelf(folder: &TempFolder) -> Shelf {
        let options = SqliteConnectOptions::new().filename(folder.path().join("shelf.db")).create_if_missing(true);
        let shelf = Shelf::new(options, 1);
        let mut lease = shelf.take().await.unwrap();
        sqlx::query("CREATE TABLE t (a INTEGER NOT NULL)").execute(&mut *lease).await.unwrap();
        shelf
    }

    async fn rows(shelf: &Shelf) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM t").fetch_one(&mut *shelf.take().await.unwrap()).await.unwrap()
    }

    async fn insert(transaction: &mut Transaction) {
        sqlx::query("INSERT INTO t (a) VALUES (1)").execute(&mut **transaction).await.unwrap();
    }

    #[tokio::test]
    async fn what_is_committed_stays_and_what_is_dropped_is_taken_back() {
        let folder = TempFolder::new();
        let shelf = shelf(&folder).await;
        let mut kept = shelf.begin().await.unwrap();
        insert(&mut kept).await;
        kept.commit().await.unwrap();
        let mut dropped = shelf.begin().await.unwrap();
        insert(&mut dropped).await;
        drop(dropped);
        assert_eq!(rows(&shelf).await, 1);
        shelf.begin().await.unwrap().commit().await.unwrap();
    }

    #[tokio::test]
    async fn who_gives_up_while_waiting_leaves_no_transaction_behind() {
        let folder = TempFolder::new();
        let shelf = shelf(&folder).await;
        for patience in 0..40 {
            // At every point of the way: while it waits, begins, writes and commits.
            let write = async {
                let mut transaction = shelf.begin().await.unwrap();
                insert(&mut transaction).await;
                transaction.commit().await.unwrap();
            };
            let _ = tokio::time::timeout(Duration::from_micros(patience * 20), write).await;
        }
        let before = rows(&shelf).await;
        let mut transaction = shelf.begin().await.unwrap();
        insert(&mut transaction).await;
        transaction.commit().await.unwrap();
        assert_eq!(rows(&shelf).await, before + 1);
    }

    #[tokio::test]
    async fn one_is_lent_at_a_time() {
        let folder = TempFolder::new();
        let shelf = shelf(&folder).await;
        let lease = shelf.take().await.unwrap();
        assert!(tokio::time::timeout(Duration::from_millis(20), shelf.take()).await.is_err());
        drop(lease);
        assert_eq!(rows(&shelf).await, 0);
        assert_eq!(shelf.idle.lock().unwrap().len(), 1, "the same connection comes back");
    }
}
