//! The one way out to Lever and to vendors: time limits, size limits, no redirects, no proxy from the environment, no
//! private addresses, and failures told apart by whether the request may have had an effect.

mod answer;
mod budget;
mod guard;
#[cfg(test)]
pub(crate) mod testing;

use std::error::Error as _;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use reqwest::{Client, redirect};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;

pub use answer::{Answer, safe_code};
pub use budget::{Budget, pause};
pub use guard::check_url;
pub use reqwest::header::HeaderName;
pub use reqwest::{Method, Url};

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(3);

/// Connections kept for the next calls to one host: as many as there are jobs at the same time, or each burst connects anew.
const KEPT: usize = crate::jobs::CONCURRENCY;

/// What a call may take, in time and in bytes of its answer.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// From the first byte out to the last byte in.
    pub total: Duration,
    /// Size of the answer's body.
    pub body: usize,
}

impl Limits {
    /// A page of Lever's: up to a hundred opportunities with all they hold.
    pub const LEVER: Self = Self { total: Duration::from_secs(20), body: 16 << 20 };
    /// A vendor's answer.
    pub const VENDOR: Self = Self { total: Duration::from_secs(10), body: 1 << 20 };
}

/// HTTP for calls to remotes. Made once, cheap to clone.
#[derive(Clone, Debug)]
pub struct Http {
    pooled: Client,
    fresh: Client,
    allow_private: bool,
}

impl Http {
    /// `allow_private` lets addresses be `http` or private: for sandboxes, tests and remotes inside one's own network.
    ///
    /// # Errors
    /// A sentence, if this machine has no certificates to trust.
    pub fn new(allow_private: bool) -> Result<Self, String> {
        // A second instance finds it installed; that is what is wanted.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // A kept connection that the other side is just closing makes a call fail after it was written. A call that must
        // not be repeated starts with a connection of its own.
        Ok(Self { pooled: client(allow_private, KEPT)?, fresh: client(allow_private, 0)?, allow_private })
    }

    /// Whether addresses may be `http` or private.
    pub const fn allows_private(&self) -> bool {
        self.allow_private
    }

    /// Makes the call, once. Every status is an answer.
    ///
    /// # Errors
    /// Says whether the call may have happened.
    pub async fn send(&self, call: Call) -> Result<Answer, Failure> {
        check_url(call.url.as_str(), self.allow_private).map_err(|why| Failure::not_done(&call.url, &why))?;
        let client = if call.once { &self.fresh } else { &self.pooled };
        let mut request = client.request(call.method, call.url.clone()).timeout(call.limits.total);
        for (name, value) in call.headers {
            request = request.header(name, value);
        }
        if let Some(body) = call.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body);
        }
        let mut response = request.send().await.map_err(|e| Failure::of(&call.url, &e, call.limits))?;
        let status = response.status().as_u16();
        let retry_after = response.headers().get(RETRY_AFTER).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let body = match read(&mut response, &call.url, call.limits).await {
            Ok(body) => body,
            // A refusal stays one, even if its text is cut off.
            Err(_) if status >= 400 => Vec::new(),
            Err(failure) => return Err(failure),
        };
        Ok(Answer { status, retry_after, body })
    }
}

