//! Results and the figures made of them.

use std::ops::RangeInclusive;

use async_trait::async_trait;
use domain::Timestamp;
use domain::ports::store::{Results, Stored};
use domain::read::{Day, ResultPoint, ResultsOf, SKIPPED_CAP, TriggerFigures};
use domain::simulate::Past;
use uuid::Uuid;

use super::errors::store;
use super::list_rows::{PastRow, ResultRow, TriggerRow};
use super::rows::all;
use super::{Engine, clean, dialect, list};

/// All columns are in the index, and its order is the answer's.
pub(super) const RESULTS: &str = "SELECT opportunity, score, band, outcome, completed_at, stage, test FROM orders \
    WHERE organization_id = $1 AND completed_at IS NOT NULL AND completed_at >= $2 AND vendor = $3 \
    AND ($4 IS NULL OR test = $4) AND ($5 IS NULL OR stage = $5) AND outcome IS NOT NULL \
    ORDER BY completed_at DESC LIMIT $6";

/// What an entry led to was made at the instant of its decision.
pub(super) const PAST: &str = "SELECT o.data, d.decision, d.decided_at, r.score, r.band, r.outcome FROM (\
        SELECT opportunity, stage, entered_at, vendor, decided_at FROM decisions \
        WHERE organization_id = $1 AND stage = $2 AND vendor = $3 \
        AND decided_at >= $4 \
        ORDER BY decided_at DESC LIMIT $5) k \
    JOIN decisions d ON d.organization_id = $1 AND d.opportunity = k.opportunity AND d.stage = k.stage \
        AND d.entered_at = k.entered_at AND d.vendor = k.vendor \
    JOIN opportunities o ON o.organization_id = $1 AND o.opportunity = k.opportunity AND o.data IS NOT NULL \
    LEFT JOIN orders r ON r.organization_id = $1 AND r.opportunity = k.opportunity AND r.vendor = k.vendor \
        AND r.created_at = k.decided_at AND r.stage = k.stage \
    ORDER BY k.decided_at DESC, k.opportunity";

#[async_trait]
impl Results for Engine {
    async fn results(
        &self,
        organization: Uuid,
        of: &ResultsOf,
        since: Timestamp,
        limit: u32,
    ) -> Stored<Vec<ResultPoint>> {
        let rows: Vec<ResultRow> = sqlx::query_as(RESULTS)
            .bind(organization)
            .bind(since.as_micros())
            .bind(clean(&of.vendor))
            .bind(of.test.as_deref().map(clean))
            .bind(of.stage.as_deref().map(clean))
            .bind(i64::from(limit))
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        all(rows)
    }

    async fn past(
        &self,
        organization: Uuid,
        stage: &str,
        vendor: &str,
        since: Timestamp,
        limit: u32,
    ) -> Stored<Vec<Past>> {
        let rows: Vec<PastRow> = sqlx::query_as(PAST)
            .bind(organization)
            .bind(clean(stage))
            .bind(clean(vendor))
            .bind(since.as_micros())
            .bind(i64::from(limit))
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        all(rows)
    }

    async fn trigger_figures(
        &self,
        organization: Uuid,
        of: &[(&str, &str)],
        since: Timestamp,
    ) -> Stored<Vec<TriggerFigures>> {
        let rows: Vec<TriggerRow> = sqlx::query_as(dialect::TRIGGERS)
            .bind(organization)
            .bind(since.as_micros())
            .bind(list(of)?)
            .bind(SKIPPED_CAP)
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        let named = |(row, &(stage, vendor)): (TriggerRow, &(&str, &str))| row.named(stage, vendor);
        Ok(rows.into_iter().zip(of).map(named).collect())
    }

    async fn days(&self, organization: Uuid, days: RangeInclusive<i64>) -> Stored<Vec<Day>> {
        let days: Vec<i64> = days.collect();
        let rows: Vec<(i64, i64, i64)> = sqlx::query_as(dialect::DAYS)
            .bind(organization)
            .bind(list(&days)?)
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        Ok(days.into_iter().zip(rows).map(|(day, (pass, review, fail))| Day { day, pass, review, fail }).collect())
    }
}
