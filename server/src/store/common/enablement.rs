//! Steps on the way to an integration, and secrets in links.

use async_trait::async_trait;
use domain::Timestamp;
use domain::audit::{Act, Author};
use domain::enablement::{Integration, Made, Step};
use domain::ports::store::{Drop, Enablement, StoreError, Stored};
use uuid::Uuid;

use super::audit::{NewEntry, append};
use super::errors::{store, unreadable};
use super::rows::{all, time};
use super::{Conn, Engine};

#[derive(sqlx::FromRow)]
struct StepRow {
    integration: String,
    step: String,
    who: String,
    at: i64,
}

impl TryFrom<StepRow> for Made {
    type Error = StoreError;

    fn try_from(row: StepRow) -> Result<Self, StoreError> {
        Ok(Self { integration: integration(&row.integration)?, step: step(&row.step)?, who: row.who, at: time(row.at) })
    }
}

fn integration(name: &str) -> Stored<Integration> {
    Integration::parse(name).ok_or_else(|| unreadable("integration", name))
}

fn step(name: &str) -> Stored<Step> {
    Step::parse(name).ok_or_else(|| unreadable("step", name))
}

#[derive(sqlx::FromRow)]
struct DropRow {
    key: String,
    organization_id: Uuid,
    integration: String,
    sealed: Option<Vec<u8>>,
    created_by: String,
    expires_at: i64,
}

impl TryFrom<DropRow> for Drop {
    type Error = StoreError;

    fn try_from(row: DropRow) -> Result<Self, StoreError> {
        Ok(Self {
            integration: integration(&row.integration)?,
            key: row.key,
            organization: row.organization_id,
            sealed: row.sealed.unwrap_or_default(),
            by: row.created_by,
            expires_at: time(row.expires_at),
        })
    }
}

async fn last(conn: &mut Conn, organization: Uuid, integration: Integration) -> Stored<Option<Step>> {
    let name: Option<String> = sqlx::query_scalar(
        "SELECT step FROM enablement WHERE organization_id = $1 AND integration = $2 ORDER BY number DESC LIMIT 1",
    )
    .bind(organization)
    .bind(integration.as_str())
    .fetch_optional(conn)
    .await
    .map_err(store)?;
    name.as_deref().map(step).transpose()
}

/// Two who make a step at once take the same number, and one of them fails.
async fn put(conn: &mut Conn, organization: Uuid, of: Integration, step: Step, by: &Author) -> Stored<()> {
    if !step.may_follow(last(conn, organization, of).await?) {
        return Err(StoreError::Conflict("enablement_step".to_owned()));
    }
    sqlx::query(
        "INSERT INTO enablement (organization_id, number, integration, step, who, at) \
         SELECT $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5 FROM enablement WHERE organization_id = $1",
    )
    .bind(organization)
    .bind(of.as_str())
    .bind(step.as_str())
    .bind(&by.who)
    .bind(by.at.as_micros())
    .execute(&mut *conn)
    .await
    .map_err(store)?;
    let entry = NewEntry {
        organization: Some(organization),
        by,
        act: Act::EnablementMoved,
        target: of.as_str(),
        before: None,
        after: Some(step.as_str()),
    };
    append(conn, entry).await
}

#[async_trait]
impl Enablement for Engine {
    async fn steps(&self, organization: Uuid) -> Stored<Vec<Made>> {
        let rows: Vec<StepRow> = sqlx::query_as(
            "SELECT integration, step, who, at FROM enablement WHERE organization_id = $1 ORDER BY number",
        )
        .bind(organization)
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(store)?;
        all(rows)
    }

    async fn all_steps(&self) -> Stored<Vec<(String, Made)>> {
        let rows: Vec<(String, String, String, String, i64)> = sqlx::query_as(
            "SELECT o.slug, e.integration, e.step, e.who, e.at FROM enablement e \
             JOIN organizations o ON o.id = e.organization_id ORDER BY o.slug, e.number",
        )
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(store)?;
        let read = |(slug, integration, step, who, at): (String, String, String, String, i64)| {
            Ok((slug, Made::try_from(StepRow { integration, step, who, at })?))
        };
        rows.into_iter().map(read).collect()
    }

    async fn make_step(&self, organization: Uuid, integration: Integration, step: Step, by: &Author) -> Stored<()> {
        let mut tx = self.begin().await?;
        put(&mut tx, organization, integration, step, by).await?;
        tx.commit().await.map_err(store)
    }

    async fn make_drop(&self, drop: Drop, by: &Author) -> Stored<()> {
        let mut tx = self.begin().await?;
        put(&mut tx, drop.organization, drop.integration, Step::KeyHandedOver, by).await?;
        sqlx::query(
            "INSERT INTO drops (key, organization_id, integration, sealed, created_by, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(&drop.key)
        .bind(drop.organization)
        .bind(drop.integration.as_str())
        .bind(drop.sealed)
        .bind(&drop.by)
        .bind(by.at.as_micros())
        .bind(drop.expires_at.as_micros())
        .execute(&mut *tx)
        .await
        .map_err(store)?;
        tx.commit().await.map_err(store)
    }

    async fn waiting_drop(&self, key: &str, now: Timestamp) -> Stored<Option<Drop>> {
        let row: Option<DropRow> = sqlx::query_as(
            "SELECT key, organization_id, integration, sealed, created_by, expires_at FROM drops \
             WHERE key = $1 AND opened_at IS NULL AND expires_at > $2",
        )
        .bind(key)
        .bind(now.as_micros())
        .fetch_optional(&mut *self.reader().await?)
        .await
        .map_err(store)?;
        row.map(Drop::try_from).transpose()
    }

    async fn open_drop(&self, key: &str, by: &Author) -> Stored<Drop> {
        let mut tx = self.begin().await?;
        // The first to write wins; the other finds it opened.
        let row: Option<DropRow> = sqlx::query_as(
            "UPDATE drops SET opened_at = $2 WHERE key = $1 AND opened_at IS NULL AND expires_at > $2 \
             RETURNING key, organization_id, integration, sealed, created_by, expires_at",
        )
        .bind(key)
        .bind(by.at.as_micros())
        .fetch_optional(&mut *tx)
        .await
        .map_err(store)?;
        let drop: Drop = row.ok_or(StoreError::NotFound("link"))?.try_into()?;
        sqlx::query("UPDATE drops SET sealed = NULL WHERE key = $1")
            .bind(key)
            .execute(&mut *tx)
            .await
            .map_err(store)?;
        put(&mut tx, drop.organization, drop.integration, Step::KeyOpened, by).await?;
        tx.commit().await.map_err(store)?;
        Ok(drop)
    }
}
