//! The vendor's side of Pymetrics' Mercury API, version 2 (Pymetrics' open API client, its README and documents).

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use domain::Timestamp;
use serde_json::{Value, json};

use super::behaviour::Behaviour;
use super::model::{Contract, Draft, InvitationState, Model, Order, Test};
use super::order::{factors, order_body};
use super::send::{After, Refusal};
use super::{Shared, keys, wire};

const TOKEN_LIFE: Duration = Duration::from_secs(3600);

pub(super) fn router(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    let guarded = Router::new()
        .route("/mercury/v2/assessments", get(assessments))
        .route("/mercury/v2/orders", get(list_orders).post(create_order))
        .route("/mercury/v2/orders/{id}", get(get_order))
        .route("/mercury/v2/factorContent/{id}", get(factor_content))
        .route_layer(middleware::from_fn_with_state(Arc::clone(shared), authenticate));
    Router::new()
        .route("/mercury/v2/oauth/token", post(token))
        .merge(guarded)
        .route_layer(middleware::from_fn_with_state(Arc::clone(shared), wire::watch))
}

/// The error body of every call; `recoverable` says that repeating the same request may help.
fn error(shared: &Shared, status: StatusCode, recoverable: bool, message: &str) -> Response {
    let number = shared.lock().next();
    let request_id = keys::uuid(&shared.seed, &format!("request {number}"));
    let body = json!({"request_id": request_id, "recoverable": recoverable, "message": message});
    (status, axum::Json(body)).into_response()
}

