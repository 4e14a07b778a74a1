//! The client of Greenhouse's assessment partner API, the vendor being the server. The contract has no key that would make
//! a repeated send harmless: nothing is repeated here.

mod wire;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::invitation::Test;
use domain::ports::vendor::{AssessmentClient, Capabilities, Invitation, Status};
use domain::{Clock, RemoteError};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use crate::remote::{Answer, Budget, Call, Http, Limits, Method, Url, check_url};
use wire::{ResponseError, SendTest, Sent};

/// Longest key the contract allows.
const LONGEST_KEY: usize = 170;

/// Checks a key before it is stored (Greenhouse's documentation, Assessment Partner API: fewer than 171 characters).
///
/// # Errors
/// A sentence that does not repeat the key.
pub fn check_api_key(key: &SecretString) -> Result<(), String> {
    let key = key.expose_secret();
    match key.chars().count() {
        0 => Err("the key is empty".to_owned()),
        n if n > LONGEST_KEY => Err(format!("the key has {n} characters; the contract allows at most {LONGEST_KEY}")),
        // It is the user name of HTTP Basic, which ends at the first colon.
        _ if key.contains(':') || key.chars().any(char::is_control) => {
            Err("the key contains a colon or a control character".to_owned())
        }
        _ => Ok(()),
    }
}

/// The four addresses of a vendor. The contract promises neither a common base nor these names.
#[derive(Clone, Debug)]
pub struct Urls {
    list_tests: Url,
    send_test: Url,
    test_status: Url,
    response_error: Url,
}

impl Urls {
    /// From list_tests, send_test, test_status and response_error.
    ///
    /// # Errors
    /// A sentence that names the address.
    pub fn parse(urls: [&str; 4], allow_private: bool) -> Result<Self, String> {
        let names = ["list_tests_url", "send_test_url", "test_status_url", "response_error_url"];
        let mut parsed = Vec::with_capacity(4);
        for (name, url) in names.into_iter().zip(urls) {
            check_url(url, allow_private).map_err(|why| format!("{name} {why}"))?;
            parsed.push(Url::parse(url).map_err(|e| format!("{name} is not an address: {e}"))?);
        }
        let [list_tests, send_test, test_status, response_error] =
            <[Url; 4]>::try_from(parsed).expect("four names, four addresses");
        Ok(Self { list_tests, send_test, test_status, response_error })
    }
}

/// One vendor that speaks the contract.
pub struct GreenhouseClient {
    http: Http,
    urls: Urls,
    api_key: SecretString,
    sends: Budget,
    clock: Arc<dyn Clock>,
    limits: Limits,
}

impl std::fmt::Debug for GreenhouseClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "GreenhouseClient({}, {:?})", self.urls.send_test.host_str().unwrap_or_default(), self.sends)
    }
}

impl GreenhouseClient {
    /// `sends` limits invitations only.
    pub const fn new(http: Http, urls: Urls, api_key: SecretString, sends: Budget, clock: Arc<dyn Clock>) -> Self {
        Self { http, urls, api_key, sends, clock, limits: Limits::VENDOR }
    }

    /// Other time limits.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    async fn read(&self, url: Url) -> Result<Value, RemoteError> {
        let call = Call::new(Method::GET, url, self.limits).key(&self.api_key);
        let answer = self.http.send(call).await.map_err(crate::remote::Failure::of_read)?;
        if answer.is_success() { answer.parse() } else { Err(answer.refusal_of_read(self.clock.now(), "")) }
    }

    /// Tells the vendor what was wrong with an answer, as the contract asks. Nobody waits for it: its own failure changes
    /// nothing.
    async fn complain(&self, complaint: ResponseError<'_>) {
        let limits = Limits { total: self.limits.total.min(Duration::from_secs(5)), ..self.limits };
        let call =
            Call::new(Method::POST, self.urls.response_error.clone(), limits).key(&self.api_key).json(&complaint);
        match self.http.send(call).await {
            Ok(answer) if answer.is_success() => {}
            Ok(answer) => tracing::debug!(status = answer.status, "the vendor did not take a complaint"),
            Err(failure) => tracing::debug!(?failure, "the vendor could not be told of a complaint"),
        }
    }

    async fn complain_of_send(&self, invitation: &Invitation, what: &str) {
        let complaint = ResponseError {
            api_call: "send_test",
            errors: vec![what.to_owned()],
            partner_test_id: Some(&invitation.test),
            partner_interview_id: None,
            candidate_email: Some(invitation.email.reveal()),
        };
        self.complain(complaint).await;
    }

    fn refusal(&self, answer: &Answer, invitation: &Invitation) -> RemoteError {
        if answer.status == 400 && wire::mentions_url(&answer.body) {
            let url = Url::parse(&invitation.callback_url).ok();
            let host = url.as_ref().and_then(Url::host_str).unwrap_or("our host");
            return RemoteError::Rejected(format!(
                "the vendor does not accept our callback address; ask it to allow the host {host} in the field \"url\""
            ));
        }
        answer.refusal_of_write(self.clock.now(), "")
    }
}

