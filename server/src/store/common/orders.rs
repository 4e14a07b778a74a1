//! Orders, decisions, catalogues and what was last read of opportunities.

use async_trait::async_trait;
use domain::invitation::Test;
use domain::job::{DecisionRecord, Effect};
use domain::opportunity::Opportunity;
use domain::order::{Order, OrderState};
use domain::ports::store::{BeginSend, OpportunityFacts, Orders, StoreError, Stored, Unfinished};
use domain::{Personal, Timestamp};
use uuid::Uuid;

use super::effects::{NewestOrder, show_order};
use super::errors::{store, unreadable};
use super::rows::{DecisionRow, OrderRecord, TestRow, all, time};
use super::{Conn, Engine, clean, dialect, effects, list};

/// Sorted afterwards: asked for an order, SQLite walks through all orders of the organization by time, to sort nothing.
pub(super) const OF_OPPORTUNITY: &str =
    concat!("SELECT ", order_columns!(), " FROM orders WHERE organization_id = $1 AND opportunity = $2");
/// As above.
pub(super) const DECISIONS_OF_OPPORTUNITY: &str =
    concat!("SELECT ", decision_columns!(), " FROM decisions WHERE organization_id = $1 AND opportunity = $2");

/// The orders of an opportunity, oldest first.
pub(super) async fn orders_of(conn: &mut Conn, organization: Uuid, opportunity: &str) -> Stored<Vec<Order>> {
    let rows: Vec<OrderRecord> =
        sqlx::query_as(OF_OPPORTUNITY).bind(organization).bind(opportunity).fetch_all(conn).await.map_err(store)?;
    let mut orders: Vec<Order> = all(rows)?;
    orders.sort_by_key(|o| (o.created_at, o.id));
    Ok(orders)
}

