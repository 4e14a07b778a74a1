//! Deliveries and jobs of one organization, as lists show them.

use async_trait::async_trait;
use domain::job::Work;
use domain::ports::store::{DeliveryStatus, StoreError, Stored, Traffic};
use domain::read::{
    DeliveryFilter, DeliveryPage, DeliveryRow, EVENTS_LOOK, EventCount, JobFilter, JobPage, JobState, KindCount, PAGE,
    QueueFigures, RowCursor,
};
use domain::{Personal, Timestamp};
use uuid::Uuid;

use super::errors::store;
use super::list_rows::JobRecord;
use super::rows::{DeliveryRecord, DeliveryWithBody, all, time};
use super::{Conn, Engine, clean, cut, dialect, list};

/// How many deliveries one page looks through: what is filtered for may be rare among a million.
const LOOK: i64 = 10_000;

/// Deliveries: the newest `LOOK` after the cursor, filtered. `$which` is what an index narrows by.
/// Parameters: organization, cursor (time, id), rows looked through, status, event, opportunity, rows.
macro_rules! delivery_page {
    ($which:literal) => {
        concat!(
            "SELECT * FROM (SELECT ",
            delivery_columns!(),
            " FROM deliveries WHERE organization_id = $1 ",
            $which,
            " AND (received_at, id) < ($2, $3) ORDER BY received_at DESC, id DESC LIMIT $4) d \
             WHERE ($5 IS NULL OR status = $5) AND ($6 IS NULL OR event = $6) AND ($7 IS NULL OR opportunity = $7) \
             ORDER BY received_at DESC, id DESC LIMIT $8"
        )
    };
}

/// The last delivery a page looks through. Parameters: organization, cursor (time, id), rows looked through.
macro_rules! last_looked_at {
    ($which:literal) => {
        concat!(
            "SELECT received_at, id FROM deliveries WHERE organization_id = $1 ",
            $which,
            " AND (received_at, id) < ($2, $3) ORDER BY received_at DESC, id DESC LIMIT 1 OFFSET $4 - 1"
        )
    };
}

pub(super) const DELIVERIES: [&str; 2] = [delivery_page!(""), delivery_page!("AND failed")];
pub(super) const LAST_LOOKED_AT: [&str; 2] = [last_looked_at!(""), last_looked_at!("AND failed")];

/// Parameters: organization, deliveries looked through.
pub(super) const EVENTS: &str = "SELECT event, count(*), CAST(sum(CASE WHEN failed THEN 1 ELSE 0 END) AS BIGINT), max(received_at), \
    max(CASE WHEN status <> 'refused' THEN received_at END) \
    FROM (SELECT event, failed, status, received_at FROM deliveries WHERE organization_id = $1 \
        ORDER BY received_at DESC LIMIT $2) d \
    GROUP BY event ORDER BY count(*) DESC, event";

pub(super) const DELIVERY: &str =
    concat!("SELECT ", delivery_columns!(), ", body FROM deliveries WHERE organization_id = $1 AND id = $2");

macro_rules! job_columns {
    () => {
        "id, kind, payload, state, attempt, failures, run_at, leased_until, last_error, finished_at"
    };
}

/// Waiting jobs of a kind, the next one first. Parameters: organization, kind, cursor (time, id), rows.
pub(super) const READY_JOBS: &str = concat!(
    "SELECT ",
    job_columns!(),
    " FROM jobs WHERE organization_id = $1 AND state = 'ready' AND kind = $2 AND (run_at, id) > ($3, $4) \
     ORDER BY run_at, id LIMIT $5"
);

/// Running jobs of a kind: few, whoever they belong to. Parameters as above. The lower bound of the lease names the index.
pub(super) const RUNNING_JOBS: &str = concat!(
    "SELECT ",
    job_columns!(),
    " FROM jobs WHERE leased_until > 0 AND state = 'running' AND organization_id = $1 AND kind = $2 \
     AND (run_at, id) > ($3, $4) ORDER BY run_at, id LIMIT $5"
);

/// Ended jobs of a kind, the latest first. Parameters: organization, kind, cursor (time, id), rows, state.
pub(super) const ENDED_JOBS: &str = concat!(
    "SELECT ",
    job_columns!(),
    " FROM jobs WHERE organization_id = $1 AND state = $6 AND kind = $2 AND finished_at IS NOT NULL \
     AND (finished_at, id) < ($3, $4) ORDER BY finished_at DESC, id DESC LIMIT $5"
);

