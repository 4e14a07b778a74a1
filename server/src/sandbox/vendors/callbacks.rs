//! The completed-test callback: `PATCH` to the address of the send, with the same key and no body.

use std::sync::Arc;
use std::time::Duration;

use domain::Timestamp;
use serde::Serialize;

use super::Shared;

/// A callback that failed is tried so often again.
const RETRIES: u32 = 3;

/// A callback that waits to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Callback {
    /// The instance it is about.
    pub partner_interview_id: String,
    /// Where it goes.
    pub url: String,
    /// How often it failed.
    pub failures: u32,
    /// The automatic sender waits until then.
    #[serde(skip)]
    pub not_before: Timestamp,
}

impl Callback {
    pub(super) fn new(id: &str, url: &str, now: Timestamp) -> Self {
        Self { partner_interview_id: id.into(), url: url.into(), failures: 0, not_before: now }
    }
}

/// Sends what waits; only what is due if `now` is given. Failures wait again, four attempts in all. How many were
/// answered with success.
pub(super) async fn deliver(shared: &Arc<Shared>, now: Option<Timestamp>) -> usize {
    let ready: Vec<Callback> = {
        let mut model = shared.lock();
        model.queue.extract_if(.., |c| now.is_none_or(|now| c.not_before <= now)).collect()
    };
    let sends = ready.into_iter().map(|callback| async move {
        let delivered = patch(shared, &callback).await;
        if !delivered && callback.failures < RETRIES {
            let failures = callback.failures + 1;
            let not_before = shared.now().plus(Duration::from_secs(1 << failures));
            shared.lock().queue.push(Callback { failures, not_before, ..callback });
        }
        delivered
    });
    futures::future::join_all(sends).await.into_iter().filter(|delivered| *delivered).count()
}

async fn patch(shared: &Arc<Shared>, callback: &Callback) -> bool {
    let number = {
        let now = shared.now();
        shared.lock().called(now, "out", "PATCH", &callback.url, String::new())
    };
    let sent = shared.http.patch(&callback.url).basic_auth(&shared.keys.greenhouse, Some("")).send().await;
    let (delivered, answer) = match sent {
        Ok(response) => (response.status().is_success(), response.status().as_u16().to_string()),
        Err(error) => (false, error.to_string()),
    };
    shared.lock().answered(number, answer);
    delivered
}
