//! `/live/{slug}`: server-sent events with hints about what changed (`people,traffic`: two numbers that become others); the page
//! then asks again for what it shows.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use app::access::{SEE_ORGANIZATION, Viewer};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Router};
use domain::ports::Store;
use domain::ports::store::StoreError;
use domain::read::Stamp;
use futures::{Stream, stream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::live::Live;

/// A line that says nothing, so that proxies keep the connection.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// A browser that lost the connection comes back after this.
const COME_BACK: Duration = Duration::from_secs(2);
/// The longest connection: whoever was signed in then is asked for again.
const LONGEST: Duration = Duration::from_secs(10 * 60);

/// What the route needs.
#[derive(Clone, Debug)]
pub struct LiveParts {
    /// The changes.
    pub live: Live,
    /// The organizations.
    pub store: Arc<dyn Store>,
    /// Ends the streams, so that the process can stop.
    pub stop: CancellationToken,
}

/// Expects `Option<Viewer>` as an extension.
pub fn router(parts: LiveParts) -> Router {
    Router::new().route("/live/{slug}", get(live)).with_state(parts)
}

async fn live(
    State(parts): State<LiveParts>,
    Extension(viewer): Extension<Option<Viewer>>,
    Path(slug): Path<String>,
) -> Response {
    let Some(viewer) = viewer else { return StatusCode::UNAUTHORIZED.into_response() };
    let own = viewer.organization.as_deref().is_none_or(|own| own == slug);
    if !own || !viewer.may(SEE_ORGANIZATION) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let organization = match parts.store.organization(&slug).await {
        Ok(organization) => organization.id,
        Err(StoreError::NotFound(_)) => return StatusCode::NOT_FOUND.into_response(),
        Err(_) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
    };
    let mut watched = parts.live.watch(organization);
    // Who comes second is told where things stand; who comes first is told as soon as it is known.
    if *watched.borrow_and_update() != Stamp::default() {
        watched.mark_changed();
    }
    let events = futures::StreamExt::take_until(hints(watched), over(parts.stop));
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response()
}

#[expect(clippy::disallowed_methods, reason = "a connection lasts for real time")]
async fn over(stop: CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(LONGEST) => {}
    }
}

/// A stamp as it travels.
pub(super) fn hint(stamp: Stamp) -> String {
    format!("{},{}", stamp.people, stamp.traffic)
}

/// One event for each change that is seen.
fn hints(watched: watch::Receiver<Stamp>) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(watched, |mut watched| async move {
        watched.changed().await.ok()?;
        let stamp = *watched.borrow_and_update();
        let event = Event::default().retry(COME_BACK).data(hint(stamp));
        Some((Ok(event), watched))
    })
}
