//! Webhooks: whom to tell, what to say, the signature, and one attempt at a time.
//! Shapes and rules: Lever's documentation, Webhooks.

use std::net::IpAddr;
use std::time::Duration;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::Sha256;

use super::api::error::ApiError;
use super::model::Model;
use crate::ids;

/// Every event Lever can send.
pub const EVENTS: [&str; 10] = [
    "applicationCreated",
    "candidateStageChange",
    "candidateArchiveChange",
    "candidateHired",
    "candidateDeleted",
    "interviewCreated",
    "interviewUpdated",
    "interviewDeleted",
    "contactCreated",
    "contactUpdated",
];

/// Where a candidacy can come from; a webhook may be limited to some.
pub(super) const ORIGINS: [&str; 6] = ["applied", "sourced", "referred", "university", "internal", "agency"];

const CONDITIONAL: [&str; 4] =
    ["applicationCreated", "candidateStageChange", "candidateArchiveChange", "candidateHired"];

/// The documentation names no limit; a receiver should answer within two or three seconds.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A subscription.
#[derive(Clone, Debug)]
pub(super) struct Webhook {
    pub id: String,
    pub event: String,
    pub url: String,
    pub origins: Vec<String>,
    /// Made in the user interface: the API lists it and cannot change it.
    pub ui: bool,
    pub token: String,
    pub created_at: i64,
    pub updated_at: i64,
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum HookState {
    /// Waits for its first or next attempt.
    Queued,
    /// Answered with 2xx.
    Delivered,
    /// Given up after the last attempt.
    Failed,
    /// Never sent, by a fault switch or by the test.
    Lost,
}

/// One request to one address, with all its attempts.
#[derive(Clone, Debug, Serialize)]
pub struct HookDelivery {
    /// The subscription.
    pub webhook: String,
    /// Where it goes.
    pub url: String,
    /// The event's name.
    pub event: String,
    /// The whole body as sent.
    pub body: Value,
    /// Attempts made.
    pub attempts: usize,
    /// The last status received.
    pub status: Option<u16>,
    /// Why the last attempt got no status.
    pub error: Option<String>,
    /// Where it stands.
    pub state: HookState,
    /// Not before, milliseconds since the epoch.
    pub next_at: i64,
    /// The signing key at the time of queueing.
    #[serde(skip)]
    pub(super) key: String,
}

/// `hex(HMAC-SHA256(key, token + triggeredAt))`. The key is the text of the token itself, not its bytes decoded.
pub fn signature(key: &str, token: &str, triggered_at: i64) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(token.as_bytes());
    mac.update(triggered_at.to_string().as_bytes());
    ids::hex(&mac.finalize().into_bytes())
}

/// Lever takes HTTPS only; the sandbox also takes plain HTTP to this machine.
pub(super) fn check_url(url: &str) -> Result<(), ApiError> {
    let parsed = reqwest::Url::parse(url).map_err(|_| ApiError::bad("url is not valid"))?;
    let host = parsed.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let local = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    match parsed.scheme() {
        "https" => Ok(()),
        "http" if local => Ok(()),
        _ => Err(ApiError::bad("url must use https")),
    }
}

impl Model {
    /// Queues an event about an opportunity that is still there.
    pub fn emit_for(&mut self, event: &str, opportunity: &str, data: &Value, now: i64) {
        let origin = self.opportunities.get(opportunity).map(|o| o.origin.clone());
        self.emit(event, origin.as_deref(), data, now);
    }

    /// Queues an event for every webhook that wants it.
    pub fn emit(&mut self, event: &str, origin: Option<&str>, data: &Value, now: i64) {
        if self.faults.silent_events.iter().any(|e| e == event) {
            return;
        }
        let by_origin = CONDITIONAL.contains(&event);
        let wants = |w: &&Webhook| {
            w.event == event && (!by_origin || origin.is_none_or(|o| w.origins.iter().any(|have| have == o)))
        };
        let hooks: Vec<Webhook> = self.webhooks.iter().filter(wants).cloned().collect();
        for hook in hooks {
            let delivery = self.delivery(&hook, event, data, now);
            if self.faults.lose_hooks {
                self.sent.push(HookDelivery { state: HookState::Lost, ..delivery });
                continue;
            }
            if self.faults.duplicate_hooks {
                self.queue.push(delivery.clone());
            }
            self.queue.push(delivery);
        }
    }