async fn read(response: &mut reqwest::Response, url: &Url, limits: Limits) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|e| Failure::of(url, &e, limits))? {
        if body.len() + chunk.len() > limits.body {
            let why = format!("the answer is larger than {} bytes", limits.body);
            return Err(Failure { kind: Kind::TooLarge, ..Failure::not_done(url, &why) });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[expect(clippy::disallowed_methods, reason = "the one home of HTTP clients")]
fn client(allow_private: bool, idle: usize) -> Result<Client, String> {
    let builder = Client::builder()
        .user_agent(concat!("assay/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy()
        .connect_timeout(CONNECT)
        .pool_max_idle_per_host(idle)
        .pool_idle_timeout(Duration::from_secs(30));
    let builder = if allow_private { builder } else { builder.dns_resolver(Arc::new(guard::PublicOnly)) };
    builder.build().map_err(|e| {
        let why = e.source().map_or_else(|| e.to_string(), ToString::to_string);
        format!("HTTPS cannot be used: {why}; install the system's CA certificates")
    })
}

/// One call.
#[derive(Debug)]
pub struct Call {
    method: Method,
    url: Url,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Option<Vec<u8>>,
    limits: Limits,
    once: bool,
}

impl Call {
    /// A call without body.
    pub const fn new(method: Method, url: Url, limits: Limits) -> Self {
        Self { method, url, headers: Vec::new(), body: None, limits, once: false }
    }

    /// HTTP Basic with `key` as the user and an empty password, as Lever and the Greenhouse contract have it.
    #[must_use]
    pub fn key(self, key: &SecretString) -> Self {
        let value = format!("Basic {}", BASE64_STANDARD.encode(format!("{}:", key.expose_secret())));
        self.secret_header(AUTHORIZATION, &SecretString::from(value))
    }

    /// An OAuth token.
    #[must_use]
    pub fn bearer(self, token: &SecretString) -> Self {
        self.secret_header(AUTHORIZATION, &SecretString::from(format!("Bearer {}", token.expose_secret())))
    }

    /// A header that is not shown by `Debug`. A value that no header can carry is left out; the remote then says that the
    /// credential is missing.
    #[must_use]
    pub fn secret_header(mut self, name: HeaderName, value: &SecretString) -> Self {
        if let Ok(mut value) = HeaderValue::from_str(value.expose_secret()) {
            value.set_sensitive(true);
            self.headers.push((name, value));
        }
        self
    }

    /// A JSON body.
    #[must_use]
    pub fn json(mut self, body: &impl Serialize) -> Self {
        self.body = Some(serde_json::to_vec(body).expect("wire types have string keys and cannot fail"));
        self
    }

    /// The call may have an effect and must not happen twice: it gets a connection of its own.
    #[must_use]
    pub const fn once(mut self) -> Self {
        self.once = true;
        self
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    NotDone,
    Broken,
    TooLarge,
}

/// A call that got no answer. Its words name the host only: paths and queries may carry personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    kind: Kind,
    why: String,
}

impl Failure {
    fn not_done(url: &Url, why: &str) -> Self {
        Self { kind: Kind::NotDone, why: format!("{}: {why}", url.host_str().unwrap_or("no host")) }
    }

    /// Everything up to the connection, TLS included, is provably not done; after that the request may have been read.
    fn of(url: &Url, error: &reqwest::Error, limits: Limits) -> Self {
        let provable = error.is_connect() || error.is_dns() || error.is_builder();
        let kind = if provable { Kind::NotDone } else { Kind::Broken };
        Self { kind, ..Self::not_done(url, &words(error, provable, limits)) }
    }

    /// The request provably had no effect.
    pub fn is_not_done(&self) -> bool {
        self.kind == Kind::NotDone
    }

    /// For a call that changes nothing: trying again is harmless.
    pub fn of_read(self) -> domain::RemoteError {
        match self.kind {
            Kind::NotDone | Kind::Broken => domain::RemoteError::Unavailable(self.why),
            Kind::TooLarge => domain::RemoteError::Unreadable(self.why),
        }
    }

    /// For a call with an effect: unless it is provably not done, it may have happened.
    pub fn of_write(self) -> domain::RemoteError {
        match self.kind {
            Kind::NotDone => domain::RemoteError::Unavailable(self.why),
            Kind::Broken | Kind::TooLarge => domain::RemoteError::Unknown(self.why),
        }
    }
}

/// Our own words for an error, so that nothing of the request can slip into them.
fn words(error: &reqwest::Error, provable: bool, limits: Limits) -> String {
    let mut cause = error.source();
    while let Some(e) = cause {
        if let Some(refused) = e.downcast_ref::<guard::Refused>() {
            return refused.to_string();
        }
        if let Some(tls) = e.downcast_ref::<rustls::Error>() {
            return format!("TLS: {tls}");
        }
        let io = e.downcast_ref::<io::Error>();
        if io.is_some_and(|io| io.kind() == io::ErrorKind::ConnectionRefused) {
            return "connection refused".to_owned();
        }
        // An io::Error made from another error does not name it as its source.
        cause = match io.and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => e.source(),
        };
    }
    match (error.is_dns(), error.is_timeout(), provable) {
        (true, ..) => "the name could not be resolved".to_owned(),
        (_, true, true) => format!("no connection within {} s", CONNECT.as_secs()),
        (_, true, false) => format!("no complete answer within {:.1} s", limits.total.as_secs_f64()),
        (_, _, true) => "no connection".to_owned(),
        _ => "the connection broke off".to_owned(),
    }
}

#[cfg(test)]
mod tests;