async fn catalogue(conn: &mut Conn, organization: Uuid) -> Stored<Vec<(String, Test)>> {
    let rows: Vec<TestRow> = sqlx::query_as(
        "SELECT vendor, test, name, retired FROM vendor_tests WHERE organization_id = $1 ORDER BY vendor, position, test",
    )
    .bind(organization)
    .fetch_all(conn)
    .await
    .map_err(store)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

#[async_trait]
impl Orders for Engine {
    async fn opportunity_facts(&self, organization: Uuid, opportunity: &str) -> Stored<OpportunityFacts> {
        // One connection for all three: PostgreSQL's pool asks each one that comes back whether it is alive, which costs as much
        // as such a small question.
        let mut conn = self.reader().await?;
        let rows: Vec<DecisionRow> = sqlx::query_as(DECISIONS_OF_OPPORTUNITY)
            .bind(organization)
            .bind(opportunity)
            .fetch_all(&mut *conn)
            .await
            .map_err(store)?;
        let mut decisions: Vec<DecisionRecord> = all(rows)?;
        let place = |d: &DecisionRecord| (d.at, d.entered_at, d.stage.clone(), d.vendor.clone());
        decisions.sort_by_cached_key(place);
        Ok(OpportunityFacts {
            orders: orders_of(&mut conn, organization, opportunity).await?,
            decisions,
            tests: catalogue(&mut conn, organization).await?,
        })
    }

    async fn decided(
        &self,
        organization: Uuid,
        opportunities: &[String],
    ) -> Stored<Vec<(String, String, Timestamp, String)>> {
        let rows: Vec<(String, String, i64, String)> = sqlx::query_as(dialect::DECIDED)
            .bind(organization)
            .bind(list(opportunities)?)
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        Ok(rows.into_iter().map(|(opportunity, stage, at, vendor)| (opportunity, stage, time(at), vendor)).collect())
    }

    async fn catalogue(&self, organization: Uuid) -> Stored<Vec<(String, Test)>> {
        let mut conn = self.reader().await?;
        catalogue(&mut conn, organization).await
    }

    async fn opportunity(&self, organization: Uuid, opportunity: &str) -> Stored<Option<Opportunity>> {
        let data: Option<Option<String>> =
            sqlx::query_scalar("SELECT data FROM opportunities WHERE organization_id = $1 AND opportunity = $2")
                .bind(organization)
                .bind(opportunity)
                .fetch_optional(&mut *self.reader().await?)
                .await
                .map_err(store)?;
        let read =
            |text: String| serde_json::from_str(&text).map_err(|error| unreadable("opportunity", &error.to_string()));
        data.flatten().map(read).transpose()
    }

    async fn order(&self, id: Uuid) -> Stored<Order> {
        let row: Option<OrderRecord> =
            sqlx::query_as(concat!("SELECT ", order_columns!(), " FROM orders WHERE id = $1"))
                .bind(id)
                .fetch_optional(&mut *self.reader().await?)
                .await
                .map_err(store)?;
        row.ok_or(StoreError::NotFound("order"))?.try_into()
    }

    async fn order_by_report(&self, token: &str) -> Stored<Order> {
        let row: Option<OrderRecord> =
            sqlx::query_as(concat!("SELECT ", order_columns!(), " FROM orders WHERE report_token = $1"))
                .bind(token)
                .fetch_optional(&mut *self.reader().await?)
                .await
                .map_err(store)?;
        row.ok_or(StoreError::NotFound("report"))?.try_into()
    }

    async fn orders(&self, organization: Uuid, limit: u32) -> Stored<Vec<Order>> {
        let rows: Vec<OrderRecord> = sqlx::query_as(concat!(
            "SELECT ",
            order_columns!(),
            " FROM orders WHERE organization_id = $1 \
             ORDER BY created_at DESC, id DESC LIMIT $2"
        ))
        .bind(organization)
        .bind(i64::from(limit))
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(store)?;
        all(rows)
    }

    async fn unfinished_orders(&self, organization: Uuid) -> Stored<Vec<Unfinished>> {
        let rows: Vec<(Uuid, String, String, String)> = sqlx::query_as(
            "SELECT id, state, opportunity, vendor FROM orders WHERE organization_id = $1 \
             AND state IN ('planned', 'sending', 'invited', 'started', 'submitted') \
             AND (vendor_ref IS NOT NULL OR state IN ('planned', 'sending')) \
             UNION ALL SELECT id, state, opportunity, vendor FROM orders WHERE organization_id = $1 \
             AND state = 'completed' AND written_at IS NULL \
             UNION ALL SELECT order_id, 'completed', opportunity, vendor FROM withdrawals WHERE organization_id = $1 \
             AND done_at IS NULL ORDER BY 1",
        )
        .bind(organization)
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(store)?;
        let unfinished = |(order, state, opportunity, vendor): (Uuid, String, String, String)| {
            let unread = || StoreError::Broken(format!("an order in the unknown state {state:?}"), None);
            Ok(Unfinished { order, state: OrderState::parse(&state).ok_or_else(unread)?, opportunity, vendor })
        };
        rows.into_iter().map(unfinished).collect()
    }

    async fn begin_send(
        &self,
        order: Uuid,
        email: &Personal,
        (job, attempt): (Uuid, i32),
        now: Timestamp,
    ) -> Stored<BeginSend> {
        let mut tx = self.begin().await?;
        let begun: Option<(Uuid, String, Option<String>)> = sqlx::query_as(
            "UPDATE orders SET state = 'sending', email = $4 WHERE id = $1 AND state = 'planned' AND EXISTS \
             (SELECT 1 FROM jobs WHERE id = $2 AND attempt = $3 AND state = 'running') \
             RETURNING organization_id, opportunity, outcome",
        )
        .bind(order)
        .bind(job)
        .bind(attempt)
        .bind(clean(email.reveal()))
        .fetch_optional(&mut *tx)
        .await
        .map_err(store)?;
        let Some((organization, opportunity, outcome)) = begun else { return Ok(BeginSend::No) };
        let row = NewestOrder { order, state: OrderState::Sending, outcome, at: now };
        show_order(&mut tx, organization, &opportunity, &row).await?;
        tx.commit().await.map_err(store)?;
        Ok(BeginSend::Go)
    }

    async fn commit(&self, effects: Vec<Effect>) -> Stored<()> {
        let mut tx = self.begin().await?;
        effects::apply(&mut tx, &effects).await?;
        tx.commit().await.map_err(store)
    }
}
