//! The routes of the pages for people: plain forms, no script.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::faults::{Faults, SendFault};
use super::model::InvitationState;
use super::{Shared, views};

pub(super) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/", get(async |s: Sandbox| views::home(&s.0.lock())))
        .route("/inbox", get(inbox))
        .route("/tests/{interview}", get(take))
        .route("/tests/{interview}/start", post(start))
        .route("/tests/{interview}/finish", post(finish))
        .route("/tests/{interview}/decline", post(decline))
        .route("/tests/{interview}/expire", post(expire))
        .route("/results/{interview}", get(result))
        .route("/errors", get(async |s: Sandbox| views::errors(&s.0.lock())))
        .route("/journal", get(async |s: Sandbox| views::journal(&s.0.lock())))
        .route("/faults", get(async |s: Sandbox| views::faults(&s.0.lock().faults)).post(set_faults))
}

type Sandbox = State<Arc<Shared>>;

#[derive(Debug, Deserialize)]
struct Filter {
    #[serde(default)]
    address: String,
}

async fn inbox(State(shared): Sandbox, Query(filter): Query<Filter>) -> Html<String> {
    views::inbox(&shared.lock(), filter.address.trim())
}

async fn take(State(shared): Sandbox, Path(interview): Path<String>) -> Result<Html<String>, Response> {
    shared.lock().find(&interview).map(views::test).ok_or_else(not_found)
}

async fn result(State(shared): Sandbox, Path(interview): Path<String>) -> Result<Html<String>, Response> {
    let model = shared.lock();
    let complete = model.find(&interview).filter(|i| i.state == InvitationState::Complete);
    complete.map(views::result).ok_or_else(not_found)
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, views::missing()).into_response()
}

async fn start(State(shared): Sandbox, Path(interview): Path<String>) -> Redirect {
    let now = shared.now();
    shared.lock().start(&interview, now);
    back(&interview)
}

/// The result that the person chose; an empty field is none.
#[derive(Debug, Deserialize)]
struct Chosen {
    #[serde(default)]
    score: String,
    #[serde(default)]
    band: String,
}

async fn finish(
    State(shared): Sandbox,
    Path(interview): Path<String>,
    Form(chosen): Form<Chosen>,
) -> Result<Redirect, Response> {
    let score = match chosen.score.trim() {
        "" => None,
        text => match text.parse::<f64>() {
            Ok(score) if score.is_finite() => Some(score),
            _ => return Err((StatusCode::UNPROCESSABLE_ENTITY, "The score is not a number.").into_response()),
        },
    };
    let band = Some(chosen.band.trim()).filter(|b| !b.is_empty());
    let now = shared.now();
    shared.lock().finish(&interview, score, band, now);
    Ok(back(&interview))
}

async fn decline(State(shared): Sandbox, Path(interview): Path<String>) -> Redirect {
    shared.lock().end(&interview, InvitationState::Declined);
    back(&interview)
}

async fn expire(State(shared): Sandbox, Path(interview): Path<String>) -> Redirect {
    shared.lock().end(&interview, InvitationState::Expired);
    back(&interview)
}

/// Back to the page of the test. Only ids of our own shape go into the address.
fn back(interview: &str) -> Redirect {
    let own = interview.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if own { Redirect::to(&format!("/tests/{interview}")) } else { Redirect::to("/") }
}

/// The form of the switches: a checkbox that is off is not sent at all.
#[derive(Debug, Deserialize)]
struct Switches {
    send: SendFault,
    #[serde(default)]
    send_times: String,
    late_ms: u64,
    retry_after: u64,
    slow_ms: u64,
    #[serde(default)]
    pending_word: String,
    #[serde(default)]
    complete_word: String,
    list_malformed: Option<String>,
    strict_host: Option<String>,
    early_score: Option<String>,
    html_answers: Option<String>,
    limit_sends: Option<String>,
}

async fn set_faults(State(shared): Sandbox, Form(form): Form<Switches>) -> Redirect {
    shared.lock().faults = Faults {
        send: form.send,
        send_times: form.send_times.trim().parse().ok(),
        late_ms: form.late_ms,
        retry_after: form.retry_after,
        list_malformed: form.list_malformed.is_some(),
        strict_host: form.strict_host.is_some(),
        early_score: form.early_score.is_some(),
        pending_word: form.pending_word.trim().to_owned(),
        complete_word: form.complete_word.trim().to_owned(),
        html_answers: form.html_answers.is_some(),
        slow_ms: form.slow_ms,
        limit_sends: form.limit_sends.is_some(),
    };
    Redirect::to("/faults")
}
