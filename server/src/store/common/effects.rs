//! Effects inside the transaction of their runs.

use std::borrow::Cow;

use domain::Timestamp;
use domain::invitation::Test;
use domain::job::{Effect, OrderChange};
use domain::order::{Order, OrderState};
use domain::outcome::Outcome;
use domain::ports::store::{StoreError, Stored};
use serde::Serialize;
use uuid::Uuid;

use super::errors::store;
use super::together::Together;
use super::{Conn, clean, decisions, dialect, list, queue, settle};

/// Applies effects outside a run. The organization is taken from an effect that names one.
pub(super) async fn apply(conn: &mut Conn, effects: &[Effect]) -> Stored<()> {
    let organization = effects.iter().find_map(named);
    apply_all(conn, &[(organization, effects)]).await
}

/// Applies the effects of several runs, each with its organization: what every run has comes in one statement for all of
/// them (readings and decisions first; activities, closed deliveries and jobs last), the rest in order.
pub(super) async fn apply_all(conn: &mut Conn, runs: &[(Option<Uuid>, &[Effect])]) -> Stored<()> {
    let mut together = Together::default();
    for (organization, effects) in runs {
        together.gather(*organization, effects)?;
    }
    together.readings(conn).await?;
    decisions::decide(conn, &together.decisions).await?;
    for (_, effects) in runs {
        for effect in *effects {
            apply_one(conn, effect).await?;
        }
    }
    together.record(conn).await?;
    together.close_deliveries(conn).await?;
    queue::enqueue(conn, &together.jobs).await
}

async fn apply_one(conn: &mut Conn, effect: &Effect) -> Stored<()> {
    match effect {
        Effect::SaveOpportunity(_)
        | Effect::Decide(_)
        | Effect::Record(_)
        | Effect::CloseDeliveries { .. }
        | Effect::Enqueue(_) => Ok(()),
        Effect::Redecide(decision) => decisions::redecide(conn, decision).await,
        Effect::PlanOrder(order) => plan(conn, order).await,
        Effect::ChangeOrder(change) => change_order(conn, change).await,
        Effect::MarkWritten { orders, at } => mark_written(conn, orders, *at).await,
        Effect::CalledBack { order, at } => called_back(conn, *order, *at).await,
        Effect::SaveTests { organization, vendor, tests, at } => {
            save_tests(conn, *organization, vendor, tests, *at).await
        }
        Effect::RaiseIssue { organization, cause, detail, at } => {
            raise_issue(conn, *organization, cause, detail, *at).await
        }
        Effect::CloseIssue { organization, cause, at } => close_issue(conn, *organization, cause, *at).await,
        Effect::Settle(step) => settle::settle(conn, step).await,
        Effect::Withdraw { order, note, at } => settle::withdraw(conn, *order, note, *at).await,
        Effect::MarkWithdrawn { orders, at } => settle::mark_withdrawn(conn, orders, *at).await,
        Effect::Mark { organization, name, at } => settle::mark(conn, *organization, name, *at).await,
    }
}

/// The organization an effect names.
fn named(effect: &Effect) -> Option<Uuid> {
    match effect {
        Effect::Decide(decision) | Effect::Redecide(decision) => Some(decision.organization),
        Effect::PlanOrder(order) => Some(order.organization),
        Effect::Record(activity) => Some(activity.organization),
        Effect::Enqueue(job) => Some(job.organization),
        Effect::CloseDeliveries { organization, .. }
        | Effect::SaveTests { organization, .. }
        | Effect::RaiseIssue { organization, .. }
        | Effect::Mark { organization, .. }
        | Effect::CloseIssue { organization, .. } => Some(*organization),
        Effect::Settle(step) => Some(step.organization),
        Effect::SaveOpportunity(_)
        | Effect::ChangeOrder(_)
        | Effect::MarkWritten { .. }
        | Effect::MarkWithdrawn { .. }
        | Effect::Withdraw { .. }
        | Effect::CalledBack { .. } => None,
    }
}

/// Moves the row of an opportunity up in the list; makes an empty one where an order or decision comes first.
async fn touch(conn: &mut Conn, organization: Uuid, opportunity: &str, stage: &str, at: Timestamp) -> Stored<()> {
    sqlx::query(
        "INSERT INTO opportunities (organization_id, opportunity, name, stage, name_search, email_search, changed_at) \
         VALUES ($1, $2, '', $3, '', '', $4) ON CONFLICT (organization_id, opportunity) DO UPDATE \
         SET changed_at = excluded.changed_at WHERE excluded.changed_at > opportunities.changed_at",
    )
    .bind(organization)
    .bind(opportunity)
    .bind(stage)
    .bind(at.as_micros())
    .execute(conn)
    .await
    .map_err(store)?;
    Ok(())
}

