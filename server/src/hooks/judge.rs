//! What a body that came to a hook is: a pure decision, made before anything is stored.

use std::time::Duration;

use axum::http::StatusCode;
use domain::Timestamp;
use domain::ports::store::DeliveryStatus;

use crate::connections::Connection;
use crate::lever::{self, Delivery, Kind, ParseError};

/// The largest body taken, in bytes.
pub const MAX_BODY: usize = 256 * 1024;

/// Lever repeats a failed delivery five times over some hours; its own history goes back two weeks. What is older than this
/// is more likely a replay than a delay.
const OLDEST: Duration = Duration::from_secs(7 * 86_400);

/// A sender's clock may be ahead of ours by this much.
const AHEAD: Duration = Duration::from_secs(86_400);

/// What to store, what to do and what to answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// As stored.
    pub status: DeliveryStatus,
    /// For people.
    pub reason: Option<String>,
    /// The event's name.
    pub event: String,
    /// Lever's token; `None` for what is refused: an unsigned token proves nothing and must not block a signed one.
    pub token: Option<String>,
    /// The opportunity it names.
    pub opportunity: Option<String>,
    /// The opportunity to read again.
    pub follow: Option<String>,
    /// The answer, if it is not "stored".
    pub refusal: Option<(StatusCode, &'static str)>,
}

impl Verdict {
    fn refused(event: &str, opportunity: Option<String>, status: StatusCode, answer: &'static str, why: &str) -> Self {
        Self {
            status: DeliveryStatus::Refused,
            reason: Some(why.to_owned()),
            event: event.chars().take(100).collect(),
            token: None,
            opportunity,
            follow: None,
            refusal: Some((status, answer)),
        }
    }

    /// The body was longer than [`MAX_BODY`].
    pub fn too_large() -> Self {
        let why = "The body is larger than 256 KiB. Lever's own deliveries are some hundred bytes: look who sent it.";
        Self::refused("", None, StatusCode::PAYLOAD_TOO_LARGE, "larger than 256 KiB", why)
    }

    fn taken(delivery: Delivery, status: DeliveryStatus, reason: Option<String>) -> Self {
        Self {
            status,
            reason,
            event: delivery.event.chars().take(100).collect(),
            token: delivery.token,
            opportunity: delivery.data.opportunity,
            follow: None,
            refusal: None,
        }
    }
}

/// Judges a body. The signature covers token and time only (Lever's documentation, "Webhooks"), so the rest is a hint.
pub fn judge(connection: &Connection, body: &[u8], now: Timestamp) -> Verdict {
    let delivery = match Delivery::parse(body) {
        Ok(delivery) => delivery,
        Err(ParseError::NotJson) => {
            return Verdict::refused("", None, StatusCode::BAD_REQUEST, "not JSON", "The body is not JSON.");
        }
        Err(ParseError::NotAnObject) => {
            let why = "The body is JSON, but not an object, and so not signed.";
            return Verdict::refused("", None, StatusCode::UNAUTHORIZED, "not signed", why);
        }
    };
    if let Err(why) = authentic(connection, &delivery, now) {
        let opportunity = delivery.data.opportunity.clone();
        return Verdict::refused(&delivery.event, opportunity, StatusCode::UNAUTHORIZED, "signature refused", why);
    }
    sort(connection, delivery)
}

fn authentic(connection: &Connection, delivery: &Delivery, now: Timestamp) -> Result<(), &'static str> {
    let (Some(token), Some(signature)) = (&delivery.token, &delivery.signature) else {
        return Err("It is not signed. Set the signature token of this webhook in Lever and store the same one here.");
    };
    if !lever::verify(&connection.webhook_tokens, token, &delivery.triggered_at_raw, signature) {
        return Err(
            "The signature fits none of the stored tokens. Copy the webhook's signature token from Lever again.",
        );
    }
    if now.since(delivery.triggered_at) > OLDEST || delivery.triggered_at.since(now) > AHEAD {
        return Err("It is signed, but older than seven days or from the future: probably a replay.");
    }
    Ok(())
}

/// Authentic: what follows from it.
fn sort(connection: &Connection, delivery: Delivery) -> Verdict {
    let done = |delivery, why: &str| Verdict::taken(delivery, DeliveryStatus::Done, Some(why.to_owned()));
    if delivery.data.is_empty {
        return Verdict::taken(delivery, DeliveryStatus::Verified, Some("Lever verified the connection.".to_owned()));
    }
    let opportunity = delivery.data.opportunity.clone();
    match (delivery.kind(), opportunity) {
        (Kind::StageChange, Some(id)) => {
            let stages = connection.organization.rules.triggers.iter();
            // A hint is enough to leave Lever alone: were it wrong, the sweep would find the candidate.
            if delivery.data.to_stage.as_ref().is_some_and(|to| !stages.clone().any(|t| t.stage.id == *to)) {
                return done(delivery, "The stage is not a trigger stage.");
            }
            Verdict { follow: Some(id), ..Verdict::taken(delivery, DeliveryStatus::Stored, None) }
        }
        // An application may begin in a trigger stage.
        (Kind::ApplicationCreated, Some(id)) => {
            Verdict { follow: Some(id), ..Verdict::taken(delivery, DeliveryStatus::Stored, None) }
        }
        (Kind::ArchiveChange | Kind::Hired | Kind::Deleted, Some(_)) => {
            done(delivery, "Noted: Lever is read again before anything is sent.")
        }
        (Kind::Unused, _) => done(delivery, "Nothing in Assay depends on this event."),
        (Kind::Unknown, _) => {
            let why = "The event is not one of Lever's documentation.".to_owned();
            Verdict::taken(delivery, DeliveryStatus::NotUnderstood, Some(why))
        }
        (_, None) => {
            let why = "It names no opportunity.".to_owned();
            Verdict::taken(delivery, DeliveryStatus::NotUnderstood, Some(why))
        }
    }
}
