//! The addresses that machines call: Lever's webhook and the vendors' callback.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use domain::activity::{Activity, Event};
use domain::job::{Effect, NewJob, Work};
use domain::ports::store::{DeliveryStatus, NewDelivery, Receipt, StoreError};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use crate::hooks::{self, Inbox, MAX_BODY, Verdict};
use crate::ids;
use crate::jobs::{Context, Wake};

/// What these routes need.
#[derive(Debug)]
pub struct Hooks {
    /// Store, organizations, clock.
    pub cx: Context,
    /// The way into the store.
    pub inbox: Inbox,
    /// Says that there is work.
    pub wake: Wake,
}

/// `/hooks/lever/{hook}` and `/hooks/assessments/{order}`.
pub fn router(hooks: Hooks) -> Router {
    Router::new()
        .route("/hooks/lever/{hook}", post(lever))
        .route("/hooks/assessments/{order}", post(assessment).patch(assessment))
        .with_state(Arc::new(hooks))
}

fn refuse(status: StatusCode, error: &str) -> Response {
    (status, Json(json!({"error": error}))).into_response()
}

async fn lever(State(hooks): State<Arc<Hooks>>, Path(hook): Path<String>, body: Body) -> Response {
    let Some(connection) = hooks.cx.directory.by_hook(&hook) else {
        return refuse(StatusCode::NOT_FOUND, "unknown hook");
    };
    let now = hooks.cx.clock.now();
    let (verdict, body) = match to_bytes(body, MAX_BODY).await {
        Ok(bytes) => (hooks::judge(&connection, &bytes, now), bytes),
        Err(_) => (Verdict::too_large(), Default::default()),
    };
    let refused = verdict.status == DeliveryStatus::Refused;
    let job = verdict.follow.clone().map(|opportunity| NewJob {
        id: ids::row(),
        organization: connection.organization.id,
        work: Work::Follow { opportunity },
        run_at: now,
    });
    let delivery = NewDelivery {
        id: ids::row(),
        organization: connection.organization.id,
        token: verdict.token,
        event: verdict.event,
        opportunity: verdict.opportunity,
        // What was refused is kept to be looked at, not to be filled up by strangers.
        body: String::from_utf8_lossy(&body[..if refused { body.len().min(4_096) } else { body.len() }]).into_owned(),
        status: verdict.status,
        reason: verdict.reason,
        at: now,
        job,
    };
    let stored = hooks.inbox.receive(delivery).await;
    match (verdict.refusal, stored) {
        (Some((status, error)), _) => refuse(status, error),
        (None, Ok(receipt)) => answer(receipt, verdict.status),
        (None, Err(_)) => {
            let body = Json(json!({"error": "could not be stored; send it again"}));
            (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")], body).into_response()
        }
    }
}

/// What a sender whose delivery was taken is told.
#[derive(Serialize)]
struct Answer {
    delivery: Uuid,
    status: &'static str,
}

fn answer(receipt: Receipt, status: DeliveryStatus) -> Response {
    let (id, word) = match (receipt, status) {
        (Receipt::AlreadyStored { id, .. }, _) => (id, "already stored"),
        (Receipt::Stored(id), DeliveryStatus::Verified) => (id, "verified"),
        (Receipt::Stored(id), _) => (id, "stored"),
    };
    Json(Answer { delivery: id, status: word }).into_response()
}

/// "Ask for the status now". Says nothing else: whatever it carries, a key included, is not read. The address cannot be
/// guessed, and all it can cause is a reading.
async fn assessment(State(hooks): State<Arc<Hooks>>, Path(order): Path<String>) -> Response {
    let Ok(id) = order.parse::<Uuid>() else { return refuse(StatusCode::NOT_FOUND, "unknown order") };
    let order = match hooks.cx.store.order(id).await {
        Ok(order) => order,
        Err(StoreError::NotFound(_)) => return refuse(StatusCode::NOT_FOUND, "unknown order"),
        Err(error) => return unavailable(&error),
    };
    let now = hooks.cx.clock.now();
    let line = Activity {
        id: ids::row(),
        organization: order.organization,
        opportunity: order.opportunity.clone(),
        order: Some(order.id),
        at: now,
        event: Event::CalledBack,
    };
    let poll =
        NewJob { id: ids::row(), organization: order.organization, work: Work::Poll { order: order.id }, run_at: now };
    let effects = vec![Effect::CalledBack { order: order.id, at: now }, Effect::Record(line), Effect::Enqueue(poll)];
    match hooks.cx.store.commit(effects).await {
        Ok(()) => {
            hooks.wake.now();
            Json(json!({"status": "the status will be read"})).into_response()
        }
        Err(error) => unavailable(&error),
    }
}

fn unavailable(error: &StoreError) -> Response {
    tracing::error!(error = error as &dyn std::error::Error, "a callback could not be stored");
    refuse(StatusCode::SERVICE_UNAVAILABLE, "could not be stored; send it again")
}