    pub fn delivery(&mut self, hook: &Webhook, event: &str, data: &Value, now: i64) -> HookDelivery {
        let mut delivery = HookDelivery {
            webhook: hook.id.clone(),
            url: hook.url.clone(),
            event: event.to_owned(),
            body: json!({"id": self.ids.fresh(), "event": event, "data": data}),
            attempts: 0,
            status: None,
            error: None,
            state: HookState::Queued,
            next_at: now,
            key: hook.token.clone(),
        };
        self.sign(&mut delivery, now);
        delivery
    }

    fn sign(&mut self, delivery: &mut HookDelivery, now: i64) {
        let token = self.ids.fresh_secret();
        let key = if self.faults.bad_signature { "not the key" } else { delivery.key.as_str() };
        delivery.body["signature"] = json!(signature(key, &token, now));
        delivery.body["token"] = json!(token);
        delivery.body["triggeredAt"] = json!(now);
    }

    /// Takes what is due out of the queue; everything if `now` is none.
    pub fn take_due(&mut self, now: Option<i64>) -> Vec<HookDelivery> {
        let (mut due, rest): (Vec<_>, Vec<_>) =
            self.queue.drain(..).partition(|d| now.is_none_or(|now| d.next_at <= now));
        self.queue = rest;
        if self.faults.reorder_hooks {
            due.reverse();
        }
        due
    }

    /// Files one attempt. A failed delivery waits for its next gap or is given up; whether it was a success.
    pub fn settle(
        &mut self,
        mut delivery: HookDelivery,
        outcome: Result<u16, String>,
        gaps: &[Duration],
        now: i64,
    ) -> bool {
        delivery.attempts += 1;
        (delivery.status, delivery.error) = match outcome {
            Ok(status) => (Some(status), None),
            Err(error) => (None, Some(error)),
        };
        let delivered = delivery.status.is_some_and(|s| (200..300).contains(&s));
        if delivered {
            delivery.state = HookState::Delivered;
            self.sent.push(delivery);
        } else if let Some(gap) = gaps.get(delivery.attempts - 1) {
            delivery.next_at = now + i64::try_from(gap.as_millis()).unwrap_or(i64::MAX / 2);
            if self.faults.renew_on_retry {
                self.sign(&mut delivery, now);
            }
            self.queue.push(delivery);
        } else {
            delivery.state = HookState::Failed;
            self.sent.push(delivery);
        }
        delivered
    }

    /// Subscribes to everything as the user interface does, signed with the account's own token. No address: none.
    pub fn set_ui_hook(&mut self, url: &str, now: i64) -> Result<(), ApiError> {
        if !url.is_empty() {
            check_url(url)?;
        }
        self.webhooks.retain(|w| !w.ui);
        for event in EVENTS.iter().filter(|_| !url.is_empty()) {
            let hook = Webhook {
                id: self.ids.fresh(),
                event: (*event).to_owned(),
                url: url.to_owned(),
                origins: ORIGINS.map(str::to_owned).to_vec(),
                ui: true,
                token: self.webhook_token.clone(),
                created_at: now,
                updated_at: now,
            };
            self.webhooks.push(hook);
        }
        Ok(())
    }
}

/// The sender's client: no redirects, ten seconds.
#[expect(clippy::disallowed_methods, reason = "the sandbox's sender is Lever, not this product's own client")]
pub(super) fn client() -> std::io::Result<reqwest::Client> {
    // Fails only where a provider is already in place.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .user_agent("Lever-Webhooks")
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .timeout(TIMEOUT)
        .build()
        .map_err(std::io::Error::other)
}

/// One attempt.
pub(super) async fn send(client: &reqwest::Client, delivery: &HookDelivery) -> Result<u16, String> {
    let answer = client.post(&delivery.url).json(&delivery.body).send().await;
    answer.map(|a| a.status().as_u16()).map_err(|e| e.without_url().to_string())
}
