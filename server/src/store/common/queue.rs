//! The queue: enqueue (with deliveries also claimed at once), claim, renew, release, rescue, and the rate budgets. How runs end is in `finish`.

use std::collections::HashSet;
use std::time::Duration;

use async_trait::async_trait;
use domain::Timestamp;
use domain::job::{Claimed, Finished, NewJob, Work};
use domain::ports::store::{DirectClaim, Pace, Queue, StoreError, Stored};
use domain::read::JobCounts;
use serde::Serialize;
use uuid::Uuid;

use super::errors::store;
use super::many::{Binding, Many};
use super::rows::{ClaimedRow, time};
use super::{Conn, Engine, dialect, finish, json, list};

static INSERT: Many = Many::with_constants(
    "INSERT INTO jobs (id, organization_id, kind, payload, unique_key, priority, run_at, state, attempt, failures, again)",
    7,
    ", 'ready', 0, 0, FALSE",
    join_job!(),
);
/// The same, and the job is claimed.
static INSERT_CLAIMED: Many = Many::with_constants(
    "INSERT INTO jobs (id, organization_id, kind, payload, unique_key, priority, run_at, leased_until, state, attempt, \
     failures, again)",
    8,
    ", 'running', 1, 0, FALSE",
    concat!(join_job!(), " RETURNING id"),
);

/// A job as its row.
struct Line<'a> {
    job: &'a NewJob,
    payload: String,
    key: String,
    run_at: i64,
}

impl Line<'_> {
    fn bind<'q>(query: Binding<'q>, line: &'q Line<'_>) -> Binding<'q> {
        query
            .bind(line.job.id)
            .bind(line.job.organization)
            .bind(line.job.work.kind())
            .bind(line.payload.as_str())
            .bind(line.key.as_str())
            .bind(line.job.work.priority() as i32)
            .bind(line.run_at)
    }
}

/// A job in the hands of a worker, inside a JSON parameter.
#[derive(Serialize)]
struct Held {
    id: Uuid,
    attempt: i32,
}

fn held(jobs: &[(Uuid, i32)]) -> Stored<String> {
    let jobs: Vec<Held> = jobs.iter().map(|&(id, attempt)| Held { id, attempt }).collect();
    list(&jobs)
}

/// Jobs as lines, sorted by key, so that two nodes lock rows in the same order; the same key twice is one job, at the
/// earlier time.
fn lines<'a>(jobs: &[&'a NewJob]) -> Stored<Vec<Line<'a>>> {
    let line = |job: &&'a NewJob| {
        let (payload, key) = (json(&job.work)?, job.work.unique_key());
        Ok(Line { job, payload, key, run_at: job.run_at.as_micros() })
    };
    let mut lines: Vec<Line<'_>> = jobs.iter().map(line).collect::<Stored<_>>()?;
    lines.sort_by(|a, b| (a.job.organization, &a.key).cmp(&(b.job.organization, &b.key)));
    lines.dedup_by(|later, kept| {
        let is_same = later.job.organization == kept.job.organization && later.key == kept.key;
        if is_same {
            kept.run_at = kept.run_at.min(later.run_at);
        }
        is_same
    });
    Ok(lines)
}

/// Queues jobs inside a transaction.
pub(super) async fn enqueue(conn: &mut Conn, jobs: &[&NewJob]) -> Stored<()> {
    INSERT.execute(conn, &lines(jobs)?, Line::bind).await.map(|_| ())
}

/// Queues jobs inside a transaction and claims the first of those that are new.
pub(super) async fn enqueue_claiming(conn: &mut Conn, jobs: &[&NewJob], claim: DirectClaim) -> Stored<Vec<Claimed>> {
    let lines = lines(jobs)?;
    let (ours, others) = lines.split_at(claim.limit.min(lines.len()));
    let lease = claim.lease_until.as_micros();
    // A job that joined another has the other's id.
    let written: Vec<(Uuid,)> =
        INSERT_CLAIMED.returned(&mut *conn, ours, |query, line| Line::bind(query, line).bind(lease)).await?;
    let written: HashSet<Uuid> = written.into_iter().map(|(id,)| id).collect();
    INSERT.execute(conn, others, Line::bind).await?;
    Ok(ours.iter().map(|line| line.job).filter(|job| written.contains(&job.id)).map(Claimed::first).collect())
}

#[async_trait]
impl Queue for Engine {
    fn has_one_writer(&self) -> bool {
        Self::ONE_WRITER
    }

    async fn enqueue(&self, jobs: Vec<NewJob>) -> Stored<()> {
        let mut tx = self.begin().await?;
        enqueue(&mut tx, &jobs.iter().collect::<Vec<_>>()).await?;
        tx.commit().await.map_err(store)
    }

