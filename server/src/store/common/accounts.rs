//! People and sessions.

use async_trait::async_trait;
use domain::Timestamp;
use domain::ports::store::{Account, Accounts, StoreError, Stored};
use domain::read::UserRow;
use uuid::Uuid;

use super::Engine;
use super::errors::store;
use super::rows::{AccountRow, UserRecord};

/// Which change of an account ends its sessions with it.
enum Change {
    Password(String),
    Disable,
}

impl Engine {
    async fn change_account(&self, id: Uuid, change: Change) -> Stored<()> {
        let mut tx = self.begin().await?;
        let update = match change {
            Change::Password(hash) => {
                sqlx::query("UPDATE users SET password_hash = $2 WHERE id = $1").bind(id).bind(hash)
            }
            Change::Disable => sqlx::query("UPDATE users SET disabled = true WHERE id = $1").bind(id),
        };
        if update.execute(&mut *tx).await.map_err(store)?.rows_affected() == 0 {
            return Err(StoreError::NotFound("account"));
        }
        sqlx::query("DELETE FROM sessions WHERE user_id = $1").bind(id).execute(&mut *tx).await.map_err(store)?;
        tx.commit().await.map_err(store)
    }

    async fn put_session(
        &self,
        statement: &'static str,
        key: &str,
        data: &str,
        account: Option<Uuid>,
        expires: Timestamp,
    ) -> Stored<()> {
        sqlx::query(statement)
            .bind(key)
            .bind(data)
            .bind(account)
            .bind(expires.as_micros())
            .execute(self.writer())
            .await
            .map_err(store)?;
        Ok(())
    }
}

#[async_trait]
impl Accounts for Engine {
    async fn create_account(&self, account: Account, now: Timestamp) -> Stored<()> {
        sqlx::query(
            "INSERT INTO users (id, email, role, organization_id, password_hash, disabled, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(account.id)
        .bind(account.email.reveal().to_lowercase())
        .bind(account.role.as_str())
        .bind(account.organization)
        .bind(account.password_hash)
        .bind(account.disabled)
        .bind(now.as_micros())
        .execute(self.writer())
        .await
        .map_err(store)?;
        Ok(())
    }

    async fn account_by_email(&self, email: &str) -> Stored<Option<Account>> {
        let row: Option<AccountRow> = sqlx::query_as(
            "SELECT id, email, role, organization_id, password_hash, disabled FROM users WHERE email = $1",
        )
        .bind(email)
        .fetch_optional(self.reader())
        .await
        .map_err(store)?;
        row.map(Account::try_from).transpose()
    }

    async fn account(&self, id: Uuid) -> Stored<Option<Account>> {
        let row: Option<AccountRow> =
            sqlx::query_as("SELECT id, email, role, organization_id, password_hash, disabled FROM users WHERE id = $1")
                .bind(id)
                .fetch_optional(self.reader())
                .await
                .map_err(store)?;
        row.map(Account::try_from).transpose()
    }

    async fn accounts(&self) -> Stored<Vec<UserRow>> {
        let rows: Vec<UserRecord> = sqlx::query_as(
            "SELECT u.id, u.email, u.role, o.slug, u.disabled, u.created_at FROM users u \
             LEFT JOIN organizations o ON o.id = u.organization_id ORDER BY u.email",
        )
        .fetch_all(self.reader())
        .await
        .map_err(store)?;
        Ok(rows.into_iter().map(UserRow::from).collect())
    }

    async fn set_password(&self, id: Uuid, hash: String) -> Stored<()> {
        self.change_account(id, Change::Password(hash)).await
    }

    async fn rehash(&self, id: Uuid, hash: String) -> Stored<()> {
        let done = sqlx::query("UPDATE users SET password_hash = $2 WHERE id = $1")
            .bind(id)
            .bind(hash)
            .execute(self.writer())
            .await
            .map_err(store)?;
        if done.rows_affected() == 0 { Err(StoreError::NotFound("account")) } else { Ok(()) }
    }

    async fn disable_account(&self, id: Uuid) -> Stored<()> {
        self.change_account(id, Change::Disable).await
    }

    async fn create_session(&self, key: &str, data: &str, account: Option<Uuid>, expires: Timestamp) -> Stored<()> {
        let insert = "INSERT INTO sessions (key, data, user_id, expires_at) VALUES ($1, $2, $3, $4)";
        self.put_session(insert, key, data, account, expires).await
    }

    async fn save_session(&self, key: &str, data: &str, account: Option<Uuid>, expires: Timestamp) -> Stored<()> {
        let upsert = "INSERT INTO sessions (key, data, user_id, expires_at) VALUES ($1, $2, $3, $4) \
                      ON CONFLICT (key) DO UPDATE SET data = excluded.data, user_id = excluded.user_id, \
                      expires_at = excluded.expires_at";
        self.put_session(upsert, key, data, account, expires).await
    }

    async fn load_session(&self, key: &str, now: Timestamp) -> Stored<Option<String>> {
        sqlx::query_scalar("SELECT data FROM sessions WHERE key = $1 AND expires_at > $2")
            .bind(key)
            .bind(now.as_micros())
            .fetch_optional(self.reader())
            .await
            .map_err(store)
    }

    async fn delete_session(&self, key: &str) -> Stored<()> {
        sqlx::query("DELETE FROM sessions WHERE key = $1").bind(key).execute(self.writer()).await.map_err(store)?;
        Ok(())
    }

    async fn prune_sessions(&self, now: Timestamp) -> Stored<u64> {
        let done = sqlx::query("DELETE FROM sessions WHERE expires_at <= $1")
            .bind(now.as_micros())
            .execute(self.writer())
            .await
            .map_err(store)?;
        Ok(done.rows_affected())
    }
}