/// The first kind after another one: kinds are found by jumping from one to the next in an index, however many jobs of each
/// there are. Parameters: organization, the kind before.
pub(super) const NEXT_READY_KIND: &str = "SELECT kind FROM jobs WHERE organization_id = $1 AND state = 'ready' \
    AND kind > $2 ORDER BY kind LIMIT 1";
/// As above. Further parameter: state.
pub(super) const NEXT_ENDED_KIND: &str = "SELECT kind FROM jobs WHERE organization_id = $1 AND state = $3 AND kind > $2 \
    AND finished_at IS NOT NULL ORDER BY kind LIMIT 1";
/// As above; running ones are few.
pub(super) const NEXT_RUNNING_KIND: &str = "SELECT kind FROM jobs WHERE leased_until > 0 AND state = 'running' \
    AND organization_id = $1 AND kind > $2 ORDER BY kind LIMIT 1";

/// How many of a kind there are. Parameters: organization, kind, the cap; for ended ones the state.
pub(super) const COUNT_READY: &str = "SELECT count(*) FROM (SELECT 1 AS one FROM jobs WHERE organization_id = $1 \
    AND state = 'ready' AND kind = $2 LIMIT $3) found";
pub(super) const COUNT_RUNNING: &str = "SELECT count(*) FROM (SELECT 1 AS one FROM jobs WHERE leased_until > 0 \
    AND state = 'running' AND organization_id = $1 AND kind = $2 LIMIT $3) found";
pub(super) const COUNT_ENDED: &str = "SELECT count(*) FROM (SELECT 1 AS one FROM jobs WHERE organization_id = $1 \
    AND state = $4 AND kind = $2 AND finished_at IS NOT NULL LIMIT $3) found";

/// A dead or cancelled job. Parameters: organization, job, now.
pub(super) const REVIVE: &str = "UPDATE jobs SET state = 'ready', run_at = $3, failures = 0, finished_at = NULL \
    WHERE id = $2 AND organization_id = $1 AND state IN ('dead', 'cancelled')";

/// Where a portion of the dead ends. Parameters: organization, kind, cursor (time, id).
pub(super) const DEAD_PORTION: &str = "SELECT finished_at, id FROM jobs WHERE organization_id = $1 AND state = 'dead' \
    AND kind = $2 AND finished_at IS NOT NULL AND (finished_at, id) < ($3, $4) \
    ORDER BY finished_at DESC, id DESC LIMIT 1 OFFSET 999";

/// A portion of the dead: of each key the latest, unless its place is taken.
/// Parameters: organization, kind, cursor (time, id), end of the portion (time, id), now.
pub(super) const REVIVE_PORTION: &str = "UPDATE jobs SET state = 'ready', run_at = $7, failures = 0, finished_at = NULL \
    WHERE id IN (SELECT p.id FROM (SELECT d.id, d.unique_key, \
      row_number() OVER (PARTITION BY d.unique_key ORDER BY d.finished_at DESC, d.id DESC) AS nth FROM jobs d \
      WHERE d.organization_id = $1 AND d.state = 'dead' AND d.kind = $2 AND d.finished_at IS NOT NULL \
      AND (d.finished_at, d.id) < ($3, $4) AND (d.finished_at, d.id) >= ($5, $6)) p \
    WHERE p.nth = 1 AND NOT EXISTS (SELECT 1 FROM jobs l WHERE l.organization_id = $1 AND l.unique_key = p.unique_key \
      AND l.state IN ('ready', 'running')))";

impl Engine {
    /// The kinds an organization has jobs of in a state, or the one that was asked for.
    async fn kinds(&self, organization: Uuid, state: JobState, only: Option<&str>) -> Stored<Vec<String>> {
        if let Some(kind) = only {
            return Ok(vec![clean(kind).into_owned()]);
        }
        let mut kinds: Vec<String> = Vec::new();
        loop {
            let before = kinds.last().map_or("", String::as_str);
            let query = match state {
                JobState::Ready => sqlx::query_scalar(NEXT_READY_KIND).bind(organization).bind(before),
                JobState::Running => sqlx::query_scalar(NEXT_RUNNING_KIND).bind(organization).bind(before),
                ended => sqlx::query_scalar(NEXT_ENDED_KIND).bind(organization).bind(before).bind(ended.as_str()),
            };
            let next: Option<String> = query.fetch_optional(&mut *self.reader().await?).await.map_err(store)?;
            match next {
                Some(kind) => kinds.push(kind),
                None => return Ok(kinds),
            }
        }
    }

