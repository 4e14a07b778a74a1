//! The vendor's side of the Greenhouse assessment contract (Greenhouse's documentation, Assessment Partner API).

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::Timestamp;
use serde_json::{Map, Value, json};

use super::Shared;
use super::behaviour::Behaviour;
use super::faults::SendFault;
use super::model::{Contract, Draft, Invitation, InvitationState, Model, ResponseError, Test};
use super::send::{After, Refusal};
use super::wire;

/// Where the four addresses are.
pub(super) const BASE: &str = "/sandbox/greenhouse";

const FIRST_INTERVIEW: u64 = 98_000;

pub(super) fn router(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    Router::new()
        .route("/sandbox/greenhouse/list_tests", get(list_tests))
        .route("/sandbox/greenhouse/send_test", post(send_test))
        .route("/sandbox/greenhouse/test_status", get(test_status))
        .route("/sandbox/greenhouse/response_error", post(response_error))
        .route_layer(middleware::from_fn_with_state(Arc::clone(shared), authenticate))
        .route_layer(middleware::from_fn_with_state(Arc::clone(shared), wire::watch))
}

async fn authenticate(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    if basic_user(request.headers()).as_deref() == Some(shared.keys.greenhouse.as_str()) {
        return next.run(request).await;
    }
    let challenge = [(header::WWW_AUTHENTICATE, "Basic realm=\"sandbox\"")];
    (challenge, error(StatusCode::UNAUTHORIZED, "the key is not valid")).into_response()
}

/// The user name of Basic credentials with an empty password.
fn basic_user(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let user = decoded.strip_suffix(':')?;
    scheme.eq_ignore_ascii_case("basic").then(|| user.to_owned())
}

fn error(status: StatusCode, message: &str) -> Response {
    (status, axum::Json(json!({ "error": message }))).into_response()
}

async fn list_tests(State(shared): State<Arc<Shared>>) -> axum::Json<Value> {
    let model = shared.lock();
    let (id, name) =
        if model.faults.list_malformed { ("id", "name") } else { ("partner_test_id", "partner_test_name") };
    let list = model.tests.iter().map(|t| json!({ id: t.id, name: t.name })).collect();
    axum::Json(Value::Array(list))
}

/// What the handler does once the model is unlocked again.
enum Reply {
    Refuse(Response),
    Applied(After, Value),
}

async fn send_test(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let reply = {
        let now = shared.now();
        apply(&mut shared.lock(), &body, now)
    };
    match reply {
        Reply::Refuse(response) => response,
        Reply::Applied(After::Answer, body) => axum::Json(body).into_response(),
        Reply::Applied(After::Fail, _) => error(StatusCode::INTERNAL_SERVER_ERROR, "something went wrong"),
        Reply::Applied(After::Drop, _) => wire::dropped(),
        Reply::Applied(After::Delay(span), body) => {
            wire::pause(span).await;
            axum::Json(body).into_response()
        }
    }
}

fn apply(model: &mut Model, body: &[u8], now: Timestamp) -> Reply {
    let draft = match read(model, body) {
        Ok(draft) => draft,
        Err((status, message)) => return Reply::Refuse(error(status, &message)),
    };
    let fault = model.faults.take_send();
    match model.refusal(&draft.email, fault, now) {
        None => {}
        Some(Refusal::NullId) => {
            return Reply::Refuse(axum::Json(json!({"partner_interview_id": null})).into_response());
        }
        Some(Refusal::Status(status, message, retry_after)) => {
            let mut response = error(status, message);
            if let Some(seconds) = retry_after {
                response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
            }
            return Reply::Refuse(response);
        }
    }
    let number = FIRST_INTERVIEW + model.next();
    let draft = Draft { id: number.to_string(), ..draft };
    let after = model.after(&draft.email, fault, true);
    let numeric = fault == SendFault::NumericId || Behaviour::of(&draft.email).numeric_id;
    let invitation = model.create(draft, now);
    let id = if numeric { json!(number) } else { json!(invitation.partner_interview_id) };
    Reply::Applied(after, json!({ "partner_interview_id": id }))
}

