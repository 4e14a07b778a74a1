//! What people set for themselves.

use async_trait::async_trait;
use domain::ports::store::{Preferences, StoreError, Stored};
use uuid::Uuid;

use super::errors::store;
use super::{Engine, clean};

#[async_trait]
impl Preferences for Engine {
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
