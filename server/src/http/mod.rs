//! Every route on one screen.

pub mod assets;
pub mod audit;
pub mod csv;
pub mod export;
pub mod fleet;
pub mod handover;
pub mod health;
pub mod hooks;
pub mod live;
pub mod pages;
pub mod reports;
pub mod results;
pub mod security;
pub mod session;
pub mod sign_in;
pub mod welcome;

use std::time::Duration;

use axum::Router;
use axum::http::{HeaderName, Request, StatusCode};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

use self::health::Health;
use self::hooks::Hooks;
use self::pages::PageParts;
use crate::jobs::Context;

/// A request that takes longer is answered 503.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// The whole web side.
///
/// | address | who |
/// | --- | --- |
/// | `POST /hooks/lever/{hook}` | Lever |
/// | `POST`, `PATCH /hooks/assessments/{order}` | vendors |
/// | `GET /reports/{token}` | people who come from Lever |
/// | `/healthz`, `/readyz` | probes |
/// | `GET /live/{slug}` | open pages: hints about changes |
/// | `/pkg/{file}`, `/favicon.svg`, `/robots.txt` | browsers |
/// | `/setup/{token}`, `/join/{token}` | who has the link |
/// | `/o/{slug}/hand-over`, `/drop/{token}` | account managers; who has the link, once |
/// | `/.well-known/assay/{question}` | the check of our own address |
/// | `/fleet.csv` | account managers and the owner |
/// | `/audit.csv`, `/o/{slug}/audit.csv` | who may read the record of changes |
/// | everything else | people |
pub fn router(hooks: Hooks, cx: Context, health: Health, pages: PageParts) -> Router {
    let request_id = HeaderName::from_static("x-request-id");
    let machines = hooks::router(hooks).merge(health::router(health));
    let people = assets::router().merge(pages::router(pages, reports::router(cx)));
    // Deliveries arrive by the thousand; a line for each would drown the log. Their store is their record.
    let traced = people.layer(TraceLayer::new_for_http().make_span_with(|request: &Request<_>| {
        let id = request.headers().get("x-request-id").and_then(|v| v.to_str().ok()).unwrap_or_default();
        tracing::info_span!("http", request.id = id, http.method = %request.method(), http.path = request.uri().path())
    }));
    // Together, because each layer that a router gets by itself is boxed for every request.
    let around = ServiceBuilder::new()
        .layer(SetRequestIdLayer::new(request_id.clone(), MakeRequestUuid))
        .layer(PropagateRequestIdLayer::new(request_id))
        .layer(CatchPanicLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, TIME_LIMIT));
    traced.merge(machines).layer(around)
}
