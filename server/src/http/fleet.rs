//! The list of organizations as a file.

use app::access::{SEE_FLEET, Viewer};
use app::pages::fleet::on_server::{Judged, Wanted};
use app::pages::health::percent;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use axum::{Extension, Router};
use domain::health::by_need;
use domain::{Timestamp, words};
use serde::Deserialize;

use super::pages::PageParts;
use super::{csv, sign_in};

const HEADS: [&str; 20] = [
    "organization",
    "name",
    "state",
    "cause",
    "last_event_utc",
    "last_write_utc",
    "waiting_jobs",
    "oldest_waiting_utc",
    "deliveries_24h",
    "not_accepted_24h",
    "not_accepted_24h_percent",
    "open_issues",
    "unknown_sends",
    "results_to_review",
    "results_without_person",
    "failed_jobs",
    "oldest_key_utc",
    "set_up_utc",
    "paused",
    "address",
];

/// `/fleet.csv`, with the filter of the page in its address. Expects `Option<Viewer>` as an extension.
pub fn router(parts: PageParts) -> Router {
    Router::new().route("/fleet.csv", get(fleet)).with_state(parts)
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    state: Option<String>,
    q: Option<String>,
}

async fn fleet(
    State(parts): State<PageParts>,
    Extension(viewer): Extension<Option<Viewer>>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let Some(viewer) = viewer else { return Redirect::to(&app::address::sign_in("/fleet.csv")).into_response() };
    if !viewer.may(SEE_FLEET) {
        let needs = SEE_FLEET.iter().map(|r| r.words()).collect::<Vec<_>>().join(", or ");
        return sign_in::message(StatusCode::FORBIDDEN, "Not allowed", &format!("This needs {needs}."), &headers);
    }
    let now = parts.clock.now();
    match parts.store.fleet(now).await {
        Ok(rows) => {
            let wanted = Wanted::of(asked.state.as_deref(), asked.q.as_deref());
            let rows = by_need(rows, now).into_iter().filter(|judged| wanted.has(judged));
            csv::file("fleet.csv", &HEADS, rows.map(|judged| cells(&parts.public_url, judged)))
        }
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "the fleet could not be read");
            let sentence = "The server could not do this now; try again.";
            sign_in::message(StatusCode::SERVICE_UNAVAILABLE, "Something failed", sentence, &headers)
        }
    }
}

fn cells(public_url: &str, (row, health): Judged) -> Vec<String> {
    let time = |at: Option<Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    let (failed, of) = row.day();
    vec![
        row.slug.clone(),
        row.name.clone(),
        health.state.as_str().to_owned(),
        words::health(&health),
        time(row.last_delivery),
        time(row.last_written),
        row.backlog.to_string(),
        time(row.oldest_due),
        of.to_string(),
        failed.to_string(),
        if of > 0 { percent(failed, of).to_string() } else { String::new() },
        row.issues.len().to_string(),
        row.unknown_sends.to_string(),
        row.reviews.to_string(),
        row.matches.to_string(),
        row.dead_jobs.to_string(),
        time(row.oldest_secret),
        time(Some(row.created_at)),
        row.paused.to_string(),
        format!("{public_url}{}", app::address::home(&row.slug)),
    ]
}