async fn plan(conn: &mut Conn, order: &Order) -> Stored<()> {
    insert_order(conn, order).await?;
    touch(conn, order.organization, &order.opportunity, &order.stage, order.created_at).await?;
    sqlx::query(
        "UPDATE opportunities SET order_id = $3, order_at = $4, order_state = $5, order_outcome = $6 \
         WHERE organization_id = $1 AND opportunity = $2 AND (order_at IS NULL OR order_at <= $4)",
    )
    .bind(order.organization)
    .bind(&order.opportunity)
    .bind(order.id)
    .bind(order.created_at.as_micros())
    .bind(order.state.as_str())
    .bind(order.outcome.map(Outcome::as_str))
    .execute(conn)
    .await
    .map_err(store)?;
    Ok(())
}

async fn insert_order(conn: &mut Conn, order: &Order) -> Stored<()> {
    sqlx::query(
        "INSERT INTO orders (id, organization_id, opportunity, contact, vendor, test, test_name, round, stage, posting, \
         state, note, vendor_ref, vendor_status, score, band, outcome, judged_by, report_url, report_token, email, \
         created_at, invited_at, completed_at, called_back_at, written_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, \
         $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)",
    )
    .bind(order.id)
    .bind(order.organization)
    .bind(&order.opportunity)
    .bind(clean(&order.contact))
    .bind(&order.vendor)
    .bind(&order.test)
    .bind(clean(&order.test_name))
    .bind(order.round)
    .bind(&order.stage)
    .bind(order.posting.as_deref())
    .bind(order.state.as_str())
    .bind(order.note.as_deref().map(clean))
    .bind(order.vendor_ref.as_deref().map(clean))
    .bind(order.vendor_status.as_deref().map(clean))
    .bind(order.score)
    .bind(order.band.as_deref().map(clean))
    .bind(order.outcome.map(Outcome::as_str))
    .bind(order.judged_by)
    .bind(order.report_url.as_deref().map(clean))
    .bind(&order.report_token)
    .bind(clean(order.email.reveal()))
    .bind(order.created_at.as_micros())
    .bind(order.invited_at.map(Timestamp::as_micros))
    .bind(order.completed_at.map(Timestamp::as_micros))
    .bind(order.called_back_at.map(Timestamp::as_micros))
    .bind(order.written_at.map(Timestamp::as_micros))
    .execute(conn)
    .await
    .map_err(store)?;
    Ok(())
}

/// Whether an order in this state has been with the vendor, whatever was seen of it before.
const fn was_invited(state: OrderState) -> bool {
    state.is_with_vendor() || matches!(state, OrderState::Completed | OrderState::Expired | OrderState::Declined)
}

async fn change_order(conn: &mut Conn, change: &OrderChange) -> Stored<()> {
    let guard = || StoreError::Conflict("orders_state".to_owned());
    if change.from != change.to && !change.from.may_become(change.to) {
        return Err(guard());
    }
    let at = change.at.as_micros();
    let result = change.result.as_ref();
    let changed: Option<(Uuid, String, Option<String>)> = sqlx::query_as(
        "UPDATE orders SET state = $3, note = coalesce($4, note), vendor_ref = coalesce($5, vendor_ref), \
         vendor_status = coalesce($6, vendor_status), invited_at = coalesce(invited_at, $7), \
         completed_at = coalesce(completed_at, $8), score = CASE WHEN $9 THEN $10 ELSE score END, \
         band = CASE WHEN $9 THEN $11 ELSE band END, outcome = CASE WHEN $9 THEN $12 ELSE outcome END, \
         judged_by = CASE WHEN $9 THEN $13 ELSE judged_by END, report_url = CASE WHEN $9 THEN $14 ELSE report_url END \
         WHERE id = $1 AND state = $2 RETURNING organization_id, opportunity, outcome",
    )
    .bind(change.order)
    .bind(change.from.as_str())
    .bind(change.to.as_str())
    .bind(change.note.as_deref().map(clean))
    .bind(change.vendor_ref.as_deref().map(clean))
    .bind(change.vendor_status.as_deref().map(clean))
    .bind(Some(at).filter(|_| was_invited(change.to)))
    .bind(Some(at).filter(|_| change.to == OrderState::Completed))
    .bind(result.is_some())
    .bind(result.and_then(|r| r.score))
    .bind(result.and_then(|r| r.band.as_deref().map(clean)))
    .bind(result.map(|r| r.outcome.as_str()))
    .bind(result.map(|r| r.judged_by))
    .bind(result.and_then(|r| r.report_url.as_deref().map(clean)))
    .fetch_optional(&mut *conn)
    .await
    .map_err(store)?;
    let (organization, opportunity, outcome) = changed.ok_or_else(guard)?;
    let row = NewestOrder { order: change.order, state: change.to, outcome, at: change.at };
    show_order(conn, organization, &opportunity, &row).await
}

