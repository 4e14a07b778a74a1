//! `/_sandbox/`: what a test or a script in another process does to the sandbox. JSON, no credentials.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use super::model::{InvitationState, Test};
use super::{Faults, Shared, callbacks};

pub(super) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/_sandbox/connection", get(async |s: Sandbox| axum::Json(s.0.connection())))
        .route("/_sandbox/invitations", get(async |s: Sandbox| axum::Json(json!(s.0.lock().invitations))))
        .route("/_sandbox/inbox", get(async |s: Sandbox| axum::Json(json!(s.0.lock().mails))))
        .route("/_sandbox/errors", get(async |s: Sandbox| axum::Json(json!(s.0.lock().errors))))
        .route("/_sandbox/journal", get(async |s: Sandbox| axum::Json(json!(s.0.lock().journal))))
        .route("/_sandbox/callbacks", get(async |s: Sandbox| axum::Json(json!(s.0.lock().queue))))
        .route("/_sandbox/callbacks/send", post(send_callbacks))
        .route("/_sandbox/callbacks/drop", post(drop_callbacks))
        .route("/_sandbox/faults", get(async |s: Sandbox| axum::Json(s.0.lock().faults.clone())).post(set_faults))
        .route("/_sandbox/tests", post(add_test))
        .route("/_sandbox/tests/retire", post(retire_test))
        .route("/_sandbox/start", post(start))
        .route("/_sandbox/complete", post(complete))
        .route("/_sandbox/decline", post(decline))
        .route("/_sandbox/expire", post(expire))
        .route("/_sandbox/advance", post(advance))
}

type Sandbox = State<Arc<Shared>>;

/// The instance that an act is about.
#[derive(Debug, Deserialize)]
struct Interview {
    interview: String,
    /// Without score and band the ending that the address asks for.
    score: Option<f64>,
    band: Option<String>,
}

fn done(changed: bool) -> Response {
    if changed {
        return axum::Json(json!({"changed": true})).into_response();
    }
    let body = json!({"changed": false, "message": "no such interview, or nothing left to do in its state"});
    (StatusCode::CONFLICT, axum::Json(body)).into_response()
}

async fn start(State(shared): Sandbox, axum::Json(act): axum::Json<Interview>) -> Response {
    let now = shared.now();
    done(shared.lock().start(&act.interview, now))
}

async fn complete(State(shared): Sandbox, axum::Json(act): axum::Json<Interview>) -> Response {
    let now = shared.now();
    let mut model = shared.lock();
    let tagged = model.find(&act.interview).is_some_and(|i| i.behaviour.ending.is_some());
    let changed = if tagged && act.score.is_none() && act.band.is_none() {
        model.step(&act.interview, now)
    } else {
        model.finish(&act.interview, act.score, act.band.as_deref(), now)
    };
    done(changed)
}

async fn decline(State(shared): Sandbox, axum::Json(act): axum::Json<Interview>) -> Response {
    done(shared.lock().end(&act.interview, InvitationState::Declined))
}

async fn expire(State(shared): Sandbox, axum::Json(act): axum::Json<Interview>) -> Response {
    done(shared.lock().end(&act.interview, InvitationState::Expired))
}

async fn send_callbacks(State(shared): Sandbox) -> axum::Json<Value> {
    let delivered = callbacks::deliver(&shared, None).await;
    axum::Json(json!({ "delivered": delivered, "queued": shared.lock().queue.len() }))
}

async fn drop_callbacks(State(shared): Sandbox) -> axum::Json<Value> {
    let dropped = std::mem::take(&mut shared.lock().queue).len();
    axum::Json(json!({ "dropped": dropped }))
}

/// Switches that the body does not name go back to their default.
async fn set_faults(State(shared): Sandbox, axum::Json(faults): axum::Json<Faults>) -> axum::Json<Faults> {
    shared.lock().faults = faults.clone();
    axum::Json(faults)
}

#[derive(Debug, Deserialize)]
struct NewTest {
    id: String,
    name: String,
}

async fn add_test(State(shared): Sandbox, axum::Json(test): axum::Json<NewTest>) -> axum::Json<Value> {
    let mut model = shared.lock();
    model.add_test(Test { id: test.id, name: test.name });
    axum::Json(json!(model.tests))
}

#[derive(Debug, Deserialize)]
struct Retired {
    id: String,
}

async fn retire_test(State(shared): Sandbox, axum::Json(test): axum::Json<Retired>) -> Response {
    done(shared.lock().retire_test(&test.id))
}

/// How far the clock moves; the parts add up.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Span {
    #[serde(default)]
    seconds: u64,
    #[serde(default)]
    days: u64,
    #[serde(default)]
    weeks: u64,
}

async fn advance(State(shared): Sandbox, axum::Json(span): axum::Json<Span>) -> axum::Json<Value> {
    let days = span.days.saturating_add(span.weeks.saturating_mul(7));
    let seconds = span.seconds.saturating_add(days.saturating_mul(24 * 3600));
    let changed = shared.advance(Duration::from_secs(seconds));
    axum::Json(json!({ "now": shared.now().to_string(), "changed": changed }))
}
