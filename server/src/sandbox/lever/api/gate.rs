//! What happens to a call before and after its endpoint: faults, key, rate budget, permission, journal.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Query, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER, SERVER};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{Html, IntoResponse as _, Response};
use base64::Engine as _;
use serde_json::Value;

use super::error::ApiError;
use super::webhooks::pings_wanted;
use super::{Ask, Done, Reply, resource, route};
use crate::sandbox::lever::faults::take;
use crate::sandbox::lever::hooks::HookDelivery;
use crate::sandbox::lever::model::{Call, Model};
use crate::sandbox::lever::net::Cut;
use crate::sandbox::lever::{LeverSandbox, RateLimit};

/// What the caller gets to see.
enum Outcome {
    Answer(Reply),
    Html,
    Cut,
}

/// Every call under `/v1`.
#[expect(clippy::disallowed_methods, reason = "a slow answer is what this fault is about")]
pub(in crate::sandbox::lever) async fn handle(
    State(sandbox): State<LeverSandbox>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    bytes: Bytes,
) -> Response {
    let slow = sandbox.model().faults.slow_ms;
    if slow > 0 {
        tokio::time::sleep(Duration::from_millis(slow)).await;
    }
    let query = Query::<Vec<(String, String)>>::try_from_uri(&uri).map(|q| q.0).unwrap_or_default();
    let path = uri.path();
    let ask = Ask {
        method: &method,
        path,
        segments: segments(path),
        query,
        body: parse(&headers, &bytes).unwrap_or(Value::Null),
        now: sandbox.now(),
    };
    let (mut outcome, pings) = {
        let mut model = sandbox.model();
        let outcome = decide(&mut model, &ask, &headers, sandbox.rate_limit());
        let pings = pings_wanted(&mut model, &ask, &outcome_body(&outcome));
        note(&mut model, &ask, uri.query().unwrap_or_default(), &outcome);
        (outcome, pings)
    };
    for (webhook, ping) in pings {
        outcome = verified(&sandbox, outcome, &webhook, &ping).await;
    }
    let retry_after = sandbox.model().faults.retry_after;
    answer(outcome, &cut, retry_after)
}

/// Sends a test ping; where the switch says so its failure refuses the call and undoes a new subscription.
async fn verified(sandbox: &LeverSandbox, outcome: Outcome, webhook: &str, ping: &HookDelivery) -> Outcome {
    let passed = sandbox.send_ping(ping).await;
    let mut model = sandbox.model();
    if passed || !model.faults.verify_blocks {
        return outcome;
    }
    if matches!(&outcome, Outcome::Answer(Ok(done)) if done.status == StatusCode::CREATED) {
        model.webhooks.retain(|w| w.id != webhook);
    }
    Outcome::Answer(Err(ApiError::bad("The webhook could not be verified")))
}

fn outcome_body(outcome: &Outcome) -> Value {
    match outcome {
        Outcome::Answer(Ok(done)) => done.body.clone(),
        _ => Value::Null,
    }
}

fn segments(path: &str) -> Vec<&str> {
    let below = path.strip_prefix("/v1").unwrap_or(path);
    let mut segments: Vec<&str> = below.split('/').filter(|s| !s.is_empty()).collect();
    if let Some(first @ &mut "candidates") = segments.first_mut() {
        *first = "opportunities";
    }
    segments
}

/// JSON, or a form as some callers send it. `None` if it is neither.
fn parse(headers: &HeaderMap, bytes: &Bytes) -> Option<Value> {
    let form = headers.get(CONTENT_TYPE).is_some_and(|t| t.as_bytes().starts_with(b"application/x-www-form"));
    if form {
        let uri: Uri = format!("/?{}", std::str::from_utf8(bytes).ok()?).parse().ok()?;
        let fields = Query::<std::collections::BTreeMap<String, String>>::try_from_uri(&uri).ok()?.0;
        return serde_json::to_value(fields).ok();
    }
    serde_json::from_slice(bytes).ok()
}

fn decide(model: &mut Model, ask: &Ask, headers: &HeaderMap, rate: Option<RateLimit>) -> Outcome {
    if take(&mut model.faults.drop_before_next) {
        return Outcome::Cut;
    }
    if take(&mut model.faults.html_next) {
        return Outcome::Html;
    }
    let reply = admit(model, ask, headers, rate).and_then(|()| route(model, ask));
    let written = reply.is_ok() && ask.method != Method::GET;
    if written && take(&mut model.faults.drop_after_next) { Outcome::Cut } else { Outcome::Answer(reply) }
}

