//! The record of changes as a file.

use app::access::{RUN_INSTANCE, SEE_CONFIGURATION, Viewer};
use app::address;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use axum::{Extension, Router};
use domain::audit::{AuditFilter, Entry};
use domain::ports::store::StoreError;
use domain::role::Right;
use uuid::Uuid;

use super::pages::PageParts;
use super::{csv, sign_in};

const HEADS: [&str; 8] = ["number", "at_utc", "who", "source", "act", "target", "before", "after"];
/// Entries that are read at once.
const TOGETHER: u32 = 1_000;

/// `/audit.csv` and `/o/{slug}/audit.csv`. Expects `Option<Viewer>` as an extension.
pub fn router(parts: PageParts) -> Router {
    Router::new().route("/audit.csv", get(of_instance)).route("/o/{slug}/audit.csv", get(of_one)).with_state(parts)
}

async fn of_instance(
    State(parts): State<PageParts>,
    Extension(viewer): Extension<Option<Viewer>>,
    headers: HeaderMap,
) -> Response {
    match refused(viewer.as_ref(), RUN_INSTANCE, "", &headers) {
        Some(refusal) => refusal,
        None => file(&parts, None, "audit.csv", &headers).await,
    }
}

async fn of_one(
    State(parts): State<PageParts>,
    Extension(viewer): Extension<Option<Viewer>>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Response {
    if let Some(refusal) = refused(viewer.as_ref(), SEE_CONFIGURATION, &slug, &headers) {
        return refusal;
    }
    let own = viewer.and_then(|v| v.organization);
    let found = match own {
        Some(own) if own != slug => Err(StoreError::NotFound("organization")),
        _ => parts.store.organization(&slug).await,
    };
    match found {
        Ok(organization) => file(&parts, Some(organization.id), &format!("audit-{slug}.csv"), &headers).await,
        Err(StoreError::NotFound(_)) => {
            let sentence = "There is nothing at this address, or it belongs to another organization.";
            sign_in::message(StatusCode::NOT_FOUND, "Not found", sentence, &headers)
        }
        Err(error) => failed(&error, &headers),
    }
}

fn refused(viewer: Option<&Viewer>, rights: &[Right], slug: &str, headers: &HeaderMap) -> Option<Response> {
    let Some(viewer) = viewer else {
        return Some(Redirect::to(&address::sign_in(&address::audit(slug, "", "", None))).into_response());
    };
    let needs: Vec<&str> = rights.iter().map(|r| r.words()).collect();
    let sentence = format!("This needs {}.", needs.join(", or "));
    (!viewer.may(rights)).then(|| sign_in::message(StatusCode::FORBIDDEN, "Not allowed", &sentence, headers))
}

fn failed(error: &StoreError, headers: &HeaderMap) -> Response {
    tracing::error!(error = error as &dyn std::error::Error, "the record of changes could not be read");
    let sentence = "The server could not do this now; try again.";
    sign_in::message(StatusCode::SERVICE_UNAVAILABLE, "Something failed", sentence, headers)
}

/// Newest first. Changes are made by hand, so the whole record fits into memory.
async fn file(parts: &PageParts, organization: Option<Uuid>, name: &str, headers: &HeaderMap) -> Response {
    let (mut all, mut filter): (Vec<Entry>, _) = (Vec::new(), AuditFilter::default());
    loop {
        match parts.store.audit(organization, &filter, TOGETHER).await {
            Ok(entries) if entries.is_empty() => break,
            Ok(entries) => {
                filter.before = entries.last().map(|e| e.number);
                all.extend(entries);
            }
            Err(error) => return failed(&error, headers),
        }
    }
    csv::file(name, &HEADS, all.into_iter().map(cells))
}

fn cells(entry: Entry) -> Vec<String> {
    vec![
        entry.number.to_string(),
        entry.at.to_string(),
        entry.who,
        entry.source.as_str().to_owned(),
        entry.act.as_str().to_owned(),
        entry.target,
        entry.before.unwrap_or_default(),
        entry.after.unwrap_or_default(),
    ]
}
