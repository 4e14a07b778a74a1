//! Results and the figures made of them.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::Timestamp;
use domain::ports::store::{Results, Stored};
use domain::read::{Day, ResultPoint, ResultsOf, TriggerFigures};
use uuid::Uuid;

use super::Engine;
use super::errors::store;
use super::list_rows::{ResultRow, TriggerRow};
use super::rows::all;

/// All columns are in the index, and its order is the answer's.
pub(super) const RESULTS: &str = "SELECT opportunity, score, band, outcome, completed_at, stage, test FROM orders \
    WHERE organization_id = $1 AND completed_at IS NOT NULL AND completed_at >= $2 AND vendor = $3 \
    AND ($4 IS NULL OR test = $4) AND ($5 IS NULL OR stage = $5) AND outcome IS NOT NULL \
    ORDER BY completed_at DESC LIMIT $6";

/// Orders by stage and vendor.
pub(super) const TRIGGERS: &str = "SELECT stage, vendor, count(*) AS ordered, count(invited_at) AS invited, \
    count(CASE WHEN state IN ('started', 'submitted', 'completed') THEN 1 END) AS started, \
    count(completed_at) AS completed, count(CASE WHEN outcome = 'pass' THEN 1 END) AS passed, \
    count(CASE WHEN outcome = 'needs-review' THEN 1 END) AS review, \
    count(CASE WHEN outcome = 'fail' THEN 1 END) AS failed, count(CASE WHEN state = 'expired' THEN 1 END) AS expired \
    FROM orders WHERE organization_id = $1 AND created_at >= $2 GROUP BY stage, vendor";

/// In the order of the index: a million decisions are counted without being sorted.
pub(super) const DECISION_KINDS: &str = "SELECT stage, vendor, coalesce(kind, ''), count(*) FROM decisions \
    WHERE organization_id = $1 AND decided_at >= $2 GROUP BY stage, vendor, kind";

/// Each event on its own day: what, which day, how many. 86400000000 microseconds are a day.
pub(super) const DAYS: &str = "SELECT 'ordered' AS what, created_at / 86400000000 AS day, count(*) AS count FROM orders \
      WHERE organization_id = $1 AND created_at >= $2 GROUP BY created_at / 86400000000 \
    UNION ALL SELECT 'invited', invited_at / 86400000000, count(*) FROM orders \
      WHERE organization_id = $1 AND invited_at IS NOT NULL AND invited_at >= $2 GROUP BY invited_at / 86400000000 \
    UNION ALL SELECT 'written', written_at / 86400000000, count(*) FROM orders \
      WHERE organization_id = $1 AND written_at IS NOT NULL AND written_at >= $2 GROUP BY written_at / 86400000000 \
    UNION ALL SELECT coalesce(outcome, ''), completed_at / 86400000000, count(*) FROM orders \
      WHERE organization_id = $1 AND completed_at IS NOT NULL AND completed_at >= $2 \
      GROUP BY completed_at / 86400000000, outcome";

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
            .bind(&of.vendor)
            .bind(of.test.as_deref())
            .bind(of.stage.as_deref())
            .bind(i64::from(limit))
            .fetch_all(self.reader())
            .await
            .map_err(store)?;
        all(rows)
    }

    async fn trigger_figures(&self, organization: Uuid, since: Timestamp) -> Stored<Vec<TriggerFigures>> {
        let orders: Vec<TriggerRow> = sqlx::query_as(TRIGGERS)
            .bind(organization)
            .bind(since.as_micros())
            .fetch_all(self.reader())
            .await
            .map_err(store)?;
        let decisions: Vec<(String, String, String, i64)> = sqlx::query_as(DECISION_KINDS)
            .bind(organization)
            .bind(since.as_micros())
            .fetch_all(self.reader())
            .await
            .map_err(store)?;
        let mut all: BTreeMap<(String, String), TriggerFigures> = BTreeMap::new();
        for row in orders.into_iter().map(TriggerFigures::from) {
            all.insert((row.stage.clone(), row.vendor.clone()), row);
        }
        for (stage, vendor, kind, count) in decisions {
            let new = || TriggerFigures { stage: stage.clone(), vendor: vendor.clone(), ..TriggerFigures::default() };
            let figures = all.entry((stage.clone(), vendor.clone())).or_insert_with(new);
            figures.decisions.push((kind, count));
        }
        let mut all: Vec<TriggerFigures> = all.into_values().collect();
        for figures in &mut all {
            figures.decisions.sort();
        }
        Ok(all)
    }

    async fn days(&self, organization: Uuid, since: Timestamp) -> Stored<Vec<Day>> {
        let rows: Vec<(String, i64, i64)> = sqlx::query_as(DAYS)
            .bind(organization)
            .bind(since.as_micros())
            .fetch_all(self.reader())
            .await
            .map_err(store)?;
        let mut days: BTreeMap<i64, Day> = BTreeMap::new();
        for (what, day, count) in rows {
            let row = days.entry(day).or_insert_with(|| Day { day, ..Day::default() });
            match what.as_str() {
                "ordered" => row.ordered += count,
                "invited" => row.invited += count,
                "written" => row.written += count,
                outcome => {
                    row.completed += count;
                    match outcome {
                        "pass" => row.pass += count,
                        "needs-review" => row.review += count,
                        "fail" => row.fail += count,
                        _ => {}
                    }
                }
            }
        }
        Ok(days.into_values().collect())
    }
}