fn admit(model: &mut Model, ask: &Ask, headers: &HeaderMap, rate: Option<RateLimit>) -> Result<(), ApiError> {
    if take(&mut model.faults.error_next) {
        let status = StatusCode::from_u16(model.faults.error_status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        return Err(ApiError::new(status, "ServerError", "Something went wrong on our side."));
    }
    // An unknown path is told apart from a missing key even without one.
    let Some(needed) = resource(&ask.segments) else { return Err(ApiError::no_such_path(ask.path)) };
    if !knows_key(model, headers) {
        return Err(ApiError::unauthorized());
    }
    if over_limit(model, ask.now, rate) {
        return Err(ApiError::too_many());
    }
    let kind = if ask.method == Method::GET { "read" } else { "write" };
    let permission = format!("{needed}:{kind}");
    if model.faults.missing_permissions.contains(&permission) {
        return Err(ApiError::forbidden(&format!("{kind} {needed}")));
    }
    if ask.one("offset").is_some() && take(&mut model.faults.stale_cursor_next) {
        return Err(ApiError::bad("Invalid offset token"));
    }
    Ok(())
}

/// Basic with the key as user and no password. A key as bearer token only by switch.
fn knows_key(model: &Model, headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(AUTHORIZATION).and_then(|v| v.to_str().ok()) else { return false };
    if let Some(token) = value.strip_prefix("Bearer ") {
        return model.faults.bearer_key && token == model.api_key;
    }
    let Some(encoded) = value.strip_prefix("Basic ") else { return false };
    let decoded = base64::engine::general_purpose::STANDARD.decode(encoded.trim());
    decoded.is_ok_and(|d| d == format!("{}:", model.api_key).into_bytes())
}

/// A bucket of tokens per key, refilled steadily; and the two switches.
fn over_limit(model: &mut Model, now: i64, rate: Option<RateLimit>) -> bool {
    if take(&mut model.faults.limit_next) {
        return true;
    }
    match &mut model.faults.limit_after {
        Some(0) => return true,
        Some(left) => *left -= 1,
        None => {}
    }
    let Some(rate) = rate else { return false };
    let capacity = f64::from(rate.bucket);
    let (tokens, since) = model.bucket.unwrap_or((capacity, now));
    let passed = u32::try_from((now - since).clamp(0, 3_600_000)).unwrap_or_default();
    let tokens = (tokens + f64::from(passed) / 1_000.0 * f64::from(rate.refill_per_second)).min(capacity);
    let over = tokens < 1.0;
    model.bucket = Some((if over { tokens } else { tokens - 1.0 }, now));
    over
}

fn note(model: &mut Model, ask: &Ask, query: &str, outcome: &Outcome) {
    let status = match outcome {
        Outcome::Answer(Ok(done)) => done.status.as_u16(),
        Outcome::Answer(Err(error)) => error.status.as_u16(),
        Outcome::Html => 200,
        Outcome::Cut => 0,
    };
    model.journal.push(Call {
        at: ask.now,
        method: ask.method.to_string(),
        path: ask.path.to_owned(),
        query: query.to_owned(),
        body: ask.body.clone(),
        status,
    });
    // A demonstration may run for days.
    let excess = model.journal.len().saturating_sub(20_000);
    model.journal.drain(..excess);
}

fn answer(outcome: Outcome, cut: &Cut, retry_after: Option<u32>) -> Response {
    let mut response = match outcome {
        Outcome::Answer(Ok(Done { status: StatusCode::NO_CONTENT, .. })) => StatusCode::NO_CONTENT.into_response(),
        Outcome::Answer(Ok(done)) => (done.status, axum::Json(done.body)).into_response(),
        Outcome::Answer(Err(error)) => error.into_response(),
        Outcome::Html => Html("<!doctype html><title>Lever</title><h1>We will be back soon</h1>").into_response(),
        Outcome::Cut => {
            cut.now();
            Response::new(Body::empty())
        }
    };
    let limited = response.status() == StatusCode::TOO_MANY_REQUESTS;
    let headers = response.headers_mut();
    headers.insert(SERVER, HeaderValue::from_static("lever-data-api"));
    headers.insert("x-lever-region", HeaderValue::from_static("global"));
    if headers.get(CONTENT_TYPE).is_some_and(|t| t == "application/json") {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    }
    if let Some(seconds) = retry_after.filter(|_| limited) {
        headers.insert(RETRY_AFTER, seconds.into());
    }
    response
}
