//! The list of candidates as a file.

use app::access::{SEE_ORGANIZATION, Viewer};
use app::{address, export, filter};
use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use axum::{Extension, Router};
use domain::ports::store::{Organization, StoreError};
use domain::read::CandidateFilter;
use futures::stream;

use super::pages::PageParts;
use super::sign_in::message;

/// Rows that are read at once; the most a page of the store has.
const TOGETHER: u32 = 1_000;

/// `/o/{slug}/candidates.csv`. Expects `Option<Viewer>` as an extension.
pub fn router(parts: PageParts) -> Router {
    Router::new().route("/o/{slug}/candidates.csv", get(candidates)).with_state(parts)
}

/// All candidates that pass the filter of the address, for those who see the page of it, masked where that is masked. Sent
/// while it is read, so its length does not matter.
async fn candidates(
    State(parts): State<PageParts>,
    Extension(viewer): Extension<Option<Viewer>>,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    let Some(viewer) = viewer else {
        return Redirect::to(&address::sign_in(&address::candidates(&slug))).into_response();
    };
    if !viewer.may(SEE_ORGANIZATION) {
        let sentence = "Your role does not see candidates.";
        return message(StatusCode::FORBIDDEN, "Not for your role", sentence, &headers);
    }
    let is_theirs = viewer.organization.as_deref().is_none_or(|own| own == slug);
    let found =
        if is_theirs { parts.store.organization(&slug).await } else { Err(StoreError::NotFound("organization")) };
    match found {
        Ok(organization) => file(parts, viewer, organization, &query),
        Err(StoreError::NotFound(_)) => {
            let sentence = "There is nothing at this address, or it belongs to another organization.";
            message(StatusCode::NOT_FOUND, "Not found", sentence, &headers)
        }
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "an export failed");
            let sentence = "The server could not do this now; try again.";
            message(StatusCode::SERVICE_UNAVAILABLE, "Something failed", sentence, &headers)
        }
    }
}

/// What is still to be sent.
enum Next {
    Head,
    Page(Box<CandidateFilter>),
    Nothing,
}

fn file(parts: PageParts, viewer: Viewer, organization: Organization, query: &str) -> Response {
    let asked = filter::read(query, &organization.rules, viewer.sees_masked()).filter;
    let wanted = CandidateFilter { after: None, ..asked };
    // Who took which list; what was searched for may be a name.
    tracing::info!(
        organization = organization.rules.slug,
        account = %viewer.account,
        masked = viewer.sees_masked(),
        searched = wanted.search.is_some(),
        state = wanted.state.map(domain::order::OrderState::as_str),
        outcome = wanted.outcome.map(domain::outcome::Outcome::as_str),
        stage = wanted.stage,
        waiting = wanted.waiting,
        "candidates were exported"
    );
    let name = format!("attachment; filename=\"candidates-{}.csv\"", organization.rules.slug);
    let is_limited = viewer.is_limited();
    let read = move |next: Next| {
        let (parts, viewer, organization, wanted) =
            (parts.clone(), viewer.clone(), organization.clone(), wanted.clone());
        async move {
            match next {
                Next::Head if is_limited => Ok(Some((Bytes::from(export::head()), Next::Nothing))),
                Next::Head => Ok(Some((Bytes::from(export::head()), Next::Page(Box::new(wanted))))),
                Next::Page(filter) => page(&parts, &viewer, &organization, *filter).await.map(Some),
                Next::Nothing => Ok(None),
            }
        }
    };
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, Body::from_stream(stream::try_unfold(Next::Head, read))).into_response()
}

async fn page(
    parts: &PageParts,
    viewer: &Viewer,
    organization: &Organization,
    filter: CandidateFilter,
) -> Result<(Bytes, Next), StoreError> {
    let page = parts.store.candidates(organization.id, &filter, TOGETHER).await.inspect_err(|error| {
        // The answer has begun; that it breaks off is all the browser can be told.
        tracing::error!(error = error as &dyn std::error::Error, "an export broke off");
    })?;
    let lines = export::lines(viewer, &organization.rules, &parts.public_url, &page.rows);
    let next =
        page.next.map_or(Next::Nothing, |after| Next::Page(Box::new(CandidateFilter { after: Some(after), ..filter })));
    Ok((Bytes::from(lines), next))
}