/// What the row of an opportunity shows of its newest order.
pub(super) struct NewestOrder {
    pub(super) order: Uuid,
    pub(super) state: OrderState,
    pub(super) outcome: Option<String>,
    pub(super) at: Timestamp,
}

/// Carries a step of an order over to the row of its opportunity.
pub(super) async fn show_order(
    conn: &mut Conn,
    organization: Uuid,
    opportunity: &str,
    newest: &NewestOrder,
) -> Stored<()> {
    sqlx::query(
        "UPDATE opportunities SET changed_at = CASE WHEN $6 > changed_at THEN $6 ELSE changed_at END, \
         order_state = CASE WHEN order_id = $3 THEN $4 ELSE order_state END, \
         order_outcome = CASE WHEN order_id = $3 THEN $5 ELSE order_outcome END \
         WHERE organization_id = $1 AND opportunity = $2",
    )
    .bind(organization)
    .bind(opportunity)
    .bind(newest.order)
    .bind(newest.state.as_str())
    .bind(newest.outcome.as_deref())
    .bind(newest.at.as_micros())
    .execute(conn)
    .await
    .map_err(store)?;
    Ok(())
}

async fn mark_written(conn: &mut Conn, orders: &[Uuid], at: Timestamp) -> Stored<()> {
    sqlx::query(dialect::MARK_WRITTEN).bind(list(orders)?).bind(at.as_micros()).execute(conn).await.map_err(store)?;
    Ok(())
}

async fn called_back(conn: &mut Conn, order: Uuid, at: Timestamp) -> Stored<()> {
    let done = sqlx::query("UPDATE orders SET called_back_at = $2 WHERE id = $1")
        .bind(order)
        .bind(at.as_micros())
        .execute(conn)
        .await
        .map_err(store)?;
    if done.rows_affected() == 0 { Err(StoreError::NotFound("order")) } else { Ok(()) }
}

/// A test inside the JSON parameter of the upsert.
#[derive(Serialize)]
struct TestLine<'a> {
    test: Cow<'a, str>,
    name: Cow<'a, str>,
    retired: bool,
    position: usize,
}

/// Replaces a vendor's catalogue; tests that are gone are kept as retired.
pub(super) async fn save_tests(
    conn: &mut Conn,
    organization: Uuid,
    vendor: &str,
    tests: &[Test],
    at: Timestamp,
) -> Stored<()> {
    let mut seen = std::collections::HashSet::new();
    let lines: Vec<TestLine<'_>> = tests
        .iter()
        .filter(|test| seen.insert(test.id.as_str()))
        .enumerate()
        .map(|(position, t)| TestLine { test: clean(&t.id), name: clean(&t.name), retired: t.retired, position })
        .collect();
    let lines = list(&lines)?;
    for statement in [dialect::RETIRE_TESTS, dialect::SAVE_TESTS] {
        sqlx::query(statement)
            .bind(organization)
            .bind(vendor)
            .bind(at.as_micros())
            .bind(lines.as_str())
            .execute(&mut *conn)
            .await
            .map_err(store)?;
    }
    Ok(())
}

async fn raise_issue(conn: &mut Conn, organization: Uuid, cause: &str, detail: &str, at: Timestamp) -> Stored<()> {
    sqlx::query(
        "INSERT INTO issues (organization_id, cause, detail, opened_at, last_seen, count) VALUES ($1, $2, $3, $4, $4, 1) \
         ON CONFLICT (organization_id, cause) WHERE closed_at IS NULL DO UPDATE \
         SET detail = excluded.detail, last_seen = excluded.last_seen, count = issues.count + 1",
    )
    .bind(organization)
    .bind(cause)
    .bind(clean(detail))
    .bind(at.as_micros())
    .execute(conn)
    .await
    .map_err(store)?;
    Ok(())
}

async fn close_issue(conn: &mut Conn, organization: Uuid, cause: &str, at: Timestamp) -> Stored<()> {
    sqlx::query("UPDATE issues SET closed_at = $3 WHERE organization_id = $1 AND cause = $2 AND closed_at IS NULL")
        .bind(organization)
        .bind(cause)
        .bind(at.as_micros())
        .execute(conn)
        .await
        .map_err(store)?;
    Ok(())
}
