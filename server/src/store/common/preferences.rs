//! What people set for themselves.

use async_trait::async_trait;
use domain::ports::store::{Account, Preferences, StoreError, Stored};
use uuid::Uuid;

use super::errors::store;
use super::people_rows::PreferringRow;
use super::{Engine, clean};

#[async_trait]
impl Preferences for Engine {
    async fn account_with_preferences(&self, account: Uuid) -> Stored<Option<(Account, Option<String>)>> {
        let row: Option<PreferringRow> = sqlx::query_as(
            "SELECT id, email, role, organization_id, password_hash, disabled, preferences FROM users WHERE id = $1",
        )
        .bind(account)
        .fetch_optional(&mut *self.reader().await?)
        .await
        .map_err(store)?;
        row.map(|row| Ok((row.account.try_into()?, row.preferences))).transpose()
    }

    async fn save_preferences(&self, account: Uuid, json: &str) -> Stored<()> {
        let done = sqlx::query("UPDATE users SET preferences = $2 WHERE id = $1")
            .bind(account)
            .bind(clean(json))
            .execute(&mut *self.writer().await?)
            .await
            .map_err(store)?;
        if done.rows_affected() == 0 { Err(StoreError::NotFound("account")) } else { Ok(()) }
    }
}