/// The draft of a well-formed body, without its id.
fn read(model: &Model, body: &[u8]) -> Result<Draft, (StatusCode, String)> {
    let bad = |message: String| (StatusCode::BAD_REQUEST, message);
    let body: Value = serde_json::from_slice(body).map_err(|e| bad(format!("not JSON: {e}")))?;
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).filter(|s| !s.is_empty());
    let required = |pointer: &str| {
        let name = pointer.trim_start_matches('/').replace('/', ".");
        text(pointer).map(str::to_owned).ok_or_else(|| bad(format!("{name} is missing")))
    };
    let test_id = required("/partner_test_id")?;
    let draft = Draft {
        id: String::new(),
        contract: Contract::Greenhouse,
        test: Test { id: test_id.clone(), name: String::new() },
        email: required("/candidate/email")?,
        first_name: required("/candidate/first_name")?,
        last_name: required("/candidate/last_name")?,
        ats_profile_url: Some(required("/candidate/greenhouse_profile_url")?),
        callback_url: Some(required("/url")?),
        sent_by: text("/sent_by").map(str::to_owned),
        mail: true,
        order: None,
    };
    let host = draft.callback_url.as_deref().and_then(|url| reqwest::Url::parse(url).ok());
    let host = host.as_ref().and_then(reqwest::Url::host_str);
    if host.is_none() {
        return Err(bad("url is not an absolute address".to_owned()));
    }
    if model.faults.strict_host && host != Some("app.greenhouse.io") {
        return Err(bad("url must be on app.greenhouse.io".to_owned()));
    }
    let test = model.tests.iter().find(|t| t.id == test_id).cloned();
    let test = test.ok_or_else(|| (StatusCode::NOT_FOUND, format!("there is no test {test_id}")))?;
    Ok(Draft { test, ..draft })
}

async fn test_status(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<axum::Json<Value>, Response> {
    let Some(id) = query.get("partner_interview_id") else {
        return Err(error(StatusCode::BAD_REQUEST, "partner_interview_id is missing"));
    };
    let model = shared.lock();
    match model.find(id).filter(|i| i.contract == Contract::Greenhouse) {
        Some(invitation) => Ok(axum::Json(status(&model, invitation))),
        None => Err(error(StatusCode::NOT_FOUND, "there is no such interview")),
    }
}

fn status(model: &Model, invitation: &Invitation) -> Value {
    let link = model.result_link(&invitation.partner_interview_id);
    let faults = &model.faults;
    if invitation.state == InvitationState::Complete {
        let word = if faults.complete_word.is_empty() { "complete" } else { &faults.complete_word };
        let mut body = json!({
            "partner_status": word,
            "partner_profile_url": link,
            "partner_score": invitation.score,
            "metadata": metadata(invitation),
        });
        if invitation.behaviour.malformed {
            body["partner_profile_url"] = Value::Null;
        }
        return body;
    }
    if faults.early_score && invitation.state.is_open() {
        return json!({
            "partner_status": "in_progress", "partner_profile_url": link, "partner_score": 75, "metadata": null,
        });
    }
    let word = match invitation.state {
        InvitationState::Declined => "declined",
        InvitationState::Expired => "expired",
        _ if !faults.pending_word.is_empty() => &faults.pending_word,
        InvitationState::Started => "in_progress",
        _ => "not_started",
    };
    json!({"partner_status": word, "partner_profile_url": null, "partner_score": null, "metadata": null})
}

/// Flat, with primitive values only, as the contract asks.
fn metadata(invitation: &Invitation) -> Map<String, Value> {
    let mut map = Map::new();
    map.insert("Test".into(), json!(invitation.test_name));
    map.insert("Started At".into(), json!(invitation.started_at.map(|t| t.to_string())));
    map.insert("Completed At".into(), json!(invitation.completed_at.map(|t| t.to_string())));
    if let Some(band) = &invitation.band {
        map.insert("Band".into(), json!(band));
    }
    map
}

async fn response_error(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let Ok(body) = serde_json::from_slice::<Value>(&body) else {
        return error(StatusCode::BAD_REQUEST, "not JSON");
    };
    let errors: Option<Vec<String>> =
        body["errors"].as_array().map(|list| list.iter().filter_map(Value::as_str).map(str::to_owned).collect());
    let (Some(api_call), Some(errors)) = (body["api_call"].as_str(), errors) else {
        return error(StatusCode::BAD_REQUEST, "api_call and errors are required");
    };
    let entry = ResponseError { at: shared.now(), api_call: api_call.to_owned(), errors, body: body.clone() };
    shared.lock().errors.push(entry);
    axum::Json(json!({ "status": 200 })).into_response()
}