#[async_trait]
impl AssessmentClient for GreenhouseClient {
    fn capabilities(&self) -> Capabilities {
        Capabilities { idempotent_send: false, calls_back: true, public_report: true }
    }

    async fn tests(&self) -> Result<Vec<Test>, RemoteError> {
        let complaint = |errors| ResponseError {
            api_call: "list_tests",
            errors,
            partner_test_id: None,
            partner_interview_id: None,
            candidate_email: None,
        };
        match self.read(self.urls.list_tests.clone()).await {
            Ok(answer) => match wire::tests(&answer) {
                Ok(tests) => Ok(tests),
                Err(errors) => {
                    let why = format!("the list of tests: {}", errors.join("; "));
                    self.complain(complaint(errors)).await;
                    Err(RemoteError::Unreadable(why))
                }
            },
            Err(RemoteError::Unreadable(why)) => {
                self.complain(complaint(vec![why.clone()])).await;
                Err(RemoteError::Unreadable(why))
            }
            Err(error) => Err(error),
        }
    }

    async fn take_turn(&self) -> Result<(), RemoteError> {
        self.sends.wait().await
    }

    async fn invite(&self, invitation: &Invitation) -> Result<String, RemoteError> {
        let call = Call::new(Method::POST, self.urls.send_test.clone(), self.limits);
        let call = call.key(&self.api_key).json(&SendTest::new(invitation)).once();
        let answer = self.http.send(call).await.map_err(crate::remote::Failure::of_write)?;
        if !answer.is_success() {
            let error = self.refusal(&answer, invitation);
            if let RemoteError::RateLimited { retry_after } = &error {
                self.sends.hold_back(*retry_after).await;
            }
            return Err(error);
        }
        // No JSON at all is as unclear as JSON that says nothing.
        match wire::sent(&answer.parse().unwrap_or_default()) {
            Sent::Yes(id) => Ok(id),
            Sent::No => {
                self.complain_of_send(invitation, "partner_interview_id is null or empty").await;
                Err(RemoteError::Rejected("the vendor gave no partner_interview_id: the test was not sent".to_owned()))
            }
            Sent::Unclear => {
                self.complain_of_send(invitation, "partner_interview_id is missing").await;
                Err(RemoteError::Unknown(format!("answered {} without partner_interview_id", answer.status)))
            }
        }
    }

    async fn status(&self, vendor_ref: &str) -> Result<Status, RemoteError> {
        let complaint = |errors| ResponseError {
            api_call: "test_status",
            errors,
            partner_test_id: None,
            partner_interview_id: Some(vendor_ref),
            candidate_email: None,
        };
        let mut url = self.urls.test_status.clone();
        url.query_pairs_mut().append_pair("partner_interview_id", vendor_ref);
        let read = match self.read(url).await {
            Ok(body) => wire::status(&body, self.http.allows_private()),
            Err(RemoteError::Unreadable(why)) => Err(why),
            Err(error) => return Err(error),
        };
        match read {
            Ok(status) => {
                if !status.complaints.is_empty() {
                    self.complain(complaint(status.complaints.clone())).await;
                }
                Ok(status)
            }
            Err(why) => {
                self.complain(complaint(vec![why.clone()])).await;
                Err(RemoteError::Unreadable(why))
            }
        }
    }
}

#[cfg(test)]
mod tests;