async fn authenticate(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let key = headers.get("x-api-key").and_then(|v| v.to_str().ok());
    if key != Some(shared.keys.pymetrics.as_str()) {
        return error(&shared, StatusCode::UNAUTHORIZED, false, "X-Api-Key is missing or wrong");
    }
    let now = shared.now();
    let valid = bearer(headers).is_some_and(|t| shared.lock().tokens.get(t).is_some_and(|end| *end > now));
    if !valid {
        return error(&shared, StatusCode::UNAUTHORIZED, false, "the token is missing or has ended");
    }
    next.run(request).await
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

async fn token(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let Ok(body) = serde_json::from_slice::<Value>(&body) else {
        return error(&shared, StatusCode::BAD_REQUEST, false, "not JSON");
    };
    if body["grant_type"] != "client_credentials" {
        return error(&shared, StatusCode::BAD_REQUEST, false, "grant_type must be client_credentials");
    }
    if body["client_id"] != shared.keys.client_id.as_str()
        || body["client_secret"] != shared.keys.client_secret.as_str()
    {
        return error(&shared, StatusCode::UNAUTHORIZED, false, "the client is not known");
    }
    let now = shared.now();
    let mut model = shared.lock();
    let number = model.next();
    let token = keys::digest(&shared.seed, &format!("token {number} {now}"));
    model.tokens.retain(|_, end| *end > now);
    model.tokens.insert(token.clone(), now.plus(TOKEN_LIFE));
    let body = json!({
        "access_token": token, "token_type": "Bearer", "expires_in": TOKEN_LIFE.as_secs(), "scope": "mercury",
    });
    (StatusCode::CREATED, axum::Json(body)).into_response()
}

async fn assessments(State(shared): State<Arc<Shared>>) -> axum::Json<Value> {
    let model = shared.lock();
    if model.faults.list_malformed {
        let list: Vec<_> = model.assessments.iter().map(|a| json!({"uuid": a.id, "name": a.description})).collect();
        return axum::Json(json!({ "assessments": list }));
    }
    axum::Json(json!({ "assessments": model.assessments }))
}

/// What the handler does once the model is unlocked again.
enum Reply {
    Refuse { status: StatusCode, recoverable: bool, message: String, retry_after: Option<u64> },
    NullId,
    Applied { after: After, created: bool, body: Value },
}

async fn create_order(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let reply = {
        let now = shared.now();
        order(&mut shared.lock(), &body, now)
    };
    match reply {
        Reply::Refuse { status, recoverable, message, retry_after } => {
            let mut response = error(&shared, status, recoverable, &message);
            if let Some(seconds) = retry_after {
                response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
            }
            response
        }
        Reply::NullId => {
            (StatusCode::CREATED, axum::Json(json!({"order": {"id": null}, "created": false}))).into_response()
        }
        Reply::Applied { after: After::Drop, .. } => wire::dropped(),
        Reply::Applied { after: After::Fail, .. } => {
            error(&shared, StatusCode::INTERNAL_SERVER_ERROR, true, "something went wrong")
        }
        Reply::Applied { after, created, body } => {
            if let After::Delay(span) = after {
                wire::pause(span).await;
            }
            let status = if created { StatusCode::CREATED } else { StatusCode::OK };
            (status, axum::Json(json!({"order": body, "created": created}))).into_response()
        }
    }
}

fn order(model: &mut Model, body: &[u8], now: Timestamp) -> Reply {
    let draft = match read(model, body) {
        Ok(draft) => draft,
        Err(message) => {
            let status = StatusCode::BAD_REQUEST;
            return Reply::Refuse { status, recoverable: false, message, retry_after: None };
        }
    };
    let fault = model.faults.take_send();
    match model.refusal(&draft.email, fault, now) {
        None => {}
        Some(Refusal::NullId) => return Reply::NullId,
        Some(Refusal::Status(status, message, retry_after)) => {
            let recoverable = retry_after.is_some();
            return Reply::Refuse { status, recoverable, message: message.to_owned(), retry_after };
        }
    }
    let application = draft.order.as_ref().and_then(|o| o.application_id.clone());
    let same = model.invitations.iter().find(|i| {
        i.contract == Contract::Mercury
            && i.email.eq_ignore_ascii_case(&draft.email)
            && i.test_id == draft.test.id
            && i.order.as_ref().and_then(|o| o.application_id.as_ref()) == application.as_ref()
    });
    let (invitation, created) = match same.cloned() {
        Some(existing) => (existing, false),
        None => {
            let number = model.next();
            let id = keys::uuid(&model.seed, &format!("order {number}"));
            (model.create(Draft { id, ..draft }, now), true)
        }
    };
    let after = model.after(&invitation.email, fault, created);
    Reply::Applied { after, created, body: order_body(model, &invitation, now) }
}

/// The draft of a well-formed order, without its id.
fn read(model: &Model, body: &[u8]) -> Result<Draft, String> {
    let body: Value = serde_json::from_slice(body).map_err(|e| format!("not JSON: {e}"))?;
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let assessment_id = text("/assessment_id").ok_or("assessment_id is missing")?;
    let assessment = model.assessments.iter().find(|a| a.id == assessment_id);
    let assessment = assessment.ok_or_else(|| format!("there is no assessment {assessment_id}"))?;
    let email = text("/candidate/email").filter(|e| e.contains('@')).ok_or("candidate.email is missing")?;
    let redirect_url = text("/candidate_redirect_url");
    if redirect_url.as_ref().is_some_and(|url| url.is_empty() || url.len() > 65_536) {
        return Err("candidate_redirect_url must have 1 to 65536 characters".to_owned());
    }
    Ok(Draft {
        id: String::new(),
        contract: Contract::Mercury,
        test: Test { id: assessment.id.clone(), name: assessment.description.clone() },
        email,
        first_name: text("/candidate/first_name").unwrap_or_default(),
        last_name: text("/candidate/last_name").unwrap_or_default(),
        callback_url: None,
        ats_profile_url: None,
        sent_by: None,
        mail: body["send_email"].as_bool().unwrap_or(false),
        order: Some(Order {
            application_id: Some(text("/application_id").filter(|a| !a.is_empty()).ok_or("application_id is missing")?),
            external_id: text("/candidate/external_id"),
            requisition_id: text("/requisition_id"),
            requisition_title: text("/requisition_title"),
            metadata: body.get("metadata").filter(|m| !m.is_null()).cloned(),
            redirect_url,
            fulfilled: false,
            report: false,
        }),
    })
}

async fn list_orders(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<axum::Json<Value>, Response> {
    let (application, candidate) = (query.get("job_application_id"), query.get("candidate_id"));
    if application.is_none() && candidate.is_none() {
        let message = "job_application_id or candidate_id is required";
        return Err(error(&shared, StatusCode::BAD_REQUEST, false, message));
    }
    let now = shared.now();
    let model = shared.lock();
    let orders: Vec<Value> = (model.invitations.iter())
        .filter(|i| {
            i.order.as_ref().is_some_and(|o| {
                application.is_none_or(|a| o.application_id.as_ref() == Some(a))
                    && candidate.is_none_or(|c| o.external_id.as_ref() == Some(c) || i.email == *c)
            })
        })
        .map(|i| order_body(&model, i, now))
        .collect();
    Ok(axum::Json(json!({ "orders": orders })))
}

async fn get_order(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<axum::Json<Value>, Response> {
    let now = shared.now();
    let found = {
        let mut model = shared.lock();
        let found = model.find_mut(&id).filter(|i| i.contract == Contract::Mercury).map(|invitation| {
            let complete = invitation.state == InvitationState::Complete;
            if let Some(order) = &mut invitation.order {
                // Reading is what fulfils an order whose results exist.
                order.fulfilled |= complete;
                order.report |= complete && query.get("report").is_some_and(|r| r == "true");
            }
            invitation.clone()
        });
        found.map(|invitation| order_body(&model, &invitation, now))
    };
    let Some(mut body) = found else {
        return Err(error(&shared, StatusCode::NOT_FOUND, false, "there is no such order"));
    };
    let malformed =
        body.pointer("/candidate/email").and_then(Value::as_str).is_some_and(|e| Behaviour::of(e).malformed);
    if malformed && body["status"] == "Fulfilled" {
        body.as_object_mut().map(|order| order.remove("status"));
    }
    Ok(axum::Json(body))
}

async fn factor_content(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
) -> Result<axum::Json<Value>, Response> {
    let found = {
        let model = shared.lock();
        model.find(&id).filter(|i| i.contract == Contract::Mercury).cloned()
    };
    let Some(invitation) = found else {
        return Err(error(&shared, StatusCode::NOT_FOUND, false, "there is no such order"));
    };
    match factors(&shared.seed, &invitation) {
        Some(body) => Ok(axum::Json(body)),
        None => Err(error(&shared, StatusCode::BAD_REQUEST, false, "the order has no scores")),
    }
}