    async fn claim(
        &self,
        limit: u32,
        now: Timestamp,
        lease_until: Timestamp,
        after: Option<Uuid>,
    ) -> Stored<Vec<Claimed>> {
        let mut tx = self.begin().await?;
        let mut claim = Claim { conn: &mut tx, now, lease_until, kinds: list(&Work::KINDS)?, claimed: Vec::new() };
        claim.run(i64::from(limit), after).await?;
        let claimed = claim.claimed;
        tx.commit().await.map_err(store)?;
        Ok(claimed)
    }

    async fn finish(&self, runs: Vec<Finished>) -> Stored<Vec<Stored<()>>> {
        finish::finish(self, runs).await
    }

    async fn renew(&self, jobs: &[(Uuid, i32)], lease_until: Timestamp) -> Stored<Vec<Uuid>> {
        sqlx::query_scalar(dialect::RENEW)
            .bind(held(jobs)?)
            .bind(lease_until.as_micros())
            .fetch_all(&mut *self.writer().await?)
            .await
            .map_err(store)
    }

    async fn release(&self, jobs: &[(Uuid, i32)], now: Timestamp) -> Stored<()> {
        sqlx::query(dialect::RELEASE)
            .bind(held(jobs)?)
            .bind(now.as_micros())
            .execute(&mut *self.writer().await?)
            .await
            .map_err(store)?;
        Ok(())
    }

    async fn rescue(&self, lease_before: Timestamp, now: Timestamp, max_failures: i32) -> Stored<u64> {
        let done = sqlx::query(
            "UPDATE jobs SET state = CASE WHEN failures + 1 >= $2 THEN 'dead' ELSE 'ready' END, \
             finished_at = CASE WHEN failures + 1 >= $2 THEN $1 END, failures = failures + 1, again = false, \
             run_at = $1, leased_until = NULL, last_error = 'The worker did not come back before its lease ended.' \
             WHERE state = 'running' AND leased_until < $3",
        )
        .bind(now.as_micros())
        .bind(max_failures)
        .bind(lease_before.as_micros())
        .execute(&mut *self.writer().await?)
        .await
        .map_err(store)?;
        Ok(done.rows_affected())
    }

