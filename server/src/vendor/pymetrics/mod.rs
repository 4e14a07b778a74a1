//! The client of Pymetrics' "Mercury" API v2. It never calls back, and the same order twice is one order.

mod token;
mod wire;

use std::sync::Arc;

use async_trait::async_trait;
use domain::invitation::Test;
use domain::order::OrderState;
use domain::ports::vendor::{AssessmentClient, Capabilities, Invitation, Status};
use domain::{Clock, RemoteError};

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use crate::remote::{Answer, Budget, Call, HeaderName, Http, Limits, Method, Url, check_url};
use token::{Cache, Granted, Token};
use wire::{Grant, NewOrder, Trouble};

/// The three secrets of a Mercury client.
#[derive(Debug)]
pub struct Credentials {
    /// OAuth client.
    pub client_id: SecretString,
    /// OAuth secret.
    pub client_secret: SecretString,
    /// `X-Api-Key`, sent with every call but that for a token.
    pub api_key: SecretString,
}

/// One Pymetrics account.
pub struct PymetricsClient {
    http: Http,
    base: Url,
    credentials: Credentials,
    send_email: bool,
    sends: Budget,
    clock: Arc<dyn Clock>,
    limits: Limits,
    token: Cache,
}

impl std::fmt::Debug for PymetricsClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PymetricsClient({}, {:?})", self.base.host_str().unwrap_or_default(), self.sends)
    }
}

impl PymetricsClient {
    /// `base_url` is the host without the path; `sends` limits orders only.
    ///
    /// # Errors
    /// A sentence, if the address is none that may be called.
    pub fn new(
        http: Http,
        base_url: &str,
        credentials: Credentials,
        send_email: bool,
        sends: Budget,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, String> {
        check_url(base_url, http.allows_private()).map_err(|why| format!("base_url {why}"))?;
        let base = Url::parse(base_url).map_err(|e| format!("base_url is not an address: {e}"))?;
        let (limits, token) = (Limits::VENDOR, Cache::default());
        Ok(Self { http, base, credentials, send_email, sends, clock, limits, token })
    }

    /// Other time limits.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    fn url(&self, segments: &[&str]) -> Result<Url, RemoteError> {
        if segments.iter().any(|s| matches!(*s, "" | "." | "..")) {
            return Err(RemoteError::NotFound("no id".to_owned()));
        }
        let mut url = self.base.clone();
        let mut path = url.path_segments_mut().expect("an http address has a path");
        path.pop_if_empty().extend(["mercury", "v2"]).extend(segments);
        drop(path);
        Ok(url)
    }

    async fn token(&self) -> Result<Token, RemoteError> {
        let mut kept = self.token.0.lock().await;
        if let Some(token) = kept.as_ref().filter(|t| self.clock.now() < t.until) {
            return Ok(token.clone());
        }
        let grant = Grant {
            client_id: self.credentials.client_id.expose_secret(),
            client_secret: self.credentials.client_secret.expose_secret(),
            grant_type: "client_credentials",
        };
        let call = Call::new(Method::POST, self.url(&["oauth", "token"])?, self.limits).json(&grant);
        // A token more is no effect: what can be said of a read can be said of this call.
        let answer = self.http.send(call).await.map_err(crate::remote::Failure::of_read)?;
        if !answer.is_success() {
            return Err(match answer.status {
                400 => RemoteError::Unauthorized("the token call answered 400".to_owned()),
                _ => self.refusal_of_read(&answer),
            });
        }
        let token = answer.parse::<Granted>()?.at(self.clock.now());
        *kept = Some(token.clone());
        Ok(token)
    }

    /// Calls with a token; if it is refused, once more with a new one. A refused call has not happened.
    async fn call(&self, call: impl Fn() -> Call) -> Result<Result<Answer, crate::remote::Failure>, RemoteError> {
        let key = HeaderName::from_static("x-api-key");
        let with = |token: &Token| call().bearer(&token.value).secret_header(key.clone(), &self.credentials.api_key);
        let token = self.token().await?;
        match self.http.send(with(&token)).await {
            Ok(answer) if answer.status == 401 => {
                self.token.forget(token.until).await;
                let token = self.token().await?;
                Ok(self.http.send(with(&token)).await)
            }
            other => Ok(other),
        }
    }

    async fn read(&self, url: &Url) -> Result<Value, RemoteError> {
        let answer = self.call(|| Call::new(Method::GET, url.clone(), self.limits)).await?;
        let answer = answer.map_err(crate::remote::Failure::of_read)?;
        if answer.is_success() { answer.parse() } else { Err(self.refusal_of_read(&answer)) }
    }

    fn refusal_of_read(&self, answer: &Answer) -> RemoteError {
        let trouble: Trouble = serde_json::from_slice(&answer.body).unwrap_or_default();
        answer.refusal_of_read(self.clock.now(), &trouble.request())
    }

    fn refusal_of_order(&self, answer: &Answer) -> RemoteError {
        let trouble: Trouble = serde_json::from_slice(&answer.body).unwrap_or_default();
        match answer.refusal_of_write(self.clock.now(), &trouble.request()) {
            // The vendor says itself that the same request may work later.
            RemoteError::Rejected(why) if trouble.recoverable == Some(true) => RemoteError::Unavailable(why),
            error => error,
        }
    }
}

#[async_trait]
impl AssessmentClient for PymetricsClient {
    fn capabilities(&self) -> Capabilities {
        Capabilities { idempotent_send: true, calls_back: false, public_report: false }
    }

    async fn tests(&self) -> Result<Vec<Test>, RemoteError> {
        wire::tests(&self.read(&self.url(&["assessments"])?).await?).map_err(RemoteError::Unreadable)
    }

    async fn take_turn(&self) -> Result<(), RemoteError> {
        self.sends.wait().await
    }

    async fn invite(&self, invitation: &Invitation) -> Result<String, RemoteError> {
        let url = self.url(&["orders"])?;
        let order = NewOrder::new(invitation, self.send_email);
        let answer = self.call(|| Call::new(Method::POST, url.clone(), self.limits).json(&order).once()).await?;
        let answer = answer.map_err(crate::remote::Failure::of_write)?;
        if !answer.is_success() {
            let error = self.refusal_of_order(&answer);
            if let RemoteError::RateLimited { retry_after } = &error {
                self.sends.hold_back(*retry_after).await;
            }
            return Err(error);
        }
        let id = wire::order_id(&answer.parse().unwrap_or_default());
        id.ok_or_else(|| RemoteError::Unknown(format!("answered {} without the order's id", answer.status)))
    }

    async fn status(&self, vendor_ref: &str) -> Result<Status, RemoteError> {
        let mut url = self.url(&["orders", vendor_ref])?;
        let status = wire::status(&self.read(&url).await?).map_err(RemoteError::Unreadable)?;
        if status.state != OrderState::Completed || status.report_url.is_some() {
            return Ok(status);
        }
        // Asking with `report` makes the vendor write it. The result is worth telling without it.
        url.query_pairs_mut().append_pair("report", "true");
        let again = self.read(&url).await.ok().and_then(|order| wire::status(&order).ok());
        Ok(again.filter(|a| a.state == OrderState::Completed).unwrap_or(status))
    }
}

#[cfg(test)]
mod tests;
