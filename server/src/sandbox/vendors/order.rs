//! What a Mercury order looks like, its factors, and its report behind a link that expires.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use domain::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::model::{Contract, Invitation, InvitationState, Model};
use super::{Shared, keys};
use crate::sandbox::page;

/// A presigned report link works for so long.
pub const REPORT_LINK_LIFE: Duration = Duration::from_secs(15 * 60);

const REPORT_KINDS: [&str; 2] = ["recruiter-report", "development-report"];

/// The order as the API shows it at `now`.
pub(super) fn order_body(model: &Model, invitation: &Invitation, now: Timestamp) -> Value {
    let id = &invitation.partner_interview_id;
    let order = invitation.order.clone().unwrap_or_default();
    let kind = model.assessments.iter().find(|a| a.id == invitation.test_id).map_or("games", |a| a.kind);
    let mut body = json!({
        "id": id,
        "invite_link": model.test_link(id),
        "status": status(invitation, order.fulfilled),
        "create_date": invitation.created_at.to_string(),
        "candidate": {
            "email": invitation.email,
            "first_name": invitation.first_name,
            "last_name": invitation.last_name,
            "external_id": order.external_id,
        },
        "assessment_id": invitation.test_id,
        "assessment": {"id": invitation.test_id, "type": kind, "description": invitation.test_name},
        "application_id": order.application_id,
        "ats_type": "mercury_api",
        "requisition_id": order.requisition_id,
        "requisition_title": order.requisition_title,
        "metadata": order.metadata,
        "candidate_redirect_url": order.redirect_url,
    });
    if invitation.state == InvitationState::Complete {
        body["results"] = json!([result(invitation)]);
    }
    if order.report {
        body["recruiter_report"] = json!(report_link(model, id, REPORT_KINDS[0], now));
        body["reports"] = REPORT_KINDS.iter().map(|kind| report(model, invitation, kind, now)).collect();
    }
    body
}

fn status(invitation: &Invitation, fulfilled: bool) -> &'static str {
    match invitation.state {
        InvitationState::Invited => "Not Started",
        InvitationState::Started => "In Progress",
        InvitationState::Complete if fulfilled => "Fulfilled",
        InvitationState::Complete => "Completed",
        InvitationState::Declined => "Rejected",
        InvitationState::Expired => "Expired",
    }
}

/// Score and band are left out, not `null`, when there is none.
fn result(invitation: &Invitation) -> Value {
    let mut result = json!({
        "assessment": invitation.test_name,
        "create_date": invitation.completed_at.map(|t| t.to_string()),
    });
    if let Some(score) = invitation.score {
        result["score"] = json!(score);
    }
    if let Some(band) = &invitation.band {
        result["band"] = json!(band);
    }
    result
}

fn report(model: &Model, invitation: &Invitation, kind: &str, now: Timestamp) -> Value {
    let created = invitation.completed_at.map(|t| t.to_string());
    json!({
        "report_type": kind,
        "download_url": report_link(model, &invitation.partner_interview_id, kind, now),
        "create_date": created,
        "modify_date": created,
    })
}

fn report_link(model: &Model, id: &str, kind: &str, now: Timestamp) -> String {
    let expires = now.plus(REPORT_LINK_LIFE).as_millis() / 1_000;
    let signature = signature(&model.seed, id, kind, expires);
    format!("{}/mercury/reports/{id}/{kind}?expires={expires}&signature={signature}", model.origin)
}

fn signature(seed: &str, id: &str, kind: &str, expires: i64) -> String {
    keys::digest(seed, &format!("report {id} {kind} {expires}"))
}

/// The factors behind a score; `None` without one.
pub(super) fn factors(seed: &str, invitation: &Invitation) -> Option<Value> {
    let score = invitation.score.filter(|_| invitation.state == InvitationState::Complete)?;
    let direction = if score >= 50.0 { "high" } else { "low" };
    let factor = |name: &str, quadrant: &str, low: &str, high: &str| {
        json!({
            "name": name,
            "definition": format!("How a person tends to act between {low} and {high}."),
            "quadrant": quadrant,
            "high_label": high,
            "low_label": low,
            "model_directions": [{"assessment": invitation.test_name, "direction": direction}],
        })
    };
    let status = status(invitation, invitation.order.as_ref().is_some_and(|o| o.fulfilled));
    Some(json!({
        "order": {
            "id": invitation.partner_interview_id,
            "status": status,
            "assessment_id": invitation.test_id,
            "implementation_id": keys::uuid(seed, "implementation"),
        },
        "factors": [
            factor("Attention", "thinking", "Methodical", "Multi-tasking"),
            factor("Effort", "working", "Outcome-driven", "Hard-working"),
            factor("Risk tolerance", "deciding", "Cautious", "Adventurous"),
        ],
    }))
}

/// The query of a presigned link.
#[derive(Debug, Deserialize)]
pub(super) struct Signed {
    #[serde(default)]
    expires: i64,
    #[serde(default)]
    signature: String,
}

/// The report behind a presigned link: 403 once it has expired or was changed.
pub(super) async fn download(
    State(shared): State<Arc<Shared>>,
    Path((id, kind)): Path<(String, String)>,
    Query(signed): Query<Signed>,
) -> Result<Html<String>, Response> {
    let now = shared.now().as_millis() / 1_000;
    if signed.signature != signature(&shared.seed, &id, &kind, signed.expires) || signed.expires < now {
        return Err((StatusCode::FORBIDDEN, "Request has expired").into_response());
    }
    let model = shared.lock();
    let Some(invitation) = model.find(&id).filter(|i| i.contract == Contract::Mercury) else {
        return Err(StatusCode::NOT_FOUND.into_response());
    };
    let score = invitation.score.map_or_else(|| "no score".to_owned(), |s| s.to_string());
    let body = format!(
        "<p>{} {}, {}: {score}{}</p>",
        page::escape(&invitation.first_name),
        page::escape(&invitation.last_name),
        page::escape(&invitation.test_name),
        invitation.band.as_ref().map(|b| format!(", band {}", page::escape(b))).unwrap_or_default(),
    );
    Ok(page::layout(if kind == REPORT_KINDS[0] { "Report for recruiters" } else { "Report" }, &[], &body))
}