    async fn next_due(&self) -> Stored<Option<Timestamp>> {
        let due: Option<i64> = sqlx::query_scalar(dialect::NEXT_DUE)
            .bind(list(&Work::KINDS)?)
            .fetch_one(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        Ok(due.map(time))
    }

    async fn job_counts(&self) -> Stored<JobCounts> {
        let counts: (i64, i64, i64, i64, i64) = sqlx::query_as(
            "SELECT (SELECT count(*) FROM jobs WHERE state = 'ready'), \
             (SELECT count(*) FROM jobs WHERE state = 'running'), \
             (SELECT count(*) FROM jobs WHERE state = 'done' AND finished_at IS NOT NULL), \
             (SELECT count(*) FROM jobs WHERE state = 'dead'), \
             (SELECT count(*) FROM jobs WHERE state = 'cancelled' AND finished_at IS NOT NULL)",
        )
        .fetch_one(&mut *self.reader().await?)
        .await
        .map_err(store)?;
        let (ready, running, done, dead, cancelled) = counts;
        Ok(JobCounts { ready, running, done, dead, cancelled })
    }

    async fn reserve(&self, budget: &str, pace: Pace, now: Timestamp) -> Stored<Duration> {
        let burst = pace.interval.saturating_mul(pace.burst.max(1));
        let wait = |arrival: i64, held_until: i64| time(arrival).minus(burst).max(time(held_until)).since(now);
        // The next call's theoretical arrival: one interval after the later of the last one's, now, and the end of a hold.
        // Taken only if the place in the line is worth waiting for.
        let taken: Option<(i64, i64)> = sqlx::query_as(
            "INSERT INTO budgets (name, arrival, held_until) VALUES ($1, $2 + $3, 0) ON CONFLICT (name) DO UPDATE SET \
             arrival = $3 + CASE WHEN budgets.arrival >= $2 AND budgets.arrival >= budgets.held_until \
             THEN budgets.arrival WHEN budgets.held_until >= $2 THEN budgets.held_until ELSE $2 END \
             WHERE budgets.held_until <= $4 AND budgets.arrival + $3 <= $4 + $5 RETURNING arrival, held_until",
        )
        .bind(budget)
        .bind(now.as_micros())
        .bind(micros(pace.interval))
        .bind(now.plus(pace.patience).as_micros())
        .bind(micros(burst))
        .fetch_optional(&mut *self.writer().await?)
        .await
        .map_err(store)?;
        if let Some((arrival, held_until)) = taken {
            return Ok(wait(arrival, held_until));
        }
        let (arrival, held_until): (i64, i64) =
            sqlx::query_as("SELECT arrival, held_until FROM budgets WHERE name = $1")
                .bind(budget)
                .fetch_one(&mut *self.writer().await?)
                .await
                .map_err(store)?;
        let arrival = arrival.saturating_add(micros(pace.interval));
        // Between the two statements someone may have moved the line; never say "now" to a call that took no place.
        Ok(wait(arrival, held_until).max(pace.patience.saturating_add(Duration::from_micros(1))))
    }

    async fn budget_used(&self, budget: &str) -> Stored<Option<Timestamp>> {
        let arrival: Option<i64> = sqlx::query_scalar("SELECT arrival FROM budgets WHERE name = $1 AND arrival > 0")
            .bind(budget)
            .fetch_optional(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        Ok(arrival.map(time))
    }

    async fn hold_back(&self, budget: &str, until: Timestamp) -> Stored<()> {
        sqlx::query(
            "INSERT INTO budgets (name, arrival, held_until) VALUES ($1, 0, $2) ON CONFLICT (name) DO UPDATE \
             SET held_until = excluded.held_until WHERE excluded.held_until > budgets.held_until",
        )
        .bind(budget)
        .bind(until.as_micros())
        .execute(&mut *self.writer().await?)
        .await
        .map_err(store)?;
        Ok(())
    }

    async fn prune(&self, finished_before: Timestamp) -> Stored<u64> {
        let mut gone = 0;
        for statement in [dialect::PRUNE_JOBS, dialect::PRUNE_DELIVERIES] {
            loop {
                // In portions: other writers wait for one at most.
                let done = sqlx::query(statement)
                    .bind(finished_before.as_micros())
                    .execute(&mut *self.writer().await?)
                    .await
                    .map_err(store)?
                    .rows_affected();
                gone += done;
                if done == 0 {
                    break;
                }
            }
        }
        Ok(gone)
    }
}

fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

/// One claim: a share for every organization with due work, then what is left to whoever has more.
struct Claim<'a> {
    conn: &'a mut Conn,
    now: Timestamp,
    lease_until: Timestamp,
    kinds: String,
    claimed: Vec<Claimed>,
}

impl Claim<'_> {
    async fn run(&mut self, limit: i64, after: Option<Uuid>) -> Stored<()> {
        let mut organizations: Vec<Uuid> = sqlx::query_scalar(dialect::DUE_ORGANIZATIONS)
            .bind(self.now.as_micros())
            .bind(self.kinds.as_str())
            .fetch_all(&mut *self.conn)
            .await
            .map_err(store)?;
        organizations.sort_unstable();
        let first = organizations.partition_point(|o| after.is_some_and(|a| *o <= a));
        organizations.rotate_left(first);
        let mut left = limit;
        while left > 0 && !organizations.is_empty() {
            let share = i64::try_from(organizations.len()).map_or(1, |n| (left + n - 1) / n);
            let mut hungry = Vec::new();
            for organization in organizations {
                let got = self.take(organization, share.min(left)).await?;
                left -= got;
                if got == share {
                    hungry.push(organization);
                }
            }
            organizations = hungry;
        }
        Ok(())
    }

    /// Claims up to `share` due jobs of an organization; returns how many.
    async fn take(&mut self, organization: Uuid, share: i64) -> Stored<i64> {
        if share == 0 {
            return Ok(0);
        }
        let mut rows: Vec<ClaimedRow> = sqlx::query_as(dialect::CLAIM)
            .bind(organization)
            .bind(self.now.as_micros())
            .bind(share)
            .bind(self.lease_until.as_micros())
            .bind(self.kinds.as_str())
            .fetch_all(&mut *self.conn)
            .await
            .map_err(store)?;
        rows.sort_unstable_by_key(|row| (row.priority, row.run_at, row.id));
        let got = i64::try_from(rows.len()).unwrap_or(share);
        for row in rows {
            let id = row.id;
            match Claimed::try_from(row) {
                Ok(job) => self.claimed.push(job),
                Err(error) => self.bury(id, &error).await?,
            }
        }
        Ok(got)
    }

    /// A payload that cannot be read will not be readable next time.
    async fn bury(&mut self, id: Uuid, error: &StoreError) -> Stored<()> {
        sqlx::query(
            "UPDATE jobs SET state = 'dead', leased_until = NULL, finished_at = $2, last_error = $3 WHERE id = $1",
        )
        .bind(id)
        .bind(self.now.as_micros())
        .bind(error.to_string())
        .execute(&mut *self.conn)
        .await
        .map_err(store)?;
        Ok(())
    }
}
