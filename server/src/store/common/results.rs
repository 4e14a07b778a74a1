//! Results and the figures made of them.

use std::ops::RangeInclusive;

use async_trait::async_trait;
use domain::Timestamp;
use domain::ports::store::{Results, Stored};
use domain::read::{Day, ResultPoint, ResultsOf, SKIPPED_CAP, TriggerFigures};
use uuid::Uuid;

use super::errors::store;
use super::list_rows::{ResultRow, TriggerRow};
use super::rows::all;
use super::{Engine, clean, dialect, list};

/// All columns are in the index, and its order is the answer's.
pub(super) const RESULTS: &str = "SELECT opportunity, score, band, outcome, completed_at, stage, test FROM orders \
    WHERE organization_id = $1 AND completed_at IS NOT NULL AND completed_at >= $2 AND vendor = $3 \
    AND ($4 IS NULL OR test = $4) AND ($5 IS NULL OR stage = $5) AND outcome IS NOT NULL \
    ORDER BY completed_at DESC LIMIT $6";

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
            .fetch_all(self.reader())
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
            .fetch_all(self.reader())
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
            .fetch_all(self.reader())
            .await
            .map_err(store)?;
        Ok(days.into_iter().zip(rows).map(|(day, (pass, review, fail))| Day { day, pass, review, fail }).collect())
    }
}
