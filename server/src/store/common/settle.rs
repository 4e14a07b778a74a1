//! Steps of results that were not ordered, inside the transaction of what follows from them.

use domain::Timestamp;
use domain::audit::Act;
use domain::incoming::{Standing, State};
use domain::job::{MatchEntry, Settling};
use domain::order::OrderState;
use domain::ports::store::{StoreError, Stored};
use domain::review;
use uuid::Uuid;

use super::audit::{NewEntry, append};
use super::effects::{NewestOrder, show_order};
use super::errors::store;
use super::{Conn, clean, contacts, dialect, json, list};

/// The name under which Assay's own decisions stand in the history.
const ITSELF: &str = "Assay";

/// Changes whose a result is, if it is as it was read. What looks for its owner goes by people as they were a moment ago: if one of
/// them changed since, the result is due anew, and has to stay so.
pub(super) async fn settle(conn: &mut Conn, step: &Settling) -> Stored<()> {
    let to = &step.to;
    let changed = sqlx::query(
        "UPDATE incoming_results SET state = $4, standing = $5, version = version + 1, opportunity = $6, \
         snoozed_until = $7, resolve_at = $8, changed_at = $9 WHERE id = $1 AND organization_id = $2 AND version = $3 \
         AND ($10 IS NULL OR resolve_at = $10)",
    )
    .bind(step.incoming)
    .bind(step.organization)
    .bind(step.version)
    .bind(to.state.as_str())
    .bind(json(to)?)
    .bind(opportunity(to))
    .bind(to.snoozed_until.unwrap_or(Timestamp::EPOCH).as_micros())
    .bind(step.look_again.map(Timestamp::as_micros))
    .bind(step.at.as_micros())
    .bind(step.due.map(Timestamp::as_micros))
    .execute(&mut *conn)
    .await
    .map_err(store)?;
    if changed.rows_affected() != 1 {
        return Err(StoreError::Conflict("incoming_results_version".to_owned()));
    }
    if let Some(decision) = step.reverts {
        revert(conn, step, decision).await?;
    }
    if let Some(entry) = &step.entry {
        enter(conn, step, entry).await?;
    }
    if let Some((contact, alias)) = &step.teaches {
        contacts::teach(conn, step.organization, contact, alias, step.at).await?;
    }
    if let Some((contact, decision)) = &step.forgets {
        contacts::forget(conn, step.organization, contact, *decision, step.at).await?;
    }
    sqlx::query("DELETE FROM incoming_looks WHERE incoming_id = $1")
        .bind(step.incoming)
        .execute(&mut *conn)
        .await
        .map_err(store)?;
    on_record(conn, step).await
}

fn opportunity(to: &Standing) -> Option<&str> {
    let is_linked = matches!(to.state, State::Linked | State::Ordered);
    to.link.as_ref().filter(|_| is_linked).map(|link| link.opportunity.as_str())
}

async fn revert(conn: &mut Conn, step: &Settling, decision: Uuid) -> Stored<()> {
    let who = step.author.as_ref().map_or(ITSELF, |by| by.who.as_str());
    let reverted = sqlx::query(
        "UPDATE match_decisions SET reverted_at = $3, reverted_by = $4 \
         WHERE id = $1 AND organization_id = $2 AND reverted_at IS NULL",
    )
    .bind(decision)
    .bind(step.organization)
    .bind(step.at.as_micros())
    .bind(clean(who))
    .execute(conn)
    .await
    .map_err(store)?;
    if reverted.rows_affected() != 1 {
        return Err(StoreError::Conflict("match_decisions_reverted".to_owned()));
    }
    Ok(())
}

async fn enter(conn: &mut Conn, step: &Settling, entry: &MatchEntry) -> Stored<()> {
    let took = entry.took.map(|span| i64::try_from(span.as_millis()).unwrap_or(i64::MAX));
    sqlx::query(
        "INSERT INTO match_decisions (id, organization_id, incoming_id, act, who, by_person, decided_at, took_millis, \
         contact, before, agreed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(entry.id)
    .bind(step.organization)
    .bind(step.incoming)
    .bind(entry.act.as_str())
    .bind(clean(entry.who.as_deref().unwrap_or(ITSELF)))
    .bind(entry.who.is_some())
    .bind(step.at.as_micros())
    .bind(took)
    .bind(entry.contact.as_deref().map(clean))
    .bind(json(&entry.before)?)
    .bind(entry.agreed)
    .execute(conn)
    .await
    .map_err(store)?;
    Ok(())
}

/// What people decide is in the record of changes, too. It names the result, never the person.
async fn on_record(conn: &mut Conn, step: &Settling) -> Stored<()> {
    let (Some(by), Some(entry)) = (&step.author, &step.entry) else { return Ok(()) };
    let act = if entry.act == review::Act::TakenBack { Act::MatchTakenBack } else { Act::MatchDecided };
    let target = step.incoming.to_string();
    let entry = NewEntry {
        organization: Some(step.organization),
        by,
        act,
        target: &target,
        before: Some(entry.before.state.as_str()),
        after: Some(entry.act.as_str()),
    };
    append(conn, entry).await
}

/// Takes a result back: its order says nothing any more, and what was written for it is to be taken out of Lever.
pub(super) async fn withdraw(conn: &mut Conn, order: Uuid, note: &str, at: Timestamp) -> Stored<()> {
    let taken: Option<(Uuid, String)> = sqlx::query_as(
        "UPDATE orders SET state = 'cancelled', note = $2, completed_at = NULL, outcome = NULL, judged_by = NULL, \
         score = NULL, band = NULL, report_url = NULL WHERE id = $1 AND state = 'completed' \
         RETURNING organization_id, opportunity",
    )
    .bind(order)
    .bind(clean(note))
    .fetch_optional(&mut *conn)
    .await
    .map_err(store)?;
    let (organization, opportunity) = taken.ok_or_else(|| StoreError::Conflict("orders_state".to_owned()))?;
    sqlx::query(
        "INSERT INTO withdrawals (order_id, organization_id, opportunity, vendor, report_token) \
         SELECT id, organization_id, opportunity, vendor, report_token FROM orders WHERE id = $1",
    )
    .bind(order)
    .execute(&mut *conn)
    .await
    .map_err(store)?;
    let row = NewestOrder { order, state: OrderState::Cancelled, outcome: None, at };
    show_order(conn, organization, &opportunity, &row).await
}

/// What was written for these orders is out of Lever.
pub(super) async fn mark_withdrawn(conn: &mut Conn, orders: &[Uuid], at: Timestamp) -> Stored<()> {
    sqlx::query(dialect::MARK_WITHDRAWN).bind(list(orders)?).bind(at.as_micros()).execute(conn).await.map_err(store)?;
    Ok(())
}

/// Notes how far something was read.
pub(super) async fn mark(conn: &mut Conn, organization: Uuid, name: &str, at: Timestamp) -> Stored<()> {
    sqlx::query(
        "INSERT INTO marks (organization_id, name, at) VALUES ($1, $2, $3) \
         ON CONFLICT (organization_id, name) DO UPDATE SET at = excluded.at WHERE excluded.at > marks.at",
    )
    .bind(organization)
    .bind(name)
    .bind(at.as_micros())
    .execute(conn)
    .await
    .map_err(store)?;
    Ok(())
}
