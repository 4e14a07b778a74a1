//! The health of organizations: a few statements over all of them, never one for each.

use std::collections::HashMap;

use async_trait::async_trait;
use domain::Timestamp;
use domain::job::Work;
use domain::ports::store::{Fleet, StoreError, Stored};
use domain::read::{FLEET_CAP, FleetRow, OpenIssue, reviews_since};
use uuid::Uuid;

use super::errors::store;
use super::list_rows::{FleetIssueRow, FleetRecord};
use super::{Engine, dialect, list};

/// The rows of hours.
const DAY: std::time::Duration = std::time::Duration::from_hours(24);

/// Open issues, oldest first. CROSS JOIN keeps the order: for each organization its few that are open; a bound of the cause
/// names the index of these.
pub(super) const ISSUES: &str = "SELECT i.organization_id, i.cause, i.detail, i.opened_at, i.last_seen, i.count \
    FROM organizations o CROSS JOIN issues i WHERE i.organization_id = o.id AND i.closed_at IS NULL \
    AND i.cause > '' AND ($1 IS NULL OR o.id = $1) ORDER BY i.opened_at, i.cause";

/// Deliveries by hour: organization, hours since `$2`, how many. Parameters: only this organization, since, until.
/// 3600000000 microseconds are an hour.
pub(super) const HOURS: &str = "SELECT o.id, (d.received_at - $2) / 3600000000 AS hour, count(*) \
    FROM organizations o CROSS JOIN deliveries d WHERE d.organization_id = o.id AND d.received_at > $2 \
    AND d.received_at <= $3 AND ($1 IS NULL OR o.id = $1) GROUP BY o.id, (d.received_at - $2) / 3600000000";

/// As above, of those that failed: they have an index of their own.
pub(super) const FAILED_HOURS: &str = "SELECT o.id, (d.received_at - $2) / 3600000000 AS hour, count(*) \
    FROM organizations o CROSS JOIN deliveries d WHERE d.organization_id = o.id AND d.failed AND d.received_at > $2 \
    AND d.received_at <= $3 AND ($1 IS NULL OR o.id = $1) GROUP BY o.id, (d.received_at - $2) / 3600000000";

/// Of those that failed: how many came after the last accepted one of their event and after the last connection that Lever
/// verified. The last accepted one is looked for from the end, once for each event; whether Lever verified, only where some are
/// left. Parameters as above.
pub(super) const STILL_FAILING: &str = "WITH failing AS (SELECT DISTINCT d.organization_id, d.event FROM organizations o \
      CROSS JOIN deliveries d WHERE d.organization_id = o.id AND d.failed AND d.received_at > $2 AND d.received_at <= $3 \
      AND ($1 IS NULL OR o.id = $1)), \
    accepted AS (SELECT organization_id, event, coalesce((SELECT d.received_at FROM deliveries d \
      WHERE d.organization_id = failing.organization_id AND d.received_at > $2 AND d.received_at <= $3 AND NOT d.failed \
      AND d.event = failing.event ORDER BY d.received_at DESC LIMIT 1), $2) AS at FROM failing), \
    still AS (SELECT d.organization_id, d.received_at FROM accepted CROSS JOIN deliveries d \
      WHERE d.organization_id = accepted.organization_id AND d.failed AND d.received_at > accepted.at \
      AND d.received_at <= $3 AND d.event = accepted.event), \
    since AS (SELECT organization_id, min(received_at) AS at FROM still GROUP BY organization_id), \
    verified AS (SELECT organization_id, coalesce((SELECT max(d.received_at) FROM deliveries d \
      WHERE d.organization_id = since.organization_id AND d.received_at > since.at AND d.received_at <= $3 \
      AND d.status = 'verified'), $2) AS at FROM since) \
    SELECT still.organization_id, count(*) FROM still JOIN verified \
    ON verified.organization_id = still.organization_id AND still.received_at > verified.at GROUP BY still.organization_id";

impl Engine {
    async fn rows(&self, only: Option<Uuid>, now: Timestamp) -> Stored<Vec<FleetRow>> {
        let (records, mut issues, mut deliveries, mut failed, still) = futures::try_join!(
            self.records(only, now),
            self.fleet_issues(only),
            self.hours(HOURS, only, now),
            self.hours(FAILED_HOURS, only, now),
            self.still_failing(only, now),
        )?;
        let row = |record: FleetRecord| {
            let row = FleetRow::try_from(record)?;
            Ok(FleetRow {
                issues: issues.remove(&row.id).unwrap_or_default(),
                deliveries: deliveries.remove(&row.id).unwrap_or_default(),
                failed: failed.remove(&row.id).unwrap_or_default(),
                still_failing: still.get(&row.id).copied().unwrap_or_default(),
                ..row
            })
        };
        records.into_iter().map(row).collect()
    }

    async fn records(&self, only: Option<Uuid>, now: Timestamp) -> Stored<Vec<FleetRecord>> {
        sqlx::query_as(dialect::FLEET)
            .bind(now.as_micros())
            .bind(list(&Work::KINDS)?)
            .bind(only)
            .bind(reviews_since(now).as_micros())
            .bind(FLEET_CAP)
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(store)
    }

    async fn fleet_issues(&self, only: Option<Uuid>) -> Stored<HashMap<Uuid, Vec<OpenIssue>>> {
        let rows: Vec<FleetIssueRow> =
            sqlx::query_as(ISSUES).bind(only).fetch_all(&mut *self.reader().await?).await.map_err(store)?;
        let mut issues: HashMap<Uuid, Vec<OpenIssue>> = HashMap::new();
        for row in rows {
            issues.entry(row.organization_id).or_default().push(row.into());
        }
        Ok(issues)
    }

    async fn still_failing(&self, only: Option<Uuid>, now: Timestamp) -> Stored<HashMap<Uuid, i64>> {
        let rows: Vec<(Uuid, i64)> = sqlx::query_as(STILL_FAILING)
            .bind(only)
            .bind(now.minus(DAY).as_micros())
            .bind(now.as_micros())
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        Ok(rows.into_iter().collect())
    }

    /// Counts by hour; the present hour, which ends now, is the last.
    async fn hours(
        &self,
        statement: &'static str,
        only: Option<Uuid>,
        now: Timestamp,
    ) -> Stored<HashMap<Uuid, [i64; 24]>> {
        // An hour is open at its beginning, so that what comes this instant is in the last one.
        let rows: Vec<(Uuid, i64, i64)> = sqlx::query_as(statement)
            .bind(only)
            .bind(now.minus(DAY).as_micros())
            .bind(now.as_micros())
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        let mut hours: HashMap<Uuid, [i64; 24]> = HashMap::new();
        for (organization, hour, count) in rows {
            let hour = usize::try_from(hour).map_or(0, |h| h.min(23));
            hours.entry(organization).or_default()[hour] += count;
        }
        Ok(hours)
    }
}

#[async_trait]
impl Fleet for Engine {
    async fn fleet(&self, now: Timestamp) -> Stored<Vec<FleetRow>> {
        self.rows(None, now).await
    }

    async fn fleet_row(&self, organization: Uuid, now: Timestamp) -> Stored<FleetRow> {
        self.rows(Some(organization), now).await?.pop().ok_or(StoreError::NotFound("organization"))
    }
}