    /// The first jobs of one kind after the cursor.
    async fn jobs_of_kind(&self, organization: Uuid, filter: &JobFilter, kind: &str) -> Stored<Vec<JobRecord>> {
        let start = if filter.state.is_over() { (i64::MAX, Uuid::max()) } else { (i64::MIN, Uuid::nil()) };
        let (at, id) = filter.after.map_or(start, |cursor| (cursor.at.as_micros(), cursor.id));
        let statement = match filter.state {
            JobState::Ready => READY_JOBS,
            JobState::Running => RUNNING_JOBS,
            JobState::Done | JobState::Dead | JobState::Cancelled => ENDED_JOBS,
        };
        let query = sqlx::query_as(statement).bind(organization).bind(kind).bind(at).bind(id).bind(i64::from(PAGE) + 1);
        let query = if filter.state.is_over() { query.bind(filter.state.as_str()) } else { query };
        query.fetch_all(&mut *self.reader().await?).await.map_err(store)
    }

    async fn count_kind(&self, organization: Uuid, state: JobState, kind: &str, cap: u32) -> Stored<i64> {
        let statement = match state {
            JobState::Ready => COUNT_READY,
            JobState::Running => COUNT_RUNNING,
            JobState::Done | JobState::Dead | JobState::Cancelled => COUNT_ENDED,
        };
        let query = sqlx::query_scalar(statement).bind(organization).bind(kind).bind(i64::from(cap));
        let query = if state.is_over() { query.bind(state.as_str()) } else { query };
        query.fetch_one(&mut *self.reader().await?).await.map_err(store)
    }

    /// In portions, the latest first: other writers wait for one at most.
    async fn revive_kind(&self, organization: Uuid, kind: &str, now: Timestamp) -> Stored<u64> {
        let mut revived = 0;
        let mut cursor = (i64::MAX, Uuid::max());
        loop {
            let end: Option<(i64, Uuid)> = sqlx::query_as(DEAD_PORTION)
                .bind(organization)
                .bind(kind)
                .bind(cursor.0)
                .bind(cursor.1)
                .fetch_optional(&mut *self.reader().await?)
                .await
                .map_err(store)?;
            let from = end.unwrap_or((i64::MIN, Uuid::nil()));
            let done = sqlx::query(REVIVE_PORTION)
                .bind(organization)
                .bind(kind)
                .bind(cursor.0)
                .bind(cursor.1)
                .bind(from.0)
                .bind(from.1)
                .bind(now.as_micros())
                .execute(&mut *self.writer().await?)
                .await
                .map_err(store)?;
            revived += done.rows_affected();
            match end {
                Some(end) => cursor = end,
                None => return Ok(revived),
            }
        }
    }
}

