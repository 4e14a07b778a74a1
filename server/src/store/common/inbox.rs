//! Webhook deliveries.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

use async_trait::async_trait;
use domain::job::NewJob;
use domain::ports::store::{DeliveryStatus, DirectClaim, Inbox, NewDelivery, Receipt, Received, StoreError, Stored};
use domain::read::DeliveryRow;
use uuid::Uuid;

use super::errors::store;
use super::many::{Binding, Many};
use super::rows::{DeliveryRecord, DeliveryWithBody};
use super::{Conn, Engine, clean, dialect, list, queue};

static INSERT: Many = Many::with_constants(
    "INSERT INTO deliveries (id, organization_id, token, event, opportunity, body, status, reason, received_at, failed, \
     repeats, suspicious)",
    10,
    ", 0, FALSE",
    " ON CONFLICT (organization_id, token) DO NOTHING",
);

/// A delivery as its row.
struct Line<'a> {
    id: Uuid,
    organization: Uuid,
    token: Option<Cow<'a, str>>,
    event: Cow<'a, str>,
    opportunity: Option<Cow<'a, str>>,
    body: Cow<'a, str>,
    status: &'static str,
    reason: Option<Cow<'a, str>>,
    received_at: i64,
    failed: bool,
}

impl<'a> Line<'a> {
    fn of(delivery: &'a NewDelivery) -> Self {
        Self {
            id: delivery.id,
            organization: delivery.organization,
            token: delivery.token.as_deref().map(clean),
            event: clean(&delivery.event),
            opportunity: delivery.opportunity.as_deref().map(clean),
            body: clean(&delivery.body),
            status: delivery.status.as_str(),
            reason: delivery.reason.as_deref().map(clean),
            received_at: delivery.at.as_micros(),
            failed: matches!(delivery.status, DeliveryStatus::Refused | DeliveryStatus::NotUnderstood),
        }
    }

    fn bind<'q>(query: Binding<'q>, line: &'q Line<'_>) -> Binding<'q> {
        query
            .bind(line.id)
            .bind(line.organization)
            .bind(line.token.as_deref())
            .bind(&*line.event)
            .bind(line.opportunity.as_deref())
            .bind(&*line.body)
            .bind(line.status)
            .bind(line.reason.as_deref())
            .bind(line.received_at)
            .bind(line.failed)
    }
}

#[async_trait]
impl Inbox for Engine {
    async fn receive(&self, deliveries: &[NewDelivery], claim: DirectClaim) -> Stored<Received> {
        let lines: Vec<Line<'_>> = deliveries.iter().map(Line::of).collect();
        let mut tx = self.begin().await?;
        let repeats = insert(&mut tx, &lines).await?;
        let mut receipts = Vec::with_capacity(lines.len());
        for line in &lines {
            receipts.push(match &line.token {
                Some(token) if repeats.contains(&line.id) => repeated(&mut tx, line, token).await?,
                _ => Receipt::Stored(line.id),
            });
        }
        let stored = deliveries.iter().filter(|d| !repeats.contains(&d.id));
        let jobs: Vec<&NewJob> = stored.filter_map(|d| d.job.as_ref()).collect();
        let claimed = queue::enqueue_claiming(&mut tx, &jobs, claim).await?;
        trim(&mut tx, &lines).await?;
        tx.commit().await.map_err(store)?;
        Ok(Received { receipts, claimed })
    }

    async fn deliveries(&self, organization: Uuid, failed: bool, limit: u32) -> Stored<Vec<DeliveryRow>> {
        let all = concat!(
            "SELECT ",
            delivery_columns!(),
            " FROM deliveries WHERE organization_id = $1 \
             ORDER BY received_at DESC, id DESC LIMIT $2"
        );
        let only_failed = concat!(
            "SELECT ",
            delivery_columns!(),
            " FROM deliveries WHERE organization_id = $1 AND failed \
             ORDER BY received_at DESC, id DESC LIMIT $2"
        );
        let rows: Vec<DeliveryRecord> = sqlx::query_as(if failed { only_failed } else { all })
            .bind(organization)
            .bind(i64::from(limit))
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        Ok(rows.into_iter().map(DeliveryRow::from).collect())
    }

    async fn delivery(&self, id: Uuid) -> Stored<(DeliveryRow, String)> {
        let row: Option<DeliveryWithBody> =
            sqlx::query_as(concat!("SELECT ", delivery_columns!(), ", body FROM deliveries WHERE id = $1"))
                .bind(id)
                .fetch_optional(&mut *self.reader().await?)
                .await
                .map_err(store)?;
        let row = row.ok_or(StoreError::NotFound("delivery"))?;
        Ok((row.delivery.into(), row.body))
    }

    async fn replay(&self, id: Uuid, job: NewJob) -> Stored<()> {
        let mut tx = self.begin().await?;
        let done =
            sqlx::query("UPDATE deliveries SET status = 'stored', reason = NULL, failed = suspicious WHERE id = $1")
                .bind(id)
                .execute(&mut *tx)
                .await
                .map_err(store)?;
        if done.rows_affected() == 0 {
            return Err(StoreError::NotFound("delivery"));
        }
        queue::enqueue(&mut tx, &[&job]).await?;
        tx.commit().await.map_err(store)
    }
}

/// Inserts what is new; returns those that were not.
async fn insert(conn: &mut Conn, lines: &[Line<'_>]) -> Stored<HashSet<Uuid>> {
    let written = INSERT.execute(conn, lines, Line::bind).await?;
    if usize::try_from(written) == Ok(lines.len()) {
        return Ok(HashSet::new());
    }
    let ids: Vec<Uuid> = lines.iter().map(|line| line.id).collect();
    let missing: Vec<Uuid> =
        sqlx::query_scalar(dialect::MISSING_DELIVERIES).bind(list(&ids)?).fetch_all(conn).await.map_err(store)?;
    Ok(missing.into_iter().collect())
}

/// Counts a delivery whose token is there, on the first one.
async fn repeated(conn: &mut Conn, line: &Line<'_>, token: &str) -> Stored<Receipt> {
    let first: (Uuid, bool) = sqlx::query_as(
        "UPDATE deliveries SET repeats = repeats + 1, suspicious = (suspicious OR body <> $3), \
         failed = (failed OR body <> $3) WHERE organization_id = $1 AND token = $2 RETURNING id, body <> $3",
    )
    .bind(line.organization)
    .bind(token)
    .bind(&*line.body)
    .fetch_one(conn)
    .await
    .map_err(store)?;
    Ok(Receipt::AlreadyStored { id: first.0, suspicious: first.1 })
}

/// Refused deliveries cost their sender nothing, so only the latest hundred are kept.
async fn trim(conn: &mut Conn, lines: &[Line<'_>]) -> Stored<()> {
    let refused = lines.iter().filter(|l| l.status == DeliveryStatus::Refused.as_str());
    let organizations: BTreeSet<Uuid> = refused.map(|l| l.organization).collect();
    for organization in organizations {
        sqlx::query(
            "DELETE FROM deliveries WHERE id IN (SELECT id FROM deliveries \
             WHERE organization_id = $1 AND failed AND status = 'refused' \
             ORDER BY received_at DESC, id DESC LIMIT 1000000 OFFSET 100)",
        )
        .bind(organization)
        .execute(&mut *conn)
        .await
        .map_err(store)?;
    }
    Ok(())
}
