//! The evergreen report address that stands in Lever.

use app::access::Viewer;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Extension, Router};
use domain::activity::{Activity, Event};
use domain::job::Effect;
use domain::order::Order;
use domain::ports::store::StoreError;
use domain::role::Right;

use super::sign_in;
use crate::connections::Connection;
use crate::ids;
use crate::jobs::Context;

/// `/reports/{token}`. Expects `Option<Viewer>` as an extension.
pub fn router(cx: Context) -> Router {
    Router::new().route("/reports/{token}", get(report)).with_state(cx)
}

/// Records the view and leads to the vendor's report. A report that anyone may open is led to at once; for one whose address
/// expires or shows personal data, a fresh address is fetched for someone of the organization.
async fn report(
    State(cx): State<Context>,
    Extension(viewer): Extension<Option<Viewer>>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Response {
    let sentence = |status, text| sentence(status, text, &headers);
    let order = match cx.store.order_by_report(&token).await {
        Ok(order) => order,
        Err(StoreError::NotFound(_)) => return sentence(StatusCode::NOT_FOUND, "There is no such report."),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "a report could not be looked up");
            return sentence(StatusCode::SERVICE_UNAVAILABLE, "The report cannot be opened now; try again.");
        }
    };
    let Some(kept) = order.report_url.clone() else {
        return sentence(StatusCode::NOT_FOUND, "The vendor gave no report: look it up there.");
    };
    if !kept.is_empty() {
        return lead_to(&cx, &order, &kept, &headers).await;
    }
    let Some(connection) = cx.directory.by_id(order.organization) else {
        return sentence(StatusCode::SERVICE_UNAVAILABLE, "The report cannot be opened now; try again.");
    };
    match viewer {
        None => Redirect::to(&app::address::sign_in(&format!("/reports/{token}"))).into_response(),
        Some(viewer) if may_see(&viewer, &connection) => fresh(&cx, &connection, &order, &headers).await,
        Some(_) => sentence(StatusCode::NOT_FOUND, "There is no such report."),
    }
}

fn may_see(viewer: &Viewer, connection: &Connection) -> bool {
    viewer.role.may(Right::WorkWithCandidates)
        && viewer.organization.as_deref() == Some(connection.organization.rules.slug.as_str())
}

async fn fresh(cx: &Context, connection: &Connection, order: &Order, headers: &HeaderMap) -> Response {
    let sentence = |status, text| sentence(status, text, headers);
    let (Some((_, client)), Some(vendor_ref)) = (connection.vendor(&order.vendor), &order.vendor_ref) else {
        return sentence(StatusCode::NOT_FOUND, "The vendor is no longer connected: look the report up there.");
    };
    match client.status(vendor_ref).await {
        Ok(status) => match status.report_url {
            Some(url) => lead_to(cx, order, &url, headers).await,
            None => sentence(StatusCode::NOT_FOUND, "The vendor has no report of this test any more."),
        },
        Err(error) => {
            tracing::warn!(vendor.id = order.vendor, %error, "a report's address could not be fetched");
            sentence(StatusCode::BAD_GATEWAY, "The vendor does not answer; try again later.")
        }
    }
}

async fn lead_to(cx: &Context, order: &Order, url: &str, headers: &HeaderMap) -> Response {
    let Ok(location) = HeaderValue::from_str(url) else {
        let text = "The vendor's report address cannot be opened: look it up there.";
        return sentence(StatusCode::NOT_FOUND, text, headers);
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

/// People come here from Lever, outside of the application: a document that says what is so.
fn sentence(status: StatusCode, text: &'static str, headers: &HeaderMap) -> Response {
    let title = if status == StatusCode::NOT_FOUND { "No report" } else { "Not now" };
    let mut answer = sign_in::message(status, title, text, headers);
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