#[async_trait]
impl Traffic for Engine {
    async fn delivery_page(&self, organization: Uuid, filter: &DeliveryFilter) -> Stored<DeliveryPage> {
        // Whatever is refused or not understood is marked as failed, and there are few of them.
        let failed =
            filter.failed || matches!(filter.status, Some(DeliveryStatus::Refused | DeliveryStatus::NotUnderstood));
        let which = usize::from(failed);
        let (at, id) = filter.after.map_or((i64::MAX, Uuid::max()), |cursor| (cursor.at.as_micros(), cursor.id));
        let mut rows: Vec<DeliveryRecord> = sqlx::query_as(DELIVERIES[which])
            .bind(organization)
            .bind(at)
            .bind(id)
            .bind(LOOK)
            .bind(filter.status.map(DeliveryStatus::as_str))
            .bind(filter.event.as_deref().map(clean))
            .bind(filter.opportunity.as_deref().map(clean))
            .bind(i64::from(PAGE) + 1)
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        let more = cut(&mut rows, PAGE);
        let rows: Vec<DeliveryRow> = rows.into_iter().map(DeliveryRow::from).collect();
        if more {
            let next = rows.last().map(|row| RowCursor { at: row.received, id: row.id });
            return Ok(DeliveryPage { rows, next });
        }
        let last: Option<(i64, Uuid)> = sqlx::query_as(LAST_LOOKED_AT[which])
            .bind(organization)
            .bind(at)
            .bind(id)
            .bind(LOOK)
            .fetch_optional(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        Ok(DeliveryPage { rows, next: last.map(|(at, id)| RowCursor { at: time(at), id }) })
    }

    async fn events(&self, organization: Uuid) -> Stored<Vec<EventCount>> {
        let rows: Vec<(String, i64, i64, i64, Option<i64>)> = sqlx::query_as(EVENTS)
            .bind(organization)
            .bind(EVENTS_LOOK)
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        let read = |(event, count, failed, last, accepted): (String, i64, i64, i64, Option<i64>)| EventCount {
            event,
            count,
            failed,
            last: time(last),
            accepted: accepted.map(time),
        };
        Ok(rows.into_iter().map(read).collect())
    }

    async fn delivery_of(&self, organization: Uuid, id: Uuid) -> Stored<(DeliveryRow, String)> {
        let row: Option<DeliveryWithBody> = sqlx::query_as(DELIVERY)
            .bind(organization)
            .bind(id)
            .fetch_optional(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        let row = row.ok_or(StoreError::NotFound("delivery"))?;
        Ok((row.delivery.into(), row.body))
    }

    async fn names(&self, organization: Uuid, opportunities: &[String]) -> Stored<Vec<(String, Personal)>> {
        let rows: Vec<(String, String)> = sqlx::query_as(dialect::NAMES)
            .bind(organization)
            .bind(list(opportunities)?)
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        Ok(rows.into_iter().map(|(opportunity, name)| (opportunity, Personal::new(name))).collect())
    }

    async fn ordered_for(&self, organization: Uuid, orders: &[Uuid]) -> Stored<Vec<(Uuid, String)>> {
        sqlx::query_as(dialect::ORDERED_FOR)
            .bind(organization)
            .bind(list(orders)?)
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(store)
    }

    async fn job_page(&self, organization: Uuid, filter: &JobFilter) -> Stored<JobPage> {
        let mut rows: Vec<JobRecord> = Vec::new();
        for kind in self.kinds(organization, filter.state, filter.kind.as_deref()).await? {
            rows.extend(self.jobs_of_kind(organization, filter, &kind).await?);
        }
        let over = filter.state.is_over();
        rows.sort_unstable_by_key(|row| row.position());
        if over {
            rows.reverse();
        }
        let more = cut(&mut rows, PAGE);
        let cursor = |row: &JobRecord| {
            let (at, id) = row.position();
            RowCursor { at: time(at), id }
        };
        let next = rows.last().filter(|_| more).map(cursor);
        Ok(JobPage { rows: all(rows)?, next })
    }

    async fn queue_figures(&self, organization: Uuid, now: Timestamp, cap: u32) -> Stored<QueueFigures> {
        let mut counts = Vec::new();
        for state in JobState::ALL {
            for kind in self.kinds(organization, state, None).await? {
                let count = self.count_kind(organization, state, &kind, cap).await?;
                counts.push(KindCount { state, kind, count });
            }
        }
        let oldest: Option<i64> = sqlx::query_scalar(dialect::OLDEST_DUE)
            .bind(organization)
            .bind(now.as_micros())
            .bind(list(&Work::KINDS)?)
            .fetch_one(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        Ok(QueueFigures { counts, oldest_due: oldest.map(time) })
    }

    async fn revive_of(&self, organization: Uuid, job: Uuid, now: Timestamp) -> Stored<()> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(REVIVE)
            .bind(organization)
            .bind(job)
            .bind(now.as_micros())
            .execute(&mut *tx)
            .await
            .map_err(store)?;
        if done.rows_affected() == 0 {
            return Err(missing_or_elsewhere(&mut tx, organization, job).await?);
        }
        tx.commit().await.map_err(store)
    }

    async fn revive_all_dead(&self, organization: Uuid, kind: Option<&str>, now: Timestamp) -> Stored<u64> {
        let mut revived = 0;
        for kind in self.kinds(organization, JobState::Dead, kind).await? {
            revived += self.revive_kind(organization, &kind, now).await?;
        }
        Ok(revived)
    }
}

async fn missing_or_elsewhere(conn: &mut Conn, organization: Uuid, job: Uuid) -> Stored<StoreError> {
    let there: Option<i32> = sqlx::query_scalar("SELECT attempt FROM jobs WHERE id = $2 AND organization_id = $1")
        .bind(organization)
        .bind(job)
        .fetch_optional(conn)
        .await
        .map_err(store)?;
    Ok(there.map_or(StoreError::NotFound("job"), |_| StoreError::Conflict("jobs_state".to_owned())))
}
