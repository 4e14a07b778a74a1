//! The evergreen report address that stands in Lever.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::activity::{Activity, Event};
use domain::job::Effect;
use domain::ports::store::StoreError;

use crate::ids;
use crate::jobs::Context;

/// `/reports/{token}`.
pub fn router(cx: Context) -> Router {
    Router::new().route("/reports/{token}", get(report)).with_state(cx)
}

/// Records the view and leads to the vendor's report.
async fn report(State(cx): State<Context>, Path(token): Path<String>) -> Response {
    let order = match cx.store.order_by_report(&token).await {
        Ok(order) => order,
        Err(StoreError::NotFound(_)) => return (StatusCode::NOT_FOUND, "There is no such report.\n").into_response(),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "a report could not be looked up");
            return (StatusCode::SERVICE_UNAVAILABLE, "The report cannot be opened now; try again.\n").into_response();
        }
    };
    let public = cx
        .directory
        .by_id(order.organization)
        .and_then(|c| Some(c.vendor(&order.vendor)?.1.capabilities().public_report))
        .unwrap_or(false);
    let location = order.report_url.as_deref().and_then(|url| HeaderValue::from_str(url).ok());
    let Some(location) = location.filter(|_| public) else {
        let sentence = "This report cannot be opened from here: look it up at the vendor.\n";
        return (StatusCode::NOT_FOUND, sentence).into_response();
    };
    let view = Activity {
        id: ids::row(),
        organization: order.organization,
        opportunity: order.opportunity.clone(),
        order: Some(order.id),
        at: cx.clock.now(),
        event: Event::ReportViewed,
    };
    // The view is worth recording and not worth refusing the report for.
    if let Err(error) = cx.store.commit(vec![Effect::Record(view)]).await {
        tracing::error!(error = &error as &dyn std::error::Error, "a report view could not be recorded");
    }
    let headers = [
        (header::LOCATION, location),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    (StatusCode::SEE_OTHER, headers).into_response()
}
