//! The control API under `/_sandbox/` for browser tests and scripts: JSON in, JSON out, no key.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::api::error::ApiError;
use super::{Faults, LeverSandbox, NewPerson};

type Answer = Result<Json<Value>, ApiError>;

pub(super) fn routes() -> Router<LeverSandbox> {
    Router::new()
        .route("/_sandbox/move", post(move_stage))
        .route("/_sandbox/tag", post(tag))
        .route("/_sandbox/archive", post(archive))
        .route("/_sandbox/delete", post(delete))
        .route("/_sandbox/person", post(person))
        .route("/_sandbox/hook", post(hook))
        .route("/_sandbox/verify", post(verify))
        .route("/_sandbox/faults", get(faults).post(set_faults))
        .route("/_sandbox/journal", get(journal).delete(clear_journal))
        .route("/_sandbox/hooks", get(hooks))
        .route("/_sandbox/hooks/{act}", post(steer_hooks))
        .route("/_sandbox/state", get(states))
        .route("/_sandbox/state/{opportunity}", get(state))
        .route("/_sandbox/connection", get(connection))
}

fn seen(sandbox: &LeverSandbox, id: &str) -> Answer {
    let view = sandbox.opportunity(id).ok_or_else(|| ApiError::missing("opportunities", id))?;
    Ok(Json(json!(view)))
}

#[derive(Deserialize)]
struct Move {
    opportunity: String,
    /// Id or name.
    stage: String,
}

async fn move_stage(State(sandbox): State<LeverSandbox>, Json(ask): Json<Move>) -> Answer {
    let user = Some(sandbox.perform_as().to_owned());
    sandbox.act(|m, now| m.move_stage(&ask.opportunity, &ask.stage, user, now))?;
    seen(&sandbox, &ask.opportunity)
}

#[derive(Deserialize)]
struct Tags {
    opportunity: String,
    #[serde(default)]
    add: Vec<String>,
    #[serde(default)]
    remove: Vec<String>,
}

async fn tag(State(sandbox): State<LeverSandbox>, Json(ask): Json<Tags>) -> Answer {
    sandbox.act(|m, now| {
        m.add_tags(&ask.opportunity, &ask.add, now)?;
        m.remove_tags(&ask.opportunity, &ask.remove, now)
    })?;
    seen(&sandbox, &ask.opportunity)
}

#[derive(Deserialize)]
struct Archive {
    opportunity: String,
    /// Id or name; null brings back.
    reason: Option<String>,
}

async fn archive(State(sandbox): State<LeverSandbox>, Json(ask): Json<Archive>) -> Answer {
    sandbox.act(|m, now| m.set_archived(&ask.opportunity, ask.reason.as_deref(), now))?;
    seen(&sandbox, &ask.opportunity)
}

#[derive(Deserialize)]
struct Delete {
    opportunity: String,
}

async fn delete(State(sandbox): State<LeverSandbox>, Json(ask): Json<Delete>) -> Answer {
    sandbox.act(|m, now| m.delete(&ask.opportunity, now))?;
    Ok(Json(json!({"deleted": ask.opportunity})))
}

async fn person(State(sandbox): State<LeverSandbox>, Json(ask): Json<NewPerson>) -> Answer {
    let (id, _) = sandbox.act(|m, now| m.create(&ask, None, now))?;
    seen(&sandbox, &id)
}

#[derive(Deserialize)]
struct Hook {
    url: String,
}

async fn hook(State(sandbox): State<LeverSandbox>, Json(ask): Json<Hook>) -> Answer {
    sandbox.act(|m, now| m.set_ui_hook(&ask.url, now))?;
    Ok(Json(json!({"url": ask.url})))
}

async fn verify(State(sandbox): State<LeverSandbox>) -> Json<Value> {
    Json(json!({"passed": sandbox.verify_hooks().await}))
}

async fn faults(State(sandbox): State<LeverSandbox>) -> Json<Faults> {
    Json(sandbox.faults())
}

/// What is left out goes back to its default.
async fn set_faults(State(sandbox): State<LeverSandbox>, Json(faults): Json<Faults>) -> Json<Faults> {
    sandbox.set_faults(faults.clone());
    Json(faults)
}

async fn journal(State(sandbox): State<LeverSandbox>) -> Json<Value> {
    Json(json!({"data": sandbox.journal()}))
}

async fn clear_journal(State(sandbox): State<LeverSandbox>) -> StatusCode {
    sandbox.clear_journal();
    StatusCode::NO_CONTENT
}

async fn hooks(State(sandbox): State<LeverSandbox>) -> Json<Value> {
    Json(json!({"queued": sandbox.queued_hooks(), "finished": sandbox.finished_hooks()}))
}

async fn steer_hooks(State(sandbox): State<LeverSandbox>, Path(act): Path<String>) -> Response {
    let answer = match act.as_str() {
        "drop" => json!({"dropped": sandbox.drop_hooks()}),
        "send" => json!({"delivered": sandbox.deliver_hooks().await}),
        "reverse" => {
            sandbox.reverse_hooks();
            json!({"queued": sandbox.queued_hooks().len()})
        }
        "duplicate" => {
            sandbox.duplicate_hooks();
            json!({"queued": sandbox.queued_hooks().len()})
        }
        other => return ApiError::missing("acts", other).into_response(),
    };
    Json(answer).into_response()
}

async fn states(State(sandbox): State<LeverSandbox>) -> Json<Value> {
    Json(json!({"data": sandbox.opportunities()}))
}

async fn state(State(sandbox): State<LeverSandbox>, Path(id): Path<String>) -> Answer {
    seen(&sandbox, &id)
}

async fn connection(State(sandbox): State<LeverSandbox>) -> Json<Value> {
    Json(sandbox.connection())
}
